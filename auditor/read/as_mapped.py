"""What a table is after reading: with the constants of its mapping, without the records it leaves out, its marks settled."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from auditor.errors import CannotRead
from auditor.model.input import Assumed, LeftOut
from auditor.read.headings import not_read
from auditor.read.instructions import ForeignTable, Instructions
from auditor.read.marks import marks_of
from auditor.read.text_table import LEFT_BY, ROW, TextTable
from auditor.tables import heading_key

# The option that settles what is only likely.
OPTIONS = {
    "encoding": "--encoding",
    "delimiter": "--delimiter",
    "sheet": "--sheet",
    "heading_row": "--heading-row",
}


def finished(table: TextTable, instructions: Instructions) -> TextTable:
    """The table as its mapping wants it, with everything that was assumed.

    Raises CannotRead where the decimal mark or the order of dates cannot be told, and, if only sure readings are wanted, where
    anything is only likely.
    """
    mapping = instructions.stated.mapping
    if mapping is not None and mapping.table == table.table:
        table = _mapped(table, mapping)
    elif table.as_filed is not None and (note := not_read(table.table, table.as_filed.heading, instructions)) is not None:
        table = replace(table, notes=[*table.notes, note])
    form = instructions.form.get(table.table, {})
    by_form = frozenset(name for name, heading in table.aliases.items() if heading_key(heading) in form.get(name, ()))
    table = replace(table, forms=instructions.stated.forms, by_form=by_form, assumed=[*table.assumed, *marks_of(table, instructions)])
    if table.read_as is not None:
        table = replace(table, read_as=replace(table.read_as, sure=all(one.how != "likely" for one in table.assumed)))
    if instructions.stated.strict and (unsure := [one for one in table.assumed if one.how == "likely"]):
        raise CannotRead(*(_not_sure(one, table, instructions) for one in unsure))
    return table


def _not_sure(one: Assumed, table: TextTable, instructions: Instructions) -> str:
    where = table.named(instructions.say)
    option = f"{OPTIONS[one.what]} {one.value}"
    return instructions.say("read.only_likely", where=where, what=instructions.say(f"read.what_{one.what}"), value=one.value, option=option)


def _mapped(table: TextTable, mapping: ForeignTable) -> TextTable:
    frame = table.frame.with_columns(pl.lit(value).alias(name) for name, value in mapping.constants.items())
    left: list[LeftOut] = []
    for number, out in enumerate(mapping.leave_out):
        label = f"{LEFT_BY}{number}"
        text = pl.col(label).str.strip_chars().str.to_lowercase()
        begins = pl.any_horizontal(text.str.starts_with(begin.lower()) for begin in out.begins).fill_null(value=False)
        rows = frame.filter(begins).select(ROW).collect()[ROW].to_list()
        left += [LeftOut(row, out.reason) for row in rows]
        frame = frame.filter(~begins)
    frame = frame.drop(f"{LEFT_BY}{number}" for number in range(len(mapping.leave_out)))
    return replace(
        table,
        frame=frame,
        coded=None,
        columns=[*table.columns, *(name for name in mapping.constants if name not in table.columns)],
        constants=frozenset(mapping.constants),
        left_out=sorted(left, key=lambda one: one.row),
        assumed=[*table.assumed, Assumed("mapping", mapping.name, "stated")],
    )
