"""A command that is ended from outside leaves no copy of a filing in the temporary folder, and ends as by the signal."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "majilis-2023" / "reports.csv"

# The audit of a large filing, which waits once its lines are on disk. Who runs the tests may ignore the signals himself.
HEARS = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)"
WAITS = f"""
import sys, time
from auditor import workflow
from auditor.cli.main import main

def waiting(*given):
    filing = prepare(*given)
    print("ready", flush=True)
    time.sleep(60)
    return filing

prepare, workflow.prepare = workflow.prepare, waiting
workflow.is_small = lambda tables: False
sys.argv = ["audit", "check", {str(SAMPLE)!r}]
main()
"""


def waiting(tmp_path, *before):
    code = WAITS if before else HEARS + WAITS
    return subprocess.Popen(
        [*before, sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": str(tmp_path)}
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_behind(tmp_path, number):
    with waiting(tmp_path) as process:
        assert process.stdout.readline() == "ready\n"
        assert list(tmp_path.glob("audit-*/*"))
        process.send_signal(number)
        assert process.wait(30) == -number
    assert list(tmp_path.iterdir()) == []


def test_a_signal_that_is_ignored_stays_so(tmp_path):
    with waiting(tmp_path, "nohup") as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.terminate()
        assert process.wait(30) == -signal.SIGTERM
