"""An audit as one HTML page, the source of the PDF. Nothing from a filing reaches it but through `Shown.text`."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape

from auditor.model.audit import Audit
from auditor.model.contestant import Contestant
from auditor.model.finding import Finding, Outcome
from auditor.render.coverage_reasons import NAMED, reach, unread_beside
from auditor.render.effect import effect
from auditor.render.excerpts import evidence
from auditor.render.funds import fund_charts, spending_bars
from auditor.render.problems import some_of_each
from auditor.render.shown import UNKNOWN, Shown
from auditor.render.sources_read import account
from auditor.render.stationery import Enclosed, commission_of, page_words, publisher, templates
from auditor.render.style import Style, shipped
from auditor.render.summary import assumptions, coverage_line, how_read, is_new, statements
from auditor.wording import Words

_UNKNOWN = "<!--unknown-->"
"""Where the page says what stands for a letter that its font lacks, if one was met in drawing it."""
PROBLEMS = 200
"""How many problems are printed; all of them are in the JSON that goes with the report."""


def page(audit: Audit, words: Words, style: Style | None = None, attached: Sequence[Enclosed] = (), *, on_screen: bool = False) -> str:
    """The whole report as HTML in the language of `words`, without its stylesheets; `on_screen` where no page has a number."""
    shown = Shown(words, audit.currency)
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
            statements=statements(audit, shown),
            coverage_line=coverage_line(audit, shown),
            counts={str(outcome): audit.count(outcome) for outcome in Outcome},
            assumptions=assumptions(audit, shown),
            spending=spending_bars(audit, shown),
            funds=fund_charts(audit, shown),
            reach=[reach(c, audit) for c in audit.coverage],
            findings=_entries("F", [f for f in audit.findings if f.outcome is not Outcome.LEAD], audit, shown),
            leads=_entries("L", [f for f in audit.findings if f.outcome is Outcome.LEAD], audit, shown),
            reading=_reading,
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


def _entries(letter: str, findings: Sequence[Finding], audit: Audit, shown: Shown) -> list[tuple[object, ...]]:
    """Each finding with its number in the report, its contestant, evidence and effect."""
    beside = unread_beside(audit)
    return [
        (f"{letter}-{i:03}", finding, _contestant(audit, finding), evidence(finding, shown), effect(finding, audit, shown, beside))
        for i, finding in enumerate(findings, 1)
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
