"""What is only likely of a file is not taken for sure."""

from decimal import Decimal
from pathlib import Path

import pytest

from auditor.read.exchange_sections import Section
from auditor.read.exchange_totals import control
from auditor.read.letters import code_page
from auditor.wording import load


def test_totals_of_which_one_section_lacks_its_own_are_not_held_against_the_documents():
    parts = [
        Section(2, {"датаначала": "01.03.2023", "всегопоступило": "5.00", "всегосписано": "0"}),
        Section(9, {"датаначала": "02.03.2023"}),
    ]
    made = control({"KZ1": parts}, {("KZ1", "in"): [Decimal(5), Decimal(7)]}, "a.txt", load("en"))
    assert (made.problems, made.unchecked) == ([], ["KZ1"])


@pytest.mark.parametrize(("text", "sure"), [("Қайрат Иванов", False), ("Қайрат Әлібек Еңсе", True)])
def test_a_code_page_is_sure_with_three_kazakh_letters(text, sure):
    assert code_page(Path("a.csv"), text.encode("kz1048"), "a.csv", load("en"), ("kz1048",)) == ("kz1048", sure)
