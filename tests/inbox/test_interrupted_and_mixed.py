"""Files that change, come together or are read anew, passes that stop, and what two people decided."""

import builtins
import errno
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from inboxes import ACCOUNT, DONOR, NOW, people, report

from auditor.errors import BadUsage
from auditor.inbox import commission_tables, delivering, recording, scan, taking
from auditor.inbox.reviewing import signed
from auditor.inbox.versions import with_version
from auditor.inbox.whose import Whose
from auditor.inbox.work import loggable
from auditor.read.candidates import Candidate
from auditor.read.instructions import Instructions
from auditor.read.sources import receive
from auditor.rulebook.load import load as law
from auditor.wording import load as words


def test_a_file_that_is_too_large_waits_for_a_person(register, monkeypatch):
    monkeypatch.setattr(scan, "LARGEST", len(report(("1", DONOR)).encode()))
    register.put("a.csv", report(("1", DONOR)))
    register.put("b.csv", report(("11", DONOR)))
    made = register.a_pass()
    assert (made.taken, made.waiting) == (1, ["b.csv"])


@pytest.mark.parametrize("change", [lambda text: text + "x", lambda text: "x" + text[1:]])
def test_a_file_that_changes_while_it_is_read_waits(register, monkeypatch, change):
    path = register.put("a.csv", report(("1", DONOR)))

    def opened(handle, mode):
        file = builtins.open(handle, mode)  # noqa: PTH123,SIM115
        read = file.read

        class Reading:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                file.close()

            def read(self, size):
                path.write_text(change(report(("1", DONOR))), encoding="utf-8")
                return read(size)

        return Reading()

    monkeypatch.setattr(scan, "open", opened, raising=False)
    made = register.a_pass()
    assert (made.taken, made.waiting, register.arrivals()) == (0, ["a.csv"], [])
    monkeypatch.undo()


def test_a_file_with_lines_left_aside_is_told_anew_when_the_register_knows_more(register, run, tmp_path):
    both = report(("8000000", DONOR)) + report(("9000000", DONOR), cid="SM-9", report="R9").partition("\n")[2]
    register.put("a.csv", both)
    register.a_pass()
    number = register.only().id
    run("db", "tables", people(tmp_path, "SM-9,single_mandate,Жаңа,2023-02-14,registered,,"), "--now", NOW)
    assert run("inbox", "retry", number, "--by", "Clerk", "--now", NOW)[0] == 0
    register.a_pass()
    assert set(register.only().whose) == {"SM-1", "SM-9"}
    assert register.measured("SM-9") == ["9000000.00"]


def test_a_file_of_two_stays_where_one_of_them_cannot_be_checked(register, monkeypatch):
    checked = recording.checked

    def fails(home, books, contestants, *rest):
        if "SM-2" in contestants:
            raise ZeroDivisionError
        return checked(home, books, contestants, *rest)

    monkeypatch.setattr(recording, "checked", fails)
    monkeypatch.setattr(delivering, "checked", fails)
    register.put("a.csv", report(("8000000", DONOR)) + report(("1", DONOR), cid="SM-2", report="R2").partition("\n")[2])
    made = register.a_pass()
    assert (made.quarantined, made.checked, made.failed, made.done) == ([], ["SM-1"], ["SM-2: ZeroDivisionError"], 0)
    assert register.measured() == ["8000000.00"]
    register.put("b.csv", report(("8500000", DONOR)))
    made = register.a_pass()  # the next one is not stopped by it either
    assert (made.checked, made.failed, made.done) == (["SM-1"], ["SM-2: ZeroDivisionError"], 1)
    assert register.measured() == ["8500000.00"]
    monkeypatch.undo()
    made = register.a_pass()
    assert (made.checked, made.failed, made.done) == (["SM-2"], [], 1)


def test_a_report_that_could_not_be_written_once_is_written_by_the_next_pass(register, monkeypatch):
    def stops(name):
        if name == "recorded":
            raise KeyboardInterrupt

    def fails(*_):
        raise MemoryError

    register.put("a.csv", report(("8000000", DONOR)))
    with pytest.raises(KeyboardInterrupt):
        register.a_pass(step=stops)
    monkeypatch.setattr(delivering, "checked", fails)
    made = register.a_pass()
    assert (made.failed, made.done) == (["SM-1: MemoryError"], 0)
    monkeypatch.undo()
    made = register.a_pass()
    assert (made.failed, made.done) == ([], 1)
    assert register.measured() == ["8000000.00"]


