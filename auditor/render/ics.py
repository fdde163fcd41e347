"""A calendar as iCalendar (RFC 5545): whole days, nothing else.

Written here: all that is used of the format is escaped text, folded lines and days. The package icalendar would bring time zones and
a parser along, for three properties.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from auditor.follow.obligations import Calendar
from auditor.masking import harmless
from auditor.model.finding import Confidence
from auditor.render.calendar import named
from auditor.wording import Words

OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def as_ics(calendar: Calendar, words: Words) -> bytes:
    """Events and last days as VEVENT, days that nobody knows as VTODO without a day. The same calendar gives the same bytes: DTSTAMP
    is the day it was made for, and a UID is made of election and obligation, so that a later file moves an entry."""
    return "".join(folded_lines(line) for line in _lines(calendar, words)).encode("utf-8")


def _lines(calendar: Calendar, words: Words) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//campaign-finance-auditor//audit calendar//EN"
    yield "CALSCALE:GREGORIAN"
    yield f"X-WR-CALNAME:{_text(calendar.title)}"
    for event in calendar.events:
        basis = words("calendar.basis", basis=event.basis, confidence=words(f"common.confidence_{event.confidence}"))
        if event.day is None:
            advice = words("calendar.settle", name=event.name, day=calendar.day.isoformat())
            summary = words("calendar.ics_unknown", title=event.title)
            yield from _entry("VTODO", calendar, f"event-{event.name}", None, summary, f"{advice}\n{basis}", sure=False)
        else:
            sure = event.by_hand or event.confidence is not Confidence.ASSUMED
            yield from _entry("VEVENT", calendar, f"event-{event.name}", event.day, event.title, basis, sure=sure)
    for one in calendar.obligations:
        if one.due is not None:
            basis = words("calendar.basis", basis="; ".join(one.bases), confidence=words(f"common.confidence_{one.confidence}"))
            summary = words("calendar.ics_due", what=f"{named(one, words)}: {words(f'calendar.duty_{one.duty}')}")
            details = f"{words(f'common.respondent_{one.respondent}')} · {', '.join(one.rules)}\n{basis}"
            yield from _entry("VEVENT", calendar, one.id, one.due, summary, details, sure=one.confidence is not Confidence.ASSUMED)
    yield "END:VCALENDAR"


def _entry(kind: str, calendar: Calendar, name: str, day: date | None, summary: str, description: str, *, sure: bool) -> Iterator[str]:
    yield f"BEGIN:{kind}"
    yield f"UID:{calendar.election}-{name}@campaign-finance-auditor"
    yield f"DTSTAMP:{calendar.as_of:%Y%m%d}T000000Z"
    if day is not None:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        if day < date.max:
            yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"  # the day after, which is no longer of it
        yield f"STATUS:{'CONFIRMED' if sure else 'TENTATIVE'}"
        yield "TRANSP:TRANSPARENT"
    else:
        yield "STATUS:NEEDS-ACTION"
    yield f"SUMMARY:{_text(summary)}"
    yield f"DESCRIPTION:{_text(description)}"
    yield f"END:{kind}"


def _text(value: str) -> str:
    return "\n".join(harmless(line) for line in value.split("\n")).translate(_ESCAPED)


def folded_lines(line: str) -> str:
    """Lines of at most 75 octets without their end, never cut inside a letter; those that continue one begin with a space."""
    parts, part, octets = [], "", 0
    for letter in line:
        size = len(letter.encode("utf-8"))
        if octets + size > OCTETS:
            parts.append(part)
            part, octets = " ", 1
        part += letter
        octets += size
    return "\r\n".join((*parts, part)) + "\r\n"
