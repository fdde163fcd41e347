"""What is known of lines that could not be read, of such cells in lines that could be, and of facts of the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class UnreadLine(NamedTuple):
    """Its kind (none where that is unreadable), whether it lacks nothing but a readable amount, whether it is in the books, and whether
    nobody knows which of its cells stands in which column: it has another number of them than the heading, or stands below another."""

    kind: str | None
    lacks_only_amount: bool
    in_books: bool
    ragged: bool = False


class UnreadCell(NamedTuple):
    """A cell of a line that counts as empty because it could not be read: its column, the kind of the line (none where that could not be
    read either), whether the line has a donor all the same, and whether its amount could not be read either, or the line for another
    reason (`line_too`); or a code that is left `empty`, whoever the donor is; or an account whose check digits fail, which counts
    `as_written`."""

    column: str
    kind: str | None
    has_donor: bool
    amount_too: bool = False
    line_too: bool = False
    empty: bool = False
    as_written: bool = False

    @property
    def line(self) -> UnreadLine | None:
        """Its line, where that could not be read either."""
        return UnreadLine(self.kind, lacks_only_amount=self.amount_too, in_books=True) if self.amount_too or self.line_too else None


@dataclass(frozen=True, slots=True)
class NotRead:
    """What of the reports and of the register could not be read, by contestant."""

    lines: Mapping[str, Sequence[UnreadLine]]
    """The lines of reports that stand."""
    lines_perhaps: Mapping[str, Mapping[UnreadLine, int]]
    """Lines that name no known contestant, and may be one of this contestant's: how many."""
    cells: Mapping[str, Mapping[UnreadCell, int]]
    """How many lines of the books have such a cell."""
    facts: frozenset[tuple[str, str]]
    """Contestant and column of facts of the register that are filled in and could not be read."""
