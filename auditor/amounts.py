"""How an amount is written in a filing (filing-format.md): digits, perhaps in groups of three, and one or two decimals."""

from __future__ import annotations

from collections.abc import Mapping

SPACES = " \u00a0\u2009\u202f"
"""What parts groups of three, whatever the decimal mark is."""
GROUPS: Mapping[str | None, str] = {None: SPACES, ".": SPACES + ",'’", ",": SPACES + ".'’"}
"""The same where the decimal mark is stated; without a stated one neither mark may part groups."""
MOST_DIGITS = 26
"""Before the decimals: sums of ten million such amounts still fit 38 digits exactly."""


def amount_pattern(mark: str | None = None) -> str:
    """A regular expression for an amount that is not less than nothing, with the decimal mark that was stated."""
    whole = rf"(?:[0-9]{{1,{MOST_DIGITS}}}|[0-9]{{1,3}}(?:[{GROUPS[mark]}][0-9]{{3}}){{1,8}})"
    return rf"{whole}(?:[{mark or '.,'}][0-9]{{1,2}})?"
