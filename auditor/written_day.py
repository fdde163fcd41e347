"""A day as a person writes it in a command."""

from __future__ import annotations

import re
from datetime import date

# Nothing else: Python reads 20230415 and 2023-W15-6 too, and 4/3/2023 has two readings.
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DOTTED = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")


def day_of(written: str) -> date:
    """The day written as 2023-04-15, or as Kazakh and Russian letters have it, 15.04.2023. Raises ValueError for anything else."""
    if dotted := _DOTTED.fullmatch(written):
        day, month, year = map(int, dotted.groups())
        return date(year, month, day)
    if _ISO.fullmatch(written):
        return date.fromisoformat(written)
    raise ValueError(written)
