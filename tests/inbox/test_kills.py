"""kill -9 after every step of a pass and at random moments; what remains is as if nothing had happened."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from faults import NOW, Dropped, differences, disturbed, drop, filings, outcome, register, report, to_the_end, wrong

from auditor.inbox.one_pass import Pass
from auditor.inbox.settings import load
from auditor.inbox.writing import Writing

DRIVER = Path(__file__).parent / "killed.py"
ROOT = DRIVER.parent.parent.parent
STEPS = ("stored", "arrived", "begun", "told", "copied", "quarantined", "audited", "recorded", "reported", "passed", "done", "moved", "sent")


def a_pass(home, *, recheck=False):
    from datetime import datetime

    steps = []
    Pass(
        home,
        load(home.folder),
        datetime.fromisoformat(NOW),
        lambda seconds: None,
        Writing(home.reports, pdf=False),
        steps.append,
    ).run(recheck=recheck)
    return steps


def killed(home, *what):
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(home.folder), NOW, *map(str, what)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture(scope="module")
def files():
    import random

    chance = random.Random(5)
    first = report("SM-0001", 1, chance)
    return [
        Dropped("1.csv", first, "first"),
        Dropped("2.csv", report("SM-0001", 2, chance), "version"),
        Dropped("3.csv", first, "copy of what was replaced"),
        Dropped("4.csv", first, "copy"),
        Dropped("5.csv", b"", "broken"),
        Dropped("6.csv", report("SM-0002", 1, chance), "first"),
    ]


@pytest.fixture(scope="module")
def expected(files, tmp_path_factory):
    quiet = register(tmp_path_factory.mktemp("quiet") / "home", 2)
    for one in files:
        drop(quiet, one)
    steps = a_pass(quiet)
    assert set(STEPS) - set(steps) == {"passed"}  # that step is of a pass after one that was killed
    assert wrong(quiet, files) == []
    return outcome(quiet)


@pytest.mark.parametrize("step", [step for step in STEPS if step != "passed"])
def test_killed_after_a_step(step, files, expected, tmp_path):
    home = register(tmp_path / "home", 2)
    for one in files:
        drop(home, one)
    killed(home, step, 1 if step in ("audited", "recorded", "reported", "sent", "quarantined", "copied") else 2)
    a_pass(home)
    assert wrong(home, files) == []
    assert differences(outcome(home), expected) == []
    assert a_pass(home) == ["sent"]  # and then there is nothing to do


def test_a_check_that_was_recorded_without_its_reports_is_reported_by_the_next_pass(tmp_path):
    """Also where no file arrived: another table of the commission, say."""
    home = register(tmp_path / "home", 2)
    import random

    drop(home, Dropped("1.csv", report("SM-0001", 1, random.Random(5)), "first"))
    a_pass(home)
    written = home.reports / "SM-0001.json"
    good = written.read_bytes()
    written.write_bytes(b"of another law")
    killed(home, "recorded", 1, "recheck")
    assert written.read_bytes() == b"of another law"
    a_pass(home)
    assert written.read_bytes() == good
    assert a_pass(home) == ["sent"]


def test_killed_at_random_moments(tmp_path):
    files = filings(30, 7)
    home = register(tmp_path / "killed", 30)
    assert disturbed(home, files, 6, 7).killed == 6
    assert wrong(home, files) == []
    quiet = register(tmp_path / "quiet", 30)
    for one in files:
        drop(quiet, one)
    to_the_end(quiet)
    assert wrong(quiet, files) == []
    assert differences(outcome(home), outcome(quiet)) == []


@pytest.mark.parametrize(("poison", "passes"), [(("poison", "2.csv"), 3), (("poisoned-check", "SM-0001"), 6)])
def test_a_file_that_ends_the_program_is_quarantined_and_the_rest_is_done(poison, passes, files, tmp_path):
    home = register(tmp_path / "home", 2)
    for one in files[1:2] + files[5:]:
        drop(home, one)
    for _ in range(passes):
        killed(home, *poison)
    from auditor.register import arrivals

    a_pass(home)
    with home.engine.begin() as connection:
        found = {one.name: (one.state, one.reason) for one in arrivals.in_state(connection, "kz-majilis-2023", "done", "quarantined")}
    assert found["6.csv"] == ("done", None)
    assert found["2.csv"][0] == "quarantined"
    assert "ended the program" in found["2.csv"][1]
    assert (home.reports / "SM-0002.json").exists()
