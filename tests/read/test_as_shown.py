"""Cells of a workbook are read as people see them: the errors of formulas, and numbers in per cent or another currency."""

import itertools
import random
import re
import zipfile
from datetime import date

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from auditor import wording
from auditor.read.as_shown import as_shown
from auditor.read.number_formats import signs_of
from auditor.render.data import as_csv, document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
WORDS = wording.load("en")
HEADING = "contestant_id contest date kind amount counterparty_type counterparty_name counterparty_id payment_method".split()
LINE = ["SM-1", "single_mandate", "2023-02-20", "donation", 8_000_000, "individual", "Al", "800101300016", "cash"]


def told(path):
    return audit(Request([str(path)], date(2023, 4, 15), select=["DON", "SRC", "DEP"]), LAW, WORDS)


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, 2)])
def test_each_error_is_a_problem_that_quotes_it(tmp_path, down, right):
    book = xlsxwriter.Workbook(str(tmp_path / "filing.xlsx"))
    book.add_worksheet("Notes").write_formula(0, 0, "=NA()", None, "#N/A")
    sheet = book.add_worksheet("reports & more")
    for row, cells in enumerate([HEADING, LINE, LINE]):
        for column, cell in enumerate(cells):
            sheet.write(row + down, column + right, cell)
    for row, name, shown in ((1, "counterparty_id", "#N/A"), (1, "payment_method", "#REF!"), (2, "amount", "#DIV/0!")):
        sheet.write_formula(row + down, HEADING.index(name) + right, "=1/0", None, shown)
    book.close()
    made = document(told(tmp_path / "filing.xlsx"))
    assert [(p["sheet"], p["row"], p["column"], p["value"]) for p in made["problems"]] == [
        ("reports & more", 2 + down, "counterparty_id", "#N/A"),
        ("reports & more", 2 + down, "payment_method", "#REF!"),
        ("reports & more", 3 + down, "amount", "#DIV/0!"),
    ]
    assert all("filing.xlsx, sheet reports & more, row" in p["message"] for p in made["problems"])


