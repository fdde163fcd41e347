"""What a rule says of somebody, and which lines show it; of whom it can say nothing, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import polars as pl

from auditor.model.finding import Line, Measure, Outcome, Severity
from auditor.rulebook.models import Rule

ZERO = Decimal("0.00")


class Rows(StrEnum):
    """Which of the lines behind a sum are the rows of its finding, or that it is the contestant's row of the register."""

    SUM = "sum"
    RAISING = "raising"
    LOWERING = "lowering"
    WITHOUT_AMOUNT = "without_amount"
    HITS_AND_BACK = "hits_and_back"
    ALL = "all"
    REGISTER = "register"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Picked:
    """Some of the lines behind a sum, by file and row."""

    places: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Given:
    """The rows themselves, which no statement has to fetch."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one contestant, or of one donor of a contestant; of nobody alone where there is no contestant_id.

    `measured`, `limit` and `excess` are money in the election's currency, or whole days, years or a count, as the rule's check says; `rows`
    tells which lines show it, and `day`, where there is one, is the last day of these. `crossing`: the line that first went over the limit
    is to be found among them. `variant` is the place, in the check's `rules`, of the rule whose limit it is. `fact_missing`: it is
    undetermined because a fact of the contestant is missing, and not because a line could not be read.
    `last_day_over` is the day before the movement that brought the sum back under its limit.
    `members` are the subjects of the lines where they are several donors, probably one for a `reason`.
    """

    contestant_id: str | None
    subject: str | None
    outcome: Outcome
    severity: Severity
    measured: Measure
    limit: Measure
    excess: Measure
    rows: Rows | Picked | Given
    remedied: bool = False
    crossing: bool = False
    variant: int = 0
    day: date | None = None
    last_day_over: date | None = None
    fact_missing: bool = False
    members: tuple[str, ...] = ()
    reason: str | None = None


def excess_of(measured: Measure, limit: Measure) -> Measure:
    """measured − limit where both are money or both are counts; none otherwise."""
    if isinstance(measured, Decimal) and isinstance(limit, Decimal):
        return measured - limit
    return measured - limit if isinstance(measured, int) and isinstance(limit, int) else None


def breach(
    rule: Rule,
    contestant_id: str | None,
    subject: str | None,
    measured: Measure,
    limit: Measure,
    rows: Rows | Picked | Sequence[Line],
) -> Verdict:
    """A breach: `rows` tells which lines behind the sum show it, or is these lines themselves."""
    excess = excess_of(measured, limit)
    behind = rows if isinstance(rows, Rows | Picked) else Given(tuple(rows))
    return Verdict(contestant_id, subject, Outcome.BREACH, rule.severity, measured, limit, excess, behind)


def undetermined(
    severity: Severity,
    contestant_id: str,
    subject: str | None,
    measured: Measure,
    limit: Measure,
    rows: Rows,
    *,
    fact_missing: bool = False,
) -> Verdict:
    """A sum of which nobody can tell whether it breaks the rule: for want of a fact, or of what a line does not say."""
    return Verdict(contestant_id, subject, Outcome.UNDETERMINED, severity, measured, limit, None, rows, fact_missing=fact_missing)


def lead(
    contestant_id: str | None,
    subject: str | None,
    measured: Measure = None,
    limit: Measure = None,
    rows: Rows | Picked | Given = Rows.ALL,
    variant: int = 0,
) -> Verdict:
    """A lead with the excess that its figures give."""
    excess = excess_of(measured, limit)
    return Verdict(contestant_id, subject, Outcome.LEAD, Severity.MINOR, measured, limit, excess, rows, variant=variant)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule says: its verdicts, and each contestant's sum where it has totals. `silent`: the contestants of whom it can say nothing,
    or not everything, with the reason. `unread`: those of whom it left out a record that could not be read, with the reason."""

    verdicts: list[Verdict]
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


class Reasons:
    """Why something cannot be said of a contestant: every reason once, in an order that does not depend on that of the records."""

    def __init__(self) -> None:
        self._of: dict[str, set[str]] = {}

    def add(self, contestant_id: str, reason: str) -> None:
        """One reason more."""
        self._of.setdefault(contestant_id, set()).add(reason)

    def told(self) -> dict[str, str]:
        """The reasons in one sentence for each contestant."""
        return {cid: "; ".join(sorted(reasons)) for cid, reasons in self._of.items()}


def joined(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """The reasons of both."""
    return {cid: "; ".join(filter(None, (one.get(cid), other.get(cid)))) for cid in {**one, **other}}


def in_order(sums: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The sums in an order that does not depend on the engine."""
    yield from sums.sort("contestant_id", "subject", "variant").iter_rows(named=True)


def of_lines(rule: Rule, cid: str | None, lines: list[Line]) -> Verdict:
    """A breach by lines that are there, or are not: their sum, with a running total."""
    running = ZERO
    counted = []
    for line in lines:
        running += line.amount or ZERO
        counted.append(replace(line, effect=line.amount, running=running))
    return breach(rule, cid, None, running, ZERO, counted)
