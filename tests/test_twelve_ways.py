"""One filing written in twelve ways: formats, letters, numbers, days and headings differ; findings, rows and problems do not."""

import csv
import io
import json
import re
import tempfile
import zipfile
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path

import filings
import filings_whole
import polars as pl
import pytest
import xlsxwriter
from deep import DEEP
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from auditor import wording
from auditor.render.data import document
from auditor.rulebook.load import load
from auditor.tables import TABLES, Cell, columns
from auditor.workflow import Request, audit

LAW, WORDS = load("kz/majilis-2023"), wording.load("en")
PLAIN = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{2})?")
ISO = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
WORD_OF = {column: {code: words[0] for code, words in codes.items()} for column, codes in LAW.vocabulary.words.items()}


def grouped(text, space, mark):
    whole, _, tiyn = text.partition(".")
    sign, whole = ("-" if whole.startswith("-") else ""), f"{abs(int(whole)):,}".replace(",", space)
    return sign + whole + (mark + tiyn if tiyn else "")


def heading(table, name, turn):
    """Another name of the column, the first (Russian) or the last (Kazakh) in the election's form."""
    aliases = LAW.headings.get(table, {}).get(name, ())
    return aliases[turn] if aliases else name


def styled(made, *, money=lambda text: text, day=lambda text: text, head=None, words=False):
    """Rows of text, heading first, of every table."""

    def written(name, kind, cell):
        if kind in (Cell.MONEY, Cell.SIGNED_MONEY) and PLAIN.fullmatch(cell):
            return money(cell)
        if kind is Cell.DATE and ISO.fullmatch(cell):
            return day(cell)
        return WORD_OF.get("category" if name == "medium" else name, {}).get(cell, cell) if words and kind is Cell.CODE else cell

    out = {}
    for table, (names, records) in made.items():
        kinds = [columns(table)[name].cell for name in names]
        rows = []
        for record in records:
            cells = [written(name, kind, cell) for name, kind, cell in zip(names, kinds, record, strict=True)]
            rows.append(cells)
        out[table] = [[head(table, name) if head else name for name in names], *rows]
    return out


def in_russian(made, money=lambda text: text, turn=0, **more):
    return styled(made, money=money, day=lambda text: f"{text[8:]}.{text[5:7]}.{text[:4]}", head=lambda t, n: heading(t, n, turn), **more)


def text_files(folder, tables, *, delimiter=",", encoding="utf-8", newline="\n", suffix="csv"):
    for table, rows in tables.items():
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
        (folder / f"{table}.{suffix}").write_bytes(out.getvalue().encode(encoding))
    return folder


def workbook(path, tables, native=False):
    book = xlsxwriter.Workbook(str(path))
    days = book.add_format({"num_format": "dd.mm.yyyy"})
    for table, (names, *rows) in tables.items():
        sheet = book.add_worksheet(table)
        kinds = [columns(table)[name].cell if name in columns(table) else None for name in names]
        sheet.write_row(0, 0, names)
        for at, row in enumerate(rows, start=1):
            for n, (kind, cell) in enumerate(zip(kinds, row, strict=True)):
                if native and kind in (Cell.MONEY, Cell.SIGNED_MONEY) and PLAIN.fullmatch(cell):
                    sheet.write_number(at, n, float(cell))  # twelve digits and a tiyn are exact enough to come back
                elif native and kind is Cell.DATE and ISO.fullmatch(cell) and cell > "1901" and valid(cell):
                    sheet.write_datetime(at, n, date.fromisoformat(cell), days)
                elif cell:
                    sheet.write_string(at, n, cell)
    book.close()
    return path


def valid(cell):
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True


def ods(path, tables):
    space = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    sheets = ""
    for table, rows in tables.items():
        lines = ""
        for row in rows:
            cells = "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
                if cell
                else "<table:table-cell/>"
                for cell in row
            )
            lines += f"<table:table-row>{cells}</table:table-row>"
        sheets += f'<table:table table:name="{table}">{lines}</table:table>'
    content = f"<office:document-content {space}><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("mimetype", kind)
        out.writestr("content.xml", content)
        listed = "".join(
            f'<m:file-entry m:full-path="{name}" m:media-type="{of}"/>' for name, of in (("/", kind), ("content.xml", "text/xml"))
        )
        out.writestr(
            "META-INF/manifest.xml", f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{listed}</m:manifest>'
        )
    return path


def frames(tables, typed=False):
    for table, (names, *rows) in tables.items():
        frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        for name in names if typed else ():
            cell, filled = columns(table)[name].cell, frame[name].replace("", None)
            if cell is Cell.DATE and all(ISO.fullmatch(text) and valid(text) for text in filled.drop_nulls()):
                frame = frame.with_columns(filled.str.to_date().alias(name))
            elif cell in (Cell.MONEY, Cell.SIGNED_MONEY) and all(PLAIN.fullmatch(text) for text in filled.drop_nulls()):
                frame = frame.with_columns(
                    pl.Series(name, [None if text is None else Decimal(text) for text in filled], dtype=pl.Decimal(38, 2))
                )
        yield table, frame


