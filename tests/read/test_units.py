"""In what the amounts are: a column, or a note below the table, that says dollars or thousands is never passed over."""

from datetime import date

import pytest
import xlsxwriter
from sizes import as_large

from auditor.errors import CannotRead
from auditor.rulebook.load import load
from auditor.wording import load as words
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
HEADING = ["contestant_id", "contest", "date", "kind", "amount"]
LINE = ["SM-1", "single_mandate", "2023-02-21", "own_funds", "50000"]
BESIDE = [
    ("Валюта", "USD", False), ("currency", "EUR", False), ("Код валюты", "840", False), ("Валюта", "руб.", False), ("Валюта коды", "RUB", False),
    ("Единица измерения", "тыс. тг", False), ("Ед. изм.", "млн тенге", False), ("Өлшем бірлігі", "мың теңге", False),
    ("Валюта", "KZT", True), ("ВАЛЮТА", "тенге", True), ("currency_code", "398", True), ("Валюта", "тг.", True), ("Валюта", "", True),
    ("Валюта", "₸", True), ("Единица измерения", "шт.", True), ("Ед. изм", "тыс. экз.", True), ("Валюта договора", "USD", True), ("Валюта", "тнг", True),
    ("Валюта", "Казахстанские тенге", True), ("Валюта", "KZT (тенге)", True), ("Валюта", "Валюта", True), ("Валюта", "11", True), ("Валюта", "подпись", True),
    ("Валюта", "00", True), ("Валюта", "н/д", True), ("Валюта счёта", "USD", False), ("Валюта", "доллары США", False), ("Валюта", "643", False),
]  # fmt: skip
NOTES = [
    ("Примечание: все суммы указаны в тысячах тенге", False), ("в тыс. тенге", False), ("Суммы в долларах США", False),
    ("Сомалар мың теңгемен көрсетілген (мың теңге)", False), ("Суммы указаны в тенге", True), ("Главный бухгалтер", True), ("Всего: сто тысяч тенге", True),
    ("Итого: тысяча тенге 00 тиын", True), ("Всего получено, млн тенге: 5", True), ("Суммы в миллионах тенге не указывать", True),
]  # fmt: skip


def csv_of(folder, *rows):
    (folder / "reports.csv").write_text("".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows), encoding="utf-8")
    return folder / "reports.csv"


def xlsx_of(folder, *rows):
    with xlsxwriter.Workbook(folder / "reports.xlsx") as book:
        sheet = book.add_worksheet("reports")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return folder / "reports.xlsx"


def read(path, **stated):
    return audit(Request([str(path)], date(2023, 4, 15), **stated), LAW, words("en"))


@pytest.mark.parametrize("written", [csv_of, xlsx_of])
@pytest.mark.parametrize(("heading", "cell", "good"), BESIDE)
def test_a_column_beside_those_of_ours(written, heading, cell, good, tmp_path):
    path = written(tmp_path, [*HEADING, heading], [*LINE, ""], [*LINE, cell])
    if good:
        assert read(path).rows == 2
    else:
        with pytest.raises(CannotRead, match=f'row 3: "{heading}: {cell}" says that the amounts are not in tenge'):
            read(path)


def test_a_large_file_says_the_same(tmp_path):
    path = csv_of(tmp_path, [*HEADING, "Валюта"], *[[*LINE, "KZT"]] * 20, [*LINE, "USD"])
    with as_large(held=10), pytest.raises(CannotRead, match='row 22: "Валюта: USD" says'):
        read(path)


@pytest.mark.parametrize("padded", [[], [""] * 4])
def test_a_note_below_a_large_table_too(padded, tmp_path):
    path = csv_of(tmp_path, HEADING, *[LINE] * 30, ["Суммы указаны в тыс. тенге", *padded])
    with as_large(held=10), pytest.raises(CannotRead, match="row 32: .* says that the amounts are not in tenge"):
        read(path)


@pytest.mark.parametrize("written", [csv_of, xlsx_of])
@pytest.mark.parametrize(("note", "good"), NOTES)
def test_a_note_below_the_table(written, note, good, tmp_path):
    path = written(tmp_path, HEADING, LINE, [note, *[""] * 4])
    if good:
        assert {one.row for one in read(path).problems} <= {3}
    else:
        with pytest.raises(CannotRead, match="row 3: .* says that the amounts are not in tenge"):
            read(path)
