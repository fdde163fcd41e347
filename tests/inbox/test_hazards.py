"""What can happen to an inbox, but for kills: files that are still coming, names of every kind, two runners, a full disk, a lock, a clock."""

import fcntl
import json
import os
import sqlite3
import subprocess
import threading
import time
import warnings

import pytest
from inboxes import DONOR, NOW, OTHER, Register, people, report

from auditor.inbox.scan import settled
from auditor.register.home import make


def test_a_growing_file_waits_and_is_then_taken_whole(register):
    half, whole = report(("8000000", DONOR))[:-30], report(("8000000", DONOR))
    path = register.put("a.csv", half)
    settings = register.settings.model_copy(update={"settle_seconds": 5})
    first = register.a_pass(settings=settings, sleep=lambda seconds: path.write_text(whole, encoding="utf-8"))
    assert (first.taken, first.waiting) == (0, ["a.csv"])
    waited = []
    second = register.a_pass(settings=settings, sleep=waited.append)
    assert (second.taken, second.done, waited) == (1, 1, [5])
    assert register.home.store.get(register.only().sha256) == whole.encode()


def test_names_that_say_they_are_coming_wait_for_their_own(register):
    names = [f"a.csv{ending}" for ending in (".PARTIAL", ".crdownload", ".filepart", ".part", ".tmp")]
    for name in names:
        path = register.put(name, report(("1", DONOR)))
    assert register.a_pass().waiting == names
    path.replace(register.home.inbox / "a.csv")
    assert register.a_pass().done == 1


def test_hidden_files_and_locks_of_office_programs_are_not_seen(register):
    register.put(".a.csv", "x")
    register.put("~$a.xlsx", "x")
    register.put(".folder/a.csv", "x")
    made = register.a_pass()
    assert (made.taken, made.waiting) == (0, [])


def test_another_file_of_the_same_name_is_another_arrival(register):
    register.put("a.csv", report(("8000000", DONOR)))
    second = report(("9000000", DONOR))
    # It takes the place of the first between the check and the moving.
    register.a_pass(step=lambda name: register.put("a.csv", second) if name == "done" else None)
    assert register.lies(register.home.inbox) == {"a.csv"}
    register.a_pass()
    assert [(one.name, one.state, dict(one.whose)) for one in register.arrivals()] == [
        ("a.csv", "done", {"SM-1": 1}),
        ("a.csv", "done", {"SM-1": 2}),
    ]
    assert [register.note(one)[:5] for one in register.arrivals()] == ["a.csv", "a.csv"]
    assert register.measured() == ["9000000.00"]


def test_the_same_file_dropped_again_with_its_old_time_is_taken_again(register):
    """As `cp -p` and a Windows share do it: name, size and time are those of a file that was moved away."""
    for n in (1, 2):
        os.utime(register.put("a.csv", report(("1", DONOR))), ns=(10**18, 10**18))
        register.a_pass()
        assert register.lies(register.home.inbox) == set()
        assert len(register.arrivals()) == n


