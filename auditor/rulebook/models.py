"""What a rule file may say. Unknown keys are refused; numbers of the law are parameters, never written in a rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from auditor.model import Confidence, Severity

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[0-9]{3}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Contest = Literal["party_list", "single_mandate"]
Per = Literal["contestant", "donor"]


class Strict(BaseModel):
    """Nothing but the keys that are named, and nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """One text in the three languages; none may be left out."""

    en: Annotated[str, StringConstraints(min_length=1)]
    ru: Annotated[str, StringConstraints(min_length=1)]
    kk: Annotated[str, StringConstraints(min_length=1)]

    def in_(self, lang: str) -> str:
        """The text in that language."""
        return str(getattr(self, lang))


class LegalBasis(Strict):
    """A rule's basis: a named source and how sure it is that the source says this."""

    source: Word
    confidence: Confidence


class Reference(Strict):
    """A value that stands elsewhere: a parameter, a day of the calendar, or a fact of the register."""

    parameter: Word | None = None
    event: Word | None = None
    fact: Word | None = None

    @model_validator(mode="after")
    def _one(self) -> Reference:
        if sum(value is not None for value in (self.parameter, self.event, self.fact)) != 1:
            raise ValueError("name one of parameter, event, fact")
        return self


class Condition(Strict):
    """One test of one cell, or several tests together. A test of an empty cell is not met, except `empty`."""

    column: Word | None = None
    part: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*:[1-9][0-9]*$")] | None = None
    is_: str | Reference | None = Field(None, alias="is")
    in_: tuple[str, ...] | None = Field(None, alias="in")
    is_not: str | Reference | None = None
    empty: bool | None = None
    before: Reference | None = None
    after: Reference | None = None
    under: Reference | None = None
    at_least: Reference | None = None
    any_: tuple[Condition, ...] | None = Field(None, alias="any")
    all_: tuple[Condition, ...] | None = Field(None, alias="all")
    not_: Condition | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = ("is_", "in_", "is_not", "empty", "before", "after", "under", "at_least")
        given = sum(getattr(self, test) is not None for test in tests)
        groups = sum(group is not None for group in (self.any_, self.all_, self.not_))
        if (self.column is not None, given, groups) not in ((True, 1, 0), (False, 0, 1)):
            raise ValueError(
                "a condition is one column with one test (is, in, is_not, empty, before, after, under, at_least), or one of any, all, not"
            )
        if self.part is not None and self.column is None:
            raise ValueError("part belongs to a column")
        return self


class Lines(Strict):
    """Which lines of the books: of these kinds, meeting all the conditions."""

    kinds: tuple[Word, ...] = Field(min_length=1)
    where: tuple[Condition, ...] = ()


class Limit(Strict):
    """A sum or a number of lines for each contestant or donor, held against a parameter. Exactly the limit is kept."""

    kind: Literal["limit"]
    per: Per = "contestant"
    measure: Literal["amount", "count"] = "amount"
    adds: tuple[Lines, ...] = Field(min_length=1)
    less: tuple[Lines, ...] = ()
    limit: Word


class Forbidden(Strict):
    """Lines that may not be there."""

    kind: Literal["forbidden"]
    per: Per = "contestant"
    measure: Literal["amount", "count"] = "amount"
    lines: tuple[Lines, ...] = Field(min_length=1)
    less: tuple[Lines, ...] = ()
    amount_missing: Literal["counts", "left_out"] = "counts"
    outcome: Literal["breach", "undetermined"] = "breach"
    breach_if: tuple[Condition, ...] = ()
    kept_if: tuple[Condition, ...] = ()


class WasOver(Strict):
    """Over the limit of another rule at the end of some day, and not over it now."""

    kind: Literal["was_over"]
    rules: tuple[Code, ...] = Field(min_length=1)


class Balance(Strict):
    """The lowest balance at the end of a day, which may not be under zero."""

    kind: Literal["balance"]
    adds: tuple[Lines, ...] = Field(min_length=1)
    less: tuple[Lines, ...] = Field(min_length=1)


class Fee(Strict):
    """Money paid against a fee for each candidate, reduced by a schedule over a fact of the register."""

    kind: Literal["fee"]
    lines: tuple[Lines, ...] = Field(min_length=1)
    fee: Word
    schedule: Word
    by: Word
    times: dict[Contest, Word] = Field(default_factory=dict)


class DaysBetween(Strict):
    """One day of the register may not come before another."""

    kind: Literal["days_between"]
    first: Word
    then: Word


class SameDocument(Strict):
    """The same document stands behind lines of both sides; `claimed` is what is measured."""

    kind: Literal["same_document"]
    columns: tuple[Word, ...] = Field(min_length=1)
    paid: tuple[Lines, ...] = Field(min_length=1)
    claimed: tuple[Lines, ...] = Field(min_length=1)


Check = Annotated[Limit | Forbidden | WasOver | Balance | Fee | DaysBetween | SameDocument, Field(discriminator="kind")]


class InForce(Strict):
    """From which day to which a rule is law; rules are ended, never deleted."""

    from_: date = Field(alias="from")
    to: date | None = None


class Rule(Strict):
    """One rule of the law."""

    id: Code
    title: Text
    criteria: Text
    message: Word
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
            raise ValueError("give value or bands")
        if (self.multiple is None) != (self.of is None):
            raise ValueError("multiple and of go together")
        return self


class Parameter(Strict):
    """A number of the law or of audit practice, by date."""

    unit: Literal["KZT", "percent", "count", "days", "text", "schedule"]
    title: Text
    values: tuple[Value, ...] = Field(min_length=1)


class Event(Strict):
    """A named day of the calendar; `day` may be not known yet."""

    title: Text
    day: date | None = None
    source: Word
    confidence: Confidence


class Election(Strict):
    """What is voted on, and when."""

    id: str
    version: str
    title: Text
    day: date
    currency: Text


class Vocabulary(Strict):
    """The closed lists of codes, and the words for a total line."""

    counterparty_type: tuple[Word, ...]
    category: tuple[Word, ...]
    payment_method: tuple[Word, ...]
    funding_source: tuple[Word, ...]
    total_words: tuple[str, ...]
    currency_words: tuple[str, ...]


class RuleFile(Strict):
    """Everything that a file of a rulebook may hold; the files of a folder and of the folder above are one rulebook."""

    election: Election | None = None
    events: dict[Word, Event] = Field(default_factory=dict)
    parameters: dict[Word, Parameter] = Field(default_factory=dict)
    vocabulary: Vocabulary | None = None
    legal_basis: dict[Word, Text] = Field(default_factory=dict)
    phrases: dict[Word, Text] = Field(default_factory=dict)
    headings: dict[Word, dict[Word, tuple[str, ...]]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
