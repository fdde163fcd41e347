"""XLSX, XLS and ODS → the tables of their sheets. Every cell is read as text; formulas and links are never run or followed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import PurePath

import polars as pl

from auditor.errors import CannotRead
from auditor.read.grid import Say, table_of
from auditor.read.headings import Headings
from auditor.read.text import TextTable
from auditor.tables import TABLES

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
MOST_BYTES = 600_000_000  # unpacked; a workbook of a million rows has about 300 MB
MOST_TIMES = 1_000  # how much larger than its file a workbook may unpack to


def read(data: bytes, name: str, headings: Headings, table: str | None, say: Say) -> tuple[list[TextTable], list[str]]:
    """The tables of a workbook, and the sheets that hold none. Raises CannotRead for what is no workbook or unpacks to too much."""
    import fastexcel

    _not_too_large(data, name)
    try:
        book = fastexcel.read_excel(data)
        sheets = book.sheet_names
    except fastexcel.FastExcelError as error:
        raise CannotRead(f"{name}: it cannot be opened as a workbook ({_first_line(error)}); save it again as XLSX.") from error
    sha256 = hashlib.sha256(data).hexdigest()
    found: list[TextTable] = []
    others: list[str] = []
    for sheet in sheets:
        try:
            cells = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_polars()
        except fastexcel.FastExcelError as error:
            raise CannotRead(f"{name}, sheet {sheet}: it cannot be read ({_first_line(error)}).") from error
        cells = cells.with_columns(pl.all().cast(pl.String))
        named = sheet.strip().lower()
        wanted = named if named in TABLES else table if len(sheets) == 1 else None
        one = table_of(cells, name, sheet, sha256, headings, wanted, say, serial_dates=True) if cells.width else None
        if one is not None and (table is None or one.table == table):
            found.append(one)
        else:
            others.append(f"{name}, {sheet}")
    return found, others


def _not_too_large(data: bytes, name: str) -> None:
    """A small file that unpacks to gigabytes is refused before anything is unpacked."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > MOST_BYTES or size > MOST_TIMES * max(len(data), 10_000):
        raise CannotRead(
            f"{name}: it would unpack to {size:,} bytes; a workbook may have {MOST_BYTES:,} and {MOST_TIMES:,} times its size."
        )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__


def is_workbook(name: str) -> bool:
    """Whether a file is a workbook by its name."""
    return PurePath(name).suffix.lower() in SUFFIXES
