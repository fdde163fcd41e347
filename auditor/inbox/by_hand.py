"""What a person does with files of the inbox: has one read anew, puts one in."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from auditor.errors import BadUsage
from auditor.inbox.scan import is_passed_over
from auditor.inbox.settings import load
from auditor.masking import safe
from auditor.register import arrivals
from auditor.register.database import reaching
from auditor.register.home import Home
from auditor.rulebook.load import load as law
from auditor.wording import refusal, system_error


def retry(home: Home, number: int, now: datetime, who: str) -> str:
    """Have a file read anew: one in quarantine, or one of which lines were left aside. Raises BadUsage where it is neither."""
    settings = load(home.folder)
    election = law(settings.rulebook).election.id
    with reaching(home.engine) as connection:
        found = [one for one in arrivals.in_state(connection, election, "quarantined", "done") if one.id == number]
        if not found or (found[0].state == "done" and found[0].reason is None):
            raise BadUsage(refusal("usage.no_such_arrival", number=number))
        arrivals.again(connection, number, now.astimezone(UTC).isoformat(timespec="seconds"), who)
    name = found[0].file_name
    for folder in (home.quarantine, home.done):
        for file in (folder / name, folder / f"{name}.txt"):
            file.unlink(missing_ok=True)  # the bytes are in the store
    return f"{number}  {safe(found[0].name)}"


def add(home: Home, file: Path) -> str:
    """Put a copy of a file into the inbox: it is whole there as soon as it can be seen."""
    target = home.inbox / file.name
    if is_passed_over(file.name):
        raise BadUsage(refusal("usage.never_taken", file=file.name))
    if target.exists():
        raise BadUsage(refusal("usage.in_the_inbox", path=target))
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadUsage(refusal("usage.system", where=file, error=system_error(error))) from error
    handle, name = tempfile.mkstemp(dir=home.inbox, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
        owner = home.inbox.stat()
        if os.geteuid() == 0:  # the passes are another user's, who has to be able to read it
            os.chown(name, owner.st_uid, owner.st_gid)
        Path(name).chmod(0o640)
        _move_new(Path(name), target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return str(target)


def _move_new(file: Path, target: Path) -> None:
    """Give a file its name, unless another one took that name in the meantime: BadUsage then, as far as the disk can tell."""
    try:
        os.link(file, target)
    except FileExistsError as error:
        raise BadUsage(refusal("usage.in_the_inbox", path=target)) from error
    except OSError:  # a disk without links; whoever came since the name was looked at is replaced
        file.replace(target)
    else:
        file.unlink()
