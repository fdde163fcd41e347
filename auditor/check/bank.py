"""The books against the bank's own record: which lines have their counterpart, which have none, and whether the statement adds up.

Lines that agree in account, direction and amount form a group. A group of one line on each side is settled by columns at once; only
where several could go with several is a matching searched for (`matching`). Nothing is ever compared line by line with everything.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

import polars as pl

from auditor.check.case import Case
from auditor.check.matching import MatchableLine, match
from auditor.check.near_matches import near
from auditor.check.statement_owners import ORDER, statement_of
from auditor.check.verdicts import ZERO, Judged, Reasons, Verdict, breach, joined, of_lines
from auditor.listing import listed
from auditor.model.finding import LINE_COLUMNS, Line, line_of
from auditor.model.input import cut
from auditor.rulebook.kinds_of_facts import BankLines, NotInBooks, NotInStatement
from auditor.rulebook.models import Rule
from auditor.rulebook.sql import PLACE, Parts

_GROUP = ("fund_account", "direction", "amount")
_MOST_NAMED = 3


@dataclass(frozen=True)
class Bank:
    """The lines of the books that the bank must know of, the statement, and the pairs of their row numbers (`n`)."""

    case: Case
    rule: Rule
    check: BankLines

    @property
    def statement(self) -> pl.DataFrame:
        """The statement in order, with whose account it is."""
        return statement_of(self.case).lines

    @cached_property
    def books(self) -> pl.DataFrame:
        """The lines of the books that take part, in order, with their direction. Only those of contestants with a statement, and
        those through an account of the statement, can be matched or missed."""
        parts = Parts(self.case.rulebook, self.rule)
        into, out = parts.any(self.check.into), parts.any(self.check.out)
        sql = (
            f"SELECT b.contestant_id, b.fund_account, {PLACE},\n"
            f"  CASE WHEN {into} THEN 'in' ELSE 'out' END AS direction\n"
            f"FROM books AS b WHERE b.readable AND ({into} OR {out})"
        )
        owners = self.statement["owner"].drop_nulls().unique().to_list()
        accounts = self.statement["fund_account"].unique().to_list()
        wanted = pl.col("contestant_id").is_in(owners) | pl.col("fund_account").is_in(accounts).fill_null(value=False)
        context = pl.SQLContext({"books": self.case.all_books.filter(wanted)}, eager=False)
        return context.execute(sql).collect().sort(ORDER).with_row_index("n")

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """`book` and `bank`: the row numbers of the pairs."""
        books, bank = self.books, self.statement
        in_each = (rows.lazy().group_by(_GROUP).agg(pl.len().alias(name)) for rows, name in ((books, "books"), (bank, "bank")))
        counts = next(in_each).join(next(in_each), on=_GROUP).collect()
        single = counts.filter((pl.col("books") == 1) & (pl.col("bank") == 1)).select(_GROUP)
        several = counts.filter((pl.col("books") > 1) | (pl.col("bank") > 1)).select(_GROUP).with_row_index("group")
        days = self.case.rulebook.whole(self.check.days_apart)
        one = books.join(single, on=_GROUP).join(bank, on=_GROUP, suffix="_bank")
        same_id = (pl.col("counterparty_id") == pl.col("counterparty_id_bank")).fill_null(value=True)
        in_time = (pl.col("date") - pl.col("date_bank")).dt.total_days().abs() <= days
        found = [one.filter(same_id & in_time).select(book="n", bank="n_bank")]
        in_books, in_bank = _by_group(books.join(several, on=_GROUP)), _by_group(bank.join(several, on=_GROUP))
        rows: list[tuple[int, int]] = []
        for group, (first, lines) in in_books.items():
            second, entries = in_bank[group]
            rows += [(first[a], second[b]) for a, b in match(lines, entries, days)]
        found.append(pl.DataFrame(rows, schema={"book": pl.UInt32, "bank": pl.UInt32}, orient="row"))
        return pl.concat(found)


def bank_of(case: Case, rule: Rule, check: BankLines) -> Bank:
    """The matching is made once for all rules that ask for the same."""
    return case.once(("bank", check.into, check.out, check.days_apart), lambda: Bank(case, rule, check))


def not_in_statement(case: Case, rule: Rule, check: NotInStatement) -> Judged:
    """Lines of the books without their line in the statement; of what lies outside a statement nobody can tell."""
    bank = bank_of(case, rule, check)
    owners = set(bank.statement["owner"].drop_nulls().unique())
    left = bank.books.join(bank.pairs, left_on="n", right_on="book", how="anti").filter(pl.col("contestant_id").is_in(list(owners)))
    spans = bank.statement.group_by("fund_account").agg(pl.col("date").min().alias("from"), pl.col("date").max().alias("to"))
    left = left.join(spans, on="fund_account", how="left").sort(ORDER)
    outside = ((pl.col("date") < pl.col("from")) | (pl.col("date") > pl.col("to"))).fill_null(value=False)
    silent = _not_told_apart(case, rule)
    outsiders = left.filter(outside)["contestant_id"].unique(maintain_order=True)
    silent = joined(silent, {cid: case.say("check.outside_statement") for cid in outsiders})
    missed = left.filter(~outside)
    silent = joined(silent, _account_unsaid(case, missed))
    entries = bank.statement.join(bank.pairs, left_on="n", right_on="bank", how="anti")
    beside = {book: entry for book, entry, _ in near(missed, entries, case, check)}
    instead = {row["n"]: row for row in _as_lines(entries.filter(pl.col("n").is_in(list(beside.values())))).iter_rows(named=True)}
    found: dict[str | None, list[Line]] = {}
    for row in missed.iter_rows(named=True):
        line = line_of(case.place("reports", row["file"], row["row"]), row)
        if row["n"] in beside:
            entry = instead[beside[row["n"]]]
            line = replace(line, instead=line_of(case.place("statement", entry["file"], entry["row"]), entry))
        found.setdefault(row["contestant_id"], []).append(line)
    verdicts = [of_lines(rule, cid, lines) for cid, lines in found.items()]
    doubted, unread = _unread(case, verdicts)
    return Judged(verdicts, silent=joined(silent, doubted), unread=unread)


def not_in_books(case: Case, rule: Rule, check: NotInBooks) -> Judged:
    """Lines of the statement without their line in the books: one finding a contestant, and one of all accounts that are nobody's."""
    bank = bank_of(case, rule, check)
    left = bank.statement.join(bank.pairs, left_on="n", right_on="bank", how="anti").sort(ORDER)
    silent = _not_told_apart(case, rule)
    unmatched = bank.books.join(bank.pairs, left_on="n", right_on="book", how="anti")
    silent = joined(silent, _account_unsaid(case, unmatched, of=set(left["owner"].unique())))
    found = _lines(case, "statement", _as_lines(left))
    verdicts = [of_lines(rule, cid, lines) for cid, lines in found.items() if cid is not None or case.whole]
    return Judged(verdicts, silent=silent, unread=_with_unread_records(case))


