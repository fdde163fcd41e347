"""A published document against its inputs: what agrees, every kind of change is found, and nothing hostile gets further than one line."""

import gzip
import io
import json
import os
import re
import shutil
import sys
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pikepdf
import pytest
import xlsxwriter

from auditor.cli.main import main
from auditor.cli.publishing import keyed as reduction
from auditor.errors import CannotRead
from auditor.normalise.scope import Scope
from auditor.render import pdf
from auditor.render.data import as_json, document
from auditor.render.masked import masked_document, masked_text
from auditor.render.split import only
from auditor.rulebook.load import load as law
from auditor.verify import published as reading
from auditor.verify.published import _unpacked
from auditor.wording import load
from auditor.workflow import Request, audit

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
IIN = "900101300017"
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id\n"
LINES = "".join(
    f"SM-{n},single_mandate,2023-03-0{n},donation,7000000.0{n},individual,{giver}\n" for n, giver in ((1, IIN), (2, "850202400017"))
)
PARTS = ["document", "rulebook", "asked", "overrides", "inputs", "summary", "coverage", "contestants", "findings", "problems"]

needs_pango = pytest.mark.skipif(bool(pdf.missing()), reason=f"a PDF needs {', '.join(pdf.missing())}: {pdf.INSTALL}")


@pytest.fixture(scope="session")
def documents(tmp_path_factory):
    """The sample's findings.json in each language."""
    folder = tmp_path_factory.mktemp("published")
    argv = sys.argv
    for lang in ("en", "ru", "kk"):
        sys.argv = ["audit", "check", str(SAMPLE), "--as-of", "2023-04-15", "--lang", lang, "--output", f"json={folder / lang}.json", "--fail-on", "never"]  # fmt: skip
        with pytest.raises(SystemExit):
            main()
    sys.argv = argv
    return folder


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """The PDF of the small filing, and the filing."""
    filing = tmp_path_factory.mktemp("pdf") / "reports.csv"
    filing.write_text(HEADING + LINES, encoding="utf-8")
    out = filing.with_name("findings.pdf")
    argv, sys.argv = sys.argv, ["audit", "report", str(filing), "--as-of", "2023-04-15", "--lang", "en", "-o", str(out)]
    with pytest.raises(SystemExit):
        main()
    sys.argv = argv
    return out, filing


@pytest.fixture(scope="session")
def kept():
    """What was published of the small filing, by the options and the files."""
    return {}


@pytest.fixture
def small(tmp_path, run, kept):
    """A small filing and its published findings."""
    filing = tmp_path / "reports.csv"
    made = tmp_path / "published.json"

    def publish(*options, more=""):
        filing.write_text(HEADING + LINES + more, encoding="utf-8")
        asked_of = (options, *((file.name, file.read_bytes()) for file in sorted(tmp_path.iterdir()) if file.is_file() and file != made))
        if asked_of not in kept:
            asked = ["--as-of", "2023-04-15", "--lang", "en", "--output", f"json={made}", "--fail-on", "never", *options]
            assert run("check", filing, *asked)[0] == 0
            kept[asked_of] = made.read_bytes().replace(json.dumps(str(tmp_path)).encode()[1:-1], b"FOLDER")
        made.write_bytes(kept[asked_of].replace(b"FOLDER", json.dumps(str(tmp_path)).encode()[1:-1]))
        return made, filing

    return publish


def told(run, published, *inputs):
    """What verify says as data, with its exit status."""
    status, out, err = run("verify", published, *inputs, "--format", "json")
    assert not err
    made = json.loads(out)
    assert made["agrees"] == (status == 0)
    assert [part["part"] for part in made["parts"]] == PARTS
    return status, made, {part["part"]: part["differences"] for part in made["parts"] if part["differences"]}


def altered(path, change):
    """A copy of a document with something changed in it."""
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    copy = path.with_name("altered.json")
    copy.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return copy


def findings_of(opened):
    """The one findings.json among the files that a PDF carries."""
    (spec,) = [one for one in opened.attachments.values() if one.filename == "findings.json"]
    return spec


def with_attachment(report, out, content, **settings):
    """A copy of a PDF whose findings.json is another."""
    with pikepdf.Pdf.open(report) as opened:
        spec = findings_of(opened)
        spec.get_file().obj.write(content)
        opened.save(out, **settings)
    return out


def attachment(report):
    with pikepdf.Pdf.open(report) as opened:
        spec = findings_of(opened)
        return spec.get_file().read_bytes()


