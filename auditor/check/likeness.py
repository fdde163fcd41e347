"""Leads by holding lines against one another: repeated lines; one id with several names, or one name with several ids."""

from __future__ import annotations

import polars as pl

from auditor.check.case import Case
from auditor.check.repeated import number_of, often
from auditor.check.verdicts import Given, Judged, Verdict, lead
from auditor.model.finding import LINE_COLUMNS, line_of
from auditor.name_keys import name_key, standing_for, stands_for_its_key
from auditor.rulebook.kinds_of_leads import RepeatedLines
from auditor.tables import DOCUMENT, HELD_ROWS

_REPORT = ("file", "contestant_id", "report_id", "report_type", "period_start", "period_end")
_SHOWN = ("file", "row", *(name for name in LINE_COLUMNS if name != "document"))
# Where all lines are held nothing is gained by looking for those that may be a lead first.
_FEW_LINES = HELD_ROWS
_DOCUMENT = pl.coalesce(DOCUMENT).alias("document")


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
    number = pl.when(ident.is_not_null()).then(ident.hash())
    pairs = named.group_by(number.alias("id"), name.hash().alias("name")).agg().collect(engine="streaming")
    # Most names stand for their key, and have it in common only with others that do not: of millions few keys are worked out.
    otherwise = named.filter(~stands_for_its_key(name)).select(name).unique().collect(engine="streaming")
    keys = otherwise.select(name=name.hash(), key=standing_for(name_key(name)).hash())
    ids, names = _with_several(pairs, "id"), _alike_with_several(pairs, keys)
    return readable.filter(ident.hash().is_in(ids.implode()) | name.hash().is_in(names.implode()))


def _with_several(pairs: pl.DataFrame, one: str) -> pl.Series:
    """Each `one` that stands in more than one of these different pairs."""
    counted = pairs.lazy().filter(pl.col(one).is_not_null()).group_by(one).len()
    return counted.filter(pl.col("len") > 1).collect(engine="streaming")[one]


def _alike_with_several(pairs: pl.DataFrame, keys: pl.DataFrame) -> pl.Series:
    """The numbers of the names whose key has more than one id; one that is not there counts as one too, as in `_several`. `keys`: the key
    of each name that does not stand for its own."""
    several = _with_several(pairs, "name")
    some = pairs.filter(pl.col("name").is_in(pl.concat([several, keys["name"], keys["key"]]).implode()))
    keyed = some.join(keys, on="name", how="left").with_columns(pl.coalesce("key", "name").alias("key"))
    return keyed.filter(pl.col("id").n_unique().over("key") > 1)["name"].unique()


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
        verdicts.append(lead(cid, subject, rows=Given(found)))
    return Judged(verdicts)
