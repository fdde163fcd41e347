"""Leads: what an auditor should look at. Each is judged from the sums of its statement; none is ever a breach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from auditor.check.case import Case
from auditor.check.verdicts import ZERO, Judged, Rows, Verdict, excess_of, joined
from auditor.identifiers import check_digits_agree
from auditor.masking import BIN_DIGITS
from auditor.model.finding import Measure, Outcome, Severity
from auditor.rulebook.kinds_of_facts import UnlistedPrice, UnlistedVendor
from auditor.rulebook.kinds_of_leads import AcrossFunds, DonorIsVendor, FirstDigits, ImpossibleId, ManyDonors, NearLimit, Structuring
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.rulebook.sql import Parts

_TWELVE = re.compile("[0-9]{12}")


def judge_lead(case: Case, rule: Rule, sums: pl.DataFrame) -> Judged:
    """Judge the sums of a lead or of a price list."""
    rulebook, check = case.rulebook, rule.check
    if isinstance(check, UnlistedVendor):
        return _unlisted_vendor(case, rule, sums)
    if isinstance(check, UnlistedPrice):
        return _unlisted_price(case, rule, check, sums)
    if isinstance(check, Structuring):
        return Judged(list(_structuring(rulebook, check, sums)))
    if isinstance(check, ManyDonors):
        least = int(rulebook.number(check.donors))
        return Judged([lead(row["contestant_id"], row["subject"], int(row["donors"]), least) for row in _rows(sums)])
    if isinstance(check, AcrossFunds):
        return Judged(list(_across_funds(rulebook, check.rules, sums)))
    if isinstance(check, DonorIsVendor):
        return Judged([lead(row["contestant_id"], row["subject"]) for row in _rows(sums)])
    if isinstance(check, ImpossibleId):
        return Judged(list(_impossible_id(sums)))
    if isinstance(check, FirstDigits):
        return Judged(list(_first_digits(rulebook, check, sums)))
    assert isinstance(check, NearLimit)
    return Judged(list(_near_limit(rulebook, check, sums)))


def lead(
    contestant_id: str | None,
    subject: str | None,
    measured: Measure = None,
    limit: Measure = None,
    rows: Rows = Rows.ALL,
    variant: int = 0,
    picked: frozenset[tuple[int, int]] = frozenset(),
) -> Verdict:
    """A lead with the excess that its figures give."""
    excess = excess_of(measured, limit)
    return Verdict(contestant_id, subject, Outcome.LEAD, Severity.MINOR, measured, limit, excess, rows, variant=variant, picked=picked)


def _rows(sums: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The sums in an order that does not depend on the engine."""
    yield from sums.sort("contestant_id", "subject", "variant").iter_rows(named=True)


def _breach(
    rule: Rule, row: Mapping[str, Any], measured: Decimal, limit: Decimal, rows: Rows, picked: frozenset[tuple[int, int]] = frozenset()
) -> Verdict:
    subject = row["subject"] or None
    return Verdict(row["contestant_id"], subject, Outcome.BREACH, rule.severity, measured, limit, measured - limit, rows, picked=picked)


def _unlisted_vendor(case: Case, rule: Rule, sums: pl.DataFrame) -> Judged:
    """The purchases of each contestant from each vendor of no list. Where the lists name nobody, who is known by name alone may be in
    them."""
    named = _lists_have_names(case)
    silent: dict[str, str] = {}
    verdicts: list[Verdict] = []
    for row in _rows(sums):
        if named or row["subject"] is None or _TWELVE.fullmatch(row["subject"]):
            verdicts.append(_breach(rule, row, row["measured"], ZERO, Rows.SUM))
        else:
            silent[row["contestant_id"]] = case.say("check.lists_without_names")
    if case.unread_prices:  # the outlet may be the one of that record
        said = case.say("check.record_unread", table="price_lists")
        silent = joined(silent, {one.contestant_id: said for one in verdicts if one.contestant_id is not None})
    return Judged(verdicts, silent=silent)


def _unlisted_price(case: Case, rule: Rule, check: UnlistedPrice, sums: pl.DataFrame) -> Judged:
    """The first line of each contestant and vendor. A price that could not be read may be the one that was paid: that is said beside the
    finding, and instead of it where no price could be read. Where the lists name nobody, a vendor known by name alone may be in them."""
    told: set[tuple[str, str]] = set()
    nameless = [] if _lists_have_names(case) else _bought(case, rule, check, by_name_alone=True)
    silent = dict.fromkeys(nameless, case.say("check.lists_without_names"))
    buyers = _bought(case, rule, check, by_name_alone=False) if case.unread_prices else []
    unread = dict.fromkeys(buyers, case.say("check.record_unread", table="price_lists"))
    verdicts: list[Verdict] = []
    for row in sums.sort("contestant_id", "subject", "date", "file", "row").iter_rows(named=True):
        cid, vendor, medium, price = row["contestant_id"], row["subject"], row["medium"], row["unit_price"]
        if any((vendor, of, listed) in case.doubtful_prices for of in (medium, None) for listed in (price, None)):
            silent[cid] = case.say("check.price_unread")
        if row["lowest"] is not None and (cid, vendor) not in told:
            told.add((cid, vendor))
            verdicts.append(_breach(rule, row, price, row["lowest"], Rows.PICKED, frozenset({(row["file"], row["row"])})))
    return Judged(verdicts, silent=silent, unread=unread)


