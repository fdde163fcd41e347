"""No record, no file and no cell is passed over without a word: records above the heading or inside a cell, a heading in the middle,
files whose ending is no table's, and what a spreadsheet shows where it has no value."""

import io
import json
import os
import zipfile
from datetime import date, datetime, timedelta

import pytest
import xlsxwriter

from auditor import wording
from auditor.errors import CannotRead
from auditor.read import delimited
from auditor.read.instructions import ForeignTable, Forms, Stated
from auditor.render.data import document
from auditor.render.html import page
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW, WORDS = load("kz/majilis-2023"), wording.load("en")
NAMES = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_type", "counterparty_name"]
HEADING = ",".join(NAMES)
LARGE = "C1,single_mandate,2023-02-20,donation,8000000,individual,A"
SMALL = "C2,single_mandate,2023-02-20,donation,100,individual,B"


@pytest.fixture
def told(tmp_path):
    def of(*lines, name="reports.csv"):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return document(audit(Request([str(tmp_path / name)], date(2023, 4, 15)), LAW, WORDS))

    return of


def sheet(*rows):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    leaf = book.add_worksheet("reports")
    forms = {datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), timedelta: book.add_format({"num_format": "[h]:mm"})}
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if type(value) in forms:
                leaf.write_datetime(at, place, value, forms[type(value)])
            elif value == "=NA()":
                leaf.write_formula(at, place, value, value="#N/A")
            else:
                leaf.write(at, place, value)
    book.close()
    return out.getvalue()


def of_sheet(tmp_path, *rows):
    (tmp_path / "reports.xlsx").write_bytes(sheet(*rows))
    return document(audit(Request([str(tmp_path / "reports.xlsx")], date(2023, 4, 15)), LAW, WORDS))


def codes(made):
    return [(one["code"], one["row"], one["column"]) for one in made["problems"]]


@pytest.mark.parametrize("above", [[HEADING.replace("amount", "ammount"), LARGE], [LARGE], ["A report,,,,,,", LARGE]])
def test_records_above_the_heading_are_problems(above, told):
    made = told(*above, HEADING, SMALL)
    at = len(above)
    assert codes(made) == [("INP-008", at, None)]
    (read,) = made["inputs"]
    assert (read["rows"], read["left_out"]) == (2, [])
    assert "looks like a record" in made["problems"][0]["message"]
    # It is a line that could not be read: what its contestant comes to nobody can tell.
    assert [one["measured"] for one in made["findings"] if one["contestant_id"] == "C1" and one["rule"] == "FND-004"] == ["0.00"]


def test_in_a_sheet_too(tmp_path):
    made = of_sheet(tmp_path, LARGE.split(","), NAMES, SMALL.split(","))
    assert codes(made) == [("INP-008", 1, None)]


SIGNED = ["Исп.;;;;;;;", "Главный бухгалтер;;____________;;;;;Петрова А. А.", "тел. 8 (701) 123-45-67"]


def beside(line, lang, tmp_path):
    heading = "№;contestant_id;contest;date;kind;amount;counterparty_type;Отметки"
    record = "1;SM-1;single_mandate;2023-03-01;own_funds;5;contestant;"
    path = tmp_path / "r.csv"
    path.write_text("\n".join((heading, record, line + ";" * (7 - line.count(";")))) + "\n", encoding="utf-8")
    return audit(Request([str(path)], date(2023, 4, 15), select=["FND-003"]), LAW, wording.load(lang))


@pytest.mark.parametrize("line", [SIGNED[0], ";;;;;;;виза бухгалтера", SIGNED[2]])
@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_words_below_a_table_in_no_column_of_it_are_no_record(line, lang, tmp_path):
    made = beside(line, lang, tmp_path)
    assert not made.problems
    (left,) = made.inputs[0].left_out
    assert (left.row, left.reason) == (3, wording.load(lang)("check.words_beside", text=line.strip(";")))
    assert [one.kept for one in made.coverage] == [1]


