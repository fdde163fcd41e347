"""The rows of a finding as a table: all of a few; of many the first, those around the crossing, and the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from auditor.masking import LONGEST_NAME, masked
from auditor.model.finding import Finding, Line
from auditor.render.row_facts import facts_of, facts_of_all, who_instead
from auditor.render.shown import Shown

# Of what was filed instead of an amount so many letters, which fit where an amount does.
_MOST_FILED = 14
_COLUMNS = ("row", "file", "date", "name", "identifier", "document", "kind", "amount", "running")


Filed = Mapping[tuple[str, str | None, int], str]
"""By file, sheet and row what stands there instead of an amount."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """How many rows of a finding are shown: at most `rows`; of more than that the first (`head`), those `around` the crossing, before it
    and from it on, and the last (`tail`)."""

    rows: int
    head: int
    around: int
    tail: int


PAGE = Excerpt(rows=40, head=20, around=5, tail=10)
SCREEN = Excerpt(rows=12, head=3, around=4, tail=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row of evidence, or (without cells) the gap where rows are not printed."""

    cells: Sequence[str] = ()
    over: bool = False
    crossing: bool = False
    skipped: int = 0
    instead: str | None = None
    facts: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """The table of a finding: only columns that hold something, each with its class; above it the file, and the facts, where all rows
    share one. Several `files` are told by their numbers in the rows."""

    columns: Sequence[str]
    classes: Sequence[str]
    rows: Sequence[Row]
    file: str | None
    files: Sequence[str]
    facts: str
    all: int
    left: int
    any_over: bool

    @property
    def is_long(self) -> bool:
        """Whether amounts are so long that the rest of the row has to be smaller."""
        return self.is_longest or any(name.endswith(" of-27") for name in self.classes)

    @property
    def is_longest(self) -> bool:
        """Whether they have no room even so."""
        return any(name.endswith(" of-38") for name in self.classes)


def evidence(finding: Finding, shown: Shown, filed: Filed = MappingProxyType({})) -> EvidenceTable | None:
    """The rows to print, and where some are left out."""
    if not finding.lines:
        return None
    lines = finding.lines
    kept = kept_of(finding, PAGE)
    several = len({(line.place.file, line.place.sheet) for line in lines}) > 1
    numbers = {file: n for n, file in enumerate(dict.fromkeys((lines[at].place.file, lines[at].place.sheet) for at in kept), 1)}
    # A balance, or a sum that must be reached, has no row at which it went over: nothing is tinted there.
    limit = finding.limit if finding.crossing is not None and isinstance(finding.limit, Decimal) else None
    unread = {line.place: value for line in lines if (value := _instead_of_amount(line, filed)) is not None}
    columns = [column for column in _COLUMNS if _holds(column, lines, several=several) or (column == "amount" and unread)]
    rows: list[Row] = []
    common = facts_of_all(lines, shown.words, shown.text)
    before = -1
    for index in kept:
        if index > before + 1:
            rows.append(Row(skipped=index - before - 1))
        line = lines[index]
        over = limit is not None and line.running is not None and line.running > limit
        crossing = finding.crossing is not None and line.place == finding.crossing.place
        special = {"file": str(numbers[line.place.file, line.place.sheet])}
        if line.place in unread:
            special["amount"] = shown.words("report.amount_as_filed", value=shown.text(unread[line.place], _MOST_FILED))
        cells = [special[column] if column in special else _cell(column, line, shown) for column in columns]
        facts = "" if common else facts_of(line, shown.words, shown.text)
        rows.append(Row(cells, over, crossing, instead=_instead(line, shown), facts=facts))
        before = index
    names = ["counted" if name == "running" and _counts(lines) else name for name in columns]
    return EvidenceTable(
        columns=names,
        classes=[_class(name, [row.cells[at] for row in rows if row.cells], shown) for at, name in enumerate(names)],
        rows=rows,
        file=None if several else file_name(*next(iter(numbers)), shown),
        files=[file_name(*file, shown) for file in numbers] if several else [],
        facts=common,
        all=len(lines),
        left=len(lines) - len(kept),
        any_over=any(row.over for row in rows),
    )


def _class(column: str, cells: Sequence[str], shown: Shown) -> str:
    """The class of a column, which says how wide it is."""
    if column == "row":
        return shown.row_column(max(int(cell) for cell in cells))
    return shown.amount_column(column, cells) if column in ("amount", "running") else column


def _instead_of_amount(line: Line, filed: Filed) -> str | None:
    """What was filed where an amount should stand that can be read."""
    place = line.place
    return filed.get((place.file, place.sheet, place.row)) if line.amount is None else None


def whose_key(finding: Finding) -> str:
    """What is said instead of a contestant: that it is of several, or of nobody who is known (an account, say)."""
    return "report.of_all_contestants" if any(line.fund for line in finding.lines) else "report.of_nobody"


def kept_of(finding: Finding, excerpt: Excerpt) -> Sequence[int]:
    """The places of the rows that are shown, in order."""
    count = len(finding.lines)
    if count <= excerpt.rows:
        return range(count)
    place = finding.crossing.place if finding.crossing else None
    at = next((i for i, line in enumerate(finding.lines) if line.place == place), None)
    around: Iterable[int] = () if at is None else range(max(at - excerpt.around, 0), min(at + excerpt.around, count))
    tail = excerpt.tail if at is not None else excerpt.rows - excerpt.head
    return sorted({*range(excerpt.head), *around, *range(count - tail, count)})


def _counts(lines: Sequence[Line]) -> bool:
    """Whether the lines are counted, and no money is summed up."""
    return any(isinstance(line.running, int) for line in lines)


def _holds(column: str, lines: Sequence[Line], *, several: bool) -> bool:
    if column in ("row", "file"):
        return column == "row" or several
    return any(getattr(line, column) is not None for line in lines)


def file_name(file: str, sheet: str | None, shown: Shown) -> str:
    """The file, and the sheet where there is one."""
    return shown.file(file, 80) + (f" · {shown.text(sheet, 40)}" if sheet else "")


def _cell(column: str, line: Line, shown: Shown) -> str:
    words = shown.words
    match column:
        case "row":
            return str(line.place.row)  # as the spreadsheet numbers it
        case "date":
            return words.day(line.date) if line.date else "–"
        case "kind":
            return shown.code("kind", line.kind) or "–"
        case "identifier":
            return shown.text(masked(line.identifier), 40) or "–"
        case "amount":
            # A refund lowers the sum: its amount is printed as it counts.
            lowers = line.amount is not None and line.effect is not None and line.effect == -line.amount
            return words.measure(line.effect if lowers else line.amount)
        case "running":
            return words.measure(line.running)
    return shown.name(getattr(line, column))


def _instead(line: Line, shown: Shown) -> str | None:
    """The line that probably stands in its place: in the final report, or in the bank's statement."""
    there = line.instead
    if there is None:
        return None
    cells = [f"{shown.file(there.place.file, 60)}, {shown.words('screen.row', row=there.place.row)}"]
    cells += [shown.words.day(there.date) if there.date else "–", shown.money(there.amount)]
    cells.append(who_instead(line, there, shown.words, lambda text: shown.text(text, LONGEST_NAME)))
    return shown.words(f"report.instead_{there.place.table}", line=" · ".join(cells))
