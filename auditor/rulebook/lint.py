"""What a rulebook must keep beyond its form: names that exist, units that fit, amounts that are their multiple."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.closest import closest
from auditor.languages import LANGUAGES
from auditor.model.finding import Confidence
from auditor.rulebook.lint_form import form
from auditor.rulebook.lint_rules import RuleLint
from auditor.rulebook.models import Election, LegalObligation, Parameter, Rule, StatedVocabulary
from auditor.rulebook.values import EXPECTED, as_value
from auditor.wording import refusal
from auditor.yaml_files.faults import Faults
from auditor.yaml_files.source import Path_

# What findings.py fills in.
PLACEHOLDERS = ("measured", "limit", "excess", "subject", "count", "reason", "funds")
# Those that findings.py asks for by name, whatever the rule.
REQUIRED_PHRASES = ("undetermined", "fact_missing", "amount_unreadable", "since_remedied", "correct_line")


def lint_together(
    faults: Faults,
    rules: list[Rule],
    election: Election,
    vocabulary: StatedVocabulary,
    named: Mapping[str, Mapping[str, Any]],
) -> None:
    """Everything that one file alone cannot show."""
    for name, parameter in named["parameters"].items():
        _parameter(faults, name, parameter, election, named)
    for n, period in enumerate(election.reporting_periods):
        _known(faults, ("election", ""), ("reporting_periods", n, "source"), period.source, named["legal_basis"], "lint.no_basis")
        if period.to < period.from_:
            faults.at("election", "", ("reporting_periods", n), refusal("lint.ends_before", to=period.to, start=period.from_))
        if period.to in (before.to for before in election.reporting_periods[:n]):  # by which findings tell them apart
            faults.at("election", "", ("reporting_periods", n), refusal("lint.period_twice", to=period.to))
    for name, event in named["events"].items():
        _known(faults, ("events", name), ("source",), event.source, named["legal_basis"], "lint.no_basis")
    for name, phrase in named["phrases"].items():
        for lang in LANGUAGES:
            _placeholders(faults, name, lang, phrase.in_(lang))
    for name in REQUIRED_PHRASES:
        if name not in named["phrases"]:
            missing = refusal("lint.phrase_missing", phrase=repr(name))
            if (near := closest(name, named["phrases"], 0.8)) is not None:
                faults.at("phrases", near, (), refusal("lint.was_it", said=missing, word=repr(near)))
            else:
                faults.extend([refusal("lint.of", name="phrases", said=missing)])
    form(faults, vocabulary, named)
    for rule in rules:
        RuleLint(faults, rule, vocabulary, named, {r.id: r for r in rules}, election).run()


def lint_obligations(faults: Faults, rules: Sequence[Rule], obligations: Sequence[LegalObligation]) -> None:
    """Obligations name rules that exist; and where a rulebook has them, every rule that rests on a source is named by one."""
    known = {rule.id for rule in rules}
    for n, obligation in enumerate(obligations):
        for m, code in enumerate(obligation.rules):
            if code not in known:
                faults.at("obligations", str(n), ("rules", m), refusal("lint.no_rule", near=closest(code, known), code=code))
    named = {code for obligation in obligations for code in obligation.rules}
    for rule in rules if obligations else ():
        if rule.id not in named and any(basis.confidence is Confidence.STATED for basis in rule.law):
            faults.at("rules", rule.id, ("law",), refusal("lint.no_obligation", rule=rule.id))


def _parameter(faults: Faults, name: str, parameter: Parameter, election: Election, named: Mapping[str, Mapping[str, Any]]) -> None:
    if parameter.on(election.day) is None:
        faults.at("parameters", name, ("values",), refusal("lint.no_value", day=election.day))
    begins = [value.from_ for value in parameter.values]
    for n, value in enumerate(parameter.values):
        at: Path_ = ("values", n)
        if value.from_ in begins[:n]:
            faults.at("parameters", name, (*at, "from"), refusal("lint.value_twice", start=value.from_))
        _known(faults, ("parameters", name), (*at, "source"), value.source, named["legal_basis"], "lint.no_basis")
        if (parameter.unit == "schedule") != bool(value.bands):
            faults.at(
                "parameters", name, at, refusal("lint.has_bands" if parameter.unit == "schedule" else "lint.has_value", unit=parameter.unit)
            )
            continue
        if value.bands and min(band.from_ for band in value.bands) != 0:
            faults.at("parameters", name, (*at, "bands"), refusal("lint.lowest_band"))
        if value.value is None:
            continue
        try:
            amount = as_value(parameter.unit, value.value)
        except ValueError:
            expected = refusal(EXPECTED[parameter.unit])
            faults.at(
                "parameters",
                name,
                (*at, "value"),
                refusal("lint.not_of_unit", value=repr(value.value), expected=expected, unit=parameter.unit),
            )
            continue
        if value.of is None or value.multiple is None:
            continue
        if not _known(faults, ("parameters", name), (*at, "of"), value.of, named["parameters"], "lint.no_parameter"):
            continue
        base = named["parameters"][value.of]
        if base.unit != parameter.unit or parameter.unit != "money":
            faults.at("parameters", name, (*at, "of"), refusal("lint.not_in_money", base=repr(value.of), unit=base.unit, name=repr(name)))
            continue
        current = base.on(election.day)
        try:
            one = as_value("money", str(current.value)) if current is not None else None
        except ValueError:
            continue  # said of the other parameter itself
        if one is not None and value.from_ <= election.day and amount != one * value.multiple:
            product = refusal(
                "lint.no_multiple", amount=amount, multiple=value.multiple, one=one, base=value.of, product=one * value.multiple
            )
            faults.at("parameters", name, (*at, "value"), product)


def _placeholders(faults: Faults, name: str, lang: str, text: str) -> None:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        faults.at("phrases", name, (lang,), refusal("lint.brace"))
        return
    for _, field, spec, conversion in parts:
        if field is None:
            continue
        if field not in PLACEHOLDERS:
            faults.at("phrases", name, (lang,), refusal("lint.not_filled_in", near=closest(field, PLACEHOLDERS), field=f"{{{field}}}"))
        elif spec or conversion:
            written = "{" + field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"
            faults.at("phrases", name, (lang,), refusal("lint.placeholder_alone", field=written))


def _known(faults: Faults, thing: tuple[str, str], path: Path_, name: str, known: Mapping[str, Any], said: str) -> bool:
    if name not in known:
        faults.at(*thing, path, refusal(said, near=closest(name, known), name=repr(name)))
    return name in known
