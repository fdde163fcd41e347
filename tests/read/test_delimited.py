import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import wording
from auditor.errors import CannotRead
from auditor.normalise.report_file import read_lines
from auditor.read import delimited
from auditor.read.candidates import Candidate
from auditor.read.instructions import Instructions
from auditor.read.sources import receive
from auditor.read.text_table import BLANK, RAGGED, ROW
from auditor.rulebook.load import load

ASKED = Instructions({}, wording.load("en"))
HEADING = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_name"]
BROKEN = Path(__file__).parent.parent.parent / "sample_data" / "broken"


def rows_of(table):
    frame = table.frame.collect()
    return frame.filter(~frame[BLANK] | frame[RAGGED].is_not_null()).select(ROW, RAGGED, *HEADING).rows()


def read(path, monkeypatch=None, streamed=False):
    if streamed:
        monkeypatch.setattr(delimited, "STREAM_FROM_BYTES", 1)
    return delimited.read(path, path.name, ASKED, "reports")


# Cells of every trouble a delimited file can carry; a quoted line break is for the exact parser, which the streaming one calls.
CELL = st.text(st.sampled_from(list('аЖ z9"«,;\t.') + ["\n"]), max_size=6)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(CELL, min_size=5, max_size=8), max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_the_streaming_parser_reads_what_the_exact_one_reads(records, newline, bom):
    import tempfile

    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=newline)
    writer.writerow(HEADING)
    writer.writerows(records)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "reports.csv"
        path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode())
        exact = read(path)
        with pytest.MonkeyPatch.context() as patch:
            streamed = read(path, patch, streamed=True)
            assert rows_of(streamed) == rows_of(exact)
            if streamed.coded is not None:  # not where the exact parser was called
                again = replace(streamed, frame=streamed.coded.frame.with_columns(pl.col(*streamed.coded.columns).cast(pl.String)))
                assert rows_of(again) == rows_of(exact)
        expected = [
            (n, None if len(record) == 6 else len(record), *(cell or None for cell in [*record, "", ""][:6]))
            for n, record in enumerate(records, start=2)
            if any(cell.strip() for cell in record)
        ]
        assert [(row, ragged, *cells) for row, ragged, *cells in rows_of(exact)] == expected
        assert exact.sha256 == streamed.sha256


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(data):
    try:
        table = delimited.read(Path("x.csv"), "x.csv", ASKED, "reports", b"contestant_id,contest,date,kind,amount\n" + data)
    except CannotRead as error:
        assert str(error).startswith("x.csv")
        return
    table.frame.collect()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty.csv", "the file is empty"),
        ("column_twice.csv", "the column amount is there twice"),
        ("missing_amount_column.csv", 'the required column amount (closest: "ammount") is missing. Found: contestant_id'),
        ("broken_utf8.csv", "is not UTF-8"),
        ("nul_bytes.csv", "NUL bytes"),
        ("open_quote.csv", "row 3: a quotation mark is opened and never closed"),
    ],
)
def test_files_that_cannot_be_read(name, said):
    with pytest.raises(CannotRead) as error:
        read(BROKEN / name)
    assert said in str(error.value)
    assert name in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "kz1048"])
def test_letters(encoding, tmp_path):
    name = "Ақын Ғалым Өтеген" if encoding != "cp1251" else "Иванов Пётр"
    path = tmp_path / "reports.csv"
    path.write_bytes((",".join(HEADING) + f"\nSM-1,single_mandate,2023-03-01,donation,5,{name}\n").encode(encoding))
    table = read(path)
    assert table.frame.collect()["counterparty_name"].to_list() == [name]


