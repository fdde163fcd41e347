"""Which reports there are, to which of them each line belongs, and which of them count (filing format, "Which lines count")."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from auditor.normalise.by_period import ByPeriod
from auditor.normalise.reports import (
    Filed,
    Group,
    Period,
    Report,
    Reports,
    Unread,
    order_of,
    report_of,
    versions_of,
)
from auditor.tables import FINAL


def settle(
    filings: Sequence[Filed], groups: Sequence[Group], unread: Sequence[Unread] = (), own_filing: Mapping[int, int] = MappingProxyType({})
) -> Reports:
    """Decide which reports there are and which count. A line that could not be read is a line of its report: it can be the last.

    `own_filing` gives each table that came in a filing by itself the number of that filing, in the order in which they came: the same
    report in a later one, under the same id or not, takes the place of the earlier.
    """
    reports, of_group, nameless = _of_named_lines(groups, _of_filings(filings), own_filing)
    # A report of which no line can be read is there all the same, and lines that name none may be of it.
    made = _of_unread_lines([line for line in unread if _names_report(line)], reports, own_filing)
    reports += made
    _join_nameless(nameless, reports, of_group, own_filing)
    others = _of_unread_lines([line for line in unread if not _names_report(line)], reports, own_filing)
    # A report of `filings` that a filing by itself got a copy of is none beside it; until now lines of other files could be of it.
    taken = {one.filed for one in (*made, *others) if one.filed is not None}
    reports = [one for one in reports if one.has_lines or one.filed is None or one.filed not in taken] + others
    in_books, superseded = _counting(reports)
    return Reports(reports, of_group, in_books, superseded, own_filing)


def _of_named_lines(
    groups: Sequence[Group], filed: Mapping[tuple[str, str], Sequence[Report]], own_filing: Mapping[int, int]
) -> tuple[list[Report], dict[Group, Report], list[Group]]:
    """The reports that are `filed` or named by lines, which lines are of which of them, and the groups of lines that name none."""
    # Of several filings under one id, lines belong to the one received last, unless their received_on names another.
    by_key: dict[tuple[str, str, int | None], Report] = {(*who, None): versions[0] for who, versions in filed.items()}
    of_group: dict[Group, Report] = {}
    nameless: list[Group] = []
    replaced: set[Report] = set()
    reused: dict[tuple[str, str, int | None, str], Report] = {}
    for group in sorted(groups, key=lambda g: g.first):
        if group.report_id is None or (group.typeless and (group.contestant_id, group.report_id, None) not in by_key):
            nameless.append(group)
            continue
        own = own_filing.get(group.file)
        key = (group.contestant_id, group.report_id, own)
        if key not in by_key:
            known = by_key.get((group.contestant_id, group.report_id, None))
            if known is not None:
                by_key[key] = known.in_own_filing(own)
                replaced.add(known)
            else:
                by_key[key] = group.report(own)
        versions = filed.get((group.contestant_id, group.report_id), ()) if own is None else ()
        report = next((one for one in versions if one.received_on == group.received_on), by_key[key])
        if report.filed is None and _is_another(report, group):
            report = reused.setdefault((*key, group.report_type), group.report(own))
        _join(report, group)
        of_group[group] = report
    # Each filing by itself got its copy of a report of `filings`, which itself stays only where lines of other files are of it.
    earlier = [version for versions in filed.values() for version in versions[1:]]
    reports = [report for report in (*by_key.values(), *reused.values(), *earlier) if report not in replaced or report.has_lines]
    return reports, of_group, nameless


def _names_report(line: Unread) -> bool:
    return line.report_id is not None and not line.typeless


def _join_nameless(nameless: Sequence[Group], reports: list[Report], of_group: dict[Group, Report], own_filing: Mapping[int, int]) -> None:
    """Find or make the reports of the groups whose lines name none. What says least comes last, when every report is known that it may
    be of; what is found at one time does not depend on the order of the groups."""
    for unknown in (0, 1, 2, None):  # days of the period that the lines do not say; None: lines of a file without report types
        placed: list[tuple[Report, Group]] = []
        known_so_far, filed = ByPeriod(reports), ByPeriod(_only_filed(reports))
        for group in nameless:
            if unknown != (None if group.typeless else group.period.count(None)):
                continue
            own = own_filing.get(group.file)
            report = _named_alike(known_so_far, group, own)
            if report is None:
                period = (None, None) if group.typeless else group.period
                report = Report(group.contestant_id, None, group.report_type, period, group.received_on, own_filing=own)
                if own is not None and (known := _named_alike(filed, group, None)) is not None:
                    report = known.in_own_filing(own)
                reports.append(report)
                known_so_far.add(report)
            if group.typeless and group.report_id is not None and group.report_id not in report.names:
                report.names.append(group.report_id)
            placed.append((report, group))
            of_group[group] = report
        for report, group in placed:
            _join(report, group)


def _is_another(report: Report, group: Group) -> bool:
    """Whether lines that give a report's id are of another one: of another type and another period. One of the two alone may be a slip."""
    known = None not in report.period and None not in group.period
    return known and report.report_type != group.report_type and report.period != group.period