def test_what_a_mapping_says_of_every_record_makes_none_of_a_signature(tmp_path):
    (tmp_path / "r.csv").write_text("№;Дата;Приход\n1;01.03.2023;5\nИсп. Петрова А. А.;;\n", encoding="utf-8")
    constants = {"contestant_id": "SM-1", "contest": "single_mandate", "kind": "own_funds"}
    mapping = ForeignTable("a mapping", "reports", {"date": "Дата", "amount": "Приход"}, constants)
    asked = Request([str(tmp_path / "r.csv")], date(2023, 4, 15), select=["FND-003"], stated=Stated(mapping=mapping))
    made = audit(asked, LAW, WORDS)
    assert [made.problems, [left.row for left in made.inputs[0].left_out], [one.kept for one in made.coverage]] == [[], [3], [1]]


@pytest.mark.parametrize("line", ["5 000 000,00;;;;;;;", ";;;;;;;01.03.2023", SIGNED[1], "a;b;;;;;;c"])
def test_figures_a_day_or_a_cell_of_ours_below_a_table_may_be_a_line(line, tmp_path):
    assert {problem.row for problem in beside(line, "en", tmp_path).problems} == {3}


@pytest.mark.parametrize(
    "above",
    [
        ["Report of 01.02.2023 for the commission no. 12"],
        ["Report,,,01.02.2023,,,"],
        ["1,2,3,4,5,6,7"],
        ["Contestant,Contestant,Payment,Payment,Payment,Donor,Donor"],
        ["Report,for,of 18.02.2023,to,no. 12,ID,990140000385"],
        ["No. 12 of 01.03.2023,,Report,,for 2023,x,"],
    ],
)
def test_titles_and_numbers_of_columns_are_no_records(above, told):
    made = told(*above, HEADING, SMALL)
    assert codes(made) == []
    assert made["inputs"][0]["rows"] == 1


def test_a_record_inside_a_cell_is_a_problem(told):
    opened = LARGE.replace(",A", ',"Ромашка,')
    made = told(HEADING, opened, SMALL.replace("C2", "C1").replace(",B", ',Ромашка",'), SMALL)
    assert codes(made)[0] == ("INP-008", 2, None)
    # The line of another contestant would be missing from sums that are called kept.
    with pytest.raises(
        CannotRead, match=r"reports\.csv, row 2: a quotation mark is opened here and closed only .*another contestant \(C2\)"
    ):
        told(HEADING, opened, SMALL.replace(",B", ',Ромашка",'), SMALL)
    # A name or an address of two lines is no record, with however many marks between its words.
    for name in ("Ромашка\nи партнёры, 12", "Реклама\nг. Алматы, ул. Абая, 10-25, офис 3, тел. 12, с 01.03.2023, 500"):
        made = told(HEADING, LARGE.replace(",A", f',"{name}"'), SMALL)
        assert codes(made) == []
        assert [(one["rule"], one["measured"]) for one in made["findings"]] == [("DON-001", "8000000.00")]


def test_the_heading_once_more_is_left_out_and_another_one_is_a_problem(told):
    made = told(HEADING, SMALL, HEADING, SMALL)
    assert codes(made) == []
    assert made["inputs"][0]["left_out"] == [{"row": 3, "reason": "the heading once more"}]
    assert [one["contestant_id"] for one in made["contestants"]] == ["C2"]
    swapped = HEADING.replace("counterparty_type,counterparty_name", "counterparty_name,counterparty_type")
    made = told(HEADING, SMALL, swapped, LARGE)
    assert codes(made) == [("INP-008", 3, None)]
    assert "a second heading stands here, with other columns" in made["problems"][0]["message"]
    assert made["inputs"][0]["left_out"] == [{"row": 3, "reason": "a heading with other columns"}]
    assert not [one for one in made["findings"] if one["outcome"] == "breach"]  # which cell of the line below is which nobody knows
    assert [one["rows"][0]["row"] for one in made["findings"] if one["rule"] == "FND-004"] == [4]
    # What stands under another column is no evidence, and makes no contestant and no donor; what stands under its own is.
    unit = f"{HEADING},unit_price"
    swapped = unit.replace("amount", "x").replace("unit_price", "amount").replace(",x,", ",unit_price,")
    made = told(unit, f"{LARGE.replace('8000000', '7000000')},", swapped, f"{LARGE.replace('8000000', '1')},9")
    assert codes(made) == [("INP-008", 3, None)]
    assert [(one["outcome"], one["measured"]) for one in made["findings"] if one["rule"] == "DON-001"] == [("undetermined", "7000000.00")]
    named = HEADING.replace("contestant_id", "ID участника").replace(
        "counterparty_type,counterparty_name", "counterparty_name,counterparty_type"
    )
    made = told(HEADING, SMALL, named, LARGE)
    assert [one["contestant_id"] for one in made["findings"] if one["rule"] == "FND-004"] == ["C1"]
    turned = ",".join(reversed(HEADING.split(",")))
    made = told(HEADING, SMALL, turned, ",".join(reversed(LARGE.split(","))))
    assert codes(made) == [("INP-008", 3, None)]
    assert [one["contestant_id"] for one in made["contestants"]] == ["C2"]


