"""A register on SQLite and one on PostgreSQL: every test that takes `home` or `place` runs on both."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from history import fill
from sqlalchemy import text

from auditor.inbox import commission_tables, reviewing
from auditor.register import database
from auditor.register.home import make, open_
from auditor.register.schema import APPEND_ONLY, metadata
from auditor.rulebook.load import load

BOTH = ("sqlite", "postgresql")


@pytest.fixture(params=BOTH)
def url(request, tmp_path):
    """The address of an empty database: of the register's own file, and of a PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'register.sqlite3'}"
    return request.getfixturevalue("server").database()


@dataclass(frozen=True)
class Place:
    """Where a register is or will be: a folder and, for PostgreSQL, a URL."""

    kind: str
    folder: Path
    url: str | None

    @property
    def options(self):
        """For the command line."""
        return ["--home", self.folder, *(["--database", self.url] if self.url else [])]

    @property
    def database(self):
        """The address of the database."""
        return self.url or database.url_of(self.folder)


@pytest.fixture
def somewhere(request, tmp_path):
    """A function: kind of database → a place with nothing in it. PostgreSQL is started for the first test that asks for it."""
    numbers = count()

    def place(kind):
        folder = tmp_path / f"register-{next(numbers)}"
        return Place(kind, folder, None if kind == "sqlite" else request.getfixturevalue("server").database())

    return place


@pytest.fixture(params=BOTH)
def place(request, somewhere):
    """An empty place on each database."""
    return somewhere(request.param)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A SQLite file with the tables."""
    folder = tmp_path_factory.mktemp("migrated")
    made = make(folder, None)
    database.upgrade(made.engine)
    with closing(sqlite3.connect(folder / "register.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "register.sqlite3"


class Emptied:
    """Databases of the server with the tables and nothing in them. One that a test is done with is emptied for the next, which takes a
    tenth of the time of a new one; where the test has changed more than rows it is thrown away."""

    def __init__(self, running):
        self._server = running
        self._free = []
        self._made = count(1)

    def take(self):
        if self._free:
            return self._free.pop()
        name = f"emptied_{next(self._made)}"
        self._server.do(f"CREATE DATABASE {name} TEMPLATE template0")
        engine = database.connect(self._server.url(name))
        database.upgrade(engine)
        engine.dispose()
        return name

    def give_back(self, name):
        import psycopg

        asked = "SELECT (SELECT version_num FROM alembic_version), (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal)"
        with psycopg.connect(self._server.dsn(name), autocommit=True) as connection:
            whole = connection.execute(asked).fetchone() == (database.newest(), len(APPEND_ONLY))
            if whole:
                empty = [f"DELETE FROM {table.name}" for table in metadata.sorted_tables]
                start = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
                # In this role neither triggers nor foreign keys are looked at.
                connection.execute("; ".join(["SET session_replication_role = replica", *empty, start]))
        if whole:
            self._free.append(name)
        else:
            self._server.do(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def emptied(server):
    """The databases that tests on PostgreSQL share, one after the other."""
    return Emptied(server)


@pytest.fixture
def ready(request, somewhere, tmp_path):
    """A function: kind of database → a place with the tables and nothing in them."""
    taken = []

    def made(kind):
        if kind == "sqlite":
            where = somewhere(kind)
            where.folder.mkdir()
            shutil.copy(request.getfixturevalue("migrated"), where.folder / "register.sqlite3")
        else:
            shared = request.getfixturevalue("emptied")
            taken.append((shared, shared.take()))
            where = Place(kind, tmp_path / f"shared-{len(taken)}", request.getfixturevalue("server").url(taken[-1][1]))
        make(where.folder, where.url).engine.dispose()
        return where

    yield made
    for shared, name in taken:
        shared.give_back(name)


@pytest.fixture(params=BOTH)
def register(request, ready):
    """A place with the tables, on each database."""
    return ready(request.param)


@pytest.fixture
def home(register):
    """The register opened."""
    opened = open_(register.folder, register.url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def unprotected(home):
    """A function that does SQL behind the program's back: the triggers that protect the table are taken away or passed by."""

    def do(table, statement, **values):
        with home.engine.begin() as connection:
            if database.is_postgresql(home.engine):
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                for change in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS keep_{table}_{change}"))
            connection.execute(text(statement), values)

    return do


_load = cache(load)


@pytest.fixture(autouse=True)
def law_read_once(monkeypatch):
    """The rulebook is read once for all tests: a quarter of a second for each command."""
    for module in (commission_tables, reviewing):
        monkeypatch.setattr(module, "load", _load)


@pytest.fixture
def rows():
    """A function that writes at least one row into every table."""
    return fill