def statement_balance(case: Case, rule: Rule) -> Judged:
    """Accounts whose statement does not add up from its first opening to its last closing balance. The lines of a day are taken in the
    order of their rows; where they add up in the opposite order, that is said beside."""
    statement = statement_of(case)
    verdicts: list[Verdict] = []
    silent = _not_told_apart(case, rule)
    unstated, turned = Reasons(), Reasons()
    for (account,), rows in statement.lines.partition_by("fund_account", as_dict=True, maintain_order=True).items():
        owner = rows["owner"][0]
        opening, closing = rows["opening_balance"][0], rows["closing_balance"][-1]
        if opening is None or closing is None:
            empty = "opening_balance" if opening is None else "closing_balance"
            if owner is not None:
                unstated.add(owner, case.say("check.empty_in", table="statement", column=case.facts.told("statement", empty)))
            continue
        difference = closing - (opening + _moved(rows))
        if difference != 0 and (owner is not None or case.whole):
            verdicts.append(breach(rule, owner, account, difference, ZERO, _balanced(case, rows, opening)))
            if owner is not None and _adds_up(rows.reverse().sort("date", maintain_order=True)):
                turned.add(owner, case.say("check.newest_first"))
    doubted, unread = _unread(case, verdicts)
    return Judged(verdicts, silent=joined(joined(silent, unstated.told()), doubted), unread=joined(unread, turned.told()))


def _moved(rows: pl.DataFrame) -> Decimal:
    """What came in less what went out, in the election's currency."""
    signed = pl.when(pl.col("direction") == "in").then("amount").otherwise(-pl.col("amount"))
    moved: Decimal = rows.select(signed.sum()).item()
    return moved


