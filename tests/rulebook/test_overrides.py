"""Days set by hand leave a day between them, or the rule that asks for both would find every line."""

import pytest

from auditor.errors import BadUsage
from auditor.rulebook.load import load

LAW = load("kz/majilis-2023")


@pytest.mark.parametrize(
    "days",
    [
        {"campaign_start": "2023-03-17"},
        {"campaign_end": "2023-02-18"},
        {"campaign_start": "2023-04-01", "campaign_end": "2023-05-01"},
    ],
)
def test_one_day_is_enough(days):
    assert LAW.with_overrides(days).overrides == days


@pytest.mark.parametrize("days", [{"campaign_start": "2023-03-18"}, {"campaign_end": "2023-02-17"}])
def test_none_is_refused_with_the_rule_that_asks(days):
    with pytest.raises(BadUsage, match="EXP-003"):
        LAW.with_overrides(days)
