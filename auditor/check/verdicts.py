"""The sums of a rule → verdicts: for whom the rule is broken or cannot be determined, and which lines show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

import polars as pl

from auditor.check.facts import Facts
from auditor.model.finding import Line, Measure, Outcome, Severity
from auditor.rulebook.kinds_of_sums import Balance, DaysBetween, Fee, Forbidden, Limit, SameDocument, WasOver
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule

ZERO = Decimal("0.00")


class Rows(StrEnum):
    """Which of the lines behind a sum are the rows of its finding."""

    SUM = "sum"
    RAISING = "raising"
    LOWERING = "lowering"
    WITHOUT_AMOUNT = "without_amount"
    HITS_AND_BACK = "hits_and_back"
    ALL = "all"
    REGISTER = "register"
    PEOPLE = "people"
    PICKED = "picked"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one contestant, or of one donor of a contestant; of nobody alone where there is no contestant_id.

    `picked` are file and row of the chosen lines where `rows` is PICKED; `lines` the rows themselves where it is GIVEN.
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
    rows: Rows
    remedied: bool = False
    crossing: bool = False
    variant: int = 0
    day: date | None = None
    last_day_over: date | None = None
    fact_missing: bool = False
    picked: frozenset[tuple[int, int]] = frozenset()
    lines: tuple[Line, ...] = ()
    members: tuple[str, ...] = ()
    reason: str | None = None


def excess_of(measured: Measure, limit: Measure) -> Measure:
    """measured − limit where both are money or both are counts; none otherwise."""
    if isinstance(measured, Decimal) and isinstance(limit, Decimal):
        return measured - limit
    return measured - limit if isinstance(measured, int) and isinstance(limit, int) else None


def breach(rule: Rule, contestant_id: str | None, subject: str | None, measured: Measure, limit: Measure, lines: Sequence[Line]) -> Verdict:
    """A breach with its rows given."""
    excess = excess_of(measured, limit)
    return Verdict(contestant_id, subject, Outcome.BREACH, rule.severity, measured, limit, excess, Rows.GIVEN, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts of a rule, the sum of each contestant where the rule has totals, of whom it can say nothing, and why; and of whom a
    record that it leaves out could not be read."""

    verdicts: list[Verdict]
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


def judge(rulebook: Rulebook, rule: Rule, sums: pl.DataFrame, facts: Facts) -> Judged:
    """Judge every sum. `sums` is what the rule's statement gave."""
    check = rule.check
    found = [row for row in sums.iter_rows(named=True) if row["contestant_id"] is not None]
    if isinstance(check, Limit):
        return _limit(rulebook, rule, check, found)
    if isinstance(check, Forbidden):
        return Judged(_forbidden(rule, check, found), {})
    if isinstance(check, WasOver):
        return Judged(_was_over(rulebook, check, found), {})
    if isinstance(check, Balance):
        return Judged(_balance(rule, found), {})
    if isinstance(check, Fee):
        return Judged(_fee(rulebook, rule, check, found, facts), {})
    if isinstance(check, SameDocument):
        return Judged(_same_document(rule, found), {})
    assert isinstance(check, DaysBetween)
    return Judged(_days_between(rule, found), {})


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


def has_totals(rule: Rule) -> bool:
    """Whether every contestant's sum under this rule is told, kept ones too: money sums of a contestant with a limit."""
    return isinstance(rule.check, Limit) and rule.check.per == "contestant" and rule.check.measure == "amount"


def _limit(rulebook: Rulebook, rule: Rule, check: Limit, found: list[dict[str, Any]]) -> Judged:
    limit = rulebook.value(check.limit)
    assert not isinstance(limit, str)
    verdicts: list[Verdict] = []
    totals: dict[str, Decimal] = {}
    zero = ZERO if check.measure == "amount" else 0
    for row in found:
        measured: Decimal | int = row["measured"] if row["measured"] is not None else zero
        if check.measure == "count":
            measured = int(measured)  # some engines add up whole numbers as decimals
        if has_totals(rule) and isinstance(measured, Decimal):
            totals[row["contestant_id"]] = measured
        over = measured > limit
        subject = row["subject"] or None
        if row["lowering"] if over else row["raising"]:
            rows = Rows.LOWERING if over else Rows.RAISING
            verdicts.append(Verdict(row["contestant_id"], subject, Outcome.UNDETERMINED, Severity.MAJOR, measured, limit, None, rows))
        elif over:
            crossing = check.measure == "amount"
            verdicts.append(
                Verdict(
                    row["contestant_id"],
                    subject,
                    Outcome.BREACH,
                    rule.severity,
                    measured,
                    limit,
                    measured - limit,
                    Rows.SUM,
                    crossing=crossing,
                )
            )
    return Judged(verdicts, totals)


