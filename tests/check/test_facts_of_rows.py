"""A row of evidence tells the cells by which it is one, beside what every row shows."""

from datetime import date
from pathlib import Path

import pytest

from auditor.render.html import page
from auditor.render.text import screen
from auditor.rulebook.load import load
from auditor.wording import load as words_of
from auditor.workflow import Request, audit

SAMPLE = Path(__file__).parents[2] / "sample_data" / "majilis-2023"
TOLD = {
    "ACC-001": {"Fund account"},
    "ACC-002": {"Fund account", "Fund account by the register"},
    "ACC-003": {"Payment method"},
    "ACC-005": {"Account opened on by the register"},
    "BNK-003": {"Opening balance", "Closing balance"},
    "DEP-001": {"Vote share at the last election by the register"},  # a candidate has no list
    "DEP-002": {"Registered on by the register"},
    "DEP-003": {"Elected by the register", "Vote share by the register"},
    "EXP-004": {"Spending category"},
    "EXP-006": {"Spending category", "Unit price"},
    "REG-001": {"Date of birth", "Sex", "Disability"},
    "REG-003": {"Date of birth"},
    "REG-004": {"Resident since"},
    "RPT-010": {"Period from", "Period to"},
    "SRC-001": {"Counterparty type"},
    "SRC-006": {"Payment method"},
    "SRC-007": {"Funding source"},
    "SUB-001": {"Spending category"},
    "SUB-005": {"Spending category"},
    "SUB-006": {"Contract no.", "Invoice no."},
    "SUB-007": {"Counterparty type", "Candidate IIN by the register"},
}


@pytest.fixture(scope="module")
def made():
    asked = Request([str(SAMPLE)], date(2023, 4, 15), select=[*TOLD, "EXP-001", "FND-003"])
    return audit(asked, load("kz/majilis-2023"), words_of("en"))


@pytest.mark.parametrize("rule", TOLD)
def test_a_row_tells_what_makes_it_one(made, rule):
    found = [one for one in made.findings if one.rule == rule]
    assert found
    for finding in found:
        assert {name for line in finding.lines for name, _ in line.facts} == TOLD[rule]
        assert all(line.facts for line in finding.lines) or rule == "BNK-003"  # the first opens, the last closes


def test_a_gift_that_is_the_contestants_own_money_says_so(made):
    (found,) = [one for one in made.findings if one.rule == "FND-003"]
    told = {(line.kind, *fact) for line in found.lines for fact in line.facts or [()]}
    assert told == {("own_funds",), ("donation", "Whose money", "the contestant’s own")}


def test_a_sum_of_money_against_a_limit_needs_nothing_more(made):
    assert not [line for one in made.findings if one.rule == "EXP-001" for line in one.lines if line.facts]


def test_what_all_rows_say_is_said_once(made):
    shown, written = " ".join(screen(made, words_of("en"), width=200).split()), page(made, words_of("en"))
    for text in (shown, written):
        assert text.count("Payment method: Cash") == 1  # of two rows
        assert "In every row – Payment method: Cash" in text
        assert "Contract no.: – · Invoice no.: " in text  # of each row its own
    assert "Fund account by the register: KZ" in shown
    assert "In every row – Fund account:" not in shown


def test_no_id_of_a_person_is_shown_among_the_facts(made):
    (line,) = next(one.lines for one in made.findings if one.rule == "SUB-007")
    identifier = str(dict(line.facts)["Candidate IIN by the register"])
    assert len(identifier) == 12
    for text in (screen(made, words_of("en"), width=200), page(made, words_of("en"))):
        assert identifier not in text
        assert f"Candidate IIN by the register: ••••••••{identifier[-4:]}" in " ".join(text.split())
