"""The commission's tables `contestants` and `filings` → how the obligations of the calendar stand on its day.

Only what had arrived by that day is looked at: a table of April tells how things stood on 1 March.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from auditor.counted_days import is_late, may_cover
from auditor.errors import CannotRead
from auditor.follow.obligations import Calendar, Obligation, Standing, Standings
from auditor.model.stray import Stray
from auditor.normalise.contract import Contract
from auditor.normalise.other_tables import OtherTable, filings_of, gather, unusable_filings
from auditor.normalise.reports import Filed, Report, Reports
from auditor.normalise.scope import Scope
from auditor.normalise.settling import settle
from auditor.read.candidates import Candidate, candidates
from auditor.read.instructions import Instructions, Stated
from auditor.read.sources import receive
from auditor.rulebook.load import Rulebook
from auditor.tables import INTERIM, TABLES
from auditor.wording import Words

_NEEDED = ("contestants", "filings")


@dataclass(frozen=True)
class CommissionTables:
    """The two tables of a commission, as far as they can be used, and how many rows cannot. `perhaps_filed`: by contestant the reports that
    such rows of `filings` name; `tells_status` and `tells_published`: the columns are there."""

    contestants: Sequence[Mapping[str, Any]]
    filings: Sequence[Filed]
    perhaps_filed: Mapping[str, Set[Stray]]
    tells_status: bool
    tells_published: bool
    unread: int


def read(
    paths: Sequence[str], tables: Mapping[str, str], stated: Stated, scope: Scope, rulebook: Rulebook, words: Words
) -> CommissionTables:
    """Read both tables from files, folders and workbooks. Raises CannotRead where one is not there."""
    instructions = Instructions.of(rulebook, words, stated)
    found = [_by_its_name(one) for one in candidates(paths, tables, instructions)]
    received = receive([one for one in found if one.table in (*_NEEDED, None)], paths, instructions, reports=False)
    contract = Contract.of(rulebook.vocabulary)
    tables_read: dict[str, OtherTable] = {}
    for table in _NEEDED:
        sources = [(number, source) for number, source in enumerate(received.tables) if source.table == table]
        found_table = gather(table, sources, rulebook.vocabulary, words, contract.violations)
        if found_table is None:
            raise CannotRead(words("calendar.needs_tables", where=", ".join(paths) or "–", table=table))
        tables_read[table] = found_table
    everyone = {row["contestant_id"]: row for row in reversed(list(tables_read["contestants"].frame.iter_rows(named=True)))}
    inside = scope.chosen({cid: (row["district"], row["commission"]) for cid, row in everyone.items()}, words)
    return CommissionTables(
        contestants=[everyone[cid] for cid in sorted(inside)],
        filings=[filed for filed in filings_of(tables_read["filings"]) if filed.contestant_id in inside],
        perhaps_filed=unusable_filings(tables_read["filings"]),
        tells_status="status" in tables_read["contestants"].present,
        tells_published="published_on" in tables_read["filings"].present,
        unread=sum(len(rows) for one in tables_read.values() for rows in one.unread_rows.values()),
    )


def status(calendar: Calendar, kept: CommissionTables) -> Standings:
    """How every obligation stands at the end of the calendar's day."""
    day = calendar.as_of
    registered = [row["contestant_id"] for row in kept.contestants if _registered(row, day)]
    arrived = [filed for filed in kept.filings if filed.received_on is None or filed.received_on <= day]
    reports = settle(arrived, [])
    by_contestant: dict[str, list[Report]] = {cid: [] for cid in registered}
    for report in reports.all:
        if report.contestant_id in by_contestant:
            by_contestant[report.contestant_id].append(report)
    # Who is in a register without that column is taken to be registered.
    unsaid = {row["contestant_id"] for row in kept.contestants if row["status"] is None and kept.tells_status}
    standings = []
    for one in calendar.obligations:
        perhaps = {cid for cid, strays in kept.perhaps_filed.items() if any(stray.may_be(one.report) for stray in strays)}
        standing = _standing(one, by_contestant, reports, calendar, tells_published=kept.tells_published)
        standings.append(_unclear_of(standing, unsaid | perhaps) if one.duty == "submitted" else standing)
    interim = {cid: [report for report in several if report.report_type == INTERIM] for cid, several in by_contestant.items()}
    known = kept.tells_published or not any(interim.values())
    published = [cid for cid, several in interim.items() if any(_published(report, day) for report in several)]
    undated = [row["contestant_id"] for row in kept.contestants if row["registered_on"] is None and _registered(row, day)]
    return Standings(calendar, registered, standings, published if known else None, undated, kept.unread)


