"""Options that list what another module knows, written out so that a command need not load that module: the lists agree."""

import click
import pytest

from auditor.cli.commands.report import report
from auditor.cli.commands.review import dismiss
from auditor.register.decisions import CODES
from auditor.render.kinds import KINDS


@pytest.mark.parametrize(
    ("command", "option", "known"),
    [(report, "kind", KINDS), (dismiss, "code", CODES)],
)
def test_the_choices_are_what_the_module_knows(command, option, known):
    (asked,) = [one for one in command.params if one.name == option]
    assert isinstance(asked.type, click.Choice)
    assert list(asked.type.choices) == list(known)
