"""Text files whose ending does not say that they are tables: some are, and then they are read like any other."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from auditor.errors import CannotRead
from auditor.read.cells import lines_of
from auditor.read.heading_row import TITLE_ROWS, delimiter_of, find_heading
from auditor.read.instructions import Instructions, Stated
from auditor.read.letters import CODE_PAGES

SUFFIXES = (".txt", ".tab", ".prn", ".dat", ".asc", ".log", ".text", "")
"""What programs call a table that they save as text, and what people leave of a name."""
_LOOKED_AT = 1 << 16


def is_table_file(path: Path, asked: Instructions) -> bool:
    """The same of a file on disk; one that cannot be opened is none."""
    try:
        with path.open("rb") as file:
            return is_table(file.read(_LOOKED_AT), asked)
    except OSError:
        return False


def is_table(data: bytes, asked: Instructions) -> bool:
    """Whether the first rows of a text have the heading of one of our tables, with all that it must have."""
    return any(_has_heading(text, replace(asked, stated=Stated())) for text in _readings(data[:_LOOKED_AT]))


def _has_heading(text: str, asked: Instructions) -> bool:
    rows = (record for line in islice(lines_of(text), TITLE_ROWS) for record in _records(line))
    try:
        return find_heading(rows, "", asked, None) is not None
    except CannotRead:
        return False


def _records(line: str) -> list[list[str]]:
    try:
        return list(csv.reader([line], delimiter=delimiter_of(line)))
    except csv.Error:  # a letter that no record has, or a cell without end
        return []


def _readings(head: bytes) -> Iterator[str]:
    """The beginning of a file in the letters that it may be written in; nothing for what is no text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    elif b"\0" not in head:
        whole = head[: head.rfind(b"\n") + 1] or head  # the last line may be cut within a letter
        for encoding in ("utf-8-sig", *CODE_PAGES):
            with suppress(UnicodeDecodeError):
                yield whole.decode(encoding)
