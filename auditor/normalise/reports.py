"""Reports, as filings and lines tell of them: which count, which are versions of one, and of which a line is (made by `settling`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from auditor.tables import FINAL

Period = tuple[date | None, date | None]
_BALANCES = ("opening_balance", "closing_balance")


@dataclass(frozen=True, slots=True)
class Filed:
    """One row of `filings`. `place`: number of the file, and row. `unread_columns`: those that are filled in and could not be read."""

    report_id: str
    contestant_id: str
    report_type: str
    period: Period
    received_on: date | None
    place: tuple[int, int]
    published_on: date | None = None
    submitted_to: str | None = None
    face: Mapping[str, Decimal | None] = field(default_factory=dict, compare=False, hash=False)
    unread_columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, and what it says of whose it is, of its report and of its kind; `only_amount`: it lacks nothing
    else; `ragged`: nobody knows which of its cells stands in which column."""

    file: int
    row: int
    contestant_id: str | None
    report_id: str | None
    report_type: str | None
    typeless: bool
    period: Period = (None, None)
    received_on: date | None = None
    kind: str | None = None
    only_amount: bool = False
    ragged: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that say the same of their report: one group for each combination in one file. `sums` and `days` (first and last)
    are by kind, of its readable lines."""

    file: int
    contestant_id: str
    report_id: str | None
    report_type: str
    period: Period
    received_on: date | None
    first: tuple[int, int]
    last: tuple[int, int]
    typeless: bool
    sums: Mapping[str, Decimal] = field(default_factory=dict, compare=False, hash=False)
    days: Mapping[str, tuple[date, date]] = field(default_factory=dict, compare=False, hash=False)

    @property
    def key(self) -> tuple[int, str, str | None, str, date | None, date | None, date | None]:
        """What its lines have in common: the columns of `groups.GROUP`."""
        return (self.file, self.contestant_id, self.report_id, self.report_type, *self.period, self.received_on)

    def report(self, own_filing: int | None) -> Report:
        """The report that its lines tell of, before anything else is known of it."""
        return Report(self.contestant_id, self.report_id, self.report_type, self.period, self.received_on, own_filing=own_filing)


@dataclass(slots=True, eq=False)
class Report:
    """One report of one contestant, as filings and lines together tell of it; two that say the same are still two. `filed` is its row in
    `filings`; `first` and `last` are file and row of its first readable and of its last line, None where no line of it came; `names` the
    ids that lines of files without report types give it; `sums` are by kind, of its readable lines. `own_filing` is the number of the
    filing that it came in by itself, None where its lines may stand in several files."""

    contestant_id: str
    report_id: str | None
    report_type: str
    period: Period
    received_on: date | None
    filed: Filed | None = None
    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    names: list[str] = field(default_factory=list)
    sums: dict[str, Decimal] = field(default_factory=dict)
    own_filing: int | None = None

    def in_own_filing(self, number: int | None) -> Report:
        """The report of this face that came in a filing by itself: what is known of the lines of other files is not known of it."""
        return replace(self, names=[], sums={}, first=None, last=None, own_filing=number)

    @property
    def has_lines(self) -> bool:
        """Whether any line of it came, readable or not."""
        return self.last is not None

    @property
    def states_money(self) -> bool:
        """Whether any figure on its face is not nothing."""
        return self.filed is not None and any(self.filed.face.values())

    @property
    def states_movement(self) -> bool:
        """Whether its face says that money came in or was spent: a balance that is carried through a period without any has no line."""
        return self.filed is not None and any(figure for name, figure in self.filed.face.items() if name not in _BALANCES)

    @property
    def label(self) -> str:
        """Its id, or what stands for one: type and period."""
        if self.report_id is not None:
            return self.report_id
        days = "/".join(day.isoformat() for day in self.period if day is not None)
        return f"{self.report_type} {days}".strip()


@dataclass(frozen=True)
class Reports:
    """Every report, and for each group the report that its lines belong to; `own_filing` by the number of a table, if it came in one."""

    all: Sequence[Report]
    of_group: Mapping[Group, Report]
    in_books: frozenset[Report]
    superseded: frozenset[Report]
    own_filing: Mapping[int, int] = field(default_factory=dict)

    def counts(self, report: Report) -> bool:
        """Whether the report's lines are in its contestant's books."""
        return report in self.in_books

    def stands(self, report: Report) -> bool:
        """Whether no later filing of the same report took its place."""
        return report not in self.superseded

    def first(self, report: Report) -> Report:
        """The first filing of the same report (contestant, type and period), superseded or not."""
        return min(self._versions[_same(report)], key=order_of)

    def first_is_known(self, report: Report) -> bool:
        """Whether it is known which filing of the same report was received first."""
        versions = self._versions[_same(report)]
        return len(versions) == 1 or all(one.received_on is not None for one in versions)

    @cached_property
    def _versions(self) -> dict[tuple[object, ...], list[Report]]:
        return versions_of(self.all)

    def empty_books(self) -> dict[str, str]:
        """By contestant, the reports that count and have no lines here, though they should: their face states money, an earlier filing of
        theirs had lines, or the contestant's only lines are in reports that do not count."""
        counting: dict[str, list[Report]] = {}
        for report in self.all:
            if self.counts(report):
                counting.setdefault(report.contestant_id, []).append(report)
        with_lines = {report.contestant_id for report in self.all if report.has_lines}
        told = {}
        for cid, own in counting.items():
            empty = [report for report in own if not report.has_lines]
            if len(empty) == len(own):
                lacking = [report for report in own if cid in with_lines or report.states_money]
            else:
                lacking = [report for report in empty if report.states_movement or self._had_lines(report)]
            if lacking:
                told[cid] = ", ".join(report.label for report in lacking)
        return told

    def of_unknown_order(self) -> dict[str, tuple[Report, Report]]:
        """By contestant a report that counts and one that does not, where it may be the other way round, or the two may be one.

        That is so where only one of them says when it was received; and where only the order of their rows decides, if what counts is
        less than half of what does not, if the lines of one stand among those of the other, or if only one of them is in `filings`.
        """
        finals: dict[str, list[Report]] = {}
        for report in self.all:
            if report.report_type == FINAL:
                finals.setdefault(report.contestant_id, []).append(report)
        found: dict[str, tuple[Report, Report]] = {}
        for alike in (*self._versions.values(), *finals.values()):
            one = next(filter(self.counts, alike), None)
            if one is None:
                continue
            other = next((other for other in alike if other is not one and _order_is_doubtful(one, other)), None)
            if other is not None:
                found.setdefault(one.contestant_id, (one, other))
        return found

    def _had_lines(self, report: Report) -> bool:
        return any(version.has_lines for version in self._versions[_same(report)])

    def of_unread(self, line: Unread) -> tuple[str | None, Report | None]:
        """Whose a line that could not be read is, and its report where that is known."""
        owner, report = report_of(line, self._by_id, self.own_filing)
        if report is None and owner is not None and (own := self.own_filing.get(line.file)) is not None:
            report = self._in_filing(owner, own, line)
        return owner, report

    def _in_filing(self, contestant_id: str, own_filing: int, line: Unread) -> Report | None:
        """The report that a line is of which came in a filing by itself and gives no id; None where it may be of several, and one counts.
        It is of none that came in another filing: what is sent again without it takes its place too."""
        there = [report for report in self.all if (report.contestant_id, report.own_filing) == (contestant_id, own_filing)]
        alike = [report for report in there if (report.report_type, report.period) == (line.report_type, line.period)] or there
        return alike[0] if alike and (len(alike) == 1 or not any(map(self.counts, alike))) else None

    @cached_property
    def _by_id(self) -> dict[str | None, list[Report]]:
        return by_id_of(self.all)


