"""A cell that says that there is nothing ("н/д") names nobody and no account: it is told, and nobody is accused for it."""

import pytest
from answers import ACCOUNT, findings, silent
from sizes import as_large

LINE = "SM-1,single_mandate,final,2023-03-01,own_funds,1000"
HEADING = "contestant_id,contest,report_type,date,kind,amount"
WORDS = ("н/д", "Н/Д", " нет данных ", "не указано", "NONE", "Unknown", "UNKNOWN")


def of_column(made, column):
    return [(one["row"], one["code"]) for one in made["problems"] if one["column"] == column and "as written" not in one["message"]]


@pytest.mark.parametrize("word", WORDS)
def test_nobody_is_a_person_of_that_id(told, word):
    register = ["contestant_id,contest,name", "SM-1,single_mandate,One", "PL-1,party_list,List"]
    people = ["candidate_id,name,contestant_id", f"{word},Anna,SM-1", f"{word},Boris,PL-1"]
    made = told({"reports": [HEADING, LINE], "contestants": register, "candidates": people}, "REG-002")
    assert findings(made) == []
    assert of_column(made, "candidate_id") == [(2, "INP-005"), (3, "INP-005")]
    assert {one["contestant_id"] for cover in made["coverage"] for one in cover["unread_for"] + cover["not_assessed_for"]} == {
        "SM-1",
        "PL-1",
    }


@pytest.mark.parametrize("word", WORDS)
def test_no_money_went_through_an_account_of_that_name(told, word):
    register = ["contestant_id,contest,name,fund_account", f"SM-1,single_mandate,One,{ACCOUNT}"]
    made = told({"reports": [f"{HEADING},fund_account", f"{LINE},{word}"], "contestants": register}, "ACC-001", "ACC-002")
    assert (findings(made), of_column(made, "fund_account")) == ([], [(2, "INP-006")])
    with as_large(held=1_000):
        assert told({"reports": [f"{HEADING},fund_account", f"{LINE},{word}"], "contestants": register}, "ACC-001", "ACC-002") == made


@pytest.mark.parametrize("word", WORDS)
def test_an_account_of_that_name_in_the_register_is_none_to_be_held_against(told, word):
    register = ["contestant_id,contest,name,fund_account", f"SM-1,single_mandate,One,{word}"]
    made = told({"reports": [f"{HEADING},fund_account", f"{LINE},{ACCOUNT}"], "contestants": register}, "ACC-002")
    assert (findings(made), of_column(made, "fund_account")) == ([], [(2, "INP-006")])
    assert set(silent(made, "ACC-002")) == {"SM-1"}


@pytest.mark.parametrize("word", WORDS)
def test_a_statements_line_of_that_id_goes_with_any(told, word):
    line = f"{LINE},900101300017,{ACCOUNT}".replace("own_funds", "donation")
    statement = ["fund_account,date,direction,amount,counterparty_id", f"{ACCOUNT},2023-03-01,in,1000,{word}"]
    made = told({"reports": [f"{HEADING},counterparty_id,fund_account", line], "statement": statement}, "BNK-001", "BNK-002")
    assert (findings(made), of_column(made, "counterparty_id")) == ([], [(2, "INP-005")])


def test_another_word_in_the_place_of_an_id_or_account_counts_as_written(told):
    register = ["contestant_id,contest,name,fund_account,person_id", "SM-1,single_mandate,One,abc,abc"]
    made = told({"reports": [f"{HEADING},fund_account", f"{LINE},{ACCOUNT}"], "contestants": register}, "ACC-002")
    assert findings(made) == [("ACC-002", "breach", "SM-1", "1000.00")]
    assert [one["message"].endswith("It counts as written all the same.") for one in made["problems"]] == [True, True]
