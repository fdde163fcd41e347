"""Which table a heading is of, and what it lacks to be of that one."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import CannotRead
from auditor.read.headings import LackingTable, LacksColumns, Matched, match, missing, names_of, nearest, one_line, shown
from auditor.read.instructions import Instructions
from auditor.tables import TABLES, columns, heading_key

# An index of reports that we wrote ourselves names contestants too, and may lie in the folder that is audited next.
_INDEX = frozenset(("contestant_id", "breaches", "undetermined", "leads", "not_assessed", "sha256"))
# A price list requires nothing but an id, and other lists have ids too: one that goes by another name must have more of its own.
_OF_PRICES = frozenset(("medium", "filed_with", "filed_on", "unit_price"))
_HALF, _MORE_THAN_BY_CHANCE = 0.5, 0.4


def lacks_columns(where: str, matched: Matched, cells: Sequence[str], instructions: Instructions, row: int = 1) -> LacksColumns:
    """Which columns are missing, what was found, and the heading nearest to each or to one of its other names."""
    found = shown(cells) or instructions.say("read.nothing")
    near = {name: nearest(name, matched.table, matched.unknown, instructions.headings) for name in missing(matched)}
    labels = instructions.labels.get(matched.table, {})
    told = {name: f"{labels[name]} ({name})" if name in labels else name for name in near}
    parts = [
        instructions.say("read.closest", column=told[name], heading=one_line(one)) if one else told[name] for name, one in near.items()
    ]
    sentence = instructions.say("read.column_missing", where=where, row=row, n=len(parts), columns=", ".join(parts), found=found)
    another = recognise(cells, instructions, where)
    if another not in (None, matched.table):
        sentence = f"{sentence} {instructions.say('read.of_another_table', table=another)}"
    elif matched.table == "reports" and instructions.stated.mapping is None and matched.unknown:
        sentence = f"{sentence} {instructions.say('read.other_headings')}"
    return LacksColumns(LackingTable(matched.table, row, {name: one_line(one) if one else None for name, one in near.items()}), sentence)


def table_of_heading(cells: Sequence[str], instructions: Instructions, where: str, named: str | None) -> str | None:
    """The table that a row is the heading of, or None: the one `named` by its file or sheet, unless it is a whole heading of `reports`
    and no whole one of `statement`. Lines under the name of another table are lines all the same."""
    if named is None:
        return recognise(cells, instructions, where)
    if named == "reports" or instructions.stated.mapping is not None or not _is_whole("reports", cells, instructions, where):
        return named
    return named if named == "statement" and _is_whole(named, cells, instructions, where) else "reports"


def _is_whole(table: str, cells: Sequence[str], instructions: Instructions, where: str) -> bool:
    try:
        return not missing(match(table, cells, instructions, where))
    except CannotRead:
        return False


def _each_once(table: str, cells: Sequence[str], instructions: Instructions) -> list[str]:
    """The heading without what is there for the second time."""
    known, met, once = names_of(table, instructions), set[str](), list[str]()
    for cell in cells:
        name = known.get(heading_key(cell)) or heading_key(cell)
        once.append("" if name in met else cell)
        met.add(name)
    return once


def recognise(cells: Sequence[str], instructions: Instructions, where: str) -> str | None:
    """The table that a heading is of: the one with all its required columns, else the best with at least half of them.

    A heading of `reports` that lacks some has all that `filings` or `contestants` require; it is of neither where more of it is of
    `reports`: money under a heading that nobody knows must not become a register. A statement requires what no other table has, and may
    have columns of the books beside it."""
    if set(cells) >= _INDEX:
        return None
    best: tuple[float, str] | None = None
    known: dict[str, int] = {}
    shares: dict[str, float] = {}
    certain: set[str] = set()
    for table in TABLES:
        try:
            matched = match(table, cells, instructions, where)
        except CannotRead:
            if table == "reports" and _is_whole(table, _each_once(table, cells, instructions), instructions, where):
                return table  # lines that somebody has sent: whoever reads them says which column is there twice
            continue
        required = [name for name, column in columns(table).items() if column.required]
        known[table], shares[table] = len(matched.positions), 1 - len(missing(matched)) / len(required)
        if shares[table] == 1 and not {*required} & {*matched.aliases} and {*required} - {*columns("reports")}:
            certain.add(table)  # it has a column that no lines have, under its own name
        if shares[table] >= _HALF and not (table == "price_lists" and _is_any_list(matched, cells, instructions)):
            score = shares[table] + known[table] / 1000
            best = max(best, (score, table), key=lambda one: one[0]) if best is not None else (score, table)
    if best is None:
        return None
    if best[1] in ("reports", "statement", *certain):
        return best[1]
    if known.get("reports", 0) > known[best[1]] and shares["reports"] >= _MORE_THAN_BY_CHANCE:
        return "reports" if shares["reports"] >= _HALF else None
    return best[1]


def _is_any_list(matched: Matched, cells: Sequence[str], instructions: Instructions) -> bool:
    """Whether of a price list there is nothing but an id, and a name, under headings that other lists have too."""
    if "vendor_id" not in matched.aliases or _OF_PRICES & {*matched.positions}:
        return False
    named = cells[matched.positions["vendor_name"]] if "vendor_name" in matched.positions else ""
    return not named or any(heading_key(named) in names_of(table, instructions) for table in TABLES if table != matched.table)
