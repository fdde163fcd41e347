"""Which lines count: the reports of a contestant, which of them are superseded, and the books that the rules look at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from oracle_filing import Columns, Contestant, Filing, Line, Tables, read_filings, read_lines, read_register


@dataclass
class Report:
    """A report: what was filed at one time by one contestant."""

    contestant_id: str
    report_type: str
    period: tuple[date | None, date | None]
    received_on: date | None = None
    filing: Filing | None = None  # its face, where `filings` has it
    lines: list[Line] = field(default_factory=list)
    without_id: list[Line] = field(default_factory=list)  # unreadable lines of the books that tell of this report

    def rank(self) -> tuple:
        """ "the one received last counts … Same day: the one whose last line has the higher row number (without lines: the higher row
        in `filings`)". Without received_on: before any that has one."""
        last_row = max((line.row for line in self.lines + self.without_id), default=0)
        return (self.received_on is not None, self.received_on or date.min, last_row, self.filing.row if self.filing else 0)


def assign_to_reports(lines: list[Line], filings: list[Filing], columns: Columns) -> tuple[list[Report], dict[str, list[Line]]]:
    """Every line to its report. Also returns, by contestant, the unreadable lines that belong to no report but to the books.

    "the report that this line was filed in; where absent, the one report of that contestant, type and period". "absent column
    [report_type]: all lines are of one final report". "Where `filings` has a report_id, its type, period and dates count".
    """
    with_type = "report_type" in columns["reports"]
    reports: dict[tuple, Report] = {}  # (contestant, report_id), or (contestant, None, type, period), or (contestant, None)
    for filing in filings:
        report = Report(filing.contestant_id, filing.report_type, filing.period, filing.received_on, filing)
        before = reports.setdefault((filing.contestant_id, filing.report_id), report)
        if before is not report and (before.report_type, before.period) == (report.report_type, report.period):
            # "filed more than once": its lines are those of the one received last.
            earlier, later = sorted((before, report), key=Report.rank)
            reports[filing.contestant_id, filing.report_id] = later
            reports[filing.contestant_id, filing.report_id, "earlier", filing.row] = earlier

    readable = [line for line in lines if line.readable]

    def names_its_report(line: Line) -> bool:
        return line.report_id is not None and (with_type or (line.contestant_id, line.report_id) in reports)

    named = [line for line in readable if names_its_report(line)]
    unnamed = [line for line in readable if not names_its_report(line)]
    where: dict[tuple[str, str], Report] = {}  # (contestant, report_id) -> report, for every report_id that is known

    for line in named:
        report = reports.get((line.contestant_id, line.report_id))
        versions = [one for key, one in reports.items() if key[:2] == (line.contestant_id, line.report_id)]
        report = next((one for one in versions if one.filing and one.received_on == line.received_on), report)
        if report is None:
            report = Report(line.contestant_id, line.report_type, line.period)
            reports[line.contestant_id, line.report_id] = report
        if report.filing is None and another(report, line):
            # An id of two reports: of different types and different periods, so that neither can be a slip.
            key = (line.contestant_id, line.report_id, "reused", line.report_type)
            report = reports.setdefault(key, Report(line.contestant_id, line.report_type, line.period))
        if report.filing is None:
            # What no filing states is what the lines state: of each fact the first.
            start, end = report.period
            report.period = (start or line.period[0], end or line.period[1])
        report.received_on = report.received_on or line.received_on
        report.lines.append(line)
    where.update(reports)

    # "it belongs to the report of its report_id, without one to the books of its contestant"
    owner: dict[str, str] = {filing.report_id: filing.contestant_id for filing in reversed(filings)}
    for line in readable:
        if line.report_id is not None:
            owner.setdefault(line.report_id, line.contestant_id)

    # "the one report of that contestant, type and period" may be one of which no line could be read.
    made: list[Report] = []  # what no other line tells of: one of them may say what the first does not
    for line in lines:
        if line.readable or not with_type or line.report_id is None:
            continue
        report = where.get((line.contestant_id or owner.get(line.report_id), line.report_id))
        if report is None and None not in (line.contestant_id, line.report_type):
            report = Report(line.contestant_id, line.report_type, line.period, line.received_on)
            reports[line.contestant_id, line.report_id] = where[line.contestant_id, line.report_id] = report
            made.append(report)
        elif any(report is one for one in made):
            report.received_on = report.received_on or line.received_on
            report.period = tuple(mine or theirs for mine, theirs in zip(report.period, line.period, strict=True))
        if report is not None:
            report.lines.append(line)  # it may be the last line of its version

    # A line that says less of its period comes after those that say more: it is of the report that they tell of.
    for unknown in (0, 1, 2) if with_type else (None,):
        joined: list[tuple[Report, Line]] = []
        for line in unnamed:
            if unknown not in (None, line.period.count(None)):
                continue
            candidates = fitting(line, where.values() if unknown is None else reports.values(), with_type)
            key = (line.contestant_id, None, line.report_type, line.period) if with_type else (line.contestant_id, None)
            if not candidates and key not in reports:
                reports[key] = Report(line.contestant_id, line.report_type if with_type else "final", line.period)
            report = max(candidates, key=Report.rank) if candidates else reports[key]
            report.received_on = report.received_on or line.received_on
            joined.append((report, line))
        for report, line in joined:
            report.lines.append(line)
            if line.report_id is not None:
                where.setdefault((line.contestant_id, line.report_id), report)

    loose: dict[str, list[Line]] = {}
    only_unreadable: dict[tuple, Report] = {}
    # "without one [a report_id] to the books of its contestant": only where there are none it shows that a report was filed.
    has_books = {report.contestant_id for report in reports.values()}
    for line in lines:
        if line.readable:
            continue
        contestant_id = line.contestant_id or owner.get(line.report_id)
        report = where.get((contestant_id, line.report_id))
        if with_type and line.contestant_id is not None and line.report_id is None and line.report_type is not None:
            # "where absent, the one report of that contestant, type and period": it was filed, whatever of it can be read.
            key = (line.contestant_id, None, line.report_type, line.period)
            if key in only_unreadable:
                only_unreadable[key].without_id.append(line)
            elif line.contestant_id not in has_books and None not in line.period and not any(fits(line, one) for one in reports.values()):
                reports[key] = only_unreadable[key] = Report(
                    line.contestant_id, line.report_type, line.period, line.received_on, without_id=[line]
                )
        if report is None and line.contestant_id is not None:
            # It "belongs to the report of its report_id", also where that has no other line; "all lines are of one final report".
            has_final = any(r.contestant_id == line.contestant_id and r.report_type == "final" for r in reports.values())
            if not with_type and not has_final and (line.report_id is not None or line.contestant_id not in has_books):
                reports[line.contestant_id, None] = Report(line.contestant_id, "final", line.period, line.received_on)
                if line.report_id is not None:
                    report = where[line.contestant_id, line.report_id] = reports[line.contestant_id, None]
        if report is not None:
            if not any(line is one for one in report.lines):
                report.lines.append(line)
        elif contestant_id is not None:
            loose.setdefault(contestant_id, []).append(line)
    return list(reports.values()), loose


