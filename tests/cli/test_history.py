"""What the register adds to reports: since when a finding is there, only what two people signed, and versions against each other."""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from auditor.inbox import commission_tables, history, one_pass, reviewing
from auditor.inbox.settings import Settings
from auditor.inbox.work import Work
from auditor.inbox.writing import Writing
from auditor.register import database
from auditor.register.home import make
from auditor.rulebook.load import load as rulebook
from auditor.wording import load
from auditor.workflow import Request
from auditor.workflow import audit as audited

ROOT = Path(__file__).parent.parent.parent
SETTINGS = Settings(lang="en", settle_seconds=0)
HEADING = "contestant_id,contest,report_id,report_type,period_start,period_end,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
IIN, OTHER, THIRD = "900101300017", "850202400017", "780214301002"


@pytest.fixture
def home(tmp_path):
    made = make(tmp_path / "home", None)
    database.upgrade(made.engine)
    (made.folder / "register.yaml").write_text("lang: en\nsettle_seconds: 0\n", encoding="utf-8")
    people = tmp_path / "contestants.csv"
    people.write_text("contestant_id,contest,name\nSM-1,single_mandate,Ашық Есім\nSM-2,single_mandate,Жаңа Есім\n", encoding="utf-8")
    commission_tables.take(made, SETTINGS, [people], datetime(2023, 3, 1, tzinfo=UTC), "test")
    return made


def lines(*gifts, report="R1", cid="SM-1"):
    said = [f"{cid},single_mandate,{report},final,2023-02-18,2023-03-19,2023-03-0{n},donation,{amount},individual,{who},Донор {who[-2:]}" for n, (amount, who) in enumerate(gifts, 1)]  # fmt: skip
    return HEADING + "\n".join(said) + "\n"


