"""What is published tells nothing of a person: no id, no part or plain hash of one, no name that the profile does not let through."""

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

import hostile
import pikepdf
import pytest

from auditor.errors import BadUsage
from auditor.identifiers import check_digit_agrees
from auditor.masking import is_personal
from auditor.model.coverage import Gap
from auditor.model.finding import Line, Outcome
from auditor.model.input import Assumed, LeftOut
from auditor.model.place import Place
from auditor.reduce import profile as profiles
from auditor.reduce import secret as secrets
from auditor.reduce.people import People
from auditor.reduce.reduced import reduced
from auditor.render import pdf
from auditor.render.data import as_json
from auditor.render.html import page
from auditor.rulebook.load import load as rulebook
from auditor.wording import LANGUAGES, load
from auditor.workflow import Request, Scope
from auditor.workflow import audit as audited

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
IIN, OTHER_IIN, BIN = "900101300017", "850202400017", "230140000021"
DONOR = "Жасырынов Аян Тасболатұлы"
SECRET = secrets.Secret(b"one secret of an invented election, of 50 bytes...")
needs_pango = pytest.mark.skipif(bool(pdf.missing()), reason=f"a PDF needs {', '.join(pdf.missing())}: {pdf.INSTALL}")


@pytest.fixture
def secret_file(tmp_path):
    file = tmp_path / "election.secret"
    secrets.new(file)
    return file


def published(folder, lang="kk", secret=SECRET, profile=None, **asked):
    whole = sample(lang) if folder == SAMPLE and not asked else audit_of(folder, lang, **asked)
    return whole, reduced(whole, profiles.load(profile), secret, load(lang))


def audit_of(folder, lang, **asked):
    return audited(Request([str(folder)], date(2023, 4, 15), for_report=True, **asked), rulebook("kz/majilis-2023"), load(lang))


@cache
def sample(lang):
    """The audit of the whole sample, which most of these tests reduce."""
    return audit_of(SAMPLE, lang)


def everything_about(person):
    """A filing that has the text in every cell but those that say who the contestant is, and in the name of its file."""
    made = hostile.tables(person)
    for rows in made.values():
        for row in rows:
            if row.get("contestant_id") == person:
                row["contestant_id"] = "SM-001"
            for column in ("name", "contestant_name", "district", "commission"):
                if row.get(column) == person and "contestant_id" in row:
                    row[column] = "Ашық Есім"
    return made


def written(folder, tables, stem="reports"):
    for table, rows in tables.items():
        columns = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{stem if table == 'reports' else table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def told_by(content):
    """Everything that a document says, its metadata and what is attached among it."""
    if content[:4] != b"%PDF":
        return content.decode()
    texts = []
    with pikepdf.open(io.BytesIO(content)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Stream):
                texts.append(thing.read_bytes().decode("utf-8", "replace"))
            texts.append(str(thing.unparse() if not isinstance(thing, pikepdf.Stream) else thing.stream_dict.unparse()))
        texts += [one.get_file().read_bytes().decode("utf-8", "replace") for one in opened.attachments.values()]
        texts += [one.filename for one in opened.attachments.values()]
    return "\n".join(texts)


@cache
def traces_of(identifier):
    """What an id is known by: itself, its birth date with what follows, or a hash of it."""
    traces = [
        identifier,
        f"{identifier[:6]} {identifier[6:]}",
        f"{identifier[:6]}-{identifier[6:]}",
        identifier[:7],
        f"••{identifier[-4:]}",
    ]
    for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
        digest = hashlib.new(name, identifier.encode()).hexdigest()
        traces += [digest[:10], digest[:10].upper()]
    return traces


def tells_of(identifier, text):
    """Which trace of an id the text has."""
    looked_through = runs_of(text)
    return [trace for trace in traces_of(identifier) if trace in looked_through]


@lru_cache(maxsize=4)
def runs_of(text):
    """What a trace of an id is made of; a page's fonts have little of it."""
    return "\n".join(dict.fromkeys(re.findall("[0-9A-Fa-f• -]{5,}", text)))


def ids_of(folder):
    cells = {cell for file in folder.glob("*.csv") for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))) for cell in row}
    return sorted(cell for cell in cells if len(cell) == 12 and cell.isdigit() and is_personal(cell))


