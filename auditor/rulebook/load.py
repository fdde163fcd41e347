"""A folder of rule files → one rulebook, or every mistake with file, line, column and the nearest known word."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from auditor.closest import closest
from auditor.errors import BadRulebook, BadUsage, BadYaml
from auditor.resources import folder
from auditor.rulebook.kinds_of_sums import Limit
from auditor.rulebook.labels import with_labels
from auditor.rulebook.merged import Merged
from auditor.rulebook.models import Band, Election, Event, LegalObligation, Parameter, Rule, Value, Vocabulary, word_key
from auditor.rulebook.parameters_of_rules import CHOICES
from auditor.rulebook.parts import Text
from auditor.rulebook.values import EXPECTED, as_value
from auditor.tables import Cell, Column, heading_key
from auditor.wording import refusal
from auditor.written_day import day_of
from auditor.yaml_files import source

_WHOLE = re.compile("[1-9][0-9]*")
_UNIT = re.compile(r" \([^()]*\)$")


class Cap(NamedTuple):
    """A rule that holds a sum against a limit in money, its check, and the limit."""

    rule: Rule
    check: Limit
    amount: Decimal


@dataclass(frozen=True, eq=False)
class Rulebook:
    """The law of one election on its day. Each is itself alone, so that what was made of it can be kept beside it."""

    path: Path
    election: Election
    events: Mapping[str, Event]
    parameters: Mapping[str, Parameter]
    vocabulary: Vocabulary
    legal_basis: Mapping[str, Text]
    phrases: Mapping[str, Text]
    headings: Mapping[str, Mapping[str, tuple[str, ...]]]
    labels: Mapping[str, Mapping[str, Text]]
    rules: tuple[Rule, ...]
    obligations: tuple[LegalObligation, ...]
    ended: frozenset[str]
    sha256: str
    overrides: Mapping[str, str]

    def told_column(self, table: str, column: str, lang: str) -> str:
        """A column, or an event whose day stands beside columns, as it is told to people: by its name in English, and by the label of the
        form, without its unit, in other languages."""
        return column if lang == "en" else self.column_label(table, column, lang)

    def column_label(self, table: str, column: str, lang: str) -> str:
        """A column, or an event whose day stands beside columns, by its label on the form, without its unit."""
        labelled = (self.labels.get(name, {}).get(column) for name in (table, *self.labels))
        label = next(filter(None, labelled), None) or (self.events[column].title if column in self.events else None)
        return _UNIT.sub("", label.in_(lang)) if label is not None else column

    def code_label(self, column: Column, code: str, lang: str) -> str:
        """A code of a closed list by its label; any other text as it is."""
        label = self.vocabulary.code_labels.get(column.closed_list, {}).get(code) if column.cell is Cell.CODE else None
        return label.in_(lang) if label is not None else code

    def rule(self, code: str) -> Rule:
        """The rule with this id. Raises BadUsage naming the nearest one, or that it is not in force."""
        for rule in self.rules:
            if rule.id == code.upper():
                return rule
        if code.upper() in self.ended:
            raise BadUsage(refusal("usage.rule_not_in_force", code=code.upper(), day=self.election.day))
        raise BadUsage(refusal("usage.no_rule", near=closest(code.upper(), [rule.id for rule in self.rules]), code=code))

    def limit_of(self, code: str) -> Cap:
        """A rule that holds a sum against a limit in money."""
        rule = self.rule(code)
        assert isinstance(rule.check, Limit)  # lint: `rules` names rules of kind limit, which measure an amount
        return Cap(rule, rule.check, self.exact(rule.check.limit))

    def value(self, name: str) -> Decimal | int | str:
        """A parameter's value on the day of the election."""
        if name in self.overrides:
            return as_value(self.parameters[name].unit, self.overrides[name])
        current = self.current(name)
        return as_value(self.parameters[name].unit, str(current.value))

    def number(self, name: str) -> Decimal | int:
        """The same of a parameter that is a number."""
        value = self.value(name)
        assert not isinstance(value, str)  # lint: whoever asks needs a unit that is a number
        return value

    def whole(self, name: str) -> int:
        """The same of a parameter that is a number of days, years, people or lines."""
        value = self.value(name)
        assert isinstance(value, int)  # lint: whoever asks needs a unit of whole numbers
        return value

    def exact(self, name: str) -> Decimal:
        """The same of a parameter in money or per cent."""
        value = self.value(name)
        assert isinstance(value, Decimal)  # lint: whoever asks needs one of these units
        return value

    def word(self, name: str) -> str:
        """The same of a parameter that is one of several words."""
        return str(self.value(name))

    def bands(self, name: str) -> tuple[Band, ...]:
        """A schedule's bands on the day of the election, highest first."""
        return tuple(sorted(self.current(name).bands, key=lambda band: band.from_, reverse=True))

    def day(self, name: str) -> date | None:
        """A day of the calendar; None where nobody knows it yet."""
        return date.fromisoformat(self.overrides[name]) if name in self.overrides else self.events[name].day

    def known_day(self, name: str) -> date:
        """The same of a day without which nothing is asked."""
        day = self.day(name)
        assert day is not None  # a rule whose day is not known is not assessed
        return day

    def current(self, name: str) -> Value:
        """A parameter's entry for the day of the election, with its source; without what was set by hand."""
        value = self.parameters[name].on(self.election.day)
        assert value is not None  # lint: every parameter has a value on the day of the election
        return value

    def _must_be_a_choice(self, name: str, value: str) -> None:
        """Some parameters have few possible values: those that the checks using them know."""
        for rule in self.rules:
            for field, words in CHOICES.items():
                if getattr(rule.check, field, None) == name and value not in words:
                    raise BadUsage(refusal("usage.set_choice", name=name, value=repr(value), words=", ".join(words)))

    def _must_not_be_multiplied(self, name: str) -> None:
        """An amount that is a multiple of another stands in the rulebook, and would not follow it."""
        multiples = [other for other in self.parameters if self.current(other).of == name]
        if multiples:
            raise BadUsage(refusal("usage.set_multiples", name=name, names=", ".join(multiples)))

    def with_overrides(self, given: Mapping[str, str]) -> Rulebook:
        """The same law with facts or parameters set by hand. Raises BadUsage, with a line for each, for unknown names and wrong values."""
        taken: dict[str, str] = {}
        mistakes: list[str] = []
        for name, value in given.items():
            try:
                taken[name] = self._set_by_hand(name, value)
            except BadUsage as error:
                mistakes += error.mistakes
        if mistakes:
            raise BadUsage(*mistakes)
        book = replace(self, overrides={**self.overrides, **dict(sorted(taken.items()))})
        book._must_leave_a_day()
        return book

    def _must_leave_a_day(self) -> None:
        """A rule that finds lines before one day and after another would find all of them, were the first day after the last one."""
        conditions = ((rule, condition) for rule in self.rules for _, _, lines in rule.check.sides() for condition in lines.where)
        for rule, condition in conditions:
            for start, end in condition.met_on_every_day(self.day):
                raise BadUsage(refusal("usage.set_no_day", rule=rule.id, start=start, end=end))

    def _set_by_hand(self, name: str, value: str) -> str:
        """The value as a rule file would have it."""
        known = [*self.events, *self.parameters]
        if name not in known:
            raise BadUsage(refusal("usage.set_unknown", near=closest(name, known), name=name))
        try:
            if name in self.events:
                return day_of(value).isoformat()
            unit = self.parameters[name].unit
            if unit == "schedule":
                raise BadUsage(refusal("usage.set_schedule", name=name))
            written = f"{value}.00" if unit == "money" and _WHOLE.fullmatch(value) else value
            as_value(unit, written)
        except ValueError as error:
            expected = refusal("usage.set_day" if name in self.events else EXPECTED[self.parameters[name].unit])
            raise BadUsage(refusal("usage.set_value", name=name, value=repr(value), expected=expected)) from error
        self._must_be_a_choice(name, value)
        self._must_not_be_multiplied(name)
        return written


