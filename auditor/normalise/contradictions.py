"""Lines that say otherwise than the commission's registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from auditor.model.input import Problem
from auditor.normalise.cell_problems import contradiction, cut
from auditor.normalise.lines import Lines
from auditor.normalise.reports import Filed, Group, Report, Reports, versions_of
from auditor.normalise.table import FILE
from auditor.read.text import TextTable
from auditor.wording import Say


def contradictions(
    lines: Lines,
    groups: Sequence[Group],
    reports: Reports,
    filings: Sequence[Filed],
    registered: Mapping[str, str | None],
    contests: Mapping[str, str],
    sources: Mapping[int, TextTable],
    say: Say,
) -> list[Problem]:
    """Lines that say otherwise than the register of contestants or the register of filings."""
    wrong: list[dict[str, object]] = []
    varying: list[Problem] = []
    backwards: set[Report] = set()
    owners = {filed.report_id: filed.contestant_id for filed in reversed(filings)}
    for group in groups:
        report = reports.of_group[group]
        if report.filed is None:
            owner = owners.get(group.report_id or "")
            if owner is not None and owner != group.contestant_id:
                wrong.append(_otherwise(group, "contestant_id", group.contestant_id, owner))
            varying += _varying(group, report, sources, say)
            start, end = report.period
            if report not in backwards and start is not None and end is not None and end < start:
                backwards.add(report)
                where = sources[group.first[0]], group.first[1]
                varying.append(contradiction(where, "period_end", str(end), str(start), group.contestant_id, say, "check.period_backwards"))
            continue
        filed = report.filed
        said: dict[str, tuple[object, object]] = {
            "period_start": (group.period[0], filed.period[0]),
            "period_end": (group.period[1], filed.period[1]),
            "received_on": (group.received_on, filed.received_on),
        }
        if not group.typeless:
            said["report_type"] = (group.report_type, filed.report_type)
        for column, (theirs, ours) in said.items():
            if theirs is not None and ours is not None and theirs != ours:
                wrong.append(_otherwise(group, column, theirs, ours))
    problems = [
        *varying,
        *_reused(groups, reports, sources, say),
        *_unfiled(groups, reports, sources, say),
        *_undated(groups, reports, sources, say),
        *_without_period(groups, reports, sources, say),
    ]
    if wrong:
        texts = dict.fromkeys(("contestant_id", "report_id", "column", "value", "expected"), pl.String())
        table = pl.LazyFrame(wrong, schema={FILE: pl.Int32(), **texts}).unique(maintain_order=True)
        for column in ("contestant_id", "report_type", "period_start", "period_end", "received_on"):
            said_here = table.filter(pl.col("column") == column)
            hits = (
                lines.scan.filter("readable")
                .select(FILE, "row", "contestant_id", "report_id", pl.col(column).cast(pl.String).alias("value"))
                .join(said_here, on=[FILE, "contestant_id", "report_id", "value"], how="inner", nulls_equal=True)
                .select(FILE, "row", "contestant_id", "value", "expected")
                .collect()
            )
            key = "check.report_of_another" if column == "contestant_id" else "check.contradicts_filing"
            for file, row, cid, value, expected in hits.iter_rows():
                problems.append(contradiction((sources[file], row), column, value, expected, cid, say, key))
    odd = lines.contest_conflicts(contests)
    for file, row, cid, contest in odd:
        key = "check.contest_differs" if registered.get(cid) else "check.contest_varies"
        source = sources[file]
        sentence = say(key, file=source.named(say), row=row, value=contest, expected=contests[cid])
        problems.append(Problem("INP-013", source.file, source.sheet, row, "contest", contest, sentence, cid))
    return problems


def otherwise_typed(reports: Reports) -> dict[str, frozenset[str | None]]:
    """By contestant the types that lines name and their report has not, where `filings` does not tell which is right."""
    found: dict[str, frozenset[str | None]] = {}
    for group, report in reports.of_group.items():
        if report.filed is None and not group.typeless and group.report_type != report.report_type:
            found[group.contestant_id] = found.get(group.contestant_id, frozenset()) | {group.report_type}
    return found


def _otherwise(group: Group, column: str, theirs: object, ours: object) -> dict[str, object]:
    """What the lines of a group say, and what `filings` says."""
    return {
        FILE: group.file,
        "contestant_id": group.contestant_id,
        "report_id": group.report_id,
        "column": column,
        "value": str(theirs),
        "expected": str(ours),
    }


def _varying(group: Group, report: Report, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """What lines say of their report and its other lines say otherwise, where `filings` says nothing: at the first of those lines."""
    said: dict[str, tuple[object, object]] = {"received_on": (group.received_on, report.received_on)}
    if not group.typeless:
        said["report_type"] = (group.report_type, report.report_type)
        said["period_start"] = (group.period[0], report.period[0])
        said["period_end"] = (group.period[1], report.period[1])
    file, row = group.first
    # Of two days of receipt the lines may be those of two versions, which are no longer told apart.
    keys = {"received_on": "check.received_twice"}
    return [
        contradiction(
            (sources[file], row), column, str(theirs), str(ours), group.contestant_id, say, keys.get(column, "check.report_varies")
        )
        for column, (theirs, ours) in said.items()
        if theirs is not None and ours is not None and theirs != ours
    ]


def _undated(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Reports that do not say when they were received, where another version does: which of them is the last nobody knows."""
    first: dict[Report, tuple[int, int]] = {}
    for group in sorted(groups, key=lambda one: one.first):
        first.setdefault(reports.of_group[group], group.first)
    problems: list[Problem] = []
    for versions in versions_of(reports.all).values():
        undated = [one for one in versions if one.received_on is None and one.file is None]
        if not undated or len(undated) == len(versions):
            continue
        standing = next(one for one in versions if reports.stands(one))
        for report in undated:
            place = first.get(report, report.filed.order if report.filed is not None else report.last)
            if place is None:
                continue
            source = sources[place[0]]
            where = {"file": source.named(say), "row": place[1], "contestant": cut(report.contestant_id)}
            sentence = say("check.received_unknown", **where, report=cut(report.label), counts=cut(standing.label))
            problems.append(Problem("INP-012", source.file, source.sheet, place[1], "received_on", None, sentence, report.contestant_id))
    return problems


