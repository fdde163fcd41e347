"""One filing in many formats gives the same findings; what is hostile, too large or no table is refused in one line."""

import csv
import io
import json
import random
import stat
import struct
import subprocess
import sys
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from auditor import wording
from auditor.errors import CannotRead
from auditor.read import archive, grid, workbook
from auditor.read.formats import tables_of
from auditor.read.instructions import Instructions
from auditor.render.data import document
from auditor.render.text import screen
from auditor.rulebook.load import load
from auditor.tables import TABLES
from auditor.workflow import Request, audit

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "majilis-2023"
LAW = load("kz/majilis-2023")
WORDS = wording.load("en")
ASKED = Instructions(LAW.headings, WORDS)
HEADING = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_name", "counterparty_id"]
LINE = ["SM-1", "single_mandate", "2023-03-01", "donation", "5000.00", "A donor", "900101300017"]


def rows_of(table):
    with (SAMPLE / f"{table}.csv").open(encoding="utf-8-sig", newline="") as source:
        return list(csv.reader(source))


def as_workbook(folder):
    book = xlsxwriter.Workbook(str(folder / "filing.xlsx"))
    for table in TABLES:
        sheet = book.add_worksheet(table)
        for number, cells in enumerate(rows_of(table)):
            for position, cell in enumerate(cells):
                sheet.write_string(number, position, cell)
    book.close()
    return folder / "filing.xlsx"


def frame_of(table):
    heading, *records = rows_of(table)
    return pl.DataFrame({name: [record[n] if n < len(record) else None for record in records] for n, name in enumerate(heading)})


def as_parquet(folder):
    for table in TABLES:
        frame_of(table).write_parquet(folder / f"{table}.parquet")
    return folder / "reports.parquet"


def as_ndjson(folder):
    for table in TABLES:
        frame_of(table).write_ndjson(folder / f"{table}.ndjson")
    return folder


def as_zip(folder):
    with zipfile.ZipFile(folder / "filing.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for table in TABLES:
            out.write(SAMPLE / f"{table}.csv", f"округ 3/{table}.csv")
    return folder / "filing.zip"


def as_semicolons_in_a_code_page(folder):
    for table in TABLES:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows_of(table))
        (folder / f"{table}.csv").write_bytes(out.getvalue().encode("utf-16"))
    return folder


def findings(path):
    made = document(audit(Request([str(path)], date(2023, 4, 15)), LAW, WORDS))
    for finding in made["findings"]:
        for place in (*finding["rows"], *([finding["crossing"]] if finding["crossing"] else [])):
            del place["file"], place["sheet"]
    problems = [(p["code"], p["row"], p["column"], p["value"]) for p in made["problems"]]
    return made["findings"], problems, made["summary"], made["contestants"]


@pytest.fixture(scope="module")
def as_filed():
    return findings(SAMPLE / "reports.csv")


@pytest.mark.parametrize("write", [as_workbook, as_parquet, as_ndjson, as_zip, as_semicolons_in_a_code_page])
def test_the_same_filing_in_another_format(tmp_path, write, as_filed):
    assert findings(write(tmp_path)) == as_filed


def sheet(tmp_path, write):
    path = tmp_path / "отчёт.xlsx"
    book = xlsxwriter.Workbook(str(path))
    write(book, book.add_worksheet("Лист 1"))
    book.close()
    (table,), *_ = tables_of(path, path.name, ASKED, None)
    return table, table.frame.collect()


