"""Which lines count, and whose money they are: superseded reports, reports without a readable line, refunds under another type."""

from datetime import date

import pytest

from auditor import wording
from auditor.render.data import document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
WORDS = wording.load("en")
HEADING = "contestant_id,contest,report_id,report_type,period_start,period_end,received_on,date,kind,amount,counterparty_type,counterparty_name,counterparty_id"
AL = "800101300016"


def line(report, received, kind, amount, party="individual", donor=AL, *, kind_of="final", cid="SM1"):
    return f"{cid},single_mandate,{report},{kind_of},2023-02-18,2023-03-31,{received},2023-02-20,{kind},{amount},{party},Al,{donor}"


@pytest.fixture
def told(tmp_path):
    def of(*lines, filings=None, overrides=None):
        (tmp_path / "reports.csv").write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
        if filings is not None:
            (tmp_path / "filings.csv").write_text("\n".join(filings) + "\n", encoding="utf-8")
        law = LAW.with_overrides(overrides or {})
        return document(audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15)), law, WORDS))

    return of


def findings(made, *rules):
    return [(one["rule"], one["outcome"], one["measured"]) for one in made["findings"] if one["rule"].startswith(rules)]


def totals(made):
    return {one["rule"]: one["measured"] for one in made["contestants"][0]["totals"]}


def test_a_superseded_report_does_not_say_whose_refund_it_is(told):
    made = told(
        line("a", "2023-04-01", "donation", "8000000", "contestant"),
        line("b", "2023-04-02", "donation", "8000000"),
        line("b", "2023-04-02", "donation_refund", "1000000", ""),
    )
    assert findings(made, "DON", "FND") == []
    assert totals(made)["FND-003"] == "0.00"
    assert totals(made)["FND-004"] == "7000000.00"


def test_an_interim_report_does_not_say_it_where_there_is_a_final_one(told):
    made = told(
        line("i", "2023-03-01", "donation", "8000000", "contestant", kind_of="interim"),
        line("f", "2023-04-02", "donation", "8000000"),
        line("f", "2023-04-02", "donation_refund", "1000000", ""),
    )
    assert findings(made, "DON", "FND") == []


@pytest.mark.parametrize(
    ("gave", "back", "own", "others"),
    [
        ("individual", "contestant", "0.00", "7000000.00"),
        ("contestant", "individual", "7000000.00", "0.00"),
        ("contestant", "", "7000000.00", "0.00"),
        ("individual", "organisation", "0.00", "7000000.00"),
    ],
)
def test_a_refund_counts_for_whom_it_came_from_whatever_its_type(told, gave, back, own, others):
    made = told(
        line("f", "2023-04-02", "donation", "8000000", gave),
        line("f", "2023-04-02", "donation_refund", "1000000", back),
    )
    assert findings(made, "DON-001", "DON-002", "FND") == []
    assert (totals(made)["FND-003"], totals(made)["FND-004"]) == (own, others)


def test_under_a_key_of_both_the_type_of_a_refund_decides(told):
    lines = [line("f", "2023-04-02", "donation", "8000000", party) for party in ("individual", "contestant")]
    made = told(*lines, line("f", "2023-04-02", "donation_refund", "1000000", "individual"))
    assert (totals(made)["FND-003"], totals(made)["FND-004"]) == ("8000000.00", "7000000.00")


def test_under_a_key_of_both_a_refund_that_says_nothing_of_itself_is_the_donors(told):
    """ "A donation_refund counts for the donor with the same key", "less all refunds to that donor": no breach by money that went back."""
    lines = [line("f", "2023-04-02", "donation", "1", "contestant"), line("f", "2023-04-02", "donation", "8000000")]
    made = told(*lines, line("f", "2023-04-02", "donation_refund", "1000000", ""))
    assert findings(made, "DON-001", "FND") == []
    assert (totals(made)["FND-003"], totals(made)["FND-004"]) == ("1.00", "7000000.00")


TOTALS = "report_id,contestant_id,report_type,period_start,period_end,received_on,own_funds,donations,total_receipts,total_spent"
TWO_INTERIM = ["A1,SM1,interim,2023-02-18,2023-02-28,2023-03-01,100,,,", "A2,SM1,interim,2023-03-01,2023-03-15,2023-03-16,200,,,"]


