"""A delimited text → its records, and the heading among them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from auditor.errors import CannotRead
from auditor.read.heading_row import DELIMITER_SIGNS, TITLE_ROWS, Heading, delimiter_of, find_heading, quotes_in_order
from auditor.read.instructions import Instructions
from auditor.wording import Say

LARGEST_CELL = 1_000_000


def lines_of(text: str) -> list[str]:
    """The lines with their ends, which are LF, CRLF or CR, and nothing else that Unicode knows."""
    return list(io.StringIO(text, newline=""))


def records(lines: Sequence[str], delimiter: str, name: str, say: Say) -> Iterator[tuple[list[str], bool]]:
    """The records of a text, each with whether its quotes are in order. A quote that never closes stops the reading."""
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=False)
    before = 0
    row = 0
    while True:
        row += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CannotRead(say("read.cell_too_long", where=name, row=row, error=error, most=f"{LARGEST_CELL:,}")) from error
        raw = "".join(lines[before : reader.line_num])
        before = reader.line_num
        if raw.count('"') % 2 and reader.line_num >= len(lines) and _never_closed(raw, delimiter):
            raise CannotRead(say("read.quote_never_closed", where=name, row=row))
        yield record, '"' not in raw or quotes_in_order(raw, delimiter)


def _never_closed(raw: str, delimiter: str) -> bool:
    return re.search(rf'(?:^|{re.escape(delimiter)})"(?:[^"]|"")*$', raw) is not None


def heading_of(lines: Sequence[str], name: str, instructions: Instructions, table: str | None) -> tuple[str, Heading] | None:
    """The delimiter and the heading. A title above it may have other marks in it than the table.

    None where there is no table of ours; raises CannotRead as `find_heading` does.
    """
    top = max(TITLE_ROWS, instructions.stated.heading_row or 0) + 1  # the last of them may go on in the next
    likely = instructions.stated.delimiter or delimiter_of(lines[0])
    refused: CannotRead | None = None
    for delimiter in [likely] if instructions.stated.delimiter else [likely, *(mark for mark in DELIMITER_SIGNS if mark != likely)]:
        try:
            found = find_heading(
                [record for record, _ in islice(records(lines, delimiter, name, instructions.say), top)], name, instructions, table
            )
        except CannotRead as error:
            refused = refused or error
            continue
        if found is not None:
            return delimiter, found
    if refused is not None:
        raise refused
    return None
