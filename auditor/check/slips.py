"""Ids that are a slip apart: one digit is another, or two neighbours are swapped. Whoever cannot pass a cap with all donors who may be
the same by their ids is found without looking at any name."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

# So few donors are looked at by their names as soon as by their ids.
_FEW_DONORS = 5_000
# Sums below this fit whole numbers of 64 bits in hundredths, which are quicker to add up.
_WHOLE = Decimal(10) ** 16


def in_reach(donors: pl.DataFrame, cap: Decimal) -> pl.DataFrame:
    """Of rows with `net` (more than 0) and `identifier`, those that may be in a group of donors over the cap.

    Beside a donor with an id there can only stand those without one, and those whose ids are a slip away. A donor may have several
    rows. The order stays."""
    net = donors["net"].sum() or Decimal(0)
    if net <= cap:
        return donors.clear()
    if donors.height <= _FEW_DONORS:
        return donors
    hundredths = (pl.col("net") * 100).cast(pl.Int64 if net < _WHOLE else pl.Int128).alias("hundredths")
    rows = donors.select(pl.col("identifier").cast(pl.Int64, strict=False).alias("number"), "identifier", hundredths).with_row_index("n")
    anybody = int(rows.filter(pl.col("identifier").is_null())["hundredths"].sum())
    having = rows.filter(pl.col("number").is_not_null()).select("n", "number", "hundredths")
    limit = int(cap * 100)
    keys = [(f"key {n}", key) for n, key in enumerate(_keys(pl.col("number")))]
    having = having.with_columns(key.alias(name) for name, key in keys)
    blocks = [
        having.lazy()
        .group_by(name)
        .agg(pl.col("hundredths").sum().alias(f"sum of {name}"), pl.len().cast(pl.Int64).alias(f"rows of {name}"))
        .collect(engine="streaming")  # half of what it costs otherwise
        for name, _ in keys
    ]
    # Whoever passes the cap with anybody and all its blocks has one with its share of the rest: of millions few are left to look at.
    large = [block.filter(pl.col(f"sum of {name}") * len(keys) > limit - anybody) for block, (name, _) in zip(blocks, keys, strict=True)]
    near = [pl.col(name).is_in(block[name].implode()) for block, (name, _) in zip(large, keys, strict=True)]
    having = having.filter(pl.any_horizontal(near))
    beside, others = pl.lit(0), pl.lit(0)
    for block, (name, _) in zip(blocks, keys, strict=True):
        having = having.join(block, on=name, how="left", maintain_order="left")
        beside += pl.col(f"sum of {name}") - pl.col("hundredths")
        others += pl.col(f"rows of {name}") - 1
    enough = pl.col("hundredths") + beside + anybody > limit
    reached = having.filter(enough & ((others > 0) | pl.lit(anybody > 0)))["n"]
    kept = rows.select(pl.col("number").is_null() | pl.col("n").is_in(reached.implode())).to_series()
    return donors.filter(kept)


def _keys(number: pl.Expr) -> list[pl.Expr]:
    """Keys of an id. Another that is a slip away shares at least one of them: two thirds of its digits, the slip being in the other third,
    or all digits but the two beside the end of a third, which may be swapped. Many ids share a key that are no slip apart
    (`namesakes` looks closer); none that is may share none."""
    third = [number // 10**8, number // 10**4 % 10**4, number % 10**4]
    but_two = [number // 10**at * 10 ** (at - 2) + number % 10 ** (at - 2) for at in (9, 5)]
    return [third[0] * 10**4 + third[1], third[0] * 10**4 + third[2], third[1] * 10**4 + third[2], *but_two]
