"""Which parameters and events a rule goes by, and how its criteria name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

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
    return list(dict.fromkeys(name for key, name in _named(rule, rules) if key in _NAMING))


def events_of(rule: Rule, rules: Mapping[str, Rule]) -> list[str]:
    """The names of the events of the calendar that a rule's check goes by, and of those that go for the rules that it rests on."""
    return list(dict.fromkeys(name for key, name in _named(rule, rules) if key == "event"))


def _named(rule: Rule, rules: Mapping[str, Rule]) -> Iterator[tuple[str, str]]:
    """Every text in a rule's check, and in those of the rules that it rests on, with the key that it stands under."""

    def walk(node: object) -> Iterator[tuple[str, str]]:
        if isinstance(node, dict):
            for key, value in node.items():
                if isinstance(value, str):
                    yield key, value
                yield from walk(value)
        elif isinstance(node, list | tuple):
            for item in node:
                yield from walk(item)

    yield from walk(rule.check.model_dump(by_alias=True))
    for code in getattr(rule.check, "rules", ()):
        if code in rules:
            yield from _named(rules[code], rules)
