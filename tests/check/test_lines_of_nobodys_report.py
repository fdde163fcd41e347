"""Lines that do not say whose or of which report they are, beside lines that cannot be read: nothing found is lost by them."""

from datetime import date

import pytest

from auditor import wording
from auditor.read.candidates import Candidate
from auditor.render.data import document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW, WORDS = load("kz/majilis-2023"), wording.load("en")
HEADING = (
    "contestant_id,contest,report_id,report_type,period_start,period_end,received_on,date,kind,amount,counterparty_type,counterparty_id"
)
PERSON, FIRM, OTHER_FIRM = "900101300017", "120140001005", "120140002003"


def line(kind, amount, given_by="", key="", *, report="F", received="2023-03-29", day="2023-03-01", what="final,2023-02-18,2023-03-28"):
    return f"C1,single_mandate,{report},{what},{received},{day},{kind},{amount},{given_by},{key}"


@pytest.fixture
def told(tmp_path):
    def of(*lines, rules=("DON", "SRC", "FND"), filings=None):
        (tmp_path / "reports.csv").write_text("\n".join((HEADING, *lines)) + "\n", encoding="utf-8")
        if filings is not None:
            (tmp_path / "filings.csv").write_text("\n".join(filings) + "\n", encoding="utf-8")
        return document(audit(Request([str(tmp_path)], date(2023, 4, 15), select=rules), LAW, WORDS))

    return of


def findings(made):
    return {(one["rule"], one["outcome"], one["measured"]) for one in made["findings"]}


def left_out(made):
    return {one["rule"] for one in made["coverage"] if one.get("unread_for")}


FOREIGN = line("donation", "50000000", "foreign", FIRM, report="")
BROKEN = [line("own_funds", '"1.000,50"'), line("own_funds", '"2.000,00"', day="2023-03-02")]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 0, 1), (0, 2, 1)])
def test_a_line_without_an_id_is_of_the_report_of_which_no_line_can_be_read(told, order):
    """It is no other version of it, which would take the other's place or be taken for superseded."""
    lines = [BROKEN[0], FOREIGN, BROKEN[1]]
    made = told(*(lines[n] for n in order))
    assert {("SRC-004", "breach", "50000000.00"), ("FND-004", "breach", "50000000.00")} <= findings(made)
    assert ("FND-003", "undetermined", "0.00") in findings(made)
    (contestant,) = made["contestants"]
    assert (contestant["books"], contestant["superseded"]) == (["F"], [])


def test_a_line_that_says_neither_report_nor_day_is_of_the_version_that_counts(told):
    dated, undated = line("own_funds", "1", report="F1"), line("own_funds", "1", report="F2", received="")
    made = told(dated, undated, line("donation", "50000000", "foreign", FIRM, report="", received=""))
    assert ("SRC-004", "breach", "50000000.00") in findings(made)
    assert made["contestants"][0]["superseded"] == ["F2"]


def test_a_refund_of_a_donation_of_ones_own_lowers_own_funds_though_the_donation_cannot_be_read(told):
    given = [line("donation", "20000000", "organisation", FIRM), line("donation", "20000000", "organisation", OTHER_FIRM)]
    refund = line("donation_refund", "5000000", "", PERSON)
    made = told(line("donation", "5000000", "contestant", PERSON, day="2023-33-01"), refund, *given)
    assert ("FND-004", "breach", "40000000.00") in findings(made)
    # Where its type cannot be read either, nobody knows whose it was.
    made = told(line("donation", "5000000", "x", PERSON, day="2023-33-01"), refund, *given)
    assert ("FND-004", "breach", "40000000.00") not in findings(made)
    assert ("FND-004", "undetermined", "35000000.00") in findings(made)


@pytest.mark.parametrize("kind", ["vozvrat", ""])
def test_a_line_of_unknown_kind_may_be_a_refund_to_the_donor_with_its_key(told, kind):
    over = line("donation", "8000000", "individual", PERSON)
    made = told(over, line(kind, "1000000", "contestant", PERSON, day="2023-03-05"), rules=("DON-001",))
    assert findings(made) == {("DON-001", "undetermined", "8000000.00")}
    made = told(over, line(kind, "1000000", "contestant", FIRM, day="2023-03-05"), rules=("DON-001",))
    assert findings(made) == {("DON-001", "breach", "8000000.00")}


