"""The money through each contestant's fund, summed from the books: where it came from, what it paid for, and on which day."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import polars as pl

from auditor.check.verdicts import ZERO
from auditor.model.contestant import Flows, Movement

_KIND, _AMOUNT = pl.col("kind"), pl.col("amount")
_RECEIVED = _KIND.is_in(["own_funds", "donation"])
_SPENT = _KIND.is_in(["expenditure", "expenditure_refund"])
_HANDED_ON = _KIND.is_in(["donation_refund", "budget_transfer"])
_OWN = (_KIND == "own_funds") | (pl.col("giver") == "contestant").fill_null(value=False)
# The contestant's own money by where it is from, if that is said; all other money by what the donor is.
_FROM = pl.coalesce("funding_source", pl.lit("own_funds"))
_SOURCE = pl.when(_OWN).then(_FROM).otherwise("counterparty_type")
# Less what suppliers paid back.
_SPENDING = _AMOUNT.filter(_KIND == "expenditure").sum() - _AMOUNT.filter(_KIND == "expenditure_refund").sum()


def flows(books: pl.LazyFrame) -> dict[str, Flows]:
    """The flows of each contestant who has a line. One that could not be read is counted, and in no sum."""
    read = books.filter("readable")
    sums = (
        read.filter(_RECEIVED).group_by("contestant_id", _SOURCE.alias("source")).agg(_AMOUNT.sum()),
        read.filter(_SPENT).group_by("contestant_id", "category").agg(_SPENDING),
        read.filter(_HANDED_ON).group_by("contestant_id", "kind").agg(_AMOUNT.sum()),
        read.filter(_RECEIVED | _SPENT).group_by("contestant_id", "date").agg(_AMOUNT.filter(_RECEIVED).sum(), _SPENDING.alias("spent")),
        books.filter(pl.col("contestant_id").is_not_null()).group_by("contestant_id").agg(pl.len(), (~pl.col("readable")).sum()),
    )
    receipts, spending, handed_on, days, counts = (_by_contestant(frame) for frame in pl.collect_all(sums))
    return {
        cid: Flows(
            receipts=_largest_first(receipts.get(cid, ())),
            spending=_largest_first(spending.get(cid, ())),
            returned=dict(handed_on.get(cid, ())).get("donation_refund", ZERO),
            to_budget=dict(handed_on.get(cid, ())).get("budget_transfer", ZERO),
            movements=tuple(Movement(*day) for day in sorted(days.get(cid, ()))),
            lines=lines,
            unread=unread,
        )
        for cid, ((lines, unread),) in sorted(counts.items())
    }


def _by_contestant(frame: pl.DataFrame) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for cid, *values in frame.iter_rows():
        found.setdefault(cid, []).append(tuple(values))
    return found


def _largest_first(sums: Iterable[tuple[Any, ...]]) -> tuple[tuple[str | None, Decimal], ...]:
    """Sums by code; equal ones in the order of their codes, what has no code after them."""
    return tuple(sorted(sums, key=lambda one: (-one[1], one[0] is None, one[0] or "")))
