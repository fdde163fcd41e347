"""Headings in Kazakh, Russian and English → the canonical columns of a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from auditor.closest import ALIKE, closest
from auditor.errors import CannotRead
from auditor.listing import listed
from auditor.model.input import cut_short
from auditor.read.instructions import ForeignTable, Headings, Instructions
from auditor.read.looks import TENGE
from auditor.tables import OF_MONEY, columns, heading_key
from auditor.wording import Say

_MOST_SHOWN, _LONGEST_SHOWN, _MOST_NAMED = 40, 60, 12
# From so many letters on the beginning of a heading, or a part of it, says what it may be.
_LONG_ENOUGH = (3, 5)
_MUCH_ALIKE = 0.8
# What may follow the name of a column of amounts: "Сумма, тг", "Сомасы (мың теңге)". Whether it is tenge is asked of the whole heading.
_TENGE = re.compile(r"[\s,(\[]+(?:(?:в|in)\s+)?" + TENGE + r"\.?[)\]]*\s*$", re.IGNORECASE)
_OTHER = re.compile(
    r"[\s,(\[]+(?:(?:в|in)\s+)?(?:(?:тыс|мың|млн|thousand)\w*\.?\s*" + TENGE + r"|usd|eur|rub|руб\w*|долл\w*)\.?[)\]]*\s*$",
    re.IGNORECASE,
)
_LONGEST_WITH_UNIT = 80


@dataclass(frozen=True, slots=True)
class LackingTable:
    """A table without required columns, each with the heading that comes nearest, if any does; `row` is that of its heading."""

    table: str
    row: int
    nearest_of: Mapping[str, str | None]
    file: str = ""
    sheet: str | None = None


class LacksColumns(CannotRead):
    """A heading without required columns; for any table but `reports` the caller makes a problem of it."""

    def __init__(self, lacking: LackingTable, sentence: str) -> None:
        super().__init__(sentence)
        self.lacking = lacking


@dataclass(frozen=True, slots=True)
class Matched:
    """Which cell of the heading is which column (`positions`), and which columns go by another name (`aliases`). `unknown` are the texts of
    cells that are no column of the table, and are left alone; `given` the columns that a mapping has a constant for; `left_by` the cells
    that it leaves records out by, in the order in which it names them."""

    table: str
    positions: Mapping[str, int]
    aliases: Mapping[str, str]
    unknown: Sequence[str]
    given: frozenset[str] = frozenset()
    left_by: Sequence[int] = field(default=())


def match(table: str, cells: Sequence[str], instructions: Instructions, where: str, row: int = 1) -> Matched:
    """The columns of a heading. Raises CannotRead for a column that is there twice."""
    mapping = instructions.stated.mapping
    mapping = mapping if mapping is not None and mapping.table == table else None
    stated = _stated(cells, mapping, instructions.say, where, row) if mapping is not None else {}
    known = names_of(table, instructions)
    taken, said = set(stated.values()), set(mapping.columns) | set(mapping.constants) if mapping is not None else set()
    positions: dict[str, int] = dict(stated)
    aliases_used = {
        name: cells[at].strip() for name, at in stated.items() if cells[at].strip() and heading_key(cells[at]) != heading_key(name)
    }
    unknown: list[str] = []
    written: dict[str, str] = {}
    with_unit = _with_unit(table, cells, known)
    for position, cell in enumerate(cells):
        name = known.get(heading_key(cell)) or with_unit.get(position, "")
        if position in taken or (name and name in said):
            continue
        if not name:
            if cell.strip():
                unknown.append(cell.strip())
            continue
        if name in positions:
            one, other = one_line(written[name]), one_line(cell)
            raise CannotRead(instructions.say("read.column_twice", where=where, row=row, column=name, one=one, other=other))
        positions[name], written[name] = position, cell.strip()
        if heading_key(cell) != heading_key(name):
            aliases_used[name] = cell.strip()
    duplicated = {cell for cell, times in Counter(unknown).items() if times > 1}
    if duplicated and mapping is None:
        raise CannotRead(instructions.say("read.heading_twice", where=where, row=row, heading=one_line(min(duplicated))))
    given = frozenset(mapping.constants) if mapping is not None else frozenset()
    left_by = (
        [_position(out.column, cells, mapping, instructions.say, where, row) for out in mapping.leave_out] if mapping is not None else []
    )
    return Matched(table, positions, aliases_used, unknown, given, left_by)


def _with_unit(table: str, cells: Sequence[str], known: Mapping[str, str]) -> dict[int, str]:
    """The places of amounts whose heading has a unit behind the name, unless a heading is the name alone, or several have one; tenge goes
    before another unit. A price may be for a thousand of something."""
    plain = {known.get(heading_key(cell)) for cell in cells}
    money = {name for name, column in columns(table).items() if column.cell in OF_MONEY} - plain
    found: dict[int, str] = {}
    for unit in (_TENGE, _OTHER):
        named = {
            position: known.get(heading_key(unit.sub("", cell)))
            for position, cell in enumerate(cells)
            if len(cell) <= _LONGEST_WITH_UNIT and unit.search(cell)
        }
        for position, name in named.items():
            alone = list(named.values()).count(name) == 1 and name not in found.values()
            if name in money and alone and not (unit is _OTHER and name == "unit_price"):
                found[position] = str(name)
    return found


def names_of(table: str, instructions: Instructions) -> dict[str, str]:
    """The names of a table's columns, their own and those of the election's form, folded."""
    known = {heading_key(name): name for name in columns(table)}
    for name, aliases in instructions.headings.get(table, {}).items():
        for alias in aliases:
            known.setdefault(heading_key(alias), name)
    return known


def known_names(table: str, cells: Sequence[str], instructions: Instructions) -> int:
    """How many cells are names of a table's columns."""
    known = names_of(table, instructions)
    return sum(heading_key(cell) in known for cell in cells)


