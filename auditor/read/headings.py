"""Headings in Kazakh, Russian and English → the canonical columns of a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from auditor.errors import CannotRead
from auditor.tables import TABLES, columns

Headings = Mapping[str, Mapping[str, Sequence[str]]]


class LacksColumns(CannotRead):
    """A heading without a required column; for any table but `reports` the caller makes a problem of it."""

    def __init__(self, table: str, names: Sequence[str], sentence: str) -> None:
        super().__init__(sentence)
        self.table, self.names = table, tuple(names)


@dataclass(frozen=True, slots=True)
class Matched:
    """Which cell of the heading is which column; cells that are no column of the table are left alone."""

    table: str
    positions: Mapping[str, int]
    aliases: Mapping[str, str]
    unknown: Sequence[str]


def folded(heading: str) -> str:
    """A heading without what people write differently: case, spaces, underscores, dots, commas, ё/е."""
    text = unicodedata.normalize("NFKC", heading).casefold().replace("ё", "е")
    return re.sub(r"[\s_.,:;]+", "", text)


def match(table: str, cells: Sequence[str], headings: Headings, file: str) -> Matched:
    """The columns of a heading. Raises CannotRead for a column that is there twice."""
    known = {folded(name): name for name in columns(table)}
    for name, aliases in headings.get(table, {}).items():
        for alias in aliases:
            known.setdefault(folded(alias), name)
    positions: dict[str, int] = {}
    aliases_used: dict[str, str] = {}
    unknown: list[str] = []
    written: dict[str, str] = {}
    for position, cell in enumerate(cells):
        known_as = known.get(folded(cell))
        if known_as is None:
            if cell.strip():
                unknown.append(cell.strip())
            continue
        name = known_as
        if name in positions:
            raise CannotRead(
                f"{file}, row 1: the column {name} is there twice ({written[name]!r} and {cell.strip()!r}); remove or rename one of them."
            )
        positions[name], written[name] = position, cell.strip()
        if folded(cell) != folded(name):
            aliases_used[cell.strip()] = name
    duplicated = {cell for cell in unknown if unknown.count(cell) > 1}
    if duplicated:
        raise CannotRead(f"{file}, row 1: the heading {min(duplicated)!r} is there twice; remove or rename one of them.")
    return Matched(table, positions, aliases_used, unknown)


def missing(matched: Matched) -> list[str]:
    """The required columns that the heading lacks."""
    return [name for name, column in columns(matched.table).items() if column.required and name not in matched.positions]


def missing_sentence(file: str, matched: Matched, names: Sequence[str], cells: Sequence[str], headings: Headings, row: int = 1) -> str:
    """Which column is missing, what was found, and the heading nearest to it or to one of its other names."""
    found = " · ".join(cell.strip() for cell in cells if cell.strip()) or "nothing"
    parts = []
    for name in names:
        words = [folded(word) for word in (name, *headings.get(matched.table, {}).get(name, ()))]
        near = next((cell for cell in matched.unknown if get_close_matches(folded(cell), words, 1, 0.6)), None)
        parts.append(f"{name} (closest: {near!r})" if near else name)
    return f"{file}, row {row}: the required column {', '.join(parts)} is missing. Found: {found}."


def recognise(cells: Sequence[str], headings: Headings, file: str) -> str | None:
    """The table that a heading is of: the one with all its required columns, else the best with at least half of them."""
    best: tuple[float, str] | None = None
    for table in TABLES:
        try:
            matched = match(table, cells, headings, file)
        except CannotRead:
            continue
        required = [name for name, column in columns(table).items() if column.required]
        share = sum(name in matched.positions for name in required) / len(required)
        score = share + len(matched.positions) / 1000
        if share >= 0.5 and (best is None or score > best[0]):
            best = (score, table)
    return best[1] if best else None
