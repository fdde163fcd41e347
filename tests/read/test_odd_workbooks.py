"""Workbooks as other programs write them: parts named otherwise, empty texts before the table, formulas nobody calculated, a stray cell."""

import io
import json
import zipfile
from datetime import date

import polars as pl
import pytest
import xlsxwriter

from auditor.read.as_shown import as_shown
from auditor.read.grid import table_of
from auditor.read.instructions import Forms, Instructions, Stated
from auditor.rulebook.load import load
from auditor.wording import load as words

LAW = load("kz/majilis-2023")
HEADING = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_type", "counterparty_name"]
LINE = ["SM-1", "single_mandate", "2023-03-01", "donation", "7500000", "individual", "Асанов"]
NAMES = {
    "book": "xl/workbook.xml",
    "relations": "xl/_rels/workbook.xml.rels",
    "styles": "xl/styles.xml",
    "sheet": "xl/worksheets/sheet1.xml",
}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def text(reference, value):
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(number, cells, first="A"):
    made = []
    for at, cell in enumerate(cells):
        reference = f"{chr(ord(first) + at)}{number}"
        made.append(cell.replace("@", reference) if cell.startswith("<c ") else text(reference, cell))
    return f'<row r="{number}">{"".join(made)}</row>'


def book(*rows, number_format="0.00", names=NAMES, target="worksheets/sheet1.xml"):
    """A workbook of one sheet, of which the cells in style 1 have that format."""
    office = LINKS.replace("relationships", "")
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" Type="{office}relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        names[
            "book"
        ]: f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="reports" sheetId="1" r:id="a"/></sheets></workbook>',
        names[
            "relations"
        ]: f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{LINKS}/worksheet" Target="{target}"/><Relationship Id="s" Type="{LINKS}/styles" Target="styles.xml"/></Relationships>',
        names[
            "styles"
        ]: f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="{number_format}"/></numFmts><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
        names["sheet"]: f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return out.getvalue()


def line(**cells):
    return [cells.get(name, value) for name, value in zip(HEADING, LINE, strict=True)]


DOLLARS = line(amount='<c r="@" s="1"><v>7500000</v></c>')


@pytest.fixture
def checked(tmp_path, run, monkeypatch):
    """What `audit check` prints of a workbook, and its exit status."""
    monkeypatch.chdir(tmp_path)  # a path that is as long as the machine has it would break the lines anywhere

    def check(content, *options):
        (tmp_path / "filing.xlsx").write_bytes(content)
        status, out, err = run("check", "filing.xlsx", "--lang", "en", "--select", "DON", "--select", "SRC", *options)
        return status, out, err

    return check


@pytest.mark.parametrize(
    "names",
    [
        NAMES,
        NAMES | {"sheet": "xl/worksheets/Sheet1.xml", "styles": "xl/Styles.xml"},
        {part: name.replace("/", "\\") for part, name in NAMES.items()},
    ],
)
def test_dollars_are_seen_whatever_the_parts_are_called(checked, names):
    _, out, _ = checked(book(row(1, HEADING), row(2, DOLLARS), number_format="[$USD] 0.00", names=names))
    assert "7500000 USD" in out and "BREACH" not in out


@pytest.mark.parametrize("empty", ['<c r="@" t="inlineStr"><is><t></t></is></c>', '<c r="@" t="str"><v></v></c>'])
def test_an_empty_text_before_the_table_moves_no_sign_to_another_column(checked, empty):
    _, out, _ = checked(book(row(1, [empty, *HEADING]), row(2, [empty, *DOLLARS]), number_format="[$USD] 0.00"))
    assert "7500000 USD" in out
    assert "BREACH" not in out and "donation USD" not in out


@pytest.mark.parametrize("empty", ["<f>A1</f>", "<f>A1</f><v></v>", "<f>A1</f><v/>"])
def test_a_formula_that_nobody_calculated_is_no_empty_cell(checked, empty):
    status, out, _ = checked(book(row(1, HEADING), row(2, line(counterparty_name=f'<c r="@">{empty}</c>'))))
    assert status == 1
    assert "counterparty_name" in out and "=…" in out and "never calculated" in " ".join(out.split()) and "#VALUE!" not in out


def test_a_formula_whose_result_is_an_empty_text_is_one(checked):
    _, out, _ = checked(book(row(1, HEADING), row(2, line(counterparty_name='<c r="@" t="str"><f>A9</f><v></v></c>'))))
    assert "=…" not in out


