"""A cell that could not be read, of a line that could be read or not: told of by every rule that goes by it, or by what it finds."""

from contextlib import nullcontext

import pytest
from answers import findings, silent
from sizes import as_large

from auditor.follow.changes import Change, Version, compared

CELLS = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name,category,payment_method,funding_source"


@pytest.mark.parametrize(
    ("line", "of", "rules"),
    [
        (
            "SM1,single_mandate,2023-03-01,donation,{},zzz,900101300017,A,,,",
            "counterparty_type",
            "SRC-001 SRC-002 SRC-003 SRC-004 SRC-005 FND-003",
        ),
        ("SM1,single_mandate,2023-03-01,donation,{},individual,12,A,,,", "counterparty_id", "DON-001 SRC-004 FND-003"),
        ("SM1,single_mandate,2023-03-01,subsidy,{},,,,zzz,,", "category", "SUB-001 SUB-002 SUB-003"),
        ("SM1,single_mandate,2023-03-01,subsidy,{},zzz,,,radio,,", "counterparty_type", "SUB-007"),
        ("SM1,single_mandate,2023-03-01,expenditure,{},,,,zzz,,", "category", "EXP-004"),
        ("SM1,single_mandate,2023-03-01,expenditure,{},,,,staff,zzz,", "payment_method", "ACC-003"),
        ("SM1,single_mandate,2023-03-01,donation,{},individual,900101300017,A,,zzz,", "payment_method", "SRC-006"),
        ("P1,party_list,2023-03-01,own_funds,{},,,,,,zzz", "funding_source", "SRC-007"),
    ],
)
def test_a_second_cell_that_cannot_be_read_hides_no_more_than_the_first(told, line, of, rules):
    for amount in ("5", "x"):
        made = told({"reports": [CELLS, line.format(amount)]}, *rules.split())
        cid = line.partition(",")[0]
        for rule in rules.split():
            assert f"in 1 line there is no readable {of}" in silent(made, rule, "unread_for")[cid], (rule, amount)


@pytest.mark.parametrize("amount", ["60000000", "40000000"])
def test_a_sum_that_is_over_the_limit_anyhow_is_said_to_lack_a_line_that_could_not_be_read(told, amount):
    """Under the limit it is undetermined, with the line as its row; over it the line is in no sum, and nothing else would say so."""
    of = "SM1,single_mandate,2023-03-01,expenditure,{},,,,staff,,"
    made = told({"reports": [CELLS, of.format(amount), of.format("1.000,5")]}, "EXP-001")
    (one,) = made["findings"]
    over = one["outcome"] == "breach"
    assert over is (amount > "49000000")
    assert silent(made, "EXP-001", "unread_for") == ({"SM1": "1 line that could not be read is left out"} if over else {})


@pytest.mark.parametrize(
    ("line", "of", "rules"),
    [
        ("donation,5,zzz,900101300017,A,,,", "counterparty_type", "DON-003 LED-001 LED-006 LED-008 LED-009"),
        ("donation,5,individual,12,A,,,", "counterparty_id", "DON-003 LED-001 LED-002 LED-004 LED-005 LED-006 LED-007 LED-008 LED-009"),
        ("donation_refund,5,zzz,900101300017,A,,,", "counterparty_type", "LED-008"),
        ("expenditure,5,organisation,12,A,staff,,", "counterparty_id", "LED-004 LED-005 LED-007 LED-008"),
        ("expenditure,5,zzz,150140991271,A,staff,,", "counterparty_type", "LED-008"),
        ("expenditure,5,organisation,150140991271,A,zzz,,", "category", ""),
    ],
)
def test_rules_that_speak_of_others_tell_of_a_cell_that_those_go_by(told, line, of, rules):
    made = told({"reports": [CELLS, f"SM1,single_mandate,2023-03-01,{line}"]}, "DON-003", "LED")
    said = f"in 1 line there is no readable {of}"
    assert {one["rule"] for one in made["coverage"] for each in one["unread_for"] if said in each["reason"]} == {*rules.split()}


