"""What the files at hand do not show: never called kept, never the ground of an accusation, and no reason to be silent on what they do show."""

from datetime import date

import pytest
from answers import ACCOUNT, LAW, OTHER, WORDS, findings, silent

from auditor.normalise.scope import Scope
from auditor.render.html import page
from auditor.render.text import screen
from auditor.workflow import Request, audit

INTERIM = "contestant_id,contest,report_type,period_start,period_end,date,kind,amount"
FIRST, SECOND = "SM1,single_mandate,interim,2023-02-18,2023-02-28", "SM1,single_mandate,interim,2023-03-01,2023-03-15"
UNREAD = "a line or a filing that could not be read, or a line that contradicts the others, may be of such a report"


@pytest.mark.parametrize("registered", [True, False])
def test_the_statement_is_held_against_everybodys_books_whoever_is_asked_about(told, registered):
    tables = {
        "reports": [
            "contestant_id,contest,date,kind,amount,fund_account",
            f"C2,single_mandate,2023-02-21,own_funds,50,{ACCOUNT}",
            f"C1,single_mandate,2023-02-20,own_funds,100,{ACCOUNT}",
        ],
        "statement": ["fund_account,date,direction,amount", f"{ACCOUNT},2023-02-20,in,100", f"{ACCOUNT},2023-02-21,in,50"],
    }
    if registered:
        heading = "contestant_id,contest,name,status,fund_account"
        tables["contestants"] = [heading, f"C1,single_mandate,A,registered,{ACCOUNT}", f"C2,single_mandate,B,registered,{OTHER}"]
    for scope in (None, Scope(("C1",)), Scope(("C2",))):
        assert findings(told(tables, "BNK", scope=scope)) == []


def test_a_file_without_a_column_hides_nothing_that_another_file_shows(told):
    tables = {
        "a": [f"{INTERIM},category", f"{FIRST},2023-02-20,expenditure,5000000,gifts"],
        "b": [INTERIM, f"{SECOND},2023-03-02,expenditure,1"],
    }
    made = told(tables, "EXP-004")
    assert findings(made) == [("EXP-004", "breach", "SM1", "5000000.00")]
    assert silent(made, "EXP-004", "partly_not_assessed_for") == {"SM1": "a file of this contestant has no category"}


PLAIN = "contestant_id,contest,date,kind,amount"
DONOR = f"{PLAIN},counterparty_type,counterparty_name"
SUBSIDY = f"{PLAIN},category,contract_no,invoice_no"


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ([DONOR, "6000000,anonymous,"], [PLAIN, "1"], [("SRC-005", "breach", "SM1", "6000000.00")]),
        ([DONOR, "6000000,state_body,X"], [f"{PLAIN},counterparty_name", "-1,X"], [("SRC-001", "breach", "SM1", "5999999.00")]),
        ([DONOR, "6000000,anonymous,"], [PLAIN, "~6000000"], [("SRC-005", "breach", "SM1", "0.00")]),  # to the budget
        ([DONOR, "9000000,individual,X"], [f"{PLAIN},counterparty_name", "-1000000,X"], [("DON-001", "breach", "SM1", "8000000.00")]),
        ([DONOR, "9000000,individual,X"], [f"{PLAIN},counterparty_name", "-3000000,X"], []),  # it is cured
        ([DONOR, "9000000,individual,X"], [PLAIN, "-3000000"], [("DON-001", "breach", "SM1", "9000000.00")]),  # it is nobody's
        ([DONOR, "9000000,individual,X"], [f"{PLAIN},counterparty_name", "5,X"], [("DON-001", "breach", "SM1", "9000000.00")]),
        ([DONOR, "6000000,individual,X"], [f"{PLAIN},counterparty_name", "9000000,X"], []),  # its giver's type is not known
    ],
)
def test_what_is_certain_without_a_file_that_lacks_a_column_is_told(told, a, b, found):
    """A row of that file in the finding does not hide it, and no such row is shown but a refund, whose giver needs no type."""

    def rows(heading, rest):
        kind = {"-": "donation_refund", "~": "budget_transfer"}.get(rest[0], "donation")
        rest = rest.lstrip("-~")
        return [heading, f"SM1,single_mandate,2023-03-01,{kind},{rest}"]

    made = told({"a": rows(*a), "b": rows(*b)}, "DON-001", "SRC-001", "SRC-005")
    assert findings(made) == found
    for rule, *_ in found:
        assert "SM1" in silent(made, rule, "partly_not_assessed_for")
        (one,) = made["findings"]
        refunded = (b[1].endswith(",X") and b[1].startswith("-")) or b[1].startswith("~")
        assert any("b.csv" in row["file"] for row in one["rows"]) is refunded


def test_what_is_certain_is_told_once_where_another_finding_of_the_rule_is_not(told):
    a = [DONOR, *(f"SM1,single_mandate,2023-03-01,donation,9000000,individual,{donor}" for donor in "XZ")]
    b = [f"{PLAIN},counterparty_name", "SM1,single_mandate,2023-03-01,donation_refund,1000000,X"]
    assert findings(told({"a": a, "b": b}, "DON-001")) == [
        ("DON-001", "breach", "SM1", measured) for measured in ("8000000.00", "9000000.00")
    ]


def test_a_line_of_unknown_kind_in_a_file_without_the_column_may_cure(told):
    a = [DONOR, "SM1,single_mandate,2023-03-01,donation,9000000,individual,X"]
    b = [f"{PLAIN},counterparty_name", "SM1,single_mandate,2023-03-01,?,5000000,X"]
    made = told({"a": a, "b": b}, "DON-001")
    assert findings(made) == [] and "SM1" in silent(made, "DON-001")


def test_nothing_is_asked_of_whom_the_rule_is_not_about(told):
    register = ["contestant_id,contest,name,status,registered_on", "C1,single_mandate,A,registered,", "C2,single_mandate,B,withdrawn,"]
    made = told({"reports": [PLAIN, "C1,single_mandate,2023-02-20,deposit,1"], "contestants": register}, "DEP-002")
    assert [*silent(made, "DEP-002")] == ["C1"]


@pytest.mark.parametrize("scope", [None, Scope(("C1",))])
def test_an_account_of_nobody_is_told_of_only_where_everybody_is_asked_about(told, scope):
    tables = {
        "reports": ["contestant_id,contest,date,kind,amount,fund_account", f"C1,single_mandate,2023-02-20,own_funds,100,{ACCOUNT}"],
        "statement": [
            "fund_account,date,direction,amount,opening_balance,closing_balance",
            f"{ACCOUNT},2023-02-20,in,100,0,100",
            f"{OTHER},2023-02-21,in,50,0,51",
        ],
    }
    made = told(tables, "BNK", scope=scope)
    assert findings(made) == ([("BNK-002", "breach", None, "50.00"), ("BNK-003", "breach", None, "1.00")] if scope is None else [])


