"""An id that somebody filed as an amount is published nowhere: not as a row, not in a sum, not in what is left over a limit."""

import csv
import re
from datetime import date
from decimal import Decimal

import hostile
import pytest

from auditor.errors import BadUsage
from auditor.model.audit import Audit
from auditor.reduce import profile as profiles
from auditor.reduce.reduced import reduced
from auditor.reduce.secret import Secret
from auditor.render.data import as_json
from auditor.render.html import page
from auditor.rulebook.load import load as rulebook
from auditor.tables import OF_MONEY, TABLES
from auditor.wording import load
from auditor.workflow import Request, audit

SECRET = Secret(b"one secret of an invented election, of 50 bytes...")
LAW = rulebook("kz/majilis-2023")
CELLS = [(table, column.name) for table, given in TABLES.items() for column in given if column.cell in OF_MONEY]
IINS = ["900101300017", "050101500010"]


def filed(folder, **asked) -> Audit:
    return audit(Request([str(folder)], date(2023, 4, 15), for_report=True, **asked), LAW, load("en"))


def published(folder, **asked):
    made = reduced(filed(folder, **asked), profiles.load(None), SECRET, load("en"))
    return as_json(made) + page(made, load("en"))


def written(folder, tables):
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, [column.name for column in TABLES[table]], extrasaction="raise")
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.mark.parametrize(("table", "column"), CELLS)
def test_it_is_refused_or_shown_nowhere(table, column, tmp_path):
    refused, iin = 0, IINS[1]
    for n in range(len(hostile.tables()[table])):
        made = hostile.tables()
        made[table][n][column] = f"{int(iin)}.00"
        try:
            shown = published(written(tmp_path, made))
        except BadUsage:
            refused += 1
        else:
            assert f"{int(iin)}" not in re.sub(r"[\s\u202f\u00a0,]|<[^>]*>", "", shown)
    if (table, column) == ("reports", "amount"):
        assert refused >= 8  # of nine; what is in no sum is not published


LINE = "SM-1,single_mandate,2023-03-01,{kind},{amount},{type},Фирма\n"
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n"


@pytest.mark.parametrize("iin", IINS)
@pytest.mark.parametrize("more", ["0.01", "123456.78"])
def test_a_sum_that_begins_with_a_birth_date_is_refused_without_a_finding_too(iin, more, tmp_path):
    lines = [LINE.format(kind="own_funds", amount=amount, type="contestant") for amount in (f"{int(iin)}.00", more)]
    (tmp_path / "reports.csv").write_text(HEADING + "".join(lines), encoding="utf-8")
    assert filed(tmp_path, select=["RPT"]).findings == []
    with pytest.raises(BadUsage, match="SM-1: a sum could be the id of a person"):
        published(tmp_path, select=["RPT"])


@pytest.mark.parametrize(
    ("amount", "refused"),
    [
        ("1010199950.00", False),  # an ordinary sum of a party, though 001010199950 begins with a day; as an id its check digit is wrong
        ("1231500001.00", False),  # the number of an id within its day is none
        ("1231512302.00", True),
        ("315512306.00", True),
        ("1005000000.00", False),
        ("1130000000.00", False),
        ("90000000000.00", False),  # no month
        ("1050000000.01", False),
        ("350000000.00", False),
    ],
)
def test_an_ordinary_amount_is_published(amount, refused, tmp_path):
    (tmp_path / "reports.csv").write_text(HEADING + LINE.format(kind="expenditure", amount=amount, type="organisation"), encoding="utf-8")
    assert [line.amount for one in filed(tmp_path, select=["EXP-001"]).findings for line in one.lines] == [Decimal(amount)]
    if refused:
        with pytest.raises(BadUsage, match="row 2: the amount could be the id of a person"):
            published(tmp_path, select=["EXP-001"])
    else:
        assert published(tmp_path, select=["EXP-001"])
