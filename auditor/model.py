"""The words of an audit: places, problems, findings, coverage. Plain frozen values, no behaviour beyond themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


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


class Confidence(StrEnum):
    """How sure a legal basis is: in the seed report, read in another public document, or derived and proposed."""

    STATED = "stated"
    FOUND = "found"
    ASSUMED = "assumed"


class Status(StrEnum):
    """Whether a rule could be applied at all."""

    ASSESSED = "assessed"
    NOT_ASSESSED = "not_assessed"


Measure = Decimal | int | None
"""Money in KZT, or a number of days, lines or people; None where there is none."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One row of one table as a spreadsheet counts it (the heading is row 1)."""

    table: str
    file: str
    sheet: str | None
    row: int

    @property
    def table_shown(self) -> str:
        """The file, and the sheet where there is one, as they are written before a row."""
        return self.file if self.sheet is None else f"{self.file} [{self.sheet}]"

    @property
    def shown(self) -> str:
        """The whole place: reports.csv:12, filing.xlsx [reports]:12."""
        return f"{self.table_shown}:{self.row}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of evidence: what was filed, what it adds to the sum, and the running total after it. `instead` is the line that
    probably stands in its place elsewhere: in the final report, in the books. `party` is the type of counterparty, where it is
    known; `fund` the contestant whose fund it was, where the finding is about several."""

    place: Place
    date: date | None
    kind: str | None
    name: str | None
    identifier: str | None
    document: str | None
    amount: Decimal | None
    effect: Decimal | None
    running: Decimal | None
    instead: Line | None = None
    party: str | None = None
    fund: str | None = None


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
    sentence `phrase` with the words `said` put in. `found_on` is the day on which the register first had it, or had it again."""

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


