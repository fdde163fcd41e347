"""Names that try to be markup, sentences, commands or formulas: shown as text, nothing fetched, nothing hidden, the page intact."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from tempfile import TemporaryDirectory

import hostile
import pytest
from command import command as run
from deep import DEEP
from pdf_validation.verapdf import Validator
from test_pdf import audit as made_audit
from test_pdf import finding, line, needs_pango, needs_pdftotext, unpacked
from test_pdf_validation import keep_both_standards, require_verapdf

from auditor.masking import harmless
from auditor.model.audit import Audit
from auditor.model.contestant import Total
from auditor.model.coverage import Gap
from auditor.model.finding import Crossing
from auditor.model.input import Input, LeftOut, Problem, ReadAs
from auditor.render import html, pdf
from auditor.render.data import as_csv, as_json, formula_free
from auditor.render.text import screen
from auditor.rulebook.load import load as rulebook
from auditor.wording import load as words
from auditor.workflow import Request
from auditor.workflow import audit as audited

ROOT = Path(__file__).parent.parent.parent
PORT = 9
WIDTH = 100
KK = words("kk")
LETTERS = re.compile("[A-Za-z0-9\u0400-\u04ff]")


# Several names in one filing, each of another contestant; the deep tests have a filing for each. A long one is always by itself.
TOGETHER = 1 if DEEP > 1 else 14
_SHORT = [case for case in hostile.NAMES if case not in hostile.LONG]
_HANDS = -(-len(_SHORT) // TOGETHER)
# Dealt out like cards, so that names of one sort, which are neighbours, are apart.
FILINGS = [*(tuple(_SHORT[n::_HANDS]) for n in range(_HANDS)), *((case,) for case in hostile.LONG)]
each_filing = pytest.mark.parametrize("cases", FILINGS, ids=" · ".join)


@cache
def of(cases: tuple[str, ...]) -> Audit:
    """The audit of a filing with those names everywhere, its files' names too; of a plain filing for none."""
    with TemporaryDirectory() as folder:
        hostile.write(Path(folder), *(hostile.name(case, PORT) for case in cases) if cases else ("Кайсар",), named=True)
        return audited(Request([folder], date(2023, 4, 15)), rulebook("kz/majilis-2023"), KK)


@cache
def page_of(cases: tuple[str, ...]) -> str:
    return html.page(of(cases), KK)


@cache
def screen_of(cases: tuple[str, ...]) -> str:
    return screen(of(cases), KK, width=WIDTH)


def letters(text: str) -> str:
    return "".join(LETTERS.findall(text))


def beginning(case: str) -> str:
    """The first letters of a name, as they must be found one after another among the letters of any output."""
    return letters(hostile.name(case, PORT)[:30])


def test_no_name_seems_to_be_there_because_of_another() -> None:
    for cases in FILINGS:
        for case in cases:
            others = [letters(hostile.name(other, PORT)) for other in cases if other != case]
            assert len(beginning(case)) < 3 or not any(beginning(case) in text for text in others), case