def test_lines_that_may_be_of_either_of_two_reports_are_held_against_neither(told):
    """They came to 0.00 for both, which was a breach of each."""
    lines = ["SM1,single_mandate,,interim,,,,2023-02-20,own_funds,100,,,", "SM1,single_mandate,,interim,,,,2023-03-02,own_funds,200,,,"]
    made = told(*lines, filings=[TOTALS, *TWO_INTERIM])
    assert findings(made, "RPT-005") == []
    (coverage,) = [one for one in made["coverage"] if one["rule"] == "RPT-005"]
    assert "lines that name no report may be of report A1" in coverage["not_assessed_for"][0]["reason"]
    alone = told(*lines, filings=[TOTALS, TWO_INTERIM[0]])
    assert [one["measured"] for one in alone["findings"] if one["rule"] == "RPT-005"] == ["100.00"]  # both lines are of the one there is


@pytest.mark.parametrize("record", ["subsidy,450000,50,organisation,TV,050540001230", "subsidy,5", "donation,15000000"])
def test_a_record_of_another_number_of_cells_is_told_of_where_a_sum_may_lack_it(tmp_path, record):
    """Its category, or whose money it is, may stand in another cell: the rule says that it left it out, and not only that it was kept."""
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id,payment_method,category"
    (tmp_path / "reports.csv").write_text(f"{heading}\nSM1,single_mandate,2023-02-20,{record}{',' * 9}\n", encoding="utf-8")
    made = document(audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15)), LAW, WORDS))
    left_out = {one["rule"] for one in made["coverage"] if any("left out" in each["reason"] for each in one["unread_for"])}
    told_of = left_out | {one["rule"] for one in made["findings"]}
    assert told_of >= ({"SUB-001", "SUB-002", "SUB-003"} if record.startswith("subsidy") else {"FND-003", "FND-004", "DON-001", "DON-002"})


def test_lines_below_a_heading_of_other_columns_are_told_of_too(tmp_path):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id"
    other = heading.replace("counterparty_type,counterparty_name", "counterparty_name,counterparty_type")
    own, moved = "SM1,single_mandate,2023-02-20,own_funds,100,,,", "SM1,single_mandate,2023-02-20,donation,15000000,A,contestant,"
    (tmp_path / "reports.csv").write_text("\n".join([heading, own, other, moved, ""]), encoding="utf-8")
    made = document(audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15)), LAW, WORDS))
    assert {"FND-003", "DON-001", "DON-002"} <= {one["rule"] for one in made["coverage"] if one["unread_for"]}


def test_a_report_without_a_readable_line_takes_the_place_of_an_earlier_one(told):
    made = told(line("f1", "2023-04-01", "donation", "8000000"), line("f2", "2023-04-05", "donation", '"7,000,000"'))
    (contestant,) = made["contestants"]
    assert (contestant["books"], contestant["superseded"]) == (["f2"], ["f1"])
    assert findings(made, "DON-001") == [("DON-001", "undetermined", "0.00")]


def test_an_interim_report_without_a_readable_line_is_not_in_the_books_of_a_final_one(told):
    made = told(line("f", "2023-04-01", "donation", "7000000"), line("i", "2023-03-01", "donation", "x", kind_of="interim"))
    assert made["contestants"][0]["books"] == ["f"]
    assert findings(made, "DON", "FND") == []


def test_a_line_of_unknown_kind_may_be_a_refund_whatever_its_type(told):
    made = told(
        line("f", "2023-04-01", "donation", "36000000", "organisation", "050140000011"),
        line("f", "2023-04-01", "zz", "1", "individual", "050140000011"),
    )
    (one,) = [one for one in made["findings"] if one["rule"] == "DON-002"]
    assert (one["outcome"], one["measured"], [row["row"] for row in one["rows"]]) == ("undetermined", "36000000.00", [3])


FACES = "report_id,contestant_id,report_type,period_start,period_end,received_on,published_on,own_funds"


def test_one_report_filed_twice_under_one_id(told):
    made = told(
        line("f", "", "own_funds", "5"),
        filings=[
            FACES,
            "f,SM1,final,2023-02-18,2023-03-31,2023-04-05,2023-04-10,5",
            "f,SM1,final,2023-02-18,2023-03-31,2023-03-25,2023-03-30,9",
        ],
        overrides={"results_published": "2023-03-29"},
    )
    assert findings(made, "RPT-001", "RPT-004", "RPT-005") == []  # late or not by the first, its totals by the last
    assert made["problems"] == []
    assert made["contestants"][0]["superseded"] == ["f"]


def test_an_id_that_filings_tell_two_things_of_is_a_problem(told):
    made = told(
        line("f", "", "own_funds", "5"),
        filings=[FACES, "f,SM1,final,2023-02-18,2023-03-31,,,5", "f,SM1,interim,2023-02-18,2023-03-31,,,5"],
    )
    assert [(p["code"], p["file"].rpartition("/")[2], p["row"], p["column"], p["value"]) for p in made["problems"]] == [
        ("INP-012", "filings.csv", 3, "report_type", "interim")
    ]


