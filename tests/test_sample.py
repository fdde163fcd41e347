"""The sample election: what it shows is written down, and stays so."""

import csv
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sizes import as_large

from auditor import wording
from auditor.normalise import prepared
from auditor.read import delimited
from auditor.render.data import as_json, document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
REAL_PARTIES = (
    "amanat",
    "аманат",
    "auyl",
    "ауыл партия",
    "respubli",
    "республика парт",
    "baytaq",
    "байтақ",
    "ak zhol",
    "ақ жол",
    "жсдп",
    "nsdp",
)


# Three hundred expenditures of one contestant would make the sample too long to read.
TOO_LONG = {"LED-010"}
BEFORE_THE_RESULTS = {"RPT-001", "RPT-002"}
CLEAN = {"PL-02", "SM-01-01", "SM-03-02", "SM-06-03"}


def made(**overrides):
    return audit(Request([str(SAMPLE)], date(2023, 4, 15)), load("kz/majilis-2023").with_overrides(overrides), wording.load("en"))


def without_findings(audited):
    return {c.contestant_id for c in audited.contestants} - {f.contestant_id for f in audited.findings}


def rows_of(table):
    with (SAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_expected_findings():
    """The whole answer, the rulebook's version and SHA-256 too."""
    assert as_json(made()) == (SAMPLE / "expected" / "findings.json").read_text(encoding="utf-8")


def test_lines_in_memory_on_disk_and_streamed_are_the_same(monkeypatch):
    in_memory = document(made())
    monkeypatch.setattr(prepared, "HELD_ROWS", -1)
    on_disk = document(made())
    tables, stream = [], delimited.streamed

    def kept(*asked, **how):
        tables.append(stream(*asked, **how))
        return tables[-1]

    monkeypatch.setattr(delimited, "STREAM_FROM_BYTES", 1)
    monkeypatch.setattr(delimited, "streamed", kept)
    assert on_disk == in_memory
    assert document(made()) == in_memory
    assert any(table is not None and table.table == "reports" and table.streamed for table in tables)


@pytest.mark.parametrize("files", [1, 2])
@pytest.mark.parametrize("odd", [True, False], ids=["with lines that cannot be read", "all as a program writes them"])
def test_a_large_filing_is_told_as_a_small_one(odd, files, tmp_path):
    """All that a document tells, and the lines themselves, however the columns lie on disk."""
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected", "*.md", "reports.csv"))
    heading, *lines = (SAMPLE / "reports.csv").read_text(encoding="utf-8").splitlines()
    if not odd:
        of_rows = {one.row for one in made().problems if one.file == "reports.csv"}
        lines = [line for row, line in enumerate(lines, 2) if row not in of_rows]
        assert of_rows
    for n in range(files):
        (tmp_path / f"reports-{n}.csv").write_text("\n".join([heading, *lines[n::files]]) + "\n", encoding="utf-8")
    request = Request([str(tmp_path)], date(2023, 4, 15), for_report=True, lines=True, rejected=True)
    small = audit(request, load("kz/majilis-2023"), wording.load("en"))
    with as_large(300_000):
        large = audit(request, load("kz/majilis-2023"), wording.load("en"))
    assert small.findings
    assert any("reports-" in one.file for one in small.problems) == odd
    assert large == small


PARTS = {
    "a part of a code": ("sources.yaml", "{column: counterparty_type, in: [foreign, foreign_owned]}", '{column: counterparty_type, part: "1:7", is: foreign}'),
    "a part of whose money it is": ("sources.yaml", "{column: counterparty_type, in: [foreign, foreign_owned]}", '{column: giver, part: "1:5", is: donor}'),
    "a code in what tells a document": ("subsidies.yaml", "columns: [counterparty_id, invoice_no]", "columns: [counterparty_id, invoice_no, payment_method]"),
}  # fmt: skip


@pytest.mark.parametrize("change", PARTS)
def test_letters_of_a_code_are_looked_at_in_a_large_filing_too(change, tmp_path):
    """A rulebook may ask for them; no rule of the shipped one does."""
    file, old, new = PARTS[change]
    shutil.copytree(ROOT / "rules" / "kz", tmp_path / "kz")
    changed = tmp_path / "kz" / "majilis-2023" / file
    text = changed.read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed.write_text(
        text.replace(old, new).replace("reports.invoice_no]", "reports.invoice_no, reports.payment_method]"), encoding="utf-8"
    )
    law = load(tmp_path / "kz" / "majilis-2023")
    request = Request([str(SAMPLE)], date(2023, 4, 15), select=["SRC-004", "SUB-009"])
    small = audit(request, law, wording.load("en"))
    with as_large(300_000):
        assert document(audit(request, law, wording.load("en"))) == document(small)
    assert small.findings


def test_every_rule_finds_something_and_four_contestants_are_clean():
    audited = made()
    rules = {rule.id for rule in load("kz/majilis-2023").rules}
    assert {finding.rule for finding in audited.findings} == rules - TOO_LONG - BEFORE_THE_RESULTS
    assert {one.rule for one in audited.coverage if one.status == "not_assessed"} == BEFORE_THE_RESULTS
    assert without_findings(audited) == {*CLEAN, "SM-04-02"}


def test_late_and_missing_final_reports_once_the_results_are_known():
    before, after = made(), made(results_published="2023-03-29")
    told = {finding.key for finding in before.findings}
    added = {(finding.rule, finding.contestant_id) for finding in after.findings if finding.key not in told}
    assert added == {("RPT-001", "SM-05-01"), ("RPT-002", "SM-04-02")}
    assert {one.rule for one in after.coverage if one.status == "not_assessed"} == set()
    assert without_findings(after) == CLEAN


def test_the_program_writes_these_files(tmp_path):
    programs = SAMPLE.parent
    for path in programs.glob("*.py"):
        shutil.copy(path, tmp_path)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, str(tmp_path / "make_majilis_2023.py")], env=environment, timeout=60, check=True)
    for path in (tmp_path / "majilis-2023").iterdir():
        assert path.read_bytes() == (SAMPLE / path.name).read_bytes()
    assert {path.name for path in (tmp_path / "majilis-2023").iterdir()} == {path.name for path in SAMPLE.glob("*.csv")}


def test_no_number_of_a_person_can_be_a_real_one():
    people = {row["candidate_id"] for row in rows_of("candidates")}
    for table in ("reports", "statement"):
        people |= {
            row["counterparty_id"] for row in rows_of(table) if len(row["counterparty_id"]) == 12 and row["counterparty_id"][4] in "0123"
        }
    assert len(people) > 200
    assert not [number for number in people if number[6] != "9"]


def test_no_real_party_is_named():
    for path in SAMPLE.rglob("*.csv"):
        text = path.read_text(encoding="utf-8").casefold()
        assert not [party for party in REAL_PARTIES if party in text]


def test_every_rule_that_counts_says_what():
    """Leads apart, whose sentences say it."""
    counting = {rule.id for rule in load("kz/majilis-2023").rules if rule.check.unit is not None}
    assert {"RPT-001", "RPT-004", "RPT-011", "ACC-004", "REG-001", "REG-003", "REG-004", "SUB-008"} <= counting
    found = [one for one in made().findings if one.outcome != "lead"]
    assert {one.rule for one in found if isinstance(one.measured, int) and one.unit is None} == set()
