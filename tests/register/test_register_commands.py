"""`audit db` and `audit review`: exit statuses, one line for a mistake, no id printed whole, no name that a terminal obeys."""

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from history import answer, begin, decide, fill, key, record, told
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from auditor.errors import BadUsage
from auditor.register import database, log
from auditor.register.checkup import checkup
from auditor.register.schema import log as log_table

IIN = "900101300017"
NOW = ("--now", "2023-03-16T09:12:00+06:00")
CONTESTANTS = (
    "contestant_id,contest,name,person_id\nSM-1,single_mandate,Invented One,900101300017\nSM-2,single_mandate,Invented Two,850202400017\n"
)


def one_line(result):
    status, said, error = result
    assert (status, said, error.count("\n")) == (2, "", 1), (said, error)
    return error


@pytest.fixture
def contestants(tmp_path):
    file = tmp_path / "contestants.csv"
    file.write_text(CONTESTANTS, encoding="utf-8")
    return file


def test_tables_of_the_commission(home, register, run, contestants):
    status, said, _ = run("db", "tables", *register.options, *NOW, contestants, "--by", "Registrar")
    assert status == 0
    assert said.split() == ["contestants", "contestants.csv", "2"]
    with home.engine.begin() as connection:
        assert connection.execute(text("SELECT contestant_id FROM contestant ORDER BY 1")).scalars().all() == ["SM-1", "SM-2"]
        row = connection.execute(log_table.select()).mappings().one()
    assert (row["who"], row["what"], row["at"]) == ("Registrar", "table", "2023-03-16T03:12:00+00:00")
    assert checkup(home).originals == 1
    contestants.write_text(CONTESTANTS.replace("Invented Two", "Renamed"), encoding="utf-8")
    assert run("db", "tables", *register.options, *NOW, contestants)[0] == 0
    with home.engine.begin() as connection:
        assert connection.execute(text("SELECT name FROM contestant ORDER BY contestant_id")).scalars().all() == ["Invented One", "Renamed"]
    assert checkup(home).originals == 2


@pytest.mark.parametrize("wrong", ["reports.csv", "contestants.txt", "missing.csv", "empty.csv"])
def test_a_wrong_table_is_refused_and_then_none_is_taken(home, register, run, contestants, tmp_path, wrong):
    other = tmp_path / wrong
    if wrong == "reports.csv":
        other.write_text("contestant_id,contest,date,kind,amount\nSM-1,single_mandate,2023-03-01,donation,1.00\n", encoding="utf-8")
    elif wrong == "contestants.txt":
        other.write_bytes(b"\x00\x01\x02")
    elif wrong == "empty.csv":
        other.write_bytes(b"")
    status, said, error = run("db", "tables", *register.options, contestants, other)
    assert (status, said) == (2, "")
    assert wrong in error
    with home.engine.begin() as connection:
        assert log.head(connection)[0] == 0
        assert connection.execute(text("SELECT count(*) FROM contestant")).scalar() == 0


def test_a_table_may_come_in_an_archive(home, register, run, contestants, tmp_path):
    packed = tmp_path / "own.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(contestants, "contestants.csv")
    status, said, error = run("db", "tables", *register.options, packed)
    assert (status, error) == (0, "")
    assert "contestants" in said


def test_of_two_files_of_a_table_none_is_lost_without_a_word(home, register, run, contestants, tmp_path):
    other = tmp_path / "more" / "contestants.csv"
    other.parent.mkdir()
    other.write_bytes(contestants.read_bytes())
    status, said, error = run("db", "tables", *register.options, contestants, other)
    assert (status, said, error.count("\n")) == (2, "", 1)
    assert str(contestants) in error
    assert str(other) in error


def test_of_a_contestant_who_is_in_the_table_twice_the_first_row_is_taken_and_nobody_without_an_id(home, register, run, contestants):
    contestants.write_text(CONTESTANTS + "SM-1,single_mandate,Invented Again,\n,single_mandate,Nobody,\n", encoding="utf-8")
    assert run("db", "tables", *register.options, contestants)[0] == 0
    with home.engine.begin() as connection:
        rows = connection.execute(text("SELECT contestant_id, name FROM contestant ORDER BY 1")).all()
    assert rows == [("SM-1", "Invented One"), ("SM-2", "Invented Two")]


@pytest.mark.parametrize("name", ["a\x00b", "a\u2028b", "a\x1b[31mb"])
def test_a_contestant_with_a_hostile_name(home, register, run, contestants, name):
    contestants.write_text(CONTESTANTS.replace("Invented One", name), encoding="utf-8")
    status, _, error = run("db", "tables", *register.options, contestants)
    assert (status, error.count("\n")) in ((0, 0), (2, 1))
    assert "\x1b" not in error


