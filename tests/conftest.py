import gc
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

if "AUDIT_DEEP" not in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each worker of the tests has one core; `make deep` uses them all
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of commands are started, and would compile every module again

import postgres  # noqa: E402  # what is above must be set before the program is imported
import pytest  # noqa: E402

from auditor.cli.main import main  # noqa: E402

LACKS = "PostgreSQL is not installed (apt-get install postgresql); the register is tested on SQLite only"


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL of this process's own; a test that needs one is skipped where it is not installed, and fails in CI."""
    made = postgres.server()
    if made is None:
        if os.environ.get("CI"):
            pytest.fail(LACKS)
        pytest.skip(LACKS)
    return made


@pytest.fixture
def audit_command(capsys, monkeypatch):
    """`audit` in this process: exit status, what it printed, what it said of errors."""

    def command(*args, width=140):
        monkeypatch.setattr(sys, "argv", ["audit", *map(str, args)])
        monkeypatch.setenv("COLUMNS", str(width))
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return left.value.code or 0, said.out, said.err

    return command


@pytest.fixture
def run(audit_command):
    """The same; some folders have one that gives what all their commands have in common."""
    return audit_command


def pytest_collection_finish():
    """Thousands of collected tests stay in memory; without this the collector walks over them again and again, for a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)


def pytest_unconfigure():
    """What is frozen is not taken down at the end, and DuckDB would say that it leaks."""
    gc.unfreeze()