def private_names(folder):
    rows = list(csv.DictReader(io.StringIO((folder / "reports.csv").read_text(encoding="utf-8"))))
    shown = {row["contestant_name"] for row in rows} | {
        row["name"] for row in csv.DictReader(io.StringIO((folder / "contestants.csv").read_text(encoding="utf-8")))
    }
    persons = {row["counterparty_name"] for row in rows if row["counterparty_type"] == "individual" or is_personal(row["counterparty_id"])}
    return {name for name in persons - shown if len(name) > 5}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sample_as_published_tells_of_no_person(lang):
    whole, made = published(SAMPLE, lang)
    text = as_json(made) + page(made, load(lang))
    ids, names = ids_of(SAMPLE), private_names(SAMPLE)
    assert len(ids) > 50
    assert len(names) > 20
    assert any(tells_of(one, as_json(whole)) for one in ids)  # else nothing is tested
    assert lang != "kk" or any(name in page(whole, load(lang)) for name in names)
    assert not [trace for one in ids for trace in tells_of(one, text)]
    assert not [name for name in names if name in text]


@needs_pango
def test_nor_does_any_byte_of_the_pdf():
    """Of one contestant; the page of all of them is looked through above."""
    whole, made = published(SAMPLE, scope=Scope(("SM-01-02",)))
    assert any(tells_of(one, as_json(whole)) for one in ids_of(SAMPLE))  # else nothing is tested
    text = told_by(pdf.write(made, load("kk"), "public"))
    assert '"ids": "keyed"' in text  # the attachment is in it
    assert not [trace for one in ids_of(SAMPLE) for trace in tells_of(one, text)]
    assert not [name for name in private_names(SAMPLE) if name in text]


@pytest.mark.parametrize("person", [f"{DONOR} {IIN}", f"{IIN[:6]} {IIN[6:]} {DONOR}", f"{DONOR}, 90010130001", f"{DONOR} ЖСН{IIN}х"])
def test_a_person_in_every_cell_is_nowhere(person, tmp_path):
    folder = written(tmp_path, everything_about(person), hostile.file_stem(person))
    whole, made = published(folder, tables={"reports": str(folder / f"{hostile.file_stem(person)}.csv")})
    assert whole.findings
    assert whole.problems
    for lang in LANGUAGES:
        text = as_json(made) + page(made, load(lang))
        assert DONOR not in text
        assert "Жасырынов" not in text
        assert IIN[:7] not in text.replace(" ", "")
        assert not tells_of(IIN, text)


HOW_WRITTEN = [
    "{}.{}",
    "{}/{}",
    "{}_{}",
    "{}, {}",
    "{}  {}",
    "{}\t{}",
    "{}\u2009{}",
    "{}\u202f{}",
    "{}\u2011{}",
    "{}–{}",
    "{}\u200b{}",
    "2023-03-02-{}{}",
    "{}{}.00",
    "{}{},5 т",
    "({}{}.17)",
    "{}{}x",
]


@pytest.mark.parametrize("how", HOW_WRITTEN)
def test_an_id_is_hidden_however_it_is_written(how, tmp_path):
    text = how.format(IIN[:6], IIN[6:])
    made = hostile.tables(text)
    for rows in made.values():
        for row in rows:
            if row.get("contestant_id") == text:
                row["contestant_id"] = "SM-001"
    folder = written(tmp_path, made)
    if how == "{}{}.00":  # also an amount, and published it would be in every sum
        with pytest.raises(BadUsage, match="the amount could be the id of a person"):
            published(folder)
        return
    _, shown = published(folder)
    said = as_json(shown) + page(shown, load("kk"))
    assert IIN[:6] not in said
    assert IIN[6:] not in said


@pytest.mark.parametrize("text", ["900\u202f101\u202f300\u202f017.00", "90010130001.00", "10101300010.00"])
def test_an_id_that_a_spreadsheet_shows_as_an_amount_is_hidden(text):
    people = People(profiles.load(None), SECRET, "x", load("en"))
    assert not re.search("[0-9]{3}", people.text(f"Иванов И. ({text})").replace("\u202f", ""))


@pytest.mark.parametrize(
    "name", ["Ли Ян 95.11.20", "Ким Ян Ли", "20.11.1995", "95112099", "Kim Jan", "И-1", "950.112-09", "90-01-01", "3280"]
)
def test_a_report_with_a_strange_id_is_told_by_a_key(name):
    people = People(profiles.load(None), SECRET, "x", load("en"))
    assert people.report(name) != name