def _without_period(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Interim reports in the books whose period is not known, beside another that they may be a version of: both are counted."""
    problems: list[Problem] = []
    told: set[Report] = set()
    for group in sorted(groups, key=lambda one: one.first):
        report = reports.of_group[group]
        if None not in report.period or report.report_type == "final" or report in told or not reports.counts(report):
            continue
        told.add(report)
        others = [one for one in reports.of(report.contestant_id) if one is not report and reports.counts(one) and _may_be_one(one, report)]
        if others:
            file, row = group.first
            source, column = sources[file], "period_start" if report.period[0] is None else "period_end"
            where = {"file": source.named(say), "row": row, "contestant": cut(report.contestant_id)}
            sentence = say("check.period_unsaid", **where, report=cut(report.label), other=cut(others[0].label))
            problems.append(Problem("INP-012", source.file, source.sheet, row, column, None, sentence, report.contestant_id))
    return problems


def _may_be_one(one: Report, other: Report) -> bool:
    """Whether two reports may be versions of one, as far as their days are known."""
    alike = all(None in days or days[0] == days[1] for days in zip(one.period, other.period, strict=True))
    return one.report_type == other.report_type and alike


def _reused(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Lines that give their report the id of another one of the same contestant in the same filing."""
    problems: list[Problem] = []
    first: dict[tuple[str, str, int | None], Report] = {}
    told: set[Report] = set()
    for group in sorted(groups, key=lambda one: one.first):
        report = reports.of_group[group]
        if report.report_id is None or report.filed is not None:
            continue
        before = first.setdefault((report.contestant_id, report.report_id, report.file), report)
        if before is not report and report not in told:
            told.add(report)
            file, row = group.first
            expected = " ".join((before.report_type, *(day.isoformat() for day in before.period if day is not None)))
            where = (sources[file], row)
            problems.append(contradiction(where, "report_id", report.report_id, expected, report.contestant_id, say, "check.id_reused"))
    return problems


def _unfiled(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Reports with lines that do not count because `filings` has one of the same type without a line: probably it has another id there."""
    problems: list[Problem] = []
    told: set[Report] = set()
    for group in sorted(groups, key=lambda one: one.first):
        report = reports.of_group[group]
        if report.report_id is None or report.filed is not None or reports.counts(report) or report in told:
            continue
        told.add(report)
        of_type = [one for one in reports.of(report.contestant_id) if reports.counts(one) and one.report_type == report.report_type]
        empty = next((one.report_id for one in of_type if one.filed is not None and one.last is None), None)
        if empty is not None:
            file, row = group.first
            where, cid = (sources[file], row), report.contestant_id
            problems.append(contradiction(where, "report_id", report.report_id, empty, cid, say, "check.lines_unfiled"))
    return problems
