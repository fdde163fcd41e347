"""What all steps of a pass share: the register, its law and language, what has been done so far, and one way into the database."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

from auditor.errors import AuditError
from auditor.inbox import notices
from auditor.inbox.settings import Settings
from auditor.inbox.writing import Writing
from auditor.masking import safe, shortened
from auditor.register import arrivals
from auditor.register.arrivals import Arrival
from auditor.register.database import Connection, in_one
from auditor.register.home import Home
from auditor.register.schema import State
from auditor.rulebook.load import Rulebook, load
from auditor.wording import Words, in_words
from auditor.wording import load as words_of

WHO = "audit inbox"
ATTEMPTS = 3
"""How often reading a file, or checking it with others, and then checking it alone, may end the program."""
PAUSES = (0.2, 1.0, 3.0, 10.0, 30.0)
"""Seconds to wait for a database that is locked or was lost, before the pass gives up; the next one goes on where it was."""
_MACHINE = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EACCES))
T = TypeVar("T")
P = ParamSpec("P")


@dataclass
class Summary:
    """What a pass did."""

    taken: int = 0
    copies: int = 0
    checked: list[str] = field(default_factory=list)
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    done: int = 0
    waiting: list[str] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    sent: int = 0
    unsent: int = 0


@dataclass
class Work:
    """Everything that a pass depends on: the time is given, and so is the way of waiting. `step` is told what was just done."""

    home: Home
    settings: Settings
    now: datetime
    sleep: Callable[[float], None]
    writing: Writing
    step: Callable[[str], None] = lambda name: None

    def __post_init__(self) -> None:
        self.rulebook: Rulebook = load(self.settings.rulebook).with_overrides(dict(self.settings.set))
        self.words: Words = words_of(self.settings.lang)
        self.election = self.rulebook.election.id
        self.at = self.now.astimezone(UTC).isoformat(timespec="seconds")
        self.summary = Summary()

    def in_one(self, do: Callable[Concatenate[Connection, P], T], *given: P.args, **named: P.kwargs) -> T:
        """One transaction, tried again where the database was locked or lost for a moment."""
        return in_one(self.home.engine, lambda connection: do(connection, *given, **named), PAUSES, self.sleep)

    def in_state(self, state: State) -> list[Arrival]:
        """The arrivals that are so far."""
        return self.in_one(arrivals.in_state, self.election, state)

    def quarantine(self, one: Arrival, reason: str) -> None:
        """Set a file aside, and tell those who asked to be told."""

        def do(connection: Connection) -> None:
            arrivals.becomes(connection, one.id, "quarantined", self.at, WHO, shortened(reason, 2000))
            notices.about_quarantine(connection, self.settings, self.words, one, self.at)

        self.in_one(do)
        self.summary.quarantined.append((one.name, reason))
        self.step("quarantined")

    def told(self, error: AuditError) -> str:
        """What is wrong, as it may stand in the register, in its language."""
        return loggable("; ".join(in_words(one, self.words) for one in error.mistakes))

    def not_checked(self, contestant_id: str, error: Exception) -> str:
        """Tell, once in a pass, that a contestant could not be checked; returns why in words."""
        said = self.told(error) if isinstance(error, AuditError) else loggable(type(error).__name__)
        if (told := f"{contestant_id}: {said}") not in self.summary.failed:
            self.summary.failed.append(told)
        return said


def of_the_machine(error: Exception) -> bool:
    """Whether it says nothing of a file: a disk that is full, say."""
    return isinstance(error, OSError) and error.errno in _MACHINE


def loggable(text: str) -> str:
    """A reason as it may stand in a register and on a terminal: one line, ids of persons masked, nothing that commands."""
    return safe(text.replace("\n", " "))
