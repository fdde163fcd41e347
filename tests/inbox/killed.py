"""A pass that is killed right after a step, or by reading one file: python killed.py HOME NOW (STEP TIMES | poison|poisoned-check NAME)"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from auditor.inbox import one_pass
from auditor.inbox.settings import load
from auditor.inbox.writing import Writing
from auditor.register.home import alone, open_


def gone() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


folder, now, what, which = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
left = int(which) if which.isdigit() else 0


def step(name: str) -> None:
    global left
    if name == what:
        left -= 1
        if left == 0:
            gone()


if what == "poison":
    whose = one_pass.whose
    one_pass.whose = lambda path, name, *rest: gone() if name == which else whose(path, name, *rest)
if what == "poisoned-check":
    checked = one_pass.checked

    def check(home, books, contestants, *rest):
        return gone() if which in contestants else checked(home, books, contestants, *rest)

    one_pass.checked = check
home = open_(folder, os.environ.get("AUDIT_DATABASE"))
with alone(home) as ours:
    assert ours
    writing = Writing(home.reports, pdf=False)
    one_pass.Pass(home, load(folder), datetime.fromisoformat(now), lambda seconds: None, writing, step).run(recheck="recheck" in sys.argv)
