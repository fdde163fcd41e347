"""One rule in words: what a lawyer checks against the law."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.rulebook.parameters_of_rules import IN_BRACKETS, IN_NUMBERS, MULTIPLE, events_of, parameters_of
from auditor.wording import Words

_FOOTNOTE = re.compile(r"\bfn ([0-9]+)")


def describe(rulebook: Rulebook, rule: Rule, words: Words) -> str:
    """Title, criteria, numbers with their source, legal basis with confidence, needs."""
    return "\n".join(_lines(rulebook, rule, words))


def criteria_of(rulebook: Rulebook, rule: Rule, words: Words) -> str:
    """What the rule asks for, with its numbers and days as they are in this audit: those set by hand too."""
    filled = {name: _on(rulebook, name, words) for name in events(rulebook, rule)}
    for name in parameters(rulebook, rule):
        if rulebook.parameters[name].unit not in IN_NUMBERS:
            continue
        value, of = rulebook.number(name), rulebook.current(name).of
        filled[name] = words.number(value)
        if of is not None and rulebook.number(of):
            multiple = (Decimal(value) / rulebook.number(of)).quantize(Decimal("0.01"))
            if multiple * rulebook.number(of) == value:  # an amount set by hand need be no such multiple, and none is named then
                filled[name + MULTIPLE] = words.number(multiple)
    text = IN_BRACKETS.sub(lambda found: found.group() if found[1] + MULTIPLE in filled else "", rule.criteria.in_(words.lang))
    return text.format_map(filled)


def matrix(rulebook: Rulebook, words: Words) -> Iterator[tuple[str, str, Sequence[Rule], str | None]]:
    """Where the source says it, what it says, the rules that test it, and why it is not tested or not wholly; then the rules that
    rest on no sentence of the source, under their own basis."""
    rules, lang = {rule.id: rule for rule in rulebook.rules}, words.lang
    for obligation in rulebook.obligations:
        why = obligation.untested.in_(lang) if obligation.untested is not None else None
        yield (
            _FOOTNOTE.sub(lambda found: words("rules.footnote", n=found[1]), obligation.at),
            obligation.says.in_(lang),
            [rules[code] for code in obligation.rules if code in rules],
            why,
        )
    named = {code for obligation in rulebook.obligations for code in obligation.rules}
    others: dict[str, list[Rule]] = {}
    for rule in rulebook.rules:
        if rule.id not in named:
            others.setdefault(rule.law[0].source, []).append(rule)
    for source, several in others.items():
        yield "–", rulebook.legal_basis[source].in_(lang), several, None


def _lines(rulebook: Rulebook, rule: Rule, words: Words) -> Iterator[str]:
    def basis(source: str) -> str:
        return rulebook.legal_basis[source].in_(words.lang)

    def sure(confidence: str) -> str:
        return words(f"common.confidence_{confidence}")

    yield f"{rule.id}   {rule.title.in_(words.lang)}"
    yield f"  {criteria_of(rulebook, rule, words)}"
    weight = {
        "severity": words(f"common.weight_{rule.severity}"),
        "respondent": words(f"common.respondent_{rule.respondent}"),
        "since": words.day(rule.in_force.from_),
    }
    if rule.check.is_lead:
        yield "  " + words("rules.weight_lead", since=weight["since"])
    elif rule.in_force.to:
        yield "  " + words("rules.weight_until", **weight, until=words.day(rule.in_force.to))
    else:
        yield "  " + words("rules.weight", **weight)
    if rule.applies_to:
        yield "  " + words("rules.applies_to", contest=words(f"report.contest_{rule.applies_to}"))
    for name in parameters(rulebook, rule):
        current, unit = rulebook.current(name), rulebook.parameters[name].unit
        value = current.value or ", ".join(words("rules.band", start=band.from_, share=words.number(band.share)) for band in current.bands)
        multiple = f" = {current.multiple} × {rulebook.parameters[current.of].title.in_(words.lang)}" if current.of else ""
        told = value if unit == "schedule" else f"{_counted(rulebook, name, str(value), words)}{multiple}"
        where = {"confidence": sure(current.confidence), "basis": basis(current.source)}
        known_as = f"{rulebook.parameters[name].title.in_(words.lang)} ({name})"
        yield "  " + words("rules.parameter", name=known_as, value=told, since=words.day(current.from_), **where)
    for name in events(rulebook, rule):
        event = rulebook.events[name]
        known_as = f"{event.title.in_(words.lang)} ({name})"
        where = {"confidence": sure(event.confidence), "basis": basis(event.source)}
        yield "  " + words("rules.event", name=known_as, day=words.day(event.day) if event.day else words("rules.event_unknown"), **where)
    for law in rule.law:
        yield "  " + words("rules.law", confidence=sure(law.confidence), basis=basis(law.source))
    if rule.reading and rule.reading not in {law.source for law in rule.law}:
        yield f"  {basis(rule.reading)}"
    yield "  " + (words("rules.needs", columns=", ".join(rule.needs)) if rule.needs else words("rules.needs_required"))


def in_force(rulebook: Rulebook, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """The parameters of a rule with their value in this audit, overrides too, and unit; of a schedule its bands."""
    for name in parameters(rulebook, rule):
        unit = _unit(rulebook, name, "en")
        if unit == "schedule":
            yield name, ", ".join(f"from {band.from_}: {band.share}" for band in rulebook.bands(name)), unit
        else:
            yield name, str(rulebook.value(name)), unit


def _counted(rulebook: Rulebook, name: str, value: str, words: Words) -> str:
    """A value of the law with what it counts, in words."""
    match rulebook.parameters[name].unit:
        case "money":
            return f"{words.money(Decimal(value))} {_unit(rulebook, name, words.lang)}"
        case "percent":
            return f"{words.number(Decimal(value))} %"
        case "days":
            return words("report.unit_days", n=int(value), count=words.count(int(value)))
        case "count":
            return words.count(int(value))
    return value


def _on(rulebook: Rulebook, event: str, words: Words) -> str:
    """The day of an event; of one that is not known, the event, and that it is not."""
    day = rulebook.day(event)
    return f"[{rulebook.events[event].title.in_(words.lang)}: {words('rules.event_unknown')}]" if day is None else words.day(day)


def _unit(rulebook: Rulebook, name: str, lang: str) -> str:
    unit = rulebook.parameters[name].unit
    return rulebook.election.currency.in_(lang) if unit == "money" else unit


def events(rulebook: Rulebook, rule: Rule) -> list[str]:
    """The names of the events that a rule goes by, those of the rules it rests on too."""
    return events_of(rule, {one.id: one for one in rulebook.rules})


def parameters(rulebook: Rulebook, rule: Rule) -> list[str]:
    """The names of the parameters that a rule asks for, those of the rules it rests on too."""
    return parameters_of(rule, {one.id: one for one in rulebook.rules})
