from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from auditor.identifiers import check_digit_agrees, with_leading_zeros
from auditor.name_keys import name_key
from auditor.normalise import forms
from auditor.tables import Cell, Column

CURRENCY = ("kzt", "тг", "тенге", "₸")


def read_one(cell, column, codes=()):
    frame = pl.DataFrame({column.name: [cell]}).with_columns(forms.trimmed(column.name).alias(column.name))
    value = forms.read(column, codes, CURRENCY, strict_ids=True)
    made = frame.select(value.alias("value"), pl.col(column.name).alias("text"))
    bad = forms.unread(column, pl.col("text"), pl.col("value"))
    return made["value"][0], bool(made.select(bad.fill_null(value=False)).item()) if bad is not None else False


AMOUNT = Column("amount", Cell.AMOUNT)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7000000", "7000000.00"),
        ("7000000.5", "7000000.50"),
        ("7000000,50", "7000000.50"),
        ("7 000 000,00", "7000000.00"),
        ("7\u00a0000\u00a0000.00", "7000000.00"),
        ("7\u2009000\u2009000", "7000000.00"),
        ("7\u202f000\u202f000,01", "7000000.01"),
        (" 1000 KZT ", "1000.00"),
        ("1000тг", "1000.00"),
        ("1 000 тенге", "1000.00"),
        ("1000\u00a0₸", "1000.00"),
        ("0.01", "0.01"),
        ("99999999999999999999999999.99", "99999999999999999999999999.99"),
    ],
)
def test_amounts_that_are_read(cell, value):
    assert read_one(cell, AMOUNT) == (Decimal(value), False)


@pytest.mark.parametrize(
    "cell",
    ["1e6", "10.505", "7,000,000", "1.000,50", "7 528 43,00", "-5", "0", "0.00", "+5", "1_000", "١٢٣", "１２３", "1000.", ".5", "1 0000",
     "7  000 000", "USD 5", "5 USD", "тг", "NaN", "inf", "1/2", "0x10", "1,5 млн", "100000000000000000000000000000"],
)  # fmt: skip
def test_amounts_that_are_refused(cell):
    assert read_one(cell, AMOUNT) == (None, True)


def test_an_empty_amount_is_empty_and_a_required_cell_is_judged_elsewhere():
    assert read_one("  ", AMOUNT) == (None, False)


@pytest.mark.parametrize(
    ("cell", "value"), [("2023-02-18", date(2023, 2, 18)), ("18.02.2023", date(2023, 2, 18)), ("29.02.2024", date(2024, 2, 29))]
)
def test_days_that_are_read(cell, value):
    assert read_one(cell, Column("date", Cell.DATE)) == (value, False)


@pytest.mark.parametrize(
    "cell",
    [
        "02/18/2023",
        "2023-02-30",
        "30.02.2023",
        "2023-2-8",
        "8.2.2023",
        "2023-02-18T00:00",
        "18-02-2023",
        "20230218",
        "18.02.23",
        "44975",
        "вчера",
    ],
)
def test_days_that_are_refused(cell):
    assert read_one(cell, Column("date", Cell.DATE)) == (None, True)


@pytest.mark.parametrize(
    ("cell", "value", "bad"),
    [
        ("900101300017", "900101300017", False),
        ("900101 300-017", "900101300017", False),
        ("---", None, False),
        (" - ", None, False),
        ("12345", None, True),
        ("9001013000170", None, True),
        ("ИИН", None, True),
    ],
)
def test_identifiers(cell, value, bad):
    assert read_one(cell, Column("counterparty_id", Cell.IDENTIFIER)) == (value, bad)


@pytest.mark.parametrize(("cell", "value"), [("4.999999999999999999999", "4.999999999999999999"), ("5", "5"), ("2,99", "2.99")])
def test_a_share_is_never_rounded_up_to_a_threshold(cell, value):
    made, bad = read_one(cell, Column("vote_share", Cell.NUMBER))
    assert (made, bad) == (Decimal(value).quantize(Decimal("1e-18")), False)


@pytest.mark.parametrize(
    ("iban", "agrees"),
    [
        ("KZ940705016900001002", True),
        ("KZ41601A141000897321", True),
        ("KZ86125KZT5004100100", True),
        ("KZ31601A000000000001", True),
        ("KZ123456789012345678", False),
        ("KZ456010002003456789", False),
        ("GB82WEST12345698765432", True),
        ("MT84MALT011000012345MTLCAST001S", True),
        ("MT84MALT011000012345MTLCAST001T", False),
        ("KZ94", False),
        ("КZ940705016900001002", False),
    ],
)
def test_iban_check_digits(iban, agrees):
    assert pl.DataFrame({"iban": [iban]}).select(forms.iban_agrees(pl.col("iban"))).item() is agrees


@pytest.mark.parametrize("number", ["940740000892", "940140000385", "011140001654", "900101300017", "850715300411", "230150000014"])
def test_check_digits_that_agree(number):
    assert check_digit_agrees(number)


@pytest.mark.parametrize("number", ["123456789012", "210987654321", "080140012345", *(f"85071530040{digit}" for digit in range(10))])
def test_check_digits_that_do_not(number):
    assert not check_digit_agrees(number)


def test_leading_zeros_come_back_only_where_the_check_digit_agrees():
    assert with_leading_zeros("10228600010") == "010228600010"
    assert with_leading_zeros("11140001654") == "011140001654"
    assert with_leading_zeros("11140001655") is None
    assert with_leading_zeros("12345") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("ТОО «Ромашка»", 'тоо "ромашка"'), ("ТОО  Ромашка", "тоо\u00a0ромашка"), ("O\u2019Neil", "oneil"), ("ﬁrma", "firma"), (" «А» ", "а")],
)
def test_names_with_one_key(one, other):
    keys = pl.DataFrame({"name": [one, other]}).select(name_key(pl.col("name"))).to_series()
    assert keys[0] == keys[1]


def test_a_name_of_quotation_marks_is_no_name():
    assert pl.DataFrame({"name": ["«»"]}).select(name_key(pl.col("name"))).item() is None
