"""The notices that wait: shown, or sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from auditor.inbox import notices
from auditor.inbox.settings import Settings
from auditor.masking import safe
from auditor.register import outbox
from auditor.register.database import in_one, reaching
from auditor.register.home import Home
from auditor.wording import Words


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
