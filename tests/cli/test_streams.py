"""Whatever standard output leads to, the exit status says what was found, and a failure is one line."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import command

ROOT = Path(__file__).parent.parent.parent
SAMPLE = str(ROOT / "sample_data" / "majilis-2023")
AUDIT = [sys.executable, "-m", "auditor.cli.main"]


def ended(args, *, shell="{}", **env):
    line = shell.format(" ".join([*AUDIT, *args]))
    return subprocess.run(["bash", "-c", line], check=False, capture_output=True, cwd=ROOT, env=os.environ | env)


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["check", SAMPLE, "--require-complete", "--format", "csv"], 3),
        (["rules", "matrix"], 0),
    ],
)
def test_a_reader_that_goes_away_changes_no_exit_status(args, status):
    done = ended(args, shell="{} | true; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (status, b"")


@pytest.mark.parametrize("args", [["rules", "list"], ["--help"]])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_one_line(args):
    done = ended(args, shell="{} > /dev/full")
    assert (done.returncode, done.stderr) == (2, b"the disk is full\n")


@pytest.mark.parametrize(
    ("closed", "args", "status", "said"),
    [
        (">&-", ["rules", "list"], 0, b""),
        ("2>&-", ["check", "nothing.csv"], 2, b""),
        ("<&-", ["check", "-"], 2, b"-: "),
    ],
)
def test_a_stream_that_is_closed(closed, args, status, said):
    done = ended(args, shell="{} " + closed)
    assert done.returncode == status
    assert done.stderr.startswith(said)
    assert done.stderr.count(b"\n") == bool(said)


def test_a_document_has_the_same_bytes_under_every_code_page():
    args = ["rules", "list", "--lang", "kk"]
    plain = ended(args).stdout
    assert "қайырмалдық" in plain.decode().lower()
    for env in ({"PYTHONIOENCODING": "cp1251"}, {"LC_ALL": "C"}, {"PYTHONUNBUFFERED": "1"}):
        assert ended(args, **env).stdout == plain


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_of_several_outputs_none_is_written_where_a_device_takes_nothing(tmp_path):
    done = ended(["check", SAMPLE, "--select", "DON", "--output", f"csv={tmp_path}/a.csv", "--output", "json=/dev/full"])
    assert (done.returncode, done.stderr) == (2, b"/dev/full: the disk is full\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_printed_elsewhere_than_on_a_terminal_is_what_is_written(form, tmp_path):
    """A code that colours a terminal is not taken out of a name on the way: what stands behind it would begin the cell, as a formula."""
    name = "\x1b[0m=HYPERLINK(1)"
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name"
    (tmp_path / "r.csv").write_text(f"{heading}\nC1,single_mandate,2023-03-01,donation,8000000,individual,{name}\n", encoding="utf-8")
    written = tmp_path / f"out.{form}"
    done = command(
        "check", tmp_path / "r.csv", "--select", "DON-001", "--format", form, "--output", f"{form}={written}", "--as-of", "2023-04-15"
    )
    assert done.returncode == 1
    assert done.stdout == written.read_bytes()
    assert not any(cell.startswith("=") for row in csv.reader(done.stdout.decode().splitlines()) for cell in row) or form == "json"
