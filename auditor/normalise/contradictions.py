"""Lines that say otherwise than the commission's registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from auditor.model import problem_codes
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
    """Lines that say otherwise than the register of contestants, the register of filings, or other lines of their report."""
    return [
        *_with_other_lines(groups, reports, sources, say),
        *_backwards(groups, reports, sources, say),
        *_reused(groups, reports, sources, say),
        *_unfiled(groups, reports, sources, say),
        *_undated(groups, reports, sources, say),
        *_without_period(groups, reports, sources, say),
        *_with_filings(lines, groups, reports, filings, sources, say),
        *_other_contests(lines, registered, contests, sources, say),
    ]


def _with_other_lines(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> Iterator[Problem]:
    for group in groups:
        report = reports.of_group[group]
        if report.filed is None:
            yield from _varying(group, report, sources, say)


def _backwards(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> Iterator[Problem]:
    """Reports that end before they begin, where `filings` says nothing of them: at their first line."""
    told: set[Report] = set()
    for group in groups:
        report = reports.of_group[group]
        start, end = report.period
        if report.filed is None and report not in told and start is not None and end is not None and end < start:
            told.add(report)
            where = sources[group.first[0]], group.first[1]
            yield contradiction(where, "period_end", str(end), str(start), group.contestant_id, say, "check.period_backwards")


def _with_filings(
    lines: Lines, groups: Sequence[Group], reports: Reports, filings: Sequence[Filed], sources: Mapping[int, TextTable], say: Say
) -> Iterator[Problem]:
    """Each line that says otherwise of its report than `filings`, and each that gives the id of another contestant's report."""
    wrong: list[dict[str, object]] = []
    owners = {filed.report_id: filed.contestant_id for filed in reversed(filings)}
    for group in groups:
        report = reports.of_group[group]
        if report.filed is not None:
            wrong += [_otherwise(group, column, theirs, ours) for column, theirs, ours in _differences(group, report.filed)]
        elif (owner := owners.get(group.report_id or "")) is not None and owner != group.contestant_id:
            wrong.append(_otherwise(group, "contestant_id", group.contestant_id, owner))
    if not wrong:
        return
    texts = dict.fromkeys(("contestant_id", "report_id", "column", "value", "expected"), pl.String())
    table = pl.LazyFrame(wrong, schema={FILE: pl.Int32(), **texts}).unique(maintain_order=True)
    for column in ("contestant_id", "report_type", "period_start", "period_end", "received_on"):
        hits = (
            lines.scan.filter("readable")
            .select(FILE, "row", "contestant_id", "report_id", pl.col(column).cast(pl.String).alias("value"))
            .join(table.filter(pl.col("column") == column), on=[FILE, "contestant_id", "report_id", "value"], how="inner", nulls_equal=True)
            .select(FILE, "row", "contestant_id", "value", "expected")
            .collect()
        )
        key = "check.report_of_another" if column == "contestant_id" else "check.contradicts_filing"
        for file, row, cid, value, expected in hits.iter_rows():
            yield contradiction((sources[file], row), column, value, expected, cid, say, key)


def _differences(group: Group, other: Filed | Report) -> Iterator[tuple[str, object, object]]:
    """What lines say of their report, and what is said elsewhere: column, theirs, the other; an unknown day is no other day."""
    said: dict[str, tuple[object, object]] = {"received_on": (group.received_on, other.received_on)}
    if not group.typeless:
        said["report_type"] = (group.report_type, other.report_type)
    if not group.typeless or isinstance(other, Filed):
        said["period_start"], said["period_end"] = zip(group.period, other.period, strict=True)
    for column, (theirs, ours) in said.items():
        if theirs is not None and ours is not None and theirs != ours:
            yield column, theirs, ours


def _other_contests(
    lines: Lines, registered: Mapping[str, str | None], contests: Mapping[str, str], sources: Mapping[int, TextTable], say: Say
) -> Iterator[Problem]:
    for file, row, cid, contest in lines.contest_conflicts(contests):
        key = "check.contest_differs" if registered.get(cid) else "check.contest_varies"
        source = sources[file]
        sentence = say(key, file=source.named(say), row=row, value=contest, expected=contests[cid])
        yield source.problem(problem_codes.OTHER_CONTEST, row, sentence, column="contest", value=contest, contestant_id=cid)


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
    file, row = group.first
    # Of two days of receipt the lines may be those of two versions, which are no longer told apart.
    keys = {"received_on": "check.received_twice"}
    return [
        contradiction(
            (sources[file], row), column, str(theirs), str(ours), group.contestant_id, say, keys.get(column, "check.report_varies")
        )
        for column, theirs, ours in _differences(group, report)
    ]


def _undated(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Reports that do not say when they were received, where another version does: which of them is the last nobody knows."""
    first: dict[Report, tuple[int, int]] = {}
    for group in sorted(groups, key=lambda one: one.first):
        first.setdefault(reports.of_group[group], group.first)
    problems: list[Problem] = []
    for versions in versions_of(reports.all).values():
        undated = [one for one in versions if one.received_on is None and one.own_filing is None]
        if not undated or len(undated) == len(versions):
            continue
        standing = next(one for one in versions if reports.stands(one))
        for report in undated:
            place = first.get(report, report.filed.order if report.filed is not None else report.last)
            if place is None:
                continue
            source = sources[place[0]]
            where = {"file": source.named(say), "row": place[1], "contestant": cut(report.contestant_id)}
            key = "check.received_unknown" if reports.counts(standing) else "check.received_unknown_of_these"
            sentence = say(key, **where, report=cut(report.label), counts=cut(standing.label))
            problems.append(
                source.problem(problem_codes.CONTRADICTION, place[1], sentence, column="received_on", contestant_id=report.contestant_id)
            )
    return problems


def _without_period(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Interim reports in the books whose period is not known, beside another that they may be a version of: both are counted."""
    problems: list[Problem] = []
    told: set[Report] = set()
    for group in sorted(groups, key=lambda one: one.first):
        report = reports.of_group[group]
        half = (report.period[0] is None) is not (report.period[1] is None)  # of none at all, or of a file without periods, nothing is told
        if not half or report.report_type == "final" or report in told or not reports.counts(report):
            continue
        told.add(report)
        others = [one for one in reports.of(report.contestant_id) if one is not report and reports.counts(one) and _may_be_one(one, report)]
        if others:
            file, row = group.first
            source, column = sources[file], "period_start" if report.period[0] is None else "period_end"
            where = {"file": source.named(say), "row": row, "contestant": cut(report.contestant_id)}
            sentence = say("check.period_unsaid", **where, report=cut(report.label), other=cut(others[0].label))
            problems.append(source.problem(problem_codes.CONTRADICTION, row, sentence, column=column, contestant_id=report.contestant_id))
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
        before = first.setdefault((report.contestant_id, report.report_id, report.own_filing), report)
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
