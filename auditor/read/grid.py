"""A sheet of cells → a table: the heading is found below title rows, and every record keeps its own row number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from auditor.errors import CannotRead
from auditor.model import ReadAs
from auditor.read.headings import Headings, LacksColumns, Matched, match, missing, missing_sentence, recognise
from auditor.read.text import BLANK, RAGGED, ROW, TextTable
from auditor.tables import Cell, columns

MOST_COLUMNS = 1_000
_TITLE_ROWS = 40
# A spreadsheet's own date: as text with a time of day, or as the number of days since the last day of 1899.
_WITH_TIME = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$"
_SERIAL = r"^[1-9][0-9]{4}(?:\.[0-9]+)?$"
_DAY_ZERO = date(1899, 12, 30)
Say = Callable[..., str]


def table_of(
    cells: pl.DataFrame,
    name: str,
    sheet: str | None,
    sha256: str,
    headings: Headings,
    table: str | None,
    say: Say,
    read_as: ReadAs | None = None,
    *,
    serial_dates: bool = False,
) -> TextTable | None:
    """The table in a sheet of text cells, one row of `cells` for each row of the sheet. None where no table of ours is in it.

    Raises CannotRead, in one line that names file and sheet, for a heading that cannot be used.
    """
    where = f"{name}, sheet {sheet}" if sheet is not None else name
    if cells.width > MOST_COLUMNS:
        raise CannotRead(f"{where}: {cells.width:,} columns are more than a table has ({MOST_COLUMNS:,}).")
    found = _heading(cells, where, headings, table)
    if found is None:
        return None
    at, matched = found
    labels = cells.columns
    body = cells.slice(at + 1).with_columns(pl.int_range(at + 2, at + 2 + cells.height - at - 1, dtype=pl.Int64).alias(ROW))
    blank = pl.all_horizontal((pl.col(label).str.strip_chars() == "").fill_null(value=True) for label in labels)
    texts = [_text(labels[position], column, matched.table, serial_dates).alias(column) for column, position in matched.positions.items()]
    frame = body.filter(~blank).select(ROW, pl.lit(None, dtype=pl.Int64).alias(RAGGED), pl.lit(value=False).alias(BLANK), *texts)
    notes = [say("check.heading_row", row=at + 1)] if at else []
    return TextTable(
        matched.table, name, sheet, sha256, frame.height, list(matched.positions), frame.lazy(), read_as, matched.aliases, notes=notes
    )


def _text(label: str, column: str, table: str, serial_dates: bool) -> pl.Expr:  # noqa: FBT001 - handed on as it is
    text = pl.col(label)
    if columns(table)[column].cell is not Cell.DATE:
        return text
    text = text.str.replace(_WITH_TIME, "${1}")
    if not serial_dates:
        return text
    serial = pl.when(text.str.contains(_SERIAL)).then(text.str.extract(r"^([0-9]+)").cast(pl.Int32, strict=False))
    day = pl.lit(_DAY_ZERO) + pl.duration(days=serial)
    return pl.when(serial.is_not_null()).then(day.dt.to_string("%Y-%m-%d")).otherwise(text)


def _heading(cells: pl.DataFrame, where: str, headings: Headings, table: str | None) -> tuple[int, Matched] | None:
    """The first row that has all required columns of a table; where none has, the row that comes nearest is complained of."""
    nearest: tuple[int, int, Sequence[str], Matched] | None = None
    twice: CannotRead | None = None
    for at, row in enumerate(cells.head(_TITLE_ROWS).iter_rows()):
        texts = [cell or "" for cell in row]
        if sum(bool(text.strip()) for text in texts) < 2 and cells.width > 1:
            continue  # a title, not a heading
        kind = table or recognise(texts, headings, where)
        if kind is None:
            continue
        try:
            matched = match(kind, texts, headings, where)
        except CannotRead as error:
            twice = twice or error
            continue
        lacking = missing(matched)
        if not lacking:
            return at, matched
        if len(matched.positions) >= 2 and (nearest is None or len(matched.positions) > nearest[0]):
            nearest = (len(matched.positions), at, texts, matched)
    if twice is not None:
        raise twice
    if nearest is not None:
        _, at, shown, closest = nearest
        lacking = missing(closest)
        raise LacksColumns(closest.table, lacking, missing_sentence(where, closest, lacking, shown, headings, at + 1))
    if table is not None:
        empty = Matched(table, {}, {}, ())
        raise LacksColumns(table, missing(empty), missing_sentence(where, empty, missing(empty), (), headings))
    return None
