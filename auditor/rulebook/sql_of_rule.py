"""A rule → its SQL statement, whatever its kind."""

from __future__ import annotations

from typing import assert_never
from weakref import WeakKeyDictionary

from auditor.rulebook.compile import SumCompiler
from auditor.rulebook.compile_leads import LeadCompiler
from auditor.rulebook.compile_prices import PriceCompiler
from auditor.rulebook.kinds import CaseCheck, LeadCheck, PriceCheck, SumCheck
from auditor.rulebook.kinds_of_leads import ProbablySame
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.rulebook.sql import RuleSql

_MADE: WeakKeyDictionary[Rulebook, dict[str, RuleSql | None]] = WeakKeyDictionary()


def compile_rule(rulebook: Rulebook, rule: Rule) -> RuleSql | None:
    """The statement of one of the rulebook's own rules; None for a rule that is judged without one. Raises UnknownDay where the calendar
    lacks a day that the rule needs."""
    # A batch, a pass over an inbox and the cases of a rule ask for the same ones again and again.
    made = _MADE.setdefault(rulebook, {})
    if rule.id not in made:
        made[rule.id] = _compiled(rulebook, rule)
    return made[rule.id]


def _compiled(rulebook: Rulebook, rule: Rule) -> RuleSql | None:
    check = rule.check
    if isinstance(check, SumCheck):
        return SumCompiler(rulebook, rule).statement(check)
    if isinstance(check, LeadCheck | ProbablySame):
        return LeadCompiler(rulebook, rule).statement(check)
    if isinstance(check, PriceCheck):
        return PriceCompiler(rulebook, rule).statement(check)
    if isinstance(check, CaseCheck):
        return None
    assert_never(check)
