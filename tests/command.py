"""The command as people give it, without the start of a process: what a process alone shows (hash seeds, what is loaded) is tested with one."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli.main import main

ROOT = Path(__file__).parent.parent


def command(*args: object, cwd: Path = ROOT, data: bytes | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    """`audit` with these arguments: its exit status and what it wrote, as bytes. An error that it does not expect is raised."""
    out, err = io.BytesIO(), io.BytesIO()
    screen = io.TextIOWrapper(out, "utf-8", "surrogateescape", newline="\n", write_through=True)
    errors = io.TextIOWrapper(err, "utf-8", "backslashreplace", newline="\n", write_through=True)
    given = ["audit", *map(str, args)]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        patch.chdir(cwd)
        patch.setattr(sys, "argv", given)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data or b""), "utf-8"))
        patch.setattr(sys, "stdout", screen)
        patch.setattr(sys, "stderr", errors)
        with pytest.raises(SystemExit) as left:
            main()
    return subprocess.CompletedProcess(given, int(left.value.code or 0), out.getvalue(), err.getvalue())
