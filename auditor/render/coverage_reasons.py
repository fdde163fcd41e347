"""How far a rule could be assessed: for whom not, by reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.model.audit import Audit
from auditor.model.coverage import Coverage, Status
from auditor.model.finding import Outcome

NAMED = 12
"""How many contestants or files are named in one sentence; of the others the number."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Coverage of one rule with what the table adds to it: leads, and who could not be assessed, or whose lines were not all read, by
    reason."""

    coverage: Coverage
    status: str
    leads: int
    groups: Sequence[tuple[str, str, Sequence[str], int]]


def extent(coverage: Coverage) -> str:
    """full, part or none: for how many of its subjects a rule could be assessed; nobody, where it has none here."""
    if coverage.status is Status.NOT_ASSESSED:
        return "none"
    if coverage.subjects == 0:
        return "nobody"
    return "full" if coverage.is_whole else "part"


def doubts_beside(audit: Audit) -> dict[tuple[str, str | None], str]:
    """What could not be read, or not be assessed, beside what a rule says of a contestant: reasons by rule and contestant."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for one in audit.coverage:
        for gap in (*one.partly_not_assessed_for, *one.unread_for):
            if gap.reason is not None:
                found.setdefault((one.rule, gap.contestant_id), []).append(gap.reason)
    return {about: "; ".join(reasons) for about, reasons in found.items()}


def reach(coverage: Coverage, audit: Audit) -> Reach:
    """The coverage of a rule with its leads and the reasons for what could not be assessed."""
    leads = {finding.contestant_id for finding in audit.findings if finding.rule == coverage.rule and finding.outcome is Outcome.LEAD}
    grouped: dict[tuple[str, str], list[str]] = {}
    for sort, several in (("not_assessed_for", coverage.silent_about), ("unread_for", coverage.unread_for)):
        for gap in several:
            grouped.setdefault((sort, gap.why), []).append(gap.contestant_id)
    return Reach(coverage, extent(coverage), len(leads), [(*told, found[:NAMED], len(found)) for told, found in grouped.items()])