def test_links_and_pipes_are_neither_followed_nor_waited_for(register, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.csv").write_text(report(("1", DONOR)), encoding="utf-8")
    (register.home.inbox / "link.csv").symlink_to(outside / "a.csv")
    (register.home.inbox / "folder").symlink_to(outside)
    (register.home.inbox / "nowhere.csv").symlink_to("/nowhere")
    os.mkfifo(register.home.inbox / "pipe.csv")
    made = register.a_pass()
    assert (made.taken, made.waiting) == (0, ["folder", "link.csv", "nowhere.csv", "pipe.csv"])
    assert (outside / "a.csv").exists()


def test_a_link_that_is_put_in_the_place_of_a_file_is_not_followed(register, tmp_path):
    """Others may write into the inbox; what only the pass may read must not come into the store by it."""
    content = report(("1", DONOR))
    secret = tmp_path / "secret"
    secret.write_text("s" * len(content), encoding="utf-8")
    register.put("a.csv", content)
    path = register.put("b.csv", content)

    def swap(step):
        if step == "stored" and not path.is_symlink():  # a.csv has been read, b.csv not yet
            path.unlink()
            path.symlink_to(secret)

    made = register.a_pass(step=swap)
    assert (made.taken, made.waiting) == (1, ["b.csv"])
    assert secret.read_bytes() not in [file.read_bytes() for file in register.home.store.folder.rglob("*") if file.is_file()]


def test_a_file_that_is_exchanged_for_another_of_its_size_waits(register):
    content = report(("1", DONOR))
    register.put("a.csv", content)
    path = register.put("b.csv", content)
    made = register.a_pass(step=lambda name: os.utime(path, ns=(1, 1)) if name == "stored" else None)
    assert (made.taken, made.waiting) == (1, ["b.csv"])
    assert register.a_pass().taken == 1


def test_the_same_bytes_twice_are_one_filing(register):
    register.put("a.csv", report(("8000000", DONOR)))
    register.put("b.csv", report(("8000000", DONOR)))
    made = register.a_pass()
    assert (made.taken, made.copies, made.done) == (2, 1, 1)
    first, copy = register.arrivals()
    assert (dict(first.whose), dict(copy.whose), copy.same_as, copy.state) == ({"SM-1": 1}, {}, first.id, "done")
    assert f"number {first.id}" in register.note(copy)
    assert register.measured() == ["8000000.00"]
    register.put("c.csv", report(("8000000", DONOR)))
    assert (register.a_pass().checked, register.arrivals()[-1].same_as) == ([], first.id)


def test_a_copy_of_what_could_not_be_read_is_read_itself(register):
    register.put("a.csv", b"\xff\x00\xfe")
    register.put("b.csv", b"\xff\x00\xfe")
    register.a_pass()
    assert [one.state for one in register.arrivals()] == ["quarantined", "quarantined"]


def test_a_resubmission_supersedes(register):
    register.put("a.csv", report(("8000000", DONOR), ("9000000", OTHER)))
    first = register.a_pass()
    register.put("b.csv", report(("7500000", DONOR), ("1", OTHER), report="another id"))
    second = register.a_pass()
    assert (first.changes["new"] >= 2, second.changes["resolved"] >= 1, second.changes["new"]) == (True, True, 0)
    assert register.measured() == ["7500000.00"]
    assert [dict(one.whose) for one in register.arrivals()] == [{"SM-1": 1}, {"SM-1": 2}]


@pytest.mark.parametrize("broken", ["abc", "1,5,x"])
def test_a_broken_line_without_an_id_is_replaced_with_the_filing_that_it_came_in(register, broken):
    register.put("a.csv", report(("6000000", DONOR), (broken, DONOR), report=""))
    register.a_pass()
    assert register.measured(rule="FND-004") == ["6000000.00"]  # undetermined
    register.put("b.csv", report(("6000000", DONOR), ("1", DONOR), report=""))
    assert register.a_pass().changes["resolved"] >= 1
    assert register.measured(rule="FND-004") == []


def test_two_runners_one_has_nothing_to_do(register, run):
    register.put("a.csv", report(("1", DONOR)))
    with (register.home.folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, said, _ = run("inbox", "run", "--no-pdf")
        assert (status, "Another pass" in said, register.arrivals()) == (0, True, [])
        assert run("inbox", "run", "--no-pdf", "--quiet") == (0, "", "")
    assert run("inbox", "run", "--no-pdf", "--now", NOW)[0] == 0
    assert register.only().state == "done"


@pytest.fixture
def small(tmp_path):
    """A disk of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        warnings.warn(pytest.PytestWarning(f"NOT TESTED: a full disk; no tmpfs can be mounted here: {done.stderr.strip()}"), stacklevel=1)
        pytest.skip(f"NOT TESTED: a full disk; no tmpfs can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("left", [0, 150_000])
@pytest.mark.filterwarnings("default::pytest.PytestWarning")
def test_a_full_disk_ends_the_pass_with_one_line_and_the_next_one_finishes(left, small, run, tmp_path):
    there = Register(small / "home", None)
    there.put("a.csv", report(*[("8000000", DONOR)] * 9))
    there.put("b.csv", report(("1", DONOR), cid="SM-2") + f"{' ' * 200_000}\n")
    size = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
    ballast = small / "ballast"
    ballast.write_bytes(b"x" * (size - left))
    status, _, wrong = run("inbox", "run", "--no-pdf", "--now", NOW, home=there.home.folder)
    assert (status, wrong.count("\n")) == (2, 1), wrong
    assert "cannot be used" in wrong or "the disk is full" in wrong
    for sha256 in there.home.store.all():
        there.home.store.get(sha256)  # whole
    ballast.unlink()
    status, said, wrong = run("inbox", "run", "--no-pdf", "--now", NOW, home=there.home.folder)
    assert (status, wrong) == (0, ""), said
    assert [one.state for one in there.arrivals()] == ["done", "done"]
    assert there.lies(there.home.inbox) == set()
    assert there.measured() == ["72000000.00"]
    assert run("db", "check", home=there.home.folder)[0] == 0


def test_a_database_that_is_locked_for_some_seconds_is_waited_for(register):
    if register.url:
        pytest.skip("a lock of SQLite")
    register.put("a.csv", report(("8000000", DONOR)))
    other = sqlite3.connect(register.home.folder / "register.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(2, lambda: other.execute("ROLLBACK")).start()
    begun = time.monotonic()
    made = register.a_pass()
    assert (made.done, time.monotonic() - begun > 1.5) == (1, True)
    other.close()


def test_a_database_that_stays_locked_is_one_line(register, run, monkeypatch):
    if register.url:
        pytest.skip("a lock of SQLite")
    from auditor.inbox import work
    from auditor.register import database

    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(work, "PAUSES", (0.01, 0.01))
    register.put("a.csv", report(("8000000", DONOR)))
    other = sqlite3.connect(register.home.folder / "register.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    status, said, wrong = run("inbox", "run", "--no-pdf", "--now", NOW)
    assert (status, said, wrong) == (2, "", "The register's database cannot be used: database is locked\n")
    other.close()
    assert run("inbox", "run", "--no-pdf", "--now", NOW)[0] == 0


def test_a_lock_in_the_middle_of_a_pass(register, monkeypatch):
    """After every step somebody else writes for a moment."""
    if register.url:
        pytest.skip("a lock of SQLite")
    from auditor.register import database

    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    register.home = make(register.home.folder, None)
    register.put("a.csv", report(("8000000", DONOR)))
    register.put("b.csv", b"")
    other = sqlite3.connect(register.home.folder / "register.sqlite3", isolation_level=None)
    waited = []

    def step(name):
        if not other.in_transaction:
            other.execute("BEGIN IMMEDIATE")

    def sleep(seconds):
        waited.append(seconds)
        if other.in_transaction:
            other.execute("ROLLBACK")

    made = register.a_pass(step=step, sleep=sleep)
    other.close()
    assert (made.done, len(made.quarantined), len(waited) > 8) == (1, 1, True)


def test_a_clock_that_was_set_back_changes_no_order(register):
    register.put("a.csv", report(("9000000", DONOR)))
    register.a_pass("2023-03-25T12:00:00+06:00")
    register.put("b.csv", report(("8000000", DONOR)))
    register.a_pass("2023-03-20T12:00:00+06:00")
    assert [dict(one.whose) for one in register.arrivals()] == [{"SM-1": 1}, {"SM-1": 2}]
    assert register.measured() == ["8000000.00"]
    times = [row[0] for row in register.rows("SELECT at FROM log ORDER BY n")]
    assert times == sorted(times)
    told = register.rows("SELECT what, details FROM log ORDER BY n")
    assert [what for what, details in told if '"clock": "2023-03-20T06:00:00+00:00"' in details] == [
        "arrived",
        "checked",
        "checked",
        "done",
    ]
    with register.home.engine.begin() as connection:
        from auditor.register import log

        assert log.faults(connection) == []


def test_the_day_of_receipt_is_the_day_in_almaty(register):
    """The final report is due by the end of a day there; half past midnight is the next day, though not yet in Greenwich."""
    register.put("a.csv", report(("1", DONOR)))
    register.a_pass("2023-03-25T00:30:00+06:00")
    told = json.loads((register.home.reports / "SM-1.json").read_text(encoding="utf-8"))
    assert "2023-03-25" in json.dumps(told["inputs"])
    assert "2023-03-24" not in json.dumps(told["inputs"])


NAMES = [
    "two\nlines.csv",
    "a\\..\\..\\etc.csv",
    "-rf.csv",
    "--home.csv",
    "a\u202evsc.exe.csv",
    "\u2066отчёт\u2069.csv",
    "\x1b[2Jclear.csv",
    "Ұ" * 125 + ".csv",
    "x" * 251 + ".csv",
    "y" * 255,
    "900101300017.csv",
    "con.csv",
    "%s{0}{name}.csv",
    "'; DROP TABLE arrival; --.csv",
    "<img src=x>.csv",
    " .csv",
    "=HYPERLINK(1).csv",
]


def test_names_of_every_kind(register, run):
    for n, name in enumerate(NAMES):
        register.put(name, report((str(n + 1), DONOR)) if name.endswith(".csv") else b"rubbish \xff")
    raw = os.fsencode(register.home.inbox) + b"/\xff\xfe letters.csv"
    with open(raw, "wb") as file:
        file.write(report(("99", DONOR)).encode())
    status, said, wrong = run("inbox", "run", "--no-pdf", "--now", NOW)
    assert wrong == ""
    assert not any(letter in said for letter in "\x1b\u202e\u2066")
    assert "900101300017" not in said
    assert register.lies(register.home.inbox) == set()
    found = register.arrivals()
    assert len(found) == len(NAMES) + 1
    assert {one.name for one in found} >= set(NAMES)
    assert (status, {one.name for one in found if one.state == "quarantined"}) == (1, {"y" * 255})
    for one in found:
        note = register.note(one)
        assert note.count("\n") == 3
        assert not any(letter in note for letter in "\x1b\u202e\u2066")
        assert "900101300017" not in note
    assert len(list((register.home.reports / "receipts").iterdir())) == len(NAMES)
    status, said, wrong = run("inbox", "status")
    assert (status, wrong) == (0, "")
    assert run("inbox", "run", "--no-pdf", "--now", NOW)[1].startswith("taken in 0 ")
    assert {path.name for path in register.home.folder.parent.iterdir()} == {"home", "contestants.csv"}


def test_folders_in_the_inbox(register):
    register.put("district 1/SM-1/report.csv", report(("8000000", DONOR)))
    register.put("district 1/SM-2/report.csv", report(("8000000", DONOR), cid="SM-2"))
    made = register.a_pass()
    assert (made.taken, made.done) == (2, 2)
    assert register.lies(register.home.inbox) == set()
    one, other = register.arrivals()
    assert (one.name, other.name) == ("district 1/SM-1/report.csv", "district 1/SM-2/report.csv")
    assert one.name in register.note(one)
    assert {path.name for path in register.home.done.iterdir()} == {
        f"{each.file_name}{ending}" for each in (one, other) for ending in ("", ".txt")
    }


def test_a_file_that_was_taken_away_after_it_was_stored_is_dealt_with(register):
    path = register.put("a.csv", report(("8000000", DONOR)))
    made = register.a_pass(step=lambda name: path.unlink() if name == "arrived" else None)
    assert made.done == 1
    assert "Received. Checked." in register.note(register.only())


def test_a_file_of_the_scan_that_cannot_be_seen_twice_waits(register):
    path = register.put("a.csv", "x")
    assert settled(register.home.inbox, 1, lambda seconds: path.unlink())[0] == []


def test_what_a_killed_program_left_in_the_store_is_swept(register):
    coming = register.home.store.folder / ".new"
    coming.mkdir(exist_ok=True)
    for name in ("4194305-dead", f"{os.getppid()}-lives"):  # no process has a number above 2^22
        (coming / name).write_bytes(b"half")
    register.a_pass()
    assert {path.name for path in coming.iterdir()} == {f"{os.getppid()}-lives"}


def tree(folder):
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.rglob("*") if path.is_file()}


def test_a_pass_with_nothing_new_writes_nothing(register):
    register.put("a.csv", report(("8000000", DONOR)))
    register.put("b.csv", b"")
    register.a_pass()
    folders = (register.home.reports, register.home.done, register.home.quarantine, register.home.store.folder)
    before = [tree(folder) for folder in folders], register.rows("SELECT count(*) FROM log"), register.rows("SELECT * FROM run")
    made = register.a_pass()
    assert (made.taken, made.checked, made.done, made.quarantined) == (0, [], 0, [])
    assert ([tree(folder) for folder in folders], register.rows("SELECT count(*) FROM log"), register.rows("SELECT * FROM run")) == before


def test_recheck_checks_everybody_with_filings(register):
    register.put("a.csv", report(("8000000", DONOR)))
    register.a_pass()
    made = register.a_pass("2023-03-26T12:00:00+06:00", recheck=True)
    assert (made.checked, made.changes["new"], made.changes["unchanged"] >= 1) == (["SM-1"], 0, True)
    assert register.rows("SELECT as_of FROM run ORDER BY id") == [("2023-03-25",), ("2023-03-26",)]


def test_another_law_and_another_table_recheck_everybody(register, run, tmp_path):
    for cid in ("SM-1", "SM-2"):
        register.put(f"{cid}.csv", report(("6999999", DONOR), cid=cid))
    assert register.a_pass().changes["new"] >= 0
    assert register.measured() == []
    from auditor.rulebook.load import load

    name = next(name for name, value in load("kz/majilis-2023").parameters.items() if "donation" in name and "individual" in name)
    register.says(f"lang: en\nsettle_seconds: 0\nset: {{{name}: '5000000.00'}}\n")
    made = register.a_pass()
    assert made.checked == ["SM-1", "SM-2"]
    assert register.measured() == ["6999999.00"]
    changed = people(tmp_path, "SM-3,single_mandate,Жаңа,2023-02-14,registered,,")
    assert run("db", "tables", changed, "--now", NOW)[0] == 0
    assert register.a_pass().checked == ["SM-1", "SM-2"]
    assert register.a_pass().checked == []


def test_reports_and_receipts(register):
    register.put("a.csv", report(("8000000", DONOR)))
    register.put("b.csv", b"")
    register.a_pass()
    assert register.lies(register.home.reports) == {"SM-1.json", "receipts/000001-a.csv.html"}
    receipt = (register.home.reports / "receipts" / "000001-a.csv.html").read_text(encoding="utf-8")
    assert register.arrivals()[0].sha256 in receipt.replace("\u200b", "").replace("<wbr>", "")
    assert DONOR not in receipt
