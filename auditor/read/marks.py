"""Which decimal mark and which order of day and month a table is written with. Cells whose form has one reading need no question;
a column in which no cell has one is asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from auditor.errors import TwoReadings
from auditor.model.input import Assumed
from auditor.read.choices import MARKS
from auditor.read.instructions import Instructions
from auditor.read.text_table import TextTable
from auditor.tables import OF_MONEY, Cell, columns

_LOOKED_AT = 10_000
# "1,500" is fifteen hundred or one and a half; "03/04/2023" is in March or in April.
_EITHER_MARK = r"^-?[0-9]{1,3}[.,][0-9]{3}$"
_EITHER_DAY = r"^(?:0?[1-9]|1[0-2])[/\-](?:0?[1-9]|1[0-2])[/\-][0-9]{4}$"


# What shows which one a cell is written with, where that can be seen.
_MARKS = {"point": r"\.[0-9]{1,2}\D*$", "comma": r",[0-9]{1,2}\D*$"}
_ORDERS = {"ymd": r"^[0-9]{4}-", "dmy": r"^[0-9]{2}\.[0-9]{2}\.[0-9]{4}$"}
_NAMES = {sign: word for word, sign in MARKS.items()}


def marks_of(table: TextTable, instructions: Instructions) -> list[Assumed]:
    """The decimal marks and forms of dates that the table has. Raises CannotRead where they cannot be told: one odd cell is a
    problem of its row, a column of nothing else is a question."""
    cells = {name: column.cell for name, column in columns(table.table).items() if name in table.columns}
    forms, found, asks = instructions.stated.forms, [], []
    if money := [name for name, cell in cells.items() if cell in OF_MONEY]:
        if forms.decimal_mark is not None:
            found.append(Assumed("decimal_mark", _NAMES[forms.decimal_mark], "stated"))
        else:
            asks.append(_Question("decimal_mark", money, _EITHER_MARK, _MARKS))
    if days := [name for name, cell in cells.items() if cell is Cell.DATE]:
        if forms.date_order is not None:
            found.append(Assumed("date_order", forms.date_order, "stated"))
        else:
            asks.append(_Question("date_order", days, _EITHER_DAY, _ORDERS))
    seen = _look(table, asks, whole=not table.streamed)
    for question in asks:
        for name in question.columns:
            example = seen[name, "open"]
            if example is not None and table.streamed:
                example = _look(table, [replace(question, columns=[name])], whole=True)[name, "open"]
            if example is not None:
                key = f"read.which_{question.what}"
                raise TwoReadings(instructions.say(key, where=table.named(instructions.say), column=name, example=example))
        shown = [sign for sign in question.signs if any(seen[name, sign] for name in question.columns)]
        if shown:  # each cell by itself has one reading
            found.append(Assumed(question.what, " ".join(shown), "sure"))
    return found


@dataclass(frozen=True)
class _Question:
    """What is asked of some columns: `either` is the form that leaves it open, `signs` those that settle it."""

    what: str
    columns: Sequence[str]
    either: str
    signs: Mapping[str, str]


def _look(table: TextTable, questions: Sequence[_Question], *, whole: bool) -> dict[tuple[str, str], str | None]:
    """By column and sign a cell that shows it; as `open` one of a column all of whose filled cells, two at least, leave the question
    open. Of a table too large to hold the first records, unless the `whole` is wanted."""
    signs: list[pl.Expr] = []
    for question in questions:
        for name in question.columns:
            text = pl.col(name)
            is_open = (text.count() >= 2) & text.str.contains(question.either).all()
            signs.append(pl.when(is_open).then(text.drop_nulls().first()).alias(f"{name} open"))
            signs += [
                pl.when(text.str.contains(form).any()).then(pl.lit(sign)).alias(f"{name} {sign}") for sign, form in question.signs.items()
            ]
    if not signs:
        return {}
    texts = (pl.col(name).str.strip_chars() for question in questions for name in question.columns)
    frame = (table.frame if whole else table.frame.head(_LOOKED_AT)).select(texts)
    frame = frame.select(pl.when(pl.all() != "").then(pl.all()))  # step by step: each use of an expression is worked out anew
    row = frame.select(signs).collect(engine="streaming" if table.streamed else "in-memory").row(0, named=True)
    return {(name, sign): value for label, value in row.items() for name, _, sign in [label.partition(" ")]}
