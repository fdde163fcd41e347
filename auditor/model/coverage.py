"""What a rule could say, and of whom it could not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

GAPS = ("not_assessed_for", "partly_not_assessed_for", "unread_for")
"""Where a rule's coverage names those of whom it may have missed something."""


class Status(StrEnum):
    """Whether a rule could be applied at all."""

    ASSESSED = "assessed"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class Gap:
    """A contestant of whom a rule may have missed something. `reason`: what is missing in the filing, or could not be read; None where
    nothing is. `others`: that the funds of others, which the rule holds together with this one, were not asked for."""

    contestant_id: str
    reason: str | None
    others: str | None = None

    @property
    def why(self) -> str:
        """Everything that was missed, in words."""
        return "; ".join(filter(None, (self.reason, self.others)))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one rule could say.

    `reason`: why it was not assessed at all; `lacks`: the tables of which nothing came, and the columns that nothing has,
    where that is why.
    `not_assessed_for`: the contestants of whom it could say nothing. `partly_not_assessed_for`: it found something, and did not see
    everything. `unread_for`: it left out lines or records that could not be read, so that what it says holds for the rest.
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
    lacks: Sequence[str] = ()
    not_assessed_for: Sequence[Gap] = ()
    partly_not_assessed_for: Sequence[Gap] = ()
    unread_for: Sequence[Gap] = ()
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
        gaps = (*self.silent_about, *self.unread_for)
        return self.status is Status.ASSESSED and all(gap.contestant_id != contestant_id for gap in gaps)

    @property
    def silent_about(self) -> Sequence[Gap]:
        """Each contestant of whom something could not be assessed: nothing at all, or not everything."""
        return (*self.not_assessed_for, *self.partly_not_assessed_for)
