"""A day that nobody has given makes the rules not assessed that go by it, those too that rest on such a rule, and no others."""

import shutil
from datetime import date

import pytest

from auditor import wording
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

AS_OF = date(2023, 4, 15)
GIVEN = "kinds: [donation], where: [{column: giver, is: donor}, {column: counterparty_type, is: individual}"
LATE = f"{GIVEN}, {{column: date, before: {{event: campaign_end}}}}"


@pytest.fixture
def law(tmp_path):
    """The rulebook in which DON-001 counts what came before the last day of the campaign, and nobody knows that day."""
    shutil.copytree("rules/kz", tmp_path / "kz")
    folder = tmp_path / "kz" / "majilis-2023"
    for file, old, new in (("donations.yaml", GIVEN, LATE), ("election.yaml", 'day: "2023-03-17"', "day:")):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return load(str(folder))


def test_rules_that_rest_on_such_a_rule_are_not_assessed_either(law, tmp_path):
    (tmp_path / "reports.csv").write_text(
        "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
        "A,single_mandate,2023-03-01,donation,8000000,individual,900101300017,B\n",
        encoding="utf-8",
    )
    made = audit(Request([str(tmp_path / "reports.csv")], AS_OF), law, wording.load("en"))
    waiting = {one.rule for one in made.coverage if "campaign_end" in (one.reason or "")}
    assert waiting == {"DON-001", "DON-003", "EXP-003", "LED-001", "LED-006", "LED-009"}
    known = audit(Request([str(tmp_path / "reports.csv")], AS_OF), law.with_overrides({"campaign_end": "2023-03-17"}), wording.load("en"))
    assert [one.rule for one in known.findings if one.rule.startswith("DON")] == ["DON-001"]
