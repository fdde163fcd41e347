"""The price lists of outlets as tables for SQL: whose list there is, and what is listed for which medium."""

from __future__ import annotations

import polars as pl

from auditor.model.listed_price import ListedPrice, PricesInPart
from auditor.name_keys import name_key
from auditor.normalise.forms import MONEY
from auditor.normalise.other_tables import OtherTable
from auditor.normalise.table import FILE

# A line has one key: its id, or without one its name. So each outlet stands here under both.
_KEYS = (pl.col("vendor_id").alias("vendor"), name_key(pl.col("vendor_name")).alias("vendor"))
_KNOWN = pl.lit(1, dtype=pl.Int32).alias("known")  # what a left join asks for


def vendors(price_lists: OtherTable | None) -> pl.DataFrame:
    """The keys of the outlets with a price list, and whether one of its prices may be of any medium: it does not say so readably."""
    if price_lists is None:
        return pl.DataFrame(schema={"vendor": pl.String, "of_any_medium": pl.Boolean, "known": pl.Int32})
    of_any = pl.col("medium").is_null().alias("of_any_medium")
    keys = pl.concat([price_lists.frame.select(key, of_any) for key in _KEYS]).drop_nulls("vendor")
    return keys.group_by("vendor").agg(pl.col("of_any_medium").any()).sort("vendor").with_columns(_KNOWN)


def prices(price_lists: OtherTable | None) -> pl.DataFrame:
    """What each outlet listed for each medium; no price where there is none that can be read."""
    if price_lists is None:
        return pl.DataFrame(schema={"vendor": pl.String, "medium": pl.String, "unit_price": MONEY, "known": pl.Int32})
    listed = price_lists.frame.filter(pl.col("medium").is_not_null())
    keyed = pl.concat([listed.select(key, "medium", "unit_price") for key in _KEYS]).drop_nulls("vendor")
    return keyed.unique().sort(pl.all()).with_columns(_KNOWN)


def in_part(price_lists: OtherTable | None) -> PricesInPart:
    """The rows with a medium or a price that could not be read, and those in which one of them is empty and what is there can be read."""
    if price_lists is None:
        return PricesInPart()
    odd = price_lists.frame.filter(pl.col("medium").is_null() | pl.col("unit_price").is_null())
    places = {(file, row) for file, row, column in price_lists.illegible if column in ("medium", "unit_price")}
    keyed = pl.concat([odd.select(FILE, "row", key, "medium", "unit_price") for key in _KEYS]).drop_nulls("vendor")
    doubtful: set[ListedPrice] = set()
    unsaid: set[ListedPrice] = set()
    for file, row, vendor, medium, price in keyed.iter_rows():
        (doubtful if (file, row) in places else unsaid).add(ListedPrice(vendor, medium, price))
    return PricesInPart(frozenset(doubtful), frozenset(unsaid))
