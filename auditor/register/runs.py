"""What each run found, and how findings came, changed and went."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from auditor.model.finding import SAID
from auditor.register import log
from auditor.register.database import key_of
from auditor.register.schema import finding, finding_change, result, run


@dataclass(frozen=True)
class Answer:
    """What was said of one contestant: from what, the findings as data, and the rules that would have found everything there is."""

    contestant_id: str
    made_from: str
    findings: Sequence[Mapping[str, Any]]
    assessed: frozenset[str]
    problems: int


@dataclass(frozen=True)
class AppliedLaw:
    """By what a run was made."""

    as_of: str
    version: str
    sha256: str
    program: str
    asked: str


def made_from(connection: Connection, election_id: str) -> dict[str, str]:
    """From what the last answer on each contestant was made."""
    last = (
        select(result.c.contestant_id, func.max(result.c.run).label("run"))
        .join(run, run.c.id == result.c.run)
        .where(run.c.election == election_id)
        .group_by(result.c.contestant_id)
        .subquery()
    )
    rows = connection.execute(
        select(result.c.contestant_id, result.c.made_from).join(
            last, (last.c.run == result.c.run) & (last.c.contestant_id == result.c.contestant_id)
        )
    )
    return {str(row[0]): str(row[1]) for row in rows}


@dataclass(frozen=True)
class Recorded:
    """A run that was recorded: its number, and the keys of findings by what became of them (new, changed, resolved, returned,
    unchanged)."""

    run: int
    changes: Mapping[str, Sequence[str]]


def record(connection: Connection, election_id: str, at: str, law: AppliedLaw, answers: Sequence[Answer], who: str) -> Recorded:
    """Record a run, and what became of each finding.

    A finding that is not there any more is resolved only where its rule would have found it.
    """
    made = connection.execute(
        run.insert().values(
            election=election_id,
            at=at,
            as_of=law.as_of,
            rulebook_version=law.version,
            rulebook_sha256=law.sha256,
            program=law.program,
            asked=law.asked,
        )
    )
    number = key_of(made)
    changes: dict[str, list[str]] = {"new": [], "changed": [], "resolved": [], "returned": [], "unchanged": []}
    for answer in answers:
        _one(connection, election_id, number, answer, changes)
    results = [
        {
            "run": number,
            "contestant_id": answer.contestant_id,
            "made_from": answer.made_from,
            "sha256": hashlib.sha256(_written(answer.findings).encode()).hexdigest(),
            "problems": answer.problems,
            **{
                name: sum(one["outcome"] == outcome for one in answer.findings)
                for name, outcome in (("breaches", "breach"), ("undetermined", "undetermined"), ("leads", "lead"))
            },
        }
        for answer in answers
    ]
    if results:
        connection.execute(result.insert(), results)
    told = {what: len(keys) for what, keys in changes.items()}
    log.append(connection, at, who, "checked", {"run": number, "contestants": len(answers), **told})
    return Recorded(number, changes)


def _one(connection: Connection, election_id: str, number: int, answer: Answer, changes: dict[str, list[str]]) -> None:
    known = {
        row.key: row
        for row in connection.execute(
            select(finding).where(finding.c.election == election_id, finding.c.contestant_id == answer.contestant_id)
        )
    }
    for one in answer.findings:
        key, told = str(one["key"]), _written(one)
        before = known.get(key)
        if before is None:
            what = "new"
            connection.execute(
                finding.insert().values(
                    election=election_id,
                    key=key,
                    rule=one["rule"],
                    contestant_id=answer.contestant_id,
                    first_run=number,
                    last_run=number,
                    open=1,
                    told=told,
                )
            )
        else:
            was = json.loads(before.told)
            same = all(was.get(name) == one[name] for name in SAID)
            what = ("unchanged" if same else "changed") if before.open else "returned"
            connection.execute(_of(election_id, key).values(last_run=number, open=1, told=told))
        _note(connection, election_id, key, number, what, told, changes)
    there = {str(one["key"]) for one in answer.findings}
    for key, before in known.items():
        if key not in there and before.open and before.rule in answer.assessed:
            connection.execute(_of(election_id, key).values(open=0))
            _note(connection, election_id, key, number, "resolved", before.told, changes)


def _of(election_id: str, key: str) -> Any:
    return update(finding).where(finding.c.election == election_id, finding.c.key == key)


def _note(connection: Connection, election_id: str, key: str, number: int, what: str, told: str, changes: dict[str, list[str]]) -> None:
    changes[what].append(key)
    if what != "unchanged":
        connection.execute(finding_change.insert().values(election=election_id, key=key, run=number, change=what, told=told))


def _written(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def since(connection: Connection, election_id: str) -> dict[str, str]:
    """When each open finding was first found, or came back (UTC), by key."""
    last = (
        select(finding_change.c.key, func.max(finding_change.c.run).label("run"))
        .where(finding_change.c.election == election_id, finding_change.c.change.in_(("new", "returned")))
        .group_by(finding_change.c.key)
        .subquery()
    )
    rows = connection.execute(
        select(finding.c.key, run.c.at)
        .join(last, last.c.key == finding.c.key)
        .join(run, run.c.id == last.c.run)
        .where(finding.c.election == election_id, finding.c.open == 1)
    )
    return {str(row[0]): str(row[1]) for row in rows}
