"""Ids of contestants that look like another's are told, and two that the register has are two."""

from datetime import date

import pytest

from auditor import wording
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW, WORDS = load("kz/majilis-2023"), wording.load("en")
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n"
LINE = ",single_mandate,2023-03-01,donation,4000000,individual,A donor\n"
REGISTER = "contestant_id,contest,name\n"


def told(folder, *ids, registered=()):
    (folder / "reports.csv").write_text(HEADING + "".join(cid + LINE for cid in ids), encoding="utf-8")
    if registered:
        (folder / "contestants.csv").write_text(REGISTER + "".join(f"{cid},single_mandate,A\n" for cid in registered), encoding="utf-8")
    made = audit(Request([str(folder / "reports.csv")], date(2023, 4, 15), select=["DON-001"]), LAW, WORDS)
    return [(one.code, one.row, one.value) for one in made.problems], len(made.contestants)


@pytest.mark.parametrize(
    "cid",
    [
        *("sm-001", "S\u041c-001", "SM\u2013001", "SM-001\u200b", "SM -001", "SM-01", "\uff33\uff2d-001", "S\u00adM-001"),
        *("SM 001", "SM001", "SM-001.", "SM_001", "SM/001", "\u0421\u041c-001", "\u0441\u043c 001"),
    ],
)
def test_one_that_looks_like_a_registered_one_is_told_at_its_first_row(tmp_path, cid):
    assert told(tmp_path, "SM-001", cid, cid, registered=["SM-001"]) == ([("INP-012", 3, cid)], 2)
    assert told(tmp_path, cid, "SM-001", registered=["SM-001"]) == ([("INP-012", 2, cid)], 2)


def test_without_a_register_the_first_is_right(tmp_path):
    assert told(tmp_path, "sm-1", "SM-1") == ([("INP-012", 3, "SM-1")], 2)


@pytest.mark.parametrize(
    "others",
    [
        ("SM-1", "SM-2"),
        ("SM-1", "SM-10"),
        ("SM-11", "SM-1-1"),
        ("A", "B"),
        ("SM-100", "SM-1"),
        ("1.05", "1.5"),
        ("1 01", "101"),
        ("C-1", "S-1"),
    ],
)
def test_others_are_others(tmp_path, others):
    assert told(tmp_path, *others) == ([], 2)


def test_two_that_the_register_has_are_two(tmp_path):
    assert told(tmp_path, "SM-1", "SM-01", registered=["SM-1", "SM-01"]) == ([], 2)


VERSIONS = "report_id,report_type,period_start,period_end,received_on,contestant_id,contest,date,kind,amount\n"
FACES = "report_id,contestant_id,report_type,period_start,period_end,received_on\n"


def told_of_versions(folder, *ids, filed=()):
    line = ",final,2023-02-18,2023-03-31,2023-04-01,SM-1,single_mandate,2023-03-01,own_funds,5\n"
    (folder / "reports.csv").write_text(VERSIONS + "".join(rid + line for rid in ids), encoding="utf-8")
    if filed:
        faces = "".join(f"{rid},SM-1,final,2023-02-18,2023-03-31,2023-04-0{n}\n" for n, rid in enumerate(filed, start=1))
        (folder / "filings.csv").write_text(FACES + faces, encoding="utf-8")
    made = audit(Request([str(folder / "reports.csv")], date(2023, 4, 15), select=["DON-001"]), LAW, WORDS)
    return [(one.code, one.row, one.column, one.value) for one in made.problems if one.column == "report_id"]


@pytest.mark.parametrize("rid", ["R-1", "r1", "\u04201", "R 1", "R1\u200b"])
def test_a_version_whose_id_looks_like_anothers_is_told(tmp_path, rid):
    look = "P1" if rid == "\u04201" else "R1"
    found = [("INP-012", 4, "report_id", rid)]
    assert told_of_versions(tmp_path, look, look, rid, rid) == found
    assert told_of_versions(tmp_path, look, look, rid, filed=[look]) == found
    assert told_of_versions(tmp_path, rid, look, filed=[look]) == [("INP-012", 2, "report_id", rid)]


def test_versions_with_ids_of_their_own_and_two_that_were_filed_are_two(tmp_path):
    assert told_of_versions(tmp_path, "R1", "R2", "R1-2", "R1.1") == []
    assert told_of_versions(tmp_path, "R1", "R-1", filed=["R1", "R-1"]) == []
