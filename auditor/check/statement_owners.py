"""The bank's statement in order, and whose each of its accounts is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from auditor.check.case import Case

ORDER = ("date", "file", "row")


@dataclass(frozen=True)
class BankStatement:
    """The `lines` of the statement in order of date and row (`n`), with the `owner` of each account. `another`: by contestant whose account
    is another's, that other. `others`: by owner of an account that is in no register, who else uses it."""

    lines: pl.DataFrame
    another: Mapping[str, str]
    others: Mapping[str, Collection[str]]


def statement_of(case: Case) -> BankStatement:
    """Made once for all rules that ask."""

    def made() -> BankStatement:
        frame = case.statement.sort(ORDER).with_row_index("n")
        owners, another, others = _owners(case, frame)
        return BankStatement(frame.join(owners, on="fund_account", how="left"), another, others)

    return case.once("statement", made)


def _owners(case: Case, statement: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str], dict[str, set[str]]]:
    """Whose each account is: the register's, else of the first line of the books that uses it, else nobody's; by contestant who has or
    uses an account of another, and whose it is; and by owner of an account that is in no register, who else uses it."""
    accounts = statement.select(pl.col("fund_account").unique())
    used = _used(case, accounts["fund_account"])
    known: dict[str, str] = {}
    for cid, facts in case.facts.register.items():
        if facts["fund_account"] is not None:
            known.setdefault(facts["fund_account"], cid)
    registered = pl.DataFrame(list(known.items()), schema={"fund_account": pl.String, "registered": pl.String}, orient="row")
    first = used.unique("fund_account", keep="first", maintain_order=True)
    owners = (
        accounts.join(registered, on="fund_account", how="left")
        .join(first.select("fund_account", "contestant_id"), on="fund_account", how="left")
        .select("fund_account", pl.coalesce("registered", "contestant_id").alias("owner"))
    )
    owner_of = dict(owners.drop_nulls().iter_rows())
    uses = [(cid, facts["fund_account"]) for cid, facts in case.facts.register.items() if facts["fund_account"] is not None]
    of_register = {cid for cid, _ in uses}
    uses += [(cid, account) for cid, account in used.select("contestant_id", "fund_account").iter_rows() if cid not in of_register]
    another = {cid: owner_of[account] for cid, account in reversed(uses) if owner_of.get(account, cid) != cid}
    others: dict[str, set[str]] = {}
    for account, cid in used.select("fund_account", "contestant_id").unique(maintain_order=True).iter_rows():
        if account not in known and owner_of[account] != cid:
            others.setdefault(owner_of[account], set()).add(cid)
    return owners, another, others


def _used(case: Case, accounts: pl.Series) -> pl.DataFrame:
    """Which of these accounts the books of whom use: fund_account, contestant_id, and file and row where it is first, in that order."""
    return (
        case.all_books.filter("readable", pl.col("fund_account").is_in(accounts.implode()))
        .group_by("fund_account", "contestant_id", "file")
        .agg(pl.col("row").min())
        .collect()
        .sort("file", "row")
    )
