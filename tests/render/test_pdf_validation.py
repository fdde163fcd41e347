"""veraPDF on our PDFs: every report keeps PDF/A-3a and PDF/UA-1 at once; files that are broken on purpose do not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from deep import DEEP, one_language
from pdf_validation.verapdf import Validator, missing
from test_pdf import audit as made_audit
from test_pdf import breach, finding, line, needs_pango, needs_pdftotext, unpacked

from auditor.model.audit import Audit
from auditor.reduce.profile import load as profile
from auditor.reduce.reduced import reduced
from auditor.reduce.secret import Secret
from auditor.render import pdf
from auditor.render.split import only
from auditor.rulebook.load import load as rulebook
from auditor.wording import LANGUAGES, load
from auditor.workflow import Request
from auditor.workflow import audit as audited

IN_CI = bool(os.environ.get("CI"))
ROOT = Path(__file__).parent.parent.parent
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
KAZAKH = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі ₸ № « »"


def require_verapdf() -> None:
    """Skip where veraPDF cannot run; in CI, where it has to, fail."""
    if lacks := missing():
        if IN_CI:
            pytest.fail(lacks)
        pytest.skip(lacks)


def keep_both_standards(files: list[Path], verapdf: Validator) -> None:
    """Fail where veraPDF finds anything that either standard forbids."""
    for file, verdict in verapdf.validate(files).items():
        assert not verdict.failed, f"{file.name}: " + "; ".join(map(str, verdict.failed))
        assert verdict.kept == {"3a": True, "ua1": True}
        assert min(verdict.checks.values()) > 1000, "veraPDF hardly looked at it"


def sample(lang: str) -> Audit:
    reports = ROOT / "sample_data" / "majilis-2023" / "reports.csv"
    return audited(Request([str(reports)], date(2023, 4, 15), for_report=True), rulebook("kz/majilis-2023"), load(lang))


def filing(folder: Path, over: int) -> Audit:
    """An audit of a filing in which so many donors went over the cap, and no rule but that of the cap is asked."""
    folder.mkdir()
    lines = [
        f"SM-{n % 7},single_mandate,2023-03-01,donation,7000000.0{1 if n < over else 0},individual,,Ұлан {n}\n" for n in range(over + 1)
    ]
    (folder / "reports.csv").write_text(HEADING + "".join(lines), encoding="utf-8")
    request = Request([str(folder)], date(2023, 4, 15), select=["DON-001"])
    made = audited(request, rulebook("kz/majilis-2023"), load("kk"))
    assert len(made.findings) == over
    return made


@needs_pango
@pytest.mark.parametrize("group", ["samples", "filings"])
def test_every_report_keeps_both_standards(group: str, tmp_path: Path, verapdf: Validator) -> None:
    """`make deep` has the whole sample in three languages and 120 findings, which take minutes; `make test` has fewer pages."""
    require_verapdf()
    reports: dict[str, tuple[Audit, str]] = {}
    if group == "samples":
        reports = {f"sample-{lang}": (sample(lang), lang) for lang in LANGUAGES if DEEP > 1}
        reports |= {"one of the sample": (only(sample("kk"), "SM-01-02"), "kk")} if DEEP > 1 else {}
        reports |= {f"small-{lang}": (made_audit(breach(), lang=lang), lang) for lang in LANGUAGES if DEEP > 1 or lang == "kk"}
        reports["nothing-read"] = (made_audit(coverage=(), contestants=()), "ru")
    else:
        reports = {f"findings-{count}": (filing(tmp_path / f"in-{count}", count), "kk") for count in ((0, 1, 120) if DEEP > 1 else (0, 6))}
    files = []
    for name, (audit, lang) in reports.items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(pdf.write(audit, load(lang)))
    if group == "samples":
        whole = sample("ru") if DEEP > 1 else only(sample("ru"), "SM-01-02")
        secret = Secret(b"an invented secret of an invented election")
        for kind, audit in (
            ("public", reduced(only(whole, "SM-01-02"), profile(None), secret, load("ru"))),
            ("receipt", whole),
            ("return-note", whole),
        ):
            files.append(tmp_path / f"{kind}.pdf")
            files[-1].write_bytes(pdf.write(audit, load("ru"), kind))
    keep_both_standards(files, verapdf)


def with_page(change: Callable[[str], str]) -> Callable[[pytest.MonkeyPatch], None]:
    def apply(patch: pytest.MonkeyPatch) -> None:
        page = pdf.kinds.PAGES["findings"]
        patch.setitem(pdf.kinds.PAGES, "findings", lambda *given: change(page(*given)))

    return apply


def without_variant(patch: pytest.MonkeyPatch) -> None:
    from weasyprint import HTML

    write = HTML.write_pdf

    def plain(self: HTML, *args: object, **options: object) -> bytes:
        return bytes(write(self, *args, **(options | {"pdf_variant": None, "finisher": None})))

    patch.setattr(HTML, "write_pdf", plain)


BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], dict[str, str | None]]] = {
    "no variant": (without_variant, {"3a": "6.6.2.1", "ua1": "7.1"}),
    "no mark of PDF/UA": (lambda patch: patch.setattr(pdf, "_mark_accessible", lambda _document, _pdf: None), {"3a": None, "ua1": "5"}),
    "a mark nobody describes": (
        lambda patch: patch.setattr(pdf, "_UA", pdf._UA.split(b"\n")[0] + b"\n"),
        {"3a": "6.6.2.3.1", "ua1": None},
    ),
    "a bar without a text": (with_page(lambda page: re.sub("(<svg[^>]*>)<title>.*?</title>", r"\1", page)), {"3a": None, "ua1": "7.3"}),
    "no title": (with_page(lambda page: re.sub("<title>.*?</title>", "", page, count=1)), {"3a": None, "ua1": "7.1"}),
    "no language": (with_page(lambda page: page.replace('<html lang="kk">', "<html>")), {"3a": None, "ua1": "7.2"}),
}
"""How a report is broken on purpose, and the clause of each flavour that must fail for it (None: the flavour does not mind)."""
TRIED = [*BROKEN] if DEEP > 1 else ["no variant", "a bar without a text", "a mark nobody describes"]


@needs_pango
def test_reports_that_are_broken_on_purpose_are_found_out(tmp_path: Path, verapdf: Validator) -> None:
    require_verapdf()
    files = {}
    for name in TRIED:
        files[name] = tmp_path / f"{re.sub('[^A-Za-z]', '-', name)}.pdf"
        with pytest.MonkeyPatch.context() as patch:
            BROKEN[name][0](patch)
            files[name].write_bytes(pdf.write(made_audit(breach(), lang="kk"), load("kk")))
    verdicts = verapdf.validate(list(files.values()))
    for name in TRIED:
        verdict = verdicts[files[name]]
        for flavour, clause in BROKEN[name][1].items():
            failed = [one.clause for one in verdict.failed if one.flavour == flavour]
            assert verdict.kept[flavour] is (clause is None), (name, flavour, failed)
            assert clause is None or clause in failed, (name, flavour, list(map(str, verdict.failed)))


@needs_pango
@one_language
def test_a_report_has_the_same_bytes_whatever_the_surroundings(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = made_audit(breach(), finding([line(12, "1", name=KAZAKH)]), lang=lang)
    first = pdf.write(given, load(lang))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.chdir(tmp_path)
    assert pdf.write(given, load(lang)) == first
    # The years of its metadata are that of a namespace and that of the audit: none is the clock's.
    said = re.sub(rb"<[0-9a-fA-F]+>", b"", unpacked(first).split(b"<rdf:RDF")[1].split(b"</rdf:RDF>")[0])
    assert set(re.findall(rb"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", said)) == {b"1999", b"2023"}


@needs_pango
@needs_pdftotext
@one_language
def test_only_the_shipped_fonts_all_embedded_and_every_letter_can_be_copied(lang: str, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf.write(made_audit(finding([line(12, "1", name=KAZAKH)], message=KAZAKH), lang=lang), load(lang)))
    if shutil.which("pdffonts") is None:
        pytest.skip("pdffonts (poppler-utils) is not installed")
    listed = subprocess.run(["pdffonts", str(file)], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    assert listed
    for font in listed:
        embedded, subset, unicode = font.split()[-5:-2]
        assert re.match(r"[A-Z]{6}\+Inter", font), font
        assert (embedded, subset, unicode) == ("yes", "yes", "yes"), font
    said = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True).stdout.decode()
    assert said.count(KAZAKH) >= 1
    assert "\ufffd" not in said and "□" not in said
