"""What a rulebook must keep beyond its form: names that exist, units that fit, amounts that are their multiple."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from auditor.errors import BadRulebook
from auditor.model import Confidence
from auditor.rulebook.kinds import (
    BalanceCarried,
    DaysBetween,
    FaceBalance,
    Fee,
    Forbidden,
    FullYears,
    ImpossibleId,
    InterimMissing,
    Limit,
    OutsidePeriod,
    Quota,
    RepeatedLines,
    SameDocument,
    StatedTotals,
)
from auditor.rulebook.models import Election, Obligation, Parameter, Rule, Vocabulary
from auditor.rulebook.parts import Condition, Lines, Reference
from auditor.rulebook.source import Path_, Source
from auditor.rulebook.values import EXPECTED, as_value
from auditor.tables import DERIVED, GIVERS, KINDS, TABLES, Cell, columns

# The parameters that kinds of check name, by the key that names them, with the unit that they need.
_PARAMETERS = {
    "counting": "text",
    "days": "days",
    "days_apart": "days",
    "near_days": "days",
    "near_amount": "percent",
    "under_age": "count",
    "years": "count",
    "share": "percent",
    "near": "percent",
    "times": "count",
    "donors": "count",
    "at_least": "count",
    "deviation": "percent",
    "letters": "count",
}
_CHOICES = {"counting": ("calendar", "working"), "letters": ("0", "1")}
PLACEHOLDERS = ("measured", "limit", "excess", "subject", "count", "reason")
# What a finding says where nobody can tell (findings.py), whatever the rule.
REQUIRED_PHRASES = ("undetermined", "fact_missing", "amount_unreadable", "since_remedied", "correct_line")
_NUMERIC = (Cell.MONEY, Cell.SIGNED_MONEY, Cell.NUMBER, Cell.WHOLE)
_FITTING = {"before": (Cell.DATE,), "after": (Cell.DATE,), "under": _NUMERIC, "at_least": _NUMERIC}
_UNITS = {Cell.MONEY: ("KZT",), Cell.SIGNED_MONEY: ("KZT",), Cell.NUMBER: ("percent",), Cell.WHOLE: ("count",), Cell.DATE: ()}


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
        details = error.errors(include_url=False)
        for detail in details:
            path, node = _walk(source, detail["loc"])
            kind, last = detail["type"], str(detail["loc"][-1])
            if kind == "too_short" and any(
                other["loc"][: len(detail["loc"])] == detail["loc"] and other is not detail for other in details
            ):
                continue  # what was wrong inside the list has been said
            if kind == "union_tag_invalid":
                tag = str(detail.get("ctx", {}).get("tag"))
                known = str(detail.get("ctx", {}).get("expected_tags", "")).replace("'", "").split(", ")
                self.add(source, (*path, "kind"), f"{tag!r} is no kind of check; known: {', '.join(known)}.{nearest(tag, known)}")
            elif kind == "extra_forbidden":
                known = _siblings(source, detail["loc"])
                self.add(source, path, f"{last!r} is not known here.{nearest(last, known)}")
            elif kind == "missing":
                what = "the translation" if last in ("en", "ru", "kk") else "the key"
                self.add(source, path[:-1] if path and path[-1] == last else path, f"{what} {last!r} is missing.")
            else:
                message = detail["msg"].removeprefix("Value error, ")
                expected = detail.get("ctx", {}).get("expected")
                options = [word.strip("' ") for word in str(expected).replace(" or ", ", ").split(",")] if expected else []
                shown = repr(node) if isinstance(node, str) else "this"
                self.add(source, path, f"{shown}: {message}.{nearest(str(node), options)}")

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
            _placeholders(faults, name, lang, phrase.in_(lang))
    for name in REQUIRED_PHRASES:
        if name not in named["phrases"]:
            sentence = f"the phrase {name!r} is missing; every rulebook needs it for what cannot be determined."
            close = get_close_matches(name, list(named["phrases"]), 1, 0.8)
            if close:
                faults.at("phrases", close[0], (), f"{sentence} Was {close[0]!r} meant?")
            else:
                faults.extend([f"phrases: {sentence}"])
    for table, aliases in named["headings"].items():
        if table not in TABLES:
            faults.at("headings", table, (), f"there is no table {table!r}.{nearest(table, TABLES)}")
            continue
        for column in aliases:
            if column not in columns(table):
                faults.at("headings", table, (column,), f"{table} has no column {column!r}.{nearest(column, columns(table))}")
    for rule in rules:
        _RuleCheck(faults, rule, vocabulary, named, {r.id: r for r in rules}, election).run()


def tested(faults: Faults, rules: Sequence[Rule], obligations: Sequence[Obligation]) -> None:
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
        try:
            one = as_value("KZT", str(max(current, key=lambda v: v.from_).value)) if current else None
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


class _RuleCheck:
    def __init__(
        self,
        faults: Faults,
        rule: Rule,
        vocabulary: Vocabulary,
        named: Mapping[str, Mapping[str, Any]],
        rules: Mapping[str, Rule],
        election: Election,
    ) -> None:
        self.faults, self.rule, self.vocabulary, self.named, self.rules, self.election = faults, rule, vocabulary, named, rules, election

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
        if rule.in_force.to is not None and rule.in_force.to < rule.in_force.from_:
            self._fault(("in_force",), f"it ends on {rule.in_force.to}, before it begins on {rule.in_force.from_}.")
        statuses = columns("contestants")["status"].codes
        if rule.status is not None and rule.status not in statuses:
            self._fault(("status",), f"status is never {rule.status!r}.{nearest(rule.status, statuses)}")
        check = rule.check
        for side in ("adds", "less", "lines", "paid", "claimed", "given", "into", "out"):
            for n, lines in enumerate(getattr(check, side, ())):
                self._lines(("check", side, n), lines)
        for field, unit in _PARAMETERS.items():
            if isinstance(name := getattr(check, field, None), str):
                self._parameter(("check", field), name, unit)
        for n, code in enumerate(getattr(check, "rules", ())):
            self._other(("check", "rules", n), code)
        if (event := getattr(check, "event", None)) is not None:
            self._name(("check", "event"), event, "events", "event")
        self._words_of(check)
        if isinstance(check, Limit):
            self._parameter(("check", "limit"), check.limit, "KZT" if check.measure == "amount" else "count")
            if check.measure == "count" and check.less:
                self._fault(("check", "less"), "a count has nothing that lowers it; leave `less` out.")
        elif isinstance(check, Forbidden):
            for side in ("breach_if", "kept_if"):
                for n, condition in enumerate(getattr(check, side)):
                    self._condition(("check", side, n), condition, table="contestants")
        elif isinstance(check, Fee):
            self._parameter(("check", "fee"), check.fee, "KZT")
            self._parameter(("check", "schedule"), check.schedule, "schedule")
            self._fact(("check", "by"), check.by, (Cell.NUMBER,))
            for contest, fact in check.times.items():
                self._fact(("check", "times", contest), fact, (Cell.WHOLE,))
        elif isinstance(check, DaysBetween):
            self._fact(("check", "first"), check.first, (Cell.DATE,))
            self._fact(("check", "then"), check.then, (Cell.DATE,))
        elif isinstance(check, SameDocument):
            for n, column in enumerate(check.columns):
                self._column(("check", "columns", n), column, "reports")

    def _words_of(self, check: object) -> None:
        """Kinds, columns and codes that a check names outside its lines."""
        if isinstance(check, StatedTotals):
            for name, kinds in check.totals.items():
                self._fact(("check", "totals", name), name, (Cell.MONEY, Cell.SIGNED_MONEY), "filings")
                self._known(("check", "totals", name), kinds, KINDS, "kind")
        elif isinstance(check, OutsidePeriod):
            self._known(("check", "besides"), check.besides, KINDS, "kind")
        elif isinstance(check, FaceBalance):
            for name in (*check.plus, *check.minus, check.makes):
                self._fact(("check",), name, (Cell.MONEY, Cell.SIGNED_MONEY), "filings")
        elif isinstance(check, BalanceCarried):
            for name in (check.opening, check.closing):
                self._fact(("check",), name, (Cell.SIGNED_MONEY,), "filings")
        elif isinstance(check, Quota):
            for name, word in check.facts.items():
                if self._column(("check", "facts", name), name, "candidates"):
                    self._known(("check", "facts", name), (word,), columns("candidates")[name].codes, name)
        elif isinstance(check, FullYears):
            self._fact(("check", "since"), check.since, (Cell.DATE,), "candidates")
        elif isinstance(check, RepeatedLines):
            for n, name in enumerate(check.columns):
                self._column(("check", "columns", n), name, "reports")
        elif isinstance(check, ImpossibleId):
            self._known(("check", "people"), check.people, self.vocabulary.counterparty_type, "counterparty_type")
        elif isinstance(check, InterimMissing) and not self.election.reporting_periods:
            self._fault(("check",), "the election has no reporting_periods.")
        for field, words in _CHOICES.items():
            chosen = str(getattr(check, field, ""))
            for value in self.named["parameters"][chosen].values if chosen in self.named["parameters"] else ():
                self._known(("check", field), (str(value.value),), words, chosen)

    def _known(self, path: Path_, words: Iterable[str], known: Iterable[str], what: str) -> None:
        for word in words:
            if word not in known:
                self._fault(path, f"there is no {what} {word!r}.{nearest(word, known)}")

    def _fault(self, path: Path_, sentence: str) -> None:
        self.faults.at("rules", self.rule.id, path, f"{self.rule.id}: {sentence}")

    def _name(self, path: Path_, name: str, part: str, what: str) -> None:
        if name not in self.named[part]:
            self._fault(path, f"there is no {what} {name!r}.{nearest(name, self.named[part])}")

    def _parameter(self, path: Path_, name: str, unit: str) -> None:
        if name not in self.named["parameters"]:
            self._fault(path, f"there is no parameter {name!r}.{nearest(name, self.named['parameters'])}")
        elif (found := self.named["parameters"][name].unit) != unit:
            self._fault(path, f"{name!r} is in {found}; this check needs {unit}: {EXPECTED.get(unit, 'bands')}.")

    def _fact(self, path: Path_, name: str, cells: tuple[Cell, ...] = (), table: str = "contestants") -> None:
        if self._column(path, name, table) and cells and columns(table)[name].cell not in cells:
            self._fault(path, f"{name!r} is a {columns(table)[name].cell}; this check needs a {' or '.join(cells)}.")

    def _other(self, path: Path_, code: str) -> None:
        other = self.rules.get(code)
        day = self.election.day
        if other is None:
            self._fault(path, f"there is no rule {code}.{nearest(code, self.rules)}")
        elif not isinstance(other.check, Limit) or other.check.measure != "amount":
            self._fault(path, f"{code} has no limit on a sum.")
        elif other.in_force.from_ > day or (other.in_force.to is not None and other.in_force.to < day):
            self._fault(path, f"{code} is not in force on {day}.")

    def _column(self, path: Path_, name: str, table: str) -> bool:
        known = [*columns(table), *(DERIVED if table == "reports" else ())]
        if name not in known:
            self._fault(path, f"{table} has no column {name!r}.{nearest(name, known)}")
        return name in known

    def _need(self, path: Path_, need: str) -> None:
        for part in need.split("|"):
            table, _, column = part.strip().rstrip("?").partition(".")
            if table not in TABLES:
                self._fault(path, f"there is no table {table!r}.{nearest(table, TABLES)}")
            elif column:
                self._column(path, column, table)

    def _lines(self, path: Path_, lines: Lines) -> None:
        for n, kind in enumerate(lines.kinds):
            if kind not in KINDS:
                self._fault((*path, "kinds", n), f"there is no kind {kind!r}.{nearest(kind, KINDS)}")
        for n, condition in enumerate(lines.where):
            self._condition((*path, "where", n), condition)

    def _condition(self, path: Path_, condition: Condition, table: str = "reports") -> None:
        for alias, group in (("any", condition.any_), ("all", condition.all_), ("not", (condition.not_,) if condition.not_ else None)):
            for n, inner in enumerate(group or ()):
                self._condition((*path, alias) if alias == "not" else (*path, alias, n), inner, table)
        if condition.column is None or not self._column((*path, "column"), condition.column, table):
            return
        codes = self._codes(condition.column, table)
        cell = columns(table)[condition.column].cell if condition.column in columns(table) else Cell.TEXT
        if condition.part is not None and cell in (*_NUMERIC, Cell.DATE):
            self._fault((*path, "column"), f"{condition.column} is a {cell}; only a text has parts.")
        if condition.part is None and codes:
            for alias, word in (("is", condition.is_), ("is_not", condition.is_not), *(("in", word) for word in condition.in_ or ())):
                if isinstance(word, str) and word not in codes:
                    self._fault((*path, alias), f"{condition.column} is never {word!r}.{nearest(word, codes)}")
        if condition.part is None and cell in (*_NUMERIC, Cell.DATE):
            for value in (condition.is_, condition.is_not, condition.in_):
                if isinstance(value, str | tuple):
                    sentence = f"{condition.column} is a {cell}, which is not compared with a text; name a parameter, event or fact."
                    self._fault((*path, "column"), sentence)
        for alias, cells in _FITTING.items():
            if getattr(condition, alias) is not None and cell not in cells:
                self._fault((*path, "column"), f"{condition.column} is a {cell}; {alias} needs a {' or '.join(cells)}.")
        for alias in ("is_", "is_not", "before", "after", "under", "at_least"):
            reference = getattr(condition, alias)
            if isinstance(reference, Reference):
                self._reference((*path, alias.rstrip("_")), reference, cell if condition.part is None else Cell.TEXT)

    def _reference(self, path: Path_, reference: Reference, cell: Cell) -> None:
        if reference.parameter is not None:
            self._name((*path, "parameter"), reference.parameter, "parameters", "parameter")
            parameter = self.named["parameters"].get(reference.parameter)
            if parameter is not None and parameter.unit not in _UNITS.get(cell, ("text",)):
                self._fault((*path, "parameter"), f"{reference.parameter!r} is in {parameter.unit}, which is not compared with a {cell}.")
        if reference.event is not None:
            self._name((*path, "event"), reference.event, "events", "event")
            if cell is not Cell.DATE:
                self._fault((*path, "event"), f"an event is a day, which is not compared with a {cell}.")
        if reference.fact is not None and self._column((*path, "fact"), reference.fact, "contestants"):
            other = columns("contestants")[reference.fact].cell
            if (other in (*_NUMERIC, Cell.DATE) or cell in (*_NUMERIC, Cell.DATE)) and other is not cell:
                self._fault((*path, "fact"), f"{reference.fact!r} is a {other}, which is not compared with a {cell}.")

    def _codes(self, name: str, table: str) -> tuple[str, ...]:
        if name == "giver":
            return GIVERS
        column = columns(table).get(name)
        if column is None:
            return ()
        return getattr(self.vocabulary, column.vocabulary) if column.vocabulary else column.codes


def _known(faults: Faults, thing: tuple[str, str], path: Path_, name: str, known: Mapping[str, Any], what: str) -> bool:
    if name not in known:
        faults.at(*thing, path, f"there is no {what} {name!r}.{nearest(name, known)}")
    return name in known


def nearest(word: str, known: Iterable[str]) -> str:
    """ " Did you mean …?", or nothing."""
    close = get_close_matches(word, list(known), 1, 0.6)
    return f" Did you mean {close[0]!r}?" if close else ""


def _walk(source: Source, loc: tuple[str | int, ...]) -> tuple[Path_, Any]:
    """The part of pydantic's location that exists in the file (it also names union tags, which the file does not)."""
    node: Any = source.tree
    path: Path_ = ()
    for n, step in enumerate(loc):
        if n and loc[n - 1] == "check":
            continue  # pydantic names the kind of check here, which may also be the name of a key
        inside = (isinstance(node, dict) and step in node) or (isinstance(node, list) and isinstance(step, int) and step < len(node))
        if inside:
            node = node[step]
            path = (*path, step)
    return path, node


def _siblings(source: Source, loc: tuple[str | int, ...]) -> list[str]:
    """The keys that the model at this place knows, for a suggestion."""
    from auditor.rulebook import kinds, models, parts

    known = (cls for module in (kinds, models, parts) for cls in vars(module).values())
    names = {name for cls in known if isinstance(cls, type) and issubclass(cls, parts.Strict) for name in cls.model_fields}
    return sorted(name.rstrip("_") for name in names)
