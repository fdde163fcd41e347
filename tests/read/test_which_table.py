"""For which table a file or sheet is taken: lines of a report are never taken for a register, nor any list for prices or candidates."""

import json
import zipfile
from decimal import Decimal

import polars as pl
import pytest
import xlsxwriter

from auditor.read.instructions import Instructions, Stated
from auditor.read.recognise import recognise
from auditor.rulebook.load import load

HEADING = "contestant_id,contest,report_id,report_type,period_start,period_end,received_on,date,kind,amount"
LINE = "SM-1,single_mandate,R1,final,2023-02-18,2023-03-31,2023-04-01,2023-03-01,own_funds,5"
SPENT = "SM-1,single_mandate,R1,final,2023-02-18,2023-03-31,2023-04-01,2023-03-02,expenditure,5"


@pytest.fixture
def told(tmp_path, run):
    """The answer to a folder with these files: exit status, and the JSON or what was said of a mistake."""

    def of(files, *options):
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        status, out, err = run("check", tmp_path, "--as-of", "2023-04-15", "--format", "json", "--lang", "en", *options)
        return status, json.loads(out) if out else err

    return of


def tables(made):
    return {one["file"]: one["table"] for one in made["inputs"]}


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        ("Код участника;Вид выборов;Кандидат;Дата движения;Операция;Сколько;Жертвователь;ИИН", 2),  # as the register, but for who gave
        ("Код участника;Вид выборов;Дата движения;Операция;Сколько;Жертвователь;Договор №", 2),  # less than half of a report
        ("БИН;Дата движения;Сколько;Кандидат", 2),  # as a price list
    ],
)
def test_lines_under_unknown_headings_are_no_register(told, lines, row):
    words = {"Вид выборов": "single_mandate", "Дата движения": "01.03.2023", "ИИН": "900101300017", "БИН": "900940000028"}
    cells = [words.get(name, "7 000 000,01" if name.startswith(("Сумма", "Сколько")) else "SM-2") for name in lines.split(";")]
    status, made = told({"a.csv": f"{HEADING}\n{LINE}\n", "b.csv": f"{lines}\n{';'.join(cells)}\n"})
    assert status == 1
    assert tables(made) == {"a.csv": "reports"}
    assert [(one["code"], one["file"], one["row"]) for one in made["problems"]] == [("INP-014", "b.csv", row)]


@pytest.mark.parametrize(
    ("again", "said"), [("amount", 'the column amount is there twice ("amount" and "amount")'), ("Сумма", '("amount" and "Сумма")')]
)
def test_lines_with_a_column_twice_cannot_be_read_wherever_they_lie(told, again, said):
    status, err = told({"a.csv": f"{HEADING}\n{LINE}\n", "b.csv": f"{HEADING},{again}\n{LINE},9000000{',' * again.count(',')}\n"})
    assert status == 2
    assert err.startswith("b.csv, row 1: ") and said in err and err.count("\n") == 1


@pytest.mark.parametrize(
    "lines",
    [
        "Код участника;Вид выборов;Кандидат;Дата движения;Операция;Сумма, тг;Кто дал;ИИН\nSM-2;Список;А;01.03.2023;x;5;Пётр;\n",
    ],
)
def test_some_of_a_heading_of_lines_is_one_that_lacks_columns(told, lines):
    status, said = told({"a.csv": f"{HEADING}\n{LINE}\n", "b.csv": lines})
    assert status == 2
    assert said.startswith("b.csv, row 1: the required column")


def test_a_table_without_a_column_is_told_at_the_row_of_its_heading(told):
    titles = "The register of the commission\n\nof 1 March\n"
    status, made = told({"reports.csv": f"{HEADING}\n{LINE}\n", "contestants.csv": f"{titles}contestant_id,contest\nSM-1,single_mandate\n"})
    assert status == 1
    assert [(one["code"], one["file"], one["row"], one["column"]) for one in made["problems"]] == [
        ("INP-014", "contestants.csv", 4, "name")
    ]


