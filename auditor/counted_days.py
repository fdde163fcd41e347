"""Days counted as a rulebook says: how many lie between two, the last one of a period, and whether a period covers another."""

from __future__ import annotations

from datetime import date, timedelta

_WEEKEND = 5


def days_after(event: date, day: date, counting: str) -> int:
    """How many days `day` is after `event`: `calendar` days, or `working` days (Monday to Friday). Negative before it."""
    if counting == "calendar":
        return (day - event).days
    step = 1 if day >= event else -1
    between = (event + timedelta(days=n * step) for n in range(1, abs((day - event).days) + 1))
    return step * sum(1 for one in between if one.weekday() < _WEEKEND)


def last_day(event: date, days: int, counting: str) -> date:
    """The last day of a period of so many days after an event."""
    day, left = event, days
    while left > 0 and day < date.max:  # a period may be open, with the last day that there is
        day += timedelta(days=1)
        left -= counting == "calendar" or day.weekday() < _WEEKEND
    return day


def is_late(event: date, days: int, day: date, counting: str) -> bool:
    """Whether a day is after a period of so many days after an event."""
    return days_after(event, day, counting) > days


def may_cover(period: tuple[date | None, date | None], begins: date, ends: date) -> bool:
    """Whether a report of this period answers for these days, both inside; one of unknown period may."""
    start, end = period
    return (start is None or start <= begins) and (end is None or end >= ends)