def test_a_cell_in_a_far_corner_that_is_only_styled_is_none(checked):
    _, out, err = checked(book(row(1, HEADING), row(2, LINE), '<row r="1048576"><c r="XFD1048576" s="0"/></row>'))
    assert err == "" and "filing.xlsx: 1 row " in out


@pytest.mark.parametrize("corner", ["XFD1048576", "BI1048576"])
def test_a_stray_cell_in_a_far_corner_is_named(checked, corner):
    far = f'<row r="1048576"><c r="{corner}" t="inlineStr"><is><t>x</t></is></c></row>'
    status, out, err = checked(book(row(1, HEADING), row(2, LINE), far))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 and corner in err and "filing.xlsx" in err


@pytest.mark.parametrize("shown", ["&quot;у.е.&quot; 0.00", "0.00 &quot; дол.&quot;", "0.00 &quot; фунт&quot;", "0.00 &quot; сом&quot;"])
def test_other_currencies_by_their_short_names(checked, shown):
    _, out, _ = checked(book(row(1, HEADING), row(2, DOLLARS), number_format=shown))
    assert "BREACH" not in out and "cannot be read" in out


@pytest.mark.parametrize("shown", ["&quot;Сумма: &quot;#,##0.00", "&quot;Сомасы: &quot;#,##0.00"])
def test_a_word_that_only_begins_like_a_currency_is_none(checked, shown):
    _, out, _ = checked(book(row(1, HEADING), row(2, DOLLARS), number_format=shown))
    assert "BREACH" in out


def ods(*rows, columns="", rows_say=()):
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    says = dict(rows_say)
    table = columns + "".join(f"<table:table-row{says.get(at, '')}>{''.join(cells)}</table:table-row>" for at, cells in enumerate(rows))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="reports">{table}</table:table></office:spreadsheet></office:body></office:document-content>')  # fmt: skip
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>')  # fmt: skip
    return out.getvalue()


def cell(inside, kind=' office:value-type="string"'):
    return f"<table:table-cell{kind}><text:p>{inside}</text:p></table:table-cell>"


@pytest.mark.parametrize("name", [cell("Асанов<text:line-break/>А."), cell("Асанов<text:tab/>А."), cell("Асанов А.", kind="")])
def test_a_name_in_an_ods_has_its_blank_and_is_not_lost(tmp_path, run, name):
    (tmp_path / "filing.ods").write_bytes(ods([*map(cell, HEADING)], [*map(cell, LINE[:-1]), name]))
    status, out, _ = run("check", tmp_path / "filing.ods", "--lang", "en", "--select", "DON-001", "--select", "SRC-005")
    assert status == 1
    assert "Donor Асанов А.:" in out and "SRC-005   " not in out


PLACES = {name: at for at, name in enumerate(HEADING)}