def test_two_sheets_of_one_workbook_are_told_apart(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "filing.xlsx"))
    for name in ("first", "reports"):
        sheet = book.add_worksheet(name)
        for row, cells in enumerate([HEADING, LINE]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    book.close()
    made = told(tmp_path / "filing.xlsx")
    (finding,) = [one for one in made.findings if one.rule == "DON-001"]
    assert [line.place.shown.rpartition("/")[2] for line in finding.lines] == ["filing.xlsx [first]:2", "filing.xlsx [reports]:2"]
    assert "filing.xlsx [first]:2" in as_csv(made)


def changed(path, change):
    """The workbook with the XML of its first sheet changed."""
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = change(parts[sheet].decode()).encode()
    with zipfile.ZipFile(path, "w") as after:
        for name, content in parts.items():
            after.writestr(name, content)


def with_prefix(xml):
    return re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=", 1)


def without_places(xml):
    return re.sub(r'<c r="[A-Z]+\d+"', "<c", xml)


def with_an_empty_value_before_the_table(xml):
    return re.sub(r'(<row r="1"[^>]*>)', r'\1<c r="A1"><v></v></c>', xml)


def with_rows_that_hold_nothing(xml):
    return re.sub(r'<row r="2"', '<row r="1000000" spans="1:9"/><row spans="1:9"/>\n<row r="2"', xml)


def without_row_numbers(xml):
    return re.sub(r'<row r="\d+"', "<row", xml)


def lower_without_row_numbers(xml):
    """The rows say where they are by their cells alone."""
    return re.sub(r'<c r="([A-Z]+)(\d+)"', lambda found: f'<c r="{found[1]}{int(found[2]) + 4}"', without_row_numbers(xml))


def with_a_row_in_a_comment(xml):
    return xml.replace("<sheetData>", '<sheetData><!-- <row r="7"><c r="A7" t="e"><v>#N/A</v></c></row> -->')


@pytest.mark.parametrize(
    ("right", "change"),
    [
        (0, with_prefix),
        (0, without_places),
        (1, with_an_empty_value_before_the_table),
        (0, without_row_numbers),
        (0, with_a_row_in_a_comment),
        (1, with_a_row_in_a_comment),
    ],
)
def test_however_the_workbook_writes_its_cells(tmp_path, right, change):
    path = tmp_path / "filing.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("reports")
    for row, cells in enumerate([HEADING, LINE]):
        for column, cell in enumerate(cells):
            sheet.write(row, column + right, cell)
    sheet.write_formula(1, HEADING.index("counterparty_id") + right, "=1/0", None, "#N/A")
    book.close()
    changed(path, change)
    made = document(told(path))
    assert [(p["row"], p["column"], p["value"]) for p in made["problems"]] == [(2, "counterparty_id", "#N/A")]


def by_chance(path, chance):
    """A sheet of numbers, texts, formulas with and without values, errors, shares, sums of dollars, and cells that are one over several."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("reports")
    formats = [
        None,
        book.add_format({"num_format": "0%"}),
        book.add_format({"num_format": '0 "$"'}),
        book.add_format({"num_format": "0.00"}),
    ]
    right, down = chance.choice((0, 0, 1, 3)), chance.choice((0, 0, 2))
    rare = chance.choice([1, 5, 60])
    for row, column in itertools.product(range(chance.randrange(1, 40)), range(4)):
        at = (row + down, column + right)
        match chance.randrange(rare * 4):
            case 0:
                sheet.write_formula(*at, "=1/0", None, "#DIV/0!")
            case 1:
                sheet.write_formula(*at, "=1+1", chance.choice(formats), chance.choice(["", 2]))
            case 2:
                sheet.write_number(*at, 0.5, chance.choice(formats))
            case 3:
                sheet.write_blank(*at, None, formats[1])
            case number if number % 4:
                sheet.write(*at, f"{row}&{column}" if number % 2 else row)
    if chance.random() < 0.3:
        sheet.merge_range(down + 50, right, down + 52, right, "all")
    book.close()


def shown_in(path):
    """What is told of the sheet, and whether calamine finds any cell in it."""
    data = path.read_bytes()
    cells = fastexcel.read_excel(data).load_sheet("reports", header_row=None, skip_rows=0, dtypes="string").to_polars()
    shown = as_shown(cells.with_columns(pl.all().cast(pl.String)), data, "reports", signs_of(data))
    return shown.cells.rows(), dict(shown.merged), shown.numbers_known


@pytest.mark.parametrize("seed", range(60))
def test_a_sheet_of_which_few_rows_are_looked_at_is_read_as_one_that_is_looked_at_whole(tmp_path, seed):
    path = tmp_path / "filing.xlsx"
    by_chance(path, random.Random(seed))
    before = shown_in(path)
    changed(path, with_rows_that_hold_nothing)
    assert shown_in(path) == before
    changed(path, with_a_row_in_a_comment)  # so that no row can be left out
    assert shown_in(path) == before


def test_a_gap_is_kept_where_only_the_cells_say_where_they_are(tmp_path):
    path = tmp_path / "filing.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("reports")
    for row, cells in enumerate([HEADING, LINE, LINE]):
        sheet.write_row(row, 0, cells)
    sheet.write_formula(2, HEADING.index("counterparty_id"), "=1/0", None, "#N/A")
    book.close()
    changed(path, lower_without_row_numbers)
    assert [(p["row"], p["column"], p["value"]) for p in document(told(path))["problems"]] == [(7, "counterparty_id", "#N/A")]


def with_amount_as(path, number_format, finish=lambda book, sheet: None):
    """A workbook of one line whose amount has a format."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("reports")
    sheet.write_row(0, 0, HEADING)
    for column, cell in enumerate(LINE):
        sheet.write(1, column, cell, book.add_format({"num_format": number_format}) if cell == 8_000_000 else None)
    finish(book, sheet)
    book.close()


def test_what_a_cell_says_of_itself_may_stand_on_lines_of_its_own(tmp_path):
    path = tmp_path / "filing.xlsx"
    with_amount_as(path, '#,##0 "$"')
    changed(path, lambda xml: re.sub(r' (s|t)="', r'\n\1="', xml))
    assert [(p["row"], p["column"], p["value"]) for p in document(told(path))["problems"]] == [(2, "amount", "8000000 $")]


def test_the_formats_of_a_conditional_format_are_its_own(tmp_path):
    """Their numbers may be those of formats of cells, and say something else."""
    path = tmp_path / "filing.xlsx"
    per_cent = {"num_format": "0.000%"}
    with_amount_as(
        path,
        '#,##0.00" тг"',
        lambda book, sheet: sheet.conditional_format("E2", {"type": "no_blanks", "format": book.add_format(per_cent)}),
    )
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    styles = parts["xl/styles.xml"].decode()
    (of_cells, of_condition) = re.findall(r'numFmtId="(\d+)" formatCode', styles)
    parts["xl/styles.xml"] = styles.replace(f'numFmtId="{of_condition}" formatCode', f'numFmtId="{of_cells}" formatCode').encode()
    with zipfile.ZipFile(path, "w") as after:
        for name, content in parts.items():
            after.writestr(name, content)
    made = told(path)
    assert list(made.problems) == [] and [one.rule for one in made.findings] == ["DON-001"]


TENGE = [
    "[$Т-43F]#,##0.00",
    "#,##0.00\\ [$т-43F]",
    "[$т] #,##0",
    "[$тңг-43F] #,##0",
    "[$tenge] #,##0",
    '#,##0 "TNG"',
    "[$КЗТ] #,##0",
    "#,##0.0",
    "#,##0;[Red]-#,##0",
    '0" пар."',
    '#,##0.00 "гр."',
    "#,##0.00",
    '#,##0.00\\ "₸"',
    "[$₸-43F]#,##0.00",
    '#,##0.00" тг."',
    "[$KZT] #,##0.00",
    "_-* #,##0.00_-;[Red]\\-#,##0.00",
    '_-* #,##0.00\\ _₽_-;\\-* #,##0.00\\ _₽_-;_-* "-"??\\ _₽_-;_-@_-',
    "_-* #,##0.00\\ _€_-;\\-* #,##0.00\\ _€_-",
]
OTHERS = {
    '#,##0.00 "р"': "р",
    "#,##0,": "#,##0,",
    "#,##0.0,,": "#,##0.0,,",
    '"$"#,##0.00': "$",
    "[$USD] #,##0": "USD",
    "[$₽-419]#,##0.00": "₽",
    "[$€-2] #,##0.00": "€",
    "0.00%": "%",
    '#,##0" руб."': "руб",
    '#,##0" р."': "р.",
    '#,##0.00\\ "UAH"': "UAH",
    "#,##0.00\\ [$сом-440]": "сом",
    "[$₺-41F]#,##0.00": "₺",
    "#,##0.00\\ [$CHF]": "CHF",
    '#,##0\\ "тыс. тенге"': "тыс",
    "_-* #,##0.00\\ [$₽-419]_-;\\-* #,##0.00\\ [$₽-419]_-": "₽",
    "#,##0.00\\_₽": "₽",
}


@pytest.mark.parametrize("form", [*TENGE, *OTHERS])
def test_an_amount_in_another_currency_is_a_problem(form, tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "filing.xlsx"))
    sheet = book.add_worksheet("reports")
    for row, cells in enumerate([HEADING, LINE]):
        for column, cell in enumerate(cells):
            shown = book.add_format({"num_format": form}) if row and HEADING[column] == "amount" else None
            sheet.write(row + 1, column + 1, cell, shown)
    book.close()
    made = document(told(tmp_path / "filing.xlsx"))
    said = [(one["code"], one["row"], one["column"], one["value"]) for one in made["problems"]]
    if form in TENGE:
        assert said == []
        assert [one["measured"] for one in made["findings"] if one["rule"] == "DON-001"] == ["8000000.00"]
    else:
        value = "800000000 %" if form == "0.00%" else f"8000000 {OTHERS[form]}"
        assert said == [("INP-001", 3, "amount", value)]


