"""Runs the statements of the rules. Polars by default: several statements in one go, so that they share their scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl


class Engine(Protocol):
    """Anything that can run a rule's SQL over the table `books` and the small tables beside it."""

    def run(self, statements: Sequence[str], found: Mapping[str, pl.DataFrame] | None = None) -> list[pl.DataFrame]:
        """The result of each statement. `found` are further tables, by name, for the statements of the evidence."""
        ...


# Up to this many lines the plans are run in memory as they are: optimising 40 small plans costs more than running them.
_SMALL = 200_000
_BATCH = 8


class PolarsEngine:
    """The default engine. A large filing is streamed from disk, some rules at a time; a small one is held in memory."""

    def __init__(self, books: pl.LazyFrame, tables: Mapping[str, pl.DataFrame]) -> None:
        self._small = books.select(pl.len()).collect().item() <= _SMALL
        self._tables = {"books": books.collect().lazy() if self._small else books, **{name: frame.lazy() for name, frame in tables.items()}}

    def run(self, statements: Sequence[str], found: Mapping[str, pl.DataFrame] | None = None) -> list[pl.DataFrame]:
        """Run all statements."""
        context = pl.SQLContext({**self._tables, **{name: frame.lazy() for name, frame in (found or {}).items()}}, eager=False)
        plans = [context.execute(sql) for sql in statements]
        if self._small:
            return list(pl.collect_all(plans, engine="in-memory", optimizations=pl.QueryOptFlags.none()))
        # Each batch shares its scans; all at once would hold the groups of every rule in memory together.
        batches = [plans[at : at + _BATCH] for at in range(0, len(plans), _BATCH)]
        return [result for batch in batches for result in pl.collect_all(batch, engine="streaming")]