@dataclass(frozen=True, slots=True)
class FiledLine:
    """A line of a report that stands, to be held against another version. `report` is its type and period; `content` the cells that
    say something, by column, money with two decimals."""

    place: Place
    contestant_id: str
    report: str
    content: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell, record or file that cannot be read here. `value` is the cell as filed."""

    code: str
    file: str
    sheet: str | None
    row: int
    column: str | None
    value: str | None
    message: str
    contestant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be used: why, and its cells under its file's own headings."""

    table: str
    file: str
    sheet: str | None
    row: int
    reasons: Sequence[str]
    heading: Sequence[str]
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a rule could say, and of whom it could say nothing, or not everything although it found something; `about` are the ids of
    its subjects; `lead` says that it gives leads, never breaches. `sql` is its statement, empty where it is checked without one, and None
    where it was not asked for."""

    rule: str
    title: str
    status: Status
    subjects: int
    kept: int
    breaches: int
    undetermined: int
    reason: str | None
    not_assessed_for: Sequence[tuple[str, str]] = ()
    partly_not_assessed_for: Sequence[tuple[str, str]] = ()
    about: Sequence[str] = ()
    lead: bool = False
    sql: str | None = None

    @property
    def silent_about(self) -> Sequence[tuple[str, str]]:
        """Each contestant of whom something could not be assessed, with the reason: nothing at all, or not everything."""
        return (*self.not_assessed_for, *self.partly_not_assessed_for)


@dataclass(frozen=True, slots=True)
class Total:
    """A contestant's sum under a rule with a limit, kept ones too; `of` says what it is the sum of (`spending`), if the rule does;
    `title` is that of the limit."""

    rule: str
    measured: Decimal
    limit: Decimal
    of: str | None = None
    title: str | None = None

    @property
    def room(self) -> Decimal:
        """What is left before the limit; negative over it."""
        return self.limit - self.measured


@dataclass(frozen=True, slots=True)
class Movement:
    """What a fund received (own funds and donations) and spent (less what suppliers paid back) on one day."""

    date: date
    received: Decimal
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Flows:
    """The money through one fund by the lines that could be read: `receipts` by source and `spending` by category (None where it is
    not said), the largest first; what was `returned` to donors and went `to_budget`; `movements` in order of days; and how many
    lines were `unread`. Receipts are before returns, spending is after refunds by suppliers."""

    receipts: Sequence[tuple[str | None, Decimal]] = ()
    spending: Sequence[tuple[str | None, Decimal]] = ()
    returned: Decimal = Decimal("0.00")
    to_budget: Decimal = Decimal("0.00")
    movements: Sequence[Movement] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Contestant:
    """One contestant with the reports that count and the sums they give. `flows` only where they were asked for, and with them
    `files`, the file and sheet of every table that has a record of this contestant."""

    contestant_id: str
    name: str | None
    contest: str | None
    district: str | None
    commission: str | None
    books: Sequence[str]
    superseded: Sequence[str]
    totals: Sequence[Total]
    flows: Flows | None = None
    files: Sequence[tuple[str, str | None]] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is not data (a total line), with the reason in words."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What was assumed to read a file, and whether the file itself says so."""

    encoding: str
    delimiter: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Assumed:
    """One thing that was assumed to read a file. `what` is encoding, delimiter, decimal_mark, date_order, sheet, heading_row or
    mapping; `how` is stated (by the auditor), sure (there is no other reading) or likely."""

    what: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class Input:
    """One table as it came in, by the SHA-256 of its bytes. `rows` is `read` + `unread` + the records left out: nothing is lost."""

    table: str
    file: str
    sheet: str | None
    sha256: str
    rows: int
    read: int
    unread: int
    read_as: ReadAs | None
    assumed: Sequence[Assumed] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    left_out: Sequence[LeftOut] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Which law was applied: enough to fetch the very same files again."""

    election: str
    title: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the auditor asked for besides the files: which rules, whose reports, and what he stated of how the files are
    written."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    contestants: Sequence[str] = ()
    districts: Sequence[str] = ()
    commissions: Sequence[str] = ()
    stated: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_part(self) -> bool:
        """Whether some rules or contestants were not asked for."""
        return bool(self.select or self.ignore or self.contestants or self.districts or self.commissions)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a bank reconciliation: a line of the books, or of the bank's statement."""

    place: Place
    date: date
    amount: Decimal
    name: str | None
    identifier: str | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """One row of a bank reconciliation. `status` is matched, near, books or statement; `why` says what differs in a near match:
    amount, date, id."""

    status: str
    account: str | None
    direction: str
    contestant_id: str | None
    books: Side | None
    statement: Side | None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """By which profile an audit was reduced for publication (name, and SHA-256 of its file), whether leads were left out, and
    whether files are told by numbers."""

    profile: str
    sha256: str
    without_leads: bool
    numbered_files: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole answer, in the order in which it is told."""

    election: str
    as_of: date
    lang: str
    currency: str
    rulebook: Rulebook
    inputs: Sequence[Input]
    overrides: Mapping[str, str]
    rows: int
    contestants: Sequence[Contestant]
    coverage: Sequence[Coverage]
    findings: Sequence[Finding]
    problems: Sequence[Problem]
    passed_over: Sequence[str] = ()
    rejected: Sequence[Rejected] = ()
    asked: Asked = field(default_factory=Asked)
    lines: Sequence[FiledLine] | None = None
    """The readable lines of all reports that stand; None where they were not asked for."""
    published: Published | None = None
    """Where persons are told by keys, and by which profile; None where they are not."""
    new_since: date | None = None
    """From which day on a finding is told as new; None where nobody asked."""
    undecided: int | None = None
    """How many findings were left out because two people have not signed them; None where all are in it."""

    def count(self, outcome: Outcome) -> int:
        """How many findings have this outcome."""
        return sum(1 for finding in self.findings if finding.outcome is outcome)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that a published document has and the recomputed one has not, or has otherwise.

    `what` is the place of the value (`measured`, `rows[2].row`); the values are those of the JSON, None where there is nothing."""

    rule: str | None
    contestant_id: str | None
    what: str
    published: object
    recomputed: object


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of a document: how many records (or values) were held against each other, and what differs."""

    part: str
    count: int
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Verification:
    """A published document held against what its inputs and its law give today.

    `renamed` are inputs known by their content under another name (published, given); `changed` those that had to be taken by
    name because their content is another; `left_aside` files that the published audit did not have."""

    file: str
    election: str
    as_of: str
    rulebook: str
    masked: bool
    renamed: Sequence[tuple[str, str]]
    changed: Sequence[tuple[str, str]]
    left_aside: Sequence[str]
    parts: Sequence[Compared]
    is_pdf: bool

    @property
    def agrees(self) -> bool:
        """Whether everything that was compared agrees."""
        return not any(part.differences for part in self.parts)
