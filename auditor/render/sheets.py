"""Sheets of an XLSX file whose cells hold what they were given: a text is never run, a number is never rounded."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

MOST_ROWS = 1_048_575  # below the heading
MOST_CHARACTERS = 32_767  # UTF-16 units, as Excel counts
_EXACT_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)  # before it, Excel counts a 29 February 1900 that never was
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Value = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A heading, the width of its column in characters, and whether long texts are broken into lines."""

    heading: str
    width: int = 14
    wrapped: bool = False


class Sheets:
    """One XLSX file in the making; the same calls give the same bytes.

    `cut` and `replaced` count the texts that a cell could not hold whole, and those with characters that XML does not have.
    """

    def __init__(self, title: str, day: date) -> None:
        import xlsxwriter

        self.cut = self.replaced = 0
        self._out = io.BytesIO()
        # Rows go to disk as they come, for a large audit has millions of lines of evidence; into a folder that goes with this object, also
        # where the file is never finished.
        work = tempfile.mkdtemp(prefix="audit-")
        self._remove = weakref.finalize(self, shutil.rmtree, work, ignore_errors=True)
        as_given = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        options = {"constant_memory": True, "tmpdir": work, **as_given}
        self._book = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties({"title": _held(title)[0], "created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001  # else it is now
        # A mark of format 49 (@) keeps a text a text when somebody edits its cell.
        self._head = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "num_format": "@"})
        self._text = self._book.add_format({"valign": "top", "num_format": "@"})
        self._wrapped = self._book.add_format({"valign": "top", "text_wrap": True, "num_format": "@"})
        self._money = self._book.add_format({"valign": "top", "num_format": "#,##0.00"})
        self._long = self._book.add_format({"valign": "top", "align": "right", "num_format": "@"})
        self._count = self._book.add_format({"valign": "top", "num_format": "0"})
        self._day = self._book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})

    def add(self, name: str) -> Any:
        """An empty sheet at this place, to be written later."""
        return self._book.add_worksheet(name)

    def table(self, name: str, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Value]]) -> None:
        """A table with a frozen heading and a filter; past the last row of a sheet it goes on in a second one."""
        part, sheet, at = 1, self._headed(name, columns), 0
        for row in rows:
            if at == MOST_ROWS:
                _close(sheet, columns, at)
                part, at = part + 1, 0
                sheet = self._headed(f"{name} {part}", columns)
            at += 1
            self.row(sheet, at, columns, row)
        _close(sheet, columns, at)

    def row(self, sheet: Any, at: int, columns: Sequence[SheetColumn], cells: Sequence[Value]) -> None:
        """Write the cells of one row; None leaves a cell empty."""
        for n, (column, value) in enumerate(zip(columns, cells, strict=True)):
            if value is None:
                continue
            if isinstance(value, str):
                sheet.write_string(at, n, self.fitting(value), self._wrapped if column.wrapped else self._text)
            elif isinstance(value, Decimal):
                if is_exact(value):
                    sheet.write_number(at, n, float(value), self._money)
                else:
                    sheet.write_string(at, n, f"{value:.2f}", self._long)
            elif isinstance(value, date):
                if value < _FIRST_DAY:
                    sheet.write_string(at, n, value.isoformat(), self._text)
                else:
                    sheet.write_datetime(at, n, value, self._day)
            else:
                sheet.write_number(at, n, value, self._count)

    def heading(self, sheet: Any, at: int, columns: Sequence[SheetColumn]) -> None:
        """Write the headings of columns as one row."""
        for n, column in enumerate(columns):
            sheet.write_string(at, n, column.heading, self._head)

    def fitting(self, text: str) -> str:
        """A text as a cell can hold it; what had to be cut ends in "…"."""
        held, changed = _held(text)
        self.replaced += changed
        if len(held) > MOST_CHARACTERS // 2 and len(held.encode("utf-16-le")) // 2 > MOST_CHARACTERS:
            self.cut += 1
            held = held.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"
        # XlsxWriter would take such a text for its own markup and write it into the sheet as it is.
        return held + " " if held.startswith("<r>") and held.endswith("</r>") else held

    def finished(self) -> bytes:
        """The bytes of the file; nothing can be added after."""
        self._book.close()
        self._remove()
        return self._out.getvalue()

    def __enter__(self) -> Sheets:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no rows on disk where it was not finished: a signal ends the process before anything else could remove them."""
        self._remove()

    def _headed(self, name: str, columns: Sequence[SheetColumn]) -> Any:
        sheet = self.add(name)
        for n, column in enumerate(columns):
            sheet.set_column(n, n, column.width)
        sheet.freeze_panes(1, 0)
        self.heading(sheet, 0, columns)
        return sheet


def _close(sheet: Any, columns: Sequence[SheetColumn], rows: int) -> None:
    sheet.autofilter(0, 0, rows, len(columns) - 1)


def is_exact(value: Decimal) -> bool:
    """Whether Excel holds an amount of two decimals to the last digit: it keeps fifteen digits of any number."""
    return len(f"{abs(value):.2f}".replace(".", "").lstrip("0")) <= _EXACT_DIGITS


def _held(text: str) -> tuple[str, bool]:
    """The text with what XML cannot hold replaced by U+FFFD, and whether anything was."""
    held = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return held, held != text
