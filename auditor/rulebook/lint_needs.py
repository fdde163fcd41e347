"""Which columns a rule's own conditions look at. Where a filing has not got one, the rule finds nothing and nothing tells that it was kept;
so the rule's `needs` have to name it, and it is then not assessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.rulebook.kinds_of_sums import DaysBetween, Fee, Forbidden, Limit, SameDocument
from auditor.rulebook.models import Rule
from auditor.rulebook.parts import Condition, Lines, Reference
from auditor.tables import TABLES

DONOR = ("counterparty_id", "counterparty_name")
"""Either of these tells who a donor is."""
_REQUIRED = {(table, column.name) for table, each in TABLES.items() for column in each if column.required}
# Whose money it is can be told without any of them.
_TOLD_ANYHOW = ("giver",)


def not_named(rule: Rule) -> list[str]:
    """What the conditions of a rule look at and its `needs` do not name: a column with its table, or several with `|`."""
    named = {option for need in rule.needed for option in need.options}
    wanted = dict.fromkeys(_looked_at(rule))
    return [" | ".join(f"{table}.{column}" for table, column in one) for one in wanted if one and not _any_named(one, named)]


def _any_named(columns: Sequence[tuple[str, str]], named: set[tuple[str, str]]) -> bool:
    return any(column in named for column in columns) or all(column in _REQUIRED for column in columns)


def _looked_at(rule: Rule) -> Iterator[tuple[tuple[str, str], ...]]:
    """Each thing that the rule looks at, as the columns of which one is enough."""
    check = rule.check
    for side, _, lines in check.sides():
        # A refund that nobody can tell apart leaves a sum too high and not too low: of `less` nothing is demanded.
        if side != "less":
            yield from _of_lines(lines)
    if rule.status is not None:
        yield (("contestants", "status"),)
    if getattr(check, "per", None) == "donor" and isinstance(check, Limit):
        yield tuple(("reports", name) for name in DONOR)
    if isinstance(check, Forbidden):
        for condition in (*check.breach_if, *check.kept_if):
            yield from _of_condition(condition, "contestants")
    elif isinstance(check, DaysBetween):
        yield (("contestants", check.first),)
        yield (("contestants", check.then),)
    elif isinstance(check, Fee):
        yield (("contestants", check.by),)
    elif isinstance(check, SameDocument):
        for name in check.columns:
            yield from _of_column(name, "reports")


def _of_lines(lines: Lines) -> Iterator[tuple[tuple[str, str], ...]]:
    for condition in lines.where:
        yield from _of_condition(condition, "reports")


def _of_condition(condition: Condition, table: str, *, negated: bool = False) -> Iterator[tuple[tuple[str, str], ...]]:
    """What one condition looks at. In a line without the column a `not` is met, which finds too much and not too little: of it nothing is
    demanded, unless it decides about what was found (`breach_if`, `kept_if`) or is itself inside a `not`."""
    if condition.any_ is not None:
        yield tuple(column for inner in condition.any_ for one in _of_condition(inner, table, negated=negated) for column in one)
    for inner in condition.all_ or ():
        yield from _of_condition(inner, table, negated=negated)
    if condition.not_ is not None:
        yield from _of_condition(condition.not_, table, negated=not negated)
    if condition.column is not None and (not negated or table != "reports"):
        yield from _of_column(condition.column, table)
    for value in (condition.is_, condition.is_not, condition.before, condition.after, condition.under, condition.at_least):
        if isinstance(value, Reference) and value.fact is not None:
            yield (("contestants", value.fact),)


def _of_column(name: str, table: str) -> Iterator[tuple[tuple[str, str], ...]]:
    if name == "donor":
        yield tuple((table, one) for one in DONOR)
    elif name not in _TOLD_ANYHOW:
        yield ((table, name),)
