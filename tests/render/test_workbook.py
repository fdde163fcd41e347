"""The workbook read back: everything that the JSON of the same audit has, nothing alive, no number rounded, the same bytes."""

import io
import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import fastexcel
import pytest

from auditor import wording
from auditor.model.finding import Crossing, Line, Outcome
from auditor.model.input import LeftOut, Problem
from auditor.model.place import Place
from auditor.render import sheets
from auditor.render.data import document, exact
from auditor.render.workbook import as_xlsx
from auditor.rulebook.load import load
from auditor.wording import LANGUAGES
from auditor.workflow import Request, audit

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
LARGEST = Decimal("99999999999999999999999999.99")
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "{=1+1}",
    "http://example.test/x",
    "mailto:a@example.test",
    "internal:Summary!A1",
    "file:///etc/passwd",
    "12345",
    "<r><t>x</t></r>",
    "<r></sheetData><f>1</f></r>",
    "_x0041_",
    "]]>&amp;<!--",
    "  spaces  ",
]


@pytest.fixture(scope="module")
def audits():
    book = load("kz/majilis-2023")
    return {lang: audit(Request([str(SAMPLE)], date(2023, 4, 15)), book, wording.load(lang)) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def few(audits):
    """The audit with one finding that has rows and a crossing."""
    made = audits["en"]
    return replace(made, findings=[next(one for one in made.findings if one.crossing)])


def book(written):
    return fastexcel.read_excel(written)


def rows(written, lang, name, part=""):
    """A sheet's headings, and its rows as texts."""
    words = wording.load(lang)
    frame = book(written).load_sheet(words(f"workbook.sheet_{name}") + part, dtypes="string").to_polars()
    return frame.columns, [list(row) for row in frame.rows()]


def headed(lang, keys):
    return [wording.load(lang)(f"workbook.col_{key}", currency={"en": "KZT", "ru": "тенге", "kk": "теңге"}[lang]) for key in keys]


def cells(written):
    """Every part of the file as text, by its name."""
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def number(text):
    """What the cell's number is to fifteen digits, which is what Excel shows and keeps."""
    return None if text is None else Decimal(f"{float(text):.15g}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finding_and_every_row_is_there(audits, lang):
    made, words = audits[lang], wording.load(lang)
    told = json.loads(json.dumps(document(made)))
    written = as_xlsx(made, words)
    names, found = rows(written, lang, "findings")
    column = {key: names.index(heading) for key, heading in zip(("key", "rule", "contestant_id", "subject", "measured", "limit", "excess", "rows", "message", "action", "outcome", "severity", "remedied"), headed(lang, ("key", "rule", "contestant_id", "subject", "measured", "limit", "excess", "rows", "message", "action", "outcome", "severity", "remedied")), strict=True)}  # fmt: skip
    assert len(found) == len(told["findings"])
    for row, one in zip(found, told["findings"], strict=True):
        for key in ("key", "rule", "contestant_id", "subject", "message", "action"):
            assert row[column[key]] == one[key]
        for key in ("measured", "limit", "excess"):
            assert number(row[column[key]]) == (None if one[key] is None else Decimal(one[key]))
        assert row[column["outcome"]] == words(f"common.outcome_{one['outcome']}")
        assert row[column["severity"]] == words(f"common.weight_{one['severity']}")
        assert row[column["remedied"]] == words("workbook.yes" if one["remedied"] else "workbook.no")
        assert (row[column["rows"]] or "").split() == [f"{place['file']}:{place['row']}" for place in one["rows"]]
    _, evidence = rows(written, lang, "evidence")
    assert [(e[0], e[3], e[4], e[5], int(e[6])) for e in evidence] == [
        (one["key"], place["table"], place["file"], place["sheet"], place["row"]) for one in told["findings"] for place in one["rows"]
    ]


def test_the_figures_of_the_evidence_are_those_of_the_lines(audits):
    made = audits["en"]
    _, evidence = rows(as_xlsx(made, wording.load("en")), "en", "evidence")
    lines = [(one, line) for one in made.findings for line in one.lines]
    marks = 0
    for row, (one, line) in zip(evidence, lines, strict=True):
        assert row[9:12] == [line.name, line.identifier, line.document]
        assert [number(cell) for cell in row[12:15]] == [line.amount, line.effect, line.running]
        assert (row[7] or "")[:10] == (line.date.isoformat() if line.date else "")
        assert (row[15] is not None) == (one.crossing is not None and one.crossing.place == line.place)
        assert (row[16] is not None) == (line.instead is not None)
        marks += row[15] is not None
    assert marks > 5
    assert any(line.instead for _, line in lines)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_other_sheets_tell_what_the_json_tells(audits, lang):
    made, words = audits[lang], wording.load(lang)
    told = json.loads(json.dumps(document(made)))
    written = as_xlsx(made, words)
    assert book(written).sheet_names == [
        words(f"workbook.sheet_{name}")
        for name in ("summary", "findings", "evidence", "coverage", "not_assessed", "problems", "contestants")
    ]
    names, coverage = rows(written, lang, "coverage")
    assert [(row[0], *map(int, row[3:7]), int(row[8]), row[9]) for row in coverage] == [
        (c["rule"], c["subjects"], c["kept"], c["breaches"], c["undetermined"], len(c["not_assessed_for"]), c["reason"])
        for c in told["coverage"]
    ]
    leads = {
        rule: {f["contestant_id"] for f in told["findings"] if f["rule"] == rule and f["outcome"] == "lead"}
        for rule in (r[0] for r in coverage)
    }
    assert [int(row[7]) for row in coverage] == [len(leads[row[0]]) for row in coverage]
    _, silent = rows(written, lang, "not_assessed")
    assert [(row[0], row[2], row[3]) for row in silent] == [
        (c["rule"], who["contestant_id"], who["reason"]) for c in told["coverage"] for who in c["not_assessed_for"]
    ] + [
        (c["rule"], who["contestant_id"], wording.load(lang)("workbook.by_the_rest", reason=who["reason"]))
        for c in told["coverage"]
        for who in c["unread_for"]
    ]
    _, problems = rows(written, lang, "problems")
    assert [[row[0], row[1], row[2], int(row[3]), *row[4:]] for row in problems] == [list(p.values()) for p in told["problems"]]
    _, contestants = rows(written, lang, "contestants")
    expected = [(c, t) for c in told["contestants"] for t in (c["totals"] or [None])]
    for row, (who, total) in zip(contestants, expected, strict=True):
        assert row[:2] == [who["contestant_id"], who["name"]]
        assert row[5] == (", ".join(who["books"]) or None)
        assert row[7] == (total and total["rule"])
        assert [number(cell) for cell in row[8:11]] == (
            [Decimal(total[key]) for key in ("measured", "limit", "room")] if total else [None] * 3
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_says_what_was_audited(audits, lang):
    made = replace(audits[lang], overrides={"results_published": "2023-03-29"})
    frame = book(as_xlsx(made, wording.load(lang))).load_sheet(0, header_row=None, dtypes="string").to_polars()
    said = [cell for row in frame.rows() for cell in row if cell is not None]
    for expected in (
        made.election,
        made.rulebook.title,
        made.rulebook.version,
        made.rulebook.sha256,
        "results_published = 2023-03-29",
        str(made.rows),
        str(made.count(Outcome.BREACH)),
        *(one.sha256 for one in made.inputs),
        *(one.file for one in made.inputs),
        *(note for one in made.inputs for note in one.notes),
    ):
        assert expected in said
    assert any(cell.startswith("2023-04-15") for cell in said)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_a_text(few, hostile):
    one = few.findings[0]
    line = replace(one.lines[0], name=hostile, document=hostile, identifier=hostile, kind=hostile)
    given = replace(
        few,
        findings=[replace(one, lines=[line], message=hostile, subject=hostile, contestant_id=hostile, action=hostile)],
        problems=[Problem("INP-001", hostile, hostile, 1, hostile, hostile, hostile)],
        contestants=[replace(few.contestants[0], name=hostile, district=hostile, commission=hostile)],
        inputs=[replace(few.inputs[0], file=hostile, left_out=[LeftOut(3, hostile)], notes=[hostile])],
        overrides={hostile: hostile},
    )
    written = as_xlsx(given, wording.load("en"))
    for name, part in cells(written).items():
        ElementTree.fromstring(part)
        assert not re.search(r"<f[ >]|<hyperlink|<script", part), name
        assert "TargetMode" not in part, name
    _, evidence = rows(written, "en", "evidence")
    assert {cell.strip() for cell in (*evidence[0][8:12], rows(written, "en", "findings")[1][0][8])} == {hostile.strip()}
    assert rows(written, "en", "problems")[1][0][5].strip() == hostile.strip()


HELD = [*"\t\n\r\x7f\u202e\U0001f642"]
NOT_HELD = [*(chr(code) for code in range(0x20) if chr(code) not in HELD), "\ud800", "\udfff", "\ufffe", "\uffff"]


@pytest.mark.parametrize("odd", [HELD, NOT_HELD, *([one] for one in NOT_HELD[-5:])], ids=["held", "not held", *map(ascii, NOT_HELD[-5:])])
def test_a_character_that_xml_cannot_hold_does_not_break_the_file(few, odd):
    one = few.findings[0]
    given = replace(few, findings=[replace(one, lines=[replace(one.lines[0], name=f"a{letter}b") for letter in odd])])
    written = as_xlsx(given, wording.load("en"))
    for part in cells(written).values():
        ElementTree.fromstring(part)
    held = [row[9].replace("\r\n", "\n") for row in rows(written, "en", "evidence")[1]]
    replaced = odd is not HELD
    assert held == ["a\ufffdb" if replaced else f"a{letter}b" for letter in odd]
    said = book(written).load_sheet(0, header_row=None, dtypes="string").to_polars()
    assert any("as filed" in (cell or "") for row in said.rows() for cell in row) == replaced


def test_a_title_of_any_characters_does_not_break_the_file(few):
    given = replace(few, rulebook=replace(few.rulebook, title="a\x00\ud800<&"))
    written = as_xlsx(given, wording.load("en"))
    for part in cells(written).values():
        ElementTree.fromstring(part)
    said = book(written).load_sheet(0, header_row=None, dtypes="string").to_polars()
    assert any("a\ufffd\ufffd<&" in (cell or "") for row in said.rows() for cell in row)


@pytest.mark.parametrize(
    ("text", "units"), [("x" * 32_767, 32_767), ("x" * 32_768, 32_767), ("🙂" * 20_000, 32_767), ("🙂" * 16_383, 32_766)]
)
def test_a_text_that_no_cell_holds_is_cut_and_said(few, text, units):
    given = replace(few, findings=[replace(few.findings[0], message=text)])
    written = as_xlsx(given, wording.load("en"))
    names, found = rows(written, "en", "findings")
    held = found[0][names.index("Finding")]
    assert len(held.encode("utf-16-le")) // 2 in (units, units - 1)
    was_cut = held != text
    assert was_cut == (len(text.encode("utf-16-le")) // 2 > 32_767)
    assert not was_cut or (held.endswith("…") and text.startswith(held[:-1]))
    said = book(written).load_sheet(0, header_row=None, dtypes="string").to_polars()
    assert any("too long for a workbook" in (cell or "") for row in said.rows() for cell in row) == was_cut


@pytest.mark.parametrize(
    ("amount", "holds"),
    [
        (Decimal("0.00"), True),
        (Decimal("-0.01"), True),
        (Decimal("7000000.01"), True),
        (Decimal("9999999999999.99"), True),
        (Decimal("-9999999999999.99"), True),
        (Decimal("10000000000000.00"), False),
        (Decimal("90071992547409.93"), False),
        (LARGEST, False),
        (-LARGEST, False),
    ],
)
def test_an_amount_is_a_number_only_where_excel_holds_it(few, amount, holds):
    one = few.findings[0]
    given = replace(few, findings=[replace(one, measured=amount, lines=[replace(one.lines[0], amount=amount)])])
    written = as_xlsx(given, wording.load("en"))
    assert sheets.is_exact(amount) == holds
    evidence = cells(written)["xl/worksheets/sheet3.xml"]
    cell = re.search(r'<c r="M2"([^>]*)>(.*?)</c>', evidence)
    if holds:
        assert "t=" not in cell[1]
        assert number(re.search("<v>(.*)</v>", cell[2])[1]) == amount
    else:
        assert 't="inlineStr"' in cell[1]
        assert re.search("<t>(.*)</t>", cell[2])[1] == exact(amount)
    assert rows(written, "en", "evidence")[1][0][12] == exact(amount) or holds


def test_every_amount_of_fifteen_digits_comes_back(few):
    one = few.findings[0]
    amounts = [Decimal(10**n - m) / 100 for n in range(1, 16) for m in (1, 3, 7, 2**n % 1000 + 1)]
    given = replace(few, findings=[replace(one, lines=[replace(one.lines[0], amount=amount) for amount in amounts])])
    _, evidence = rows(as_xlsx(given, wording.load("en")), "en", "evidence")
    assert [number(row[12]) for row in evidence] == amounts


def test_ids_stay_texts_with_their_zeros(few):
    one = few.findings[0]
    line = replace(one.lines[0], identifier="000101300017", document="007")
    written = as_xlsx(replace(few, findings=[replace(one, subject="000101300017", lines=[line])]), wording.load("en"))
    assert rows(written, "en", "evidence")[1][0][10:12] == ["000101300017", "007"]
    assert "<t>000101300017</t>" in cells(written)["xl/worksheets/sheet2.xml"]


def test_a_day_before_excel_counts_days_is_a_text(few):
    one = few.findings[0]
    given = replace(
        few,
        findings=[
            replace(
                one,
                lines=[replace(one.lines[0], date=day) for day in (date(1, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31))],
            )
        ],
    )
    _, evidence = rows(as_xlsx(given, wording.load("en")), "en", "evidence")
    assert [row[7][:10] for row in evidence] == ["0001-01-01", "1900-02-28", "1900-03-01", "9999-12-31"]


def test_more_rows_than_a_sheet_has_go_on_in_the_next(few, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 10)
    one = few.findings[0]
    lines = [replace(one.lines[0], place=Place("reports", "reports.csv", None, n)) for n in range(2, 27)]
    written = as_xlsx(replace(few, findings=[replace(one, lines=lines)]), wording.load("en"))
    parts = [rows(written, "en", "evidence", part) for part in ("", " 2", " 3")]
    assert [len(found) for _, found in parts] == [10, 10, 5]
    assert len({tuple(names) for names, _ in parts}) == 1
    assert [int(row[6]) for _, found in parts for row in found] == list(range(2, 27))
    exactly = as_xlsx(replace(few, findings=[replace(one, lines=lines[:10])]), wording.load("en"))
    assert "Evidence 2" not in book(exactly).sheet_names


def test_the_limit_is_the_last_row_of_a_sheet():
    assert sheets.MOST_ROWS + 1 == 2**20


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headings_stand_still_and_can_be_filtered(audits, lang):
    parts = cells(as_xlsx(audits[lang], wording.load(lang)))
    tables = [parts[f"xl/worksheets/sheet{n}.xml"] for n in range(2, 8)]
    for part in tables:
        assert 'state="frozen"' in part
        assert "<autoFilter" in part
        assert "<cols>" in part
    for name in book(as_xlsx(audits[lang], wording.load(lang))).sheet_names:
        assert len(name) <= 29
        assert not re.search(r"[\[\]:*?/\\]", name)


def test_an_audit_of_nothing_is_a_workbook_too(few):
    nothing = replace(few, findings=[], problems=[], contestants=[], coverage=[], inputs=[])
    written = as_xlsx(nothing, wording.load("en"))
    assert len(book(written).sheet_names) == 7
    assert rows(written, "en", "findings")[1] == []


def command(*args, **env):
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "auditor.cli.main",
            "check",
            str(SAMPLE),
            "--as-of",
            "2023-04-15",
            "--lang",
            "en",
            "--fail-on",
            "never",
            *args,
        ],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        timeout=120,
        check=False,
    )


def test_the_command_gives_the_same_bytes_anywhere_and_any_time(tmp_path):
    first = command("--format", "xlsx", TZ="UTC", PYTHONHASHSEED="1").stdout
    old = os.umask(0o000)
    try:
        done = command("--output", f"xlsx={tmp_path / 'f.xlsx'}", TZ="Asia/Almaty", PYTHONHASHSEED="2", POLARS_MAX_THREADS="1")
    finally:
        os.umask(old)
    assert done.returncode == 0, done.stderr.decode()
    assert first == (tmp_path / "f.xlsx").read_bytes()
    assert "2023-04-15T00:00:00Z" in cells(first)["docProps/core.xml"]


def test_a_workbook_is_not_printed_on_a_terminal():
    master, slave = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "auditor.cli.main", "check", str(SAMPLE), "--format", "xlsx"],
            stdout=slave, stderr=subprocess.PIPE, cwd=ROOT, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(slave)
        os.close(master)
    assert done.returncode == 2
    assert b"--output xlsx=FILE" in done.stderr


def test_the_crossing_is_marked_once(few):
    one = few.findings[0]
    lines = [Line(Place("reports", "r.csv", None, n), date=date(2023, 3, n), kind="donation", amount=Decimal("1.00")) for n in (2, 3, 4)]
    given = replace(few, findings=[replace(one, lines=lines, crossing=Crossing(lines[1].place, date(2023, 3, 3)))])
    _, evidence = rows(as_xlsx(given, wording.load("en")), "en", "evidence")
    assert [row[15] for row in evidence] == [None, "first over", None]
