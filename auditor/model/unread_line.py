"""What is known of a line of a report that could not be read."""

from __future__ import annotations

from typing import NamedTuple


class UnreadLine(NamedTuple):
    """Its kind (none where that is unreadable), whether it lacks nothing but a readable amount, and whether it is in the books."""

    kind: str | None
    lacks_only_amount: bool
    in_books: bool
