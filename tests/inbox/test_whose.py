"""Whose a file is, and what a person reads about one that is nobody's or cannot be read."""

import io
import json
import time
import zipfile
from datetime import datetime

import pytest
from inboxes import ACCOUNT, DONOR, HEADING, IIN, NOW, people, report

from auditor.inbox import commission_tables

STATEMENT = "fund_account,date,direction,amount,counterparty_name\n{account},2023-03-01,in,8000000.00,Донор\n"


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("reports.csv", b"0" * 60_000_000)
    return made.getvalue()


def nested() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("../../reports.csv", report(("1", DONOR)))
    return made.getvalue()


UNREADABLE = {
    "empty.csv": b"",
    "rubbish.csv": bytes(range(256)) * 40,
    "rubbish.xlsx": bytes(range(256)) * 40,
    "bomb.zip": None,
    "out.zip": nested(),
    "heading.csv": HEADING.partition(",")[0].encode() + b"\n",
    "nothing.csv": b"\n\n\n",
    "photo.jpg": b"\xff\xd8\xff\xe0 no table",
    "no ending": b"\x00" * 100,
    "text.csv": "Уважаемая комиссия! Отчёт пришлю завтра.\n".encode(),
}


def test_what_cannot_be_read_is_quarantined_with_a_note_in_words(register, run):
    for name, content in UNREADABLE.items():
        register.put(name, bomb() if content is None else content)
    register.put("good.csv", report(("1", DONOR)))
    status, said, wrong = run("inbox", "run", "--no-pdf", "--now", NOW)
    assert (status, wrong) == (1, "")
    found = {one.name: one for one in register.arrivals()}
    assert found.pop("good.csv").state == "done"
    assert set(found) == set(UNREADABLE)
    for name, one in found.items():
        note = register.note(one)
        assert one.state == "quarantined", name
        assert one.sha256 in note
        assert len(note.splitlines()[2]) > len("A person has to look at this file: ") + 10, note
        assert "Error" not in note, note
        assert "Exception" not in note, note
        assert name in said
    assert "failed" not in said


def test_an_unknown_contestant(register):
    register.put("a.csv", report(("1", DONOR), cid="SM-9"))
    register.a_pass()
    assert "Nobody in the register has these ids: SM-9" in register.note(register.only())


def test_an_iin_in_place_of_the_id_says_whose_it_probably_is(register, run):
    register.put("a.csv", report(("1", DONOR), cid=IIN["SM-1"]))
    status, said, _ = run("inbox", "run", "--no-pdf", "--now", NOW)
    note = register.note(register.only())
    assert (status, register.only().state) == (1, "quarantined")
    assert "probably of SM-1" in note
    assert IIN["SM-1"] not in note + said + run("inbox", "status")[1]
    assert f"••••{IIN['SM-1'][-4:]}" in note


def test_lines_of_others_are_told(register):
    both = report(("8000000", DONOR)) + report(("1", DONOR), cid="SM-9").partition("\n")[2]
    register.put("a.csv", both)
    made = register.a_pass()
    assert (made.done, register.measured()) == (1, ["8000000.00"])
    assert "SM-9" in register.note(register.only())


def test_a_total_line_is_nobody(register):
    register.put("a.csv", report(("8000000", DONOR)) + "Итого,,,,,,,,8000000,,,\n")
    register.a_pass()
    assert register.measured() == ["8000000.00"]
    assert "Итого" not in register.note(register.only()).replace("total line", "")


def test_the_row_that_numbers_the_columns_is_nobody(register):
    heading, *lines = report(("8000000", DONOR)).splitlines()
    numbers = ",".join(str(n) for n in range(1, heading.count(",") + 2))
    register.put("a.csv", "\n".join((heading, numbers, *lines)) + "\n")
    made = register.a_pass()
    assert (made.done, made.failed) == (1, [])
    assert register.only().reason is None


def test_one_file_of_two_contestants_is_a_version_of_each(register):
    register.put("a.csv", report(("8000000", DONOR)) + report(("9000000", DONOR), cid="SM-2").partition("\n")[2])
    register.a_pass()
    assert dict(register.only().whose) == {"SM-1": 1, "SM-2": 1}
    assert (register.measured("SM-1"), register.measured("SM-2")) == (["8000000.00"], ["9000000.00"])


def test_a_bank_statement_goes_by_its_account(register):
    register.put("r.csv", report(("8000000", DONOR), cid="SM-2"))
    register.a_pass()
    for version, blank in enumerate((" ", "\u00a0"), 2):
        spaced = blank.join(ACCOUNT["SM-2"][n : n + 4] for n in range(0, 20, 4)).lower()
        register.put(f"s{version}.csv", STATEMENT.format(account=spaced))
        made = register.a_pass()
        assert (made.checked, dict(register.arrivals()[-1].whose)) == (["SM-2"], {"SM-2": version})


