"""A total line, the same lines in two files or in another order, the way in which large filings are read, and a line of somebody else change
nothing in what is found of a filing without registers, some of whose cells cannot be read."""

import csv
import random
from datetime import date

import pytest
from deep import DEEP
from sizes import as_large

from auditor import wording
from auditor.render.data import document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
WORDS = wording.load("en")
RULES = ["DON", "SRC", "FND", "EXP-001", "EXP-003", "LED-001", "LED-002", "LED-003", "LED-004", "LED-008"]
HEADING = (
    "contestant_id contest report_id report_type period_start period_end received_on date kind amount counterparty_type counterparty_name "
    "counterparty_id payment_method category"
).split()
CONTESTANTS = [("SM-1", "single_mandate"), ("SM-2", "single_mandate"), ("PL-1", "party_list"), ("PL-2", "party_list")]
FINAL = ("F", "final", "2023-02-18", "2023-03-31", "2023-04-01")
AGAIN = ("F2", "final", "2023-02-18", "2023-03-31", "2023-04-02")
FIRST, SECOND = (("I1", "interim", "2023-02-18", "2023-02-28", "2023-03-01"), ("I2", "interim", "2023-03-01", "2023-03-15", "2023-03-16"))
REPORTS = [[FINAL], [FINAL], [FIRST, SECOND], [FINAL, AGAIN], [FIRST, FINAL]]
KINDS = [*["donation"] * 5, "donation_refund", "own_funds", "expenditure", "expenditure_refund", "budget_transfer", "subsidy", "deposit"]
TYPES = ["individual", "individual", "organisation", "contestant", "political_party", "state_body"]
IDS = ["800101300016", "900101300017", "850202400017", "100140990006", "001140990008", "710124990006", ""]
AMOUNTS = ["7000000", "7000000.01", "35000000", "34999999.99", "0.01", "3500000", "120000000", "699000000", "500"]
SPOILT = {
    "contestant_id": ["", "#N/A"],
    "contest": ["", "#N/A", "both"],
    "report_id": ["", "?"],
    "report_type": ["draft", ""],
    "period_start": ["", "x"],
    "received_on": ["", "x"],
    "date": ["x", ""],
    "kind": ["gift", ""],
    "amount": ["abc", "", "0"],
    "counterparty_type": ["martian", ""],
    "counterparty_name": [""],
    "counterparty_id": ["123", ""],
    "payment_method": ["x", ""],
    "category": ["x", ""],
}
SOMEBODY_ELSE = dict(
    zip(HEADING, ["ZZ-9", "single_mandate", *FINAL, "2023-02-20", "own_funds", "1", "contestant", "Z", "", "bank_transfer", ""])
)


def lines(chance):
    """Of one to three contestants, and in up to three of the lines up to three cells that cannot be read."""
    made = []
    for cid, contest in chance.sample(CONTESTANTS, chance.choice([1, 1, 2, 2, 3])):
        for rid, *report in chance.choice(REPORTS):
            for _ in range(chance.randrange(1, 6)):
                donor = chance.choice(IDS)
                name = f"Донор {donor}" if donor else chance.choice(["Асанов", "Ким О.", ""])
                said = [
                    f"2023-02-{chance.randrange(19, 29)}",
                    chance.choice(KINDS),
                    chance.choice(AMOUNTS),
                    chance.choice(TYPES),
                    name,
                    donor,
                ]
                paid = [chance.choice(["bank_transfer", "bank_transfer", "cash"]), chance.choice(["gifts", "television", ""])]
                made.append(dict(zip(HEADING, [cid, contest, f"{cid}-{rid}", *report, *said, *paid], strict=True)))
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        spoilt = chance.choice(made)
        spoilt |= {name: chance.choice(SPOILT[name]) for name in chance.sample(list(SPOILT), chance.choice([1, 1, 2, 2, 3]))}
    return made


def found(folder, *files):
    """What is found in these files, and of whom what could not be said."""
    folder.mkdir()
    for n, several in enumerate(files):
        with (folder / f"{n}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, HEADING)
            writer.writeheader()
            writer.writerows(several)
    made = document(audit(Request([str(folder)], date(2023, 4, 15), select=RULES), LAW, WORDS))
    names = ("rule", "outcome", "contestant_id", "subject", "measured", "limit", "excess")
    findings = [(*(str(one[name]) for name in names), len(one["rows"])) for one in made["findings"]]
    silent = ("rule", "status", "kept", "breaches", "undetermined", "not_assessed_for", "unread_for")
    return sorted(findings), [[one[name] for name in silent] for one in made["coverage"]]


def of_the_rest(told):
    """What is told of whom, without the lines of nobody: they may be of those in their file, and not of those in another."""
    return [[*one[:-1], [each for each in one[-1] if "no known contestant" not in each["reason"]]] for one in told]


@pytest.mark.parametrize("seed", range(12 * DEEP))
def test_what_changes_nothing(tmp_path, seed):
    chance = random.Random(seed)
    filed = lines(chance)
    before = found(tmp_path / "filed", filed)
    total = dict.fromkeys(HEADING, "") | {chance.choice(["contestant_id", "counterparty_name"]): "Итого", "amount": "5"}
    at = chance.randrange(len(filed) + 1)
    assert found(tmp_path / "with a total line", [*filed[:at], total, *filed[at:]]) == before
    if 0 < at < len(filed):
        findings, told = found(tmp_path / "in two files", filed[:at], filed[at:])
        assert (findings, of_the_rest(told)) == (before[0], of_the_rest(before[1]))
    if all(one["report_id"] != "?" for one in filed):  # of two versions of one day the one with the last line counts
        assert found(tmp_path / "in another order", chance.sample(filed, len(filed))) == before
    with as_large(chance.choice([5, 300_000])):
        assert found(tmp_path / "as a large one", filed) == before
    with_another, _ = found(tmp_path / "with another", [*filed, SOMEBODY_ELSE])
    assert [one for one in with_another if "ZZ-9" not in one] == before[0]
