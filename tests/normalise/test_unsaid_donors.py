"""Donors who are nobody, and donors whose letters were lost before the file came: they are told, and nobody is accused for it."""

from datetime import date

import pytest
from sizes import as_large

from auditor.render.data import document
from auditor.rulebook.load import load
from auditor.wording import LANGUAGES
from auditor.wording import load as words
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id"
NOBODY = [
    "аноним", "Анонимное пожертвование", "ANONYMOUS", "Без имени", "белгісіз адам", "***", "___", "?", ". .",
    "\u200b", "\u00ad", "\u3164", "\u2800", "\u0301", "\U000e0020",
]  # fmt: skip
LOST = [
    "?????? ????",
    "\ufffd\ufffd\ufffd \ufffd",
    "?лия С?рсенова",
    "Сейд\ufffdл",
    "РџРµС‚СЂРѕРІ РџС‘С‚СЂ",
    "Ð˜Ð²Ð°Ð½Ð¾Ð²",
    "Èâàíîâ Ñåì¸í",
]
NAMES = [
    "Петров Пётр",
    "ТОО «Восток» №5",
    "О'Коннор",
    "Сейітқали Ұлжан",
    "РІСІБЕК СІРІ",
    "Кім? Ким",
    "Қ",
    "7-й канал",
    "王力宏",
    "Müller Jürgen",
    "Ñandú",
    "Éléonore Åse",
    "СССР",
    "Что? Где? Когда?",
]


def told(folder, *names, ids=None, lang="en"):
    lines = [f'SM-1,single_mandate,2023-02-21,donation,4000000,individual,"{name}",{ids or ""}' for name in names]
    (folder / "reports.csv").write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
    return document(audit(Request([str(folder)], date(2023, 4, 15)), LAW, words(lang)))


@pytest.mark.parametrize("name", NOBODY)
def test_a_name_that_names_nobody_is_told(name, tmp_path):
    (one,) = told(tmp_path, name, name)["problems"]
    assert (one["code"], one["row"], one["column"], one["value"]) == ("INP-002", 2, "counterparty_name", name)
    assert "names nobody" in one["message"] and one["message"].endswith("in the file: 2.")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LOST)
def test_letters_that_were_lost_are_told_once_for_a_contestant(name, lang, tmp_path):
    (one,) = told(tmp_path, "Ким Ли", name, name + " 2", lang=lang)["problems"]
    assert (one["code"], one["row"], one["column"], one["value"]) == ("INP-002", 3, "counterparty_name", name)
    assert one["message"].endswith(": 2.")


@pytest.mark.parametrize("name", NAMES)
def test_an_ordinary_name_is_not(name, tmp_path):
    assert told(tmp_path, name)["problems"] == []


def test_whoever_has_an_id_is_told_by_it(tmp_path):
    assert told(tmp_path, *NOBODY, *LOST, ids="900101300017")["problems"] == []


def test_a_large_file_says_the_same(tmp_path):
    small = told(tmp_path, *NAMES, *NOBODY, *LOST)
    with as_large(held=1):
        assert told(tmp_path, *NAMES, *NOBODY, *LOST) == small