def _lists_have_names(case: Case) -> bool:
    return "vendor_name" in case.facts.present.get("price_lists", ())


def _bought(case: Case, rule: Rule, check: UnlistedPrice, *, by_name_alone: bool) -> list[str]:
    """The contestants that bought something at a stated price from a vendor, or from one without an id."""
    bought = Parts(case.rulebook, rule).any(check.lines)
    known = "b.counterparty_id IS NULL AND b.donor IS NOT NULL" if by_name_alone else "b.donor IS NOT NULL"
    sql = f"SELECT DISTINCT b.contestant_id FROM books AS b\nWHERE b.readable AND {bought} AND b.unit_price IS NOT NULL AND {known}"
    return sorted(pl.SQLContext({"books": case.books}, eager=False).execute(sql).collect()["contestant_id"])


def _structuring(rulebook: Rulebook, check: Structuring, sums: pl.DataFrame) -> Iterator[Verdict]:
    days, times, near = int(rulebook.number(check.days)), int(rulebook.number(check.times)), Decimal(rulebook.number(check.near))
    told: set[tuple[str, str]] = set()
    ordered = sums.sort("variant", "contestant_id", "subject", "date", "file", "row")
    groups = ordered.partition_by("contestant_id", "subject", "variant", as_dict=True, maintain_order=True)
    for (cid, subject, variant), rows in groups.items():
        cap = rulebook.limit_of(check.rules[variant])[2]
        given = list(rows.select("date", "effect", "file", "row").iter_rows())
        chosen = _within_days(given, days, cap)
        just_under = [n for n, (_, amount, _, _) in enumerate(given) if amount * 100 >= cap * near]
        if len(just_under) >= times:
            chosen |= set(just_under)
        # Of a donor filed under two types the lead is of the first cap.
        if chosen and (cid, subject) not in told:
            told.add((cid, subject))
            measured = sum((given[n][1] for n in chosen), ZERO)
            yield lead(cid, subject, measured, cap, Rows.PICKED, variant, frozenset((given[n][2], given[n][3]) for n in chosen))


def _within_days(given: Sequence[tuple[date, Decimal, int, int]], days: int, cap: Decimal) -> set[int]:
    """The donations that lie in some stretch of so many days whose donations are together over the cap. In order of date."""
    chosen: set[int] = set()
    start, total = 0, ZERO
    for end, (day, amount, _, _) in enumerate(given):
        total += amount
        while (day - given[start][0]).days > days:
            total -= given[start][1]
            start += 1
        last_of_day = end + 1 == len(given) or given[end + 1][0] != day
        if total > cap and last_of_day:
            chosen.update(range(start, end + 1))
    return chosen


def _across_funds(rulebook: Rulebook, codes: Sequence[str], sums: pl.DataFrame) -> Iterator[Verdict]:
    told: set[str] = set()
    for row in sums.sort("variant", "subject").iter_rows(named=True):
        if row["subject"] not in told:
            told.add(row["subject"])
            cap = rulebook.limit_of(codes[row["variant"]])[2]
            yield lead(None, row["subject"], row["measured"], cap, Rows.SUM, row["variant"])


def is_of_organisation(identifier: pl.Expr) -> pl.Expr:
    """Whether an id is a BIN: its fifth digit says so."""
    return identifier.str.slice(4, 1).is_in(BIN_DIGITS)


def _impossible_id(sums: pl.DataFrame) -> Iterator[Verdict]:
    judged = sums.with_columns(
        (~check_digits_agree(pl.col("subject"))).alias("impossible"),
        (is_of_organisation(pl.col("subject")) & (pl.col("people") > 0)).alias("firm"),
    )
    for row in _rows(judged.filter(pl.col("impossible") | pl.col("firm"))):
        yield lead(row["contestant_id"], row["subject"], rows=Rows.ALL if row["impossible"] else Rows.PEOPLE)


def _first_digits(rulebook: Rulebook, check: FirstDigits, sums: pl.DataFrame) -> Iterator[Verdict]:
    least, most = int(rulebook.number(check.at_least)), Decimal(rulebook.number(check.deviation)) / 100
    for (cid,), rows in sums.sort("contestant_id").partition_by("contestant_id", as_dict=True, maintain_order=True).items():
        counted = dict(rows.select("digit", "lines").iter_rows())
        all_lines = sum(counted.values())
        if all_lines < least:
            continue
        shares = (Decimal(int(counted.get(str(digit), 0))) / all_lines - (1 + Decimal(1) / digit).log10() for digit in range(1, 10))
        if sum((abs(difference) for difference in shares), Decimal(0)) / 9 > most:
            yield lead(cid, None)


def _near_limit(rulebook: Rulebook, check: NearLimit, sums: pl.DataFrame) -> Iterator[Verdict]:
    share = Decimal(rulebook.number(check.share))
    for row in _rows(sums):
        limit = rulebook.limit_of(check.rules[row["variant"]])[2]
        measured = row["measured"]
        if measured is not None and limit * share < measured * 100 <= limit * 100:
            yield lead(row["contestant_id"], None, measured, limit, Rows.SUM, row["variant"])