@pytest.mark.parametrize(("lang", "answer"), [("en", "ru"), ("ru", "kk"), ("kk", "en")])
def test_what_was_published_agrees_in_any_language_of_either(run, documents, lang, answer):
    words = load(answer)
    status, out, _ = run("verify", documents / f"{lang}.json", SAMPLE, "--lang", answer)
    assert status == 0
    said = [out.count(words("verify.part_agrees", part=words(f"verify.part_{part}"), count="").split("(")[0]) for part in PARTS]
    assert said == [1] * len(PARTS)
    assert words("verify.agrees")[:30] in out
    status, made, differences = told(run, documents / f"{lang}.json", SAMPLE)
    assert (status, differences) == (0, {})
    assert {part["part"]: part["count"] for part in made["parts"]}["findings"] > 70


def test_the_expected_findings_of_the_sample_are_verified(run):
    assert run("verify", SAMPLE / "expected" / "findings.json", SAMPLE)[0] == 0


@needs_pango
def test_a_pdf_agrees_by_what_is_attached(run, report):
    status, out, _ = run("verify", *report, "--lang", "en")
    assert status == 0
    assert "AGREES" in out
    assert "four digits" in out
    assert "not its printed pages" in out


@needs_pango
def test_one_digit_changed_in_the_attachment_is_found(run, report, tmp_path):
    report, filing = report
    before = attachment(report)
    at = before.index(b'"excess": "') + len(b'"excess": "')
    after = before[:at] + (b"1" if before[at : at + 1] != b"1" else b"2") + before[at + 1 :]
    changed = with_attachment(report, tmp_path / "changed.pdf", after)
    status, made, differences = told(run, changed, filing)
    assert status == 1
    (one,) = differences["findings"]
    assert list(differences) == ["findings"]
    assert one["what"] == "excess"
    assert one["rule"]
    assert one["published"] != one["recomputed"]
    shown = run("verify", changed, filing, "--lang", "en")[1]
    about = " ".join(filter(None, (one["rule"], one["contestant_id"])))
    assert f"{about} · excess: published {one['published']}, recomputed {one['recomputed']}" in " ".join(shown.split())


