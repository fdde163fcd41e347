"""The text of a parameter → its value, by unit. Money is a decimal with two places, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

_FORMS = {
    "money": re.compile(r"[0-9]{1,15}\.[0-9]{2}"),
    "percent": re.compile(r"[0-9]{1,3}(\.[0-9]+)?"),
    "count": re.compile(r"[0-9]{1,9}"),
    "days": re.compile(r"[0-9]{1,4}"),
    "text": re.compile(r"\S.*"),
}
_WHOLE = 100
EXPECTED = {**{unit: f"usage.set_{unit}" for unit in _FORMS}, "schedule": "lint.unit_schedule"}
"""By unit the sentence that tells what a value of it has to be."""


def as_value(unit: str, text: str) -> Decimal | int | str:
    """Read a value. Raises ValueError where the text does not have the form of its unit."""
    if not _FORMS[unit].fullmatch(text) or (unit == "percent" and Decimal(text) > _WHOLE):
        raise ValueError(text)
    if unit in ("money", "percent"):
        return Decimal(text)
    return int(text) if unit in ("count", "days") else text
