"""A register for a test, and commands on it."""

import sys
from functools import cache

import pytest
from inboxes import Register

from auditor.cli.main import main
from auditor.inbox import work

LAW = cache(work.load)


@pytest.fixture(autouse=True)
def _the_law_is_read_once(monkeypatch):
    monkeypatch.setattr(work, "load", LAW)


@pytest.fixture
def database_url():
    """None: the SQLite file of the register's folder."""


@pytest.fixture
def register(tmp_path, database_url):
    made = Register(tmp_path / "home", database_url)
    yield made
    made.home.engine.dispose()


@pytest.fixture
def run(capsys, monkeypatch, register):
    """An `audit` command on the register: exit status, what it said, what it complained of."""

    def command(*args, home=None):
        where = ["--home", str(home or register.home.folder), *(["--database", register.url] if register.url else [])]
        monkeypatch.setattr(sys, "argv", ["audit", *map(str, args[:2]), *where, *map(str, args[2:])])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return left.value.code or 0, said.out, said.err

    return command
