"""Bank matching: against an exact search on small cases, against the order of the lines, and at a size where pairs would not do."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.check.matching import MatchableLine, match

APART = 2
ENTRIES = st.lists(st.builds(MatchableLine, st.integers(0, 6), st.sampled_from([None, "A", "B"])), max_size=6)


def agree(one, other):
    return abs(one.day - other.day) <= APART and (one.identifier is None or other.identifier is None or one.identifier == other.identifier)


def ordered(entries):
    return sorted(entries, key=lambda entry: entry.day)


def can_all_be_matched(chosen, others):
    """Whether each of the chosen can have a partner of its own: by trying everything."""

    def place(n, left):
        return n == len(chosen) or any(agree(chosen[n], others[m]) and place(n + 1, left - {m}) for m in left)

    return place(0, frozenset(range(len(others))))


def first_largest(entries, others):
    """Of the largest sets that can be matched the first in order: by trying every set."""
    for size in range(min(len(entries), len(others)), -1, -1):
        for chosen in combinations(range(len(entries)), size):
            if can_all_be_matched([entries[n] for n in chosen], others):
                return set(chosen)
    return set()


@settings(max_examples=400, deadline=None)
@given(ENTRIES, ENTRIES)
def test_no_larger_matching_exists_and_earlier_lines_go_first(books, bank):
    books, bank = ordered(books), ordered(bank)
    pairs = match(books, bank, APART)
    assert all(agree(books[one], bank[other]) for one, other in pairs)
    assert len({one for one, _ in pairs}) == len(pairs) == len({other for _, other in pairs})
    assert {one for one, _ in pairs} == first_largest(books, bank)
    assert {other for _, other in pairs} == first_largest(bank, books)


@pytest.mark.parametrize(
    "ids", [[None], [None, "A", "B", "C"], [str(n) for n in range(4000)], [None] * 2000 + [str(n) for n in range(2000)]]
)
def test_thousands_of_equal_lines_are_matched_without_holding_each_against_each(ids):
    """Every line has its pair here; looking at all sixteen million pairs would take minutes instead of a second."""
    chance = random.Random(7)
    books = ordered([MatchableLine(chance.randrange(30), chance.choice(ids)) for _ in range(4000)])
    bank = ordered([MatchableLine(entry.day + chance.randrange(-2, 3), entry.identifier) for entry in books])
    assert len(match(books, bank, APART)) == len(books)
