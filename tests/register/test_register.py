"""The register on SQLite and on PostgreSQL: nothing changed unseen, findings followed, two people for a signature, copies restored."""

import itertools
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from auditor.cli.main import main
from auditor.errors import AuditError, BadUsage, CannotRead
from auditor.inbox import own
from auditor.inbox.settings import Settings
from auditor.inbox.settings import load as load_settings
from auditor.register import arrivals, backup, checkup, database, decisions, log, outbox, runs
from auditor.register.home import alone, make, open_
from auditor.register.runs import Answer, Law
from auditor.register.schema import APPEND_ONLY, metadata
from auditor.register.store import Store

AT = "2023-03-16T03:00:00+00:00"
LAW = Law("2023-03-16", "1.0.0", "0" * 64, "audit", "{}")
OF = "kz-majilis-2023"
NOW = datetime(2023, 3, 16, 3, tzinfo=UTC)


@pytest.fixture
def home(url, tmp_path):
    made = make(tmp_path / "home", url)
    database.upgrade(made.engine)
    with made.engine.begin() as c:
        arrivals.begin(c, OF, "kz/majilis-2023")
        arrivals.set_contestants(c, OF, [{"contestant_id": f"SM-{n}", "contest": "single_mandate", "name": f"N {n}"} for n in range(3)])
    yield made
    made.engine.dispose()