@pytest.mark.parametrize("amount", ["50000.00", "100000000.00", "900001300016.00"])
def test_a_lead_about_a_day_and_an_amount_of_its_lines_keeps_them_and_a_name_that_looks_so_does_not(amount, tmp_path):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id\n"
    gift = "PL-1,party_list,2023-03-01,donation,{},organisation,Firm {},\n"
    (tmp_path / "reports.csv").write_text(heading + "".join(gift.format(amount, n) for n in range(6)), encoding="utf-8")
    leads = profiles.load(None)
    leads = replace(leads, says=leads.says.model_copy(update={"leads": True}))
    whole, made = published(tmp_path, select=["LED-002"], profile=None)
    people = People(leads, SECRET, "x", load("en"))
    assert people.subject(f"2023-03-01 {amount}", frozenset()) != f"2023-03-01 {amount}"  # by itself it may be a name
    assert [one.subject for one in whole.findings] == [f"2023-03-01 {amount}"]
    told = reduced(whole, leads, SECRET, load("kk"))
    assert [one.subject for one in told.findings] == [f"2023-03-01 {amount}"]


@pytest.mark.parametrize("name", ["SM-03-02-F2", "PL-01-F", "R1", "2023-I1", "2023", "final", "interim 2023-02-18/2023-02-28"])
def test_a_plain_one_stays(name):
    assert People(profiles.load(None), SECRET, "x", load("en")).report(name) == name


def test_our_own_sentences_keep_their_days_and_sums():
    people = People(profiles.load(None), SECRET, "x", load("en"))
    for said in (
        "from 2023-02-18 to 2023-03-19, 2023-03-31",
        "18.02.2023 – 19.03.2023",
        "1\u202f052\u202f340\u202f000.25 tenge",
        f"BIN {BIN}",
    ):
        assert people.text(said) == said


def test_an_id_that_cannot_be_used_is_a_persons(tmp_path):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
    line = f"SM-1,single_mandate,2023-03-01,donation,90000000,organisation,95112099172,{DONOR}\n"
    (tmp_path / "reports.csv").write_text(heading + line, encoding="utf-8")
    _, made = published(tmp_path, "en", select=["DON", "FND"])
    assert any(one.lines for one in made.findings)
    assert DONOR not in as_json(made) + page(made, load("en"))


def test_organisations_and_their_bin_stay_and_persons_are_told_by_one_key(tmp_path):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
    lines = [
        f"SM-1,single_mandate,2023-03-01,donation,9000000,individual,{IIN},{DONOR}",
        f"SM-2,single_mandate,2023-03-01,donation,9000000,individual,{IIN},Жасырынов А.",
        f"SM-2,single_mandate,2023-03-02,donation,40000000,organisation,{BIN},Тасты өзен ЖШС",
        f"SM-2,single_mandate,2023-03-02,donation,8000000,individual,,{DONOR}",
    ]
    (tmp_path / "reports.csv").write_text(heading + "\n".join(lines) + "\n", encoding="utf-8")
    _, made = published(tmp_path, "en", select=["DON"])
    by = {(one.contestant_id, one.rule, one.subject): one for one in made.findings}
    keys = {subject for _, _, subject in by} - {BIN}
    assert len(keys) == 2  # by the id, and by the name alone
    known = next(subject for cid, _, subject in by if cid == "SM-1")
    assert ("SM-2", "DON-001", known) in by
    assert f"Donor {known}:" in by["SM-1", "DON-001", known].message
    assert [(row.name, row.identifier) for row in by["SM-1", "DON-001", known].lines] == [("private person", known)]
    firm = by["SM-2", "DON-002", BIN]
    assert [(row.name, row.identifier) for row in firm.lines] == [("Тасты өзен ЖШС", BIN)]


def test_the_subject_is_told_as_its_rows_are(tmp_path):
    """A person under the BIN of his firm is a person; a firm without an id has its name; one person in business is a person."""
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
    lines = [
        f"SM-1,single_mandate,2023-03-01,donation,9000000,individual,{BIN},{DONOR}",
        "SM-1,single_mandate,2023-03-02,donation,40000000,organisation,,ТОО «Ромашка»",
        "SM-1,single_mandate,2023-03-02,donation,50000000,organisation,,ИП Жасырынова",
        f"SM-1,single_mandate,2023-03-02,donation,60000000,organisation,,Жасырынова А. {IIN}",
    ]
    (tmp_path / "reports.csv").write_text(heading + "\n".join(lines) + "\n", encoding="utf-8")
    _, made = published(tmp_path, "en", select=["DON"])
    told = as_json(made) + page(made, load("en")).partition("</style>")[2]
    assert not [hidden for hidden in (BIN, "Жасырын", IIN) if hidden in told]
    firm = next(one for one in made.findings if one.measured == Decimal("40000000"))
    assert firm.subject == "ТОО «Ромашка»" and "ТОО «Ромашка»" in firm.message
    for one in made.findings:
        if one is not firm:
            assert {line.identifier for line in one.lines} == {one.subject}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_person_has_one_key_in_a_finding_and_in_its_rows(lang):
    _, made = published(SAMPLE, lang)
    known = {name for one in made.contestants for name in (*one.books, *one.superseded, *one.other_finals, *one.interims)}
    people = [one for one in made.findings if one.subject and re.fullmatch("[a-z2-7]{4}(-[a-z2-7]{4}){2}", one.subject)]
    by_rows = {one.rule for one in people if {line.identifier for line in one.lines} == {one.subject}}
    assert {"DON-001", "REG-002", "REG-003", "REG-004"} <= by_rows
    assert {one.rule for one in made.findings if one.subject in known} >= {"RPT-006", "RPT-007"}


