"""An id of a person is hidden wherever a text shows it, however it is written; amounts, days, accounts and firms stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import ways

from auditor.masking import mask_anywhere, mask_cell, mask_told, masked, safe
from auditor.model.input import cut
from auditor.reduce import profile as profiles
from auditor.reduce.people import People
from auditor.reduce.secret import Secret
from auditor.render.terminal import on_screen
from auditor.wording import load

IIN = "900101300017"
HIDDEN = "••••••••0017"
PUBLIC = People(profiles.load(None), Secret(b"x" * 32), "x", load("en"))


@pytest.mark.parametrize("written", [*ways(IIN)])
def test_an_id_is_hidden_however_it_is_written(written):
    assert mask_anywhere(f"Әлиева {written}, Алматы") == f"Әлиева {HIDDEN}, Алматы"
    assert mask_anywhere(written) == HIDDEN
    assert IIN not in "".join(filter(str.isdecimal, on_screen(f"ТОО Рога, дир. {written}")))
    assert "300017" not in "".join(filter(str.isdecimal, PUBLIC.text(f"ТОО Рога, дир. {written}; 3 акт")))


@pytest.mark.parametrize("written", [*ways("٩٠٠١٠١٣٠٠٠١٧")])
def test_in_digits_of_another_script_too(written):
    assert mask_anywhere(f"Әлиева {written}") == "Әлиева ••••••••٠٠١٧"


@pytest.mark.parametrize("written", [*ways("900101300017")])
def test_in_a_column_of_ids_any_number_is_hidden(written):
    mistyped = written[0] + written[2:]
    assert mask_cell("counterparty_id", mistyped) == "••••0017"
    assert mask_cell("description", mistyped) == mistyped
    said = f'r.csv, row 12345678, counterparty_id: "{mistyped}" has not 12 digits'
    assert mask_told("counterparty_id", said, "r.csv", 12345678) == 'r.csv, row 12345678, counterparty_id: "••••0017" has not 12 digits'


def test_an_id_without_the_zeros_it_begins_with_is_hidden_in_a_row():
    assert masked("50101300017") == masked("050101300017") == "••••••••0017"
    assert [masked(number) for number in ("99999999999", "20230301", "201240990162")] == ["99999999999", "20230301", "201240990162"]


@pytest.mark.parametrize("letters", range(185, 205))
def test_a_long_cell_is_not_cut_within_an_id(letters):
    """What hides an id looks for all of its digits."""
    said = cut("я" * letters + f"{IIN[:6]} {IIN[6:]} " + "я" * 50)
    assert len(said) <= 201 and said.endswith("…")
    shown = mask_anywhere(said)
    assert "900101" not in shown and "01300017" not in shown
    assert cut("1" * 300) == "1" * 200 + "…"  # no id


def test_a_letter_in_an_id_hides_nothing_of_it():
    assert mask_cell("counterparty_id", "9O0101З00017") == "••••0017"


@pytest.mark.parametrize("hidden", ["900101\u200b300017", "9001\u200b0130\u00ad0017", "9\u200b0\u200b0101300017"])
def test_an_id_with_an_invisible_letter_in_it_is_one(hidden):
    assert safe(f"{hidden}.csv") == f"{HIDDEN}.csv"


def test_an_account_stays_whole_and_what_only_looks_like_one_does_not():
    made = mask_anywhere(f"KZ72601Z000000000341, KZ72601Z000000000342, {IIN}")
    assert made == f"KZ72601Z000000000341, KZ72601Z••••••••0342, {HIDDEN}"
    assert mask_anywhere(f"DON-001-{IIN}") == f"DON-001-{HIDDEN}"


@pytest.mark.parametrize(
    "text",
    [
        "900 101 300 017.00",
        "900 101 300 017,50",
        "1 050 000 000.00",
        "49 000 000,00; 900 101,00",
        "9 0 0 1 0 1 3 0 0 0 1 7 2",
        "10, 11, 12, 13, 14, 15",
        "rows 2003, 2010, 2044",
        "110, 112, 150, 201",
        "230218 100 000 тг",
        "№ 150101 (300000 тг)",
        "1012 06 03 2023",
        "акт 20230301 1234",
        "20230301-1234",
        "строка 1012, 06.03.2023",
        "счёт от 23.02.18 100000 тг",
        "договор 12.03.15 450000",
        "190340012348",
        "190340 012348",
        "+7 701 234 56 78, +7 727 234 56 78",
        "2023-03-01/2023-03-15",
    ],
)
def test_amounts_days_and_firms_stay_as_they_are(text):
    assert mask_anywhere(text) == text


def test_an_id_is_hidden_beside_other_numbers():
    assert mask_anywhere("кв. 12 9 0 0 1 0 1 3 0 0 0 1 7, 5") == f"кв. 12 {HIDDEN}, 5"
    assert mask_anywhere("кв. 12 90 01 01 30 00 17") == f"кв. 12 {HIDDEN}"
    assert mask_anywhere("001 900 101 300 017") == f"001 {HIDDEN}"
    assert mask_anywhere("err4/9 0 0 1 0 1 3 0 0 0 1 7.csv") == f"err4/{HIDDEN}.csv"
    assert mask_anywhere("9 0 0 1 0 1  3 0 0 0 1 7") == mask_anywhere("900,101,300,017") == HIDDEN


@given(st.text(alphabet="0123456789 \t-.,/;№абв\u202f", max_size=60))
def test_what_is_masked_once_is_masked_for_good(text):
    """Masking what is masked changes nothing: no id is left, or made, by hiding another."""
    once = mask_anywhere(text)
    assert mask_anywhere(once) == once
