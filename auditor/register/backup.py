"""A copy of the register as one zip: every table as JSON lines and every original. The same form for both databases."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from auditor.errors import BadUsage, CannotRead
from auditor.register import database
from auditor.register.home import Home, make
from auditor.register.schema import metadata

FORMAT = "audit-register/1"
_SOME = 1000
_SETTINGS = "register.yaml"


def write(home: Home, file: Path) -> tuple[int, int]:
    """Write the copy, whole or not at all; how many rows and originals are in it. Everything in it is of one moment."""
    if file.exists():
        raise BadUsage(f"{file}: the file is there already; a backup is not written over another.")
    if not file.parent.is_dir():
        raise BadUsage(f"{file}: the folder {file.parent} does not exist.")
    new = file.with_name(f".{file.name}.new")
    rows = originals = 0
    try:
        with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as packed:
            with database.reaching(home.engine) as connection:
                if database.is_postgresql(home.engine):
                    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                for table in metadata.sorted_tables:
                    lines = [
                        json.dumps(dict(row), ensure_ascii=False)
                        for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
                    ]
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
    """Make the register again. Raises BadUsage where there is one already, CannotRead where the copy is not whole."""
    try:
        with zipfile.ZipFile(file) as packed:
            return _read(packed, file, folder, url)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError) as error:
        raise CannotRead(f"{file}: this is no whole backup of a register ({error}).") from error


def _read(packed: zipfile.ZipFile, file: Path, folder: Path, url: str | None) -> tuple[int, int]:
    about = json.loads(packed.read("about.json"))
    if about.get("format") != FORMAT or about.get("version") != database.newest():
        raise CannotRead(
            f"{file}: a backup of another version ({about.get('format')}, {about.get('version')}); this is {database.newest()}."
        )
    if folder.exists() and any(folder.iterdir()):
        raise BadUsage(f"{folder}: the folder is not empty; a register is restored into a new one.")
    home = make(folder, url)
    try:
        return _filled(packed, file, home, about)
    finally:
        home.engine.dispose()


def _filled(packed: zipfile.ZipFile, file: Path, home: Home, about: dict[str, Any]) -> tuple[int, int]:
    database.upgrade(home.engine)
    for name in packed.namelist():
        if name.startswith("store/"):
            sha256 = home.store.put(packed.read(name))
            if sha256 != name.removeprefix("store/"):
                raise CannotRead(f"{file}: the original {name.removeprefix('store/')[:12]}… in it has been changed.")
    rows = 0
    with database.reaching(home.engine) as connection:
        for table in metadata.sorted_tables:
            if connection.execute(select(func.count()).select_from(table)).scalar():
                raise BadUsage(f"The database is not empty: {table.name} has rows; a register is restored into an empty one.")
            lines = packed.read(f"tables/{table.name}.jsonl").decode().split("\n")
            for some in _groups([json.loads(line) for line in lines if line]):
                connection.execute(insert(table), some)
                rows += len(some)
            if database.is_postgresql(home.engine) and table.c.keys()[0] == "id" and table.c.id.type.python_type is int:
                _go_on_counting(connection, table.name)
    if _SETTINGS in packed.namelist():
        (home.folder / _SETTINGS).write_bytes(packed.read(_SETTINGS))
    if rows != about["rows"]:
        raise CannotRead(f"{file}: {rows:,} rows are in it, {about['rows']:,} were written.")
    return rows, int(about["originals"])


def _go_on_counting(connection: Connection, table: str) -> None:
    """PostgreSQL counts rows by itself; after rows that came with their numbers it has to be told where it is."""
    last = f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table})"
    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last}, false)"))


def _groups(rows: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    for n in range(0, len(rows), _SOME):
        yield rows[n : n + _SOME]


def digest(file: Path) -> str:
    """SHA-256 of a backup, to be written down beside it."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