def test_a_letter_that_is_passed_without_a_look_is_neither_hidden_nor_a_mark() -> None:
    passed = [chr(code) for code in range(0x3000) if chr(code).isprintable() and harmless(chr(code) * 5) == chr(code) * 5]
    assert len(passed) > 5000
    assert not [letter for letter in passed if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Me")]


class Page(HTMLParser):
    """The elements of a page with the names of their attributes, where its links go, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shapes: set[tuple[str, ...]] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shapes.add((tag, *(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "style")]

    def handle_data(self, data: str) -> None:
        self.text += data


@cache
def parsed(cases: tuple[str, ...]) -> Page:
    """Without what is in its style, most of which are fonts."""
    return Page(re.sub("<style>.*?</style>", "<style></style>", page_of(cases), flags=re.DOTALL))


@each_filing
def test_the_page_has_no_element_that_a_plain_filing_has_not(cases: tuple[str, ...]) -> None:
    page, plain = parsed(cases), parsed(())
    assert page.shapes <= plain.shapes
    assert all(re.fullmatch(r"#[FL]-[0-9]{3,}", link) for link in page.links)
    for number in range(1, sum(one.outcome != "lead" for one in of(cases).findings) + 1):
        assert f"F-{number:03}" in page.text
    hidden = [letter for letter in page.text if unicodedata.category(letter) in ("Cc", "Cf", "Cs") and letter not in "\n\xad"]
    assert not hidden
    shown = letters(page.text)
    for case in cases:
        assert beginning(case) in shown, case
        name = hostile.name(case, PORT)
        assert name[:40].rstrip() in page.text or not name.isprintable() or not name.isascii(), case


@each_filing
def test_every_output_still_says_of_the_plain_contestant_what_it_said(cases: tuple[str, ...]) -> None:
    own = [f for f in of(cases).findings if f.contestant_id == hostile.PLAIN["contestant_id"] and f.subject is None]
    assert len(own) > 5
    shown, page = re.sub(r"\s+", " ", screen_of(cases)), re.sub(r"\s+", " ", parsed(cases).text)
    for one in own:
        assert re.sub(r"\s+", " ", one.message) in shown
        assert re.sub(r"\s+", " ", one.message) in page


@each_filing
def test_the_screen_shows_text_only_and_every_finding(cases: tuple[str, ...]) -> None:
    shown = screen_of(cases)
    assert not [letter for letter in shown if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert shown.count("  ▸ ") == len(of(cases).findings)
    told = letters(shown)
    for case in cases:
        assert beginning(case)[:20] in told, case
    assert not re.search(r"[\u0300-\u036f\u0483-\u0489]{4}", shown)
    # What is said of a long name is not lost behind it.
    assert len(shown) < 3 * len(cases) * len(screen_of(()))
    wide = [sum(unicodedata.category(letter) not in ("Mn", "Me") for letter in each) for each in shown.splitlines()]
    assert max(wide) <= WIDTH + 2


@each_filing
def test_no_cell_of_the_csv_is_a_formula_and_every_finding_is_a_row(cases: tuple[str, ...]) -> None:
    csv.field_size_limit(10_000_000)
    written = as_csv(of(cases))
    rows = list(csv.DictReader(io.StringIO(written)))
    assert len(rows) == len(of(cases).findings)
    for row, one in zip(rows, of(cases).findings, strict=True):
        assert row["subject"].removeprefix("'").replace(";'=", ";=").replace("\n'=", "\n=") == (one.subject or "")
        texts = [value for name, value in row.items() if name not in ("measured", "limit", "excess")]
        # A spreadsheet whose list separator is a semicolon begins a cell there, and a row at each line break.
        assert not [cell for text in texts for cell in re.split(r"[;\n\r\t]", text) if cell.startswith(("=", "+", "-", "@", "\t"))]


@each_filing
def test_the_working_papers_have_every_name_as_it_was_filed(cases: tuple[str, ...]) -> None:
    told = json.loads(as_json(of(cases)))
    assert {hostile.name(case, PORT).strip() for case in cases} <= {one["name"] for one in told["contestants"]}


def test_what_is_said_of_a_donor_with_a_long_name_is_said_on_every_output() -> None:
    (found,) = [f for f in of(("100,000 characters without a space",)).findings if f.rule == "DON-001" and "W" in (f.contestant_id or "")]
    assert len(found.message) < 400 and found.subject is not None and len(found.subject) == 100_000
    assert words("kk").money(Decimal("12000000.00")) in found.message


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and every connection that was made to it."""
    heard: list[object] = []

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            heard.append(self.client_address)

    with TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1], heard
        finally:
            server.shutdown()
            thread.join()


# A page of HTML is made of every name above. What differs in print is how letters are laid out, and whether anything is fetched.
PRINTED = [
    case
    for case in hostile.NAMES
    if DEEP > 1
    or case in hostile.LONG
    or case
    in (
        "image closing the cell",
        "attachment",
        "picture in SVG",
        "isolates",
        "zero width",
        "combining tower",
        "controls",
        "line breaks",
        "right to left",
        "wide",
        "other planes",
    )
]


def everywhere(port: int) -> Audit:
    """One audit with a contestant, two findings, a problem and an input for each of these names, in every field that a filing fills."""
    findings, contestants, problems, inputs, coverage = [], [], [], [], []
    base = made_audit()
    for n, case in enumerate(PRINTED):
        name = hostile.name(case, port)
        own = f"{n:02} {name}"
        rows = [replace(line(row, "4000000", name=name), identifier=name, document=name, kind=name) for row in (12, 13)]
        rows[1] = replace(rows[1], running=Decimal("9000000"), instead=rows[0], place=replace(rows[1].place, file=name, sheet=name))
        findings += [
            finding(rows, subject=name, message=name, contestant_id=own, crossing=Crossing(rows[1].place, date(2023, 2, 20))),
            finding(contestant_id=own, message=f"plain {n}"),
        ]
        contestants.append(
            replace(
                base.contestants[0],
                contestant_id=own,
                name=name,
                district=name,
                contest=name,
                commission=name,
                books=(name,),
                superseded=(name,),
            )
        )
        problems.append(Problem("INP-001", name, name, 3, name, name, f"{name}, row 3: “{name}” cannot be read {n}."))
        inputs.append(
            Input(
                "reports",
                name,
                name,
                "ab" * 32,
                5,
                4,
                0,
                ReadAs("utf-8", ",", sure=True),
                (),
                {"amount": name},
                (LeftOut(4, name),),
                (name,),
            )
        )
        coverage.append(replace(base.coverage[0], rule=f"DON-{n:03}", not_assessed_for=(Gap(own, name),)))
    return replace(base, findings=findings, contestants=contestants, problems=problems, inputs=inputs, coverage=coverage)


