"""Empty forms: read back whole, filled in with their own words the same filing, the same bytes each time, never over a file that is there."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from command import command as run
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from auditor.cli.main import cli
from auditor.errors import BadUsage
from auditor.read.formats import tables_of
from auditor.read.instructions import Instructions
from auditor.render.data import document
from auditor.rulebook.labels import forms
from auditor.rulebook.load import load
from auditor.tables import CHOICES, GUIDES, OF_MONEY, TABLES, Cell, columns
from auditor.wording import LANGUAGES
from auditor.wording import load as words_of
from auditor.workflow import Request, audit

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
COUNCIL = ROOT / "tests" / "rulebook" / "atlantis" / "council-2031"
LAW = load("kz/majilis-2023")
PART = {"PL-03", "SM-01-02", "SM-02-02", "SM-06-02"}
M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def template(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*args):
        cli(["template", *map(str, args)], standalone_mode=False)
        return tmp_path

    return run


def read(path, table=None):
    found = tables_of(path, path.name, Instructions(LAW.headings, words_of("en")), table)
    assert not found.lacking
    return found.tables, found.others


# --- read back ---


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_an_empty_form_is_recognised_with_all_its_columns(template, table, lang, form):
    (one,), others = read(template(table, "--lang", lang, "-o", f"form.{form}") / f"form.{form}")
    assert (one.table, one.columns, one.rows, others, list(one.notes)) == (table, list(columns(table)), 0, [], [])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_workbook_of_all_tables_holds_them_and_says_nothing_of_its_other_sheets(template, lang):
    tables, others = read(template("all", "--lang", lang) / "filing.xlsx")
    assert [(one.table, one.sheet, one.columns) for one in tables] == [(table, table, list(columns(table))) for table in TABLES]
    assert others == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_on_the_sheet_of_the_guide_is_still_read(tmp_path, lang):
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
        book.add_worksheet(GUIDES[lang]).write_row(0, 0, ["vendor_id", "vendor_name"])
        book.add_worksheet("notes").write_row(0, 0, ["a", "b"])
    (one,), others = read(tmp_path / "x.xlsx")
    assert (one.table, one.sheet, others) == ("price_lists", GUIDES[lang], ["x.xlsx, notes"])


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_empty_form_is_a_problem_and_not_an_error(template, form):
    folder = template("reports", "--format", form, "--lang", "kk")
    done = run("check", f"reports.{form}", "--format", "json", cwd=folder)
    assert (done.returncode, done.stderr) == (1, b"")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["code"], problem["row"]) == ("INP-010", 1)
    assert "there is a heading and no record below it" in problem["message"]


def test_each_empty_sheet_is_named(template):
    done = run("check", "filing.xlsx", "--format", "json", cwd=template("all", "--lang", "ru"))
    assert done.returncode == 1
    made = json.loads(done.stdout)
    assert [one["message"] for one in made["problems"]] == [
        f"filing.xlsx, sheet {table}, row 1: there is a heading and no record below it." for table in sorted(TABLES)
    ]


# --- filled in ---


def part_of_the_sample():
    """Records of the tables with canonical columns: those of two contestants, and what belongs to nobody."""
    accounts, made = set(), {}
    for table in TABLES:
        with (SAMPLE / f"{table}.csv").open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source))
        if table == "statement":
            rows = [row for row in rows if row["fund_account"] in accounts]
        elif table != "price_lists":
            rows = [row for row in rows if row["contestant_id"] in PART]
        accounts |= {row["fund_account"] for row in rows if table == "contestants"}
        made[table] = [{name: row[name] or "" for name in columns(table)} for row in rows]
    return made


PART_OF_THE_SAMPLE = part_of_the_sample()


def in_words(table, lang):
    """The records as somebody would fill in the form: codes chosen from the lists."""
    (form,) = forms(LAW, [table], lang)
    words = {field.column.name: dict(zip(codes(field.column), field.choices, strict=True)) for field in form.fields if field.choices}
    return [[words.get(name, {}).get(value, value) for name, value in row.items()] for row in PART_OF_THE_SAMPLE[table]]


def codes(column):
    return column.codes or getattr(LAW.vocabulary, column.vocabulary)


def fill_csv(path, records):
    delimiter = ";" if ";" in path.read_text(encoding="utf-8-sig") else ","
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(records)
    path.write_bytes(path.read_bytes() + out.getvalue().encode())


def fill_workbook(path, filled):
    """Type records into the sheets as a spreadsheet stores them: days as their number, amounts as numbers, all else as text."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for number, (table, records) in enumerate(filled.items(), start=1):
        rows = [f'<row r="{row}">{"".join(cells(table, row, record))}</row>' for row, record in enumerate(records, start=2)]
        name = f"xl/worksheets/sheet{number}.xml"
        assert parts[name].count("</sheetData>") == 1
        parts[name] = parts[name].replace("</sheetData>", "".join(rows) + "</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


def cells(table, row, record):
    for n, (column, value) in enumerate(zip(TABLES[table], record, strict=True)):
        at = xl_rowcol_to_cell(row - 1, n)
        if column.cell is Cell.DATE and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            yield f'<c r="{at}" s="2"><v>{(date.fromisoformat(value) - date(1899, 12, 30)).days}</v></c>'
        elif column.cell in (*OF_MONEY, Cell.NUMBER) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            yield f'<c r="{at}"><v>{float(value)!r}</v></c>'
        elif value:
            yield f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def told(folder):
    made = document(audit(Request([str(folder)], date(2023, 4, 15)), LAW, words_of("en")))
    for finding in made["findings"]:
        for place in (*finding["rows"], *([finding["crossing"]] if finding["crossing"] else [])):
            del place["file"], place["sheet"]
    problems = [(p["code"], p["row"], p["column"], p["value"]) for p in made["problems"]]
    return made["findings"], problems, made["summary"], made["contestants"]


@pytest.fixture(scope="module")
def canonical(tmp_path_factory):
    folder = tmp_path_factory.mktemp("canonical")
    for table, rows in PART_OF_THE_SAMPLE.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(columns(table)))
            writer.writeheader()
            writer.writerows(rows)
    return told(folder)