@pytest.mark.parametrize(
    "other",
    [
        "№;ФИО;ИИН/БИН;Телефон\n1;Иванов;900101300017;7\n",
        "Наименование;БИН;Адрес\nКанал;900940000028;Астана\n",
    ],
)
def test_a_list_of_people_or_firms_is_neither_prices_nor_candidates(told, other):
    status, made = told({"reports.csv": f"{HEADING},category\n{LINE},\n{SPENT},television\n", "список.csv": other})
    assert (status, made["findings"], tables(made)) == (0, [], {"reports.csv": "reports"})
    assert next(one for one in made["coverage"] if one["rule"] == "EXP-005")["status"] == "not_assessed"


def test_a_register_with_days_and_amounts_that_nobody_knows_is_perhaps_a_report(told):
    lines = "Код участника;ФИО;ИИН;Дата движения;Сколько\nSM-2;Пётр;900101300017;01.03.2023;7 000 000,01\n"
    status, made = told({"a.csv": f"{HEADING}\n{LINE}\n", "b.csv": lines, "candidates.csv": lines})
    assert [(one["code"], one["file"], one["row"]) for one in made["problems"] if one["code"] == "INP-014"] == [("INP-014", "b.csv", 2)]
    assert tables(made)["b.csv"] == "candidates"


def test_a_register_with_birthdays_and_small_numbers_is_none(told):
    register = "Код участника;Вид выборов;Кандидат;Дата рождения;Подписей;Телефон\nSM-1;single_mandate;Пётр;01.03.1980;1250;87011234567\n"
    status, made = told({"a.csv": f"{HEADING}\n{LINE}\n", "реестр.csv": register})
    assert (status, made["problems"], tables(made)["реестр.csv"]) == (0, [], "contestants")


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("Номер отчёта;Код участника;Вид отчёта;Начало периода;Конец периода;Дата получения;Получатель", "filings"),
        ("contestant_id;contest;name;Договор №", "contestants"),
        ("contestant_id;contest;name;status;Получатель", "contestants"),
        ("contestant_id;contest;name;status;description;category;Получатель", "contestants"),
        ("Код участника;ИИН;ФИО;Пол;Сумма, тенге", "candidates"),
        ("ИИН;ФИО;Код участника", "candidates"),
        ("БИН;Издание;Тариф", "price_lists"),
        ("БИН;Издание;Вид рекламы;Цена;Договор №", "price_lists"),
        ("БИН;Издание;Вид рекламы;Цена;Сумма", "price_lists"),
        ("vendor_id;vendor_name;medium;unit_price;amount", "price_lists"),
        ("Код участника;Контрагент;Договор №;Сумма", None),
        ("Код участника;Вид выборов;Дата;Дата платежа;Вид операции;Сумма", "reports"),
        ("contestant_id;contest;date;kind;Сумма, тг;Сумма, USD", "reports"),
    ],
)
def test_one_column_more_makes_no_other_table(heading, table):
    asked = Instructions(load("kz/majilis-2023").headings, str, Stated())
    assert recognise(heading.split(";"), asked, "x.csv") == table


@pytest.mark.parametrize("heading", ["Цена, тыс. тг", "Цена (мың теңге)"])
def test_a_price_for_a_thousand_is_no_price(told, heading):
    lists = f"БИН;Издание;medium;{heading}\n900940000028;Канал;radio;5\n"
    bought = f"{HEADING},category,counterparty_id,unit_price\n{LINE},,,\n{SPENT},radio,900940000028,5000\n"
    _, made = told({"reports.csv": bought, "price_lists.csv": lists}, "--select", "EXP-006")
    assert made["findings"] == []


def test_a_heading_with_a_unit_is_not_said_to_be_unread(told):
    _, made = told({"reports.csv": 'contestant_id,contest,date,kind,"Сумма, тг"\nSM-1,single_mandate,2023-03-01,own_funds,6\n'})
    assert made["inputs"][0]["notes"] == []


