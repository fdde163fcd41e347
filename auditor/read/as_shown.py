"""What calamine does not tell of an XLSX or ODS sheet, and people see: the errors of formulas (#N/A, #REF!), which it leaves empty,
numbers shown in per cent or in another currency, of which it gives the bare number, and cells that reach over several rows. All are read as
they are shown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from xml.parsers import expat

import polars as pl

from auditor.read.archive import BROKEN
from auditor.read.choices import Mark
from auditor.read.number_formats import PER_CENT
from auditor.read.ods_xml import CELLS, OdsSheet
from auditor.read.sheet_xml import NOWHERE, WORKBOOK, column_of, content_of, parse, part_of, row_of, rows_with, tags
from auditor.read.text_table import NOT_CALCULATED

# The XML of a cell with an error or a formula has one of these in it; below the rows stand the cells that are one over several.
_IN_CELLS, _BELOW = (b't="e"', b"t='e'", b"<f", b":f"), b"mergeCell "
# A value in the first column of the sheet.
_IN_FIRST = re.compile(rb"""<c r="A[0-9]+"[^<>]*>(?:<f[^<>]*/>|<f[^<]*</f>)?<(?:v>[^<]|is><[rt]\b)""")
# The style of a cell, written otherwise than as a plain number between quotation marks.
_ODD_STYLE = re.compile(rb"""\ss(?:\s+=|=\s|=["'](?!(?:0|[1-9][0-9]*)["']))""")
_RANGE = re.compile("([A-Z]+)([0-9]+):[A-Z]+([0-9]+)")
_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")
_NO_WHOLE = re.compile("[.Ee]")
# Empty texts are values too, and calamine's cells may begin with one.
_TEXTS = ("s", "str", "inlineStr")


class SheetAsShown(NamedTuple):
    """The cells of a sheet; by the position of a column the first and last rows (from 0) of its cells that are one over several; whether
    it is known which cells are numbers, as of an XLS it is not; and whether all that people see in it is in the cells."""

    cells: pl.DataFrame
    merged: Mapping[int, Sequence[tuple[int, int]]]
    numbers_known: bool
    all_seen: bool


def as_shown(cells: pl.DataFrame, data: bytes, sheet: str, signs: Mapping[int, str] | None, mark: Mark | None = None) -> SheetAsShown:
    """The cells of a sheet as calamine gave them, its first row being the sheet's first row, with what is shown in their places. `signs`
    are those of the workbook's styles, None where they could not be read. A stated decimal `mark` is that of texts, and is given to
    numbers, which have none."""
    found = _seen(data, sheet, signs or {}, numbers=mark == ",")
    if found is None:
        return SheetAsShown(cells, {}, numbers_known=False, all_seen=False)
    by_column: dict[int, list[tuple[int, str, Callable[[str | None, str], str | None]]]] = {}
    for several, put in ((found.errors, _error), (found.units, _with_unit), (found.texts, _text), (found.numbers, _with_mark)):
        for row, column, text in several:
            by_column.setdefault(column - found.first_column, []).append((row, text, put))
    for position, changes in by_column.items():
        if not 0 <= position < cells.width:
            continue
        values = cells.to_series(position).to_list()
        for row, text, written in changes:
            if row < len(values):
                values[row] = written(values[row], text)
        cells = cells.with_columns(pl.Series(cells.columns[position], values, dtype=pl.String))
    merged: dict[int, list[tuple[int, int]]] = {}
    for column, first, last in found.merged:
        merged.setdefault(column - found.first_column, []).append((first, last))
    return SheetAsShown(cells, merged, numbers_known=True, all_seen=signs is not None)


def xml_of(data: bytes, sheet: str) -> bytes:
    """The XML of an XLSX sheet; nothing of what is none, or of a sheet that only calamine finds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = part_of(archive, sheet)
            return content_of(archive, part) if part is not None else b""
    except (*BROKEN, KeyError, ValueError, expat.ExpatError):
        return b""


def ods_sheet(data: bytes, sheet: str) -> OdsSheet | None:
    """What is seen in a sheet of an ODS; None of what is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return OdsSheet(sheet).read(archive.read(CELLS))
    except (*BROKEN, KeyError, expat.ExpatError):
        return None


def columns_before(data: bytes, sheet: str) -> int:
    """How many columns of a sheet stand before the first one that has any value, for there calamine's cells begin."""
    if (ods := ods_sheet(data, sheet)) is not None:
        return ods.first_column if ods.first_column < NOWHERE else 0
    content = xml_of(data, sheet)
    try:
        first = 0 if _IN_FIRST.search(content) is not None else _Sheet({}).read(content).first_column
    except (ValueError, expat.ExpatError):
        return 0
    return first if first < NOWHERE else 0


def day_zero(data: bytes) -> date:
    """The day from which a workbook counts days: the last but one of 1899, or the first of 1904 where it says so."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told = next((attributes for tag, attributes in tags(content_of(archive, WORKBOOK)) if tag == "workbookPr"), {})
    except (*BROKEN, KeyError, expat.ExpatError):
        told = {}
    return date(1904, 1, 1) if told.get("date1904", "0") in ("1", "true") else date(1899, 12, 30)


def _error(value: str | None, text: str) -> str | None:
    return value or text


def _with_mark(value: str | None, mark: str) -> str | None:
    return value.replace(".", mark) if value and _NUMBER.fullmatch(value) else value


def _text(_: str | None, text: str) -> str | None:
    return text


def _with_unit(value: str | None, sign: str) -> str | None:
    if not value:
        return value
    if sign != PER_CENT:
        return f"{value} {sign}"
    try:
        return f"{(Decimal(value) * 100).normalize():f} {sign}"
    except InvalidOperation:
        return f"{value} {sign}"


@dataclass
class _Sheet:
    """What a pass over a sheet's XML finds: row, column (from 0) and text of the cells with an error, and sign of the numbers whose style
    is one of `signs`; the column, first and last row of cells that are one over several rows; if asked for, the numbers; and the first
    column in which any cell has a value, for there calamine's cells begin. A cell need not say where it is; it then follows the one
    before."""

    signs: Mapping[int, str]
    with_numbers: bool = False
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    units: list[tuple[int, int, str]] = field(default_factory=list)
    texts: list[tuple[int, int, str]] = field(default_factory=list)
    numbers: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    first_column: int = NOWHERE
    row: int = -1
    column: int = -1
    kind: str = "n"
    sign: str | None = None
    has_formula: bool = False
    has_value: bool = False
    value: list[str] | None = None

    def read(self, content: bytes) -> _Sheet:
        """Look through the XML of one sheet."""
        parse(content, self._start, self._end, self._text)
        return self

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif tag == "c":
            if "r" in attributes:
                self.row, self.column = row_of(attributes["r"]), column_of(attributes["r"])
            else:
                self.column += 1
            self.kind = attributes.get("t", "n")
            self.sign = self.signs.get(int(attributes.get("s") or "0")) if self.signs else None
            self.has_formula = self.has_value = False
        elif tag == "f":
            self.has_formula = True
        elif tag in ("v", "t"):
            self.value = []
        elif tag == "mergeCell" and (found := _RANGE.fullmatch(attributes.get("ref", ""))) and found[2] != found[3]:
            self.merged.append((column_of(found[1]), int(found[2]) - 1, int(found[3]) - 1))

    def _text(self, some: str) -> None:
        if self.value is not None:
            self.value.append(some)

    def _end(self, tag: str) -> None:
        if tag in ("v", "t") and (self.value or self.kind in _TEXTS):
            value = "".join(self.value or ())
            self.has_value = True
            self.first_column = min(self.first_column, self.column)
            if self.kind == "e":
                self.errors.append((self.row, self.column, value))
            elif self.kind == "n":
                if self.with_numbers and _NO_WHOLE.search(value):
                    self.numbers.append((self.row, self.column, ","))
                if self.sign is not None:
                    self.units.append((self.row, self.column, self.sign))
        if tag in ("v", "t"):
            self.value = None
        elif tag == "c" and self.has_formula and not self.has_value:
            self.errors.append((self.row, self.column, NOT_CALCULATED))


def _seen(data: bytes, sheet: str, signs: Mapping[int, str], *, numbers: bool) -> _Sheet | OdsSheet | None:
    """What is seen in one sheet; None of what is no XLSX or ODS, or one that only calamine can read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if CELLS in archive.namelist():
                return OdsSheet(sheet, with_numbers=numbers).read(archive.read(CELLS))
            part = part_of(archive, sheet)
            content = content_of(archive, part) if part is not None else None
        return _sheet(content, signs, numbers=numbers) if content is not None else None
    except (*BROKEN, KeyError, ValueError, expat.ExpatError):
        return None


def _sheet(content: bytes, signs: Mapping[int, str], *, numbers: bool) -> _Sheet:
    """A pass over the XML of a sheet, and over no more of it than is needed: a large sheet often has one row of sums, or nothing at all."""
    if numbers or 0 in signs or (signs and _ODD_STYLE.search(content) is not None):  # every cell may matter
        return _Sheet(signs, numbers).read(content)
    words = (*_IN_CELLS, *(f"s={quote}{style}{quote}".encode() for style in signs for quote in "\"'"))
    if not any(word in content for word in (*words, _BELOW)):
        return _Sheet({})
    fewer = rows_with(content, words) if _IN_FIRST.search(content) is not None else None
    return _Sheet(signs).read(content) if fewer is None else _Sheet(signs, first_column=0).read(fewer)
