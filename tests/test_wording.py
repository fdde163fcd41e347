"""The sentences in Kazakh, Russian and English: nothing missing, nothing left over, numbers and days as each language writes them."""

import io
import re
import string
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from catalogues import FOLDER, GROUPED, NOT_WORDS, catalogue, english_in, file, sentences

from auditor.errors import BadUsage
from auditor.rulebook.describe import criteria_of, describe
from auditor.rulebook.load import load as load_rulebook
from auditor.wording import LANGUAGES, load

ROOT = Path(__file__).parent.parent
PARTS = sorted({key.partition(".")[0] for key in sentences("en")})
FORMS = {"en": 2, "ru": 3, "kk": 2}
RULEBOOKS = {"kz": load_rulebook("kz/majilis-2023"), "atlantis": load_rulebook(ROOT / "tests" / "rulebook" / "atlantis" / "council-2031")}
# In every language: names of options and formats, codes, columns, and what is never translated.


def placeholders(text):
    fields = [(field, spec, conversion) for _, field, spec, conversion in string.Formatter().parse(text) if field is not None]
    assert all(field.isidentifier() and not spec and not conversion for field, spec, conversion in fields), text
    return {field for field, _, _ in fields}


def of(lang, part):
    return {key: forms for key, forms in sentences(lang).items() if key.startswith(f"{part}.")}


def test_there_is_a_catalogue_of_each_language_and_nothing_else():
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()} == {
        f"{lang}/LC_MESSAGES/audit.{suffix}" for lang in LANGUAGES for suffix in ("po", "mo")
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_program_reads_was_made_of_what_people_read(lang):
    made = io.BytesIO()
    write_mo(made, catalogue(lang))
    assert made.getvalue() == file(lang, ".mo").read_bytes(), "run `make wording`"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_marked_as_unsure_and_so_left_out(lang):
    """gettext leaves `fuzzy` sentences out of the compiled catalogue; what a native reader should look at says DOUBT in a comment."""
    assert [message.id for message in catalogue(lang) if message.fuzzy] == []
    assert dict(catalogue(lang).obsolete) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_languages_have_the_same_keys_in_the_same_order(lang):
    assert list(sentences(lang)) == list(sentences("en"))


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_a_translation_is_one_of_the_english_as_it_is_now(lang):
    """A sentence whose English was changed after it was translated would be missing on the page, and is named here."""
    english = {}
    for message in catalogue("en"):
        if message.id:
            english[message.id if isinstance(message.id, str) else message.id[0]] = message.string
    assert {message.context: message.id for message in catalogue(lang) if message.id} == english


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_has_one_form_or_all_of_its_language(lang):
    assert catalogue(lang).num_plurals == FORMS[lang]
    assert {key: forms for key, forms in sentences(lang).items() if len(forms) not in (1, FORMS[lang])} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_has_plural_forms_can_be_said_of_every_number(lang):
    words = load(lang)
    several = {key: forms for key, forms in sentences(lang).items() if len(forms) > 1}
    assert len(several) > 50
    for key, forms in several.items():
        assert {words.sentence(key, n) for n in (0, 1, 2, 5, 11, 21, 112, 1_000_001)} == set(forms), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_sentence_without_plural_forms_is_the_same_for_every_number(lang):
    words = load(lang)
    for key, forms in sentences(lang).items():
        if len(forms) == 1:
            assert {words.sentence(key), words.sentence(key, 1), words.sentence(key, 5)} == set(forms), key


def test_a_sentence_has_the_same_placeholders_in_every_language_and_form():
    fields = {}
    for lang in LANGUAGES:
        for key, forms in sentences(lang).items():
            fields.setdefault(key, set()).update(frozenset(placeholders(text)) for text in forms)
    assert {key: said for key, said in fields.items() if len(said) > 1} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_is_empty_or_has_spaces_at_its_ends(lang):
    assert {key for key, forms in sentences(lang).items() for text in forms if not text.strip() or text != text.strip()} == set()


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_no_english_sentence_is_left_in_another_language(lang):
    assert {key: found for key, forms in sentences(lang).items() for text in forms if (found := english_in(text))} == {}


def test_the_rough_check_for_english_finds_english():
    assert english_in("Lines that could not be read: {count}.")
    assert not english_in("{file}: counterparty_type {a} {b} {c} пуст; --format json")
    translated = [key for key, forms in sentences("en").items() if english_in(forms[-1])]
    assert len(translated) > 60


@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_every_sentence_of_words_is_translated(lang):
    english = sentences("en")
    same = {key for key, forms in sentences(lang).items() if set(forms) & set(english[key])}
    assert {key for key in same if re.search("[A-Za-z]{2}", NOT_WORDS.sub("", english[key][-1]))} == set()


def test_only_kazakh_has_kazakh_letters():
    assert not {key for key, forms in sentences("ru").items() if re.search("[әғқңөұүһі]", "".join(forms), re.I)}
    assert not {key for key, forms in sentences("en").items() if re.search("[а-яё]", "".join(forms), re.I)}


@pytest.mark.parametrize("part", PARTS)
def test_every_key_that_the_program_asks_for_is_there(part):
    program = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "auditor").rglob("*.py"))
    asked = {key for key in re.findall(rf'"({part}\.[a-z_]+)"', program) if key.partition(".")[2] not in ("css", "html", "pdf", "sql")}
    assert asked - of("en", part).keys() == set()  # those left out are names of files


