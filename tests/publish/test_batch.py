"""One report for each contestant: the same as alone, unchanged ones not drawn again, a failure stops nobody, names are safe."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from processes import nothing, work

from auditor.cli.publishing import keyed
from auditor.model.audit import Audit
from auditor.model.coverage import Status
from auditor.model.finding import Outcome
from auditor.publish import batch
from auditor.publish.fingerprint import fingerprint
from auditor.publish.names import file_names
from auditor.publish.workers import Done, each_done
from auditor.render import html, pdf
from auditor.render.data import as_json, document
from auditor.render.split import about_nobody, of_those_asked_for, only
from auditor.render.style import load as load_style
from auditor.render.style import shipped
from auditor.rulebook.load import load as rulebook
from auditor.wording import load
from auditor.workflow import Request, Scope, audit

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
DAY = date(2023, 4, 15)
HEADING = "contestant_id,contest,contestant_name,date,kind,amount,counterparty_type,counterparty_id\n"
IIN = "900101300017"
needs_pango = pytest.mark.skipif(bool(pdf.missing()), reason=f"a PDF needs {', '.join(pdf.missing())}: {pdf.INSTALL}")
HOSTILE = ["../../x", "CON", "a/b", "a_b", "=cmd", "\u3164", ".hidden", "-rf", "n" * 300, "sm-1", "SM-1", "nul.txt", "index", IIN]


def line(cid: str, amount: str = "7000000.01") -> str:
    cell = '"' + cid.replace('"', '""') + '"'
    return f"{cell},single_mandate,{cell},2023-03-01,donation,{amount},individual,850202400017\n"


def audited(*paths: Path, scope: Scope | None = None, lang: str = "en", select: tuple[str, ...] = ()) -> Audit:
    request = Request([str(path) for path in paths], DAY, select=select, scope=scope or Scope(), for_report=True)
    return audit(request, rulebook("kz/majilis-2023"), load(lang))


@pytest.fixture
def each(run, monkeypatch):
    """`audit report --each contestant` with one rule, which makes few pages. Without `workers` the documents are drawn in this process: a
    new one loads everything for a page or two."""

    def here(draw, tasks, *_):
        return (Done(number, draw(task), None) for number, task in enumerate(tasks))

    def command(filing, out, *options, workers=0):
        asked = ["--as-of", DAY, "--lang", "en", "--select", "DON-001", "--workers", workers or 1, *options]
        monkeypatch.setattr(batch, "each_done", each_done if workers else here)
        return run("report", filing, "--each", "contestant", "-o", out, *asked)

    return command


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def listed(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "index.csv").read_text(encoding="utf-8"))))


def summed(folder: Path) -> dict[str, str]:
    """Check every line of SHA256SUMS and return them."""
    sums = {}
    for one in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = one.split("  ", 1)
        sums[name] = digest
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    return sums


# The part of one contestant


@pytest.fixture(scope="module")
def whole() -> Audit:
    return audited(SAMPLE)


@pytest.mark.parametrize("cid", ["PL-01", "SM-01-02", "SM-04-01"])
def test_a_part_is_what_the_option_contestant_gives(whole, cid):
    alone = of_those_asked_for(audited(SAMPLE, scope=Scope((cid,))))  # PL-01 is not in the statement
    part = only(whole, cid)
    assert document(part) == document(alone)
    assert html.page(part, load("en")) == html.page(alone, load("en"))
    assert part == alone


def test_the_parts_add_up_to_the_whole(whole):
    parts = [only(whole, one.contestant_id) for one in whole.contestants]
    assert sum(len(part.findings) for part in parts) + about_nobody(whole) == len(whole.findings)
    assert about_nobody(whole) == 1  # it cannot be compared: no contestant's own audit has it
    for number, rule in enumerate(whole.coverage):
        told = [part.coverage[number] for part in parts]
        if rule.alone is not None:  # it holds the funds of several together
            assert rule.rule in ("LED-006", "LED-009") and all(len(one.silent_about) == one.subjects == 1 for one in told)
        elif rule.status is Status.ASSESSED:
            for count in ("subjects", "kept", "breaches", "undetermined"):
                assert sum(getattr(one, count) for one in told) == getattr(rule, count), (rule.rule, count)
            assert sorted((gap for one in told for gap in one.not_assessed_for), key=lambda gap: gap.contestant_id) == [
                *rule.not_assessed_for
            ]
        assert all(
            one.kept + one.breaches + one.undetermined + len(one.not_assessed_for) <= one.subjects or one.status is Status.NOT_ASSESSED
            for one in told
        )


def test_inputs_of_others_are_left_out_and_what_may_be_anyones_stays(tmp_path):
    for name, cid in (("a", "A-1"), ("b", "B-1")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "reports.csv").write_text(HEADING + line(cid), encoding="utf-8")
    (tmp_path / "c").mkdir()
    (tmp_path / "b" / "reports.csv").write_text(HEADING + line("B-1") + line(""), encoding="utf-8")  # nobody's, in the file of B-1
    (tmp_path / "c" / "reports.csv").write_text(HEADING + line("") + line(""), encoding="utf-8")
    made = audited(tmp_path)
    part = only(made, "A-1")
    assert sorted(Path(one.file).parent.name for one in part.inputs) == ["a", "c"]
    assert part.rows == 3
    assert [Path(one.file).parent.name for one in only(made, "B-1").problems] == ["b", "c", "c"]
    assert [Path(one.file).parent.name for one in part.problems] == ["c", "c"] and len(made.problems) == 3
    alone = audited(tmp_path, scope=Scope(("A-1",)))  # which lists every file; all else is the same
    assert {key for key, value in document(part).items() if document(alone)[key] != value} == {"inputs", "summary"}
    assert document(audited(tmp_path / "a", tmp_path / "c", scope=Scope(("A-1",))))["summary"] == document(part)["summary"]
    with pytest.raises(KeyError):
        only(made, "Z-9")


def test_files_of_those_who_were_not_asked_for_are_in_nobodys_report(tmp_path):
    for cid in ("A-1", "B-1", "C-1"):
        (tmp_path / f"{cid}.csv").write_text(HEADING + line(cid), encoding="utf-8")
    asked = audited(tmp_path, scope=Scope(("A-1", "C-1")))
    assert [Path(one.file).name for one in only(asked, "A-1").inputs] == ["A-1.csv"]
    assert document(only(asked, "A-1")) == document(only(audited(tmp_path), "A-1"))
    assert [Path(one.file).name for one in of_those_asked_for(asked).inputs] == ["A-1.csv", "C-1.csv"]


def test_each_public_report_can_be_made_again_from_the_whole_folder_or_from_its_file(tmp_path, run):
    """The files in it are numbered as in an audit of that contestant alone."""
    filings, secret = tmp_path / "in", tmp_path / "election.secret"
    filings.mkdir()
    for cid in ("A-1", "B-1"):
        (filings / f"{cid}.csv").write_text(HEADING + line(cid), encoding="utf-8")
    assert run("secret", secret)[0] == 0
    reduce = keyed(None, secret)
    (part,) = [one.part for one in batch.planned(audited(filings), shipped("en"), "public", lambda part: reduce(part, load("en")))][1:]
    told = tmp_path / "B-1.json"
    told.write_text(as_json(part), encoding="utf-8")
    assert [one.file for one in part.inputs] == ["reports-1"]
    for given in (filings, filings / "B-1.csv"):
        status, out, _ = run("verify", told, given, "--secret-file", secret)
        assert status == 0, out


# Names


def test_names_are_safe_whatever_the_ids_are():
    names = file_names(HOSTILE, ("index", "manifest"))
    assert set(names) == set(HOSTILE)
    for name in names.values():
        assert name
        assert not set(name) & set('/\\:*?"<>|= \n\t')
        assert name[0] not in ".-"
        assert name[-1] not in ". "
        assert len(name) + len(".json") <= 100
        assert name.split(".")[0].lower() not in {"con", "nul", "aux", "prn", "com1", "lpt9", "index", "manifest"}
        assert IIN not in name
    assert max(Counter(name.casefold() for name in names.values()).values()) == 1
    assert names["a_b"] == "a_b"
    assert names == file_names(reversed(HOSTILE), ("index", "manifest"))
    assert file_names(["Ұлт-1", "SM-01-02"]) == {"Ұлт-1": "Ұлт-1", "SM-01-02": "SM-01-02"}


# The fingerprint


def test_the_fingerprint_changes_with_everything_that_is_drawn(whole):
    part = only(whole, "SM-01-02")
    same = only(audited(SAMPLE), "SM-01-02")
    plain = shipped("en")
    assert fingerprint(part, plain) == fingerprint(same, plain)
    others = [
        replace(part, lang="kk"),
        replace(part, as_of=date(2023, 4, 16)),
        replace(part, rulebook=replace(part.rulebook, sha256="0" * 64)),
        replace(part, findings=part.findings[1:]),
        replace(part, contestants=[replace(part.contestants[0], name="X")]),
        replace(part, contestants=[replace(part.contestants[0], flows=None)]),
        only(whole, "SM-01-01"),
    ]
    others.append(replace(part, inputs=[replace(part.inputs[0], by_form=frozenset("abcdefgh")), *part.inputs[1:]]))
    styled = fingerprint(part, load_style(ROOT / "sample_data" / "style-example", "en"))
    assert len({styled, *(fingerprint(one, plain) for one in [part, *others])}) == len(others) + 2


FINGERPRINT = """
from datetime import date
from auditor import Request, audit, load_rulebook, load_words
from auditor.publish.fingerprint import fingerprint
from auditor.render.style import shipped
made = audit(Request(["reports.csv"], date(2023, 4, 15)), load_rulebook("kz/majilis-2023"), load_words("en"))
print(sorted(made.inputs[0].by_form), fingerprint(made, shipped("en")))
"""


def test_the_fingerprint_is_the_same_in_another_process(tmp_path):
    """The order of a set differs from process to process; one of headings of the election's form is in the audit."""
    heading = "Код участника;Вид выборов;Дата операции;Вид операции;Сумма (тенге);Статья расходов;Номер договора;Способ оплаты"
    (tmp_path / "reports.csv").write_text(f"{heading}\nA;single_mandate;2023-03-01;expenditure;5.00;staff;1;card\n", encoding="utf-8")
    made = {"cwd": tmp_path, "capture_output": True, "text": True}
    asked = [sys.executable, "-c", FINGERPRINT]
    said = [subprocess.run(asked, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, **made).stdout for seed in ("1", "2")]
    assert "contest" in said[0]
    assert said[0] == said[1]


