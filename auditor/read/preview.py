"""The first rows of any file as they stand, before it is known what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from auditor.errors import CannotRead
from auditor.read import exchange_letters, parquet_ndjson, workbook
from auditor.read.cells import lines_of
from auditor.read.cells import records as cut
from auditor.read.formats import ARCHIVE, held
from auditor.read.heading_row import DELIMITER_SIGNS, TITLE_ROWS
from auditor.read.instructions import Instructions
from auditor.read.letters import decoded, encoding_of

MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Preview:
    """`rows` are the cells of the first rows, the first of them row 1; what was assumed to cut them is None where nothing was."""

    rows: Sequence[Sequence[str]]
    encoding: str | None = None
    sure: bool = True
    delimiter: str | None = None
    sheet: str | None = None


def preview(path: Path, name: str, instructions: Instructions) -> Preview:
    """The first rows of a text file, of the fullest sheet of a workbook, or of a table in Parquet or NDJSON. Raises CannotRead, also for
    what needs no mapping (a bank's exchange file) or is not one table (an archive)."""
    suffix = path.suffix.lower()
    data = held(path, name, instructions.say)
    if not data:
        raise CannotRead(instructions.say("read.empty", where=name))
    if suffix == ARCHIVE or exchange_letters.is_exchange(data):
        raise CannotRead(instructions.say("map.archive" if suffix == ARCHIVE else "map.exchange", where=name))
    if suffix in workbook.SUFFIXES:
        sheet, cells = workbook.fullest(data, name, instructions)
        return Preview(_texts(cells), sheet=sheet)
    if suffix in (".parquet", ".ndjson", ".jsonl"):
        frame = (parquet_ndjson.cells_of_parquet if suffix == ".parquet" else parquet_ndjson.cells_of_ndjson)(data, name, instructions)
        return Preview([frame.columns, *_texts(frame)])
    encoding, sure = (instructions.stated.encoding, True)
    if encoding is None:
        encoding, sure = encoding_of(data[:65536], path, data, name, instructions.say, streamed=False)
    lines = lines_of(decoded(data, encoding, name, instructions.say))
    delimiter = instructions.stated.delimiter or _delimiter(lines, name, instructions)
    rows = [record for record, _ in islice(cut(lines, delimiter, name, instructions.say), MOST_ROWS)]
    return Preview(rows, encoding, sure, delimiter)


def _delimiter(lines: Sequence[str], name: str, instructions: Instructions) -> str:
    """The mark that cuts most rows into the same number of cells, and that number into the most."""

    def regular(mark: str) -> tuple[int, int]:
        widths = Counter(len(record) for record, _ in islice(cut(lines, mark, name, instructions.say), TITLE_ROWS) if any(record))
        width, rows = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
        return (rows if width > 1 else 0, width)

    return max(DELIMITER_SIGNS, key=regular)


def _texts(cells: pl.DataFrame) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in cells.head(MOST_ROWS).iter_rows()]