@needs_pango
def test_a_pdf_that_was_saved_again_unchanged_agrees(run, report, tmp_path):
    report, filing = report
    with pikepdf.Pdf.open(report) as opened:
        opened.save(tmp_path / "again.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True)
    assert run("verify", tmp_path / "again.pdf", filing)[0] == 0


@pytest.mark.parametrize("part", [part for part in PARTS if part != "overrides"])
def test_every_value_of_a_document_is_compared(run, small, part):
    """Each leaf of the small document changed in turn: found, or the audit cannot be repeated, but never passed over."""
    asked = ("--select", "DON", "--select", "EXP-001", "--set", "donation_cap_individual=7000000.00")
    published, filing = small(*asked, more=LINES.splitlines()[0].replace("donation", "donatoin") + "\n")
    document = json.loads(published.read_text(encoding="utf-8"))
    paths = list(leaves(document[part] if part != "document" else {key: value for key, value in document.items() if key not in PARTS}))
    assert paths
    for path in paths:
        changed = altered(published, lambda made, path=path: change_at(made if part == "document" else made[part], path))
        status, out, err = run("verify", changed, filing, "--lang", "en")
        if part == "asked" and path[0] == "stated":
            continue  # how the files are to be read is asked for; what it changes in the answer is found
        if path == ("as_of",):  # the day is asked for, not found: it is said, and what it changes is found
            assert re.search(r"as of 1[0-9] Apr 2023", " ".join(out.split()))
            continue
        assert status in (1, 2), (part, path, out)
        assert (status == 2) == bool(err)


def leaves(value, path=()):
    if isinstance(value, (dict, list)) and value:
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(one, (*path, key))
    elif not isinstance(value, (dict, list)):
        yield path


def change_at(document, path):
    for key in path[:-1]:
        document = document[key]
    value = document[path[-1]]
    document[path[-1]] = (
        not value
        if isinstance(value, bool)
        else value + 1
        if isinstance(value, int)
        else "0"
        if value is None
        else value[:-1] + ("1" if value[-1:] != "1" else "2")
    )


@pytest.mark.parametrize(
    ("change", "part", "what"),
    [
        (lambda d: d["findings"][0].update(message="Nothing happened."), "findings", "message"),
        (lambda d: d["findings"][0].update(remedied=0), "findings", "remedied"),
        (lambda d: d["findings"][0]["rows"].pop(), "findings", "rows: number"),
        (lambda d: d["findings"][0]["rows"][0].update(row=2.0), "findings", "rows[0].row"),
        (lambda d: d["findings"].pop(0), "findings", "finding DON-001-"),
        (lambda d: d["findings"].append({**d["findings"][0], "subject": "x"}), "findings", "finding DON-001-"),
        (lambda d: d["findings"].append(d["findings"][0]), "findings", "finding DON-001-"),
        (lambda d: d["findings"].reverse(), "findings", "order"),
        (lambda d: d["findings"][0].update(note="seen by me"), "findings", "note"),
        (lambda d: d["findings"][0].pop("crossing"), "findings", "crossing"),
        (lambda d: d["coverage"].pop(), "coverage", "coverage"),
        (lambda d: d["contestants"][0]["totals"][0].update(room="1.00"), "contestants", "totals.room"),
        (lambda d: d["contestants"][0]["totals"].pop(), "contestants", "totals"),
        (lambda d: d["summary"].update(breaches=True), "summary", "breaches"),
        (lambda d: d["problems"].append({"code": "X", "file": "a", "sheet": None, "row": 1, "column": None}), "problems", "X a:1"),
        (lambda d: d.update(verdict="clean"), "document", "verdict"),
        (lambda d: d["inputs"][0].update(rows=1), "inputs", "rows"),
    ],
)
def test_a_change_is_told_with_its_place(run, small, change, part, what):
    published, filing = small("--select", "DON-001", "--select", "FND-003")
    status, _, differences = told(run, altered(published, change), filing)
    assert status == 1
    assert list(differences) == [part]
    assert [one for one in differences[part] if one["what"].startswith(what)]
    if part in ("findings", "contestants") and what != "order":
        assert all(one["rule"] and one["contestant_id"] for one in differences[part])


def test_one_cell_changed_in_the_input_is_found(run, small):
    published, filing = small()
    filing.write_text((HEADING + LINES).replace("7000000.01", "7000000.00"), encoding="utf-8")
    status, made, differences = told(run, published, filing)
    assert status == 1
    assert made["changed"] == [{"published": str(filing), "given": str(filing)}]
    assert [one["what"] for one in differences["inputs"]] == ["sha256"]
    assert {(one["rule"], one["contestant_id"]) for one in differences["findings"]} >= {("DON-001", "SM-1")}
    assert "NOT the published one" in " ".join(run("verify", published, filing, "--lang", "en")[1].split())


def test_another_content_under_another_name_is_not_said_to_be_the_same(run, small, tmp_path):
    published, filing = small()
    other = tmp_path / "elsewhere" / "другой.csv"
    other.parent.mkdir()
    other.write_text(filing.read_text(encoding="utf-8").replace("2023-03-01", "2023-03-02"), encoding="utf-8")
    status, made, _ = told(run, published, other)
    assert (status, made["renamed"]) == (1, [])
    assert made["changed"] == [{"published": str(filing), "given": str(other)}]


def test_another_name_of_the_same_content_is_said_and_agrees(run, small, tmp_path):
    published, filing = small()
    moved = tmp_path / "elsewhere" / "копия.csv"
    moved.parent.mkdir()
    filing.rename(moved)
    status, made, _ = told(run, published, moved)
    assert status == 0
    assert made["renamed"] == [{"published": str(filing), "given": str(moved)}]
    assert "the same content" in run("verify", published, moved, "--lang", "en")[1]


def test_files_beside_that_were_not_audited_are_left_aside(run, small):
    published, filing = small()
    beside = filing.with_name("contestants.csv")
    beside.write_text("contestant_id,contest,name\nSM-1,single_mandate,Кандидат\n", encoding="utf-8")
    status, made, _ = told(run, published, filing)
    assert status == 0
    assert made["left_aside"] == [str(beside)]


def test_an_input_that_is_not_given_is_named(run, documents):
    status, out, err = run("verify", documents / "en.json", SAMPLE / "statement.csv", SAMPLE / "expected" / "findings.json")
    assert (status, out) == (2, "")
    assert run("verify", documents / "en.json", SAMPLE / "reports.csv")[0] == 0  # what lies beside a file is taken up
    alone = documents / "alone"
    alone.mkdir(exist_ok=True)
    shutil.copy(SAMPLE / "reports.csv", alone)
    status, out, err = run("verify", documents / "en.json", alone / "reports.csv")
    assert (status, out) == (2, "")
    assert "its input statement.csv (SHA-256 " in err
    assert len(err.splitlines()) == 5


def test_inputs_in_an_archive_and_in_a_workbook(run, tmp_path):
    packed, book = tmp_path / "all.zip", tmp_path / "book.xlsx"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in SAMPLE.glob("*.csv"):
            archive.write(path, f"inside/{path.name}")
    made = xlsxwriter.Workbook(book)
    for name in ("reports", "contestants"):
        sheet = made.add_worksheet(name)
        for row, line in enumerate((SAMPLE / f"{name}.csv").read_text(encoding="utf-8").splitlines()[:40]):
            sheet.write_row(row, 0, line.split(","))
    made.close()
    for given in (packed, book):
        out = tmp_path / f"{given.stem}.json"
        run("check", given, "--as-of", "2023-04-15", "--output", f"json={out}")
        renamed = given.with_name(f"copy-of-{given.name}")
        shutil.copy(given, renamed)
        status, said, _ = told(run, out, renamed)
        assert status == 0
        assert [one["given"] for one in said["renamed"]] == [str(renamed)]


def test_a_table_that_lacked_a_column_is_needed_too(run, small):
    published, filing = small()
    bad = filing.with_name("contestants.csv")
    bad.write_text("contestant_id,name\nSM-1,Кандидат\n", encoding="utf-8")
    published, filing = small()
    assert [one["code"] for one in json.loads(published.read_text(encoding="utf-8"))["problems"]] == ["INP-014"]
    assert run("verify", published, filing)[0] == 0
    bad.unlink()
    status, _, err = run("verify", published, filing)
    assert status == 2
    assert "contestants.csv" in err


def test_standard_input_is_repeated_from_the_file_kept_of_it(run, small, tmp_path, monkeypatch):
    published, filing = small()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(filing.read_bytes())))
    run("check", "-", "--as-of", "2023-04-15", "--output", f"json={published}")
    assert json.loads(published.read_text(encoding="utf-8"))["inputs"][0]["file"] == "-"
    assert run("verify", published, filing)[0] == 0
    assert run("verify", published, "-")[0] == 2


