"""Which lines of the books a statement cannot do without.

A statement says the same of the whole books as of the lines that are meant here: whatever is left out could not have mattered to it.
An engine may run it on these alone; the second engine (`tests/duck.py`) always sees all lines, so that one left out wrongly would be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Over:
    """The lines of parties whose lines of these kinds come to more than this in all funds together, or one of whose lines is in doubt."""

    kinds: tuple[str, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Both:
    """The lines of parties that have lines of both sides, by kind."""

    one: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """The lines of this kind with a value in this column that lines of another party have too."""

    kind: str
    column: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """The lines of this kind whose values in these columns at least so many lines have."""

    kind: str
    columns: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True)
class DoubtfulId:
    """The lines of ids that fail their check digit, and of those that are an organisation's and stand with these types of party."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """The lines of parties who may be one with others, as far as their ids tell, with whom they are over this together."""

    over: Over


@dataclass(frozen=True, slots=True)
class Few:
    """The lines that meet this condition, which most lines do not: in SQL over the books `b` and, with `register`, over `c`, the
    contestant's row of the register."""

    where: str
    register: bool


Narrow = Over | Both | Shared | Repeated | DoubtfulId | Alike | Few


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of those in this column (`donor` or `contestant_id`) who are in a table of what was found, there as `key`."""

    table: str
    column: str
    key: str
