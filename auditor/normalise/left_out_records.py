"""The records of the commission's tables and of the bank that cannot be used → what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Set

import polars as pl

from auditor.model.left_out_records import LeftOutRecords
from auditor.normalise.other_tables import OtherTable
from auditor.normalise.table import FILE


def left_out_records(others: Mapping[str, OtherTable | None], known: Set[str], set_aside: Set[str]) -> LeftOutRecords:
    """Of all tables but the reports, by name. `known` are the contestants. Of a table `set_aside`, a file of which could not be read as
    one, the records may have been of anybody."""
    candidates, filings, price_lists = others["candidates"], others["filings"], others["price_lists"]
    whose = _unread(candidates, "contestant_id") | _told_beside(candidates, "candidate_id", "contestant_id")
    strangers = _of_strangers(candidates, "candidate_id", known)
    anybody: frozenset[str | None] = frozenset([None])
    lost = {table: anybody if table in set_aside else frozenset() for table in ("candidates", "statement")}
    someone = anybody if candidates is not None and _illegible(candidates, "candidate_id") else frozenset()
    candidates_of = frozenset(cid if cid in known else None for cid in whose) | (anybody if strangers else frozenset())
    in_doubt = price_lists is not None and (not price_lists.unusable.is_empty() or bool(_illegible(price_lists, "vendor_id")))
    return LeftOutRecords(
        candidates_of=candidates_of | lost["candidates"],
        people=_unread(candidates, "candidate_id") | strangers | someone | lost["candidates"],
        accounts=_accounts(others["statement"]) | lost["statement"],
        filing_of_nobody=bool(_of_strangers(filings, "contestant_id", known) | (_unread(filings, "contestant_id") - known)),
        price=in_doubt or "price_lists" in set_aside,
    )


def _unread(other: OtherTable | None, column: str) -> frozenset[str | None]:
    return frozenset(other.unusable[column]) if other is not None else frozenset()


def _of_strangers(other: OtherTable | None, column: str, known: Set[str]) -> frozenset[str | None]:
    """What the records say that can be read, of contestants who are not known."""
    return frozenset(other.frame.filter(~pl.col("contestant_id").is_in(list(known)))[column].unique()) if other is not None else frozenset()


def _accounts(statement: OtherTable | None) -> frozenset[str | None]:
    """What stands in the place of the account in a record with too many or too few cells may be of another column; one with wrong check
    digits may be any. An id that could not be read may be that of the line of the books which it was held against."""
    if statement is None:
        return frozenset()
    there = frozenset(statement.frame["fund_account"].unique())
    records = statement.unusable.select("fund_account", pl.col("ragged").is_not_null()).iter_rows()
    left_out = frozenset(None if ragged and account not in there else account for account, ragged in records)
    of_any = frozenset([None]) if _illegible(statement, "fund_account") else frozenset()
    return left_out | of_any | _told_beside(statement, "counterparty_id", "fund_account")


def _told_beside(other: OtherTable | None, odd: str, column: str) -> frozenset[str | None]:
    """What stands in a column of the records whose cell of another, `odd`, could not be read and counts as written."""
    places = _illegible(other, odd) if other is not None else frozenset()
    if other is None or not places:
        return frozenset()
    there = other.frame.filter(pl.col("row").is_in([row for _, row in places])).select(FILE, "row", column)
    return frozenset(told for file, row, told in there.iter_rows() if (file, row) in places)


def _illegible(other: OtherTable, column: str) -> frozenset[tuple[int, int]]:
    """File and row of the filled cells of a column that could not be read: an id counts as written, and may be another's."""
    return frozenset((file, row) for file, row, name in other.illegible if name == column)
