"""What there is to judge besides sums of lines: reports with their face, the people, the bank's statement, the day of the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, cast

import polars as pl

from auditor.check.facts import Facts
from auditor.model.finding import Line
from auditor.model.left_out_records import LeftOutRecords
from auditor.model.listed_price import PricesInPart
from auditor.model.place import Place
from auditor.model.stray import Stray
from auditor.rulebook.load import Rulebook
from auditor.wording import Say

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class FiledReport:
    """One report: what it states on its face, what its lines come to by kind, and whether it counts.

    `place` is its row in `filings`, None where that does not have it; `stands`: no later filing took its place; `may_have_unread_line`: one
    that could not be read is of it, or may be; `unread_columns`: those of `filings` that are filled in and could not be read.
    `first` is the first filing of the same report (itself, where there is one only); not `first_known`, where one of several does not
    say when it was received.
    """

    contestant_id: str
    report_id: str | None
    report_type: str
    period: tuple[date | None, date | None]
    received_on: date | None
    published_on: date | None
    unread_columns: frozenset[str]
    submitted_to: str | None
    face: Mapping[str, Decimal | None]
    sums: Mapping[str, Decimal]
    place: Place | None
    stands: bool
    counts: bool
    may_have_unread_line: bool
    first: FiledReport | None = None
    first_known: bool = True

    @property
    def first_filing(self) -> FiledReport:
        """The filing by which it is told whether the report was late."""
        return self.first or self


class ReportLines(Protocol):
    """Answers questions about the lines of reports that stand, by contestant."""

    def outside_period(self, besides: Sequence[str]) -> Mapping[str, list[Line]]:
        """The lines dated outside the period of their report, but for the kinds `besides`."""
        ...

    def numbers(self) -> pl.DataFrame:
        """Which report each combination of file, contestant_id, report_id, report_type, period_start and period_end is of: `report`."""
        ...

    def not_in_final(self) -> Mapping[str, list[Line]]:
        """The lines of interim reports that the final report does not answer for."""
        ...


@dataclass(frozen=True)
class Case:
    """Everything that a rule can ask. `candidates` are the rows of that table with their place; `whole`: nobody was left out.
    `strays`: by contestant what records of no known report name: lines and filings that could not be read, lines that contradict theirs.
    `books` are those of the contestants that are judged, `all_books` everybody's: whose an account is, and which of several lines is in the
    statement, does not depend on who is asked about."""

    rulebook: Rulebook
    facts: Facts
    as_of: date
    say: Say
    reports: Mapping[str, Sequence[FiledReport]]
    report_lines: ReportLines
    strays: Mapping[str, frozenset[Stray]]
    candidates: Sequence[tuple[Place, Mapping[str, Any]]]
    statement: pl.DataFrame
    prices_in_part: PricesInPart
    left_out_records: LeftOutRecords
    books: pl.LazyFrame
    all_books: pl.LazyFrame
    files: Sequence[tuple[str, str | None]]
    whole: bool
    _made: dict[object, object] = field(default_factory=dict)

    @cached_property
    def candidates_of(self) -> Mapping[str, Sequence[tuple[Place, Mapping[str, Any]]]]:
        """The rows of `candidates` of each contestant."""
        found: dict[str, list[tuple[Place, Mapping[str, Any]]]] = {}
        for place, row in self.candidates:
            found.setdefault(row["contestant_id"], []).append((place, row))
        return found

    def once(self, key: object, make: Callable[[], _Made]) -> _Made:
        """What several rules ask for, made for the first of them; a key is always that of the same thing."""
        if key not in self._made:
            self._made[key] = make()
        return cast("_Made", self._made[key])

    def contest(self, contestant_id: str) -> str | None:
        """The contest of a contestant, of one outside the audit too."""
        return self.facts.contests.get(contestant_id)

    def may_have(self, contestant_id: str, report_type: str) -> bool:
        """Whether something that could not be read, or that contradicts its report, may be all that there is of a report of this type."""
        return bool(self.stray_periods(contestant_id, report_type))

    def stray_periods(self, contestant_id: str, report_type: str) -> Sequence[tuple[date | None, date | None]]:
        """The periods of what may be such a report, as far as they are known."""
        return [stray.period for stray in self.strays.get(contestant_id, ()) if stray.may_be(report_type)]

    def perhaps_filed(self, missing: Iterable[str]) -> dict[str, str]:
        """Of whom a report is missing that may be the one of a filing which names nobody who is known: the id is misspelt, say."""
        said = self.say("check.record_of_nobody", table="filings")
        return dict.fromkeys(missing, said) if self.left_out_records.filing_of_nobody else {}

    def lacks(self, report: FiledReport, *columns: str) -> str:
        """Why there is nothing in these columns of a report's row in `filings`."""
        unread = [name for name in columns if name in report.unread_columns]
        named = ", ".join(self.facts.told("filings", name) for name in unread or columns)
        return self.say("check.unread_in" if unread else "check.empty_in", table="filings", column=named)

    def place(self, table: str, file: int, row: int) -> Place:
        """A row of a table by the number of its file."""
        name, sheet = self.files[file]
        return Place(table, name, sheet, row)


def row_alone(place: Place, facts: Mapping[str, object] = MappingProxyType({})) -> Line:
    """A row of another table than the reports: its place and the facts that count are what there is to say."""
    return Line(place, facts=tuple(facts.items()))