def test_below_another_heading_a_register_is_not_read(tmp_path):
    (tmp_path / "reports.csv").write_text(f"{HEADING}\n{SMALL}\n", encoding="utf-8")
    rows = ["C2,single_mandate,B,1", "contestant_id,contest,district,name", "C3,single_mandate,4,C"]
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name,district\n" + "\n".join(rows), encoding="utf-8")
    made = document(audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15)), LAW, WORDS))
    assert codes(made) == [("INP-008", 3, None)]
    assert [one["contestant_id"] for one in made["contestants"]] == ["C2"]


def test_files_of_a_folder_that_are_no_tables_are_named(tmp_path, run):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text(f"{HEADING}\n{SMALL}\n", encoding="utf-8")
    for name in ("ivanov.txt", "petrov.tab", "sub/x.docx", ".hidden", "~$a.xlsx", "noending"):
        (folder / name).write_text(f"{LARGE}\n", encoding="utf-8")  # without a heading
    (folder / "gone").symlink_to(folder / "nowhere")
    (folder / "elsewhere").symlink_to(tmp_path)
    expected = ["elsewhere", "gone", "ivanov.txt", "noending", "petrov.tab", os.path.join("sub", "x.docx")]
    made = audit(Request([str(folder)], date(2023, 4, 15)), LAW, WORDS)
    assert list(made.passed_over) == expected
    assert "ivanov.txt · noending · petrov.tab · " in (said := " ".join(run("check", folder, "--lang", "en")[1].split()))
    assert "were not read: each is no table of the audit" in said
    assert "6 files in the folder were not read as tables: elsewhere, gone, ivanov.txt" in page(made, WORDS)
    # What this program has written beside is none of the filings; that there is such a document makes nothing else ours.
    (folder / "SM-042 final report.pdf").write_bytes(b"%PDF-1.7")
    expected.insert(0, "SM-042 final report.pdf")
    run("check", folder, "--output", f"json={folder / 'findings.json'}", "--output", f"html={folder / 'findings.html'}")
    (folder / "out").mkdir()
    for name in ("book.pdf", "SHA256SUMS"):
        (folder / "out" / name).write_bytes(b"")
    (folder / "out" / "manifest.json").write_text('{"format": "audit-reports/1"}', encoding="utf-8")
    assert list(audit(Request([str(folder)], date(2023, 4, 15)), LAW, WORDS).passed_over) == expected


def test_files_of_an_archive_that_are_no_tables_are_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as made:
        made.writestr("a.csv", f"{HEADING}\n{SMALL}\n")
        made.writestr("ivanov.txt", f"{LARGE}\n")
    made = audit(Request([str(tmp_path / "all.zip")], date(2023, 4, 15)), LAW, WORDS)
    assert [one.rsplit("/", 1)[-1] for one in made.passed_over] == ["ivanov.txt"]


def test_the_error_of_a_formula_is_no_name(tmp_path, told):
    rows = [["C1", "single_mandate", "2023-02-20", "donation", 4000000, "individual", "=NA()"] for _ in range(2)]
    for made in (of_sheet(tmp_path, NAMES, *rows), told(HEADING, *[LARGE.replace("8000000", "4000000")[:-1] + "#N/A"] * 2)):
        assert codes(made)[:2] == [("INP-002", 2, "counterparty_name"), ("INP-002", 3, "counterparty_name")]
        assert made["problems"][0]["message"].endswith("expected a text, not a spreadsheet's error.")
        assert not [one for one in made["findings"] if one["rule"] == "DON-001"]