def filed(home, day, *, failed=0, **files):
    for name, text in files.items():
        (home.inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    now = datetime(2023, 3, day, 6, tzinfo=UTC)
    made = one_pass.run(Work(home, SETTINGS, now, lambda seconds: None, Writing(home.reports, pdf=False)))
    assert len(made.failed) == failed, made.failed
    return made


@pytest.mark.parametrize("report", ["R1", "R2", ""])
def test_a_later_filing_takes_the_place_of_the_earlier_under_whatever_id(report, home):
    filed(home, 20, a=lines(("8000000", IIN), ("7000000.01", OTHER)))
    second = filed(home, 21, b=lines(("8000000", IIN), ("7000000", OTHER), report=report))
    assert second.changes["resolved"] == 1
    assert second.changes["unchanged"] >= 1
    told = json.loads((home.reports / "SM-1.json").read_text(encoding="utf-8"))
    found = {(one["subject"], one["measured"]) for one in told["findings"] if one["rule"] == "DON-001"}
    assert found == {(IIN, "8000000.00")}  # not twice eight millions
    third = filed(home, 22, c=lines(("8000000", IIN), ("7000000.01", OTHER), report=report))
    assert third.changes["returned"] == 1
    fourth = filed(home, 23, d=lines(("8000000", IIN), ("7000000.01", OTHER), report=report))
    assert (fourth.copies, fourth.checked) == (1, [])  # a copy of what stands


def test_a_filing_of_another_period_stands_beside_the_first(home):
    interim = lines(("5000000", IIN)).replace("final,2023-02-18,2023-03-19", "interim,2023-02-18,2023-02-28")
    other = lines(("3000000", IIN), report="R2").replace("final,2023-02-18,2023-03-19", "interim,2023-03-01,2023-03-15")
    filed(home, 20, a=interim)
    made = filed(home, 21, b=other)
    assert made.changes["new"] >= 1
    told = json.loads((home.reports / "SM-1.json").read_text(encoding="utf-8"))
    assert [one["measured"] for one in told["findings"] if one["rule"] == "DON-001"] == ["8000000.00"]
    assert sorted(told["contestants"][0]["books"]) == ["R1", "R2"]


def test_a_later_filing_of_the_same_id_replaces_it_whatever_period_it_tells(home):
    filed(home, 20, a=lines(("8000000", IIN)))
    filed(home, 21, b=lines(("8000000", IIN)).replace("2023-03-19", "2023-03-18"))
    told = json.loads((home.reports / "SM-1.json").read_text(encoding="utf-8"))
    assert [one["measured"] for one in told["findings"] if one["rule"] == "DON-001"] == ["8000000.00"]
    assert told["contestants"][0]["books"] == ["R1"]


def test_two_files_of_one_pass_with_the_same_report_are_said_loudly(home):
    made = filed(home, 20, failed=1, a=lines(("4000000", IIN)), b=lines(("4000000.01", IIN)))
    assert "(a.csv, b.csv)" in made.failed[0]
    assert "R1" in made.failed[0]


def test_lines_of_somebody_unknown_are_said_and_taken_up_once_he_is_known(home, tmp_path, run):
    both = lines(("8000000", IIN)) + lines(("9000000", OTHER), cid="SM-9").partition("\n")[2]
    made = filed(home, 20, failed=1, a=both)
    assert "SM-9" in made.failed[0]
    people = tmp_path / "contestants.csv"
    people.write_text("contestant_id,contest,name\nSM-1,single_mandate,Ашық Есім\nSM-9,single_mandate,Жаңа Есім\n", encoding="utf-8")
    commission_tables.take(home, SETTINGS, [people], datetime(2023, 3, 21, tzinfo=UTC), "test")
    assert run("inbox", "retry", 1, "--by", "A", "--home", home.folder)[0] == 0
    filed(home, 22)
    told = json.loads((home.reports / "SM-9.json").read_text(encoding="utf-8"))
    assert [one["measured"] for one in told["findings"] if one["rule"] == "DON-001"] == ["9000000.00"]
    assert run("inbox", "retry", 7, "--by", "A", "--home", home.folder)[0] == 2


def test_own_tables_of_the_same_file_name_are_both_used(home, tmp_path):
    for table, text in (("contestants", "contestant_id,contest,name\nSM-1,single_mandate,Ашық Есім\n"), ("candidates", f"contestant_id,candidate_id,name\nSM-1,{IIN},Ашық Есім\n")):  # fmt: skip
        (tmp_path / table).mkdir()
        (tmp_path / table / "list.csv").write_text(text, encoding="utf-8")
    commission_tables.take(
        home,
        SETTINGS,
        [tmp_path / "contestants" / "list.csv", tmp_path / "candidates" / "list.csv"],
        datetime(2023, 3, 2, tzinfo=UTC),
        "test",
    )
    filed(home, 20, a=lines(("8000000", IIN)))
    told = json.loads((home.reports / "SM-1.json").read_text(encoding="utf-8"))
    assert {one["table"] for one in told["inputs"]} >= {"reports", "contestants", "candidates"}


def test_sheets_of_one_workbook_are_one_filing(home, tmp_path):
    import xlsxwriter

    book = xlsxwriter.Workbook(str(home.inbox / "a.xlsx"))
    for name, gift in (("one", ("4000000", IIN)), ("two", ("4000000.01", IIN))):
        sheet = book.add_worksheet(name)
        for row, text in enumerate(lines(gift).splitlines()):
            sheet.write_row(row, 0, text.split(","))
    book.close()
    filed(home, 20)
    told = json.loads((home.reports / "SM-1.json").read_text(encoding="utf-8"))
    assert [one["measured"] for one in told["findings"] if one["rule"] == "DON-001"] == ["8000000.01"]


def audit(folder, lang="en"):
    return audited(Request([str(folder)], date(2023, 3, 25), for_report=True), rulebook("kz/majilis-2023"), load(lang))


def test_findings_have_the_day_on_which_the_register_had_them(home, tmp_path):
    filed(home, 10, a=lines(("8000000", IIN)))
    filed(home, 21, b=lines(("8000000", IIN), ("9000000", OTHER)))
    days = history.found_on(home, SETTINGS)
    folder = tmp_path / "now"
    folder.mkdir()
    (folder / "reports.csv").write_text(lines(("8000000", IIN), ("9000000", OTHER)), encoding="utf-8")
    made = history.dated(audit(folder), days, date(2023, 3, 15))
    found = {one.subject: one.found_on for one in made.findings if one.rule == "DON-001"}
    assert found == {IIN: date(2023, 3, 10), OTHER: date(2023, 3, 21)}


def test_what_came_since_a_day_is_told_as_new(home, tmp_path, run):
    filed(home, 20, a=lines(("8000000", IIN)))
    filed(home, 21, b=lines(("8000000", IIN), ("9000000", OTHER)))
    folder, out = tmp_path / "asked", tmp_path / "report.html"
    folder.mkdir()
    (folder / "reports.csv").write_text(lines(("8000000", IIN), ("9000000", OTHER)), encoding="utf-8")
    asked = ["report", folder, "--as-of", "2023-04-15", "--select", "DON-001", "--home", home.folder, "--lang", "en", "-o", out]
    for since, new in (("2023-03-19", 2), ("2023-03-20", 1), ("2023-03-21", 0)):
        assert run(*asked, "--since", since)[0] == 0
        text = out.read_text(encoding="utf-8")
        assert f"{new} finding{'' if new == 1 else 's'} {'is' if new == 1 else 'are'} new since" in text
        assert text.count(f"<b>{load('en')('public.new')}</b>") == new
    assert run("report", folder, "--since", "2023-03-20", "-o", out)[0] == 2  # without a register


def test_only_what_two_people_signed_and_nothing_of_the_rest(home, tmp_path, run):
    filed(home, 20, a=lines(("8000000", IIN), ("9000000", OTHER)), b=lines(("7500000", THIRD), cid="SM-2"))
    keys = {one.told["subject"]: one.key for one in reviewing.every(home, SETTINGS, None, "DON-001")}
    assert set(keys) == {IIN, OTHER, THIRD}
    for who in (IIN, OTHER):
        assert run("review", "accept", keys[who], "--by", "A", "--home", home.folder)[0] == 0
    code, _, err = run("review", "sign", keys[IIN], "--by", "a", "--home", home.folder)
    assert (code, "another person" in err) == (2, True)
    assert run("review", "sign", keys[IIN], "--by", "B", "--home", home.folder)[0] == 0
    assert run("review", "dismiss", keys[THIRD], "--by", "A", "--code", "evidence", "--reason", "x", "--home", home.folder)[0] == 0
    assert run("review", "sign", keys[THIRD], "--by", "B", "--home", home.folder)[0] == 0
    folder = tmp_path / "now"
    folder.mkdir()
    (folder / "reports.csv").write_text(lines(("8000000", IIN), ("9000000", OTHER)) + lines(("7500000", THIRD), cid="SM-2").partition("\n")[2], encoding="utf-8")  # fmt: skip
    out = tmp_path / "x.html"
    code, _, err = run(
        "report", folder, "--as-of", "2023-03-25", "--select", "DON", "--signed-only", "--home", home.folder, "-o", out, "--lang", "en"
    )
    assert code == 0, err
    told = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert [one["subject"] for one in told["findings"]] == [IIN]
    rule = next(one for one in told["coverage"] if one["rule"] == "DON-001")
    assert (rule["subjects"], rule["kept"], rule["breaches"], [one["contestant_id"] for one in rule["not_assessed_for"]]) == (
        2,
        0,
        1,
        ["SM-2"],
    )
    text = out.read_text(encoding="utf-8")
    assert "2 others are not decided yet" in text
    assert run("report", folder, "--signed-only", "-o", out)[0] == 2  # without a register


def test_what_was_signed_is_what_is_published(home, tmp_path, run):
    filed(home, 20, a=lines(("8000000", IIN)))
    key = reviewing.every(home, SETTINGS, None, "DON-001")[0].key
    run("review", "accept", key, "--by", "A", "--home", home.folder)
    run("review", "sign", key, "--by", "B", "--home", home.folder)
    for amount, published in (("8000000", 1), ("13000000", 0)):
        folder = tmp_path / amount
        folder.mkdir()
        (folder / "reports.csv").write_text(lines((amount, IIN)), encoding="utf-8")
        made = history.only_signed(audit(folder), reviewing.signed(home, SETTINGS), load("en"))
        assert len([one for one in made.findings if one.rule == "DON-001"]) == published


def test_a_decision_on_what_has_changed_since_is_no_decision(home, run):
    filed(home, 20, a=lines(("8000000", IIN)))
    key = reviewing.every(home, SETTINGS, None, "DON-001")[0].key
    run("review", "accept", key, "--by", "A", "--home", home.folder)
    run("review", "sign", key, "--by", "B", "--home", home.folder)
    assert set(reviewing.signed(home, SETTINGS)) == {key}
    filed(home, 21, b=lines(("9000000", IIN)))
    assert [one.state for one in reviewing.every(home, SETTINGS, None, "DON-001")] == ["reopened"]
    assert reviewing.signed(home, SETTINGS) == {}
    code, _, err = run("review", "sign", key, "--by", "B", "--home", home.folder)
    assert (code, "there is no decision to sign" in err) == (2, True)


def test_two_versions_against_each_other(home, run):
    filed(home, 20, a=lines(("8000000", IIN), ("5", OTHER)))
    filed(home, 21, b=lines(("7000000", IIN), ("5", OTHER)))
    code, said, _ = run("diff", "SM-1@1", "SM-1@2", "--home", home.folder, "--as-of", "2023-03-25", "--format", "json", "--lang", "en")
    told = json.loads(said)
    assert code == 0
    assert "DON-001" in said
    assert told
    code, _, err = run("diff", "SM-1@1", "SM-1@3", "--home", home.folder)
    assert (code, "in the register: 2" in err) == (2, True)
    code, _, err = run("diff", "SM-9@1", "SM-1@1", "--home", home.folder)
    assert (code, "in the register: 0" in err) == (2, True)


def test_units_are_written_once_and_systemd_understands_them(tmp_path, run):
    assert run("inbox", "units", tmp_path)[0] == 0
    units = sorted(path.name for path in tmp_path.iterdir())
    assert units == ["audit-inbox.service", "audit-inbox.timer", "audit-nightly.service", "audit-nightly.timer"]
    assert run("inbox", "units", tmp_path)[0] == 2
    if shutil.which("systemd-analyze"):
        done = subprocess.run(
            ["systemd-analyze", "verify", *map(str, tmp_path.glob("*.timer"))], check=False, capture_output=True, text=True
        )
        assert "Unknown" not in done.stderr
        assert "Failed to parse" not in done.stderr
