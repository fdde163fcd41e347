"""What an audit says in sentences on its first page: what was found, how much could be assessed, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.listing import listed
from auditor.model.audit import Audit
from auditor.model.finding import Confidence, Finding, Outcome, Severity
from auditor.model.input import Input
from auditor.render.coverage_reasons import NAMED, extent
from auditor.render.shown import Shown
from auditor.render.sources_read import asked_for, manner

# So many files are told one by one on the first page.
_FILES = 8


def sentences(audit: Audit, shown: Shown) -> Sequence[str]:
    """What the audit says in sentences: never more than what could be assessed bears."""
    statuses = [extent(coverage) for coverage in audit.coverage]
    full = statuses.count("full") + statuses.count("nobody")
    said = []
    breaches, undetermined = audit.count(Outcome.BREACH), audit.count(Outcome.UNDETERMINED)
    if not audit.coverage or not any(status != "none" for status in statuses):
        said.append(shown.words("report.none_assessed"))
    elif breaches:
        said.append(shown.number("breaches_found", breaches))
        said += _weights(audit, shown)
    elif full == len(statuses) and not undetermined and not audit.problems:
        said.append(shown.words("report.no_breach_asked" if audit.asked.is_part else "report.no_breach"))
    else:
        said.append(shown.words("report.no_breach_assessed"))
        if full < len(statuses):
            said.append(shown.words("report.no_clean_result"))
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


def _weights(audit: Audit, shown: Shown) -> Iterator[str]:
    """How much the breaches weigh, and who has to answer for those that are not the contestant's."""
    breaches = [one for one in audit.findings if one.outcome is Outcome.BREACH]
    counted = {str(severity): shown.words.count(sum(one.severity is severity for one in breaches)) for severity in Severity}
    yield shown.words("report.weights", **counted, remedied=shown.words.count(sum(one.remedied for one in breaches)))
    if others := sum(one.respondent != "contestant" for one in breaches):
        yield shown.words("report.others_answer", count=shown.words.count(others))


def is_new(finding: Finding, audit: Audit) -> bool:
    """Whether it was found after the day from which on findings are told as new."""
    return audit.new_since is not None and finding.found_on is not None and finding.found_on > audit.new_since


def coverage_line(audit: Audit, shown: Shown) -> str:
    """How much of the rulebook could be assessed; printed as large as the breaches."""
    statuses = [extent(coverage) for coverage in audit.coverage]
    counted = {status: shown.words.count(statuses.count(status)) for status in ("full", "part", "none")}
    whole = not (audit.asked.select or audit.asked.ignore or (audit.published and audit.published.without_leads))
    key = "report.coverage_found" if whole else "report.coverage_asked"
    said = shown.words(key, all=shown.words.count(len(statuses)), **counted)
    nobody = statuses.count("nobody")
    return f"{said} {shown.words('report.coverage_nobody', count=shown.words.count(nobody))}" if nobody else said


def assumptions(audit: Audit, shown: Shown) -> Sequence[str]:
    """What the reader must know that no filing says: how files were read, what was left out, what was overridden."""
    asked = asked_for(audit, shown.words, lambda text: shown.text(text, 200))
    said = [shown.words("report.asked_line", asked=asked)] if asked else []
    said += [*_files_read(audit, shown), *_superseded(audit, shown), *_other_finals(audit, shown)]
    if nothing := [shown.text(one.contestant_id, 60) for one in audit.silent_contestants]:
        said.append(shown.words("report.nothing_filed", count=shown.words.count(len(nothing)), ids=_some(nothing)))
    if audit.overrides:
        said.append(shown.words("report.overrides_line", values=_overrides(audit, shown)))
    if assumed := sum(any(law.confidence is Confidence.ASSUMED for law in finding.law) for finding in audit.findings):
        said.append(shown.number("assumed_line", assumed))
    said.append(_who_is_shown(audit, shown))
    if audit.published and audit.published.numbered_files:
        said.append(shown.words("public.files_numbered"))
    return said


def _files_read(audit: Audit, shown: Shown) -> Iterator[str]:
    """How the files were read, and what of them was not."""
    for each in audit.inputs[:_FILES]:
        how, file = how_read(each, shown), shown.file(each.file, 80)
        yield shown.number("input_line", each.rows, file=file, table=shown.text(each.table, 40), how=how)
    if len(audit.inputs) > _FILES:
        yield shown.number("more_inputs", len(audit.inputs) - _FILES)
    if audit.passed_over:
        yield shown.number("passed_over", len(audit.passed_over), files=_some([shown.text(name, 80) for name in audit.passed_over]))
    if left := sum(len(each.left_out) for each in audit.inputs):
        yield shown.number("left_out_line", left)


def _superseded(audit: Audit, shown: Shown) -> Iterator[str]:
    """Which reports a later one took the place of."""
    later = [contestant for contestant in audit.contestants if contestant.superseded]
    if not later:
        return
    yield shown.number("superseded_line", sum(len(contestant.superseded) for contestant in later))
    for one in later[:NAMED]:
        books, old = (shown.text(", ".join(ids), 200) for ids in (one.books, one.superseded))
        yield shown.words("report.superseded_which", id=shown.text(one.contestant_id, 60), books=books or "–", old=old)
    if len(later) > NAMED:
        yield shown.number("superseded_more", len(later) - NAMED)


def _other_finals(audit: Audit, shown: Shown) -> Iterator[str]:
    """Whose books are one of several final reports."""
    finals = [contestant for contestant in audit.contestants if contestant.other_finals]
    for one in finals[:NAMED]:
        books, others = (shown.text(", ".join(ids), 200) for ids in (one.books, one.other_finals))
        yield shown.words("report.other_finals", id=shown.text(one.contestant_id, 60), books=books, others=others)
    if len(finals) > NAMED:
        yield shown.number("superseded_more", len(finals) - NAMED)


def _some(names: Sequence[str]) -> str:
    return listed(names, NAMED)


def _who_is_shown(audit: Audit, shown: Shown) -> str:
    """How persons are told in this report."""
    if audit.published is None:
        return shown.words("report.masked_note")
    return shown.words("public.reduced_by", profile=shown.text(audit.published.profile, 60), sha=audit.published.sha256[:12])


def _overrides(audit: Audit, shown: Shown) -> str:
    return "; ".join(f"{shown.text(name, 60)} = {shown.text(value, 60)}" for name, value in audit.overrides.items())


def how_read(each: Input, shown: Shown) -> str:
    """What was assumed to read a file, as the screen says it."""
    return manner(each, shown.words, lambda value: shown.text(value, 60)) or shown.words("report.read_typed")
