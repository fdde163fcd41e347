"""What changed between two versions as data: JSON, and CSV with a row for each change."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.follow.changes import Change, Changes, Version
from auditor.model.audit import FiledLine
from auditor.render.data import exact, formula_free

FORMAT = "audit-changes/1"
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
                name: " ".join(f"{what}={value_of(side, what)}" for what in one.what) for name, side in (("old", one.old), ("new", one.new))
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


def value_of(finding: Mapping[str, Any] | None, what: str) -> object:
    """What a finding says of itself, on one side of the comparison; nothing where it is not there."""
    if finding is None:
        return ""
    return len(finding["rows"]) if what == "rows" else finding[what]


def _line_cells(line: FiledLine) -> dict[str, Any]:
    return {"contestant_id": line.contestant_id, "file": line.place.file, "row": line.place.row}


def _content(line: FiledLine) -> str:
    return json.dumps(dict(line.content), ensure_ascii=False)
