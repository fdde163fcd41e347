"""What was assumed is said with how sure it is; what is unsure about letters, decimal mark or dates is asked; what is stated counts."""

from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from auditor import wording
from auditor.errors import CannotRead
from auditor.read import delimited
from auditor.read.formats import tables_of
from auditor.read.instructions import Forms, Instructions, Stated
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW, WORDS = load("kz/majilis-2023"), wording.load("en")
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n"


def lines(*cells):
    return HEADING + "".join(
        f'SM-1,single_mandate,"{day}",donation,"{amount}",individual,Donor {n}\n' for n, (day, amount) in enumerate(cells)
    )


def made(tmp_path, text, forms=None, name="reports.csv", letters="utf-8", **stated):
    path = tmp_path / name
    path.write_bytes(text.encode(letters) if isinstance(text, str) else text)
    asked = Stated(forms=forms or Forms(), **stated)
    return audit(Request([str(path)], date(2023, 4, 15), select=["DON-001", "EXP-001", "FND-003"], stated=asked), LAW, WORDS)


def read(tmp_path, text, **stated):
    """The day and amount of every record that counts, in order of rows."""
    path = tmp_path / "reports.csv"
    path.write_text(text, encoding="utf-8")
    from auditor.normalise.table import typed

    (table,), *_ = tables_of(path, path.name, Instructions(LAW.headings, WORDS, Stated(**stated)), "reports")
    return typed(table, 0, LAW.vocabulary).select("date", "amount").collect().rows()


def test_a_column_of_dates_with_two_readings_is_asked_about(tmp_path):
    text = lines(("03/04/2023", "5"), ("05/06/2023", "6"))
    with pytest.raises(CannotRead) as asked:
        made(tmp_path, text)
    assert len(asked.value.mistakes) == 1
    assert "03/04/2023" in str(asked.value)
    assert "--date-order dmy" in str(asked.value)
    assert [day for day, _ in read(tmp_path, text, forms=Forms(date_order="dmy"))] == [date(2023, 4, 3), date(2023, 6, 5)]
    assert [day for day, _ in read(tmp_path, text, forms=Forms(date_order="mdy"))] == [date(2023, 3, 4), date(2023, 5, 6)]


@pytest.mark.parametrize(
    "days", [["02/18/2023"], ["03/04/2023"], ["03/04/2023", "2023-03-05"], ["03/04/2023", "18/02/2023"], ["", "03/04/2023"]]
)
def test_one_odd_date_or_one_that_settles_the_order_is_a_problem_of_its_row(tmp_path, days):
    answer = made(tmp_path, lines(*((day, "5") for day in days)))
    slashed = [n for n, day in enumerate(days, start=2) if "/" in day]
    assert [p.row for p in answer.problems if p.code == "INP-003"] == slashed
    assert all("--date-order" in p.message for p in answer.problems if p.code == "INP-003")


def test_the_stated_order_is_of_numbered_dates_only_and_impossible_days_stay_problems(tmp_path):
    text = lines(("31.03.2023", "5"), ("2023-03-30", "5"), ("13/13/2023", "5"), ("02/30/2023", "5"), ("3-1-2023", "5"))
    assert [day for day, _ in read(tmp_path, text, forms=Forms(date_order="mdy"))] == [
        date(2023, 3, 31),
        date(2023, 3, 30),
        None,
        None,
        date(2023, 3, 1),
    ]


def test_a_column_of_amounts_with_two_readings_is_asked_about(tmp_path):
    text = lines(("2023-03-01", "1,500"), ("2023-03-02", "12,750"))
    with pytest.raises(CannotRead) as asked:
        made(tmp_path, text)
    assert "1,500" in str(asked.value)
    assert "--decimal-mark point" in str(asked.value)
    assert [amount for _, amount in read(tmp_path, text, forms=Forms(decimal_mark="."))] == [Decimal(1500), Decimal(12750)]
    assert [amount for _, amount in read(tmp_path, text, forms=Forms(decimal_mark=","))] == [None, None]  # no third decimal is ever cut


@pytest.mark.parametrize("amounts", [["10.505"], ["7,000,000", "8,000,000"], ["1,500", "100"], ["1.000,50", "2.000,50"]])
def test_one_odd_amount_or_a_form_with_one_reading_is_a_problem_of_its_row(tmp_path, amounts):
    answer = made(tmp_path, lines(*(("2023-03-01", amount) for amount in amounts)))
    odd = [n for n, amount in enumerate(amounts, start=2) if amount != "100"]
    assert [(p.code, p.row) for p in answer.problems] == [("INP-001", row) for row in odd]


@pytest.mark.parametrize(
    ("mark", "text", "value"),
    [
        (".", "7,000,000.01", "7000000.01"),
        (".", "7000000.01", "7000000.01"),
        (".", "7 000 000.01", "7000000.01"),
        (".", "7'000'000.01", "7000000.01"),
        (".", "7000000,01", None),
        (".", "7,0000,000", None),
        (".", "70,00,000", None),
        (",", "7.000.000,01", "7000000.01"),
        (",", "7000000,01", "7000000.01"),
        (",", "7 000 000,01 тг", "7000000.01"),
        (",", "7000000.01", None),
        (",", "7 528 43,00", None),
        (",", "7.000.000", "7000000"),
        (",", "5", "5"),
        (",", "10,505", None),
        (",", "-5", None),
    ],
)
def test_amounts_under_a_stated_decimal_mark(tmp_path, mark, text, value):
    ((_, amount),) = read(tmp_path, lines(("2023-03-01", text)), forms=Forms(decimal_mark=mark))
    assert amount == (None if value is None else Decimal(value))


