"""What every document has of one kind: templates, fonts, the publisher's name, page numbers, and what goes with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from auditor.model.contestant import Contestant
from auditor.render.style import Style
from auditor.render.stylesheet import EMBLEM_URL
from auditor.resources import folder
from auditor.wording import Words

FONTS = ("Inter-Regular.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")
"""The only fonts that a report has."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with the page: its name, what it is, its SHA-256, and on a screen the address from which it can be kept."""

    name: str
    description: str
    sha256: str
    address: str | None = None


@cache
def templates() -> Environment:
    """The shipped templates, escaping on."""
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(folder("reports") / "templates"),
    )


def publisher(style: Style, words: Words) -> dict[str, object]:
    """What stands above the title: where the emblem is, what is said of it to those who do not see it, and the lines of the name."""
    name = ", ".join(style.name)
    alternative = words("report.emblem_of", name=name) if name else words("report.emblem")
    return {"emblem": EMBLEM_URL if style.emblem else None, "alternative": alternative, "lines": style.name}


def commission_of(contestants: Sequence[Contestant]) -> str | None:
    """The commission that oversees all of them, where it is one."""
    known = {contestant.commission for contestant in contestants}
    return known.pop() if len(known) == 1 else None


def page_words(words: Words) -> Sequence[str]:
    """The words before, between and after the two page numbers: CSS puts in the numbers."""
    return re.split("<[xy]>", words("report.page", page="<x>", pages="<y>"))
