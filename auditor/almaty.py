"""The day in Almaty, by which the commission's deadlines run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

# From 1 March 2024, 00:00 in Almaty, UTC+5 instead of UTC+6; a table of zones is not on every machine.
_CHANGED = datetime(2024, 2, 29, 18, tzinfo=UTC)


def day_in_almaty(moment: datetime) -> date:
    """The calendar day there at a moment that knows its time zone."""
    return (moment.astimezone(UTC) + timedelta(hours=6 if moment < _CHANGED else 5)).date()
