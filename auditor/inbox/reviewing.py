"""Findings of the register and the decisions about them, for a person and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from auditor.inbox.settings import Settings
from auditor.masking import safe
from auditor.register import decisions
from auditor.register.database import reaching
from auditor.register.decisions import Reviewed
from auditor.register.home import Home
from auditor.rulebook.load import load
from auditor.wording import Words


def every(home: Home, settings: Settings, contestant_id: str | None, rule: str | None) -> list[Reviewed]:
    """The findings with their history."""
    with reaching(home.engine) as connection:
        return decisions.every(connection, load(settings.rulebook).election.id, contestant_id, rule)


def decide(home: Home, settings: Settings, begins: str, *, kind: str, by: str, reason: str, code: str | None, now: datetime) -> Reviewed:
    """Append a decision on the finding whose key begins like this; the finding as it stands then."""
    election = load(settings.rulebook).election.id
    with reaching(home.engine) as connection:
        one = decisions.find(connection, election, begins)
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        decisions.decide(connection, election, one, kind=kind, by=by, reason=reason, code=code, at=at)
        return decisions.find(connection, election, one.key)


def signed(home: Home, settings: Settings) -> dict[str, str]:
    """The open findings that were accepted and signed by two people: key, and what was decided about (decisions.about)."""
    with reaching(home.engine) as connection:
        found = decisions.every(connection, load(settings.rulebook).election.id)
    return {one.key: one.about for one in found if one.is_open and one.state == "signed" and _accepted(one)}


def _accepted(one: Reviewed) -> bool:
    return one.standing is not None and one.standing.kind == "accept"


def as_data(one: Reviewed) -> dict[str, Any]:
    """One finding with its history, as data; ids whole, as in every working file."""
    return {
        "key": one.key,
        "state": one.state,
        "open": one.is_open,
        "finding": dict(one.told),
        "changes": [{"as_of": day, "change": change} for day, change in one.changes],
        "decisions": [
            {"kind": made.kind, "by": made.by, "code": made.code, "reason": made.reason, "at": made.at, "stands": made.about == one.about}
            for made in one.decisions
        ],
    }


def as_lines(found: Sequence[Reviewed], words: Words) -> Iterator[str]:
    """Lines for a person; ids by their last digits."""
    for one in found:
        gone = "" if one.is_open else f" · {words('review.gone')}"
        # The key stays as it is: it is a hash, and is to be copied, also where it ends in twelve digits.
        yield f"{one.key}  " + safe(f"{words(f'review.state_{one.state}')}{gone}  {one.contestant_id}  {one.told['message']}")
        for day, change in one.changes:
            yield f"    {day}  {words(f'review.change_{change}')}"
        for made in one.decisions:
            why = " · ".join(part for part in (made.code, made.reason) if part)
            yield safe(f"    {made.at}  {words(f'review.kind_{made.kind}')} · {made.by}{f' · {why}' if why else ''}")
    yield words("review.count", n=len(found), count=words.count(len(found)))