def test_title_rows_a_moved_table_and_the_cells_of_a_spreadsheet(tmp_path):
    def write(book, page):
        page.write(0, 2, "Отчёт о поступлениях")
        page.merge_range(1, 2, 1, 8, "за период с 18 февраля")
        for position, cell in enumerate(
            ["ID кандидата", "contest", "Дата", "Вид операции", "Сумма (тенге)", "Жертвователь", "ИИН"], start=2
        ):
            page.write(4, position, cell)
        page.write_row(5, 2, ["SM-1", "single_mandate"])
        page.write_datetime(5, 4, datetime(2023, 2, 18), book.add_format({"num_format": "dd.mm.yyyy"}))
        page.write_row(5, 5, ["donation", 7000000.01, "=1+1 & Co"[1:], 10228600010])
        page.write_row(7, 2, ["SM-1", "single_mandate", 44976, "donation", 5000])
        page.write_formula(7, 7, '=HYPERLINK("http://example.org","x")', None, "x")

    table, frame = sheet(tmp_path, write)
    assert (table.table, table.sheet, table.notes) == ("reports", "Лист 1", ["the heading is in row 5", WORDS("check.plain_days", n=1)])
    assert frame["__row__"].to_list() == [6, 8]
    assert frame["date"].to_list() == ["2023-02-18", "2023-02-19"]
    assert frame["amount"].to_list() == ["7000000.01", "5000"]
    assert frame["counterparty_id"].to_list() == ["10228600010", None]
    assert frame["counterparty_name"].to_list() == ["1+1 & Co", "x"]


# What a sum of amounts can come to inside a spreadsheet is the last one.
AMOUNTS = [
    *("0.01", "1234567.89", "234021272.06", "352000000.01", "999999999.99", "1050000000.01", "123456789012.35", "9999999999999.99"),
    *("0.1", "7000000", "49000000.5", "352000000.01000005"),
]


def test_an_amount_that_is_a_number_is_read_as_it_was_typed(tmp_path):
    def write(book, page):
        page.write_row(0, 0, ["contestant_id", "contest", "date", "kind", "amount", "quantity", "contract_no"])
        for row, amount in enumerate(AMOUNTS, start=1):
            page.write_row(row, 0, ["SM-1", "single_mandate", "2023-03-01", "donation", float(amount), float(amount)])
            page.write_string(row, 6, "20230215.12345678")

    _, frame = sheet(tmp_path, write)
    assert frame["amount"].to_list() == frame["quantity"].to_list() == [*AMOUNTS[:-1], "352000000.01"]
    assert set(frame["contract_no"]) == {"20230215.12345678"}


@pytest.mark.parametrize(
    ("noisy", "read"),
    [
        (70783554.88000011, "70783554.88"),
        (83554.8800000011, "83554.88"),
        (1_050_000_000.0100021, "1050000000.01"),
        (7_000_000.000000004, "7000000.00"),
        (-1e-10, "0.00"),
        (-1.2e-8, "0.00"),
        # What people see is no whole tiyn, and is not taken for one.
        (142857.142857143, "142857.142857143"),
        (70783554.8801, "70783554.8801"),
        (70783554.88000511, "70783554.8800051"),
        (0.0000011, "0.0000011"),
    ],
)
def test_what_adding_up_left_in_a_sum_is_no_part_of_it(tmp_path, noisy, read):
    def write(book, page):
        page.write_row(0, 0, ["contestant_id", "contest", "date", "kind", "amount"])
        page.write_row(1, 0, ["SM-1", "single_mandate", "2023-03-01", "donation"])
        page.write_formula(1, 4, "=SUM(H1:H9)", None, noisy)

    _, frame = sheet(tmp_path, write)
    assert frame["amount"].to_list() == [read]


