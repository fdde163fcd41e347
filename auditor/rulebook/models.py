"""What a rule file may say. Unknown keys are refused; numbers of the law are parameters, never written in a rule."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from auditor.model.finding import Confidence, Severity
from auditor.rulebook.kinds import Check
from auditor.rulebook.needs import Need
from auditor.rulebook.parts import Code, Contest, Filled, Lower, Text, Word
from auditor.tables import TABLES, Cell, Column
from auditor.wording import refusal
from auditor.yaml_files.validated import Strict


class LegalBasis(Strict):
    """A rule's basis: a named source and how sure it is that the source says this."""

    source: Word
    confidence: Confidence


class InForce(Strict):
    """From which day to which a rule is law; rules are ended, never deleted."""

    from_: date = Field(alias="from")
    to: date | None = None

    def on(self, day: date) -> bool:
        """Whether the rule is law on that day."""
        return self.from_ <= day and (self.to is None or day <= self.to)


class Rule(Strict):
    """One rule of the law."""

    id: Code
    title: Text
    criteria: Text
    message: Word
    fact_missing: Word = "fact_missing"
    action: Word
    reading: Word | None = None
    severity: Severity
    respondent: Literal["contestant", "commission", "outlet"] = "contestant"
    applies_to: Contest | None = None
    status: str | None = None
    law: tuple[LegalBasis, ...] = Field(min_length=1)
    needs: tuple[str, ...] = ()
    in_force: InForce
    total: Literal["spending"] | None = None
    check: Check

    @cached_property
    def needed(self) -> tuple[Need, ...]:
        """What it needs, taken apart."""
        return tuple(map(Need.parse, self.needs))

    @property
    def confidence(self) -> Confidence:
        """How sure the rule is: as sure as the least sure part of its basis."""
        return Confidence.least(basis.confidence for basis in self.law)


class Band(Strict):
    """From this value on (inclusive), this share."""

    from_: Decimal = Field(alias="from", ge=0)
    share: Decimal = Field(ge=0, le=1)


class Value(Strict):
    """A parameter's value from a day on, with its source; money may be a multiple of another parameter."""

    from_: date = Field(alias="from")
    value: str | None = None
    bands: tuple[Band, ...] = ()
    multiple: Annotated[int, Field(gt=0)] | None = None
    of: Word | None = None
    source: Word
    confidence: Confidence

    @model_validator(mode="after")
    def _whole(self) -> Value:
        if (self.value is None) == (not self.bands):
            raise ValueError(refusal("lint.value_or_bands"))
        if (self.multiple is None) != (self.of is None):
            raise ValueError(refusal("lint.multiple_of"))
        return self


class Parameter(Strict):
    """A number of the law or of audit practice, by date."""

    unit: Literal["money", "percent", "count", "days", "text", "schedule"]
    title: Text
    values: tuple[Value, ...] = Field(min_length=1)

    def on(self, day: date) -> Value | None:
        """The value in force on that day; None before the first one."""
        return max((value for value in self.values if value.from_ <= day), key=lambda value: value.from_, default=None)


class Event(Strict):
    """A named day of the calendar; `day` may be not known yet."""

    title: Text
    day: date | None = None
    source: Word
    confidence: Confidence


class ReportingPeriod(Strict):
    """A period for which an interim report is due, both days inside."""

    from_: date = Field(alias="from")
    to: date
    source: Word
    confidence: Confidence


class Election(Strict):
    """What is voted on, and when."""

    id: str
    version: str
    title: Text
    day: date
    currency: Text
    reporting_periods: tuple[ReportingPeriod, ...] = ()


class StatedVocabulary(Strict):
    """What a file may say under `vocabulary`: the closed lists of codes, the words for a total line and for the currency, and what people
    write into a cell that says nothing."""

    counterparty_type: tuple[Word, ...]
    category: tuple[Word, ...]
    payment_method: tuple[Word, ...]
    funding_source: tuple[Word, ...]
    total_words: tuple[Lower, ...]
    currency_words: tuple[Filled, ...]
    nothing_words: tuple[Lower, ...] = ()
    unnamed_types: tuple[Word, ...] = ()

    def is_total(self, text: str) -> bool:
        """Whether a text is a word for a total, or begins with one."""
        return text.lower().strip().rstrip(":./;, ").partition(" ")[0].rstrip(":./;,") in self.total_words


class Vocabulary(StatedVocabulary):
    """The same with the words that people write for the codes, and the labels of the codes: by column or closed list, and code."""

    words: dict[Word, dict[Word, tuple[str, ...]]]
    code_labels: dict[Word, dict[Word, Text]]

    def codes_in_words(self, column: str) -> dict[str, str]:
        """The words that people write for the codes of a column, folded, each with its code."""
        return {word_key(word): code for code, several in self.words.get(column, {}).items() for word in several}


def codes_of(column: Column, vocabulary: StatedVocabulary) -> tuple[str, ...]:
    """The closed list of a code column."""
    return tuple(getattr(vocabulary, column.vocabulary)) if column.vocabulary else column.codes


def told_codes(column: Column, vocabulary: Vocabulary, lang: str) -> dict[str, str]:
    """The codes of a column as they are told to people who may write either: as such in English, by their labels in other languages."""
    labels = vocabulary.code_labels.get(column.closed_list, {}) if lang != "en" else {}
    return {code: labels[code].in_(lang) if code in labels else code for code in codes_of(column, vocabulary)}


def closed_lists(vocabulary: StatedVocabulary) -> dict[str, tuple[str, ...]]:
    """Every closed list of the filing format with its codes, as this law has them."""
    coded = [column for table in TABLES.values() for column in table if column.cell is Cell.CODE]
    return {column.closed_list: codes_of(column, vocabulary) for column in coded}


@lru_cache(maxsize=4096)  # the words of a form, asked of every file
def word_key(word: str) -> str:
    """A word without what people write differently: case, spaces, underscores, dots, hyphens, ё/е."""
    return re.sub(r"[\s_.\-]+", "", word.lower().replace("ё", "е"))


class LegalObligation(Strict):
    """What the source obliges somebody to, and the rules that test it, or why none does."""

    at: str
    says: Text
    rules: tuple[Code, ...] = ()
    untested: Text | None = None

    @model_validator(mode="after")
    def _answered(self) -> LegalObligation:
        if not self.rules and self.untested is None:
            raise ValueError(refusal("lint.tested_or_not"))
        return self


class RuleFile(Strict):
    """Everything that a file of a rulebook may hold; the files of a folder and of the folder above are one rulebook."""

    election: Election | None = None
    events: dict[Word, Event] = Field(default_factory=dict)
    parameters: dict[Word, Parameter] = Field(default_factory=dict)
    vocabulary: StatedVocabulary | None = None
    legal_basis: dict[Word, Text] = Field(default_factory=dict)
    phrases: dict[Word, Text] = Field(default_factory=dict)
    headings: dict[Word, dict[Word, tuple[str, ...]]] = Field(default_factory=dict)
    words: dict[Word, dict[Word, tuple[str, ...]]] = Field(default_factory=dict)
    labels: dict[Word, dict[Word, Text]] = Field(default_factory=dict)
    code_labels: dict[Word, dict[Word, Text]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    obligations: tuple[LegalObligation, ...] = ()
