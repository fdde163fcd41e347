"""Random cells and random bytes in every format: no traceback, no hang, no row lost. `make fuzz` runs 200,000 inputs.

python tests/fuzz.py [INPUTS [WORKERS [FIRST SEED]]]
"""

import csv
import io
import json
import multiprocessing
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from html import escape
from pathlib import Path

import polars as pl
import xlsxwriter

from auditor import wording
from auditor.errors import CannotRead
from auditor.normalise.other_tables import gather
from auditor.normalise.report_file import read_lines
from auditor.read.formats import tables_of
from auditor.read.instructions import Forms, Instructions, Stated
from auditor.rulebook.load import load

LAW = load("kz/majilis-2023")
LONGEST_SECONDS = 5
HEADING = ["contestant_id", "contest", "report_type", "date", "kind", "amount", "counterparty_type", "counterparty_name", "counterparty_id", "fund_account", "quantity", "note"]  # fmt: skip
GOOD = [
    "SM-1",
    "single_mandate",
    "final",
    "2023-03-01",
    "donation",
    "5000.00",
    "individual",
    "Қасымов Ғалым",
    "900101300017",
    "",
    "2",
    "ok",
]
ODD = [
    "", " ", "\u00a0", "x", "Итого", "Барлығы:", "5", "-5", "+5", "1e6", "10.505", "7,000,000", "1.000,50", "7 528 43,00", "7 000 000,00 тг", "9" * 40, "9" * 400,
    "NaN", "inf", "0x1F", "٣", "१२", "½", "2023-02-30", "02/18/2023", "3/4/2023", "18.02.2023", "2023-03-01 00:00:00", "44976", "0001-01-01", "9999-12-31", "10000-01-01",
    "donation", "DONATION", "Пожертвование", "қайырмалдық", "расход", "own_funds", "anonymous", "физическое лицо", "в натуральной форме",
    "=cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", '"', '""', "'", "«Ромашка»", "a;b", "a,b", "a\tb", "a\nb", "a\r\nb", "a\rb", "\u2028", "\x85", "\x1b[31m", "\u202eabc",
    "\ufeff", "\u200b", "e\u0301" * 20, "😀", "\U0001f1f0", "ß", "İ", "ﬁ", "null", "None", "true", "12345678901", "1234567890", "900101 300017", "KZ00", "KZ86125KZT1001300224",
    "{{ 7*7 }}", "<img src=x>", "a" * 5000, "\x00"[:0], "–", "−5", "(5)", "5%", "5 тенге", "₸5", "№ 5", "сәуір", "Ё",
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1251", "kz1048", "ptcp154", "cp866"]
FORMS = [
    Forms(),
    Forms(),
    Forms(),
    Forms(decimal_mark=","),
    Forms(decimal_mark="."),
    Forms(date_order="mdy"),
    Forms(negative={"donation": "donation_refund"}, currency=("₸",)),
]


class Lost(AssertionError):
    """A row that is in none of the three counts."""


def cell(r):
    pick = r.random()
    if pick < 0.55:
        return r.choice(ODD)
    if pick < 0.8:
        return "".join(
            chr(r.choice([r.randrange(32, 127), r.randrange(0x400, 0x530), r.randrange(0x80, 0x800)])) for _ in range(r.randrange(8))
        )
    return "".join(r.choice("0123456789 .,-/:\u00a0\u202f") for _ in range(r.randrange(14)))


def records(r):
    rows = []
    for _ in range(r.randrange(7)):
        row = list(GOOD)
        for _ in range(r.choice([0, 1, 1, 2, 4])):
            row[r.randrange(len(row))] = cell(r)
        if r.random() < 0.08:
            row = row[: r.randrange(len(row))] + [cell(r) for _ in range(r.randrange(4))]
        rows.append(row)
    return rows


def delimited(r, rows, heading):
    out = io.StringIO(newline="")
    broken = any(mark in one for row in rows for one in row for mark in "\r\n")  # Python's writer does not always quote these
    quoting = csv.QUOTE_ALL if broken else r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    csv.writer(out, delimiter=r.choice(",;\t"), lineterminator=r.choice(["\n", "\r\n", "\r"]), quoting=quoting).writerows([heading, *rows])
    return out.getvalue()


def even(rows):
    """Records as wide as the heading: other formats have no others."""
    return [[*row, *[""] * len(HEADING)][: len(HEADING)] for row in rows]


def no_controls(text):
    return "".join(letter for letter in text if letter in "\t\n" or letter.isprintable() or letter in "\u00a0\u202f\u200b\u202e\ufeff")


def workbook(rows, heading):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("reports")
    for at, row in enumerate([heading, *rows]):
        for n, text in enumerate(row):
            if text:
                sheet.write_string(at, n, text[:32_767])
    book.close()
    return out.getvalue()


def ods(rows, heading):
    space = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))

    def line(row):
        cells = (f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>' for text in row)
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    sheet = f'<table:table table:name="reports">{"".join(map(line, [heading, *rows]))}</table:table>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", kind)
        content = f"<office:document-content {space}><office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>"
        packed.writestr("content.xml", content)
        listed = "".join(
            f'<m:file-entry m:full-path="{name}" m:media-type="{of}"/>' for name, of in (("/", kind), ("content.xml", "text/xml"))
        )
        packed.writestr(
            "META-INF/manifest.xml", f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{listed}</m:manifest>'
        )
    return out.getvalue()


def parquet(rows, heading):
    out = io.BytesIO()
    pl.DataFrame(rows, schema=dict.fromkeys(heading, pl.String), orient="row").write_parquet(out)
    return out.getvalue()


def ndjson(rows, heading):
    lines = (json.dumps(dict(zip(heading, row, strict=True)), ensure_ascii=False) for row in rows)
    return "".join(line + "\n" for line in lines).encode("utf-8", errors="replace")


def zipped(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            packed.writestr(name, data)
    return out.getvalue()


def exchange(r):
    documents = "".join(
        f"СекцияДокумент=Платежное поручение\nДатаОперации={r.choice(['01.03.2023', cell(r)])}\nСуммаПриход={r.choice(['5.00', cell(r)])}\nНомерДокумента={n}\n"
        f"ПлательщикНаименование={no_controls(cell(r))}\nПлательщикИИК=KZ86125KZT5004100100\nПолучательИИК=KZ83601W000000000002\nКонецДокумента\n"
        for n in range(r.randrange(4))
    )
    return f"1CClientBankExchange\nВерсияФормата=2.0\nРасчСчет=KZ83601W000000000002\n{documents}КонецФайла\n".encode(
        r.choice(["utf-8", "cp1251"]), errors="replace"
    )


def written(r):
    """Name, bytes, and how many records it has (None where that is not known) of a file in a random format."""
    kind = r.choice(["csv", "csv", "csv", "xlsx", "ods", "parquet", "ndjson", "zip", "txt"])
    rows, heading = records(r), list(HEADING)
    if r.random() < 0.1:
        r.shuffle(heading)
    if kind == "csv":
        text = delimited(r, rows, heading)
        encoding = r.choice(ENCODINGS)
        data = text.encode(encoding, errors="replace")
        readable = not any(mark in text for mark in ("\x00",)) and data.decode(encoding) == text
        return "f.csv", data, sum(any(one.strip() for one in row) for row in rows) if readable else None, encoding.replace("-sig", "")
    rows = [[no_controls(one) for one in row] for row in even(rows)]
    if kind == "txt":
        return "f.txt", exchange(r), None, None
    count = sum(any(one.strip() for one in row) for row in rows)
    if kind == "zip":
        return "f.zip", zipped(("reports.csv", delimited(r, rows, heading))), count, None
    made = {"xlsx": workbook, "ods": ods, "parquet": parquet, "ndjson": ndjson}[kind](rows, heading)
    return f"f.{kind}", made, count if kind == "parquet" else None, None


def spoiled(r, data):
    """The bytes with a few accidents."""
    data = bytearray(data)
    for _ in range(r.choice([1, 1, 2, 5, 20])):
        at, size = r.randrange(len(data) + 1), r.choice([1, 1, 2, 8, 100])
        what = r.randrange(6)
        if what == 0 and data:
            data[at % len(data)] = r.randrange(256)
        elif what == 1:
            del data[at : at + size]
        elif what == 2:
            data[at:at] = bytes(r.randrange(256) for _ in range(size))
        elif what == 3:
            data[at:at] = data[at : at + size]
        elif what == 4 and r.random() < 0.3:
            del data[at:]
        else:
            data[at : at + size] = r.choice([b'"', b"\n", b"\r", b";", b",", b"\0", b"\xff\xfe", b"<", b"&", b"{", b"-1", b"9999999999"])
    return bytes(data)


def inside(r, data):
    """A packed file with accidents in one of its parts, packed again: what breaks is no longer the packing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [(entry.filename, packed.read(entry)) for entry in packed.infolist()]
    except zipfile.BadZipFile:
        return spoiled(r, data)
    at = r.randrange(len(parts))
    parts[at] = parts[at][0], spoiled(r, parts[at][1])
    return zipped(*parts)


def survive(name, data, count, stated, lang="en"):
    """Read and type one file. Returns what became of it; raises Lost, or whatever else came out of it that should not."""
    say = wording.load(lang)
    try:
        found = tables_of(Path(name), name, Instructions(LAW.headings, say, stated), "reports" if name.endswith(".csv") else None, data)
    except CannotRead as refused:
        if not refused.mistakes or any(not one.strip() or "\n" in one or len(one) > 20_000 for one in refused.mistakes):
            raise Lost(f"a message that says nothing, or too much: {refused.mistakes!r}") from refused
        return "refused"
    total = 0
    with tempfile.TemporaryDirectory(prefix="fuzz-") as work:
        for number, table in enumerate(found.tables):
            if table.table == "reports":
                part = read_lines(table, number, LAW.vocabulary, {}, {}, Path(work), say)
                rows, read, unread, left, problems = part.rows, part.read, list(part.unread_rows), part.left_out, part.problems
                total += rows
            else:
                register = gather(table.table, [(number, table)], LAW.vocabulary, say, lambda table, frame: [])
                rows, read, unread = register.rows[number], register.frame.height, list(register.unread_rows[number])
                left, problems = register.left_out[number], register.problems
            if rows != read + len(unread) + len(left):
                raise Lost(f"{rows} rows, {read} read, {unread} not, {left} left out")
            # Below another heading everything is told at once, at that heading.
            others = [one.row for one in left if one.reason == say("check.heading_of_others")]
            told = {problem.row for problem in problems} | {row for row in unread if any(row > other for other in others)}
            if not set(unread) <= told:
                raise Lost(f"rows {unread} could not be read, and problems are of {[problem.row for problem in problems]}")
            if table.as_filed is not None and set(table.as_filed.rows(unread)) != set(unread):
                raise Lost(f"rows {unread} cannot be shown as filed")
    if count is not None and found.tables and total != count:
        raise Lost(f"{count} records, and {total} rows")
    return "read"


def one_input(seed):
    """One input by its seed, and what became of it."""
    r = random.Random(seed)
    name, data, count, encoding = written(r)
    pick = r.random()
    forms = r.choice(FORMS)
    encoding = encoding if r.random() < 0.7 else None
    if pick < 0.5:
        count = count if encoding is not None or name != "f.csv" else None  # letters may be told otherwise, and the text with them
    elif pick < 0.8 or name in ("f.csv", "f.txt", "f.parquet", "f.ndjson"):
        data, count = spoiled(r, data), None
    else:
        data, count = inside(r, data), None
    stated = Stated(encoding=encoding if name == "f.csv" else None, forms=forms, heading_row=1 if r.random() < 0.3 else None)
    return survive(name, data, count, stated, r.choice(["en", "ru", "kk"]))


def run(seeds):
    """The inputs of these seeds: how many of each fate, and the failures."""
    fates, failures, slowest = Counter(), [], (0.0, None)
    for seed in seeds:
        begun = time.monotonic()
        try:
            fates[one_input(seed)] += 1
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a panic of a library is no Exception
            failures.append((seed, f"{type(error).__name__}: {str(error)[:300]}", traceback.format_exc()[-1500:]))
        seconds = time.monotonic() - begun
        slowest = max(slowest, (seconds, seed), key=lambda pair: pair[0])
        if seconds > LONGEST_SECONDS:
            failures.append((seed, f"{seconds:.1f} s", ""))
    return fates, failures, slowest


def main(inputs=200_000, workers=2, first=0):
    """Run the inputs of so many seeds and print what became of them. Exit status 1 where anything failed."""
    begun = time.monotonic()
    parts = [range(at, min(at + 500, first + inputs)) for at in range(first, first + inputs, 500)]
    fates, failures, slowest = Counter(), [], (0.0, None)
    with multiprocessing.get_context("spawn").Pool(workers, maxtasksperchild=40) as pool:
        for n, (more, failed, slow) in enumerate(pool.imap_unordered(run, parts), start=1):
            fates += more
            failures += failed
            slowest = max(slowest, slow, key=lambda pair: pair[0])
            for seed, what, where in failed:
                print(f"FAILED  seed {seed}: {what}\n{where}", flush=True)
            if n % 20 == 0:
                print(f"{sum(fates.values()):,} inputs, {len(failures)} failures, {time.monotonic() - begun:.0f} s", flush=True)
    told = ", ".join(f"{count:,} {fate}" for fate, count in sorted(fates.items()))
    print(
        f"{inputs:,} inputs: {told}; {len(failures)} failures; slowest {slowest[0]:.2f} s (seed {slowest[1]}); {time.monotonic() - begun:.0f} s"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*(int(text.replace(",", "")) for text in sys.argv[1:])))