@pytest.mark.parametrize(
    ("line", "of", "rules"),
    [
        ("SM1,single_mandate,2023-03-01,subsidy,5,contestant,,,,,", "category", "SUB-001 SUB-002 SUB-003 SUB-008"),
        ("SM1,single_mandate,2023-03-01,subsidy,5,,,,radio,,", "counterparty_type", "SUB-007"),
        ("SM1,single_mandate,2023-03-01,expenditure,5,,,,,cash,", "category", "EXP-004"),
        ("SM1,single_mandate,2023-03-01,expenditure,5,,,,staff,,", "payment_method", "ACC-003"),
        ("SM1,single_mandate,2023-03-01,donation,5,individual,900101300017,A,,,", "payment_method", "SRC-006 ACC-003"),
        ("P1,party_list,2023-03-01,own_funds,5,,,,,bank_transfer,", "funding_source", "SRC-007"),
    ],
)
def test_a_code_that_is_left_empty_is_told_of_by_the_rules_that_would_go_by_it(told, line, of, rules):
    """By the letter it is kept; but to leave a cell empty would else be the way to keep a rule."""
    made = told({"reports": [CELLS, line]})
    cid = line.partition(",")[0]
    said = {one["rule"] for one in made["coverage"] for each in one["unread_for"] if f"no readable {of}" in each["reason"]}
    assert said == {*rules.split()}
    assert made["problems"] == []
    for rule in rules.split():
        (cover,) = [one for one in made["coverage"] if one["rule"] == rule]
        assert (cover["status"], cover["not_assessed_for"], [one["contestant_id"] for one in cover["unread_for"]]) == (
            "assessed",
            [],
            [cid],
        )


def test_an_empty_code_says_nothing_of_lines_of_other_kinds_or_contests(told):
    lines = [
        "SM1,single_mandate,2023-03-01,own_funds,5,,,,,bank_transfer,",
        "SM1,single_mandate,2023-03-01,donation,5,individual,900101300017,A,,bank_transfer,",
        "P1,party_list,2023-03-01,donation,5,individual,900101300017,A,,bank_transfer,",
        "P1,party_list,2023-03-01,own_funds,5,,,,,bank_transfer,own_resources",
        "P1,party_list,2023-03-01,expenditure,5,,,,staff,card,own_resources",
    ]
    made = told({"reports": [CELLS, *lines]})
    assert [one["rule"] for one in made["coverage"] if one["unread_for"]] == []


def test_of_a_column_that_the_file_does_not_have_the_rules_that_need_it_are_silent(told):
    made = told({"reports": ["contestant_id,contest,date,kind,amount", "P1,party_list,2023-03-01,own_funds,5"]})
    assert [one["rule"] for one in made["coverage"] if one["unread_for"]] == []
    assert "SRC-007" in {one["rule"] for one in made["coverage"] if one["status"] == "not_assessed"}


def test_a_cell_that_is_empty_for_one_does_not_hide_what_is_unread_for_another(told):
    lines = [
        "SM1,single_mandate,2023-03-01,donation,5,individual,900101300017,A,,zzz,",
        "SM1,single_mandate,2023-03-02,donation,5,individual,900101300017,A,,,",
        "SM2,single_mandate,2023-03-01,donation,5,individual,900101300017,A,,,",
    ]
    made = told({"reports": [CELLS, *lines]}, "SRC-006")
    assert silent(made, "SRC-006", "unread_for") == {
        "SM1": "in 2 lines there is no readable payment_method",
        "SM2": "in 1 line there is no readable payment_method",
    }


def test_to_empty_a_cell_does_not_settle_a_finding(told, tmp_path):
    """The way out of ACC-003 is to show that nothing was paid in cash, and not to say no longer how it was paid."""
    cash = told({"reports": [CELLS, "SM1,single_mandate,2023-03-01,expenditure,5,,,,staff,cash,"]}, "ACC-003")
    (tmp_path / "reports.csv").unlink()
    unsaid = told({"reports": [CELLS, "SM1,single_mandate,2023-03-01,expenditure,5,,,,staff,,"]}, "ACC-003")
    changes = compared(Version("old", cash), Version("new", unsaid))
    assert [one.change for one in changes.findings] == [Change.NO_LONGER_ASSESSED]


DAMAGED = {
    "date": "31.04.23",
    "kind": "zzz",
    "amount": "1.000,5",
    "counterparty_type": "zzz",
    "counterparty_id": "12",
    "counterparty_name": "",
    "category": "ТВ-реклама",
    "payment_method": "zzz",
    "funding_source": "",
}
WHOLE = (
    "donation,5,individual,900101300017,A,,bank_transfer,",
    "donation,5,individual,,A,,bank_transfer,",
    "donation,5,contestant,900101300017,A,,bank_transfer,",
    "donation_refund,5,individual,900101300017,A,,bank_transfer,",
    "own_funds,5,contestant,900101300017,A,,bank_transfer,own_resources",
    "subsidy,5,organisation,150140991271,A,television,bank_transfer,",
    "subsidy,5,individual,900101300017,A,,bank_transfer,",
    "expenditure,5,organisation,150140991271,A,staff,cash,",
    "expenditure_refund,5,organisation,150140991271,A,staff,bank_transfer,",
)


