"""Lines that contradict the commission's registers, other lines of their report, or themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

import polars as pl

from auditor.model import problem_codes
from auditor.model.input import Problem, cut
from auditor.model.stray import Stray
from auditor.normalise.cell_problems import contradiction
from auditor.normalise.lines import AllLines
from auditor.normalise.reports import Filed, Group, Report, Reports, ends_before_it_begins, versions_of
from auditor.normalise.table import FILE
from auditor.read.text_table import TextTable
from auditor.tables import FINAL
from auditor.wording import Say


def contradictions(
    lines: AllLines,
    groups: Sequence[Group],
    reports: Reports,
    filings: Sequence[Filed],
    registered: Mapping[str, str | None],
    contests: Mapping[str, str],
    sources: Mapping[int, TextTable],
    say: Say,
) -> list[Problem]:
    """Lines that say otherwise than the register of contestants, the register of filings, or other lines of their report."""
    found = _Found(sorted(groups, key=lambda group: group.first), reports, sources, say)
    return [
        *_with_other_lines(found),
        *_backwards(found),
        *_reused(found),
        *_added_up(found),
        *_unfiled(found),
        *_undated(found),
        *_without_period(found),
        *_with_filings(found, lines, filings),
        *_other_contests(lines, registered, contests, sources, say),
    ]


@dataclass(frozen=True)
class _Found:
    """The groups of lines, in order of their first line, the reports that they are of, and the tables that they stand in."""

    groups: Sequence[Group]
    reports: Reports
    sources: Mapping[int, TextTable]
    say: Say

    @cached_property
    def firsts(self) -> Mapping[Report, Group]:
        """Every report that lines are of, with its first group."""
        firsts: dict[Report, Group] = {}
        for group in self.groups:
            firsts.setdefault(self.reports.of_group[group], group)
        return firsts

    def at(self, group: Group) -> tuple[TextTable, int]:
        """Where a group begins."""
        return self.sources[group.first[0]], group.first[1]


def _with_other_lines(found: _Found) -> Iterator[Problem]:
    """What lines say of their report and its other lines say otherwise, where `filings` says nothing: at the first of those lines."""
    # Of two days of receipt the lines may be those of two versions, which are no longer told apart.
    keys = {"received_on": "check.received_twice"}
    for group in found.groups:
        report = found.reports.of_group[group]
        for column, value, expected in _differences(group, report) if report.filed is None else ():
            key = keys.get(column, "check.report_varies")
            yield contradiction(found.at(group), column, str(value), str(expected), group.contestant_id, found.say, key)


def _backwards(found: _Found) -> Iterator[Problem]:
    """Reports that end before they begin, where `filings` says nothing of them: at their first line."""
    for report, group in found.firsts.items():
        if report.filed is None and ends_before_it_begins(report.period):
            start, end = report.period
            key = "check.period_backwards"
            yield contradiction(found.at(group), "period_end", str(end), str(start), report.contestant_id, found.say, key)


def _added_up(found: _Found) -> Iterator[Problem]:
    """Lines without a type that give several ids of reports, and count as those of one: once for each report, at the first line of
    another id."""
    ids: dict[Report, str] = {}
    told: set[Report] = set()
    for group in found.groups:
        if group.typeless and group.report_id is not None:
            report = found.reports.of_group[group]
            first = ids.setdefault(report, report.report_id or group.report_id)
            if group.report_id != first and report not in told:
                told.add(report)
                key = "check.ids_added_up"
                yield contradiction(found.at(group), "report_id", group.report_id, first, group.contestant_id, found.say, key)


def _with_filings(found: _Found, lines: AllLines, filings: Sequence[Filed]) -> Iterator[Problem]:
    """Each line that says otherwise of its report than `filings`, and each that gives the id of another contestant's report."""
    wrong: list[dict[str, object]] = []
    owners = {filed.report_id: filed.contestant_id for filed in reversed(filings)}
    for group in found.groups:
        report = found.reports.of_group[group]
        if report.filed is not None:
            wrong += [_otherwise(group, *told) for told in _differences(group, report.filed)]
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
            yield contradiction((found.sources[file], row), column, value, expected, cid, found.say, key)


def _differences(group: Group, other: Filed | Report) -> Iterator[tuple[str, object, object]]:
    """Where lines say otherwise of their report than is said elsewhere: column, their value, the other; an unknown day is no other day."""
    said: dict[str, tuple[object, object]] = {"received_on": (group.received_on, other.received_on)}
    if not group.typeless:
        said["report_type"] = (group.report_type, other.report_type)
    if not group.typeless or isinstance(other, Filed):
        said["period_start"], said["period_end"] = zip(group.period, other.period, strict=True)
    for column, (value, expected) in said.items():
        if value is not None and expected is not None and value != expected:
            yield column, value, expected


