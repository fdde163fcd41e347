"""The same answer by a third engine: every statement on PostgreSQL, as `audit rules sql --dialect postgres` prints it."""

import tempfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

import filings
import filings_whole
import pg_engine
import pytest
from deep import DEEP
from hypothesis import HealthCheck, given, settings

from auditor import wording
from auditor.errors import BadUsage
from auditor.normalise import prepared
from auditor.render.data import as_json
from auditor.rulebook.dialects import transpiled
from auditor.rulebook.load import load
from auditor.rulebook.sql_of_rule import compile_rule
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
WORDS = wording.load("en")
SAMPLE = Path(__file__).parent.parent / "sample_data" / "majilis-2023"


def answer(folder, make_engine=None, as_of=date(2023, 4, 15), overrides=None):
    law = LAW.with_overrides({name: str(day) for name, day in (overrides or {}).items()})
    return as_json(audit(Request([str(folder / "reports.csv")], as_of), law, WORDS, make_engine=make_engine))


def test_the_sample(server):
    with pg_engine.engines(server) as make:
        assert answer(SAMPLE, make) == answer(SAMPLE)


@settings(max_examples=2 * DEEP, deadline=None, suppress_health_check=list(HealthCheck))
@given(filings_whole.tables(), filings_whole.calendars())
def test_random_filings(server, case, calendar):
    made, columns, odd = case
    with tempfile.TemporaryDirectory() as name:
        filings.write(Path(name), made, columns, odd)
        with pg_engine.engines(server) as make, patch.object(prepared, "HELD_ROWS", -1):  # no table is held for Polars alone
            there = answer(Path(name), make, *calendar)
        assert there == answer(Path(name), None, *calendar)


@pytest.mark.parametrize("rule", [rule.id for rule in LAW.rules])
def test_the_command_prints_the_statement_that_is_run_there(rule, run):
    status, printed, _ = run("rules", "sql", rule, "--dialect", "postgres")
    statement = compile_rule(LAW, LAW.rule(rule))
    assert status == 0
    if statement is not None:
        assert printed == f"{transpiled(statement.sql, 'postgres')};\n"
    else:
        assert printed == f"-- {rule} is not about sums of lines: it is checked without SQL.\n"


def test_a_dialect_that_nobody_knows():
    with pytest.raises(BadUsage, match="--dialect klingon"):
        transpiled("SELECT 1", "klingon")