def test_in_a_large_file_too(told, monkeypatch):
    monkeypatch.setattr(delimited, "STREAM_FROM_BYTES", 2_000)
    lines = [SMALL.replace("2023-02-20", f"2023-02-{day:02}") for day in range(1, 29)] * 4
    made = told(HEADING, *lines, LARGE[:-1] + "#REF!", "C1,single_mandate,2023-02-20,donation,1,individual,#1 print shop")
    assert codes(made) == [("INP-002", len(lines) + 2, "counterparty_name")]


@pytest.mark.parametrize("cell", [10223, 20223, 35000.5, timedelta(hours=1, minutes=2), timedelta(days=3)])
def test_a_number_or_a_time_is_no_day(cell, tmp_path):
    made = of_sheet(tmp_path, NAMES, ["C1", "single_mandate", cell, "donation", 5, "individual", "A"])
    assert codes(made) == [("INP-003", 2, "date")]


def test_days_as_a_spreadsheet_keeps_them_are_days(tmp_path):
    rows = [["C1", "single_mandate", cell, "donation", 5, "individual", "A"] for cell in (44970, 44970.25, datetime(2023, 2, 20, 9, 30))]
    made = of_sheet(tmp_path, NAMES, *rows)
    assert codes(made) == []


@pytest.mark.parametrize("written", ["900101300017", "900101 300017", "900101    300017", "900101; 300017", "9 0 0 1 0 1 3 0 0 0 1 7"])
def test_an_id_is_hidden_in_an_error_and_on_the_screen(written, tmp_path, run):
    (tmp_path / "h.csv").write_text(f'"{written}",Иванов\n1,2\n', encoding="utf-8")
    (tmp_path / "r.csv").write_text(f"{HEADING}\n{LARGE[:-1]}Иванов {written}\n", encoding="utf-8")
    for status, asked in ((2, "h.csv"), (1, "r.csv"), (2, f"{written}.csv")):
        done, shown, err = run("check", tmp_path / asked, "--lang", "en")
        assert done == status
        assert not any("900101300017" in "".join(filter(str.isdecimal, line)) for line in (shown + err).splitlines())
        assert "0017" in shown + err


def test_one_file_for_two_outputs_is_refused(tmp_path, run):
    (tmp_path / "r.csv").write_text(f"{HEADING}\n{SMALL}\n", encoding="utf-8")
    out = tmp_path / "out"
    status, _, err = run("check", tmp_path / "r.csv", "--output", f"csv={out}", "--output", f"json={tmp_path / '.' / 'out'}")
    assert (status, out.exists()) == (2, False)
    assert "named twice" in err


def test_a_total_line_of_a_statement_is_left_out(tmp_path):
    (tmp_path / "reports.csv").write_text(f"{HEADING}\n{SMALL}\n", encoding="utf-8")
    account = "KZ33601Z803215209369"
    rows = [f"{account},2023-03-01,in,5,A", "Итого за период:,,,5,", f"{account},2023-03-01,in,x,Всего хорошего"]
    (tmp_path / "statement.csv").write_text("fund_account,date,direction,amount,counterparty_name\n" + "\n".join(rows), encoding="utf-8")
    made = document(audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15)), LAW, WORDS))
    (statement,) = [one for one in made["inputs"] if one["table"] == "statement"]
    assert [one["row"] for one in statement["left_out"]] == [3]
    assert codes(made) == [("INP-001", 4, "amount")]


def test_a_share_of_the_register_is_quoted_as_it_was_written(tmp_path):
    (tmp_path / "reports.csv").write_text(f"{HEADING}\n{SMALL}\n", encoding="utf-8")
    rows = "C2,single_mandate,B,5.10\nC2,single_mandate,B,5.2\n"
    (tmp_path / "contestants.csv").write_text(f"contestant_id,contest,name,vote_share\n{rows}", encoding="utf-8")
    (one,) = document(audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15)), LAW, WORDS))["problems"]
    assert one["value"] == "5.2" and '"5.1"' in one["message"]
    assert json.dumps(one)


