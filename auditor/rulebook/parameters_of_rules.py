"""Which parameters a rule goes by, and how its criteria name them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.rulebook.models import Rule

# The parameters that kinds of check name, by the key that names them, with the unit that they need.
PARAMETERS = {
    "counting": "text",
    "days": "days",
    "days_apart": "days",
    "near_days": "days",
    "near_amount": "percent",
    "under_age": "count",
    "years": "count",
    "share": "percent",
    "near": "percent",
    "times": "count",
    "donors": "count",
    "at_least": "count",
    "deviation": "percent",
    "letters": "count",
}
_NAMING = frozenset(("limit", "fee", "schedule", "parameter", *PARAMETERS))
IN_NUMBERS = ("money", "percent", "count", "days")
"""The units of the parameters that criteria may name."""
MULTIPLE = "_multiple"
"""After the name of an amount, in criteria: how many times the amount is that of which the law makes it a multiple."""
IN_BRACKETS = re.compile(r" \([^()]*\{([a-z0-9_]+)_multiple\}[^()]*\)")
CHOICES = {"counting": ("calendar", "working"), "letters": ("0", "1")}


def parameters_of(rule: Rule, rules: Mapping[str, Rule]) -> list[str]:
    """The names of the parameters that a rule's check has, and those of the rules that it rests on."""
    names: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in _NAMING and isinstance(value, str):
                    names.append(value)
                walk(value)
        elif isinstance(node, list | tuple):
            for item in node:
                walk(item)

    walk(rule.check.model_dump(by_alias=True))
    for code in getattr(rule.check, "rules", ()):
        names += parameters_of(rules[code], rules) if code in rules else []
    return list(dict.fromkeys(names))
