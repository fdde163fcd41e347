"""What a rulebook must keep beyond its form: names that exist, units that fit, amounts that are their multiple."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from auditor.errors import BadRulebook
from auditor.rulebook.models import (
    Condition,
    DaysBetween,
    Election,
    Fee,
    Forbidden,
    Limit,
    Lines,
    Parameter,
    Reference,
    Rule,
    SameDocument,
    Vocabulary,
    WasOver,
)
from auditor.rulebook.source import Path_, Source
from auditor.rulebook.values import EXPECTED, as_value
from auditor.tables import DERIVED, GIVERS, KINDS, TABLES, columns

PLACEHOLDERS = ("measured", "limit", "excess", "subject", "count")


class Faults:
    """All mistakes at once, each with its place."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self._places: dict[tuple[str, str], tuple[Source, Path_]] = {}

    def add(self, source: Source, path: Path_, sentence: str) -> None:
        """One mistake at a path of a file."""
        self.mistakes.append(f"{source.where(path)}: {sentence}")

    def extend(self, sentences: Iterable[str]) -> None:
        """Mistakes that carry their place already."""
        self.mistakes.extend(sentences)

    def remember(self, part: str, key: str, source: Source, path: Path_) -> None:
        """Where a named thing stands, for mistakes found later."""
        self._places[part, key] = (source, path)

    def at(self, part: str, key: str, path: Path_, sentence: str) -> None:
        """One mistake inside a named thing."""
        source, base = self._places[part, key]
        self.add(source, base + path, sentence)

    def invalid(self, source: Source, error: ValidationError) -> None:
        """pydantic's errors as our sentences."""
        for detail in error.errors(include_url=False):
            path, node = _walk(source, detail["loc"])
            kind, last = detail["type"], str(detail["loc"][-1])
            if kind == "extra_forbidden":
                known = _siblings(source, detail["loc"])
                self.add(source, path, f"{last!r} is not known here.{_nearest(last, known)}")
            elif kind == "missing":
                what = "the translation" if last in ("en", "ru", "kk") else "the key"
                self.add(source, path[:-1] if path and path[-1] == last else path, f"{what} {last!r} is missing.")
            else:
                message = detail["msg"].removeprefix("Value error, ")
                expected = detail.get("ctx", {}).get("expected")
                options = [word.strip("' ") for word in str(expected).replace(" or ", ", ").split(",")] if expected else []
                shown = repr(node) if isinstance(node, str) else "this"
                self.add(source, path, f"{shown}: {message}.{_nearest(str(node), options)}")

    def raise_if_any(self) -> None:
        """Raise BadRulebook with every mistake, each once."""
        if self.mistakes:
            raise BadRulebook(*dict.fromkeys(self.mistakes))


def check(
    faults: Faults,
    rules: list[Rule],
    election: Election,
    vocabulary: Vocabulary,
    named: Mapping[str, Mapping[str, Any]],
) -> None:
    """Everything that one file alone cannot show."""
    for name, parameter in named["parameters"].items():
        _parameter(faults, name, parameter, election, named)
    for name, event in named["events"].items():
        _known(faults, ("events", name), ("source",), event.source, named["legal_basis"], "legal basis")
    for name, phrase in named["phrases"].items():
        for lang in ("en", "ru", "kk"):
            for _, field, _, _ in string.Formatter().parse(phrase.in_(lang)):
                if field is not None and field not in PLACEHOLDERS:
                    faults.at("phrases", name, (lang,), f"{{{field}}} is not filled in.{_nearest(field, PLACEHOLDERS)}")
    for rule in rules:
        _RuleCheck(faults, rule, vocabulary, named, {r.id for r in rules}).run()


def _parameter(faults: Faults, name: str, parameter: Parameter, election: Election, named: Mapping[str, Mapping[str, Any]]) -> None:
    if not any(value.from_ <= election.day for value in parameter.values):
        faults.at("parameters", name, ("values",), f"no value is in force on {election.day}.")
    for n, value in enumerate(parameter.values):
        at: Path_ = ("values", n)
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
        if base.unit != parameter.unit or parameter.unit != "KZT":
            faults.at("parameters", name, (*at, "of"), f"{value.of!r} is in {base.unit}, not in KZT as {name!r} must be.")
            continue
        current = [v for v in base.values if v.from_ <= election.day]
        one = as_value("KZT", str(max(current, key=lambda v: v.from_).value)) if current else None
        if one is not None and value.from_ <= election.day and amount != one * value.multiple:
            faults.at(
                "parameters", name, (*at, "value"), f"{amount} is not {value.multiple} × {one} ({value.of}) = {one * value.multiple}."
            )


