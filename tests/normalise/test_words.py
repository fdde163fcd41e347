"""Codes written in words, in Russian and Kazakh, are the codes; other words stay a problem. One filing in words, the same findings."""

from datetime import date
from pathlib import Path

import pytest

from auditor import wording
from auditor.render.data import document
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
WORDS = wording.load("en")
HEADING = {
    "en": "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id,payment_method,category",
    "ru": "Код участника;Вид выборов;Дата;Вид операции;Сумма (тенге);Категория жертвователя;Контрагент;ИИН/БИН;Форма;Статья расходов",
    "kk": "Қатысушы коды;Сайлау түрі;Күні;Операция түрі;Сомасы (теңге);Контрагент түрі;Алушы;ЖСН/БСН;Нысаны;Шығыс түрі",
}
LINES = {
    "en": [
        "SM-1,single_mandate,2023-03-01,donation,7000000.01,individual,A,900101300017,bank_transfer,",
        "SM-1,single_mandate,2023-03-02,expenditure,500.00,organisation,B,,cash,outdoor",
        "SM-1,single_mandate,2023-03-03,donation_refund,1.00,individual,A,900101300017,bank_transfer,",
    ],
    "ru": [
        "SM-1;Одномандатный округ;01.03.2023;Пожертвование;7 000 000,01;Физическое лицо;A;900101300017;Перевод;",
        "SM-1;одномандатный;02.03.2023;РАСХОД;500,00;юридическое лицо;B;;наличные;Наружная реклама",
        "SM-1;Одномандатный;03.03.2023;Возврат пожертвования;1;гражданин;A;900101300017;безналичный;",
    ],
    "kk": [
        "SM-1;Бірмандаттық округ;01.03.2023;Ерікті қайырмалдық;7 000 000,01;Жеке тұлға;A;900101300017;Аударым;",
        "SM-1;бірмандаттық;02.03.2023;шығыс;500,00;Ұйым;B;;Қолма-қол;Сыртқы жарнама",
        "SM-1;бірмандаттық;03.03.2023;Қайырмалдықты қайтару;1;азамат;A;900101300017;аударым;",
    ],
}


def made(folder: Path, lang: str):
    (folder / "reports.csv").write_text("\n".join([HEADING[lang], *LINES[lang]]) + "\n", encoding="utf-8")
    done = document(audit(Request([str(folder / "reports.csv")], date(2023, 4, 15)), LAW, WORDS))
    for finding in done["findings"]:
        for place in (*finding["rows"], *([finding["crossing"]] if finding["crossing"] else [])):
            del place["file"]
    return done["findings"], done["problems"]


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_a_filing_in_words_gives_the_same_findings(tmp_path, lang):
    expected, none = made(tmp_path, "en")
    assert none == []
    assert {finding["rule"] for finding in expected} >= {"DON-003", "ACC-003"}
    assert made(tmp_path, lang) == (expected, [])


def test_another_word_is_a_problem(tmp_path):
    LINES["odd"], HEADING["odd"] = [LINES["ru"][0].replace("Пожертвование", "Подарок")], HEADING["ru"]
    _, problems = made(tmp_path, "odd")
    assert [(one["code"], one["column"], one["value"]) for one in problems] == [("INP-004", "kind", "Подарок")]


def test_no_word_means_two_codes_and_none_is_a_code():
    for column, several in LAW.vocabulary.words.items():
        words = [word for code in several.values() for word in code]
        assert len(LAW.vocabulary.codes_in_words(column)) == len(words), column
        assert not {word.lower() for word in words} & set(several)


def test_words_of_the_form_before_its_kazakh_was_corrected_are_read_on(tmp_path):
    """Whoever filled in the workbook of a month ago has them in it."""
    (tmp_path / "reports.csv").write_text(
        "contestant_id;contest;date;kind;amount;payment_method;funding_source;category\n"
        "PL-1;Партиялық тізім;2023-03-01;Меншікті қаражат;5;Аударым;Партияның меншікті қаражаты;\n"
        "PL-1;Партиялық тізім;2023-03-02;Шығыс;1;Аударым;;Теледидар\n"
        "PL-1;Партиялық тізім;2023-03-02;Шығыс;2;Аударым;;Көпшілік іс-шаралар\n"
        "SM-1;Бірмандаттық округ;2023-03-02;Меншікті қаражат;1;Аударым;;\n",
        encoding="utf-8",
    )
    (tmp_path / "filings.csv").write_text(
        "contestant_id;report_id;report_type;period_start;period_end;Меншікті қаражат (теңге)\nPL-1;R;final;2023-02-18;2023-03-20;6\n",
        encoding="utf-8",
    )
    done = audit(Request([str(tmp_path)], date(2023, 4, 15), lines=True), LAW, WORDS)
    assert list(done.problems) == []
    contents = [line.content for line in done.lines]
    assert {one.get("funding_source") for one in contents} == {None, "own_resources"}
    assert {one.get("category") for one in contents} == {None, "television", "public_events"}
    (filings,) = [one for one in done.inputs if one.table == "filings"]
    assert "own_funds" in filings.aliases