def _of_unread_lines(unread: Sequence[Unread], reports: Sequence[Report], own_filing: Mapping[int, int]) -> list[Report]:
    """The reports that only lines tell of which could not be read. Such a line can be the last one of any report."""
    there = _There(reports)
    made: list[Report] = []
    known: set[Report] = set()
    nameless: dict[tuple[object, ...], Report | None] = {}
    for line in unread:
        _, of = report_of(line, there.by_id, own_filing)
        without_id = (line.contestant_id, line.report_type, line.period, line.typeless, own_filing.get(line.file))
        if of is None and line.report_id is None and without_id in nameless:
            of = nameless[without_id]
        elif of is None:
            of = _report_of_unread(line, there, own_filing)
            if line.report_id is None:
                nameless[without_id] = of
            if of is not None:
                made.append(of)
                known.add(of)
                there.add(of)
        elif of in known:
            before = of.period
            _fill_gaps(of, line.period, line.received_on, typeless=line.typeless)
            there.changed(of, before)
        if of is not None:
            of.last = (line.file, line.row) if of.last is None else max(of.last, (line.file, line.row))
    return made


class _There:
    """The reports that there are, while lines that could not be read are looked at: there may be thousands of both."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self.by_id: dict[str | None, list[Report]] = {}
        self._periods: defaultdict[str, Counter[Period]] = defaultdict(Counter)
        self._finals: set[tuple[str, int | None]] = set()
        self._with_books: set[tuple[str, int | None]] = set()
        for report in reports:
            self.add(report)
            self._with_books.add((report.contestant_id, report.own_filing))

    def add(self, report: Report) -> None:
        """One more."""
        for name in {report.report_id, *report.names}:
            self.by_id.setdefault(name, []).append(report)
        self._periods[report.contestant_id][report.period] += 1
        if report.report_type == FINAL:
            self._finals.add((report.contestant_id, report.own_filing))

    def changed(self, report: Report, before: Period) -> None:
        """The period of one that is there was another one `before`."""
        periods = self._periods[report.contestant_id]
        periods[before] -= 1
        periods[report.period] += 1

    def has_books(self, contestant_id: str, own_filing: int | None) -> bool:
        """Whether the contestant had a report before any was made for a line, in the filing by itself if it is of one."""
        return (contestant_id, own_filing) in self._with_books

    def has_final(self, contestant_id: str, own_filing: int | None) -> bool:
        """Whether the contestant has a final report, in the filing by itself if it is of one."""
        return (contestant_id, own_filing) in self._finals

    def may_have(self, contestant_id: str, period: Period) -> bool:
        """Whether any report of the contestant may be of this period, of which both days are known."""
        start, end = period
        periods = self._periods[contestant_id]
        return any(periods[one] for one in ((start, end), (None, end), (start, None), (None, None)))

    def filed(self, contestant_id: str, report_id: str) -> Report | None:
        """The report that `filings` has of the contestant under an id."""
        named = self.by_id.get(report_id, ())
        return next((one for one in _only_filed(named) if (one.contestant_id, one.report_id) == (contestant_id, report_id)), None)


def _only_filed(reports: Iterable[Report]) -> list[Report]:
    """Those that `filings` has, and that are no copy for a filing by itself."""
    return [one for one in reports if one.own_filing is None and one.filed is not None]


def _of_filings(filings: Sequence[Filed]) -> dict[tuple[str, str], list[Report]]:
    """By contestant and id each report that `filings` has, the one received last first. A row of the same id that tells another type or
    period than the first is no further version of it, but a contradiction."""
    found: dict[tuple[str, str], list[Report]] = {}
    for filed in filings:
        report = Report(filed.contestant_id, filed.report_id, filed.report_type, filed.period, filed.received_on, filed)
        versions = found.setdefault((filed.contestant_id, filed.report_id), [])
        if not versions or (versions[0].report_type, versions[0].period) == (report.report_type, report.period):
            versions.append(report)
            versions.sort(key=order_of, reverse=True)
    return found


def _report_of_unread(line: Unread, there: _There, own_filing: Mapping[int, int]) -> Report | None:
    """The report to make for a line that could not be read and is of none of the contestant's reports. With a type it must give an id, or
    a period that no report of the contestant may have; in a file without types it is the contestant's one final report. None where it may
    be of a report that is there, or does not say whose it is."""
    own = own_filing.get(line.file)
    if line.contestant_id is None:
        return None
    # "Without one [a report_id] to the books of its contestant": a report of one broken line would take their place.
    if line.report_id is None and there.has_books(line.contestant_id, own):
        return None
    if not line.typeless:
        # One line of another type than the rest may be a slip; without an id only a period of its own shows that it is none.
        if line.report_type is None or (
            line.report_id is None and (None in line.period or there.may_have(line.contestant_id, line.period))
        ):
            return None
        filed = there.filed(line.contestant_id, line.report_id) if own is not None and line.report_id is not None else None
        if filed is not None:
            return filed.in_own_filing(own)
        return Report(line.contestant_id, line.report_id, line.report_type, line.period, line.received_on, own_filing=own)
    if there.has_final(line.contestant_id, own):
        return None
    names = [line.report_id] if line.report_id is not None else []
    return Report(line.contestant_id, None, FINAL, (None, None), line.received_on, names=names, own_filing=own)


def _join(report: Report, group: Group) -> None:
    for kind, amount in group.sums.items():
        report.sums[kind] = report.sums.get(kind, Decimal(0)) + amount
    report.first = group.first if report.first is None else min(report.first, group.first)
    report.last = group.last if report.last is None else max(report.last, group.last)
    _fill_gaps(report, group.period, group.received_on, typeless=group.typeless)


def _fill_gaps(report: Report, period: Period, received_on: date | None, *, typeless: bool) -> None:
    """What is not yet known of a report, by what a line of it says."""
    report.received_on = report.received_on or received_on
    if report.filed is None and not typeless:
        start, end = report.period
        report.period = (start or period[0], end or period[1])


def _named_alike(reports: ByPeriod, group: Group, own_filing: int | None) -> Report | None:
    """The one report of that contestant, type and period, where several were received that of the day that the lines say, if they do;
    without a type, the contestant's one final report. An unknown day is no other day: lines that lack one are of the report that the rest
    of them fits, unless several interim reports do."""
    whose = (group.contestant_id, group.report_type, own_filing)
    if group.typeless:
        return max(
            (report for report in reports.of(whose) if report.filed is not None or report.report_id is None), key=order_of, default=None
        )
    alike = reports.of_period(whose, group.period)
    if group.report_type != FINAL and len({report.period for report in alike}) > 1:
        return None
    # Lines that do not say when they were received are of the version that counts, and not of one that does not say it either.
    same_day = [report for report in alike if group.received_on is not None and report.received_on == group.received_on]
    return max(same_day or alike, key=order_of, default=None)


def _counting(reports: Sequence[Report]) -> tuple[frozenset[Report], frozenset[Report]]:
    """The reports whose lines are the books, and those that a later filing took the place of."""
    superseded = _replaced_by_id(reports)
    standing: dict[str, list[Report]] = {}
    for same in versions_of([report for report in reports if report not in superseded]).values():
        last = max(same, key=order_of)
        superseded.update(report for report in same if report is not last)
        standing.setdefault(last.contestant_id, []).append(last)
    in_books: set[Report] = set()
    for own in standing.values():
        finals = [report for report in own if report.report_type == FINAL]
        in_books.update([max(finals, key=order_of)] if finals else own)
    return frozenset(in_books), frozenset(superseded)


def _replaced_by_id(reports: Sequence[Report]) -> set[Report]:
    """Of files that are filings by themselves a later one replaces a report by its id too, whatever period it tells."""
    several: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        if report.own_filing is not None and report.report_id is not None:
            several.setdefault((report.contestant_id, report.report_id), []).append(report)
    return {report for same in several.values() for report in same if report is not max(same, key=order_of)}
