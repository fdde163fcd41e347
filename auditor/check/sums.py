"""The sums of a rule → verdicts: for whom the rule is broken or cannot be determined, and which lines show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl

from auditor.check.facts import Facts
from auditor.check.verdicts import ZERO, Judged, Rows, Verdict, breach, undetermined
from auditor.model.finding import Severity
from auditor.rulebook.kinds import SumCheck
from auditor.rulebook.kinds_of_sums import Balance, DaysBetween, Fee, Forbidden, Limit, SameDocument, WasOver
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule


def judge_sums(rulebook: Rulebook, rule: Rule, check: SumCheck, sums: pl.DataFrame, facts: Facts) -> Judged:
    """Judge every sum by the rule's check. `sums` is what the rule's statement gave."""
    found = [row for row in sums.iter_rows(named=True) if row["contestant_id"] is not None]
    match check:
        case Limit():
            return _limit(rulebook, rule, check, found)
        case Forbidden():
            return Judged(_forbidden(rule, check, found))
        case WasOver():
            return Judged(_was_over(rulebook, rule, check, found))
        case Balance():
            return Judged(_balance(rule, found))
        case Fee():
            return Judged(_fee(rulebook, rule, check, found, facts))
        case SameDocument():
            return Judged(_same_document(rule, found))
        case DaysBetween():
            return Judged(_days_between(rule, found))


def has_totals(rule: Rule) -> bool:
    """Whether every contestant's sum under this rule is told, kept ones too: money sums of a contestant with a limit."""
    return isinstance(rule.check, Limit) and rule.check.per == "contestant" and rule.check.measure == "amount"


def _limit(rulebook: Rulebook, rule: Rule, check: Limit, found: list[dict[str, Any]]) -> Judged:
    limit = rulebook.number(check.limit)
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
            # Whatever a breach of the rule would weigh: filing format, "Which lines count", 3.
            verdicts.append(undetermined(Severity.MAJOR, row["contestant_id"], subject, measured, limit, rows))
        elif over:
            found_over = breach(rule, row["contestant_id"], subject, measured, limit, Rows.SUM)
            verdicts.append(replace(found_over, crossing=check.measure == "amount"))
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
            verdicts.append(undetermined(rule.severity, cid, subject, zero, zero, Rows.WITHOUT_AMOUNT))
            continue
        measured = max(row["measured"], zero) if check.measure == "amount" else int(row["measured"])
        if settled == "undetermined":
            missing = bool(check.breach_if)
            verdicts.append(undetermined(rule.severity, cid, subject, measured, zero, Rows.HITS_AND_BACK, fact_missing=missing))
            continue
        verdict = breach(rule, cid, subject, measured, zero, Rows.HITS_AND_BACK)
        verdicts.append(replace(verdict, severity=Severity.MINOR, remedied=True) if measured == 0 else verdict)
    return verdicts


def _was_over(rulebook: Rulebook, rule: Rule, check: WasOver, found: list[dict[str, Any]]) -> list[Verdict]:
    limits = {variant: rulebook.limit_of(code).amount for variant, code in enumerate(check.rules)}
    highest: dict[tuple[str, str], dict[str, Any]] = {}
    # One finding for a donor filed under two types too: of the highest balance, on its first day, under the first of the rules named.
    for row in sorted(found, key=lambda r: (-r["balance"], r["date"], r["variant"])):
        highest.setdefault((row["contestant_id"], row["subject"]), row)
    back: dict[tuple[str, str, int], date] = {}
    for row in found:  # it came back in the end, so that after each of these days there is a later one
        whose = (row["contestant_id"], row["subject"], row["variant"])
        back[whose] = max(back.get(whose, row["next_date"]), row["next_date"])
    return [
        replace(
            breach(rule, cid, subject or None, row["balance"], limits[row["variant"]], Rows.SUM),
            severity=Severity.MINOR,
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
    return [replace(breach(rule, cid, None, row["balance"], ZERO, Rows.SUM), day=row["date"]) for cid, row in lowest.items()]


def _fee(rulebook: Rulebook, rule: Rule, check: Fee, found: list[dict[str, Any]], facts: Facts) -> list[Verdict]:
    paid = {row["contestant_id"]: row for row in found}
    fee = rulebook.exact(check.fee)
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
            verdicts.append(undetermined(rule.severity, cid, None, measured, None, Rows.ALL, fact_missing=True))
            continue
        required = (fee * Decimal(times or 0) * share).quantize(ZERO, ROUND_HALF_UP)
        if measured >= required:
            continue
        if cid not in facts.with_final or row["raising"]:
            missing = cid not in facts.with_final
            verdicts.append(undetermined(rule.severity, cid, None, measured, required, Rows.ALL, fact_missing=missing))
        elif cid not in facts.empty_books:  # the payment may be in a report whose lines are not here: Facts.not_seen says so
            verdicts.append(breach(rule, cid, None, measured, required, Rows.SUM))
    return verdicts


def _same_document(rule: Rule, found: list[dict[str, Any]]) -> list[Verdict]:
    return [breach(rule, row["contestant_id"], row["subject"], row["measured"], ZERO, Rows.ALL) for row in found]


def _days_between(rule: Rule, found: list[dict[str, Any]]) -> list[Verdict]:
    return [breach(rule, row["contestant_id"], None, (row["first"] - row["then_"]).days, 0, Rows.REGISTER) for row in found]
