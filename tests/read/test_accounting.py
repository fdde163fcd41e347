"""Nothing lost: rows = read + could not be read + left out, against a count made without the program; and what is written of the
rows that could not be read."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner
from deep import DEEP
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import wording
from auditor.cli.main import cli
from auditor.render.rejected import as_csv
from auditor.rulebook.load import load
from auditor.workflow import Request, Scope, audit

LAW, WORDS = load("kz/majilis-2023"), wording.load("en")
SAMPLE = Path(__file__).parents[2] / "sample_data"
HEADING = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_type", "counterparty_name", "counterparty_id", "примечание"]
GOOD = ["SM-1", "single_mandate", "2023-03-01", "donation", "5000", "individual", "A donor", "900101300017", "=1+1"]
CELLS = st.sampled_from(["", "x", "Итого", "5", "=cmd|' /C calc'!A0", "1,5,5", "2023-02-30", "donation", "a;b", 'q"q', "\n", "12345678901"])


def made(*paths, **more):
    return audit(Request([str(path) for path in paths], date(2023, 4, 15), select=["DON-001"], rejected=True, **more), LAW, WORDS)


@settings(max_examples=60 * DEEP, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.just(GOOD),
            st.tuples(st.integers(0, 7), CELLS).map(lambda change: [*GOOD[: change[0]], change[1], *GOOD[change[0] + 1 :]]),
            st.lists(CELLS, max_size=11),
        ),
        max_size=12,
    )
)
def test_every_record_is_in_one_of_three_counts(records):
    import tempfile

    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADING, *records])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.csv"
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        answer = made(path)
    (one,) = answer.inputs
    filled = {n: record for n, record in enumerate(records, start=2) if any(cell.strip() for cell in record)}
    assert one.rows == len(filled) == one.read + one.unread + len(one.left_out) == answer.rows
    assert one.read >= sum(record == GOOD for record in records)
    # Each row that could not be read is a problem of that row and is written whole; each left out has its reason.
    assert [rejected.row for rejected in answer.rejected] == sorted({rejected.row for rejected in answer.rejected})
    assert len(answer.rejected) == one.unread
    problems = {problem.row for problem in answer.problems}
    for rejected in answer.rejected:
        assert list(rejected.cells) == filled[rejected.row]
        assert rejected.row in problems
        assert rejected.reasons
    assert all(out.reason and out.row in filled for out in one.left_out)
    assert not {rejected.row for rejected in answer.rejected} & {out.row for out in one.left_out}


@pytest.mark.parametrize(
    "path", sorted(path for path in [*SAMPLE.glob("broken/*.csv"), SAMPLE / "majilis-2023"] if path.exists()), ids=lambda p: p.name
)
def test_the_samples(path):
    from auditor.errors import CannotRead

    try:
        answer = made(path)
    except CannotRead:
        return  # nothing of it was read, and the message says so
    for one in answer.inputs:
        assert one.rows == one.read + one.unread + len(one.left_out)
    assert sum(one.unread for one in answer.inputs) == len(answer.rejected)


def test_records_of_other_tables_too(tmp_path):
    (tmp_path / "reports.csv").write_text(",".join(HEADING) + "\n" + ",".join(GOOD) + "\n", encoding="utf-8")
    (tmp_path / "contestants.csv").write_text(
        "contestant_id,contest,name\nSM-1,single_mandate,A\nSM-2,,B\nSM-3,single_mandate\n", encoding="utf-8"
    )
    (tmp_path / "filings.csv").write_text(
        "report_id,contestant_id,report_type,period_start,period_end\nF,SM-1,final,2023-02-18,2023-03-19\nG,NOBODY,final,2023-02-18,2023-03-19\n",
        encoding="utf-8",
    )
    answer = made(tmp_path)
    assert {one.table: (one.rows, one.read, one.unread) for one in answer.inputs} == {
        "reports": (1, 1, 0),
        "contestants": (3, 1, 2),
        "filings": (2, 1, 1),
    }
    assert [(one.table, one.row) for one in answer.rejected] == [("contestants", 3), ("contestants", 4), ("filings", 3)]


def test_only_the_rows_of_the_contestants_asked_for(tmp_path):
    bad = [*GOOD[:4], "5,5,5", *GOOD[5:]]
    other = ["SM-2", *bad[1:]]
    with (tmp_path / "reports.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADING, bad, other])
    assert [one.row for one in made(tmp_path / "reports.csv", scope=Scope(contestants=("SM-2",))).rejected] == [3]


def test_the_file_of_rejected_rows(tmp_path):
    """In the file's own columns, with file, row and reason in front; formulas harmless, numbers as they are."""
    bad = ["SM-1", "single_mandate", "2023-03-01", "donation", "-5", "individual", "=cmd|' /C calc'!A0", "900101300017", "+7 701"]
    with (tmp_path / "reports.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADING, GOOD, bad, [*GOOD, "@SUM(A1)", "ещё"]])
    target = tmp_path / "rejected.csv"
    result = CliRunner().invoke(
        cli,
        ["check", str(tmp_path / "reports.csv"), "--rejected", str(target), "--lang", "ru", "--as-of", "2023-04-15", "--select", "DON-001"],
        standalone_mode=False,
    )
    assert result.return_value == 1
    heading, *rows = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert heading == ["файл", "лист", "строка", "причина", *HEADING, "", ""]
    assert [row[2] for row in rows] == ["3", "4"]
    assert rows[0][4:] == [
        "SM-1",
        "single_mandate",
        "2023-03-01",
        "donation",
        "-5",
        "individual",
        "'=cmd|' /C calc'!A0",
        "900101300017",
        "+7 701",
        "",
        "",
    ]
    assert rows[1][-3:] == ["'=1+1", "'@SUM(A1)", "ещё"]
    assert "«-5»" in rows[0][3]
    assert "3 строки = прочитано 1 + не прочитано 2" in " ".join(result.output.split())


def test_a_day_of_a_workbook_is_a_day_in_the_file_of_rejected_rows(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "reports.xlsx"), {"default_date_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("reports")
    sheet.write_row(0, 0, HEADING)
    sheet.write_row(
        1, 0, [date(2023, 3, 1) if name == "date" else "x" if name == "amount" else cell for name, cell in zip(HEADING, GOOD, strict=True)]
    )
    book.close()
    (rejected,) = made(tmp_path / "reports.xlsx").rejected
    assert rejected.cells[HEADING.index("date")] == "2023-03-01"


def test_files_of_one_form_share_their_columns(tmp_path):
    bad = [*GOOD[:4], "нет", *GOOD[5:]]
    for name, heading in (("a.csv", HEADING), ("b.csv", HEADING), ("c.csv", [*HEADING[:-1], "note"])):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([heading, bad])
    heading, *rows = list(csv.reader(io.StringIO(as_csv(made(tmp_path).rejected, WORDS).removeprefix("\ufeff"))))
    assert heading == ["file", "sheet", "row", "reason", *HEADING, "note"]
    assert [row[0] for row in rows] == ["a.csv", "b.csv", "c.csv"]
    assert rows[2][-2:] == ["", "'=1+1"]


def test_a_statement_line_without_its_account_is_a_problem_of_its_row(tmp_path):
    (tmp_path / "reports.csv").write_text(",".join(HEADING) + "\n" + ",".join(GOOD) + "\n", encoding="utf-8")
    (tmp_path / "statement.csv").write_text(
        "fund_account,date,direction,amount\n,2023-03-01,in,5\nKZ00,2023-03-01,in,5\n", encoding="utf-8"
    )
    answer = made(tmp_path)
    assert [(p.code, p.row, p.column, p.value) for p in answer.problems] == [
        ("INP-002", 2, "fund_account", ""),
        ("INP-006", 3, "fund_account", "KZ00"),
    ]
    assert {one.table: (one.rows, one.read, one.unread) for one in answer.inputs}["statement"] == (2, 1, 1)