def test_money_of_an_account_of_nobody_says_which_account(tmp_path):
    """By nothing else could it be found; and it is of nobody, and not of several."""
    (tmp_path / "reports.csv").write_text(
        f"contestant_id,contest,date,kind,amount,fund_account\nC1,single_mandate,2023-02-20,own_funds,5,{ACCOUNT}\n"
    )
    (tmp_path / "statement.csv").write_text(f"fund_account,date,direction,amount\n{OTHER},2023-02-20,in,7\n")
    made = audit(Request([str(tmp_path)], date(2023, 4, 15), select=["BNK-002"]), LAW, WORDS)
    shown = " ".join(screen(made, WORDS).split())
    assert "Of no contestant who is known" in shown and OTHER in shown and "Of several contestants" not in shown


def test_a_refund_of_nobody_takes_nothing_off_what_nobody_gave(told):
    heading = f"{DONOR},payment_method"
    rows = [f"SM1,single_mandate,2023-03-01,{kind},1000,individual,,in_kind" for kind in ("donation", "donation_refund")]
    made = told({"reports": [heading, *rows]}, "SRC-006")
    assert [(one["measured"], one["remedied"], len(one["rows"])) for one in made["findings"]] == [("1000.00", False, 1)]


def test_the_same_few_lines_in_another_order_are_told_as_a_copy(told):
    lines = [f"SM1,single_mandate,2023-03-0{day},donation,4000000,individual,A" for day in (1, 2)]
    made = told({"a": [DONOR, *lines], "b": [DONOR, *reversed(lines)]}, "DON-001")
    assert [(one["code"], one["file"][-5:]) for one in made["problems"]] == [("INP-015", "b.csv")]


def test_what_one_name_gave_another_fund_is_no_lead_of_several_names(told):
    given = [("C1", "4000000", "Асанов Ержан"), ("C1", "4000000", "Asanov Yerzhan"), ("C2", "8000000", "Асанов Ержан")]
    lines = [f"{cid},single_mandate,2023-03-01,donation,{amount},individual,{name}" for cid, amount, name in given]
    assert findings(told({"reports": [DONOR, *lines]}, "LED-009")) == [("LED-009", "lead", "C1", "8000000.00")]


def test_a_subsidy_in_a_file_without_its_papers_hides_none_that_lacks_them(told):
    tables = {
        "a": [SUBSIDY, "SM1,single_mandate,2023-03-01,subsidy,100000,premises,,7"],
        "b": [PLAIN, "SM1,single_mandate,2023-03-02,subsidy,1"],
    }
    assert [found[:2] for found in findings(told(tables, "SUB-005", "SUB-006"))] == [("SUB-005", "breach"), ("SUB-006", "breach")]


def test_what_seems_to_be_found_in_a_file_without_the_column_says_nothing(told):
    """A subsidy without a category is a breach; of one in a file that has no categories nobody knows."""
    tables = {
        "a": [f"{INTERIM},category", f"{FIRST},2023-02-20,subsidy,5,television"],
        "b": [INTERIM, f"{SECOND},2023-03-02,subsidy,7"],
    }
    everywhere = {**tables, "b": [f"{INTERIM},category", f"{SECOND},2023-03-02,subsidy,7,"]}
    assert ("SUB-005", "breach", "SM1", "7.00") in findings(told(everywhere, "SUB"))
    made = told(tables, "SUB-003", "SUB-005", "SUB-008")
    assert findings(made) == []
    for rule in ("SUB-003", "SUB-005", "SUB-008"):
        assert silent(made, rule) == {"SM1": "a file of this contestant has no category"}


def test_one_of_two_columns_is_enough_and_need_not_be_the_same_in_each_file(told):
    tables = {
        "a": [f"{INTERIM},counterparty_type,counterparty_id", f"{FIRST},2023-02-20,donation,8000000,individual,900101300017"],
        "b": [f"{INTERIM},counterparty_type,counterparty_name", f"{SECOND},2023-03-02,donation,9000000,foreign,Ab"],
    }
    made = told(tables, "DON-001", "SRC-004")
    assert findings(made) == [("DON-001", "breach", "SM1", "8000000.00"), ("SRC-004", "breach", "SM1", "9000000.00")]
    assert silent(made, "DON-001") == silent(made, "DON-001", "partly_not_assessed_for") == {}


def test_a_refund_that_cannot_be_read_is_of_whoever_gave(told):
    lines = [
        "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name",
        "SM1,single_mandate,2023-02-20,donation,15000000,contestant,Self",
        "SM1,single_mandate,2023-02-21,donation_refund,x,,Self",
        "SM1,single_mandate,2023-02-21,donation,36000000,organisation,Org",
    ]
    made = told({"reports": lines}, "FND-003", "FND-004")
    assert sorted(findings(made)) == [("FND-003", "undetermined", "SM1", "15000000.00"), ("FND-004", "breach", "SM1", "36000000.00")]


def test_a_filing_that_cannot_be_read_may_be_the_late_one(told):
    face = "report_id,contestant_id,report_type,period_start,period_end,received_on,published_on"
    tables = {
        "contestants": ["contestant_id,contest,name,status", "C1,single_mandate,A,registered", "C2,single_mandate,B,registered"],
        "reports": [
            INTERIM,
            f"{FIRST},2023-02-20,own_funds,1".replace("SM1", "C1"),
            f"{FIRST},2023-02-20,own_funds,1".replace("SM1", "C2"),
        ],
        "filings": [
            face,
            "I1,C1,interim,2023-02-18,2023-02-28,2023-03-01,2023-03-01",
            "J1,C2,interim,2023-02-18,2023-02-28,2023-03-01,2023-03-01",
            "F1,C1,final,2023-02-18,31.03.23x,2023-04-10,2023-04-12",
            "I2,C2,interim,2023-03-01,2023-03-45,2023-03-16,",
        ],
    }
    made = told(tables, "RPT-001", "RPT-004", "RPT-011", overrides={"results_published": "2023-03-29"})
    assert findings(made) == []
    assert silent(made, "RPT-001") == silent(made, "RPT-004") == {"C1": UNREAD}
    assert silent(made, "RPT-011") == {"C2": UNREAD}