# --- numbers ---

MONEY = [
    ("0", "0.00", "0,00"),
    ("-0.00", "0.00", "0,00"),
    ("0.01", "0.01", "0,01"),
    ("999.99", "999.99", "999,99"),
    ("1000", "1 000.00", "1 000,00"),
    ("7000000.01", "7 000 000.01", "7 000 000,01"),
    ("1050000000.00", "1 050 000 000.00", "1 050 000 000,00"),
    ("99999999999999999999999999.99", "99 999 999 999 999 999 999 999 999.99", "99 999 999 999 999 999 999 999 999,99"),
    ("-0.01", "−0.01", "−0,01"),
    ("-1050000.5", "−1 050 000.50", "−1 050 000,50"),
    ("-1000000", "−1 000 000.00", "−1 000 000,00"),
    ("1E+3", "1 000.00", "1 000,00"),
]


@pytest.mark.parametrize(("amount", "point", "comma"), MONEY)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_money(lang, amount, point, comma):
    said = load(lang).money(Decimal(amount))
    assert said == (point if lang == "en" else comma).replace(" ", "\u202f")
    assert load(lang).measure(Decimal(amount)) == said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("number", "said"), [(0, "0"), (1, "1"), (999, "999"), (1000, "1 000"), (1_234_567, "1 234 567")])
def test_counts(lang, number, said):
    assert load(lang).count(number) == said.replace(" ", "\u202f")
    assert load(lang).measure(number) == said.replace(" ", "\u202f")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_negative_count_has_the_sign_of_negative_money(lang):
    words = load(lang)
    assert words.count(-1234)[1:] == "1\u202f234"
    assert words.measure(None) == "–"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_one_minus_sign(lang):
    words = load(lang)
    assert (words.count(-2)[0], words.percent(Decimal("-2"))[0]) == ("−", "−")