def test_letters_of_no_known_page_are_refused(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_bytes((",".join(HEADING) + "\nSM-1,x,y,z,5,").encode() + "Иванов Пётр".encode("koi8-r") + b"\n")
    with pytest.raises(CannotRead, match="letters make no sense"):
        read(path)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_line_ends_and_delimiters(newline, delimiter, tmp_path):
    path = tmp_path / "reports.csv"
    lines = [
        HEADING,
        ["SM-1", "single_mandate", "2023-03-01", "donation", "5", "А"],
        [],
        ["SM-1", "single_mandate", "2023-03-01", "donation", "6", "Б"],
    ]
    path.write_bytes(newline.join(delimiter.join(line) for line in lines).encode())
    frame = read(path).frame.collect()
    assert frame.select(ROW, "amount").rows() == [(2, "5"), (4, "6")]


def test_a_quoted_line_break_adds_no_row(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text(",".join(HEADING) + '\nA,b,c,d,5,"two\nlines"\nA,b,c,d,6,z\n', encoding="utf-8")
    assert read(path).frame.collect().select(ROW, "amount").rows() == [(2, "5"), (3, "6")]


def test_a_stray_quote_makes_its_record_a_problem_and_loses_no_row(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text(",".join(HEADING) + '\nA,b,c,d,5,"Ромашка" ТОО\nA,b,c,d,6,ТОО "Ромашка"\nA,b,c,d,7,z\n', encoding="utf-8")
    frame = read(path).frame.collect()
    assert frame.select(ROW, RAGGED, "amount").rows() == [(2, -1, "5"), (3, None, "6"), (4, None, "7")]


def test_a_large_file_that_came_by_itself_has_the_day_it_came(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "STREAM_FROM_BYTES", 1)
    path = tmp_path / "reports.csv"
    path.write_text("contestant_id,contest,date,kind,amount\nSM-1,single_mandate,2023-03-01,donation,5\n")
    (table,) = receive([Candidate(path, "a.csv", None, optional=False, received_on=date(2023, 3, 29))], ["a.csv"], ASKED).tables
    typed = read_lines(table, 0, load("kz/majilis-2023").vocabulary, {}, {}, tmp_path, ASKED.say)
    assert typed.scan.select("received_on", "readable").collect().rows() == [(date(2023, 3, 29), True)]


@pytest.mark.parametrize("amount", ["7\u00a0000\u00a0000,00", "700\u00a0000"])
@pytest.mark.parametrize("encoding", ["cp1251", "kz1048", "cp866"])
def test_a_no_break_space_within_amounts_is_no_letter_of_another_code_page(amount, encoding, tmp_path):
    """It is the only byte beyond ASCII that an export in English has; of cp866, or of cp1251, that byte is a letter."""
    path = tmp_path / "r.csv"
    path.write_bytes(f"contestant_id;contest;date;kind;amount\r\nA;single_mandate;2023-03-01;own_funds;{amount}\r\n".encode(encoding))
    (table,) = receive([Candidate(path, "r.csv", None, optional=False)], ["r.csv"], ASKED).tables
    assert table.frame.collect()["amount"].to_list() == [amount]


@pytest.mark.parametrize(("cell", "encoding"), [("5ш", "cp1251"), ("1а", "cp866"), ("5я", "cp1251"), ("7000\u00a0", "cp1251")])
def test_a_letter_beside_a_digit_may_be_one_and_the_file_is_asked_about(cell, encoding, tmp_path):
    path = tmp_path / "r.csv"
    path.write_bytes(f"contestant_id;contest;date;kind;amount\r\n{cell};single_mandate;2023-03-01;own_funds;5\r\n".encode(encoding))
    with pytest.raises(CannotRead, match="two ways"):
        receive([Candidate(path, "r.csv", None, optional=False)], ["r.csv"], ASKED)


def test_letters_between_digits_are_read_where_nothing_else_makes_sense(tmp_path):
    path = tmp_path / "r.csv"
    path.write_bytes("contestant_id;contest;date;kind;amount\r\n3х6;single_mandate;2023-03-01;own_funds;5\r\n".encode("cp1251"))
    (table,) = receive([Candidate(path, "r.csv", None, optional=False)], ["r.csv"], ASKED).tables
    assert table.frame.collect()["contestant_id"].to_list() == ["3х6"]
