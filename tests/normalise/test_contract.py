"""The contract of the typed tables: every value outside its range is found with its row and column, in memory and beyond it."""

from decimal import Decimal

import polars as pl
import pytest
from pandera.config import ValidationDepth, config_context

from auditor.errors import AuditError
from auditor.normalise import contract
from auditor.normalise.forms import TYPES
from auditor.rulebook.load import load
from auditor.tables import columns

CONTRACT = contract.Contract(load("kz/majilis-2023").vocabulary)


def table(name, **values):
    height = len(next(iter(values.values())))
    types = {column: TYPES[one.cell] for column, one in columns(name).items()}
    cells = {column: values.get(column, [None] * height) for column in types}
    return pl.DataFrame({"row": list(range(2, 2 + height)), **cells}, schema={"row": pl.Int64, **types})


def test_each_value_outside_its_range_is_told_with_its_place():
    frame = table(
        "contestants",
        contestant_id=["a", "b", "c", "d"],
        contest=["single_mandate", None, "elsewhere", "party_list"],
        last_vote_share=[Decimal(100), Decimal("100.01"), None, Decimal(0)],
        list_size=[0, 1, 10_001, 10_000],
    )
    assert sorted(CONTRACT.violations("contestants", frame)) == [
        (2, "list_size", "0"),
        (3, "last_vote_share", "100.010000000000000000"),
        (4, "contest", "elsewhere"),
        (4, "list_size", "10001"),
    ]


@pytest.mark.parametrize("name", ["contestants", "candidates", "statement", "filings", "price_lists"])
def test_a_table_of_nothing_and_one_without_records_keep_it(name):
    assert CONTRACT.violations(name, table(name, **{next(iter(columns(name))): ["x"]})) == []
    assert CONTRACT.violations(name, table(name, **{next(iter(columns(name))): []})) == []


def test_a_column_of_another_type_is_an_error_of_ours():
    frame = table("contestants", contestant_id=["a"]).with_columns(pl.lit(1).alias("contestant_id"))
    with pytest.raises(AuditError, match="contestants: column contestant_id does not have its type"):
        CONTRACT.violations("contestants", frame)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"amount": [Decimal(1), Decimal(1), Decimal(0)]}, "row 4: amount became '0.00'"),
        ({"kind": ["donation", "gift", None]}, "row 3: kind became 'gift'"),
        ({"unit_price": [Decimal(-1), None, None]}, "row 2: unit_price became '-1.00'"),
    ],
)
@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
@pytest.mark.parametrize("kind", [pl.String(), pl.Categorical(pl.Categories("kind", "test"))])
def test_lines_outside_it_stop_the_audit_with_the_place(engine, kind, values, said, monkeypatch):
    monkeypatch.setattr(contract, "BATCH", 2)
    with pl.Config(engine_affinity=engine):
        with pytest.raises(AuditError, match=said):
            CONTRACT.guard(table("reports", **values).lazy().cast({"kind": kind}))
        kept = table("reports", amount=[Decimal("0.01"), None], kind=["donation", None])
        CONTRACT.guard(kept.lazy().cast({"kind": kind}))


def test_no_setting_of_panderas_switches_it_off():
    with config_context(validation_enabled=False, validation_depth=ValidationDepth.SCHEMA_ONLY):
        assert CONTRACT.violations("contestants", table("contestants", contestant_id=["a"], list_size=[0])) == [(2, "list_size", "0")]
        with pytest.raises(AuditError, match="kind became 'gift'"):
            CONTRACT.guard(table("reports", kind=["gift"]).lazy())


def test_lines_of_another_type_stop_it_too():
    frame = table("reports", amount=[Decimal(1)]).with_columns(pl.lit("1").alias("amount"))
    with pytest.raises(AuditError, match="reports: column amount does not have its type"):
        CONTRACT.guard(frame.lazy())
