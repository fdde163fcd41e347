"""One file → the tables in it, whatever its format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

from auditor.errors import CannotRead
from auditor.read import archive, delimited, exchange, exchange_letters, parquet_ndjson, plain_text, workbook
from auditor.read.as_mapped import finished
from auditor.read.headings import LacksColumns
from auditor.read.hidden_files import is_hidden, is_hidden_table
from auditor.read.instructions import Instructions
from auditor.read.text_table import FileContents, TextTable
from auditor.tables import TABLES
from auditor.wording import Say, told_system_error

ARCHIVE = ".zip"
SUFFIXES = (".csv", ".tsv", *workbook.SUFFIXES, ".parquet", ".ndjson", ".jsonl", ARCHIVE)
LOOKED_INTO = (*SUFFIXES, *exchange_letters.SUFFIXES, *plain_text.SUFFIXES)
"""The endings of what may be a table, by its name or by its first bytes."""
MOST_HELD = 2_000_000_000
"""Bytes of a file that is read whole."""


def tables_of(
    path: Path, name: str, instructions: Instructions, table: str | None, data: bytes | None = None, *, whole: bool = False
) -> FileContents:
    """The tables of a file (or that one alone), and what in it is no table of ours. `data` are its bytes where it is not on disk. Of a
    workbook that is wanted `whole`, `table` is no more than what its one sheet is taken for."""
    found = _read(path, name, instructions, table, data, whole=whole)
    return found._replace(tables=[finished(one, instructions) for one in found.tables])


def _read(path: Path, name: str, instructions: Instructions, table: str | None, data: bytes | None, *, whole: bool) -> FileContents:
    suffix = _suffix(name, data)
    if suffix == ARCHIVE:
        return _archive(data if data is not None else held(path, name, instructions.say), name, instructions, table, whole=whole)
    if suffix in workbook.SUFFIXES:
        return workbook.read(data if data is not None else held(path, name, instructions.say), name, instructions, table, whole=whole)
    one: TextTable | None
    try:
        if suffix == ".parquet":
            one = parquet_ndjson.read_parquet(data if data is not None else held(path, name, instructions.say), name, instructions, table)
        elif suffix in (".ndjson", ".jsonl"):
            one = parquet_ndjson.read_ndjson(data if data is not None else held(path, name, instructions.say), name, instructions, table)
        elif suffix == ".json":
            raise CannotRead(instructions.say("read.json", where=name))
        elif exchange_letters.is_exchange(data) if data is not None else exchange_letters.is_exchange_file(path):
            # A file that is given alone is taken for the reports; what it is, its first line says.
            if table not in (None, "reports", "statement"):
                raise CannotRead(instructions.say("read.exchange_other_table", file=name, table=table))
            one = exchange.read(
                data if data is not None else held(path, name, instructions.say), name, instructions.say, instructions.stated.encoding
            )
        else:
            one = delimited.read(path, name, instructions, table, data)
    except LacksColumns as lacks:
        if lacks.lacking.table == "reports":
            raise
        return FileContents([], [], [replace(lacks.lacking, file=name)])
    return FileContents([one], [], []) if one is not None else FileContents([], [name], [])


def _archive(data: bytes, name: str, instructions: Instructions, table: str | None, *, whole: bool) -> FileContents:
    found = FileContents([], [], [])
    for inner, content in archive.members(data, name, LOOKED_INTO, instructions.say, plain_text.SUFFIXES):
        parts = PurePath(inner).parts
        if content is None or not _may_be_table(inner, content, instructions):
            if not is_hidden(parts) or is_hidden_table(parts, SUFFIXES):
                found.others.append(f"{name}/{inner}")
            continue
        stem = PurePath(inner).stem.lower()
        wanted = stem if stem in TABLES else table
        one = _read(Path(inner), f"{name}/{inner}", instructions, wanted, content, whole=whole or table is None)
        found = FileContents(
            found.tables + one.tables,
            found.others + one.others,
            found.lacking + one.lacking,
            (*found.unknown, *one.unknown),
            (*found.empty, *one.empty),
        )
    return found


def _may_be_table(inner: str, content: bytes, instructions: Instructions) -> bool:
    return inner.lower().endswith(SUFFIXES) or exchange_letters.is_exchange(content) or plain_text.is_table(content, instructions)


def may_hold_several(name: str, data: bytes | None = None) -> bool:
    """Whether a file is of a format that may hold more than one table: by its name, or where that does not tell by its bytes."""
    return _suffix(name, data) in (*workbook.SUFFIXES, ARCHIVE)


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


def held(path: Path, name: str, say: Say) -> bytes:
    """The bytes of a file that is read whole. Raises CannotRead where it is too large for that."""
    try:
        size = path.stat().st_size
        if size > MOST_HELD:
            raise CannotRead(say("read.too_many_bytes", where=name, size=f"{size:,}", most=f"{MOST_HELD:,}"))
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(say("read.system", where=name, error=told_system_error(error, say))) from error
