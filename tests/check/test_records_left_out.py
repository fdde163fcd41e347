"""Records of the commission's tables and of the bank that are left out: told of wherever they may have decided."""

import pytest
from answers import ACCOUNT, OTHER, findings, silent

PEOPLE = "candidate_id,name,contestant_id,sex,born_on,disability"
HER = "900940000028,Aa,{},f,1990-01-01,no"


def test_an_outlet_may_stand_in_a_record_of_a_price_list_that_could_not_be_read(told):
    tables = {
        "price_lists": ["vendor_id,medium,unit_price", "150140991271,television,300", "160340990183,television,400,x"],
        "reports": [
            "contestant_id,contest,date,kind,amount,counterparty_id,category,unit_price",
            "SM1,single_mandate,2023-03-01,expenditure,1000,160340990183,television,500",
            "SM2,single_mandate,2023-03-01,expenditure,1000,150140991271,television,300",
            "SM3,single_mandate,2023-03-01,expenditure,1000,150140991271,other,",
        ],
    }
    made = told(tables, "EXP-005", "EXP-006")
    assert findings(made) == [("EXP-005", "breach", "SM1", "1000.00")]
    said = "a record of price_lists is left out or not wholly read"
    assert silent(made, "EXP-005", "partly_not_assessed_for") == {"SM1": said}
    assert silent(made, "EXP-006", "unread_for") == {"SM1": said, "SM2": said}


@pytest.mark.parametrize(
    ("record", "twice", "others"),
    [
        (HER.format("P-l"), {"P1", "SM1"}, {"P1", "SM1"}),  # the list is misspelt
        ("850101300011,Bb,P-l,m,1985-01-01,no", {"P1", "SM1"}, {"P1", "SM1"}),
        ("х,Bb,P1,m,1985-01-01,no", {"P1", "SM1"}, {"P1"}),  # counts as written, and is nobody's id
        (",Aa,P1,f,1990-01-01,no", {"P1", "SM1"}, {"P1"}),  # whoever that is
        ("850101300011,Bb,,m,1985-01-01,no", {"P1", "SM1"}, {"P1", "SM1"}),
        ("7,900940000028,Aa,P1,f,1990-01-01,no", {"P1", "SM1"}, {"P1", "SM1"}),  # shifted by a cell
    ],
)
def test_a_person_in_a_record_that_is_left_out_may_stand_twice(told, record, twice, others):
    tables = {
        "reports": [
            "contestant_id,contest,date,kind,amount",
            "P1,party_list,2023-03-01,own_funds,5",
            "SM1,single_mandate,2023-03-01,own_funds,5",
        ],
        "candidates": [PEOPLE, HER.format("SM1"), "700101300019,Cc,P1,f,1970-01-01,no", record],
    }
    made = told(tables, "REG")
    assert findings(made) == []
    assert silent(made, "REG-002", "unread_for").keys() == twice
    assert silent(made, "REG-003", "unread_for").keys() == others


FACE = "report_id,contestant_id,report_type,period_start,period_end,opening_balance,total_receipts,total_spent,closing_balance"


@pytest.mark.parametrize(
    ("filing", "doubt"),
    [("F1,SM1,x,2023-02-18,2023-03-19,0,5,0,9", True), ("F1,SM-l,final,2023-02-18,2023-03-19,0,5,0,9", True), ("", False)],
)
def test_a_face_of_which_nobody_knows_whose_it_is_may_be_one_that_does_not_add_up(told, filing, doubt):
    tables = {
        "contestants": ["contestant_id,contest,name,commission", "SM1,single_mandate,A,Z"],
        "reports": ["contestant_id,contest,date,kind,amount", "SM2,single_mandate,2023-03-01,own_funds,5"],
        "filings": [FACE, *([filing] if filing else []), "F2,SM2,final,2023-02-18,2023-03-19,0,5,0,5"],
    }
    made = told(tables, "RPT-006", "RPT-011")
    assert findings(made) == []
    assert ("SM1" in silent(made, "RPT-006", "unread_for")) is doubt
    assert "SM2" not in silent(made, "RPT-006", "unread_for")


