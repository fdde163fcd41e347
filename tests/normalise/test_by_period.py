"""Reports are found by their days as a look at all of them finds them."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from auditor.normalise.by_period import ByPeriod
from auditor.normalise.reports import Report

days = st.one_of(st.none(), st.integers(1, 3).map(lambda day: date(2023, 3, day)))
periods = st.tuples(days, days)
whose = st.tuples(st.sampled_from(["A", "B"]), st.sampled_from(["interim", "final"]), st.sampled_from([None, 1]))


def plainly(reports, who, period):
    own = [one for one in reports if (one.contestant_id, one.report_type, one.own_filing) == who]
    same = [one for one in own if one.period == period]
    return same or [one for one in own if all(day in (None, its) for day, its in zip(period, one.period, strict=True))]


@given(st.lists(st.tuples(whose, periods), max_size=20), whose, periods)
def test_they_are_those_that_a_look_at_each_finds_in_the_same_order(told, who, period):
    reports = [Report(cid, None, kind, when, None, own_filing=own) for (cid, kind, own), when in told]
    found = ByPeriod(reports[:5])
    for one in reports[5:]:
        found.add(one)
    # Days that become known later are not those by which a report is found.
    expected = plainly(reports, who, period)
    for one in reports:
        one.period = (date(2024, 1, 1), date(2024, 1, 2))
    assert list(found.of_period(who, period)) == expected
    assert list(found.of(who)) == [one for one in reports if (one.contestant_id, one.report_type, one.own_filing) == who]
