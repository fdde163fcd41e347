"""A filing, and the sums that were found → what an audit tells of each contestant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from auditor.model.contestant import Contestant, Flows, Total
from auditor.model.place import Place
from auditor.normalise.prepared import Prepared
from auditor.normalise.reports import Report, Reports
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.tables import FINAL, INTERIM


def contestants_of(
    prepared: Prepared,
    totals: Mapping[str, Sequence[Total]],
    through: Mapping[str, Flows],
    files: Mapping[str, Sequence[tuple[str, str | None]]],
) -> list[Contestant]:
    """The contestants that the audit is about: who they are, which reports are their books, their sums, and the files that name them."""
    facts = {row["contestant_id"]: row for row in prepared.contestants.iter_rows(named=True)}
    by_contestant: dict[str, list[Report]] = {}
    for report in prepared.reports.all:
        by_contestant.setdefault(report.contestant_id, []).append(report)
    made = []
    for cid, contest in prepared.contest_of.items():
        own = by_contestant.get(cid, [])
        made.append(
            Contestant(
                contestant_id=cid,
                name=prepared.name_of.get(cid),
                contest=contest,
                district=facts.get(cid, {}).get("district"),
                commission=facts.get(cid, {}).get("commission"),
                books=sorted(name for r in own if prepared.reports.counts(r) for name in (r.names or [r.label])),
                superseded=sorted(r.label for r in own if not prepared.reports.stands(r)),
                totals=totals.get(cid, []),
                flows=through.get(cid),
                files=files.get(cid, ()),
                other_finals=_beside_books(FINAL, own, prepared.reports),
                interims=_beside_books(INTERIM, own, prepared.reports),
                registered=not facts or cid in facts,
            )
        )
    return made


def _beside_books(report_type: str, own: Sequence[Report], reports: Reports) -> list[str]:
    """A contestant's reports of that type that stand, and are not its books."""
    return sorted(r.label for r in own if r.report_type == report_type and reports.stands(r) and not reports.counts(r))


def totals_of(rulebook: Rulebook, rules: Sequence[Rule], totals: Mapping[str, Mapping[str, Decimal]], lang: str) -> dict[str, list[Total]]:
    """Each contestant's sums under the rules with a limit in money, in order of the rules."""
    limits: dict[str, tuple[Decimal, str | None, str]] = {}
    for rule in rules:
        if rule.check.kind == "limit" and isinstance(value := rulebook.value(rule.check.limit), Decimal):
            limits[rule.id] = value, rule.total, rulebook.parameters[rule.check.limit].title.in_(lang)
    return {cid: [Total(code, measured, *limits[code]) for code, measured in sorted(sums.items())] for cid, sums in totals.items()}


def places_of(prepared: Prepared) -> dict[str, Place]:
    """Where the register names each contestant."""
    rows = prepared.contestants.select("contestant_id", "file", "row").rows()
    return {cid: prepared.files[file].place(row) for cid, file, row in rows}


def files_of_others(prepared: Prepared, files: Mapping[str, Sequence[tuple[str, str | None]]]) -> tuple[tuple[str, str | None], ...]:
    """The files in which only those are named whom the audit is not about."""
    own = {place for cid in prepared.contest_of for place in files.get(cid, ())}
    return tuple(sorted({place for places in files.values() for place in places} - own, key=lambda place: (place[0], place[1] or "")))