@pytest.mark.parametrize(
    "options",
    [
        ["--select", "DON", "--ignore", "DON-002"],
        ["--contestant", "SM-1"],
        ["--set", "donation_cap_individual=6999999.99", "--set", "results_published=2023-03-29"],
        ["--encoding", "cp1251"],
        ["--as-of", "2023-03-20"],
    ],
)
def test_what_was_asked_for_is_asked_for_again(run, small, options):
    published, filing = small(*options)
    status, _, differences = told(run, published, filing)
    assert (status, differences) == (0, {})


# --- the law ---


@pytest.fixture
def other_law(tmp_path):
    """A copy of the rules in which one limit is another."""
    shutil.copytree(ROOT / "rules" / "kz", tmp_path / "kz")
    file = tmp_path / "kz" / "majilis-2023" / "parameters.yaml"
    text = file.read_text(encoding="utf-8")
    at = text.index("donation_cap_individual:")
    file.write_text(text[:at] + text[at:].replace('"7000000.00", multiple: 100, of: minimum_wage', '"6000000.00"', 1), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    return file.parent


def test_one_parameter_changed_is_found_with_the_limits_that_differ(run, small, other_law):
    published, filing = small("--select", "DON-001")
    status, _, differences = told(run, published, filing, "--rulebook", other_law)
    assert status == 1
    assert [one["what"] for one in differences["rulebook"]] == ["sha256"]
    assert {(one["rule"], one["published"], one["recomputed"]) for one in differences["findings"] if one["what"] == "limit"} == {
        ("DON-001", "7000000.00", "6000000.00")
    }


def test_a_document_of_another_rulebook_says_how_to_give_it(run, small, other_law):
    published, filing = small("--rulebook", other_law)
    status, out, err = run("verify", published, filing)
    assert (status, out) == (2, "")
    assert "--rulebook FOLDER" in err
    assert json.loads(published.read_text(encoding="utf-8"))["rulebook"]["sha256"][:12] in err
    assert run("verify", published, filing, "--rulebook", other_law)[0] == 0


def test_an_election_that_is_not_shipped_or_of_another_rulebook(run, small):
    published, filing = small()
    other = altered(published, lambda made: made.update(election="atlantis-council-2031"))
    atlantis = ROOT / "tests" / "rulebook" / "atlantis" / "council-2031"
    assert "no rulebook of the election atlantis-council-2031" in run("verify", other, filing)[2]
    status, _, err = run("verify", published, filing, "--rulebook", atlantis)
    assert status == 2
    assert "is the law of" in err
    assert run("verify", published, filing, "--rulebook", "no/such")[0] == 2


# --- what is shown ---


def test_ids_are_masked_on_the_screen_and_whole_in_json(run, small):
    published, filing = small()
    changed = altered(published, lambda made: made["findings"][0].update(subject="850202300019", message=f"of {IIN}"))
    status, out, _ = run("verify", changed, filing, "--lang", "en")
    assert status == 1
    assert IIN not in out
    assert "850202300019" not in out
    assert IIN in run("verify", changed, filing, "--format", "json")[1]


def test_many_differences_are_counted_and_some_shown(run, documents):
    changed = altered(documents / "en.json", lambda made: [one.update(action="Pay.") for one in made["findings"]])
    number = len(json.loads(changed.read_text(encoding="utf-8"))["findings"])
    status, out, err = run("verify", changed, SAMPLE, "--lang", "en")
    assert (status, err) == (1, "")
    assert f"DIFFERS in {number} places" in out
    assert out.count("published Pay.") == 40
    assert f"and {number - 40} more" in out


def test_hostile_texts_reach_the_terminal_without_their_escapes(run, small):
    published, filing = small()
    hostile = "\x1b[2J\u202e\n"
    changed = published.with_name("hostile.json")
    document = json.loads(published.read_text(encoding="utf-8"))
    document["findings"][0]["message"] = hostile + "\ud800"
    document["inputs"][0]["file"] = f"a{hostile}b.csv"
    changed.write_text(json.dumps(document), encoding="utf-8")
    for form in ("text", "json"):
        status, out, _ = run("verify", changed, filing, "--format", form)
        assert status == 1
        assert "\x1b" not in out
        assert "\ud800" not in out
        json.loads(out) if form == "json" else None
    document["inputs"] = [{**document["inputs"][0], "file": f"a{hostile}{n}.csv"} for n in range(3)]
    changed.write_text(json.dumps(document), encoding="utf-8")
    other = filing.with_name("other.csv")
    other.write_text(HEADING, encoding="utf-8")
    status, _, err = run("verify", changed, other)
    assert status == 2
    assert "\x1b" not in err
    assert len(err.splitlines()) == 3


# --- what cannot be compared ---

DEEP = '{"format": "audit-findings/1", "findings": ' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"\xff\xfe{}", "neither a PDF nor JSON"),
        (b"[]", "not an audit's findings"),
        (b"{}", "does not say its format"),
        (b'{"format": "audit-findings/2"}', "'audit-findings/2'"),
        (b'{"format": 1}', "does not say its format"),
        (b'{"format": "audit-findings/1"}', "is missing"),
        (DEEP.encode(), "nested too deeply"),
        (b'{"format": "audit-findings/1", "x": ' + b'{"a":' * 400 + b"1" + b"}" * 400 + b"}", "nested too deeply"),
        (b'{"format": "audit-findings/1", "rows": ' + b"9" * 100_000 + b"}", "JSON"),
        (b'{"format": "audit-findings/1", "rows": NaN}', "NaN"),
        (b'{"format": "audit-findings/1", "format": "audit-findings/1"}', "stands twice"),
        (b"%PDF-1.7\n%%EOF", "PDF"),
        (gzip.compress(b"{}", mtime=0), "neither a PDF nor JSON"),
    ],
)
def test_what_is_no_findings_document_is_one_line(run, small, content, says):
    published, filing = small()
    published.write_bytes(content)
    status, out, err = run("verify", published, filing)
    assert (status, out) == (2, "")
    assert says in err
    assert all(line.startswith(str(published)) and len(line) < 400 for line in err.splitlines())


