"""A largest matching of lines of the books with lines of the bank's statement that agree in everything but their day and id.

Within a group (account, direction, amount) a line of the books can go with a line of the statement at most some days away, unless
both have an id and the ids differ. Of the largest matchings the one is chosen that takes, on each side, the lines of earlier date
and lower row first: each side is matched one line after the other along augmenting paths (Kuhn), who has a partner keeps one; and
one largest matching takes both choices at once (Mendelsohn and Dulmage).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of either side: its day as a number, and its id if it has one. Entries come in order of date, file and row."""

    day: int
    identifier: str | None


Pairs = list[tuple[int, int]]


def match(books: Sequence[Entry], bank: Sequence[Entry], days_apart: int) -> Pairs:
    """Positions of the pairs of one group. Both sides in the order in which they are to be served."""
    if not books or not bank:
        return []
    if not any(entry.identifier for entry in books) or not any(entry.identifier for entry in bank):
        return _by_day(books, bank, days_apart)
    forward = _partners(books, bank, days_apart)
    if all(len(found) <= 1 for found in forward) and len({found[0] for found in forward if found}) == sum(map(bool, forward)):
        return [(n, found[0]) for n, found in enumerate(forward) if found]  # nobody competes
    backward: list[list[int]] = [[] for _ in bank]
    for n, found in enumerate(forward):
        for other in found:
            backward[other].append(n)
    ours = set(_served(forward, len(bank)))
    theirs = set(_served(backward, len(books)))
    both = [[other for other in found if other in theirs] if n in ours else [] for n, found in enumerate(forward)]
    return sorted(_served(both, len(bank)).items())


def _by_day(books: Sequence[Entry], bank: Sequence[Entry], days_apart: int) -> Pairs:
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


def _partners(books: Sequence[Entry], bank: Sequence[Entry], days_apart: int) -> list[list[int]]:
    """Whom each line of the books could go with, in their order. Only lines of near days and of the same id or none are looked at."""
    by_day: dict[int, dict[str | None, list[int]]] = {}
    for n, entry in enumerate(bank):
        by_day.setdefault(entry.day, {}).setdefault(entry.identifier, []).append(n)
    found: list[list[int]] = []
    for entry in books:
        near: list[int] = []
        for day in range(entry.day - days_apart, entry.day + days_apart + 1):
            here = by_day.get(day)
            if here is None:
                continue
            if entry.identifier is None:
                near += sorted(n for several in here.values() for n in several)
            else:
                near += sorted((*here.get(entry.identifier, ()), *here.get(None, ())))
        found.append(near)
    return found


def _served(partners: Sequence[Sequence[int]], count: int) -> dict[int, int]:
    """Kuhn's matching: each in turn takes a free partner, or makes others move on; who cannot now never will be able to."""
    taken_by: list[int | None] = [None] * count
    partner_of: dict[int, int] = {}
    hopeless: set[int] = set()  # partners from which no free one can be reached; they stay so, for nobody is ever let go
    for one, wanted in enumerate(partners):
        asked_by: dict[int, int] = {}
        queue = deque([one])
        free = None
        while queue and free is None:
            asking = queue.popleft()
            for partner in partners[asking]:
                if partner in asked_by or partner in hopeless:
                    continue
                asked_by[partner] = asking
                holder = taken_by[partner]
                if holder is None:
                    free = partner
                    break
                queue.append(holder)
        if free is None:
            if wanted:
                hopeless.update(asked_by)
            continue
        while free is not None:
            asking = asked_by[free]
            before = partner_of.get(asking)
            partner_of[asking], taken_by[free] = free, asking
            free = before
    return partner_of
