"""What is known of a line of a report that could not be read."""

from __future__ import annotations

from typing import NamedTuple


class UnreadLine(NamedTuple):
    """Its kind (none where that is unreadable), whether it lacks nothing but a readable amount, whether it is in the books, and whether
    it has another number of cells than the heading, so that nobody knows which cell stands in which column."""

    kind: str | None
    lacks_only_amount: bool
    in_books: bool
    ragged: bool = False
