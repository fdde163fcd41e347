"""Two versions of a filing or of its findings: what is new, worse, resolved, and which lines and totals moved."""

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.follow.changes import Change, Version, compared
from auditor.model.audit import FiledLine
from auditor.model.place import Place
from auditor.render.changes import as_text
from auditor.render.data import written
from auditor.render.masked import masked_document
from auditor.wording import load

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
FINDINGS = SAMPLE / "expected" / "findings.json"
IIN = "900101300017"
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id\n"
OVER = f"SM-1,single_mandate,2023-03-01,donation,7000000.01,individual,{IIN}\n"
BACK = f"SM-1,single_mandate,2023-03-02,donation_refund,7000000.01,individual,{IIN}\n"
FOREIGN = OVER.replace("7000000.01,individual", "5000.00,foreign")
GIVEN_BACK = BACK.replace("7000000.01,individual", "5000.00,foreign")
SPENT = "SM-1,single_mandate,2023-03-03,expenditure,100.00,,\n"


@pytest.fixture
def run(audit_command):
    return lambda *args, width=120: audit_command(*args, width=width)


@pytest.fixture
def filing(tmp_path):
    """A folder with one reports file of these lines."""

    def write(name, *lines):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "reports.csv").write_text(HEADING + "".join(lines), encoding="utf-8")
        return folder

    return write


def told(run, old, new, *options):
    status, out, err = run("diff", old, new, "--as-of", "2023-04-15", "--lang", "en", "--format", "json", *options)
    assert out, err
    made = json.loads(out)
    assert status == (1 if made["worse"] else 0)
    return made


def kinds(made):
    return {change: n for change, n in made["summary"].items() if isinstance(n, int) and n}


def findings_of(run, path, out, *options):
    run("check", path, "--as-of", "2023-04-15", "--lang", "en", "--output", f"json={out}", "--fail-on", "never", *options)
    return out


# --- the sample against itself and against a later version of itself ---


def test_the_sample_against_itself_differs_in_nothing(run):
    made = told(run, SAMPLE, FINDINGS)
    assert (kinds(made), made["worse"], made["lines"], made["totals"], made["differs_besides"]) == ({"unchanged": 76}, False, None, [], [])