def _stated(cells: Sequence[str], mapping: ForeignTable, say: Say, where: str, row: int) -> dict[str, int]:
    return {name: _position(theirs, cells, mapping, say, where, row) for name, theirs in mapping.columns.items() if theirs is not None}


def _position(theirs: str | int, cells: Sequence[str], mapping: ForeignTable, say: Say, where: str, row: int) -> int:
    """Where the column is that a mapping means by its heading or its number."""
    if isinstance(theirs, int) and str(theirs) not in (cell.strip() for cell in cells):
        if not 1 <= theirs <= len(cells):
            raise CannotRead(say("read.mapping_number", mapping=mapping.name, number=theirs, where=where, columns=len(cells)))
        return theirs - 1
    at = [position for position, cell in enumerate(cells) if heading_key(cell) == heading_key(str(theirs))]
    if len(at) != 1:
        found = shown(cells)
        key = "read.mapping_heading_twice" if at else "read.mapping_heading"
        raise CannotRead(say(key, mapping=mapping.name, heading=theirs, where=where, row=row, found=found))
    return at[0]


def not_read(table: str, cells: Sequence[str], instructions: Instructions) -> str | None:
    """A note that names the headings that are no column of the table, each with the missing column that it may be; None where there
    are none. Nothing is read by such a guess."""
    known = names_of(table, instructions)
    known |= {heading_key(cells[position]): name for position, name in _with_unit(table, cells, known).items()}
    there = {known[heading_key(cell)] for cell in cells if heading_key(cell) in known}
    left = [name for name in columns(table) if name not in there]
    told = []
    for cell in dict.fromkeys(cell for cell in cells if cell.strip() and heading_key(cell) not in known):
        name = _perhaps(cell, table, left, instructions.headings)
        key = "check.heading_alone" if name is None else "check.heading_perhaps"
        told.append(instructions.say(key, heading=one_line(cell), **({} if name is None else {"column": name})))
    if not told:
        return None
    return instructions.say("check.not_read", headings=listed(told, _MOST_NAMED, " · "))


def _perhaps(cell: str, table: str, left: Sequence[str], headings: Headings) -> str | None:
    """The column with a name by which the heading begins, or that begins with it or stands in it; of several the one with the longest."""
    found: list[tuple[bool, int, str]] = []
    for name in left:
        for word in map(heading_key, (name, *headings.get(table, {}).get(name, ()))):
            begins = len(word) >= _LONG_ENOUGH[0] and heading_key(cell).startswith(word)
            begins = begins or (len(heading_key(cell)) >= _LONG_ENOUGH[1] and word.startswith(heading_key(cell)))
            if begins or (len(word) >= _LONG_ENOUGH[1] and word in heading_key(cell)):
                found.append((begins, len(word), name))
    return max(found)[2] if found else _spelt_alike(cell, table, left, headings)


def _spelt_alike(cell: str, table: str, left: Sequence[str], headings: Headings) -> str | None:
    """The first of these columns whose name, or one of whose other names, is spelt much like a heading."""
    return next((name for name in left if nearest(name, table, [cell], headings, _MUCH_ALIKE) is not None), None)


def missing(matched: Matched) -> list[str]:
    """The required columns that the heading lacks."""
    have = {*matched.positions, *matched.given}
    return [name for name, column in columns(matched.table).items() if column.required and name not in have]


def shown(cells: Sequence[str]) -> str:
    """The headings that were found, so many and so much of each as a line can hold."""
    return listed([one_line(cell) for cell in cells if cell.strip()], _MOST_SHOWN, " · ")


def one_line(cell: str) -> str:
    """A heading as a sentence quotes it: on one line, and no longer than a line can hold."""
    text = " ".join(cell.split())
    return text if len(text) <= _LONGEST_SHOWN else cut_short(text, _LONGEST_SHOWN)


def nearest(name: str, table: str, cells: Sequence[str], headings: Headings, alike: float = ALIKE) -> str | None:
    """The heading that comes nearest to a column's name or to one of its other names."""
    words = [heading_key(word) for word in (name, *headings.get(table, {}).get(name, ()))]
    return next((cell for cell in cells if closest(heading_key(cell), words, alike) is not None), None)
