"""Bank reconciliation as a table: matched pairs, lines of one side only, and near matches, which are offered and never counted."""

from __future__ import annotations

from auditor.check.bank import bank_of
from auditor.check.case import Case
from auditor.check.near_matches import near
from auditor.model.reconciliation import Pairing, Side
from auditor.rulebook.kinds_of_facts import NotInStatement
from auditor.rulebook.models import Rule

_SHOWN = ("file", "row", "date", "amount", "counterparty_name", "counterparty_id")


def reconciliation(case: Case, rule: Rule, check: NotInStatement) -> list[Pairing]:
    """Every line of the books that the bank must know of and every line of the statement, each once, of the contestants that were asked
    for. In order of account, then day.

    A near match is a pair of lines left over on the same account and in the same direction: the same amount with other ids or a few
    more days apart, or nearly the same amount of the same id or the same day; or a line of the books that does not say its account. Each
    line is offered in one of them at most.
    """
    bank = bank_of(case, rule, check)
    books, statement, pairs = bank.books, bank.statement, bank.pairs
    ours = books.join(pairs, left_on="n", right_on="book", how="anti")
    theirs = statement.join(pairs, left_on="n", right_on="bank", how="anti")
    pairs_near = near(ours, theirs, case, check)
    near_books, near_entries = {book for book, _, _ in pairs_near}, {entry for _, entry, _ in pairs_near}
    rows = [
        *(("matched", book, entry, ()) for book, entry in pairs.iter_rows()),
        *(("near", book, entry, why) for book, entry, why in pairs_near),
        *(("books", book, None, ()) for book in ours["n"] if book not in near_books),
        *(("statement", None, entry, ()) for entry in theirs["n"] if entry not in near_entries),
    ]
    mine = {row["n"]: row for row in books.iter_rows(named=True)}
    other = {row["n"]: row for row in statement.iter_rows(named=True)}
    made = [
        Pairing(
            status=status,
            account=(mine[book]["fund_account"] if book is not None else None)
            or (other[entry]["fund_account"] if entry is not None else None),
            direction=(mine[book] if book is not None else other[entry])["direction"],
            contestant_id=mine[book]["contestant_id"] if book is not None else other[entry]["owner"],
            books=_side(case, "reports", mine[book]) if book is not None else None,
            statement=_side(case, "statement", other[entry]) if entry is not None else None,
            why=why,
        )
        for status, book, entry, why in rows
    ]
    # Where only some contestants were asked for, the lines of the others and of nobody are matched like all, and not shown.
    return sorted((one for one in made if case.whole or one.contestant_id in case.facts.contest_of), key=_order)


def _order(pairing: Pairing) -> tuple[object, ...]:
    side = pairing.books or pairing.statement
    assert side is not None
    return (pairing.account or "", side.date, pairing.books is None, side.place)


def _side(case: Case, table: str, row: dict[str, object]) -> Side:
    file, number, day, amount, name, identifier = (row[column] for column in _SHOWN)
    return Side(case.place(table, file, number), day, amount, name, identifier)  # type: ignore[arg-type]  # cells typed by the contract