def test_a_firm_number_at_a_person_does_not_publish_the_name(tmp_path):
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
    assert check_digit_agrees(BIN)
    (tmp_path / "reports.csv").write_text(
        heading + f"SM-1,single_mandate,2023-03-01,donation,9000000,individual,{BIN},{DONOR}\n", encoding="utf-8"
    )
    _, made = published(tmp_path, "en", select=["DON-001"])
    assert [row.name for finding in made.findings for row in finding.lines] == ["private person"]
    assert DONOR not in as_json(made) + page(made, load("en"))


def test_keys_are_those_of_the_secret():
    first, again, other = (
        published(SAMPLE, secret=one)[1] for one in (SECRET, SECRET, secrets.Secret(b"another secret of fifty bytes...................."))
    )
    assert as_json(first) == as_json(again)
    assert [one.key for one in first.findings] != [one.key for one in other.findings]
    assert not {one.key for one in first.findings} & {one.key for one in other.findings}
    assert len({one.key for one in first.findings}) == len(first.findings)


def test_the_figures_are_those_of_the_whole_audit_and_the_order_tells_nothing():
    whole, made = published(SAMPLE)
    told = [(f.contestant_id, f.rule, f.outcome, f.measured, f.limit, f.excess, f.severity, f.remedied, len(f.lines)) for f in whole.findings if f.outcome is not Outcome.LEAD]  # fmt: skip
    shown = [
        (f.contestant_id, f.rule, f.outcome, f.measured, f.limit, f.excess, f.severity, f.remedied, len(f.lines)) for f in made.findings
    ]
    assert sorted(told, key=repr) == sorted(shown, key=repr)
    order = [(f.contestant_id is not None, f.contestant_id or "", f.rule, f.subject is not None, f.subject or "") for f in made.findings]
    assert order == sorted(order)
    assert [one.totals for one in whole.contestants] == [one.totals for one in made.contestants]


def test_leads_are_neither_published_nor_to_be_seen_in_the_counts(tmp_path):
    whole, made = published(SAMPLE)
    assert any(one.outcome is Outcome.LEAD for one in whole.findings)
    assert not [one for one in made.coverage if one.lead]
    assert {one.rule for one in whole.coverage} - {one.rule for one in made.coverage} == {one.rule for one in whole.coverage if one.lead}
    profile = tmp_path / "open.yaml"
    profile.write_text(
        (ROOT / "reports" / "profiles" / "public.yaml").read_text(encoding="utf-8").replace("leads: no", "leads: yes"), encoding="utf-8"
    )
    _, made = published(SAMPLE, profile=profile)
    assert any(one.outcome is Outcome.LEAD for one in made.findings)
    text = as_json(made) + page(made, load("kk"))
    assert not [trace for one in ids_of(SAMPLE) for trace in tells_of(one, text)]
    assert not [name for name in private_names(SAMPLE) if name.lower() in text.lower()]


def test_a_profile_decides_what_is_said(tmp_path):
    text = (ROOT / "reports" / "profiles" / "public.yaml").read_text(encoding="utf-8")
    profile = tmp_path / "ours.yaml"
    profile.write_text(
        text.replace("names_of_persons: withheld", "names_of_persons: initials").replace("file_names: no", "file_names: yes"),
        encoding="utf-8",
    )
    _, made = published(SAMPLE, "ru", profile=profile)
    names = {row.name for one in made.findings for row in one.lines if one.rule == "DON-001"}
    assert names
    assert all(name is None or name.count(".") == len(name.split()) for name in names)
    assert {one.file for one in made.inputs} >= {"reports.csv"}
    assert made.published.sha256 == hashlib.sha256(profile.read_bytes()).hexdigest()
    profile.write_text(text.replace("columns: [date, kind, name, identifier, amount, running]", "columns: [amount]"), encoding="utf-8")
    _, made = published(SAMPLE, "ru", profile=profile)
    assert {(row.date, row.kind, row.name, row.identifier, row.document, row.running) for one in made.findings for row in one.lines} == {
        (None,) * 6
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("names_of_person: full\n", "names_of_person"),
        ("columns: [date, iin]\nnames_of_persons: full\npersons: []\norganisations: []\nleads: no\nfile_names: no\n", "iin"),
        ("columns: [date]\nnames_of_persons: full\npersons: []\norganisations: []\nleads: perhaps\nfile_names: no\n", "perhaps"),
        ("columns: [date]\nnames_of_persons: full\npersons: []\norganisations: []\nleads: no\n", "file_names"),
        ("columns: [date\n", "not YAML"),
    ],
)
def test_a_profile_that_is_not_one_is_refused_with_its_place(wrong, said, tmp_path, run, secret_file):
    profile = tmp_path / "wrong.yaml"
    profile.write_text(wrong, encoding="utf-8")
    code, _, err = run("report", SAMPLE, "--kind", "public", "--secret-file", secret_file, "--profile", profile, "-o", tmp_path / "x.html")
    assert code == 2
    assert said in err
    assert "wrong.yaml, line" in err
    assert not (tmp_path / "x.html").exists()


