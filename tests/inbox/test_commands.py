"""`audit inbox`: what it says, and with which exit status."""

import threading

from inboxes import DONOR, NOW, report


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
