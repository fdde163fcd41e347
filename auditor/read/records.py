"""Parquet and NDJSON → text cells. They count as if they had a heading: the first record is row 2."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence

import polars as pl

from auditor.errors import CannotRead
from auditor.read.grid import Say, table_of
from auditor.read.headings import Headings
from auditor.read.text import TextTable

LONGEST_LINE = 1_000_000
_HALF = re.compile("[\ud800-\udfff]")


def read_parquet(data: bytes, name: str, headings: Headings, table: str | None, say: Say) -> TextTable | None:
    """A Parquet file. Raises CannotRead for what is none, and for columns that hold lists or structures."""
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise CannotRead(f"{name}: it cannot be read as Parquet ({str(error).splitlines()[0][:200]}).") from error
    nested = [column for column, dtype in frame.schema.items() if dtype.is_nested() or dtype in (pl.Binary, pl.Object)]
    if nested:
        raise CannotRead(f"{name}: the column {nested[0]!r} holds {frame.schema[nested[0]]}, not one value in each row.")
    return _with_heading(frame.select(pl.all().cast(pl.String)), name, hashlib.sha256(data).hexdigest(), headings, table, say)


def read_ndjson(data: bytes, name: str, headings: Headings, table: str | None, say: Say) -> TextTable | None:
    """One JSON object a line; numbers keep the digits they were written with. Raises CannotRead naming the row for anything else."""
    records: list[Mapping[str, str | None]] = []
    order: dict[str, None] = {}
    try:
        lines = data.decode("utf-8-sig").split("\n")  # a text may hold what else Unicode calls the end of a line
    except UnicodeDecodeError as error:
        raise CannotRead(f"{name}: byte {error.start + 1} is not UTF-8; NDJSON is UTF-8.") from error
    for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, start=2):
        if len(line) > LONGEST_LINE:
            raise CannotRead(f"{name}, row {number}: {len(line):,} characters are more than a record has ({LONGEST_LINE:,}).")
        record = _object(line, f"{name}, row {number}") if line.strip() else {}
        order.update(dict.fromkeys(record))
        records.append(record)
    frame = pl.DataFrame({key: [record.get(key) for record in records] for key in order}, schema=dict.fromkeys(order, pl.String))
    return _with_heading(frame, name, hashlib.sha256(data).hexdigest(), headings, table, say)


def _object(line: str, where: str) -> Mapping[str, str | None]:
    def once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            raise CannotRead(f"{where}: the key {next(key for key in keys if keys.count(key) > 1)!r} stands twice.")
        return dict(pairs)

    try:
        record = json.loads(line, object_pairs_hook=once, parse_float=str, parse_int=str, parse_constant=str)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CannotRead(f"{where}: this is no JSON object.") from error
    if not isinstance(record, dict):
        raise CannotRead(f"{where}: this is no JSON object.")
    nested = next((key for key, value in record.items() if isinstance(value, dict | list)), None)
    if nested is not None:
        raise CannotRead(f"{where}: {nested!r} holds several values, not one.")
    cells = {key: None if value is None else str(value).lower() if isinstance(value, bool) else str(value) for key, value in record.items()}
    if any(_HALF.search(text) for pair in cells.items() for text in pair if text is not None):
        raise CannotRead(f"{where}: it holds half of a character (\\ud800 to \\udfff); ask for the file again.")
    return cells


def _with_heading(frame: pl.DataFrame, name: str, sha256: str, headings: Headings, table: str | None, say: Say) -> TextTable | None:
    heading = pl.DataFrame([list(frame.columns)], schema=[f"c{n}" for n in range(frame.width)], orient="row") if frame.width else None
    if heading is None:
        raise CannotRead(f"{name}: there is no record.")
    cells = pl.concat([heading.cast(pl.String), frame.rename(dict(zip(frame.columns, heading.columns, strict=True)))])
    return table_of(cells, name, None, sha256, headings, table, say)