def test_the_secret_is_asked_for_kept_from_others_and_never_overwritten(tmp_path, run, monkeypatch):
    monkeypatch.delenv("AUDIT_SECRET_FILE", raising=False)
    out, file = tmp_path / "x.html", tmp_path / "s"
    asked = ["report", SAMPLE, "--kind", "public", "-o", out]
    code, _, err = run(*asked)
    assert code == 2
    assert "audit secret FILE" in err
    assert run("secret", file)[0] == 0
    made = file.read_bytes()
    assert run("secret", file)[0] == 2
    assert file.read_bytes() == made
    file.chmod(0o644)
    code, _, err = run(*asked, "--secret-file", file)
    assert (code, "chmod 600" in err) == (2, True)
    file.chmod(0o600)
    file.write_bytes(b"short\n")
    code, _, err = run(*asked, "--secret-file", file)
    assert (code, "32" in err) == (2, True)
    assert "short" not in err.replace(str(file), "")
    assert not out.exists()
    assert run("report", SAMPLE, "--profile", file, "-o", out)[0] == 2


def test_what_lies_beside_the_report_is_published_too(tmp_path, run, secret_file):
    out = tmp_path / "out"
    out.mkdir()
    code, said, _ = run("report", SAMPLE, "--as-of", "2023-04-15", "--kind", "public", "--secret-file", secret_file, "-o", out / "x.html")
    assert code == 0
    for file in out.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not [trace for one in ids_of(SAMPLE) for trace in tells_of(one, text)], file
    assert json.loads((out / "findings.json").read_text(encoding="utf-8"))["profile"]["name"] == "public"
    code, said, err = run("verify", out / "findings.json", SAMPLE)
    assert (code, "--secret-file" in err) == (2, True)
    assert run("verify", out / "findings.json", SAMPLE, "--secret-file", secret_file)[0] == 0
    told = (out / "findings.json").read_text(encoding="utf-8")
    (out / "findings.json").write_text(told.replace('"7000000.01"', '"7000000.02"'), encoding="utf-8")
    assert run("verify", out / "findings.json", SAMPLE, "--secret-file", secret_file)[0] == 1


@needs_pango
def test_a_folder_of_public_reports_has_nothing_else_in_it(tmp_path, run, secret_file):
    out = tmp_path / "out"
    asked = [
        "report",
        SAMPLE,
        "--as-of",
        "2023-04-15",
        "--each",
        "contestant",
        "--contestant",
        "SM-01-02",
        "--contestant",
        "SM-02-01",
        "-o",
        out,
    ]
    assert run(*asked, "--kind", "public", "--secret-file", secret_file)[0] == 0
    ids, names = ids_of(SAMPLE), private_names(SAMPLE)
    for file in sorted(out.iterdir()):
        text = told_by(file.read_bytes())
        assert not [trace for one in ids for trace in tells_of(one, text)], file
        assert not [name for name in names if name in text], file


def test_findings_with_whole_ids_do_not_take_the_place_of_public_ones_nor_lie_beside_them(tmp_path, run, secret_file):
    asked = ["report", SAMPLE, "--as-of", "2023-04-15", "--select", "DON-001", "--lang", "en"]
    public, whole = tmp_path / "public.html", tmp_path / "whole.html"
    assert run(*asked, "--kind", "public", "--secret-file", secret_file, "-o", public)[0] == 0
    before = (tmp_path / "findings.json").read_bytes()
    status, _, said = run(*asked, "-o", whole)
    assert (status, said.count("\n")) == (2, 1) and "belong to a report of another kind" in said
    assert (tmp_path / "findings.json").read_bytes() == before and not whole.exists()
    assert run(*asked, "--kind", "receipt", "-o", whole)[0] == 0  # which has no findings beside it


