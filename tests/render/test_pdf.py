"""The PDF report: same bytes each time, nothing from a filing alive, no whole id, and all three languages complete."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import shutil
import socketserver
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from deep import one_language

from auditor.errors import AuditError, MissingLibrary
from auditor.model.audit import AppliedRulebook, Audit
from auditor.model.contestant import Contestant, Total
from auditor.model.coverage import Coverage, Status
from auditor.model.finding import Confidence, Crossing, Finding, Law, Line, Outcome, Severity
from auditor.model.input import Input, LeftOut, Problem, ReadAs
from auditor.model.place import Place
from auditor.render import html, pdf, shown, spending_scale, stationery
from auditor.render.data import document
from auditor.render.masked import masked_document
from auditor.render.style import shipped
from auditor.resources import folder
from auditor.wording import LANGUAGES, load

IIN = "900101300017"
BIN = "150340012345"
LIMIT = Decimal("7000000.00")

needs_pango = pytest.mark.skipif(bool(pdf.missing()), reason=f"a PDF needs {', '.join(pdf.missing())}: {pdf.INSTALL}")
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")


def line(row: int, running: str, *, name: str = "Сейітқали Ұлжан") -> Line:
    amount = Decimal("2250000.00")
    return Line(
        Place("reports", "reports.csv", None, row),
        date=date(2023, 2, 20),
        kind="donation",
        name=name,
        identifier=IIN,
        document="п/п 00418",
        amount=amount,
        effect=amount,
        running=Decimal(running),
    )


def finding(lines: Sequence[Line] = (), **changed: object) -> Finding:
    base = Finding(
        key="k",
        rule="DON-001",
        outcome=Outcome.BREACH,
        severity=Severity.MAJOR,
        remedied=False,
        respondent="contestant",
        contestant_id="SM-001",
        subject=IIN,
        measured=Decimal("9000000.00"),
        limit=LIMIT,
        excess=Decimal("2000000.00"),
        lines=tuple(lines),
        crossing=None,
        title="One individual gave more than the cap",
        criteria="Donations of one individual: 7,000,000 KZT and no more.",
        message=f"Donor {IIN}: donations come to 9,000,000.00 KZT.",
        action="Ask for the bank's proof.",
        law=(Law("ODIHR interim report, section IX", Confidence.STATED), Law("Reading: per donor", Confidence.ASSUMED)),
        reading="Reading: counted for each donor",
    )
    return replace(base, **changed)  # type: ignore[arg-type]  # a helper of the tests


def breach() -> Finding:
    lines = [line(12, "2250000"), line(14, "4500000"), line(17, "6750000"), line(21, "9000000")]
    return finding(lines, crossing=Crossing(lines[-1].place, date(2023, 2, 20)))


def audit(
    *findings: Finding,
    problems: Sequence[Problem] = (),
    coverage: Sequence[Coverage] | None = None,
    contestants: Sequence[Contestant] | None = None,
    lang: str = "en",
) -> Audit:
    assessed = Coverage("DON-001", "Donations of one individual", Status.ASSESSED, 1, 0 if findings else 1, len(findings), 0, None)
    missing = Coverage("DEP-001", "The election deposit", Status.NOT_ASSESSED, 0, 0, 0, 0, "needs the table contestants")
    one = Contestant(
        "SM-001",
        "Нұрмағамбетов Әділ",
        "single_mandate",
        "3",
        "Алматы қалалық комиссиясы",
        ("SM-001-F",),
        (),
        (Total("EXP-001", Decimal("52730400.00"), Decimal("49000000.00"), "spending"),),
    )
    return Audit(
        election="kz-majilis-2023",
        as_of=date(2023, 4, 15),
        lang=lang,
        currency={"en": "KZT", "ru": "тенге", "kk": "теңге"}[lang],
        rulebook=AppliedRulebook("kz-majilis-2023", "Early elections to the Majilis, 19 March 2023", "1.0.0", "9f" * 32),
        inputs=(
            Input(
                "reports",
                "reports.csv",
                None,
                "ab" * 32,
                1234,
                1233,
                0,
                ReadAs("utf-8", ",", sure=True),
                (),
                {"amount": "Сумма"},
                (LeftOut(1288, "total line"),),
            ),
        ),
        overrides={},
        rows=1234,
        contestants=(one,) if contestants is None else contestants,
        coverage=(assessed, missing) if coverage is None else coverage,
        findings=findings,
        problems=problems,
    )


def pages(written: bytes, folder_: Path) -> list[str]:
    """What a reader can copy of each page."""
    file = folder_ / "pages.pdf"
    file.write_bytes(written)
    said = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True).stdout.decode()
    return said.split("\f")[:-1]


def text(written: bytes, folder_: Path) -> str:
    """What a reader of the PDF can copy, with every run of spaces as one."""
    file = folder_ / "report.pdf"
    file.write_bytes(written)
    said = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True).stdout.decode()
    return re.sub(r"\s+", " ", said)


def unpacked(written: bytes) -> bytes:
    """Every stream of a PDF that can be inflated, and the rest as it is."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", written, re.DOTALL)
    return written + b"".join(zlib.decompressobj().decompress(each) for each in streams if each[:1] == b"x")