@pytest.mark.parametrize(("spent", "doubt"), [("60000000", True), ("0", False)])
def test_a_report_that_states_money_and_has_no_line_is_not_one_of_no_money(told, spent, doubt):
    tables = {
        "contestants": ["contestant_id,contest,name,status", "C1,single_mandate,A,registered", "C2,single_mandate,B,registered"],
        "reports": [INTERIM.replace("report_type,period_start,period_end,", ""), "C1,single_mandate,2023-02-20,own_funds,1"],
        "filings": [
            "report_id,contestant_id,report_type,period_start,period_end,total_spent",
            f"F2,C2,final,2023-02-18,2023-03-31,{spent}",
        ],
    }
    made = told(tables, "EXP-001")
    assert silent(made, "EXP-001") == ({"C2": "F2 counts, and not one of its lines is here"} if doubt else {})
    assert [one["totals"] == [] for one in made["contestants"] if one["contestant_id"] == "C2"] == [doubt]


@pytest.mark.parametrize(
    ("filing", "silent_for"),
    [
        ("I2,SM1,interim,2023-03-01,2023-03-15,2023-03-16,49000000", {"SM1": "I2 counts, and not one of its lines is here"}),
        ("I1b,SM1,interim,2023-02-18,2023-02-28,2023-03-10,", {"SM1": "I1b counts, and not one of its lines is here"}),
        ("I2,SM1,interim,2023-03-01,2023-03-15,2023-03-16,0", {}),
        ("I2,SM1,interim,2023-03-01,2023-03-15,2023-03-16,", {}),
    ],
)
def test_one_report_of_several_without_its_lines_leaves_sums_open(told, filing, silent_for):
    """It states money, or took the place of one that has lines."""
    tables = {
        "reports": [
            f"report_id,{INTERIM},counterparty_type,counterparty_name",
            f"I1,{FIRST},2023-02-20,donation,5,individual,X",
            f"I9,{SECOND.replace('03-01', '03-16').replace('03-15', '03-31')},2023-03-20,donation,9000000,individual,Y",
        ],
        "filings": [
            "report_id,contestant_id,report_type,period_start,period_end,received_on,donations",
            "I1,SM1,interim,2023-02-18,2023-02-28,2023-03-01,5",
            filing,
        ],
    }
    made = told(tables, "DON-001", "FND-004")
    assert findings(made) == [("DON-001", "breach", "SM1", "9000000.00")]  # what is here is told, with the doubt beside
    assert (silent(made, "FND-004"), silent(made, "DON-001", "partly_not_assessed_for")) == (silent_for, silent_for)


@pytest.mark.parametrize(("start", "found"), [("2023-03-01", 1), ("2023-02-28", 1), ("2023-02-20", 1), ("2023-02-18", 0)])
def test_a_balance_is_carried_where_two_periods_share_a_day_too(told, start, found):
    """A report from the first day on is one of the whole time, and nothing is carried into it."""
    tables = {
        "reports": [INTERIM, f"{FIRST},2023-02-18,own_funds,10"],
        "filings": [
            "report_id,contestant_id,report_type,period_start,period_end,opening_balance,closing_balance",
            "I1,SM1,interim,2023-02-18,2023-02-28,0,7",
            f"I2,SM1,interim,{start},2023-03-15,100,100",
        ],
    }
    assert len(findings(told(tables, "RPT-007"))) == found


def test_balances_of_reports_that_the_register_does_not_have_are_not_called_carried(told):
    tables = {
        "reports": [INTERIM, f"{FIRST},2023-02-20,own_funds,1", f"{SECOND},2023-03-02,own_funds,1"],
        "filings": [
            "report_id,contestant_id,report_type,period_start,period_end,opening_balance,closing_balance",
            "X,SM1,interim,2023-03-16,2023-03-31,0,0",
        ],
    }
    assert silent(told(tables, "RPT-007"), "RPT-007") == {"SM1": "the report is not in the register of filings"}


def test_a_balance_is_not_called_carried_where_a_filing_could_not_be_read(told):
    heading = "report_id,contestant_id,report_type,period_start,period_end,opening_balance,closing_balance"
    filings = [heading, "I1,SM1,interim,2023-02-18,2023-02-28,0,10", "I2,SM1,§,2023-03-01,2023-03-15,99,5"]
    made = told({"reports": [INTERIM, f"{FIRST},2023-02-20,own_funds,10"], "filings": filings}, "RPT-007")
    assert (findings(made), silent(made, "RPT-007")) == ([], {"SM1": UNREAD})


def test_nobody_is_said_to_stand_once_who_is_not_in_the_table(told):
    tables = {
        "reports": [INTERIM.replace("report_type,period_start,period_end,", ""), "C1,single_mandate,2023-02-20,own_funds,1", "P1,party_list,2023-02-20,own_funds,1"],
        "candidates": ["candidate_id,name,contestant_id", "900101300017,Aa,P1"],
    }  # fmt: skip
    assert silent(told(tables, "REG-002"), "REG-002") == {"C1": "no candidates of this contestant"}


def test_what_may_follow_from_a_record_that_was_left_out_says_so(told):
    people = [f"9001013000{n},Aa,P1,m,1980-01-01,no" for n in (17, 33, 41, 58, 66)]
    tables = {
        "reports": [
            "contestant_id,contest,date,kind,amount,fund_account",
            f"P1,party_list,2023-02-20,own_funds,1000,{ACCOUNT}",
            f"P1,party_list,2023-02-21,expenditure,100,{ACCOUNT}",
            f"P1,party_list,2023-02-22,own_funds,5,{ACCOUNT}",
        ],
        "candidates": ["candidate_id,name,contestant_id,sex,born_on,disability", *people, "900101300025,,P1,f,1980-01-01,no"],
        "statement": [
            "fund_account,date,direction,amount,opening_balance,closing_balance",
            f"{ACCOUNT},2023-02-20,in,1000,0,1000",
            f"{ACCOUNT},2023-02-21,out,1e2,1000,900",
            f"{ACCOUNT},2023-02-22,in,5,900,905",
        ],
    }
    made = told(tables, "REG-001", "BNK")
    assert {rule for rule, *_ in findings(made)} == {"REG-001", "BNK-001", "BNK-003"}  # the letter: such a record is left out
    for rule, table in (("REG-001", "candidates"), ("BNK-001", "statement"), ("BNK-003", "statement")):
        assert silent(made, rule, "partly_not_assessed_for") == {"P1": f"a record of {table} is left out or not wholly read"}