# Processes


def test_a_task_that_raises_and_a_process_that_dies_stop_nobody():
    done = {one.task: one for one in each_done(work, ["a", "die", "raise", "b", "c"], 2, nothing)}
    assert {task: one.result[0] for task, one in done.items() if one.result} == {0: "a", 3: "b", 4: "c"}
    assert done[1].failed == "its process ended with -9"
    assert done[2].failed == "ValueError: on purpose"


def test_a_process_is_replaced_after_its_tasks():
    done = list(each_done(work, list("abcd"), 1, nothing, per_process=2))
    assert [one.result[0] for one in done] == list("abcd")
    assert len({one.result[1] for one in done}) == 2


def test_a_volume_needs_the_reports_it_is_made_of(tmp_path, run):
    status, _, err = run("report", SAMPLE, "--book", "-o", tmp_path / "x.pdf")
    assert status == 2
    assert "--each contestant" in err


# The command


@needs_pango
def test_hostile_ids_two_workers_and_one_and_nothing_drawn_twice(tmp_path, each):
    filing = tmp_path / "reports.csv"
    ids = ["../../x", "=cmd", "n" * 300, "sm-1", "SM-1"]
    filing.write_text(HEADING + "".join(map(line, ids)), encoding="utf-8")
    out, again = tmp_path / "out", tmp_path / "again"
    status, said, _ = each(filing, out, workers=2)
    assert status == 0
    assert "5 documents drawn" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "reports.csv"]
    rows = listed(out)
    assert sorted(row["contestant_id"] for row in rows) == sorted("'=cmd" if cid == "=cmd" else cid for cid in ids)
    assert not any(cell.startswith(tuple("=+-@\t")) for row in rows for cell in row.values())
    assert all(row["breaches"] == "1" and int(row["pages"]) >= 1 for row in rows)
    assert set(summed(out)) == {row["file"] for row in rows} | {"index.csv"}
    for row in rows:
        told = json.loads((out / row["file"]).with_suffix(".json").read_text(encoding="utf-8"))
        assert [one["contestant_id"] for one in told["contestants"]] == [row["contestant_id"].lstrip("'")]
        with pikepdf.open(out / row["file"]) as made:
            assert len(made.pages) == int(row["pages"])
    first = contents(out)

    assert each(filing, again, "--contestant", "sm-1", "--contestant", "SM-1")[0] == 0
    drawn = {name: made for name, made in contents(again).items() if name.endswith((".pdf", ".json")) and name != "manifest.json"}
    assert len(drawn) == 4 and all(first[name] == made for name, made in drawn.items())

    before = {path.name: path.stat().st_mtime_ns for path in out.glob("*.pdf")}
    status, said, _ = each(filing, out)
    assert (status, contents(out)) == (0, first)
    assert "0 documents drawn" in said
    assert "5 unchanged" in said
    assert {path.name: path.stat().st_mtime_ns for path in out.glob("*.pdf")} == before


