"""A largest matching of lines of the books with lines of the bank's statement that agree in everything but their day and id.

Within a group (account, direction, amount) a line of the books can go with a line of the statement at most some days away, unless
both have an id and the ids differ. Of the largest matchings the one is chosen that takes, on each side, the lines of earlier date
and lower row first: each side is matched one line after the other along augmenting paths (Kuhn), who has a partner keeps one; and
one largest matching takes both choices at once (Mendelsohn and Dulmage). Where that leaves a choice, lines of the same id are paired.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice


@dataclass(frozen=True, slots=True)
class MatchableLine:
    """One line of either side: its day as a number, and its id if it has one. Entries come in order of date, file and row."""

    day: int
    identifier: str | None


Pairs = list[tuple[int, int]]


def match(books: Sequence[MatchableLine], bank: Sequence[MatchableLine], days_apart: int) -> Pairs:
    """Positions of the pairs of one group. Both sides in the order in which they are to be served."""
    if not books or not bank:
        return []
    if not any(entry.identifier for entry in books) or not any(entry.identifier for entry in bank):
        return _by_day(books, bank, days_apart)
    forward = _near(books, _by_days(bank), days_apart)
    first = [_only(near) for near in forward]
    if all(len(few) <= 1 for few in first) and len({few[0] for few in first if few}) == sum(map(bool, first)):
        return [(n, few[0]) for n, few in enumerate(first) if few]  # nobody competes
    ours = set(_served(forward, len(bank)))
    theirs = set(_served(_near(bank, _by_days(books), days_apart), len(books)))
    both = _near(books, _by_days(bank, theirs), days_apart)
    return sorted(_served([near if n in ours else () for n, near in enumerate(both)], len(bank)).items())


def _by_day(books: Sequence[MatchableLine], bank: Sequence[MatchableLine], days_apart: int) -> Pairs:
    """Without ids only the days decide, and taking the earliest partner that is not too early matches the most."""
    pairs: Pairs = []
    at = 0
    for n, entry in enumerate(books):
        while at < len(bank) and bank[at].day < entry.day - days_apart:
            at += 1
        if at < len(bank) and bank[at].day <= entry.day + days_apart:
            pairs.append((n, at))
            at += 1
    return pairs


class _Lines:
    """Possible partners in their order, shared by many lines of the other side; all before index `at` are taken."""

    __slots__ = ("at", "members")

    def __init__(self) -> None:
        self.members: list[int] = []
        self.at = 0

    def free(self, taken_by: Sequence[int | None]) -> int | None:
        """The first that nobody has taken; nobody is ever let go."""
        while self.at < len(self.members) and taken_by[self.members[self.at]] is not None:
            self.at += 1
        return self.members[self.at] if self.at < len(self.members) else None


class _Day:
    """The lines of one day: all of them, and by their id."""

    __slots__ = ("all", "by_id")

    def __init__(self) -> None:
        self.all = _Lines()
        self.by_id: dict[str | None, _Lines] = {}


Near = Sequence[_Lines]
"""Whom a line could go with, of near days: the lines of the same id and those without one, or all. The lists are shared, for a copy for
each line would be as many numbers as there are pairs."""


def _by_days(entries: Sequence[MatchableLine], among: Set[int] | None = None) -> dict[int, _Day]:
    days: dict[int, _Day] = {}
    for n, entry in enumerate(entries):
        if among is None or n in among:
            day = days.setdefault(entry.day, _Day())
            day.all.members.append(n)
            day.by_id.setdefault(entry.identifier, _Lines()).members.append(n)
    return days


def _near(entries: Sequence[MatchableLine], days: Mapping[int, _Day], days_apart: int) -> list[Near]:
    """Whom each line could go with. Only lines of near days and of the same id or none are looked at."""
    known: dict[MatchableLine, Near] = {}
    for entry in entries:
        if entry not in known:
            there = [days[day] for day in range(entry.day - days_apart, entry.day + days_apart + 1) if day in days]
            if entry.identifier is None:
                known[entry] = [day.all for day in there]
            else:  # the same id before none, which others may be left to take
                known[entry] = [day.by_id[who] for who in (entry.identifier, None) for day in there if who in day.by_id]
    return [known[entry] for entry in entries]


def _only(near: Near) -> list[int]:
    """The first two at most of those whom a line could go with."""
    return list(islice((n for lines in near for n in lines.members[:2]), 2))


def _served(partners: Sequence[Near], count: int) -> dict[int, int]:
    """Kuhn's matching: each in turn takes a free partner, or makes others move on; who cannot now never will be able to."""
    taken_by: list[int | None] = [None] * count
    partner_of: dict[int, int] = {}
    # Partners from which no free one can be reached, and lists of nothing else; they stay so, for nobody is ever let go.
    hopeless: set[int] = set()
    given_up: set[_Lines] = set()
    for one in range(len(partners)):
        asked_by: dict[int, int] = {}
        looked_at: set[_Lines] = set()
        queue = deque([one])
        free = None
        while queue and free is None:
            asking = queue.popleft()
            free = _first_free(partners[asking], taken_by)
            if free is not None:
                asked_by[free] = asking
                break
            for lines in partners[asking]:
                for partner in lines.members if lines not in looked_at and lines not in given_up else ():
                    holder = taken_by[partner]
                    if holder is not None and partner not in asked_by and partner not in hopeless:
                        asked_by[partner] = asking
                        queue.append(holder)
                looked_at.add(lines)
        if free is None:
            hopeless.update(asked_by)
            given_up |= looked_at
            continue
        while free is not None:
            asking = asked_by[free]
            before = partner_of.get(asking)
            partner_of[asking], taken_by[free] = free, asking
            free = before
    return partner_of


def _first_free(near: Near, taken_by: Sequence[int | None]) -> int | None:
    return next((free for lines in near if (free := lines.free(taken_by)) is not None), None)
