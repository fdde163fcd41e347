"""Which decimal mark and which order of day and month a table is written with. Cells whose form has one reading need no question;
a column in which no cell has one is asked about."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from auditor.errors import CannotRead
from auditor.model import Assumed
from auditor.read.instructions import Instructions
from auditor.read.text import TextTable
from auditor.tables import Cell, columns

_LOOKED_AT = 10_000
# "1,500" is fifteen hundred or one and a half; "03/04/2023" is in March or in April.
_EITHER_MARK = r"^-?[0-9]{1,3}[.,][0-9]{3}$"
_EITHER_DAY = r"^(?:0?[1-9]|1[0-2])[/\-](?:0?[1-9]|1[0-2])[/\-][0-9]{4}$"


def marks_of(table: TextTable, asked: Instructions) -> list[Assumed]:
    """The decimal marks and forms of dates that the table has. Raises CannotRead where they cannot be told: one odd cell is a
    problem of its row, a column of nothing else is a question."""
    cells = {name: column.cell for name, column in columns(table.table).items() if name in table.columns}
    money = [name for name, cell in cells.items() if cell in (Cell.MONEY, Cell.SIGNED_MONEY)]
    days = [name for name, cell in cells.items() if cell is Cell.DATE]
    forms, found = asked.stated.forms, []
    if money:
        if forms.decimal_mark is not None:
            found.append(Assumed("decimal_mark", _NAMES[forms.decimal_mark], "stated"))
        else:
            found += _decimal_mark(table, money, asked)
    if days:
        if forms.date_order is not None:
            found.append(Assumed("date_order", forms.date_order, "stated"))
        else:
            found += _date_order(table, days, asked)
    return found


_NAMES = {".": "point", ",": "comma"}


def _filled(table: TextTable, names: Sequence[str], *, whole: bool) -> pl.DataFrame:
    """The filled cells of columns, one below the other; those of the first records unless the whole table is wanted."""
    frame = table.frame.select(names) if whole or not table.streamed else table.frame.select(names).head(_LOOKED_AT)
    cells = pl.concat([frame.select(pl.col(name).str.strip_chars().alias("cell")) for name in names])
    return cells.filter(pl.col("cell") != "").collect(engine="streaming")


def _only(table: TextTable, name: str, form: str) -> str | None:
    """A cell of the column if all its filled cells, two at least, have a form that leaves a question open."""
    cell = pl.col("cell")
    for whole in (False, True) if table.streamed else (True,):
        cells = _filled(table, [name], whole=whole)
        if cells.height < 2 or not cells.select(cell.str.contains(form).all()).item():
            return None
    return str(cells.item(0, 0))


def _decimal_mark(table: TextTable, names: Sequence[str], asked: Instructions) -> list[Assumed]:
    for name in names:
        if (example := _only(table, name, _EITHER_MARK)) is not None:
            raise CannotRead(asked.say("read.which_decimal_mark", where=_where(table, asked), column=name, example=example))
    cell = pl.col("cell")
    seen = _filled(table, names, whole=False).select(
        cell.str.contains(r"\.[0-9]{1,2}\D*$").any().alias("point"), cell.str.contains(r",[0-9]{1,2}\D*$").any().alias("comma")
    )
    marks = [name for name in ("point", "comma") if seen[name].item()]
    return [Assumed("decimal_mark", " ".join(marks), "sure")] if marks else []  # each cell by itself has one reading


def _date_order(table: TextTable, names: Sequence[str], asked: Instructions) -> list[Assumed]:
    for name in names:
        if (example := _only(table, name, _EITHER_DAY)) is not None:
            raise CannotRead(asked.say("read.which_date_order", where=_where(table, asked), column=name, example=example))
    cell = pl.col("cell")
    seen = _filled(table, names, whole=False).select(
        cell.str.contains(r"^[0-9]{4}-").any().alias("ymd"), cell.str.contains(r"^[0-9]{2}\.[0-9]{2}\.[0-9]{4}$").any().alias("dmy")
    )
    orders = [name for name in ("ymd", "dmy") if seen[name].item()]
    return [Assumed("date_order", " ".join(orders), "sure")] if orders else []


def _where(table: TextTable, asked: Instructions) -> str:
    return table.file if table.sheet is None else asked.say("read.where_sheet", file=table.file, sheet=table.sheet)
