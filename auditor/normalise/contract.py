"""pandera's contract of the typed tables: types, closed lists, ranges. It guards what normalising gives; it never coerces."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import ClassVar, TypeVar

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from auditor.errors import AuditError
from auditor.normalise.forms import TYPES
from auditor.normalise.other_tables import RANGES
from auditor.normalise.report_file import in_text
from auditor.rulebook.models import Vocabulary, closed_lists, codes_of
from auditor.tables import Cell, Column, columns

BATCH = 500_000
Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


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
    """The contracts of one rulebook's tables; `of` gives the same one to every audit under it."""

    _made_before: ClassVar[dict[tuple[tuple[str, tuple[str, ...]], ...], Contract]] = {}

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Contract:
        """The contract under these closed lists."""
        key = tuple(closed_lists(vocabulary).items())
        if key not in cls._made_before:
            cls._made_before[key] = cls(vocabulary)
        return cls._made_before[key]

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._schemas: dict[tuple[str | bool, ...], pa.DataFrameSchema] = {}
        self._limited = {name: column for name, column in columns("reports").items() if self._within(column) is not None}

    def violations(self, table: str, frame: pl.DataFrame) -> list[tuple[int, str, str]]:
        """(row, column, value) of each value outside its contract. `frame` has the contract's columns and `row`."""
        try:
            self._hold(self._schema(table, columns(table), each=False), frame)
        except SchemaErrors:
            return list(self._cases(table, columns(table), frame))
        return []

    @staticmethod
    def _hold(schema: pa.DataFrameSchema, frame: Frame) -> None:
        """Hold a table against a schema, its values too: of a LazyFrame pandera looks at the types alone unless it is told, and what its
        environment variables say is not for a filing's check to follow."""
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(frame, lazy=True)

    def guard(self, lines: pl.LazyFrame) -> None:
        """Raise AuditError where a line of `reports` has a value outside its contract: an error of ours, who read it, and not of the
        filing. The lines may be too many to hold; their codes may be categories."""
        table, checked = "reports", self._limited
        wanted = lines.select("row", *checked)
        try:
            self._hold(self._schema(table, checked, each=False), wanted)
        except SchemaErrors as errors:
            for batch in in_text(wanted).collect_batches(chunk_size=BATCH):
                for row, name, value in self._cases(table, checked, batch):
                    said = f"{table}, row {row}: {name} became {value!r}, which its contract does not allow; please report this."
                    raise AuditError(said) from errors
            raise

    def _schema(self, table: str, of: Mapping[str, Column], *, each: bool) -> pa.DataFrameSchema:
        """The pandera schema of these columns. Not `each`: one check of all types and ranges together, which tells only that something is
        wrong, for every check costs a query. `each`: a check for every column, which tells which value it is."""
        key: tuple[str | bool, ...] = (table, each, *of)
        if key not in self._schemas:
            self._schemas[key] = self._made(table, of, each=each)
        return self._schemas[key]

    def _made(self, table: str, of: Mapping[str, Column], *, each: bool) -> pa.DataFrameSchema:
        within = {name: self._within(column) for name, column in of.items()}
        asked = {name: condition for name, condition in within.items() if condition is not None}

        if each:
            kept = {name: _check_of(asked[name]) if name in asked else None for name in of}
            return pa.DataFrameSchema(
                {name: pa.Column(TYPES[column.cell], kept[name], nullable=True) for name, column in of.items()}, strict=False, name=table
            )

        def all_kept(data: pa.PolarsData) -> pl.LazyFrame:
            have = data.lazyframe.collect_schema()
            typed = all(_has_type(have.get(name), column) for name, column in of.items())
            within_range = [condition.fill_null(value=True) for condition in asked.values()] if typed else [pl.lit(value=False)]
            return data.lazyframe.select(pl.all_horizontal(pl.lit(value=True), *within_range).all())

        return pa.DataFrameSchema({}, checks=pa.Check(all_kept), strict=False, name=table)

    def _within(self, column: Column) -> pl.Expr | None:
        """Whether a value is one that its column may have; None where any of the type is."""
        value = pl.col(column.name)
        if column.cell is Cell.CODE:
            return value.is_in(codes_of(column, self._vocabulary))
        if column.cell is Cell.AMOUNT:
            return value > 0
        if column.cell is Cell.MONEY:
            return value >= 0
        if column.name in RANGES:
            return value.is_between(*RANGES[column.name])
        return None

    def _cases(self, table: str, of: Mapping[str, Column], frame: pl.DataFrame) -> Iterator[tuple[int, str, str]]:
        try:
            self._hold(self._schema(table, of, each=True), frame)
        except SchemaErrors as errors:
            for name, index, value in errors.failure_cases.select("column", "index", "failure_case").iter_rows():
                if index is None:
                    raise AuditError(f"{table}: column {name} does not have its type ({value}); please report this.") from errors
                yield int(frame["row"][int(index)]), str(name), str(value)


def _has_type(kind: pl.DataType | None, column: Column) -> bool:
    return kind == TYPES[column.cell] or (column.cell is Cell.CODE and isinstance(kind, pl.Categorical))


def _check_of(condition: pl.Expr) -> pa.Check:
    def within(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(condition.fill_null(value=True).alias(data.key))

    return pa.Check(within)