def test_a_limit_set_by_hand_and_large_sums_stay_what_they_are():
    law = rulebook("kz/majilis-2023").with_overrides({"donations_limit_party": "800000000.00"})
    made = reduced(audited(Request([str(SAMPLE)], date(2023, 4, 15)), law, load("en")), profiles.load(None), SECRET, load("en"))
    assert made.overrides == {"donations_limit_party": "800000000.00"}
    people = People(profiles.load(None), SECRET, "x", load("ru"))
    for amount in (123_456_789, 890_131_017, 1_052_340_000, 99_999_999_999):
        said = f"Сумма — {load('ru').money(Decimal(amount))} тенге"
        assert people.text(said) == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_day_is_told_as_in_the_working_papers_and_units_stay(lang):
    _, made = published(SAMPLE, lang)
    told = [one for one in made.findings if one.rule == "RPT-003"]
    assert told
    for one in told:
        assert load(lang).day(date.fromisoformat(one.subject)) in one.message
        assert one.subject not in one.message
    shown = page(replace(made, findings=told), load(lang)).partition("</style>")[2]
    assert not [one.subject for one in told if one.subject in shown]
    assert {one.unit for one in made.findings if one.rule == "RPT-004"} == {"days"}


@pytest.mark.parametrize("account", ["KZ86125KZT5004100100", "KZ75ABCD1234EFGH5678"])
def test_an_account_is_told_by_its_end(account):
    people = People(profiles.load(None), SECRET, "kz-majilis-2023", load("en"))
    assert people.text(f"from {account}.") == f"from KZ…{account[-4:]}."
    assert people.subject(account, frozenset()) == f"KZ…{account[-4:]}"


def of_line(line, profile=None, **shown):
    people = People(profiles.load(profile), SECRET, "kz-majilis-2023", load("en"))
    return people.line(line, doubtful=False)


def test_a_kind_that_is_none_is_not_published():
    place = Place("reports", "a.csv", None, 2)
    assert of_line(Line(place, kind=DONOR)).kind is None
    assert of_line(Line(place, kind="donation")).kind == "donation"


def test_the_line_in_place_of_another_is_reduced_too():
    whole = sample("en")
    first = next(one for one in whole.findings if one.lines and one.outcome is Outcome.BREACH)
    place = first.lines[0].place
    line = Line(place, fund=IIN, instead=Line(place, name=DONOR, identifier=IIN, party="individual"))
    made = reduced(replace(whole, findings=[replace(first, lines=[line])]), profiles.load(None), SECRET, load("en"))
    ((told,),) = [one.lines for one in made.findings]
    assert told.instead is not None and told.instead.name == "private person"
    assert IIN not in (told.instead.identifier, told.fund)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_why_a_rule_says_nothing_of_somebody_names_no_file_or_report_otherwise(lang, tmp_path):
    """The sentence quotes what the contestant called a file, and a report."""
    line = f"SM-1,single_mandate,Ж,interim,2023-02-18,2023-02-28,2023-02-20,donation,5.00,individual,{DONOR}\n"
    heading = (
        "contestant_id,contest,contestant_name,report_type,period_start,period_end,date,kind,amount,counterparty_type,counterparty_name\n"
    )
    for name in (f"{DONOR}.csv", f"{DONOR} (2).csv"):
        (tmp_path / name).write_text(heading + line + line.replace("SM-1", "SM-2"), encoding="utf-8")
    faces = "report_id,contestant_id,report_type,period_start,period_end,donations\nИбраев Нұрлан,SM-1,final,2023-02-18,2023-03-28,5.00\n"
    (tmp_path / "filings.csv").write_text(faces, encoding="utf-8")
    working, made = published(tmp_path, lang)
    reasons = {gap.reason or "" for rule in working.coverage for gap in (*rule.silent_about, *rule.unread_for)}
    assert any(DONOR in one for one in reasons) and any("Ибраев" in one for one in reasons), reasons
    told = as_json(made) + page(made, load(lang)).partition("</style>")[2]
    assert DONOR not in told and "Ибраев" not in told
    assert any("reports-" in (gap.reason or "") for rule in made.coverage for gap in rule.unread_for)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("others", [1, 9])
