"""The lines of two versions of a filing held against each other: added, left out, altered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditor.model.audit import FiledLine
from auditor.tables import DOCUMENT

Identity = Callable[[FiledLine], object]


@dataclass(frozen=True, slots=True)
class AlteredLine:
    """A line that stands in both versions with other cells; `what` are their columns."""

    old: FiledLine
    new: FiledLine
    what: Sequence[str]


@dataclass(frozen=True, slots=True)
class LineChanges:
    """The lines that only one version has, paired where one clearly took the place of another; `same` counts the rest."""

    added: Sequence[FiledLine]
    removed: Sequence[FiledLine]
    altered: Sequence[AlteredLine]
    same: int


def line_changes(old: Sequence[FiledLine], new: Sequence[FiledLine]) -> LineChanges:
    """Lines as a multiset by report and content: where a line stands in its file does not matter.

    One that only the old version has and one that only the new one has are the same line altered where they are of the same report
    and agree in date, kind, counterparty and document, or in all cells but one.
    """
    gone, come = _left_over(old, new), _left_over(new, old)
    same = len(old) - len(gone)
    altered: list[AlteredLine] = []
    columns = sorted({name for line in (*gone, *come) for name in line.content})
    for identity in (_entry, *(_all_but(column) for column in columns)):
        pairs = _pairs(gone, come, identity)
        altered += [
            AlteredLine(one, other, [name for name in columns if one.content.get(name) != other.content.get(name)]) for one, other in pairs
        ]
        left = {id(line) for pair in pairs for line in pair}
        gone, come = ([line for line in several if id(line) not in left] for several in (gone, come))
    altered.sort(key=lambda pair: (pair.new.contestant_id, pair.new.report, pair.new.place))
    return LineChanges(sorted(come, key=_order), sorted(gone, key=_order), altered, same)


def _left_over(lines: Sequence[FiledLine], others: Sequence[FiledLine]) -> list[FiledLine]:
    """The lines without a like one among the others; of several alike the last ones."""
    there: defaultdict[object, int] = defaultdict(int)
    for line in others:
        there[_whole(line)] += 1
    left = []
    for line in lines:
        if there[_whole(line)]:
            there[_whole(line)] -= 1
        else:
            left.append(line)
    return left


def _pairs(gone: Sequence[FiledLine], come: Sequence[FiledLine], identity: Identity) -> list[tuple[FiledLine, FiledLine]]:
    by_identity: defaultdict[object, tuple[list[FiledLine], list[FiledLine]]] = defaultdict(lambda: ([], []))
    for side, lines in enumerate((gone, come)):
        for line in lines:
            by_identity[identity(line)][side].append(line)
    return [pair for olds, news in by_identity.values() for pair in zip(sorted(olds, key=_order), sorted(news, key=_order), strict=False)]


def _entry(line: FiledLine) -> object:
    cells = line.content
    who = cells.get("counterparty_id") or cells.get("counterparty_name")
    document = next((cells[name] for name in DOCUMENT if cells.get(name)), None)
    return (line.contestant_id, line.report, cells.get("date"), cells.get("kind"), who, document)


def _all_but(column: str) -> Identity:
    return lambda line: (line.contestant_id, line.report, tuple(item for item in sorted(line.content.items()) if item[0] != column))


def _whole(line: FiledLine) -> object:
    return (line.contestant_id, line.report, tuple(line.content.items()))


def _order(line: FiledLine) -> tuple[str, str, str, str, int]:
    return (line.contestant_id, line.report, line.place.file, line.place.sheet or "", line.place.row)