def test_a_bank_statement_that_comes_before_the_first_report_is_checked_with_it(register):
    register.put("s.csv", STATEMENT.format(account=ACCOUNT["SM-2"]))
    made = register.a_pass()
    assert (made.quarantined, made.failed, made.checked, made.done) == ([], [], [], 1)
    assert "No report of this contestant has come yet" in register.note(register.only())
    assert (register.a_pass().checked, register.only().state) == ([], "done")
    register.put("r.csv", report(("8000000", DONOR), cid="SM-2"))
    made = register.a_pass()
    assert (made.checked, dict(register.arrivals()[-1].whose)) == (["SM-2"], {"SM-2": 2})
    told = json.loads((register.home.reports / "SM-2.json").read_text(encoding="utf-8"))
    assert {one["table"] for one in told["inputs"]} >= {"reports", "statement"}


def test_a_statement_of_two_contestants_waits_for_both_and_stops_nobody(register):
    """In the pass in which the first of them files a report the other is not called late with reports for the statement alone."""
    both = STATEMENT.format(account=ACCOUNT["SM-2"]) + STATEMENT.format(account=ACCOUNT["SM-1"]).partition("\n")[2]
    register.put("s.csv", both)
    made = register.a_pass()
    assert (made.quarantined, made.failed, made.checked, made.done) == ([], [], [], 1)
    register.put("r.csv", report(("8000000", DONOR), cid="SM-2"))
    assert register.a_pass().checked == ["SM-2"]
    assert {name for name in register.lies(register.home.reports) if name.startswith("SM-")} == {"SM-2.json"}
    register.put("r1.csv", report(("8000000", DONOR), cid="SM-1"))
    assert register.a_pass().checked == ["SM-1"]


@pytest.mark.parametrize("lines", [(("x", DONOR),), ()])
def test_a_report_of_which_no_line_can_be_read_is_a_report(register, lines):
    register.put("r.csv", report(*lines) if lines else report(("5", DONOR)).replace("2023-03-01", "soon").replace("donation", "gift"))
    register.put("s.csv", STATEMENT.format(account=ACCOUNT["SM-1"]))
    made = register.a_pass()
    assert (made.checked, made.failed, made.quarantined) == (["SM-1"], [], [])


def test_a_statement_and_the_report_of_another_in_one_pass(register):
    register.put("s.csv", STATEMENT.format(account=ACCOUNT["SM-2"]))
    register.put("r.csv", report(("8000000", DONOR), cid="SM-1"))
    made = register.a_pass()
    assert (made.checked, made.done, made.failed) == (["SM-1"], 2, [])
    assert {name for name in register.lies(register.home.reports) if name.startswith("SM-")} == {"SM-1.json"}


def test_a_statement_of_nobodys_account(register):
    register.put("s.csv", STATEMENT.format(account="KZ20601Z000000000016"))
    register.a_pass()
    assert "in the register of no contestant: KZ20601Z000000000016" in register.note(register.only())


def test_the_commissions_own_tables_are_refused_in_the_inbox(register):
    register.put("contestants.csv", people(register.home.folder.parent).read_bytes())
    made = register.a_pass()
    assert "audit db tables" in made.quarantined[0][1]
    assert register.rows("SELECT count(*) FROM contestant") == [(2,)]


def test_retry_after_the_register_knows_more(register, run, tmp_path):
    register.put("a.csv", report(("8000000", DONOR), cid="SM-9"))
    register.a_pass()
    number = register.only().id
    assert run("inbox", "retry", number + 1, "--by", "Clerk")[0] == 2
    assert run("db", "tables", people(tmp_path, "SM-9,single_mandate,Жаңа,2023-02-14,registered,,"), "--now", NOW)[0] == 0
    status, said, _ = run("inbox", "retry", number, "--by", "Clerk", "--now", NOW)
    assert (status, said) == (0, f"{number}  a.csv\n")
    assert register.lies(register.home.quarantine) == set()
    made = register.a_pass()
    assert (made.done, register.only().state, register.measured("SM-9")) == (1, "done", ["8000000.00"])
    assert "Received. Checked." in register.note(register.only())  # it lies in done/ with a note, out of the store
    assert ("Clerk", "retried") in register.rows("SELECT who, what FROM log")
    assert run("inbox", "retry", number, "--by", "Clerk")[0] == 2


def test_retry_of_what_is_still_broken(register, run):
    register.put("a.csv", b"")
    register.a_pass()
    run("inbox", "retry", 1, "--by", "Clerk")
    made = register.a_pass("2023-03-26T12:00:00+06:00")
    assert [name for name, _ in made.quarantined] == ["a.csv"]
    assert "person has to look" in register.note(register.only())


