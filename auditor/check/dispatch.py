"""Which function judges which rule: rules with a statement are judged from its sums, the others from the case itself."""

from __future__ import annotations

import polars as pl

from auditor.check.bank import not_in_books, not_in_statement, statement_balance
from auditor.check.case import Case
from auditor.check.deadlines import final_missing, final_within, interim_missing, interim_published
from auditor.check.faces import balance_carried, face_balance, not_in_final, outside_period, stated_totals, submitted_elsewhere
from auditor.check.leads import judge_lead
from auditor.check.likeness import repeated_lines, two_names
from auditor.check.namesakes import probably_same
from auditor.check.price_lists import unlisted_price, unlisted_vendor
from auditor.check.registration import quota, stands_twice, too_few_years
from auditor.check.sums import judge_sums
from auditor.check.verdicts import Judged
from auditor.rulebook.kinds import CaseCheck, LeadCheck, SumCheck
from auditor.rulebook.kinds_of_facts import (
    FullYears,
    NotInBooks,
    NotInStatement,
    Quota,
    StandsTwice,
    StatementBalance,
    UnlistedPrice,
    UnlistedVendor,
)
from auditor.rulebook.kinds_of_leads import ProbablySame, RepeatedLines, TwoNames
from auditor.rulebook.kinds_of_reports import (
    BalanceCarried,
    FaceBalance,
    FinalMissing,
    FinalWithin,
    InterimMissing,
    InterimPublished,
    NotInFinal,
    OutsidePeriod,
    StatedTotals,
    SubmittedElsewhere,
)
from auditor.rulebook.models import Rule


def judge_rule(case: Case, rule: Rule, sums: pl.DataFrame | None) -> Judged:
    """What a rule says. `sums` is what its statement gave, None where it has none."""
    check = rule.check
    if isinstance(check, CaseCheck):
        return _from_case(case, rule, check)
    assert sums is not None  # every check of another sort has a statement
    if isinstance(check, SumCheck):
        return judge_sums(case.rulebook, rule, check, sums, case.facts)
    if isinstance(check, LeadCheck):
        return judge_lead(case.rulebook, check, sums, case.say)
    match check:
        case UnlistedVendor():
            return unlisted_vendor(case, rule, sums)
        case UnlistedPrice():
            return unlisted_price(case, rule, check, sums)
        case ProbablySame():
            return probably_same(case.rulebook, check, sums, case.say)


def _from_case(case: Case, rule: Rule, check: CaseCheck) -> Judged:
    match check:
        case FinalWithin():
            return final_within(case, rule, check)
        case FinalMissing():
            return final_missing(case, rule, check)
        case InterimMissing():
            return interim_missing(case, rule)
        case InterimPublished():
            return interim_published(case, rule, check)
        case StatedTotals():
            return stated_totals(case, rule, check)
        case FaceBalance():
            return face_balance(case, rule, check)
        case BalanceCarried():
            return balance_carried(case, rule, check)
        case SubmittedElsewhere():
            return submitted_elsewhere(case, rule)
        case NotInFinal():
            return not_in_final(case, rule)
        case OutsidePeriod():
            return outside_period(case, rule, check)
        case NotInStatement():
            return not_in_statement(case, rule, check)
        case NotInBooks():
            return not_in_books(case, rule, check)
        case StatementBalance():
            return statement_balance(case, rule)
        case Quota():
            return quota(case, rule, check)
        case StandsTwice():
            return stands_twice(case, rule)
        case FullYears():
            return too_few_years(case, rule, check)
        case RepeatedLines():
            return repeated_lines(case, check)
        case TwoNames():
            return two_names(case)
