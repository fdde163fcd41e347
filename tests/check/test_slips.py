"""Whoever may be in a group over the cap is among those in reach: held against looking at every pair."""

from decimal import Decimal
from itertools import combinations
from unittest.mock import patch

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from auditor.check import slips

IDS = st.one_of(
    st.none(),
    st.text("01", min_size=12, max_size=12),
    st.builds(lambda at, to: "800101300016"[:at] + to + "800101300016"[at + 1 :], st.integers(0, 11), st.sampled_from("0123456789")),
)
DONORS = st.lists(st.tuples(IDS, st.integers(1, 900)), min_size=1, max_size=7)


def may_be_one(group):
    """Whether all ids of a group agree; a donor without one stands beside any other, but around one there are none with ids."""
    ids = [ident for ident, _ in group if ident is not None]
    return all(OSA.distance(one, other) <= 1 for one, other in combinations(ids, 2))


@settings(max_examples=300, deadline=None)
@given(DONORS, st.integers(1, 3000))
def test_nobody_in_reach_is_left_out(donors, cap):
    table = pl.DataFrame(
        [(ident, Decimal(net)) for ident, net in donors], schema={"identifier": pl.String, "net": pl.Decimal(38, 2)}, orient="row"
    ).with_row_index("at")
    with patch.object(slips, "_FEW_DONORS", 0):
        kept = set(slips.in_reach(table, Decimal(cap))["at"])
    for many in range(2, len(donors) + 1):
        for group in combinations(range(len(donors)), many):
            if may_be_one([donors[n] for n in group]) and sum(donors[n][1] for n in group) > cap:
                assert set(group) <= kept


def test_those_who_cannot_pass_the_cap_are_left_out():
    table = pl.DataFrame(
        {"identifier": [f"{n * 7919:012d}" for n in range(1, 400)], "net": [Decimal(10)] * 399}, schema_overrides={"net": pl.Decimal(38, 2)}
    )
    with patch.object(slips, "_FEW_DONORS", 0):
        assert slips.in_reach(table, Decimal(1000)).is_empty()


def test_swapped_digits_at_the_end_of_a_third_are_near():
    pairs = [("123456789012", "123546789012"), ("123456789012", "123456798012"), ("123456789012", "123456789102")]
    for one, other in pairs:
        table = pl.DataFrame({"identifier": [one, other], "net": [Decimal(6), Decimal(6)]}, schema_overrides={"net": pl.Decimal(38, 2)})
        with patch.object(slips, "_FEW_DONORS", 0):
            assert slips.in_reach(table, Decimal(10)).height == 2
