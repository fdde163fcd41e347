"""A heading in two rows, as forms have it: the names of groups above, those of their columns below. One row of records is never taken for it."""

import json

import pytest
import xlsxwriter

ABOVE = ["Код кандидата", "Вид выборов", "Дата", "Вид операции", "Жертвователь", "", "", "Сумма, тенге", "Платёж", ""]
BELOW = ["", "", "", "", "Тип контрагента", "ИИН/БИН", "Наименование контрагента", "", "Назначение платежа", "Форма"]
WHOLE = [low or over for over, low in zip(ABOVE, BELOW, strict=True)]
LINE = [
    "SM-1",
    "single_mandate",
    "05.03.2023",
    "donation",
    "individual",
    "900101300017",
    "Асанов Ержан",
    "7000000,01",
    "взнос",
    "bank_transfer",
]
NUMBERS = [*map(str, range(1, len(ABOVE) + 1))]
TITLES = [["Отчёт о поступлении и расходовании средств избирательного фонда"], []]


@pytest.fixture
def told(tmp_path, run):
    """The answer to a file with these rows: exit status, and the JSON or what was said of a mistake."""

    def of(rows, *options, suffix="csv", lines=1):
        path = tmp_path / f"a.{suffix}"
        if suffix == "xlsx":
            with xlsxwriter.Workbook(path) as book:
                sheet = book.add_worksheet()
                for at, cells in enumerate(rows):
                    sheet.write_row(at, 0, cells)
        else:
            text = "\n".join(";".join([*cells, *[""] * (len(ABOVE) - len(cells))]) for cells in rows[:-1])
            path.write_text(text + "\n" + (";".join(rows[-1]) + "\n") * lines, encoding="utf-8")
        status, out, err = run("check", path, "--as-of", "2023-04-15", "--format", "json", "--lang", "en", "--select", "DON-001", *options)
        return status, json.loads(out) if out else err

    return of


def found(answer):
    status, made = answer
    assert (status, made["problems"]) == (1, [])
    (one,) = made["findings"]
    return made["inputs"][0], one["subject"], one["measured"], [line["row"] for line in one["rows"]]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("titles", [0, 2])
@pytest.mark.parametrize("numbered", [False, True])
def test_it_is_read_as_the_same_heading_in_one_row(told, suffix, titles, numbered):
    below = [NUMBERS] if numbered else []
    read, subject, measured, rows = found(told([*TITLES[:titles], ABOVE, BELOW, *below, LINE], suffix=suffix))
    assert (subject, measured, rows) == ("900101300017", "7000000.01", [titles + 3 + numbered])
    assert f"the heading is in rows {titles + 1} and {titles + 2}" in read["notes"]
    assert not [note for note in read["notes"] if "not read" in note]
    assert (read["read"], read["unread"]) == (1, 0)
    assert found(told([*TITLES[:titles], WHOLE, *below, LINE], suffix=suffix))[1:3] == (subject, measured)


def test_the_name_of_a_group_may_stand_above_each_of_its_columns(told):
    each = [*ABOVE[:4], *["Жертвователь"] * 3, ABOVE[7], *["Платёж"] * 2]
    assert found(told([each, BELOW, LINE]))[1] == "900101300017"


def test_required_columns_may_stand_below_too(told):
    above = ["Код кандидата", "Вид выборов", "Операция", "", "", *ABOVE[5:]]
    below = ["", "", "Дата", "Вид операции", "Тип контрагента", "ИИН", "Плательщик", *BELOW[7:]]
    assert found(told([above, below, LINE]))[1] == "900101300017"


def test_a_column_of_a_group_goes_by_the_name_of_both(told):
    above = [*ABOVE, "Договор", "", "Счёт", ""]
    below = [*BELOW, "№", "дата", "номер", "дата"]
    read, *_ = found(told([above, below, [*LINE, "17", "01.03.2023", "5", "02.03.2023"]]))
    assert not [note for note in read["notes"] if "№" in note]  # "Договор №" is the number of a contract
    assert [note for note in read["notes"] if all(f"“{one}”" in note for one in ("Договор дата", "Счёт номер", "Счёт дата"))]


def test_which_of_two_days_is_meant_is_not_guessed(told):
    above = [*ABOVE[:2], "Договор", "", *ABOVE[3:], "Квитанция", ""]
    below = ["", "", "дата", "номер", *BELOW[3:], "дата", "номер"]
    line = [*LINE[:2], "01.03.2023", "17", *LINE[3:], "05.03.2023", "5"]
    status, said = told([above, below, line])
    assert status == 2 and "date" in said


@pytest.mark.parametrize("row", ["3", "4"])
def test_either_row_may_be_stated(told, row):
    read, *_ = found(told([*TITLES, ABOVE, BELOW, LINE], "--heading-row", row))
    assert "the heading is in rows 3 and 4" in read["notes"]
    assert {"what": "heading_row", "value": "4", "how": "stated"} in read["assumed"]


def test_a_large_file_is_read_so_too(told):
    read, _, measured, rows = found(told([ABOVE, BELOW, LINE], lines=60_000))
    assert (read["rows"], measured, len(rows)) == (60_000, "420000000600.00", 60_000)


def test_a_unit_in_the_name_of_a_group_is_heeded(told):
    above = [*ABOVE[:7], "Сумма, тыс. тенге", *ABOVE[8:]]
    status, said = told([above, BELOW, LINE])
    assert status == 2 and "тыс. тенге" in said


@pytest.mark.parametrize(
    ("second", "problems"),
    [
        (["", "", "", "", "individual", "", "Асанов Ержан", "", "", ""], 5),  # nothing but words, and none is the name of a column
        (["", "", "", "", "", "", "Плательщик", "5000", "", ""], 4),  # figures
        (["", "", "", "", "", "Плательщик", "", "", "", ""], 6),  # a cell below a name that is no group's
    ],
)
def test_a_row_that_makes_no_heading_is_a_line_that_cannot_be_read(told, second, problems):
    _, made = told([WHOLE, second, LINE])
    assert [one["row"] for one in made["problems"]] == [2] * problems
    assert not [note for note in made["inputs"][0]["notes"] if "heading is in" in note]
    assert (made["inputs"][0]["read"], made["inputs"][0]["unread"]) == (1, 1)


def test_a_heading_that_is_whole_is_not_joined_with_what_stands_above_or_below(told):
    _, made = told([["Отчёт", "", "Дата"], WHOLE, WHOLE, LINE])
    assert "the heading is in row 2" in made["inputs"][0]["notes"]
    assert [one["row"] for one in made["inputs"][0]["left_out"]] == [3]
    assert [line["row"] for line in made["findings"][0]["rows"]] == [4]