def test_no_sum_of_tiyns_is_refused_for_how_a_spreadsheet_adds(tmp_path):
    """1,200 sums of up to 1,000 amounts, half of them less other amounts, as a spreadsheet adds them up."""
    chance = random.Random(5)
    exact, noisy = [], []
    for n in range(1_200):
        amounts = [
            chance.randrange(1, 10_000_000) * (-1 if n % 2 and chance.random() < 0.4 else 1) for _ in range(chance.randrange(2, 1_000))
        ]
        exact.append(f"{Decimal(sum(amounts)) / 100:.2f}")
        noisy.append(sum(amount / 100 for amount in amounts))

    def write(book, page):
        page.write_row(0, 0, ["contestant_id", "contest", "date", "kind", "amount"])
        for row, amount in enumerate(noisy, start=1):
            page.write_row(row, 0, ["SM-1", "single_mandate", "2023-03-01", "donation", amount])

    _, frame = sheet(tmp_path, write)
    assert [f"{Decimal(amount):.2f}" for amount in frame["amount"]] == exact
    assert all(Decimal(amount) == Decimal(amount).quantize(Decimal("0.01")) for amount in frame["amount"])


def test_lost_zeros_of_a_workbook_are_put_back_with_a_note(tmp_path):
    def write(book, page):
        page.write_row(0, 0, HEADING)
        page.write_row(1, 0, [*LINE[:6], 10228600010])

    sheet(tmp_path, write)
    made = audit(Request([str(tmp_path / "отчёт.xlsx")], date(2023, 4, 15)), LAW, WORDS)
    assert not made.problems
    assert "1" in made.inputs[0].notes[0]
    assert made.inputs[0].sheet == "Лист 1"


def test_numbers_of_ndjson_keep_their_digits(tmp_path):
    path = tmp_path / "reports.ndjson"
    record = '{"contestant_id": "SM-1", "contest": "single_mandate", "date": "2023-03-01", "kind": "donation", "amount": 7000000.10}'
    path.write_text(record + "\n\n" + record.replace("7000000.10", "12345678901234567890.12") + "\n", encoding="utf-8")
    (table,), *_ = tables_of(path, path.name, Instructions({}, WORDS), "reports")
    frame = table.frame.collect()
    assert frame["amount"].to_list() == ["7000000.10", "12345678901234567890.12"]
    assert frame["__row__"].to_list() == [2, 4]


def test_every_line_of_ndjson_that_is_no_record_is_told_up_to_twenty(tmp_path):
    path = tmp_path / "reports.ndjson"
    path.write_text("{bad\n[1]\n" + "{}\n" * 3 + "x\n" * 30, encoding="utf-8")
    with pytest.raises(CannotRead) as caught:
        tables_of(path, path.name, ASKED, "reports", None)
    assert [one.partition("row ")[2].partition(":")[0] for one in caught.value.mistakes] == ["2", "3", *(str(n) for n in range(7, 25))]


def test_only_line_feeds_end_a_record_of_ndjson(tmp_path):
    path = tmp_path / "reports.ndjson"
    names = ["a\u2028b", "a\x85b"]
    lines = [json.dumps(dict(zip(HEADING, [*LINE[:5], name, LINE[6]], strict=True)), ensure_ascii=False) for name in names]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode())
    (table,), *_ = tables_of(path, path.name, Instructions({}, WORDS), "reports")
    assert table.frame.collect()["counterparty_name"].to_list() == names
    assert table.rows == 2


def refused(path, *says, data=None):
    with pytest.raises(CannotRead) as caught:
        tables_of(path, path.name, ASKED, "reports", data)
    assert len(caught.value.mistakes) == 1
    for part in (path.name, *says):
        assert part in caught.value.mistakes[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[1]\n", "row 2: this is no JSON object"),
        ("{}\n{\n", "row 3: this is no JSON object"),
        ('{"a": 1, "a": 2}\n', 'the key "a" stands twice'),
        ('{"amount": [1]}\n', "holds several values"),
        ("[" * 100_000 + "\n", "row 2: this is no JSON object"),
        ("x" * 1_000_001 + "\n", "1,000,001 characters"),
    ],
)
def test_broken_ndjson(tmp_path, text, says):
    path = tmp_path / "reports.ndjson"
    path.write_text(text, encoding="utf-8")
    refused(path, says)


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".xls", ".parquet", ".zip"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a file of this kind at all", bytes(range(256)) * 8])
def test_what_only_has_the_name_of_a_format(tmp_path, suffix, data):
    path = tmp_path / f"reports{suffix}"
    path.write_bytes(data)
    refused(path)


