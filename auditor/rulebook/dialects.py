"""A rule's SQL in another dialect, where one is asked for."""

from __future__ import annotations

from auditor.errors import BadUsage
from auditor.wording import refusal


def transpiled(sql: str, dialect: str) -> str:
    """The statement in that dialect. Raises BadUsage without sqlglot or for a dialect that it does not know."""
    try:
        import sqlglot
    except ImportError as error:
        raise BadUsage(refusal("usage.dialect_library")) from error
    try:
        return str(sqlglot.transpile(sql, read="duckdb", write=dialect, pretty=True)[0])
    except ValueError as error:
        raise BadUsage(refusal("usage.dialect", dialect=dialect, error=error)) from error
