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
    made = audit(Request([str(folder / "reports.csv")], date(2023, 4, 15)), LAW, WORDS)
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
