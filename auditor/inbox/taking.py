"""Files of the inbox are taken into the store, and it is told whose each one is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from auditor.errors import AuditError
from auditor.inbox.scan import Seen, settled
from auditor.inbox.whose import Whose, whose
from auditor.inbox.work import ATTEMPTS, WHO, Work, of_the_machine
from auditor.read.instructions import Instructions
from auditor.register import arrivals
from auditor.register.arrivals import Arrival, Known
from auditor.register.home import Home


def take_in(work: Work) -> None:
    """Every file that has come whole is stored under its hash; one that is still being written waits."""
    files, work.summary.waiting = settled(work.home.inbox, work.settings.settle_seconds, work.sleep)
    for seen in files:
        try:
            content = seen.read()
        except OSError as error:
            work.summary.waiting.append(seen.name)
            work.summary.failed.append(f"{seen.name}: {error.strerror}")  # a person has to see to it that it may be read
            continue
        if content is None:
            if os.path.lexists(seen.path):
                work.summary.waiting.append(seen.name)
            continue
        sha256 = work.home.store.put(content)
        work.step("stored")
        _receive(work, seen, sha256, len(content))
        work.step("arrived")


def _receive(work: Work, seen: Seen, sha256: str, size: int) -> None:
    made = work.in_one(
        arrivals.receive,
        work.election,
        name=seen.name,
        mark=seen.mark,
        sha256=sha256,
        size=size,
        at=work.at,
        who=WHO,
    )
    if made.state == "stored" and made.attempts == 0:
        work.summary.taken += 1
        work.summary.copies += made.same_as is not None


def tell_whose(work: Work) -> None:
    """Every stored file gets the contestants who have a record in it; one that cannot be read, or is nobody's, is quarantined."""
    known = work.in_one(arrivals.contestants, work.election)
    instructions = Instructions.of(work.rulebook, work.words)
    for one in work.in_state("stored"):
        if one.whose and one.attempts:
            continue  # an earlier pass has told; where nobody has tried, somebody asked to have it told anew
        begun = work.in_one(arrivals.attempt, one.id)
        work.step("begun")
        if begun > ATTEMPTS:
            work.quarantine(one, work.words("inbox.ends_the_program", n=ATTEMPTS, count=ATTEMPTS))
            continue
        if _is_copy(work, one):
            work.step("copied")
            continue
        found = _found(work, one, known, instructions)
        if found is None:
            continue
        if not found.contestants:
            work.quarantine(one, found.said or "")
            continue
        work.in_one(arrivals.belongs_to, work.election, one.id, found.contestants, found.said)
        if found.said is not None:  # lines of somebody whom the register does not know: a person has to look
            work.summary.failed.append(f"{one.name}: {found.said}")
        work.step("told")


def _found(work: Work, one: Arrival, known: Mapping[str, Known], instructions: Instructions) -> Whose | None:
    """Whose a file is; None where it cannot be read and was quarantined."""
    try:
        with _named(work.home, one) as path:
            return whose(path, one.name, known, instructions, work.words)
    except AuditError as error:
        work.quarantine(one, work.told(error))
    except Exception as error:  # whatever it is, it must not stop the other files
        if of_the_machine(error):
            raise
        work.quarantine(one, work.words("inbox.program_error", error=type(error).__name__))
        work.summary.failed.append(f"{one.name}: {type(error).__name__}")
    return None


def _is_copy(work: Work, one: Arrival) -> bool:
    """A copy of what stands is no new version: it is done, and says so. One of what was replaced since brings it back."""
    earlier = work.in_one(arrivals.copied, work.election, one.id, one.sha256)
    if earlier is None:
        return False
    work.in_one(arrivals.becomes, one.id, "done", work.at, WHO, work.words("inbox.copy", number=earlier))
    return True


@contextmanager
def _named(home: Home, one: Arrival) -> Iterator[Path]:
    """An original under a name that ends as the file's did."""
    home.store.get(one.sha256)  # what has been changed in the store is never read
    with tempfile.TemporaryDirectory(prefix="audit-inbox-") as folder:
        path = Path(folder) / one.file_name
        path.symlink_to(home.store.path(one.sha256).absolute())
        yield path
