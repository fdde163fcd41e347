"""What a finding says: of which lines it speaks, by how much, and what to do about it."""

HEADING = "contestant_id,contest,report_id,report_type,date,kind,amount,counterparty_type,counterparty_id,category"
DONOR = "SM1,single_mandate,F,final,2023-03-01,donation,{},individual,900101300017,"


def test_a_breach_says_what_its_rule_says(told):
    (one,) = told({"reports": [HEADING, DONOR.format("7000000.01")]}, "DON-001")["findings"]
    assert one["outcome"] == "breach" and "correct the lines" not in one["action"]


DEPOSIT = "SM1,single_mandate,F,final,2023-01-20,deposit,{},,,"
REGISTER = ["contestant_id,contest,name,status,last_vote_share", "SM1,single_mandate,A,registered,"]


def test_only_the_lines_that_could_not_be_read_are_counted_as_such_and_are_to_be_corrected(told):
    lines = [DEPOSIT.format(amount) for amount in ("300000", "300000", "x")]
    (one,) = told({"reports": [HEADING, *lines], "contestants": REGISTER}, "DEP-001")["findings"]
    assert (one["outcome"], len(one["rows"])) == ("undetermined", 3)
    assert "not wholly: 1." in one["message"] and "600\u202f000.00 KZT" in one["message"]
    assert one["action"] == "Ask the contestant to correct the lines that could not be read, and check again."


def test_what_is_lacking_is_said_without_a_minus(told):
    """A sum that has to be reached is short by so much; the difference itself is negative."""
    (one,) = told({"reports": [HEADING, DEPOSIT.format("1000000")], "contestants": REGISTER}, "DEP-001")["findings"]
    assert (one["outcome"], one["excess"]) == ("breach", "-50000.00")
    assert "\u2212" not in one["message"] and "50\u202f000.00" in one["message"]


def test_a_final_report_that_another_took_the_place_of_is_no_other_final_report(told):
    """Of another period, and received later: it counts beside none, and takes the place of none."""
    heading = "contestant_id,contest,report_id,report_type,period_start,period_end,received_on,date,kind,amount"
    filed = (("A", "2023-03-20", "2023-03-20"), ("B", "2023-03-20", "2023-03-21"), ("C", "2023-03-25", "2023-03-25"))
    lines = [f"SM1,single_mandate,{report},final,2023-02-18,{end},{received},2023-03-01,own_funds,5" for report, end, received in filed]
    (one,) = told({"reports": [heading, *lines]})["contestants"]
    assert (one["books"], one["superseded"], one["other_finals"]) == (["C"], ["A"], ["B"])
