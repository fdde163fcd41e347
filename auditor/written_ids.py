"""Where in a text the twelve digits of an id may stand, however they are written: in halves, in groups, one by one, or with something
unseen between them."""

from __future__ import annotations

import re
from collections.abc import Callable

ID_DIGITS = 12
UNSEEN = "\N{REPLACEMENT CHARACTER}"
"""What stands for a letter that nobody sees."""

# What somebody puts between groups: signs of print, or any amount of white space, of which a page shows one. Digits are those of any
# script: what a person reads as an id is one.
_GAP = r"(?:\s{1,99}|[\W_]{1,8})"
_NO_DECIMALS = r"(?![.,]\d)"
_HALVES = re.compile(rf"(?<!\d)\d{{6}}(?P<gap>{_GAP})\d{{6}}(?!\d)")
_UNSEEN_BETWEEN = re.compile(rf"(?<!\d)\d(?:{UNSEEN}*\d){{{ID_DIGITS - 1}}}(?!\d)")


def _in_groups(*sizes: int, end: str = "") -> re.Pattern[str]:
    """Groups of so many digits with one and the same gap between them, and no further group behind: "23.02.18 100000" is a day and an
    amount."""
    first, second, *others = (rf"\d{{{size}}}" for size in sizes)
    rest = "".join(rf"(?P=gap){group}" for group in others)
    return re.compile(rf"(?<!\d){first}(?P<gap>{_GAP}){second}{rest}(?!\d|(?P=gap)\d{{{sizes[-1]}}}(?!\d)){end}")


def _in_even_groups(size: int, end: str = "") -> re.Pattern[str]:
    """Groups of one size with any one sign between two of them, and no further such group behind: those are an amount or a list."""
    group = rf"\d{{{size}}}"
    return re.compile(rf"(?<!\d){group}(?:[\W_]{group}){{{ID_DIGITS // size - 1}}}(?!\d|[\W_]{group}(?!\d)){end}")


# Of these only what begins with a day of birth is an id; amounts, days and lists of numbers are written so too.
_GROUPS = (
    _in_even_groups(1),
    _in_groups(*[1] * 12),
    _in_groups(*[2] * 6),
    _in_even_groups(3, _NO_DECIMALS),
    _in_groups(3, 3, 3, 3, end=_NO_DECIMALS),
    _in_even_groups(4),
    _in_groups(4, 4, 4),
    _in_groups(2, 2, 2, 6),
    _in_groups(2, 2, 2, 3, 3, end=_NO_DECIMALS),
    _in_groups(6, 3, 3, end=_NO_DECIMALS),
)


def replaced(text: str, hidden: Callable[[str, str | None], str | None]) -> str:
    """The text with `hidden(digits, gap)` in place of twelve digits that are not written as one number; as it was where that is None.
    `gap` is what stands between two halves, "" for what nobody sees, None for groups."""
    if sum(map(str.isdecimal, text)) < ID_DIGITS:
        return text
    if UNSEEN in text:
        text = _each(_UNSEEN_BETWEEN, text, lambda found: hidden(_digits(found), ""))
    for groups in _GROUPS:
        text = _each(groups, text, lambda found: hidden(_digits(found), None))
    return _each(_HALVES, text, lambda found: hidden(_digits(found), found["gap"]))


def _digits(found: re.Match[str]) -> str:
    return "".join(filter(str.isdecimal, found.group()))


def _each(pattern: re.Pattern[str], text: str, said: Callable[[re.Match[str]], str | None]) -> str:
    """The text with what is `said` of each match; where that is nothing, another match may begin inside it."""
    parts, at, begin = [], 0, 0
    while (found := pattern.search(text, begin)) is not None:
        instead = said(found)
        if instead is None:
            begin = found.start() + 1
            continue
        parts += [text[at : found.start()], instead]
        at = begin = found.end()
    return "".join((*parts, text[at:]))