def test_cells_beside_the_headings_are_counted(tmp_path, told, monkeypatch):
    monkeypatch.setattr(delimited, "STREAM_FROM_BYTES", 2_000)
    lines = [f"{SMALL.replace('2023-02-20', f'2023-02-{day:02}')}," for day in range(1, 29)] * 3
    large = told(f"{HEADING},", *lines, f"{SMALL},returned")
    assert large["inputs"][0]["notes"] == ["Filled cells in columns without a heading, which were not read: 1."]
    note = "Filled cells in columns without a heading, which were not read: 1."
    for made in (told(f"{HEADING},", f"{SMALL},returned 5 000", f"{SMALL},"), of_sheet(tmp_path, NAMES, [*SMALL.split(","), "returned"])):
        assert (made["inputs"][0]["notes"], codes(made)) == ([note], [])
    assert told(f"{HEADING},", f"{SMALL},")["inputs"][0]["notes"] == []


@pytest.mark.parametrize("below", ["Подпись: ____,,,,,,", "М.П.", "Дата составления,01.04.2023,,,,,"])
def test_a_signature_below_the_table_is_a_problem_and_no_contestant(told, below):
    made = told(HEADING, SMALL, below)
    assert [one["contestant_id"] for one in made["contestants"]] == ["C2"]
    assert {one["row"] for one in made["problems"]} == {3}
    of = {one["rule"]: one for one in made["coverage"]}
    assert all((of[rule]["subjects"], of[rule]["kept"]) == (1, 1) for rule in ("DON-001", "LED-001"))


def test_a_contestant_whose_one_line_cannot_be_read_is_one(told):
    foreign = (
        LARGE.replace("C1,single_mandate", "C4,одномандатный округ №5").replace("2023-03-01", "02/18/2023").replace("donation", "Взнос")
    )
    made = told(HEADING, SMALL, foreign)
    assert [one["contestant_id"] for one in made["contestants"]] == ["C2", "C4"]
    made = told(HEADING, SMALL, "C3,single_mandate,,,,,,")
    assert [one["contestant_id"] for one in made["contestants"]] == ["C2", "C3"]
    assert {one["contestant_id"] for one in made["findings"] if one["outcome"] == "undetermined"} == {"C3"}


def test_a_cell_of_a_million_digits_is_told_from_an_amount_at_once(told):
    """Where the form of an amount is looked for in many ways, such a cell takes hours."""
    made = told(LARGE.replace("8000000", "1" * 900_000 + "x"), LARGE.replace("8000000", "1 " * 400_000 + "x"), HEADING, SMALL)
    assert codes(made) == []


WIDE = f"{HEADING},report_id,report_type,period_start,period_end,received_on,contestant_name,payment_method,category"


@pytest.mark.parametrize(
    "above",
    [
        LARGE.replace("8000000", "8 000 000,50 тг"),
        LARGE.replace("2023-02-20", "20.2.2023"),
        LARGE.replace("2023-02-20", "44977"),
        LARGE.replace("single_mandate", ""),
        LARGE.replace("donation", ""),
    ],
)
def test_a_record_above_a_wide_heading_is_seen_however_it_is_written(above, told):
    made = told(f"{above},,,,,,,,", WIDE, f"{SMALL},R1,final,2023-02-18,2023-03-31,2023-04-01,X,,")
    assert ("INP-008", 1, None) in codes(made)


def test_a_record_swallowed_by_a_wide_one_is_seen(told):
    opened = LARGE.replace(",A", ',"Ромашка')
    made = told(WIDE, f"{opened},,,,,,,,", f"{LARGE},,,,,,,,", f'{SMALL.replace("C2", "C1")}",,,,,,,,')
    assert ("INP-008", 2, None) in codes(made)
    # The other records may be of any kind and of anybody: no name is made of them, and no sum is called kept.
    outcomes = {one["rule"]: (one["outcome"], one["subject"]) for one in made["findings"]}
    assert outcomes["EXP-001"] == outcomes["FND-003"] == outcomes["FND-004"] == ("undetermined", None)
    assert not any(rule.startswith("DON") for rule in outcomes)