def test_an_amount_changed_and_a_line_removed(run, tmp_path):
    later = tmp_path / "later"
    shutil.copytree(SAMPLE, later, ignore=shutil.ignore_patterns("expected"))
    rows = list(csv.reader(io.StringIO((later / "reports.csv").read_text(encoding="utf-8"))))
    amount, number = rows[0].index("amount"), rows[0].index("report_id")
    assert rows[5][number] == rows[20][number] == "PL-01-I1"
    before, rows[5][amount] = rows[5][amount], "9999999.00"
    gone = rows.pop(20)
    with (later / "reports.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    made = told(run, SAMPLE, later)
    assert made["summary"]["lines"] == {"added": 0, "removed": 1, "altered": 1, "same": 1319}
    (altered,) = made["lines"]["altered"]
    assert (altered["what"], altered["old"]["content"]["amount"], altered["new"]["content"]["amount"]) == (["amount"], before, "9999999.00")
    (removed,) = made["lines"]["removed"]
    assert (removed["row"], removed["content"]["amount"]) == (21, gone[amount])
    assert sorted(one["new"]["rule"] for one in made["findings"] if one["change"] == "new") == ["RPT-005", "RPT-005", "RPT-008"]
    assert kinds(made) == {"new": 3, "unchanged": 76}


def test_a_breach_of_which_nobody_can_tell_any_more_is_not_better(run, filing):
    made = told(run, filing("old", OVER), filing("new", OVER.replace("7000000.01", "x")), "--select", "DON-001")
    assert [(one["change"], one["worse"]) for one in made["findings"]] == [("changed", True)]


def test_a_lead_of_several_is_not_resolved_where_the_report_of_one_is_missing(run, filing):
    first, second = (f"{cid},single_mandate,2023-03-01,donation,4000000,individual,{IIN}\n" for cid in ("SM-1", "SM-2"))
    for later, change in ((first, "no_longer_assessed"), (first + second.replace("4000000", "1"), "resolved")):
        made = told(run, filing(f"old-{change}", first + second), filing(f"new-{change}", later), "--select", "LED-006")
        assert [(one["change"], one["worse"]) for one in made["findings"]] == [(change, change != "resolved")]


def test_a_finding_remedied_is_changed_for_the_better_and_back_is_worse(run, filing):
    old, new = filing("old", FOREIGN), filing("new", FOREIGN, GIVEN_BACK)
    (one,) = [one for one in told(run, old, new)["findings"] if one["change"] == "changed"]
    assert (one["worse"], one["old"]["remedied"], one["new"]["remedied"]) == (False, False, True)
    assert "remedied" in one["what"]
    (back,) = [one for one in told(run, new, old)["findings"] if one["change"] == "changed"]
    assert (back["key"], back["worse"]) == (one["key"], True)


def test_a_finding_that_is_gone_is_resolved_only_where_the_rule_still_speaks(run, filing):
    old, new = filing("old", OVER, SPENT), filing("new", SPENT)
    assert "DON-001" in {one["old"]["rule"] for one in told(run, old, new)["findings"] if one["change"] == "resolved"}
    silent = told(run, findings_of(run, old, old / "x.json"), findings_of(run, new, new / "x.json", "--ignore", "DON-001"))
    (one,) = [one for one in silent["findings"] if one["old"] and one["old"]["rule"] == "DON-001"]
    assert (one["change"], one["worse"], silent["worse"]) == ("no_longer_assessed", True, True)
    assert [each["rule"] for each in silent["no_longer_assessed"]] == ["DON-001"]
    assert "asked" in silent["differs_besides"]


def test_a_cash_payment_that_is_mistyped_is_not_resolved(run, filing):
    cash = "SM-1,single_mandate,2023-03-01,expenditure,5000.00,organisation,,ТОО Край,cash\n"
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id,counterparty_name,payment_method\n"
    folders = []
    for name, line in (("old", cash), ("new", cash.replace("2023-03-01", "2023-13-01"))):
        folders.append(filing(name))
        (folders[-1] / "reports.csv").write_text(heading + line + cash.replace("cash", "card"), encoding="utf-8")
    made = told(run, *folders)
    (one,) = [one for one in made["findings"] if one["old"] and one["old"]["rule"] == "ACC-003"]
    assert (one["change"], made["worse"]) == ("no_longer_assessed", True)


def test_a_finding_of_a_contestant_who_is_not_in_the_new_version_is_not_resolved(run, filing):
    made = told(run, filing("old", OVER, SPENT), filing("new", SPENT.replace("SM-1", "SM-2")))
    assert {one["change"] for one in made["findings"] if one["old"] and one["old"]["rule"] == "DON-001"} == {"no_longer_assessed"}


def test_only_resolved_is_exit_0_and_the_other_way_round_is_1(run, filing):
    over, within = filing("over", OVER, SPENT), filing("within", OVER.replace("7000000.01", "7000000.00"), SPENT)
    status, out, _ = run("diff", over, within, "--as-of", "2023-04-15", "--lang", "en")
    assert (status, "BETTER" in out) == (0, True)
    status, out, _ = run("diff", within, over, "--as-of", "2023-04-15", "--lang", "en")
    assert (status, "LOOK" in out) == (1, True)


def test_totals_that_moved(run, filing):
    made = told(run, filing("old", SPENT), filing("new", SPENT.replace("100.00", "250.50")))
    (moved,) = [one for one in made["totals"] if one["rule"] == "EXP-001"]
    assert moved == {"contestant_id": "SM-1", "rule": "EXP-001", "old": "100.00", "new": "250.50", "difference": "150.50"}


def test_a_line_in_another_row_of_its_file_is_the_same_line(run, filing):
    made = told(run, filing("old", OVER, BACK, SPENT), filing("new", SPENT, BACK, OVER))
    assert made["summary"]["lines"] == {"added": 0, "removed": 0, "altered": 0, "same": 3}
    assert set(kinds(made)) <= {"unchanged"}


def test_two_lines_alike_are_two_lines(run, filing):
    made = told(run, filing("old", SPENT, SPENT), filing("new", SPENT, SPENT, SPENT))
    assert made["summary"]["lines"] == {"added": 1, "removed": 0, "altered": 0, "same": 2}


def test_a_donor_named_later_is_an_altered_line(run, filing):
    made = told(run, filing("old", OVER.replace(IIN, "")), filing("new", OVER))
    assert [one["what"] for one in made["lines"]["altered"]] == [["counterparty_id"]]


def test_more_problems_in_the_input_are_worse(run, filing):
    made = told(run, filing("old", SPENT), filing("new", SPENT, SPENT.replace("100.00", "ten")))
    assert made["summary"]["problems"] == {"old": 0, "new": 1}
    assert made["worse"]


# --- what cannot be compared ---


def test_a_masked_document_and_a_whole_one_cannot_be_compared(run, tmp_path):
    masked = tmp_path / "masked.json"
    masked.write_text(written(masked_document(json.loads(FINDINGS.read_text(encoding="utf-8")))), encoding="utf-8")
    for pair in ((FINDINGS, masked), (masked, FINDINGS)):
        status, out, err = run("diff", *pair)
        assert (status, out) == (2, "")
        assert f"{masked} has" in err and "masked" in err.replace(str(masked), "") and "whole" in err
    assert told(run, masked, masked)["ids"] == "masked"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made.update(election="xx"), "of the election"),
        (lambda made: made["findings"][0].pop("key"), "findings.0.key"),
        (lambda made: made["findings"][0].update(outcome="guilty"), "findings.0.outcome"),
        (lambda made: made["contestants"][0]["totals"][0].update(measured="1e999999"), "measured"),
        (lambda made: made["findings"].append(made["findings"][0]), "stands twice"),
        (lambda made: made["coverage"][0].pop("not_assessed_for"), "not_assessed_for"),
    ],
)
def test_a_document_that_cannot_be_followed_is_one_line_and_exit_2(run, tmp_path, change, said):
    made = json.loads(FINDINGS.read_text(encoding="utf-8"))
    change(made)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(made), encoding="utf-8")
    status, out, err = run("diff", FINDINGS, other)
    assert (status, out) == (2, "")
    assert said in err


