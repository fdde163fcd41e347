"""Letters to a contestant: everything that was received, everything that has to be corrected, and no word of a breach."""

import hashlib
import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import hostile
import pytest
from test_pdf import visible

from auditor.cli.main import main
from auditor.model.coverage import Status
from auditor.model.finding import Outcome
from auditor.render import letters
from auditor.render.shown import Shown
from auditor.render.split import of_those_asked_for, only
from auditor.rulebook.load import load as rulebook
from auditor.wording import LANGUAGES, load
from auditor.workflow import Request, Scope
from auditor.workflow import audit as audited

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
ACCOUNTS = ("KZ456010000000000001", "KZ186010000000000002")
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id\n"


def made(folder, lang="en", **asked):
    return audited(Request([str(folder)], date(2023, 4, 15), **asked), rulebook("kz/majilis-2023"), load(lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_receipt_has_every_file_that_a_contestant_filed_and_no_finding(lang):
    audit = made(SAMPLE, lang)
    text = letters.receipt(audit, load(lang))
    for each in audit.inputs:
        assert (each.sha256 in text) == (each.table in ("reports", "statement")), each.file
        assert each.sha256 == hashlib.sha256((SAMPLE / each.file).read_bytes()).hexdigest()
    assert not [one.rule for one in audit.findings if one.rule in text or one.title in text]
    number = load(lang)("letters.receipt_number", number="").strip()
    assert re.search(number + r" [0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}", visible(text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_files_who_receives_and_who_compiles_has_a_line_to_sign_on_paper(lang):
    audit, words = made(SAMPLE, lang), load(lang)
    for letter, by in ((letters.receipt, ("filed_by", "received_by")), (letters.return_note, ("compiled_by",))):
        signs = re.search('<table class="signatures">.*?</table>', letter(audit, words), re.DOTALL)
        assert signs is not None and all(words(f"letters.{who}") in signs[0] for who in by)
        assert signs[0].count('<td class="line"></td>') == 3 * len(by)  # name and office, signature, day
        assert "signatures" not in letter(audit, words, on_screen=True).partition("</style>")[2]


def test_a_receipt_number_is_that_of_the_files_alone(tmp_path):
    numbers = []
    for n, line in enumerate(
        ("SM-1,single_mandate,2023-03-01,donation,5,individual,", "SM-1,single_mandate,2023-03-01,donation,6,individual,")
    ):
        folder = tmp_path / str(n)
        folder.mkdir()
        (folder / "reports.csv").write_text(HEADING + line + "\n", encoding="utf-8")
        audit = made(folder)
        later = replace(audit, as_of=date(2024, 1, 1))
        found = {re.search("Receipt [0-9A-F-]{14}", visible(letters.receipt(one, load("en"))))[0] for one in (audit, later)}
        assert len(found) == 1
        numbers.append(found.pop())
    assert numbers[0] != numbers[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_note_has_every_problem_and_every_undetermined_finding_and_no_breach(lang):
    audit = made(SAMPLE, lang)
    assert audit.problems
    page = letters.return_note(audit, load(lang))
    text = visible(page)
    for problem in audit.problems:
        assert problem.code in text
        assert f">{problem.row}<" in page
    undetermined = [one for one in audit.findings if one.outcome is Outcome.UNDETERMINED and one.respondent == "contestant"]
    assert undetermined
    assert all(one.title in text for one in undetermined)
    said = {one.title for one in undetermined} | {one.title for one in audit.coverage if one.status is Status.NOT_ASSESSED}
    assert not [one.rule for one in audit.findings if one.outcome is Outcome.BREACH and one.title not in said and one.title in text]
    # A cell that several sums need is to be corrected once.
    places = {(problem.file, problem.row) for problem in audit.problems}
    others = [one for one in undetermined if not places & {(line.place.file, line.place.row) for line in one.lines}]
    assert 0 < len(others) < len(undetermined)
    wrong = len(audit.problems) + len(others)
    assert load(lang)("letters.return_says", n=wrong, count=load(lang).count(wrong)) in text


def test_a_letter_tells_what_its_contestant_filed_and_may_have_to_supply(tmp_path):
    """Not what banks sent of others, nor what a rule about lists needs of somebody in a district; one row is a row."""
    lines = [f"SM-1,single_mandate,2023-03-01,donation,5,individual,{account}\n" for account in ("", ACCOUNTS[0])]
    heading = HEADING.replace("counterparty_id", "fund_account")
    (tmp_path / "reports.csv").write_text(heading + "".join(lines) + lines[0].replace("SM-1", "SM-2"), encoding="utf-8")
    people = "".join(f"SM-{n},single_mandate,A,registered,{account}\n" for n, account in enumerate(ACCOUNTS, 1))
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name,status,fund_account\n" + people, encoding="utf-8")
    (tmp_path / "statement.csv").write_text(f"fund_account,date,direction,amount\n{ACCOUNTS[1]},2023-03-01,in,5\n", encoding="utf-8")
    one = of_those_asked_for(made(tmp_path, scope=Scope(("SM-1",))))
    assert "statement.csv" not in letters.receipt(one, load("en")) + letters.receipt(
        only(made(tmp_path, for_report=True), "SM-1"), load("en")
    )
    assert "statement.csv" in letters.receipt(only(made(tmp_path, for_report=True), "SM-2"), load("en"))
    # By its lines, where the register does not know the account.
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name,status\nSM-1,single_mandate,A,registered\n", encoding="utf-8")
    (tmp_path / "statement.csv").write_text(f"fund_account,date,direction,amount\n{ACCOUNTS[0]},2023-03-09,in,5\n", encoding="utf-8")
    part = only(made(tmp_path, for_report=True), "SM-1")
    assert {line.place.file for found in part.findings for line in found.lines} <= {one.file for one in part.inputs}
    assert "statement.csv" in letters.receipt(part, load("en"))
    note = visible(letters.return_note(one, load("en")))
    assert "payment_method" in note
    assert "funding_source" not in note
    assert "Until a place is corrected" not in note


def test_a_note_says_what_is_missing_and_not_that_others_were_not_asked_for(tmp_path):
    """Where both are why a rule says little of a contestant, too."""
    line = "SM-{},single_mandate,2023-03-0{},donation,5,individual,900101300017\n"
    (tmp_path / "a.csv").write_text(HEADING + line.format(1, 1) + line.format(2, 1), encoding="utf-8")
    without = [column for column in HEADING.strip().split(",") if column != "counterparty_type"]
    (tmp_path / "b.csv").write_text(",".join(without) + "\n" + line.format(1, 2).replace("individual,", ""), encoding="utf-8")
    told = load("en")("check.funds_together")
    for one in (made(tmp_path, scope=Scope(("SM-1",))), only(made(tmp_path, for_report=True), "SM-1")):
        (gap,) = next(cover for cover in one.coverage if cover.rule == "LED-006").silent_about
        assert "counterparty_type" in gap.reason and gap.why.endswith(told)
        note = visible(letters.return_note(of_those_asked_for(one), load("en")))
        assert "counterparty_type" in note and told not in note


def test_a_note_prints_all_of_a_thousand_cells(tmp_path):
    lines = [f"SM-1,single_mandate,2023-03-01,donation,{n}x,individual,\n" for n in range(1000)]
    (tmp_path / "reports.csv").write_text(HEADING + "".join(lines), encoding="utf-8")
    audit = made(tmp_path, select=["DON"])
    text = letters.return_note(audit, load("en"))
    rows = {int(row.replace("\u202f", "")) for row in re.findall(r'<tr><td class="figure">([0-9\u202f]+)</td>', text)}
    assert rows == set(range(2, 1002))


def test_where_nothing_is_wrong_the_note_says_no_more_than_that(tmp_path):
    (tmp_path / "reports.csv").write_text(
        HEADING + "SM-1,single_mandate,2023-03-01,donation,9000000,individual,900101300017\n", encoding="utf-8"
    )
    audit = made(tmp_path, select=["DON-001"])
    assert [one.outcome for one in audit.findings] == [Outcome.BREACH]
    text = visible(letters.return_note(audit, load("en")))
    assert "Nothing in what was filed has to be corrected." in text
    assert "DON-001" not in text
    assert "not about whether the law was kept" in text


@pytest.mark.parametrize("cases", [("image", "style", "expression", "embedding"), ("10,000 characters without a space",)])
def test_hostile_names_stay_text_in_letters(cases, tmp_path):
    folder = hostile.write(tmp_path, *(hostile.name(case, 9) for case in cases))
    for page in (letters.receipt, letters.return_note):
        text = page(made(folder), load("kk"))
        assert not re.findall(r"<(?:img|script|link|iframe|object|a)\b", text)
        assert text.count("<style") == 0
        assert "\u202e" not in text
        assert "Ұ" * 1000 not in text


def test_a_letter_of_one_contestant_is_about_that_one(tmp_path, monkeypatch, capsys):
    one = made(SAMPLE, scope=Scope(("SM-01-01",)))
    assert "Қарлығашов" in letters.receipt(one, load("kk"))
    monkeypatch.setattr(
        sys, "argv", ["audit", "report", str(SAMPLE), "--as-of", "2023-04-15", "--kind", "return-note", "-o", str(tmp_path / "n.html")]
    )
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    assert [file.name for file in tmp_path.iterdir()] == ["n.html"]  # a letter has no findings beside it
    assert "findings.json" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("r.csv, row 3: “1.000,50” cannot be read. Where all are written so, --decimal-mark comma says it.", "r.csv, row 3: “1.000,50” cannot be read."),
        ("needs the day “x”; give it with --set day=2023-03-29 or in the election file", "needs the day “x”"),
        ("«x» күні керек; --set day=ЖЖЖЖ-АА-КК арқылы беріңіз", "«x» күні керек"),
        ("r.csv, row 3: “x --y” cannot be read; expected one of a, b.", "r.csv, row 3: “x --y” cannot be read; expected one of a, b."),
        ("r.csv, row 3. “x. --set y” is no date", "r.csv, row 3. “x. --set y” is no date"),
        ("--set day=1", "--set day=1"),
    ],
)  # fmt: skip
def test_a_letter_tells_no_option_and_loses_nothing_that_was_filed(text, left):
    assert Shown(load("en"), "KZT").without_advice(text) == left
