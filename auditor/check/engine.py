"""Runs the statements of the rules. Polars by default: several statements in one go, so that they share their scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl

from auditor.check.narrowing import Narrowing
from auditor.rulebook.sql import Query
from auditor.tables import HELD_ROWS


class Engine(Protocol):
    """Anything that can run a rule's SQL over the table `books` and the small tables beside it."""

    def run(self, queries: Sequence[Query], found: Mapping[str, pl.DataFrame] | None = None) -> list[pl.DataFrame]:
        """The result of each statement. `found` are further tables, by name, for the statements of the evidence."""
        ...

    def over(self, books: pl.LazyFrame) -> Engine:
        """The same over other books."""
        ...


# A filing that is held has its plans run as they are: optimising 40 small plans costs more than running them.
_SMALL = HELD_ROWS
_BATCH = 8


class PolarsEngine:
    """The default engine. A large filing is streamed from disk, some rules at a time, and each rule looks only at the lines that it
    cannot do without; a small one is held in memory."""

    def __init__(self, books: pl.LazyFrame, tables: Mapping[str, pl.DataFrame]) -> None:
        self._small = books.select(pl.len()).collect().item() <= _SMALL
        self._books = books.collect().lazy() if self._small else books
        self._given = tables
        self._tables = {name: frame.lazy() for name, frame in tables.items()}
        self._narrowing = Narrowing(books, self._tables["contestants"])

    def run(self, queries: Sequence[Query], found: Mapping[str, pl.DataFrame] | None = None) -> list[pl.DataFrame]:
        """Run all statements."""
        if self._small:
            context = self._context(self._books, found)
            plans = [context.execute(query.sql) for query in queries]
            return list(pl.collect_all(plans, engine="in-memory", optimizations=pl.QueryOptFlags.none()))
        if found is None:
            lines = self._narrowing.together([query.narrow for query in queries])
        else:
            lines = [self._behind(query, found) for query in queries]
        plans = [self._context(books, found).execute(query.sql) for query, books in zip(queries, lines, strict=True)]
        # Each batch shares its scans; all at once would hold the groups of every rule in memory together.
        batches = [plans[at : at + _BATCH] for at in range(0, len(plans), _BATCH)]
        return [result for batch in batches for result in pl.collect_all(batch, engine="streaming")]

    def over(self, books: pl.LazyFrame) -> PolarsEngine:
        """The same engine with the same tables over other books."""
        return PolarsEngine(books, self._given)

    def _behind(self, query: Query, found: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
        behind = query.behind
        return self._narrowing.behind(behind, found[behind.table], query.narrow) if behind is not None else self._books

    def _context(self, books: pl.LazyFrame, found: Mapping[str, pl.DataFrame] | None) -> pl.SQLContext[pl.LazyFrame]:
        tables = {"books": books, **self._tables, **{name: frame.lazy() for name, frame in (found or {}).items()}}
        return pl.SQLContext(tables, eager=False)