def order_of(report: Report) -> tuple[object, ...]:
    """The one received last counts; of one day the one whose last line stands lower, without lines the lower filing. Files that are
    filings by themselves came in the order of their numbers, whatever the lines in them say."""
    return (
        -1 if report.own_filing is None else report.own_filing,
        report.received_on or date.min,
        report.has_lines,
        report.last or (-1, -1),
        report.filed.place if report.filed is not None else (-1, -1),
    )


def _order_is_doubtful(counts: Report, other: Report) -> bool:
    if counts.own_filing is not None or other.own_filing is not None:
        return False
    if (counts.received_on is None) != (other.received_on is None):
        return True
    if counts.received_on != other.received_on or not counts.has_lines or not other.has_lines:
        return False
    half = 2 * sum(counts.sums.values()) < sum(other.sums.values())
    return half or _stands_among(other, counts) or (counts.filed is None) != (other.filed is None)


def _stands_among(one: Report, other: Report) -> bool:
    """Whether lines of one stand between those of the other in one file: a misspelt id does, a version by itself does not."""
    if one.first is None or other.first is None or one.last is None or other.last is None:
        return False
    return one.first[0] == other.last[0] and other.first < one.first and one.last < other.last


def ends_before_it_begins(period: Period) -> bool:
    """Whether a period can be none, as far as its days are known."""
    start, end = period
    return start is not None and end is not None and end < start


def versions_of(reports: Iterable[Report]) -> dict[tuple[object, ...], list[Report]]:
    """The filings of each report."""
    versions: dict[tuple[object, ...], list[Report]] = {}
    for report in reports:
        versions.setdefault(_same(report), []).append(report)
    return versions


def _same(report: Report) -> tuple[object, ...]:
    """What the filings of one report have in common. Nobody knows of two interim reports without a period that they are one, unless they
    came one after the other in files of their own: what is sent again is a correction."""
    unknown = report.own_filing is None and report.report_type != FINAL and None in report.period
    return (report.contestant_id, report.report_type, report.period, report if unknown else None)


def by_id_of(reports: Iterable[Report]) -> dict[str | None, list[Report]]:
    """The reports under each of their ids."""
    found: dict[str | None, list[Report]] = {}
    for report in reports:
        for name in {report.report_id, *report.names}:
            found.setdefault(name, []).append(report)
    return found


def report_of(
    line: Unread, by_id: Mapping[str | None, Sequence[Report]], own_filing: Mapping[int, int]
) -> tuple[str | None, Report | None]:
    """Whose a line that could not be read is, and its report where one of `by_id` is known to be it."""
    # In a file without report types an id is known where `filings` has it, or where other lines of such files name it.
    named = by_id.get(line.report_id, ()) if line.report_id is not None else ()
    named = [report for report in named if report.own_filing == own_filing.get(line.file)]
    known = [report for report in named if report.filed is not None or not line.typeless or line.report_id in report.names]
    if line.contestant_id is None:
        owners = {report.contestant_id for report in known}
        return (owners.pop(), known[0]) if len(owners) == 1 else (None, None)
    return line.contestant_id, next((report for report in known if report.contestant_id == line.contestant_id), None)
