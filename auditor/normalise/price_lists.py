"""The price lists of outlets as tables for SQL: whose list there is, and what is listed for which medium."""

from __future__ import annotations

import polars as pl

from auditor.normalise.forms import MONEY, name_key
from auditor.normalise.register import Register

# A line has one key: its id, or without one its name. So each outlet stands here under both.
_KEYS = (pl.col("vendor_id").alias("vendor"), name_key(pl.col("vendor_name")).alias("vendor"))
_KNOWN = pl.lit(1, dtype=pl.Int32).alias("known")  # what a left join asks for


def vendors(price_lists: Register | None) -> pl.DataFrame:
    """The keys of the outlets with a price list."""
    if price_lists is None:
        return pl.DataFrame(schema={"vendor": pl.String, "known": pl.Int32})
    keys = pl.concat([price_lists.frame.select(key) for key in _KEYS])
    return keys.drop_nulls().unique().sort("vendor").with_columns(_KNOWN)


def prices(price_lists: Register | None) -> pl.DataFrame:
    """What each outlet listed for each medium."""
    if price_lists is None:
        return pl.DataFrame(schema={"vendor": pl.String, "medium": pl.String, "unit_price": MONEY, "known": pl.Int32})
    listed = price_lists.frame.filter(pl.col("medium").is_not_null() & pl.col("unit_price").is_not_null())
    return (
        pl.concat([listed.select(key, "medium", "unit_price") for key in _KEYS]).drop_nulls().unique().sort(pl.all()).with_columns(_KNOWN)
    )
