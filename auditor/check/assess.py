"""All rules over one filing: run the statements, judge the sums, fetch the evidence, and say what could not be assessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from auditor.check.case import Case, row_alone
from auditor.check.coverage_of_rules import coverage_of, sums_of
from auditor.check.dispatch import judge_rule
from auditor.check.engine import Engine
from auditor.check.evidence import Evidence, evidence_queries
from auditor.check.facts import unknown_day
from auditor.check.verdicts import Given, Judged, Rows, Verdict, joined
from auditor.model.coverage import Coverage
from auditor.model.finding import Crossing, Line, Outcome
from auditor.model.place import Place
from auditor.rulebook.describe import events
from auditor.rulebook.kinds_of_sums import Limit
from auditor.rulebook.models import Rule
from auditor.rulebook.sql import RuleSql
from auditor.rulebook.sql_of_rule import compile_rule


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
    compiled, reasons = _compiled(case, rules, lang)
    assessable = [rule for rule in rules if rule.id not in reasons]
    unknown = {rule.id: case.facts.not_assessed_for(rule, case.say) for rule in assessable}
    judged = _judged(case, assessable, compiled, engine, unknown)
    evidence = _evidence(case, compiled, {code: judged[code].verdicts for code in compiled}, engine)
    found: list[Assessed] = []
    for rule in assessable:
        seen = [_with_rows(case, rule, verdict, evidence.get(rule.id), register_places) for verdict in judged[rule.id].verdicts]
        certain = _of_fit_files(case, rule, seen)
        if rule.id in compiled and len(certain) < len(seen):
            known = {_whom(one) for one in certain}
            beside = _beside_unfit(case, rule, compiled[rule.id], engine, unknown[rule.id])
            certain += [one for one in beside if _whom(one) not in known]
        found += certain
        judged[rule.id] = replace(judged[rule.id], verdicts=[one.verdict for one in certain])
    coverage = []
    for rule in rules:
        told, why, silent = judged.get(rule.id), reasons.get(rule.id), unknown.get(rule.id, {})
        alone = case.say("check.funds_together") if rule.check.across_funds else None
        covered = coverage_of(rule, case.facts, told, why, silent, lang, others=None if case.whole else alone)
        coverage.append(replace(covered, alone=alone))
    return Assessment(found, coverage, sums_of(assessable, judged, coverage))


def _compiled(case: Case, rules: Sequence[Rule], lang: str) -> tuple[dict[str, RuleSql], dict[str, str]]:
    """The statements of the rules that have one, and why a rule cannot be assessed for anybody."""
    compiled: dict[str, RuleSql] = {}
    reasons: dict[str, str] = {}
    for rule in rules:
        reason = case.facts.missing(rule, case.say)
        unknown = next((event for event in events(case.rulebook, rule) if case.rulebook.day(event) is None), None)
        if reason is None and unknown is not None:
            reason = unknown_day(case.rulebook, unknown, lang, case.say)
        if reason is not None:
            reasons[rule.id] = reason
        elif (statement := compile_rule(case.rulebook, rule)) is not None:
            compiled[rule.id] = statement
    return compiled, reasons


def _judged(
    case: Case, rules: Sequence[Rule], compiled: Mapping[str, RuleSql], engine: Engine, unknown: Mapping[str, Mapping[str, str]]
) -> dict[str, Judged]:
    """What each rule says, by its id; `unknown` are those of whom it can say nothing, with the reason."""
    sums = dict(zip(compiled, engine.run([statement.query for statement in compiled.values()]), strict=True))
    judged: dict[str, Judged] = {}
    for rule in rules:
        said = judge_rule(case, rule, sums.pop(rule.id, None))
        silent = joined(case.facts.not_seen(rule, case.say), said.silent)
        others = [case.rulebook.rule(code) for code in rule.check.speaks_of()]
        broken = {one.contestant_id for one in said.verdicts if one.outcome is Outcome.BREACH and one.contestant_id is not None}
        over = broken if isinstance(rule.check, Limit) else set()
        said = replace(said, silent=silent, unread=joined(said.unread, case.facts.unread(rule, others, over, case.say)))
        judged[rule.id] = _restricted_to_subjects(said, case, rule, unknown[rule.id])
    return judged


def _restricted_to_subjects(judged: Judged, case: Case, rule: Rule, unknown: Mapping[str, str]) -> Judged:
    """Only what is said of contestants whom the rule is about and of whom it can say something, or of nobody alone."""
    subjects = set(case.facts.subjects(rule))
    verdicts = [v for v in judged.verdicts if v.contestant_id is None or (v.contestant_id in subjects and v.contestant_id not in unknown)]
    silent, unread = (
        {cid: why for cid, why in told.items() if cid in subjects and cid not in unknown} for told in (judged.silent, judged.unread)
    )
    return Judged(verdicts, judged.totals, silent, unread)


def _evidence(
    case: Case, compiled: Mapping[str, RuleSql], verdicts: Mapping[str, Sequence[Verdict]], engine: Engine
) -> dict[str, Evidence]:
    """The lines behind what each rule found, where they are lines of the books."""
    wanted, tables = evidence_queries(compiled, verdicts)
    fetched = engine.run(list(wanted.values()), tables) if wanted else []
    return {code: Evidence(case.rulebook.rule(code), lines, case.files) for code, lines in zip(wanted, fetched, strict=True)}


def _with_rows(case: Case, rule: Rule, verdict: Verdict, evidence: Evidence | None, register_places: Mapping[str, Place]) -> Assessed:
    if isinstance(verdict.rows, Given):
        return Assessed(rule, verdict, verdict.rows.lines, None)
    if verdict.rows is Rows.REGISTER:
        cid = verdict.contestant_id or ""
        facts = {name: case.facts.fact(cid, name) for name in rule.check.facts_told()}
        return Assessed(rule, verdict, [row_alone(register_places[cid], facts=facts)], None)
    assert evidence is not None  # fetched for every verdict of other rows
    return Assessed(rule, verdict, *evidence.of(verdict))


def _of_fit_files(case: Case, rule: Rule, found: Sequence[Assessed]) -> list[Assessed]:
    """What rests on no line of a file that lacks a column which the rule needs."""
    unfit = {case.files[number] for number in case.facts.unfit_files(rule)}
    return [
        one
        for one in found
        if not any(line.place.table == "reports" and (line.place.file, line.place.sheet) in unfit for line in one.lines)
    ]


def _whom(one: Assessed) -> tuple[str | None, str | None]:
    return one.verdict.contestant_id, one.verdict.subject


def _beside_unfit(case: Case, rule: Rule, statement: RuleSql, engine: Engine, unknown: Mapping[str, str]) -> list[Assessed]:
    """The breaches that stand whatever is in the files that lack a column of the rule: found without the lines of these files, but with
    those among them that could lower the sum (money given back, and lines of unknown kind), so that none is a breach that they may cure."""
    if not rule.check.only_raised:
        return []
    unfit = case.facts.unfit_files(rule)
    may_cure = pl.col("kind").is_null() | pl.col("kind").is_in(rule.check.deducted())
    again = engine.over(case.books.filter(~pl.col("file").is_in(list(unfit)) | may_cure))
    judged = _restricted_to_subjects(judge_rule(case, rule, again.run([statement.query])[0]), case, rule, unknown)
    verdicts = [one for one in judged.verdicts if one.outcome is Outcome.BREACH]
    evidence = _evidence(case, {rule.id: statement}, {rule.id: verdicts}, again)
    return [Assessed(rule, one, *evidence[rule.id].of(one)) for one in verdicts]
