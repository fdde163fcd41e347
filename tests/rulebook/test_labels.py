"""The labels of the empty form: there in every language, none of them with two meanings, each read as what it stands for."""

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from auditor.normalise.forms import read
from auditor.read.headings import match
from auditor.read.instructions import Instructions
from auditor.render.text import screen
from auditor.rulebook.labels import forms
from auditor.rulebook.load import load
from auditor.rulebook.models import closed_lists, codes_of
from auditor.tables import TABLES, Cell
from auditor.wording import LANGUAGES
from auditor.wording import load as words_of
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
ASKED = Instructions(LAW.headings, words_of("en"))
COUNCIL = Path(__file__).parent / "atlantis" / "council-2031"
CODED = [(table, column) for table, several in TABLES.items() for column in several if column.cell is Cell.CODE]


def test_every_column_and_code_has_its_own_label_and_there_is_no_other():
    assert {table: set(labels) for table, labels in LAW.labels.items()} == {
        table: {column.name for column in several} for table, several in TABLES.items()
    }
    assert {name: set(labels) for name, labels in LAW.vocabulary.code_labels.items()} == {
        name: set(codes) for name, codes in closed_lists(LAW.vocabulary).items()
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_says_nothing_twice_and_nothing_in_another_language(lang):
    for form in forms(LAW, list(TABLES), lang):
        for texts in ([field.heading for field in form.fields], *(field.choices for field in form.fields)):
            assert len({text.lower() for text in texts}) == len(texts), (form.table, texts)
            assert all(text.strip() == text and text.isprintable() and text for text in texts)
            if lang != "en":
                assert not [text for text in texts if text.isascii()]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("written", [str, str.upper, str.lower, lambda text: f" {text.replace('ё', 'е')} "])
@pytest.mark.parametrize("table", TABLES)
def test_a_label_is_read_as_its_column(table, written, lang):
    (form,) = forms(LAW, [table], lang)
    headings = [written(field.heading) for field in form.fields]
    matched = match(table, headings, ASKED, "x")
    assert (list(matched.positions), matched.unknown) == ([field.column.name for field in form.fields], [])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("table", "column"), CODED, ids=[f"{table}.{column.name}" for table, column in CODED])
def test_a_code_label_is_read_as_its_code(table, column, lang):
    (form,) = forms(LAW, [table], lang)
    choices = next(field.choices for field in form.fields if field.column is column)
    codes = codes_of(column, LAW.vocabulary)
    cells = pl.DataFrame({column.name: [*choices, *(one.upper() for one in choices)]})
    words = LAW.vocabulary.codes_in_words(column.closed_list)
    assert cells.select(read(column, codes, (), strict_ids=True, words=words)).to_series().to_list() == [*codes, *codes]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rulebook_without_labels_is_labelled_by_its_codes(lang):
    for form in forms(load(COUNCIL), list(TABLES), lang):
        assert [field.heading for field in form.fields] == [column.name for column in TABLES[form.table]]
    choices = {field.column.name: field.choices for form in forms(load(COUNCIL), ["reports", "price_lists"], lang) for field in form.fields}
    assert choices["counterparty_type"] == ("citizen", "guild", "temple", "pirate_crew", "contestant", "anonymous")
    assert choices["medium"] == choices["category"] == ("heralds", "banners", "feasts", "ferries", "amphorae", "bribes", "other")


def test_another_election_labels_its_own_codes(tmp_path):
    shutil.copytree(COUNCIL.parent, tmp_path / "atlantis")
    lists = closed_lists(load(COUNCIL).vocabulary)
    text = "code_labels:\n" + "".join(
        f"  {name}:\n" + "".join(f'    "{code}": {{en: "{code} E", ru: "{code} Р", kk: "{code} Қ"}}\n' for code in codes)
        for name, codes in lists.items()
    )
    (tmp_path / "atlantis" / "council-2031" / "form.yaml").write_text(text, encoding="utf-8")
    law = load(tmp_path / "atlantis" / "council-2031")
    (form,) = forms(law, ["price_lists"], "kk")
    assert next(field.choices for field in form.fields if field.choices)[0] == "heralds Қ"
    assert law.vocabulary.codes_in_words("category")["heraldsқ"] == "heralds"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("needs payment_method", "R1 donations: ", "Published on: ")),
        ("ru", ("нужно: Способ оплаты (payment_method)", "R1 Пожертвования: ", "Дата опубликования: ")),
        ("kk", ("керегі: Төлем тәсілі (payment_method)", "R1 Қайырмалдықтар: ", "Жарияланған күні: ")),
    ],
)
def test_columns_are_told_by_the_labels_of_the_form(lang, said, tmp_path):
    """In an English sentence about a file by their own names, which stand in it; beside evidence by labels too."""
    reports = "contestant_id,contest,report_id,report_type,period_start,period_end,date,kind,amount\nSM-1,single_mandate,R1,final,2023-02-18,2023-03-20,2023-03-01,donation,5\n"
    filings = "report_id,contestant_id,report_type,period_start,period_end,received_on,published_on,own_funds,donations,total_receipts,total_spent\nR1,SM-1,final,2023-02-18,2023-03-20,2023-03-21,2023-04-05,,6,,\n"
    (tmp_path / "reports.csv").write_text(reports, encoding="utf-8")
    (tmp_path / "filings.csv").write_text(filings, encoding="utf-8")
    made = audit(Request([str(tmp_path)], date(2023, 4, 15), select=["ACC-003", "RPT-004", "RPT-005"]), LAW, words_of(lang))
    shown = screen(made, words_of(lang), width=200)
    assert all(one in shown for one in said)