def test_no_deposit_is_called_unpaid_where_the_lines_of_the_report_are_not_here(told):
    tables = {
        "contestants": ["contestant_id,contest,name,status,last_vote_share", "SM1,single_mandate,A,registered,"],
        "filings": [
            "report_id,contestant_id,report_type,period_start,period_end,received_on",
            "I,SM1,interim,2023-02-18,2023-02-28,2023-03-01",
            "F,SM1,final,2023-02-18,2023-03-31,2023-03-29",
        ],
        "reports": [
            "contestant_id,contest,report_id,report_type,date,kind,amount",
            "SM1,single_mandate,I,interim,2023-02-18,deposit,1050000",
        ],
    }
    made = told(tables, "DEP-001")
    assert findings(made) == []
    assert "not one of its lines is here" in silent(made, "DEP-001")["SM1"]
    # A line of the report shows that there is no other.
    tables["reports"].append("SM1,single_mandate,F,final,2023-02-18,own_funds,1")
    assert findings(told(tables, "DEP-001")) == [("DEP-001", "breach", "SM1", "0.00")]


def test_a_report_that_does_not_say_where_it_went_is_not_called_rightly_submitted(told):
    heading = "report_id,contestant_id,report_type,period_start,period_end,submitted_to"
    tables = {
        "contestants": ["contestant_id,contest,name,commission", "SM1,single_mandate,A,D1"],
        "filings": [heading, "F,SM1,final,2023-02-18,2023-03-31,", "I,SM1,interim,2023-02-18,2023-02-28,D1"],
        "reports": ["contestant_id,contest,date,kind,amount", "SM1,single_mandate,2023-02-20,own_funds,5"],
    }
    made = told(tables, "RPT-009")
    assert (findings(made), list(silent(made, "RPT-009"))) == ([], ["SM1"])
    tables["filings"][2] = "I,SM1,interim,2023-02-18,2023-02-28,D2"
    made = told(tables, "RPT-009")
    assert findings(made) == [("RPT-009", "breach", "SM1", None)]
    assert list(silent(made, "RPT-009", "partly_not_assessed_for")) == ["SM1"]


def test_price_lists_that_name_nobody_accuse_nobody_known_by_name_alone(told):
    tables = {
        "price_lists": ["vendor_id,medium,unit_price", "150140991271,television,300"],
        "reports": [
            "contestant_id,contest,date,kind,amount,counterparty_id,counterparty_name,category",
            "SM1,single_mandate,2023-03-01,expenditure,1000,,V,television",
            "SM2,single_mandate,2023-03-01,expenditure,1000,160340990183,W,television",
        ],
    }
    made = told(tables, "EXP-005")
    assert findings(made) == [("EXP-005", "breach", "SM2", "1000.00")]
    assert silent(made, "EXP-005") == {"SM1": "the price lists have no vendor_name, so a seller known by name alone may be in them"}
    tables["price_lists"] = ["vendor_id,vendor_name,medium,unit_price", "150140991271,Other,television,300"]
    assert [one[2] for one in findings(told(tables, "EXP-005"))] == ["SM1", "SM2"]


def test_what_could_not_be_read_is_named_beside_what_is_said_of_the_rest(told):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name"
    tables = {
        "reports": [
            heading,
            "SM1,single_mandate,2023-03-01,donation,5,anonymous,",
            "SM1,single_mandate,03.03.2023 y.,budget_transfer,5,,",  # it hands the anonymous gift over, on a day that nobody can read
            "SM2,single_mandate,soon,donation,7,state_body,Xx",
            "SM3,single_mandate,2023-03-01,donation,,foreign,Yy",  # it lacks only its amount
            "SM4,single_mandate,2023-03-01,own_funds,1,,",
        ]
    }
    made = told(tables, "SRC", "FND-003", "FND-005")
    assert sorted(findings(made)) == [("SRC-004", "undetermined", "SM3", "0.00"), ("SRC-005", "breach", "SM1", "5.00")]
    one = "1 line that could not be read is left out"
    assert silent(made, "SRC-005", "unread_for") == {"SM1": one, "SM2": one}
    assert silent(made, "SRC-001", "unread_for") == {"SM2": one}  # money that goes to the budget comes from nobody
    assert silent(made, "SRC-004", "unread_for") == {"SM2": one}  # the line of SM3 is in the finding
    assert silent(made, "FND-005", "unread_for") == {"SM1": one, "SM2": one, "SM3": one}
    assert silent(made, "FND-003", "unread_for") == {}  # sums with a limit are undetermined where a line may decide


def test_an_unread_record_without_a_name_may_be_anybodys(told):
    tables = {
        "reports": [
            "contestant_id,contest,date,kind,amount,fund_account",
            f"P1,party_list,2023-02-20,own_funds,1000,{ACCOUNT}",
            f"P2,party_list,2023-02-20,own_funds,1000,{OTHER}",
        ],
        "candidates": ["candidate_id,name,contestant_id,sex,born_on,disability", "900101300017,Aa,P1,f,1980-01-01,no", "900101300025,Bb,,f,1980-01-01,no"],
        "statement": ["fund_account,date,direction,amount", f"{OTHER},2023-02-20,in,1000", f"{ACCOUNT},2023-02-20,in,7", ",2023-02-20,in,1000"],
    }  # fmt: skip
    made = told(tables, "REG-001", "BNK")
    said = {table: f"a record of {table} is left out or not wholly read" for table in ("candidates", "statement")}
    assert silent(made, "REG-001", "unread_for") == {"P1": said["candidates"]}  # of P2 there is nobody at all
    assert silent(made, "BNK-001", "partly_not_assessed_for") == {"P1": said["statement"]}
    assert silent(made, "BNK-002", "unread_for") == {"P1": said["statement"], "P2": said["statement"]}


def test_an_unread_share_of_the_votes_is_named_beside_the_deposit(told):
    tables = {
        "contestants": ["contestant_id,contest,name,status,last_vote_share", 'SM1,single_mandate,A,registered,"4,1 %"'],
        "reports": ["contestant_id,contest,date,kind,amount", "SM1,single_mandate,2023-02-18,deposit,525000"],
    }
    made = told(tables, "DEP-001")
    assert findings(made) == [("DEP-001", "breach", "SM1", "525000.00")]  # the letter: it counts as empty
    assert "last_vote_share" in silent(made, "DEP-001", "unread_for")["SM1"]


