"""kill -9 after every step of a pass and at random moments; what remains is as if nothing had happened."""

import json
import os
import random
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from faults import NOW, Dropped, differences, disturbed, drop, filings, outcome, register, report, to_the_end, wrong

from auditor.inbox import one_pass
from auditor.inbox.settings import load
from auditor.inbox.work import Work
from auditor.inbox.writing import Writing
from auditor.register import arrivals

DRIVER = Path(__file__).parent / "killed.py"
ROOT = DRIVER.parent.parent.parent
STEPS = (
    "stored",
    "arrived",
    "begun",
    "told",
    "copied",
    "quarantined",
    "audited",
    "recorded",
    "reported",
    "passed",
    "done",
    "moved",
    "sent",
)


def a_pass(home, *, recheck=False):
    steps = []
    work = Work(
        home,
        load(home.folder),
        datetime.fromisoformat(NOW),
        lambda seconds: None,
        Writing(home.reports, pdf=False),
        steps.append,
    )
    one_pass.run(work, recheck=recheck)
    return steps


@pytest.fixture(scope="module")
def killed():
    """A pass that ends in a kill."""
    env = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    with subprocess.Popen([sys.executable, str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as driver:

        def command(home, what, which, recheck=False):
            print(json.dumps([str(home.folder), what, which, recheck]), file=driver.stdin, flush=True)
            assert driver.stdout.readline().strip() == str(-signal.SIGKILL)

        yield command
        driver.stdin.close()


@pytest.fixture(scope="module")
def files():
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
def test_killed_after_a_step(step, files, expected, killed, tmp_path):
    home = register(tmp_path / "home", 2)
    for one in files:
        drop(home, one)
    killed(home, step, 1 if step in ("audited", "recorded", "reported", "sent", "quarantined", "copied") else 2)
    a_pass(home)
    assert wrong(home, files) == []
    assert differences(outcome(home), expected) == []
    assert a_pass(home) == ["sent"]  # and then there is nothing to do


def test_killed_after_a_file_of_two_who_cannot_be_checked_together(killed, tmp_path):
    both = report("SM-0001", 1, random.Random(5)) + report("SM-0002", 1, random.Random(6)).partition(b"\n")[2]
    files = [Dropped("1.csv", both, "first")]
    home, quiet = register(tmp_path / "home", 2), register(tmp_path / "quiet", 2)
    drop(home, files[0])
    drop(quiet, files[0])
    killed(home, "split passed", 1)
    for each in (home, quiet):
        a_pass(each)
        assert wrong(each, files) == []
    assert differences(outcome(home), outcome(quiet)) == []


def test_a_check_that_was_recorded_without_its_reports_is_reported_by_the_next_pass(killed, tmp_path):
    """Also where no file arrived: another table of the commission, say."""
    home = register(tmp_path / "home", 2)
    drop(home, Dropped("1.csv", report("SM-0001", 1, random.Random(5)), "first"))
    a_pass(home)
    written = home.reports / "SM-0001.json"
    good = written.read_bytes()
    written.write_bytes(b"of another law")
    killed(home, "recorded", 1, recheck=True)
    assert written.read_bytes() == b"of another law"
    a_pass(home)
    assert written.read_bytes() == good
    assert a_pass(home) == ["sent"]


def test_killed_at_random_moments(tmp_path):
    """One here; `make faults` has two hundred."""
    files = filings(6, 7)
    home = register(tmp_path / "killed", 8)
    assert disturbed(home, files, 1, 7).killed == 1
    assert wrong(home, files) == []
    quiet = register(tmp_path / "quiet", 8)
    for one in files:
        drop(quiet, one)
    to_the_end(quiet)
    assert wrong(quiet, files) == []
    assert differences(outcome(home), outcome(quiet)) == []


def test_a_receipt_does_not_tell_how_many_passes_there_were(files, tmp_path):
    """Which reports count is not said in it: in one pass with the version after it, it would be the later one."""
    home, other = register(tmp_path / "home", 2), register(tmp_path / "other", 2)
    for one in files[:3]:
        for each in (home, other):
            drop(each, one)
        a_pass(other)
    a_pass(home)
    receipts = {name: content for name, content in outcome(home)["reports"].items() if name.startswith("receipts/")}
    assert len(receipts) == 3
    assert receipts == {name: content for name, content in outcome(other)["reports"].items() if name.startswith("receipts/")}


@pytest.mark.parametrize(("poison", "passes"), [(("poison", "2.csv"), 3), (("poisoned-check", "SM-0001"), 6)])
def test_a_file_that_ends_the_program_is_quarantined_and_the_rest_is_done(poison, passes, files, killed, tmp_path):
    home = register(tmp_path / "home", 2)
    for one in files[1:2] + files[5:]:
        drop(home, one)
    for _ in range(passes):
        killed(home, *poison)
    a_pass(home)
    with home.engine.begin() as connection:
        found = {one.name: (one.state, one.reason) for one in arrivals.in_state(connection, "kz-majilis-2023", "done", "quarantined")}
    assert found["6.csv"] == ("done", None)
    assert found["2.csv"][0] == "quarantined"
    assert "ended the program" in found["2.csv"][1]
    assert (home.reports / "SM-0002.json").exists()