@pytest.mark.parametrize("column", ["amount", "kind", "date"])
def test_reports_with_a_misspelt_column_are_no_register(column, tmp_path):
    """All that `filings` and `contestants` require is in a heading of `reports` too."""
    (tmp_path / "reports.csv").write_text(f"{WIDE}\n{SMALL},,,,,,,,\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text(f"{WIDE.replace(column, 'x' + column[1:])}\n{LARGE},,,,,,,,\n", encoding="utf-8")
    with pytest.raises(CannotRead, match=rf"other\.csv, row 1: the required column {column}"):
        audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS)


def test_a_statement_with_columns_of_the_books_beside_it_is_one(tmp_path):
    (tmp_path / "reports.csv").write_text(f"{HEADING}\n{SMALL}\n", encoding="utf-8")
    (tmp_path / "bank.csv").write_text(
        "contestant_id,fund_account,date,direction,amount,kind,category,report_type\nC2,KZ456010000000000001,2023-02-20,in,100,donation,,\n",
        encoding="utf-8",
    )
    made = document(audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS))
    assert {one["file"]: one["table"] for one in made["inputs"]} == {"reports.csv": "reports", "bank.csv": "statement"}


class _Windows(zipfile.ZipInfo):
    """A file as Windows packs it: its name in the code page of the console, without a word of that."""

    def _encodeFilenameFlags(self):  # noqa: N802 - the name that zipfile asks for
        return self.filename.encode("cp866"), self.flag_bits


def test_a_name_that_windows_packed_is_told_as_it_is_written(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(_Windows("Кандидат.csv"), f"{HEADING}\n{SMALL.replace('100', 'x')}\n")
    assert "Кандидат".encode("cp866") in (tmp_path / "a.zip").read_bytes()
    shown = document(audit(Request([str(tmp_path / "a.zip")], date(2023, 4, 15)), LAW, WORDS))
    assert "a.zip/Кандидат.csv, row 2" in shown["problems"][0]["message"]


@pytest.mark.parametrize("letters", ["utf-16", "utf-16-le"])
def test_a_large_file_in_two_bytes_a_letter_is_read_as_a_small_one(tmp_path, run, letters):
    """Excel's "Unicode text" ends its lines with CR and LF, of which bytes alone make no lines."""
    line = "SM-1,single_mandate,2023-03-01,donation,1,individual,Асанов\r\n"
    for name, lines in (("small", 10), ("large", 40_000)):
        content = "\ufeffcontestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\r\n" + line * lines
        (tmp_path / f"{name}.csv").write_bytes(content.removeprefix("\ufeff" if letters == "utf-16" else "").encode(letters))
        status, out, err = run("check", tmp_path / f"{name}.csv", "--lang", "en", "--select", "DON-001", "--fail-on", "never")
        assert (status, err) == (0, "")
        assert f"{lines:,}".replace(",", "\u202f") in out


def test_a_line_without_an_end_is_for_the_exact_parser_however_large_the_file(tmp_path, run):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n"
    line = "SM-1,single_mandate,2023-03-01,donation,1,individual,Асанов\n"
    (tmp_path / "reports.csv").write_text(heading + line * 60_000 + line.replace(",1,", f",{'9' * 1_100_000},"), encoding="utf-8")
    status, out, err = run("check", tmp_path / "reports.csv", "--lang", "en")
    assert (status, out) == (2, "")
    assert "row 60002" in err and "1000000 characters" in err.replace("\u202f", "").replace(",", "")


def test_a_sheet_or_a_file_with_the_same_cells_is_a_copy(tmp_path):
    lines = [HEADING.split(","), SMALL.split(",")]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        for name in ("reports", "reports (2)"):
            sheet = made.add_worksheet(name)
            for row, cells in enumerate(lines):
                sheet.write_row(row, 0, cells)
    (tmp_path / "b.csv").write_text("\n".join(";".join(cells) for cells in lines), encoding="utf-8")
    (tmp_path / "c.csv").write_text(f"{HEADING}\n{LARGE}\n", encoding="utf-8")
    made = audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS)
    assert [(one.code, one.file, one.sheet) for one in made.problems] == [("INP-015", "a.xlsx", "reports (2)"), ("INP-015", "b.csv", None)]
    assert "b.csv is a copy of a.xlsx, sheet reports;" in made.problems[1].message