def test_the_report_of_another_contestant_under_the_same_id(told):
    made = told(
        line("1", "", "own_funds", "5", kind_of="interim", cid="SM3"),
        line("1", "", "own_funds", "5"),
        filings=[FACES, "1,SM1,final,2023-02-18,2023-03-31,,,5"],
    )
    assert [(p["code"], p["row"], p["column"], p["value"]) for p in made["problems"] if p["column"] == "contestant_id"] == [
        ("INP-012", 2, "contestant_id", "SM3")
    ]
    three = next(one for one in made["contestants"] if one["contestant_id"] == "SM3")
    assert three["books"] == ["1"]


@pytest.mark.parametrize("day", ["0000-01-01", "01.01.0000", "0000-12-31"])
def test_there_is_no_year_0(told, day):
    made = told(line("f", "", "own_funds", "5").replace("2023-02-20", day))
    assert [(p["code"], p["column"], p["value"]) for p in made["problems"]] == [("INP-003", "date", day)]


def test_a_period_may_be_open_until_the_last_day_that_there_is(told):
    made = told(
        line("f", "", "own_funds", "5"),
        filings=[FACES, "i,SM1,interim,2023-02-18,9999-12-31,,,5", "f,SM1,final,2023-02-18,2023-03-31,,,5"],
        overrides={"results_published": "9999-12-31"},
    )
    assert made["summary"]["problems"] == 0


def test_a_name_that_begins_with_a_total_word_is_no_total(told):
    lost = line("f", "", "", "8000000", "organisation").replace(",Al,", ",Всего хорошего ТОО,")
    total = "SM1,,,,,,,,,8000000,,Итого по отчету:,"
    made = told(line("f", "", "own_funds", "5"), lost, total, ",,,,,,,2023-03-01,,8000000,,Барлығы,")
    assert [left["row"] for left in made["inputs"][0]["left_out"]] == [4, 5]
    assert [(p["row"], p["column"]) for p in made["problems"]] == [(3, "kind")]


def test_sums_of_the_largest_amounts_are_exact(told):
    amount = "9" * 26 + ".99"
    made = told(line("f", "", "own_funds", amount), line("f", "", "own_funds", amount))
    (one,) = [one for one in made["findings"] if one["rule"] == "FND-003"]
    assert one["measured"] == "199999999999999999999999999.98"
    assert one["excess"] == "199999999999999999985999999.98"


def test_what_one_unreadable_line_does_not_say_of_its_report_another_does(told):
    made = told(
        line("f1", "2023-04-01", "donation", "8000000"),
        line("f2", "bad", "donation", "x"),
        line("f2", "2023-04-05", "donation", "y"),
    )
    assert (made["contestants"][0]["books"], made["contestants"][0]["superseded"]) == (["f2"], ["f1"])
    assert findings(made, "DON-001") == [("DON-001", "undetermined", "0.00")]


def test_lines_of_two_versions_under_one_id_are_told_apart_by_the_day_they_came(told):
    made = told(
        line("f", "2023-04-01", "donation", "5000000"),
        line("f", "2023-04-03", "donation", "5000000"),
        filings=[FACES, "f,SM1,final,2023-02-18,2023-03-31,2023-04-01,,", "f,SM1,final,2023-02-18,2023-03-31,2023-04-03,,"],
    )
    assert findings(made, "DON-001") == []
    assert made["problems"] == []
    assert totals(made)["FND-004"] == "5000000.00"


def test_a_period_of_which_half_is_unknown_cannot_be_held_against_its_lines(told):
    made = told(line("f", "", "own_funds", "5").replace("2023-02-18", ""))
    (coverage,) = [one for one in made["coverage"] if one["rule"] == "RPT-010"]
    assert (coverage["kept"], [one["contestant_id"] for one in coverage["not_assessed_for"]]) == (0, ["SM1"])
    late = told(line("f", "", "own_funds", "5").replace("2023-02-18", "").replace("2023-02-20", "2023-04-01"))
    assert findings(late, "RPT-010") == [("RPT-010", "breach", "5.00")]  # after the end that is known


