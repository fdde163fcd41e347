"""What is told of a row beside its columns, on page, sheet and screen: what its finding rests on, and who stands in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from auditor.masking import masked
from auditor.model.finding import Line
from auditor.wording import Words

# What is told of a row beside its columns.
_FACTS = {"lines": "report.lines_of_it"}


def facts_of(line: Line, words: Words, shown: Callable[[str], str]) -> str:
    """What the row says that the finding rests on, as columns and values."""

    def value(fact: object) -> str:
        if isinstance(fact, date):
            return words.day(fact)
        return words.money(fact) if isinstance(fact, Decimal) else shown(str(fact)) if fact is not None else "–"

    return " · ".join(f"{words(_FACTS[name]) if name in _FACTS else name}: {value(fact)}" for name, fact in line.facts)


def facts_of_all(lines: Sequence[Line], words: Words, shown: Callable[[str], str]) -> str:
    """The same of all rows together, where there are several and all say the same; else nothing."""
    alike = len(lines) > 1 and all(line.facts == lines[0].facts for line in lines)
    return facts_of(lines[0], words, shown) if alike else ""


def who_instead(line: Line, instead: Line, words: Words, shown: Callable[[str | None], str]) -> str:
    """Who stands in the line that probably stands in the place of another; and the id, where that is what differs. The bank need not
    know an id."""
    name, identifier = shown(instead.name), shown(masked(instead.identifier))
    may_lack_it = instead.place.table != "reports" and None in (line.identifier, instead.identifier)
    if may_lack_it or line.identifier == instead.identifier:
        return name or identifier or "–"
    return ", ".join(filter(None, (name, f"{words('screen.differs_id')}: {identifier or '–'}")))
