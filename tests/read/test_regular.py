"""What is found in the bytes of a large file must be what a CSV parser would find."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.read.delimited import scan
from auditor.read.uniform_lines import Regular


def look(lines):
    regular = Regular(lines[0])
    for line in lines:
        regular.feed(line)
    return regular


def lines_of(data):
    return data.splitlines(keepends=True)


@settings(max_examples=500)
@given(st.lists(st.text(st.sampled_from(list('aЖ",; \r')), max_size=9), min_size=1, max_size=6), st.booleans())
def test_what_is_called_regular_is_so(lines, end):
    text = "a,b,c\n" + "\n".join(lines) + "\n" * end
    regular = look(lines_of(text.encode()))
    if regular.records is not None and "\r" not in text:
        read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert [len(record) for record in read] == [3] * regular.records
        assert all(line.strip() for line in text.removesuffix("\n").split("\n"))


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.text(st.sampled_from(list('aЖ",; ')), max_size=5), min_size=4, max_size=4), max_size=15),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([",", ";", "\t"]),
    st.booleans(),
)
def test_what_a_program_writes_is_regular(records, newline, delimiter, mark):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(["a", "b", "c", "d"])
    writer.writerows(records)
    regular = Regular(b"\xef\xbb\xbf" * mark + f"a{delimiter}b{delimiter}c{delimiter}d{newline}".encode())
    regular.feed(b"\xef\xbb\xbf" * mark + out.getvalue().encode())
    assert (regular.delimiter, regular.width, regular.records) == (delimiter, 4, len(records) + 1)


@pytest.mark.parametrize(
    "line",
    [
        b"1,2", b"1,2,3,4", b"", b"1,,", b'1,"2,3', b'1,a"2",3', b'1,"2"a,3', b'1,"2" ,3', b'"1,2,3"', b'1,"",3"', b"1,2,\xd0", b"1,2,\xff3",
    ],
)  # fmt: skip
def test_one_line_among_many(line):
    lines = [b"a,b,c\n", b"1,2,3\n" * 50, line + b"\n", b'4,"5, ""6""",7\n' * 2]
    assert look(lines).records == (54 if line == b"1,," else None)


def test_many_quotes_are_for_the_parser():
    assert look([b"a,b\n", b'"1","2"\n' * 10]).records == 11  # few lines are no matter
    assert look([b"a,b\n", b'"1","2"\n' * 100]).records is None


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_file_in_pieces(end, monkeypatch):
    monkeypatch.setattr("auditor.read.delimited._CHUNK", 7)
    found = scan(io.BytesIO(b"a,b\r\n" + b"\r\n".join([b"1,22222"] * 9) + end), large=True)
    assert (found.regular.records, found.has_bare_cr) == (10, False)
    assert scan(io.BytesIO(b"a,b\r\n1,2\r3,4\n"), large=True).has_bare_cr
    assert scan(io.BytesIO(b"a,b\n1,2\n")).regular is None