def test_required_ids_are_looked_at_like_others(tmp_path):
    (tmp_path / "reports.csv").write_text(
        f"{HEADING},category\n" + line("f", "", "expenditure", "5", "organisation", "140001000") + ",radio\n", encoding="utf-8"
    )
    (tmp_path / "price_lists.csv").write_text(
        "vendor_id,vendor_name,medium,unit_price\n140001000,V,radio,5\n123,W,radio,5\n", encoding="utf-8"
    )
    (tmp_path / "candidates.csv").write_text("candidate_id,name,contestant_id\n80010130001a,A,SM1\n", encoding="utf-8")
    made = document(audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15)), LAW, WORDS))
    assert findings(made, "EXP-005") == []  # the outlet's id has its zeros back on both sides
    assert [(p["code"], p["file"].rpartition("/")[2], p["row"], p["column"]) for p in made["problems"]] == [
        ("INP-005", "candidates.csv", 2, "candidate_id"),
        ("INP-005", "price_lists.csv", 3, "vendor_id"),
    ]


HEADING_SHORT = "contestant_id,contest,report_type,date,kind,amount"
FACE = "report_id,contestant_id,report_type,period_start,period_end,received_on"


def own(made):
    return totals(made)["FND-003"], made["contestants"][0]["books"], made["contestants"][0]["superseded"]


def audited(tmp_path, reports, *filings):
    (tmp_path / "reports.csv").write_text("\n".join(reports) + "\n", encoding="utf-8")
    if filings:
        (tmp_path / "filings.csv").write_text("\n".join((FACE, *filings)) + "\n", encoding="utf-8")
    return document(audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15)), LAW, WORDS))


def test_lines_without_a_period_are_of_the_one_report_of_their_type(tmp_path):
    lines = (HEADING_SHORT, "SM1,single_mandate,final,2023-03-01,own_funds,15000000")
    made = audited(tmp_path, lines, "F1,SM1,final,2023-02-18,2023-03-31,2023-04-01")
    assert own(made) == ("15000000.00", ["F1"], [])
    assert made["problems"] == []


@pytest.mark.parametrize("period", ["2023-02-18,", ",2023-03-31", ",", "2023-02-18,31.02.2023"])
def test_a_line_that_lacks_a_day_of_its_period_stays_with_the_others(period, tmp_path):
    heading = "period_start,period_end," + HEADING_SHORT
    spent = "SM1,single_mandate,final,2023-03-01,own_funds,"
    made = audited(tmp_path, (heading, f"{period},{spent}1", f"2023-02-18,2023-03-31,{spent}14000000"))
    assert own(made) == ("14000001.00", ["final 2023-02-18/2023-03-31"], [])


def test_of_two_interim_reports_that_fit_none_is_chosen(tmp_path):
    heading = "period_start,period_end," + HEADING_SHORT
    lines = [
        f"{days},SM1,single_mandate,interim,2023-03-01,own_funds,5" for days in ("2023-02-18,2023-02-28", "2023-03-01,2023-03-15", ",")
    ]
    made = audited(tmp_path, (heading, *lines))
    assert own(made) == ("15.00", ["interim", "interim 2023-02-18/2023-02-28", "interim 2023-03-01/2023-03-15"], [])


def test_interim_reports_of_unknown_periods_do_not_replace_each_other(tmp_path):
    lines = [f"{rid},SM1,single_mandate,interim,2023-03-01,own_funds,7000000" for rid in ("I1", "I2")]
    made = audited(tmp_path, ("report_id," + HEADING_SHORT, *lines))
    assert own(made) == ("14000000.00", ["I1", "I2"], [])


def test_final_reports_of_unknown_periods_do(tmp_path):
    lines = [f"{rid},SM1,single_mandate,final,2023-03-01,own_funds,7000000" for rid in ("F1", "F2")]
    made = audited(tmp_path, ("report_id," + HEADING_SHORT, *lines))
    assert own(made) == ("7000000.00", ["F2"], ["F1"])


@pytest.mark.parametrize("turn", [1, -1])
def test_an_id_of_two_reports_makes_them_no_one_report(turn, tmp_path):
    lines = [
        f"1,{days},SM1,single_mandate,{kind},2023-02-20,own_funds,10000000"
        for kind, days in (("interim", "2023-02-18,2023-02-28"), ("final", "2023-02-18,2023-03-31"))
    ]
    made = audited(tmp_path, ("report_id,period_start,period_end," + HEADING_SHORT, *lines[::turn]))
    assert own(made) == ("10000000.00", ["1"], [])
    assert [(one["code"], one["row"], one["column"]) for one in made["problems"]] == [("INP-012", 3, "report_id")]