@pytest.mark.parametrize(("report_type", "doubt"), [("x", True), ("final,", True), ("interim", False)])
def test_a_final_report_that_could_not_be_read_would_be_what_counts(told, report_type, doubt):
    tables = {
        "reports": ["contestant_id,contest,report_type,date,kind,amount", "SM1,single_mandate,interim,2023-03-01,expenditure,60000000"],
        "filings": ["report_id,contestant_id,report_type,period_start,period_end", f"F1,SM1,{report_type},2023-02-18,2023-03-19"],
    }
    made = told(tables, "EXP-001")
    assert findings(made) == [("EXP-001", "breach", "SM1", "60000000.00")]
    assert any("may be of a final report" in why for why in silent(made, "EXP-001", "unread_for").values()) is doubt


@pytest.mark.parametrize(
    ("column", "rules"),
    [("counterparty_id", {"BNK-001", "BNK-002"}), ("fund_account", {"BNK-001", "BNK-002"}), ("kbe", set())],
)
def test_an_id_or_account_of_the_statement_that_cannot_be_right_may_be_another(told, column, rules):
    cells = {"fund_account": ACCOUNT, "date": "2023-02-20", "direction": "in", "amount": "5", "counterparty_id": "", "kbe": "11"}
    tables = {
        "reports": ["contestant_id,contest,date,kind,amount,fund_account", f"SM1,single_mandate,2023-02-20,own_funds,5,{ACCOUNT}"],
        "statement": [",".join(cells), ",".join(cells.values()), ",".join((cells | {column: "KZ17601000000000000Z"}).values())],
    }
    made = told(tables, "BNK")
    assert {one["rule"] for one in made["coverage"] if any(each["contestant_id"] == "SM1" for each in one["unread_for"])} == rules


@pytest.mark.parametrize(("person", "doubt"), [("900101300017", set()), ("90010130001l", {"FND-003", "FND-004", "SUB-007", "DON-001"})])
def test_whose_money_it_is_is_not_known_where_the_register_does_not_say_readably_who_the_candidate_is(told, person, doubt):
    tables = {
        "contestants": ["contestant_id,contest,name,person_id", f"SM1,single_mandate,A,{person}"],
        "reports": [
            "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,category",
            "SM1,single_mandate,2023-02-20,donation,9000000,individual,900101300017,",
            "SM1,single_mandate,2023-02-20,subsidy,5,individual,900101300017,radio",
        ],
    }
    made = told(tables, "DON-001", "FND-003", "FND-004", "SUB-007", "EXP-001")
    said = {
        one["rule"]
        for one in made["coverage"]
        for each in one["unread_for"]
        if each["reason"].startswith("person_id: filled in contestants")
    }
    assert said == doubt


def test_an_account_of_the_register_with_wrong_check_digits_is_told_beside_what_follows_from_it(told):
    tables = {
        "contestants": ["contestant_id,contest,name,fund_account", f"SM1,single_mandate,A,{ACCOUNT[:-1]}9"],
        "reports": ["contestant_id,contest,date,kind,amount,fund_account", f"SM1,single_mandate,2023-02-20,own_funds,5,{ACCOUNT}"],
    }
    made = told(tables, "ACC-002")
    assert findings(made) == [("ACC-002", "breach", "SM1", "5.00")]
    assert silent(made, "ACC-002", "unread_for") == {"SM1": "fund_account: filled in contestants and could not be read"}


@pytest.mark.parametrize(("person", "doubt"), [("900940000028", True), ("850101300011", False), ("", False)])
def test_a_person_whom_only_the_register_names_in_a_district_may_stand_twice(told, person, doubt):
    tables = {
        "contestants": ["contestant_id,contest,name,person_id", "P1,party_list,A,", f"SM1,single_mandate,B,{person}"],
        "reports": ["contestant_id,contest,date,kind,amount", "P1,party_list,2023-03-01,own_funds,5"],
        "candidates": [PEOPLE, HER.format("P1")],
    }
    made = told(tables, "REG-002")
    assert findings(made) == []  # by the letter both stand in `candidates`
    said = "by contestants the person of SM1 stands here too, and candidates has no record of SM1"
    assert silent(made, "REG-002", "unread_for") == ({"P1": said} if doubt else {})


