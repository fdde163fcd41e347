"""Bank reconciliation as a table: matched pairs, lines of one side only, and near matches, which are offered and never counted."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from auditor.check.bank import bank_of
from auditor.check.case import Case
from auditor.model import Pairing, Side
from auditor.rulebook.kinds import NotInStatement
from auditor.rulebook.models import Rule

_SHOWN = ("file", "row", "date", "amount", "counterparty_name", "counterparty_id")
_CENTS = Decimal(100)
_FEW = 50


def reconciliation(case: Case, rule: Rule) -> list[Pairing]:
    """Every line of the books that the bank must know of and every line of the statement, each once. In order of account, then day.

    A near match is a pair of lines left over on the same account and in the same direction: the same amount with other ids or a few
    more days apart, or nearly the same amount of the same id or the same day. Each line is offered in one of them at most.
    """
    check = rule.check
    assert isinstance(check, NotInStatement)
    bank = bank_of(case, rule, check)
    books, statement, pairs = bank.books, bank.statement, bank.pairs
    ours = books.join(pairs, left_on="n", right_on="book", how="anti")
    theirs = statement.join(pairs, left_on="n", right_on="bank", how="anti")
    near = _near(ours, theirs, case, check)
    rows = [
        *(("matched", book, entry, ()) for book, entry in pairs.iter_rows()),
        *(("near", book, entry, why) for book, entry, why in near),
        *(("books", book, None, ()) for book in ours["n"] if book not in {book for book, _, _ in near}),
        *(("statement", None, entry, ()) for entry in theirs["n"] if entry not in {entry for _, entry, _ in near}),
    ]
    mine = {row["n"]: row for row in books.iter_rows(named=True)}
    other = {row["n"]: row for row in statement.iter_rows(named=True)}
    made = [
        Pairing(
            status=status,
            account=(mine[book] if book is not None else other[entry])["fund_account"],
            direction=(mine[book] if book is not None else other[entry])["direction"],
            contestant_id=mine[book]["contestant_id"] if book is not None else other[entry]["owner"],
            books=_side(case, "reports", mine[book]) if book is not None else None,
            statement=_side(case, "statement", other[entry]) if entry is not None else None,
            why=why,
        )
        for status, book, entry, why in rows
    ]
    return sorted(made, key=_order)


def _order(pairing: Pairing) -> tuple[object, ...]:
    side = pairing.books or pairing.statement
    assert side is not None
    return (pairing.account or "", side.date, pairing.books is None, side.place)


def _side(case: Case, table: str, row: dict[str, object]) -> Side:
    file, number, day, amount, name, identifier = (row[column] for column in _SHOWN)
    return Side(case.place(table, file, number), day, amount, name, identifier)  # type: ignore[arg-type]  # cells typed by the contract


def _near(ours: pl.DataFrame, theirs: pl.DataFrame, case: Case, check: NotInStatement) -> list[tuple[int, int, tuple[str, ...]]]:
    """Pairs of lines left over that could be one movement, the most alike first; each line once."""
    days, within = case.days(check.near_days), case.days(check.days_apart)
    share = Decimal(case.rulebook.number(check.near_amount))
    columns = ("n", "fund_account", "direction", "amount", "date", "counterparty_id")
    left, right = ours.select(columns), theirs.select(columns)
    place = ["fund_account", "direction"]
    found = []
    for same in (["amount"], ["counterparty_id"], ["date"]):
        # Only groups of few lines are compared: of hundreds of equal lines none is nearer than the others.
        few = [frame.filter(pl.len().over(*place, *same) <= _FEW) for frame in (left, right)]
        joined = few[0].join(few[1], on=[*place, *same], how="inner", suffix="_bank", coalesce=False)
        found.append(joined.select("n", "n_bank", "amount", "amount_bank", "date", "date_bank", "counterparty_id", "counterparty_id_bank"))
    apart = (pl.col("date") - pl.col("date_bank")).dt.total_days().abs()
    differs = (pl.col("amount") - pl.col("amount_bank")).abs()
    close = differs * _CENTS <= pl.max_horizontal("amount", "amount_bank") * share
    other_id = (pl.col("counterparty_id") != pl.col("counterparty_id_bank")).fill_null(value=False)
    candidates = (
        pl.concat(found)
        .unique()
        .with_columns(apart.alias("apart"), differs.alias("differs"), other_id.alias("other_id"))
        .filter((pl.col("apart") <= days) & close & ~(pl.col("other_id") & (pl.col("differs") > 0)))
        .sort(pl.col("other_id"), "differs", "apart", "n", "n_bank")
    )
    taken: set[int] = set()
    given: set[int] = set()
    pairs: list[tuple[int, int, tuple[str, ...]]] = []
    for book, entry, distance, difference, other in candidates.select("n", "n_bank", "apart", "differs", "other_id").iter_rows():
        if book in taken or entry in given:
            continue
        taken.add(book)
        given.add(entry)
        why = (("amount",) if difference else ()) + (("date",) if distance > within else ()) + (("id",) if other else ())
        pairs.append((book, entry, why))
    return pairs