def test_of_two_filings_of_a_report_the_lines_without_an_id_say_by_the_day_which(tmp_path):
    lines = [f"{day},SM1,single_mandate,final,2023-03-01,own_funds,{amount}" for day, amount in (("2023-04-01", 3), ("2023-04-05", 4))]
    faces = [f"F{n},SM1,final,2023-02-18,2023-03-31,2023-04-0{day}" for n, day in ((1, 1), (2, 5))]
    made = audited(tmp_path, ("received_on," + HEADING_SHORT, *lines), *faces)
    assert own(made) == ("4.00", ["F2"], ["F1"])
    assert made["problems"] == []


def test_a_file_that_does_not_count_does_not_switch_a_rule_off(tmp_path):
    """The books have every column that the rule needs; that an earlier version of the report lacks one is no reason to say nothing."""
    (tmp_path / "a.csv").write_text("\n".join([HEADING, line("F2", "2023-04-01", "donation", "8000000")]), encoding="utf-8")
    short = HEADING.removesuffix(",counterparty_type,counterparty_name,counterparty_id")
    earlier = "SM1,single_mandate,F1,final,2023-02-18,2023-03-31,2023-03-30,2023-02-20,own_funds,1"
    (tmp_path / "b.csv").write_text(f"{short}\n{earlier}\n", encoding="utf-8")
    made = document(audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS))
    assert findings(made, "DON") == [("DON-001", "breach", "8000000.00")]
    assert not any(one["not_assessed_for"] for one in made["coverage"] if one["rule"].startswith("DON"))
    (tmp_path / "b.csv").write_text(f"{short}\n{earlier.replace('F1', 'F2').replace('03-30', '04-01')}\n", encoding="utf-8")
    made = document(audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS))
    # Now it is a file of the books: what the other file shows is told, and not called all that there is.
    assert findings(made, "DON") == [("DON-001", "breach", "8000000.00")]
    (cover,) = [one for one in made["coverage"] if one["rule"] == "DON-001"]
    assert cover["partly_not_assessed_for"] == [{"contestant_id": "SM1", "reason": "a file of this contestant has no counterparty_type"}]


PUBLISHED = "report_id,contestant_id,report_type,period_start,period_end,received_on,published_on"


def silent(made):
    return {one["rule"]: one["not_assessed_for"][0]["reason"] for one in made["coverage"] if one["not_assessed_for"]}


def test_of_books_without_a_line_nothing_is_called_kept(told):
    """The later final report supersedes the earlier one; that not a line of it is here must not look like money that was never there."""
    lines = [line("F1", "2023-03-30", "donation", "8000000")]
    faces = [PUBLISHED, "F1,SM1,final,2023-02-18,2023-03-31,2023-03-30,", "F2,SM1,final,2023-02-18,2023-03-31,2023-04-01,"]
    made = told(*lines, filings=faces)
    assert findings(made, "DON") == []
    for rule in ("DON-001", "FND-004", "EXP-001", "LED-001"):
        assert silent(made)[rule] == "F2 counts, and not one of its lines is here"
    assert "RPT-005" not in silent(made)
    nil = told(
        line("F1", "2023-03-30", "donation", "8000000", cid="SM2"), filings=[PUBLISHED, "F2,SM1,final,2023-02-18,2023-03-31,2023-04-01,"]
    )
    assert "DON-001" not in silent(nil)  # a report of somebody who had no money is no reason for doubt


def test_a_day_that_cannot_be_read_is_not_taken_for_never_published(told):
    faces = [
        PUBLISHED,
        "F,SM1,final,2023-02-18,2023-03-31,2023-03-30,01/04/23",
        "I,SM1,interim,2023-02-18,2023-02-28,2023-03-02,2023.03.04",
    ]
    made = told(line("F", "2023-03-30", "own_funds", "1"), filings=faces)
    assert findings(made, "RPT-004", "RPT-011") == []
    for rule in ("RPT-004", "RPT-011"):
        assert silent(made)[rule] == "published_on: filled in filings and could not be read"


REGISTER = "contestant_id,contest,name,status\nSM1,single_mandate,A,registered\n"


@pytest.mark.parametrize(
    ("lines", "faces"),
    [
        ([("I", "interim")], ["F,SM1,final,2023-02-18,2023-03-31,2023-03-30"]),  # the row of the final report has too few cells
        ([("I", "interim")], ["F,SM1,final,2023-02-18,31.02.2023,2023-03-30,"]),  # the row of the final report has a day that is none
        ([("F", "interim"), ("F", "final")], []),  # the first line of the report says otherwise than the rest
    ],
)
def test_what_may_be_the_final_report_is_not_called_missing(lines, faces, told, tmp_path):
    (tmp_path / "contestants.csv").write_text(REGISTER, encoding="utf-8")
    rows = [line(name, "2023-03-30", "own_funds", "1", kind_of=kind) for name, kind in lines]
    made = told(*rows, filings=[PUBLISHED, *faces], overrides={"results_published": "2023-03-29"})
    assert findings(made, "RPT-002") == []
    assert "contradicts the others" in silent(made)["RPT-002"]


