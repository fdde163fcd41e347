"""All rules over one filing: run the statements, judge the sums, fetch the evidence, and say what could not be assessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from auditor.check.engine import Engine
from auditor.check.evidence import Evidence, statements
from auditor.check.facts import Facts, unknown_day
from auditor.check.verdicts import Judged, Rows, Verdict, has_totals, judge
from auditor.model import Coverage, Crossing, Line, Outcome, Place, Status
from auditor.rulebook.compile import Statement, UnknownDay, compile_rule
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule

Say = Callable[..., str]


@dataclass(frozen=True)
class Assessed:
    """One verdict with its rows."""

    rule: Rule
    verdict: Verdict
    lines: Sequence[Line]
    crossing: Crossing | None


@dataclass(frozen=True)
class Assessment:
    """Everything that the rules said, and what they could not say."""

    found: Sequence[Assessed]
    coverage: Sequence[Coverage]
    totals: Mapping[str, Mapping[str, Decimal]]


def assess(
    rulebook: Rulebook,
    rules: Sequence[Rule],
    facts: Facts,
    engine: Engine,
    files: Sequence[tuple[str, str | None]],
    register_places: Mapping[str, Place],
    lang: str,
    say: Say,
) -> Assessment:
    """Apply every rule. A rule that raises stops the audit: nothing is ever passed over in silence."""
    compiled: dict[str, Statement] = {}
    reasons: dict[str, str] = {}
    for rule in rules:
        reason = facts.missing(rule, say)
        if reason is None:
            try:
                compiled[rule.id] = compile_rule(rulebook, rule)
            except UnknownDay as missing:
                reason = unknown_day(rulebook, missing.event, lang, say)
        if reason is not None:
            reasons[rule.id] = reason
    assessed = [rule for rule in rules if rule.id in compiled]
    sums = dict(zip((rule.id for rule in assessed), engine.run([compiled[rule.id].sql for rule in assessed]), strict=True))
    silent = {rule.id: facts.not_assessed_for(rule, say) for rule in assessed}
    judged = {rule.id: _about(judge(rulebook, rule, sums[rule.id], facts), facts, rule, silent[rule.id]) for rule in assessed}
    wanted, tables = statements(compiled, {code: one.verdicts for code, one in judged.items()})
    fetched = dict(zip(wanted, engine.run(list(wanted.values()), tables), strict=True)) if wanted else {}
    evidence = {code: Evidence(lines, files) for code, lines in fetched.items()}
    found: list[Assessed] = []
    for rule in assessed:
        for verdict in judged[rule.id].verdicts:
            if verdict.rows is Rows.REGISTER:
                place = register_places[verdict.contestant_id]
                found.append(Assessed(rule, verdict, [Line(place, None, None, None, None, None, None, None, None)], None))
            else:
                found.append(Assessed(rule, verdict, *evidence[rule.id].of(verdict)))
    coverage = [_coverage(rule, facts, judged.get(rule.id), reasons.get(rule.id), silent.get(rule.id, {}), lang) for rule in rules]
    return Assessment(found, coverage, _totals(rules, facts, judged, silent))


def _about(judged: Judged, facts: Facts, rule: Rule, silent: Mapping[str, str]) -> Judged:
    """Only verdicts on contestants whom the rule is about and of whom it can say something."""
    subjects = set(facts.subjects(rule)) - set(silent)
    return Judged([v for v in judged.verdicts if v.contestant_id in subjects], judged.totals)


def _coverage(rule: Rule, facts: Facts, judged: Judged | None, reason: str | None, silent: Mapping[str, str], lang: str) -> Coverage:
    title = rule.title.in_(lang)
    if judged is None:
        return Coverage(rule.id, title, Status.NOT_ASSESSED, 0, 0, 0, 0, reason)
    subjects = facts.subjects(rule)
    breached = {v.contestant_id for v in judged.verdicts if v.outcome is Outcome.BREACH}
    undetermined = {v.contestant_id for v in judged.verdicts if v.outcome is Outcome.UNDETERMINED} - breached
    kept = len(subjects) - len(breached) - len(undetermined) - len(silent)
    return Coverage(
        rule.id, title, Status.ASSESSED, len(subjects), kept, len(breached), len(undetermined), None, tuple(sorted(silent.items()))
    )


def _totals(
    rules: Sequence[Rule], facts: Facts, judged: Mapping[str, Judged], silent: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, Decimal]]:
    totals: dict[str, dict[str, Decimal]] = {}
    for rule in rules:
        if rule.id in judged and has_totals(rule):
            for cid in facts.subjects(rule):
                if cid not in silent[rule.id]:
                    totals.setdefault(cid, {})[rule.id] = judged[rule.id].totals.get(cid, Decimal("0.00"))
    return totals
