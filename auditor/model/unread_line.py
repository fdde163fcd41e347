"""What is known of a line of a report that could not be read, and of a cell of one that could be."""

from __future__ import annotations

from typing import NamedTuple


class UnreadLine(NamedTuple):
    """Its kind (none where that is unreadable), whether it lacks nothing but a readable amount, whether it is in the books, and whether
    nobody knows which of its cells stands in which column: it has another number of them than the heading, or stands below another."""

    kind: str | None
    lacks_only_amount: bool
    in_books: bool
    ragged: bool = False


class UnreadCell(NamedTuple):
    """A cell of a line that counts as empty because it could not be read: its column, the kind of the line, whether the line has a donor
    all the same, and whether its amount could not be read either."""

    column: str
    kind: str
    has_donor: bool
    amount_too: bool
