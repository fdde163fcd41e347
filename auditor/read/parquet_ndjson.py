"""Parquet and NDJSON → text cells. They count as if they had a heading: the first record is row 2."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence

import polars as pl

from auditor.errors import CannotRead, first_line
from auditor.read.grid import table_of
from auditor.read.instructions import Instructions
from auditor.read.panics import Panicked, contained
from auditor.read.text_table import TextTable
from auditor.tables import OF_MONEY, Cell, columns, heading_key

LONGEST_LINE = 1_000_000
MOST_CELLS = 100_000_000
_MOST_TOLD = 20  # lines that are no records
# What seven digits cannot hold.
_EXACT = (*OF_MONEY, Cell.IDENTIFIER)
_HALF = re.compile("[\ud800-\udfff]")


def read_parquet(data: bytes, name: str, instructions: Instructions, table: str | None) -> TextTable | None:
    """A Parquet file. Raises CannotRead for what is none, and for columns that hold lists or structures."""
    one = _with_heading(cells_of_parquet(data, name, instructions), name, hashlib.sha256(data).hexdigest(), instructions, table)
    if one is not None:
        _must_be_exact(pl.read_parquet_schema(io.BytesIO(data)), one, name, instructions)
    return one


def _must_be_exact(schema: Mapping[str, pl.DataType], table: TextTable, name: str, instructions: Instructions) -> None:
    """Raise CannotRead for a column with money or ids whose numbers keep seven digits only."""
    for column in table.columns:
        heading = table.aliases.get(column, column)
        kind = next((kind for theirs, kind in schema.items() if heading_key(theirs) == heading_key(heading)), None)
        if kind in (pl.Float16, pl.Float32) and columns(table.table)[column].cell in _EXACT:
            raise CannotRead(instructions.say("read.single_precision", where=name, column=heading, kind=kind))


def read_ndjson(data: bytes, name: str, instructions: Instructions, table: str | None) -> TextTable | None:
    """One JSON object a line; numbers keep the digits they were written with. Raises CannotRead naming the row for anything else."""
    return _with_heading(cells_of_ndjson(data, name, instructions), name, hashlib.sha256(data).hexdigest(), instructions, table)


def cells_of_parquet(data: bytes, name: str, instructions: Instructions) -> pl.DataFrame:
    """The cells of a Parquet file as texts, under its columns. Raises CannotRead like read_parquet."""
    try:
        with contained():
            rows = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
            width = len(pl.read_parquet_schema(io.BytesIO(data)))
            # A few kilobytes can say one value a billion times over.
            if rows * width > MOST_CELLS:
                raise CannotRead(instructions.say("read.too_many_cells", where=name, cells=f"{rows * width:,}", most=f"{MOST_CELLS:,}"))
            frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError, Panicked) as error:
        raise CannotRead(instructions.say("read.no_parquet", where=name, error=first_line(error))) from error
    nested = [column for column, dtype in frame.schema.items() if dtype.is_nested() or dtype in (pl.Binary, pl.Object)]
    if nested:
        raise CannotRead(instructions.say("read.nested_column", where=name, column=nested[0], kind=frame.schema[nested[0]]))
    # What the type of a column adds to its numbers is no part of them: a decimal has as many places as its column (7000000.0100), and
    # whole numbers with gaps between them are floats (900101300017.0), whose gaps are no numbers (NaN).
    decimals = pl.selectors.decimal().cast(pl.String).str.replace(r"(\.[0-9]{2}[0-9]*?)0+$", "${1}")
    floats = pl.selectors.float().fill_nan(None).cast(pl.String).str.replace(r"\.0$", "")
    durations = pl.selectors.duration().dt.to_string("iso")
    numbers = (pl.selectors.integer().cast(pl.String), decimals, floats, durations)
    marked = (some.str.replace(".", _mark(instructions), literal=True) for some in numbers)
    return frame.with_columns(*marked).select(pl.all().cast(pl.String))


def cells_of_ndjson(data: bytes, name: str, instructions: Instructions) -> pl.DataFrame:
    """The values of the objects as texts, under their keys. Raises CannotRead like read_ndjson."""
    records: list[Mapping[str, str | None]] = []
    mistakes: list[str] = []
    order: dict[str, None] = {}
    try:
        lines = data.decode("utf-8-sig").split("\n")  # a text may hold what else Unicode calls the end of a line
    except UnicodeDecodeError as error:
        raise CannotRead(instructions.say("read.ndjson_utf8", where=name, byte=error.start + 1)) from error
    for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, start=2):
        if len(line) > LONGEST_LINE:
            raise CannotRead(
                instructions.say("read.record_too_long", where=name, row=number, size=f"{len(line):,}", most=f"{LONGEST_LINE:,}")
            )
        try:
            record = _object(line, name, number, instructions) if line.strip() else {}
        except CannotRead as error:
            mistakes += error.mistakes
            if len(mistakes) == _MOST_TOLD:
                break
            continue
        order.update(dict.fromkeys(record))
        records.append(record)
    if mistakes:
        raise CannotRead(*mistakes)
    return pl.DataFrame({key: [record.get(key) for record in records] for key in order}, schema=dict.fromkeys(order, pl.String))


def _object(line: str, where: str, row: int, instructions: Instructions) -> Mapping[str, str | None]:
    say, mark = instructions.say, _mark(instructions)

    def marked(number: str) -> str:
        return number.replace(".", mark)

    def once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            raise CannotRead(say("read.key_twice", where=where, row=row, key=next(key for key in keys if keys.count(key) > 1)))
        return dict(pairs)

    try:
        record = json.loads(line, object_pairs_hook=once, parse_float=marked, parse_int=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CannotRead(say("read.no_object", where=where, row=row)) from error
    if not isinstance(record, dict):
        raise CannotRead(say("read.no_object", where=where, row=row))
    nested = next((key for key, value in record.items() if isinstance(value, dict | list)), None)
    if nested is not None:
        raise CannotRead(say("read.nested_value", where=where, row=row, key=nested))
    cells = {key: None if value is None else str(value).lower() if isinstance(value, bool) else str(value) for key, value in record.items()}
    if any(_HALF.search(text) for pair in cells.items() for text in pair if text is not None):
        raise CannotRead(say("read.half_letter", where=where, row=row))
    return cells


def _mark(instructions: Instructions) -> str:
    """The decimal mark that numbers are given, which have none themselves: a stated one is that of the texts beside them."""
    return instructions.stated.forms.decimal_mark or "."


def _with_heading(frame: pl.DataFrame, name: str, sha256: str, instructions: Instructions, table: str | None) -> TextTable | None:
    heading = pl.DataFrame([list(frame.columns)], schema=[f"c{n}" for n in range(frame.width)], orient="row") if frame.width else None
    if heading is None:
        raise CannotRead(instructions.say("read.no_record", where=name))
    cells = pl.concat([heading.cast(pl.String), frame.rename(dict(zip(frame.columns, heading.columns, strict=True)))])
    return table_of(cells, name, None, sha256, instructions, table)
