"""Three readings of the contract must agree: the rules on Polars (as of a small filing and as of a large one), on DuckDB, and an
implementation written apart from both."""

import tempfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

import duck
import filings
import filings_whole
import oracle
import pytest
from deep import DEEP
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sizes import as_large

from auditor import wording
from auditor.normalise import prepared
from auditor.render.data import as_json, document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

RULEBOOK = load("kz/majilis-2023")
WORDS = wording.load("en")
COMPARED = ("rule", "outcome", "severity", "remedied", "contestant_id", "subject", "measured", "limit", "excess")
# LED-009 compares names by likeness: it has tests of its own (test_namesakes.py).
RULES = {rule.id for rule in RULEBOOK.rules} - {"LED-009"}


def ours(made):
    return [
        {name: finding[name] for name in COMPARED}
        | {
            "rows": sorted((row["table"], row["row"]) for row in finding["rows"]),
            "crossing": finding["crossing"]["row"] if finding["crossing"] else None,
        }
        for finding in document(made)["findings"]
        if finding["rule"] in RULES
    ]


def theirs(tables, columns, **asked):
    return [
        {name: finding[name] for name in COMPARED}
        | {"rows": sorted(tuple(row) for row in finding["rows"]), "crossing": finding["crossing"]}
        for finding in oracle.audit(tables, columns, rules=RULES, **asked)
    ]


def run(folder, make_engine=None, as_of=date(2023, 4, 15), overrides=None):
    rulebook = RULEBOOK.with_overrides({name: str(day) for name, day in (overrides or {}).items()})
    return audit(Request([str(folder / "reports.csv")], as_of), rulebook, WORDS, make_engine=make_engine)


def agree(case, as_of=date(2023, 4, 15), overrides=None, *, turn=0):
    """In turns held against the second engine, and read as a large filing of which few lines or many are held; against the oracle always."""
    made, columns, odd = case
    with tempfile.TemporaryDirectory() as name:
        filings.write(Path(name), made, columns, odd)
        polars = run(Path(name), None, as_of, overrides)
        if turn == 0:
            with patch.object(prepared, "HELD_ROWS", -1):
                other = as_json(run(Path(name), duck.make, as_of, overrides))
        else:
            with as_large(5 if turn == 1 else 300_000):
                other = as_json(run(Path(name), None, as_of, overrides))
        assert other == as_json(polars)
    given_tables = filings.for_oracle(made, columns, odd)
    assert ours(polars) == theirs(given_tables, columns, as_of=as_of, overrides=overrides)
    silent = {one.rule for one in polars.coverage if one.status == "not_assessed"} & RULES
    assert silent == oracle.not_assessed(given_tables, columns, overrides) & RULES
    for one in polars.coverage:
        told = one.kept + one.breaches + one.undetermined + len(one.not_assessed_for)
        of_leads = {f.contestant_id for f in polars.findings if f.rule == one.rule and f.outcome == "lead"} - {None}
        assert told + len(of_leads) == one.subjects


@settings(max_examples=7 * DEEP, deadline=None, suppress_health_check=list(HealthCheck))
@given(filings.tables(), st.integers(0, 2))
def test_random_filings(case, turn):
    agree(case, turn=turn)


@settings(max_examples=10 * DEEP, deadline=None, suppress_health_check=list(HealthCheck))
@given(filings_whole.tables(), filings_whole.calendars(), st.integers(0, 2))
def test_random_filings_with_all_tables(case, calendar, turn):
    agree(case, *calendar, turn=turn)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(filings_whole.many_expenditures())
def test_first_digits_of_many_expenditures(case):
    agree(case, turn=2)


@pytest.mark.parametrize("sample", ["majilis-2023"])
def test_sample(sample):
    folder = Path(__file__).parent.parent / "sample_data" / sample
    polars = run(folder)
    assert as_json(run(folder, duck.make)) == as_json(polars)
    for held in (5, 300_000):
        with as_large(held):
            assert as_json(run(folder)) == as_json(polars)
