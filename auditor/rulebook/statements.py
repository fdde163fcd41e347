"""A rule → its SQL statement, whatever its kind."""

from __future__ import annotations

from auditor.rulebook.compile import Compiler
from auditor.rulebook.compile_leads import LeadCompiler
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.rulebook.sql import Statement


def compile_rule(rulebook: Rulebook, rule: Rule) -> Statement | None:
    """The statement of one rule; None for a rule about other things than sums of lines (the face of a report, a bank's statement,
    a list of candidates). Raises UnknownDay where the calendar lacks a day that the rule needs."""
    return Compiler(rulebook, rule).statement() or LeadCompiler(rulebook, rule).statement()
