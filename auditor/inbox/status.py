"""What the register holds and what waits; taking a file out of quarantine; putting one into the inbox."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from auditor.errors import BadUsage
from auditor.inbox import notices
from auditor.inbox.scan import is_passed_over
from auditor.inbox.settings import Settings, load
from auditor.masking import safe, shortened
from auditor.register import arrivals, log, outbox
from auditor.register.database import in_one, reaching
from auditor.register.home import Home
from auditor.register.schema import STATES
from auditor.rulebook.load import load as law
from auditor.wording import Words, refusal
from auditor.wording import load as words_of


def status(home: Home, folder: Path) -> Iterator[str]:
    """Lines for a person."""
    settings = load(folder)
    words = words_of(settings.lang)
    election = law(settings.rulebook).election.id
    with reaching(home.engine) as connection:
        counted = arrivals.counts(connection, election)
        rows, head = log.head(connection)
        quarantined = arrivals.in_state(connection, election, "quarantined")
        sending = outbox.counts(connection)
        unsent = [one for one in outbox.pending(connection) if one.last_error is not None]
    states = {name: words.count(counted.get(name, 0)) for name in STATES}
    yield words("inbox.status", rows=words.count(rows), head=head[:12], **states)
    for one in quarantined:
        yield safe(words("inbox.status_file", number=one.id, name=one.name, reason=one.reason or "–"))
    yield words("inbox.status_outbox", **{name: words.count(sending.get(name, 0)) for name in ("pending", "sent", "given_up")})
    for notice in unsent:
        yield safe(words("inbox.last_error", attempts=notice.attempts, next_at=notice.next_at, error=notice.last_error))
    waiting = sorted(path.relative_to(home.inbox).as_posix() for path in home.inbox.rglob("*") if path.is_file())
    if waiting:
        yield shortened(safe(words("inbox.waiting", names=", ".join(waiting))), 1000)


def retry(home: Home, folder: Path, number: int, now: datetime, who: str) -> str:
    """Have a file read anew: one in quarantine, or one of which lines were left aside. Raises BadUsage where it is neither."""
    settings = load(folder)
    election = law(settings.rulebook).election.id
    with reaching(home.engine) as connection:
        found = [one for one in arrivals.in_state(connection, election, "quarantined", "done") if one.id == number]
        if not found or (found[0].state == "done" and found[0].reason is None):
            raise BadUsage(refusal("usage.no_such_arrival", number=number))
        arrivals.again(connection, number, now.astimezone(UTC).isoformat(timespec="seconds"), who)
    name = found[0].file_name
    for folder_ in (home.quarantine, home.done):
        for file in (folder_ / name, folder_ / f"{name}.txt"):
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
        raise BadUsage(f"{file}: {error.strerror}.") from error
    handle, name = tempfile.mkstemp(dir=home.inbox, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(content)
        owner = home.inbox.stat()
        if os.geteuid() == 0:  # the passes are another user's, who has to be able to read it
            os.chown(name, owner.st_uid, owner.st_gid)
        Path(name).chmod(0o640)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return str(target)


def waiting(home: Home, words: Words) -> Iterator[str]:
    """What would be sent to whom."""
    with reaching(home.engine) as connection:
        found = outbox.pending(connection)
    for one in found:
        yield safe(words("inbox.would_send", channel=one.channel, recipient=one.recipient, subject=one.subject))
        yield from (f"    {safe(line)}" for line in one.body.splitlines())
    if not found:
        yield words("inbox.nothing_to_send")


def deliver(home: Home, settings: Settings, now: datetime) -> tuple[int, int]:
    """Send what waits; how many were sent, and how many not."""
    return notices.send(home, settings, now, lambda do: in_one(home.engine, do, (), lambda seconds: None))