def test_a_statement_of_one_without_a_report_does_not_put_off_the_file_of_both(register):
    lines = f"fund_account,date,direction,amount\n{ACCOUNT['SM-1']},2023-03-01,in,8000000\n{ACCOUNT['SM-2']},2023-03-01,in,5\n"
    register.put("s.csv", lines)
    register.put("r.csv", report(("8000000", DONOR)))
    register.a_pass()
    notes = {one.name: register.note(one) for one in register.arrivals()}
    assert "No report of this contestant has come yet" not in notes["s.csv"]


def test_a_file_that_comes_while_the_old_one_is_moved_stays(register, monkeypatch):
    look, second = delivering.look, report(("9000000", DONOR))
    monkeypatch.setattr(delivering, "look", lambda inbox: (look(inbox), register.put("a.csv", second))[0])
    register.put("a.csv", report(("8000000", DONOR)))
    register.a_pass()
    assert (register.home.inbox / "a.csv").read_text(encoding="utf-8") == second
    register.note(register.only())  # what lies in done/ is what was checked
    monkeypatch.undo()
    register.a_pass()
    assert register.measured() == ["9000000.00"]


def test_reports_that_two_stopped_passes_left_are_written_by_the_third(register):
    def stops(name):
        if name == "recorded":
            raise KeyboardInterrupt

    plain = (register.home.folder / "register.yaml").read_text(encoding="utf-8")
    register.put("a.csv", report(("8000000", DONOR)))
    register.put("b.csv", report(("8000000", DONOR), cid="SM-2"))
    register.a_pass()
    register.says(f"{plain}set: {{donation_cap_individual: '8500000'}}\n")
    with pytest.raises(KeyboardInterrupt):
        register.a_pass(step=stops)
    register.put("c.csv", report(("8600000", DONOR), cid="SM-2"))
    with pytest.raises(KeyboardInterrupt):
        register.a_pass(step=stops)
    register.a_pass()
    assert (register.measured("SM-1"), register.measured("SM-2")) == ([], ["8600000.00"])


def test_a_workbook_with_lines_and_a_table_of_the_commission_is_refused(register):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, text in (("reports", report(("8000000", DONOR))), ("contestants", people(register.home.folder.parent).read_text())):
            sheet = book.add_worksheet(name)
            for row, line in enumerate(text.splitlines()):
                sheet.write_row(row, 0, line.split(","))
    register.put("a.xlsx", content.getvalue())
    made = register.a_pass()
    assert made.checked == []
    assert "audit db tables" in made.quarantined[0][1]


def test_a_file_that_is_read_anew_lies_in_no_folder_meanwhile(register, run):
    register.put("a.csv", report(("1", DONOR)) + report(("1", DONOR), cid="SM-9").partition("\n")[2])
    register.a_pass()
    assert len(register.lies(register.home.done)) == 2
    assert run("inbox", "retry", 1, "--by", "Clerk")[0] == 0
    assert register.lies(register.home.done) == set()


def test_a_table_that_is_exchanged_while_it_is_taken_is_refused(register, run, tmp_path, monkeypatch):
    file, receive = people(tmp_path), commission_tables.receive
    before = register.rows("SELECT sha256 FROM own_table")

    def exchanged(*given, **named):
        found = receive(*given, **named)
        people(tmp_path, "SM-9,single_mandate,Жаңа,2023-02-14,registered,,")
        return found

    monkeypatch.setattr(commission_tables, "receive", exchanged)
    assert run("db", "tables", file, "--now", NOW)[0] == 2
    assert register.rows("SELECT sha256 FROM own_table") == before


def test_a_workbook_with_two_tables_of_the_commission_is_refused(register, run, tmp_path):
    file = tmp_path / "both.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name, text in (
            ("contestants", people(tmp_path).read_text()),
            ("candidates", f"candidate_id,name,contestant_id\n{DONOR},X,SM-1\n"),
        ):
            sheet = book.add_worksheet(name)
            for row, line in enumerate(text.splitlines()):
                sheet.write_row(row, 0, line.split(","))
    assert run("db", "tables", file, "--now", NOW)[0] == 2
    assert register.rows("SELECT name, file FROM own_table") == [("contestants", "contestants.csv")]


def decided(register, run, kind, *more):
    """The finding of DON-001, decided about by one person and signed by another."""
    register.put("a.csv", report(("8000000", DONOR)))
    register.a_pass()
    ((key,),) = register.rows("SELECT key FROM finding WHERE rule = 'DON-001'")
    assert run("review", kind, key, "--by", "A", *more)[0] == 0
    assert run("review", "sign", key, "--by", "B")[0] == 0
    return key