def find(name: str) -> Path:
    """A rulebook's folder: a path, or a name below the shipped `rules`.

    A folder of a shipped name where the command runs is not taken for the law without a word: what lies beside filings may come with them.
    """
    path, shipped_one = Path(name), folder("rules") / name
    there = [one for one in (path, shipped_one) if one.is_dir() and any(one.glob("*.yaml"))]
    if len(there) > 1 and not name.startswith(".") and not path.samefile(shipped_one):
        raise BadRulebook(refusal("usage.two_rulebooks", name=name))
    if there:
        return there[0]
    shipped = sorted(str(p.parent.relative_to(folder("rules"))) for p in folder("rules").glob("**/election.yaml"))
    raise BadRulebook(refusal("usage.no_rulebook", near=closest(name, shipped), name=name, shipped=", ".join(shipped)))


def of_election(election: str) -> Rulebook | None:
    """The shipped rulebook of an election by its id; None where none is shipped."""
    shipped = (load(file.parent) for file in sorted(folder("rules").glob("**/election.yaml")))
    return next((book for book in shipped if book.election.id == election), None)


def load(name: str | Path) -> Rulebook:
    """Load the rulebook of one election, by its name among those that are shipped or by its folder. The files of the folder above are
    shared by its elections. Raises BadRulebook where there is none, and, with file, line and column, for what cannot be meant."""
    # "." has a folder above it too; a link has the one that it stands in, and not that of what it leads to.
    path = Path(os.path.abspath(find(str(name))))  # noqa: PTH100
    named = ((str(file.relative_to(path.parent)), file) for file in _files(path))
    try:
        read = tuple((label, source.bytes_of(file, label)) for label, file in named)
    except BadYaml as error:
        raise BadRulebook(*error.mistakes) from error
    return _loaded(path, read)


