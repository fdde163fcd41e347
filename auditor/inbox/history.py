"""What the register knows of the findings of an audit: since when they are there, and which of them two people signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from auditor.almaty import day_in_almaty
from auditor.inbox.settings import Settings
from auditor.model.audit import Audit
from auditor.model.coverage import Coverage, Gap
from auditor.model.finding import Finding, Outcome
from auditor.register import runs
from auditor.register.database import Connection, reaching
from auditor.register.decisions import about
from auditor.register.home import Home
from auditor.render.data import finding
from auditor.rulebook.load import load
from auditor.wording import Words


def found_on(home: Home, settings: Settings) -> dict[str, date]:
    """The day in Almaty on which each open finding was first found, or found again, by key."""
    with reaching(home.engine) as connection:
        return days(connection, load(settings.rulebook).election.id)


def days(connection: Connection, election: str) -> dict[str, date]:
    """The same, in a transaction."""
    return {key: day_in_almaty(datetime.fromisoformat(at)) for key, at in runs.since(connection, election).items()}


def dated(audit: Audit, days: Mapping[str, date], since: date | None) -> Audit:
    """The audit with the day of each finding; those found after `since` are told as new."""
    return replace(audit, findings=[replace(one, found_on=days.get(one.key)) for one in audit.findings], new_since=since)


def only_signed(audit: Audit, decided: Mapping[str, str], words: Words) -> Audit:
    """The audit with only the findings that two people signed, as they are: one that says something else than what was decided about
    is not. A contestant with another one counts under its rule neither as kept nor as breaking it: nothing has been decided."""
    signed = [one for one in audit.findings if decided.get(one.key) == about(finding(one))]
    keys = {one.key for one in signed}
    left = [one for one in audit.findings if one.key not in keys]
    reason = words("public.undecided")
    return replace(
        audit,
        findings=signed,
        coverage=[_coverage(one, signed, left, reason) for one in audit.coverage],
        undecided=sum(one.outcome is not Outcome.LEAD for one in left),  # whether there are leads is not told
    )


def _coverage(whole: Coverage, signed: list[Finding], left: list[Finding], reason: str) -> Coverage:
    undecided = {one.contestant_id for one in left if one.rule == whole.rule and one.contestant_id is not None}
    if not undecided:
        return whole
    breached = {one.contestant_id for one in signed if one.rule == whole.rule and one.outcome is Outcome.BREACH} - {None}
    unclear = {one.contestant_id for one in signed if one.rule == whole.rule and one.outcome is Outcome.UNDETERMINED} - breached - {None}
    silent = {gap.contestant_id: gap for gap in whole.not_assessed_for}
    silent |= {cid: Gap(cid, reason) for cid in undecided - breached - unclear if cid is not None}
    partly, unread = (
        [gap for gap in gaps if gap.contestant_id not in silent] for gaps in (whole.partly_not_assessed_for, whole.unread_for)
    )
    return replace(
        whole,
        breaches=len(breached),
        undetermined=len(unclear),
        not_assessed_for=tuple(silent[cid] for cid in sorted(silent)),
        partly_not_assessed_for=tuple(partly),
        unread_for=tuple(unread),
    )
