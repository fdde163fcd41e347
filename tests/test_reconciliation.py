"""`audit reconcile`: each line once, near matches offered and never counted, and the same rows as the rules find."""

import csv
import io
import json
import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from deep import DEEP

from auditor import wording
from auditor.cli.main import cli
from auditor.normalise.scope import Scope
from auditor.rulebook.load import load
from auditor.workflow import Request, audit, reconcile

LAW = load("kz/majilis-2023")
WORDS = wording.load("en")
ACCOUNT = "KZ476019000000000000"
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id,fund_account\n"
BANK = "fund_account,date,direction,amount,counterparty_name,counterparty_id,opening_balance,closing_balance\n"


def written(folder: Path, books: list[str], bank: list[str]) -> Path:
    (folder / "reports.csv").write_text(HEADING + "".join(f"{line}\n" for line in books), encoding="utf-8")
    (folder / "statement.csv").write_text(BANK + "".join(f"{line}\n" for line in bank), encoding="utf-8")
    return folder / "reports.csv"


def book(day, amount, ident="900101300017", kind="donation", name="A donor"):
    return f"SM-1,single_mandate,{day},{kind},{amount},individual,{name},{ident},{ACCOUNT}"


def entry(day, amount, ident="900101300017", direction="in", name="A DONOR"):
    return f"{ACCOUNT},{day},{direction},{amount},{name},{ident},,"


def pairings(path):
    return reconcile(Request([str(path)], date(2023, 4, 15)), LAW, WORDS)


@pytest.mark.parametrize(
    ("ours", "theirs", "status", "why"),
    [
        (("2023-03-01", "5000.00"), ("2023-03-03", "5000.00"), "matched", ()),
        (("2023-03-01", "5000.00"), ("2023-03-04", "5000.00"), "near", ("date",)),
        (("2023-03-01", "5000.00"), ("2023-03-01", "5000.01"), "near", ("amount",)),
        (("2023-03-01", "5000.00"), ("2023-03-01", "5000.00", "010228600010"), "near", ("id",)),
        (("2023-03-01", "5000.00"), ("2023-03-01", "5000.00", ""), "matched", ()),
    ],
)
def test_one_line_and_one_entry(tmp_path, ours, theirs, status, why):
    (one,) = pairings(written(tmp_path, [book(*ours)], [entry(*theirs)]))
    assert (one.status, one.why) == (status, why)
    assert one.books.place.row == one.statement.place.row == 2


@pytest.mark.parametrize(
    "theirs",
    [
        ("2023-03-20", "5000.00"),
        ("2023-03-01", "6000.00"),
        ("2023-03-01", "5000.00", "900101300017", "out"),
        ("2023-03-01", "5001.00", "1"),
    ],
)
def test_far_lines_stand_alone(tmp_path, theirs):
    assert [one.status for one in pairings(written(tmp_path, [book("2023-03-01", "5000.00")], [entry(*theirs)]))] == ["books", "statement"]


@pytest.mark.parametrize(
    ("entries", "offered"),
    [
        ([("2023-03-05", "100")], {("near", ("account",), 3, 3)}),
        ([("2023-03-09", "100")], {("near", ("date", "account"), 3, 3)}),
        ([("2023-03-05", "100.01"), ("2023-03-06", "100.00")], {("near", ("account",), 3, 4), ("statement", (), None, 3)}),
        ([("2023-04-05", "100"), ("2023-03-05", "900")], {("books", (), 3, None), ("statement", (), None, 3), ("statement", (), None, 4)}),
    ],
)
def test_a_line_that_does_not_say_its_account_is_offered_beside_the_entry_that_it_may_be(tmp_path, entries, offered):
    books = [book("2023-03-01", "7"), book("2023-03-05", "100", kind="expenditure").removesuffix(ACCOUNT)]
    bank = [entry("2023-03-01", "7"), *(entry(*one, direction="out") for one in entries)]
    made = pairings(written(tmp_path, books, bank))
    rows = {(one.status, one.why, one.books and one.books.place.row, one.statement and one.statement.place.row) for one in made}
    assert rows == {("matched", (), 2, 2), *offered}
    assert {one.account for one in made} <= {ACCOUNT, None}


def test_it_is_offered_beside_an_entry_of_any_account_of_its_contestant_and_of_no_other(tmp_path):
    other = "KZ256010000000000099"
    unsaid = book("2023-03-05", "100").removesuffix(ACCOUNT)
    bank = [entry("2023-03-01", "7"), entry("2023-03-02", "8").replace(ACCOUNT, other), entry("2023-03-05", "100").replace(ACCOUNT, other)]
    used = book("2023-03-02", "8").replace(ACCOUNT, other)
    path = written(tmp_path, [book("2023-03-01", "7"), unsaid, used], bank)
    assert [(one.account, one.why) for one in pairings(path) if one.status == "near"] == [(other, ("account",))]
    path = written(tmp_path, [book("2023-03-01", "7"), unsaid, used.replace("SM-1", "SM-2")], bank)
    assert [one.status for one in pairings(path) if one.status == "near"] == []


CHECK = LAW.rule("BNK-001").check
DAYS, SHARE = LAW.whole(CHECK.near_days), LAW.exact(CHECK.near_amount)


@pytest.mark.parametrize(("more", "status"), [(0, "near"), (1, "books")])
def test_a_movement_is_near_up_to_so_many_days_and_so_much_of_its_amount(tmp_path, more, status):
    late = date(2023, 3, 1) + timedelta(days=DAYS + more)
    one = pairings(written(tmp_path, [book("2023-03-01", "5000.00")], [entry(late, "5000.00")]))[0]
    least = Decimal(10_000) * (1 - SHARE / 100) - more * Decimal("0.01")
    two = pairings(written(tmp_path, [book("2023-03-01", "10000.00")], [entry("2023-03-01", f"{least:.2f}")]))[0]
    assert (one.status, two.status) == (status, status)


