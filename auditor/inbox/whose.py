"""Whose a file is: by the ids in it, else by what the register knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from auditor.identifiers import bare_account
from auditor.listing import listed
from auditor.masking import safe, shortened
from auditor.read.candidates import Candidate
from auditor.read.instructions import Instructions
from auditor.read.sources import receive
from auditor.read.text_table import TextTable
from auditor.register.arrivals import OWN, Known
from auditor.wording import Words

_MOST = 5


@dataclass(frozen=True)
class Whose:
    """The contestants of a file, and in words what else has to be said of it (None: nothing). A file of nobody is for a person to
    look at."""

    contestants: Sequence[str]
    said: str | None


def whose(path: Path, name: str, known: Mapping[str, Known], instructions: Instructions, words: Words) -> Whose:
    """Read a file and say whose it is. Raises CannotRead where it cannot be read."""
    received = receive([Candidate(path, name, None, optional=False)], [name], instructions, reports=False)
    ids: dict[str, None] = {}
    accounts: dict[str, None] = {}
    foreign = [table.table for table in received.tables if table.table in OWN]
    for table in received.tables:
        if table.table == "reports":
            # A total line has no kind, and its word is nobody's id.
            named = _cells(table, "contestant_id", beside="kind") or _cells(table, "contestant_id")
            ids.update(dict.fromkeys(named))
            accounts.update(dict.fromkeys(_cells(table, "fund_account")))
        elif table.table == "statement":
            accounts.update(dict.fromkeys(_cells(table, "fund_account")))
    if foreign:
        return Whose((), words("inbox.own_table", tables=", ".join(sorted(set(foreign)))))
    by_person = {one.person_id: one.contestant_id for one in known.values() if one.person_id}
    owners = _owners(accounts, known)
    if not any(table.table == "reports" for table in received.tables):
        return _of_statement(owners, words)
    meant = {cid for of_account in owners.values() for cid in of_account}
    if not ids:
        perhaps = f" {words('inbox.perhaps_of', meant=_some(sorted(meant)))}" if meant else ""
        return Whose((), words("inbox.without_ids") + perhaps)
    found = [cid for cid in ids if cid in known]
    unknown = [cid for cid in ids if cid not in known]
    if not found:
        meant = {by_person[cid] for cid in unknown if cid in by_person} or meant
        if meant:
            return Whose((), words("inbox.probably", ids=_some(unknown), meant=", ".join(sorted(meant))))
        return Whose((), words("inbox.unknown_ids", ids=_some(unknown)))
    return Whose(found, words("inbox.also_unknown", ids=_some(unknown)) if unknown else None)


def _owners(accounts: Iterable[str], known: Mapping[str, Known]) -> dict[str, list[str]]:
    """By account, as it is written, whose it is in the register: of several, where it has an account twice."""
    owners: dict[str, list[str]] = {}
    for one in known.values():
        if one.fund_account:
            owners.setdefault(one.fund_account, []).append(one.contestant_id)
    return {account: owners.get(bare_account(account), []) for account in accounts}


def _of_statement(owners: Mapping[str, Sequence[str]], words: Words) -> Whose:
    found = dict.fromkeys(cid for of_account in owners.values() for cid in of_account)
    nobodys = [account for account, of_account in owners.items() if not of_account]
    if not found:
        return Whose((), words("inbox.nobodys_account", accounts=_some(nobodys)))
    return Whose([*found], words("inbox.also_nobodys_account", accounts=_some(nobodys)) if nobodys else None)


def _cells(table: TextTable, column: str, *, beside: str | None = None) -> list[str]:
    """The different cells of a column; only of records with a cell in the one `beside`, where the table has it."""
    if column not in table.columns:
        return []
    filled = [pl.col(name).str.strip_chars() for name in (column, beside) if name is not None and name in table.columns]
    there = pl.all_horizontal((cell.is_not_null() & (cell != "")) for cell in filled)
    if len(filled) > 1:  # the row that numbers the columns has a number there
        there &= ~filled[1].str.contains("^[0-9]+$")
    found = table.frame.filter(there).select(filled[0].alias(column)).unique()
    return sorted(found.collect(engine="streaming")[column].to_list())


def _some(values: Sequence[str]) -> str:
    return listed([shortened(safe(value), 40) for value in values], _MOST) or "–"
