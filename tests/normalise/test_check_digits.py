"""The check digit of an id, whether a column is asked or a single one."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.identifiers import check_digit_agrees, check_digits_agree

IDS = st.integers(min_value=0, max_value=10**12 - 1).map("{:012d}".format)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | IDS))
def test_a_column_and_an_id_have_the_same_answer(ids):
    column = pl.DataFrame({"id": ids}, schema={"id": pl.String})
    asked = column.select(check_digits_agree(pl.col("id"))).to_series().to_list()
    assert asked == [None if one is None else check_digit_agrees(one) for one in ids]
    assert column.lazy().select(check_digits_agree(pl.col("id"))).collect(engine="streaming").to_series().to_list() == asked


def test_either_of_both_weights_decides_and_a_rest_of_ten_is_no_digit():
    every = [f"9001013000{n:02d}" for n in range(100)]
    agree = [one for one in every if check_digit_agrees(one)]
    assert len({one[:11] for one in agree}) == len(agree)
    assert pl.Series("id", every).to_frame().filter(check_digits_agree(pl.col("id")))["id"].to_list() == agree