FINDING = re.compile("[FL]-[0-9]{3}")
WORD = re.compile(r'<word xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)">(.*?)</word>')


@needs_pango
@needs_pdftotext
def test_the_pdf_shows_every_name_as_text_fetches_nothing_and_keeps_within_its_margins(tmp_path: Path, verapdf: Validator) -> None:
    file = tmp_path / "hostile.pdf"
    with listening() as (port, heard):
        file.write_bytes(pdf.write(everywhere(port), KK))
    assert not heard
    inside = unpacked(file.read_bytes())
    assert inside.count(b"/Type /EmbeddedFile") + inside.count(b"/Type/EmbeddedFile") == 2  # findings and evidence, of ours
    assert b"/URI" not in inside and b"/JavaScript" not in inside and b"/Launch" not in inside
    said = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True).stdout.decode()
    assert "root:" not in said
    for n, case in enumerate(PRINTED):
        assert letters(hostile.name(case, port)[:30]) in letters(said), case
        assert f"F-{2 * n + 1:03}" in said and f"F-{2 * n + 2:03}" in said and f"plain {n}" in said and f"DON-{n:03}" in said
        assert letters(f"cannot be read {n}.") in letters(said)
    boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], check=True, capture_output=True).stdout.decode()
    left, right, foot = 15 / 25.4 * 72, (210 - 15) / 25.4 * 72, (297 - 18) / 25.4 * 72
    for number, page in enumerate(boxes.split("<page ")[1:], 1):
        placed = [(*map(float, box), text) for *box, text in WORD.findall(page)]
        assert placed
        placed = [box for box in placed if not (box[3] < 56 and FINDING.fullmatch(box[4]))]  # what goes on from the page before
        over = [text for x0, y0, x1, y1, text in placed if x0 < left - 1 or x1 > right + 1 or y0 < 36 or y1 > 297 / 25.4 * 72 - 15]
        assert not over, (number, over[:5])
        body = [box for box in placed if box[3] < foot + 3]
        assert not list(overlapping(body))[:5], number
    if DEEP > 1:  # what a name says changes no structure; `make test` validates reports of few pages
        require_verapdf()
        keep_both_standards([file], verapdf)  # here, and not beside the others: drawing it takes longer than anything else