@needs_pango
def test_one_changed_one_damaged_one_that_cannot_be_written_and_one_gone(tmp_path, each):
    filing, out = tmp_path / "in", tmp_path / "out"
    filing.mkdir()
    for cid in ("A-1", "B-1", "C-1", "D-1"):
        (filing / cid).mkdir()
        (filing / cid / "reports.csv").write_text(HEADING + line(cid), encoding="utf-8")
    out.mkdir()
    (out / "B-1.pdf").mkdir()
    status, said, err = each(filing, out, "--book")
    assert status == 2
    assert "3 documents drawn" in said
    assert [Path(one.split(": ")[0]).name for one in err.splitlines()] == ["B-1.pdf", "book.pdf"]
    assert not (out / "book.pdf").exists()  # a volume without B-1 would not say so
    assert [row["file"] for row in listed(out)] == ["A-1.pdf", "", "C-1.pdf", "D-1.pdf"]
    assert set(summed(out)) == {"A-1.pdf", "C-1.pdf", "D-1.pdf", "index.csv"}

    (out / "B-1.pdf").rmdir()
    before = contents(out)
    (out / "C-1.pdf").write_bytes(before["C-1.pdf"][:-1])
    (filing / "D-1" / "reports.csv").write_text(HEADING + line("D-1", "7000000.02"), encoding="utf-8")
    status, said, err = each(filing, out)
    assert (status, err) == (0, "")
    assert "3 documents drawn" in said  # the one that failed, the damaged one, the changed one
    after = contents(out)
    assert {name for name in before if name.endswith(".pdf") and before[name] != after[name]} == {"D-1.pdf"}

    (filing / "D-1" / "reports.csv").unlink()
    status, said, err = each(filing, out, "--book")
    assert (status, err) == (0, "")
    assert "0 documents drawn" in said
    assert "D-1.pdf" in said.splitlines()[-2]
    assert "book.pdf" in said.splitlines()[-1]
    assert set(summed(out)) == {"A-1.pdf", "B-1.pdf", "C-1.pdf", "book.pdf", "index.csv"}
    with pikepdf.open(out / "book.pdf") as book:
        assert len(book.pages) == 1 + sum(int(row["pages"]) for row in listed(out))


