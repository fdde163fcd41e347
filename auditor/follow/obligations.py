"""The calendar of an election and how its obligations stand, as plain values in the language of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from auditor.model.finding import Confidence


@dataclass(frozen=True, slots=True)
class KnownDay:
    """An event of the calendar. `day` is None where nobody knows it; `by_hand`: it was set with --set."""

    name: str
    title: str
    day: date | None
    basis: str
    confidence: Confidence
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something to be done by a day: a report `submitted` by its contestant, or `published` by the commission.

    `due` is the last day in time, None where the event it is counted from is not known. `counted` is that many days after the
    event (or the end of the period); `judges_late`: what is there after `due` is told as late, and not only as done.
    """

    id: str
    report: str
    duty: str
    respondent: str
    rules: Sequence[str]
    period: tuple[date, date] | None
    event: str | None
    starts: date | None
    counted: int
    counting: str
    due: date | None
    judges_late: bool
    bases: Sequence[str]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Calendar:
    """Events and obligations in order of days, those of unknown day last."""

    election: str
    title: str
    as_of: date
    day: date
    events: Sequence[KnownDay]
    obligations: Sequence[Obligation]

    @property
    def unknown(self) -> list[KnownDay]:
        """The events whose day nobody knows."""
        return [event for event in self.events if event.day is None]

    def waiting_for(self, event: str) -> list[Obligation]:
        """The obligations that fall due so many days after this event."""
        return [one for one in self.obligations if one.event == event]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one obligation stands, by contestant_id: `done` (those `late` are among them), `missing` after the last day, `open`
    before it, `unclear` where the register does not say. Nobody is in two of done, missing, open and unclear."""

    obligation: Obligation
    done: Sequence[str] = ()
    late: Sequence[str] = ()
    missing: Sequence[str] = ()
    open: Sequence[str] = ()
    unclear: Sequence[str] = ()

    @property
    def owed(self) -> int:
        """From how many, or of how many, it is due."""
        return len(self.done) + len(self.missing) + len(self.open) + len(self.unclear)


@dataclass(frozen=True, slots=True)
class Standings:
    """How all obligations stand. `published`: the registered contestants with an interim report published, None where the register
    has no column for it; `undated`: those without a day of registration, counted as registered; `unread`: rows that nobody can use."""

    calendar: Calendar
    registered: Sequence[str]
    standings: Sequence[Standing]
    published: Sequence[str] | None
    undated: Sequence[str] = ()
    unread: int = 0
