"""CSV and TSV → text cells with row numbers. A large clean file is streamed by Polars; anything odd is parsed exactly."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from auditor.errors import CannotRead
from auditor.model import ReadAs
from auditor.read.heading_row import delimiter_of, matched_heading, quotes_in_order
from auditor.read.headings import Headings
from auditor.read.letters import code_page, decoded, encoding_of, is_utf8
from auditor.read.streaming import NeedsExactParser, streamed
from auditor.read.text import BLANK, RAGGED, ROW, TextTable

# Below this size the exact parser is as quick as starting the streaming one.
STREAM_FROM_BYTES = 4_000_000
LARGEST_CELL = 1_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over the bytes: what they are by SHA-256, and what would mislead a quick parser."""

    sha256: str
    size: int
    head: bytes
    has_nul: bool
    has_quote: bool
    has_bare_cr: bool


def scan(source: BinaryIO) -> Scan:
    """Read all bytes once, a megabyte at a time."""
    digest = hashlib.sha256()
    size, head, last = 0, b"", b""
    nul = quote = bare_cr = False
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        head = head or chunk[:65536]
        size += len(chunk)
        nul = nul or b"\0" in chunk
        quote = quote or b'"' in chunk
        if not bare_cr and (b"\r" in chunk or last == b"\r"):
            joined = last + chunk if last == b"\r" else chunk
            bare_cr = joined.count(b"\r") != joined.count(b"\r\n") + joined.endswith(b"\r")
        last = chunk[-1:]
    return Scan(digest.hexdigest(), size, head, nul, quote, bare_cr or last == b"\r")


def read(
    path: Path, name: str, headings: Headings, table: str | None = None, data: bytes | None = None, encoding: str | None = None
) -> TextTable | None:
    """One file as the table that it holds (or as `table`). None where its heading is of no table of ours. `encoding` is what the
    auditor says; without it the letters tell.

    Raises CannotRead, in one line that names the file, for everything that cannot be read at all.
    """
    seen = scan(io.BytesIO(data)) if data is not None else _scan_path(path, name)
    if seen.size == 0:
        raise CannotRead(f"{name}: the file is empty; expected a heading and a row for each movement.")
    to_stream = data is None and seen.size >= STREAM_FROM_BYTES
    stated, sure = encoding is not None, True
    if encoding is None:
        encoding, sure = encoding_of(seen.head, path, data, name, streamed=to_stream)
    if seen.has_nul and not encoding.startswith("utf-16"):
        raise CannotRead(f"{name}: the file has NUL bytes, so it is not text; save it as CSV in UTF-8.")
    if to_stream and encoding == "utf-8" and not seen.has_bare_cr:
        try:
            return streamed(path, name, headings, table, seen.head, seen.sha256, quoted=seen.has_quote)
        except NeedsExactParser:
            pass
        except pl.exceptions.ComputeError:
            if not stated and not is_utf8(path, None):
                encoding, sure = code_page(path, None, name)
    raw = data if data is not None else path.read_bytes()
    return _exact(decoded(raw, encoding, name), name, headings, table, seen.sha256, ReadAs(encoding, "", sure))


def _scan_path(path: Path, name: str) -> Scan:
    try:
        with path.open("rb") as source:
            return scan(source)
    except OSError as error:
        raise CannotRead(f"{name}: {error.strerror or error}.") from error


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[list[str], bool]]:
    """The records of a text, each with whether its quotes are in order. A quote that never closes stops the reading."""
    csv.field_size_limit(LARGEST_CELL)
    source = list(io.StringIO(text, newline=""))  # ends of line are LF, CRLF or CR, and nothing else that Unicode knows
    reader = csv.reader(source, delimiter=delimiter, strict=False)
    before = 0
    row = 0
    while True:
        row += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CannotRead(f"{name}, row {row}: {error}; a cell has at most {LARGEST_CELL:,} characters.") from error
        raw = "".join(source[before : reader.line_num])
        before = reader.line_num
        if raw.count('"') % 2 and reader.line_num >= len(source) and _never_closed(raw, delimiter):
            raise CannotRead(f"{name}, row {row}: a quotation mark is opened and never closed, so the rows after it cannot be told apart.")
        yield record, '"' not in raw or quotes_in_order(raw, delimiter)


def _never_closed(raw: str, delimiter: str) -> bool:
    return re.search(rf'(?:^|{delimiter})"(?:[^"]|"")*$', raw) is not None


def _exact(text: str, name: str, headings: Headings, table: str | None, sha256: str, read_as: ReadAs) -> TextTable | None:
    first = text[: re.search(r"[\r\n]|$", text).start()]  # type: ignore[union-attr]  # `$` always matches
    delimiter = delimiter_of(first)
    records = _records(text, delimiter, name)
    heading, _ = next(records, ([], True))
    matched = matched_heading(heading, headings, table, name)
    if matched is None:
        return None
    width = len(heading)
    cells: list[list[str]] = []
    rows: list[int] = []
    ragged: list[int | None] = []
    for row, (record, in_order) in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue  # an empty row is no record, but it is counted in the numbering
        rows.append(row)
        ragged.append(None if len(record) == width and in_order else len(record) if len(record) != width else -1)
        cells.append(record)
    names = list(matched.positions)
    frame = pl.DataFrame(
        {name: [(record[at] or None) if at < len(record) else None for record in cells] for name, at in matched.positions.items()},
        schema=dict.fromkeys(names, pl.String),
    ).with_columns(pl.Series(ROW, rows, dtype=pl.Int64), pl.Series(RAGGED, ragged, dtype=pl.Int64), pl.lit(value=False).alias(BLANK))
    return TextTable(
        matched.table,
        name,
        None,
        sha256,
        len(rows),
        names,
        frame.lazy(),
        ReadAs(read_as.encoding, delimiter, read_as.sure),
        matched.aliases,
        any(value is not None for value in ragged),
    )