@pytest.mark.parametrize("key", ["election", "as_of", "lang", "ids", "rulebook", "inputs", "overrides", "asked", "summary", "coverage", "contestants", "findings", "problems"])  # fmt: skip
@pytest.mark.parametrize("wrong", [None, True, 7, 1e400, "x" * 5000, [], [1], [[]], {}, {"a": 1}, [{"rule": 1}], [{"table": "reports"}]])
def test_a_wrong_type_is_a_line_or_a_difference_and_never_a_traceback(run, small, key, wrong):
    published, filing = small()
    content = altered(published, lambda made: made.update({key: wrong})).read_text(encoding="utf-8").replace("Infinity", "1e400")
    published.write_text(content, encoding="utf-8")
    status, _, err = run("verify", published, filing)
    assert status in (1, 2) or (key, wrong) in (("problems", []), ("overrides", {}))  # as they were
    assert status < 2 or all(len(line) < 400 for line in err.splitlines())


def test_a_huge_number_where_a_number_is_compared(run, small):
    published, filing = small()
    text = published.read_text(encoding="utf-8")
    published.write_text(text.replace('"rows": 2', f'"rows": {"9" * 4000}'), encoding="utf-8")
    assert run("verify", published, filing)[0] == 1


@pytest.mark.parametrize("changes", [{"donation_cap_individual": "many"}, {"no_such": "1"}, {"results_published": "soon"}])
def test_values_set_by_hand_that_the_law_does_not_know(run, small, changes):
    published, filing = small()
    status, _, err = run("verify", altered(published, lambda made: made.update(overrides=changes)), filing)
    assert status == 2
    assert err


