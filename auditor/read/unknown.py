"""A sheet or file whose headings are of no table of ours, and whose rows look like lines of a report all the same: whoever sent it believes
that it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.amounts import SPACES
from auditor.read.looks import DAY, SHORT_DAY

_DAY = re.compile(rf"(?:{DAY}|{SHORT_DAY})(?:[ T][0-9:.]+)?")
_AMOUNT = re.compile(rf"[0-9][0-9{SPACES}]*(?:[.,][0-9]{{1,2}})?\s*(?:[^\W\d]{{1,5}}\.?|₸)?")
# An amount has so many digits, and an id, an account or a telephone number has more.
_LEAST, _MOST = 3, 10
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """Where it is, and the first row that looks like a line."""

    file: str
    sheet: str | None
    row: int


def unknown_table(file: str, sheet: str | None, rows: Iterable[Sequence[str | None]]) -> UnknownTable | None:
    """The table that these rows seem to be; None where none of them has a day and, in another cell, an amount."""
    found = (number for number, row in enumerate(rows, start=1) if _is_like_a_line([cell.strip() for cell in row if cell]))
    first = next(found, None)
    return UnknownTable(file, sheet, first) if first is not None else None


def _is_like_a_line(cells: Sequence[str]) -> bool:
    short = [cell for cell in cells if len(cell) <= _LONGEST]
    return any(map(_DAY.fullmatch, short)) and any(map(_is_amount, short))


def _is_amount(cell: str) -> bool:
    if _AMOUNT.fullmatch(cell) is None or _DAY.fullmatch(cell) is not None:
        return False
    return _LEAST <= sum(letter.isdigit() for letter in cell.replace(",", ".").partition(".")[0]) <= _MOST