FILINGS = "report_id,contestant_id,report_type,period_start,period_end,received_on,published_on,submitted_to,own_funds"
ONE_LINE = ["contestant_id,contest,date,kind,amount", "SM1,single_mandate,2023-02-20,own_funds,5"]


@pytest.mark.parametrize(("received", "found"), [("2023-04-10", ["RPT-004", "RPT-011"]), ("", [])])
def test_nobody_published_late_where_nobody_knows_which_filing_was_the_first(told, received, found):
    tables = {
        "reports": ONE_LINE,
        "filings": [
            FILINGS,
            "F,SM1,final,2023-02-18,2023-03-31,2023-04-12,2023-03-30,,",
            f"F2,SM1,final,2023-02-18,2023-03-31,{received},,,",
            "I,SM1,interim,2023-02-18,2023-02-28,2023-04-12,2023-03-01,,",
            f"I2,SM1,interim,2023-02-18,2023-02-28,{received},,,",
        ],
    }
    made = told(tables, "RPT-004", "RPT-011")
    assert sorted({rule for rule, *_ in findings(made)}) == found
    if not found:
        assert all("received_on" in silent(made, rule)["SM1"] for rule in ("RPT-004", "RPT-011"))


def test_a_report_without_totals_hides_none_that_has_them(told):
    heading = "report_id,contestant_id,report_type,period_start,period_end,own_funds,donations,total_receipts,total_spent"
    stated, empty = "F,SM1,final,2023-02-18,2023-03-31,6,,,", "I,SM1,interim,2023-02-18,2023-02-28,,,,"
    made = told({"reports": ONE_LINE, "filings": [heading, stated, empty]}, "RPT-005")
    assert (findings(made), silent(made, "RPT-005")) == ([("RPT-005", "breach", "SM1", "6.00")], {})
    assert silent(made, "RPT-005", "partly_not_assessed_for") == {}
    made = told({"reports": ONE_LINE, "filings": [heading, stated.replace(",6,", ",,"), empty]}, "RPT-005")
    assert "own_funds" in silent(made, "RPT-005")["SM1"]


def test_where_reports_went_is_asked_of_those_that_are_known_and_of_nobody_who_filed_none(told):
    tables = {
        "contestants": ["contestant_id,contest,name,commission", "SM1,single_mandate,A,D1", "SM2,single_mandate,B,D1"],
        "filings": [FILINGS, "F,SM1,final,2023-02-18,2023-03-31,,,D1,"],
        "reports": [f"{INTERIM},report_id", "SM1,single_mandate,final,2023-02-18,2023-03-31,2023-02-20,own_funds,5,F", f"{FIRST},2023-02-20,own_funds,5,I"],
    }  # fmt: skip
    made = told(tables, "RPT-009")
    assert (findings(made), silent(made, "RPT-009")) == ([], {"SM1": "the report is not in the register of filings"})


def test_a_signature_below_the_table_is_no_contestant(told):
    """Also with a name beside it; a line of which anything but the words can be read is somebody's."""
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name"
    lines = ["SM1,single_mandate,2023-03-01,own_funds,5,,", "Бухгалтер,______,,,,,Иванова И. И.", "SM2,w,x,y,z,individual,A"]
    made = told({"reports": [heading, *lines]}, "FND")
    assert [one["contestant_id"] for one in made["contestants"]] == ["SM1", "SM2"]
    assert {one["row"] for one in made["problems"]} == {3, 4}


def test_an_unread_line_of_an_interim_report_may_be_one_that_the_final_report_leaves_out(told):
    final = "SM1,single_mandate,final,2023-02-18,2023-03-31,2023-02-20,own_funds,1,F"
    interim = [f"{FIRST},soon,own_funds,5,I", f"{FIRST},2023-02-20,own_funds,1,I"]
    tables = {"reports": [f"{INTERIM},report_id", *interim, final]}
    made = told(tables, "RPT-008", "RPT-010", "FND-005", "LED-004")
    assert findings(made) == []
    left_out = [rule for rule in ("RPT-008", "RPT-010", "FND-005", "LED-004") if silent(made, rule, "unread_for")]
    assert left_out == ["RPT-008", "RPT-010"]  # it is no line of the books


def test_a_row_of_the_register_tells_the_facts_that_the_finding_rests_on(tmp_path):
    (tmp_path / "reports.csv").write_text("\n".join(ONE_LINE) + "\n", encoding="utf-8")
    tables = {
        "contestants": ["contestant_id,contest,name,commission,registered_on,account_opened_on", "SM1,single_mandate,A,D1,2023-02-15,2023-02-12"],
        "filings": [FILINGS, "F,SM1,final,2023-02-18,2023-03-31,2023-04-05,,D2,"],
    }  # fmt: skip
    for name, lines in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    law = LAW.with_overrides({"results_published": "2023-03-29"})
    made = audit(Request([str(tmp_path)], date(2023, 4, 15), select=["RPT-001", "RPT-009", "ACC-004"]), law, WORDS)
    (opened,), (received,), (submitted,) = [one.lines for one in sorted(made.findings, key=lambda one: one.rule)]
    assert dict(opened.facts) == {"Registered on": date(2023, 2, 15), "Account opened on": date(2023, 2, 12)}
    assert dict(received.facts) == {"Results published": date(2023, 3, 29), "Received on": date(2023, 4, 5)}
    assert dict(submitted.facts) == {"Submitted to": "D2", "Commission by the register": "D1"}
    shown = " ".join(screen(made, WORDS).split())
    assert "Received on: 5 Apr 2023" in shown and "Submitted to: D2 · Commission by the register: D1" in shown
    assert "Account opened on: 12 Feb 2023" in page(made, WORDS)


def test_a_line_that_does_not_say_its_account_may_be_the_one_in_the_statement(told):
    tables = {
        "contestants": ["contestant_id,contest,name,fund_account", f"C1,single_mandate,A,{ACCOUNT}", f"C2,single_mandate,B,{OTHER}"],
        "reports": [
            "contestant_id,contest,date,kind,amount,fund_account",
            "C1,single_mandate,2023-02-20,own_funds,100,",
            "C1,single_mandate,2023-02-20,own_funds,200,-",
            f"C2,single_mandate,2023-02-20,own_funds,100,{OTHER}",
        ],
        "statement": ["fund_account,date,direction,amount", f"{ACCOUNT},2023-02-20,in,100", f"{OTHER},2023-02-20,in,100"],
    }
    made = told(tables)
    found = [("BNK-001", "breach", "C1", "300.00"), ("BNK-002", "breach", "C1", "100.00")]
    assert [one for one in findings(made) if one[0].startswith("BNK")] == found
    why = {"C1": "2 lines without a match do not say which account they went through (fund_account)"}
    assert silent(made, "BNK-001", "partly_not_assessed_for") == silent(made, "BNK-002", "partly_not_assessed_for") == why
    # A cell of dashes alone is an empty one, and no account of another bank.
    assert [one for one in findings(made) if one[0].startswith("ACC")] == []
    assert made["problems"] == []


