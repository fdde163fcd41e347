"""What one rule must keep beyond its form: columns, codes, parameters, events and rules that exist and fit."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from auditor.closest import closest
from auditor.languages import LANGUAGES
from auditor.rulebook.kinds_of_facts import FullYears, Quota
from auditor.rulebook.kinds_of_leads import ImpossibleId, RepeatedLines
from auditor.rulebook.kinds_of_reports import BalanceCarried, FaceBalance, InterimMissing, OutsidePeriod, StatedTotals
from auditor.rulebook.kinds_of_sums import DaysBetween, Fee, Forbidden, Limit, SameDocument
from auditor.rulebook.lint_needs import not_named
from auditor.rulebook.models import Election, Rule, StatedVocabulary, codes_of
from auditor.rulebook.needs import Need
from auditor.rulebook.parameters_of_rules import CHOICES, IN_BRACKETS, IN_NUMBERS, MULTIPLE, PARAMETERS, events_of, parameters_of
from auditor.rulebook.parts import Condition, Lines, Reference
from auditor.rulebook.values import EXPECTED
from auditor.tables import DERIVED, GIVERS, KINDS, OF_MONEY, TABLES, Cell, columns
from auditor.wording import Refusal, refusal
from auditor.yaml_files.faults import Faults
from auditor.yaml_files.source import Path_

_NUMERIC = (*OF_MONEY, Cell.NUMBER, Cell.WHOLE)
_FITTING = {"before": (Cell.DATE,), "after": (Cell.DATE,), "under": _NUMERIC, "at_least": _NUMERIC}
_MISSING = {
    "phrases": "lint.no_phrase",
    "events": "lint.no_event",
    "legal_basis": "lint.no_basis",
    "parameters": "lint.no_parameter",
}
_UNITS = {**dict.fromkeys(OF_MONEY, ("money",)), Cell.NUMBER: ("percent",), Cell.WHOLE: ("count",), Cell.DATE: ()}


def _or(cells: Iterable[Cell]) -> str:
    return " | ".join(cells)


class RuleLint:
    """Looks through one rule and remembers what is wrong with it."""

    def __init__(
        self,
        faults: Faults,
        rule: Rule,
        vocabulary: StatedVocabulary,
        named: Mapping[str, Mapping[str, Any]],
        rules: Mapping[str, Rule],
        election: Election,
    ) -> None:
        self.faults, self.rule, self.vocabulary, self.named, self.rules, self.election = faults, rule, vocabulary, named, rules, election

    def run(self) -> None:
        """Look at everything that the rule names."""
        rule, check, before = self.rule, self.rule.check, len(self.faults.mistakes)
        self._about(rule)
        for side, n, lines in check.sides():
            self._lines(("check", side, n), lines)
        for field, unit in PARAMETERS.items():
            if isinstance(name := getattr(check, field, None), str):
                self._parameter(("check", field), name, unit)
        for n, code in enumerate(getattr(check, "rules", ())):
            self._other(("check", "rules", n), code)
        if (event := getattr(check, "event", None)) is not None:
            self._name(("check", "event"), event, "events")
        self._of_sums(check)
        self._words_of(check)
        if len(self.faults.mistakes) == before:  # a misspelt parameter is one mistake
            self._criteria(rule)
            for column in not_named(rule):
                self._fault(("check",), refusal("lint.not_needed", column=column))

    def _about(self, rule: Rule) -> None:
        """What a rule names besides its check."""
        self._name(("message",), rule.message, "phrases")
        self._name(("fact_missing",), rule.fact_missing, "phrases")
        self._name(("action",), rule.action, "phrases")
        if rule.reading is not None:
            self._name(("reading",), rule.reading, "legal_basis")
        for n, basis in enumerate(rule.law):
            self._name(("law", n, "source"), basis.source, "legal_basis")
        for n, need in enumerate(rule.needed):
            self._need(("needs", n), need)
        if rule.in_force.to is not None and rule.in_force.to < rule.in_force.from_:
            self._fault(("in_force",), refusal("lint.ends_before", to=rule.in_force.to, start=rule.in_force.from_))
        statuses = columns("contestants")["status"].codes
        if rule.status is not None and rule.status not in statuses:
            self._fault(("status",), refusal("lint.never", near=closest(rule.status, statuses), of="status", name=repr(rule.status)))

    def _of_sums(self, check: object) -> None:
        """What the kinds of check name that are judged by sums, facts or days."""
        if isinstance(check, Limit):
            self._parameter(("check", "limit"), check.limit, "money" if check.measure == "amount" else "count")
            if check.measure == "count" and check.less:
                self._fault(("check", "less"), refusal("lint.count_less"))
        elif isinstance(check, Forbidden):
            for side in ("breach_if", "kept_if"):
                for n, condition in enumerate(getattr(check, side)):
                    self._condition(("check", side, n), condition, table="contestants")
        elif isinstance(check, Fee):
            self._parameter(("check", "fee"), check.fee, "money")
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

    def _criteria(self, rule: Rule) -> None:
        """The criteria name the rule's own numbers and days, the same in each language; what they say of them is then what is tested."""
        own = [n for n in parameters_of(rule, self.rules) if n in self.named["parameters"]]
        own = [n for n in own if self.named["parameters"][n].unit in IN_NUMBERS]
        known = [*own, *(n + MULTIPLE for n in own if self.named["parameters"][n].unit == "money"), *events_of(rule, self.rules)]
        said: dict[str, list[str]] = {}
        for lang in LANGUAGES:
            try:
                parts = list(string.Formatter().parse(rule.criteria.in_(lang)))
            except ValueError:
                self._fault(("criteria", lang), refusal("lint.brace"))
                return
            said[lang] = sorted(field for _, field, _, _ in parts if field is not None)
            bare = IN_BRACKETS.sub("", rule.criteria.in_(lang))
            if (left := next((n for n in said[lang] if n.endswith(MULTIPLE) and f"{{{n}}}" in bare), None)) is not None:
                self._fault(("criteria", lang), refusal("lint.in_brackets", field=f"{{{left}}}"))
            for name in said[lang]:
                if name not in known:
                    self._fault(("criteria", lang), refusal("lint.not_of_rule", near=closest(name, known), field=f"{{{name}}}"))
        for lang in LANGUAGES:
            if said[lang] != said["en"]:
                self._fault(("criteria", lang), refusal("lint.other_numbers"))

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
            self._fault(("check",), refusal("lint.no_periods"))
        for field, words in CHOICES.items():
            chosen = str(getattr(check, field, ""))
            for value in self.named["parameters"][chosen].values if chosen in self.named["parameters"] else ():
                self._known(("check", field), (str(value.value),), words, chosen)

    def _known(self, path: Path_, words: Iterable[str], known: Iterable[str], what: str) -> None:
        for word in words:
            if word not in known:
                self._fault(path, refusal("lint.no_word", near=closest(word, known), what=what, name=repr(word)))

    def _fault(self, path: Path_, said: Refusal) -> None:
        self.faults.at("rules", self.rule.id, path, refusal("lint.of", name=self.rule.id, said=said))

    def _name(self, path: Path_, name: str, part: str) -> None:
        if name not in self.named[part]:
            self._fault(path, refusal(_MISSING[part], near=closest(name, self.named[part]), name=repr(name)))

    def _parameter(self, path: Path_, name: str, unit: str) -> None:
        if name not in self.named["parameters"]:
            self._name(path, name, "parameters")
        elif (found := self.named["parameters"][name].unit) != unit:
            self._fault(path, refusal("lint.other_unit", name=repr(name), found=found, unit=unit, expected=refusal(EXPECTED[unit])))

    def _fact(self, path: Path_, name: str, cells: tuple[Cell, ...] = (), table: str = "contestants") -> None:
        if self._column(path, name, table) and cells and columns(table)[name].cell not in cells:
            self._fault(path, refusal("lint.other_cell", name=repr(name), cell=columns(table)[name].cell, cells=_or(cells)))

    def _other(self, path: Path_, code: str) -> None:
        other = self.rules.get(code)
        if other is None:
            self._fault(path, refusal("lint.no_rule", near=closest(code, self.rules), code=code))
        elif not isinstance(other.check, Limit) or other.check.measure != "amount":
            self._fault(path, refusal("lint.no_limit", code=code))
        elif (per := self.rule.check.goes_by_limits_per) not in (None, other.check.per):
            self._fault(path, refusal("lint.other_per", code=code, found=other.check.per, per=per))
        elif not other.in_force.on(self.election.day):
            self._fault(path, refusal("lint.not_in_force", code=code, day=self.election.day))
        elif other.status not in (None, self.rule.status):
            self._fault(path, refusal("lint.other_status", code=code, status=repr(other.status)))

    def _column(self, path: Path_, name: str, table: str) -> bool:
        known = [*columns(table), *(DERIVED if table == "reports" else ())]
        if name not in known:
            self._fault(path, refusal("lint.no_column", near=closest(name, known), of=table, name=repr(name)))
        return name in known

    def _need(self, path: Path_, need: Need) -> None:
        for table, column in need.options:
            if table not in TABLES:
                self._fault(path, refusal("lint.no_table", near=closest(table, TABLES), name=repr(table)))
            elif column:
                self._column(path, column, table)

    def _lines(self, path: Path_, lines: Lines) -> None:
        for n, kind in enumerate(lines.kinds):
            if kind not in KINDS:
                self._fault((*path, "kinds", n), refusal("lint.no_word", near=closest(kind, KINDS), what="kind", name=repr(kind)))
        for n, condition in enumerate(lines.where):
            self._condition((*path, "where", n), condition)
            for start, end in condition.met_on_every_day(self._day):
                self._fault((*path, "where", n), refusal("lint.every_line", start=start, end=end))

    def _day(self, event: str) -> date | None:
        return self.named["events"][event].day if event in self.named["events"] else None

    def _condition(self, path: Path_, condition: Condition, table: str = "reports") -> None:
        for alias, group in (("any", condition.any_), ("all", condition.all_), ("not", (condition.not_,) if condition.not_ else None)):
            for n, inner in enumerate(group or ()):
                self._condition((*path, alias) if alias == "not" else (*path, alias, n), inner, table)
        if condition.column is None or not self._column((*path, "column"), condition.column, table):
            return
        codes = self._codes(condition.column, table)
        cell = columns(table)[condition.column].cell if condition.column in columns(table) else Cell.TEXT
        if condition.part is not None and cell in (*_NUMERIC, Cell.DATE):
            self._fault((*path, "column"), refusal("lint.no_parts", column=condition.column, cell=cell))
        if condition.part is None and codes:
            for alias, word in (("is", condition.is_), ("is_not", condition.is_not), *(("in", word) for word in condition.in_ or ())):
                if isinstance(word, str) and word not in codes:
                    self._fault((*path, alias), refusal("lint.never", near=closest(word, codes), of=condition.column, name=repr(word)))
        if condition.part is None and cell in (*_NUMERIC, Cell.DATE):
            for value in (condition.is_, condition.is_not, condition.in_):
                if isinstance(value, str | tuple):
                    self._fault((*path, "column"), refusal("lint.compared_with_text", column=condition.column, cell=cell))
        for alias, cells in _FITTING.items():
            if getattr(condition, alias) is not None and cell not in cells:
                self._fault((*path, "column"), refusal("lint.test_needs", column=condition.column, cell=cell, test=alias, cells=_or(cells)))
        for alias in ("is_", "is_not", "before", "after", "under", "at_least"):
            reference = getattr(condition, alias)
            if isinstance(reference, Reference):
                self._reference((*path, alias.rstrip("_")), reference, cell if condition.part is None else Cell.TEXT)

    def _reference(self, path: Path_, reference: Reference, cell: Cell) -> None:
        if reference.parameter is not None:
            self._name((*path, "parameter"), reference.parameter, "parameters")
            parameter = self.named["parameters"].get(reference.parameter)
            if parameter is not None and parameter.unit not in _UNITS.get(cell, ("text",)):
                self._fault(
                    (*path, "parameter"), refusal("lint.unit_and_cell", name=repr(reference.parameter), unit=parameter.unit, cell=cell)
                )
        if reference.event is not None:
            self._name((*path, "event"), reference.event, "events")
            if cell is not Cell.DATE:
                self._fault((*path, "event"), refusal("lint.event_and_cell", cell=cell))
        if reference.fact is not None and self._column((*path, "fact"), reference.fact, "contestants"):
            other = columns("contestants")[reference.fact].cell
            if (other in (*_NUMERIC, Cell.DATE) or cell in (*_NUMERIC, Cell.DATE)) and other is not cell:
                self._fault((*path, "fact"), refusal("lint.cell_and_cell", name=repr(reference.fact), other=other, cell=cell))

    def _codes(self, name: str, table: str) -> tuple[str, ...]:
        if name == "giver":
            return GIVERS
        column = columns(table).get(name)
        return codes_of(column, self.vocabulary) if column is not None else ()
