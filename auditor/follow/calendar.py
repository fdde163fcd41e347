"""A rulebook → the calendar of its election. Which day an obligation falls on is what its rule says, counted as the rule counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from auditor.counted_days import last_day
from auditor.follow.obligations import Calendar, KnownDay, Obligation
from auditor.model.finding import Confidence
from auditor.rulebook.kinds_of_reports import FinalMissing, FinalWithin, InterimMissing, InterimPublished
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import ReportingPeriod, Rule
from auditor.tables import FINAL, INTERIM

Basis = tuple[str, Confidence]


def calendar(rulebook: Rulebook, as_of: date, lang: str) -> Calendar:
    """All events and obligations; `as_of` is only told."""
    events = [
        KnownDay(
            name,
            event.title.in_(lang),
            rulebook.day(name),
            rulebook.legal_basis[event.source].in_(lang),
            event.confidence,
            name in rulebook.overrides,
        )
        for name, event in rulebook.events.items()
    ]
    election = rulebook.election
    return Calendar(
        election=election.id,
        title=election.title.in_(lang),
        as_of=as_of,
        day=election.day,
        events=sorted(events, key=lambda event: event.day or date.max),
        obligations=sorted(_obligations(rulebook, lang), key=lambda one: one.due or date.max),
    )


def _obligations(rulebook: Rulebook, lang: str) -> Iterator[Obligation]:
    def texts(bases: Sequence[Basis]) -> list[str]:
        return list(dict.fromkeys(rulebook.legal_basis[source].in_(lang) for source, _ in bases))

    for rule in rulebook.rules:
        match rule.check:
            case InterimMissing():
                for number, period in enumerate(rulebook.election.reporting_periods, 1):
                    bases = [(period.source, period.confidence)]
                    yield _of_period(rule, number, period, "submitted", 0, "calendar", texts(bases), bases)
            case InterimPublished(days=days, counting=counting):
                for number, period in enumerate(rulebook.election.reporting_periods, 1):
                    bases = [(period.source, period.confidence), *_of_parameters(rulebook, days, counting)]
                    yield _of_period(rule, number, period, "published", rulebook.whole(days), rulebook.word(counting), texts(bases), bases)
            case FinalMissing() as check:
                late = [
                    other.id
                    for other in rulebook.rules
                    if isinstance(other.check, FinalWithin) and (other.check.day, other.check.event) == ("received_on", check.event)
                ]
                yield _of_event(rulebook, rule, check, "submitted", sorted((rule.id, *late)), lang)
            case FinalWithin(day="received_on") as check if not any(
                isinstance(other.check, FinalMissing) and other.check.event == check.event for other in rulebook.rules
            ):  # where a missing one is a breach too, that rule has the duty, above
                yield _of_event(rulebook, rule, check, "submitted", [rule.id], lang)
            case FinalWithin(day="published_on") as check:
                yield _of_event(rulebook, rule, check, "published", [rule.id], lang)


def _of_period(
    rule: Rule, number: int, period: ReportingPeriod, duty: str, days: int, counting: str, texts: Sequence[str], bases: Sequence[Basis]
) -> Obligation:
    return Obligation(
        id=f"interim-{number}-{duty}",
        report=INTERIM,
        duty=duty,
        respondent=rule.respondent,
        rules=[rule.id],
        period=(period.from_, period.to),
        event=None,
        starts=period.to,
        counted=days,
        counting=counting,
        due=last_day(period.to, days, counting),
        judges_late=duty == "published",
        bases=texts,
        confidence=Confidence.least(sure for _, sure in bases),
    )


def _of_event(rulebook: Rulebook, rule: Rule, check: FinalMissing | FinalWithin, duty: str, rules: Sequence[str], lang: str) -> Obligation:
    event, starts = rulebook.events[check.event], rulebook.day(check.event)
    days, counting = rulebook.whole(check.days), rulebook.word(check.counting)
    bases: list[Basis] = [] if check.event in rulebook.overrides else [(event.source, event.confidence)]
    bases += _of_parameters(rulebook, check.days, check.counting)
    return Obligation(
        id=f"final-{duty}",
        report=FINAL,
        duty=duty,
        respondent=rule.respondent,
        rules=rules,
        period=None,
        event=check.event,
        starts=starts,
        counted=days,
        counting=counting,
        due=None if starts is None else last_day(starts, days, counting),
        judges_late=True,
        bases=list(dict.fromkeys(rulebook.legal_basis[source].in_(lang) for source, _ in bases)),
        confidence=Confidence.least(sure for _, sure in bases),
    )


def _of_parameters(rulebook: Rulebook, *names: str) -> list[Basis]:
    """Where the numbers come from; one set by hand comes from nowhere but the command."""
    return [(value.source, value.confidence) for name in names if name not in rulebook.overrides for value in (rulebook.current(name),)]
