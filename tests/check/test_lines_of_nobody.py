"""A line that could not be read and of which nobody can say whose it is: no rule is called kept without it where it may belong."""

import json

import pytest

HEADING = "contestant_id,contest,report_type,date,kind,amount,counterparty_type,counterparty_name,counterparty_id"
DONOR = "individual,A donor,900101300017"
ONE, TWO = (f"{cid},single_mandate,final,2023-03-01,donation,{amount},{DONOR}" for cid, amount in (("SM-1", 1000), ("SM-2", 2000)))
NOBODYS = f",single_mandate,final,2023-03-01,donation,44000000,{DONOR}"
SHIFTED = f",{ONE}"
REGISTER = "contestant_id,contest,name\nSM-1,single_mandate,A\nSM-2,single_mandate,B\n"


@pytest.fixture
def told(tmp_path, run):
    """By contestant the rules that say that a line of nobody may belong there, and how many lines that are."""

    def of(*options, **files):
        for name, lines in files.items():
            text = lines if isinstance(lines, str) else "\n".join((HEADING, *lines, ""))
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        made = json.loads(run("check", tmp_path, "--as-of", "2023-04-15", "--format", "json", "--lang", "en", *options)[1])
        found = {}
        for rule in made["coverage"]:
            for one in rule["unread_for"]:
                if "no known contestant" in one["reason"]:
                    found.setdefault(one["contestant_id"], {})[rule["rule"]] = int(one["reason"].split()[0])
        return found

    return of


def test_whoever_has_lines_in_the_file_is_told_of_by_the_rules_that_might_have_looked_at_it(told):
    found = told(a=[ONE, NOBODYS], b=[TWO])
    assert set(found) == {"SM-1"} and {"DON-001", "FND-004", "SRC-001"} <= set(found["SM-1"])
    assert "EXP-001" not in found["SM-1"]  # it is a donation


def test_nothing_is_said_where_every_line_is_somebodys(told):
    assert told(a=[ONE, ONE.replace("1000", "x")], b=[TWO]) == {}


def test_a_line_whose_cells_may_be_of_other_columns_is_nobodys_where_the_one_it_names_is_not_known(told):
    found = told(a=[ONE, SHIFTED], b=[TWO], contestants=REGISTER)
    assert set(found) == {"SM-1"}
    assert "EXP-001" in found["SM-1"]  # whatever its kind is
    assert told(a=[ONE, f"{ONE},one too many"], b=[TWO], contestants=REGISTER) == {}


@pytest.mark.parametrize("registered", [True, False])
def test_a_line_that_could_not_be_read_and_names_one_whom_the_register_does_not_have_may_be_anothers(told, registered):
    """Of whom a readable line tells he is a contestant all the same, and his unread lines are his own."""
    misspelt = ONE.replace("SM-1", "SM-l").replace("1000", "x")
    found = told(a=[ONE, misspelt], b=[TWO], **({"contestants": REGISTER} if registered else {}))
    assert set(found) == ({"SM-1"} if registered else set())
    assert told(a=[ONE, misspelt, ONE.replace("SM-1", "SM-l")], b=[TWO], contestants=REGISTER) == {}


def test_of_a_file_of_nobody_it_may_be_anybodys(told):
    assert {cid: one["FND-004"] for cid, one in told(a=[ONE], b=[TWO], c=[NOBODYS, NOBODYS]).items()} == {"SM-1": 2, "SM-2": 2}


def test_a_stated_total_that_differs_is_told_with_it(told):
    face = "report_id,contestant_id,report_type,period_start,period_end,own_funds,donations,total_receipts,total_spent\n"
    face += "F1,SM-1,final,2023-02-18,2023-03-31,0,2000,2000,0\n"
    lines = "\n".join((f"report_id,{HEADING}", f"F1,{ONE}", f",F1,{ONE}", ""))
    found = told("--select", "RPT-005", reports=lines, filings=face, contestants=REGISTER)
    assert found == {"SM-1": {"RPT-005": 1}}
