"""Three readings of the contract must agree: the rules on Polars, on DuckDB, and an implementation written apart from both."""

import tempfile
from datetime import date
from pathlib import Path

import duck
import filings
import oracle
import pytest
from hypothesis import HealthCheck, given, settings

from auditor import wording
from auditor.render.data import as_json, document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

RULEBOOK = load("kz/majilis-2023")
WORDS = wording.load("en")
COMPARED = ("rule", "outcome", "severity", "remedied", "contestant_id", "subject", "measured", "limit", "excess")
RULES = {rule.id for rule in RULEBOOK.rules}


def ours(made):
    return [
        {name: finding[name] for name in COMPARED}
        | {
            "rows": sorted((row["table"], row["row"]) for row in finding["rows"]),
            "crossing": finding["crossing"]["row"] if finding["crossing"] else None,
        }
        for finding in document(made)["findings"]
    ]


def theirs(tables, columns):
    return [
        {name: finding[name] for name in COMPARED}
        | {"rows": sorted(tuple(row) for row in finding["rows"]), "crossing": finding["crossing"]}
        for finding in oracle.audit(tables, columns)
    ]


def run(folder, make_engine=None):
    return audit(Request([str(folder / "reports.csv")], date(2023, 4, 15)), RULEBOOK, WORDS, make_engine=make_engine)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(filings.tables())
def test_random_filings(case):
    made, columns, odd = case
    with tempfile.TemporaryDirectory() as name:
        filings.write(Path(name), made, columns, odd)
        polars = run(Path(name))
        second = run(Path(name), duck.make)
    assert as_json(second) == as_json(polars)
    given_tables = filings.for_oracle(made, columns, odd)
    assert ours(polars) == theirs(given_tables, columns)
    silent = {one.rule for one in polars.coverage if one.status == "not_assessed"}
    assert silent == oracle.not_assessed(given_tables, columns) & RULES


@pytest.mark.parametrize("sample", ["majilis-2023"])
def test_sample(sample):
    folder = Path(__file__).parent.parent / "sample_data" / sample
    polars = run(folder)
    assert as_json(run(folder, duck.make)) == as_json(polars)