def test_what_two_people_dismissed_is_not_published(register, run):
    decided(register, run, "dismiss", "--code", "evidence", "--reason", "paid back")
    assert signed(register.home, register.settings) == {}


def test_what_was_signed_and_is_resolved_is_not_published(register, run):
    key = decided(register, run, "accept")
    assert set(signed(register.home, register.settings)) == {key}
    register.put("b.csv", report(("1", DONOR)))
    register.a_pass()
    assert signed(register.home, register.settings) == {}


def test_an_original_that_was_changed_in_the_store_is_not_checked(register):
    register.put("a.csv", report(("8000000", DONOR)))
    register.a_pass()
    path = register.home.store.path(register.only().sha256)
    path.chmod(0o600)
    path.write_text(report(("1", DONOR)), encoding="utf-8")
    made = register.a_pass(recheck=True)
    assert made.checked == [] and len(made.failed) == 1
    assert register.measured() == ["8000000.00"]


def test_lines_that_say_when_they_were_received_keep_that_day(register):
    from datetime import date

    heading, line = report(("1", DONOR)).splitlines()
    path = register.put("a.csv", f"{heading},received_on\n{line},2023-03-02\n")
    asked = Instructions.of(law("kz/majilis-2023"), words("en"))
    (table,) = receive([Candidate(path, "a.csv", None, optional=False, received_on=date(2023, 3, 25))], ["a.csv"], asked).tables
    assert table.frame.collect()["received_on"].to_list() == ["2023-03-02"]
    assert table.columns.count("received_on") == 1


def test_a_receipt_tells_of_those_alone_whose_file_it_is(register):
    register.put("a.csv", report(("8000000", DONOR)))
    register.put("b.csv", report(("8000000", DONOR), cid="SM-2"))
    register.a_pass()
    receipts = {path.name: path.read_text(encoding="utf-8") for path in (register.home.reports / "receipts").iterdir()}
    assert [("Есім SM-1" in text, "Есім SM-2" in text) for _, text in sorted(receipts.items())] == [(True, False), (False, True)]


def test_a_file_leaves_the_inbox_where_done_is_on_another_disk(register, monkeypatch):
    from pathlib import Path

    replace = Path.replace

    def fails(path, target):
        if path.parent == register.home.inbox:
            raise OSError(errno.EXDEV, "another disk")
        return replace(path, target)

    register.put("a.csv", report(("1", DONOR)))
    monkeypatch.setattr(Path, "replace", fails)
    register.a_pass()
    assert register.lies(register.home.inbox) == set()
    register.note(register.only())


@pytest.mark.parametrize("number", [13, 23, 30, 122])
def test_what_the_machine_refuses_is_said_of_no_file(number, register, monkeypatch):
    def fails(*_):
        raise OSError(number, "told by the system")

    register.put("a.csv", report(("1", DONOR)))
    monkeypatch.setattr(taking, "whose", fails)
    with pytest.raises(OSError, match="told by the system"):
        register.a_pass()
    assert register.only().state == "stored"


def test_there_is_no_version_before_the_first(register):
    from datetime import date

    register.put("a.csv", report(("1", DONOR)))
    register.a_pass()
    for number in ("0", "2", "-1", "x", "\u00b2"):
        with pytest.raises(BadUsage):
            with_version(register.home, register.settings, f"SM-1@{number}", date(2023, 4, 15), {}, "en")


def test_what_was_said_of_a_file_stays_where_it_waits_for_a_report(register, monkeypatch):
    monkeypatch.setattr(taking, "whose", lambda *_: Whose(["SM-2"], "Lines of SM-9 were left aside."))
    register.put("s.csv", f"fund_account,date,direction,amount\n{ACCOUNT['SM-2']},2023-03-01,in,5\n")
    register.a_pass()
    said = register.note(register.only())
    assert "SM-9" in said and "No report of this contestant has come yet" in said


def test_a_reason_has_neither_ids_nor_commands_nor_lines(register):
    register.put("reports.csv", f"contestant_id,contest,\x1b[2J,{DONOR}\nx,y,z,z\n")
    made = register.a_pass()
    ((_, reason),) = made.quarantined
    assert not {"\x1b", "\n"} & set(reason) and DONOR not in reason
    assert loggable(f"a\n\x1b[2J{DONOR}") == f"a \N{REPLACEMENT CHARACTER}[2J••••••••{DONOR[-4:]}"


