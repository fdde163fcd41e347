"""An audit as one HTML page, the source of the PDF. Nothing from a filing reaches it but through `Shown.text`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from auditor.model.audit import Audit
from auditor.model.contestant import Contestant, Total
from auditor.model.coverage import Coverage, Status
from auditor.model.finding import Confidence, Finding, Outcome
from auditor.model.input import Input
from auditor.render import figures
from auditor.render.charts import Chart, charts, drawn_totals
from auditor.render.excerpts import evidence, file_name
from auditor.render.shown import UNKNOWN, Shown
from auditor.render.sources_read import account, asked_for, manner
from auditor.render.style import Style, shipped
from auditor.render.stylesheet import EMBLEM_URL
from auditor.resources import folder
from auditor.wording import Words

FONTS = ("Inter-Regular.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")
"""The only fonts that a report has."""
DRAWN = 60
PROBLEMS = 200
IDS = 12
_SPENDING = "spending"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with the page: its name, what it is, and on a screen the address from which it can be kept."""

    name: str
    description: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """A contestant's spending against its limit; `share` is None where there is no total."""

    contestant: Contestant
    total: Total | None
    share: Decimal | None
    findings: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Coverage of one rule with what the table adds to it: leads, and who could not be assessed, by reason."""

    coverage: Coverage
    status: str
    leads: int
    groups: Sequence[tuple[str, Sequence[str], int]]


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
            statements=_statements(audit, shown),
            coverage_line=_coverage_line(audit, shown),
            counts={str(outcome): audit.count(outcome) for outcome in Outcome},
            assumptions=_assumptions(audit, shown),
            spending=_spending(audit, shown),
            funds=_funds(audit, shown),
            reach=[_reach(c, audit) for c in audit.coverage],
            findings=_entries("F", [f for f in audit.findings if f.outcome is not Outcome.LEAD], audit, shown),
            leads=_entries("L", [f for f in audit.findings if f.outcome is Outcome.LEAD], audit, shown),
            reading=_reading,
            read_as=lambda each: _read_as(each, shown),
            account=lambda each: account([each], words),
            attached=attached,
            problems=audit.problems[:PROBLEMS],
            severity=_colour,
            is_new=lambda finding: is_new(finding, audit),
            ids=IDS,
        )
    )
    return html.replace("<!--unknown-->", f"<li>{escape(words('report.no_glyph', sign=UNKNOWN))}</li>" if UNKNOWN in html else "")


def _entries(letter: str, findings: Sequence[Finding], audit: Audit, shown: Shown) -> list[tuple[object, ...]]:
    """Each finding with its number in the report, its contestant, evidence and effect."""
    return [
        (f"{letter}-{i:03}", finding, _contestant(audit, finding), evidence(finding, shown), _effect(finding, audit, shown))
        for i, finding in enumerate(findings, 1)
    ]


def publisher(style: Style, words: Words) -> dict[str, object]:
    """What stands above the title: where the emblem is, what is said of it to those who do not see it, and the lines of the name."""
    name = ", ".join(style.name)
    alternative = words("report.emblem_of", name=name) if name else words("report.emblem")
    return {"emblem": EMBLEM_URL if style.emblem else None, "alternative": alternative, "lines": style.name}


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


def commission_of(contestants: Sequence[Contestant]) -> str | None:
    """The commission that oversees all of them, where it is one."""
    known = {contestant.commission for contestant in contestants}
    return known.pop() if len(known) == 1 else None


def page_words(words: Words) -> Sequence[str]:
    """The words before, between and after the two page numbers: CSS puts in the numbers."""
    return re.split("<[xy]>", words("report.page", page="<x>", pages="<y>"))


def _statements(audit: Audit, shown: Shown) -> Sequence[str]:
    """What the audit says in sentences: never more than what could be assessed bears."""
    statuses = [_status(coverage) for coverage in audit.coverage]
    full = statuses.count("full")
    said = []
    breaches, undetermined = audit.count(Outcome.BREACH), audit.count(Outcome.UNDETERMINED)
    if not audit.coverage or not any(status != "none" for status in statuses):
        said.append(shown.words("report.none_assessed"))
    elif breaches:
        said.append(shown.number("breaches_found", breaches))
    elif full == len(statuses) and not undetermined and not audit.problems:
        said.append(shown.words("report.no_breach_asked" if audit.asked.is_part else "report.no_breach"))
    else:
        said.append(shown.words("report.no_breach_assessed"))
    if undetermined:
        said.append(shown.number("undetermined_found", undetermined))
    if audit.problems:
        said.append(shown.number("problems_found", len(audit.problems)))
    if audit.undecided is not None:
        said.append(shown.words("public.only_signed", n=audit.undecided, count=shown.words.count(audit.undecided)))
    if audit.new_since is not None:
        new = sum(is_new(one, audit) for one in audit.findings)
        said.append(shown.words("public.new_findings", n=new, count=shown.words.count(new), day=shown.words.day(audit.new_since)))
    if audit.published and audit.published.without_leads:
        said.append(shown.words("public.without_leads"))
    return said


def is_new(finding: Finding, audit: Audit) -> bool:
    """Whether it was found after the day from which on findings are told as new."""
    return audit.new_since is not None and finding.found_on is not None and finding.found_on > audit.new_since


def _coverage_line(audit: Audit, shown: Shown) -> str:
    """How much of the rulebook could be assessed; printed as large as the breaches."""
    statuses = [_status(coverage) for coverage in audit.coverage]
    counted = {status: shown.words.count(statuses.count(status)) for status in ("full", "part", "none")}
    return shown.words("report.coverage_found", all=shown.words.count(len(statuses)), **counted)


def _assumptions(audit: Audit, shown: Shown) -> Sequence[str]:
    """What the reader must know that no filing says: how files were read, what was left out, what was overridden."""
    asked = asked_for(audit, shown.words, lambda text: shown.text(text, 200))
    said = [shown.words("report.asked_line", asked=asked)] if asked else []
    for each in audit.inputs[:8]:
        said.append(
            shown.number(
                "input_line", each.rows, file=shown.text(each.file, 80), table=shown.text(each.table, 40), how=_read_as(each, shown)
            )
        )
    if len(audit.inputs) > 8:
        said.append(shown.number("more_inputs", len(audit.inputs) - 8))
    if audit.passed_over:
        shown_names = ", ".join(shown.text(name, 80) for name in audit.passed_over[:IDS])
        said.append(shown.number("passed_over", len(audit.passed_over), files=shown_names + (" …" if len(audit.passed_over) > IDS else "")))
    if left := sum(len(each.left_out) for each in audit.inputs):
        said.append(shown.number("left_out_line", left))
    if superseded := sum(len(contestant.superseded) for contestant in audit.contestants):
        said.append(shown.number("superseded_line", superseded))
        later = [contestant for contestant in audit.contestants if contestant.superseded]
        said += [
            shown.words(
                "report.superseded_which",
                id=shown.text(one.contestant_id, 60),
                books=shown.text(", ".join(one.books), 200) or "–",
                old=shown.text(", ".join(one.superseded), 200),
            )
            for one in later[:IDS]
        ]
        if len(later) > IDS:
            said.append(shown.number("superseded_more", len(later) - IDS))
    if audit.overrides:
        said.append(shown.words("report.overrides_line", values=_overrides(audit, shown)))
    if assumed := sum(any(law.confidence is Confidence.ASSUMED for law in finding.law) for finding in audit.findings):
        said.append(shown.number("assumed_line", assumed))
    said.append(_who_is_shown(audit, shown))
    if audit.published and audit.published.numbered_files:
        said.append(shown.words("public.files_numbered"))
    return said


def _who_is_shown(audit: Audit, shown: Shown) -> str:
    """How persons are told in this report."""
    if audit.published is None:
        return shown.words("report.masked_note")
    return shown.words("public.reduced_by", profile=shown.text(audit.published.profile, 60), sha=audit.published.sha256[:12])


def _overrides(audit: Audit, shown: Shown) -> str:
    return "; ".join(f"{shown.text(name, 60)} = {shown.text(value, 60)}" for name, value in audit.overrides.items())


def _read_as(each: Input, shown: Shown) -> str:
    """What was assumed to read a file, as the screen says it."""
    return manner(each, shown.words, lambda value: shown.text(value, 60)) or shown.words("report.read_typed")


def _spending(audit: Audit, shown: Shown) -> dict[str, object]:
    """The bars: all contestants in order, or past sixty those nearest to their limit, and the others as a list."""
    counted: dict[str | None, int] = {}
    for finding in audit.findings:
        counted[finding.contestant_id] = counted.get(finding.contestant_id, 0) + 1
    every = [_spent(contestant, counted.get(contestant.contestant_id, 0)) for contestant in audit.contestants]
    drawn = every
    if len(every) > DRAWN:
        drawn = sorted((each for each in every if each.share is not None), key=lambda each: -(each.share or 0))[:DRAWN]
    ids = {each.contestant.contestant_id for each in drawn}
    full = figures.scale(each.share for each in drawn if each.share is not None)
    return {
        "drawn": [(each, _bar(each, full, shown)) for each in drawn],
        "all": len(every),
        "listed": [each for each in every if each.contestant.contestant_id not in ids],
    }


def _spent(contestant: Contestant, findings: int) -> Spending:
    total = next((total for total in contestant.totals if total.of == _SPENDING), None)
    share = total.measured / total.limit if total and total.limit > 0 else None
    return Spending(contestant, total, share, findings)


def _bar(spending: Spending, full: Decimal, shown: Shown) -> Markup | None:
    if spending.share is None or spending.total is None:
        return None
    title = shown.words(
        "report.bar_title",
        name=shown.name(spending.contestant.name),
        measured=shown.money(spending.total.measured),
        limit=shown.money(spending.total.limit),
        percent=shown.words.percent(spending.share * 100),
    )
    return figures.bar(spending.share, full, title)


def _funds(audit: Audit, shown: Shown) -> dict[str, object]:
    """The charts of every contestant who has any; past sixty those whom a finding is about and those nearest to a limit."""
    undetermined: dict[str | None, set[str]] = {}
    respondents = set()
    for finding in audit.findings:
        if finding.outcome is Outcome.UNDETERMINED:
            undetermined.setdefault(finding.contestant_id, set()).add(finding.rule)
        if finding.outcome is not Outcome.LEAD:
            respondents.add(finding.contestant_id)
    every = [one for one in audit.contestants if one.flows is not None]
    chosen = every
    if len(every) > DRAWN:
        chosen = sorted(every, key=lambda one: (one.contestant_id not in respondents, -_nearest(one)))[:DRAWN]
        chosen.sort(key=lambda one: one.contestant_id)
    drawn: list[tuple[Contestant, Sequence[Chart]]] = []
    for one in chosen:
        if made := charts(one, undetermined.get(one.contestant_id, ()), shown):
            drawn.append((one, made))
    return {"drawn": drawn, "all": len(every)}


def _nearest(contestant: Contestant) -> Decimal:
    """The largest share of a limit that the contestant has used up."""
    return max((total.measured / total.limit for total in drawn_totals(contestant.totals)), default=Decimal(0))


def _status(coverage: Coverage) -> str:
    if coverage.status is Status.NOT_ASSESSED:
        return "none"
    return "part" if coverage.silent_about else "full"


def _reach(coverage: Coverage, audit: Audit) -> Reach:
    leads = {finding.contestant_id for finding in audit.findings if finding.rule == coverage.rule and finding.outcome is Outcome.LEAD}
    grouped: dict[str, list[str]] = {}
    for contestant_id, reason in coverage.silent_about:
        grouped.setdefault(reason, []).append(contestant_id)
    return Reach(coverage, _status(coverage), len(leads), [(reason, found[:IDS], len(found)) for reason, found in grouped.items()])


def _contestant(audit: Audit, finding: Finding) -> Contestant | None:
    return next((each for each in audit.contestants if each.contestant_id == finding.contestant_id), None)


def _colour(finding: Finding) -> str:
    """The class of a finding's rule and figures; the words beside it say the same."""
    return str(finding.outcome) if finding.outcome is not Outcome.BREACH else str(finding.severity)


