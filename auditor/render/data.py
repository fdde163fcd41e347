"""The audit as data: JSON of the contract (`audit-findings/1`) and findings one a row as CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.masking import safe
from auditor.model.audit import Audit
from auditor.model.contestant import Contestant
from auditor.model.coverage import Coverage, Gap
from auditor.model.finding import Finding, Measure, Outcome
from auditor.model.input import Input, Problem
from auditor.model.place import Place

FORMAT = "audit-findings/1"
_BEGINS, _IDS = 1_000, re.compile(r'"ids": "([a-z]+)"')  # it stands among the first members


def as_json(audit: Audit) -> str:
    """The whole audit as JSON."""
    return written(document(audit))


def written(told: Mapping[str, Any]) -> str:
    """A document as JSON, one record a line so that two runs can be compared with `diff`."""
    return "{\n" + ",\n".join(_members(told)) + "\n}\n"


def _members(told: Mapping[str, Any]) -> Iterator[str]:
    for key, value in told.items():
        if isinstance(value, list) and value:
            items = ",\n    ".join(json.dumps(item, ensure_ascii=False) for item in value)
            yield f'  "{key}": [\n    {items}\n  ]'
        else:
            yield f'  "{key}": {json.dumps(value, ensure_ascii=False)}'


def ids_in(file: Path) -> str | None:
    """How the findings in a file tell of persons: `whole` or `keyed`; None where it is no file of findings."""
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            begins = opened.read(_BEGINS)
    except OSError:
        return None
    found = _IDS.search(begins) if f'"{FORMAT}"' in begins else None
    return found[1] if found is not None else None


def document(audit: Audit) -> dict[str, Any]:
    """The object of `output.md`, every key always present."""
    return {
        "format": FORMAT,
        "election": audit.election,
        "as_of": audit.as_of.isoformat(),
        "lang": audit.lang,
        "ids": "keyed" if audit.published else "whole",
        "profile": {"name": audit.published.profile, "sha256": audit.published.sha256} if audit.published else None,
        "rulebook": {"version": audit.rulebook.version, "sha256": audit.rulebook.sha256},
        "inputs": [_input(one) for one in audit.inputs],
        "passed_over": list(audit.passed_over),
        "overrides": dict(audit.overrides),
        "asked": {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(audit.asked).items()},
        "summary": {
            "contestants": len(audit.contestants),
            "rows": audit.rows,
            "breaches": audit.count(Outcome.BREACH),
            "undetermined": audit.count(Outcome.UNDETERMINED),
            "leads": audit.count(Outcome.LEAD),
            "problems": len(audit.problems),
        },
        "coverage": [_coverage(one) for one in audit.coverage],
        "contestants": [_contestant(one) for one in audit.contestants],
        "findings": [finding(one) for one in audit.findings],
        "problems": [_problem(one) for one in audit.problems],
    }


def exact(value: Measure) -> str | int | None:
    """Money as text with two decimals, a count as a number."""
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def _input(one: Input) -> dict[str, Any]:
    return {
        "table": one.table,
        "file": one.file,
        "sheet": one.sheet,
        "sha256": one.sha256,
        "rows": one.rows,
        "read": one.read,
        "unread": one.unread,
        "read_as": asdict(one.read_as) if one.read_as else None,
        "assumed": [asdict(each) for each in one.assumed],
        "left_out": [asdict(left) for left in one.left_out],
        "notes": list(one.notes),
    }


def _contestant(one: Contestant) -> dict[str, Any]:
    return {
        "contestant_id": one.contestant_id,
        "name": one.name,
        "contest": one.contest,
        "books": list(one.books),
        "superseded": list(one.superseded),
        "other_finals": list(one.other_finals),
        "totals": [
            {"rule": total.rule, "measured": exact(total.measured), "limit": exact(total.limit), "room": exact(total.room)}
            for total in one.totals
        ],
    }


def _problem(one: Problem) -> dict[str, Any]:
    return {
        "code": one.code,
        "file": one.file,
        "sheet": one.sheet,
        "row": one.row,
        "column": one.column,
        "value": one.value,
        "message": one.message,
    }


def _coverage(one: Coverage) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "status": one.status,
        "subjects": one.subjects,
        "kept": one.kept,
        "breaches": one.breaches,
        "undetermined": one.undetermined,
        "reason": one.reason,
        "not_assessed_for": _gaps(one.not_assessed_for),
        "partly_not_assessed_for": _gaps(one.partly_not_assessed_for),
        "unread_for": _gaps(one.unread_for),
    }


def _gaps(gaps: Sequence[Gap]) -> list[dict[str, str]]:
    return [{"contestant_id": gap.contestant_id, "reason": gap.why} for gap in gaps]


def _place(place: Place) -> dict[str, Any]:
    return {"table": place.table, "file": place.file, "sheet": place.sheet, "row": place.row}


def finding(one: Finding) -> dict[str, Any]:
    """One finding as data."""
    return {
        "key": one.key,
        "rule": one.rule,
        "outcome": one.outcome,
        "severity": one.severity,
        "remedied": one.remedied,
        "respondent": one.respondent,
        "contestant_id": one.contestant_id,
        "subject": one.subject,
        "measured": exact(one.measured),
        "limit": exact(one.limit),
        "excess": exact(one.excess),
        "rows": [_place(line.place) for line in one.lines],
        "crossing": {**_place(one.crossing.place), "date": one.crossing.date.isoformat()} if one.crossing else None,
        "message": one.message,
        "law": [{"text": law.text, "confidence": law.confidence} for law in one.law],
        "action": one.action,
    }


def as_csv(audit: Audit) -> str:
    """Findings one a row; a text that a spreadsheet would run as a formula gets an apostrophe in front."""
    out = io.StringIO()
    columns = (
        "key", "rule", "outcome", "severity", "remedied", "respondent", "contestant_id", "subject", "measured", "limit", "excess",
        "rows", "crossing", "message", "law", "action",
    )  # fmt: skip
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for one in audit.findings:
        cells = finding(one)
        cells["rows"] = " ".join(line.place.shown for line in one.lines)
        cells["crossing"] = one.crossing.place.shown if one.crossing else None
        cells["law"] = "; ".join(f"{law.text} ({law.confidence})" for law in one.law)
        writer.writerow({name: _harmless(name, cells[name]) for name in columns})
    return out.getvalue()


_FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=\"*[=+\-@\t\r])")
_NUMBERS = frozenset(("measured", "limit", "excess"))


def _harmless(name: str, value: Any) -> str:
    if name in _NUMBERS:
        return "" if value is None else str(value)
    return formula_free(("yes" if value else "no") if isinstance(value, bool) else value)


def formula_free(value: object) -> str:
    """A text that no spreadsheet runs as a formula: what begins like one gets an apostrophe in front.

    Also within the text: where the list separator is a semicolon (Kazakh, Russian), a spreadsheet that opens the file begins a new
    cell there, quotation marks or not, and a new row at the end of a line.
    """
    return _FORMULA.sub("'", "" if value is None else str(value))


def safe_cell(value: str | None) -> str:
    """A text for a cell of a CSV that goes to others: no id of a person whole, nothing unseen, nothing that a spreadsheet runs."""
    return formula_free(safe(value or ""))
