"""`audit map suggest`: a mapping file from a file that nobody prepared, its first rows as understood, and nothing written over."""

import re

import click
import polars as pl
import pytest
import xlsxwriter
from click.testing import CliRunner

from auditor.cli.main import cli
from auditor.errors import BadUsage, CannotRead
from auditor.read import parquet_ndjson
from auditor.read.mapping import load

RUSSIAN = """Отчёт кандидата;;;;;
Код кандидата;Когда;Сумма, тенге;Вид операции;Жертвователь;ИИН
SM-1;3/14/2023;7,000.50;Пожертвование;Ахметов Ерлан;900101300017
SM-1;3/15/2023;12,000.00;Взнос друга;Сериков Дана;
SM-1;4/1/2023;-1,500.00;Пожертвование;Ахметов Ерлан;900101300017
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*args):
        done = CliRunner().invoke(cli, [*map(str, args)], standalone_mode=False)
        if done.exception is not None:
            raise done.exception
        return done.return_value, done.output

    return run


def test_from_a_strange_file_to_an_audit(run, tmp_path):
    (tmp_path / "взносы.csv").write_text(RUSSIAN, encoding="utf-8")
    status, out = run("map", "suggest", "взносы.csv", "--lang", "ru")
    assert status == 0
    assert "contest" in out  # what nothing in the file tells
    assert "900101300017" not in out  # ids are masked on the screen
    mapping = tmp_path / "взносы.csv.mapping.yaml"
    stated = load(mapping)
    assert stated.heading_row == 2
    assert stated.forms.date_order == "mdy"
    assert stated.forms.decimal_mark == "."
    assert stated.mapping.columns["date"] == "Когда"
    text = mapping.read_text(encoding="utf-8")
    assert "[Взнос друга]" in text  # a word that is no code yet
    assert "# negative:" in text
    # What a person adds: the race, the word, and what a negative amount is.
    text = text.replace("# constants:\n#   contest: ", "constants:\n  contest: single_mandate")
    text = re.sub("# words:\n#   kind:.*\n#     ...:", "words:\n  kind:\n    donation:", text)
    text = text.replace("# negative:\n#   donation: donation_refund\n", "negative:\n  donation: donation_refund\n")
    mapping.write_text(text, encoding="utf-8")
    status, out = run(
        "check", "взносы.csv", "--mapping", mapping, "--lang", "en", "--as-of", "2023-04-15", "--fail-on", "never", "--format", "json"
    )
    assert '"rows": 3, "read": 3, "unread": 0' in out
    # A second suggestion does not write over what a person has completed.
    with pytest.raises(BadUsage, match="there already"):
        run("map", "suggest", "взносы.csv")


def test_first_rows_as_understood(run, tmp_path):
    (tmp_path / "r.csv").write_text(
        "contestant_id,contest,date,kind,amount,counterparty_id\nSM-1,single_mandate,18.02.2023,donation,7 000 000\u00a0тг,900101300017\nSM-1,single_mandate,2023-02-30,donation,5,\n",
        encoding="utf-8",
    )
    _, out = run("map", "suggest", "r.csv", "--lang", "en", "-o", "m.yaml")
    assert re.search(
        r"row +2\n +contestant_id +SM-1\n +contest +single_mandate\n +date +2023-02-18\n +kind +donation\n +amount +7000000.00", out
    )
    assert "not read: 2023-02-30" in out
    assert "audit check r.csv --mapping m.yaml" in out
    assert "900101300017" not in out


@pytest.mark.parametrize(("sign", "asked"), [("тыс", True), ("млн", True), ("USD", True), ("тг", False), ("₸", False)])
def test_what_stands_behind_an_amount_is_no_currency_until_a_person_says_so(run, tmp_path, sign, asked):
    (tmp_path / "m.csv").write_text(f"Дата;Сумма\n2023-03-01;1500 {sign}\n2023-03-02;2500 {sign}\n", encoding="utf-8")
    run("map", "suggest", "m.csv")
    mapping = tmp_path / "m.csv.mapping.yaml"
    assert load(mapping).forms.currency == ()
    assert (f"# currency: [{sign}]" in mapping.read_text(encoding="utf-8")) == asked


def test_a_record_longer_than_its_heading(run, tmp_path):
    (tmp_path / "m.csv").write_text("a;b;c\n1;2;3\n1;2;3;4\n", encoding="utf-8")
    run("map", "suggest", "m.csv")
    assert "#   4: 4" in (tmp_path / "m.csv.mapping.yaml").read_text(encoding="utf-8")


def test_a_workbook_and_its_fullest_sheet(run, tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"))
    book.add_worksheet("обложка").write(0, 0, "Отчёт")
    sheet = book.add_worksheet("данные")
    for at, row in enumerate([["Код кандидата", "Сумма", "Дата"], ["SM-1", 5, "2023-03-01"], ["SM-2", 6, "2023-03-02"]], start=3):
        sheet.write_row(at, 0, row)
    book.close()
    run("map", "suggest", "b.xlsx", "--lang", "kk")
    stated = load(tmp_path / "b.xlsx.mapping.yaml")
    assert (stated.sheet, stated.heading_row) == ("данные", 4)


@pytest.mark.parametrize(
    "heading",
    [
        "a: b",
        "# x",
        "- y",
        "[z]",
        "null",
        "yes",
        "x\ny",
        "'q",
        '"q',
        "{{ 7*7 }}",
        "&a",
        "*a",
        "%x",
        "@x",
        "`x",
        "\u202e",
        "é\x85",
        "a # b",
    ],
)
def test_headings_that_yaml_would_read_otherwise(run, tmp_path, heading):
    import csv

    with (tmp_path / "h.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows([[heading, "когда"], ["5,50", "2023-03-01"], ["6,50", "2023-03-02"]])
    run("map", "suggest", "h.csv", "--lang", "en")
    columns = load(tmp_path / "h.csv.mapping.yaml").mapping.columns
    assert columns["amount"] in (heading.strip(), 1)
    assert columns["date"] == "когда"


def test_the_limits_are_those_of_a_check(run, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_ndjson, "MOST_CELLS", 50)
    pl.DataFrame({"a": ["x"] * 30, "b": ["y"] * 30}).write_parquet(tmp_path / "large.parquet")
    with pytest.raises(CannotRead, match="60 cells are more than can be read"):
        run("map", "suggest", "large.parquet", "--lang", "en")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.zip", b"PK\x03\x04", "take the table out of the archive"),
        ("kl_to_1c.txt", b"1CClientBankExchange\r\n", "needs no mapping"),
        ("a.csv", b"", "empty"),
    ],
)
def test_what_no_mapping_is_made_for_is_refused_in_words(run, tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CannotRead, match=said):
        run("map", "suggest", name, "--lang", "en")


def test_an_encoding_that_a_mapping_file_cannot_name_is_refused(run, tmp_path):
    (tmp_path / "a.csv").write_text(RUSSIAN, encoding="utf-8")
    with pytest.raises(click.BadParameter, match="cp500"):
        run("map", "suggest", "a.csv", "--encoding", "cp500")


def test_where_no_column_is_known_the_file_can_still_be_read_and_completed(run, tmp_path):
    (tmp_path / "a.csv").write_text("x;y\nsome;thing\nno;table\n", encoding="utf-8")
    run("map", "suggest", "a.csv", "--lang", "en")
    assert set(load(tmp_path / "a.csv.mapping.yaml").mapping.columns.values()) == set()


def test_a_register_is_asked_for_by_its_name(run, tmp_path):
    (tmp_path / "список.csv").write_text("Код;Кто;Округ;Вид\nSM-1;Асанов Ержан;3;single_mandate\n", encoding="utf-8")
    status, out = run("map", "suggest", "список.csv", "--table", "contestants", "--lang", "en")
    assert status == 0
    assert "table: contestants" in (tmp_path / "список.csv.mapping.yaml").read_text(encoding="utf-8")
    assert "contestant_id" in out


@pytest.mark.parametrize("whole", [True, False])
def test_a_name_that_commands_a_terminal_is_shown_harmlessly_and_may_be_pasted(whole, run, tmp_path):
    name = "a b\x1b]0;owned\x07'.csv"
    (tmp_path / name).write_text(RUSSIAN if not whole else "contestant_id,contest,date,kind,amount\nSM-1,,,,\n", encoding="utf-8")
    _, out = run("map", "suggest", name, "--lang", "en")
    assert "\x1b" not in out and "\x07" not in out
    assert "'a b\ufffd]0;owned\ufffd'\"'\"'.csv'" in out