def _reading(text: str, label: str) -> str:
    """The reading without the label that already stands before it."""
    rest = text.removeprefix(f"{label}: ")
    return rest[:1].upper() + rest[1:]


def _effect(finding: Finding, audit: Audit, shown: Shown) -> tuple[str | None, Sequence[str]]:
    """What follows: the excess as the figure, then what it is measured by and since when."""
    said: list[str] = []
    figure = None
    if finding.outcome is Outcome.UNDETERMINED:
        figure = shown.words("common.outcome_undetermined")
        said.append(shown.words("report.effect_undetermined"))
    elif finding.excess is not None and finding.excess != 0:
        figure = shown.money(finding.excess if finding.excess > 0 else -finding.excess)
        # Only of a sum that went over a limit is it said so: other rules measure days, persons, or what two papers say otherwise.
        if finding.crossing is not None and finding.excess > 0:
            share = _share(finding)
            if share is not None:
                figure = shown.words("report.excess_share", excess=figure, percent=shown.words.percent(share))
            figure = shown.words("report.excess_over", excess=figure)
        else:
            figure = shown.words("report.excess_apart", excess=figure)
    if finding.measured is not None:
        key = "measured_only" if finding.limit is None else "measured_limit" if finding.crossing is not None else "measured_against"
        # A sum with a limit is undetermined for lines that could not be read; what has none, for another fact, unless an amount is lacking.
        unread = bool(finding.limit) or any(line.amount is None for line in finding.lines)
        if finding.outcome is Outcome.UNDETERMINED and unread:
            key = "measured_only_readable" if finding.limit is None else "measured_limit_readable"
        said.append(shown.words(f"report.{key}", measured=shown.money(finding.measured), limit=shown.money(finding.limit)))
    if finding.crossing:
        place = finding.crossing.place
        said.append(
            shown.words(
                "report.first_over",
                day=shown.words.day(finding.crossing.date),
                row=shown.words.count(place.row),
                file=file_name(place.file, place.sheet, shown),
            )
        )
    if finding.last_day_over and finding.remedied:
        said.append(shown.words("report.last_over", day=shown.words.day(finding.last_day_over)))
    if finding.remedied:
        said.append(shown.words("report.effect_remedied"))
    elif finding.crossing and finding.outcome is Outcome.BREACH and figure:
        said.append(shown.words("report.not_remedied", day=shown.words.day(audit.as_of)))
    return figure, said


def _share(finding: Finding) -> Decimal | None:
    if not isinstance(finding.limit, Decimal) or not isinstance(finding.excess, Decimal) or finding.limit <= 0:
        return None
    return finding.excess / finding.limit * 100