@pytest.mark.parametrize("line", WHOLE)
def test_the_more_of_a_line_is_damaged_the_more_rules_are_in_doubt(told, line):
    """Of each pair of damaged cells: whoever is in doubt for one of them alone is so for both, or something is found of the line. A line
    that is left without id and name is nobody's, and nobody has a cap."""
    columns = CELLS.split(",")
    damaged = [name for name in DAMAGED if name != "counterparty_name" or ",,A," not in line]
    pairs = [(one, other) for n, one in enumerate(damaged) for other in damaged[n:]]
    lines = [CELLS]
    for n, pair in enumerate(pairs):
        cells = dict(zip(columns, [f"SM{n:02}", "single_mandate", "2023-03-01", *line.split(",")], strict=True))
        lines.append(",".join((cells | {name: DAMAGED[name] for name in pair})[name] for name in columns))
        lines.append(f"SM{n:02},single_mandate,2023-03-02,donation,1,individual,800101300016,B,,bank_transfer,")  # what is certain
    made = told({"reports": lines})
    doubted = {(one["rule"], one["contestant_id"]) for one in made["findings"] if one["outcome"] == "undetermined"}
    for one in made["coverage"]:
        for gap in ("not_assessed_for", "partly_not_assessed_for", "unread_for"):
            doubted |= {(one["rule"], each["contestant_id"]) for each in one.get(gap, ())}
    found = doubted | {(one["rule"], one["contestant_id"]) for one in made["findings"]}
    number = {pair: f"SM{n:02}" for n, pair in enumerate(pairs)}
    rules = {one["rule"] for one in made["coverage"]}
    lost = [
        (rule, pair)
        for pair in pairs
        for rule in sorted(rules)
        if any((rule, number[name, name]) in doubted for name in pair) and (rule, number[pair]) not in found
    ]
    assert lost == []


@pytest.mark.parametrize("cells", range(1, 10))
def test_of_a_record_that_is_cut_short_something_is_said_however_little_is_left(told, cells):
    whole = "SM1,single_mandate,2023-03-02,donation,5000000,individual,900101300017,A,,,"
    cut = ",".join(whole.split(",")[:cells])
    made = told({"reports": [CELLS, whole.replace("5000000", "4000000"), cut]}, "DON-001", "DON-002", "FND-004")
    for rule in ("DON-001", "DON-002", "FND-004"):
        undetermined = any(one["rule"] == rule and one["outcome"] == "undetermined" for one in made["findings"])
        assert undetermined or "SM1" in silent(made, rule, "unread_for"), rule


@pytest.mark.parametrize("held", [None, 5])
def test_a_record_with_a_cell_too_few_is_of_its_donor_though_zeros_were_lost(told, held):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id,payment_method"
    of = "SM1,single_mandate,2023-03-0{},donation,{},individual,A,{}".format
    lines = [heading, of(1, 6000000, "000424425969") + ",card", of(2, 3000000, "424425969"), of(2, "x", "424425969") + ",card"]
    with nullcontext() if held is None else as_large(held):
        made = told({"reports": lines}, "DON-001")
    assert findings(made) == [("DON-001", "undetermined", "SM1", "6000000.00")]
    (one,) = made["findings"]
    assert (one["subject"], [row["row"] for row in one["rows"]]) == ("000424425969", [3, 4])
    assert [problem["column"] for problem in made["problems"]] == [None, "amount"]


def test_what_is_no_record_of_this_table_gets_no_zeros(told):
    """Below a heading of other columns the number is of a document, and a total line is of nobody."""
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,{},payment_method".format
    of = "SM1,single_mandate,2023-03-0{},donation,{},individual,{},{}".format
    first = [heading("counterparty_name,counterparty_id"), of(1, 6000000, "A,000424425969", "card")]
    below = [heading("counterparty_id,document_no"), of(2, 3000000, "900101300017", "424425969")]
    for more in (below, ["Итого,,,,7400000,,,424425969"]):
        made = told({"reports": [*first, *more]}, "DON-001")
        assert findings(made) == []
        assert not any("zeros" in note for note in made["inputs"][0]["notes"])
