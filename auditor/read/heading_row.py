"""Where the heading of a table is, and how its line is cut into cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from auditor.errors import CannotRead
from auditor.read.headings import Matched, known_names, lacks_columns, match, missing, table_of_heading
from auditor.read.instructions import NO_HEADING, Instructions

DELIMITERS = ",;\t"
TITLE_ROWS = 40


def delimiter_of(heading: str) -> str:
    """Comma, semicolon or tab: the one that the heading has most of."""
    return max(DELIMITERS, key=lambda d: (heading.count(d), -DELIMITERS.index(d)))


def _well_formed(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    cell = rf'(?:"(?:[^"]|"")*"|[^"{mark}\r\n][^{mark}\r\n]*|)'
    return re.compile(rf"{cell}(?:{mark}{cell})*(?:\r\n|\r|\n)?")


def quotes_in_order(raw: str, delimiter: str) -> bool:
    """Whether every quotation mark of a record opens or closes a cell, or is doubled inside one."""
    return _well_formed(delimiter).fullmatch(raw) is not None


def find_heading(rows: Iterable[Sequence[str]], where: str, asked: Instructions, table: str | None) -> tuple[int, Matched] | None:
    """The first row that has all required columns of a table, counted from 1, or the row that was stated. Rows above it are titles.

    None where there is no table of ours. Raises CannotRead, complaining of the row that comes nearest, where a table was expected
    or half of one is there.
    """
    if asked.stated.heading_row is not None:
        return _stated(rows, where, asked, table)
    closest: tuple[int, int, Sequence[str], Matched] | None = None
    twice: CannotRead | None = None
    first: tuple[int, Sequence[str]] | None = None
    for at, texts in zip(range(1, TITLE_ROWS + 1), rows, strict=False):
        filled = sum(bool(text.strip()) for text in texts)
        if first is None and filled:
            first = at, texts
        if filled < 2 and len(texts) > 1:
            continue  # a title, not a heading
        kind = table_of_heading(texts, asked, where, table)
        if kind is None:
            continue
        try:
            matched = match(kind, texts, asked, where, at)
        except CannotRead as error:
            if first == (at, texts) or known_names(kind, texts, asked) >= 2:  # a record may well have a value twice
                twice = twice or error
            continue
        if not missing(matched):
            return at, matched
        if len(matched.positions) >= 2 and (closest is None or len(matched.positions) > closest[0]):
            closest = (len(matched.positions), at, texts, matched)
    if twice is not None:
        raise twice
    if closest is not None:
        _, at, shown, best = closest
        raise lacks_columns(where, best, shown, asked, at)
    if table is not None:
        at, shown = first or (1, ())
        if not shown:
            raise CannotRead(asked.say("read.no_heading", where=where))
        best = match(table, shown, asked, where, at)
        raise lacks_columns(where, best, shown, asked, at)
    return None


def _stated(rows: Iterable[Sequence[str]], where: str, asked: Instructions, table: str | None) -> tuple[int, Matched] | None:
    wanted = asked.stated.heading_row
    if wanted == NO_HEADING:
        width = max((len(cells) for _, cells in zip(range(TITLE_ROWS), rows, strict=False)), default=0)
        if table is None or asked.stated.mapping is None:
            raise CannotRead(asked.say("read.no_heading_needs_mapping", where=where))
        matched = match(table, [""] * width, asked, where, 1)
        cells: Sequence[str] = ()
        at = 0
    else:
        at, cells = next(((at, cells) for at, cells in enumerate(rows, start=1) if at == wanted), (0, ()))
        if not at:
            raise CannotRead(asked.say("read.no_such_row", where=where, row=wanted))
        kind = table_of_heading(cells, asked, where, table)
        if kind is None:
            return None
        matched = match(kind, cells, asked, where, at)
    if missing(matched):
        raise lacks_columns(where, matched, cells, asked, at or 1)
    return at, matched