def test_of_two_the_movement_that_is_nearer_is_offered(tmp_path):
    entries = [entry("2023-03-01", "5000.09"), entry("2023-03-01", "5000.01")]
    made = pairings(written(tmp_path, [book("2023-03-01", "5000.00")], entries))
    assert [(one.status, one.statement.amount) for one in made if one.statement is not None and one.books is not None] == [
        ("near", Decimal("5000.01"))
    ]


def test_each_line_stands_once_and_near_ones_are_still_found_by_the_rules(tmp_path):
    chance = random.Random(3)
    days = [date(2023, 2, 20) + timedelta(days=n) for n in range(25)]
    books = [
        book(chance.choice(days), chance.choice(["5000.00", "5000.01", "70000"]), chance.choice(["", "900101300017"])) for _ in range(300)
    ]
    bank = [
        entry(chance.choice(days), chance.choice(["5000.00", "5000.01", "70000"]), chance.choice(["", "010228600010"])) for _ in range(280)
    ]
    path = written(tmp_path, books, bank)
    made = pairings(path)
    assert sorted(one.books.place.row for one in made if one.books) == list(range(2, 302))
    assert sorted(one.statement.place.row for one in made if one.statement) == list(range(2, 282))
    found = audit(Request([str(path)], date(2023, 4, 15), select=["BNK-001", "BNK-002"]), LAW, WORDS).findings
    rows = {one.rule: {line.place.row for line in one.lines} for one in found}
    assert rows["BNK-002"] == {one.statement.place.row for one in made if one.statement and one.status != "matched"}
    assert rows["BNK-001"] <= {one.books.place.row for one in made if one.books and one.status != "matched"}


def test_the_command_writes_text_csv_and_json(tmp_path):
    path = written(tmp_path, [book("2023-03-01", "5000.00"), book("2023-03-01", "1", name="=1+1")], [entry("2023-03-01", "5000.00")])
    shown = CliRunner().invoke(cli, ["reconcile", str(path), "--lang", "en"]).output
    assert "Matched: 1 (5\u202f000.00)" in shown
    assert "In the report only: 1 (1.00)" in shown
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(cli, ["reconcile", str(path), "--format", "csv"]).output)))
    assert Counter(row["status"] for row in rows) == {"matched": 1, "books": 1}
    assert [row["books_name"] for row in rows if row["status"] == "books"] == ["'=1+1"]
    made = json.loads(CliRunner().invoke(cli, ["reconcile", str(path), "--format", "json"]).output)
    assert made["counts"] == {"matched": 1, "near": 0, "books": 1, "statement": 0}
    assert sum(Decimal(row["books_amount"]) for row in made["rows"]) == Decimal("5001.00")


def test_ids_of_persons_are_hidden_on_its_screen(tmp_path):
    path = written(tmp_path, [book("2023-03-01", "5000.00").replace("SM-1", "900101300017")], [entry("2023-03-01", "6000.00")])
    shown = CliRunner().invoke(cli, ["reconcile", str(path), "--lang", "en"]).output
    assert "••••••••0017" in shown and "900101300017" not in shown


def test_without_a_statement_it_says_so(tmp_path):
    (tmp_path / "reports.csv").write_text(HEADING + book("2023-03-01", "5000.00") + "\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["reconcile", str(tmp_path / "reports.csv")])
    assert "needs the table statement" in str(done.exception)


def test_many_lines_on_each_side(tmp_path):
    """Large enough that holding every line against every entry could not end: 12,000 each, 200,000 in `make deep`."""
    many = 200_000 if DEEP > 1 else 12_000
    amounts = ["5000.00", "10000.00", "20000.00"]
    books = [book(date(2023, 2, 18) + timedelta(days=n % 28), amounts[n % 3] if n % 2 else f"{n}.00", "") for n in range(many)]
    bank = [entry(date(2023, 2, 18) + timedelta(days=n % 28), amounts[n % 3] if n % 2 else f"{n}.00", "") for n in range(many)]
    books[0] = books[0].replace(",0.00,", ",1.00,")
    bank[0] = bank[0].replace(",0.00,", ",1.00,")
    made = pairings(written(tmp_path, books, bank))
    assert Counter(one.status for one in made) == {"matched": many}


def test_of_some_contestants_the_accounts_of_the_others_are_no_part(tmp_path):
    """Their books are not looked at then, so that all of their bank's lines would seem to be missing in them."""
    other = "KZ86125KZT5004100100"
    lines = [book("2023-03-01", "5000.00"), book("2023-03-01", "70.00").replace("SM-1", "SM-2").replace(ACCOUNT, other)]
    entries = [entry("2023-03-01", "5000.00"), entry("2023-03-01", "70.00").replace(ACCOUNT, other)]
    path = written(tmp_path, lines, entries)
    only = reconcile(Request([str(path)], date(2023, 4, 15), scope=Scope(("SM-2",))), LAW, WORDS)
    assert [(one.contestant_id, one.status) for one in only] == [("SM-2", "matched")]
    assert [one.status for one in pairings(path)] == ["matched", "matched"]


def test_records_that_could_not_be_read_are_told(tmp_path):
    path = written(
        tmp_path, [book("2023-03-01", "5000.00"), book("soon", "1.00")], [entry("2023-03-01", "5000.00"), entry("2023-03-02", "1e3")]
    )
    said = []
    assert [one.status for one in reconcile(Request([str(path)], date(2023, 4, 15)), LAW, WORDS, note=said.append)] == ["matched"]
    assert said == ["2 records of the reports or of the statement could not be read and are matched with nothing."]
