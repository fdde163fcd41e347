"""A table of another ending, or of none, in a folder or an archive is read; what is hidden or no table is named."""

import zipfile
from datetime import date

import pytest

from auditor.errors import CannotRead
from auditor.rulebook.load import load
from auditor.wording import load as words_of
from auditor.workflow import Request, audit

LAW, WORDS = load("kz/majilis-2023"), words_of("en")
HEADING = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_type", "counterparty_name"]
RUSSIAN = ["Код участника", "Вид выборов", "Дата операции", "Вид операции", "Сумма (тенге)", "Тип контрагента", "Контрагент"]
CLEAN = ["SM-2", "single_mandate", "2023-03-01", "donation", "5", "individual", "Асан"]
OVER = ["SM-1", "single_mandate", "2023-03-01", "donation", "8000000", "individual", "Асан"]


def table(heading, line, mark="\t"):
    return f"{mark.join(heading)}\n{mark.join(line)}\n"


def made_of(folder):
    return audit(Request([str(folder)], date(2023, 4, 15), select=["DON-001"]), LAW, WORDS)


@pytest.mark.parametrize("name", ["SM-1.txt", "SM-1.tab", "SM-1.PRN", "SM-1.dat", "SM-1.log", "SM-1"])
@pytest.mark.parametrize("archive", [False, True])
def test_a_table_of_another_ending_is_read(tmp_path, name, archive):
    folder = tmp_path / "filed"
    folder.mkdir()
    (folder / "reports.csv").write_text(table(HEADING, CLEAN, ","), encoding="utf-8")
    (folder / name).write_text(table(HEADING, OVER), encoding="utf-8")
    given = folder
    if archive:
        given = tmp_path / "filed.zip"
        with zipfile.ZipFile(given, "w") as packed:
            for path in folder.iterdir():
                packed.write(path, path.name)
    made = made_of(given)
    assert {one.contestant_id for one in made.contestants} == {"SM-1", "SM-2"}
    assert [one.contestant_id for one in made.findings] == ["SM-1"]
    assert not made.passed_over


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251", "kz1048", "cp866"])
@pytest.mark.parametrize("mark", ["\t", ";"])
def test_in_whatever_letters_and_below_a_title(tmp_path, encoding, mark):
    (tmp_path / "reports.csv").write_text(table(HEADING, CLEAN, ","), encoding="utf-8")
    (tmp_path / "отчёт.txt").write_bytes(("Отчёт кандидата\n\n" + table(RUSSIAN, OVER, mark)).encode(encoding))
    assert [one.contestant_id for one in made_of(tmp_path).findings] == ["SM-1"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        ",".join(HEADING).encode() + b"\nThese are the columns of reports.csv; see the form.\n",
        (",".join(HEADING) + "\n").encode(),
        b"\0\1\2" * 50,
        b"\xff\xfe",
        b"contestant_id\n",
        "Сумма; дата; вид операции".encode(),
        b'"' * 5_000,
        b"\x98\x98\x98\n",
        b"a,b\n" * 99,
    ],
)
def test_what_is_no_table_is_named_and_stops_nothing(tmp_path, content):
    (tmp_path / "reports.csv").write_text(table(HEADING, CLEAN, ","), encoding="utf-8")
    (tmp_path / "readme.txt").write_bytes(content)
    made = made_of(tmp_path)
    assert (made.rows, list(made.passed_over)) == (1, ["readme.txt"])


def test_hidden_tables_are_named(tmp_path):
    (tmp_path / "reports.csv").write_text(table(HEADING, CLEAN, ","), encoding="utf-8")
    for name in (
        ".reports.csv",
        ".kept/reports.csv",
        "~$reports.xlsx",
        "._reports.csv",
        ".git/reports.csv",
        "__MACOSX/reports.csv",
        ".env",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(table(HEADING, OVER, ","), encoding="utf-8")
    made = made_of(tmp_path)
    assert (made.rows, sorted(made.passed_over)) == (1, [".kept/reports.csv", ".reports.csv"])
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for name in ("reports.csv", ".reports.csv", "._reports.csv", "__MACOSX/reports.csv", ".env"):
            packed.write(tmp_path / name, name)
    assert [one.rsplit("all.zip")[-1] for one in made_of(tmp_path / "all.zip").passed_over] == ["/.reports.csv"]


def test_a_text_in_an_archive_that_cannot_be_unpacked_stops_nothing(tmp_path):
    """It was not expected to be a table; one that is named like a table was."""
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("reports.csv", table(HEADING, CLEAN, ","))
        made.writestr("LICENSE", "as is, without warranty")
    packed.write_bytes(packed.read_bytes().replace(b"as is, without warranty", b"as is, without warrantz"))
    made = made_of(packed)
    assert (made.rows, [one.rsplit("/")[-1] for one in made.passed_over]) == (1, ["LICENSE"])
    packed.write_bytes(packed.read_bytes().replace(b"SM-2", b"SM-3"))
    with pytest.raises(CannotRead, match="reports.csv"):
        made_of(packed)
