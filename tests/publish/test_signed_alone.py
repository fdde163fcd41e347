"""What is published of findings that two people signed, and how the others are counted."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from auditor.inbox.history import only_signed
from auditor.model.coverage import Gap
from auditor.model.finding import Outcome
from auditor.register.decisions import about
from auditor.render.data import finding
from auditor.rulebook.load import load as rulebook
from auditor.wording import load
from auditor.workflow import Request, audit

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "majilis-2023"


def test_leads_do_not_count_among_the_undecided():
    whole = audit(Request([str(SAMPLE)], date(2023, 4, 15)), rulebook("kz/majilis-2023"), load("en"))
    leads = [one for one in whole.findings if one.outcome is Outcome.LEAD]
    assert leads
    assert only_signed(whole, {}, load("en")).undecided == len(whole.findings) - len(leads)


def test_a_breach_and_an_undetermined_one_that_were_signed_count_once():
    whole = audit(Request([str(SAMPLE)], date(2023, 4, 15)), rulebook("kz/majilis-2023"), load("en"))
    breach = next(one for one in whole.findings if one.rule == "DON-001" and one.outcome is Outcome.BREACH)
    others = [replace(breach, key=f"{breach.key}{n}", outcome=outcome) for n, outcome in enumerate((Outcome.UNDETERMINED, Outcome.BREACH))]
    whole = replace(whole, findings=[breach, *others])
    decided = {one.key: about(finding(one)) for one in (breach, others[0])}
    (rule,) = [one for one in only_signed(whole, decided, load("en")).coverage if one.rule == "DON-001"]
    assert (rule.breaches, rule.undetermined) == (1, 0)


def test_whoever_is_undecided_stands_in_one_place_only():
    whole = audit(Request([str(SAMPLE)], date(2023, 4, 15)), rulebook("kz/majilis-2023"), load("en"))
    breach = next(one for one in whole.findings if one.rule == "DON-001" and one.outcome is Outcome.BREACH)
    gap = Gap(breach.contestant_id, "why")
    coverage = [replace(one, partly_not_assessed_for=(gap,), unread_for=(gap,)) if one.rule == "DON-001" else one for one in whole.coverage]
    (rule,) = [one for one in only_signed(replace(whole, coverage=coverage), {}, load("en")).coverage if one.rule == "DON-001"]
    assert breach.contestant_id in [one.contestant_id for one in rule.not_assessed_for]
    assert (rule.partly_not_assessed_for, rule.unread_for) == ((), ())
