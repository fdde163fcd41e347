"""The whole answer of one audit, and what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditor.model.contestant import Contestant
from auditor.model.coverage import Coverage
from auditor.model.finding import Finding, Outcome
from auditor.model.input import Input, Problem, Rejected
from auditor.model.place import Place


@dataclass(frozen=True, slots=True)
class FiledLine:
    """A line of a report that stands, to be held against another version. `report` is its type and period; `content` the cells that
    say something, by column, money with two decimals."""

    place: Place
    contestant_id: str
    report: str
    content: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AppliedRulebook:
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
        return bool(self.select or self.ignore or self.is_of_some)

    @property
    def is_of_some(self) -> bool:
        """Whether some contestants were not asked for."""
        return bool(self.contestants or self.districts or self.commissions)


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
    rulebook: AppliedRulebook
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
    of_others: Sequence[tuple[str, str | None]] = ()
    """The files and sheets in which nobody is named but contestants whom the audit is not about."""
    published: Published | None = None
    """Where persons are told by keys, and by which profile; None where they are not."""
    new_since: date | None = None
    """From which day on a finding is told as new; None where nobody asked."""
    undecided: int | None = None
    """How many findings were left out because two people have not signed them; None where all are in it."""

    @property
    def silent_contestants(self) -> Sequence[Contestant]:
        """Those of whom no report is here at all."""
        return [one for one in self.contestants if one.is_silent]

    def count(self, outcome: Outcome) -> int:
        """How many findings have this outcome."""
        return sum(1 for finding in self.findings if finding.outcome is outcome)
