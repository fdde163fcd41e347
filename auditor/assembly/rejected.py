"""A filing, and its problems → the records that could not be used, as they were filed."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model.input import Problem, Rejected
from auditor.normalise.prepared import Prepared


def rejected_of(prepared: Prepared, problems: Sequence[Problem]) -> list[Rejected]:
    """The records that could not be used, in their file's own columns, with every reason; those inside the scope of the audit."""
    reasons: dict[tuple[str, str | None, int], list[str]] = {}
    for problem in problems:
        reasons.setdefault((problem.file, problem.sheet, problem.row), []).append(problem.message)
    rejected = []
    for number, rows in prepared.unread_rows.items():
        source = prepared.files[number]
        known = [row for row in rows if (source.file, source.sheet, row) in reasons]
        if not known or source.as_filed is None:
            continue
        cells = source.as_filed.rows(known)
        for row in known:
            why = reasons[source.file, source.sheet, row]
            rejected.append(Rejected(source.table, source.file, source.sheet, row, why, source.as_filed.heading, cells[row]))
    return rejected
