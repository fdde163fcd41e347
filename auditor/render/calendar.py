"""The calendar of an election and how its obligations stand, as a screen or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from auditor.follow.obligations import Calendar, KnownDay, Obligation, Standing, Standings
from auditor.masking import harmless, shortened
from auditor.render.terminal import Indented, lines_of
from auditor.tables import INTERIM
from auditor.wording import Words

FORMAT = "audit-calendar/1"
MOST_IDS = 12
MOST_ID = 40


def as_json(calendar: Calendar, status: Standings | None) -> str:
    """The calendar and, where the register was given, how each obligation stands; ids as filed."""
    told: dict[str, Any] = {"format": FORMAT, **asdict(calendar)}
    if status is not None:
        told["registered"] = list(status.registered)
        told["interim_published"] = status.published
        told["undated"] = list(status.undated)
        told["unread"] = status.unread
        told["standings"] = [{**asdict(one), "obligation": one.obligation.id, "owed": one.owed} for one in status.standings]
    return json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"


def shown(calendar: Calendar, status: Standings | None, words: Words, *, width: int) -> str:
    """Every event and obligation with its day, its basis and how sure it is."""
    return lines_of(_show(calendar, status, words), width)


def due(calendar: Calendar, status: Standings | None, words: Words, *, days: int, width: int) -> str:
    """What falls due from the calendar's day on, so many days ahead, both days inside."""
    return lines_of(_due(calendar, status, words, days), width)


def standing(status: Standings, words: Words, *, width: int) -> str:
    """Every obligation with its counts and who is late or missing; the observer's sentence last."""
    return lines_of(_status(status, words), width)


def named(one: Obligation, words: Words) -> str:
    """Which report, and of which period."""
    if one.period is None:
        return words("calendar.final")
    return words("calendar.interim", begins=words.day(one.period[0]), ends=words.day(one.period[1]))


def _show(calendar: Calendar, status: Standings | None, words: Words) -> Indented:
    yield from _head(calendar, words)
    yield from _unknown(calendar, words)
    yield words("calendar.events"), 0
    for event in calendar.events:
        yield f"{_day(event, words)}  {event.title}", 2
        yield _basis([event.basis], event.confidence, words) if not event.by_hand else words("calendar.by_hand"), 6
    yield "", 0
    yield words("calendar.obligations"), 0
    for one in calendar.obligations:
        yield _obligation(one, words), 2
        yield _basis(one.bases, one.confidence, words), 6
    if status is not None:
        yield "", 0
        yield from _sentence(status, words)


def _due(calendar: Calendar, status: Standings | None, words: Words, days: int) -> Indented:
    yield from _head(calendar, words)
    yield from _unknown(calendar, words)
    last = calendar.as_of + min(timedelta(days=days), date.max - calendar.as_of)
    falls = [one for one in calendar.obligations if one.due is not None and calendar.as_of <= one.due <= last]
    yield words("calendar.due_until", day=words.day(last), n=days, count=words.count(days)), 0
    left = {each.obligation.id: each for each in status.standings} if status is not None else {}
    for one in falls:
        yield _obligation(one, words), 2
        if one.id in left:
            yield _counts(left[one.id], words), 6
    if not falls:
        yield words("calendar.nothing_due"), 2
    if status is not None:
        yield "", 0
        yield from _sentence(status, words)


def _status(status: Standings, words: Words) -> Indented:
    yield from _head(status.calendar, words)
    yield from _unknown(status.calendar, words)
    for one in status.standings:
        yield _obligation(one.obligation, words), 0
        yield _counts(one, words), 4
        for name in ("missing", "late", "unclear"):
            ids: Sequence[str] = getattr(one, name)
            if ids and not (name == "unclear" and one.obligation.due is None):  # it lacks a day, and not in the register
                yield words(f"calendar.who_{name}", ids=_ids(ids, words)), 4
    yield "", 0
    if status.undated:
        yield words("calendar.undated", n=len(status.undated), count=words.count(len(status.undated)), ids=_ids(status.undated, words)), 0
    if status.unread:
        yield words("calendar.unread", count=words.count(status.unread)), 0
    yield from _sentence(status, words)


def _head(calendar: Calendar, words: Words) -> Indented:
    yield calendar.title, 0
    yield words("calendar.as_of", day=words.day(calendar.as_of), election_day=words.day(calendar.day)), 0
    yield "", 0


def _unknown(calendar: Calendar, words: Words) -> Indented:
    """A day that nobody knows is told before all that is known."""
    for event in calendar.unknown:
        waiting = [f"{named(one, words)}: {words(f'calendar.duty_{one.duty}')}" for one in calendar.waiting_for(event.name)]
        yield words("calendar.unknown", title=event.title), 0
        if waiting:
            yield words("calendar.waiting", what="; ".join(waiting)), 4
        yield words("calendar.settle", name=event.name, day=calendar.day.isoformat()), 4
    if calendar.unknown:
        yield "", 0


def _obligation(one: Obligation, words: Words) -> str:
    day = words("calendar.day_unknown") if one.due is None else words.day(one.due)
    who = words(f"common.respondent_{one.respondent}")
    return f"{day}  {named(one, words)}: {words(f'calendar.duty_{one.duty}')} · {who} · {', '.join(one.rules)}"


def _counts(one: Standing, words: Words) -> str:
    count = words.count
    late = count(len(one.late)) if one.obligation.judges_late and one.obligation.due is not None else "–"
    key = f"calendar.counts_{one.obligation.duty}"
    counted = {name: count(len(getattr(one, name))) for name in ("done", "missing", "open", "unclear")}
    return words(key, owed=count(one.owed), late=late, **counted)


def _sentence(status: Standings, words: Words) -> Indented:
    """What an observer needs to say, of those registered on that day and of nobody else."""
    first = {one.duty: one for one in reversed(status.calendar.obligations) if one.report == INTERIM}
    registered = words.count(len(status.registered))
    if status.published is None:
        yield words("calendar.observer_unclear", registered=registered), 0
        return
    number = len(status.published)
    said = words("calendar.observer", n=number, published=words.count(number), registered=registered)
    submitted, public = first.get("submitted"), first.get("published")
    if submitted is not None and public is not None and submitted.due is not None and public.due is not None:
        sure = words(f"common.confidence_{public.confidence}")  # counted from the day of the submission: never surer than that
        said += "; " + words("calendar.observer_due", day=words.day(submitted.due), public=words.day(public.due), confidence=sure)
    yield said + ".", 0


def _day(event: KnownDay, words: Words) -> str:
    return words("calendar.day_unknown") if event.day is None else words.day(event.day)


def _basis(bases: Sequence[str], confidence: str, words: Words) -> str:
    if not bases:
        return words("calendar.by_hand")
    return words("calendar.basis", basis="; ".join(bases), confidence=words(f"common.confidence_{confidence}"))


def _ids(ids: Sequence[str], words: Words) -> str:
    told = ", ".join(shortened(" ".join(harmless(cid).split()), MOST_ID) for cid in ids[:MOST_IDS])
    more = len(ids) - MOST_IDS
    return f"{told} {words('calendar.more', count=words.count(more))}" if more > 0 else told
