"""No false accusation at exactly the limit."""

import csv
import random
from datetime import date

from auditor import wording
from auditor.rulebook.load import load
from auditor.workflow import Request, audit


def test_ten_thousand_donors_at_exactly_the_cap_in_odd_instalments(tmp_path):
    chance = random.Random(7)
    with (tmp_path / "reports.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["contestant_id", "contest", "date", "kind", "amount", "counterparty_type", "counterparty_name"])
        for donor in range(10_000):
            left = 700_000_000
            while left:
                part = left if chance.random() < 0.2 else chance.randrange(1, left + 1)
                left -= part
                day = f"2023-03-{chance.randrange(1, 18):02d}"
                writer.writerow(
                    [
                        f"SM-{donor % 400}",
                        "single_mandate",
                        day,
                        "donation",
                        f"{part // 100}.{part % 100:02d}",
                        "individual",
                        f"Донор {donor}",
                    ]
                )
    made = audit(Request([str(tmp_path / "reports.csv")], date(2023, 4, 15), select=["DON"]), load("kz/majilis-2023"), wording.load("en"))
    assert made.problems == []
    assert made.findings == []
    assert {one.rule: one.kept for one in made.coverage} == {"DON-001": 400, "DON-002": 400, "DON-003": 400}


def test_one_more_tiyn_is_found(tmp_path):
    rows = ["2333333.33", "2333333.33", "2333333.35"]
    lines = [f"SM-1,single_mandate,2023-03-0{n + 1},donation,{amount},individual,А" for n, amount in enumerate(rows)]
    (tmp_path / "reports.csv").write_text(
        "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    made = audit(
        Request([str(tmp_path / "reports.csv")], date(2023, 4, 15), select=["DON-001"]), load("kz/majilis-2023"), wording.load("en")
    )
    (finding,) = made.findings
    assert str(finding.excess) == "0.01"
    assert finding.crossing.place.row == 4
    assert [str(line.running) for line in finding.lines] == ["2333333.33", "4666666.66", "7000000.01"]


def test_a_deposit_of_half_a_tiyn_is_due_with_the_tiyn(tmp_path):
    """0.5 of 1,050,000.01 is 525,000.005: no smaller coin pays it."""
    law = load("kz/majilis-2023").with_overrides({"deposit_for_each_candidate": "1050000.01"})
    register = "contestant_id,contest,name,status,last_vote_share\nSM-1,single_mandate,A,registered,3\n"
    (tmp_path / "contestants.csv").write_text(register, encoding="utf-8")
    for paid, found in (("525000.00", ["525000.01"]), ("525000.01", [])):
        line = f"SM-1,single_mandate,2023-02-10,deposit,{paid}\n"
        (tmp_path / "reports.csv").write_text(f"contestant_id,contest,date,kind,amount\n{line}", encoding="utf-8")
        made = audit(Request([str(tmp_path)], date(2023, 4, 15), select=["DEP-001"]), law, wording.load("en"))
        assert [str(one.limit) for one in made.findings] == found
