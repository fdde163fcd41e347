"""A copy of the register as one zip: every table as JSON lines and every original. The same form for both databases."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, inspect, select, text
from sqlalchemy.exc import StatementError

from auditor.errors import BadUsage, CannotRead, first_line
from auditor.register import database
from auditor.register.home import Home, make
from auditor.register.schema import metadata
from auditor.wording import refusal

FORMAT = "audit-register/1"
_SOME = 1000
_SETTINGS = "register.yaml"
Tables = dict[str, list[dict[str, Any]]]


def write(home: Home, file: Path) -> tuple[int, int]:
    """Write the copy, whole or not at all; how many rows and originals are in it. Everything in it is of one moment."""
    if file.exists():
        raise BadUsage(refusal("usage.backup_there", path=file))
    if not file.parent.is_dir():
        raise BadUsage(refusal("usage.no_folder", path=file, folder=file.parent))
    new = file.with_name(f".{file.name}.new")
    rows = originals = 0
    try:
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as packed:
            with database.reaching(home.engine) as connection:
                if database.is_postgresql(home.engine):
                    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                for table in metadata.sorted_tables:
                    # In order of their keys, for a row may refer to an earlier one: PostgreSQL gives changed rows last.
                    found = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
                    lines = [json.dumps(dict(row)) for row in found]
                    rows += len(lines)
                    packed.writestr(f"tables/{table.name}.jsonl", "".join(f"{line}\n" for line in lines))
                wanted = [row[0] for row in connection.execute(select(metadata.tables["original"].c.sha256))]
            for sha256 in wanted:
                packed.writestr(f"store/{sha256}", home.store.get(sha256))
                originals += 1
            if (home.folder / _SETTINGS).exists():
                packed.write(home.folder / _SETTINGS, _SETTINGS)
            packed.writestr(
                "about.json", json.dumps({"format": FORMAT, "version": database.newest(), "rows": rows, "originals": originals})
            )
        with new.open("rb") as written:
            os.fsync(written.fileno())
        new.replace(file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return rows, originals


def read(file: Path, folder: Path, url: str | None) -> tuple[int, int]:
    """Make the register again; how many rows and originals it has. Raises BadUsage where there is one already, CannotRead where the
    copy is not whole, and then nothing has been made."""
    try:
        packed = zipfile.ZipFile(file)
    except _NOT_WHOLE as error:
        raise _not_whole(file, error) from error
    with packed:
        try:
            tables = _tables(packed, file)
            _look_at_originals(packed, file, tables)
            settings = packed.read(_SETTINGS) if _SETTINGS in packed.namelist() else None
        except _NOT_WHOLE as error:
            raise _not_whole(file, error) from error
        return _make(packed, file, tables, settings, folder, url)


def _not_whole(file: Path, error: Exception) -> CannotRead:
    return CannotRead(refusal("usage.backup_broken", path=file, error=f"{type(error).__name__}: {error}"))


# What zipfile, zlib and json raise at bytes that are not what was written.
_NOT_WHOLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError)


def _tables(packed: zipfile.ZipFile, file: Path) -> Tables:
    about = json.loads(packed.read("about.json"))
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise CannotRead(refusal("usage.backup_none", path=file))
    if about.get("version") != database.newest():
        raise CannotRead(refusal("usage.backup_version", path=file, found=about.get("version"), known=database.newest()))
    tables = {}
    for table in metadata.sorted_tables:
        rows = [json.loads(line) for line in packed.read(f"tables/{table.name}.jsonl").splitlines()]
        if any(not isinstance(row, dict) or set(row) != set(table.c.keys()) for row in rows):
            raise CannotRead(refusal("usage.backup_columns", path=file, table=table.name))
        tables[table.name] = rows
    counted = sum(len(rows) for rows in tables.values())
    if counted != about.get("rows"):
        raise CannotRead(refusal("usage.backup_rows", path=file, counted=counted, written=about.get("rows")))
    return tables


def _look_at_originals(packed: zipfile.ZipFile, file: Path, tables: Tables) -> None:
    there = _stored(packed)
    for sha256 in there:
        if hashlib.sha256(packed.read(f"store/{sha256}")).hexdigest() != sha256:
            raise CannotRead(refusal("usage.backup_changed", path=file, sha256=sha256[:12]))
    for sha256 in {str(row["sha256"]) for row in tables["original"]} - set(there):
        raise CannotRead(refusal("usage.backup_lacks", path=file, sha256=sha256[:12]))


def _stored(packed: zipfile.ZipFile) -> list[str]:
    return [name.removeprefix("store/") for name in packed.namelist() if name.startswith("store/")]


def _make(packed: zipfile.ZipFile, file: Path, tables: Tables, settings: bytes | None, folder: Path, url: str | None) -> tuple[int, int]:
    if folder.exists() and any(folder.iterdir()):
        raise BadUsage(refusal("usage.restore_folder", path=folder))
    if url is not None:
        _require_empty(url)
    was_there = folder.exists()
    try:
        home = make(folder, url)
        if settings is not None:
            (folder / _SETTINGS).write_bytes(settings)
        rows = _filled(packed, tables, home)
    except BaseException as error:
        _empty(folder, keep=was_there)
        if isinstance(error, StatementError):
            raise CannotRead(refusal("usage.backup_misfits", path=file, error=first_line(error.orig or error))) from error
        raise
    return rows, len(_stored(packed))


def _filled(packed: zipfile.ZipFile, tables: Tables, home: Home) -> int:
    """The rows come last, in one transaction: until then a database that was empty is as it was."""
    try:
        database.upgrade(home.engine)
        for sha256 in _stored(packed):
            home.store.put(packed.read(f"store/{sha256}"))
        return _insert(home, tables)
    finally:
        home.engine.dispose()


def _empty(folder: Path, *, keep: bool) -> None:
    """Remove what was made of a restore that failed, so that it can be tried again."""
    for path in folder.iterdir() if folder.exists() else ():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if not keep and folder.exists():
        folder.rmdir()


def _require_empty(url: str) -> None:
    engine = database.connect(url)
    try:
        with database.reaching(engine) as connection:
            for name in set(inspect(connection).get_table_names()) & set(metadata.tables):
                if connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar():
                    raise BadUsage(refusal("usage.restore_database", table=name))
    finally:
        engine.dispose()


def _insert(home: Home, tables: Tables) -> int:
    rows = 0
    with database.reaching(home.engine) as connection:
        for table in metadata.sorted_tables:
            for some in _groups(tables[table.name]):
                connection.execute(insert(table), some)
                rows += len(some)
            if database.is_postgresql(home.engine) and table.c.keys()[0] == "id" and table.c.id.type.python_type is int:
                _go_on_counting(connection, table.name)
    return rows


def _go_on_counting(connection: Connection, table: str) -> None:
    """PostgreSQL counts rows by itself; after rows that came with their numbers it has to be told where it is."""
    last = f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table})"
    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last}, false)"))


def _groups(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for n in range(0, len(rows), _SOME):
        yield rows[n : n + _SOME]
