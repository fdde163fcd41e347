"""What people decided about findings: appended, never changed; two people for a signature."""

from __future__ import annotations

import contextlib
import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from auditor.errors import BadUsage
from auditor.model.dismissals import DISMISSALS
from auditor.model.finding import SAID
from auditor.register import log
from auditor.register.database import key_of
from auditor.register.schema import DECISIONS, decision, finding, finding_change, run
from auditor.register.schema import log as log_table
from auditor.wording import refusal

SHORTEST = 6


@dataclass(frozen=True)
class Decision:
    """One entry: who decided what on a finding as it was told then (`about`)."""

    id: int
    kind: str
    by: str
    code: str | None
    reason: str
    at: str
    about: str
    signs: int | None


@dataclass(frozen=True)
class Reviewed:
    """A finding with its history: how it came and went, and what was decided. `state` is open, accepted, dismissed, signed, or
    reopened where it changed after the last decision."""

    key: str
    contestant_id: str | None
    told: Mapping[str, Any]
    is_open: bool
    changes: Sequence[tuple[str, str]]
    decisions: Sequence[Decision]

    @property
    def about(self) -> str:
        """SHA-256 of the finding as it is told now."""
        return about(self.told)

    @property
    def standing(self) -> Decision | None:
        """The last acceptance or dismissal."""
        return next((one for one in reversed(self.decisions) if one.kind in ("accept", "dismiss")), None)

    @property
    def signature(self) -> Decision | None:
        """The signature under it."""
        standing = self.standing
        return next((one for one in self.decisions if standing is not None and one.signs == standing.id), None)

    @property
    def state(self) -> str:
        """In one word."""
        standing = self.standing
        if standing is None:
            return "open"
        if standing.about != self.about:
            return "reopened"
        if self.signature is not None:
            return "signed"
        return "accepted" if standing.kind == "accept" else "dismissed"


def about(told: Mapping[str, Any]) -> str:
    """What a decision is about: what the finding says, not in which file it stands."""
    said = {name: told.get(name) for name in ("rule", *SAID, "subject")}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def every(connection: Connection, election_id: str, contestant_id: str | None = None, rule: str | None = None) -> list[Reviewed]:
    """The findings of the register with their history, by contestant, rule and key."""
    which = select(finding).where(finding.c.election == election_id).order_by(finding.c.contestant_id, finding.c.rule, finding.c.key)
    if contestant_id is not None:
        which = which.where(finding.c.contestant_id == contestant_id)
    if rule is not None:
        which = which.where(finding.c.rule.startswith(rule.upper(), autoescape=True))
    rows = connection.execute(which).all()
    changes: dict[str, list[tuple[str, str]]] = {}
    history = select(finding_change.c.key, run.c.as_of, finding_change.c.change).join(run, run.c.id == finding_change.c.run)
    for row in connection.execute(history.where(finding_change.c.election == election_id).order_by(finding_change.c.id)):
        changes.setdefault(row.key, []).append((row.as_of, row.change))
    decided: dict[str, list[Decision]] = {}
    for row in connection.execute(select(decision).where(decision.c.election == election_id).order_by(decision.c.id)):
        made = Decision(row.id, row.kind, row.by, row.code, row.reason, row.at, row.about, row.signs)
        decided.setdefault(row.key, []).append(made)
    return [
        Reviewed(row.key, row.contestant_id, json.loads(row.told), bool(row.open), changes.get(row.key, ()), decided.get(row.key, ()))
        for row in rows
    ]


def find(connection: Connection, election_id: str, begins: str) -> Reviewed:
    """The finding whose key is or begins like this, in small letters or capitals. Raises BadUsage where there is none, or several."""
    keys = [
        str(key)
        for (key,) in connection.execute(
            select(finding.c.key)
            .where(finding.c.election == election_id, func.lower(finding.c.key).startswith(begins.lower(), autoescape=True))
            .order_by(finding.c.key)
            .limit(4)
        )
    ]
    keys = [key for key in keys if key.lower() == begins.lower()] or keys
    if len(begins) < SHORTEST or len(keys) != 1:
        if len(begins) < SHORTEST:
            raise BadUsage(refusal("usage.key_too_short", key=begins, least=SHORTEST))
        raise BadUsage(refusal("usage.keys_begin" if keys else "usage.no_key_begins", key=begins))
    return next(one for one in every(connection, election_id) if one.key == keys[0])


def person(name: str) -> str:
    """A name however it is written: small letters, single spaces, one form of each letter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def decide(connection: Connection, election_id: str, one: Reviewed, *, kind: str, by: str, reason: str, code: str | None, at: str) -> None:
    """Append a decision. Raises BadUsage for one that cannot be made: a signature under nothing, under what changed since, or by
    the person whose decision it is; a dismissal without a code or a reason."""
    by = " ".join(unicodedata.normalize("NFC", by).split())  # one person is written in one way
    reason = reason.strip()
    if not by:
        raise BadUsage(refusal("usage.by_whom"))
    signs = signs_person = None
    if kind == "sign":
        standing = one.standing
        if standing is None or standing.about != one.about:
            raise BadUsage(refusal("usage.nothing_to_sign", key=one.key, state=refusal(f"review.state_{one.state}")))
        if one.signature is not None:
            raise BadUsage(refusal("usage.signed_already", key=one.key, by=one.signature.by))
        if person(standing.by) == person(by):
            raise BadUsage(refusal("usage.another_signs", key=one.key, by=by))
        signs, signs_person = standing.id, person(standing.by)
    if kind == "dismiss" and (code not in DISMISSALS or not reason):
        raise BadUsage(refusal("usage.dismissal_needs", key=one.key, codes=", ".join(DISMISSALS)))
    if kind == "note" and not reason:
        raise BadUsage(refusal("usage.note_needs", key=one.key))
    row: dict[str, Any] = {
        "election": election_id,
        "key": one.key,
        "kind": kind,
        "by": by,
        "person": person(by),
        "code": code,
        "reason": reason,
        "at": at,
        "about": one.about,
        "signs": signs,
        "signs_person": signs_person,
    }
    number = key_of(connection.execute(decision.insert().values(**row)))
    told = {"decision": number, "finding": one.key, "code": code, "about": one.about, "signs": signs, "sha256": _sealed(row)}
    log.append(connection, at, by, kind, told)


def _sealed(row: Mapping[str, Any]) -> str:
    told = json.dumps({name: row[name] for name in decision.c.keys() if name != "id"}, ensure_ascii=False, sort_keys=True)  # noqa: SIM118
    return hashlib.sha256(told.encode()).hexdigest()


def faults(connection: Connection) -> list[int]:
    """The numbers of the decisions that are not as the log recorded them: changed, removed, or written by nobody who went through
    this program."""
    logged: dict[int, str] = {}
    for details in connection.execute(select(log_table.c.details).where(log_table.c.what.in_(DECISIONS))).scalars():
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a row that somebody changed is a fault of the log already
            told = json.loads(details)
            logged[told["decision"]] = told["sha256"]
    there = {row["id"]: _sealed(dict(row)) for row in connection.execute(select(decision)).mappings()}
    return sorted(number for number in logged.keys() | there.keys() if logged.get(number) != there.get(number))