def test_the_receipt_of_an_archive_lists_what_is_in_it(register):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("march.csv", report(("8000000", DONOR)))
    register.put("a.zip", content.getvalue())
    register.a_pass()
    (receipt,) = (register.home.reports / "receipts").iterdir()
    assert "march.csv" in receipt.read_text(encoding="utf-8")


def test_an_unknown_id_of_a_person_is_masked_in_the_reason(register):
    register.put("a.csv", report(("1", DONOR), cid="900305300019"))
    ((_, reason),) = register.a_pass().quarantined
    assert "900305300019" not in reason
    assert "900305300019" not in register.note(register.only())


def test_a_file_that_was_added_is_not_for_everybody(register, run, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(report(("1", DONOR)), encoding="utf-8")
    assert run("inbox", "add", file)[0] == 0
    assert (register.home.inbox / "a.csv").stat().st_mode & 0o777 == 0o640


def test_a_file_that_cannot_be_removed_keeps_no_other_from_moving_and_is_taken_once(register, monkeypatch):
    def guarded(do):
        def refused(self, *given, **named):
            if self.parent.name == "theirs":
                raise PermissionError(13, "Permission denied", str(self))
            return do(self, *given, **named)

        return refused

    register.put("theirs/a.csv", report(("1", DONOR)))
    register.put("b.csv", report(("1", DONOR), cid="SM-2"))
    monkeypatch.setattr(Path, "replace", guarded(Path.replace))
    monkeypatch.setattr(Path, "unlink", guarded(Path.unlink))
    assert register.a_pass().taken == 2
    assert register.lies(register.home.inbox) == {"theirs/a.csv"}
    assert register.a_pass().taken == 0
    assert len(register.arrivals()) == 2
    monkeypatch.undo()
    register.a_pass()
    assert register.lies(register.home.inbox) == set()


def test_a_table_of_the_commission_without_a_required_column_is_refused(run, tmp_path):
    (tmp_path / "contestants.csv").write_text("contestant_id,name\nSM-1,X\n", encoding="utf-8")
    status, said, wrong = run("db", "tables", tmp_path / "contestants.csv", "--now", NOW)
    assert (status, said) == (2, "")
    assert "contest" in wrong and wrong.count("\n") == 1


def test_rows_of_a_commissions_table_that_cannot_be_used_are_told_and_not_counted(run, tmp_path):
    file = people(tmp_path, ",single_mandate,Y,,,,", "SM-9,single_mandate,Z,2023-02-31,,,")
    status, said, wrong = run("db", "tables", file, "--now", NOW)
    assert (status, said) == (0, "contestants  contestants.csv  3\n")
    assert "row 4" in wrong and "row 5" in wrong and "2023-02-31" in wrong


def test_of_many_rows_that_cannot_be_used_the_first_are_told_and_how_many_more(run, tmp_path):
    run("db", "tables", people(tmp_path, *[f",single_mandate,{n},,,," for n in range(30)]), "--now", NOW)
    status, _, wrong = run("db", "tables", tmp_path / "contestants.csv", "--now", NOW)
    assert (status, wrong.count("\n")) == (0, 21) and wrong.splitlines()[-1].startswith("11 more")


@pytest.mark.parametrize("rows", ["", ",single_mandate,X\n", "Итого,,2\n"], ids=["none at all", "none that can be used", "a total"])
def test_a_commissions_table_without_rows_takes_the_place_of_no_other(register, run, tmp_path, rows):
    register.put("a.csv", report(("8000000", DONOR)))
    (tmp_path / "contestants.csv").write_text(f"contestant_id,contest,name\n{rows}", encoding="utf-8")
    status, said, wrong = run("db", "tables", tmp_path / "contestants.csv", "--now", NOW)
    assert (status, said) == (2, "") and "contestants.csv: no row of the table contestants can be used" in wrong
    register.a_pass()
    assert set(register.only().whose) == {"SM-1"} and register.measured() == ["8000000.00"]


def test_a_workbook_of_which_one_sheet_lacks_a_column_is_not_taken_in_part(run, tmp_path):
    with xlsxwriter.Workbook(tmp_path / "tables.xlsx") as book:
        good, lacking = book.add_worksheet("contestants"), book.add_worksheet("price_lists")
        for row, cells in enumerate((("contestant_id", "contest", "name"), ("SM-1", "single_mandate", "X"))):
            good.write_row(row, 0, cells)
        for row, cells in enumerate((("vendor_name", "unit_price", "medium"), ("Y", "100", "television"))):
            lacking.write_row(row, 0, cells)
    status, said, wrong = run("db", "tables", tmp_path / "tables.xlsx", "--now", NOW)
    assert (status, said) == (2, "") and "vendor_id" in wrong
