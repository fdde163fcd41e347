"""XLSX, XLS and ODS → the tables of their sheets. Every cell is read as text; formulas and links are never run or followed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.parsers import expat

import polars as pl

from auditor.errors import CannotRead, first_line
from auditor.model.input import Assumed, how_known
from auditor.read.archive import BROKEN
from auditor.read.as_shown import as_shown, columns_before, day_zero, ods_sheet, xml_of
from auditor.read.grid import table_of
from auditor.read.headings import LackingTable, LacksColumns
from auditor.read.hidden import Hidden, hidden_in
from auditor.read.instructions import Instructions
from auditor.read.number_formats import signs_of
from auditor.read.ods_xml import CELLS
from auditor.read.panics import Panicked, contained
from auditor.read.stray_cells import stray_cell
from auditor.read.text_table import FileContents, TextTable
from auditor.read.unknown import UnknownTable, unknown_table
from auditor.tables import CHOICES, GUIDES, TABLES
from auditor.wording import Say

if TYPE_CHECKING:
    import fastexcel

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
# XLSX, XLSM and ODS are zip archives, XLS is a compound document.
_WORKBOOKS = _ZIP, _OLE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# What a workbook with a password, and a text document, have in them.
_ENCRYPTED, _DOCUMENT = "EncryptedPackage".encode("utf-16-le"), b"word/document.xml"
_AIDS = {CHOICES, *(guide.lower() for guide in GUIDES.values())}
MOST_BYTES = 600_000_000  # unpacked; a workbook of a million rows has about 300 MB
MOST_TIMES = 1_000  # how much larger than its file a workbook may unpack to
_MOST_CELLS = 100  # filled, for each byte of it: ODS says with a few letters that a row is there a million times


def read(data: bytes, name: str, instructions: Instructions, table: str | None, *, whole: bool = False) -> FileContents:
    """The tables of a workbook (or that one alone), and the sheets that hold none. Where it is wanted `whole`, `table` is no more than
    what its one sheet is taken for. Raises CannotRead for what is no workbook or unpacks to too much."""
    book = _opened(data, name, instructions.say)
    sheets = book.sheet_names
    sha256 = hashlib.sha256(data).hexdigest()
    only = instructions.stated.sheet
    every = table is None or whole
    found: list[TextTable] = []
    others: list[str] = []
    lacking: list[LackingTable] = []
    unknown: list[UnknownTable] = []
    zero, signs = day_zero(data), signs_of(data)
    for sheet in _wanted(book, name, instructions):
        given, visible, hidden = _cells(book, data, sheet, name, instructions.say)
        cells, merged, numbers_known, all_seen = as_shown(given, data, sheet, signs, instructions.stated.forms.decimal_mark)
        named = sheet.strip().lower()
        alone = len(sheets) == 1 or only is not None
        wanted = named if named in TABLES else table if alone else None
        try:
            one = (
                table_of(cells, name, sheet, sha256, instructions, wanted, day_zero=zero, merged=merged, numbers_known=numbers_known)
                if cells.width
                else None
            )
        except LacksColumns as lacks:
            if lacks.lacking.table == "reports":
                raise
            lacking.append(replace(lacks.lacking, file=name, sheet=sheet))
            continue
        if one is not None and (every or one.table == table):
            how = how_known(stated=only is not None, sure=alone or named in TABLES)
            notes = [] if visible else [instructions.say("check.hidden_sheet")]
            if not all_seen:
                notes.append(instructions.say("check.not_as_shown"))
            before = columns_before(data, sheet) if hidden.ranges else 0
            if (hidden_columns := hidden.columns(before, cells.width)) or hidden.rows:
                notes.append(instructions.say("check.hidden_cells", rows=hidden.rows, columns=hidden_columns))
            if only is not None and (unread := [other for other in sheets if other != only and other.strip().lower() not in _AIDS]):
                notes.append(instructions.say("check.other_sheets", sheets=", ".join(unread)))
            found.append(replace(one, assumed=[Assumed("sheet", sheet, how), *one.assumed], notes=[*notes, *one.notes]))
        elif named not in _AIDS:
            others.append(f"{name}, {sheet}")
            if one is None and (seems := unknown_table(name, sheet, cells.iter_rows())) is not None:
                unknown.append(seems)
    filled = [one for one in found if not every or not _is_left_empty(one, found)]
    empty = [one for one in found if not any(one is kept for kept in filled)]
    return FileContents(filled, others, lacking, unknown, empty)


def _is_left_empty(one: TextTable, found: Sequence[TextTable]) -> bool:
    """Whether a sheet of a form was not filled in, beside others that were. It is a problem; but nobody says with it that there are no
    candidates or prices, so the table is missing."""
    return one.table != "reports" and one.rows == 0 and any(other.rows for other in found)


def fullest(data: bytes, name: str, instructions: Instructions) -> tuple[str, pl.DataFrame]:
    """The stated sheet, or that with the most filled cells, and its cells."""
    book = _opened(data, name, instructions.say)
    sheets = [(sheet, _cells(book, data, sheet, name, instructions.say)[0]) for sheet in _wanted(book, name, instructions)]
    return max(sheets, key=lambda pair: sum(pair[1].select(pl.all().count()).row(0)) if pair[1].width else 0)


def _wanted(book: fastexcel.ExcelReader, name: str, instructions: Instructions) -> list[str]:
    only = instructions.stated.sheet
    if only is not None and only not in book.sheet_names:
        raise CannotRead(instructions.say("read.sheet_missing", where=name, sheet=only, found=", ".join(book.sheet_names)))
    return book.sheet_names if only is None else [only]


def _opened(data: bytes, name: str, say: Say) -> fastexcel.ExcelReader:
    import fastexcel

    if not data:
        raise CannotRead(say("read.empty", where=name))
    if not data.startswith(_WORKBOOKS):
        raise CannotRead(say("read.not_a_workbook", where=name))
    _not_too_large(data, name, say)
    _not_cut_off(data, name, say)
    try:
        with contained():
            return fastexcel.read_excel(data)
    except (fastexcel.FastExcelError, Panicked) as error:
        if data.startswith(_OLE) and _ENCRYPTED in data:
            raise CannotRead(say("read.protected", where=name)) from error
        if data.startswith(_ZIP) and _DOCUMENT in data:
            raise CannotRead(say("read.document", where=name)) from error
        raise CannotRead(say("read.no_workbook", where=name, error=first_line(error))) from error


def _cells(book: fastexcel.ExcelReader, data: bytes, sheet: str, name: str, say: Say) -> tuple[pl.DataFrame, bool, Hidden]:
    """The cells of a sheet as text, whether people see the sheet, and how many of its rows and columns they do not see."""
    import fastexcel

    # The sheet is unpacked here and again for what is shown: held meanwhile, it would add its size to what calamine needs.
    xml = xml_of(data, sheet)
    stray, hidden = stray_cell(xml), hidden_in(xml)
    if not xml and (ods := ods_sheet(data, sheet)) is not None:
        hidden = ods.hidden
    del xml
    if stray is not None:
        raise CannotRead(say("read.stray_cell", where=say("read.where_sheet", file=name, sheet=sheet), cell=stray))
    try:
        with contained():
            loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
            cells = loaded.to_polars()
    except (fastexcel.FastExcelError, Panicked) as error:
        raise CannotRead(say("read.no_sheet", where=name, sheet=sheet, error=first_line(error))) from error
    if (n := sum(cells.select(pl.all().count()).row(0)) if cells.width else 0) > (most := _MOST_CELLS * len(data)):
        raise CannotRead(
            say("read.too_many_cells", where=say("read.where_sheet", file=name, sheet=sheet), cells=f"{n:,}", most=f"{most:,}")
        )
    return cells.with_columns(pl.all().cast(pl.String)), loaded.visible == "visible", hidden


def _not_too_large(data: bytes, name: str, say: Say) -> None:
    """A small file that unpacks to gigabytes is refused before anything is unpacked."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except BROKEN as error:
        raise CannotRead(say("read.no_workbook", where=name, error=first_line(error))) from error
    if size > MOST_BYTES or size > MOST_TIMES * max(len(data), 10_000):
        raise CannotRead(say("read.workbook_size", where=name, size=f"{size:,}", most=f"{MOST_BYTES:,}", times=f"{MOST_TIMES:,}"))


def _not_cut_off(data: bytes, name: str, say: Say) -> None:
    """The cells of an ODS have to be whole XML: calamine looks for the end of a table for ever where there is none (fastexcel 0.21)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(CELLS) as cells:
            expat.ParserCreate().ParseFile(cells)
    except (KeyError, zipfile.BadZipFile):
        return  # XLSX has no such part, and XLS is no archive
    except (*BROKEN, expat.ExpatError) as error:
        raise CannotRead(say("read.no_workbook", where=name, error=first_line(error))) from error