@pytest.mark.parametrize("form", ["text", "json"])
def test_list_shows_a_finding_with_its_history(home, register, run, form):
    fill(home)
    status, said, error = run("review", "list", *register.options, "--format", form)
    assert (status, error) == (0, "")
    if form == "json":
        listed = {one["key"]: one for one in json.loads(said)}
        assert [made["kind"] for made in listed[key(1)]["decisions"]] == ["accept", "sign"]
        assert (listed[key(1)]["state"], listed[key(2)]["state"]) == ("signed", "open")
    else:
        assert key(1) in said
        assert "Айгүл Сапарова" in said


def test_list_takes_contestant_rule_and_state(home, register, run):
    fill(home)

    def keys(*options):
        return {one["key"] for one in json.loads(run("review", "list", *register.options, "--format", "json", *options)[1])}

    assert keys() == {key(1), key(2), key(3)}
    assert keys("--contestant", "SM-2") == {key(3)}
    assert keys("--rule", "don-002") == {key(2)}
    assert keys("--rule", "D%") == keys("--contestant", "SM-_") == set()
    assert keys("--state", "signed") == {key(1)}


@pytest.mark.parametrize("written", [IIN, f"{IIN[:6]} {IIN[6:]}", f"№{IIN}."])
def test_no_id_is_printed_whole(home, register, run, written):
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
    record(home, answer(told(key(1), message=f"from {written}")))
    assert run("review", "note", *register.options, *NOW, key(1), "--by", f"A {written}", "--reason", f"see {written}")[0] == 0
    for command in (("review", "list"), ("db", "log")):
        status, said, _ = run(*command, *register.options)
        assert (status, IIN[:6] in said) == (0, False), said
    assert IIN[-4:] in run("review", "list", *register.options)[1]


@pytest.mark.parametrize(
    "name", ["\x1b[2J\x1b[31m", "\x9b31m", "\u202egnp", "a\nb  open  x", "\u2028", "'; DROP TABLE finding; --", "%s{0}:x"]
)
def test_a_hostile_name_is_harmless(home, register, run, name):
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
    record(home, answer(told(key(1), message=name)))
    assert run("review", "accept", *register.options, *NOW, key(1), "--by", f"x{name}", "--reason", name)[0] == 0
    for command in (("review", "list"), ("db", "log"), ("db", "check")):
        status, said, error = run(*command, *register.options)
        assert (status, error) == (0, "")
        assert not set("\x1b\x9b\u202e\u2028") & set(said)
        assert "\nb  open" not in said
    assert checkup(home).faults == []


def test_letters_that_are_none_are_refused_in_one_line(home, register, run):
    """Bytes of the command line that are not UTF-8 reach us as surrogates, which no database takes."""
    fill(home)
    for option in (("--by", "A\udcff"), ("--by", "A", "--reason", "\udcff")):
        one_line(run("review", "accept", *register.options, key(2), *option))
    one_line(run("review", "accept", *register.options, "\udcff" * 6, "--by", "A"))
    assert checkup(home).faults == []


def test_decisions_of_the_command_line(home, register, run):
    fill(home)
    here = (*register.options, *NOW)
    assert run("review", "accept", *here, key(2)[:8], "--by", "A")[1].split() == [key(2), "accepted"]
    assert "another person" in one_line(run("review", "sign", *here, key(2), "--by", "a"))
    assert run("review", "sign", *here, key(2), "--by", "B")[1].split() == [key(2), "signed"]
    assert run("review", "dismiss", *here, key(3), "--by", "A", "--code", "duplicate", "--reason", "twice")[0] == 0
    assert run("review", "dismiss", *here, key(3), "--by", "A", "--reason", "twice")[0] == 2  # click says that --code is missing
    assert run("review", "dismiss", *here, key(3), "--by", "A", "--code", "whim", "--reason", "x")[0] == 2
    one_line(run("review", "note", *here, key(3), "--by", "A", "--reason", " "))
    one_line(run("review", "accept", *here, "404404404", "--by", "A"))
    one_line(run("review", "accept", *register.options, "--now", "2023-03-16T09:12:00", key(3), "--by", "A"))
    assert run("db", "log", *here[:-2], "--last", "2")[1].count("\n") == 2


def test_a_register_in_which_nothing_has_been_recorded(home, register, run):
    assert run("review", "list", *register.options)[0] == 0
    assert run("review", "list", *register.options, "--format", "json")[1] == "[]\n"
    assert run("db", "log", *register.options) == (0, "", "")
    assert "журнал: строк 0" in run("db", "check", *register.options)[1]


def test_bad_settings_are_said_with_line_and_column(home, register, run):
    (home.folder / "register.yaml").write_text("lang: fr\n", encoding="utf-8")
    assert "register.yaml, line 1, column" in one_line(run("review", "list", *register.options))