def test_no_such_file(run, tmp_path):
    assert run("diff", tmp_path / "none.json", FINDINGS)[0] == 2
    assert run("diff", FINDINGS, tmp_path / "none.csv")[0] == 2


# --- how it is shown ---


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
@pytest.mark.parametrize("width", [80, 120])
def test_the_screen_has_no_whole_id_and_keeps_its_width(run, filing, lang, width):
    old, new = filing("old", OVER.replace(IIN, "")), filing("new", OVER, OVER.replace("2023-03-01", "2023-03-05"))
    _, out, _ = run("diff", old, new, "--as-of", "2023-04-15", "--lang", lang, width=width)
    assert IIN not in out
    assert IIN[-4:] in out
    # The folder of a test may be longer than a line; nothing else is.
    assert [line for line in out.splitlines() if len(line) > width and str(old.parent) not in line] == []


def test_csv_has_a_row_for_each_change(run, filing):
    old, new = filing("old", SPENT), filing("new", OVER)
    made = told(run, old, new)
    _, out, _ = run("diff", old, new, "--as-of", "2023-04-15", "--format", "csv")
    parts = [row["part"] for row in csv.DictReader(io.StringIO(out))]
    assert parts.count("finding") == sum(n for change, n in kinds(made).items() if change != "unchanged")
    assert (parts.count("line"), parts.count("total")) == (2, len(made["totals"]))


# --- properties ---

RULES = ("DON-001", "EXP-001", "RPT-003")
PEOPLE = ("A", "B")
LINES = st.lists(
    st.builds(
        lambda cid, row, date, amount, who: FiledLine(
            Place("reports", "r.csv", None, row),
            cid,
            "final – 2023-03-20",
            {"date": date, "kind": "donation", "amount": amount, **({"counterparty_id": who} if who else {})},
        ),
        st.sampled_from(PEOPLE),
        st.integers(2, 9),
        st.sampled_from(["2023-03-01", "2023-03-02"]),
        st.sampled_from(["1.00", "2.00"]),
        st.sampled_from([None, "x", "y"]),
    ),
    max_size=8,
    unique_by=lambda line: line.place.row,
)