def test_a_mistake_of_the_program_stops_neither_the_pass_nor_hides(register, monkeypatch):
    from auditor.inbox import taking

    whose = taking.whose
    monkeypatch.setattr(taking, "whose", lambda path, name, *rest: 1 / 0 if name == "a.csv" else whose(path, name, *rest))
    register.put("a.csv", report(("1", DONOR)))
    register.put("b.csv", report(("8000000", DONOR), cid="SM-2"))
    made = register.a_pass()
    assert (made.failed, made.done) == (["a.csv: ZeroDivisionError"], 1)
    assert "mistake of the program" in made.quarantined[0][1]


@pytest.mark.parametrize(("number", "said"), [(28, "the disk is full"), (5, "told by the system"), (24, "told by the system")])
def test_a_machine_that_is_out_of_something_quarantines_nothing(number, said, register, run, monkeypatch):
    """A full disk, a disk that fails, no more open files: it says nothing of the file."""
    from auditor.inbox import recording, taking

    def fails(*_):
        raise OSError(number, "told by the system")

    for module, step in ((taking, "whose"), (recording, "checked")):
        register.put(f"{step}.csv", report(("1", DONOR), report=step))
        with monkeypatch.context() as patched:
            patched.setattr(module, step, fails)
            assert run("inbox", "run", "--no-pdf", "--now", NOW) == (2, "", f"{said}\n")
        assert [one.state for one in register.arrivals()][-1] == "stored"
        assert run("inbox", "run", "--no-pdf", "--now", NOW)[0] == 0


def test_of_two_files_of_one_pass_the_one_that_came_last_counts_whatever_their_names(register):
    register.put("b original.csv", report(("1", DONOR)))
    time.sleep(0.02)  # a file system's clock ticks in milliseconds
    register.put("a corrected.csv", report(("2", DONOR)))
    register.a_pass()
    assert [one.name for one in sorted(register.arrivals(), key=lambda one: one.id)] == ["b original.csv", "a corrected.csv"]


def test_a_report_of_which_no_line_could_be_read_has_the_face_that_the_register_of_filings_gives_it(register, tmp_path):
    """And no sum of nothing is held against that face."""
    file = tmp_path / "filings.csv"
    heading = "report_id,contestant_id,report_type,period_start,period_end,received_on,own_funds,donations,total_receipts,total_spent"
    file.write_text(f"{heading}\nR1,SM-1,final,2023-02-18,2023-03-19,2023-03-20,0,100,100,0\n", encoding="utf-8")
    commission_tables.take(register.home, register.settings, [file], datetime.fromisoformat(NOW), "test")
    register.put("a.csv", report(("100", DONOR)).replace("2023-02-18", "18 Feb").replace("2023-03-01", "1 March"))
    register.a_pass()
    assert register.measured("SM-1", "RPT-005") == []


def without_ids(account=None):
    lines = report(("8000000", DONOR)).replace("SM-1,", ",").splitlines()
    return "\n".join((f"{lines[0]},fund_account", *(f"{line},{account or ''}" for line in lines[1:]))) + "\n"


def test_a_report_without_ids_is_no_banks_statement(register):
    register.put("r.csv", without_ids(ACCOUNT["SM-1"]))
    register.put("s.csv", without_ids())
    made = register.a_pass()
    assert (made.done, len(made.quarantined)) == (0, 2)
    said = dict(made.quarantined)
    assert "contestant_id is empty" in said["r.csv"] and said["r.csv"].endswith("probably of SM-1.")
    assert said["s.csv"].endswith("contestant_id is empty.")


def test_a_statement_of_an_account_that_two_have_is_of_both(register, run, tmp_path):
    file = people(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace(ACCOUNT["SM-2"], ACCOUNT["SM-1"]), encoding="utf-8")
    assert run("db", "tables", file, "--now", NOW)[0] == 0
    register.put("s.csv", STATEMENT.format(account=ACCOUNT["SM-1"]))
    register.a_pass()
    assert set(register.only().whose) == {"SM-1", "SM-2"}


def test_a_statement_with_an_account_of_nobody_too_is_told(register):
    register.put("s.csv", STATEMENT.format(account=ACCOUNT["SM-1"]) + "KZ20601Z000000000016,2023-03-02,in,5\n")
    made = register.a_pass()
    assert set(register.only().whose) == {"SM-1"}
    assert len(made.failed) == 1 and made.failed[0].endswith("left aside: KZ20601Z000000000016.")
    assert "KZ20601Z000000000016" in register.note(register.only())
