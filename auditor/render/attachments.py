"""The files that a report carries beside its pages: findings as data, every row of evidence, and the SQL of its rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.masking import harmless
from auditor.model.audit import Audit
from auditor.model.coverage import Status
from auditor.render.data import document, written
from auditor.render.evidence import masked_csv
from auditor.render.masked import masked_document
from auditor.wording import Words

FINDINGS, EVIDENCE, RULES = "findings.json", "evidence.csv", "rules.sql"


@dataclass(frozen=True, slots=True)
class Attached:
    """One file; `relationship` is its part in the report as PDF/A-3 names it."""

    name: str
    media: str
    content: bytes
    description: str
    relationship: str

    @property
    def sha256(self) -> str:
        """Of the content, by which pages name the file."""
        return hashlib.sha256(self.content).hexdigest()


def attachments(audit: Audit, words: Words) -> Sequence[Attached]:
    """What every report carries, ids of persons by their last four digits, or by keys where it is published. The SQL only where the
    audit was asked for it."""
    told = document(audit) if audit.published else masked_document(document(audit))
    rows = masked_csv(audit, [finding["key"] for finding in told["findings"]], words)
    found = [
        Attached(FINDINGS, "application/json", written(told).encode(), words("report.attached_findings"), "Data"),
        Attached(EVIDENCE, "text/csv", rows.encode(), words("report.attached_evidence"), "Data"),
    ]
    if any(one.sql is not None for one in audit.coverage):
        script = "\n".join(_script(audit, words))
        found.append(Attached(RULES, "application/sql", script.encode(), words("report.attached_rules"), "Supplement"))
    return found


def _script(audit: Audit, words: Words) -> Iterator[str]:
    """Every rule that was assessed: its id and title as a comment, then its statement with the parameters that were in force."""
    yield _comment(f"{audit.rulebook.title} · {words('report.rulebook_version', version=audit.rulebook.version)}")
    yield _comment(f"SHA-256 {audit.rulebook.sha256}")
    for name, value in audit.overrides.items():
        yield _comment(f"{words('report.overrides')}: {name} = {value}")
    for rule in audit.coverage:
        if rule.status is Status.ASSESSED:
            yield f"\n{_comment(f'{rule.rule} {rule.title}')}"
            yield rule.sql or _comment(words("report.no_sql"))
    yield ""


def _comment(said: str) -> str:
    return f"-- {harmless(' '.join(said.split()))}"
