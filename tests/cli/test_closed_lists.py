"""An option that lists what another module knows, written out so that a command need not load that module: the lists agree."""

from auditor.cli.commands.report import report
from auditor.render.kinds import PAGES


def test_the_kinds_of_documents_are_those_that_can_be_drawn():
    (asked,) = [one for one in report.params if one.name == "kind"]
    assert list(asked.type.choices) == list(PAGES)
