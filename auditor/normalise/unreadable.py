"""Of the lines that could not be read: whose each is, of which report, and whether it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from auditor.model.stray import Stray
from auditor.model.unread import UnreadLine
from auditor.normalise.reports import Report, Reports, Unread
from auditor.normalise.table import FILE


@dataclass(frozen=True, slots=True)
class Attributed:
    """A line that could not be read, with its owner and its report where these are known; `counts`: it is in its owner's books."""

    line: Unread
    owner: str | None
    report: Report | None
    counts: bool

    @property
    def told(self) -> UnreadLine:
        """What the rules are told of it."""
        return UnreadLine(self.line.kind, lacks_only_amount=self.line.only_amount, in_books=self.counts, ragged=self.line.ragged)


@dataclass(frozen=True)
class Unreadable:
    """All such lines among the `reports` that there are. A line belongs to the report of its report_id, without one to its contestant's
    books."""

    lines: Sequence[Attributed]
    reports: Reports

    @classmethod
    def of(cls, unread: Sequence[Unread], reports: Reports) -> Unreadable:
        """Find out whose each line is."""
        return cls([_attributed(line, reports) for line in unread], reports)

    def frame(self) -> pl.LazyFrame | None:
        """The same as a table, for the books; None where every line could be read."""
        if not self.lines:
            return None
        rows = [(one.line.file, one.line.row, one.counts, one.owner) for one in self.lines]
        return pl.LazyFrame(rows, schema={FILE: pl.Int32, "row": pl.Int64, "counted": pl.Boolean, "owner": pl.String}, orient="row")

    def of_contestants(self) -> dict[str, list[UnreadLine]]:
        """By contestant the lines of reports that stand."""
        found: dict[str, list[UnreadLine]] = {}
        for one in self.lines:
            stands = one.report is not None and self.reports.stands(one.report)
            if one.owner is not None and (one.counts or stands):
                found.setdefault(one.owner, []).append(one.told)
        return found

    def perhaps_of(
        self, known: Collection[str], files_of: Mapping[str, Collection[int]], *, registered: bool
    ) -> dict[str, Counter[UnreadLine]]:
        """By contestant how many of the lines of which nobody can say whose they are may be of that one, alike ones counted together.

        Such a line names no contestant and no report of one, or one who is not `known` from elsewhere: in a cell that may be of another
        column, or where there is a register (`registered`), which would have the id if it were not misspelt. It may be of whoever has lines
        in its file (`files_of`), and of anybody where nobody has."""
        by_file: defaultdict[int, Counter[UnreadLine]] = defaultdict(Counter)
        for one in self.lines:
            if one.owner is None or ((registered or one.line.ragged) and one.owner not in known):
                by_file[one.line.file][one.told] += 1
        found: dict[str, Counter[UnreadLine]] = {}
        for file, lines in by_file.items():
            for cid in [cid for cid in known if file in files_of.get(cid, ())] or known:
                found.setdefault(cid, Counter()).update(lines)
        return found

    def in_books(self) -> set[tuple[int, str]]:
        """The number of the file and the owner of every line that counts."""
        return {(one.line.file, one.owner) for one in self.lines if one.counts and one.owner is not None}

    def strays(self) -> dict[str, frozenset[Stray]]:
        """By contestant type and period (none, where they cannot be read either) of the reports that lines of no known report name. One
        without an id, but with type and period of a report that is there, is of that one."""
        found: dict[str, frozenset[Stray]] = {}
        for one in self.lines:
            cid = one.line.contestant_id
            if one.report is None and cid is not None and _report_named_by(one.line) not in self._by_period:
                # Of a record with a cell too few or too many nobody knows which cell is the period.
                period = (None, None) if one.line.ragged else one.line.period
                found[cid] = found.get(cid, frozenset()) | {Stray(one.line.report_type, period)}
        return found

    def with_unread(self) -> frozenset[Report]:
        """The reports that have such a line, or may have it: one that names no report may be of any that is in the books, and of the one
        whose type and period it tells."""
        loose = {one.owner for one in self.lines if one.report is None}
        theirs = {one.report for one in self.lines if one.report is not None}
        maybe = {report for report in self.reports.all if report.contestant_id in loose and self.reports.counts(report)}
        named = {_report_named_by(one.line) for one in self.lines}
        return frozenset(theirs | maybe).union(*(found for told, found in self._by_period.items() if told in named))

    @cached_property
    def _by_period(self) -> dict[object, list[Report]]:
        """The reports that lines without an id may name by contestant, type and whole period."""
        found: dict[object, list[Report]] = {}
        for report in self.reports.all:
            if None not in report.period:
                found.setdefault((report.contestant_id, report.report_type, report.period), []).append(report)
        return found


def _report_named_by(line: Unread) -> object:
    """By what a line without an id names its report; None where it gives an id."""
    return None if line.report_id is not None else (line.contestant_id, line.report_type, line.period)


def _attributed(line: Unread, reports: Reports) -> Attributed:
    owner, report = reports.of_unread(line)
    loose = report is None and line.contestant_id is not None
    return Attributed(line, owner, report, loose or (report is not None and reports.counts(report)))
