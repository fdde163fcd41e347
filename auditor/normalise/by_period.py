"""Reports by what lines that give no id say of them: whose they are, of which type, and of which days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from auditor.normalise.reports import Period, Report

Whose = tuple[str, str, int | None]
"""Contestant, type of report, and number of the filing that the report came in by itself."""


class ByPeriod:
    """Finds reports without looking at all of them; a filing may have thousands of one contestant. Those that are found come in the order
    in which they were added, by the days that they had then."""

    def __init__(self, reports: Iterable[Report]) -> None:
        self._all: defaultdict[Whose, list[Report]] = defaultdict(list)
        self._alike: defaultdict[tuple[Whose, Period], list[Report]] = defaultdict(list)
        self._by_day: defaultdict[tuple[Whose, int, date | None], list[Report]] = defaultdict(list)
        for report in reports:
            self.add(report)

    def add(self, report: Report) -> None:
        """One more report."""
        whose = (report.contestant_id, report.report_type, report.own_filing)
        self._all[whose].append(report)
        self._alike[whose, report.period].append(report)
        for end, day in enumerate(report.period):
            self._by_day[whose, end, day].append(report)

    def of(self, whose: Whose) -> Sequence[Report]:
        """All of them, whatever their days."""
        return self._all.get(whose, ())

    def of_period(self, whose: Whose, period: Period) -> Sequence[Report]:
        """Those of these very days; where there are none, and not both days are known here, those that have the day that is."""
        alike = self._alike.get((whose, period), ())
        if alike or None not in period:
            return alike
        known = [(end, day) for end, day in enumerate(period) if day is not None]
        return self._by_day.get((whose, *known[0]), ()) if known else self.of(whose)