@needs_pango
def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_goes_on(tmp_path, each):
    filing, out = tmp_path / "reports.csv", tmp_path / "out"
    filing.write_text(HEADING + "".join(line(f"A-{n}") for n in range(4)), encoding="utf-8")
    command = [sys.executable, "-m", "auditor.cli.main", "report", str(filing), "--each", "contestant", "-o", str(out), "--as-of", "2023-04-15", "--lang", "en", "--select", "DON-001"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while len(batch.manifest(out)) < 2 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    process.kill()
    _, err = process.communicate()  # ends when the workers, who have the same stderr, have ended too
    assert b"Traceback" not in err
    done = batch.manifest(out)
    assert 2 <= len(done) < 4
    for path in out.glob("*.pdf"):
        with pikepdf.open(path) as made:
            assert made.pages
    for name, written in done.items():
        assert hashlib.sha256((out / f"{name}.pdf").read_bytes()).hexdigest() == written.sha256
    status, said, _ = each(filing, out)
    assert status == 0
    assert f"{4 - len(done)} document{'s' if len(done) < 3 else ''} drawn" in said
    assert len(summed(out)) == 5


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda out: out.write_text("x"), "this is a file"),
        (lambda out: (out / "index.csv").mkdir(parents=True), "this is a folder"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused_before_the_audit(tmp_path, each, prepare, said):
    prepare(tmp_path / "out")
    status, _, err = each(SAMPLE, tmp_path / "out")
    assert status == 2
    assert said in err


def test_the_folder_of_the_filings_is_refused(tmp_path, each):
    """A contestant's own scan may lie there as SM-1.pdf."""
    (tmp_path / "reports.csv").write_text(HEADING + line("SM-1"), encoding="utf-8")
    (tmp_path / "SM-1.pdf").write_bytes(b"scan")
    status, _, err = each(tmp_path, tmp_path / "." / "")
    assert (status, err.count("\n")) == (2, 1) and "what is audited is in this folder" in err
    assert {path.name for path in tmp_path.iterdir()} == {"reports.csv", "SM-1.pdf"}
    status, _, err = each(tmp_path / "reports.csv", tmp_path)  # beside a file that was given it would be lost as well
    assert (status, err.count("\n")) == (2, 1) and "SM-1.pdf: there is a file of this name" in err
    assert {path.name for path in tmp_path.iterdir()} == {"reports.csv", "SM-1.pdf"}


def test_counts_of_the_index_are_those_of_the_part(whole):
    from auditor.publish import lists

    results = [batch.Result(report, None, drawn=False, failed="x") for report in batch.planned(whole, shipped("en"))]
    rows = list(csv.DictReader(io.StringIO(lists.index(results))))
    assert [row["contestant_id"] for row in rows] == sorted(one.contestant_id for one in whole.contestants)
    assert sum(int(row["breaches"]) for row in rows) == sum(
        finding.outcome is Outcome.BREACH and finding.contestant_id is not None for finding in whole.findings
    )


# The style of a commission


@needs_pango
def test_another_style_draws_every_report_again_and_the_same_one_none(tmp_path, each, run):
    (tmp_path / "reports.csv").write_text(HEADING + line("SM-1"), encoding="utf-8")
    style, out = tmp_path / "style", tmp_path / "out"
    style.mkdir()
    (style / "commission.css").write_text(":root { --brand: #0b5345 }", encoding="utf-8")
    (style / "commission.yaml").write_text("en: Aidynkol Commission", encoding="utf-8")
    assert each(tmp_path / "reports.csv", out)[0] == 0
    plain = contents(out)
    status, _, err = each(tmp_path / "reports.csv", out, "--style", style, "--book")
    assert (status, err) == (0, "")
    styled = contents(out)
    assert plain["SM-1.pdf"] != styled["SM-1.pdf"]
    assert plain["SM-1.json"] == styled["SM-1.json"]
    alone = tmp_path / "alone.pdf"
    run("report", tmp_path / "reports.csv", "-o", alone, "--contestant", "SM-1", "--as-of", DAY, "--lang", "en", "--select", "DON-001", "--style", style)  # fmt: skip
    assert alone.read_bytes() == styled["SM-1.pdf"]
    assert "unchanged" in each(tmp_path / "reports.csv", out, "--style", style)[1]
    with pikepdf.open(out / "book.pdf") as book:
        assert {name.split(" ")[1] for name in book.attachments} == {"evidence.csv", "findings.json", "rules.sql"}
        assert len(book.attachments) == 3


@pytest.mark.parametrize("target", ["x.html", pytest.param("x.pdf", marks=needs_pango), pytest.param("out", marks=needs_pango)])
@pytest.mark.parametrize(("css", "said"), [("@import 'a.css';", "commission.css, line 1"), (None, "--style")])
def test_a_style_that_cannot_be_used_is_refused_before_the_audit(tmp_path, run, target, css, said):
    style = tmp_path / "style"
    if css is not None:
        style.mkdir()
        (style / "commission.css").write_text(css, encoding="utf-8")
    options = ["--each", "contestant"] if target == "out" else []
    status, _, err = run("report", tmp_path / "no-such-file.csv", "-o", tmp_path / target, "--style", style, *options)
    assert status == 2 and said in err and "no-such-file" not in err
    assert not (tmp_path / target).exists()


def test_letters_do_not_take_the_place_of_reports(tmp_path, run):
    out = tmp_path / "out"
    asked = ["report", SAMPLE, "--as-of", "2023-04-15", "--each", "contestant", "--contestant", "SM-01-01", "-o", out, "--lang", "en"]
    assert run(*asked)[0] == 0
    before = (out / "SM-01-01.pdf").read_bytes()
    status, _, said = run(*asked, "--kind", "return-note")
    assert (status, said.count("\n")) == (2, 1) and "documents of the kind findings are in this folder" in said
    assert (out / "SM-01-01.pdf").read_bytes() == before
    assert run(*asked)[0] == 0


@needs_pango
def test_the_findings_beside_a_pdf_are_written_again_where_they_were_changed(tmp_path, each):
    filing, out = tmp_path / "reports.csv", tmp_path / "out"
    filing.write_text(HEADING + line("A-1") + line("B-1"), encoding="utf-8")
    each(filing, out)
    before = contents(out)
    (out / "A-1.json").write_bytes(before["A-1.json"][:-2])
    (out / "B-1.json").unlink()
    assert "2 documents drawn" in each(filing, out)[1]
    assert contents(out) == before


@needs_pango
def test_a_report_that_fails_alone_is_no_longer_in_the_manifest(tmp_path, each):
    filing, out = tmp_path / "reports.csv", tmp_path / "out"
    filing.write_text(HEADING + line("A-1"), encoding="utf-8")
    each(filing, out)
    assert set(batch.manifest(out)) == {"A-1"}
    filing.write_text(HEADING + line("A-1", "7000000.02"), encoding="utf-8")
    (out / "A-1.pdf").unlink()
    (out / "A-1.pdf").mkdir()
    assert each(filing, out)[0] == 2
    assert batch.manifest(out) == {}


def test_a_manifest_of_another_form_is_none(tmp_path):
    one = {"made_from": "", "sha256": "", "json_sha256": "", "pages": 1}
    for form, expected in (("audit-batch/1", {"A"}), ("audit-batch/2", set())):
        (tmp_path / "manifest.json").write_text(json.dumps({"format": form, "kind": "findings", "reports": {"A": one}}))
        assert set(batch.manifest(tmp_path)) == expected


@needs_pango
def test_what_is_left_of_somebody_gone_is_named_until_it_is_removed(tmp_path, each):
    filing, out = tmp_path / "reports.csv", tmp_path / "out"
    filing.write_text(HEADING + line("A-1") + line("B-1"), encoding="utf-8")
    each(filing, out)
    filing.write_text(HEADING + line("B-1"), encoding="utf-8")
    for _ in range(2):
        assert "not in the index: A-1.pdf, A-1.json" in each(filing, out)[1]
    (out / "A-1.pdf").unlink()
    assert "not in the index: A-1.json" in each(filing, out)[1]
    (out / "A-1.json").unlink()
    assert "not in the index" not in each(filing, out)[1]
    assert set(batch.manifest(out)) == {"B-1"}


@needs_pango
def test_who_was_left_out_for_one_run_is_not_drawn_again(tmp_path, each):
    filing, out = tmp_path / "reports.csv", tmp_path / "out"
    both = HEADING + line("A-1") + line("B-1")
    for text in (both, HEADING + line("B-1"), both):
        filing.write_text(text, encoding="utf-8")
        said = each(filing, out)[1]
    assert "1 document drawn\n1 unchanged" in said  # of B-1, whose inputs were others in between
