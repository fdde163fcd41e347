"""What a rule found, and the lines that show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from auditor.model.place import Place


class Outcome(StrEnum):
    """What a rule says about a contestant where it does not say "kept"."""

    BREACH = "breach"
    UNDETERMINED = "undetermined"
    LEAD = "lead"


class Severity(StrEnum):
    """How much a finding weighs; it sorts and never hides."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"

    @property
    def weight(self) -> int:
        """0 for the least."""
        return len(Severity) - 1 - list(Severity).index(self)


class Confidence(StrEnum):
    """How sure a legal basis is: in the seed report, read in another public document, or derived and proposed."""

    STATED = "stated"
    FOUND = "found"
    ASSUMED = "assumed"

    @classmethod
    def least(cls, several: Iterable[Confidence]) -> Confidence:
        """What rests on several bases is as sure as the least sure of them; on none of them, as what is stated."""
        return max(several, key=list(cls).index, default=cls.STATED)


Measure = Decimal | int | None
"""Money in the currency of the election, or a number of days, lines or people; None where there is none."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of evidence: what was filed, what it adds to the sum, and the running total after it. `instead` is the line that
    probably stands in its place elsewhere: in the final report, in the books. `party` is the type of counterparty, where it is
    known; `fund` the contestant whose fund it was, where the finding is about several; `facts` what a row of another table, or the
    calendar, says that the finding rests on: a column and its value."""

    place: Place
    _: KW_ONLY
    date: date | None = None
    kind: str | None = None
    name: str | None = None
    identifier: str | None = None
    document: str | None = None
    amount: Decimal | None = None
    effect: Decimal | None = None
    running: Decimal | None = None
    instead: Line | None = None
    party: str | None = None
    fund: str | None = None
    facts: Sequence[tuple[str, object]] = ()


LINE_COLUMNS = ("date", "kind", "counterparty_name", "counterparty_id", "document", "amount")
"""What of a row of the reports, or of the statement, stands in its line."""


def line_of(
    place: Place,
    row: Mapping[str, Any],
    *,
    effect: Decimal | None = None,
    running: Decimal | None = None,
    fund: str | None = None,
    facts: Sequence[tuple[str, object]] = (),
) -> Line:
    """The line of a typed row, which has `LINE_COLUMNS`."""
    return Line(
        place,
        date=row["date"],
        kind=row["kind"],
        name=row["counterparty_name"],
        identifier=row["counterparty_id"],
        document=row["document"],
        amount=row["amount"],
        effect=effect,
        running=running,
        fund=fund,
        facts=facts,
    )


REGISTER_FACT = "contestants."
"""What the name of a fact begins with that is the register's and no cell of the row."""

# What makes a finding another one; in which rows of a file it stands does not.
SAID = ("outcome", "severity", "remedied", "measured", "limit", "excess")


def funds_of(lines: Sequence[Line]) -> str:
    """The contestants whose funds they were, where the finding is about several."""
    return ", ".join(sorted({line.fund for line in lines if line.fund is not None}))


@dataclass(frozen=True, slots=True)
class Law:
    """One legal basis, in the language of the audit."""

    text: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Crossing:
    """The line at which a running net total first went over its limit."""

    place: Place
    date: date


@dataclass(frozen=True, slots=True)
class Finding:
    """The law is broken, nobody can tell, or something deserves a look; with everything needed to repeat it. `message` is the
    sentence `phrase` with the words `said` put in. `found_on` is the day on which the register first had it, or had it again;
    `unit` what is counted where no money is measured: days, years, people or lines."""

    key: str
    rule: str
    outcome: Outcome
    severity: Severity
    remedied: bool
    respondent: str
    contestant_id: str | None
    subject: str | None
    measured: Measure
    limit: Measure
    excess: Measure
    lines: Sequence[Line]
    crossing: Crossing | None
    title: str
    criteria: str
    message: str
    action: str
    law: Sequence[Law]
    reading: str | None = None
    last_day_over: date | None = None
    phrase: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    found_on: date | None = None
    unit: str | None = None

    @property
    def place_in_order(self) -> tuple[object, ...]:
        """The order of the contract: contestant, rule, subject; by code point, none first."""
        return (self.contestant_id is not None, self.contestant_id or "", self.rule, self.subject is not None, self.subject or "")
