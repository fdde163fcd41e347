"""pandera's contract of the typed tables: types, closed lists, ranges. It guards what normalising gives; it never coerces."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal

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
        self._schemas: dict[tuple[str, int, frozenset[str]], pa.DataFrameSchema] = {}

    def violations(self, table: str, frame: pl.DataFrame) -> list[tuple[int, str, str]]:
        """(row, column, value) of each value outside its contract. `frame` has the contract's columns and `row`."""
        try:
            self._validate(table, columns(table), frame)
        except SchemaErrors as errors:
            return list(self._cases(table, frame, errors))
        return []

    def guard(self, table: str, lines: pl.LazyFrame) -> None:
        """The same for a table too large to hold, in batches. A violation here is an error of ours, not of the filing."""
        checked = {name: column for name, column in columns(table).items() if self._checks(column)}
        for batch in lines.select("row", *checked).collect_batches(chunk_size=BATCH):
            try:
                self._validate(table, checked, batch)
            except SchemaErrors as errors:
                row, name, value = next(self._cases(table, batch, errors))
                raise AuditError(
                    f"{table}, row {row}: {name} became {value!r}, which its contract does not allow; please report this."
                ) from errors

    def _validate(self, table: str, of: Mapping[str, Column], frame: pl.DataFrame) -> None:
        """Every type, and every value there is: of a column without values only the type, for each check costs a query of its own."""
        filled = frozenset(name for name in of if name in frame.columns and frame[name].null_count() < frame.height)
        key = (table, len(of), filled)
        if key not in self._schemas:
            self._schemas[key] = pa.DataFrameSchema(
                {name: pa.Column(TYPES[one.cell], self._checks(one) if name in filled else [], nullable=True) for name, one in of.items()},
                strict=False,
                name=table,
            )
        self._schemas[key].validate(frame, lazy=True)

    def _checks(self, column: Column) -> list[pa.Check]:
        if column.cell is Cell.CODE:
            return [pa.Check.isin(codes_of(column, self._vocabulary))]
        if column.name == "amount":
            return [pa.Check.gt(Decimal(0))]
        if column.cell is Cell.MONEY:
            return [pa.Check.ge(Decimal(0))]
        if column.name in RANGES:
            low, high = RANGES[column.name]
            return [pa.Check.in_range(int(low) if column.cell is Cell.WHOLE else low, int(high) if column.cell is Cell.WHOLE else high)]
        return []

    @staticmethod
    def _cases(table: str, frame: pl.DataFrame, errors: SchemaErrors) -> Iterator[tuple[int, str, str]]:
        cases = errors.failure_cases
        for name, index, value in cases.select("column", "index", "failure_case").iter_rows():
            if index is None:
                raise AuditError(f"{table}: column {name} does not have its type ({value}); please report this.") from errors
            yield int(frame["row"][int(index)]), str(name), str(value)
