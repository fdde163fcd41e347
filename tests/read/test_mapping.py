"""Mapping files: foreign tables become `reports`, every record accounted for; what a mapping may not say is refused in words."""

import csv
import shlex
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from auditor import wording
from auditor.errors import CannotRead
from auditor.mapping_suggestions import first_rows, suggested
from auditor.read.instructions import Stated
from auditor.read.mapping import load as mapping_of
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW, WORDS = load("kz/majilis-2023"), wording.load("en")
MAPPINGS = Path(__file__).parent / "mappings"
FOREIGN = Path(__file__).parents[3] / "shared" / "data"
# Facts of the files, counted without the program (`python -c "import csv; …"`).
RECORDS = {
    "ca_on_donors": (19_000, ","),
    "it_donations_2025": (804, ","),
    "de_large_donations": (553, "\t"),
    "us_nyc_2013": (5_685, ","),
    "cz_fio_accounts_2023": (6_852, ","),
}
# Of a longer file the first ones: what the others would show is the same.
MOST = 4_000


def made(paths, mapping=None, **stated):
    asked = mapping_of(mapping) if mapping is not None else Stated(**stated)
    return audit(Request([str(path) for path in paths], date(2023, 4, 15), select=["DON"], stated=asked, rejected=True), LAW, WORDS)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_foreign_files_with_every_record_accounted_for(name, tmp_path):
    path = FOREIGN / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"{path.parent.name} is not beside the project")
    count, delimiter = RECORDS[name]
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source, delimiter=delimiter))
    assert sum(any(row) for row in rows) - (name != "us_nyc_2013") == count
    if count > MOST:
        path, rows, count = tmp_path / path.name, rows[: MOST + 1], MOST
        with path.open("w", encoding="utf-8", newline="") as some:
            csv.writer(some, delimiter=delimiter).writerows(rows)
    mapping = MAPPINGS / f"{name}.yaml"
    assert len(mapping.read_text(encoding="utf-8").splitlines()) <= 30
    answer = made([path], mapping)
    (one,) = answer.inputs
    assert one.table == "reports"
    assert one.rows == count == one.read + one.unread + len(one.left_out)
    assert one.read > 0.1 * count
    # What could not be read is a row of the file, whole and in its own columns, with at least one reason.
    assert len(answer.rejected) == one.unread
    for rejected in answer.rejected:
        assert list(rejected.cells) == rows[rejected.row - 1]
        assert rejected.reasons


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_a_suggestion_is_a_mapping_file_that_loads(name, tmp_path):
    path = FOREIGN / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"{path.parent.name} is not beside the project")
    found = suggested(path, "reports", LAW, WORDS, Stated())
    (tmp_path / "m.yaml").write_text(found.text, encoding="utf-8")
    stated = mapping_of(tmp_path / "m.yaml")
    # Date and amount are the file's own, found by heading or by the cells, and the same as in the mapping made by hand.
    by_hand = mapping_of(MAPPINGS / f"{name}.yaml")
    assert stated.mapping.columns["amount"] == by_hand.mapping.columns["amount"]
    assert name == "it_donations_2025" or stated.mapping.columns["date"] == by_hand.mapping.columns["date"]
    assert stated.heading_row == by_hand.heading_row
    assert stated.forms.date_order == by_hand.forms.date_order


FILE = """Кандидат;Сумма;Когда;Что;Кто
SM-1;5000,00;2023-03-01;взнос;Ахметов Ерлан
SM-1;-1000,00;2023-03-02;взнос;Ахметов Ерлан
SM-1;(500,00);2023-03-02;взнос;Ахметов Ерлан
SM-1;-7;2023-03-02;own_funds;
SM-1;€ 12,50;2023-03-03;взнос;Сериков Дана
Всего за неделю;4000,00;;;
"""
MAPPING = """table: reports
decimal_mark: comma
currency: ["€"]
columns:
  contestant_id: Кандидат
  contestant_name:
  amount: Сумма
  date: Когда
  kind: 4
  counterparty_name: Кто
constants:
  contest: single_mandate
  counterparty_type: individual
words:
  kind:
    donation: [взнос]
negative:
  donation: donation_refund
leave_out:
  - column: Кандидат
    begins: [всего]
    reason: weekly sums
"""


def written(tmp_path, mapping=MAPPING, text=FILE):
    (tmp_path / "взносы.csv").write_text(text, encoding="utf-8")
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    return tmp_path / "взносы.csv", tmp_path / "m.yaml"