def made(rows, merged=(), *, hidden=False, beneath=()):
    """A workbook of one table, in which some cells of a column are one over several rows (column, first, last row, value), and some hold
    what nobody sees (column, row, value)."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    if hidden:
        workbook.add_worksheet("notes").write(0, 0, "nothing")
    sheet = workbook.add_worksheet("reports")
    for at, cells in enumerate([HEADING, *rows]):
        sheet.write_row(at, 0, cells)
    for name, first, last, value in merged:
        sheet.merge_range(first - 1, PLACES[name], last - 1, PLACES[name], value)
    for name, row_of_it, value in beneath:
        sheet.write(row_of_it - 1, PLACES[name], value)
    if hidden:
        sheet.hide()
    workbook.close()
    return out.getvalue()


def test_a_donor_over_several_rows_is_that_of_each(checked):
    rows = [line(amount=amount, date=day, counterparty_name="") for amount, day in ((3_000_000, "2023-03-01"), (3_000_000, ""), (1_000_000.01, ""))]  # fmt: skip
    rows.append(line(amount=5_000_000, counterparty_name=""))
    status, out, _ = checked(made(rows, [("counterparty_name", 2, 4, "Асанов"), ("date", 3, 4, "2023-03-02")]))
    assert status == 1
    assert "DON-001" in out and "7\u202f000\u202f000.01" in out  # of the three rows, and not of the fourth, which nobody gave
    assert "SRC-005" in out and "Merged cells" in out and "further cells: 3" in " ".join(out.split())


def test_an_amount_over_several_rows_is_one_amount(checked):
    rows = [line(amount=""), line(amount="")]
    _, out, _ = checked(made(rows, [("amount", 2, 3, 4_000_000)]))
    assert "8\u202f000\u202f000" not in out and "row 3" in out and "amount" in out


def test_what_stands_beneath_a_merged_cell_is_not_read_and_told(checked):
    rows = [line(amount=""), line(amount="")]
    _, out, _ = checked(made(rows, [("amount", 2, 3, 8_000_000)], beneath=[("amount", 3, 9_000_000)]))
    assert "8\u202f000\u202f000.00" in out and "9\u202f000\u202f000" not in out and "further cells: 1" in " ".join(out.split())
    rows = [line(amount=4_000_000, counterparty_name=""), line(amount=4_000_000, counterparty_name="")]
    _, out, _ = checked(made(rows, [("counterparty_name", 2, 3, "Асанов")], beneath=[("counterparty_name", 3, "Ким")]))
    assert "DON-001" in out and "8\u202f000\u202f000.00" in out and "Ким" not in out


def test_a_total_line_among_merged_cells_is_left_out(checked):
    rows = [
        line(amount=amount, counterparty_name=name) for amount, name in ((3_000_000, "Асанов"), (3_000_000, "Ким"), (6_000_000, "Итого:"))
    ]
    over = [("contestant_id", 2, 4, "SM-1"), ("kind", 2, 4, "donation"), ("date", 2, 4, "2023-03-01")]
    _, out, _ = checked(made(rows, over))
    assert "+ 1 left out" in " ".join(out.split()) and "left out: row 4, total line" in " ".join(out.split())


def test_a_title_that_reaches_into_the_table_and_empty_rows_are_no_values(checked):
    rows = [line(amount=3_000_000, counterparty_name=""), [""] * len(HEADING), line(amount=3_000_000)]
    _, out, _ = checked(made(rows, [("counterparty_name", 2, 3, "Асанов")]))
    assert "further" not in out  # the row below is empty, and no record
    _, out, _ = checked(made([line(amount=3_000_000, counterparty_name="")], [("counterparty_name", 1, 2, "counterparty_name")]))
    assert "further" not in out and "SRC-005" in out


def test_a_donor_over_several_rows_of_an_ods(tmp_path, run):
    donor = cell("Асанов", kind=' table:number-rows-spanned="2" table:number-columns-spanned="1" office:value-type="string"')
    rows = [[*map(cell, line(amount="4000000")[:-1]), last] for last in (donor, "<table:covered-table-cell/>")]
    (tmp_path / "filing.ods").write_bytes(ods([*map(cell, HEADING)], *rows))
    status, out, _ = run("check", tmp_path / "filing.ods", "--lang", "en", "--select", "DON-001", "--select", "SRC-005")
    assert status == 1
    assert "8\u202f000\u202f000.00" in out and "further cells: 1" in " ".join(out.split()) and "SRC-005   " not in out


def test_that_a_sheet_is_hidden_is_said(checked):
    assert "is hidden in" in checked(made([LINE], hidden=True))[1]
    assert "is hidden in" not in checked(made([LINE]))[1]


@pytest.mark.parametrize("amount", [7_000_000.5, 352_000_000.01, "7.000.000,50"])
def test_a_stated_decimal_mark_is_that_of_texts_and_numbers_have_none(checked, amount):
    _, out, _ = checked(made([line(amount=amount, date=date(2023, 3, 1).isoformat())]), "--decimal-mark", "comma")
    assert "BREACH" in out and "Input problems" not in out and "INP-" not in out


def test_three_decimals_of_a_number_are_no_group_and_those_of_a_text_are(checked):
    assert "INP-001" in checked(made([line(amount=5.125)]), "--decimal-mark", "comma")[1]
    assert "INP-001" not in checked(made([line(amount="5.125")]), "--decimal-mark", "comma")[1]


BY_FILTER, BY_HAND = (f' table:visibility="{how}"' for how in ("filter", "collapse"))


@pytest.mark.parametrize(
    ("third", "columns", "rows", "said"),
    [
        (BY_FILTER, "", 2, "rows: 1, columns: 0"),
        (f'{BY_HAND} table:number-rows-repeated="3"', f"<table:table-column/><table:table-column{BY_HAND}/>", 4, "rows: 3, columns: 1"),
        ("", f'<table:table-column{BY_HAND} table:number-columns-repeated="1000"/>', 2, f"rows: 0, columns: {len(HEADING)}"),
        ("", f'<table:table-column table:number-columns-repeated="40"/><table:table-column{BY_HAND}/>', 2, None),
        (' table:visibility="visible"', "", 2, None),
    ],
)
def test_what_is_hidden_in_an_ods_is_told(tmp_path, run, third, columns, rows, said):
    cells = [*map(cell, LINE)]
    made = ods([*map(cell, HEADING)], cells, cells, ["<table:table-cell/>"], columns=columns, rows_say={2: third, 3: BY_HAND})
    (tmp_path / "filing.ods").write_bytes(made)
    out = " ".join(run("check", tmp_path / "filing.ods", "--lang", "en", "--select", "DON-001")[1].split())
    assert (f"Hidden in this sheet, and read all the same ({said})." in out) if said else "Hidden" not in out
    assert f"filing.ods: {rows} rows" in out


@pytest.mark.parametrize(("times", "status"), [(300, 1), (1_000_000, 2)])
def test_a_row_that_is_said_to_be_there_a_million_times_is_refused(times, status, tmp_path, run):
    made = ods([*map(cell, HEADING)], [*map(cell, LINE)], rows_say={1: f' table:number-rows-repeated="{times}"'})
    (tmp_path / "filing.ods").write_bytes(made)
    found, out, err = run("check", tmp_path / "filing.ods", "--lang", "en", "--select", "DON-001")
    assert found == status
    assert ("cells are more than can be read" in err) is (status == 2)
    assert ("filing.ods: 300 rows" in out) is (status == 1)


@pytest.mark.parametrize("last", ["A50001", "A1048576"])
def test_a_blank_far_below_is_no_million_of_cells(last, tmp_path, run):
    with xlsxwriter.Workbook(tmp_path / "filing.xlsx") as made:
        sheet = made.add_worksheet("reports")
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, [str(value) for value in LINE])
        sheet.write_string(last, " ")
    status, _, err = run("check", tmp_path / "filing.xlsx", "--lang", "en", "--select", "DON-001", "--fail-on", "never")
    assert (status, err) == (0, "")


def test_numbers_of_an_ods_and_of_ndjson_have_no_mark_either(tmp_path, run):
    number = '<table:table-cell office:value-type="float" office:value="7000000.5"><text:p>7 000 000,50</text:p></table:table-cell>'
    cells = [number if name == "amount" else cell(value) for name, value in zip(HEADING, LINE, strict=True)]
    (tmp_path / "a.ods").write_bytes(ods([*map(cell, HEADING)], cells))
    (tmp_path / "a.ndjson").write_text(json.dumps(dict(zip(HEADING, line(amount=7000000.5), strict=True))), encoding="utf-8")
    pl.DataFrame([dict(zip(HEADING, line(amount=7000000.5), strict=True))]).write_parquet(tmp_path / "a.parquet")
    for name in ("a.ods", "a.ndjson", "a.parquet"):
        _, out, _ = run("check", tmp_path / name, "--lang", "en", "--select", "DON-001", "--decimal-mark", "comma")
        assert "BREACH" in out and "INP-" not in out, name


@pytest.mark.parametrize("numbers", [range(1, 8), [1, 2, 3, 5, 6, 8, 9]])
def test_the_row_that_numbers_the_columns_of_a_form_is_left_out_with_a_word(checked, numbers):
    _, out, _ = checked(made([list(numbers), LINE]))
    assert "numbers of the columns" in out and "INP-" not in out and "BREACH" in out
    _, out, _ = checked(made([[1, 2, 3, 4, 4, 6, 7], LINE]))
    assert "numbers of the columns" not in out and "INP-" in out


@pytest.mark.parametrize("word", ["Жиыны", "ЖИЫНТЫҒЫ:", "Итого по разделу"])
def test_total_lines_in_the_words_of_forms(checked, word):
    _, out, _ = checked(made([LINE, line(contestant_id="", contest="", date="", kind="", counterparty_name=word)]))
    assert word in out and "total line" in out and "INP-" not in out


@pytest.mark.parametrize(("amount", "read_as"), [("7000000.5", "7000000,5"), ("5.125", "5.125"), ("7.000.000,50", "7.000.000,50")])
def test_where_nobody_knows_which_cells_are_numbers(amount, read_as):
    """In an XLS: a point that parts no groups of three is one of decimals."""
    asked = Instructions(LAW.headings, words("en"), Stated(forms=Forms(decimal_mark=",")))
    cells = pl.DataFrame(
        [HEADING, line(amount=amount, counterparty_name="12.5")], schema=[f"c{n}" for n in range(len(HEADING))], orient="row"
    )
    assert not as_shown(cells, b"an XLS", "reports", {}, ",").numbers_known
    table = table_of(cells, "a.xls", "reports", "", asked, "reports", day_zero=date(1899, 12, 30), numbers_known=False)
    assert table.frame.select("amount", "counterparty_name").collect().rows() == [(read_as, "12.5")]
