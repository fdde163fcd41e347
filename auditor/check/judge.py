"""Which judge hears which rule: rules with a statement are judged from its sums, the others from the case itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from auditor.check.bank import not_in_books, not_in_statement, statement_balance
from auditor.check.case import Case
from auditor.check.deadlines import final_missing, final_within, interim_missing, interim_published
from auditor.check.faces import balance_carried, face_balance, not_in_final, outside_period, stated_totals, submitted_elsewhere
from auditor.check.leads import judge_lead
from auditor.check.likeness import repeated_lines, two_names
from auditor.check.namesakes import probably_same
from auditor.check.registration import quota, stands_twice, too_few_years
from auditor.check.verdicts import Judged, judge
from auditor.rulebook.kinds_of_leads import ProbablySame
from auditor.rulebook.models import Rule

_CASE: Mapping[str, Callable[[Case, Rule, Any], Judged]] = {
    "final_within": final_within,
    "final_missing": final_missing,
    "interim_missing": interim_missing,
    "interim_published": interim_published,
    "stated_totals": stated_totals,
    "face_balance": face_balance,
    "balance_carried": balance_carried,
    "submitted_elsewhere": submitted_elsewhere,
    "not_in_final": not_in_final,
    "outside_period": outside_period,
    "not_in_statement": not_in_statement,
    "not_in_books": not_in_books,
    "statement_balance": statement_balance,
    "quota": quota,
    "stands_twice": stands_twice,
    "full_years": too_few_years,
    "repeated_lines": repeated_lines,
    "two_names": two_names,
}


def heard(case: Case, rule: Rule, sums: pl.DataFrame | None) -> Judged:
    """What a rule says. `sums` is what its statement gave, None where it has none."""
    if sums is None:
        return _CASE[rule.check.kind](case, rule, rule.check)
    if rule.check.from_sums:
        return judge(case.rulebook, rule, sums, case.facts)
    if isinstance(rule.check, ProbablySame):
        return probably_same(case.rulebook, rule.check, sums, case.say)
    return judge_lead(case, rule, sums)