@lru_cache(maxsize=8)  # a batch and a pass over an inbox ask for the same rulebook again and again
def _loaded(path: Path, files: tuple[tuple[str, bytes], ...]) -> Rulebook:
    digest, merged = hashlib.sha256(), Merged()
    for label, raw in files:
        digest.update(label.encode() + b"\0" + hashlib.sha256(raw).digest())
        merged.add(label, raw)
    merged.must_be_right(path.name)
    named, day = merged.named, merged.election.day
    in_force = [rule for rule in merged.rules if rule.in_force.on(day)]
    words = with_labels(named["words"], named["code_labels"], word_key)
    return Rulebook(
        path=path,
        election=merged.election,
        events=named["events"],
        parameters=named["parameters"],
        vocabulary=Vocabulary(**dict(merged.vocabulary), words=words, code_labels=named["code_labels"]),
        legal_basis=named["legal_basis"],
        phrases=named["phrases"],
        headings=with_labels(named["headings"], named["labels"], heading_key),
        labels=named["labels"],
        rules=tuple(sorted(in_force, key=lambda rule: rule.id)),
        obligations=tuple(merged.obligations),
        ended=frozenset(rule.id for rule in merged.rules) - {rule.id for rule in in_force},
        sha256=digest.hexdigest(),
        overrides={},
    )


def _files(path: Path) -> list[Path]:
    """The files of the rulebook; editors and systems put hidden ones beside them, which are nobody's law."""
    for one in _seen(path, "*.yml"):
        raise BadRulebook(refusal("lint.yml", file=one.relative_to(path.parent)))
    shared = [file for file in _seen(path.parent, "*.yaml") if not file.is_dir()]
    return [file for file in (*shared, *_seen(path, "*.yaml")) if not file.name.endswith(".test.yaml")]


def _seen(path: Path, pattern: str) -> list[Path]:
    return sorted(file for file in path.glob(pattern) if not file.name.startswith("."))
