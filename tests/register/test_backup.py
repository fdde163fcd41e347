"""A copy of the register can be made again, in the other database too, and goes on there; what is not whole is refused before anything is made."""

import json
import shutil
import zipfile

import pytest
from history import AT, OF, answer, begin, decide, fill, find, key, receive, record, told
from sqlalchemy import select, text

from auditor.errors import AuditError, BadUsage, CannotRead
from auditor.register import arrivals, backup, log
from auditor.register.checkup import checkup
from auditor.register.home import open_
from auditor.register.schema import arrival, metadata


def every_row(home):
    with home.engine.begin() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key.columns)).all() for table in metadata.sorted_tables
        }


@pytest.fixture
def filled(home):
    fill(home)
    (home.folder / "register.yaml").write_text("lang: kk\n", encoding="utf-8")
    return home


@pytest.fixture
def reopened():
    """A function that opens a place; closed at the end."""
    opened = []

    def open_it(place):
        opened.append(open_(place.folder, place.url))
        return opened[-1]

    yield open_it
    for home in opened:
        home.engine.dispose()


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_there_and_on(filled, somewhere, reopened, tmp_path, to):
    """The same rows, originals and settings; fresh numbers; the log goes on."""
    file, there = tmp_path / "copy.zip", somewhere(to)
    wrote = backup.write(filled, file)
    assert backup.read(file, there.folder, there.url) == wrote == (sum(map(len, every_row(filled).values())), 2)
    again = reopened(there)
    before = every_row(filled)
    assert all(before.values())
    assert every_row(again) == before
    assert (there.folder / "register.yaml").read_text(encoding="utf-8") == "lang: kk\n"
    found = checkup(again)
    assert (found.faults, found.head) == ([], checkup(filled).head)
    with again.engine.begin() as connection:
        new = receive(again, connection, "new.csv", b"new")
        assert new.id == max(row.id for row in before["arrival"]) + 1
        arrivals.belongs_to(connection, OF, new.id, ["SM-1"], None)
        assert arrivals.one(connection, new.id).whose == {"SM-1": 2}
    changes = record(again, answer(told(key(1)), told(key(2), rule="DON-002", measured="1.00")))
    assert (changes["unchanged"], changes["changed"]) == ([key(1)], [key(2)])
    decide(again, key(2), "accept", "A")
    assert find(again, key(1)).state == "signed"
    assert find(again, key(2)).state == "accepted"
    assert checkup(again).faults == []
    assert checkup(again).rows > found.rows
    with pytest.raises(Exception, match="neither changed nor removed"), again.engine.begin() as connection:
        connection.execute(text("DELETE FROM log"))


def test_rows_come_after_those_they_refer_to(home, somewhere, reopened, tmp_path):
    """PostgreSQL gives a row that was changed after those that were not; a copy refers to the file it is a copy of."""
    with home.engine.begin() as connection:
        begin(connection)
        numbers = [receive(home, connection, f"{n}.csv", b"one").id for n in range(3)]
    for number in numbers[:2]:
        with home.engine.begin() as connection:
            arrivals.becomes(connection, number, "done", AT, "a test")
    file = tmp_path / "copy.zip"
    backup.write(home, file)
    there = somewhere("sqlite" if home.engine.dialect.name == "postgresql" else "postgresql")
    backup.read(file, there.folder, there.url)
    again = reopened(there)
    with again.engine.begin() as connection:
        assert connection.execute(select(arrival.c.same_as).order_by(arrival.c.id)).scalars().all() == [None, numbers[0], numbers[0]]


@pytest.mark.parametrize("letters", ["\u2028", "\u0085", "\x0b\x0c\x1c", "\r\n", "\U0001f600 \ud7ff", "\x7f\x9b", '"\\', "ә, ң, ұ"])
def test_any_letter_survives(home, somewhere, reopened, tmp_path, letters):
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
        receive(home, connection, f"a{letters}.csv", b"one")
        log.append(connection, AT, f"who{letters}", "happened", {"x": letters})
    file, there = tmp_path / "copy.zip", somewhere("sqlite")
    backup.write(home, file)
    backup.read(file, there.folder, None)
    again = reopened(there)
    assert every_row(again) == every_row(home)
    assert checkup(again).faults == []


@pytest.mark.parametrize("what", ["changed", "missing"])
def test_no_backup_of_a_changed_original(filled, register, tmp_path, run, what):
    path = filled.store.path(next(iter(filled.store.all())))
    path.chmod(0o644)
    path.unlink() if what == "missing" else path.write_bytes(b"other")
    status, _, error = run("db", "backup", *register.options, tmp_path / "copy.zip")
    assert (status, error.count("\n")) == (2, 1)
    assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == []


def test_a_backup_is_not_written_over_another(filled, tmp_path):
    file = tmp_path / "copy.zip"
    file.write_bytes(b"yesterday's")
    with pytest.raises(BadUsage, match="there already"):
        backup.write(filled, file)
    with pytest.raises(BadUsage, match="does not exist"):
        backup.write(filled, tmp_path / "nowhere" / "copy.zip")
    assert file.read_bytes() == b"yesterday's"


def test_not_into_a_register_that_is_there(filled, register, tmp_path, ready):
    file = tmp_path / "copy.zip"
    backup.write(filled, file)
    with pytest.raises(BadUsage, match="not empty"):
        backup.read(file, register.folder, register.url)
    if register.url is not None:
        with pytest.raises(BadUsage, match="not empty"):
            backup.read(file, tmp_path / "new", register.url)
        assert not (tmp_path / "new").exists()
    assert checkup(filled).faults == []


