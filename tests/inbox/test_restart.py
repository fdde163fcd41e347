"""PostgreSQL restarted in the middle of a pass, at once as when its machine fails: nothing lost, nothing twice."""

import subprocess
import sys
import time

import pytest
from inboxes import DONOR, NOW, report
from test_kills import STEPS, a_pass

from auditor.errors import BadUsage
from auditor.register.checkup import checkup
from auditor.register.home import alone, open_


@pytest.fixture
def database_url(server):
    return server.database()


def whole(register):
    assert {(one.name, one.state) for one in register.arrivals()} == {("1.csv", "done"), ("2.csv", "done"), ("3.csv", "quarantined")}
    assert register.lies(register.home.inbox) == set()
    assert register.measured() == ["9000000.00"]
    assert register.rows("SELECT contestant_id, version FROM filing ORDER BY version") == [("SM-1", 1), ("SM-1", 2)]
    assert register.rows("SELECT change, count(*) FROM finding_change GROUP BY change") == [
        ("new", *register.rows("SELECT count(*) FROM finding")[0])
    ]
    assert checkup(register.home).faults == []


def three(register):
    register.put("1.csv", report(("8000000", DONOR)))
    register.put("2.csv", report(("9000000", DONOR)))
    register.put("3.csv", b"")


def test_after_every_step_of_a_pass(register, server):
    three(register)
    left = set(STEPS)

    def step(name):
        if name in left:
            left.remove(name)
            server.stop()
            server.start()

    made = register.a_pass(step=step)
    assert (made.done, len(made.quarantined)) == (2, 1)
    assert left <= {"copied", "passed"}
    whole(register)
    assert a_pass(register.home) == ["sent"]


def test_under_a_command_that_holds_the_lock_of_the_passes(register, server, run, monkeypatch):
    """The lock went with its connection; nothing but the summary is said of it."""
    from auditor.inbox import one_pass

    three(register)
    report_of = one_pass.report

    def restarted(*given):
        server.stop()
        server.start()
        report_of(*given)

    monkeypatch.setattr(one_pass, "report", restarted)
    status, said, wrong = run("inbox", "run", "--no-pdf", "--now", NOW)
    assert (status, wrong) == (1, ""), said
    whole(register)


def test_away_when_the_lock_is_asked_for(register, server):
    server.stop()
    try:
        with pytest.raises(BadUsage, match="cannot be used"), alone(register.home):
            raise AssertionError("it cannot be had")
    finally:
        server.start()
    with alone(register.home) as held:
        assert held


def test_while_a_command_is_at_work(register, server):
    """The server is away for longer than it is waited for, perhaps; then the pass ends with one line and the next one goes on."""
    three(register)
    command = [sys.executable, "-m", "auditor.cli.main", "inbox", "run", "--no-pdf", "--now", NOW, "--home", str(register.home.folder)]
    for pause in (0.9, 1.3):
        process = subprocess.Popen([*command, "--database", register.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(pause)
        server.stop()
        time.sleep(0.5)
        server.start()
        said, wrong = process.communicate(timeout=120)
        assert process.returncode in (0, 1, 2), said
        assert "Traceback" not in wrong
        assert len(wrong.splitlines()) == (process.returncode == 2)
    register.home.engine.dispose()
    register.home = open_(register.home.folder, register.url)
    register.a_pass()
    whole(register)