def test_a_folder_inside_that_may_not_be_opened_stops_the_audit(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text(f"{HEADING}\n{SMALL}\n", encoding="utf-8")
    (tmp_path / "closed").mkdir()
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("closed") and may(path, mode))  # root may open all
    with pytest.raises(CannotRead, match="closed: this user may not do that"):
        audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS)
    with pytest.raises(CannotRead, match="closed: this user may not do that"):
        audit(Request([str(tmp_path / "closed")], date(2023, 4, 15)), LAW, WORDS)
    (tmp_path / "closed").rename(tmp_path / ".closed")  # nobody sees it, and nothing in it would be read
    assert audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS).problems == []


def test_joined_files_with_a_mark_between_them_are_read(told):
    made = told(HEADING, SMALL, "\ufeff" + HEADING, LARGE)
    assert codes(made) == []
    assert made["inputs"][0]["left_out"] == [{"row": 3, "reason": "the heading once more"}]


def test_lines_of_the_same_contestant_inside_a_cell_are_a_problem_whoever_is_written_there(told):
    """The quotation mark may be opened in the first cell, an id written otherwise, and a purpose may be of several lines with commas."""
    for opened, closed in (
        ('"' + LARGE, LARGE + '"'),
        (LARGE.replace(",A", ',"A'), SMALL.replace("C2", "c1") + '"'),
        (LARGE.replace(",A", ',"A'), SMALL.replace("C2,single_mandate", "телевидение,реклама") + '"'),
    ):
        made = told(HEADING, opened, closed, SMALL)
        assert "INP-008" in [code for code, _, _ in codes(made)], opened


@pytest.mark.parametrize(
    ("title", "refused"),
    [
        ("Отчёт (в тысячах тенге)", True),
        ("тыс. тенге", True),
        ("мың теңгемен", True),
        ("Amounts in thousands of tenge", True),
        ("Отчёт кандидата, тенге", False),
        ("Предел 7 млн тенге", False),
        ("Тысячник Пётр, кандидат", False),
        ("Суммы указаны в тенге (не в тысячах тенге)", False),
        ("Барлық сомалар теңгемен (мың теңгемен емес)", False),
        ("Amounts in tenge; not in thousands of tenge", False),
        ("Предельный размер расходов: сорок девять миллионов тенге", False),
        ("7 (семь) миллионов тенге", False),
        ("Тираж листовок в тысячах экземпляров", False),
        ("Единица измерения: тыс. тенге", True),
        ("Отчёт, в долларах США", True),
        ("Отчёт о взносах в долларах США не подаётся", False),
        ("Пожертвования не принимаются в долларах США", False),
        ("Отчёт не ведётся в рублях", False),
        ("Реклама в Евро", False),
        ("(в рублях)", True),
    ],
)
def test_a_title_that_says_thousands_is_no_tenge(told, title, refused):
    if refused:
        with pytest.raises(CannotRead, match="says that the amounts are not in tenge"):
            told(title, HEADING, SMALL)
    else:
        assert codes(told(title, HEADING, SMALL)) == []


