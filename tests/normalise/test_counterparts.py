"""The line that stands instead of a missing one: against a search through all of them, and at a size where that would take minutes."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.finding import Line
from auditor.model.place import Place
from auditor.normalise.counterparts import paired

FIRST = date(2023, 3, 1)


def lines(cells):
    made = [
        Line(Place("reports", "f", None, n), date=FIRST + timedelta(day), kind=kind, name=name, amount=Decimal(amount))
        for n, (day, kind, name, amount) in enumerate(sorted(cells, key=lambda one: one[0]))
    ]
    return {"SM-1": made} if made else {}


def cells(most):
    one = st.tuples(st.integers(0, 5), st.sampled_from("ab"), st.sampled_from([None, "x", "y"]), st.integers(1, 4))
    return st.lists(one, max_size=most)


def unlike(line, other):
    """In how many things two lines of one kind differ, and by how many days; None where they are two lines."""
    if line.kind != other.kind:
        return None
    differ = (line.name != other.name) + (line.date != other.date) + (line.amount != other.amount)
    if differ == 3 or (differ == 2 and line.name != other.name):
        return None
    return differ, abs((line.date - other.date).days)


@settings(max_examples=200, deadline=None)
@given(cells(6), cells(8))
def test_each_line_gets_the_one_that_is_most_like_it_and_free(missing, others):
    seen = set(missing)
    missing, others = lines(missing), lines([one for one in others if one not in seen])
    left, expected = list(others.get("SM-1", [])), {}
    for cid, several in missing.items():
        for line in several:
            ranked = sorted((rank, n) for n, other in enumerate(left) if (rank := unlike(line, other)) is not None)
            expected.setdefault(cid, []).append(replace(line, instead=left.pop(ranked[0][1]) if ranked else None))
    assert paired(missing, others) == expected


def test_tens_of_thousands_of_lines_of_one_vendor():
    chance = random.Random(5)
    missing, others = ([(chance.randrange(25), "a", "x", chance.randrange(10**9)) for _ in range(20_000)] for _ in range(2))
    assert all(line.instead is not None for line in paired(lines(missing), lines(others))["SM-1"])