def another(report: Report, line: Line) -> bool:
    """Whether a line that gives a report's id is of another report: of another type and another period, so that neither can be a slip."""
    known = None not in report.period and None not in line.period
    return known and report.report_type != line.report_type and report.period != line.period


def fits(line: Line, report: Report) -> bool:
    """Reading: one line of another type may be a slip, so only a period that no other report of the contestant has shows a report. "An
    unknown day is no other day"."""
    alike = all(None in (day, other) or day == other for day, other in zip(line.period, report.period, strict=True))
    return line.contestant_id == report.contestant_id and alike


def fitting(line: Line, reports: Iterable[Report], with_type: bool) -> list[Report]:
    """ "where absent, the one report of that contestant, type and period": an unknown day is no other day, but of two interim reports
    that fit nobody can tell which. Of several filings of that report those received on the day that the line says."""
    own = [report for report in reports if report.contestant_id == line.contestant_id]
    if not with_type:
        return [report for report in own if report.report_type == "final"]
    own = [report for report in own if report.report_type == line.report_type]
    found = [report for report in own if report.period == line.period]
    if not found:
        found = [report for report in own if all(day in (None, other) for day, other in zip(line.period, report.period, strict=True))]
        if line.report_type == "interim" and len({report.period for report in found}) > 1:
            return []
    return [report for report in found if line.received_on is not None and report.received_on == line.received_on] or found


def not_superseded(reports: Iterable[Report]) -> list[Report]:
    """ "Where a report of the same contestant, type and period was filed more than once, the one received last counts and the earlier
    ones are superseded"."""
    groups: dict[tuple, list[Report]] = {}
    for report in reports:
        # Nobody knows of two interim reports without a period that they are one.
        unknown = report.report_type == "interim" and None in report.period
        groups.setdefault((report.contestant_id, report.report_type, report.period, id(report) if unknown else None), []).append(report)
    return [max(group, key=Report.rank) for group in groups.values()]


def reports_of_the_books(reports: list[Report]) -> list[Report]:
    """ "If the contestant has a final report, its lines are the books … Otherwise the books are the lines of all its interim reports
    together. Of several final reports with different periods, the one received last."."""
    counted = not_superseded(reports)
    finals = [report for report in counted if report.report_type == "final"]
    return [max(finals, key=Report.rank)] if finals else counted


