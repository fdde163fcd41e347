"""`rules/README.md` leaves out nothing that a rule file may say."""

import re
from pathlib import Path
from typing import get_args

from auditor.cases import Shows
from auditor.rulebook import kinds_of_facts, kinds_of_leads, kinds_of_reports, kinds_of_sums
from auditor.rulebook.lint import PLACEHOLDERS, REQUIRED_PHRASES
from auditor.rulebook.models import Parameter, Rule, RuleFile
from auditor.rulebook.parts import Condition, Kind, Reference

GUIDE = (Path(__file__).parent.parent.parent / "rules" / "README.md").read_text(encoding="utf-8")


def kinds():
    for module in (kinds_of_facts, kinds_of_leads, kinds_of_reports, kinds_of_sums):
        for model in vars(module).values():
            if isinstance(model, type) and issubclass(model, Kind) and "kind" in model.model_fields:
                yield from get_args(model.model_fields["kind"].annotation)


def names(model):
    return {field.alias or name for name, field in model.model_fields.items()}


def test_every_key_kind_and_word_is_named():
    wanted = {*kinds(), *names(RuleFile), *names(Rule), *names(Condition), *names(Reference), *get_args(Shows), *REQUIRED_PHRASES}
    wanted |= set(get_args(Parameter.model_fields["unit"].annotation))
    assert len(set(kinds())) == 35
    assert {word for word in wanted if not re.search(rf"`{word}`|`{word}:|[{{ ]{word}: ", GUIDE)} == set()
    assert {word for word in PLACEHOLDERS if f"{{{word}}}" not in GUIDE} == set()
