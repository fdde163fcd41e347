"""What a rule could say of whom: for how many it is kept, and of whom nothing, not everything, or not from every line was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from auditor.check.facts import Facts
from auditor.check.sums import has_totals
from auditor.check.verdicts import ZERO, Judged
from auditor.model.coverage import Coverage, Gap, Status
from auditor.model.finding import Outcome
from auditor.rulebook.models import Rule


def coverage_of(
    rule: Rule, facts: Facts, judged: Judged | None, reason: str | None, unknown: Mapping[str, str], lang: str, *, others: str | None
) -> Coverage:
    """The coverage of one rule: `judged` is what it said, None where it was not assessed at all, for a `reason`; `unknown` are those of
    whom it could say nothing, with the reason of each. `others`: that the funds of others were not asked for, where it holds several
    together."""
    title, lead = rule.title.in_(lang), rule.check.is_lead
    if judged is None:
        about = tuple(facts.subjects(rule))
        return Coverage(rule.id, title, Status.NOT_ASSESSED, 0, 0, 0, 0, reason, _lacks(facts, rule), about=about, lead=lead)
    told = {verdict.contestant_id for verdict in judged.verdicts}
    subjects = facts.subjects(rule)
    missed = judged.silent if others is None else {**dict.fromkeys(subjects, None), **judged.silent}
    silent = {cid: Gap(cid, why, others) for cid, why in missed.items() if cid not in told}
    silent |= {cid: Gap(cid, why) for cid, why in unknown.items()}
    partly = {cid: Gap(cid, why, others) for cid, why in missed.items() if cid in told and cid not in unknown}
    unread = {cid: Gap(cid, why) for cid, why in judged.unread.items() if cid not in silent}
    breached, undetermined, leads = (_with_outcome(judged, one) for one in (Outcome.BREACH, Outcome.UNDETERMINED, Outcome.LEAD))
    undetermined -= breached
    return Coverage(
        rule=rule.id,
        title=title,
        status=Status.ASSESSED,
        subjects=len(subjects),
        kept=len(subjects) - len(breached) - len(undetermined) - len(leads) - len(silent),
        breaches=len(breached),
        undetermined=len(undetermined),
        reason=None,
        not_assessed_for=_in_order(silent),
        partly_not_assessed_for=_in_order(partly),
        unread_for=_in_order(unread),
        about=tuple(subjects),
        lead=lead,
    )


def _lacks(facts: Facts, rule: Rule) -> tuple[str, ...]:
    return tuple(str(one) for one in facts.lacks(rule))


def _in_order(gaps: Mapping[str, Gap]) -> tuple[Gap, ...]:
    return tuple(gaps[cid] for cid in sorted(gaps))


def _with_outcome(judged: Judged, outcome: Outcome) -> set[str]:
    return {v.contestant_id for v in judged.verdicts if v.outcome is outcome and v.contestant_id is not None}


def sums_of(rules: Sequence[Rule], judged: Mapping[str, Judged], coverage: Sequence[Coverage]) -> dict[str, dict[str, Decimal]]:
    """The sums of the assessed rules that have one, in the election's currency, by contestant and rule; of nobody of whom the rule could
    say nothing."""
    covered = {one.rule: one for one in coverage}
    totals: dict[str, dict[str, Decimal]] = {}
    for rule in filter(has_totals, rules):
        silent = {gap.contestant_id for gap in covered[rule.id].not_assessed_for}
        for cid in covered[rule.id].about:
            if cid not in silent:
                totals.setdefault(cid, {})[rule.id] = judged[rule.id].totals.get(cid, ZERO)
    return totals