def test_an_account_of_two_is_told_and_so_is_whose_statement_it_counts_as(told):
    tables = {
        "contestants": ["contestant_id,contest,name,fund_account", f"C1,single_mandate,A,{ACCOUNT}", f"C2,single_mandate,B,{ACCOUNT}"],
        "reports": [
            "contestant_id,contest,date,kind,amount,fund_account",
            f"C1,single_mandate,2023-02-20,own_funds,100,{ACCOUNT}",
            f"C2,single_mandate,2023-02-20,own_funds,7,{ACCOUNT}",
        ],
        "statement": ["fund_account,date,direction,amount", f"{ACCOUNT},2023-02-20,in,100"],
    }
    made = told(tables, "BNK-001")
    assert findings(made) == []
    assert silent(made, "BNK-001") == {"C2": 'the statement of its account counts as that of "C1", who has the same account'}
    assert [(one["code"], one["file"], one["row"], one["column"]) for one in made["problems"]] == [
        ("INP-012", "contestants.csv", 3, "fund_account")
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2)])
def test_an_account_of_nobody_in_particular_is_told_of_whoever_its_statement_counts_as(told, order):
    """Which of two it counts as, the order of the rows decides where no register says it; then it is said as well."""
    lines = [
        f"C1,single_mandate,2023-02-20,own_funds,100,{ACCOUNT}",
        f"C2,single_mandate,2023-02-20,own_funds,7,{ACCOUNT}",
        f"C3,single_mandate,2023-02-20,own_funds,5,{OTHER}",
        f"C1,single_mandate,2023-02-27,own_funds,1,{ACCOUNT}",
        f"C2,single_mandate,2023-02-27,own_funds,2,{ACCOUNT}",
    ]
    tables = {
        "contestants": ["contestant_id,contest,name", *(f"{cid},single_mandate,A" for cid in ("C1", "C2", "C3"))],
        "reports": ["contestant_id,contest,date,kind,amount,fund_account", *(lines[n] for n in (*order, 3, 4))],
        "statement": ["fund_account,date,direction,amount", f"{ACCOUNT},2023-02-20,in,999", f"{OTHER},2023-02-20,in,5"],
    }
    made = told(tables)
    owner, other = ("C1", "C2") if order[0] == 0 else ("C2", "C1")
    assert [one[2] for one in findings(made) if one[0] == "BNK-002"] == [owner]
    for rule in ("BNK-001", "BNK-002"):
        (why,) = silent(made, rule, "partly_not_assessed_for").values()
        assert "the register does not say whose the account" in why and f"({other})" in why
    assert "before" in silent(made, "BNK-001", "partly_not_assessed_for")[owner]  # lines outside the statement are told as well
    assert silent(made, "BNK-002") == {other: f'the statement of its account counts as that of "{owner}", who has the same account'}


def test_a_vendor_known_by_name_alone_may_be_in_lists_without_names(told):
    heading = "contestant_id,contest,date,kind,amount,category,counterparty_id,counterparty_name,unit_price"
    tables = {
        "reports": [
            heading,
            "C1,single_mandate,2023-03-01,expenditure,6,radio,,Channel,2",
            "C2,single_mandate,2023-03-01,expenditure,6,radio,900940000028,Channel,1",
            "C3,single_mandate,2023-03-01,expenditure,6,radio,,Channel,",
        ],
        "price_lists": ["vendor_id,medium,unit_price", "900940000028,radio,1"],
    }
    made = told(tables, "EXP-006")
    assert findings(made) == []
    assert silent(made, "EXP-006") == {"C1": "the price lists have no vendor_name, so a seller known by name alone may be in them"}


def test_what_is_filled_in_and_unreadable_is_not_called_empty(told):
    face = "report_id,contestant_id,report_type,period_start,period_end,received_on,opening_balance,own_funds,donations,total_receipts,total_spent,closing_balance"
    tables = {
        "contestants": ["contestant_id,contest,name,status,registered_on,last_vote_share", "C1,single_mandate,A,registered,soon,101"],
        "filings": [face, "F,C1,final,2023-02-18,2023-03-31,-,0,x,5,6,0,x"],
        "reports": ["report_id,contestant_id,contest,date,kind,amount", "F,C1,single_mandate,2023-03-01,own_funds,6"],
    }
    made = told(tables, "RPT", "DEP", overrides={"results_published": "2023-03-29"})
    assert silent(made, "RPT-001") == {"C1": "received_on: filled in filings and could not be read"}
    assert silent(made, "RPT-005", "unread_for") == {"C1": "own_funds: filled in filings and could not be read"}
    assert silent(made, "RPT-006") == {"C1": "closing_balance: filled in filings and could not be read"}
    assert silent(made, "DEP-002") == {"C1": "registered_on: filled in contestants and could not be read"}
    assert silent(made, "DEP-001", "unread_for") == {"C1": "last_vote_share: filled in contestants and could not be read"}


@pytest.mark.parametrize("name", ["-", "—", "Не указано", "белгісіз", "..."])
def test_a_donor_whose_name_says_nothing_is_told(told, name):
    line = "C1,single_mandate,2023-03-01,donation,5000000,"
    tables = {
        "reports": [
            "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id",
            f"{line}individual,{name},",
            f"{line}individual,{name},900101300017",
            f"{line}anonymous,{name},",
            f"{line}individual,{name},",
            f"{line}individual,Не Указано-Оглы,",
        ]
    }
    made = told(tables, "SRC-005")
    assert [(one["code"], one["row"], one["column"], one["value"]) for one in made["problems"]] == [
        ("INP-002", 2, "counterparty_name", name)
    ]
    assert [one["rows"][0]["row"] for one in made["findings"]] == [4]


@pytest.mark.parametrize(
    ("number", "breaches"), [("б/н", 0), ("Б/Н", 0), ("№ б/н", 0), ("-", 0), ("без номера", 0), ("б/н 7", 1), ("7", 1)]
)
def test_two_documents_without_a_number_are_not_the_same_document(told, number, breaches):
    tables = {
        "reports": [
            "contestant_id,contest,date,kind,amount,counterparty_id,invoice_no",
            f"C1,single_mandate,2023-03-01,expenditure,5,900940000028,{number}",
            f"C1,single_mandate,2023-03-01,subsidy,5,900940000028,{number}",
        ]
    }
    assert len(findings(told(tables, "SUB-009"))) == breaches


