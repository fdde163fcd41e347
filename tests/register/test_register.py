"""The register on SQLite and on PostgreSQL: its tables, what cannot be changed in them, and the commands from the first to the last."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from auditor.errors import BadUsage
from auditor.inbox.settings import load as load_settings
from auditor.register import arrivals, backup, database, decisions, runs
from auditor.register.home import make
from auditor.register.runs import Answer, AppliedLaw
from auditor.register.schema import APPEND_ONLY, metadata

AT = "2023-03-16T03:00:00+00:00"
LAW = AppliedLaw("2023-03-16", "1.0.0", "0" * 64, "audit", "{}")
OF = "kz-majilis-2023"


@pytest.fixture
def home(url, tmp_path):
    made = make(tmp_path / "home", url)
    database.upgrade(made.engine)
    with made.engine.begin() as c:
        arrivals.begin(c, OF, "kz/majilis-2023")
        arrivals.set_contestants(c, OF, [{"contestant_id": f"SM-{n}", "contest": "single_mandate", "name": f"N {n}"} for n in range(3)])
    yield made
    made.engine.dispose()


def arrived(home, name, content=b"x", at=AT, whose=("SM-0",)):
    sha256 = home.store.put(content)
    with home.engine.begin() as c:
        one = arrivals.receive(c, OF, name=name, mark=f"{name}|{len(content)}|1", sha256=sha256, size=len(content), at=at, who="test")
        arrivals.belongs_to(c, OF, one.id, whose, None)
        return arrivals.one(c, one.id)


def finding(key, rule="DON-001", **more):
    told = {"key": key, "rule": rule, "outcome": "breach", "severity": "major", "remedied": False, "measured": "9.00", "limit": "7.00", "excess": "2.00", "subject": "900101300017", "message": "Donor ••••••••0017"}  # fmt: skip
    return told | more


def recorded(home, *answers):
    with home.engine.begin() as c:
        return runs.record(
            c, OF, AT, LAW, [Answer(cid, f"from {n}", found, frozenset(rules), 0) for n, (cid, found, rules) in enumerate(answers)], "test"
        )


def test_the_migrated_tables_are_those_of_the_program(home):
    with home.engine.connect() as c:
        assert compare_metadata(MigrationContext.configure(c), metadata) == []
    assert database.upgrade(home.engine) == ("0001", "0001")
    database.require_newest(home.engine)


def test_tables_of_another_version_are_refused_in_words(home, tmp_path, url):
    with home.engine.begin() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BadUsage, match="newer than this program"):
        database.require_newest(home.engine)
    with home.engine.begin() as c:
        c.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(BadUsage, match="audit db upgrade"):
        database.require_newest(home.engine)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_written_stays(table, home):
    one = arrived(home, "a.csv")
    recorded(home, ("SM-0", [finding("DON-001-aaaaaaaaaaaa")], ["DON-001"]))
    with home.engine.begin() as c:
        found = decisions.find(c, OF, "DON-001-aaaaaaaaaaaa")
        decisions.decide(c, OF, found, kind="accept", by="A", reason="", code=None, at=AT)
        assert c.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar() > 0
    column = {"original": "bytes", "run": "at", "result": "made_from", "finding_change": "told", "decision": "reason", "log": "what"}[table]
    for statement in (f"UPDATE {table} SET {column} = '7'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="neither changed nor removed"), home.engine.begin() as c:
            c.execute(text(statement))
    if not database.is_postgresql(home.engine):
        with pytest.raises(DBAPIError, match="neither changed nor removed"), home.engine.begin() as c:
            c.execute(text(f"REPLACE INTO {table} SELECT * FROM {table}"))
    assert one.label == "000001-a.csv"


def test_what_was_said_of_a_contestant_is_remembered_by_what_it_was_made_from(home):
    recorded(home, ("SM-0", [], []), ("SM-1", [], []))
    recorded(home, ("SM-1", [], []))
    with home.engine.begin() as c:
        assert runs.made_from(c, OF) == {"SM-0": "from 0", "SM-1": "from 0"}
        assert runs.since(c, OF) == {}


def test_the_commands_on_either_database(url, tmp_path, run):
    at = ["--home", tmp_path / "home", "--database", url]
    assert run("db", "check", *at)[0] == 2  # there is none yet
    assert run("db", "upgrade", *at)[0] == 0
    assert run("db", "upgrade", *at)[0] == 0
    people = tmp_path / "contestants.csv"
    people.write_text("contestant_id,contest,name\nSM-1,single_mandate,Ашық Есім\n", encoding="utf-8")
    assert run("db", "tables", *at, people)[0] == 0
    filing = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\nSM-1,single_mandate,2023-03-01,donation,9000000,individual,900101300017,\x1b[31m\u202eДонор\n"
    (tmp_path / "home" / "inbox" / "a.csv").write_text(filing, encoding="utf-8")
    (tmp_path / "home" / "register.yaml").write_text("lang: en\nsettle_seconds: 0\n", encoding="utf-8")
    code, said, err = run("inbox", "run", "--no-pdf", *at)
    assert (code, err) == (0, ""), said
    code, said, _ = run("review", "list", *at)
    assert "DON-001" in said
    assert "900101300017" not in said
    assert "\x1b" not in said
    assert "\u202e" not in said
    key = json.loads(run("review", "list", "--format", "json", "--rule", "DON", *at)[1])[0]["key"]
    assert run("review", "note", key, "--by", "A", "--reason", "look", *at)[0] == 0
    assert run("review", "accept", "DON", "--by", "A", *at)[0] == 2
    assert run("db", "backup", tmp_path / "copy.zip", *at)[0] == 0
    code, said, _ = run("db", "check", *at)
    assert (code, "whole" in said) == (0, True)
    assert run("db", "log", *at)[0] == 0
    assert run("inbox", "status", *at)[0] == 0
    shutil.rmtree(tmp_path / "home" / "store")
    code, said, _ = run("db", "check", *at)
    assert (code, "not in the store" in said) == (1, True)


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("lang: fr\n", "'fr'"),
        ("commission: [not an address]\nmail: {host: h, sender: a@b.example}\n", "not an address"),
        ("commission: [a@b.example]\n", "mail"),
        ("webhook: {url: 'file:///etc/passwd', secret_file: x}\n", "file:///etc"),
        ("unknown: 1\n", "unknown"),
    ],
)
def test_settings_are_refused_with_their_place(said, about, tmp_path):
    (tmp_path / "register.yaml").write_text(said, encoding="utf-8")
    with pytest.raises(BadUsage, match="register.yaml, line") as error:
        load_settings(tmp_path)
    assert about in str(error.value)


def test_the_server_of_the_tests_is_gone_after_them():
    code = "import sys; sys.path.insert(0, 'tests'); import postgres; s = postgres.server(); print(s._folder if s else '')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    folder = done.stdout.strip()
    if not folder:
        pytest.skip("PostgreSQL is not installed")
    assert not Path(folder).exists()


@pytest.mark.parametrize("name", ["q?x", "100%20", "a#b", "Тізілім «а»"])
def test_the_database_is_in_its_folder_whatever_the_folder_is_called(name, tmp_path):
    home = make(tmp_path / name, None)
    database.upgrade(home.engine)
    home.engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "register.sqlite3").stat().st_size > 0


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_what_was_filed_is_for_nobody_else_on_the_machine(tmp_path):
    before = os.umask(0o022)
    try:
        home = make(tmp_path / "register", None)
        database.upgrade(home.engine)
        home.store.put(b"900101300017")
        backup.write(home, tmp_path / "copy.zip")
    finally:
        os.umask(before)
    home.engine.dispose()
    folders = [home.folder, *(path for path in home.folder.iterdir() if path.is_dir())]
    assert {path.stat().st_mode & 0o077 for path in (*folders, home.folder / "register.sqlite3", tmp_path / "copy.zip")} == {0}
