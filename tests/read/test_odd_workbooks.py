"""Workbooks as other programs write them: parts named otherwise, empty texts before the table, formulas nobody calculated, a stray cell."""

import io
import zipfile

import pytest

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
def checked(tmp_path, run):
    """What `audit check` prints of a workbook, and its exit status."""

    def check(content, *options):
        (tmp_path / "filing.xlsx").write_bytes(content)
        status, out, err = run("check", tmp_path / "filing.xlsx", "--lang", "en", "--select", "DON", "--select", "SRC", *options)
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
    assert "counterparty_name" in out and "#VALUE!" in out


def test_a_formula_whose_result_is_an_empty_text_is_one(checked):
    _, out, _ = checked(book(row(1, HEADING), row(2, line(counterparty_name='<c r="@" t="str"><f>A9</f><v></v></c>'))))
    assert "#VALUE!" not in out


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


def ods(*rows):
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    table = "".join(f"<table:table-row>{''.join(cells)}</table:table-row>" for cells in rows)
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
    assert "Donor асанов а.:" in out and "SRC-005   " not in out
