"""The sample election: what it shows is written down, and stays so."""

import json
from datetime import date
from pathlib import Path

from auditor import wording
from auditor.render.data import document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

SAMPLE = Path(__file__).parent.parent / "sample_data" / "majilis-2023"
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


def made():
    return audit(Request([str(SAMPLE)], date(2023, 4, 15)), load("kz/majilis-2023"), wording.load("en"))


def test_expected_findings():
    found = json.loads(json.dumps(document(made())["findings"], ensure_ascii=False))
    expected = json.loads((SAMPLE / "expected" / "findings.json").read_text(encoding="utf-8"))["findings"]
    assert found == expected


def test_every_rule_finds_something_and_three_contestants_are_clean():
    audited = made()
    assert {finding.rule for finding in audited.findings} == {rule.id for rule in load("kz/majilis-2023").rules}
    assert len({c.contestant_id for c in audited.contestants} - {f.contestant_id for f in audited.findings}) >= 3


def test_no_real_party_is_named():
    for path in SAMPLE.rglob("*.csv"):
        text = path.read_text(encoding="utf-8").casefold()
        assert not [party for party in REAL_PARTIES if party in text]
