"""Leads: what an auditor should look at, each judged from the sums of its statement. None is ever a breach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl

from auditor.check.verdicts import ZERO, Judged, Picked, Rows, Verdict, in_order, lead
from auditor.identifiers import check_digit_agrees, check_digits_agree
from auditor.masking import BIN_DIGITS
from auditor.rulebook.kinds import LeadCheck
from auditor.rulebook.kinds_of_leads import AcrossFunds, DonorIsVendor, FirstDigits, ImpossibleId, ManyDonors, NearLimit, Structuring
from auditor.rulebook.load import Rulebook
from auditor.wording import Say

_FEW_IDS = 200


def judge_lead(rulebook: Rulebook, check: LeadCheck, sums: pl.DataFrame, say: Say) -> Judged:
    """Judge the sums of a lead."""
    match check:
        case Structuring():
            return Judged(list(_structuring(rulebook, check, sums)))
        case ManyDonors():
            least = rulebook.whole(check.donors)
            return Judged([lead(row["contestant_id"], row["subject"], int(row["donors"]), least) for row in in_order(sums)])
        case AcrossFunds():
            return Judged(list(_across_funds(rulebook, check.rules, sums)))
        case DonorIsVendor():
            return Judged([lead(row["contestant_id"], row["subject"]) for row in in_order(sums)])
        case ImpossibleId():
            return Judged(list(_impossible_id(sums, say)))
        case FirstDigits():
            return Judged(list(_first_digits(rulebook, check, sums)))
        case NearLimit():
            return Judged(list(_near_limit(rulebook, check, sums)))


def _structuring(rulebook: Rulebook, check: Structuring, sums: pl.DataFrame) -> Iterator[Verdict]:
    days, times, near = rulebook.whole(check.days), rulebook.whole(check.times), rulebook.exact(check.near)
    told: set[tuple[str, str]] = set()
    ordered = sums.sort("variant", "contestant_id", "subject", "date", "file", "row")
    groups = ordered.partition_by("contestant_id", "subject", "variant", as_dict=True, maintain_order=True)
    for (cid, subject, variant), rows in groups.items():
        cap = rulebook.limit_of(check.rules[variant]).amount
        given = list(rows.select("date", "effect", "file", "row").iter_rows())
        chosen = _within_days(given, days, cap)
        just_under = [n for n, (_, amount, _, _) in enumerate(given) if amount * 100 >= cap * near]
        if len(just_under) >= times:
            chosen |= set(just_under)
        # Of a donor filed under two types the lead is of the first cap.
        if chosen and (cid, subject) not in told:
            told.add((cid, subject))
            measured = sum((given[n][1] for n in chosen), ZERO)
            yield lead(cid, subject, measured, cap, Picked(frozenset((given[n][2], given[n][3]) for n in chosen)), variant)


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
            cap = rulebook.limit_of(codes[row["variant"]]).amount
            yield lead(None, row["subject"], row["measured"], cap, Rows.SUM, row["variant"])


def is_of_organisation(identifier: pl.Expr) -> pl.Expr:
    """Whether an id is a BIN: its fifth digit says so."""
    return identifier.str.slice(4, 1).is_in(BIN_DIGITS)


def _impossible_id(sums: pl.DataFrame, say: Say) -> Iterator[Verdict]:
    # To look at a few ids one by one costs a hundredth of what the arithmetic of a whole column costs to set up.
    few = sums.height <= _FEW_IDS
    agree = pl.Series(map(check_digit_agrees, sums["subject"]), dtype=pl.Boolean) if few else check_digits_agree(pl.col("subject"))
    firm = is_of_organisation(pl.col("subject")) & (pl.col("people") > 0)
    judged = sums.with_columns((~agree).alias("impossible"), firm.alias("firm"))
    for row in in_order(judged.filter(pl.col("impossible") | pl.col("firm"))):
        made = lead(row["contestant_id"], row["subject"], rows=Rows.ALL if row["impossible"] else Rows.PEOPLE)
        why = {"check.id_check_digit": row["impossible"], "check.id_of_organisation": row["firm"]}
        yield replace(made, reason="; ".join(say(key) for key, is_so in why.items() if is_so))


def _first_digits(rulebook: Rulebook, check: FirstDigits, sums: pl.DataFrame) -> Iterator[Verdict]:
    least, most = rulebook.whole(check.at_least), rulebook.exact(check.deviation) / 100
    for (cid,), rows in sums.sort("contestant_id").partition_by("contestant_id", as_dict=True, maintain_order=True).items():
        counted = dict(rows.select("digit", "lines").iter_rows())
        all_lines = sum(counted.values())
        if all_lines < least:
            continue
        shares = (Decimal(int(counted.get(str(digit), 0))) / all_lines - (1 + Decimal(1) / digit).log10() for digit in range(1, 10))
        if sum((abs(difference) for difference in shares), Decimal(0)) / 9 > most:
            yield lead(cid, None)


def _near_limit(rulebook: Rulebook, check: NearLimit, sums: pl.DataFrame) -> Iterator[Verdict]:
    share = rulebook.exact(check.share)
    for row in in_order(sums):
        limit = rulebook.limit_of(check.rules[row["variant"]]).amount
        measured = row["measured"]
        if measured is not None and limit * share < measured * 100 <= limit * 100:
            yield lead(row["contestant_id"], None, measured, limit, Rows.SUM, row["variant"])