def test_no_file_of_the_document_is_ever_opened(run, small, tmp_path):
    published, filing = small()
    secret = tmp_path / "secret.csv"
    secret.write_text(HEADING + LINES.replace("SM-1", "SECRET"), encoding="utf-8")

    def point(made):
        made["inputs"][0]["file"] = str(secret)

    status, out, _ = run("verify", altered(published, point), filing, "--format", "json")
    assert "SECRET" not in out
    assert status == 1


def test_a_published_file_that_is_not_there(run, small, tmp_path):
    _, filing = small()
    for name in (tmp_path / "none.json", tmp_path):
        status, _, err = run("verify", name, filing)
        assert status == 2
        assert len(err.splitlines()) == 1


@needs_pango
def test_masked_names_of_files_and_persons_who_look_alike(run, tmp_path):
    """File names have an id in them and sort otherwise once it is masked; two donors have the same last digits."""
    folder = tmp_path / "given"
    folder.mkdir()
    line = "SM-1,single_mandate,2023-03-01,donation,4000000.00,individual,{}\n"
    for name, givers in ((IIN, (IIN, "850202400017")), ("b", (IIN, "850202400017", "85020240001"))):
        (folder / f"{name}.csv").write_text(HEADING + "".join(map(line.format, givers)), encoding="utf-8")
    out = tmp_path / "f.pdf"
    assert run("report", folder, "--as-of", "2023-04-15", "--lang", "en", "-o", out)[0] == 0
    document = json.loads(attachment(out))
    assert IIN not in json.dumps(document)
    assert [one["subject"] for one in document["findings"] if one["rule"] == "DON-001"] == ["••••••••0017"] * 2
    assert any("0017.csv" in one["file"] for one in document["inputs"])
    status, made, differences = told(run, out, folder)
    assert (status, differences, made["renamed"]) == (0, {}, [])
    document["findings"][1]["rows"][0]["row"] += 1
    changed = with_attachment(out, tmp_path / "changed.pdf", json.dumps(document).encode())
    assert [one["what"] for one in told(run, changed, folder)[2]["findings"]] == ["rows[0].row"]


OF_PERSONS = HEADING + "".join(f"{cid},single_mandate,2023-03-01,donation,7000000.01,individual,\n" for cid in (IIN, "850202400018"))


def of_one(run, tmp_path, cid=IIN, lines=OF_PERSONS):
    """The filing of contestants whose ids are those of persons, and the document on one of them as a PDF has it."""
    filing, document = tmp_path / "reports.csv", tmp_path / "masked.json"
    filing.write_text(lines, encoding="utf-8")
    asked = ["--contestant", cid, "--as-of", "2023-04-15", "--output", f"json={tmp_path / 'whole.json'}"]
    assert run("check", filing, *asked)[0] == 1
    whole = json.loads((tmp_path / "whole.json").read_text(encoding="utf-8"))
    document.write_text(json.dumps(masked_document(whole), ensure_ascii=False), encoding="utf-8")
    assert cid not in document.read_text(encoding="utf-8")
    return filing, document