def test_other_tables_are_known_by_their_headings_all_the_same(told):
    status, made = told(
        {
            "a.csv": f"{HEADING}\n{LINE}\n",
            "расценки.csv": "БИН;Наименование;Цена\n900940000028;Канал;5\n",
            "реестр.csv": "Код участника;Вид выборов;Кандидат;Округ\nSM-1;single_mandate;Иванов;1\n",
            "люди.csv": "ФИО;ИИН;Код участника;Пол\nИванов;900101300017;SM-1;м\n",
        }
    )
    assert tables(made) == {"a.csv": "reports", "люди.csv": "candidates", "расценки.csv": "price_lists", "реестр.csv": "contestants"}


@pytest.mark.parametrize("name", ["filings", "contestants", "candidates", "price_lists", "statement"])
def test_lines_under_the_name_of_another_table_are_lines(told, name):
    status, made = told({"a.csv": f"{HEADING}\n{LINE}\n", f"{name}.csv": f"{HEADING}\n{LINE.replace('SM-1', 'SM-2')}\n"})
    assert status == 1
    assert tables(made) == {"a.csv": "reports", f"{name}.csv": "reports"}
    assert [one["contestant_id"] for one in made["contestants"]] == ["SM-1", "SM-2"]
    assert [(one["code"], one["file"]) for one in made["problems"]] == [("INP-014", f"{name}.csv")]


def test_a_statement_may_have_the_columns_of_the_books_beside_its_own(told):
    whole = f"{HEADING},fund_account,direction\n{LINE},KZ456010000000000001,in\n"
    _, made = told({"a.csv": f"{HEADING}\n{LINE}\n", "statement.csv": whole})
    assert tables(made) == {"a.csv": "reports", "statement.csv": "statement"}


@pytest.mark.parametrize(
    "heading", ["Сумма, тг", "Сумма (KZT)", "Amount, KZT", "Сомасы, теңге", "Сумма в тенге", "Сумма ₸", "Сумма (тыс. тенге)", "Сумма, USD"]
)
def test_a_unit_behind_the_name_of_the_amounts(told, heading):
    status, made = told({"reports.csv": f'contestant_id,contest,date,kind,"{heading}"\nSM-1,single_mandate,2023-03-01,own_funds,6\n'})
    if "тыс" in heading or "USD" in heading:
        assert (status, "says that the amounts are not in tenge" in made) == (2, True)
    else:
        assert next(one["measured"] for one in made["contestants"][0]["totals"] if one["rule"] == "FND-003") == "6.00"


def test_a_name_alone_goes_before_one_with_a_unit(told):
    _, made = told({"reports.csv": 'contestant_id,contest,date,kind,Сумма,"Сумма, USD"\nSM-1,single_mandate,2023-03-01,own_funds,6,1\n'})
    assert next(one["measured"] for one in made["contestants"][0]["totals"] if one["rule"] == "FND-003") == "6.00"


@pytest.mark.parametrize("mark", ["comma", "point"])
def test_what_is_stated_settles_what_a_table_beside_leaves_open(told, mark):
    files = {
        "reports.csv": "contestant_id,contest,date,kind,amount\nSM-1,single_mandate,2023-03-01,own_funds,6\n",
        "price_lists.csv": 'vendor_id,medium,unit_price\n900940000028,radio,"10,000"\n900940000028,television,"12,500"\n',
    }
    assert told(files)[0] == 2
    status, made = told(files, "--decimal-mark", mark)
    assert [(one["code"], one["row"]) for one in made["problems"]] == ([("INP-001", 2), ("INP-001", 3)] if mark == "comma" else [])


@pytest.mark.parametrize("first", ["№ п/п", ""])
@pytest.mark.parametrize("word", ["Итого", "ВСЕГО:", "Барлығы по разделу"])
def test_a_total_word_in_a_column_of_nobodys_makes_a_total_line(told, first, word):
    lines = f"{first},contestant_id,contest,date,kind,amount\n1,SM-1,single_mandate,2023-03-01,own_funds,6\n{word},,,,,6\nx,,,,,6\n"
    _, made = told({"reports.csv": lines})
    assert [(one["row"], word in one["reason"]) for one in made["inputs"][0]["left_out"]] == [(3, True)]
    assert {one["row"] for one in made["problems"]} == {4}


