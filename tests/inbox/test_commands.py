"""`audit inbox`: what it says, and with which exit status."""

import errno
import os
import threading
import time

import pytest
from inboxes import DONOR, NOW, report

from auditor.errors import BadUsage
from auditor.inbox import one_pass
from auditor.inbox.scan import Seen
from auditor.inbox.work import Summary
from auditor.register import database
from auditor.register.home import alone
from auditor.wording import load as words_of


def test_exit_status_and_the_words_of_a_pass(register, run, tmp_path):
    status, said, wrong = run("inbox", "run", "--no-pdf", "--now", NOW)
    assert (status, said, wrong) == (0, "taken in 0 (copies 0) · checked 0 · done 0 · in quarantine 0 · still arriving 0\n", "")
    assert run("inbox", "run", "--no-pdf", "--quiet") == (0, "", "")
    register.put("a.csv", report(("8000000", DONOR)))
    status, said, _ = run("inbox", "run", "--no-pdf", "--now", NOW)
    assert (status, said.splitlines()[0]) == (0, "taken in 1 (copies 0) · checked 1 · done 1 · in quarantine 0 · still arriving 0")
    assert said.splitlines()[1].startswith("findings: new ")
    register.put("b.csv", b"")
    status, said, _ = run("inbox", "run", "--no-pdf", "--now", NOW, "--quiet")
    assert status == 1
    assert "quarantine: b.csv: " in said
    assert run("inbox", "run", "--no-pdf", "--now", NOW)[0] == 0  # it has been told
    status, said, wrong = run("inbox", "run", home=tmp_path / "nowhere")
    assert (status, said, wrong.count("\n"), "audit db upgrade" in wrong) == (2, "", 1, True)
    status, _, wrong = run("inbox", "run", "--now", "2023-03-25T12:00:00")
    assert (status, "time zone" in wrong) == (2, True)


def test_a_check_of_everybody_waits_for_a_pass_that_is_at_work(register, run):
    """It is made once a day; any other pass leaves the work to the one that is under way."""
    register.put("a.csv", report(("8000000", DONOR)))
    free = threading.Event()

    def hold():
        with alone(register.home) as ours:
            assert ours
            free.set()
            time.sleep(1)

    for asked, taken in (((), False), (("--recheck",), True)):
        free.clear()
        at_work = threading.Thread(target=hold)
        at_work.start()
        free.wait(10)
        status, said, _ = run("inbox", "run", "--no-pdf", "--now", NOW, *asked)
        at_work.join()
        assert (status, "taken in 1" in said) == (0, taken)


def test_reading_anew_waits_for_a_pass_that_is_at_work(register, run):
    register.put("b.csv", b"")
    register.a_pass()
    free, order = threading.Event(), []

    def hold():
        with alone(register.home):
            free.set()
            time.sleep(1)
            order.append("pass")

    at_work = threading.Thread(target=hold)
    at_work.start()
    free.wait(10)
    status, said, _ = run("inbox", "retry", "1", "--by", "A. B.")
    order.append("retry")
    at_work.join()
    assert (status, said, order) == (0, "1  b.csv\n", ["pass", "retry"])


def test_what_is_said_of_a_file_that_was_added_does_nothing_to_the_terminal(register, run, tmp_path):
    file = tmp_path / "\x1b]0;x\x07 900101300017.csv"
    file.write_text("x", encoding="utf-8")
    said = run("inbox", "add", file)[1]
    assert "\x1b" not in said
    assert "900101" not in said


