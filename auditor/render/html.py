"""An audit as one HTML page, the source of the PDF. Nothing from a filing reaches it but through `Shown.text`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from markupsafe import escape

from auditor.model.audit import Audit
from auditor.model.contestant import Contestant
from auditor.model.coverage import Status
from auditor.model.finding import Finding, Outcome
from auditor.render.coverage_reasons import NAMED, doubts_beside, reach
from auditor.render.effect import effect
from auditor.render.excerpts import EvidenceTable, evidence, whose_key
from auditor.render.funds import fund_charts, spending_bars
from auditor.render.masked import keys_shown
from auditor.render.problems import some_of_each
from auditor.render.shown import UNKNOWN, Shown
from auditor.render.sources_read import account
from auditor.render.stationery import Enclosed, commission_of, page_words, publisher, templates
from auditor.render.style import Style, shipped
from auditor.render.summary import assumptions, coverage_line, how_read, is_new, sentences
from auditor.wording import Words

_UNKNOWN = "<!--unknown-->"
"""Where the page says what stands for a letter that its font lacks, if one was met in drawing it."""
PROBLEMS = 200
"""How many problems are printed; all of them are in the JSON that goes with the report."""


class Entry(NamedTuple):
    """A finding as it is printed: its number on these pages, its key in the files that go with them, by how much it is `apart` in the
    list, and what follows from it as `figure` and sentences."""

    id: str
    key: str
    finding: Finding
    contestant: Contestant | None
    evidence: EvidenceTable | None
    apart: str
    figure: str | None
    effects: Sequence[str]


def page(audit: Audit, words: Words, style: Style | None = None, attached: Sequence[Enclosed] = (), *, on_screen: bool = False) -> str:
    """The whole report as HTML in the language of `words`, without its stylesheets; `on_screen` where no page has a number."""
    shown = Shown(words, audit.currency)
    entries = _entries(audit, shown)
    html = (
        templates()
        .get_template("report.html")
        .render(
            audit=audit,
            words=words,
            t=lambda key, **values: words(f"report.{key}", currency=audit.currency, **values),
            shown=shown,
            title=words("public.title" if audit.published else "report.title"),
            publisher=publisher(style or shipped(words.lang), words),
            on_screen=on_screen,
            commission=commission_of(audit.contestants),
            page_words=page_words(words),
            sentences=sentences(audit, shown),
            coverage_line=coverage_line(audit, shown),
            unassessed=sum(one.status is Status.NOT_ASSESSED for one in audit.coverage),
            counts={str(outcome): audit.count(outcome) for outcome in Outcome},
            assumptions=assumptions(audit, shown),
            spending=spending_bars(audit, shown),
            funds=fund_charts(audit, shown),
            reach=[reach(c, audit) for c in audit.coverage],
            findings=[entry for entry in entries if entry.finding.outcome is not Outcome.LEAD],
            leads=[entry for entry in entries if entry.finding.outcome is Outcome.LEAD],
            reading=_reading,
            whose_key=whose_key,
            read_as=lambda each: how_read(each, shown),
            account=lambda each: account([each], words),
            attached=attached,
            problems=some_of_each(audit.problems, PROBLEMS),
            severity=_colour,
            is_new=lambda finding: is_new(finding, audit),
            ids=NAMED,
        )
    )
    if _UNKNOWN not in html:
        raise ValueError(f"the page has no place {_UNKNOWN!r}")
    return html.replace(_UNKNOWN, f"<li>{escape(words('report.no_glyph', sign=UNKNOWN))}</li>" if UNKNOWN in html else "")


def _entries(audit: Audit, shown: Shown) -> list[Entry]:
    """Each finding with its number in the report, its key, contestant, evidence and effect; in order of the numbers, leads apart."""
    beside, numbers = doubts_beside(audit), {"F": count(1), "L": count(1)}
    filed = {(one.file, one.sheet, one.row): one.value for one in audit.problems if one.column == "amount" and one.value}
    return [
        Entry(
            f"{(letter := 'L' if finding.outcome is Outcome.LEAD else 'F')}-{next(numbers[letter]):03}",
            key,
            finding,
            _contestant(audit, finding),
            evidence(finding, shown, filed),
            shown.apart(finding),
            *effect(finding, audit, shown, beside),
        )
        for finding, key in zip(audit.findings, keys_shown(audit), strict=True)
    ]


def _contestant(audit: Audit, finding: Finding) -> Contestant | None:
    return next((each for each in audit.contestants if each.contestant_id == finding.contestant_id), None)


def _colour(finding: Finding) -> str:
    """The class of a finding's rule and figures; the words beside it say the same."""
    return str(finding.outcome) if finding.outcome is not Outcome.BREACH else str(finding.severity)


def _reading(text: str, label: str) -> str:
    """The reading without the label that already stands before it."""
    rest = text.removeprefix(f"{label}: ")
    return rest[:1].upper() + rest[1:]
