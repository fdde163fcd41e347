"""pandera's contract of the typed tables: types, closed lists, ranges. It guards what normalising gives; it never coerces."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

# On a LazyFrame pandera checks types only, unless it is told to look at the values.
os.environ.setdefault("PANDERA_VALIDATION_DEPTH", "SCHEMA_AND_DATA")

import pandera.polars as pa  # the depth must be set before the import
import polars as pl
from pandera.errors import SchemaErrors

from auditor.errors import AuditError
from auditor.normalise.forms import TYPES
from auditor.normalise.register import RANGES
from auditor.rulebook.models import Vocabulary, codes_of
from auditor.tables import Cell, Column, columns

BATCH = 500_000


def _register() -> None:
    """Load pandera's checks. Where hypothesis is installed pandera imports it (0.13 CPU s) to invent data, which we never do."""
    if "hypothesis" in sys.modules:
        return
    sys.modules["hypothesis"] = None  # type: ignore[assignment]  # an import of it then fails at once, as if it were not there
    try:
        from pandera.backends.polars.register import register_polars_backends

        register_polars_backends()
    finally:
        del sys.modules["hypothesis"]


_register()


class Contract:
    """The contracts of one rulebook's tables."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._schemas: dict[tuple[str, ...], tuple[pa.DataFrameSchema, pa.DataFrameSchema]] = {}

    def violations(self, table: str, frame: pl.DataFrame) -> list[tuple[int, str, str]]:
        """(row, column, value) of each value outside its contract. `frame` has the contract's columns and `row`."""
        try:
            self._validate(table, columns(table), frame)
        except SchemaErrors as errors:
            return list(self._cases(table, frame, errors))
        return []

    def guard(self, table: str, lines: pl.LazyFrame) -> None:
        """The same for a table too large to hold, in batches. A violation here is an error of ours, not of the filing."""
        checked = {name: column for name, column in columns(table).items() if self._within(column) is not None}
        for batch in lines.select("row", *checked).collect_batches(chunk_size=BATCH):
            try:
                self._validate(table, checked, batch)
            except SchemaErrors as errors:
                row, name, value = next(self._cases(table, batch, errors))
                raise AuditError(
                    f"{table}, row {row}: {name} became {value!r}, which its contract does not allow; please report this."
                ) from errors

    def _validate(self, table: str, of: Mapping[str, Column], frame: pl.DataFrame) -> None:
        """Every type and every value. The values are asked about all at once, for each question costs a query of its own; only where
        one is outside its range is it asked of which column it is."""
        there = {name: column for name, column in of.items() if name in frame.columns}
        key = (table, *there)
        if key not in self._schemas:
            self._schemas[key] = self._schema(table, there, each=False), self._schema(table, there, each=True)
        quick, exact = self._schemas[key]
        try:
            quick.validate(frame, lazy=True)
        except SchemaErrors:
            exact.validate(frame, lazy=True)
            raise

    def _schema(self, table: str, of: Mapping[str, Column], *, each: bool) -> pa.DataFrameSchema:
        within = {name: self._within(column) for name, column in of.items()}
        asked = {name: condition for name, condition in within.items() if condition is not None}

        def all_within(data: pa.PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(pl.all_horizontal(condition.fill_null(value=True) for condition in asked.values()))

        return pa.DataFrameSchema(
            {
                name: pa.Column(TYPES[column.cell], _check_of(asked[name]) if each and name in asked else None, nullable=True)
                for name, column in of.items()
            },
            checks=pa.Check(all_within) if asked and not each else None,
            strict=False,
            name=table,
        )

    def _within(self, column: Column) -> pl.Expr | None:
        """Whether a value is one that its column may have; None where any of the type is."""
        value = pl.col(column.name)
        if column.cell is Cell.CODE:
            return value.is_in(codes_of(column, self._vocabulary))
        if column.name == "amount":
            return value > 0
        if column.cell is Cell.MONEY:
            return value >= 0
        if column.name in RANGES:
            return value.is_between(*RANGES[column.name])
        return None

    @staticmethod
    def _cases(table: str, frame: pl.DataFrame, errors: SchemaErrors) -> Iterator[tuple[int, str, str]]:
        cases = errors.failure_cases
        for name, index, value in cases.select("column", "index", "failure_case").iter_rows():
            if index is None:
                raise AuditError(f"{table}: column {name} does not have its type ({value}); please report this.") from errors
            yield int(frame["row"][int(index)]), str(name), str(value)


def _check_of(condition: pl.Expr) -> pa.Check:
    def within(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(condition.fill_null(value=True).alias(data.key))

    return pa.Check(within)
