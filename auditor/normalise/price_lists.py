"""The price lists of outlets as tables for SQL: whose list there is, and what is listed for which medium."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from auditor.normalise.forms import MONEY
from auditor.normalise.name_keys import name_key
from auditor.normalise.other_tables import OtherTable
from auditor.normalise.table import FILE

# A line has one key: its id, or without one its name. So each outlet stands here under both.
_KEYS = (pl.col("vendor_id").alias("vendor"), name_key(pl.col("vendor_name")).alias("vendor"))
_KNOWN = pl.lit(1, dtype=pl.Int32).alias("known")  # what a left join asks for


def vendors(price_lists: OtherTable | None) -> pl.DataFrame:
    """The keys of the outlets with a price list."""
    if price_lists is None:
        return pl.DataFrame(schema={"vendor": pl.String, "known": pl.Int32})
    keys = pl.concat([price_lists.frame.select(key) for key in _KEYS])
    return keys.drop_nulls().unique().sort("vendor").with_columns(_KNOWN)


def prices(price_lists: OtherTable | None) -> pl.DataFrame:
    """What each outlet listed for each medium; no price where it could not be read."""
    if price_lists is None:
        return pl.DataFrame(schema={"vendor": pl.String, "medium": pl.String, "unit_price": MONEY, "known": pl.Int32})
    listed = price_lists.frame.filter(
        pl.col("medium").is_not_null() & (pl.col("unit_price").is_not_null() | _illegible(price_lists, "unit_price"))
    )
    keyed = pl.concat([listed.select(key, "medium", "unit_price") for key in _KEYS]).drop_nulls("vendor")
    return keyed.unique().sort(pl.all()).with_columns(_KNOWN)


def doubtful(price_lists: OtherTable | None) -> frozenset[tuple[str, str | None, Decimal | None]]:
    """Vendor, medium and price of the rows with a medium or a price that could not be read. None stands for that cell: (vendor,
    `television`, None) is a list in which the vendor's price of television may be any."""
    if price_lists is None:
        return frozenset()
    odd = price_lists.frame.filter(_illegible(price_lists, "medium") | _illegible(price_lists, "unit_price"))
    return frozenset(pl.concat([odd.select(key, "medium", "unit_price") for key in _KEYS]).drop_nulls("vendor").iter_rows())


def _illegible(price_lists: OtherTable, column: str) -> pl.Expr:
    """Whether the cell is filled and could not be read."""
    rows = [(file, row) for file, row, name in price_lists.illegible if name == column]
    places = pl.DataFrame(rows, schema={FILE: pl.Int32, "row": pl.Int64}, orient="row").to_struct()
    return pl.struct(FILE, "row").is_in(places.implode())