def test_a_report_on_one_contestant_who_is_told_by_the_end_of_an_id(run, tmp_path):
    filing, document = of_one(run, tmp_path)
    assert told(run, document, filing)[0] == 0
    document.write_text(document.read_text(encoding="utf-8").replace("7000000.01", "7000000.02"), encoding="utf-8")
    assert told(run, document, filing)[0] == 1


def test_how_persons_are_told_does_not_make_a_part_of_the_whole():
    assert Scope(told_as=masked_text) == Scope()


def test_two_contestants_who_are_told_alike_are_not_taken_for_one_another(run, tmp_path):
    filing, document = of_one(run, tmp_path, lines=OF_PERSONS.replace("850202400018", "850202400017"))
    status, _, err = run("verify", document, filing)
    assert (status, "2 contestants are told so" in err) == (2, True)


def test_a_report_on_one_contestant_who_is_told_by_a_key(run, tmp_path):
    filing, _ = of_one(run, tmp_path)
    secret, page = tmp_path / "election.secret", tmp_path / "public.html"
    assert run("secret", secret)[0] == 0
    asked = ["--contestant", IIN, "--as-of", "2023-04-15", "--kind", "public", "--secret-file", secret]
    assert run("report", filing, *asked, "-o", page)[0] == 0
    document = tmp_path / "findings.json"
    assert IIN not in document.read_text(encoding="utf-8")
    assert run("verify", document, filing, "--secret-file", secret)[0] == 0


@needs_pango
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_pdf(run, report, tmp_path, share):
    report, filing = report
    whole = report.read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[: int(len(whole) * share)])
    status, out, err = run("verify", tmp_path / "cut.pdf", filing)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "cannot be read as a PDF" in err


@needs_pango
def test_a_pdf_whose_attachment_is_missing_double_packed_or_a_bomb(run, report, tmp_path, monkeypatch):
    report, filing = report
    out = tmp_path / "x.pdf"
    with pikepdf.Pdf.open(report) as opened:
        spec = findings_of(opened)
        content = spec.get_file().read_bytes()
        opened.attachments["second"] = pikepdf.AttachedFileSpec(opened, content, filename="findings.json")
        opened.save(out)
    assert "attached to this PDF: 2; expected one" in run("verify", out, filing)[2]
    with pikepdf.Pdf.open(report) as opened:
        for key in list(opened.attachments):
            del opened.attachments[key]
        opened.save(out)
    assert "attached to this PDF: 0; expected one" in run("verify", out, filing)[2]
    with pikepdf.Pdf.open(report) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert "password" in run("verify", out, filing)[2]
    with pikepdf.Pdf.open(report) as opened:
        findings_of(opened).get_file().obj.write(content.hex().encode() + b">", filter=pikepdf.Name.ASCIIHexDecode)
        opened.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert "packed in a way" in run("verify", out, filing)[2]
    monkeypatch.setattr(reading, "MOST_BYTES", report.stat().st_size)
    with_attachment(report, out, b" " * (report.stat().st_size + 1) + content, compress_streams=True)
    assert out.stat().st_size <= reading.MOST_BYTES
    status, _, err = run("verify", out, filing)
    assert status == 2
    assert "larger than" in err


def test_a_key_that_an_earlier_version_did_not_write_is_named(run, small):
    published, filing = small()
    for key in ("lang", "asked", "ids"):
        status, _, err = run("verify", altered(published, lambda made, key=key: made.pop(key)), filing)
        assert status == 2
        assert f"{key}: it is missing" in err


def test_verify_does_not_load_weasyprint(small):
    import subprocess

    published, filing = small()
    code = "import sys\nfrom auditor.cli.main import cli\ncli({args!r}, standalone_mode=False)\nprint('weasyprint' in sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code.format(args=["verify", str(published), str(filing)])],
        capture_output=True, cwd=ROOT, timeout=60, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.stderr.decode().strip().splitlines()[-1] == "False"


