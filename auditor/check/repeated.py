"""Lines that are alike in some columns, found among millions by a number for each line, without a table of all their cells."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def number_of(columns: Sequence[str]) -> pl.Expr:
    """A number that is the same for lines with the same values in these columns, and hardly ever for others."""
    number = pl.lit(0, dtype=pl.UInt64)
    for n, name in enumerate(columns):
        number = number * 1_000_003 + pl.col(name).hash(n)
    return number


def often(lines: pl.LazyFrame, number: pl.Expr, times: int) -> pl.Series:
    """The different numbers that at least so many of the lines have."""
    numbers = lines.select(number.alias("number")).collect()["number"].sort()
    return numbers.filter(numbers == numbers.shift(times - 1)).unique()