def test_a_claim_that_could_not_be_read_is_not_passed_over_in_a_number_of_claims(told):
    """SUB-008 counts issues; a sum with a limit would be undetermined."""
    claims = [f"SM1,single_mandate,2023-03-0{n},subsidy,5000,periodicals" for n in (1, 2, 3)]
    heading = "contestant_id,contest,date,kind,amount,category"
    assert findings(told({"reports": [heading, *claims]}, "SUB-008")) == [("SUB-008", "breach", "SM1", 3)]
    for spoilt in (claims[0].replace("5000", ""), claims[0].replace("2023-03-01", "2023-02-30")):
        made = told({"reports": [heading, spoilt, *claims[1:]]}, "SUB-008")
        assert findings(made) == []
        assert silent(made, "SUB-008", "unread_for") == {"SM1": "1 line that could not be read is left out"}
    made = told({"reports": [heading, claims[0].replace("periodicals", "periodikals"), *claims[1:]]}, "SUB-008", "EXP-004", "SUB-001")
    assert silent(made, "SUB-008", "unread_for") == {"SM1": "in 1 line there is no readable category"}
    assert silent(made, "SUB-001", "unread_for") == {"SM1": "in 1 line there is no readable category"}
    assert silent(made, "EXP-004", "unread_for") == {}  # what was bought, which this line does not tell


def test_a_donor_of_whom_it_is_not_known_what_he_is_is_named_beside_the_sources(told):
    heading = "contestant_id,contest,report_id,report_type,date,kind,amount,counterparty_type,counterparty_name,payment_method"
    gift = "SM1,single_mandate,R,final,2023-03-01,donation,5000"
    for what in ("religius", ""):
        made = told({"reports": [heading, f"{gift},{what},Aa,card", f"{gift},individual,Bb,kash"]}, "SRC", "ACC-003", "DON")
        said = {"SM1": "in 1 line there is no readable counterparty_type"}
        assert silent(made, "SRC-003", "unread_for") == silent(made, "SRC-001", "unread_for") == said
        assert silent(made, "DON-001", "unread_for") == {}  # it is undetermined there where it may decide
        assert silent(made, "ACC-003", "unread_for") == {"SM1": "in 1 line there is no readable payment_method"}
    first = heading.replace("report_type,", "report_type,received_on,")
    older, newer = (gift.replace("final", f"final,2023-04-0{day}") for day in (1, 2))
    made = told(
        {"reports": [first, f"{older.replace(',R,', ',R1,')},religius,Aa,card", f"{newer.replace(',R,', ',R2,')},individual,Aa,card"]},
        "SRC",
    )
    assert silent(made, "SRC-003", "unread_for") == {}  # of a report that counts no more


def test_an_id_that_could_not_be_read_is_named_beside_a_donation_of_nobody(told):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name"
    gift = "SM1,single_mandate,2023-03-01,donation,7500000,individual"
    made = told({"reports": [heading, f"{gift},9.70E+11,", f"{gift},12345,Aa"]}, "SRC-005", "DON-001", "SRC-001")
    assert ("SRC-005", "breach", "SM1", "7500000.00") in findings(made)  # the letter: it is treated as empty
    assert silent(made, "SRC-005", "unread_for") == {"SM1": "in 2 lines there is no readable counterparty_id"}
    # The second one counts for a donor known by name, and not for the one whose id it is.
    assert silent(made, "DON-001", "unread_for") == silent(made, "SRC-001", "unread_for") == silent(made, "SRC-005", "unread_for")


def test_a_cell_by_which_money_is_told_apart_is_named_beside_the_sums(told):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,payment_method"
    gift = "SM1,single_mandate,2023-03-01,donation,15000000"
    made = told({"reports": [heading, f"{gift},contestnt,Aa,card", f"{gift},individual,Bb,in_knd"]}, "FND", "DON-001")
    said = "in 1 line there is no readable counterparty_type"
    assert silent(made, "FND-003", "unread_for") == silent(made, "FND-004", "unread_for") == {"SM1": said}
    assert "payment_method" in silent(made, "FND-005", "unread_for")["SM1"]
    assert silent(made, "DON-001", "unread_for") == {}


def test_what_a_rule_does_not_look_at_is_not_named_beside_it(told):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,category,payment_method"
    lines = [
        "SM1,single_mandate,2023-03-01,expenditure,5,suplier,V,staff,card",
        "SM1,single_mandate,2023-03-01,donation,5,individual,Aa,,card",
        "SM1,single_mandate,2023-03-02,donation_refund,5,individal,Aa,,card",
    ]
    made = told({"reports": [heading, *lines]}, "SRC", "DON", "LED", "SUB", "EXP", "ACC")
    assert {one["rule"] for one in made["coverage"] if one["unread_for"]} == set()


@pytest.mark.parametrize(
    ("first", "second", "doubt"),
    [
        ("F,2023-03-20,60000000", "G,,5", True),  # who knows whether G came later
        ("F,2023-03-20,60000000", "G,2023-03-21,5", False),
        ("F,2023-03-20,60000000", "G,2023-03-20,5", True),  # by the order of rows alone: one id is misspelt, perhaps
        ("F,,60000000", "G,,5", True),
        ("F,,60000000", "G,,40000000", False),
        ("F,,5", "G,,60000000", False),
    ],
)
def test_where_which_report_came_last_is_not_known_no_rule_is_called_wholly_read(told, first, second, doubt):
    rows = [line.split(",") for line in (first, second)]
    heading = "contestant_id,contest,report_type,report_id,received_on,date,kind,amount"
    lines = [f"SM1,single_mandate,final,{report},{received},2023-03-01,expenditure,{amount}" for report, received, amount in rows]
    made = told({"reports": [heading, *lines]}, "EXP-001")
    assert len(made["contestants"][0]["superseded"]) == 1
    assert (silent(made, "EXP-001", "unread_for") != {}) is doubt


