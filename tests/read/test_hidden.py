"""What people do not see in a workbook is read, and it is said; so is what `--sheet` leaves out."""

import json

import pytest
import xlsxwriter

from auditor.read.hidden import hidden_in
from auditor.read.stray_cells import stray_cell
from auditor.read.unknown import unknown_table

HEADING = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_type", "counterparty_name"]
LINE = ["SM-1", "single_mandate", "2023-03-01", "donation", 5_000, "individual", "A"]


@pytest.fixture
def noted(tmp_path, run):
    def of(*, rows=(), columns=(), sheets=("reports",), options=(), right=0):
        with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
            for name in sheets:
                page = book.add_worksheet(name)
                for at, cells in enumerate([HEADING, LINE, LINE[:4] + [6_000, *LINE[5:]]]):
                    page.write_row(at, right, cells)
                for row in rows:
                    page.set_row(row, None, None, {"hidden": True})
                for first, last in columns:
                    page.set_column(first, last, None, None, {"hidden": True})
        return " ".join(run("check", tmp_path / "a.xlsx", "--lang", "en", "--select", "DON-001", *options)[1].split())

    return of


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ({"rows": [2]}, "rows: 1, columns: 0"),
        ({"columns": [(4, 4)]}, "rows: 0, columns: 1"),
        ({"rows": [1, 2], "columns": [(1, 2), (20, 16_000)]}, "rows: 2, columns: 2"),
        ({"columns": [(8, 8)], "right": 2}, "rows: 0, columns: 1"),
    ],
)
def test_hidden_rows_and_columns_are_read_and_told(noted, hidden, said):
    out = noted(**hidden)
    assert f"Hidden in this sheet, and read all the same ({said})." in out and "2 rows = 2 read" not in out
    assert "a.xlsx: 2 rows" in out


def test_what_is_hidden_behind_the_table_is_nobodys_concern(noted):
    assert "Hidden" not in noted(columns=[(20, 16_000)])
    assert "Hidden" not in noted(rows=[40])
    assert "Hidden" not in noted(columns=[(0, 1)], right=2)


def test_sheets_that_another_one_was_asked_instead_of_are_named(noted):
    out = noted(sheets=("one", "two", "three"), options=("--sheet", "two"))
    assert "Not read, for --sheet names another: one, three." in out
    assert "Not read" not in noted(sheets=("one",), options=("--sheet", "one"))


def test_a_sheet_of_a_form_that_was_not_filled_in_says_nothing(tmp_path, run):
    """`audit template all` has a sheet for each table; that nobody filled in the prices does not mean that there are none."""
    prices = ["vendor_id", "vendor_name", "medium", "unit_price"]
    line = {"kind": "expenditure", "category": "television", "counterparty_id": "100140990018", "counterparty_type": "organisation"}
    heading = [*HEADING, "counterparty_id", "category"]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("reports").write_row(0, 0, heading)
        book.get_worksheet_by_name("reports").write_row(
            1, 0, [line.get(name, dict(zip(HEADING, LINE, strict=True)).get(name, "")) for name in heading]
        )
        book.add_worksheet("price_lists").write_row(0, 0, prices)
    shown = json.loads(run("check", tmp_path / "a.xlsx", "--select", "EXP", "--format", "json")[1])
    assert (shown["findings"], shown["passed_over"]) == ([], [])
    assert [(one["code"], one["sheet"], one["row"]) for one in shown["problems"]] == [("INP-010", "price_lists", 1)]
    assert [one["status"] for one in shown["coverage"] if one["rule"] == "EXP-005"] == ["not_assessed"]
    (tmp_path / "price_lists.csv").write_text(",".join(prices) + "\n", encoding="utf-8")  # a file of its own says that there are none
    shown = json.loads(run("check", tmp_path / "a.xlsx", "--select", "EXP", "--format", "json")[1])
    assert [one["rule"] for one in shown["findings"]] == ["EXP-005"] and [one["code"] for one in shown["problems"]] == ["INP-010"] * 2


def test_a_sheet_made_to_be_slow_is_not(tmp_path):
    rows = b"<row hidden='1' " * 100_000 + b"/>"
    columns = b"<col min='1' max='16384' hidden='1'/>" * 20_000 + b"<col min='1' max='" + b"9" * 5_000 + b"' hidden='1'/>"
    assert hidden_in(rows + columns).columns(0, 1_000) == 1_000
    assert stray_cell(b"<c " * 200_000 + b' r="AA1"') is None
    assert unknown_table("a.xlsx", None, [["2023-03-01", "1" + " " * 1_000_000 + "!"]]) is None