@pytest.mark.parametrize(("cid", "doubt"), [("SM-1", True), ("", True), ("SM2", False)])
def test_a_report_that_is_missing_may_be_that_of_a_filing_of_nobody(told, cid, doubt):
    filing = "final,2023-02-18,2023-03-19,2023-03-20"
    tables = {
        "contestants": ["contestant_id,contest,name,status", "SM1,single_mandate,A,registered", "SM2,single_mandate,B,registered"],
        "reports": ["contestant_id,contest,date,kind,amount,report_id,report_type", "SM2,single_mandate,2023-03-01,own_funds,5,F2,final"],
        "filings": ["report_id,contestant_id,report_type,period_start,period_end,received_on", f"F2,SM2,{filing}", f"F1,{cid},{filing}"],
    }
    made = told(tables, "RPT-001", "RPT-002", "RPT-003", overrides={"results_published": "2023-03-29"})
    assert [one for one in findings(made) if one[0] == "RPT-002"] == [("RPT-002", "breach", "SM1", None)]
    said = "a record of filings names no contestant who is known, and may be of such a report"
    assert silent(made, "RPT-001", "unread_for") == silent(made, "RPT-002", "unread_for") == ({"SM1": said} if doubt else {})
    assert silent(made, "RPT-003", "unread_for") == ({"SM1": said, "SM2": said} if doubt else {})


@pytest.mark.parametrize(("account", "whose"), [(ACCOUNT, {"SM1"}), (OTHER, {"SM2"}), ("in", {"SM1", "SM2"}), ("", {"SM1", "SM2"})])
def test_a_shifted_record_of_the_statement_may_be_of_any_account(told, account, whose):
    accounts = {"SM1": ACCOUNT, "SM2": OTHER}
    tables = {
        "reports": [
            "contestant_id,contest,date,kind,amount,fund_account",
            *(f"{c},single_mandate,2023-02-20,own_funds,5,{a}" for c, a in accounts.items()),
        ],
        "statement": [
            "fund_account,date,direction,amount",
            *(f"{a},2023-02-20,in,5" for a in accounts.values()),
            f"{account},2023-02-21,in,7,x",
        ],
    }
    assert silent(told(tables, "BNK-002"), "BNK-002", "unread_for").keys() == whose


def test_a_price_of_an_unreadable_medium_may_be_that_of_what_was_bought(told):
    heading = "contestant_id,contest,date,kind,amount,counterparty_id,category,unit_price"
    bought = "single_mandate,2023-03-01,expenditure,1000,150140991271"
    tables = {
        "price_lists": ["vendor_id,medium,unit_price", "150140991271,televizion,300", "150140991271,radio,200"],
        # One at another price than the list has of some medium, one at that price, one of a medium that is listed too.
        "reports": [heading, f"SM1,{bought},television,500", f"SM2,{bought},television,300", f"SM3,{bought},radio,500"],
    }
    made = told(tables, "EXP-006")
    assert findings(made) == [("EXP-006", "breach", "SM3", "500.00")]
    assert silent(made, "EXP-006", "unread_for") == {"SM1": "a price on the list that names no readable medium may be of what was bought"}
    assert silent(made, "EXP-006") == {"SM2": "a price on the list that is empty or could not be read whole may be the one that was paid"}
    tables["price_lists"][1] = "150140991271,,300"  # as good as unreadable
    assert silent(told(tables, "EXP-006"), "EXP-006", "unread_for").keys() == {"SM1", "SM2"}
    tables["price_lists"][1] = "150140991271,radio,"  # what was paid may be the price that is not there
    assert silent(told(tables, "EXP-006"), "EXP-006", "unread_for").keys() == {"SM3"}
    tables["price_lists"][1] = "150140991271,online,300"
    made = told(tables, "EXP-006")
    assert silent(made, "EXP-006", "unread_for") == silent(made, "EXP-006") == {}
