"""The rules that were assessed → the SQL that a reader of the audit can run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditor.model.coverage import Coverage, Status
from auditor.rulebook.describe import in_force
from auditor.rulebook.load import Rulebook
from auditor.rulebook.sql_of_rule import compile_rule


def with_sql(rulebook: Rulebook, coverage: Sequence[Coverage]) -> list[Coverage]:
    """The statement of each rule that was assessed, under a comment for each of its parameters as it was in force."""

    def of(one: Coverage) -> str | None:
        if one.status is Status.NOT_ASSESSED:  # perhaps because the calendar lacks a day that the statement needs
            return None
        rule = rulebook.rule(one.rule)
        statement = compile_rule(rulebook, rule)
        if statement is None:
            return ""
        return "".join(f"-- {name} = {value} ({unit})\n" for name, value, unit in in_force(rulebook, rule)) + statement.script

    return [replace(one, sql=of(one)) for one in coverage]