def attached(written: bytes) -> dict[str, bytes]:
    """The files attached to a PDF."""
    with pikepdf.Pdf.open(io.BytesIO(written)) as opened:
        return {one.filename: one.get_file().read_bytes() for one in opened.attachments.values()}


def visible(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page))


@pytest.fixture()
def listener() -> Iterator[tuple[int, list[bytes]]]:
    heard: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard.append(self.request.recv(100))

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_address[1], heard
        server.shutdown()
        thread.join()


@needs_pango
def test_two_runs_give_the_same_bytes_and_both_marks() -> None:
    first = pdf.write(audit(breach()), load("en"))
    assert first.startswith(b"%PDF")
    assert first == pdf.write(audit(breach()), load("en"))
    inside = unpacked(first)
    for mark in (
        b"/MarkInfo",
        b"/OutputIntents",
        b"<pdfuaid:part>1</pdfuaid:part>",
        b'pdfaid:part="3"',
        b'pdfaid:conformance="A"',
        b"2023-04-15",
    ):
        assert mark in inside


@needs_pango
@pytest.mark.parametrize("filed", [IIN, f"{IIN[:6]} {IIN[6:]}", "9001013000177"])
def test_the_attached_findings_have_no_whole_id_and_no_hash_of_one(filed: str) -> None:
    key = f"DON-001-{hashlib.sha256(IIN.encode()).hexdigest()[:12]}"
    twins = [finding([line(12, "1")], key=f"{key}{n}", subject=subject) for n, subject in enumerate((IIN, "850202400017"))]
    problem = Problem("INP-001", f"{IIN}.csv", None, 3, "counterparty_id", filed, f'"{filed}" is not an id')
    written = pdf.write(audit(*twins, problems=[problem]), load("en"))
    told = json.loads(attached(written)["findings.json"])
    assert told["ids"] == "masked" and len({one["key"] for one in told["findings"]}) == 2
    assert [one["subject"] for one in told["findings"]] == ["••••••••0017"] * 2
    assert told["inputs"][0]["sha256"] == "ab" * 32 and told["findings"][0]["measured"] == "9000000.00"
    inside = unpacked(written)
    for secret in (b"900101", b"850202", key.encode(), filed.encode()):
        assert secret not in inside
    dates = re.findall(rb"/(?:CreationDate|ModDate) ?\(D:([0-9]*)", inside)
    assert dates and all(day.startswith(b"20230415") for day in dates)


