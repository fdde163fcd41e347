"""What follows from a finding: the excess, what it is measured by, and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from auditor.model.audit import Audit
from auditor.model.finding import Finding, Outcome
from auditor.render.excerpts import file_name
from auditor.render.shown import Shown


def effect(finding: Finding, audit: Audit, shown: Shown, beside: Mapping[tuple[str, str | None], str]) -> tuple[str | None, Sequence[str]]:
    """What follows: the excess as the figure, then what it is measured by and since when. `beside`: what could not be read, by rule and
    contestant."""
    figure = _figure(finding, shown)
    said = [shown.words("report.effect_undetermined")] if finding.outcome is Outcome.UNDETERMINED else []
    if finding.measured is not None and not (figure and _is_their_sum(finding)):
        said.append(_measured(finding, shown))
    if finding.crossing:
        place = finding.crossing.place
        said.append(
            shown.words(
                "report.first_over",
                day=shown.words.day(finding.crossing.date),
                row=place.row,
                file=file_name(place.file, place.sheet, shown),
            )
        )
    if finding.last_day_over and finding.remedied:
        said.append(shown.words("report.last_over", day=shown.words.day(finding.last_day_over)))
    if finding.remedied:
        said.append(shown.words("report.effect_remedied"))
    elif finding.crossing and finding.outcome is Outcome.BREACH and figure:
        said.append(shown.words("report.not_remedied", day=shown.words.day(audit.as_of)))
    if (reason := beside.get((finding.rule, finding.contestant_id))) is not None:
        said.append(shown.words("report.found_beside", reason=shown.text(reason, 200)))
    return figure, said


def _figure(finding: Finding, shown: Shown) -> str | None:
    """The excess, and what it is; None where there is none."""
    if finding.outcome is Outcome.UNDETERMINED:
        return shown.words("common.outcome_undetermined")
    if finding.excess is None or finding.excess == 0:
        return None
    excess = shown.measure(finding.excess, finding.unit)
    # Only of a sum that went over a limit is it said so: other rules measure days, persons, or what two papers say otherwise.
    if finding.crossing is not None and finding.excess > 0:
        share = _share(finding)
        told = excess if share is None else shown.words("report.excess_share", excess=excess, percent=shown.words.percent(share))
        return shown.words("report.excess_over", excess=told)
    if _is_their_sum(finding):
        return shown.words("report.excess_sum", excess=excess)
    # Which of the two is the larger is told by both; a sign would say no more.
    apart = -finding.excess if finding.excess < 0 else finding.excess
    return shown.words("report.excess_apart", excess=shown.measure(apart, finding.unit))


def _measured(finding: Finding, shown: Shown) -> str:
    """What was measured, and against what."""
    key = "measured_only" if finding.limit is None else "measured_limit" if finding.crossing is not None else "measured_against"
    if finding.outcome is Outcome.LEAD and isinstance(finding.limit, int):
        key = "measured_threshold"  # so many days, donors or lines are a number of ours, and nothing that anybody has to keep
    # A sum with a limit is undetermined for lines that could not be read; what has none, for another fact, unless an amount is lacking.
    unread = bool(finding.limit) or any(line.amount is None for line in finding.lines)
    if finding.outcome is Outcome.UNDETERMINED and unread:
        key = "measured_only_readable" if finding.limit is None else "measured_limit_readable"
    measured, limit = (shown.measure(value, finding.unit) for value in (finding.measured, finding.limit))
    return shown.words(f"report.{key}", measured=measured, limit=limit)


def _is_their_sum(finding: Finding) -> bool:
    """Whether the excess is the sum of the rows, none of which may be there at all: nothing else is held against it."""
    effects = [line.effect for line in finding.lines if isinstance(line.effect, Decimal)]
    return finding.outcome is Outcome.BREACH and finding.limit == 0 and bool(effects) and finding.measured == sum(effects) > 0


def _share(finding: Finding) -> Decimal | None:
    if not isinstance(finding.limit, Decimal) or not isinstance(finding.excess, Decimal) or finding.limit <= 0:
        return None
    return finding.excess / finding.limit * 100
