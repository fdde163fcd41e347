"""The letters tell in which code page a text is; where two readings make sense, the auditor is asked."""

from pathlib import Path

import pytest

from auditor import wording
from auditor.errors import CannotRead
from auditor.read import delimited
from auditor.read.instructions import Instructions, Stated

WORDS = wording.load("en")
HEADING = "contestant_id;contest;date;kind;amount;counterparty_name\n"
RUSSIAN = "Ёлкин Пётр Щербакович; Эльза Юрьевна Царицына; Хан Жанна"
KAZAKH = "Қасымов Ғалым Әлібекұлы; Өтегенова Ұлжан Үсенқызы; Ыбырай Іңкәр Шаһмардан; Ахметов Ерлан"


def written(folder: Path, names: str, codec: str) -> Path:
    path = folder / "reports.csv"
    lines = "".join(f"SM-1;single_mandate;2023-03-01;donation;5000,00;{name.strip()}\n" for name in names.split(";"))
    path.write_bytes((HEADING + lines).encode(codec))
    return path


def names_of(path, encoding=None):
    table = delimited.read(path, path.name, Instructions({}, WORDS, Stated(encoding=encoding)), "reports")
    return table.read_as.encoding, table.frame.collect()["counterparty_name"].to_list()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "kz1048", "ptcp154", "cp866"])
def test_russian_names(tmp_path, codec):
    assert names_of(written(tmp_path, RUSSIAN, codec))[1] == [name.strip() for name in RUSSIAN.split(";")]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "kz1048", "ptcp154"])
def test_kazakh_names(tmp_path, codec):
    encoding, names = names_of(written(tmp_path, KAZAKH, codec))
    assert names == [name.strip() for name in KAZAKH.split(";")]
    assert encoding == codec


@pytest.mark.parametrize("letter", "ӘҒҚҢӨҰҮҺІәғқңөұүһі")
@pytest.mark.parametrize("codec", ["kz1048", "ptcp154"])
def test_one_kazakh_letter_is_read_right_or_asked_about(tmp_path, letter, codec):
    path = written(tmp_path, f"Ахметов {letter}", codec)
    try:
        encoding, names = names_of(path)
    except CannotRead as asked:
        assert "--encoding" in asked.mistakes[0]
        encoding, names = names_of(path, codec)
    assert names == [f"Ахметов {letter}"]
    assert encoding != "cp1251" or letter in "Іі"  # cp1251 has these two, at the same places as kz1048


@pytest.mark.parametrize("stated", ["cp1251", "kz1048", "cp866", "cp1250", "cp1252"])
def test_a_file_that_tells_utf_8_is_read_so_whatever_was_stated_of_all(tmp_path, stated):
    assert names_of(written(tmp_path, "Müller Jörg; Ёлкин Пётр", "utf-8"), stated) == ("utf-8", ["Müller Jörg", "Ёлкин Пётр"])


def test_what_is_said_goes_before_what_is_guessed(tmp_path):
    assert names_of(written(tmp_path, RUSSIAN, "cp1251"), "kz1048")[0] == "kz1048"
    with pytest.raises(CannotRead, match="is not utf-8"):
        names_of(written(tmp_path, RUSSIAN, "cp1251"), "utf-8")


def test_letters_that_make_no_sense(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_bytes(HEADING.encode() + b"SM-1;single_mandate;2023-03-01;donation;5;\xff\xfe\x81\x98\x90\n")
    with pytest.raises(CannotRead, match="make no sense"):
        names_of(path)


def test_what_is_said_goes_before_what_is_guessed_of_a_streamed_file_too(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "STREAM_FROM_BYTES", 1)
    path = written(tmp_path, RUSSIAN, "cp1251")
    assert names_of(path)[0] == "cp1251"
    with pytest.raises(CannotRead, match="is not utf-8"):
        names_of(path, "utf-8")