def test_a_contestants_part_of_an_audit_of_many_agrees_though_it_does_not_list_the_files_of_the_others(tmp_path, run):
    """Columns that only the others have, tables that they bring, sheets of others in the same workbook, and one who filed nothing."""
    filing = tmp_path / "in"
    filing.mkdir()
    (filing / "a.csv").write_text(HEADING + LINES, encoding="utf-8")
    (filing / "b.csv").write_text(
        HEADING.strip() + ",payment_method,category\nSM-3,single_mandate,2023-03-01,expenditure,5,,,cash,gifts\n", encoding="utf-8"
    )
    (filing / "contestants.csv").write_text(
        "contestant_id,contest,name\n" + "".join(f"SM-{n},single_mandate,N{n}\n" for n in range(1, 5)), encoding="utf-8"
    )
    whole = audit(Request([str(filing)], date(2023, 4, 15), for_report=True), law("kz/majilis-2023"), load("en"))
    for n in range(1, 5):
        (tmp_path / f"SM-{n}.json").write_text(json.dumps(document(only(whole, f"SM-{n}"))), encoding="utf-8")
        status, told, err = run("verify", tmp_path / f"SM-{n}.json", filing, "--lang", "en")
        assert status == 0, (n, told, err)
    (filing / "a.csv").write_text(HEADING + LINES.replace("7000000.01", "7000000.02"), encoding="utf-8")
    assert run("verify", tmp_path / "SM-1.json", filing, "--lang", "en")[0] == 1
    # A bad file beside does not hide that the document is another.
    (filing / "c.csv").write_text("contestant_id,contest,date,kind\nSM-9,single_mandate,2023-03-01,own_funds\n", encoding="utf-8")
    assert run("verify", tmp_path / "SM-1.json", filing, "--lang", "en")[0] == 1
    # Of one who filed nothing the others are needed, and then it is said what is wrong with them.
    status, _, err = run("verify", tmp_path / "SM-4.json", filing, "--lang", "en")
    assert status == 2
    assert "c.csv" in err and "amount" in err and "no table" not in err


def test_of_files_with_the_same_content_the_one_of_that_name_is_read(tmp_path, run):
    filed, out = tmp_path / "in" / "b.csv", tmp_path / "out.json"
    filed.parent.mkdir()
    filed.write_text(HEADING + LINES, encoding="utf-8")
    run("check", filed, "--as-of", "2023-04-15", "--lang", "en", "--output", f"json={out}", "--fail-on", "never")
    copy = filed.with_name("a.csv")
    shutil.copy(filed, copy)
    status, said, _ = run("verify", out, copy, filed, "--format", "json")
    made = json.loads(said)
    assert (status, made["renamed"], made["left_aside"]) == (0, [], [str(copy)])


def test_an_attachment_that_is_cut_off_is_refused():
    class Stream(dict):
        def read_raw_bytes(self):
            return raw

    whole = zlib.compress(b"{}" * 99)
    raw = whole
    assert _unpacked(Stream({"/Filter": "/FlateDecode"}), "a.pdf") == b"{}" * 99
    raw = whole[:-4]
    with pytest.raises(CannotRead):
        _unpacked(Stream({"/Filter": "/FlateDecode"}), "a.pdf")


@pytest.mark.parametrize("keyed", [False, True])
def test_an_archive_with_one_table_and_another_file_is_read_as_it_was(keyed, tmp_path, run):
    packed, out, secret = tmp_path / "a.zip", tmp_path / "out.json", tmp_path / "secret"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lines.csv", HEADING + LINES)
        archive.writestr("notes.csv", "who,what\na,b\n")
    options = []
    if keyed:
        run("secret", secret)
        options = ["--secret-file", secret]
        made = audit(Request([str(packed)], date(2023, 4, 15), for_report=True), law("kz/majilis-2023"), load("en"))
        out.write_text(as_json(reduction(None, secret)(made, load("en"))), encoding="utf-8")
    else:
        run("check", packed, "--as-of", "2023-04-15", "--lang", "en", "--output", f"json={out}", "--fail-on", "never")
    status, said, err = run("verify", out, packed, *options)
    assert (status, err) == (0, ""), said


def test_a_part_that_agrees_neither_way_is_held_against_its_own_files(tmp_path, run):
    folder = tmp_path / "in"
    folder.mkdir()
    for line in LINES.splitlines():
        (folder / f"{line[:4]}.csv").write_text(f"{HEADING}{line}\n", encoding="utf-8")
    made = audit(Request([str(folder)], date(2023, 4, 15), for_report=True), law("kz/majilis-2023"), load("en"))
    told = document(only(made, "SM-1"))
    told["findings"][0]["measured"] = "1.00"
    out = tmp_path / "SM-1.json"
    out.write_text(json.dumps(told), encoding="utf-8")
    status, said, _ = run("verify", out, folder, "--format", "json")
    said = json.loads(said)
    assert (status, said["read_with"], [name[-8:] for name in said["left_aside"]]) == (1, [], ["SM-2.csv"])
