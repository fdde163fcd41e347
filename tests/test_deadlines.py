"""Days are counted as the law says: the event's own day never, and calendar or working days by parameter."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.check.registration import full_years
from auditor.counted_days import days_after, last_day

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("event", "day", "counting", "days"),
    [
        ("2023-03-29", "2023-04-01", "calendar", 3),
        ("2023-03-29", "2023-03-29", "calendar", 0),
        ("2023-03-29", "2023-03-28", "calendar", -1),
        ("2023-03-31", "2023-04-03", "working", 1),  # Friday to Monday
        ("2023-03-31", "2023-04-02", "working", 0),
        ("2023-04-03", "2023-03-31", "working", -1),
    ],
)
def test_days_after(event, day, counting, days):
    assert days_after(date.fromisoformat(event), date.fromisoformat(day), counting) == days


@given(DAYS, st.integers(0, 40), st.sampled_from(["calendar", "working"]))
def test_the_last_day_is_the_last_that_is_in_time(event, days, counting):
    last = last_day(event, days, counting)
    assert days_after(event, last, counting) == days
    assert days_after(event, last + timedelta(days=1), counting) in (days, days + 1)
    assert last_day(event, days, "calendar") == event + timedelta(days=days)


@pytest.mark.parametrize(
    ("born", "years"), [("1998-03-19", 25), ("1998-03-20", 24), ("1998-03-18", 25), ("2000-02-29", 23), ("2023-03-19", 0)]
)
def test_full_years_on_election_day(born, years):
    assert full_years(date.fromisoformat(born), date(2023, 3, 19)) == years


def test_one_born_on_29_february_has_the_birthday_on_1_march():
    assert full_years(date(2000, 2, 29), date(2025, 2, 28)) == 24
    assert full_years(date(2000, 2, 29), date(2025, 3, 1)) == 25