def assumptions(answer):
    return {one.what: (one.value, one.how) for one in answer.inputs[0].assumed}


def test_everything_assumed_is_said(tmp_path):
    text = "Отчёт;;;;;;\n" + lines(("01.03.2023", "5,50")).replace(",", ";").replace("5;50", "5,50")
    answer = made(tmp_path, text)
    assert assumptions(answer) == {
        "encoding": ("utf-8", "sure"),
        "delimiter": (";", "sure"),
        "heading_row": ("2", "likely"),
        "decimal_mark": ("comma", "sure"),
        "date_order": ("dmy", "sure"),
    }
    assert answer.inputs[0].read_as.sure is False
    assert (answer.inputs[0].rows, answer.inputs[0].read) == (1, 1)
    with pytest.raises(CannotRead, match="--heading-row 2"):
        made(tmp_path, text, strict=True)
    stated = made(
        tmp_path, text, strict=True, heading_row=2, encoding="utf-8", delimiter=";", forms=Forms(decimal_mark=",", date_order="dmy")
    )
    assert {how for _, how in assumptions(stated).values()} == {"stated"}


def test_russian_letters_in_a_code_page_are_likely_and_kazakh_ones_sure(tmp_path):
    text = lines(("2023-03-01", "5")).replace("Donor", "Ёлкин Пётр")
    assert assumptions(made(tmp_path, text, letters="cp1251"))["encoding"] == ("cp1251", "likely")
    with pytest.raises(CannotRead, match="--encoding cp1251"):
        made(tmp_path, text, strict=True, letters="cp1251")


def test_letters_that_other_languages_have_there_too_prove_nothing(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_bytes(lines(("2023-03-01", "5")).replace("Donor", "Євгенія Гаєвська, Їжак Іван".replace(",", "")).encode("cp1251"))
    table = delimited.read(path, path.name, Instructions({}, WORDS), "reports")
    assert [(one.value, one.how) for one in table.assumed if one.what == "encoding"] == [("kz1048", "likely")]


def test_kazakh_letters_prove_the_code_page(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_bytes(lines(("2023-03-01", "5")).replace("Donor", "Қасымов Ғалым Әлібекұлы").encode("kz1048"))
    table = delimited.read(path, path.name, Instructions({}, WORDS), "reports")
    assert [(one.value, one.how) for one in table.assumed if one.what == "encoding"] == [("kz1048", "sure")]


def test_sheets_and_their_heading_rows_can_be_stated(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"))
    for name, amount in (("январь", 5), ("февраль", 7)):
        sheet = book.add_worksheet(name)
        sheet.write(0, 0, "Отчёт")
        for at, row in enumerate(
            [HEADING.strip().split(","), ["SM-1", "single_mandate", "2023-03-01", "donation", amount, "individual", "D"]], start=2
        ):
            sheet.write_row(at, 0, row)
    book.close()
    both = audit(Request([str(tmp_path / "b.xlsx")], date(2023, 4, 15), select=["DON-001"]), LAW, WORDS)
    assert [(one.sheet, one.rows) for one in both.inputs] == [("февраль", 1), ("январь", 1)]
    assert assumptions(both)["sheet"] == ("февраль", "likely")
    one = audit(
        Request(
            [str(tmp_path / "b.xlsx")], date(2023, 4, 15), select=["DON-001"], stated=Stated(sheet="январь", heading_row=3, strict=True)
        ),
        LAW,
        WORDS,
    )
    assert [each.sheet for each in one.inputs] == ["январь"]
    with pytest.raises(CannotRead, match="there are: январь, февраль"):
        audit(Request([str(tmp_path / "b.xlsx")], date(2023, 4, 15), stated=Stated(sheet="март")), LAW, WORDS)


def test_a_sheet_is_not_stated_of_what_has_none(tmp_path):
    with pytest.raises(CannotRead, match=r"--sheet январь: there is no workbook among the files"):
        made(tmp_path, lines(("2023-03-01", "5")), sheet="январь")


@pytest.mark.parametrize("row", [2, 3, 41, 60])
def test_a_stated_heading_row_is_where_it_says(tmp_path, row):
    text = "x\n" * (row - 1) + lines(("2023-03-01", "5"))
    answer = made(tmp_path, text, heading_row=row)
    assert (answer.inputs[0].rows, assumptions(answer)["heading_row"]) == (1, (str(row), "stated"))


@pytest.mark.parametrize("title", ["Отчёт о поступлениях, за период с 18 февраля, тенге", "a,b,c,d,e,f,g", "\n\nОтчёт"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_titles_above_the_heading_of_a_csv(tmp_path, title, mark):
    above = title.count("\n") + 1
    table = lines(("2023-03-01", "5"), ("2023-03-02", "")).replace(",", mark)
    answer = made(tmp_path, f"{title}\n{table}")
    assert [(p.row, p.column) for p in answer.problems] == [(above + 3, "amount")]
    assert assumptions(answer)["delimiter"][0] == mark
