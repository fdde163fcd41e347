"""Which of the known words was probably meant by one that is none of them."""

from __future__ import annotations

from collections.abc import Iterable

ALIKE = 0.6
"""How much of two words has to agree, of 1, for one to be offered in the place of the other."""


def closest(word: str, known: Iterable[str], alike: float = ALIKE) -> str | None:
    """The known word that is most like this one, whatever the case of its letters; None where none is enough like it."""
    from difflib import get_close_matches  # most runs need none

    words = {one.casefold(): one for one in reversed([*known])}
    return next((words[near] for near in get_close_matches(word.casefold(), list(words), 1, alike)), None)
