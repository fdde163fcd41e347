"""Verdicts → findings: their keys, their order, and their sentences in the language of the audit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from auditor.check.assess import Assessed
from auditor.check.verdicts import Rows, Verdict
from auditor.identifiers import key_of_name
from auditor.masking import LONGEST_NAME, mask_anywhere, shortened
from auditor.model.finding import REGISTER_FACT, Finding, Law, Line, Outcome, funds_of
from auditor.rulebook.describe import criteria_of
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.rulebook.parts import GIVER
from auditor.tables import columns
from auditor.wording import Words


def findings(rulebook: Rulebook, found: Sequence[Assessed], words: Words) -> list[Finding]:
    """All findings in the order of the contract."""
    return sorted((_finding(rulebook, one, words) for one in found), key=lambda finding: finding.place_in_order)


def key_of(election: str, rule: str, contestant_id: str | None, subject: str | None) -> str:
    """The same for the same rule, contestant and subject in every filing, so that a finding can be followed.

    For working papers only: it is a plain hash, and a published page needs one that is keyed with the election's secret.
    """
    parts = "\x1f".join(("" if part is None else "=" + part) for part in (election, rule, contestant_id, subject))
    return f"{rule}-{hashlib.sha256(parts.encode()).hexdigest()[:12]}"


def _finding(rulebook: Rulebook, one: Assessed, words: Words) -> Finding:
    rule, verdict, lang = one.rule, one.verdict, words.lang
    phrase, said = _sentence(rulebook, rule, verdict, one.lines, words)
    law = [Law(rulebook.legal_basis[basis.source].in_(lang), basis.confidence) for basis in rule.law]
    return Finding(
        key=key_of(rulebook.election.id, rule.id, verdict.contestant_id, verdict.subject),
        rule=rule.id,
        outcome=verdict.outcome,
        severity=verdict.severity,
        remedied=verdict.remedied,
        respondent=rule.respondent,
        contestant_id=verdict.contestant_id,
        subject=verdict.subject,
        measured=verdict.measured,
        limit=verdict.limit,
        excess=verdict.excess,
        lines=[_line_in_words(line, rulebook, words) for line in one.lines],
        crossing=one.crossing,
        title=rule.title.in_(lang),
        criteria=criteria_of(rulebook, rule, words),
        message=phrase.format(**said),
        action=rulebook.phrases[_action(rule, verdict)].in_(lang),
        law=law,
        reading=rulebook.legal_basis[rule.reading].in_(lang) if rule.reading is not None else None,
        last_day_over=verdict.last_day_over,
        phrase=phrase,
        said=said,
        unit=rule.check.unit,
    )


def _line_in_words(line: Line, rulebook: Rulebook, words: Words) -> Line:
    """A row with its facts, columns and codes, as they are told to people."""
    if not line.facts:
        return line
    return replace(line, facts=tuple(_fact(line.place.table, name, value, rulebook, words) for name, value in line.facts))


def _fact(table: str, name: str, value: object, rulebook: Rulebook, words: Words) -> tuple[str, object]:
    if name == GIVER:
        return words("report.whose_money"), words("report.own_money")
    column = name.removeprefix(REGISTER_FACT)
    of_register = column != name
    table = "contestants" if of_register else table
    label = rulebook.column_label(table, column, words.lang)
    if isinstance(value, str) and (known := columns(table).get(column)) is not None:
        value = rulebook.code_label(known, value, words.lang)
    return words("report.by_register", column=label) if of_register else label, value


def _subject(rulebook: Rulebook, rule: Rule, verdict: Verdict, lines: Sequence[Line], words: Words) -> str:
    """What the finding is about, as people write it: a day with or without an amount, an id by its end, a report and a figure of its face,
    or a name as it was filed; of several donors all of them."""
    subject = verdict.subject
    if subject is None:
        return words("common.nameless")
    report, _, figure = subject.rpartition(" ")
    if report and rule.check.about_a_figure:
        return f"{mask_anywhere(report)} {rulebook.told_column('filings', figure, words.lang)}"
    if rule.check.about_a_day:
        day, _, amount = subject.partition(" ")
        shown = words.day(date.fromisoformat(day))
        return f"{shown}, {words.money(Decimal(amount))} {rulebook.election.currency.in_(words.lang)}" if amount else shown
    filed = {key_of_name(line.name): line.name for line in reversed(lines) if line.name is not None}
    names = [" ".join(filed.get(key, key).split()) for key in verdict.members or (subject,)]
    return shortened(mask_anywhere(" + ".join(names)), LONGEST_NAME)


# Sentences that say of lines that they could not be read.
_OF_UNREAD_LINES = ("undetermined", "amount_unreadable")


def _phrase(rule: Rule, verdict: Verdict) -> str:
    """The sentence by its name: the rule's own, or why nobody can tell."""
    if verdict.outcome is Outcome.UNDETERMINED:
        if verdict.fact_missing:
            return rule.fact_missing
        if verdict.rows is Rows.WITHOUT_AMOUNT:
            return "amount_unreadable"
        if verdict.rows in (Rows.RAISING, Rows.LOWERING, Rows.ALL):
            return "undetermined"
    return rule.message


def _action(rule: Rule, verdict: Verdict) -> str:
    """What to do, by its name: to have the lines corrected that could not be read, or what the rule says."""
    return "correct_line" if _phrase(rule, verdict) in _OF_UNREAD_LINES else rule.action


def _sentence(rulebook: Rulebook, rule: Rule, verdict: Verdict, lines: Sequence[Line], words: Words) -> tuple[str, dict[str, str]]:
    """The sentence with its gaps, and what fills them."""
    phrase = _phrase(rule, verdict)
    # Not the lines beside them that were read, of which the sentence gives the sum.
    unread = [line for line in lines if line.effect is None] if phrase == "undetermined" else lines
    excess = verdict.excess
    if isinstance(excess, Decimal):
        excess = abs(excess)  # the sentences say "short by" and "over by"
    sentence = rulebook.phrases[phrase].in_(words.lang)
    if verdict.remedied and verdict.measured == 0 and all(line.effect is not None for line in lines):
        sentence += " " + rulebook.phrases["since_remedied"].in_(words.lang)
    return sentence, {
        "measured": words.measure(verdict.measured),
        "limit": words.measure(verdict.limit),
        "excess": words.measure(excess),
        "subject": _subject(rulebook, rule, verdict, lines, words),
        "count": words.count(len(unread)),
        "reason": verdict.reason or "",
        "funds": shortened(funds_of(lines), LONGEST_NAME),
    }
