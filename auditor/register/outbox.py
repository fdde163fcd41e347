"""Notices that wait to be sent: written in the transaction that they tell of, so that none is lost and none is told twice."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from auditor.register.schema import outbox


@dataclass(frozen=True)
class Notice:
    """One message to one recipient."""

    id: int
    occasion: str
    channel: str
    recipient: str
    subject: str
    body: str
    made_at: str
    state: str
    attempts: int
    next_at: str
    last_error: str | None


def queue(connection: Connection, *, occasion: str, channel: str, recipient: str, subject: str, body: str, at: str) -> None:
    """Put a notice into the outbox, but for an occasion that has been told."""
    if connection.execute(select(outbox.c.id).where(outbox.c.occasion == occasion)).first() is not None:
        return
    connection.execute(
        outbox.insert().values(
            occasion=occasion, channel=channel, recipient=recipient, subject=subject, body=body, made_at=at, state="pending", next_at=at
        )
    )


def due(connection: Connection, now: str) -> list[Notice]:
    """The notices to be sent now, in the order in which they were made."""
    rows = connection.execute(select(outbox).where(outbox.c.state == "pending", outbox.c.next_at <= now).order_by(outbox.c.id))
    return [Notice(**row) for row in rows.mappings()]


def pending(connection: Connection) -> list[Notice]:
    """All that have not been sent."""
    return [Notice(**row) for row in connection.execute(select(outbox).where(outbox.c.state != "sent").order_by(outbox.c.id)).mappings()]


def sent(connection: Connection, number: int) -> None:
    """It has been sent."""
    connection.execute(update(outbox).where(outbox.c.id == number).values(state="sent", attempts=outbox.c.attempts + 1, last_error=None))


def failed(connection: Connection, number: int, error: str, next_at: str | None) -> None:
    """It could not be sent; it is tried again at `next_at`, or never."""
    values: dict[str, object] = {"attempts": outbox.c.attempts + 1, "last_error": error[:500]}
    values |= {"state": "given_up"} if next_at is None else {"next_at": next_at}
    connection.execute(update(outbox).where(outbox.c.id == number).values(**values))


def counts(connection: Connection) -> dict[str, int]:
    """How many notices there are, by state."""
    return {state: int(number) for state, number in connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))}