@pytest.mark.parametrize(
    ("share", "point"),
    [
        ("0", "0.0"),
        ("5", "5.0"),
        ("99.94", "99.9"),
        ("100", "100.0"),
        ("104.26", "104.3"),
        ("128.57142857", "128.6"),
        ("1234.5", "1\u202f234.5"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_per_cent(lang, share, point):
    assert load(lang).percent(Decimal(share)) == (point if lang == "en" else point.replace(".", ",")) + "\u202f%"


@pytest.mark.parametrize(("measured", "said"), [("49000000.01", "over"), ("48999999.99", "under")])
def test_a_share_just_beside_the_limit_does_not_read_as_the_limit(measured, said):
    assert load("en").percent(Decimal(measured) * 100 / Decimal("49000000.00")) != "100.0\u202f%", said


def test_a_share_of_any_size_can_be_said():
    assert load("en").percent(Decimal("1E+30")).startswith("1\u202f000\u202f000")


def test_a_share_just_below_nothing_has_no_sign():
    assert load("en").percent(Decimal("-0.01")) == "0.0\u202f%"


# --- days ---


@pytest.mark.parametrize(
    ("day", "en", "dots"),
    [
        (date(2023, 2, 18), "18 Feb 2023", "18.02.2023"),
        (date(2023, 4, 3), "3 Apr 2023", "03.04.2023"),
        (date(2023, 12, 31), "31 Dec 2023", "31.12.2023"),
        (date(2024, 2, 29), "29 Feb 2024", "29.02.2024"),
    ],
)
def test_days(day, en, dots):
    assert {lang: load(lang).day(day) for lang in LANGUAGES} == {"en": en, "ru": dots, "kk": dots}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_twelve_months(lang):
    months = load(lang)("common.months").split()
    assert len(months) == len(set(months)) == 12


# --- plural forms ---

RUSSIAN = [
    (0, "нарушений"),
    (1, "нарушение"),
    (2, "нарушения"),
    (4, "нарушения"),
    (5, "нарушений"),
    (11, "нарушений"),
    (12, "нарушений"),
    (14, "нарушений"),
    (21, "нарушение"),
    (22, "нарушения"),
    (25, "нарушений"),
    (100, "нарушений"),
    (101, "нарушение"),
    (111, "нарушений"),
    (112, "нарушений"),
    (114, "нарушений"),
    (122, "нарушения"),
    (1001, "нарушение"),
    (1011, "нарушений"),
]


@pytest.mark.parametrize(("number", "word"), RUSSIAN)
def test_russian_plurals(number, word):
    assert load("ru")("screen.breaches", n=number) == f"{number} {word}"
    assert load("ru")("report.word_breaches", n=number) == word


@pytest.mark.parametrize(
    ("number", "word"), [(0, "breaches"), (1, "breach"), (2, "breaches"), (11, "breaches"), (21, "breaches"), (101, "breaches")]
)
def test_english_plurals(number, word):
    assert load("en")("screen.breaches", n=number) == f"{number} {word}"
    assert load("en")("report.word_breaches", n=number) == word


@pytest.mark.parametrize("number", [0, 1, 2, 5, 11, 21, 112])
def test_kazakh_has_one_form_after_a_number(number):
    assert load("kk")("screen.breaches", n=number) == f"{number} бұзушылық"
    assert load("kk")("report.word_breaches", n=number) == "бұзушылық"


def test_every_plural_of_the_russian_report_differs_by_number_or_says_so_with_a_colon():
    for key, forms in sentences("ru").items():
        if len(forms) > 1:
            assert len(set(forms)) > 1 or ":" in forms[-1] or ".word_" in key or key.endswith(".and_more"), key


# --- the catalogue as a whole ---


def test_a_sentence_that_is_not_there_is_an_error_of_ours():
    with pytest.raises(KeyError):
        load("en")("screen.no_such_sentence")
    with pytest.raises(KeyError):
        load("en")("screen.no_such_sentence", n=1)
    assert "screen.breaches" in load("en")  # has plural forms
    assert "report.title" in load("en")
    assert "screen.no_such_sentence" not in load("en")


def test_a_value_that_looks_like_a_placeholder_is_only_text():
    assert "{row} {0}" in load("en")("check.total_line", word="{row} {0}")


@pytest.mark.parametrize("lang", ["de", "EN", "", "../en"])
def test_a_language_that_is_not_there(lang):
    with pytest.raises(BadUsage, match="choose one of kk, ru, en"):
        load(lang)


# --- the rulebooks ---


@pytest.mark.parametrize("name", RULEBOOKS)
def test_phrases_have_the_same_placeholders_in_three_languages(name):
    said = {key: {lang: placeholders(phrase.in_(lang)) for lang in LANGUAGES} for key, phrase in RULEBOOKS[name].phrases.items()}
    assert {key: fields for key, fields in said.items() if len({frozenset(f) for f in fields.values()}) > 1} == {}


@pytest.mark.parametrize("name", RULEBOOKS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_phrase_can_be_filled_in(name, lang):
    for phrase in RULEBOOKS[name].phrases.values():
        said = phrase.in_(lang).format(measured="1", limit="2", excess="3", subject="4", count="5", reason="6", funds="7")
        assert said.strip() == said and "{" not in said


def texts(rulebook, lang):
    for key, phrase in rulebook.phrases.items():
        yield f"phrase {key}", phrase.in_(lang)
    for key, basis in rulebook.legal_basis.items():
        yield f"legal basis {key}", basis.in_(lang)
    for key, event in rulebook.events.items():
        yield f"event {key}", event.title.in_(lang)
    for key, parameter in rulebook.parameters.items():
        yield f"parameter {key}", parameter.title.in_(lang)
    for rule in rulebook.rules:
        yield f"{rule.id} title", rule.title.in_(lang)
        yield f"{rule.id} criteria", rule.criteria.in_(lang)
    yield "election", rulebook.election.title.in_(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_legal_basis_is_understood_where_it_stands_alone(lang):
    """A finding has one or two of them, and no other finding before it."""
    beside = {"en": "the same ", "ru": "тот же ", "kk": "сол "}[lang]
    for key, basis in RULEBOOKS["kz"].legal_basis.items():
        assert not basis.in_(lang).lower().startswith(beside), key


@pytest.mark.parametrize("name", RULEBOOKS)
@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_a_rule_is_shown_in_the_language_asked_for(name, lang):
    for rule in RULEBOOKS[name].rules:
        shown = describe(RULEBOOKS[name], rule, load(lang))
        assert not english_in(re.sub(r"[a-z_]+\.[a-z_]+", "", shown)), shown


@pytest.mark.parametrize("name", RULEBOOKS)
@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_no_english_sentence_is_left_in_a_rulebook(name, lang):
    english = dict(texts(RULEBOOKS[name], "en"))
    assert {key: text for key, text in texts(RULEBOOKS[name], lang) if english_in(text) or text == english[key]} == {}


@pytest.mark.parametrize("name", RULEBOOKS)
def test_the_three_languages_name_the_same_numbers(name):
    """An amount in the criteria that differs between languages would be two laws; days differ in their writing only."""
    for rule in RULEBOOKS[name].rules:
        numbers = {
            lang: sorted(re.findall("[0-9]+", GROUPED.sub("", re.sub(r"(?<=\d)\.(?=\d)", ",", rule.criteria.in_(lang)))))
            for lang in LANGUAGES
        }
        assert numbers["en"] == numbers["ru"] == numbers["kk"], (rule.id, numbers)


def test_criteria_tell_the_numbers_of_the_parameters_and_those_set_by_hand():
    book = RULEBOOKS["kz"]
    said = [criteria_of(book, book.rule(code), load(lang)) for code, lang in (("DON-001", "en"), ("DEP-001", "ru"), ("LED-010", "kk"))]
    assert "7\u202f000\u202f000 KZT (100 minimum wages)" in said[0]
    assert "1\u202f050\u202f000 тенге (15 МЗП)" in said[1]
    assert "300 не одан көп" in said[2] and "1,5 пайыздық" in said[2]
    plain = replace(book, parameters={**book.parameters, "donation_cap_individual": book.parameters["subsidy_media"]})
    assert criteria_of(plain, book.rule("DON-001"), load("en")).endswith("may come to 450\u202f000 KZT and no more.")
    nothing = replace(book, overrides={"minimum_wage": "0.00"})
    assert criteria_of(nothing, book.rule("DON-001"), load("en")).endswith("may come to 7\u202f000\u202f000 KZT and no more.")
    changed = book.with_overrides({"donation_cap_individual": "5000000.50"})
    assert criteria_of(changed, book.rule("DON-001"), load("ru")).endswith(" — не более 5\u202f000\u202f000,50 тенге.")  # no whole multiple
    halved = book.with_overrides({"donation_cap_individual": "3500000"})
    assert "3\u202f500\u202f000 тенге (50 МЗП)" in criteria_of(halved, book.rule("DON-001"), load("ru"))


def test_no_number_or_day_is_written_out_in_criteria_or_titles():
    """But for the hundred per cent of a limit, which no parameter changes."""
    plain = {(rule.id, lang): f"{rule.criteria.in_(lang)} {rule.title.in_(lang)}" for rule in RULEBOOKS["kz"].rules for lang in LANGUAGES}
    names = {code: re.sub(r"\{[a-z_]+\}", "", text.replace("100", "")) for code, text in plain.items()}
    assert [code for code, text in names.items() if re.search("[0-9]", text)] == []
    in_words = {"en": "two|three|four|five|ten", "ru": "дв(?:ух|е)|тр[её]х|пяти|десяти", "kk": "екі(?:ден)?|үш(?:тен)?|бес(?:тен)?|он"}
    titles = {(rule.id, lang): rule.title.in_(lang) for rule in RULEBOOKS["kz"].rules for lang in LANGUAGES}
    assert [code for code, text in titles.items() if re.search(rf"\b(?:{in_words[code[1]]})\b", text, re.IGNORECASE)] == []


def test_criteria_tell_the_days_of_the_events_and_those_set_by_hand():
    book = RULEBOOKS["kz"]
    assert "from 18 Feb 2023 to 17 Mar 2023;" in criteria_of(book, book.rule("EXP-003"), load("en"))
    changed = book.with_overrides({"campaign_end": "2023-03-10"})
    said = [criteria_of(changed, book.rule("EXP-003"), load(lang)) for lang in LANGUAGES]
    assert ["17" in one for one in said] == [False] * len(LANGUAGES)
    assert ["10 Mar 2023" in one or "10.03.2023" in one for one in said] == [True] * len(LANGUAGES)


def test_a_rule_is_shown_with_its_days_and_what_is_not_known_of_them():
    book = RULEBOOKS["kz"]
    assert "(results_established): 27 Mar 2023 (found: " in describe(book, book.rule("RPT-004"), load("en"))
    assert "(results_published): day not known (assumed: " in describe(book, book.rule("RPT-001"), load("en"))