def overlapping(placed: list[tuple[float, float, float, float, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of words that are printed over each other."""
    ordered = sorted(placed)
    for n, (x0, y0, x1, y1, text) in enumerate(ordered):
        for a0, b0, a1, b1, other in ordered[n + 1 :]:
            if a0 > x1:
                break
            wide, high = min(x1, a1) - max(x0, a0), min(y1, b1) - max(y0, b0)
            if wide > 2 and high > 0.5 * min(y1 - y0, b1 - b0):
                yield text, other


@needs_pango
@needs_pdftotext
def test_the_longest_amounts_stay_within_the_page(tmp_path: Path) -> None:
    most = Decimal("9" * 26 + ".99")
    file = tmp_path / "amounts.pdf"
    rows = [replace(line(row, str(most)), amount=most, effect=most) for row in (12, 13)]
    base = made_audit()
    one = replace(base.contestants[0], totals=(Total("EXP-001", most, Decimal("49000000.00"), "spending"),))
    file.write_bytes(pdf.write(made_audit(finding(rows, measured=most, excess=most), contestants=[one]), KK))
    boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], check=True, capture_output=True).stdout.decode()
    placed = [(*map(float, box), text) for *box, text in WORD.findall(boxes.split("<page ")[1])]
    assert not list(overlapping(placed))
    assert all(x0 > 41 and x1 < 554 for x0, _, x1, _, _ in placed)


@needs_pango
@needs_pdftotext
def test_a_report_of_a_hostile_folder_from_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with listening() as (port, heard):
        name = hostile.name("image closing the cell", port)
        hostile.write(folder, name, named=True)
        rules = [word for prefix in ("DON", "SRC", "FND", "ACC") for word in ("--select", prefix)]
        made = run("report", folder, "-o", tmp_path / "findings.pdf", "--lang", "kk", "--as-of", "2023-04-15", *rules)
    assert made.returncode == 0, made.stderr.decode()
    assert not heard
    said = subprocess.run(["pdftotext", str(tmp_path / "findings.pdf"), "-"], check=True, capture_output=True).stdout.decode()
    assert letters(name[:40]) in letters(said)
    count = sum(
        finding["outcome"] != "lead" for finding in json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))["findings"]
    )
    assert count > 5 and all(f"F-{number:03}" in said for number in range(1, count + 1))


HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n"
OVER = "SM-1,single_mandate,2023-03-01,donation,7000000.01,individual,Ветров Оспан\n"


@pytest.mark.parametrize("heading", ["\x1b[31mfoo,bar\n", HEADING.replace("contest,", "contest,\x1b[2Jx,\x1b[2Jx,")])
def test_no_escape_sequence_reaches_the_terminal_with_an_error(tmp_path: Path, heading: str) -> None:
    (tmp_path / "a\x1b[31m.csv").write_text(heading + OVER, encoding="utf-8")
    done = run("check", tmp_path)
    assert done.returncode == 2 and done.stderr
    assert b"\x1b" not in done.stderr + done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the names of files are text")
@pytest.mark.parametrize("form", ["json", "csv", "html"])
def test_a_file_name_that_is_no_text_is_written_as_far_as_it_is(tmp_path: Path, form: str) -> None:
    folder = os.fsencode(tmp_path) + b"/in"
    os.mkdir(folder)
    with open(folder + b"/r\xff\xfe.csv", "w", encoding="utf-8") as file:
        file.write(HEADING + OVER.replace("7000000.01", "1e6"))
    done = run("check", tmp_path / "in", "--output", f"{form}={tmp_path / 'out'}")
    assert done.returncode == 1, done.stderr.decode()
    written = (tmp_path / "out").read_text(encoding="utf-8")
    assert form == "csv" or "r\ufffd\ufffd.csv" in written or "r□□.csv" in written
    assert "r\ufffd\ufffd.csv" in done.stdout.decode()


@pytest.mark.parametrize("key", ["contestant_id", "na\\ud800me"])
def test_half_a_character_in_json_is_refused_with_its_row(tmp_path: Path, key: str) -> None:
    record = {"contestant_id": "SM-1", "contest": "single_mandate", "date": "2023-03-01", "kind": "donation", "amount": "5"}
    told = json.dumps(record | {"counterparty_name": "x"})
    spoilt = told.replace('"SM-1"', '"SM\\udc00"') if key == "contestant_id" else told.replace("counterparty_name", key)
    (tmp_path / "reports.ndjson").write_text(told + "\n" + spoilt + "\n", encoding="utf-8")
    done = run("check", tmp_path / "reports.ndjson")
    assert done.returncode == 2 and b"Traceback" not in done.stderr
    assert b"reports.ndjson, row 3" in done.stderr


@pytest.mark.parametrize("sheet", ["<img src=x>", "{{ 7-7 }}", "=1+1", "\u202eabc", "<style>x{}"])
def test_the_name_of_a_sheet_is_text_too(tmp_path: Path, sheet: str) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(str(tmp_path / "filing.xlsx")) as book:
        page = book.add_worksheet(sheet)
        for row, cells in enumerate(
            [HEADING.strip().split(","), OVER.strip().split(","), OVER.replace("7000000.01", "1e6").strip().split(",")]
        ):
            for column, cell in enumerate(cells):
                page.write_string(row, column, cell)
    given = audited(Request([str(tmp_path)], date(2023, 4, 15)), rulebook("kz/majilis-2023"), KK)
    assert {one.sheet for one in given.inputs} == {sheet} and given.problems and given.findings
    written = Page(html.page(given, KK))
    assert letters(sheet) in letters(written.text) and "\u202e" not in written.text + screen(given, KK)
    assert not {"img", "style"} & {shape[0] for shape in written.shapes}


def test_a_reconciliation_shows_names_as_text(tmp_path: Path) -> None:
    for case in ("escape sequences", "100,000 characters without a space", "embedding"):
        folder = tmp_path / letters(case)
        folder.mkdir()
        hostile.write(folder, hostile.name(case, PORT))
        done = run("reconcile", folder, "--lang", "kk")
        assert done.returncode == 0, done.stderr.decode()
        shown = done.stdout.decode()
        assert "\x1b" not in shown and "\u202a" not in shown and hostile.PLAIN["contestant_id"] in shown
        assert len(shown) < 20_000


@pytest.mark.parametrize("sign", "=+-@")
@pytest.mark.parametrize("before", ["", ";", ';"', ';""', "\n", '\n"', "\t"])
def test_no_cell_is_run_as_a_formula_whatever_the_list_separator(before, sign):
    """Where that is a semicolon, a spreadsheet begins a cell in the middle of a text; so does a reader of such files."""
    text = f"Иванов{before}{sign}1+1;x" if before else f"{sign}1+1"
    out = io.StringIO()
    csv.writer(out).writerow([formula_free(text), "b"])
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter):
            assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row), (delimiter, row)
