"""A register on SQLite and one on PostgreSQL: every test that takes `home` or `place` runs on both."""

import shutil
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from history import fill
from postgres import anew, server  # noqa: F401
from sqlalchemy import text

from auditor.cli.main import main
from auditor.register import database
from auditor.register.home import make, open_

BOTH = ("sqlite", "postgresql")
ELECTION = "kz/majilis-2023"


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
    opened = []

    def place(kind, template=None):
        folder = tmp_path / f"register-{len(opened)}"
        if kind == "sqlite":
            opened.append(None)
            return Place(kind, folder, None)
        running = request.getfixturevalue("server")
        database_of = anew(running, template)
        opened.append(database_of)
        return Place(kind, folder, running.url(database_of.__enter__()))

    yield place
    for each in opened:
        if each is not None:
            each.__exit__(None, None, None)


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
    with sqlite3.connect(folder / "register.sqlite3") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "register.sqlite3"


@pytest.fixture(scope="session")
def migrated_there(server):  # noqa: F811
    """The name of a database of the server with the tables."""
    server.do("CREATE DATABASE migrated TEMPLATE template0")
    engine = database.connect(server.url("migrated"))
    database.upgrade(engine)
    engine.dispose()
    return "migrated"


@pytest.fixture
def ready(request, somewhere):
    """A function: kind of database → a place with the tables and nothing in them."""

    def made(kind):
        if kind == "postgresql":
            where = somewhere(kind, request.getfixturevalue("migrated_there"))
        else:
            where = somewhere(kind)
            where.folder.mkdir()
            shutil.copy(request.getfixturevalue("migrated"), where.folder / "register.sqlite3")
        make(where.folder, where.url).engine.dispose()
        return where

    return made


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
    """A function that does SQL behind the program's back: the triggers that protect the table are taken away first."""

    def do(table, statement, **values):
        with home.engine.begin() as connection:
            if database.is_postgresql(home.engine):
                connection.execute(text(f"DROP TRIGGER IF EXISTS keep_{table} ON {table}"))
            else:
                for change in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS keep_{table}_{change}"))
            connection.execute(text(statement), values)

    return do


@pytest.fixture
def run(capsys, monkeypatch):
    """`audit` in this process: exit status, what it printed, what it said of errors."""

    def command(*args):
        monkeypatch.setattr(sys, "argv", ["audit", *map(str, args)])
        monkeypatch.setenv("COLUMNS", "140")
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return left.value.code or 0, said.out, said.err

    return command


@pytest.fixture
def rows():
    """A function that writes at least one row into every table."""
    return fill
