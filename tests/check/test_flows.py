"""The money through each fund: the sums of the charts are those that a plain reading of the lines gives."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.check.flows import flows
from auditor.rulebook.load import load
from auditor.tables import KINDS
from auditor.wording import load as words_of
from auditor.workflow import Request, audit

SAMPLE = Path(__file__).parents[2] / "sample_data" / "majilis-2023"
SCHEMA = {
    "contestant_id": pl.String,
    "date": pl.Date,
    "kind": pl.String,
    "amount": pl.Decimal(38, 2),
    "counterparty_type": pl.String,
    "category": pl.String,
    "funding_source": pl.String,
    "giver": pl.String,
    "readable": pl.Boolean,
}
NOTHING = Decimal("0.00")

lines = st.fixed_dictionaries(
    {
        "contestant_id": st.sampled_from(["A", "B", "C"]),
        "date": st.integers(0, 5).map(lambda days: date(2023, 2, 18) + timedelta(days=days)),
        "kind": st.sampled_from(KINDS),
        "amount": st.decimals("0.01", "9" * 20, places=2),
        "counterparty_type": st.sampled_from(["individual", "organisation", "contestant", None]),
        "category": st.sampled_from(["radio", "staff", None]),
        "funding_source": st.sampled_from(["own_resources", "annual_public_funding", None]),
        "giver": st.sampled_from(["contestant", "donor", None]),
        "readable": st.sampled_from([True, True, True, False]),
    }
)


def source(line):
    if line["kind"] == "own_funds" or line["giver"] == "contestant":
        return line["funding_source"] or "own_funds"
    return line["counterparty_type"]


def plainly(books):
    """The same sums, line by line."""
    found = defaultdict(lambda: {"in": {}, "out": {}, "returned": NOTHING, "to_budget": NOTHING, "days": {}, "lines": 0, "unread": 0})

    def add(sums, key, amount):
        sums[key] = sums.get(key, NOTHING) + amount

    for line in books:
        kind, amount, day = line["kind"], line["amount"], line["date"]
        fund = found[line["contestant_id"]]
        fund["lines"] += 1
        if kind in ("subsidy", "deposit", "deposit_refund") and line["readable"]:
            continue
        if not line["readable"]:
            fund["unread"] += 1
        elif kind in ("own_funds", "donation"):
            add(fund["in"], source(line), amount)
            add(fund["days"], (day, "in"), amount)
        elif kind in ("expenditure", "expenditure_refund"):
            effect = amount if kind == "expenditure" else -amount
            add(fund["out"], line["category"], effect)
            add(fund["days"], (day, "out"), effect)
        else:
            fund["returned" if kind == "donation_refund" else "to_budget"] += amount
    return found


@given(st.lists(lines, max_size=30))
@settings(max_examples=150, deadline=None)
def test_the_sums_are_those_of_a_plain_reading(books):
    made = flows(pl.LazyFrame(books, schema=SCHEMA))
    expected = plainly(books)
    assert set(made) == set(expected)
    for cid, fund in made.items():
        said = expected[cid]
        assert dict(fund.receipts) == said["in"] and dict(fund.spending) == said["out"]
        assert (fund.returned, fund.to_budget) == (said["returned"], said["to_budget"])
        assert (fund.lines, fund.unread) == (said["lines"], said["unread"])
        days = sorted({day for day, _ in said["days"]})
        assert [(one.date, one.received, one.spent) for one in fund.movements] == [
            (day, said["days"].get((day, "in"), NOTHING), said["days"].get((day, "out"), NOTHING)) for day in days
        ]
        for sums in (fund.receipts, fund.spending):
            assert list(sums) == sorted(sums, key=lambda one: (-one[1], one[0] is None, one[0] or ""))


def test_a_line_of_nobody_is_of_no_fund():
    line = dict.fromkeys(SCHEMA) | {"readable": False}
    assert flows(pl.LazyFrame([line], schema=SCHEMA)) == {}


def sample(**asked):
    return audit(Request([str(SAMPLE / "reports.csv")], date(2023, 4, 15), **asked), load("kz/majilis-2023"), words_of("kk"))


def test_the_flows_of_the_sample_come_to_the_sums_that_the_rules_found():
    audited = sample(for_report=True)
    compared = 0
    for one in audited.contestants:
        totals = {total.rule: total.measured for total in one.totals}
        spent = [sum((amount for _, amount in one.flows.spending), NOTHING), sum((day.spent for day in one.flows.movements), NOTHING)]
        assert spent == [totals.get("EXP-001", totals.get("EXP-002"))] * 2
        received = sum((amount for _, amount in one.flows.receipts), NOTHING)
        assert received - one.flows.returned == sum(totals[rule] for rule in totals if rule.startswith("FND"))
        assert received == sum((day.received for day in one.flows.movements), NOTHING)
        compared += one.flows.returned > 0
    assert len(audited.contestants) == 17 and compared


def test_flows_are_made_only_where_they_are_asked_for_and_change_no_answer():
    from auditor.render.data import document

    plain, drawn = sample(), sample(for_report=True)
    assert {one.flows for one in plain.contestants} == {None}
    assert document(plain) == document(drawn)


def test_only_the_contestants_asked_for_have_flows():
    from auditor.workflow import Scope

    audited = sample(for_report=True, scope=Scope(contestants=("PL-02",)))
    assert [one.contestant_id for one in audited.contestants if one.flows] == ["PL-02"]


def test_the_title_of_a_limit_is_in_the_language_of_the_audit():
    (spending,) = [total for total in sample().contestants[0].totals if total.of == "spending"]
    assert spending.title == "Партияның шығыс шегі"
