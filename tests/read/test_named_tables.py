"""A file that was named for one table gives that one alone, whatever else it holds: no line of it counts twice."""

import io
import json
import zipfile

import pytest
import xlsxwriter

REPORTS = (
    ("contestant_id", "contest", "report_type", "date", "kind", "amount", "counterparty_type", "counterparty_name", "counterparty_id"),
    ("SM-1", "single_mandate", "final", "2023-03-01", "donation", "5000000", "individual", "A", "900101300017"),
)
CANDIDATES = (("candidate_id", "name", "contestant_id", "sex"), ("900101300017", "Aa", "SM-1", "f"))
TABLES = {"reports": REPORTS, "candidates": CANDIDATES}


def text(table):
    return "\n".join(",".join(row) for row in table) + "\n"


@pytest.fixture
def told(tmp_path, run, monkeypatch):
    """Exit status, tables read by file and sheet, what was passed over, and sums of DON-001 of an answer; or what was refused."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports.csv").write_text(text(REPORTS), encoding="utf-8")
    (tmp_path / "more.csv").write_text(text(REPORTS), encoding="utf-8")
    (tmp_path / "folder").mkdir()
    for name in ("all.zip", "folder/all.zip"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for table, rows in TABLES.items():
                archive.writestr(f"{table}.csv", text(rows))
    for name in ("all.xlsx", "folder/all.xlsx"):
        with xlsxwriter.Workbook(tmp_path / name) as book:
            for table, rows in TABLES.items():
                sheet = book.add_worksheet(table)
                for n, row in enumerate(rows):
                    sheet.write_row(n, 0, row)

    def of(*options):
        status, said, wrong = run("check", *options, "--as-of", "2023-04-15", "--format", "json", "--lang", "en", "--fail-on", "never")
        if status:
            return status, wrong
        made = json.loads(said)
        read = sorted((one["table"], one["file"], one["sheet"]) for one in made["inputs"])
        return read, made["passed_over"], [one["measured"] for one in made["findings"] if one["rule"] == "DON-001"]

    return of


OF_CSV = ("reports", "reports.csv", None)


def test_of_an_archive_or_workbook_only_the_named_table_is_read(told):
    assert told("reports.csv", "--candidates", "all.zip") == (
        [("candidates", "all.zip/candidates.csv", None), OF_CSV],
        ["all.zip/reports.csv"],
        [],
    )
    assert told("reports.csv", "--candidates", "all.xlsx") == (
        [("candidates", "all.xlsx", "candidates"), OF_CSV],
        ["all.xlsx, reports"],
        [],
    )


@pytest.mark.parametrize("given", ["all.zip", "all.xlsx", "folder/all.zip", "folder/all.xlsx"])
def test_a_file_that_is_given_and_named_is_read_for_both(told, given):
    read, passed_over, over = told(given, "--candidates", given)
    assert ([table for table, *_ in read], passed_over, over) == (["candidates", "reports"], [], [])


def test_a_file_of_a_folder_that_is_named_is_read_for_both(told, tmp_path):
    (tmp_path / "folder" / "all.zip").unlink()
    read, passed_over, over = told("folder", "--candidates", "folder/all.xlsx")
    assert (read, passed_over, over) == ([(table, "folder/all.xlsx", table) for table in ("candidates", "reports")], [], [])


@pytest.mark.parametrize(("given", "named"), [("folder", "folder/all.xlsx"), ("all.xlsx", "all.xlsx"), ("all.zip", "all.zip")])
def test_a_file_that_was_given_and_named_is_verified(run, told, tmp_path, given, named):
    (tmp_path / "folder" / "all.zip").unlink()
    said = run("check", given, "--candidates", named, "--as-of", "2023-04-15", "--format", "json", "--lang", "en")[1]
    (tmp_path / "published.json").write_text(said, encoding="utf-8")
    status, answer, _ = run("verify", "published.json", given, "--lang", "en")
    assert (status, answer.splitlines()[-1][:6]) == (0, "AGREES"), answer


@pytest.mark.parametrize("named", ["all.zip", "all.xlsx", "more.csv"])
def test_a_file_without_the_table_that_it_was_named_for_is_refused(told, named):
    assert told("reports.csv", "--contestants", named) == (2, f"{named}: none of its tables is the table contestants.\n")


@pytest.mark.parametrize("name", ["all.zip", "all.xlsx"])
def test_by_standard_input_every_table_of_a_file_is_read_as_from_the_file(told, tmp_path, monkeypatch, name):
    with (tmp_path / name).open("rb") as source:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(source))
        read, passed_over, _ = told("-")
    expected, none, _ = told(name)
    assert ([(table, file.replace("-", name, 1), sheet) for table, file, sheet in read], passed_over) == (expected, none)
    assert [table for table, *_ in expected] == ["candidates", "reports"]


@pytest.mark.parametrize("named", ["all.zip", "all.xlsx"])
def test_what_was_left_aside_is_left_aside_when_it_is_verified(told, run, tmp_path, named):
    assert told("reports.csv", "--candidates", named)[1]
    said = run("check", "reports.csv", "--candidates", named, "--as-of", "2023-04-15", "--format", "json", "--lang", "en")[1]
    (tmp_path / "published.json").write_text(said, encoding="utf-8")
    status, answer, _ = run("verify", "published.json", "reports.csv", named, "--lang", "en")
    assert (status, answer.splitlines()[-1][:6]) == (0, "AGREES")