def _forbidden(rule: Rule, check: Forbidden, found: list[dict[str, Any]]) -> list[Verdict]:
    verdicts: list[Verdict] = []
    zero = ZERO if check.measure == "amount" else 0
    for row in found:
        cid, subject = row["contestant_id"], row["subject"] or None
        settled = row.get("settled") or check.outcome
        if settled == "kept":
            continue
        if not row["hits"]:
            verdicts.append(Verdict(cid, subject, Outcome.UNDETERMINED, rule.severity, zero, zero, None, Rows.WITHOUT_AMOUNT))
            continue
        measured = max(row["measured"], zero) if check.measure == "amount" else int(row["measured"])
        rows = Rows.HITS_AND_BACK
        if settled == "undetermined":
            missing = bool(check.breach_if)
            verdicts.append(Verdict(cid, subject, Outcome.UNDETERMINED, rule.severity, measured, zero, None, rows, fact_missing=missing))
            continue
        remedied = measured == 0
        severity = Severity.MINOR if remedied else rule.severity
        verdicts.append(Verdict(cid, subject, Outcome.BREACH, severity, measured, zero, measured - zero, rows, remedied=remedied))
    return verdicts


def _was_over(rulebook: Rulebook, check: WasOver, found: list[dict[str, Any]]) -> list[Verdict]:
    limits = {variant: rulebook.limit_of(code)[2] for variant, code in enumerate(check.rules)}
    highest: dict[tuple[str, str], dict[str, Any]] = {}
    # One finding for a donor filed under two types: the first of the rules named, then the highest balance, then its first day.
    for row in sorted(found, key=lambda r: (r["variant"], -r["balance"], r["date"])):
        highest.setdefault((row["contestant_id"], row["subject"]), row)
    back: dict[tuple[str, str, int], date] = {}
    for row in found:  # it came back in the end, so that after each of these days there is a later one
        of = (row["contestant_id"], row["subject"], row["variant"])
        back[of] = max(back.get(of, row["next_date"]), row["next_date"])
    return [
        Verdict(
            cid,
            subject,
            Outcome.BREACH,
            Severity.MINOR,
            row["balance"],
            limits[row["variant"]],
            row["balance"] - limits[row["variant"]],
            Rows.SUM,
            remedied=True,
            crossing=True,
            variant=row["variant"],
            day=row["date"],
            last_day_over=back[cid, subject, row["variant"]] - timedelta(days=1),
        )
        for (cid, subject), row in highest.items()
    ]


def _balance(rule: Rule, found: list[dict[str, Any]]) -> list[Verdict]:
    lowest: dict[str, dict[str, Any]] = {}
    for row in sorted(found, key=lambda r: (r["balance"], r["date"])):
        lowest.setdefault(row["contestant_id"], row)
    return [
        Verdict(cid, None, Outcome.BREACH, rule.severity, row["balance"], ZERO, row["balance"] - ZERO, Rows.SUM, day=row["date"])
        for cid, row in lowest.items()
    ]


def _fee(rulebook: Rulebook, rule: Rule, check: Fee, found: list[dict[str, Any]], facts: Facts) -> list[Verdict]:
    paid = {row["contestant_id"]: row for row in found}
    fee = rulebook.value(check.fee)
    assert isinstance(fee, Decimal)
    verdicts: list[Verdict] = []
    for cid in facts.subjects(rule):
        row = paid.get(cid, {"measured": None, "raising": 0})
        measured = row["measured"] if row["measured"] is not None else ZERO
        last = facts.fact(cid, check.by) or Decimal(0)
        share = next(band.share for band in rulebook.bands(check.schedule) if last >= band.from_)
        contest = facts.contest_of[cid]
        times_fact = next((fact for of, fact in check.times.items() if of == contest), None)
        times = facts.fact(cid, times_fact) if times_fact is not None else 1
        if times is None and share != 0:
            verdicts.append(Verdict(cid, None, Outcome.UNDETERMINED, rule.severity, measured, None, None, Rows.ALL, fact_missing=True))
            continue
        required = (fee * Decimal(times or 0) * share).quantize(ZERO, ROUND_HALF_UP)
        if measured >= required:
            continue
        if cid not in facts.has_final or row["raising"]:
            missing = cid not in facts.has_final
            verdicts.append(
                Verdict(cid, None, Outcome.UNDETERMINED, rule.severity, measured, required, None, Rows.ALL, fact_missing=missing)
            )
        elif cid not in facts.empty_books:  # what was paid stands in a report of which no line is here: `not_seen` says so
            verdicts.append(Verdict(cid, None, Outcome.BREACH, rule.severity, measured, required, measured - required, Rows.SUM))
    return verdicts


def _same_document(rule: Rule, found: list[dict[str, Any]]) -> list[Verdict]:
    return [
        Verdict(
            row["contestant_id"], row["subject"], Outcome.BREACH, rule.severity, row["measured"], ZERO, row["measured"] - ZERO, Rows.ALL
        )
        for row in found
    ]


def _days_between(rule: Rule, found: list[dict[str, Any]]) -> list[Verdict]:
    verdicts = []
    for row in found:
        days = (row["first"] - row["then_"]).days
        verdicts.append(Verdict(row["contestant_id"], None, Outcome.BREACH, rule.severity, days, 0, days, Rows.REGISTER))
    return verdicts
