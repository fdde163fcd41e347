"""What changed between two versions, as a screen, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.follow.changes import Change, Changes, Followed, MovedTotal, Version
from auditor.follow.line_changes import AlteredLine
from auditor.masking import LONGEST_NAME, is_personal, masked, safe, shortened
from auditor.model.audit import FiledLine
from auditor.render.data import exact, formula_free
from auditor.render.shown import Shown
from auditor.render.terminal import Indented, lines_of
from auditor.tables import INTERIM
from auditor.wording import Words

FORMAT = "audit-changes/1"
MOST = 40  # of one kind on the screen
_SHOWN = (Change.NEW, Change.NEWLY_ASSESSED, Change.CHANGED, Change.NO_LONGER_ASSESSED, Change.RESOLVED)
_COLUMNS = ("part", "change", "worse", "contestant_id", "rule", "key", "what", "old", "new", "file", "row", "message")


def as_json(changes: Changes) -> str:
    """Everything, ids as the two versions have them."""
    return json.dumps(_document(changes), ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode() + "\n"


def as_csv(changes: Changes) -> str:
    """One change a row: findings (but those unchanged), lines, totals, rules. Texts that would run as a formula are made harmless."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _rows(changes):
        writer.writerow(
            {name: value if row["part"] == "total" and name in ("old", "new") else formula_free(value) for name, value in row.items()}
        )
    return out.getvalue().encode("utf-8", "backslashreplace").decode()


def as_text(changes: Changes, words: Words, *, width: int) -> str:
    """Both versions, what besides the filing differs, findings, lines, totals, rules, the verdict last. Ids by their last four digits."""
    return lines_of(_lines(changes, words), width)


# --- data ---


def _document(changes: Changes) -> dict[str, Any]:
    lines = changes.lines
    return {
        "format": FORMAT,
        "worse": changes.worse,
        "ids": "masked" if changes.masked else "whole",
        "old": _version(changes.old),
        "new": _version(changes.new),
        "differs_besides": list(changes.notes),
        "summary": {
            **{str(change): len(changes.of(change)) for change in Change},
            "problems": {"old": changes.problems[0], "new": changes.problems[1]},
            "lines": None
            if lines is None
            else {"added": len(lines.added), "removed": len(lines.removed), "altered": len(lines.altered), "same": lines.same},
        },
        "findings": [
            {"key": one.latest["key"], "change": one.change, "worse": one.worse, "what": list(one.what), "old": one.old, "new": one.new}
            for one in changes.findings
        ],
        "lines": None
        if lines is None
        else {
            "added": [_line_data(line) for line in lines.added],
            "removed": [_line_data(line) for line in lines.removed],
            "altered": [{"what": list(one.what), "old": _line_data(one.old), "new": _line_data(one.new)} for one in lines.altered],
        },
        "totals": [
            {
                "contestant_id": one.contestant_id,
                "rule": one.rule,
                "old": exact(one.old),
                "new": exact(one.new),
                "difference": exact(one.difference),
            }
            for one in changes.totals
        ],
        "no_longer_assessed": [{"rule": rule, "reason": reason} for rule, reason in changes.silenced],
        "newly_assessed": [{"rule": rule, "reason": reason} for rule, reason in changes.voiced],
    }


def _version(one: Version) -> dict[str, Any]:
    told = one.document
    return {"name": one.name, "as_of": told["as_of"], "rulebook": told["rulebook"]["version"], "sha256": told["rulebook"]["sha256"]}


def _line_data(line: FiledLine) -> dict[str, Any]:
    place = {"file": line.place.file, "sheet": line.place.sheet, "row": line.place.row}
    return {"contestant_id": line.contestant_id, "report": line.report, **place, "content": dict(line.content)}


def _rows(changes: Changes) -> Iterator[dict[str, Any]]:
    empty = dict.fromkeys(_COLUMNS, "")
    for one in changes.findings:
        if one.change is not Change.UNCHANGED:
            told = one.latest
            values = {
                name: " ".join(f"{what}={_side(side, what)}" for what in one.what) for name, side in (("old", one.old), ("new", one.new))
            }
            yield {
                **empty,
                "part": "finding",
                "change": str(one.change),
                "worse": "yes" if one.worse else "no",
                **{name: told[name] for name in ("contestant_id", "rule", "key", "message")},
                "what": " ".join(one.what),
                **values,
            }
    if changes.lines is not None:
        for change, lines in (("added", changes.lines.added), ("removed", changes.lines.removed)):
            side = "new" if change == "added" else "old"
            for line in lines:
                yield {**empty, "part": "line", "change": change, **_line_cells(line), side: _content(line)}
        for pair in changes.lines.altered:
            sides = {"old": _content(pair.old), "new": _content(pair.new)}
            yield {**empty, "part": "line", "change": "altered", **_line_cells(pair.new), "what": " ".join(pair.what), **sides}
    for total in changes.totals:
        moved = {"old": exact(total.old), "new": exact(total.new)}
        yield {**empty, "part": "total", "change": "moved", "contestant_id": total.contestant_id, "rule": total.rule, **moved}
    for change, rules in ((Change.NO_LONGER_ASSESSED, changes.silenced), (Change.NEWLY_ASSESSED, changes.voiced)):
        for rule, reason in rules:
            worse = "yes" if change is Change.NO_LONGER_ASSESSED else "no"
            yield {**empty, "part": "rule", "change": str(change), "worse": worse, "rule": rule, "message": reason or ""}


def _side(finding: Mapping[str, Any] | None, what: str) -> object:
    if finding is None:
        return ""
    return len(finding["rows"]) if what == "rows" else finding[what]


def _line_cells(line: FiledLine) -> dict[str, Any]:
    return {"contestant_id": line.contestant_id, "file": line.place.file, "row": line.place.row}


def _content(line: FiledLine) -> str:
    return json.dumps(dict(line.content), ensure_ascii=False)


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
    value = _side(finding, what)
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