def test_why_a_rule_says_nothing_names_nobody_whom_the_register_does_not_know(lang, others, tmp_path):
    """A donor in the column of contestants, whose lines use the account of the statement."""
    account = "KZ86125KZT5004100100"
    persons = [f"{DONOR} {n}" for n in range(others)]
    line = "{},single_mandate,2023-03-01,donation,5.00,individual,А,{},bank_transfer\n"
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,fund_account,payment_method\n"
    (tmp_path / "reports.csv").write_text(heading + "".join(line.format(cid, account) for cid in ("SM-1", *persons)), encoding="utf-8")
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name\nSM-1,single_mandate,Ж\n", encoding="utf-8")
    bank = f"fund_account,date,direction,amount\n{account},2023-03-01,in,5.00\n"
    (tmp_path / "statement.csv").write_text(bank, encoding="utf-8")
    working, made = published(tmp_path, lang)
    assert any(DONOR in (gap.reason or "") for rule in working.coverage for gap in rule.not_assessed_for)
    assert DONOR.split()[0] not in as_json(made) + page(made, load(lang)).partition("</style>")[2]
    working, made = published(tmp_path, lang, scope=Scope(("SM-1",)))  # of whom nothing else is told then
    assert any(DONOR in (gap.reason or "") for rule in working.coverage for gap in rule.not_assessed_for)
    assert DONOR.split()[0] not in as_json(made) + page(made, load(lang)).partition("</style>")[2]


def test_what_a_report_or_a_file_is_called_changes_no_other_word(tmp_path):
    """Somebody may call a report "line", or "SM", which another one's id begins with."""
    heading = "contestant_id,contest,report_id,report_type,period_start,period_end,date,kind,amount,counterparty_type,counterparty_name\n"
    names = {"SM-1": "report", "SM-2": "SM", "SM-3": "SM-2-I", "SM-4": "(x.*", "SM-5": "a"}
    rows = [
        f"{cid},single_mandate,{name},interim,2023-02-18,2023-02-28,{day},donation,{amount},individual,{DONOR}\n"
        for cid, name in names.items()
        for day, amount in (("2023-02-20", "5.00"), ("2023-02-21", "x"))
    ]
    (tmp_path / "line.csv").write_text(heading + "".join(rows), encoding="utf-8")
    columns = "report_id,contestant_id,report_type,period_start,period_end,own_funds,donations,total_receipts,total_spent"
    faces = "".join(f"{name},{cid},interim,2023-02-18,2023-02-28,,5.00,,\n" for cid, name in names.items())
    (tmp_path / "filings.csv").write_text(f"{columns}\n{faces}", encoding="utf-8")
    working, made = published(tmp_path, "en", select=("RPT-005", "RPT-010"))
    key = People(profiles.load(None), SECRET, working.election, load("en")).report
    told = {gap.contestant_id: gap.reason for rule in made.coverage if rule.rule == "RPT-005" for gap in rule.not_assessed_for}
    assert told == {cid: f"report {key(name)} has a line that could not be read" for cid, name in names.items()}
    assert told["SM-3"] == "report SM-2-I has a line that could not be read" and key("report") != "report"
    left = {gap.reason for rule in made.coverage if rule.rule == "RPT-010" for gap in rule.unread_for}
    assert left == {gap.reason for rule in working.coverage if rule.rule == "RPT-010" for gap in rule.unread_for} != set()


def test_names_of_sheets_tell_no_id(tmp_path):
    text = (ROOT / "reports" / "profiles" / "public.yaml").read_text(encoding="utf-8")
    profile = tmp_path / "ours.yaml"
    profile.write_text(text.replace("file_names: no", "file_names: yes"), encoding="utf-8")
    whole = sample("en")
    whole = replace(whole, inputs=[replace(whole.inputs[0], file=f"{IIN}.xlsx", sheet=IIN), *whole.inputs[1:]])
    made = reduced(whole, profiles.load(profile), SECRET, load("en"))
    assert IIN not in f"{made.inputs[0].file} {made.inputs[0].sheet}"


def test_who_stands_in_the_column_of_contestants_and_not_in_the_register_is_told_by_a_key(tmp_path):
    """A row whose cells have moved makes a donor a contestant."""
    heading = "contestant_id,contest,contestant_name,date,kind,amount,counterparty_type,counterparty_name\n"
    line = "single_mandate,{},2023-03-01,donation,9000000,individual,Ахметов\n"
    (tmp_path / "reports.csv").write_text(
        heading + f"SM-1,{line.format('Тіркелген')}" + f"{DONOR},{line.format(DONOR)}" + f"SM-2,{line.format(DONOR)}", encoding="utf-8"
    )
    _, made = published(tmp_path, "en", select=["DON-001"])
    assert DONOR in as_json(made)  # without a register nobody can tell
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name\nSM-1,single_mandate,Тіркелген\n", encoding="utf-8")
    _, made = published(tmp_path, "en", select=["DON-001"])
    told = as_json(made) + page(made, load("en"))
    assert DONOR not in told and "Жасырын" not in told and "Тіркелген" in told
    assert {one.contestant_id for one in made.findings} == {one.contestant_id for one in made.contestants} >= {"SM-1", "SM-2"}


