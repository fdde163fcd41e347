"""Whose record each problem is about, so that an audit of one contestant shows the problems of that one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from auditor.model.input import Problem
from auditor.normalise.other_tables import OtherTable
from auditor.normalise.table import FILE
from auditor.normalise.unreadable import Unreadable
from auditor.read.text_table import TextTable

_NAMING = ("contestants", "filings", "candidates")
_Row = tuple[int, int]


def with_owners(
    problems: Sequence[Problem],
    others: Mapping[str, OtherTable | None],
    unreadable: Unreadable,
    books: pl.LazyFrame,
    files: Mapping[int, TextTable],
) -> list[Problem]:
    """The problems with the contestant whose record it is: of a record that names one, of a line that names a report of one, of an entry
    of an account that is one's by the register, or else by the lines that go through it. What names nobody may be anybody's."""
    numbers = {(source.file, source.sheet): number for number, source in files.items()}
    rows = {(numbers[one.file, one.sheet], one.row) for one in problems if one.contestant_id is None and (one.file, one.sheet) in numbers}
    if not rows:
        return list(problems)
    owners: dict[_Row, str] = {}
    for table in _NAMING:
        owners |= dict(_cells(others[table], "contestant_id", rows))
    owners |= {(one.line.file, one.line.row): one.owner for one in unreadable.lines if one.owner is not None}
    accounts = dict(_cells(others["statement"], "fund_account", rows))
    whose = _whose_accounts(set(accounts.values()), others["contestants"], books)
    owners |= {row: whose[account] for row, account in accounts.items() if account in whose}
    return [
        replace(one, contestant_id=owners.get((numbers.get((one.file, one.sheet), -1), one.row))) if one.contestant_id is None else one
        for one in problems
    ]


def _cells(table: OtherTable | None, column: str, rows: set[_Row]) -> Iterator[tuple[_Row, str]]:
    """What stands in a column of these rows, those that could not be used too."""
    for frame in (table.frame, table.unusable) if table is not None else ():
        for file, row, value in frame.filter(pl.col("row").is_in([row for _, row in rows])).select(FILE, "row", column).iter_rows():
            if (file, row) in rows and value is not None:
                yield (file, row), value


def _whose_accounts(accounts: set[str], contestants: OtherTable | None, books: pl.LazyFrame) -> dict[str, str]:
    """The accounts that are one contestant's, with that one."""
    if not accounts:
        return {}
    asked = pl.col("fund_account").is_in(list(accounts))
    pair = ("fund_account", "contestant_id")
    by_register = contestants.frame.filter(asked).select(pair).unique() if contestants is not None else None
    registered = set() if by_register is None else set(by_register["fund_account"])
    by_lines = books.filter(asked, ~pl.col("fund_account").is_in(list(registered))).select(pair).unique().collect()
    owners: dict[str, set[str]] = {}
    for account, cid in (*(by_register.iter_rows() if by_register is not None else ()), *by_lines.iter_rows()):
        owners.setdefault(account, set()).add(cid)
    return {account: next(iter(cids)) for account, cids in owners.items() if len(cids) == 1 and None not in cids}
