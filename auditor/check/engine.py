"""Runs the statements of the rules. Polars by default: all statements in one go, so that they share their scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl


class Engine(Protocol):
    """Anything that can run a rule's SQL over the tables `books` and `contestants`."""

    def run(self, statements: Sequence[str], found: Mapping[str, pl.DataFrame] | None = None) -> list[pl.DataFrame]:
        """The result of each statement. `found` are further tables, by name, for the statements of the evidence."""
        ...


class PolarsEngine:
    """The default engine: lazy, streaming, one pass for all rules."""

    def __init__(self, books: pl.LazyFrame, contestants: pl.DataFrame) -> None:
        self._tables = {"books": books, "contestants": contestants.lazy()}

    def run(self, statements: Sequence[str], found: Mapping[str, pl.DataFrame] | None = None) -> list[pl.DataFrame]:
        """Run all statements together."""
        context = pl.SQLContext({**self._tables, **{name: frame.lazy() for name, frame in (found or {}).items()}}, eager=False)
        return list(pl.collect_all([context.execute(sql) for sql in statements], engine="streaming"))