@pytest.mark.parametrize(
    ("kind", "rule", "given_by"), [("donation_refund", "SRC-002", "charity"), ("budget_transfer", "SRC-005", "anonymous")]
)
def test_what_would_be_deducted_and_cannot_be_read_is_told_beside_the_finding(told, kind, rule, given_by):
    key = FIRM if given_by == "charity" else ""
    made = told(line("donation", "100", given_by, key), line(kind, "1e6", "" if key else given_by, key), rules=(rule,))
    assert findings(made) == {(rule, "breach", "100.00")}
    assert left_out(made) == {rule}
    # A donation without a readable amount is among the rows, and needs no such word.
    made = told(line("donation", "100", given_by, key), line("donation", "1e6", given_by, key), rules=(rule,))
    assert [len(one["rows"]) for one in made["findings"]] == [2]
    assert not left_out(made)


FACES = "report_id,contestant_id,report_type,period_start,period_end,received_on,own_funds,donations,total_receipts,total_spent"
INTERIM = "interim,2023-02-18,2023-02-28"


def test_a_face_is_not_held_against_lines_of_which_one_by_its_period_cannot_be_read(told):
    own = [line("own_funds", "100", report="I1", what=INTERIM), line("own_funds", "5e1", report="", what=INTERIM)]
    final = [line("own_funds", "100"), line("own_funds", "50")]
    faces = [FACES, f"I1,C1,{INTERIM},2023-03-01,150,,150,", "F,C1,final,2023-02-18,2023-03-28,2023-03-29,150,,150,"]
    made = told(*own, *final, rules=("RPT-005",), filings=faces)
    assert findings(made) == set()
    assert [one["contestant_id"] for one in made["coverage"][0]["not_assessed_for"]] == ["C1"]


def test_versions_of_which_one_does_not_say_its_day_are_told_beside_a_final_report_too(told):
    versions = [line("own_funds", "1", report="I1", what=INTERIM), line("own_funds", "1", report="I2", what=INTERIM, received="")]
    for others in ([], [line("own_funds", "1")]):
        made = told(*versions, *others)
        assert [(one["code"], one["row"], one["column"]) for one in made["problems"]] == [("INP-012", 3, "received_on")]
        assert ("The books are those of I1" in made["problems"][0]["message"]) is not bool(others)


def test_an_interim_report_without_its_whole_period_may_be_a_version_of_another(told):
    gift = ("donation", "5000000", "individual", PERSON)
    whole = line(*gift, report="I2", what=INTERIM)
    made = told(line(*gift, report="I1", what="interim,2023-02-18,"), whole)
    assert findings(made) == {("DON-001", "breach", "10000000.00")}
    assert [(one["code"], one["row"], one["column"]) for one in made["problems"]] == [("INP-012", 2, "period_end")]
    assert "may be a version of I2, and both are counted" in made["problems"][0]["message"]
    # One that begins on another day is another one, and beside a final report neither counts.
    assert not told(line(*gift, report="I1", what="interim,2023-03-01,"), whole)["problems"]
    assert not told(line(*gift, report="I1", what="interim,2023-02-18,"), whole, line(*gift))["problems"]
    # Where no period is filed at all, that is no matter of one report.
    assert not told(*(line(*gift, report=report, what="interim,,") for report in ("I1", "I2")))["problems"]


def test_another_file_finds_the_face_of_a_report_of_which_the_first_has_only_an_unread_line(tmp_path):
    faces = [f"{FACES},opening_balance,closing_balance", "F,C1,final,2023-02-18,2023-03-28,2023-04-05,500,,500,0,0,700"]
    written = {"a": [HEADING, line("own_funds", "1e6")], "b": [HEADING, line("own_funds", "100", report="")], "filings": faces}
    for name, lines in written.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    files = [
        Candidate(tmp_path / "a.csv", "a.csv", "reports", optional=False, received_on=date(2023, 4, 1)),
        Candidate(tmp_path / "b.csv", "b.csv", "reports", optional=False, received_on=date(2023, 4, 5)),
        Candidate(tmp_path / "filings.csv", "filings.csv", "filings", optional=False),
    ]
    made = document(audit(Request([], date(2023, 4, 15), files=files, select=["RPT-005", "RPT-006"]), LAW, WORDS))
    assert (made["contestants"][0]["books"], made["contestants"][0]["superseded"]) == (["F"], ["F"])
    assert findings(made) == {("RPT-005", "breach", "500.00"), ("RPT-006", "breach", "700.00")}
    assert made["summary"]["breaches"] == 3  # two figures of the face, and its balance
