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
from auditor.rulebook.values import as_value
from auditor.yaml_files.faults import Faults, nearest
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
        _known(faults, ("election", ""), ("reporting_periods", n, "source"), period.source, named["legal_basis"], "legal basis")
        if period.to < period.from_:
            faults.at("election", "", ("reporting_periods", n), f"it ends on {period.to}, before it begins on {period.from_}.")
        if period.to in (before.to for before in election.reporting_periods[:n]):  # by which findings tell them apart
            faults.at("election", "", ("reporting_periods", n), f"another period ends on {period.to} too.")
    for name, event in named["events"].items():
        _known(faults, ("events", name), ("source",), event.source, named["legal_basis"], "legal basis")
    for name, phrase in named["phrases"].items():
        for lang in LANGUAGES:
            _placeholders(faults, name, lang, phrase.in_(lang))
    for name in REQUIRED_PHRASES:
        if name not in named["phrases"]:
            sentence = f"the phrase {name!r} is missing; every rulebook needs it for what cannot be determined."
            if (near := closest(name, named["phrases"], 0.8)) is not None:
                faults.at("phrases", near, (), f"{sentence} Was {near!r} meant?")
            else:
                faults.extend([f"phrases: {sentence}"])
    form(faults, vocabulary, named)
    for rule in rules:
        RuleLint(faults, rule, vocabulary, named, {r.id: r for r in rules}, election).run()


def lint_obligations(faults: Faults, rules: Sequence[Rule], obligations: Sequence[LegalObligation]) -> None:
    """Obligations name rules that exist; and where a rulebook has them, every rule that rests on a source is named by one."""
    known = {rule.id for rule in rules}
    for n, obligation in enumerate(obligations):
        for m, code in enumerate(obligation.rules):
            if code not in known:
                faults.at("obligations", str(n), ("rules", m), f"there is no rule {code}.{nearest(code, known)}")
    named = {code for obligation in obligations for code in obligation.rules}
    for rule in rules if obligations else ():
        if rule.id not in named and any(basis.confidence is Confidence.STATED for basis in rule.law):
            faults.at("rules", rule.id, ("law",), f"{rule.id}: it rests on the source, and no obligation names it.")


def _parameter(faults: Faults, name: str, parameter: Parameter, election: Election, named: Mapping[str, Mapping[str, Any]]) -> None:
    if parameter.on(election.day) is None:
        faults.at("parameters", name, ("values",), f"no value is in force on {election.day}.")
    begins = [value.from_ for value in parameter.values]
    for n, value in enumerate(parameter.values):
        at: Path_ = ("values", n)
        if value.from_ in begins[:n]:
            faults.at("parameters", name, (*at, "from"), f"another value begins on {value.from_} too; which of them is the law?")
        _known(faults, ("parameters", name), (*at, "source"), value.source, named["legal_basis"], "legal basis")
        if (parameter.unit == "schedule") != bool(value.bands):
            faults.at(
                "parameters", name, at, f"a parameter in {parameter.unit} has {'bands' if parameter.unit == 'schedule' else 'a value'}."
            )
            continue
        if value.bands and min(band.from_ for band in value.bands) != 0:
            faults.at("parameters", name, (*at, "bands"), 'the lowest band must begin from "0", so that every case has a share.')
        if value.value is None:
            continue
        try:
            amount = as_value(parameter.unit, value.value)
        except ValueError as error:
            faults.at("parameters", name, (*at, "value"), f"{value.value!r} is not {error} (unit {parameter.unit}).")
            continue
        if value.of is None or value.multiple is None:
            continue
        if not _known(faults, ("parameters", name), (*at, "of"), value.of, named["parameters"], "parameter"):
            continue
        base = named["parameters"][value.of]
        if base.unit != parameter.unit or parameter.unit != "money":
            faults.at("parameters", name, (*at, "of"), f"{value.of!r} is in {base.unit}, not in money as {name!r} must be.")
            continue
        current = base.on(election.day)
        try:
            one = as_value("money", str(current.value)) if current is not None else None
        except ValueError:
            continue  # said of the other parameter itself
        if one is not None and value.from_ <= election.day and amount != one * value.multiple:
            faults.at(
                "parameters", name, (*at, "value"), f"{amount} is not {value.multiple} × {one} ({value.of}) = {one * value.multiple}."
            )


def _placeholders(faults: Faults, name: str, lang: str, text: str) -> None:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        faults.at("phrases", name, (lang,), f"{error}; a brace that is meant is written twice.")
        return
    for _, field, spec, conversion in parts:
        if field is None:
            continue
        if field not in PLACEHOLDERS:
            faults.at("phrases", name, (lang,), f"{{{field}}} is not filled in.{nearest(field, PLACEHOLDERS)}")
        elif spec or conversion:
            written = "{" + field + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"
            faults.at("phrases", name, (lang,), f"{written}: a placeholder stands alone; its form is that of the language.")


def _known(faults: Faults, thing: tuple[str, str], path: Path_, name: str, known: Mapping[str, Any], what: str) -> bool:
    if name not in known:
        faults.at(*thing, path, f"there is no {what} {name!r}.{nearest(name, known)}")
    return name in known