def _other_contests(
    lines: AllLines, registered: Mapping[str, str | None], contests: Mapping[str, str], sources: Mapping[int, TextTable], say: Say
) -> Iterator[Problem]:
    for file, row, cid, contest in lines.contest_conflicts(contests):
        key = "check.contest_differs" if registered.get(cid) else "check.contest_varies"
        source = sources[file]
        sentence = say(key, file=source.named(say), row=row, value=contest, expected=contests[cid])
        yield source.problem(problem_codes.OTHER_CONTEST, row, sentence, column="contest", value=contest, contestant_id=cid)


def otherwise_typed(reports: Reports) -> dict[str, frozenset[Stray]]:
    """By contestant the reports, by the types that lines name and their report has not, where `filings` does not tell which is right."""
    found: dict[str, frozenset[Stray]] = {}
    for group, report in reports.of_group.items():
        if report.filed is None and not group.typeless and group.report_type != report.report_type:
            found[group.contestant_id] = found.get(group.contestant_id, frozenset()) | {Stray(group.report_type)}
    return found


def _otherwise(group: Group, column: str, value: object, expected: object) -> dict[str, object]:
    """What the lines of a group say, and what `filings` says."""
    return {
        FILE: group.file,
        "contestant_id": group.contestant_id,
        "report_id": group.report_id,
        "column": column,
        "value": str(value),
        "expected": str(expected),
    }


def _undated(found: _Found) -> Iterator[Problem]:
    """Reports that do not say when they were received, where another version does: which of them is the last nobody knows."""
    reports, say = found.reports, found.say
    for versions in versions_of(reports.all).values():
        undated = [one for one in versions if one.received_on is None and one.own_filing is None]
        if not undated or len(undated) == len(versions):
            continue
        standing = next(one for one in versions if reports.stands(one))
        for report in undated:
            first = found.firsts.get(report)
            place = first.first if first is not None else report.filed.place if report.filed is not None else report.last
            if place is None:
                continue
            source, row = found.sources[place[0]], place[1]
            where = {"file": source.named(say), "row": row, "contestant": cut(report.contestant_id)}
            key = "check.received_unknown" if reports.counts(standing) else "check.received_unknown_of_these"
            sentence = say(key, **where, report=cut(report.label), counts=cut(standing.label))
            yield source.problem(problem_codes.CONTRADICTION, row, sentence, column="received_on", contestant_id=report.contestant_id)


def _without_period(found: _Found) -> Iterator[Problem]:
    """Interim reports in the books whose period is not known, beside another that they may be a version of: both are counted."""
    reports, say = found.reports, found.say
    of_day: defaultdict[tuple[str, str, int, date | None], list[Report]] = defaultdict(list)
    for report in reports.all:
        for end, day in enumerate(report.period) if reports.counts(report) else ():
            of_day[report.contestant_id, report.report_type, end, day].append(report)
    for report, group in found.firsts.items():
        half = (report.period[0] is None) is not (report.period[1] is None)  # of none at all, or of a file without periods, nothing is told
        if not half or report.report_type == FINAL or not reports.counts(report):
            continue
        # As far as their days are known two are one where the other has the day that this one has, or does not say it either.
        end = 0 if report.period[1] is None else 1
        may_be = (of_day[report.contestant_id, report.report_type, end, day] for day in (report.period[end], None))
        other = next((one for one in chain.from_iterable(may_be) if one is not report), None)
        if other is not None:
            source, row = found.at(group)
            column = "period_start" if report.period[0] is None else "period_end"
            where = {"file": source.named(say), "row": row, "contestant": cut(report.contestant_id)}
            sentence = say("check.period_unsaid", **where, report=cut(report.label), other=cut(other.label))
            yield source.problem(problem_codes.CONTRADICTION, row, sentence, column=column, contestant_id=report.contestant_id)


def _reused(found: _Found) -> Iterator[Problem]:
    """Lines that give their report the id of another one of the same contestant in the same filing."""
    first: dict[tuple[str, str, int | None], Report] = {}
    for report, group in found.firsts.items():
        if report.report_id is None or report.filed is not None:
            continue
        before = first.setdefault((report.contestant_id, report.report_id, report.own_filing), report)
        if before is not report:
            expected = " ".join((before.report_type, *(day.isoformat() for day in before.period if day is not None)))
            cid, key = report.contestant_id, "check.id_reused"
            yield contradiction(found.at(group), "report_id", report.report_id, expected, cid, found.say, key)


def _unfiled(found: _Found) -> Iterator[Problem]:
    """Reports with lines that do not count because `filings` has one of the same type without a line: probably it has another id there."""
    reports = found.reports
    empty_of: dict[tuple[str, str], str | None] = {}
    for one in reports.all:
        if reports.counts(one) and one.filed is not None and not one.has_lines:
            empty_of.setdefault((one.contestant_id, one.report_type), one.report_id)
    for report, group in found.firsts.items():
        if report.report_id is None or report.filed is not None or reports.counts(report):
            continue
        empty = empty_of.get((report.contestant_id, report.report_type))
        if empty is not None:
            cid, key = report.contestant_id, "check.lines_unfiled"
            yield contradiction(found.at(group), "report_id", report.report_id, empty, cid, found.say, key)
