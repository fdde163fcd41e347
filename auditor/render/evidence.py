"""Every row of evidence of every finding as CSV, of which the printed tables show some."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from auditor.masking import masked
from auditor.model.audit import Audit
from auditor.model.finding import Finding, Line
from auditor.render.data import exact, formula_free, safe_cell
from auditor.render.row_facts import facts_of
from auditor.wording import Words

COLUMNS = (
    "finding", "rule", "contestant_id", "table", "file", "sheet", "row", "date", "kind", "counterparty_name", "counterparty_id",
    "document", "amount", "effect", "running", "crossing", "instead", "facts",
)  # fmt: skip


def masked_csv(audit: Audit, keys: Sequence[str], words: Words) -> str:
    """One row of evidence a line, in order of findings; `keys` are those of the findings as they are published, in which
    twelve digits in a row are no id.

    Columns are those of the contract: dates as 2023-04-15, money in the currency of the election with two decimals; `effect` is what
    the row adds to the sum, `running` the sum after it, `crossing` yes at the row that first went over the limit, `instead` the row
    that probably stands in its place elsewhere, `facts` the other cells that the finding goes by, in words. Personal ids by their last
    four digits; no text runs as a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, finding in zip(keys, audit.findings, strict=True):
        for line in finding.lines:
            writer.writerow([formula_free(key), *_cells(finding, line, words)])
    return out.getvalue()


def _cells(finding: Finding, line: Line, words: Words) -> list[object]:
    place, crossing = line.place, finding.crossing
    return [
        safe_cell(finding.rule),
        safe_cell(finding.contestant_id),
        safe_cell(place.table),
        safe_cell(place.file),
        safe_cell(place.sheet),
        place.row,
        line.date.isoformat() if line.date else "",
        safe_cell(line.kind),
        safe_cell(line.name),
        safe_cell(masked(line.identifier)),
        safe_cell(line.document),
        exact(line.amount),
        exact(line.effect),
        exact(line.running),
        "yes" if crossing is not None and place == crossing.place else "",
        safe_cell(line.instead.place.shown if line.instead else None),
        safe_cell(facts_of(line, words, str)),
    ]