def _adds_up(rows: pl.DataFrame) -> bool:
    opening, closing = rows["opening_balance"][0], rows["closing_balance"][-1]
    return None not in (opening, closing) and bool(closing == opening + _moved(rows))


def _account_unsaid(case: Case, missed: pl.DataFrame, of: Set[str | None] | None = None) -> dict[str, str]:
    """The contestants with lines left over that do not say which account they went through: they may be movements that the statement has.
    Only those `of` whom something is said, where that is given."""
    counted = missed.filter(pl.col("fund_account").is_null()).group_by("contestant_id", maintain_order=True).len()
    return {cid: case.say("check.account_unsaid", n=n) for cid, n in counted.iter_rows() if of is None or cid in of}


def _not_told_apart(case: Case, rule: Rule) -> dict[str, str]:
    """The contestants without a line in any statement: nothing can be said of them. And those whose account others use too, if no register
    says whose it is: what is said of them may be said of another."""
    statement = statement_of(case)
    owners, another = set(statement.lines["owner"].drop_nulls().unique()), statement.another
    without = {
        cid: case.say("check.account_of_another", contestant=another[cid]) if cid in another else case.say("check.no_statement_of")
        for cid in case.facts.subjects(rule)
        if cid not in owners
    }
    shared = {cid: case.say("check.account_of_several", contestants=_some(others)) for cid, others in statement.others.items()}
    return without | shared


def _some(contestants: Collection[str]) -> str:
    return listed([cut(cid) for cid in sorted(contestants)], _MOST_NAMED)


def _unread(case: Case, verdicts: Sequence[Verdict]) -> tuple[dict[str, str], dict[str, str]]:
    """The contestants with a record of the statement that could not be used: those of whom something is said, which may follow from that
    record, and the others, with the reason."""
    said_of = {verdict.contestant_id for verdict in verdicts}
    reasons = _with_unread_records(case)
    doubted = {cid: why for cid, why in reasons.items() if cid in said_of}
    return doubted, {cid: why for cid, why in reasons.items() if cid not in said_of}


def _with_unread_records(case: Case) -> dict[str, str]:
    """The contestants with a record of the statement that could not be used; everybody, where one does not say of which account it is."""
    accounts = case.left_out_records.accounts
    if not accounts:
        return {}
    statement = statement_of(case).lines
    if None not in accounts:
        statement = statement.filter(pl.col("fund_account").is_in(list(accounts)))
    return dict.fromkeys(statement["owner"].drop_nulls().unique(maintain_order=True), case.say("check.record_unread", table="statement"))


def _by_group(rows: pl.DataFrame) -> dict[int, tuple[list[int], list[MatchableLine]]]:
    """The row numbers of each group in order, and what they are matched by."""
    columns = ("n", pl.col("date").to_physical().alias("day"), "counterparty_id")
    grouped = rows.sort("n").group_by("group").agg(columns)
    return {
        group: (numbers, [MatchableLine(day, identifier) for day, identifier in zip(days, identifiers, strict=True)])
        for group, numbers, days, identifiers in grouped.iter_rows()
    }


def _as_lines(statement: pl.DataFrame) -> pl.DataFrame:
    return statement.with_columns(contestant_id=pl.col("owner"), kind=pl.col("direction"), document=pl.col("reference"))


def _lines(case: Case, table: str, rows: pl.DataFrame) -> dict[str | None, list[Line]]:
    found: dict[str | None, list[Line]] = {}
    for row in rows.select("contestant_id", "file", "row", "fund_account", *LINE_COLUMNS).iter_rows(named=True):
        place = case.place(table, row["file"], row["row"])
        # Of nobody's money there is nothing else by which it could be found.
        facts = (("fund_account", row["fund_account"]),) if row["contestant_id"] is None else ()
        found.setdefault(row["contestant_id"], []).append(line_of(place, row, facts=facts))
    return found


def _balanced(case: Case, rows: pl.DataFrame, opening: Decimal) -> list[Line]:
    """An account's rows with the balance that they make."""
    running = opening
    lines = []
    for row in _as_lines(rows).iter_rows(named=True):
        effect = row["amount"] if row["direction"] == "in" else -row["amount"]
        running += effect
        lines.append(line_of(case.place("statement", row["file"], row["row"]), row, effect=effect, running=running))
    lines[0] = replace(lines[0], facts=(("opening_balance", opening),))
    lines[-1] = replace(lines[-1], facts=(*lines[-1].facts, ("closing_balance", rows["closing_balance"][-1])))
    return lines
