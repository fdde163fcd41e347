"""Cells whose formula gave an error are read as they are shown, and are a problem of their own cell."""

from datetime import date

import pytest
import xlsxwriter

from auditor import wording
from auditor.render.data import as_csv, document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
WORDS = wording.load("en")
HEADING = "contestant_id contest date kind amount counterparty_type counterparty_name counterparty_id payment_method".split()
LINE = ["SM-1", "single_mandate", "2023-02-20", "donation", 8_000_000, "individual", "Al", "800101300016", "cash"]


def told(path):
    return audit(Request([str(path)], date(2023, 4, 15)), LAW, WORDS)


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, 2)])
def test_each_error_is_a_problem_that_quotes_it(tmp_path, down, right):
    book = xlsxwriter.Workbook(str(tmp_path / "filing.xlsx"))
    book.add_worksheet("Notes").write_formula(0, 0, "=NA()", None, "#N/A")
    sheet = book.add_worksheet("reports & more")
    for row, cells in enumerate([HEADING, LINE, LINE]):
        for column, cell in enumerate(cells):
            sheet.write(row + down, column + right, cell)
    for row, name, shown in ((1, "counterparty_id", "#N/A"), (1, "payment_method", "#REF!"), (2, "amount", "#DIV/0!")):
        sheet.write_formula(row + down, HEADING.index(name) + right, "=1/0", None, shown)
    book.close()
    made = document(told(tmp_path / "filing.xlsx"))
    assert [(p["sheet"], p["row"], p["column"], p["value"]) for p in made["problems"]] == [
        ("reports & more", 2 + down, "counterparty_id", "#N/A"),
        ("reports & more", 2 + down, "payment_method", "#REF!"),
        ("reports & more", 3 + down, "amount", "#DIV/0!"),
    ]
    assert all("filing.xlsx, sheet reports & more, row" in p["message"] for p in made["problems"])


def test_two_sheets_of_one_workbook_are_told_apart(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "filing.xlsx"))
    for name in ("first", "reports"):
        sheet = book.add_worksheet(name)
        for row, cells in enumerate([HEADING, LINE]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    book.close()
    made = told(tmp_path / "filing.xlsx")
    (finding,) = [one for one in made.findings if one.rule == "DON-001"]
    assert [line.place.shown.rpartition("/")[2] for line in finding.lines] == ["filing.xlsx [first]:2", "filing.xlsx [reports]:2"]
    assert "filing.xlsx [first]:2" in as_csv(made)