class _RuleCheck:
    def __init__(self, faults: Faults, rule: Rule, vocabulary: Vocabulary, named: Mapping[str, Mapping[str, Any]], codes: set[str]) -> None:
        self.faults, self.rule, self.vocabulary, self.named, self.codes = faults, rule, vocabulary, named, codes

    def run(self) -> None:
        rule = self.rule
        self._name(("message",), rule.message, "phrases", "phrase")
        self._name(("action",), rule.action, "phrases", "phrase")
        if rule.reading is not None:
            self._name(("reading",), rule.reading, "legal_basis", "legal basis")
        for n, basis in enumerate(rule.law):
            self._name(("law", n, "source"), basis.source, "legal_basis", "legal basis")
        for n, need in enumerate(rule.needs):
            self._need(("needs", n), need)
        check = rule.check
        for side in ("adds", "less", "lines", "paid", "claimed"):
            for n, lines in enumerate(getattr(check, side, ())):
                self._lines(("check", side, n), lines)
        if isinstance(check, Limit):
            self._parameter(("check", "limit"), check.limit, "KZT" if check.measure == "amount" else "count")
        elif isinstance(check, Forbidden):
            for side in ("breach_if", "kept_if"):
                for n, condition in enumerate(getattr(check, side)):
                    self._condition(("check", side, n), condition, table="contestants")
        elif isinstance(check, WasOver):
            for n, code in enumerate(check.rules):
                if code not in self.codes:
                    self._fault(("check", "rules", n), f"there is no rule {code}.{_nearest(code, self.codes)}")
        elif isinstance(check, Fee):
            self._parameter(("check", "fee"), check.fee, "KZT")
            self._parameter(("check", "schedule"), check.schedule, "schedule")
            for at, fact in ((("check", "by"), check.by), *((("check", "times", c), f) for c, f in check.times.items())):
                self._fact(at, fact)
        elif isinstance(check, DaysBetween):
            self._fact(("check", "first"), check.first)
            self._fact(("check", "then"), check.then)
        elif isinstance(check, SameDocument):
            for n, column in enumerate(check.columns):
                self._column(("check", "columns", n), column, "reports")

    def _fault(self, path: Path_, sentence: str) -> None:
        self.faults.at("rules", self.rule.id, path, f"{self.rule.id}: {sentence}")

    def _name(self, path: Path_, name: str, part: str, what: str) -> None:
        if name not in self.named[part]:
            self._fault(path, f"there is no {what} {name!r}.{_nearest(name, self.named[part])}")

    def _parameter(self, path: Path_, name: str, unit: str) -> None:
        if name not in self.named["parameters"]:
            self._fault(path, f"there is no parameter {name!r}.{_nearest(name, self.named['parameters'])}")
        elif (found := self.named["parameters"][name].unit) != unit:
            self._fault(path, f"{name!r} is in {found}; this check needs {unit}: {EXPECTED.get(unit, 'bands')}.")

    def _fact(self, path: Path_, name: str) -> None:
        self._column(path, name, "contestants")

    def _column(self, path: Path_, name: str, table: str) -> bool:
        known = [*columns(table), *(DERIVED if table == "reports" else ())]
        if name not in known:
            self._fault(path, f"{table} has no column {name!r}.{_nearest(name, known)}")
        return name in known

    def _need(self, path: Path_, need: str) -> None:
        for part in need.split("|"):
            table, _, column = part.strip().rstrip("?").partition(".")
            if table not in TABLES:
                self._fault(path, f"there is no table {table!r}.{_nearest(table, TABLES)}")
            elif column:
                self._column(path, column, table)

    def _lines(self, path: Path_, lines: Lines) -> None:
        for n, kind in enumerate(lines.kinds):
            if kind not in KINDS:
                self._fault((*path, "kinds", n), f"there is no kind {kind!r}.{_nearest(kind, KINDS)}")
        for n, condition in enumerate(lines.where):
            self._condition((*path, "where", n), condition)

    def _condition(self, path: Path_, condition: Condition, table: str = "reports") -> None:
        for alias, group in (("any", condition.any_), ("all", condition.all_), ("not", (condition.not_,) if condition.not_ else None)):
            for n, inner in enumerate(group or ()):
                self._condition((*path, alias) if alias == "not" else (*path, alias, n), inner, table)
        if condition.column is None or not self._column((*path, "column"), condition.column, table):
            return
        codes = self._codes(condition.column, table)
        if condition.part is None and codes:
            for alias, word in (("is", condition.is_), ("is_not", condition.is_not), *(("in", word) for word in condition.in_ or ())):
                if isinstance(word, str) and word not in codes:
                    self._fault((*path, alias), f"{condition.column} is never {word!r}.{_nearest(word, codes)}")
        for alias in ("is_", "is_not", "before", "after", "under", "at_least"):
            reference = getattr(condition, alias)
            if isinstance(reference, Reference):
                self._reference((*path, alias.rstrip("_")), reference)

    def _reference(self, path: Path_, reference: Reference) -> None:
        if reference.parameter is not None:
            self._name((*path, "parameter"), reference.parameter, "parameters", "parameter")
        if reference.event is not None:
            self._name((*path, "event"), reference.event, "events", "event")
        if reference.fact is not None:
            self._fact((*path, "fact"), reference.fact)

    def _codes(self, name: str, table: str) -> tuple[str, ...]:
        if name == "giver":
            return GIVERS
        column = columns(table).get(name)
        if column is None:
            return ()
        return getattr(self.vocabulary, column.vocabulary) if column.vocabulary else column.codes


def _known(faults: Faults, thing: tuple[str, str], path: Path_, name: str, known: Mapping[str, Any], what: str) -> bool:
    if name not in known:
        faults.at(*thing, path, f"there is no {what} {name!r}.{_nearest(name, known)}")
    return name in known


def _nearest(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), 1, 0.6)
    return f" Did you mean {close[0]!r}?" if close else ""


def _walk(source: Source, loc: tuple[str | int, ...]) -> tuple[Path_, Any]:
    """The part of pydantic's location that exists in the file (it also names union tags, which the file does not)."""
    node: Any = source.tree
    path: Path_ = ()
    for step in loc:
        inside = (isinstance(node, dict) and step in node) or (isinstance(node, list) and isinstance(step, int) and step < len(node))
        if inside:
            node = node[step]
            path = (*path, step)
    return path, node


def _siblings(source: Source, loc: tuple[str | int, ...]) -> list[str]:
    """The keys that the model at this place knows, for a suggestion."""
    from auditor.rulebook import models

    names = {name for cls in vars(models).values() if isinstance(cls, type) and issubclass(cls, models.Strict) for name in cls.model_fields}
    return sorted(name.rstrip("_") for name in names)
