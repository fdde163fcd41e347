"""One file → the tables in it, whatever its format."""

from __future__ import annotations

from pathlib import Path, PurePath

from auditor.errors import CannotRead
from auditor.read import archive, delimited, exchange, records, workbook
from auditor.read.grid import Say
from auditor.read.headings import Headings
from auditor.read.text import TextTable

DELIMITED = (".csv", ".tsv", ".txt")
ARCHIVE = ".zip"
SUFFIXES = (".csv", ".tsv", *workbook.SUFFIXES, ".parquet", ".ndjson", ".jsonl", ARCHIVE)
_MOST_HELD = 2_000_000_000


def tables_of(
    path: Path, name: str, headings: Headings, table: str | None, say: Say, data: bytes | None = None, encoding: str | None = None
) -> tuple[list[TextTable], list[str]]:
    """The tables of a file, and what in it is no table of ours. `data` are its bytes where it is not on disk, `encoding`
    what is said of the letters of a text."""
    suffix = _suffix(name, data)
    if suffix == ARCHIVE:
        return _archive(data if data is not None else _bytes(path, name), name, headings, table, say, encoding)
    if suffix in workbook.SUFFIXES:
        return workbook.read(data if data is not None else _bytes(path, name), name, headings, table, say)
    one: TextTable | None
    if suffix == ".parquet":
        one = records.read_parquet(data if data is not None else _bytes(path, name), name, headings, table, say)
    elif suffix in (".ndjson", ".jsonl"):
        one = records.read_ndjson(data if data is not None else _bytes(path, name), name, headings, table, say)
    elif exchange.is_exchange(data) if data is not None else exchange.is_exchange_file(path):
        # A file that is given alone is taken for the reports; what it is, its first line says.
        if table not in (None, "reports", "statement"):
            raise CannotRead(say("read.exchange_other_table", file=name, table=table))
        one = exchange.read(data if data is not None else _bytes(path, name), name, say, encoding)
    else:
        one = delimited.read(path, name, headings, table, data, encoding)
    return ([one], []) if one is not None else ([], [name])


def _archive(
    data: bytes, name: str, headings: Headings, table: str | None, say: Say, encoding: str | None
) -> tuple[list[TextTable], list[str]]:
    from auditor.tables import TABLES

    found: list[TextTable] = []
    others: list[str] = []
    for inner, content in archive.members(data, name, (*SUFFIXES, *exchange.SUFFIXES)):
        if inner.lower().endswith(exchange.SUFFIXES) and not exchange.is_exchange(content):
            others.append(f"{name}/{inner}")
            continue
        stem = PurePath(inner).stem.lower()
        wanted = stem if stem in TABLES else table
        tables, left = tables_of(Path(inner), f"{name}/{inner}", headings, wanted, say, content, encoding)
        found += tables
        others += left
    return found, others


def _suffix(name: str, data: bytes | None) -> str:
    """The format by the file's name; of standard input by its first bytes."""
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES or data is None:
        return suffix
    if data.startswith(b"PK\x03\x04"):
        # A workbook is a zip archive too, with parts of these names in it.
        if b"[Content_Types].xml" in data[:4096] or b"xl/workbook" in data:
            return ".xlsx"
        return ".ods" if b"opendocument" in data[:200] else ARCHIVE
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return ".xls"
    if data.startswith(b"PAR1"):
        return ".parquet"
    return ".ndjson" if data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{") else ".csv"


def _bytes(path: Path, name: str) -> bytes:
    try:
        size = path.stat().st_size
        if size > _MOST_HELD:
            raise CannotRead(f"{name}: {size:,} bytes are more than can be read in this format ({_MOST_HELD:,}); save the table as CSV.")
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{name}: {error.strerror or error}.") from error