def parquet(folder, tables, typed=False):
    for table, frame in frames(tables, typed):
        frame.write_parquet(folder / f"{table}.parquet")
    return folder


def ndjson(folder, tables):
    for table, (names, *rows) in tables.items():
        lines = (
            json.dumps({name: cell for name, cell in zip(names, row, strict=True) if cell or n == 0}, ensure_ascii=False)
            for n, row in enumerate(rows)
        )
        (folder / f"{table}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def zipped(folder, tables):
    inner = folder / "in"
    inner.mkdir()
    text_files(inner, tables, delimiter=";")
    with zipfile.ZipFile(folder / "filing.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for path in inner.iterdir():
            out.write(path, f"округ/{path.name}")
    return folder / "filing.zip"


WAYS = {
    "comma, utf-8": lambda at, made: text_files(at, styled(made)),
    "semicolon, byte order mark, CRLF, comma decimals": lambda at, made: text_files(
        at, in_russian(made, lambda text: text.replace(".", ",")), delimiter=";", encoding="utf-8-sig", newline="\r\n"
    ),
    "tab, utf-16, no-break spaces": lambda at, made: text_files(
        at, in_russian(made, lambda text: grouped(text, "\u00a0", ",")), delimiter="\t", encoding="utf-16", suffix="tsv"
    ),
    "cp1251, CR, spaces": lambda at, made: text_files(
        at, in_russian(made, lambda text: grouped(text, " ", ".")), delimiter=";", encoding="cp1251", newline="\r"
    ),
    "kz1048, Kazakh headings and words": lambda at, made: text_files(
        at, in_russian(made, turn=-1, words=True), delimiter=";", encoding="kz1048"
    ),
    "ptcp154, tenge written out": lambda at, made: text_files(
        at, in_russian(made, lambda text: text + " тенге", turn=-1), delimiter=";", encoding="ptcp154"
    ),
    "cp866": lambda at, made: text_files(at, in_russian(made), delimiter=";", encoding="cp866"),
    "xlsx, texts, narrow spaces": lambda at, made: workbook(
        at / "f.xlsx", in_russian(made, lambda text: grouped(text, "\u202f", ","), words=True)
    ),
    "xlsx, numbers and days": lambda at, made: workbook(at / "f.xlsx", styled(made), native=True),
    "ods": lambda at, made: ods(at / "f.ods", in_russian(made)),
    "parquet, decimals and days": lambda at, made: parquet(at, styled(made), typed=True),
    "ndjson": lambda at, made: ndjson(at, in_russian(made, turn=-1)),
    "zip": lambda at, made: zipped(at, in_russian(made)),
}


def answer(path, as_of):
    made = document(audit(Request([str(path)], as_of), LAW, WORDS))
    for finding in made["findings"]:
        for place in (*finding["rows"], *([finding["crossing"]] if finding["crossing"] else [])):
            del place["file"], place["sheet"]
    counts = sorted(
        (one["table"], one["rows"], one["read"], one["unread"], [left["row"] for left in one["left_out"]]) for one in made["inputs"]
    )
    problems = sorted((p["code"], p["row"], p["column"] or "") for p in made["problems"])
    return made["findings"], problems, made["summary"], made["contestants"], made["coverage"], counts


def texts_of(case):
    """Every record as wide as its heading, in letters that all code pages have; a table of two columns at least has a heading."""
    rows, names, odd = case
    made = {}
    for table, records in rows.items():
        cells = [[str(cell) for cell in record] for record in filings.as_records(records, names[table], odd if table == "reports" else {})]
        if not records:
            continue  # NDJSON has no way to say which columns a table of no records has
        made[table] = names[table], [[*cell, *[""] * len(names[table])][: len(names[table])] for cell in cells]
    return made


LETTERS = {
    "cp1251, CR, spaces": "cp1251",
    "kz1048, Kazakh headings and words": "kz1048",
    "ptcp154, tenge written out": "ptcp154",
    "cp866": "cp866",
}


def storable(made, codec):
    """The same tables in letters that a code page has; both ways are then written with them."""

    def letter(found):
        return found if found.encode(codec, errors="ignore") else "ж"

    return json.loads("".join(letter(each) for each in json.dumps(made, ensure_ascii=False)))


def test_all_tables_are_written():
    assert len(WAYS) >= 12
    assert set(TABLES) == {"reports", "contestants", "filings", "candidates", "price_lists", "statement"}


@pytest.mark.parametrize("way", list(WAYS)[1:])
@settings(max_examples=DEEP, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(case=filings_whole.tables(), as_of=st.just(date(2023, 4, 15)))
def test_random_filings(way, case, as_of):
    made = texts_of(case)
    if way in LETTERS:
        made = storable(made, LETTERS[way])
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        plain = answer(WAYS["comma, utf-8"](Path(one), made), as_of)
        assert answer(WAYS[way](Path(other), made), as_of) == plain
