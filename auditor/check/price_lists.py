"""Purchases against the price lists of the media: from whom no list is here, and at another price than the list has."""

from __future__ import annotations

import re

import polars as pl

from auditor.check.case import Case
from auditor.check.verdicts import ZERO, Judged, Picked, Rows, Verdict, breach, in_order, joined
from auditor.model.listed_price import ListedPrice
from auditor.rulebook.kinds_of_facts import UnlistedPrice
from auditor.rulebook.models import Rule
from auditor.rulebook.sql import Parts

_TWELVE = re.compile("[0-9]{12}")


def unlisted_vendor(case: Case, rule: Rule, sums: pl.DataFrame) -> Judged:
    """The purchases of each contestant from each vendor of no list. Where the lists name nobody, who is known by name alone may be in
    them."""
    named = _lists_have_names(case)
    silent: dict[str, str] = {}
    verdicts: list[Verdict] = []
    for row in in_order(sums):
        if named or row["subject"] is None or _TWELVE.fullmatch(row["subject"]):
            verdicts.append(breach(rule, row["contestant_id"], row["subject"] or None, row["measured"], ZERO, Rows.SUM))
        else:
            silent[row["contestant_id"]] = case.say("check.lists_without_names")
    if case.left_out_records.price:  # the outlet may be the one of that record
        said = case.say("check.record_unread", table="price_lists")
        silent = joined(silent, {one.contestant_id: said for one in verdicts if one.contestant_id is not None})
    return Judged(verdicts, silent=silent)


def unlisted_price(case: Case, rule: Rule, check: UnlistedPrice, sums: pl.DataFrame) -> Judged:
    """The first line of each contestant and vendor. A price that could not be read may be the one that was paid: that is said beside the
    finding, and instead of it where no price could be read. An empty one is not listed, by the letter, and told of beside. A price
    without a readable medium may be of any medium: also of a purchase for which no other is listed. Where the lists name nobody, a vendor
    known by name alone may be in them."""
    told: set[tuple[str, str]] = set()
    nameless = [] if _lists_have_names(case) else _bought(case, rule, check, by_name_alone=True)
    silent = dict.fromkeys(nameless, case.say("check.lists_without_names"))
    buyers = _bought(case, rule, check, by_name_alone=False) if case.left_out_records.price else []
    unread = dict.fromkeys(buyers, case.say("check.record_unread", table="price_lists"))
    odd, of_any_medium = case.prices_in_part, case.prices_in_part.of_any_medium
    verdicts: list[Verdict] = []
    for row in sums.sort("contestant_id", "subject", "date", "file", "row").iter_rows(named=True):
        cid, vendor, medium, price = row["contestant_id"], row["subject"], row["medium"], row["unit_price"]
        may_be_it = {ListedPrice(vendor, of_medium, listed) for of_medium in (medium, None) for listed in (price, None)}
        if may_be_it & odd.doubtful:
            silent[cid] = case.say("check.price_unread")
        elif may_be_it & odd.unsaid:
            unread[cid] = case.say("check.price_unread")
        elif row["lowest"] is None and vendor in of_any_medium:
            unread[cid] = case.say("check.medium_unread")
        if row["lowest"] is not None and (cid, vendor) not in told:
            told.add((cid, vendor))
            verdicts.append(breach(rule, cid, vendor or None, price, row["lowest"], Picked(frozenset({(row["file"], row["row"])}))))
    return Judged(verdicts, silent=silent, unread=unread)


def _lists_have_names(case: Case) -> bool:
    return "vendor_name" in case.facts.present.get("price_lists", ())


def _bought(case: Case, rule: Rule, check: UnlistedPrice, *, by_name_alone: bool) -> list[str]:
    """The contestants that bought something at a stated price from a vendor, or from one without an id."""
    bought = Parts(case.rulebook, rule).any(check.lines)
    known = "b.counterparty_id IS NULL AND b.donor IS NOT NULL" if by_name_alone else "b.donor IS NOT NULL"
    sql = f"SELECT DISTINCT b.contestant_id FROM books AS b\nWHERE b.readable AND {bought} AND b.unit_price IS NOT NULL AND {known}"
    return sorted(pl.SQLContext({"books": case.books}, eager=False).execute(sql).collect()["contestant_id"])
