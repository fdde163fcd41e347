"""Facts of the seed report: figures that must add up, and its inconsistencies, noted where they matter. No party is named or judged."""

from decimal import Decimal
from math import ceil
from pathlib import Path

import pytest

from auditor.rulebook.load import load

LAW = load("kz/majilis-2023")
SEED = Path(__file__).parent.parent.parent / "shared" / "seed" / "odihr-interim-report.txt"
RULES = Path(__file__).parent.parent / "rules" / "kz"
# Footnote 30: candidates and women on each of the seven lists, in the order of the ballot paper.
LISTS = [(90, 26), (25, 6), (23, 8), (52, 15), (18, 5), (54, 15), (19, 5)]


def text():
    if not SEED.exists():
        pytest.skip("the seed report is not beside this checkout")
    return " ".join(SEED.read_text(encoding="utf-8").split())


def test_the_lists_of_footnote_30_add_up():
    assert sum(size for size, _ in LISTS) == 281
    assert sum(women for _, women in LISTS) == 80
    assert round(Decimal(80) / 281 * 100, 1) == Decimal("28.5")
    said = text()
    assert "a total of 281 nominated candidates, including 80 women (28.5 per cent)" in said
    for size, women in LISTS:
        assert f"{size} (" in said or f"{size} candidates (of whom {women} are women)" in said


def test_women_alone_do_not_decide_the_quota():
    """Only one list reaches 30 per cent by women alone; youth and people with disabilities count too, so nothing follows for the others."""
    share = LAW.value("quota_share")
    assert [women >= ceil(size * share / 100) for size, women in LISTS].count(True) == 1
    assert next(rule for rule in LAW.rules if rule.id == "REG-001").check.facts == {"sex": "f", "disability": "yes"}


def test_single_mandate_figures_add_up():
    assert 609 - 45 - 125 - 4 == 435
    assert round(Decimal(85) / 435 * 100, 1) == Decimal("19.5")


def test_ceilings_add_up():
    media, events, transport = (LAW.value(f"subsidy_{name}") for name in ("media", "events_and_print", "transport"))
    assert media + events + transport == Decimal("950000.00")
    assert LAW.value("own_funds_limit_candidate") + LAW.value("donations_limit_candidate") == LAW.value("spending_limit_candidate")
    assert LAW.value("spending_limit_candidate") == Decimal("49000000.00")
    assert LAW.value("own_funds_limit_party") + LAW.value("donations_limit_party") == LAW.value("spending_limit_party")
    assert LAW.value("spending_limit_party") == Decimal("1050000000.00")


@pytest.mark.parametrize(
    ("share", "due"),
    [
        ("0", "1050000.00"),
        ("0.99", "1050000.00"),
        ("1", "735000.00"),
        ("2.99", "735000.00"),
        ("3", "525000.00"),
        ("4.99", "525000.00"),
        ("5", "0.00"),
        ("71.09", "0.00"),
    ],
)
def test_the_deposit_tiers_of_footnote_28(share, due):
    tier = next(band.share for band in LAW.bands("deposit_share") if Decimal(share) >= band.from_)
    assert LAW.value("deposit_for_each_candidate") * tier == Decimal(due)


def test_price_lists_of_footnote_51_add_up():
    assert 90 + 180 + 195 + 40 == 505


def test_the_euro_figures_of_the_seed_do_not_agree():
    """KZT 1,050,000 "some EUR 2,165", and EUR 1 = KZT 474: that would be EUR 2,215. So no euro amount is ever printed or tested."""
    assert round(Decimal(1050000) / 474) == 2215
    assert round(Decimal(1050000) / 2165) == 485
    assert "EUR" not in "".join(path.read_text(encoding="utf-8") for path in RULES.rglob("*.yaml"))


def test_the_gap_of_the_deposit_tiers_is_marked_as_our_reading():
    """Under 1 per cent, and at exactly 1, 3 and 5, the seed says nothing: the schedule is `assumed`, and its comment says so."""
    assert LAW.parameters["deposit_share"].values[0].confidence == "assumed"
    assert "our reading" in (RULES / "majilis-2023" / "parameters.yaml").read_text(encoding="utf-8")


def test_both_clocks_are_kept():
    """The contestant's three days run from publication, the commission's five from establishment: two events, not one."""
    checks = {rule.id: rule.check for rule in LAW.rules}
    assert (checks["RPT-001"].event, checks["RPT-004"].event) == ("results_published", "results_established")
    assert LAW.day("results_published") is None
    assert "when the results are published" in (RULES / "majilis-2023" / "reports.yaml").read_text(encoding="utf-8")


def test_the_last_day_of_the_campaign_is_inside_it():
    """ "on 17 March" and "at midnight on 17 March" agree only where 17 March still counts."""
    assert LAW.day("campaign_end").isoformat() == "2023-03-17"
    assert "both leave 17 March inside" in (RULES / "majilis-2023" / "election.yaml").read_text(encoding="utf-8")