@pytest.mark.parametrize(
    ("state", "said", "passing"),
    [
        ("55P03", "отмена оператора: превышен тайм-аут блокировки", True),
        ("57P01", "закрытие подключения по команде администратора", True),
        ("40P01", "обнаружена взаимоблокировка", True),
        ("23505", "повторяющееся значение ключа: connection", False),
        (None, "database is locked", True),
        (None, "connection refused", True),
        (None, "no such table: arrival", False),
    ],
)
def test_whether_an_error_passes_does_not_depend_on_the_language_of_the_server(state, said, passing):
    original = Exception(said)
    original.sqlstate = state
    assert database.is_passing(OperationalError("", {}, original)) is passing


def test_a_database_that_is_locked_is_waited_for_and_then_said(home, register, run, monkeypatch):
    fill(home)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.3)
    with home.engine.connect() as other, other.begin():
        if database.is_postgresql(home.engine):
            other.execute(text("LOCK TABLE log IN EXCLUSIVE MODE"))  # SQLite's BEGIN IMMEDIATE locks by itself
        error = one_line(run("review", "accept", *register.options, key(2), "--by", "A"))
    assert "lock" in error
    assert run("review", "accept", *register.options, key(2), "--by", "A")[0] == 0


def test_the_lock_is_waited_for(home):
    from threading import Event, Timer

    fill(home)
    let_go = Event()
    with home.engine.connect() as other:
        transaction = other.begin()
        if database.is_postgresql(home.engine):
            other.execute(text("LOCK TABLE log IN EXCLUSIVE MODE"))
        timer = Timer(0.3, let_go.set)
        timer.start()
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(1) as pool:
            made = pool.submit(decide, home, key(2), "accept", "A")
            assert let_go.wait(5)
            assert not made.done()
            transaction.rollback()
            assert made.result(20).state == "accepted"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://nobody@127.0.0.1:1/none",
        "postgresql+psycopg://h:port/none",
        "postgresql+nothing://127.0.0.1/none",
        "postgresql+psycopg://127.0.0.1:1/none?no_such_option=1",
        "mysql://127.0.0.1/none",
        "no address",
        "sqlite:////nowhere/at/all/register.sqlite3",
    ],
)
@pytest.mark.parametrize("command", [("db", "upgrade"), ("db", "check"), ("review", "list")])
def test_an_address_that_leads_nowhere_is_one_line(ready, run, url, command):
    place = ready("sqlite")
    one_line(run(*command, "--home", place.folder, "--database", url))


def test_a_password_is_not_said(ready, run):
    place = ready("sqlite")
    error = one_line(run("db", "check", "--home", place.folder, "--database", "postgresql+psycopg://who:h1dden@127.0.0.1:1/none"))
    assert "h1dden" not in error


def test_a_server_that_is_down(ready, run, server, somewhere):
    place = ready("postgresql")
    server.stop()
    try:
        one_line(run("db", "check", *place.options))
        one_line(run("db", "upgrade", *place.options))
    finally:
        server.start()
    assert run("db", "check", *place.options)[0] == 0


def test_a_database_without_rights_is_one_line(ready, run, server):
    place = ready("postgresql")
    server.do("DROP ROLE IF EXISTS stranger")
    server.do("CREATE ROLE stranger LOGIN")
    one_line(run("db", "check", "--home", place.folder, "--database", place.url.replace("postgres@", "stranger@")))


def test_a_file_that_is_no_database(ready, run):
    place = ready("sqlite")
    (place.folder / "register.sqlite3").write_bytes(b"not a database at all" * 100)
    for command in ("check", "upgrade"):
        one_line(run("db", command, "--home", place.folder))


def test_a_damaged_sqlite_file_is_found(ready, run):
    """References to nothing, which somebody made with foreign keys off."""
    place = ready("sqlite")
    with sqlite3.connect(place.folder / "register.sqlite3") as connection:
        connection.execute("INSERT INTO contestant (election, contestant_id) VALUES ('none', 'SM-1')")
    connection.close()
    status, said, _ = run("db", "check", "--home", place.folder)
    assert status == 1
    assert "contestant" in said


def test_a_folder_that_cannot_be_made(tmp_path, run):
    (tmp_path / "file").write_text("x")
    one_line(run("db", "upgrade", "--home", tmp_path / "file" / "register"))


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p", "ext4"])
def test_sqlite_on_a_network_share_is_refused(tmp_path, monkeypatch, kind):
    share = tmp_path / "a share"
    share.mkdir()
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/x {str(share).replace(' ', chr(92) + '040')} {kind} rw 0 0\n"
    real = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self, **options: mounts if str(self) == "/proc/mounts" else real(self, **options))
    url = database.url_of(share / "register")
    if kind == "ext4":
        database.connect(url)
    else:
        with pytest.raises(BadUsage, match=f"network share \\({kind}\\)"):
            database.connect(url)
    database.connect(database.url_of(tmp_path))  # another disk of the same machine
    database.connect("postgresql+psycopg://127.0.0.1/none")