@pytest.mark.parametrize(
    ("order", "filed", "doubt"),
    [
        ("FXF", [], True),  # in the midst of another report: perhaps its id is misspelt
        ("XFF", [], False),
        ("XXFF", [], False),
        ("XFF", ["F"], True),  # a version that the register does not have
        ("XFF", ["X", "F"], False),
    ],
)
def test_a_line_whose_report_has_perhaps_a_misspelt_id_is_not_lost_without_a_word(told, order, filed, doubt):
    heading = "contestant_id,contest,report_type,report_id,date,kind,amount"
    lines = [f"SM1,single_mandate,final,{report},2023-03-01,expenditure,50000000" for report in order]
    heading += ",period_start,period_end,received_on"
    lines = [f"{line},2023-02-18,2023-03-20,2023-03-21" for line in lines]
    filings = ["report_id,contestant_id,report_type,period_start,period_end,received_on"]
    filings += [f"{report},SM1,final,2023-02-18,2023-03-20,2023-03-21" for report in filed]
    made = told({"reports": [heading, *lines]} | ({"filings": filings} if filed else {}), "EXP-001")
    assert (made["contestants"][0]["books"], made["contestants"][0]["superseded"]) == (["F"], ["X"])
    assert (silent(made, "EXP-001", "unread_for") != {}) is doubt


def test_finals_of_two_periods_of_which_one_does_not_say_when_it_came(told):
    heading = "contestant_id,contest,report_type,report_id,period_start,period_end,received_on,date,kind,amount"
    of = "SM1,single_mandate,final,{},2023-02-18,{},{},2023-03-01,expenditure,60000000"
    made = told({"reports": [heading, of.format("F", "2023-03-19", "2023-03-20"), of.format("G", "2023-03-31", "")]}, "EXP-001")
    said = "F counts, and not G: which of them came last, or whether they are one report, is not known for certain"
    assert silent(made, "EXP-001", "unread_for") == {"SM1": said}


def test_of_whom_no_report_is_here_nothing_was_looked_at(told):
    tables = {
        "contestants": ["contestant_id,contest,name", "SM1,single_mandate,A", "SM2,single_mandate,B", "SM3,single_mandate,C"],
        "filings": ["report_id,contestant_id,report_type,period_start,period_end", "F3,SM3,final,2023-02-18,2023-03-19"],
        "reports": ["contestant_id,contest,report_type,date,kind,amount", "SM1,single_mandate,final,2023-03-01,own_funds,5"],
    }
    made = told(tables, "FND-003", "EXP-001", "RPT-006")
    said = "no report of this contestant is here, so that not one line was looked at"
    assert silent(made, "EXP-001", "unread_for") == silent(made, "FND-003", "unread_for") == {"SM2": said}
    assert [one["kept"] for one in made["coverage"] if one["rule"] == "EXP-001"] == [3]  # the sum of no lines is not over
    assert silent(made, "RPT-006", "unread_for") == {}  # not about lines


@pytest.mark.parametrize(("registered_on", "doubt"), [("2023-02-28", False), ("2023-03-01", True), ("", False)])
def test_whether_a_report_was_due_of_a_period_before_the_registration_is_not_known(told, registered_on, doubt):
    tables = {
        "contestants": ["contestant_id,contest,name,status,registered_on", f"SM1,single_mandate,A,registered,{registered_on}"],
        "reports": [f"{INTERIM}", f"{SECOND},2023-03-02,own_funds,5"],
    }
    made = told(tables, "RPT-003")
    missing = [one["subject"] for one in made["findings"]]
    assert missing == ["2023-02-28", "2023-03-31"]  # as the catalogue says, with the doubt beside
    said = "registered after a period for which a report is missing had ended (28 Feb 2023): the source does not say whether one was due"
    assert silent(made, "RPT-003", "unread_for") == ({"SM1": said} if doubt else {})


@pytest.mark.parametrize(("closing", "turned"), [(70, True), (71, False)])
def test_a_statement_with_the_newest_first_is_said_to_be_one_where_it_adds_up_so(told, closing, turned):
    tables = {
        "reports": ["contestant_id,contest,date,kind,amount,fund_account", f"SM1,single_mandate,2023-02-20,own_funds,100,{ACCOUNT}"],
        "statement": [
            "fund_account,date,direction,amount,opening_balance,closing_balance",
            f"{ACCOUNT},2023-02-21,out,10,80,{closing}",
            f"{ACCOUNT},2023-02-21,out,20,100,80",
            f"{ACCOUNT},2023-02-20,in,100,0,100",
        ],
    }
    made = told(tables, "BNK-003")
    assert findings(made) == [("BNK-003", "breach", "SM1", "10.00")]
    said = "the lines of the statement add up if the last of each day stands first: the bank may list the newest first"
    assert silent(made, "BNK-003", "unread_for") == ({"SM1": said} if turned else {})


@pytest.mark.parametrize("turned", [False, True])
def test_each_reason_is_told_whatever_the_order_of_the_reports(told, turned):
    faces = [
        "I1,SM1,interim,2023-02-18,2023-02-28,2023-03-01,0,,5,5",
        "I2,SM1,interim,2023-03-01,2023-03-15,2023-03-16,0,5,x,5",
    ]
    heading = (
        "report_id,contestant_id,report_type,period_start,period_end,received_on,opening_balance,total_receipts,total_spent,closing_balance"
    )
    tables = {
        "filings": [heading, *(reversed(faces) if turned else faces)],
        "reports": [f"report_id,{INTERIM}", f"I1,{FIRST},2023-02-20,own_funds,5", f"I2,{SECOND},2023-03-02,own_funds,5"],
    }
    made = told(tables, "RPT-006")
    said = "total_receipts: empty in filings; total_spent: filled in filings and could not be read"
    assert silent(made, "RPT-006") == {"SM1": said}


@pytest.mark.parametrize("copy", ["the same bytes", "another order", "a corrected line"])
def test_what_stands_in_two_files_is_said_to_count_twice_beside_what_it_makes(told, copy):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id"
    gifts = [f"SM1,single_mandate,2023-03-0{n},donation,1000000,individual,900101300017" for n in range(1, 6)]
    other = {"the same bytes": gifts, "another order": gifts[::-1], "a corrected line": [*gifts[:4], gifts[4].replace("1000000", "900000")]}
    made = told({"a": [heading, *gifts], "b": [heading, *other[copy]]}, "DON-001", "RPT-001")
    assert [one["code"] for one in made["problems"]] == ["INP-015"]
    assert [(one["rule"], one["measured"]) for one in made["findings"]] == [
        ("DON-001", "9900000.00" if "corrected" in copy else "10000000.00")
    ]
    assert silent(made, "DON-001", "unread_for") == {"SM1": "lines of b.csv stand in another file too, and count twice"}
    assert silent(made, "RPT-001", "unread_for") == {}
