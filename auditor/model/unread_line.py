"""What is known of a line of a report that could not be read."""

from __future__ import annotations

from typing import NamedTuple


class UnreadLine(NamedTuple):
    """Its kind (none where that is unreadable), whether it lacks nothing but a readable amount, whether it is in the books, and whether
    nobody knows which of its cells stands in which column: it has another number of them than the heading, or stands below another."""

    kind: str | None
    lacks_only_amount: bool
    in_books: bool
    ragged: bool = False
