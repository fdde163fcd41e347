"""What calamine does not tell of an ODS sheet: per cent, currencies, the errors of formulas, which it gives as empty texts, blanks that are
no letters (a break, a tab), texts of cells that do not say that they are texts, cells that reach over several rows, and what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from auditor.read.hidden import Hidden
from auditor.read.sheet_xml import NOWHERE, parse
from auditor.read.text_table import NOT_CALCULATED

CELLS = "content.xml"
_MARKS = re.compile(
    rb'value-type="(?!float"|string"|date"|boolean")|:formula="|<text:(?:line-break|tab)\b|<table:table-cell(?![^>]*:value-type)[^>]*[^>/]>'
    rb"|<table:table-cell>|:number-rows-spanned=\"(?!1\")|<dr(?:aw|3d):|:visibility=\"(?:collapse|filter)\""
)
# Drawings that may stand in a cell; what is written in them is not written in the cell.
_DRAWINGS = frozenset(
    ("frame", "custom-shape", "g", "line", "rect", "circle", "ellipse", "connector", "control", "caption", "measure", "polyline", "path")
) | {"polygon", "regular-polygon", "scene"}
_ERROR = re.compile(r"#[^ ]+|(?:Err|Ош):[0-9]+")
# Some programs write an error as the number 0 that is shown so. A number may be shown as #5 too.
_SURE_ERROR = re.compile(r"#N/A|#Н/Д|#[A-ZА-Я/0]+[!?]|(?:Err|Ош):[0-9]+")
# By hand, and by a filter.
_HIDDEN = ("collapse", "filter")
# Of other types, such as a time of day, calamine gives nothing: they are read as they are shown.
_TYPES = ("float", "percentage", "currency", "date", "boolean", "string")
_OTHER_ERROR = "#VALUE!"  # "Err:502" is what LibreOffice shows for what has no name elsewhere
# A cell or a row may be said to be there so many times; calamine stops at the end of what is filled.
_MOST_TIMES = 20_000


@dataclass
class OdsSheet:
    """What a pass over the XML finds in the sheet `name`: row, column (from 0) and text of the cells with an error, and the sign of numbers
    in per cent or in a currency that is not the tenge; the `texts` that are read otherwise there; the column, first and last row of cells
    that are one over several rows; if asked for, the numbers; how many filled rows and which columns (from 1) are hidden; and the first
    column in which any cell is filled, for there calamine's cells begin."""

    name: str
    with_numbers: bool = False
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    units: list[tuple[int, int, str]] = field(default_factory=list)
    texts: list[tuple[int, int, str]] = field(default_factory=list)
    numbers: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    first_column: int = NOWHERE
    _inside: bool = False
    _row: int = 0
    _column: int = 0
    _rows: int = 1
    _columns: int = 0
    _is_hidden: bool = False
    _is_filled: bool = False
    _cell: dict[str, str] | None = None
    _text: list[str] = field(default_factory=list)
    _broken: bool = False
    _drawn: bool = False
    _notes: int = 0

    def read(self, content: bytes) -> OdsSheet:
        """Look through all sheets for that one. Raises ExpatError for what is no XML."""
        if self.with_numbers or _MARKS.search(content):
            parse(content, self._start, self._end, self._said)
        return self

    @property
    def hidden(self) -> Hidden:
        """How much of the sheet people do not see."""
        return Hidden(self.hidden_rows, self.hidden_columns)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        given = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if tag == "table":
            self._inside, self._row, self._columns = given.get("name") == self.name, 0, 0
        elif tag == "table-column":
            before, self._columns = self._columns, self._columns + _times(given, "number-columns-repeated")
            if self._inside and given.get("visibility") in _HIDDEN:
                self.hidden_columns.append((before + 1, self._columns))
        elif tag == "table-row":
            self._rows, self._column = _times(given, "number-rows-repeated"), 0
            self._is_hidden, self._is_filled = given.get("visibility") in _HIDDEN, False
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._text, self._broken, self._drawn = given, [], False, False
        elif tag in ("line-break", "tab"):
            self._said(" ")
            self._broken = True
        elif tag == "s" or (tag == "p" and self._text):
            self._said(" ")
        elif tag == "annotation" or tag in _DRAWINGS:
            self._notes += 1
            self._drawn = self._drawn or tag in _DRAWINGS

    def _said(self, some: str) -> None:
        if self._cell is not None and not self._notes:
            self._text.append(some)

    def _end(self, tag: str) -> None:
        if tag == "annotation" or tag in _DRAWINGS:
            self._notes -= 1
        elif tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            times = _times(self._cell, "number-columns-repeated")
            if self._inside and (self._text or self._drawn or {"value", "value-type", "formula"} & {*self._cell}):
                self._filled(self._cell, "".join(self._text).strip(), min(times, _MOST_TIMES))
            self._column += times
            self._cell = None
        elif tag == "table-row":
            self._row += self._rows
            self.hidden_rows += self._rows if self._is_hidden and self._is_filled else 0

    def _filled(self, cell: dict[str, str], text: str, times: int) -> None:
        self._is_filled = True
        if "value-type" in cell or "value" in cell:
            self.first_column = min(self.first_column, self._column)
        places = [(self._row + n, self._column + m) for n in range(min(self._rows, _MOST_TIMES // times)) for m in range(times)]
        kind, currency = cell.get("value-type"), cell.get("currency", "KZT").upper()
        if (spanned := _times(cell, "number-rows-spanned")) > 1:
            self.merged.append((self._column, self._row, self._row + spanned - 1))
        if self.with_numbers and "." in cell.get("value", ""):
            self.numbers += [(*place, ",") for place in places]
        if kind == "percentage" or (kind == "currency" and currency != "KZT"):
            self.units += [(*place, "%" if kind == "percentage" else currency) for place in places]
        elif "formula" in cell and not cell.get("string-value", "") and "value" not in cell and _ERROR.fullmatch(text):
            self.errors += [(*place, text if text.startswith("#") else _OTHER_ERROR) for place in places]
        elif "formula" in cell and cell.get("value") == "0" and _SURE_ERROR.fullmatch(text):
            self.texts += [(*place, text if text.startswith("#") else _OTHER_ERROR) for place in places]
        elif "formula" in cell and kind is None and not text and "value" not in cell:
            self.errors += [(*place, NOT_CALCULATED) for place in places]
        elif "value" not in cell and ((self._drawn and kind in (None, "string")) or (text and (self._broken or kind not in _TYPES))):
            self.texts += [(*place, text) for place in places]


def _times(attributes: dict[str, str], name: str) -> int:
    number = attributes.get(name, "1")
    return max(int(number), 1) if number.isascii() and number.isdecimal() else 1