def zipped(tmp_path, *entries):
    path = tmp_path / "filing.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for entry, content in entries:
            out.writestr(entry, content)
    return path


@pytest.mark.parametrize(("one", "other"), [("a/x.csv", "a\\x.csv"), ("a b.csv", "a\tb.csv"), ("a//x.csv", "a/x.csv")])
def test_two_files_that_would_be_known_by_one_name_are_refused(tmp_path, one, other):
    refused(zipped(tmp_path, (one, "a,b\n"), (other, "a,b\n")), "twice")


@pytest.mark.parametrize("name", ["../reports.csv", "/etc/reports.csv", "a/../../reports.csv", "C:\\reports.csv", "..\\reports.csv"])
def test_a_name_that_leads_out_of_the_archive(tmp_path, name):
    refused(zipped(tmp_path, (name, "a,b\n")), "leads out of the archive")


def test_a_link_in_an_archive(tmp_path):
    entry = zipfile.ZipInfo("reports.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(zipped(tmp_path, (entry, "/etc/passwd")), "is a link")


def test_an_archive_in_an_archive(tmp_path):
    refused(zipped(tmp_path, ("inner.zip", b"PK\x03\x04")), "an archive in the archive")


def test_bombs_are_refused_before_they_are_unpacked(tmp_path):
    refused(zipped(tmp_path, ("reports.csv", b"0" * 60_000_000)), "would unpack to 60,000,000 bytes")
    bomb = tmp_path / "reports.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    refused(bomb, "would unpack to 60,000,000 bytes")


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    refused(zipped(tmp_path, ("a.csv", ""), ("b.csv", ""), ("c.csv", "")), "3 files are more")


def test_a_lie_about_the_size_is_noticed(tmp_path):
    path = zipped(tmp_path, ("reports.csv", b"contestant_id\n" * 1000))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(bytes(data))
    refused(path)


def test_ten_thousand_columns(tmp_path):
    path = tmp_path / "reports.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("reports").write_row(0, 0, [f"c{n}" for n in range(10_000)])
    book.close()
    refused(path, f"10,000 columns are more than a table has ({grid.MOST_COLUMNS:,})")


def whole_filing(path):
    """A workbook with the lines and the register of one contestant."""
    book = xlsxwriter.Workbook(str(path))
    lines, register = book.add_worksheet("reports"), book.add_worksheet("contestants")
    for row, cells in enumerate([[*HEADING, "counterparty_type"], ["SM-1", *LINE[1:4], "8000000", *LINE[5:], "individual"]]):
        lines.write_row(row, 0, cells)
    for row, cells in enumerate([["contestant_id", "contest", "name"], ["SM-1", "single_mandate", "Invented"]]):
        register.write_row(row, 0, cells)
    book.close()
    return path


@pytest.mark.parametrize("name", ["reports", "contestants", "statement", "filing"])
@pytest.mark.parametrize("given", ["the file", "its folder", "an archive of it"])
def test_whatever_it_is_named_after_a_workbook_is_read_whole(name, given, tmp_path):
    path = whole_filing(tmp_path / f"{name}.xlsx")
    if given == "an archive of it":
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
            packed.write(path, path.name)
        path.unlink()
    asked = {"the file": path, "its folder": tmp_path, "an archive of it": tmp_path / "all.zip"}[given]
    made = document(audit(Request([str(asked)], date(2023, 4, 15), select=["DON-001"]), LAW, WORDS))
    assert [(one["table"], one["sheet"]) for one in made["inputs"]] == [("reports", "reports"), ("contestants", "contestants")]
    assert [one["measured"] for one in made["findings"]] == ["8000000.00"]
    assert made["passed_over"] == []


def test_the_register_of_the_commission_goes_before_what_a_workbook_says_of_its_contestant(tmp_path):
    (tmp_path / "SM-1").mkdir()
    whole_filing(tmp_path / "SM-1" / "reports.xlsx")
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name\nSM-1,single_mandate,By the commission\n", encoding="utf-8")
    made = audit(Request([str(tmp_path)], date(2023, 4, 15), select=["DON-001"]), LAW, WORDS)
    assert [one.name for one in made.contestants] == ["By the commission"]
    assert [(one.code, one.file) for one in made.problems] == [("INP-012", "SM-1/reports.xlsx")]


def test_of_a_workbook_named_as_one_table_or_lying_beside_the_others_are_named(tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    book = whole_filing(other / "contestants.xlsx")
    reports = tmp_path / "reports.csv"
    reports.write_text(f"{','.join(HEADING)}\n{','.join(LINE)}\n", encoding="utf-8")
    named = audit(Request([str(reports)], date(2023, 4, 15), tables={"contestants": str(book)}, select=["DON-001"]), LAW, WORDS)
    book.rename(tmp_path / "contestants.xlsx")
    beside = audit(Request([str(reports)], date(2023, 4, 15), select=["DON-001"]), LAW, WORDS)
    for made in (named, beside):
        assert [one.table for one in made.inputs] == ["reports", "contestants"]
        assert [one.rpartition("/")[2] for one in made.passed_over] == ["contestants.xlsx, reports"]
        assert "it is a sheet beside the one table that was wanted" in " ".join(screen(made, WORDS).split())


def test_a_day_without_its_format_is_read_and_told(tmp_path):
    path = tmp_path / "reports.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("reports")
    for row, day in enumerate(["date", 44986, "44986", 44986.5, "2023-03-01", 2023], 0):
        sheet.write_row(row, 0, [*HEADING[:2], day, *HEADING[3:]] if row == 0 else [*LINE[:2], day, *LINE[3:]])
    book.close()
    (table,), *_ = tables_of(path, path.name, ASKED, None)
    assert table.frame.collect()["date"].to_list() == ["2023-03-01"] * 4 + ["2023"]
    assert WORDS("check.plain_days", n=3) in table.notes


def test_a_length_of_time_in_a_parquet_is_text_as_any_other(tmp_path):
    path = tmp_path / "reports.parquet"
    column = pl.Series("minutes", [timedelta(minutes=90)])
    pl.DataFrame(dict(zip(HEADING, ([cell] for cell in LINE), strict=True))).with_columns(column, invoice_no=column).write_parquet(path)
    (table,), *_ = tables_of(path, path.name, ASKED, None)
    assert table.frame.collect()["invoice_no"].to_list() == ["PT1H30M"]


def test_a_workbook_without_a_table(tmp_path):
    path = tmp_path / "reports.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("notes").write(0, 0, "hello")
    book.close()
    tables, others, *_ = workbook.read(path.read_bytes(), path.name, ASKED, None)
    assert (tables, others) == ([], ["reports.xlsx, notes"])


def test_the_nearest_heading_is_complained_of(tmp_path):
    path = tmp_path / "reports.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("reports")
    page.write(0, 0, "Отчёт")
    page.write_row(2, 0, ["ID кандидата", "contest", "Дата", "Вид операции", "Сумам"])
    book.close()
    refused(path, 'the required column amount (closest: "Сумам") is missing')


def test_standard_input_is_told_by_its_first_bytes(tmp_path):
    path = as_workbook(tmp_path)
    tables, *_ = tables_of(Path("-"), "-", ASKED, None, path.read_bytes())
    assert [table.table for table in tables] == list(TABLES)
    (one,), *_ = tables_of(Path("-"), "-", ASKED, "reports", (json.dumps(dict(zip(HEADING, LINE, strict=True))) + "\n").encode())
    assert one.rows == 1


def as_ods(path, rows):
    """The smallest ODS workbook that has these cells."""
    space = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    space += ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'.format
    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    sheet = f'<table:table table:name="Есеп">{lines}</table:table>'
    content = f"<office:document-content {space}><office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'.format
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", kind)
        out.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}</office:document-content>')
        listed = entry("/", kind) + entry("content.xml", "text/xml")
        out.writestr("META-INF/manifest.xml", f'<?xml version="1.0"?><manifest:manifest {manifest}>{listed}</manifest:manifest>')
    return path


EACH_CHECKED = """
import sys
from auditor.cli.main import main
for path in sys.argv[1:]:
    sys.argv = ["audit", "check", path]
    try:
        main()
    except SystemExit as left:
        print(path, left.code)
"""


def test_an_ods_that_is_no_whole_xml_is_refused_and_not_read_for_ever(tmp_path):
    """In a process of its own that can be ended."""
    paths = []
    for cut in ("</table:table>", "</table:table-row></table:table>", "</office:spreadsheet>", "</text:p>"):
        path = as_ods(tmp_path / f"reports {len(paths)}.ods", [HEADING, LINE])
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        assert cut.encode() in parts["content.xml"]
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content.replace(cut.encode(), b"", 1) if name == "content.xml" else content)
        paths.append(str(path))
    done = subprocess.run([sys.executable, "-c", EACH_CHECKED, *paths], capture_output=True, text=True, timeout=60)  # noqa: PLW1510
    assert done.stdout.splitlines() == [f"{path} 2" for path in paths]
    said = done.stderr.splitlines()
    assert len(said) == len(paths) and all(Path(path).name in one for path, one in zip(paths, said, strict=True)), said