@pytest.fixture
def packed(ready, tmp_path):
    """A whole backup."""
    place = ready("sqlite")
    home = open_(place.folder, None)
    fill(home)
    file = tmp_path / "copy.zip"
    backup.write(home, file)
    return file


def refused(file, folder, run):
    status, said, error = run("db", "restore", "--home", folder, file)
    assert (status, said, error.count("\n")) == (2, "", 1), error
    assert not folder.exists()


def test_what_was_cut_off_is_refused_in_one_line(packed, tmp_path, run):
    whole = packed.read_bytes()
    for size in [0, 1, 30, *range(100, len(whole), len(whole) // 8), len(whole) - 1]:
        packed.write_bytes(whole[:size])
        refused(packed, tmp_path / "new", run)


def test_no_changed_byte_gets_a_traceback(packed, tmp_path):
    """Every 97th byte changed, one at a time: refused before anything is made, or a byte that says nothing (a time, an attribute)."""
    whole = packed.read_bytes()
    refusals = 0
    for n, at in enumerate(range(0, len(whole), 97)):
        packed.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            backup.read(packed, tmp_path / f"new-{n}", None)
        except AuditError as error:
            refusals += 1
            assert len(error.mistakes) == 1
            assert not (tmp_path / f"new-{n}").exists()
    assert refusals > n * 0.7


def rewritten(file, change):
    """The same backup with its parts changed: name → bytes, or None to leave it out."""
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in change(parts).items():
            packed.writestr(name, content)


def _about(**values):
    def change(parts):
        return parts | {"about.json": json.dumps(json.loads(parts["about.json"]) | values)}

    return change


@pytest.mark.parametrize(
    "change",
    [
        _about(rows=1),
        _about(version="9999"),
        _about(format="other/1"),
        lambda parts: parts | {"about.json": b"[]"},
        lambda parts: parts | {"about.json": b"\xff"},
        lambda parts: {name: part for name, part in parts.items() if name != "tables/log.jsonl"},
        lambda parts: {name: part for name, part in parts.items() if not name.startswith("store/")},
        lambda parts: {name: b"x" if name.startswith("store/") else part for name, part in parts.items()},
        lambda parts: parts | {"tables/election.jsonl": b'{"id": "x"}\n'},
        lambda parts: parts | {"tables/log.jsonl": b"[1]\n" * parts["tables/log.jsonl"].count(b"\n")},
        lambda parts: parts | {"store/../../outside": b"x"},
    ],
)
def test_what_is_no_backup_is_refused(packed, tmp_path, run, change):
    rewritten(packed, change)
    refused(packed, tmp_path / "new", run)
    assert not (tmp_path.parent / "outside").exists()


def test_rows_that_do_not_fit_each_other_are_refused(packed, tmp_path):
    rewritten(packed, lambda parts: parts | {"tables/decision.jsonl": parts["tables/decision.jsonl"].replace(b'"accept"', b'"forget"')})
    new = tmp_path / "new"
    for was_there in (False, True):
        if was_there:
            new.mkdir()
        with pytest.raises(CannotRead, match="do not fit"):
            backup.read(packed, new, None)
        assert (list(new.iterdir()) == []) if was_there else not new.exists()


def test_after_a_restore_that_failed_another_goes_into_the_same_database(packed, filled, somewhere, tmp_path):
    good = tmp_path / "good.zip"
    backup.write(filled, good)
    for name in ("sqlite", "postgresql"):
        there = somewhere(name)
        url = there.url or f"sqlite:///{tmp_path / 'other.sqlite3'}"
        bad = tmp_path / f"{name}.zip"
        shutil.copy(good, bad)
        rewritten(bad, lambda parts: parts | {"tables/decision.jsonl": parts["tables/decision.jsonl"].replace(b'"accept"', b'"forget"')})
        with pytest.raises(CannotRead, match="do not fit"):
            backup.read(bad, tmp_path / name, url)
        assert not (tmp_path / name).exists()
        assert backup.read(good, tmp_path / name, url)[1] == 2


def test_settings_that_cannot_be_unpacked_are_noticed_before_anything_is_made(packed, tmp_path):
    with zipfile.ZipFile(packed) as before:
        parts = {name: before.read(name) for name in before.namelist()} | {"register.yaml": b"lang: kk\n"}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as after:
        for name, part in parts.items():
            after.writestr(name, part)
        at = after.getinfo("register.yaml").header_offset
    data = bytearray(packed.read_bytes())
    data[at + 30 + len("register.yaml")] ^= 1  # the check sum no longer agrees
    packed.write_bytes(bytes(data))
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    with pytest.raises(CannotRead, match="no whole backup"):
        backup.read(packed, tmp_path / "new", url)
    assert not (tmp_path / "new").exists() and not (tmp_path / "other.sqlite3").exists()


def test_a_changed_log_shows_after_the_restore(packed, tmp_path, run):
    rewritten(packed, lambda parts: parts | {"tables/log.jsonl": parts["tables/log.jsonl"].replace(b'"a test"', b'"nobody"', 1)})
    backup.read(packed, tmp_path / "new", None)
    assert run("db", "check", "--home", tmp_path / "new")[0] == 1