def test_whom_a_rule_is_about_is_told_by_a_key():
    whole = sample("en")
    cover = replace(whole.coverage[0], about=(IIN,), unread_for=(Gap(IIN, "x"),))
    made = reduced(replace(whole, coverage=[cover]), profiles.load(None), SECRET, load("en"))
    assert IIN not in str((made.coverage[0].about, made.coverage[0].unread_for))


def test_a_secret_that_the_group_may_read_is_refused(secret_file):
    secrets.load(secret_file)
    secret_file.chmod(0o640)
    with pytest.raises(BadUsage):
        secrets.load(secret_file)


def test_what_was_stated_of_sheets_and_mappings_is_not_published():
    whole = sample("en")
    stated = {**whole.asked.stated, "sheet": DONOR, "mapping": f"{DONOR}.yaml", "encoding": "utf-8"}
    made = reduced(replace(whole, asked=replace(whole.asked, stated=stated)), profiles.load(None), SECRET, load("en"))
    assert DONOR not in str(made.asked) and made.asked.stated["encoding"] == "utf-8"


def test_a_name_after_the_id_of_a_report_is_told_by_a_key():
    people = People(profiles.load(None), SECRET, "kz-majilis-2023", load("en"))
    assert people.subject("SM-1-F total_spent", frozenset({"SM-1-F"})) == "SM-1-F total_spent"
    assert "Жасырынов" not in people.subject("SM-1-F Жасырынов", frozenset({"SM-1-F"}))


def test_without_amounts_no_effect_is_published(tmp_path):
    text = (ROOT / "reports" / "profiles" / "public.yaml").read_text(encoding="utf-8")
    profile = tmp_path / "ours.yaml"
    profile.write_text(text.replace("columns: [date, kind, name, identifier, amount, running]", "columns: [date]"), encoding="utf-8")
    line = of_line(Line(Place("reports", "a.csv", None, 2), amount=Decimal(5), effect=Decimal(5), running=Decimal(5)), profile)
    assert (line.amount, line.effect, line.running) == (None, None, None)


def told_of(**filed):
    return of_line(Line(Place("reports", "a.csv", None, 2), **filed))


@pytest.mark.parametrize("number", ["230140000022", "2301400000210", "95112099172"])
def test_a_number_that_is_no_bin_makes_no_organisation(number):
    shown = told_of(name=DONOR, identifier=number, party="foreign")
    assert DONOR not in str(shown) and number not in str(shown.identifier)


def test_ids_in_documents_and_names_of_firms_are_hidden(tmp_path):
    text = (ROOT / "reports" / "profiles" / "public.yaml").read_text(encoding="utf-8")
    profile = tmp_path / "ours.yaml"
    profile.write_text(
        text.replace("columns: [date, ", "columns: [document, date, ").replace("persons: withheld", "persons: full"), encoding="utf-8"
    )
    place = Place("reports", "a.csv", None, 2)
    shown = of_line(Line(place, name=f"ЖК Жасырынов {IIN}", identifier=BIN, document=f"№ {IIN}", party="organisation"), profile)
    assert IIN not in f"{shown.name} {shown.document}" and shown.name.startswith("ЖК Жасырынов")
    shown = of_line(Line(place, name=f"{DONOR} {IIN}", identifier=IIN, party="individual"), profile)
    assert IIN not in shown.name and shown.name.startswith(DONOR)


def test_a_name_after_a_bin_is_told_by_a_key():
    people = People(profiles.load(None), SECRET, "kz-majilis-2023", load("en"))
    assert people.subject(f"{BIN} {DONOR}", frozenset()) == f"{BIN} {people.key(DONOR)}"


def test_how_a_file_was_read_names_nobody():
    whole = sample("en")
    first = replace(
        whole.inputs[0], assumed=[Assumed("sheet", DONOR, "likely"), Assumed("encoding", "utf-8", "sure")], left_out=[LeftOut(3, DONOR)]
    )
    (made, *_) = reduced(replace(whole, inputs=[first, *whole.inputs[1:]]), profiles.load(None), SECRET, load("en")).inputs
    assert DONOR not in str((made.assumed, made.left_out))
    assert [one.value for one in made.assumed] == ["utf-8"] and [one.row for one in made.left_out] == [3]
