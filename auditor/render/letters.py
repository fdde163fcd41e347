"""Letters to a contestant: what was received, and what has to be corrected. Neither says whether the law was kept."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence

from auditor.model.audit import Audit
from auditor.model.coverage import Status
from auditor.model.finding import Finding, Outcome
from auditor.model.input import Input, Problem
from auditor.render.shown import Shown
from auditor.render.stationery import Enclosed, commission_of, page_words, publisher, templates
from auditor.render.style import Style, shipped
from auditor.wording import Words

ROWS = 40
# What a contestant files; the other tables are the commission's own.
_FILED = frozenset(("reports", "statement"))


def receipt(audit: Audit, words: Words, style: Style | None = None, attached: Sequence[Enclosed] = (), *, on_screen: bool = False) -> str:
    """What was received, by SHA-256, as HTML. Its number is made of the files alone: the same files have the same number."""
    files = _files_of(audit)
    return _letter(
        "receipt",
        audit,
        words,
        style,
        on_screen=on_screen,
        files=files,
        number=_number(files),
        unread=sum(each.unread for each in files),
        books=[name for one in audit.contestants for name in one.books],
        superseded=[name for one in audit.contestants for name in one.superseded],
        signed_by=[words("letters.filed_by"), words("letters.received_by")],
    )


def return_note(
    audit: Audit, words: Words, style: Style | None = None, attached: Sequence[Enclosed] = (), *, on_screen: bool = False
) -> str:
    """What the contestant has to correct, row by row, as HTML: every problem, every sum that a line leaves undetermined, and what
    was not filed."""
    undetermined = [one for one in audit.findings if one.outcome is Outcome.UNDETERMINED and one.respondent == "contestant"]
    return _letter(
        "return",
        audit,
        words,
        style,
        on_screen=on_screen,
        places=len(audit.problems) + len(_unsettled(undetermined, audit.problems)),
        problems=[(*file, list(found)) for file, found in itertools.groupby(_in_order(audit.problems), lambda p: (p.file, p.sheet))],
        heading=_headings(audit),
        sums=[(one, *_rows(one)) for one in undetermined],
        absent=_absent(audit, words),
        signed_by=[words("letters.compiled_by")],
    )


def _letter(name: str, audit: Audit, words: Words, style: Style | None, **values: object) -> str:
    shown = Shown(words, audit.currency)
    template = {"receipt": "receipt.html", "return": "return_note.html"}[name]
    title = words(f"letters.{name}_title")
    return (
        templates()
        .get_template(template)
        .render(
            audit=audit,
            words=words,
            title=title,
            foot=f"{title} · {_number(_files_of(audit))}",
            t=lambda key, **gaps: words(f"report.{key}", currency=audit.currency, **gaps),
            w=lambda key, **gaps: words(f"letters.{key}", **gaps),
            shown=shown,
            publisher=publisher(style or shipped(words.lang), words),
            commission=commission_of(audit.contestants),
            page_words=page_words(words),
            **values,
        )
    )


def _files_of(audit: Audit) -> list[Input]:
    return [each for each in audit.inputs if each.table in _FILED]


def _number(files: Sequence[Input]) -> str:
    told = "\n".join(sorted({each.sha256 for each in files}))
    digest = hashlib.sha256(told.encode()).hexdigest().upper()
    return "-".join((digest[:4], digest[4:8], digest[8:12]))


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda p: (p.file, p.sheet or "", p.row, p.column or ""))


def _headings(audit: Audit) -> Callable[[Problem], str | None]:
    """What tells of a problem the heading of its column, as it stands in its file."""
    named = {(each.file, each.sheet): each.aliases for each in audit.inputs}

    def heading(problem: Problem) -> str | None:
        return named.get((problem.file, problem.sheet), {}).get(problem.column or "", problem.column)

    return heading


def _unsettled(undetermined: Sequence[Finding], problems: Sequence[Problem]) -> list[Finding]:
    """Those that no unread line is the cause of: a cell that several sums need is to be corrected once."""
    told = {(problem.file, problem.sheet, problem.row) for problem in problems}
    unread = [{(row.place.file, row.place.sheet, row.place.row) for row in one.lines if row.effect is None} for one in undetermined]
    return [one for one, rows in zip(undetermined, unread, strict=True) if not rows & told]


def _rows(finding: Finding) -> tuple[list[tuple[str, list[str]]], int]:
    """The rows of a finding by file, as many as a letter prints, and how many more there are."""
    places = [line.place for line in finding.lines]
    printed = sorted(places[:ROWS], key=lambda place: (place.file, place.sheet or "", place.row))
    files = itertools.groupby(printed, lambda place: f"{place.file} · {place.sheet}" if place.sheet else place.file)
    return [(file, [str(place.row) for place in found]) for file, found in files], len(places) - len(printed)


def _absent(audit: Audit, words: Words) -> list[tuple[str, str]]:
    """Each reason for which something could not be assessed, wholly or in part, with the rules that it concerns, and that are about those
    of the letter; not that others were left out, which is nothing to be filed."""
    reasons: dict[str, list[str]] = {}
    addressed = {one.contestant_id for one in audit.contestants}
    for rule in audit.coverage:
        if rule.status is Status.NOT_ASSESSED and rule.reason and addressed & {*rule.about}:
            reasons.setdefault(rule.reason, []).append(rule.rule)
        gaps = (*rule.silent_about, *(gap for gap in rule.unread_for if gap.contestant_id in addressed))
        for reason in dict.fromkeys(filter(None, (gap.reason for gap in gaps))):
            reasons.setdefault(reason, []).append(rule.rule)
    return [(reason, ", ".join(dict.fromkeys(rules))) for reason, rules in reasons.items()]
