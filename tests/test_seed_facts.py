"""Facts of the seed report: figures that must add up, and its inconsistencies, noted where they matter. No party is named or judged."""

import re
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


def figures(pattern, *noted):
    """The numbers of a sentence of the seed, as they are noted here; where the seed is beside this checkout, held against it."""
    if SEED.exists():
        found = re.search(pattern, " ".join(SEED.read_text(encoding="utf-8").split()))
        assert [number.replace(",", "") for number in found.groups()] == [str(number) for number in noted]
    return [Decimal(number) for number in noted]


def test_the_lists_of_footnote_30_add_up():
    one = r"\D*?([0-9]+) (?:candidates )?\((?:of whom )?([0-9]+) (?:are )?women\)"
    numbers = figures(f"30 [A-Z][a-z]+ nominated{one * 7}\\. Parties listed", *(number for each in LISTS for number in each))
    candidates, women, share = figures(
        r"a total of ([0-9]+) nominated candidates, including ([0-9]+) women \(([0-9.]+) per cent\)", 281, 80, "28.5"
    )
    assert (sum(numbers[::2]), sum(numbers[1::2])) == (candidates, women)
    assert round(women / candidates * 100, 1) == share


def test_women_alone_do_not_decide_the_quota():
    """Only one list reaches 30 per cent by women alone; youth and people with disabilities count too, so nothing follows for the others."""
    share = LAW.value("quota_share")
    assert [women >= ceil(size * share / 100) for size, women in LISTS].count(True) == 1
    assert next(rule for rule in LAW.rules if rule.id == "REG-001").check.facts == {"sex": "f", "disability": "yes"}


def test_single_mandate_figures_add_up():
    registered, nominated, women, share = figures(
        r"districts, ([0-9]+) out of ([0-9]+) nominated candidates, including ([0-9]+) women \(([0-9.]+) per cent\) were registered",
        *(435, 609, 85, "19.5"),
    )
    withdrew, denied = figures(r"([0-9]+) nominees withdrew before being registered; ([0-9]+) were denied registration", 45, 125)
    cancelled = 4  # in words: "the registration of four candidates was cancelled"
    assert nominated - withdrew - denied - cancelled == registered
    assert round(women / registered * 100, 1) == share


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
    parts = figures(
        r"total of ([0-9]+) broadcast media, ([0-9]+) print and ([0-9]+) online media outlets, as well as ([0-9]+) users", 90, 180, 195, 40
    )
    assert sum(parts) == 505


def test_the_euro_figures_of_the_seed_do_not_agree():
    """KZT 1,050,000 "some EUR 2,165", and EUR 1 = KZT 474: that would be EUR 2,215. So no euro amount is ever printed or tested."""
    deposit, euros = figures(r"deposit of KZT ([0-9,]+) \(some EUR ([0-9,]+)\)", 1050000, 2165)
    (rate,) = figures(r"EUR 1 equals some KZT ([0-9]+)", 474)
    assert deposit == LAW.value("deposit_for_each_candidate")
    assert round(deposit / rate) != euros
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