def test_a_listed_price_that_cannot_be_read_may_be_the_one_that_was_paid(tmp_path):
    heading = "contestant_id,contest,date,kind,amount,category,counterparty_id,unit_price"
    (tmp_path / "reports.csv").write_text(
        f"{heading}\nSM1,single_mandate,2023-03-01,expenditure,700,television,050242768535,700\n", encoding="utf-8"
    )

    def of(*listed):
        rows = "\n".join(f"050242768535,V,{one}" for one in listed)
        (tmp_path / "price_lists.csv").write_text(f"vendor_id,vendor_name,medium,unit_price\n{rows}\n", encoding="utf-8")
        made = document(audit(Request([str(tmp_path)], date(2023, 4, 15), select=["EXP-006"]), LAW, WORDS))
        (coverage,) = made["coverage"]
        said = ([one["reason"] for one in coverage[key]] for key in ("not_assessed_for", "partly_not_assessed_for"))
        return findings(made, "EXP"), *said

    breach, doubt = (
        [("EXP-006", "breach", "700.00")],
        ["a price on the list that is empty or could not be read whole may be the one that was paid"],
    )
    assert of("television,1000", "television,700 a second") == (breach, [], doubt)
    assert of("television,1000", "TV and radio,700") == (breach, [], doubt)
    assert of("television,1000", "TV and radio,800") == (breach, [], [])
    assert of("television,1000", "radio,700 a second") == (breach, [], [])
    assert of("television,700 a second") == ([], doubt, [])


def test_what_was_not_assessed_is_said_beside_a_breach(tmp_path):
    """One line is not in the statement; another lies before its first day, and of that nobody can tell."""
    account = "KZ33601Z803215209369"
    (tmp_path / "contestants.csv").write_text(f"contestant_id,contest,name,fund_account\nA,single_mandate,A,{account}\n", encoding="utf-8")
    rows = [f"A,single_mandate,2023-{day},own_funds,{amount},{account}" for day, amount in (("02-28", 7), ("03-01", 5))]
    (tmp_path / "reports.csv").write_text("\n".join(["contestant_id,contest,date,kind,amount,fund_account", *rows]), encoding="utf-8")
    (tmp_path / "statement.csv").write_text(f"fund_account,date,direction,amount\n{account},2023-03-01,in,6\n", encoding="utf-8")
    made = document(audit(Request([str(tmp_path)], date(2023, 4, 15), select=["BNK-001"]), LAW, WORDS))
    (coverage,) = made["coverage"]
    assert (coverage["breaches"], coverage["not_assessed_for"]) == (1, [])
    assert coverage["partly_not_assessed_for"] == [{"contestant_id": "A", "reason": WORDS("check.outside_statement")}]


@pytest.mark.parametrize("others", [["A. Akhmetov"], ["Яхметов"], ["A. Akhmetov", "Яхметов"]])
def test_every_name_of_an_id_is_held_against_the_others(others, told):
    """A name by which the same id stands elsewhere, in another script, does not displace the one that tells who it is."""
    name = "Ахметов Али"
    rows = [line("F", "2023-03-30", "donation", "4000000").replace(",Al,", f",{name},")]
    rows += [line("F", "2023-03-30", "donation", "4000000", donor="").replace(",Al,", f",{name},")]
    rows += [line("G", "2023-03-30", "donation", "5", cid="SM2").replace(",Al,", f",{other},") for other in others]
    assert findings(told(*rows), "LED-009") == [("LED-009", "lead", "8000000.00")]


def test_of_a_report_that_states_no_total_nothing_is_said(told):
    face = PUBLISHED.replace("published_on", "own_funds,donations,total_receipts,total_spent")
    made = told(line("F", "2023-03-30", "own_funds", "1"), filings=[face, "F,SM1,final,2023-02-18,2023-03-31,2023-03-30,,,,"])
    assert silent(made)["RPT-005"] == "own_funds, donations, total_receipts, total_spent: empty in filings"
    made = told(line("F", "2023-03-30", "own_funds", "1"), filings=[face, "F,SM1,final,2023-02-18,2023-03-31,2023-03-30,1,,,"])
    assert "RPT-005" not in silent(made) and findings(made, "RPT-005") == []


