"""Every message about input: its words in English, and the same message, from the same file, in Russian and in Kazakh."""

import io
import re
import stat
import warnings
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from catalogues import sentences

from auditor import wording
from auditor.errors import CannotRead
from auditor.read import archive, delimited, formats, grid, parquet_ndjson, stray_cells, workbook
from auditor.read import cells as cells_of_text
from auditor.read.formats import tables_of
from auditor.read.instructions import ForeignTable, Forms, Instructions, Stated
from auditor.rulebook.load import load
from auditor.rulebook.models import told_codes
from auditor.tables import columns
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
ONE = ["DON-001"]  # what is said of cells and records is said whatever is checked
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id\n"
LINE = "SM-1,single_mandate,2023-03-01,donation,5000,individual,A donor,900101300017\n"


def book(*sheets):
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    for name, rows in sheets:
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    made.close()
    return out.getvalue()


def zipped(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries:
            made.writestr(name, data)
    return out.getvalue()


def twice(name, data):
    with warnings.catch_warnings(action="ignore"):
        return zipped((name, data), (name, data))


def link():
    entry = zipfile.ZipInfo("link.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((entry, "/etc/passwd"))


def parquet(frame):
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def damaged(data):
    """A zip whose stored bytes are not what its sum says."""
    at = data.index(b"contestant")
    return data[:at] + b"C" + data[at + 1 :]


def stored(name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        made.writestr(name, text)
    return out.getvalue()


def single(numbers):
    """A record of `reports` with these numbers in single precision."""
    texts = dict(zip(HEADING.strip().split(","), LINE.strip().split(","), strict=False))
    return pl.DataFrame([{**texts, **numbers}]).with_columns(pl.col(list(numbers)).cast(pl.Float32))


def locked(data):
    """A zip whose directory says that its file has a password."""
    at = data.index(b"PK\x01\x02") + 8
    return data[:at] + bytes([data[at] | 1]) + data[at + 1 :]


def foreign(**columns):
    return Stated(mapping=ForeignTable("m.yaml", "reports", columns))


# key → file, its bytes, what is stated, limits made small, and the whole sentence in English.
CASES = {
    "empty": ("r.csv", b"", {}, {}, "r.csv: the file is empty; expected a heading and a row for each record."),
    "nul": ("r.csv", b"a\0b", {}, {}, "r.csv: the file has NUL bytes, so it is not text; save it as CSV in UTF-8."),
    "broken_utf8": ("r.csv", (HEADING + "Ёлкин Пётр Ёлкин\n").encode() + b"\xd0\n", {}, {}, "r.csv: byte 123 (row about 3) is not UTF-8 though the rest is; ask for the file again."),
    "two_letters": ("r.csv", "а,б\nй\n".encode("cp866"), {}, {}, None),
    "no_letters": ("r.csv", "Schön Müller,Straße\n".encode("latin-1"), {}, {}, None),
    "not_encoding": ("r.csv", b"\xff\xff", Stated(encoding="utf-8"), {}, "r.csv: byte 1 is not utf-8; ask for the file again."),
    "cell_too_long": ("r.csv", (HEADING + "x" * 200 + "\n").encode(), {}, {(cells_of_text, "LARGEST_CELL"): 100}, "r.csv, row 2: field larger than field limit (100); a cell has at most 100 characters."),
    "quote_never_closed": ("r.csv", (HEADING + 'a,"b\nc\n').encode(), {}, {}, "r.csv, row 2: a quotation mark is opened and never closed, so the rows after it cannot be told apart."),
    "no_heading": ("r.csv", b"\n\n", {}, {}, "r.csv, row 1: there is no heading."),
    "no_heading_needs_mapping": ("r.csv", LINE.encode(), Stated(heading_row=0), {}, "r.csv: a table without a heading needs a mapping file that names its columns by number (audit map suggest)."),
    "no_such_row": ("r.csv", HEADING.encode(), Stated(heading_row=7), {}, "r.csv: there is no row 7 for the heading."),
    "column_twice": ("r.csv", HEADING.replace("kind", "Сумма").encode(), {}, {}, 'r.csv, row 1: the column amount is there twice ("Сумма" and "amount"); remove or rename one of them.'),
    "heading_twice": ("r.csv", (HEADING.strip() + ",x,x\n").encode(), {}, {}, 'r.csv, row 1: the heading "x" is there twice; remove or rename one of them.'),
    "column_missing": ("r.csv", b"contestant_id,contest,date,kind,ammount\n", {}, {}, 'r.csv, row 1: the required column amount (closest: "ammount") is missing. Found: contestant_id · contest · date · kind · ammount. What other headings mean is said with --mapping (audit map suggest writes one); audit template reports makes an empty form.'),
    "mapping_number": ("r.csv", HEADING.encode(), foreign(amount=99), {}, "r.csv: m.yaml means column 99, but the table has 8."),
    "mapping_heading": ("r.csv", b"a,b\n", foreign(amount="c"), {}, 'r.csv, row 1: m.yaml means the heading "c", which is not there. Found: a · b.'),
    "mapping_heading_twice": ("r.csv", b"a,a\n", foreign(amount="a"), {}, 'r.csv, row 1: m.yaml means the heading "a", which is there twice; give its number instead. Found: a · a.'),
    "too_wide": ("r.xlsx", book(("x", [["a"] * 30])), {}, {(grid, "MOST_COLUMNS"): 20}, "r.xlsx, sheet x: 30 columns are more than a table has (20)."),
    "no_workbook": ("r.xlsx", b"PK\x03\x04 no book", {}, {}, None),
    "protected": ("r.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), {}, {}, "r.xlsx: it is protected with a password. Save it without one."),
    "document": ("r.xlsx", stored("word/document.xml", "<w:t/>"), {}, {}, "r.xlsx: it is a text document, not a workbook. Save its table as CSV or XLSX."),
    "not_a_workbook": ("r.xlsx", b"no book", {}, {}, None),
    "no_text": ("r.csv", b"%PDF-1.7\n", {}, {}, "r.csv: this is no text, but by its first bytes: PDF. Give the file its own ending, or save the table as CSV or XLSX."),
    "not_in_tenge": ("r.csv", ("Отчёт, тыс. тенге\n" + HEADING + LINE).encode(), {}, {}, 'r.csv, row 1: "Отчёт, тыс. тенге" says that the amounts are not in tenge. Write them in tenge, and take this out.'),
    "swallowed": ("r.csv", (HEADING + LINE.rstrip("\n") + ',"a\n' + LINE.replace("SM-1", "SM-2").rstrip("\n") + ',b"\n').encode(), {}, {}, "r.csv, row 2: a quotation mark is opened here and closed only in the lines of another contestant (SM-2), so the lines between cannot be told apart: 1."),
    "single_precision": ("r.parquet", parquet(single({"amount": 1.5, "quantity": 2.0})), {}, {}, 'r.parquet: the column "amount" holds Float32, which keeps seven digits: a tiyn, or the end of an id, is lost in it. Ask for the file with decimals or text.'),
    "zip_empty": ("r.zip", zipped(), {}, {}, "r.zip: there is no file in this archive."),
    "zip_password": ("r.zip", locked(zipped(("a.csv", HEADING))), {}, {}, "r.zip: a.csv has a password; ask for the file without one."),
    "sheet_missing": ("r.xlsx", book(("x", [["a"]])), Stated(sheet="y"), {}, 'r.xlsx: there is no sheet "y"; there are: x.'),
    "workbook_size": ("r.xlsx", book(("x", [["a" * 30_000]])), {}, {(workbook, "MOST_BYTES"): 1000}, None),
    "no_zip": ("r.zip", b"PK no", {}, {}, "r.zip: it cannot be opened as a zip archive (File is not a zip file)."),
    "zip_files": ("r.zip", zipped(("a.csv", HEADING), ("b.csv", HEADING)), {}, {(archive, "MOST_FILES"): 1}, "r.zip: 2 files are more than an archive may have (1)."),
    "zip_size": ("r.zip", zipped(("a.csv", HEADING * 100)), {}, {(archive, "MOST_BYTES"): 1000}, "r.zip: it would unpack to 9,100 bytes; an archive may have 1,000 and 200 times its size."),
    "zip_out": ("r.zip", zipped(("../a.csv", HEADING)), {}, {}, 'r.zip: the name "../a.csv" leads out of the archive.'),
    "zip_link": ("r.zip", link(), {}, {}, 'r.zip: "link.csv" is a link; an archive may have files only.'),
    "zip_in_zip": ("r.zip", zipped(("a.zip", b"")), {}, {}, 'r.zip: "a.zip" is an archive in the archive; unpack it first.'),
    "zip_twice": ("r.zip", twice("a.csv", HEADING), {}, {}, 'r.zip: "a.csv" is in the archive twice; take one of the two out.'),
    "stray_cell": ("r.xlsx", book(("x", [["a"], ["b"] * 30])), {}, {(stray_cells, "MOST_PLACES"): 20, (stray_cells, "_FULL"): 1}, "r.xlsx, sheet x: cell AD2 lies far from all others, and a table cannot be made of what is between; delete it, or the empty rows and columns before it."),
    "zip_broken": ("r.zip", damaged(stored("a.csv", HEADING)), {}, {}, "r.zip: \"a.csv\" cannot be unpacked (Bad CRC-32 for file 'a.csv')."),
    "no_parquet": ("r.parquet", b"PAR1 no", {}, {}, None),
    "nested_column": ("r.parquet", parquet(pl.DataFrame({"a": [[1]]})), {}, {}, 'r.parquet: the column "a" holds List(Int64), not one value in each row.'),
    "ndjson_utf8": ("r.ndjson", b"\xff", {}, {}, "r.ndjson: byte 1 is not UTF-8; NDJSON is UTF-8."),
    "record_too_long": ("r.ndjson", b'{"a": "' + b"x" * 100 + b'"}', {}, {(parquet_ndjson, "LONGEST_LINE"): 50}, "r.ndjson, row 2: 109 characters are more than a record has (50)."),
    "key_twice": ("r.ndjson", b'{"a": 1, "a": 2}', {}, {}, 'r.ndjson, row 2: the key "a" stands twice.'),
    "json": ("r.json", b'[{"a": 1}]', {}, {}, "r.json: a JSON document is not read; save the table as NDJSON (a file .ndjson with one object on each line) or as CSV."),
    "no_object": ("r.ndjson", b"[1]", {}, {}, "r.ndjson, row 2: this is no JSON object."),
    "nested_value": ("r.ndjson", b'{"a": [1]}', {}, {}, 'r.ndjson, row 2: "a" holds several values, not one.'),
    "half_letter": ("r.ndjson", b'{"a": "\\ud800"}', {}, {}, "r.ndjson, row 2: it holds half of a character (\\ud800 to \\udfff); ask for the file again."),
    "too_many_cells": ("r.parquet", parquet(pl.DataFrame({"a": ["x"] * 30, "b": ["y"] * 30})), {}, {(parquet_ndjson, "MOST_CELLS"): 50}, "r.parquet: 60 cells are more than can be read in this format (50); save the table as CSV."),
    "too_many_bytes": ("r.ndjson", b'{"a": 1, "b": 2}', {}, {(formats, "MOST_HELD"): 9}, "r.ndjson: 16 bytes are more than can be read in this format (9); save the table as CSV."),
    "too_large_to_take_apart": ("r.csv", (HEADING + LINE).encode(), {}, {(delimited, "_MOST_TAKEN_APART"): 99}, None),
    "no_record": ("r.ndjson", b"", {}, {}, "r.ndjson: there is no record."),
    "no_table": ("r.xlsx", book(("x", [["a", "b"]])), {}, {}, None),
    "is_folder": (None, None, {}, {}, None),
    "which_decimal_mark": ("r.csv", (HEADING + LINE.replace("5000", "5.000") * 2).encode(), {}, {}, 'r.csv, column amount: all amounts are like "5.000", which has two readings; say which with --decimal-mark point or --decimal-mark comma.'),
    "which_date_order": ("r.csv", (HEADING + LINE.replace("2023-03-01", "3/1/2023") * 2).encode(), {}, {}, 'r.csv, column date: all dates are like "3/1/2023", which has two readings; say which with --date-order dmy (day first) or --date-order mdy (month first).'),
    "only_likely": ("r.csv", ("title\n" + HEADING + LINE).encode(), Stated(strict=True), {}, 'r.csv: heading in row "2" is likely, not sure, and --strict-input accepts only what is sure; state it with --heading-row 2.'),
}  # fmt: skip
# Sentences that another key is put together of, or that need a machine that fails.
PARTS = {
    "where_sheet",
    "closest",
    "nothing",
    "or",
    "in_that_folder",
    "others_can_be",
    "system",
    "no_sheet",
    "no_file",
    "no_reports",
    "of_another_table",
    "other_headings",
    "with_other_headings",
    "no_workbook_here",
    "no_sheet_of_table",
}


def mistake(name, data, stated, lang):
    words = wording.load(lang)
    stated = stated or Stated()
    with pytest.raises(CannotRead) as refused:
        Path(name).write_bytes(data)
        audit(Request([name], date(2023, 4, 15), stated=stated), LAW, words)
    assert len(refused.value.mistakes) == 1
    return refused.value.mistakes[0]


def values_of(template, sentence):
    """The values that a template was filled with."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*)", re.escape(template))
    seen = set()
    for name in re.findall(r"\?P<(\w+)>", pattern):
        if name in seen:
            first, rest = pattern.split(f"(?P<{name}>.*)", 1)
            pattern = first + f"(?P<{name}>.*)" + rest.replace(f"(?P<{name}>.*)", f"(?P={name})")
        seen.add(name)
    found = re.fullmatch(pattern, sentence, re.DOTALL)
    assert found is not None, (template, sentence)
    return found.groupdict()


@pytest.mark.parametrize("key", [key for key, case in CASES.items() if case[0] is not None])
def test_the_sentence_in_three_languages(key, tmp_path, monkeypatch):
    name, data, stated, limits, english = CASES[key]
    monkeypatch.chdir(tmp_path)
    for (module, limit), value in limits.items():
        monkeypatch.setattr(module, limit, value)
    said = {lang: mistake(name, data, stated, lang) for lang in ("en", "ru", "kk")}
    assert english is None or said["en"] == english
    assert "\n" not in said["en"]
    for lang in ("en", "ru", "kk"):
        values = values_of(wording.load(lang).sentence(f"read.{key}", 1), said[lang])
        assert values.get("where", "r").startswith("r.")
        assert lang == "en" or re.search("[а-яёәғқңөұүһі]{4}", said[lang])


def test_every_sentence_has_a_case():
    keys = {key.removeprefix("read.") for key in sentences("en") if key.startswith("read.")}
    keys = {key for key in keys if not re.match("what_|how_|value_|exchange_", key)}
    assert keys == set(CASES) | PARTS


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_what_is_no_file_and_what_is_no_table(lang, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    say = wording.load(lang)

    def told(*paths, **tables):
        with pytest.raises(CannotRead) as refused:
            audit(Request(list(paths), date(2023, 4, 15), tables=tables), LAW, say)
        return refused.value.mistakes

    Path("folder").mkdir()
    Path("reports.csv").write_text(HEADING + LINE, encoding="utf-8")
    assert told("report.csv") == (say("read.no_file", where="report.csv") + " " + say("read.in_that_folder", files="reports.csv"),)
    assert told("reports.csv", contestants="folder") == (say("read.is_folder", where="folder"),)
    assert told("folder") == (say("read.no_reports", where="folder"),)
    Path("folder", "other.csv").write_text("Code,Day,Payer,Sum\n1,2023-03-01,A,1000\n", encoding="utf-8")
    shown = (say("read.no_reports", where="folder"), say("read.with_other_headings", places="other.csv"), say("read.other_headings"))
    assert told("folder") == (" ".join(shown),)
    Path("x.csv").write_text("a,b\n", encoding="utf-8")
    no_table = say("read.no_table", where="x.csv", tables="reports, contestants, filings, candidates, price_lists, statement")
    assert told("reports.csv", "x.csv") == (no_table + " " + say("read.others_can_be", n=1, count=1),)
    Path("statement.xlsx").write_bytes(book(("contestants", [["contestant_id", "contest", "name"], ["SM-1", "", ""]]), ("x", [["y"]])))
    assert told("reports.csv") == (say("read.no_sheet_of_table", where="statement.xlsx", table="statement"),)


# code → the cell and its column, and the words in English after "file, row, column".
PROBLEMS = {
    ("amount", "1.000,50"): (
        "INP-001",
        '"1.000,50" cannot be read; expected an amount over zero such as 1000.50 or 1 000,50. Where all amounts are written so, --decimal-mark comma says it.',
    ),
    ("amount", "1,000.50"): ("INP-001", "Where all amounts are written so, --decimal-mark point says it."),
    ("amount", "5\u20070"): ("INP-001", "It has signs that are not seen: U+2007."),
    ("amount", "0"): ("INP-001", '"0" cannot be read; expected an amount over zero such as 1000.50 or 1 000,50.'),
    ("amount", ""): ("INP-002", "the cell is empty; without it the record cannot be read, and counts in no sum."),
    ("date", "2023-02-30"): (
        "INP-003",
        '"2023-02-30" cannot be read; expected a day such as 2023-02-18 or 18.02.2023. There is no such day.',
    ),
    ("date", "02/18/2023"): ("INP-003", "Where all dates are written so, --date-order says in which order."),
    ("kind", "donatoin"): ("INP-004", 'Did you mean "donation"?'),
    ("counterparty_id", "12"): ("INP-005", '"12" cannot be read; expected an IIN or BIN of twelve digits. It has 2 digits.'),
    ("fund_account", "KZ00"): (
        "INP-006",
        '"KZ00" cannot be read; expected an IBAN whose check digits agree. It counts as written all the same.',
    ),
    ("fund_account", "#N/A"): ("INP-006", '"#N/A" cannot be read; expected an IBAN whose check digits agree.'),
    ("quantity", "many"): ("INP-007", '"many" cannot be read; expected a number such as 12.5.'),
}


@pytest.mark.parametrize(("column", "cell"), PROBLEMS)
@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_problems_of_cells(lang, column, cell, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    record = {
        "contestant_id": "SM-1",
        "contest": "single_mandate",
        "date": "2023-03-01",
        "kind": "expenditure",
        "amount": "5",
        "counterparty_id": "",
        "fund_account": "",
        "quantity": "",
    }
    record[column] = cell
    Path("r.csv").write_text(";".join(record) + "\n" + ";".join(record.values()) + "\n", encoding="utf-8")
    (problem,) = audit(Request(["r.csv"], date(2023, 4, 15), select=ONE), LAW, wording.load(lang)).problems
    code, english = PROBLEMS[column, cell]
    assert (problem.code, problem.row, problem.column, problem.value) == (code, 2, column, cell)
    assert lang != "en" or problem.message.endswith(english)
    assert lang == "en" or re.search("[а-яёәғқңөұүһі]{4}", problem.message)
    assert cell in problem.message


def test_a_broken_sheet_is_named(tmp_path, monkeypatch):
    data = book(("x", [["a", "b"]]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, b"<worksheet><sheetData><row" if "worksheets" in entry.filename else old.read(entry))
    for lang in ("en", "ru", "kk"):
        with pytest.raises(CannotRead) as refused:
            tables_of(Path("r.xlsx"), "r.xlsx", Instructions({}, wording.load(lang), Stated(forms=Forms())), None, out.getvalue())
        assert values_of(wording.load(lang).sentence("read.no_sheet"), refused.value.mistakes[0])["sheet"] == "x"


RECORD = "SM-1,single_mandate,2023-03-01,donation,5000,individual,A donor,900101300017\n"
REGISTER = "contestant_id,contest,name,list_size,last_vote_share\nSM-1,single_mandate,A,,\n"
FACE = "report_id,contestant_id,report_type,period_start,period_end,received_on\n"
# key of the sentence → the files, the problem's code, row and column (None: said as a note or reason), and the words in English.
OTHERS = {
    "ragged": ({"reports": HEADING + "SM-1,x\n"}, ("INP-008", 2, None), "reports.csv, row 2: the record has another number of cells (2) than the heading (8)."),
    "broken_quotes": ({"reports": HEADING + RECORD.replace("A donor", 'A "donor" x"').replace('A "', '"A "')}, ("INP-008", 2, None), "reports.csv, row 2: the quotation marks of this record are broken, so its cells cannot be told apart."),
    "no_rows": ({"reports": HEADING}, ("INP-010", 1, None), "reports.csv, row 1: there is a heading and no record below it."),
    "giver_missing": ({"reports": HEADING + RECORD.replace("individual", "")}, ("INP-002", 2, "counterparty_type"), None),
    "contest_differs": ({"reports": HEADING + RECORD.replace("single_mandate", "party_list"), "contestants": REGISTER}, ("INP-013", 2, "contest"), 'reports.csv, row 2: the contest "party_list" differs from the register ("single_mandate"); the register counts.'),
    "contest_varies": ({"reports": HEADING + RECORD + RECORD.replace("single_mandate", "party_list")}, ("INP-013", 3, "contest"), 'reports.csv, row 3: the contest "party_list" differs from the earlier lines of this contestant ("single_mandate"), which count.'),
    "contradicts_filing": (
        {"reports": "report_id,report_type," + HEADING + "R,interim," + RECORD, "filings": FACE + "R,SM-1,final,2023-02-18,2023-03-19,2023-03-20\n"},
        ("INP-012", 2, "report_type"),
        'reports.csv, row 2: report_type "interim" contradicts the register of filings ("final"), which counts.',
    ),
    "received_twice": (
        {"reports": "report_id,received_on," + HEADING + "R,2023-03-20," + RECORD + "R,2023-03-21," + RECORD},
        ("INP-012", 3, "received_on"),
        'reports.csv, row 3: received_on "2023-03-21" differs from the first line of this report ("2023-03-20"), which counts; the lines of both days are added up. If this is a later version of the report, give it a report_id of its own: it then takes the place of the earlier one.',
    ),
    "report_varies": (
        {"reports": "report_id,report_type,period_start,period_end," + HEADING + "R,final,2023-02-18,2023-03-20," + RECORD + "R,final,2023-02-18,2023-03-21," + RECORD},
        ("INP-012", 3, "period_end"),
        'reports.csv, row 3: period_end "2023-03-21" differs from the first line of this report ("2023-03-20"), which counts.',
    ),
    "versions_alike": (
        {"reports": "report_id,report_type,period_start,period_end," + HEADING + "R1,final,2023-02-18,2023-03-31," + RECORD + "R-1,final,2023-02-18,2023-03-31," + RECORD},
        ("INP-012", 3, "report_id"),
        None,
    ),
    "nobody_named": ({"reports": HEADING + RECORD.replace("A donor", "-").replace("900101300017", "")}, ("INP-002", 2, "counterparty_name"), None),
    "letters_lost": ({"reports": HEADING + RECORD.replace("A donor", "?лия").replace("900101300017", "")}, ("INP-002", 2, "counterparty_name"), None),
    "ids_added_up": (
        {"reports": "report_id," + HEADING + "R," + RECORD + "S," + RECORD + "R," + RECORD, "filings": FACE + "R,SM-1,final,2023-02-18,2023-03-31,2023-04-01\n"},
        ("INP-012", 3, "report_id"),
        'reports.csv, row 3: there is no column report_type, so all lines of a contestant are of one final report; but report_id is "R" and here "S". Both are added up. If the one took the place of the other, add report_type, or list both in filings.',
    ),
    "account_shared": (
        {"reports": HEADING + RECORD, "contestants": "contestant_id,contest,name,fund_account\nSM-1,single_mandate,A,KZ456010000000000001\nSM-2,single_mandate,B,KZ456010000000000001\n"},
        ("INP-012", 3, "fund_account"),
        'contestants.csv, row 3: fund_account "KZ456010000000000001" is that of contestant "SM-1" too; a statement of this account counts as that of the contestant who has it first.',
    ),
    "period_backwards": (
        {"reports": HEADING + RECORD, "filings": FACE + "R,SM-1,final,2023-03-19,2023-02-18,2023-03-20\n"},
        ("INP-012", 2, "period_end"),
        'filings.csv, row 2: period_end "2023-02-18" is before period_start "2023-03-19"; the rules about periods go by both as they stand.',
    ),
    "report_of_another": (
        {"reports": "report_id," + HEADING + "R," + RECORD + "S," + RECORD.replace("SM-1", "SM-2"), "filings": FACE + "R,SM-2,final,2023-02-18,2023-03-19,2023-03-20\n"},
        ("INP-012", 2, "contestant_id"),
        'reports.csv, row 2: in filings the report of this line is that of "SM-2"; the line says contestant_id "SM-1" and counts for that one.',
    ),
    "id_reused": (
        {"reports": "report_id,report_type,period_start,period_end," + HEADING + "R,interim,2023-02-18,2023-02-28," + RECORD + "R,final,2023-02-18,2023-03-31," + RECORD},
        ("INP-012", 3, "report_id"),
        'reports.csv, row 3: report_id "R" is the id of another report too (interim 2023-02-18 2023-02-28); the two are kept apart.',
    ),
    "lines_unfiled": (
        {"reports": "report_id,report_type,period_start,period_end," + HEADING + "R1,final,2023-02-18,2023-03-31," + RECORD, "filings": FACE + "114,SM-1,final,2023-02-18,2023-03-31,2023-04-01\n"},
        ("INP-012", 2, "report_id"),
        'reports.csv, row 2: the register of filings has no report_id "R1", but "114" of the same type, which has no line; so the lines of "R1" do not count. If the two are one report, give it one id.',
    ),
    "registered_twice": (
        {"reports": HEADING + RECORD, "contestants": REGISTER + "SM-1,single_mandate,B,,\n"},
        ("INP-012", 3, "name"),
        'contestants.csv, row 3: the contestant "SM-1" stands in an earlier row too, and name "B" is not what stands there ("A"); the earlier row counts.',
    ),
    "table_without_column": ({"reports": HEADING + RECORD, "contestants": "contestant_id,contest\nSM-1,single_mandate\n"}, ("INP-014", 1, "name"), "contestants.csv, row 1: the table contestants lacks its required column name and is left aside."),
    "unknown_contestant": ({"reports": HEADING + RECORD, "filings": FACE + "R,X,final,2023-02-18,2023-03-19,\n"}, ("INP-011", 2, "contestant_id"), 'filings.csv, row 2: the contestant "X" is known nowhere else; the record is left out.'),
    "out_of_range": ({"reports": HEADING + RECORD, "contestants": REGISTER.replace("A,,", "A,,101")}, ("INP-009", 2, "last_vote_share"), 'contestants.csv, row 2, column "last_vote_share": "101" is outside what is possible (0–100); it counts as empty.'),
    "contestants_alike": ({"reports": HEADING + RECORD + RECORD.replace("SM-1", "sm–01")}, ("INP-012", 3, "contestant_id"), 'reports.csv, row 3: the contestant "sm–01" is written otherwise than "SM-1" only in case, a dash, a space, a point, zeros, or letters that look or sound alike or are not seen; they count as two, each with its own sums. If they are one, write it alike everywhere.'),
    "total_line": ({"reports": HEADING + RECORD + "Итого,,,,5000,,,\n"}, None, 'total line "Итого"'),
    "zeros_restored": ({"reports": HEADING + RECORD.replace("900101300017", "10228600010")}, None, "Leading zeros put back where the check digit then agrees, column counterparty_id: 1."),
    "heading_row": ({"reports": "Отчёт\n" + HEADING + RECORD}, None, "the heading is in row 2"),
    "heading_rows": ({"reports": HEADING.replace("date", "") + ",,date,,,,,\n" + RECORD}, None, "the heading is in rows 1 and 2"),
}  # fmt: skip


@pytest.mark.parametrize("key", OTHERS)
def test_what_is_said_of_records_and_tables(key, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files, problem, english = OTHERS[key]
    for table, text in files.items():
        Path(f"{table}.csv").write_text(text, encoding="utf-8")
    said = {}
    for lang in ("en", "ru", "kk"):
        made = audit(Request(["reports.csv"], date(2023, 4, 15), select=ONE), LAW, wording.load(lang))
        if problem is None:
            (one,) = [each for each in made.inputs if each.table == "reports"]
            (said[lang],) = [*one.notes, *(out.reason for out in one.left_out)]
        else:
            (found,) = [each for each in made.problems if (each.code, each.row, each.column) == problem]
            said[lang] = found.message
    assert english is None or said["en"] == english
    values = values_of(wording.load("en").sentence(f"check.{key}").replace("{names}", "{word}"), said["en"])
    for lang in ("ru", "kk"):
        if "codes" in values:  # in the words of the form
            values["codes"] = ", ".join(told_codes(columns("reports")["counterparty_type"], LAW.vocabulary, lang).values())
        assert said[lang] == wording.load(lang)(f"check.{key}", **values)
        assert re.search("[а-яёәғқңөұүһі]{4}", said[lang])


def test_every_sentence_about_records_has_a_case():
    keys = {key.removeprefix("check.") for key in sentences("en") if key.startswith("check.")}
    about_input = {"contestants_alike", "ragged", "broken_quotes", "total_line", "no_rows", "zeros_restored", "giver_missing", "nobody_named", "letters_lost", "ids_added_up", "versions_alike", "account_shared", "period_backwards", "received_twice", "contest_differs", "contest_varies", "contradicts_filing", "registered_twice", "report_varies", "report_of_another", "id_reused", "lines_unfiled", "table_without_column", "unknown_contestant", "out_of_range", "heading_row", "heading_rows"}  # fmt: skip
    assert about_input <= keys
    assert about_input == set(OTHERS)


@pytest.mark.parametrize(("lang", "expected"), [("en", "expenditure"), ("ru", "Расход"), ("kk", "Шығыс")])
@pytest.mark.parametrize("written", ["Расходы", "Шығыстар", "expenditures", "Expenditre"])
def test_a_word_that_is_no_code_is_answered_in_the_words_of_the_form(lang, expected, written, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("r.csv").write_text(HEADING + RECORD.replace("donation", written), encoding="utf-8")
    (found,) = [
        one for one in audit(Request(["r.csv"], date(2023, 4, 15), select=ONE), LAW, wording.load(lang)).problems if one.column == "kind"
    ]
    assert wording.load(lang)("check.did_you_mean", word=expected) in found.message
    assert all(told in found.message for told in told_codes(columns("reports")["kind"], LAW.vocabulary, lang).values())


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "columns contest, kind are"), ("ru", "Вид выборов (contest), Вид операции (kind)"), ("kk", "Сайлау түрі (contest)")],
)
def test_a_missing_column_is_named_as_the_form_names_it(lang, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("r.csv").write_text("contestant_id,date,amount,x\nSM-1,2023-03-01,5,y\n", encoding="utf-8")
    with pytest.raises(CannotRead) as told:
        audit(Request(["r.csv"], date(2023, 4, 15)), LAW, wording.load(lang))
    assert said in told.value.mistakes[0]


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_register_in_the_place_of_the_reports_is_told_what_it_is(lang, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("r.csv").write_text("contestant_id,contest,name\nSM-1,single_mandate,A\n", encoding="utf-8")
    words = wording.load(lang)
    with pytest.raises(CannotRead) as told:
        audit(Request(["r.csv"], date(2023, 4, 15)), LAW, words)
    assert told.value.mistakes[0].endswith(f" · name. {words('read.of_another_table', table='contestants')}")