def dollars(path):
    """A workbook whose one amount is shown in dollars."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("reports")
    form = book.add_format({"num_format": "[$$-409]#,##0.00"})
    for row, cells in enumerate([HEADING, LINE]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell, form if row and HEADING[column] == "amount" else None)
    book.close()
    return path


def said_of_what_is_not_seen(made):
    return [note for one in made.inputs for note in one.notes if note == WORDS("check.not_as_shown")]


ODD = {
    "a reference in small letters": lambda xml: xml.replace('r="H2"', 'r="h2"'),
    "a style with zeros before it": lambda xml: re.sub(r' s="([0-9]+)"', r' s="00\1"', xml),
    "a style with blanks around the sign": lambda xml: re.sub(r' s="([0-9]+)"', r' s = "\1"', xml),
    "a style by the number of its letter": lambda xml: re.sub(r' s="([0-9])"', lambda found: f' s="&#{ord(found[1])};"', xml),
    "a style that says nothing": lambda xml: xml.replace('<c r="F2"', '<c r="F2" s=""'),
    "bytes behind the last tag": lambda xml: xml + "\x00\x00",
    "words behind the last tag": lambda xml: xml + " left over",
}


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_dollars_are_seen_in_a_sheet_that_is_written_oddly(change, tmp_path):
    path = dollars(tmp_path / "filing.xlsx")
    changed(path, change)
    made = told(path)
    assert [(one.column, one.value) for one in made.problems] == [("amount", "8000000 $")]
    assert said_of_what_is_not_seen(made) == []


def with_another_check_sum(path):
    """What calamine does not look at."""
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as after:
        for name, content in parts.items():
            after.writestr(name, content)
        at = after.getinfo("xl/styles.xml").header_offset
        central = after.start_dir
    data = bytearray(path.read_bytes())
    name = data.index(b"xl/styles.xml", central)
    for place in (at + 14, name - 46 + 16):
        data[place] ^= 1
    path.write_bytes(bytes(data))


def with_styles_that_are_no_xml(path):
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"</styleSheet>", b"<x></styleSheet>")
    with zipfile.ZipFile(path, "w") as after:
        for name, content in parts.items():
            after.writestr(name, content)


@pytest.mark.parametrize("spoil", [with_another_check_sum, with_styles_that_are_no_xml])
def test_where_what_people_see_cannot_be_read_it_is_said(spoil, tmp_path):
    path = dollars(tmp_path / "filing.xlsx")
    assert said_of_what_is_not_seen(told(path)) == []
    spoil(path)
    assert len(said_of_what_is_not_seen(told(path))) == 1


@pytest.mark.parametrize(("share", "kept"), [(0.045, False), (0.062, True)])
def test_a_share_shown_in_per_cent_is_read_as_it_is_shown(share, kept, tmp_path):
    """4.5 % is 0.045 in such a cell. A deposit is refunded from 5 % on."""
    register = [
        ["contestant_id", "contest", "name", "status", "vote_share", "elected"],
        ["SM-1", "single_mandate", "A", "registered", share, "no"],
    ]
    refund = ["SM-1", "single_mandate", "2023-04-02", "deposit_refund", 1_050_000]
    book = xlsxwriter.Workbook(str(tmp_path / "filing.xlsx"))
    for name, rows in (("reports", [HEADING, refund]), ("contestants", register)):
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, book.add_format({"num_format": 10}) if cell == share else None)
    book.close()
    made = told(tmp_path / "filing.xlsx")
    assert list(made.problems) == []
    assert [one.rule for one in made.findings if one.rule == "DEP-003"] == ([] if kept else ["DEP-003"])


def test_days_are_counted_from_where_the_workbook_counts_them(tmp_path):
    for since_1904 in (False, True):
        book = xlsxwriter.Workbook(str(tmp_path / "filing.xlsx"), {"date_1904": since_1904})
        sheet = book.add_worksheet("reports")
        for row, cells in enumerate([HEADING, [*LINE[:2], 44_978 - 1_462 * since_1904, *LINE[3:]]]):
            sheet.write_row(row, 0, cells)
        book.close()
        (finding,) = [one for one in told(tmp_path / "filing.xlsx").findings if one.rule == "DON-001"]
        assert finding.crossing.date == date(2023, 2, 21)


SPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "draw"))


def ods(path, **sheets):
    """A workbook as LibreOffice writes it; a cell is its text, or its attributes and its text. Two columns and a row are left empty."""

    def cell(one):
        attributes, text = one if isinstance(one, tuple) else ('office:value-type="string"', one)
        note = "<office:annotation><text:p>a note: #N/A</text:p></office:annotation>"
        return f"<table:table-cell {attributes}>{note if text else ''}<text:p>{text}</text:p></table:table-cell>"

    gap = '<table:table-cell table:number-columns-repeated="2"/>'
    tables = [
        f'<table:table table:name="{name}"><table:table-row table:number-rows-repeated="1">{gap}</table:table-row>'
        + "".join(f"<table:table-row>{gap}{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    ]
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", f"<office:document-content {SPACES}>{body}</office:document-content>")
        entry = '<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        manifest = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entry}</m:manifest>'
        made.writestr("META-INF/manifest.xml", manifest)
    return path


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (('office:value-type="currency" office:currency="USD" office:value="5000"', "$5,000"), "5000 USD"),
        (('office:value-type="percentage" office:value="0.5"', "50%"), "50 %"),
        (('table:formula="of:=1/0" office:value-type="string" office:string-value=""', "#DIV/0!"), "#DIV/0!"),
        (('table:formula="of:=x()" office:value-type="string" office:string-value=""', "Err:502"), "#VALUE!"),
        (('table:formula="of:=1/0" office:value-type="float" office:value="0"', "#DIV/0!"), "#DIV/0!"),
        (('table:formula="of:=[.B2]"', ""), "=…"),
        (('office:value-type="time" office:time-value="PT10H30M00S"', "10:30"), "10:30"),
        (('office:value-type="void"', "8 000 000"), None),
        (('office:value-type="currency" office:currency="KZT" office:value="8000000"', "8 000 000 ₸"), None),
        (('table:formula="of:=4000000*2" office:value-type="float" office:value="8000000"', "8 000 000"), None),
    ],
)
def test_a_cell_of_an_ods_is_read_as_it_is_shown(amount, said, tmp_path):
    line = [amount if name == "amount" else str(cell) for name, cell in zip(HEADING, LINE, strict=True)]
    made = document(told(ods(tmp_path / "filing.ods", other=[["x", "y"]], reports=[HEADING, line])))
    problems = [(one["code"], one["row"], one["column"], one["value"]) for one in made["problems"]]
    assert problems == ([] if said is None else [("INP-001", 3, "amount", said)])
    if said is None:
        assert [one["measured"] for one in made["findings"] if one["rule"] == "DON-001"] == ["8000000.00"]


STRING = 'office:value-type="string"'
SHAPE = "<draw:frame><draw:text-box><text:p>Оплачено</text:p></draw:text-box></draw:frame>"


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ((STRING, f"Асанов Ержан{SHAPE}"), "асанов ержан"),
        ((STRING, f"{SHAPE}Асанов Ержан"), "асанов ержан"),
        (("", SHAPE), None),
        ((STRING, SHAPE), None),
        ((STRING, "Асанов</text:p><text:p>Ержан<text:line-break/>Али"), "асанов ержан али"),
        (("", "Асанов<text:s/>Ержан"), "асанов ержан"),
        ((STRING, "Асанов<text:s/>Ержан<text:tab/>Али"), "асанов ержан али"),
    ],
)
def test_the_words_of_a_cell_of_an_ods_stay_apart_and_those_of_a_drawing_are_not_its_own(name, subject, tmp_path):
    cells = dict(zip(HEADING, map(str, LINE), strict=True)) | {"counterparty_name": name, "counterparty_id": ""}
    made = told(ods(tmp_path / "filing.ods", reports=[HEADING, list(cells.values())]))
    found = {one.rule: one.subject for one in made.findings}
    assert found == ({"DON-001": subject} if subject is not None else {"SRC-005": None})


def test_a_share_of_an_ods_is_per_cent_where_it_is_shown_so(tmp_path):
    register = ["contestant_id", "contest", "name", "status", "list_size", "last_vote_share"]
    share = ('office:value-type="percentage" office:value="0.065"', "6,50%")
    party = ["P-1", "party_list", "P", "registered", "10", share]
    line = ["P-1", "party_list", "2023-02-20", "own_funds", "1"]
    path = ods(tmp_path / "a.ods", reports=[["contestant_id", "contest", "date", "kind", "amount"], line], contestants=[register, party])
    assert not [one for one in document(told(path))["findings"] if one["rule"] == "DEP-001"]  # from 5 % on no deposit is asked
