"""A register for a test, and commands on it."""

from functools import cache

import pytest
from inboxes import Register

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
def run(audit_command, register):
    """An `audit` command on the register."""

    def command(*args, home=None):
        where = ["--home", str(home or register.home.folder), *(["--database", register.url] if register.url else [])]
        return audit_command(*args[:2], *where, *args[2:], width=100)

    return command