def test_an_id_is_masked_before_a_long_line_is_cut(register, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    for n in range(105, 118):  # one of these would end in the middle of the id
        register.put(f"{'a' * n}-900101300017.csv.part", "x")
        for _, said, _ in (run("inbox", "run", "--no-pdf", "--now", NOW), run("inbox", "status")):
            assert "900101" not in said
        (register.home.inbox / f"{'a' * n}-900101300017.csv.part").unlink()


def test_a_file_that_cannot_be_read_leaves_nothing_in_the_inbox(register, run):
    status, _, wrong = run("inbox", "add", "/proc/self/mem")
    assert (status, wrong.count("\n"), list(register.home.inbox.iterdir())) == (2, 1, [])


def test_watch_goes_on_after_a_pass_that_could_not_be_made_and_keeps_one_connection(register, run, monkeypatch):
    engines = []
    real = database.connect
    monkeypatch.setattr(database, "connect", lambda url: engines.append(real(url)) or engines[-1])
    passes = iter([None, BadUsage("the database is away"), None, None])
    monkeypatch.setattr(one_pass, "run", lambda work, recheck: _or_raise(next(passes)))
    status, _, wrong = run("inbox", "watch", "--no-pdf", "--every", "1", "--passes", "4")
    assert (status, wrong.count("the database is away"), len(engines)) == (0, 1, 1)


@pytest.mark.parametrize("failing", [0, 1])
def test_watch_goes_on_after_a_disk_that_was_full(register, run, monkeypatch, failing):
    passes = iter([OSError(28, "No space left on device", "store") if n == failing else None for n in range(3)])
    monkeypatch.setattr(one_pass, "run", lambda work, recheck: _or_raise(next(passes)))
    status, _, wrong = run("inbox", "watch", "--no-pdf", "--every", "1", "--passes", "3")
    assert (status, wrong, next(passes, "all made")) == (0, "store: No space left on device\n", "all made")


def test_watch_ends_where_its_first_pass_cannot_use_the_register(register, run, monkeypatch):
    monkeypatch.setattr(one_pass, "run", lambda work, recheck: _or_raise(BadUsage("the register is of another program")))
    assert run("inbox", "watch", "--no-pdf", "--every", "1", "--passes", "3")[0] == 2


def _or_raise(error):
    if error is not None:
        raise error
    return Summary()


def test_status(register, run):
    register.put("a.csv", report(("8000000", DONOR)))
    register.put("b.csv", b"")
    register.a_pass()
    register.put("coming.csv.part", "x")
    status, said, _ = run("inbox", "status")
    assert status == 0
    assert "arrivals: stored 0, checked 0, done 1, in quarantine 1" in said
    assert "2  b.csv  " in said
    assert "notices: to be sent 0, sent 0, given up 0" in said
    assert "coming.csv.part" in said


def test_add_puts_whole_copies_and_none_over_another(register, run, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(report(("8000000", DONOR)), encoding="utf-8")
    assert run("inbox", "add", file)[0] == 0
    assert register.lies(register.home.inbox) == {"a.csv"}
    assert run("inbox", "add", file)[0] == 2
    assert run("inbox", "add", tmp_path / "nowhere.csv")[0] == 2
    assert register.a_pass().done == 1
    assert file.exists()


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_comes_under_the_name_of_one_being_added_stays(register, run, tmp_path, monkeypatch, links):
    """Of two who send "reports.csv" at once the second is told so. Where the disk has no links, only one who asks later can be."""
    file, coming = tmp_path / "a.csv", register.home.inbox / "a.csv"
    file.write_text(report(("8000000", DONOR)), encoding="utf-8")
    link = os.link

    def comes_first(source, target):
        coming.write_text("x", encoding="utf-8")
        return link(source, target)

    def no_links(source, target):
        raise OSError(errno.EOPNOTSUPP, "")

    monkeypatch.setattr(os, "link", comes_first if links else no_links)
    status = run("inbox", "add", file)[0]
    assert (status, coming.read_text(encoding="utf-8")) == ((2, "x") if links else (0, file.read_text(encoding="utf-8")))
    assert register.lies(register.home.inbox) == {"a.csv"}


def test_watch_wakes_up(register, run):
    register.put("a.csv", report(("1", DONOR)))

    def drops():
        coming = register.home.inbox / ".b.csv"
        coming.write_text(report(("8000000", DONOR)), encoding="utf-8")
        coming.replace(register.home.inbox / "b.csv")

    threading.Timer(3, drops).start()
    # Long before its hour is over: the change wakes it; moving the file out of the inbox may do so once more.
    status, said, _ = run("inbox", "watch", "--no-pdf", "--every", "3600", "--passes", "2")
    assert status == 0
    assert said.count("taken in 1") == 2
    assert {one.name: one.state for one in register.arrivals()} == {"a.csv": "done", "b.csv": "done"}


def test_reports_as_pdf(register, run):
    register.put("a.csv", report(("8000000", DONOR)))
    assert run("inbox", "run", "--now", NOW)[0] == 0
    assert {name.rpartition(".")[2] for name in register.lies(register.home.reports / "receipts")} == {"pdf"}
    assert "SM-1.pdf" in register.lies(register.home.reports)


@pytest.mark.parametrize("name", [".hidden.csv", "~$filing.csv"])
def test_a_file_that_no_pass_would_take_is_not_put_there(run, tmp_path, name):
    (tmp_path / name).write_text("x", encoding="utf-8")
    status, _, wrong = run("inbox", "add", tmp_path / name)
    assert (status, "rename it" in wrong) == (2, True)


def test_notices_are_not_sent_beside_a_pass(run, register):
    with alone(register.home) as ours:
        assert ours
        status, out, _ = run("inbox", "notices")
    assert (status, out.strip()) == (0, words_of(register.settings.lang)("inbox.busy"))


def test_a_file_that_may_not_be_read_needs_a_person(run, register, monkeypatch):
    register.put("a.csv", report(("1", DONOR)))

    def refused(seen):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Seen, "read", refused)
    status, out, _ = run("inbox", "run", "--no-pdf", "--quiet", "--now", NOW)
    assert (status, "a.csv: Permission denied" in out) == (1, True)
