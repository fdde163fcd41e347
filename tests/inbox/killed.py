"""Passes that are killed right after a step, or by a file: for each line of standard input (JSON: home, what, which, recheck) one in a
process of its own, and then the signal that ended it as a line of standard output.

`what` is a step that is killed the time of `which`; `poison`: reading the file `which` kills; `poisoned-check`: checking the contestant
`which` does; `split`: no two contestants can be checked together, and then as a step (`split passed`).
"""

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from faults import NOW

from auditor.inbox import delivering, one_pass, recording, taking
from auditor.inbox.settings import load
from auditor.inbox.work import Work
from auditor.inbox.writing import Writing
from auditor.register.home import alone, open_
from auditor.rulebook.load import load as rulebook


def gone() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def a_pass(folder: str, what: str, which: str | int, recheck: bool) -> None:
    left = [which]

    def step(name: str) -> None:
        if name == what.removeprefix("split "):
            left[0] -= 1
            if left[0] == 0:
                gone()

    whose, checked = taking.whose, recording.checked

    def reads(path, name, *rest):
        return gone() if what == "poison" and name == which else whose(path, name, *rest)

    def checks(home, books, contestants, *rest):
        if what == "poisoned-check" and which in contestants:
            gone()
        if what.startswith("split") and len(contestants) > 1:
            raise RuntimeError("not together")
        return checked(home, books, contestants, *rest)

    taking.whose, recording.checked, delivering.checked = reads, checks, checks
    home = open_(Path(folder), os.environ.get("AUDIT_DATABASE"))
    with alone(home) as ours:
        assert ours
        writing = Writing(home.reports, pdf=False)
        work = Work(home, load(Path(folder)), datetime.fromisoformat(NOW), lambda seconds: None, writing, step)
        one_pass.run(work, recheck=recheck)


if __name__ == "__main__":
    rulebook("kz/majilis-2023")  # is read once, and not by each pass anew
    # Nothing was calculated here yet, so no pool of threads is lost by the fork, and no lock of one is held.
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                a_pass(*json.loads(line))
                os._exit(0)
            finally:
                sys.excepthook(*sys.exc_info()) if sys.exc_info()[0] else None
                os._exit(1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