def test_a_line_that_cannot_be_read_and_gives_no_id_takes_the_place_of_no_books(told):
    """ "It belongs to the report of its report_id, without one to the books of its contestant": whatever type and period it tells."""
    interim = line("", "2023-03-01", "donation", "8000000", kind_of="interim").replace("2023-03-31", "2023-02-28")
    made = told(interim, line("", "2023-04-01", "donation", '"7,000,000"'))
    assert findings(made, "DON-001") == [("DON-001", "breach", "8000000.00")]
    for broken in ("abc", "5,x"):  # an amount, and too many cells
        other = line("", "2023-04-01", "donation", broken).replace("2023-03-31", "2023-03-30")
        made = told(line("F", "2023-03-01", "donation", "8000000"), other)
        assert [one["books"] for one in made["contestants"]] == [["F"]]
        assert ("DON-001", "breach", "8000000.00") in findings(made, "DON-001")


def test_without_report_types_it_takes_the_place_of_no_interim_report_either(told, tmp_path):
    face = "report_id,contestant_id,report_type,period_start,period_end"
    (tmp_path / "filings.csv").write_text(f"{face}\nI1,SM1,interim,2023-02-18,2023-02-28\n", encoding="utf-8")
    heading = "contestant_id,contest,report_id,date,kind,amount\n"
    rows = "SM1,single_mandate,I1,2023-02-20,expenditure,49000001\nSM1,single_mandate,,2023-02-21,deposit,abc\n"
    (tmp_path / "reports.csv").write_text(heading + rows, encoding="utf-8")
    made = document(audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS))
    assert findings(made, "EXP-001") == [("EXP-001", "breach", "49000001.00")]


@pytest.mark.parametrize("shift", [("donation,4000000", "donation,4000000,00"), (",Al,", ",Al, B.,")])
def test_cells_that_stand_in_other_columns_make_no_donor(told, shift):
    """A decimal comma, or one in a name, moves every cell behind it: nobody is called "individual", and no cap is held against it."""
    whole, moved = line("F", "2023-03-01", "donation", "4000000"), line("F", "2023-03-01", "donation", "4000000").replace(*shift)
    made = told(whole, moved)
    assert [one["code"] for one in made["problems"]] == ["INP-008"]
    assert findings(made, "DON") == []
    assert findings(made, "FND-004") == [("FND-004", "undetermined", "4000000.00")]


@pytest.mark.parametrize(
    ("old", "new", "donor"),
    [
        ("individual,Al,", "individul,Al,", AL),  # the id can be read, whatever the type is
        (AL, "N1234567", "al"),  # an id of another sort is one
        (f",{AL}", ",", "al"),  # an empty cell tells nothing
    ],
)
def test_a_donor_who_is_told_stays_one(told, old, new, donor):
    other = line("F", "2023-03-01", "donation", "4000000").replace(old, new) + ","
    made = told(line("F", "2023-03-01", "donation", "4000000", donor=AL if donor == AL else ""), other)
    assert [(one["subject"], one["outcome"]) for one in made["findings"] if one["rule"] == "DON-001"] == [(donor, "undetermined")]


def test_the_period_of_a_record_with_a_cell_too_many_is_not_believed(told, tmp_path):
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name,status\nSM1,single_mandate,A,registered\n", encoding="utf-8")
    first = line("", "", "own_funds", "5", "", "", kind_of="interim").replace("2023-03-31", "2023-02-28")
    moved = first.replace(",single_mandate,,", ",single_mandate,,x,").replace("2023-02-18,2023-02-28", "2023-03-01,2023-03-15")
    assert [rule for rule, *_ in findings(told(first), "RPT-003")] == ["RPT-003"] * 2
    assert findings(told(first, moved), "RPT-003") == []


def test_an_empty_cell_too_many_at_the_end_moves_nothing(told):
    made = told(line("F", "2023-03-01", "donation", "4000000"), line("F", "2023-03-01", "donation", "4000000") + ",")
    assert [one["subject"] for one in made["findings"] if one["rule"] == "DON-001"] == [AL]


def test_a_report_of_which_no_line_can_be_read_is_there_where_there_is_no_other(told):
    made = told(line("", "2023-04-01", "donation", '"7,000,000"'))
    assert made["contestants"][0]["books"] == ["final 2023-02-18/2023-03-31"]
    assert findings(made, "DON-001") == [("DON-001", "undetermined", "0.00")]


