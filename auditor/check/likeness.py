"""Leads by holding lines against one another: repeated lines; one id with several names, or one name with several ids."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from auditor.check.case import Case
from auditor.check.repeated import number_of, often
from auditor.check.verdicts import Judged, Rows, Verdict, lead
from auditor.model.finding import LINE_COLUMNS, line_of
from auditor.name_keys import name_key, standing_for, stands_for_its_key
from auditor.rulebook.kinds_of_leads import RepeatedLines
from auditor.tables import DOCUMENT, HELD_ROWS

_REPORT = ("file", "contestant_id", "report_id", "report_type", "period_start", "period_end")
_SHOWN = ("file", "row", *(name for name in LINE_COLUMNS if name != "document"))
# Where all lines are held nothing is gained by looking for those that may be a lead first.
_FEW_LINES = HELD_ROWS
_DOCUMENT = pl.coalesce(DOCUMENT).alias("document")
_DIFFERENT = pl.col("least") != pl.col("most")


def repeated_lines(case: Case, check: RepeatedLines) -> Judged:
    """Lines of one report that are the same in every column that is compared; one lead for each contestant."""
    same = ["contestant_id", *check.columns, "donor"]
    readable = case.books.filter("readable")
    number = number_of(same)
    twice = often(readable, number, 2)
    if twice.is_empty():
        return Judged([])
    some = readable.with_columns(number.alias("number")).join(twice.to_frame().lazy(), on="number", how="semi")
    lines = some.select(*dict.fromkeys((*_REPORT, *same, *_SHOWN)), _DOCUMENT).collect()
    lines = lines.join(case.report_lines.numbers(), on=_REPORT, how="left", nulls_equal=True)
    repeated = lines.filter(pl.len().over("report", *same) > 1)
    return _leads(case, repeated.with_columns(pl.lit(None, dtype=pl.String).alias("subject")))


def two_names(case: Case) -> Judged:
    """An id with different names; a name with different ids, or with and without one. Names are compared by their key."""
    readable = _doubtful(case)
    who = ["contestant_id", "counterparty_id", "counterparty_name"]
    different = readable.select(who).filter(pl.col("counterparty_name").is_not_null()).unique().collect()
    named = different.with_columns(name_key(pl.col("counterparty_name")).alias("key")).filter(pl.col("key").is_not_null())
    ids = _several(named.filter(pl.col("counterparty_id").is_not_null()), "counterparty_id", "key")
    names = _several(named, "key", "counterparty_id")
    chosen = pl.concat([ids.with_columns(subject=pl.col("counterparty_id")), names.with_columns(subject=pl.col("key"))])
    if chosen.is_empty():
        return Judged([])
    lines = readable.join(chosen.lazy(), on=who, how="inner", nulls_equal=True)
    return _leads(case, lines.select("contestant_id", "subject", *_SHOWN, _DOCUMENT).collect())


def _doubtful(case: Case) -> pl.LazyFrame:
    """The readable lines whose id or name stands anywhere with another name or id: all that can be a lead, and of millions few."""
    readable = case.books.filter("readable")
    lines = readable.select(pl.len()).collect().item()
    if lines <= _FEW_LINES:
        return readable
    ident, name = pl.col("counterparty_id"), pl.col("counterparty_name")
    named = readable.filter(name.is_not_null())
    by_id = named.filter(ident.is_not_null()).group_by(ident.hash().alias("id")).agg(_least_and_most(name.hash()))
    ids = by_id.filter(_DIFFERENT).select("id").collect(engine="streaming").to_series()
    # An id that is not there counts as one too, as in `_several`. Of millions of names only those are held that need a key.
    by_name = named.group_by(name.hash().alias("name")).agg(
        *_least_and_most(ident.hash()), name.filter(~stands_for_its_key(name)).first().alias("text")
    )
    names = _alike_with_several(by_name.collect(engine="streaming"))
    return readable.filter(ident.hash().is_in(ids.implode()) | name.hash().is_in(names.implode()))


def _alike_with_several(names: pl.DataFrame) -> pl.Series:
    """The numbers of the names whose key has more than one id. `names`: name, least, most (of its ids) and `text`, where the name does not
    stand for its key."""
    key = pl.when(pl.col("text").is_null()).then("name").otherwise(standing_for(name_key(pl.col("text"))).hash())
    names = names.with_columns(key.alias("key"))
    # Those that stand for their key have it in common only with others that do not.
    some = names.filter(_DIFFERENT | pl.col("key").is_in(names.filter(pl.col("text").is_not_null())["key"].implode()))
    return some.filter(pl.col("least").min().over("key") != pl.col("most").max().over("key"))["name"]


def _least_and_most(number: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    return number.min().alias("least"), number.max().alias("most")


def _several(named: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """The rows whose `one` stands with more than one `other` (none counts too), within one contestant."""
    group = ["contestant_id", one]
    # Few stand in more than one row at all; only those are looked at closely.
    twice = named.join(named.group_by(group).len().filter(pl.col("len") > 1), on=group, how="semi")
    return twice.join(twice.group_by(group).agg(pl.col(other).n_unique()).filter(pl.col(other) > 1), on=group, how="semi")


def _leads(case: Case, lines: pl.DataFrame) -> Judged:
    verdicts: list[Verdict] = []
    ordered = lines.sort("contestant_id", "subject", "date", "file", "row")
    for (cid, subject), rows in ordered.partition_by("contestant_id", "subject", as_dict=True, maintain_order=True).items():
        found = tuple(
            line_of(case.place("reports", row["file"], row["row"]), row)
            for row in rows.select("file", "row", *LINE_COLUMNS).iter_rows(named=True)
        )
        verdicts.append(replace(lead(cid, subject, rows=Rows.GIVEN), lines=found))
    return Judged(verdicts)