def test_a_sheet_of_ods(tmp_path):
    path = as_ods(tmp_path / "есеп.ods", [["Есеп", "", ""], HEADING, LINE, [*LINE[:4], "7 000 000,00", "Қ. Әлі", ""]])
    (table,), *_ = tables_of(path, path.name, ASKED, None)
    frame = table.frame.collect()
    assert (table.sheet, frame["__row__"].to_list()) == ("Есеп", [3, 4])
    assert frame["amount"].to_list() == ["5000.00", "7 000 000,00"]
    assert frame["counterparty_name"].to_list() == ["A donor", "Қ. Әлі"]
    (same,), *_ = tables_of(Path("-"), "-", ASKED, "reports", path.read_bytes())
    assert same.rows == 2


def test_a_sheet_without_a_required_column_does_not_take_the_others_with_it(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "f.xlsx"))
    for name, rows in (("reports", [HEADING, LINE]), ("contestants", [["contestant_id", "contest"], ["SM-1", "single_mandate"]])):
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    book.close()
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as out:
        out.writestr("reports.csv", ",".join(HEADING) + "\n" + ",".join(LINE))
        out.writestr("contestants.csv", "contestant_id,contest\nSM-1,single_mandate\n")
    for name, sheet in (("f.xlsx", "contestants"), ("f.zip", None)):
        made = audit(Request([str(tmp_path / name)], date(2023, 4, 15)), LAW, WORDS)
        assert [one.table for one in made.inputs] == ["reports"]
        (problem,) = [one for one in made.problems if one.code == "INP-014"]
        assert (problem.sheet, problem.row, problem.column) == (sheet, 1, "name")


