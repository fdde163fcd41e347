"""Beside each line that a report lacks, the one of that report that is most like it and stands beside no other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date

from auditor.model.finding import Line

_By = Callable[[Line], Hashable]
# By what two lines of a kind can be one that was altered, first those that differ in one thing: the amount, who (a name or an id that was
# put right) or the day; then those that are of the same counterparty alone.
_ALTERED: tuple[tuple[_By, ...], ...] = (
    (
        lambda line: (line.kind, _who(line), line.date),
        lambda line: (line.kind, line.date, line.amount),
        lambda line: (line.kind, _who(line), line.amount),
    ),
    (lambda line: (line.kind, _who(line)),),
)


def paired(missing: dict[str, list[Line]], others: dict[str, list[Line]]) -> dict[str, list[Line]]:
    """The missing lines of each contestant with what stands `instead` of them, one after another: a line that differs in one thing, else
    one of the same kind and counterparty; of several the one of the nearest day, and of these the first. Lines come in order of days."""
    found: dict[str, list[Line]] = {}
    for cid, lines in missing.items():
        there = others.get(cid, ())
        ways = [[_Lines(there, by) for by in several] for several in _ALTERED]
        taken: set[int] = set()
        for line in lines:
            at = next((n for several in ways if (n := _nearest(line, several, taken)) is not None), None)
            if at is not None:
                taken.add(at)
            found.setdefault(cid, []).append(replace(line, instead=None if at is None else there[at]))
    return found


def _who(line: Line) -> str | None:
    return line.identifier or line.name


def _nearest(line: Line, several: Sequence[_Lines], taken: set[int]) -> int | None:
    return min((one for lines in several if (one := lines.nearest(line, taken)) is not None), default=(0, None))[1]


class _Lines:
    """Lines in order of their days, in groups that have something in common."""

    def __init__(self, lines: Sequence[Line], by: _By) -> None:
        self._by = by
        self._groups: dict[Hashable, _Group] = {}
        for n, line in enumerate(lines):
            self._groups.setdefault(by(line), _Group()).add(n, _day(line))

    def nearest(self, line: Line, taken: set[int]) -> tuple[int, int] | None:
        """How many days away the nearest one is that nobody has taken, and which it is; None where there is none."""
        group = self._groups.get(self._by(line))
        return group.nearest(_day(line), taken) if group is not None else None


class _Group:
    """Places of lines in order of days. What was taken is passed over once and never looked at again."""

    def __init__(self) -> None:
        self._places: list[int] = []
        self._days: list[int] = []
        self._later: list[int] = [0]
        self._earlier: list[int] = []

    def add(self, place: int, day: int) -> None:
        self._places.append(place)
        self._days.append(day)
        self._later.append(len(self._places))
        self._earlier.append(len(self._places) - 1)

    def nearest(self, day: int, taken: set[int]) -> tuple[int, int] | None:
        """How many days away, and the place, of the nearest; of several as near the first."""
        at = bisect_left(self._days, day)
        after = self._first(at, taken)
        before = self._last(at - 1, taken)
        candidates = [(self._days[after] - day, self._places[after])] if after < len(self._places) else []
        if before >= 0:
            first_of_day = self._first(bisect_left(self._days, self._days[before]), taken)
            candidates.append((day - self._days[before], self._places[first_of_day]))
        return min(candidates, default=None)

    def _first(self, at: int, taken: set[int]) -> int:
        """The first free one from here on; behind the last where there is none."""
        return _followed(self._later, at, lambda n: n < len(self._places) and self._places[n] in taken, 1)

    def _last(self, at: int, taken: set[int]) -> int:
        return _followed(self._earlier, at, lambda n: n >= 0 and self._places[n] in taken, -1) if at >= 0 else -1


def _followed(onward: list[int], at: int, is_taken: Callable[[int], bool], step: int) -> int:
    """From place to place as far as they point, and on over what is taken; all that was walked over then points to the end."""
    walked = []
    while at >= 0 and (onward[at] != at or is_taken(at)):
        walked.append(at)
        at = onward[at] if onward[at] != at else at + step
    for place in walked:
        onward[place] = at
    return at


def _day(line: Line) -> int:
    return line.date.toordinal() if line.date is not None else date.max.toordinal()