def test_the_part_of_the_sample_is_worth_comparing(canonical):
    findings, problems, _, contestants = canonical
    assert {one["contestant_id"] for one in contestants} == PART
    assert len({finding["rule"] for finding in findings}) > 12
    assert problems == []
    assert all(PART_OF_THE_SAMPLE.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filled_in_as_csv_it_gives_the_findings_of_the_canonical_table(template, canonical, lang):
    for table in TABLES:
        folder = template(table, "--lang", lang, "--format", "csv")
        fill_csv(folder / f"{table}.csv", in_words(table, lang))
    assert told(folder) == canonical


@pytest.mark.parametrize("lang", LANGUAGES)
def test_filled_in_as_a_workbook_it_gives_the_findings_of_the_canonical_table(template, canonical, lang):
    folder = template("all", "--lang", lang)
    fill_workbook(folder / "filing.xlsx", {table: in_words(table, lang) for table in TABLES})
    assert told(folder / "filing.xlsx") == canonical


def test_a_word_that_is_on_no_list_is_a_problem(template):
    folder = template("reports", "--lang", "ru", "--format", "csv")
    record = dict.fromkeys(columns("reports"), "") | {"contestant_id": "SM-1", "contest": "Одномандатный округ", "report_type": "Итоговый"}
    fill_csv(folder / "reports.csv", [list((record | {"date": "01.03.2023", "kind": "Подарок", "amount": "1"}).values())])
    assert told(folder)[1] == [("INP-004", 2, "kind", "Подарок")]


# --- the workbook ---


def parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened(path):
    """Sheets by name, each with its parsed XML, its text cells by place, and its state; and all parts."""
    whole = parts(path)
    strings = ["".join(t.text or "" for t in si.iter(f"{M}t")) for si in ElementTree.fromstring(whole["xl/sharedStrings.xml"])]
    sheets = {}
    for number, sheet in enumerate(ElementTree.fromstring(whole["xl/workbook.xml"]).iter(f"{M}sheet"), start=1):
        tree = ElementTree.fromstring(whole[f"xl/worksheets/sheet{number}.xml"])
        texts = {cell.get("r"): strings[int(cell.findtext(f"{M}v"))] for cell in tree.iter(f"{M}c")}
        sheets[sheet.get("name")] = (tree, texts, sheet.get("state", "visible"))
    return sheets, whole


def validations(tree):
    """By column: what the spreadsheet asks of it."""
    found = {}
    for rule in tree.iter(f"{M}dataValidation"):
        first, last = rule.get("sqref").split(":")
        assert (xl_cell_to_rowcol(first)[0], xl_cell_to_rowcol(last)[0]) == (1, 1_048_575)
        found[xl_cell_to_rowcol(first)[1]] = rule
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_drop_downs_hold_exactly_the_closed_lists(template, lang):
    sheets, _ = opened(template("all", "--lang", lang) / "filing.xlsx")
    _, lists, state = sheets[CHOICES]
    assert state == "hidden"
    for table, several in TABLES.items():
        asked = validations(sheets[table][0])
        dropped = {n: rule for n, rule in asked.items() if rule.get("type") == "list"}
        assert sorted(dropped) == [n for n, column in enumerate(several) if column.cell is Cell.CODE]
        for n, rule in dropped.items():
            first, last = re.fullmatch(rf"{CHOICES}!(\$[A-Z]+\$1):(\$[A-Z]+\$[0-9]+)", rule.findtext(f"{M}formula1")).groups()
            (top, column), (bottom, same) = (xl_cell_to_rowcol(place.replace("$", "")) for place in (first, last))
            assert column == same
            offered = [lists[xl_rowcol_to_cell(row, column)] for row in range(top, bottom + 1)]
            labels = LAW.vocabulary.code_labels[several[n].closed_list]
            assert offered == [labels[code].in_(lang) for code in codes(several[n])]
            assert xl_rowcol_to_cell(bottom + 1, column) not in lists  # nothing below that the drop-down leaves out


def test_what_is_no_code_is_warned_of_and_never_stopped(template):
    sheets, _ = opened(template("all", "--lang", "en") / "filing.xlsx")
    for table, several in TABLES.items():
        asked = validations(sheets[table][0])
        for n, column in enumerate(several):
            rule = asked.get(n)
            if column.cell in (Cell.TEXT, Cell.IBAN):
                assert rule is None
            elif column.cell is not Cell.CODE:
                assert (rule.get("errorStyle"), bool(rule.get("error"))) == ("warning", True)
    amount = validations(sheets["reports"][0])[list(columns("reports")).index("amount")]
    assert amount.findtext(f"{M}formula1") == "AND(ISNUMBER(L2),L2>0,ROUND(L2,2)=L2)"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", TABLES)
def test_a_heading_is_bold_frozen_and_has_a_note(template, table, lang):
    sheets, whole = opened(template(table, "--lang", lang) / f"{table}.xlsx")
    tree, texts, _ = sheets[table]
    pane = tree.find(f".//{M}pane")
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    fonts = [font.find(f"{M}b") is not None for font in ElementTree.fromstring(whole["xl/styles.xml"]).find(f"{M}fonts")]
    looks = [int(xf.get("fontId")) for xf in ElementTree.fromstring(whole["xl/styles.xml"]).find(f"{M}cellXfs")]
    assert all(fonts[looks[int(cell.get("s"))]] for cell in tree.iter(f"{M}c"))
    assert list(texts.values()) == [LAW.labels[table][name].in_(lang) for name in columns(table)]
    words = words_of(lang)
    notes = {one.get("ref"): "".join(one.itertext()) for one in ElementTree.fromstring(whole["xl/comments1.xml"]).iter(f"{M}comment")}
    for n, (name, column) in enumerate(columns(table).items()):
        note = notes[xl_rowcol_to_cell(0, n)]
        assert name in note
        assert (words("template.required") in note) == column.required
        assert (words("check.expected_date") in note) == (column.cell is Cell.DATE)
    assert len(notes) == len(texts)


def test_columns_that_are_required_at_times_say_when(template):
    _, whole = opened(template("reports", "--lang", "en") / "reports.xlsx")
    notes = {one.get("ref"): "".join(one.itertext()) for one in ElementTree.fromstring(whole["xl/comments1.xml"]).iter(f"{M}comment")}
    places = {name: notes[xl_rowcol_to_cell(0, n)] for n, name in enumerate(columns("reports"))}
    assert "delete this column" in places["report_type"]
    assert "Required for a donation" in places["counterparty_type"]
    assert "May stay empty" in places["description"]


def test_cells_of_ids_are_text_and_days_are_days(template):
    sheets, whole = opened(template("all", "--lang", "ru") / "filing.xlsx")
    styles = ElementTree.fromstring(whole["xl/styles.xml"])
    own = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{M}numFmt")} | {"49": "@", "4": "#,##0.00", "0": None}
    forms_of = [own[xf.get("numFmtId")] for xf in styles.find(f"{M}cellXfs")]
    for table, several in TABLES.items():
        looks = {}
        for group in sheets[table][0].iter(f"{M}col"):
            for n in range(int(group.get("min")) - 1, int(group.get("max"))):
                looks[n] = forms_of[int(group.get("style", 0))]
        for n, column in enumerate(several):
            expected = {Cell.DATE: "dd.mm.yyyy", **dict.fromkeys(OF_MONEY, "#,##0.00")}
            texts = dict.fromkeys((Cell.TEXT, Cell.IDENTIFIER, Cell.IBAN), "@")
            assert looks[n] == (expected | texts).get(column.cell), (table, column.name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guide_speaks_the_language_and_is_one_column(template, lang):
    sheets, _ = opened(template("all", "--lang", lang) / "filing.xlsx")
    assert list(sheets) == [*TABLES, GUIDES[lang], CHOICES]
    _, texts, state = sheets[GUIDES[lang]]
    assert state == "visible"
    assert {place[0] for place in texts} == {"A"}
    assert LAW.election.title.in_(lang) in texts["A1"]
    assert words_of(lang)("template.guide_sheets") in texts.values()
    alone, _ = opened(template("price_lists", "--lang", lang) / "price_lists.xlsx")
    assert words_of(lang)("template.guide_sheets") not in alone[GUIDES[lang]][1].values()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_two_runs_give_the_same_bytes_and_no_day(template, form):
    first = (template("reports", "--lang", "kk", "-o", f"a.{form}") / f"a.{form}").read_bytes()
    second = (template("reports", "--lang", "kk", "-o", f"b.{form}") / f"b.{form}").read_bytes()
    assert first == second
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(first)) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = archive.read("docProps/core.xml").decode()
        assert set(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z", core)) == {"1980-01-01T00:00:00Z"}


@pytest.mark.parametrize(("lang", "delimiter"), [("kk", ";"), ("ru", ";"), ("en", ",")])
def test_a_csv_opens_in_the_spreadsheet_of_its_country(template, lang, delimiter):
    raw = (template("reports", "--lang", lang, "--format", "csv") / "reports.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    (heading,) = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    assert heading == [LAW.labels["reports"][name].in_(lang) for name in columns("reports")]


# --- the command ---


@pytest.mark.parametrize(
    ("args", "name"),
    [
        (["reports"], "reports.xlsx"),
        (["price_lists", "--format", "csv"], "price_lists.csv"),
        (["all"], "filing.xlsx"),
        (["reports", "-o", "Отчёт.CSV"], "Отчёт.CSV"),
        (["reports", "-o", "x.xlsx", "--format", "xlsx"], "x.xlsx"),
    ],
)
def test_the_file_has_the_name_that_is_expected(template, args, name):
    folder = template(*args)
    assert [path.name for path in folder.iterdir()] == [name]
    assert (folder / name).read_bytes().startswith(b"PK" if name.endswith("xlsx") else b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["all", "--format", "csv"], "a CSV file holds one table"),
        (["all", "-o", "all.csv"], "a CSV file holds one table"),
        (["reports", "-o", "x.ods"], "name the file .xlsx or .csv"),
        (["reports", "-o", "x"], "name the file .xlsx or .csv"),
        (["reports", "-o", "x.csv", "--format", "xlsx"], "the name says csv and --format says xlsx"),
        (["reports", "-o", "none/x.csv"], "the folder none does not exist"),
        (["reports", "--rulebook", "kz/majilis-2032"], "there is no rulebook"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, args, says):
    done = run("template", *args, cwd=tmp_path)
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, b"", [])
    assert says in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_file_that_is_there_is_left_alone_unless_forced(template):
    folder = template("reports", "--format", "csv")
    (folder / "reports.csv").write_text("a year of work", encoding="utf-8")
    with pytest.raises(BadUsage, match="the file is there already; name another with -o, or write over it with --force"):
        template("reports", "--format", "csv")
    assert (folder / "reports.csv").read_text(encoding="utf-8") == "a year of work"
    template("reports", "--format", "csv", "--force")
    assert (folder / "reports.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert [path.name for path in folder.iterdir()] == ["reports.csv"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_another_election_without_labels_has_its_canonical_form(template, form):
    path = template("reports", "--rulebook", COUNCIL, "--lang", "kk", "-o", f"reports.{form}") / f"reports.{form}"
    (one,), _ = read(path)
    assert (one.columns, one.aliases) == (list(columns("reports")), {})
    if form == "xlsx":
        _, lists, _ = opened(path)[0][CHOICES]
        assert {"citizen", "pirate_crew", "ferries", "party_list"} <= set(lists.values())
        assert "individual" not in lists.values()


def test_nothing_but_a_workbook_needs_xlsxwriter(tmp_path):
    code = (
        "import sys; from auditor.cli.main import cli;"
        "cli(['template', 'reports', '--format', 'csv'], standalone_mode=False);"
        "print('xlsxwriter' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "False"
