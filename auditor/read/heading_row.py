"""Where the heading of a table is, and how its line is cut into cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from auditor.errors import CannotRead
from auditor.read.choices import DELIMITERS
from auditor.read.headings import Matched, known_names, match, missing, names_of
from auditor.read.instructions import NO_HEADING, Instructions
from auditor.read.recognise import lacks_columns, table_of_heading
from auditor.tables import columns, heading_key

DELIMITER_SIGNS = "".join(DELIMITERS.values())
TITLE_ROWS = 40


class Heading(NamedTuple):
    """The heading of a table: the `row` below which the records begin, from 1 (NO_HEADING where there is none), its cells, which of them
    are which columns, and whether it begins in the row above."""

    row: int
    cells: Sequence[str]
    matched: Matched
    in_two_rows: bool = False


def delimiter_of(heading: str) -> str:
    """Comma, semicolon or tab: the one that the heading has most of."""
    return max(DELIMITER_SIGNS, key=lambda d: (heading.count(d), -DELIMITER_SIGNS.index(d)))


def _well_formed(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    cell = rf'(?:"(?:[^"]|"")*"|[^"{mark}\r\n][^{mark}\r\n]*|)'
    return re.compile(rf"{cell}(?:{mark}{cell})*(?:\r\n|\r|\n)?")


def quotes_in_order(raw: str, delimiter: str) -> bool:
    """Whether every quotation mark of a record opens or closes a cell, or is doubled inside one."""
    return _well_formed(delimiter).fullmatch(raw) is not None


def find_heading(rows: Iterable[Sequence[str]], where: str, instructions: Instructions, table: str | None) -> Heading | None:
    """The first row that has all required columns of a table, or has them with the row below, or the row that was stated. Rows above it are
    titles.

    None where there is no table of ours. Raises CannotRead, complaining of the row that comes nearest, where a table was expected
    or half of one is there.
    """
    if instructions.stated.heading_row is not None:
        return _stated(rows, instructions.stated.heading_row, where, instructions, table)
    closest: tuple[int, int, Sequence[str], Matched] | None = None
    twice: CannotRead | None = None
    first: tuple[int, Sequence[str]] | None = None
    top = list(islice(rows, TITLE_ROWS + 1))
    for at, texts in enumerate(top[:TITLE_ROWS], start=1):
        filled = sum(bool(text.strip()) for text in texts)
        if first is None and filled:
            first = at, texts
        if filled < 2 and len(texts) > 1:
            continue  # a title, not a heading
        if (both := _with_next(top, at, where, instructions, table)) is not None:
            return both
        kind = table_of_heading(texts, instructions, where, table)
        if kind is None:
            continue
        try:
            matched = match(kind, texts, instructions, where, at)
        except CannotRead as error:
            if first == (at, texts) or known_names(kind, texts, instructions) >= 2:  # a record may well have a value twice
                twice = twice or error
            continue
        if not missing(matched):
            return Heading(at, texts, matched)
        if len(matched.positions) >= 2 and (closest is None or len(matched.positions) > closest[0]):
            closest = (len(matched.positions), at, texts, matched)
    if twice is not None:
        raise twice
    if closest is not None:
        _, at, shown, best = closest
        raise lacks_columns(where, best, shown, instructions, at)
    if table is not None:
        at, shown = first or (1, ())
        if not shown:
            raise CannotRead(instructions.say("read.no_heading", where=where))
        best = match(table, shown, instructions, where, at)
        raise lacks_columns(where, best, shown, instructions, at)
    return None


def _with_next(rows: Sequence[Sequence[str]], at: int, where: str, instructions: Instructions, table: str | None) -> Heading | None:
    """The heading that the row `at` (from 1) makes with the one below it, as in "Donor" above "IIN" and "Name". None where they make none:
    together they have all required columns, of which the upper row names some, the lower row names columns too, and no cell stands above
    another but the name of a group."""
    upper, lower = rows[at - 1], rows[at] if at < len(rows) else ()
    under = [place for place, text in enumerate(lower) if text.strip()]
    if instructions.stated.mapping is not None or not under or any(letter.isdigit() for place in under for letter in lower[place]):
        return None  # a mapping says itself what stands where; and a record has figures in it
    above, below = ([*cells, *[""] * (max(len(upper), len(lower)) - len(cells))] for cells in (upper, lower))
    if not all(_is_in_group(above, below, place) for place in under):
        return None
    lowest = [low if low.strip() else over for over, low in zip(above, below, strict=True)]
    kind = table_of_heading(_without_repeats(lowest), instructions, where, table)
    if kind is None:
        return None
    known = names_of(kind, instructions)
    meant = Counter(known.get(heading_key(cell)) for cell in lowest)
    both = _joined(above, below, known, meant)
    try:
        matched = match(kind, both, instructions, where, at + 1)
    except CannotRead:
        return None
    by_upper = {name for name, place in matched.positions.items() if place not in under}
    if missing(matched) or len(by_upper) == len(matched.positions) or not any(columns(kind)[name].required for name in by_upper):
        return None
    return Heading(at + 1, both, matched, in_two_rows=True)


def _joined(above: Sequence[str], below: Sequence[str], known: Mapping[str, str], meant: Mapping[str | None, int]) -> list[str]:
    """The cells of a heading of two rows. One below the name of a group goes by that name too, where both together are the name of a
    column, or where alone it is none, or the name of what another cell means too (`meant`): a contract has a day as a payment has."""
    cells: list[str] = []
    group = ""
    for over, low in zip(above, below, strict=True):
        group = over.strip() or (group if low.strip() else "")
        together, name = f"{group} {low.strip()}", known.get(heading_key(low))
        if low.strip() and group and (heading_key(together) in known or name is None or meant[name] > 1):
            cells.append(together)
        else:
            cells.append(low if low.strip() else over)
    return cells


def _without_repeats(cells: Sequence[str]) -> list[str]:
    """The cells, without what stands there for the second time."""
    first = {cell: place for place, cell in reversed([*enumerate(cells)])}
    return [cell if first[cell] == place else "" for place, cell in enumerate(cells)]


def _is_in_group(above: Sequence[str], below: Sequence[str], place: int) -> bool:
    """Whether nothing stands above a cell, or the name of a group does: one that the cell beside has too, or written once for both."""
    name = above[place].strip()
    beside = [(place + 1, ("", name)), (place - 1, (name,))]
    return not name or any(
        0 <= next_to < len(below) and below[next_to].strip() and above[next_to].strip() in names for next_to, names in beside
    )


def _stated(rows: Iterable[Sequence[str]], row: int, where: str, instructions: Instructions, table: str | None) -> Heading | None:
    """The heading in a stated row, which may be either of two that make it."""
    if row == NO_HEADING:
        return _none(rows, where, instructions, table)
    top = list(islice(rows, row + 1))
    if len(top) < row:
        raise CannotRead(instructions.say("read.no_such_row", where=where, row=row))
    if (both := _with_next(top, row, where, instructions, table)) is not None:
        return both
    cells = top[row - 1]
    kind = table_of_heading(cells, instructions, where, table)
    matched = match(kind, cells, instructions, where, row) if kind is not None else None
    if matched is not None and not missing(matched):
        return Heading(row, cells, matched)
    if row > 1 and (both := _with_next(top, row - 1, where, instructions, table)) is not None:
        return both
    if matched is None:
        return None
    raise lacks_columns(where, matched, cells, instructions, row)


def _none(rows: Iterable[Sequence[str]], where: str, instructions: Instructions, table: str | None) -> Heading:
    """What a mapping says of a table without a heading."""
    if table is None or instructions.stated.mapping is None:
        raise CannotRead(instructions.say("read.no_heading_needs_mapping", where=where))
    width = max(map(len, islice(rows, TITLE_ROWS)), default=0)
    matched = match(table, [""] * width, instructions, where, 1)
    if missing(matched):
        raise lacks_columns(where, matched, (), instructions, 1)
    return Heading(NO_HEADING, (), matched)