@pytest.fixture
def run(capsys, monkeypatch):
    def command(*args):
        monkeypatch.setattr(sys, "argv", ["audit", *map(str, args)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return left.value.code or 0, said.out, said.err

    return command


def arrived(home, name, content=b"x", at=AT, whose=("SM-0",)):
    sha256 = home.store.put(content)
    with home.engine.begin() as c:
        one = arrivals.receive(c, OF, name, f"{name}|{len(content)}|1", sha256, len(content), at, "inbox", "test")
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


# --- the tables ---


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
        decisions.decide(c, OF, found, "accept", "A", "", None, AT)
        assert c.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar() > 0
    column = {"original": "bytes", "run": "at", "result": "made_from", "finding_change": "told", "decision": "reason", "log": "what"}[table]
    for statement in (f"UPDATE {table} SET {column} = '7'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="neither changed nor removed"), home.engine.begin() as c:
            c.execute(text(statement))
    if not database.is_postgresql(home.engine):
        with pytest.raises(DBAPIError, match="neither changed nor removed"), home.engine.begin() as c:
            c.execute(text(f"REPLACE INTO {table} SELECT * FROM {table}"))
    assert one.label == "000001-a.csv"


# --- the log ---


def unprotected(home, table="log"):
    with home.engine.begin() as c:
        if database.is_postgresql(home.engine):
            c.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        else:
            for change in ("update", "delete", "replace"):
                c.execute(text(f"DROP TRIGGER keep_{table}_{change}"))


@pytest.mark.parametrize("column", ["at", "who", "what", "details", "previous", "hash"])
def test_a_changed_cell_of_the_log_is_found(column, home):
    for n in range(4):
        with home.engine.begin() as c:
            log.append(c, AT, "test", "thing", {"n": n})
    assert checkup.checkup(home).faults == []
    unprotected(home)
    with home.engine.begin() as c:
        c.execute(text(f"UPDATE log SET {column} = {column} || 'x' WHERE n = 2"))
    assert any("row 2" in fault or "row 3" in fault for fault in checkup.checkup(home).faults)


def test_a_removed_row_of_the_log_is_found(home):
    for n in range(4):
        with home.engine.begin() as c:
            log.append(c, AT, "test", "thing", {"n": n})
    unprotected(home)
    with home.engine.begin() as c:
        c.execute(text("DELETE FROM log WHERE n = 2"))
    assert checkup.checkup(home).faults


def test_two_writers_make_one_chain(home):
    def write(who):
        for n in range(15):
            database.again(lambda n=n: _append(home, who, n), (0.05,) * 20, __import__("time").sleep)

    threads = [threading.Thread(target=write, args=(who,)) for who in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with home.engine.begin() as c:
        assert log.head(c)[0] == 45
        assert log.faults(c) == []


def _append(home, who, n):
    with home.engine.begin() as c:
        log.append(c, AT, who, "thing", {"n": n})


def test_time_in_the_log_never_goes_back(home):
    with home.engine.begin() as c:
        log.append(c, "2023-03-16T03:00:00+00:00", "t", "a", {})
        log.append(c, "2023-03-15T03:00:00+00:00", "t", "b", {})
    last = checkup.tail(home, 1)[0]
    assert (last["at"], last["details"]) == ("2023-03-16T03:00:00+00:00", {"clock": "2023-03-15T03:00:00+00:00"})
    with home.engine.begin() as c:
        assert log.faults(c) == []


# --- originals ---


def test_originals_are_kept_once_and_given_out_only_as_they_came(home):
    sha256 = home.store.put(b"content")
    path = home.store.path(sha256)
    assert home.store.put(b"content") == sha256
    assert path.stat().st_mode & 0o222 == 0
    assert [*home.store.all()] == [sha256]
    with home.engine.begin() as c:
        arrivals.keep(c, sha256, 7, AT)
    path.chmod(0o644)
    path.write_bytes(b"Content")
    with pytest.raises(CannotRead, match="has been changed"):
        home.store.get(sha256)
    assert any(sha256[:12] in fault for fault in checkup.checkup(home).faults)
    path.unlink()
    assert any("not in the store" in fault for fault in checkup.checkup(home).faults)


def test_a_store_that_cannot_be_written_leaves_nothing_half(tmp_path, monkeypatch):
    store = Store(tmp_path / "store")
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        store.put(b"content")
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []


# --- arrivals ---


def test_the_same_file_is_recorded_once_and_a_copy_says_so(home):
    first = arrived(home, "a.csv", b"one")
    again = arrived(home, "a.csv", b"one")
    assert again.id == first.id
    copy = arrived(home, "b.csv", b"one")
    assert (copy.id, copy.same_as) == (first.id + 1, first.id)
    other = arrived(home, "c.csv", b"two", whose=("SM-0", "SM-1"))
    assert other.whose == {"SM-0": 3, "SM-1": 1}
    with home.engine.begin() as c:
        assert [one.id for one in arrivals.filings_of(c, OF, ["SM-0"])["SM-0"]] == [first.id, copy.id, other.id]
        assert arrivals.counts(c, OF) == {"stored": 3}


def test_one_pass_at_a_time(home, url):
    other = open_(home.folder, url)
    with alone(home) as ours, alone(other) as theirs:
        assert (ours, theirs) == (True, False)
    other.engine.dispose()
    with alone(home) as ours:
        assert ours


# --- findings ---

NUMBERS = itertools.count()
STATES = st.lists(
    st.tuples(st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["8.00", "9.00"])), st.booleans()), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=STATES)
def test_findings_are_followed_as_a_simple_model_says(history, home):
    """Keys with a measure in each run; where the rule was not assessed nothing is resolved."""
    cid = "SM-0"
    prefix = f"DON-001-{next(NUMBERS)}-"
    known: dict[str, str] = {}
    opened: set[str] = set()
    for found, assessed in history:
        told = recorded(
            home, (cid, [finding(f"{prefix}{key}", measured=measured) for key, measured in found.items()], ["DON-001"] if assessed else [])
        )
        for key, measured in found.items():
            name = f"{prefix}{key}"
            if name not in known:
                assert name in told["new"]
            elif name not in opened:
                assert name in told["returned"]
            elif known[name] != measured:
                assert name in told["changed"]
            else:
                assert name in told["unchanged"]
            known[name] = measured
        gone = {name for name in opened if name.removeprefix(prefix) not in found}
        assert gone & set(told["resolved"]) == (gone if assessed else set())
        opened = (opened - gone if assessed else opened) | {f"{prefix}{key}" for key in found}
    recorded(home, (cid, [], ["DON-001"]))


def test_what_was_said_of_a_contestant_is_remembered_by_what_it_was_made_from(home):
    recorded(home, ("SM-0", [], []), ("SM-1", [], []))
    recorded(home, ("SM-1", [], []))
    with home.engine.begin() as c:
        assert runs.made_from(c, OF) == {"SM-0": "from 0", "SM-1": "from 0"}
        assert runs.since(c, OF) == {}


# --- decisions ---


def test_two_people_for_a_signature_whatever_the_program_says(home):
    recorded(home, ("SM-0", [finding("DON-001-aaaaaaaaaaaa")], ["DON-001"]))
    with home.engine.begin() as c:
        one = decisions.find(c, OF, "DON-001-aaaa")
        decisions.decide(c, OF, one, "accept", "A. Audit", "seen", None, AT)
        one = decisions.find(c, OF, "DON-001-aaaa")
        with pytest.raises(BadUsage, match="another person"):
            decisions.decide(c, OF, one, "sign", "a. audit", "", None, AT)
        made = one.standing.id
        for same in ("a.  AUDIT ", "\uff21. Audit"):
            with pytest.raises(BadUsage, match="another person"):
                decisions.decide(c, OF, one, "sign", same, "", None, AT)
    row = {"e": OF, "k": "DON-001-aaaaaaaaaaaa", "a": one.about, "n": made}
    insert = 'INSERT INTO decision (election, key, kind, "by", person, code, reason, at, about, signs, signs_person) VALUES (:e, :k, '
    for values in (
        "'sign', 'A', 'a. audit', NULL, '', 'x', :a, :n, 'a. audit')",
        "'sign', 'A', 'a. audit', NULL, '', 'x', :a, :n, 'somebody else')",
        "'sign', 'B', 'b', NULL, '', 'x', :a, NULL, NULL)",
        "'dismiss', 'B', 'b', NULL, 'because', 'x', :a, NULL, NULL)",
        "'dismiss', 'B', 'b', 'evidence', '', 'x', :a, NULL, NULL)",
        "'forget', 'B', 'b', NULL, 'because', 'x', :a, NULL, NULL)",
    ):
        with pytest.raises(DBAPIError), home.engine.begin() as c:
            c.execute(text(insert + values), {name: value for name, value in row.items() if f":{name}" in insert + values})
    with home.engine.begin() as c:
        decisions.decide(c, OF, decisions.find(c, OF, "DON-001-aaaa"), "sign", "B. Chair", "", None, AT)
        assert decisions.find(c, OF, "DON-001-aaaa").state == "signed"
        with pytest.raises(BadUsage, match="signed already"):
            decisions.decide(c, OF, decisions.find(c, OF, "DON-001-aaaa"), "sign", "C", "", None, AT)


def test_a_decision_does_not_outlive_a_change_of_what_it_was_about(home):
    recorded(home, ("SM-0", [finding("DON-001-aaaaaaaaaaaa")], ["DON-001"]))
    with home.engine.begin() as c:
        decisions.decide(c, OF, decisions.find(c, OF, "DON-001-a"), "dismiss", "A", "refunded", "remedied", AT)
        assert decisions.find(c, OF, "DON-001-a").state == "dismissed"
    recorded(home, ("SM-0", [finding("DON-001-aaaaaaaaaaaa", measured="10.00", excess="3.00")], ["DON-001"]))
    recorded(home, ("SM-0", [], ["DON-001"]))
    recorded(home, ("SM-0", [finding("DON-001-aaaaaaaaaaaa")], ["DON-001"]))
    with home.engine.begin() as c:
        one = decisions.find(c, OF, "DON-001-a")
        assert [change for _, change in one.changes] == ["new", "changed", "resolved", "returned"]
        assert one.state == "dismissed"  # it is again what was decided on, and its history says so
        for wrong in ("DON", "DON-009-zz"):
            with pytest.raises(BadUsage):
                decisions.find(c, OF, wrong)


def test_keys_are_told_apart(home):
    recorded(
        home, ("SM-0", [finding("DON-001-aaaa11111111"), finding("DON-001-aaaa22222222"), finding("DON-001-%aaa22222222")], ["DON-001"])
    )
    with home.engine.begin() as c:
        with pytest.raises(BadUsage, match="several"):
            decisions.find(c, OF, "DON-001-aaaa")
        assert decisions.find(c, OF, "DON-001-%").key == "DON-001-%aaa22222222"


# --- copies ---


def filled(home):
    arrived(home, "a.csv", b"one")
    arrived(home, "b.csv", b"two", whose=("SM-1",))
    recorded(home, ("SM-0", [finding("DON-001-aaaaaaaaaaaa")], ["DON-001"]))
    with home.engine.begin() as c:
        decisions.decide(c, OF, decisions.find(c, OF, "DON-001-a"), "accept", "A", "", None, AT)
        outbox.queue(c, "once", "email", "a@b.example", "s", "b", AT)


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_a_copy_is_restored_into_either_database_and_goes_on(into, home, tmp_path, request):
    filled(home)
    rows, originals = backup.write(home, tmp_path / "copy.zip")
    assert (rows > 10, originals) == (True, 2)
    url = None if into == "sqlite" else request.getfixturevalue("server").database()
    assert backup.read(tmp_path / "copy.zip", tmp_path / "new", url) == (rows, originals)
    new = open_(tmp_path / "new", url)
    assert checkup.checkup(new).faults == []
    assert checkup.checkup(new).head == checkup.checkup(home).head
    third = arrived(new, "c.csv", b"three")
    assert (third.id, third.whose) == (3, {"SM-0": 2})
    with new.engine.begin() as c:
        assert decisions.find(c, OF, "DON-001-a").state == "accepted"
        assert not outbox.queue(c, "once", "email", "a@b.example", "s", "b", AT)
        decisions.decide(c, OF, decisions.find(c, OF, "DON-001-a"), "sign", "B", "", None, AT)
    assert checkup.checkup(new).faults == []
    with pytest.raises(BadUsage, match="not empty"):
        backup.read(tmp_path / "copy.zip", tmp_path / "new", url)
    new.engine.dispose()


def test_a_copy_that_is_not_whole_is_refused(home, tmp_path):
    filled(home)
    backup.write(home, tmp_path / "copy.zip")
    with pytest.raises(BadUsage, match="not written over"):
        backup.write(home, tmp_path / "copy.zip")
    whole = (tmp_path / "copy.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CannotRead):
        backup.read(tmp_path / "cut.zip", tmp_path / "new", None)
    with zipfile.ZipFile(tmp_path / "copy.zip") as old, zipfile.ZipFile(tmp_path / "changed.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b"x" if name.startswith("store/") else b""))
    with pytest.raises(CannotRead, match="has been changed"):
        backup.read(tmp_path / "changed.zip", tmp_path / "other", None)
    sha256 = next(home.store.all())
    home.store.path(sha256).chmod(0o644)
    home.store.path(sha256).write_bytes(b"?")
    with pytest.raises(CannotRead):
        backup.write(home, tmp_path / "second.zip")
    assert not (tmp_path / "second.zip").exists()
    assert not [path for path in tmp_path.glob(".*.new")]


# --- the commission's own tables, and the command line ---


def test_own_tables_are_taken_all_or_none(home, tmp_path):
    people, wrong = tmp_path / "contestants.csv", tmp_path / "reports.csv"
    people.write_text("contestant_id,contest,name,person_id\nSM-7,single_mandate,Ашық Есім,900101300017\n", encoding="utf-8")
    wrong.write_text("contestant_id,contest,date,kind,amount\nSM-7,single_mandate,2023-03-01,donation,5\n", encoding="utf-8")
    with pytest.raises(AuditError):
        own.take(home, Settings(), [people, wrong], NOW, "test")
    with home.engine.begin() as c:
        assert arrivals.own_tables(c, OF) == {}
        assert "SM-7" not in arrivals.contestants(c, OF)
    assert own.take(home, Settings(), [people], NOW, "test") == [("contestants", "contestants.csv", 1)]
    with home.engine.begin() as c:
        assert arrivals.contestants(c, OF)["SM-7"].person_id == "900101300017"
        assert "SM-0" in arrivals.contestants(c, OF)


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
    ("url_", "said"),
    [
        ("postgresql+psycopg://nobody@127.0.0.1:1/x", "cannot be used"),
        ("mysql://x", "SQLite or in PostgreSQL"),
        ("not an address", "address of the database"),
    ],
)
def test_a_database_that_cannot_be_had_is_one_line(url_, said, tmp_path, run):
    code, _, err = run("db", "upgrade", "--home", tmp_path / "home", "--database", url_)
    assert (code, said in err, len(err.strip().splitlines())) == (2, True, 1), err


def test_a_network_share_is_refused_for_sqlite(tmp_path, monkeypatch, run):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path.resolve()} nfs4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(database, "MOUNTS", mounts)
    code, _, err = run("db", "upgrade", "--home", tmp_path / "home")
    assert (code, "network share (nfs4)" in err) == (2, True)


def test_a_locked_database_is_waited_for(tmp_path):
    made = make(tmp_path / "home", None)
    database.upgrade(made.engine)
    other = sqlite3.connect(tmp_path / "home" / "register.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, lambda: other.execute("COMMIT")).start()
    with made.engine.begin() as c:
        log.append(c, AT, "t", "a", {})
        assert log.head(c)[0] == 1


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