@st.composite
def versions(draw):
    """A version with some findings about two people under three rules, some of them not assessed."""
    silent = draw(st.sets(st.sampled_from(RULES)))
    not_for = draw(st.sets(st.tuples(st.sampled_from(RULES), st.sampled_from(PEOPLE)), max_size=2))
    pairs = draw(st.sets(st.tuples(st.sampled_from(RULES), st.sampled_from(PEOPLE))))
    findings = [
        {
            "key": f"{rule}-{cid}",
            "rule": rule,
            "contestant_id": cid,
            "outcome": draw(st.sampled_from(["breach", "undetermined", "lead"])),
            "severity": "minor",
            "remedied": draw(st.booleans()),
            "measured": "1.00",
            "limit": None,
            "excess": draw(st.sampled_from([None, "1.00", "2.00"])),
            "rows": [{}] * draw(st.integers(0, 2)),
            "message": "m",
        }
        for rule, cid in sorted(pairs - {(rule, cid) for rule in silent for cid in PEOPLE} - not_for)
    ]
    document = {
        "election": "e", "ids": "whole", "as_of": "2023-04-15", "rulebook": {"version": "1", "sha256": "0"}, "asked": {}, "overrides": {},
        "coverage": [
            {"rule": rule, "status": "not_assessed" if rule in silent else "assessed", "reason": "r" if rule in silent else None,
             "not_assessed_for": [{"contestant_id": cid} for r, cid in sorted(not_for) if r == rule]}
            for rule in RULES
        ],
        "contestants": [
            {"contestant_id": cid, "totals": [{"rule": "EXP-001", "measured": draw(st.sampled_from(["1.00", "5.00"]))}]} for cid in PEOPLE
        ],
        "findings": findings,
        "problems": [{}] * draw(st.integers(0, 1)),
    }  # fmt: skip
    return Version("v", document, draw(LINES))


MIRROR = {
    Change.NEW: Change.RESOLVED,
    Change.NEWLY_ASSESSED: Change.NO_LONGER_ASSESSED,
    Change.CHANGED: Change.CHANGED,
    Change.UNCHANGED: Change.UNCHANGED,
    Change.RESOLVED: Change.NEW,
    Change.NO_LONGER_ASSESSED: Change.NEWLY_ASSESSED,
}
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(versions())
def test_a_version_against_itself_differs_in_nothing(one):
    made = compared(one, one)
    assert {finding.change for finding in made.findings} <= {Change.UNCHANGED}
    assert (made.lines.added, made.lines.removed, made.lines.altered, made.lines.same) == ([], [], [], len(one.lines))
    assert (made.totals, made.silenced, made.voiced, made.notes, made.worse) == ([], [], [], [], False)


@often
@given(versions(), versions())
def test_the_other_way_round_is_the_mirror(old, new):
    there, back = compared(old, new), compared(new, old)
    assert {one.latest["key"]: MIRROR[one.change] for one in there.findings} == {one.latest["key"]: one.change for one in back.findings}
    assert (there.lines.added, there.lines.removed, there.lines.same) == (back.lines.removed, back.lines.added, back.lines.same)
    swapped = [replace(pair, old=pair.new, new=pair.old) for pair in back.lines.altered]
    assert sorted(map(repr, there.lines.altered)) == sorted(map(repr, swapped))
    assert [(one.contestant_id, one.rule, one.old, one.new) for one in there.totals] == [
        (one.contestant_id, one.rule, one.new, one.old) for one in back.totals
    ]
    assert [rule for rule, _ in there.silenced] == [rule for rule, _ in back.voiced]


@often
@given(versions(), versions())
def test_every_line_is_told_once_and_no_change_is_better_both_ways(old, new):
    made, back = compared(old, new), compared(new, old)
    lines = made.lines
    assert len(lines.added) + len(lines.altered) + lines.same == len(new.lines)
    assert len(lines.removed) + len(lines.altered) + lines.same == len(old.lines)
    better = {one.latest["key"] for one in made.findings if one.change is Change.CHANGED and not one.worse}
    assert not better & {one.latest["key"] for one in back.findings if one.change is Change.CHANGED and not one.worse}
    for lang in ("en", "ru", "kk"):
        assert all(len(line) <= 80 for line in as_text(made, load(lang), width=80).splitlines())


def test_two_filings_of_records_in_json_are_compared(tmp_path, run):
    line = {"contestant_id": "SM-1", "contest": "single_mandate", "date": "2023-03-01", "kind": "donation", "amount": "7000000.00"}
    for name, amount in (("a", "7000000.00"), ("b", "7000000.01")):
        told = json.dumps(line | {"amount": amount, "counterparty_type": "individual", "counterparty_name": "A"})
        (tmp_path / f"{name}.ndjson").write_text(told + "\n", encoding="utf-8")
    status, out, _ = run("diff", tmp_path / "a.ndjson", tmp_path / "b.ndjson", "--as-of", "2023-04-15", "--lang", "en")
    assert status == 1 and "DON-001" in out
