"""All rules over one filing: run the statements, judge the sums, fetch the evidence, and say what could not be assessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from auditor.check.case import Case, row_alone
from auditor.check.engine import Engine
from auditor.check.evidence import Evidence, statements
from auditor.check.facts import Facts, unknown_day
from auditor.check.judge import heard
from auditor.check.verdicts import Judged, Rows, Verdict, has_totals
from auditor.model.coverage import Coverage, Status
from auditor.model.finding import Crossing, Line, Outcome
from auditor.model.place import Place
from auditor.rulebook.models import Rule
from auditor.rulebook.sql import Statement, UnknownDay
from auditor.rulebook.statements import compile_rule


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


def assess(case: Case, rules: Sequence[Rule], engine: Engine, register_places: Mapping[str, Place], lang: str) -> Assessment:
    """Apply every rule. A rule that raises stops the audit: nothing is ever passed over in silence."""
    facts, say = case.facts, case.say
    compiled: dict[str, Statement] = {}
    reasons: dict[str, str] = {}
    for rule in rules:
        reason = facts.missing(rule, say)
        if reason is None:
            try:
                _days_known(case, rule)
                statement = compile_rule(case.rulebook, rule)
                if statement is not None:
                    compiled[rule.id] = statement
            except UnknownDay as missing:
                reason = unknown_day(case.rulebook, missing.event, lang, say)
        if reason is not None:
            reasons[rule.id] = reason
    assessed = [rule for rule in rules if rule.id not in reasons]
    sums = dict(zip(compiled, engine.run([statement.query for statement in compiled.values()]), strict=True))
    unknown = {rule.id: facts.not_assessed_for(rule, say) for rule in assessed}
    judged: dict[str, Judged] = {}
    for rule in assessed:
        said = heard(case, rule, sums.pop(rule.id, None))
        said = replace(said, silent={**facts.not_seen(rule, say), **said.silent}, unread=_joined(said.unread, facts.unread(rule, say)))
        judged[rule.id] = _about(said, facts, rule, unknown[rule.id])
    wanted, tables = statements(compiled, {code: judged[code].verdicts for code in compiled})
    fetched = dict(zip(wanted, engine.run(list(wanted.values()), tables), strict=True)) if wanted else {}
    evidence = {code: Evidence(lines, case.files) for code, lines in fetched.items()}
    found: list[Assessed] = []
    silent: dict[str, Mapping[str, str]] = {}
    partly: dict[str, Mapping[str, str]] = {}
    for rule in assessed:
        unfit = {case.files[number] for number in facts.unfit_files(rule)}
        certain = []
        for verdict in judged[rule.id].verdicts:
            if verdict.rows is Rows.GIVEN:
                one = Assessed(rule, verdict, verdict.lines, None)
            elif verdict.rows is Rows.REGISTER:
                told_by = {name: facts.fact(verdict.contestant_id or "", name) for name in rule.check.facts_told()}
                one = Assessed(rule, verdict, [row_alone(register_places[verdict.contestant_id or ""], facts=told_by)], None)
            else:
                one = Assessed(rule, verdict, *evidence[rule.id].of(verdict))
            if not any(line.place.table == "reports" and (line.place.file, line.place.sheet) in unfit for line in one.lines):
                certain.append(one)
        if rule.id in compiled and len(certain) < len(judged[rule.id].verdicts):
            told = {(one.verdict.contestant_id, one.verdict.subject) for one in certain}
            beside = _beside_unfit(case, rule, compiled[rule.id], engine, unknown[rule.id])
            certain += [one for one in beside if (one.verdict.contestant_id, one.verdict.subject) not in told]
        found += certain
        judged[rule.id] = replace(judged[rule.id], verdicts=[one.verdict for one in certain])
        silent[rule.id], partly[rule.id] = _unsaid(judged[rule.id], unknown[rule.id])
    coverage = [
        _coverage(rule, facts, judged.get(rule.id), reasons.get(rule.id), silent.get(rule.id, {}), partly.get(rule.id, {}), lang)
        for rule in rules
    ]
    return Assessment(found, coverage, _totals(rules, facts, judged, silent))


def _beside_unfit(case: Case, rule: Rule, statement: Statement, engine: Engine, unknown: Mapping[str, str]) -> list[Assessed]:
    """The breaches that stand whatever the files show that lack a column of the rule: without their lines, but for those of the kinds that
    are deducted (money given back, or transferred to the budget) and of unknown kind, which may cure one."""
    if not rule.check.only_raised:
        return []
    unfit = case.facts.unfit_files(rule)
    may_cure = pl.col("kind").is_null() | pl.col("kind").is_in(rule.check.deducted())
    again = engine.over(case.books.filter(~pl.col("file").is_in(list(unfit)) | may_cure))
    judged = _about(heard(case, rule, again.run([statement.query])[0]), case.facts, rule, unknown)
    verdicts = [one for one in judged.verdicts if one.outcome is Outcome.BREACH]
    wanted, tables = statements({rule.id: statement}, {rule.id: verdicts})
    fetched = dict(zip(wanted, again.run(list(wanted.values()), tables), strict=True)) if wanted else {}
    evidence = {code: Evidence(lines, case.files) for code, lines in fetched.items()}
    return [Assessed(rule, one, *evidence[rule.id].of(one)) for one in verdicts]


def _joined(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """The reasons of both."""
    return {cid: "; ".join(filter(None, (one.get(cid), other.get(cid)))) for cid in {**one, **other}}


def _days_known(case: Case, rule: Rule) -> None:
    """Raise UnknownDay for a rule about an event whose day nobody has given."""
    event = getattr(rule.check, "event", None)
    if event is not None and case.rulebook.day(event) is None:
        raise UnknownDay(event)


def _about(judged: Judged, facts: Facts, rule: Rule, unknown: Mapping[str, str]) -> Judged:
    """Only what is said of contestants whom the rule is about and of whom it can say something, or of nobody alone."""
    subjects = set(facts.subjects(rule))
    verdicts = [v for v in judged.verdicts if v.contestant_id is None or (v.contestant_id in subjects and v.contestant_id not in unknown)]
    silent, unread = (
        {cid: why for cid, why in told.items() if cid in subjects and cid not in unknown} for told in (judged.silent, judged.unread)
    )
    return Judged(verdicts, judged.totals, silent, unread)


def _unsaid(judged: Judged, unknown: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Of whom a rule can say nothing; and of whom something was found, though not everything could be assessed."""
    told = {verdict.contestant_id for verdict in judged.verdicts}
    partly = {cid: why for cid, why in judged.silent.items() if cid in told}
    return {**{cid: why for cid, why in judged.silent.items() if cid not in told}, **unknown}, partly


