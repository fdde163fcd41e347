"""A report that is named by a record of no known report: by one that could not be read, or one that contradicts its filing."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Stray(NamedTuple):
    """Type and period, each None where it could not be read or is not said."""

    report_type: str | None
    period: tuple[date | None, date | None] = (None, None)

    def may_be(self, report_type: str) -> bool:
        """Whether it may be a report of this type."""
        return self.report_type in (report_type, None)
