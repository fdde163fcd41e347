"""The first line of a delimited text: its delimiter, its quotes, and which table it is the heading of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.errors import CannotRead
from auditor.read.headings import Headings, LacksColumns, Matched, match, missing, missing_sentence, recognise

DELIMITERS = ",;\t"


def delimiter_of(heading: str) -> str:
    """Comma, semicolon or tab: the one that the heading has most of."""
    return max(DELIMITERS, key=lambda d: (heading.count(d), -DELIMITERS.index(d)))


def _well_formed(delimiter: str) -> re.Pattern[str]:
    cell = rf'(?:"(?:[^"]|"")*"|[^"{delimiter}\r\n][^{delimiter}\r\n]*|)'
    return re.compile(rf"{cell}(?:{delimiter}{cell})*(?:\r\n|\r|\n)?")


def quotes_in_order(raw: str, delimiter: str) -> bool:
    """Whether every quotation mark of a record opens or closes a cell, or is doubled inside one."""
    return _well_formed(delimiter).fullmatch(raw) is not None


def matched_heading(heading: Sequence[str], headings: Headings, table: str | None, name: str) -> Matched | None:
    """The columns of a heading; None where it is of no table of ours. Raises CannotRead where it lacks a required one."""
    if not any(cell.strip() for cell in heading):
        raise CannotRead(f"{name}, row 1: there is no heading.")
    table = table or recognise(heading, headings, name)
    if table is None:
        return None
    matched = match(table, heading, headings, name)
    if lacking := missing(matched):
        raise LacksColumns(table, lacking, missing_sentence(name, matched, lacking, heading, headings))
    return matched
