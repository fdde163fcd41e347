"""What a rule could say, and of whom it could not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

GAPS = ("not_assessed_for", "partly_not_assessed_for", "unread_for")
"""Where a rule's coverage, as a value or as data, names those of whom it may have missed something."""


class Status(StrEnum):
    """Whether a rule could be applied at all."""

    ASSESSED = "assessed"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one rule could say.

    `not_assessed_for`: the contestants of whom it could say nothing, with the reason. `partly_not_assessed_for`: it found something, and
    did not see everything. `unread_for`: it left out lines or records that could not be read, so that what it says holds for the rest.
    `about`: the ids of all its subjects. `alone`: why less is said of some contestants alone than of all, by a rule that holds the
    funds of several together. `lead`: it gives leads, never breaches. `sql`: its statement; empty where it is checked without
    one, None where it was not asked for."""

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
    unread_for: Sequence[tuple[str, str]] = ()
    about: Sequence[str] = ()
    alone: str | None = None
    lead: bool = False
    sql: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether everything was assessed, and nothing left out because it could not be read."""
        return self.status is Status.ASSESSED and not self.silent_about and not self.unread_for

    def tells_all_of(self, contestant_id: str) -> bool:
        """Whether it would have found everything that there is of this contestant."""
        return self.status is Status.ASSESSED and not any(who == contestant_id for gap in GAPS for who, _ in getattr(self, gap))

    @property
    def silent_about(self) -> Sequence[tuple[str, str]]:
        """Each contestant of whom something could not be assessed, with the reason: nothing at all, or not everything."""
        return (*self.not_assessed_for, *self.partly_not_assessed_for)
