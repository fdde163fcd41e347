"""What changed between two versions, as a screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.follow.changes import Change, Changes, Followed, MovedTotal
from auditor.follow.line_changes import AlteredLine
from auditor.masking import LONGEST_NAME, is_personal, masked, safe, shortened
from auditor.model.audit import FiledLine
from auditor.render.changes_data import value_of
from auditor.render.shown import Shown
from auditor.render.terminal import Indented, lines_of
from auditor.tables import INTERIM
from auditor.wording import Words

MOST = 40  # of one kind on the screen
_SHOWN = (Change.NEW, Change.NEWLY_ASSESSED, Change.CHANGED, Change.NO_LONGER_ASSESSED, Change.RESOLVED)


def as_text(changes: Changes, words: Words, *, width: int) -> str:
    """Both versions, what besides the filing differs, findings, lines, totals, rules, the verdict last. Ids by their last four digits."""
    return lines_of(_lines(changes, words), width)


# --- screen ---


def _lines(changes: Changes, words: Words) -> Indented:
    for side, version in (("old", changes.old), ("new", changes.new)):
        told = version.document
        day = words.day(date.fromisoformat(told["as_of"]))
        yield words(f"diff.{side}", name=version.name, day=day, rulebook=told["rulebook"]["version"]), 0
    for note in changes.notes:
        yield words(f"diff.differs_{note}"), 2
    if changes.masked:
        yield words("diff.masked"), 2
    yield "", 0
    yield words("diff.findings"), 0
    for change in (*_SHOWN, Change.UNCHANGED):
        several = changes.of(change)
        key = "new_findings" if change is Change.NEW else str(change)
        yield words(f"diff.{key}", count=words.count(len(several))), 2
        if change is not Change.UNCHANGED:
            for one in several[:MOST]:
                yield from _finding(one, words)
            yield from _more(len(several), words)
    yield "", 0
    yield from _filed(changes, words)
    yield from _totals(changes, words)
    for key, rules in (("silenced", changes.silenced), ("voiced", changes.voiced)):
        if rules:
            yield words(f"diff.{key}", count=words.count(len(rules))), 0
            for rule, reason in rules:
                yield f"{rule}  {reason or words('diff.not_asked')}", 4
    if changes.problems[0] != changes.problems[1]:
        yield words("diff.problems", old=words.count(changes.problems[0]), new=words.count(changes.problems[1])), 0
    yield words(f"diff.verdict_{_verdict(changes)}"), 0


def _verdict(changes: Changes) -> str:
    if changes.worse:
        return "worse"
    if any(one.change is not Change.UNCHANGED for one in changes.findings):
        return "better"
    lines = changes.lines
    quiet = lines is None or not (lines.added or lines.removed or lines.altered)
    moved = changes.totals or changes.voiced or changes.problems[0] != changes.problems[1] or changes.notes
    return "same" if quiet and not moved else "other"


def _finding(one: Followed, words: Words) -> Indented:
    told = one.latest
    remark = f" · {words('common.remedied')}" if told["remedied"] else ""
    # A lead is no breach, whose weight could be told.
    weight = f" · {words('common.severity_' + told['severity'])}" if told["outcome"] != "lead" else ""
    outcome = f"{words('common.outcome_' + told['outcome'])}{weight}{remark}"
    yield f"{told['rule']}  {_text(told['contestant_id']) or '–'} · {outcome} · {told['key']}", 4
    if one.change is Change.CHANGED:
        assert one.old is not None
        assert one.new is not None
        yield words("diff.is_worse" if one.worse else "diff.is_better"), 8
        for what in one.what:
            yield (
                words("diff.value", what=words(f"diff.what_{what}"), old=_value(one.old, what, words), new=_value(one.new, what, words)),
                8,
            )
    yield _text(told["message"], 600), 8


def _value(finding: Mapping[str, Any], what: str, words: Words) -> str:
    value = value_of(finding, what)
    if value is None:
        return "–"
    if what in ("outcome", "severity"):
        return words(f"common.{'weight' if what == 'severity' else what}_{value}")
    if isinstance(value, bool):
        return words("diff.yes" if value else "diff.no")
    return words.count(value) if isinstance(value, int) else _money(str(value), words)


def _filed(changes: Changes, words: Words) -> Indented:
    lines = changes.lines
    if lines is None:
        yield words("diff.no_lines"), 0
        return
    counts = {"added": lines.added, "removed": lines.removed, "altered": lines.altered}
    yield words("diff.lines", same=words.count(lines.same), **{name: words.count(len(several)) for name, several in counts.items()}), 0
    for sign, several in (("+", lines.added), ("\u2212", lines.removed)):
        for line in several[:MOST]:
            yield f"{sign} {_line(line, words)}", 4
        yield from _more(len(several), words)
    for pair in lines.altered[:MOST]:
        yield from _altered(pair, words)
    yield from _more(len(lines.altered), words)


def _line(line: FiledLine, words: Words) -> str:
    cells = line.content
    who = _text(cells.get("counterparty_name")) or masked(cells.get("counterparty_id")) or "–"
    money = _money(cells["amount"], words)
    where = words("diff.row", file=_text(line.place.file), row=line.place.row)
    kind = Shown(words, "").code("kind", cells["kind"])
    day = words.day(date.fromisoformat(cells["date"]))
    return f"{_text(line.contestant_id)}  {_report(line, words)}  {where}: {day}  {kind}  {money}  {who}"


def _report(line: FiledLine, words: Words) -> str:
    """The type and the period of its report, as people write them."""
    report_type, *days = line.report.split(" ")
    begins, ends = (words.day(date.fromisoformat(day)) if day != "–" else "…" for day in days)
    return words("calendar.interim" if report_type == INTERIM else "diff.report_final", begins=begins, ends=ends)


def _altered(pair: AlteredLine, words: Words) -> Indented:
    yield f"~ {_line(pair.new, words)}", 4
    if pair.old.place.row != pair.new.place.row:
        yield words("diff.was_row", row=pair.old.place.row), 8
    for what in pair.what:
        yield words("diff.value", what=what, old=_cell(pair.old, what, words), new=_cell(pair.new, what, words)), 8


def _cell(line: FiledLine, what: str, words: Words) -> str:
    value = line.content.get(what)
    if value is None:
        return words("diff.empty")
    if what in ("amount", "unit_price"):
        return _money(value, words)
    return masked(value) if what == "counterparty_id" and is_personal(value) else _text(value)


def _totals(changes: Changes, words: Words) -> Indented:
    if not changes.totals:
        return
    yield words("diff.totals", count=words.count(len(changes.totals))), 0
    for one in changes.totals[:MOST]:
        yield _total(one, words), 4
    yield from _more(len(changes.totals), words)


def _total(one: MovedTotal, words: Words) -> str:
    sides = {"old": words.measure(one.old), "new": words.measure(one.new)}
    said = f"{_text(one.contestant_id)}  {one.rule}  " + words("diff.moved", **sides)
    if one.difference is None:
        return said
    return f"{said}  ({'+' if one.difference > 0 else ''}{words.money(one.difference)})"


def _more(number: int, words: Words) -> Indented:
    if number > MOST:
        yield words("diff.more", count=words.count(number - MOST)), 4


def _money(text: str, words: Words) -> str:
    return words.money(Decimal(text))


def _text(value: object, limit: int = LONGEST_NAME) -> str:
    # Not `split()`, which would part the digits of an amount.
    return shortened(re.sub(r"[ \t\r\n]+", " ", safe(str(value or ""))).strip(), limit)