def test_a_line_that_cannot_be_read_makes_no_second_report_beside_one_that_it_may_be_of(told):
    made = told(line("f", "2023-04-01", "donation", "8000000"), line("", "2023-04-02", "donation", "x"))
    assert made["contestants"][0]["books"] == ["f"]
    assert findings(made, "DON-001") == [("DON-001", "breach", "8000000.00")]


def test_a_line_that_names_neither_contestant_nor_contest_is_held_against_the_limits_of_the_one_of_its_report(told):
    party = line("R", "2023-04-01", "donation", "699000000", cid="PL1", donor="100140990006").replace("single_mandate", "party_list")
    for other in (",,R", "#NAME?,#N/A,R"):
        unread = line("R", "2023-04-01", "donation", "abc", cid="").replace(",single_mandate,R", other)
        made = told(party, unread)
        assert findings(made, "FND-002") == [("FND-002", "undetermined", "699000000.00")], other


def test_a_line_without_its_contestant_may_be_of_the_contestants_own_money(tmp_path):
    """By the id of its report it is a line of SM1, and by its counterparty_id of SM1's own money."""
    (tmp_path / "contestants.csv").write_text(f"contestant_id,contest,name,person_id\nSM1,single_mandate,A,{AL}\n", encoding="utf-8")
    refund = line("f", "2023-04-01", "donation_refund", "10", cid="")
    lines = [HEADING, line("f", "2023-04-01", "own_funds", "14000005", party="", donor=""), refund]
    (tmp_path / "reports.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = document(audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS))
    assert findings(made, "FND-003") == [("FND-003", "undetermined", "14000005.00")]
    lines[1:] = [line("f", "2023-04-01", "own_funds", "1", party="", donor=""), line("f", "2023-04-01", "donation", "15000000", cid="")]
    (tmp_path / "reports.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    made = document(audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS))
    assert findings(made, "FND", "DON") == [("FND-003", "undetermined", "1.00")]


@pytest.mark.parametrize("period", [",", "2023-02-18,2023-03-31"])
def test_one_unreadable_line_of_another_type_does_not_take_the_place_of_all_others(told, period):
    """Without an id, only a period of its own shows that a report was filed."""
    slip = line("", "2023-03-01", "donation", "x").replace("2023-02-18,2023-03-31", period)
    made = told(line("", "2023-03-01", "donation", "9000000", kind_of="interim"), slip)
    assert made["contestants"][0]["books"] == ["interim 2023-02-18/2023-03-31"]
    assert findings(made, "DON-001") == [("DON-001", "breach", "9000000.00")]


def test_a_report_that_does_not_say_when_it_was_received_is_told_beside_one_that_does(told):
    dated, undated = line("K-1", "2023-04-01", "own_funds", "10"), line("K-2", "", "own_funds", "15")
    for lines, row in (((dated, undated), 3), ((undated, dated), 2)):
        (problem,) = told(*lines)["problems"]
        assert (problem["code"], problem["row"], problem["column"]) == ("INP-012", row, "received_on")
        assert "the report K-2 of SM1 does not say" in problem["message"] and problem["message"].endswith("those of K-1.")
    assert told(undated, line("K-3", "", "own_funds", "10"))["problems"] == []
    assert told(dated, line("K-1", "", "own_funds", "15"))["problems"] == []


def test_an_unreadable_line_of_a_report_that_is_there_hides_no_missing_one(told, tmp_path):
    lines = [line("", "", "own_funds", amount, "", "", kind_of="interim") for amount in ("5", "?")]
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name,status\nSM1,single_mandate,A,registered\n", encoding="utf-8")
    assert [rule for rule, *_ in findings(told(*lines), "RPT-003")] == []  # its period covers the others
    early = [one.replace("2023-03-31", "2023-02-28") for one in lines]
    assert [rule for rule, *_ in findings(told(*early), "RPT-003")] == ["RPT-003"] * 2
    other = [early[0], early[1].replace("2023-02-18,", "2023-03-01,").replace("2023-02-28", "2023-03-15")]
    assert [rule for rule, *_ in findings(told(*other), "RPT-003")] == ["RPT-003"]


def test_nothing_is_left_is_not_said_beside_an_amount_that_nobody_knows(told):
    gone = (line("f", "", "donation", "5", "charity"), line("f", "", "donation_refund", "5", "charity"))
    (whole,) = [one for one in told(*gone)["findings"] if one["rule"] == "SRC-002"]
    (unsure,) = [one for one in told(*gone, line("f", "", "donation", "?", "charity"))["findings"] if one["rule"] == "SRC-002"]
    assert "Nothing of it is left" in whole["message"] and "Nothing of it is left" not in unsure["message"]
