"""Plurals, numbers and dates held against Unicode's tables (CLDR, through Babel), which the program itself does without."""

from datetime import date
from decimal import Decimal
from gettext import c2py

import pytest
from babel import Locale, dates, numbers
from catalogues import catalogue

from auditor.wording import GROUP, LANGUAGES, load

# The order in which a catalogue has the forms of whole numbers.
FORMS = {"en": ("one", "other"), "ru": ("one", "few", "many"), "kk": ("one", "other")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plural_categories(lang):
    """The formula in the head of the catalogue, by which gettext chooses a form."""
    category, index = Locale.parse(lang).plural_form, c2py(catalogue(lang).plural_expr)
    several = [*range(1300), *(10**n + more for n in range(4, 13) for more in (0, 1, 2, 5, 11, 12, 14, 21, 22, 25, 111, 112))]
    assert [n for n in several if FORMS[lang][index(n)] != category(n)] == []


@pytest.mark.parametrize("lang", ["ru", "kk"])
@pytest.mark.parametrize("amount", ["0.01", "999.99", "1000.00", "7000000.01", "-1050000000.00", "12345678901234567890.12"])
def test_money(lang, amount):
    """Digits in groups of three and a comma; our space is the narrow one that no line breaks at, our minus the sign of that name."""
    told = numbers.format_decimal(Decimal(amount), format="#,##0.00", locale=lang)
    assert load(lang).money(Decimal(amount)) == told.replace("\u00a0", GROUP).replace("-", "\u2212")


def test_money_in_english_has_a_point_and_the_same_spaces():
    """A comma between thousands would be a decimal mark to the two other languages' readers."""
    told = numbers.format_decimal(Decimal("7000000.01"), format="#,##0.00", locale="en")
    assert load("en").money(Decimal("7000000.01")) == told.replace(",", GROUP)


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_days_in_figures_in_the_order_of_the_language(lang):
    day = date(2023, 3, 1)
    assert load(lang).day(day) == "01.03.2023"
    assert dates.format_date(day, "short", locale=lang).split(".")[:2] == ["01", "03"]


def test_days_in_english_with_the_name_of_the_month():
    words = load("en")
    for month in range(1, 13):
        assert words.day(date(2023, month, 2)) == dates.format_date(date(2023, month, 2), "d MMM y", locale="en")