def test_what_the_type_of_a_parquet_column_adds_is_no_part_of_its_numbers(tmp_path, run):
    amounts = pl.Series("amount", [Decimal("7000000.0100"), Decimal("5.0000")], dtype=pl.Decimal(18, 4))
    frame = pl.DataFrame(
        {
            "contestant_id": ["SM-1"] * 2,
            "contest": ["single_mandate"] * 2,
            "date": ["2023-03-01"] * 2,
            "kind": ["donation"] * 2,
            "counterparty_type": ["individual"] * 2,
            "counterparty_name": ["A", "B"],
            "counterparty_id": [900101300017.0, float("nan")],
        }
    ).with_columns(amounts)
    frame.write_parquet(tmp_path / "reports.parquet")
    _, out, _ = run("check", tmp_path / "reports.parquet", "--select", "DON-001", "--format", "json")
    made = json.loads(out)
    assert [(one["subject"], one["measured"]) for one in made["findings"]] == [("900101300017", "7000000.01")]
    assert made["problems"] == []


def test_a_final_report_of_another_period_is_named_where_none_of_its_lines_counts(told, run, tmp_path):
    late = LINE.replace("R1", "").replace("2023-03-31", "2023-03-30")
    _, made = told({"reports.csv": f"{HEADING}\n{LINE.replace('R1', '')}\n{late}\n"})
    (one,) = made["contestants"]
    assert (one["books"], one["superseded"]) == (["final 2023-02-18/2023-03-30"], [])
    assert one["other_finals"] == ["final 2023-02-18/2023-03-31"]
    _, shown, _ = run("check", tmp_path, "--lang", "en")
    assert "of which no line counts: final 2023-02-18/2023-03-31" in " ".join(shown.split())


STATEMENT = "fund_account,date,direction,amount\nKZ456010000000000001,2023-03-01,in,5\n"


@pytest.mark.parametrize("form", ["folder", "archive", "workbook"])
def test_a_table_that_is_named_takes_the_place_of_the_one_in_the_folder(tmp_path, run, form):
    tables = {"reports": f"{HEADING},fund_account\n{LINE},KZ456010000000000001\n", "statement": STATEMENT.replace(",5", ",6")}
    given = tmp_path / "given"
    given.mkdir()
    for name, text in tables.items():
        (given / f"{name}.csv").write_text(text, encoding="utf-8")
    if form == "archive":
        with zipfile.ZipFile(tmp_path / "given.zip", "w") as out:
            for name, text in tables.items():
                out.writestr(f"{name}.csv", text)
        given = tmp_path / "given.zip"
    if form == "workbook":
        with xlsxwriter.Workbook(str(tmp_path / "given.xlsx")) as book:
            for name, text in tables.items():
                sheet = book.add_worksheet(name)
                for row, line in enumerate(text.splitlines()):
                    sheet.write_row(row, 0, line.split(","))
        given = tmp_path / "given.xlsx"
    (tmp_path / "bank.csv").write_text(STATEMENT, encoding="utf-8")
    _, out, _ = run("check", given, "--statement", tmp_path / "bank.csv", "--select", "BNK", "--format", "json")
    made = json.loads(out)
    assert [one["file"] for one in made["inputs"] if one["table"] == "statement"] == [str(tmp_path / "bank.csv")]
    assert made["findings"] == []
    _, shown, _ = run("check", given, "--statement", tmp_path / "bank.csv", "--select", "BNK", "--lang", "en", width=200)
    assert "statement" in shown.partition("not read: it is no table of the audit, another one was named in its place")[0]


def test_two_files_for_one_table_are_refused(tmp_path, run):
    (tmp_path / "reports.csv").write_text(f"{HEADING}\n{LINE}\n", encoding="utf-8")
    status, _, said = run("check", tmp_path / "reports.csv", "--contestants", tmp_path / "a.csv", "--contestants", tmp_path / "b.csv")
    assert (status, said.partition(" See:")[0]) == (2, "Invalid value for '--contestants': it is given twice.")
