"""Lines of the books and of the bank's statement that are left over and could be one movement. They are offered, never counted."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from auditor.check.case import Case
from auditor.rulebook.kinds_of_facts import NotInStatement

_PER_CENT = Decimal(100)
_FEW = 50


def near(ours: pl.DataFrame, theirs: pl.DataFrame, case: Case, check: NotInStatement) -> list[tuple[int, int, tuple[str, ...]]]:
    """Pairs of lines left over that could be one movement, the most alike first: `n` of ours, `n` of theirs, and what
    differs (of "amount", "date", "id", "account"); each line once. A line of the books that does not say its account could be one through
    any account of its contestant."""
    days, within = case.rulebook.whole(check.near_days), case.rulebook.whole(check.days_apart)
    share = case.rulebook.exact(check.near_amount)
    columns = ("n", "fund_account", "direction", "amount", "date", "counterparty_id")
    right = theirs.select(columns)
    accounts = theirs.select("owner", "fund_account").unique(maintain_order=True)
    unsaid = ours.filter(pl.col("fund_account").is_null()).drop("fund_account")
    unsaid = unsaid.join(accounts, left_on="contestant_id", right_on="owner", maintain_order="left_right")
    left = pl.concat([ours.filter(pl.col("fund_account").is_not_null()).select(columns), unsaid.select(columns)])
    place = ["fund_account", "direction"]
    found = []
    for same in (["amount"], ["counterparty_id"], ["date"]):
        # Only groups of few lines are compared: of hundreds of equal lines none is nearer than the others.
        few = [frame.filter(pl.len().over(*place, *same) <= _FEW) for frame in (left, right)]
        joined = few[0].join(few[1], on=[*place, *same], how="inner", suffix="_bank", coalesce=False)
        found.append(joined.select("n", "n_bank", "amount", "amount_bank", "date", "date_bank", "counterparty_id", "counterparty_id_bank"))
    apart = (pl.col("date") - pl.col("date_bank")).dt.total_days().abs()
    differs = (pl.col("amount") - pl.col("amount_bank")).abs()
    close = differs * _PER_CENT <= pl.max_horizontal("amount", "amount_bank") * share
    other_id = (pl.col("counterparty_id") != pl.col("counterparty_id_bank")).fill_null(value=False)
    candidates = (
        pl.concat(found)
        .unique()
        .with_columns(apart.alias("apart"), differs.alias("differs"), other_id.alias("other_id"))
        .with_columns(pl.col("n").is_in(unsaid["n"].implode()).alias("unsaid"))
        .filter((pl.col("apart") <= days) & close & ~(pl.col("other_id") & (pl.col("differs") > 0)))
        .sort(pl.col("other_id"), "differs", "unsaid", "apart", "n", "n_bank")
    )
    taken: set[int] = set()
    given: set[int] = set()
    pairs: list[tuple[int, int, tuple[str, ...]]] = []
    shown = candidates.select("n", "n_bank", "apart", "differs", "other_id", "unsaid")
    for book, entry, distance, difference, other, no_account in shown.iter_rows():
        if book in taken or entry in given:
            continue
        taken.add(book)
        given.add(entry)
        differing = {"amount": difference, "date": distance > within, "id": other, "account": no_account}
        pairs.append((book, entry, tuple(what for what, differ in differing.items() if differ)))
    return pairs