def _coverage(
    rule: Rule,
    facts: Facts,
    judged: Judged | None,
    reason: str | None,
    silent: Mapping[str, str],
    partly: Mapping[str, str],
    lang: str,
) -> Coverage:
    title, lead = rule.title.in_(lang), rule.check.is_lead
    if judged is None:
        return Coverage(rule.id, title, Status.NOT_ASSESSED, 0, 0, 0, 0, reason, lead=lead)
    subjects = facts.subjects(rule)
    breached = {v.contestant_id for v in judged.verdicts if v.outcome is Outcome.BREACH}
    undetermined = {v.contestant_id for v in judged.verdicts if v.outcome is Outcome.UNDETERMINED} - breached
    leads = {v.contestant_id for v in judged.verdicts if v.outcome is Outcome.LEAD}
    breached, undetermined, leads = (found - {None} for found in (breached, undetermined, leads))
    kept = len(subjects) - len(breached) - len(undetermined) - len(leads) - len(silent)
    return Coverage(
        rule.id,
        title,
        Status.ASSESSED,
        len(subjects),
        kept,
        len(breached),
        len(undetermined),
        None,
        tuple(sorted(silent.items())),
        tuple(sorted(partly.items())),
        tuple(sorted((cid, why) for cid, why in judged.unread.items() if cid not in silent)),
        tuple(subjects),
        lead,
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