def test_words_constants_signs_and_left_out_records(tmp_path):
    path, mapping = written(tmp_path)
    answer = made([path], mapping)
    (one,) = answer.inputs
    assert (one.rows, one.read, one.unread) == (6, 4, 1)
    assert [(out.row, out.reason) for out in one.left_out] == [(7, "weekly sums")]
    # Only a donation may be below zero: own money of −7 is a problem, quoted as filed.
    (problem,) = answer.problems
    assert (problem.row, problem.column, problem.value) == (5, "amount", "-7")
    rows = first_rows(path, mapping, LAW, WORDS, 5)
    kinds = [(dict((n, v) for n, v, _ in row)["kind"], dict((n, v) for n, v, _ in row)["amount"]) for row in rows]
    assert kinds == [
        ("donation", Decimal("5000.00")),
        ("donation_refund", Decimal("1000.00")),
        ("donation_refund", Decimal("500.00")),
        ("own_funds", None),
        ("donation", Decimal("12.50")),
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("amount: Сумма", "amount: Итог", 'm.yaml means the heading "Итог", which is not there'),
        ("kind: 4", "kind: 44", "m.yaml means column 44, but the table has 5"),
        ("table: reports", "table: report", "m.yaml, line 1, column 1"),
        ("  amount: Сумма", "  amont: Сумма", "'amont' is no column of reports"),
        ("decimal_mark: comma", "decimal_mark: ,", "m.yaml, line 2"),
        ("contest: single_mandate", "contest: single_mandate\n  date: 2023-01-01", "'date' has a column and a constant"),
        ("donation: donation_refund", "donation: gift", "'gift' is no kind of line"),
        ("  kind:\n    donation: [взнос]", "  counterparty_name:\n    donation: [взнос]", "words are for columns with a closed list"),
        ("currency: [", "curency: [", "'curency' is not known here. Did you mean 'currency'?"),
        ("columns:", "columns: &a\n  <<: *a", "m.yaml"),
    ],
)
def test_what_a_mapping_may_not_say(tmp_path, old, new, says):
    assert old in MAPPING
    path, mapping = written(tmp_path, MAPPING.replace(old, new, 1))
    with pytest.raises(CannotRead) as refused:
        made([path], mapping)
    assert says in str(refused.value)


def test_without_a_heading_columns_go_by_number(tmp_path):
    text = FILE.split("\n", 1)[1]
    mapping = MAPPING.replace("Кандидат", "1").replace("Сумма", "2").replace("Когда", "3").replace("Кто", "5")
    path, mapping = written(tmp_path, mapping.replace("table: reports", "table: reports\nheading_row: none"), text)
    answer = made([path], mapping)
    assert (answer.inputs[0].rows, answer.inputs[0].read) == (6, 4)
    assert [out.row for out in answer.inputs[0].left_out] == [6]  # the first record is row 1
    assert [row[0][1] for row in first_rows(path, mapping, LAW, WORDS, 2)] == [1, 2]


def test_a_mapping_is_of_its_table_only(tmp_path):
    """The register that lies beside is read as it always is."""
    path, mapping = written(tmp_path)
    (tmp_path / "contestants.csv").write_text(
        "contestant_id,contest,name\nSM-1,single_mandate,A\nSM-2,single_mandate,B\n", encoding="utf-8"
    )
    answer = made([path], mapping)
    assert {one.table: one.read for one in answer.inputs} == {"reports": 4, "contestants": 2}


def test_no_cell_leaves_the_comment_that_it_is_shown_in(tmp_path):
    """Else whoever filed the file would write the rules by which it is read."""
    amount = '"1,000.50\nnegative: {donation: donation_refund}\n# 910108407645"'
    text = f"contestant_id,contest,date,kind,Деньги\nA,single_mandate,2023-03-01,own_funds,{amount}\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    made = suggested(tmp_path / "a.csv", "reports", LAW, WORDS, Stated()).text
    assert "1,000.50 negative" in made and "910108407645" not in made
    assert not [line for line in made.splitlines() if line.startswith("negative")]


def test_what_is_suggested_can_be_copied_into_a_shell_and_tells_no_whole_id(tmp_path, run):
    path = tmp_path / "K05 отчёт (2).csv"
    path.write_text(
        "contestant_id,contest,date,kind,Деньги,Кто-то\nA,single_mandate,2023-03-01,own_funds,5,910108 407645\n", encoding="utf-8"
    )
    status, out, err = run("map", "suggest", path, "-o", tmp_path / "m (1).yaml", "--lang", "en")
    assert (status, err) == (0, "")
    (command,) = [line for line in out.splitlines() if line.startswith("next:")]
    assert shlex.split(command[command.index("audit check") :])[:3] == ["audit", "check", str(path)]
    said = (tmp_path / "m (1).yaml").read_text(encoding="utf-8")
    assert "407645" not in said and "7645" in said
