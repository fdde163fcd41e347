"""Text files whose ending does not say that they are tables: some are, and then they are read like any other."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from auditor.errors import CannotRead
from auditor.read.cells import lines_of
from auditor.read.heading_row import DELIMITER_SIGNS, TITLE_ROWS, delimiter_of, find_heading
from auditor.read.headings import known_names
from auditor.read.instructions import Instructions, Stated
from auditor.read.letters import CODE_PAGES
from auditor.tables import TABLES

SUFFIXES = (".txt", ".tab", ".prn", ".dat", ".asc", ".log", ".text", "")
"""What programs call a table that they save as text, and what people leave of a name."""
_LOOKED_AT = 1 << 16
# No table of ours has a fifth as many columns, and none fewer required ones: any other line is no heading, which is told at once.
_MOST_CELLS, _FEWEST_NAMES = 200, 3
_LOOKED_BELOW = 5


def is_table_file(path: Path, instructions: Instructions) -> bool:
    """The same of a file on disk; one that cannot be opened is none."""
    try:
        with path.open("rb") as file:
            return is_table(file.read(_LOOKED_AT), instructions)
    except OSError:
        return False


def is_table(data: bytes, instructions: Instructions) -> bool:
    """Whether the first rows of a text have the heading of one of our tables, with all that it must have, and a record below: a text that
    only names the columns is none."""
    plain = replace(instructions, stated=Stated())
    return any(_has_table(lines_of(text), plain) for text in _readings(data[:_LOOKED_AT]))


def _has_table(lines: Sequence[str], instructions: Instructions) -> bool:
    for at, line in enumerate(islice(lines, TITLE_ROWS)):
        cells = _cells(line)
        if not _FEWEST_NAMES <= len(cells) <= _MOST_CELLS:
            continue
        if max(known_names(table, cells, instructions) for table in TABLES) < _FEWEST_NAMES:
            continue
        with suppress(CannotRead):
            if find_heading([cells], "", instructions, None) is not None:
                below = islice((other for other in lines[at + 1 :] if other.strip()), _LOOKED_BELOW)
                return any(len(_cells(other, delimiter_of(line))) == len(cells) for other in below)
    return False


def _cells(line: str, mark: str | None = None) -> list[str]:
    if not any(sign in line for sign in DELIMITER_SIGNS) or len(line) > _LOOKED_AT // 2:
        return []
    try:
        return next(csv.reader([line], delimiter=mark or delimiter_of(line)), [])
    except csv.Error:  # a letter that no record has, or a cell without end
        return []


def _readings(head: bytes) -> Iterator[str]:
    """The beginning of a file in the letters that it may be written in; nothing for what is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
        return
    if b"\0" in head:
        return
    whole = head[: head.rfind(b"\n") + 1] or head  # the last line may be cut within a letter
    try:
        yield whole.decode("utf-8-sig")
    except UnicodeDecodeError:
        for page in CODE_PAGES:
            with suppress(UnicodeDecodeError):
                yield whole.decode(page)