def _by_its_name(one: Candidate) -> Candidate:
    """A file that is given alone is taken for reports; here its name tells."""
    stem = Path(one.name).stem.lower()
    return replace(one, table=stem) if one.table == "reports" and stem in TABLES else one


def _registered(row: Mapping[str, Any], day: date) -> bool:
    """On that day: not before the registration, and not after it ended."""
    since, status, status_on = row["registered_on"], row["status"], row["status_on"]
    ended = status in ("withdrawn", "deregistered") and (status_on is None or status_on <= day)
    return not ended and (since is None or since <= day)


def _standing(
    one: Obligation, by_contestant: Mapping[str, Sequence[Report]], reports: Reports, calendar: Calendar, *, tells_published: bool
) -> Standing:
    told: dict[str, list[str]] = {"done": [], "late": [], "missing": [], "open": [], "unclear": []}
    for cid, several in by_contestant.items():
        own = list(_of(one, several, reports))
        states = (
            _submitted(one, own, reports, calendar)
            if one.duty == "submitted"
            else _publication(one, own, reports, calendar, tells_published=tells_published)
        )
        for state in states:
            told[state].append(cid)
    return Standing(one, **told)


def _unclear_of(standing: Standing, contestants: Set[str]) -> Standing:
    """Of these nobody can say that something is missing: whether they are registered is not said, or a row that may be of their report
    cannot be read."""
    unclear = [cid for cid in standing.missing if cid in contestants]
    if not unclear:
        return standing
    missing = [cid for cid in standing.missing if cid not in contestants]
    return replace(standing, missing=missing, unclear=sorted([*standing.unclear, *unclear]))


def _of(one: Obligation, several: Sequence[Report], reports: Reports) -> Iterator[Report]:
    """The reports by which a contestant has met the obligation, or that are to be published."""
    for report in several:
        if report.report_type == one.report and (
            may_cover(report.period, *one.period) if one.period is not None else reports.counts(report)
        ):
            yield report


def _submitted(one: Obligation, own: Sequence[Report], reports: Reports, calendar: Calendar) -> tuple[str, ...]:
    if not own:
        return _not_done(one, calendar)
    if not one.judges_late:
        return ("done",)
    received = min((first.received_on for report in own if (first := reports.first(report)).received_on is not None), default=None)
    if received is None:
        return ("unclear",)
    return ("done", "late") if _late(one, received) else ("done",)


def _publication(one: Obligation, own: Sequence[Report], reports: Reports, calendar: Calendar, *, tells_published: bool) -> tuple[str, ...]:
    """Nothing can be published that was not received; whether it is late goes by the first filing of the report."""
    if not own:
        return ()
    if not tells_published:
        return ("unclear",)
    day = calendar.as_of
    days = [first.filed.published_on for report in own if (first := reports.first(report)).filed is not None]
    first_day = min((when for when in days if when is not None and when <= day), default=None)
    if first_day is not None or any(_published(report, day) for report in own):
        return ("done", "late") if _late(one, first_day or day) else ("done",)
    return _not_done(one, calendar)


def _not_done(one: Obligation, calendar: Calendar) -> tuple[str, ...]:
    """What is to be said of what has not been done. Without a known last day it is open until the election, and unclear after it: a day
    that nobody knows yet can only come after the election."""
    if one.due is None:
        return ("unclear",) if calendar.as_of > calendar.day else ("open",)
    return ("missing",) if calendar.as_of > one.due else ("open",)


def _published(report: Report, day: date) -> bool:
    when = report.filed.published_on if report.filed is not None else None
    return when is not None and when <= day


def _late(one: Obligation, day: date) -> bool:
    return one.starts is not None and is_late(one.starts, one.counted, day, one.counting)
