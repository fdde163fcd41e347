"""What the register holds, and what waits."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.inbox.settings import load
from auditor.masking import safe, shortened
from auditor.register import arrivals, log, outbox
from auditor.register.database import reaching
from auditor.register.home import Home
from auditor.register.schema import STATES
from auditor.rulebook.load import load as law
from auditor.wording import Words


def status(home: Home, words: Words) -> Iterator[str]:
    """Lines for a person."""
    election = law(load(home.folder).rulebook).election.id
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
