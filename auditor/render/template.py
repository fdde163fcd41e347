"""Empty forms → CSV or a workbook that is filled in with drop-downs and that the audit reads back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from auditor.languages import CSV_SEPARATOR
from auditor.tables import CHOICES, GUIDES, OF_MONEY, Cell, Form, FormField
from auditor.wording import Words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_LAST_ROW = 1_048_575  # of a sheet, counted from 0
_MADE = datetime(1980, 1, 1, tzinfo=UTC)  # as the parts of the archive: a form made twice is the same file
# Text, so that zeros in front stay and "3/4" is not made a day.
_NUMBER_FORMATS = {
    Cell.TEXT: "@",
    Cell.IDENTIFIER: "@",
    Cell.IBAN: "@",
    Cell.DATE: "dd.mm.yyyy",
    **dict.fromkeys(OF_MONEY, "#,##0.00"),
}
_WIDTHS = {Cell.DATE: 12, **dict.fromkeys(OF_MONEY, 18), Cell.IDENTIFIER: 15, Cell.IBAN: 24}
_WIDE = {"counterparty_name": 36, "name": 36, "vendor_name": 36, "description": 44}
_KINDS = {
    Cell.AMOUNT: "amount",
    Cell.MONEY: "money",
    Cell.SIGNED_MONEY: "signed",
    Cell.DATE: "date",
    Cell.IDENTIFIER: "identifier",
    Cell.IBAN: "iban",
    Cell.NUMBER: "number",
    Cell.WHOLE: "whole",
}
# Required on a condition that no other column knows (filing format, "Values that are not in their list").
_SOMETIMES = {("reports", "report_type"): "template.where_there", ("reports", "counterparty_type"): "template.for_donations"}


def as_csv(form: Form, words: Words) -> str:
    """The heading of one form, with a byte order mark: without it a spreadsheet takes UTF-8 for a code page."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=CSV_SEPARATOR[words.lang]).writerow([field.heading for field in form.fields])
    return "\ufeff" + out.getvalue()


def as_workbook(forms: Sequence[Form], words: Words, election: str) -> bytes:
    """A sheet for each form, a sheet that explains them, and a hidden one with the lists of the drop-downs."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"title": election, "created": _MADE})
    sheets = [book.add_worksheet(form.table) for form in forms]
    guide, choices = book.add_worksheet(GUIDES[words.lang]), book.add_worksheet(CHOICES)
    _explain(book, guide, _guide(forms, words, election))
    ranges = _listed(choices, forms)
    looks = _Looks(book)
    for sheet, form in zip(sheets, forms, strict=True):
        _fill(sheet, form, looks, ranges, words)
    book.close()
    return out.getvalue()


class _Looks:
    """The formats of a workbook: what must be filled in has a coloured heading."""

    def __init__(self, book: Workbook) -> None:
        heading = {"bold": True, "bottom": 1, "valign": "top"}
        self.optional = book.add_format(heading)
        self.required = book.add_format(heading | {"bg_color": "#D6E4F5"})
        self._cells = {cell: book.add_format({"num_format": code}) for cell, code in _NUMBER_FORMATS.items()}

    def heading(self, form: Form, field: FormField) -> Format:
        must = field.column.required or (form.table, field.column.name) in _SOMETIMES
        return self.required if must else self.optional

    def cell(self, cell: Cell) -> Format | None:
        return self._cells.get(cell)


def _fill(sheet: Worksheet, form: Form, looks: _Looks, ranges: Mapping[str, str], words: Words) -> None:
    sheet.freeze_panes(1, 0)
    for n, field in enumerate(form.fields):
        sheet.set_column(n, n, _width(field), looks.cell(field.column.cell))
        sheet.write_string(0, n, field.heading, looks.heading(form, field))
        sheet.write_comment(0, n, _note(form, field, words), {"width": 280, "height": 110, "font_size": 9})
        if (valid := _valid(field, n, ranges)) is not None:
            said = {"error_title": words("template.check_cell"), "error_message": _expected(field, words)}
            sheet.data_validation(1, n, _LAST_ROW, n, valid | said)


def _valid(field: FormField, n: int, ranges: Mapping[str, str]) -> dict[str, Any] | None:
    """What a spreadsheet can tell of a cell; None where it can tell nothing. It stops at a word outside a list. All else it only
    warns of, for the audit also reads an amount or a day that is kept as text."""
    from xlsxwriter.utility import xl_col_to_name

    if field.choices:
        return {"validate": "list", "source": ranges[field.column.closed_list]}
    warning = {"error_type": "warning"}
    first = f"{xl_col_to_name(n)}2"
    least = {Cell.AMOUNT: f",{first}>0", Cell.MONEY: f",{first}>=0"}.get(field.column.cell, "")
    match field.column.cell:
        case Cell.AMOUNT | Cell.MONEY | Cell.SIGNED_MONEY:
            return warning | {"validate": "custom", "value": f"=AND(ISNUMBER({first}){least},ROUND({first},2)={first})"}
        case Cell.DATE:
            return warning | {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
        case Cell.NUMBER:
            return warning | {"validate": "decimal", "criteria": ">=", "value": 0}
        case Cell.WHOLE:
            return warning | {"validate": "integer", "criteria": ">=", "value": 0}
        case Cell.IDENTIFIER:
            return warning | {"validate": "length", "criteria": "==", "value": 12}
        case _:
            return None


def _width(field: FormField) -> int:
    least = _WIDE.get(field.column.name, _WIDTHS.get(field.column.cell, 10))
    return max(least, len(field.heading) + 3, *(len(choice) + 3 for choice in field.choices))


def _note(form: Form, field: FormField, words: Words) -> str:
    always = "template.required" if field.column.required else "template.optional"
    need = words(_SOMETIMES.get((form.table, field.column.name), always))
    return "\n".join(filter(None, [need, _expected(field, words), words("template.column", name=field.column.name)]))


def _expected(field: FormField, words: Words) -> str:
    if field.choices:
        return words("template.expected", expected=words("template.from_list"))
    if field.column.cell not in _KINDS:
        return ""
    return words("template.expected", expected=words(f"check.expected_{_KINDS[field.column.cell]}"))


def _guide(forms: Sequence[Form], words: Words, election: str) -> list[str]:
    keys = ["rows", "notes", "columns"]
    keys += ["sign"] if any(form.table == "reports" for form in forms) else []
    keys += ["zeros", *(["sheets"] if len(forms) > 1 else []), "check"]
    return [words("template.guide_title", election=election), *(words(f"template.guide_{key}") for key in keys)]


def _explain(book: Workbook, sheet: Worksheet, sentences: Sequence[str]) -> None:
    """One column only: a row of several cells could be taken for a heading."""
    sheet.set_column(0, 0, 100)
    sheet.hide_gridlines(2)
    for row, sentence in enumerate(sentences):
        sheet.write_string(row, 0, sentence, book.add_format({"text_wrap": True, "valign": "top", "bold": row == 0}))


def _listed(sheet: Worksheet, forms: Sequence[Form]) -> dict[str, str]:
    """Write each closed list down a column and say where it stands: a list inside a cell's rule has at most 255 characters."""
    from xlsxwriter.utility import xl_range_abs

    lists = {field.column.closed_list: field.choices for form in forms for field in form.fields if field.choices}
    for n, choices in enumerate(lists.values()):
        sheet.write_column(0, n, choices)
    sheet.hide()
    return {name: f"={CHOICES}!{xl_range_abs(0, n, len(choices) - 1, n)}" for n, (name, choices) in enumerate(lists.items())}