def test_masking_leaves_digests_and_money_alone() -> None:
    told = {**document(audit(finding([line(12, "1")], measured=Decimal("123400000000.00")))), "overrides": {"a": "123400000000.00"}}
    told["inputs"][0]["sha256"] = "a900101300017b"
    shown_ = masked_document(told)
    assert shown_["findings"][0]["measured"] == "123400000000.00" and shown_["overrides"] == told["overrides"]
    assert shown_["inputs"][0]["sha256"] == "a900101300017b" and told["findings"][0]["subject"] == IIN


@needs_pango
@needs_pdftotext
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_report_says_what_matters(lang: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = load(lang)
    with caplog.at_level(logging.WARNING, "weasyprint"):
        said = text(pdf.write(audit(breach(), lang=lang), words), tmp_path)
    assert not caplog.records
    for expected in (
        words("report.title"),
        words("report.decides"),
        words("report.coverage"),
        "F-001",
        "DON-001",
        "DEP-001",
        "Нұрмағамбетов Әділ",
        words("report.status_none"),
        words("common.confidence_assumed"),
        "1.0.0",
        "ab" * 32,
        "9f" * 32,
        "▲",
        words.day(date(2023, 4, 15)),
        words("report.page", page=1, pages=2).split("2")[0],
    ):
        assert re.sub(r"\s+", " ", expected).strip() in said, expected
    assert IIN not in said and "0017" in said
    assert all(mark not in said for mark in ("{count}", "{n}", "report."))


@needs_pango
def test_an_open_page_holds_no_empty_glyph_and_only_the_shipped_fonts(tmp_path: Path) -> None:
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts (poppler-utils) is not installed")
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf.write(audit(finding([line(12, "1", name="王 🙂 ﷺ ₸ № ә")])), load("kk")))
    fonts = subprocess.run(["pdffonts", str(file)], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert fonts and all("+Inter" in font for font in fonts)


@needs_pango
@needs_pdftotext
def test_a_hostile_name_is_inert(listener: tuple[int, list[bytes]], tmp_path: Path) -> None:
    port, heard = listener
    hostile = (
        f"<img src=http://127.0.0.1:{port}/x>{{{{7*7}}}}\u202e<link rel=attachment href=file:///etc/passwd>"
        f"<style>@import 'http://127.0.0.1:{port}/y'; .finding{{display:none}}</style>" + "Ұ" * 10_000
    )
    people = audit().contestants
    given = audit(
        finding([line(12, "1", name=hostile)], message=hostile, title=hostile, subject=hostile, reading=hostile, contestant_id=hostile),
        contestants=[replace(people[0], name=hostile, district=hostile, commission=hostile)],
        problems=[Problem("INP-001", hostile, hostile, 3, hostile, hostile, hostile)],
    )
    written = pdf.write(given, load("en"))
    said = text(written, tmp_path)
    assert not heard
    assert attached(written).keys() == {"findings.json", "evidence.csv"} and "root:" not in said
    assert "{{7*7}}" in said and "49<" not in said and "F-001" in said
    assert "\u202e" not in said and "Ұ" * 700 not in said.replace(" ", "")


@needs_pango
@pytest.mark.filterwarnings("ignore:No fonts configured")  # said once in a process, if this test is its first
def test_the_fetcher_refuses_everything_but_the_fonts() -> None:
    with pytest.raises(AuditError, match="not part of it"), pdf._no_system_fonts():
        pdf._render('<html lang="en"><title>t</title><img alt="a" src="file:///etc/passwd">', shipped("en"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the names of the libraries are those of Linux")
def test_a_missing_library_is_one_line_with_the_command() -> None:
    with pytest.raises(MissingLibrary, match="needs no-such-library") as caught:
        pdf.require_libraries({"no-such-library": "libno-such-library.so.0"})
    assert caught.value.mistakes[0].endswith(pdf.INSTALL) and "\n" not in caught.value.mistakes[0]


def test_every_letter_that_is_let_through_has_a_glyph() -> None:
    fonts = pytest.importorskip("fontTools.ttLib")
    letters = {code for code in range(0x3000) if not shown._NO_GLYPH.match(chr(code))}
    for name in stationery.FONTS:
        assert letters <= set(fonts.TTFont(folder("reports") / "fonts" / name).getBestCmap())


def test_no_finding_is_not_called_clean() -> None:
    said = visible(html.page(audit(), load("en")))
    assert "No breach was found in what could be assessed." in said and "not assessed: 1" in said
    assert "This is not a clean result; see what was not assessed." in said and "needs the table contestants" in said
    assert re.search(r"\b1 rule not assessed", said)


def test_no_finding_with_everything_assessed() -> None:
    said = visible(html.page(audit(coverage=audit().coverage[:1]), load("en")))
    assert "Every rule was assessed for every contestant" in said and "clean" not in said and "0 rules not assessed" in said


def test_nothing_assessed_says_so() -> None:
    assert "No rule could be assessed" in visible(html.page(audit(coverage=()), load("en")))


def test_an_undetermined_finding_says_so_plainly_and_has_no_excess() -> None:
    said = visible(html.page(audit(finding(outcome=Outcome.UNDETERMINED, measured=Decimal("5.00"), excess=None)), load("en")))
    assert "does not count as kept" in said and "Lines that could be read come to 5.00 KZT" in said
    assert "This finding has no rows" in said and "No breach was found in what could be assessed." in said
    assert "1 finding is undetermined" in said and "over the limit" not in said.split("F-001")[1]


def test_the_effect_says_since_when_and_until_when() -> None:
    remedied = replace(breach(), remedied=True, last_day_over=date(2023, 3, 14))
    said = visible(html.page(audit(remedied), load("en"))).replace("\u202f", " ")
    assert "2 000 000.00 KZT (28.6 % of the limit) over the limit" in said
    assert "First over the limit on 20 Feb 2023: row 21 of reports.csv. Last day over the limit: 14 Mar 2023. Put right since." in said


@pytest.mark.parametrize(("count", "printed"), [(40, 40), (41, 40), (300, 40)])
def test_at_most_forty_rows_are_printed_and_the_crossing_is_one_of_them(count: int, printed: int) -> None:
    lines = [line(i + 2, str(i * 50_000)) for i in range(count)]
    at = min(141, count - 15)
    page = html.page(audit(finding(lines, crossing=Crossing(lines[at].place, date(2023, 2, 20)))), load("en"))
    table = page[page.index('<table class="evidence') :]
    rows = table[: table.index("</table>")].count('<td class="row">')
    assert rows <= printed and rows >= printed - 10 and " crossing" in table
    assert ("All are in the attached evidence.csv" in page) == (rows < count)


def test_rows_of_several_files_have_numbers_and_above_them_stands_which_file_is_which() -> None:
    february, march = line(2, "4500000.00"), replace(line(2, "9000000.00"), place=Place("reports", "март [испр.].csv", "лист", 2))
    said = visible(html.page(audit(finding([february, march])), load("ru")))
    assert "Файлы: [1] reports.csv · [2] март [испр.].csv · лист" in said
    table = html.page(audit(finding([february, march])), load("ru"))
    assert re.findall('<td class="file">([^<]*)</td>', table) == ["1", "2"]


@pytest.mark.parametrize(
    ("amount", "column"),
    [("999999999.99", "amount"), ("-999999999.99", "amount"), ("12345678901.00", "amount of-18"), ("9" * 26 + ".99", "amount of-38")],
)
def test_the_columns_of_amounts_are_as_wide_as_they_have_to_be(amount: str, column: str) -> None:
    large = replace(line(2, amount), amount=Decimal(amount), effect=Decimal(amount))
    page = html.page(audit(finding([large])), load("kk"))
    assert f'<col class="{column}">' in page.partition('<table class="evidence')[2].partition("</colgroup>")[0]


@needs_pango
@needs_pdftotext
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("digits", [9, 10, 12, 15, 18, 22, 26])
def test_no_amount_is_broken_over_lines(tmp_path: Path, lang: str, digits: int) -> None:
    amount = Decimal("9" * digits + ".99")
    over = replace(line(2, str(amount)), amount=amount, effect=amount)
    more = replace(over, place=Place("reports", "b.csv", None, 3), effect=amount, running=amount)
    found = finding([over, more], measured=amount, excess=amount - LIMIT, crossing=Crossing(over.place, date(2023, 2, 20)))
    (tmp_path / "f.pdf").write_bytes(pdf.write(audit(found), load(lang)))
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "f.pdf", "-"], check=True, capture_output=True, text=True).stdout
    text, written = (re.sub(r"[\u202f\u2009\u00a0]", " ", one) for one in (text, load(lang).money(amount)))
    assert text.count(written) >= 4 and not re.search(r"^\s*9{1,3}[.,]99\s*$", text, re.MULTILINE)


def test_a_finding_has_the_key_by_which_the_files_beside_it_know_it() -> None:
    made = audit(finding([line(2, "1")]), finding([line(3, "1")], subject=None, key="k2"))
    page = visible(html.page(made, load("en")))
    for told in masked_document(document(made))["findings"]:
        assert f"key {told['key'].removeprefix('DON-001-')}" in page


def test_what_was_filed_stands_where_an_amount_cannot_be_read() -> None:
    unread = replace(line(2, "1"), amount=None, effect=None, running=None)
    other = replace(unread, place=Place("reports", "reports.csv", None, 3))
    problems = [
        Problem("INP-001", "reports.csv", None, 2, "amount", "1.000,50<b>", "x"),
        Problem("INP-001", "b.csv", None, 3, "amount", "7", "x"),
    ]
    page = html.page(audit(finding([unread, other], outcome=Outcome.UNDETERMINED), problems=problems), load("en"))
    assert re.findall('<td class="amount">(.*?)</td>', page) == ["“1.000,50&lt;b&gt;”", "–"]


@pytest.mark.parametrize("filed", [IIN, "900101 300017", "900101-300017", "90010130001", "9001013000177"])
def test_a_problem_in_an_id_never_shows_it_whole(filed: str) -> None:
    problem = Problem("INP-001", "reports.csv", None, 3, "counterparty_id", filed, f'"{filed}" is not an id')
    said = visible(html.page(audit(problems=[problem]), load("en")))
    assert filed not in said and "900101" not in said


def test_an_id_is_masked_in_every_sentence() -> None:
    hidden = f"of {IIN} and {IIN[:6]} {IIN[6:]}"
    given = finding(
        [line(12, "1", name=hidden)], message=hidden, subject=hidden, title=hidden, criteria=hidden, action=hidden, reading=hidden
    )
    page = html.page(audit(given, problems=[Problem("X", hidden, None, 1, None, hidden, hidden)]), load("en"))
    assert "900101" not in page and "0017" in page


def test_a_business_number_is_shown_whole() -> None:
    assert BIN in html.page(audit(finding(message=f"Vendor {BIN}")), load("en"))


def test_many_findings_and_problems_are_listed_and_counted() -> None:
    problems = [Problem("INP-001", "reports.csv", None, row, "amount", "x", "bad") for row in range(2, 262)]
    page = html.page(audit(*[finding()] * 300, problems=problems), load("en"))
    assert 'id="F-300"' in page and 'href="#F-300"' in page and "60 more problems are not printed" in page


def test_who_filed_nothing_has_no_bar_of_nothing() -> None:
    one = audit().contestants[0]
    page = html.page(audit(contestants=[replace(one, books=())]), load("en"))
    assert "<svg" not in page
    assert "no report</span>" in page
    assert "52 730 400" not in page.replace("\u202f", " ")


def test_sixty_contestants_are_drawn_and_the_others_listed() -> None:
    one = audit().contestants[0]
    page = html.page(audit(contestants=[replace(one, contestant_id=f"SM-{i:03}") for i in range(100)]), load("en"))
    assert page.count("<svg") == page.count("</title>") - 1 == 60
    assert "SM-099" in page


@pytest.mark.parametrize(("share", "over", "arrow"), [("0", 0, 0), ("1", 0, 0), ("1.0001", 1, 0), ("9", 1, 1)])
def test_a_bar_is_red_only_over_the_limit(share: str, over: int, arrow: int) -> None:
    drawn = spending_scale.bar(Decimal(share), spending_scale.scale([Decimal(share)]), "<b>")
    assert drawn.count("#b3161b") == over and drawn.count(" Z") == arrow
    assert drawn.count("<title>&lt;b&gt;</title>") == 1


@needs_pango
@one_language
def test_without_the_marks_of_footnotes_the_bytes_are_those_of_weasyprint(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are left out for their time; were there a footnote one day, this would tell."""
    from weasyprint import HTML

    assert pdf._page_type() is not HTML
    ours = pdf.write(audit(breach(), lang=lang), load(lang))
    monkeypatch.setattr(pdf, "_page_type", lambda: HTML)
    assert pdf.write(audit(breach(), lang=lang), load(lang)) == ours


@needs_pango
@needs_pdftotext
@pytest.mark.parametrize("last", [99_998, 999_998, 99_999_998])
def test_the_number_of_a_row_stands_on_one_line(last: int, tmp_path: Path) -> None:
    """Also in bold, where the row is the one that crossed the limit."""
    plain = breach()
    lines = [replace(each, place=replace(each.place, row=last - n)) for n, each in enumerate(plain.lines)]
    assert plain.crossing is not None
    found = replace(plain, lines=lines, crossing=replace(plain.crossing, place=lines[-1].place))
    problem = Problem("INP-001", "r.csv", None, last + 1, "amount", "x", "r.csv: x")
    (tmp_path / "rows.pdf").write_bytes(pdf.write(audit(found, problems=[problem]), load("kk")))
    printed = subprocess.run(["pdftotext", "-layout", tmp_path / "rows.pdf", "-"], check=True, capture_output=True, text=True).stdout
    for row in [each.place.row for each in lines] + [last + 1]:
        assert str(row) in printed


@pytest.mark.parametrize(
    ("lang", "excess", "unit", "said"),
    [("ru", 1, "days", "1 день"), ("ru", 22, "days", "22 дня"), ("ru", -1, "years", "Разница: 1 год"), ("kk", 3, "people", "3 адам"), ("en", 2, "lines", "2 lines")],
)  # fmt: skip
def test_what_is_no_money_is_told_with_what_it_counts(lang, excess, unit, said):
    one = replace(finding([]), measured=excess + 3, limit=3, excess=excess, crossing=None, unit=unit)
    assert said in visible(html.page(audit(one, lang=lang), load(lang)))


@needs_pango
@needs_pdftotext
def test_no_sheet_has_nothing_but_lines_to_sign(tmp_path: Path) -> None:
    """Whatever stands above them; and every sheet says by the SHA-256 of the findings what it belongs to."""
    made = audit()
    sheets = set()
    for notes in range(0, 40, 4):
        (one,) = made.inputs
        long = replace(made, inputs=[replace(one, notes=["a note"] * notes)])
        written = pdf.write(long, load("en"))
        *_, last = every = pages(written, tmp_path)
        assert "findings.json" in last.partition("Audited by")[0]
        told = hashlib.sha256(attached(written)["findings.json"]).hexdigest()[:12]
        assert all(f"findings.json (SHA-256 {told}" in page for page in every)
        sheets.add(len(every))
    assert len(sheets) > 1  # the end of a page was met