@dataclass
class Books:
    """What the rules look at for one contestant."""

    contestant_id: str
    contest: str | None
    record: Contestant | None
    lines: list[Line]  # readable, by row
    unreadable: list[Line]  # by row
    reports: list[Report]  # all that were filed, superseded ones too
    loose: list[Line]  # the unreadable lines that belong to no report, but to the books

    @property
    def is_registered(self) -> bool:
        """ "needs `contestants`; status `registered`"."""
        return self.record is not None and self.record.status == "registered"

    @property
    def has_final(self) -> bool:
        return any(report.report_type == "final" for report in self.reports)

    @property
    def reports_of_the_books(self) -> list[Report]:
        return reports_of_the_books(self.reports)

    @property
    def lacks_lines(self) -> bool:
        """Whether lines of the books are surely not here: a report that counts has none, and states money, or others of the contestant
        have lines."""

        def has_lines(report: Report) -> bool:
            return bool(report.lines or report.without_id)

        def states(report: Report, *balances: str) -> bool:
            face = report.filing
            return face is not None and any([*face.totals.values(), *(getattr(face, name) for name in balances)])

        counting = self.reports_of_the_books
        empty = [report for report in counting if not has_lines(report)]
        if len(empty) == len(counting):
            return any(map(has_lines, self.reports)) or any(states(one, "opening_balance", "closing_balance") for one in counting)
        versions = [(one.report_type, one.period) for one in self.reports if has_lines(one)]
        return any(states(report) or (report.report_type, report.period) in versions for report in empty)

    @property
    def not_superseded(self) -> list[Report]:
        return not_superseded(self.reports)

    @property
    def person_id(self) -> str | None:
        return self.record.person_id if self.record else None

    def of_kind(self, *kinds: str) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds]

    def is_by_contestant(self, line: Line) -> bool:
        """ "`counterparty_type` `contestant`, or counterparty_id = person_id"."""
        return line.type == "contestant" or (line.id is not None and line.id == self.person_id)

    def is_own_refund(self, line: Line) -> bool:
        """ "a refund of it lowers own funds": the refund of a donation by the contestant. "A donation_refund counts for the donor with
        the same key": whose donations stand under its key decides; where both do, what it says of itself. One that says nothing is then
        the donor's, "less all refunds to that donor": a cap is not broken by money that went back."""
        unread = [other for other in self.unreadable if other.kind == "donation" and other.type is not None]  # whose it is can be read
        donations = [*self.of_kind("donation"), *unread]
        gave = {self.is_by_contestant(other) for other in donations if other.key == line.key} if line.key else set()
        if len(gave) == 1:
            return gave.pop()
        return self.is_by_contestant(line)

    def is_own_money(self, line: Line) -> bool:
        """A line of the contestant's own money, as against a donor's."""
        if line.kind == "own_funds":
            return True
        if line.kind is None:  # it may be a refund to the donor with its key
            return self.is_by_contestant(line) and self.is_own_refund(line)
        return self.is_own_refund(line) if line.kind == "donation_refund" else self.is_by_contestant(line)


def read_books(tables: Tables, columns: Columns) -> list[Books]:
    """ "The contestants are those of `contestants` and of `reports` together."."""
    register = read_register(tables, columns)
    lines = read_lines(tables, columns, register)
    known = set(register) | {line.contestant_id for line in lines if line.contestant_id is not None}
    reports, loose = assign_to_reports(lines, read_filings(tables, columns, known), columns)

    all_books = []
    for contestant_id in sorted(known):
        own = [report for report in reports if report.contestant_id == contestant_id]
        record = register.get(contestant_id)
        contests = [line.contest for line in lines if line.contest is not None and line.contestant_id == contestant_id]
        in_reports = [line for report in reports_of_the_books(own) for line in report.lines]
        in_books = sorted(in_reports + loose.get(contestant_id, []), key=lambda line: line.row)
        all_books.append(
            Books(
                contestant_id=contestant_id,
                contest=record.contest if record else (contests or [None])[0],
                record=record,
                lines=[line for line in in_books if line.readable],
                unreadable=[line for line in in_books if not line.readable],
                reports=own,
                loose=loose.get(contestant_id, []),
            )
        )
    return all_books


@dataclass(frozen=True)
class Calendar:
    """The days of the election that the rules about reports and people need: those of the election file, and the day of the audit."""

    as_of: date = date(2023, 4, 15)
    election_day: date = date(2023, 3, 19)
    results_established: date = date(2023, 3, 27)
    results_published: date | None = None  # "not in the source …: `not_assessed` until it is given"
    interim_periods: tuple[tuple[date, date], ...] = (  # "18–28 Feb, 1–15 Mar and 16–31 Mar 2023 as `assumed`"
        (date(2023, 2, 18), date(2023, 2, 28)),
        (date(2023, 3, 1), date(2023, 3, 15)),
        (date(2023, 3, 16), date(2023, 3, 31)),
    )


@dataclass
class Case:
    """Everything that is before the auditor: the books of every contestant, by contestant_id, the tables, and the calendar."""

    books: list[Books]
    tables: Tables
    columns: Columns
    calendar: Calendar

    @property
    def known(self) -> set[str]:
        """The contestants "of `contestants` and of `reports` together"."""
        return {books.contestant_id for books in self.books}


def for_each_contestant(check: Callable[[Books], list[dict]]) -> Callable[[Case], list[dict]]:
    """A rule about one contestant, asked of all of them."""
    return lambda case: [found for books in case.books for found in check(books)]