def test_a_value_that_stands_twice_in_a_record_is_no_heading_that_stands_twice(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text("contestant_id,contest,date,kind\nSM-1,SM-1,0.01,0.01\n", encoding="utf-8")
    refused(path, "row 1: the required column amount is missing")


def test_42_workbooks_in_a_folder_are_one_audit(tmp_path):
    """Each candidate sends one, with titles, its own order of columns and its own name of the sheet."""
    names = [*HEADING, "counterparty_type"]
    for n in range(1, 43):
        book = xlsxwriter.Workbook(str(tmp_path / f"кандидат {n:02}.xlsx"))
        page = book.add_worksheet(f"Отчёт {n}" if n % 2 else "Лист1")
        page.write(0, 0, f"Кандидат № {n}")
        heading = names[::-1] if n % 3 else names
        for at, line in enumerate(
            [names, [f"SM-{n:02}", *LINE[1:4], 7_000_000.01 if n == 7 else 5000, *LINE[5:], "individual"]], start=n % 4 + 1
        ):
            cells = dict(zip(names, line, strict=True))
            page.write_row(at, 0, [cells[name] for name in heading])
        page.write_row(9, 0, ["Итого" if name == "counterparty_name" else "" for name in heading])
        book.close()
    made = audit(Request([str(tmp_path)], date(2023, 4, 15)), LAW, WORDS)
    assert (len(made.inputs), len(made.contestants), made.rows) == (42, 42, 84)
    assert all((one.rows, one.read, one.unread, len(one.left_out)) == (2, 1, 0, 1) for one in made.inputs)
    (breach,) = [finding for finding in made.findings if finding.rule == "DON-001" and finding.outcome == "breach"]
    (line,) = breach.lines
    assert (breach.contestant_id, line.place.file, line.place.sheet, line.place.row) == ("SM-07", "кандидат 07.xlsx", "Отчёт 7", 6)
    # On the screen they are told together, and what is odd about one of them still by itself.
    lines = screen(made, WORDS, width=100).splitlines()
    told = lines[: next(n for n, line in enumerate(lines) if line.startswith("  rules"))]
    # The seventh has tiyn, and with them a decimal mark, so it is not quite like the others.
    assert len(told) < 25
    assert any("кандидат 01.xlsx … кандидат 06.xlsx: 6 files read alike, 12 rows" in line for line in told)
    assert any("кандидат 08.xlsx … кандидат 42.xlsx: 35 files read alike, 70 rows" in line for line in told)
    assert any("70 rows = 35 read + 0 that could not be read + 35 left out" in line for line in told)


def test_an_index_of_reports_that_we_wrote_is_no_register(tmp_path):
    from auditor.publish.lists import COLUMNS

    (tmp_path / "reports.csv").write_text("contestant_id,contest,date,kind,amount\nA,single_mandate,2023-03-01,own_funds,5\n")
    (tmp_path / "index.csv").write_text(",".join(COLUMNS) + "\nA,Somebody,single_mandate,,,0,0,0,0,0,A.pdf,0,3\n")
    made = audit(Request([str(tmp_path)], date(2023, 4, 15)), load("kz/majilis-2023"), WORDS)
    assert [one.table for one in made.inputs] == ["reports"]
    assert made.passed_over == ("index.csv",)


def test_a_copy_of_a_file_is_said_to_count_twice(tmp_path):
    for name in ("reports.csv", "reports-1.csv"):
        (tmp_path / name).write_text("contestant_id,contest,date,kind,amount\nA,single_mandate,2023-03-01,own_funds,5\n")
    made = audit(Request([str(tmp_path)], date(2023, 4, 15)), load("kz/majilis-2023"), WORDS)
    assert [(one.code, one.file, "copy of reports-1.csv" in one.message) for one in made.problems] == [("INP-015", "reports.csv", True)]


def test_files_of_one_name_in_two_folders_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder, amount in (("x", 5), ("y", 6)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "reports.csv").write_text(
            f"contestant_id,contest,date,kind,amount\nA,single_mandate,2023-03-01,own_funds,{amount}\n"
        )
    (tmp_path / "y" / "other.csv").write_text("contestant_id,contest,date,kind,amount\nA,single_mandate,2023-03-01,own_funds,7\n")
    made = audit(Request(["x", "y"], date(2023, 4, 15)), load("kz/majilis-2023"), WORDS)
    assert [one.file for one in made.inputs] == ["other.csv", "x/reports.csv", "y/reports.csv"]