@pytest.mark.parametrize(
    ("heading", "sheet", "refused"),
    [
        ([*NAMES[:4], "amount, тыс. тенге"], "Лист1", True),
        ([*NAMES[:5], "в тыс. тенге"], "Лист1", True),
        (NAMES[:5], "тыс.тенге", True),
        ([*NAMES[:4], "Сумма, USD"], "Лист1", True),
        ([*NAMES[:5], "Тысяча мелочей"], "Лист1", False),
        ([*NAMES[:5], "Сумма в долларах"], "Лист1", False),
        ([*NAMES[:5], "в долларах США"], "Лист1", True),
        ([*NAMES[:4], "amount (не в тысячах)"], "Лист1", False),
        ([*NAMES[:4], "Сумма (руб.)"], "Лист1", True),
        ([*NAMES[:4], "amount_rub"], "Лист1", True),
        (NAMES[:5], "Тысяча", False),
    ],
)
def test_a_heading_or_a_sheet_that_says_thousands_is_no_tenge(tmp_path, heading, sheet, refused):
    """Also where a mapping file says which column the amount is."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, heading)
        page.write_row(1, 0, ["C1", "single_mandate", "2023-03-01", "own_funds", 8000])
    where = dict(zip(NAMES[:5], heading, strict=False))
    stated = Stated(mapping=ForeignTable("m.yaml", "reports", where, {}, ()))
    if refused:
        with pytest.raises(CannotRead, match="says that the amounts are not in tenge"):
            audit(Request([str(path)], date(2023, 4, 15), stated=stated), LAW, WORDS)
    else:
        assert audit(Request([str(path)], date(2023, 4, 15), stated=stated), LAW, WORDS).rows == 1


def test_a_currency_that_was_stated_is_no_reason_to_refuse(tmp_path):
    """An election may be in another one; that amounts are thousands is refused all the same."""
    path = tmp_path / "a.csv"
    where = dict(zip(NAMES[:5], [*NAMES[:4], "Betrag, EUR"], strict=True))
    path.write_text(",".join(NAMES[:4]) + ',"Betrag, EUR"\nC1,single_mandate,2023-03-01,own_funds,5 EUR\n', encoding="utf-8")
    for currency, heading, reads in (((), "EUR", False), (("EUR",), "EUR", True), (("EUR",), "тыс. EUR", False)):
        path.write_text(path.read_text(encoding="utf-8").replace("Betrag, EUR", f"Betrag, {heading}"), encoding="utf-8")
        mapping = ForeignTable("m.yaml", "reports", {**where, "amount": f"Betrag, {heading}"}, {}, ())
        request = Request([str(path)], date(2023, 4, 15), stated=Stated(mapping=mapping, forms=Forms(currency=currency)))
        if reads:
            assert audit(request, LAW, WORDS).inputs[0].read == 1
        else:
            with pytest.raises(CannotRead, match="says that the amounts are not in tenge"):
                audit(request, LAW, WORDS)


def near_copies_of(folder, first, second, *, invoices=False):
    heading = "contestant_id,contest,report_id,report_type,period_start,period_end,date,kind,amount,counterparty_type,counterparty_name,invoice_no"
    for name, (report, amounts) in (("a", first), ("b", second)):
        lines = [
            f"SM-1,single_mandate,{report},2023-02-18,2023-03-31,2023-03-01,donation,{amount},individual,A,{name if invoices else ''}"
            for amount in amounts
        ]
        (folder / f"{name}.csv").write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    made = audit(Request([str(folder)], date(2023, 4, 15)), LAW, WORDS)
    return [one for one in made.problems if one.code == "INP-015"]


def test_a_report_and_its_correction_that_both_count_are_told(tmp_path):
    (told,) = near_copies_of(tmp_path, (",final", "1234"), (",final", "1235"))
    assert (told.file, told.row, told.contestant_id) == ("b.csv", 1, "SM-1")
    assert told.message.startswith("b.csv: of its 4 lines of SM-1 3 stand alike in a.csv (which has 4), and both count.")


def test_lines_with_other_documents_are_other_lines(tmp_path):
    assert len(near_copies_of(tmp_path, (",final", "1234"), (",final", "1235"))) == 1
    assert near_copies_of(tmp_path, (",final", "1234"), (",final", "1235"), invoices=True) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("R1,final", "1234"), ("R2,final", "1235")),  # the later one takes the place of the other
        (("I,interim", "1234"), ("F,final", "12345")),  # a final report repeats the interim ones
        ((",final", "12345"), (",final", "45678")),  # some instalments are alike
        ((",final", "1234567"), (",final", "12389999")),  # fewer than half
    ],
)
def test_what_does_not_count_twice_or_is_alike_in_little_is_not_told(tmp_path, first, second):
    assert near_copies_of(tmp_path, first, second) == []
