"""A sheet of cells → a table: the heading is found below title rows, and every record keeps its own row number."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

import polars as pl

from auditor.errors import CannotRead
from auditor.model.input import Assumed, how_known
from auditor.read.heading_row import TITLE_ROWS, Heading, find_heading
from auditor.read.headings import Matched
from auditor.read.instructions import NO_HEADING, Instructions
from auditor.read.misplaced import is_like_a_record, notes_of, unnamed
from auditor.read.text_table import ABOVE_HEADING, BLANK, LEFT_BY, RAGGED, ROW, AsFiled, TextTable
from auditor.read.units import NOTES_BELOW, must_be_tenge, must_say_tenge, notes_below, unit_columns
from auditor.tables import OF_MONEY, Cell, columns

MOST_COLUMNS = 1_000
_FIGURES = (*OF_MONEY, Cell.NUMBER, Cell.WHOLE)
# A spreadsheet's own date: as text with a time of day, or as the number of days since its day zero.
_WITH_TIME = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$"
# What is told of a day besides the day.
_MIDNIGHT = re.compile(r"(?<=^[0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$")
_SERIAL = r"^[1-9][0-9]{4}(?:[.,][0-9]+)?$"
# A spreadsheet keeps 15 digits of a number, and nine decimals of it are printed here: 352000000.01 comes as 352000000.00999999, nothing
# that is a little less as -0.
_PRINTED = r"^(?:-0|-?[0-9]{1,13}[.,][0-9]{7,9})$"
_KEPT = 15
# What adding up many numbers leaves: a few of the smallest steps that a number of that size can make. Hardly any division comes so near
# a whole tiyn.
_SMALLEST, _STEPS = 1e-6, 2.0**-48
_SURELY_POINT = r"^(-?[0-9]+)\.([0-9]{1,2}|[0-9]{4,})$"
# A cell with a time of day or a length of time alone is stored as a day of the first weeks; no table has a day of then.
_NO_DAY = r"^(?:1899-12-3[01]|1900-01-[0-3][0-9])[ T]"
# A lower number (1999 and before, counted from 1899) is more likely one that was typed: 10223 for 1.02.23.
_FIRST_SERIAL = 36_526
# The columns of per cent: a cell that shows 6.2 % says 6.2.
_PER_CENT = ("last_vote_share", "vote_share")
# The columns whose days may lie long ago.
_LONG_AGO = ("born_on", "resident_since")


def table_of(
    cells: pl.DataFrame,
    name: str,
    sheet: str | None,
    sha256: str,
    instructions: Instructions,
    table: str | None,
    *,
    day_zero: date | None = None,
    merged: Mapping[int, Sequence[tuple[int, int]]] | None = None,
    numbers_known: bool = True,
) -> TextTable | None:
    """The table in a sheet of text cells, one row of `cells` for each row of the sheet. None where no table of ours is in it. A
    spreadsheet has a `day_zero`, from which it counts days, and by the position of a column the first and last rows (from 0) of its cells
    that are `merged`. Unless it is known which cells are numbers, a point that parts no groups of three is one of decimals, also where
    the comma is stated.

    Raises CannotRead, in one line that names file and sheet, for a heading that cannot be used.
    """
    where = instructions.say("read.where_sheet", file=name, sheet=sheet) if sheet is not None else name
    found = _heading_in(cells, where, instructions, table, sheet or "")
    if found is None:
        return None
    at, matched = found.row, found.matched
    heading = found.cells or [str(n) for n in range(1, cells.width + 1)]
    labels = cells.columns
    body = _body(cells, at, matched)
    last = body.tail(NOTES_BELOW)
    notes_below(zip(last[ROW], _texts(last.drop(ROW)), strict=True), where, instructions)
    for place in unit_columns(heading, matched):
        filled = body.select(ROW, pl.col(labels[place]).str.strip_chars().alias("text")).filter(pl.col("text") != "")
        must_say_tenge(filled.iter_rows(), heading[place], where, instructions)
    blank = pl.all_horizontal((pl.col(label).str.strip_chars() == "").fill_null(value=True) for label in labels)
    records, repeated = _with_merged(body.filter(~blank), labels, matched, merged or {}, at, instructions.is_total)
    ragged = pl.when(pl.col(ROW) < at).then(pl.lit(ABOVE_HEADING, dtype=pl.Int64))
    either = not numbers_known and instructions.stated.forms.decimal_mark == ","
    texts = [
        _text(labels[position], column, matched.table, day_zero=day_zero, either_mark=either).alias(column)
        for column, position in matched.positions.items()
    ]
    left_by = [pl.col(labels[position]).alias(f"{LEFT_BY}{n}") for n, position in enumerate(matched.left_by)]
    frame = records.select(ROW, ragged.alias(RAGGED), pl.lit(value=False).alias(BLANK), *texts, *left_by)
    stated = instructions.stated.heading_row is not None
    assumed = [Assumed("heading_row", str(at), how_known(stated=stated, sure=at == 1))] if at != NO_HEADING else []
    unread = _filled(body, [labels[position] for position in unnamed(heading, matched)])
    notes = list(notes_of(found, unread, instructions.say))
    if repeated:
        notes.append(instructions.say("check.merged_cells", n=repeated))
    if day_zero is not None and (plain := _plain_days(records, labels, matched)):
        notes.append(instructions.say("check.plain_days", n=plain))

    def as_filed(rows: Collection[int]) -> Mapping[int, Sequence[str]]:
        return {row: [_MIDNIGHT.sub("", cell or "") for cell in cells.row(row - 1)] for row in rows}

    return TextTable(
        table=matched.table,
        file=name,
        sheet=sheet,
        sha256=sha256,
        rows=frame.height,
        columns=list(matched.positions),
        frame=frame.lazy(),
        read_as=None,
        aliases=matched.aliases,
        notes=notes,
        assumed=assumed,
        as_filed=AsFiled(heading, as_filed),
    )


def _heading_in(cells: pl.DataFrame, where: str, instructions: Instructions, table: str | None, sheet: str) -> Heading | None:
    """The heading. None where no table of ours is there."""
    if cells.width > MOST_COLUMNS:
        raise CannotRead(instructions.say("read.too_wide", where=where, columns=f"{cells.width:,}", most=f"{MOST_COLUMNS:,}"))
    top = max(TITLE_ROWS, instructions.stated.heading_row or 0) + 1  # the last of them may go on in the next
    found = find_heading(_texts(cells.head(top)), where, instructions, table)
    if found is not None:
        must_be_tenge(_texts(cells.head(max(found.row - 1, 0))), found.cells, found.matched, found.row, where, instructions, sheet)
    return found


def _texts(cells: pl.DataFrame) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in cells.iter_rows()]


def _body(cells: pl.DataFrame, at: int, matched: Matched) -> pl.DataFrame:
    """The rows with their numbers that may be records: those below the heading, and those above it that look like one."""
    above = [row for row, texts in enumerate(_texts(cells.head(max(at - 1, 0))), 1) if is_like_a_record(texts, matched)]
    body = cells.with_columns(pl.int_range(1, cells.height + 1, dtype=pl.Int64).alias(ROW))
    return body.filter((pl.col(ROW) > at) | pl.col(ROW).is_in(above))


def _filled(body: pl.DataFrame, labels: Sequence[str]) -> int:
    """How many cells of these columns are filled."""
    return sum(int((body[label].str.strip_chars() != "").sum()) for label in labels)


def _with_merged(
    records: pl.DataFrame,
    labels: Sequence[str],
    matched: Matched,
    merged: Mapping[int, Sequence[tuple[int, int]]],
    heading: int,
    is_total: Callable[[str], bool],
) -> tuple[pl.DataFrame, int]:
    """The records with the value of a merged cell in each of its rows, as people see it, and how many cells that changed. An amount over
    several rows is one amount and stays in the first. What the cells below the first hold, nobody sees, and it is not read. A total line
    among them is none of the lines that a merged cell speaks of."""
    by_name, filled = columns(matched.table), 0
    purpose = matched.positions.get("description")  # of a line it may begin with the word for a total
    cells = records.select(label for place, label in enumerate(labels) if place != purpose).iter_rows() if merged else ()
    totals = {place for place, texts in enumerate(cells) if any(text is not None and is_total(text) for text in texts)}
    for name, position in matched.positions.items():
        if position not in merged:
            continue
        is_figure = by_name[name].cell in _FIGURES
        rows, values = records[ROW].to_list(), records[labels[position]].to_list()
        places = {row: place for place, row in enumerate(rows)}
        for first, last in merged[position]:
            # Rows are told from 0 and counted from 1; a title that reaches into the table is no value.
            top = places.get(first + 1) if first >= heading else None
            if top is None:
                continue
            shown = None if is_figure else values[top] or None
            for place in range(top + 1, len(rows)):
                if rows[place] > last + 1:
                    break
                here = shown if place not in totals else None
                filled += (values[place] or None) != here
                values[place] = here
        records = records.with_columns(pl.Series(labels[position], values, dtype=pl.String))
    return records, filled


def _text(label: str, column: str, table: str, *, day_zero: date | None, either_mark: bool) -> pl.Expr:
    text, cell = pl.col(label), columns(table)[column].cell
    if either_mark and cell in OF_MONEY:
        text = text.str.replace(_SURELY_POINT, "${1},${2}")
    if day_zero is not None and column in _PER_CENT:
        text = text.str.replace(r" %$", "")
    if day_zero is not None and cell in (*OF_MONEY, Cell.NUMBER):
        printed = pl.when(text.str.contains(_PRINTED)).then(text)
        again = _sum_as_shown if cell is not Cell.NUMBER else _typed
        typed = printed.map_batches(lambda cells: _each(cells, again), return_dtype=pl.String(), is_elementwise=True)
        return pl.coalesce(typed, text)
    if cell is not Cell.DATE:
        return text
    if day_zero is None:
        return text.str.replace(_WITH_TIME, "${1}")
    text = pl.when(text.str.contains(_NO_DAY)).then(text).otherwise(text.str.replace(_WITH_TIME, "${1}"))
    serial = _serial(text, column)
    day = pl.lit(day_zero) + pl.duration(days=serial)
    return pl.when(serial.is_not_null()).then(day.dt.to_string("%Y-%m-%d")).otherwise(text)


def _serial(text: pl.Expr, column: str) -> pl.Expr:
    """How many days a plain number in a column of days counts, where it may be one; else null."""
    serial = pl.when(text.str.contains(_SERIAL)).then(text.str.extract(r"^([0-9]+)").cast(pl.Int32, strict=False))
    return serial if column in _LONG_AGO else pl.when(serial >= _FIRST_SERIAL).then(serial)


def _plain_days(records: pl.DataFrame, labels: Sequence[str], matched: Matched) -> int:
    """How many days are given as plain numbers, without the format that would show a day."""
    days = {name: place for name, place in matched.positions.items() if columns(matched.table)[name].cell is Cell.DATE}
    counted = [_serial(pl.col(labels[place]), name).is_not_null().sum().alias(name) for name, place in days.items()]
    return sum(records.select(counted).row(0)) if counted else 0


def _each(printed: pl.Series, again: Callable[[float], str]) -> pl.Series:
    """The numbers as people see them, where they were printed with more digits than a spreadsheet keeps or shows."""
    numbers = (None if text is None else again(float(text.replace(",", "."))) for text in printed)
    marks = ("," if text is not None and "," in text else "." for text in printed)
    return pl.Series(
        [None if number is None else number.replace(".", mark) for number, mark in zip(numbers, marks, strict=True)], dtype=pl.String
    )


def _typed(number: float) -> str:
    """The number as it was typed."""
    return f"{Decimal(f'{number:.{_KEPT}g}'):f}"


def _sum_as_shown(number: float) -> str:
    """The amount to which a sum comes, of which a spreadsheet keeps what adding up binary numbers left: 70783554.88000011."""
    amount = round(number, 2) or 0.0  # no minus before nothing
    return f"{amount:.2f}" if abs(number - amount) <= max(_SMALLEST, abs(number) * _STEPS) else _typed(number)
