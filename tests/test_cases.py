from collections import Counter

import pytest

from auditor.cases import load_cases, missing_cases, run_case
from auditor.rulebook.load import load
from auditor.wording import load as words_of

RULEBOOK = load("kz/majilis-2023")
EN = words_of("en")
CASES = load_cases(RULEBOOK)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule} {case.name}" for case in CASES])
def test_case(case):
    assert run_case(RULEBOOK, case, EN) == []


def test_every_rule_has_the_cases_that_its_kind_of_check_needs():
    assert missing_cases(RULEBOOK, EN) == []


def test_case_names_are_unique():
    assert [name for name, n in Counter((c.rule, c.name) for c in CASES).items() if n > 1] == []
