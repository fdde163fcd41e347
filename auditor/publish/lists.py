"""The lists beside many reports: index.csv for people and spreadsheets, SHA256SUMS for `sha256sum -c`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from auditor.model.coverage import Status
from auditor.model.finding import Outcome
from auditor.publish import batch
from auditor.render.data import formula_free, safe_cell

COLUMNS = (
    "contestant_id", "name", "contest", "district", "commission", "breaches", "undetermined", "leads", "problems", "not_assessed",
    "file", "sha256", "pages",
)  # fmt: skip


def index(results: Sequence[batch.Result]) -> str:
    """Every contestant in order of ids. Counts are those of findings; `not_assessed` counts the rules that could not be applied to
    this contestant. `file`, `sha256` and `pages` are empty where the report failed. Personal ids by their last four digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in sorted(results, key=lambda each: each.report.contestant_id):
        part, written = result.report.part, result.written
        one = part.contestants[0]
        silent = sum(1 for rule in part.coverage if rule.status is Status.NOT_ASSESSED or rule.silent_about)
        texts = (one.contestant_id, one.name, one.contest, one.district, one.commission)
        counts = [part.count(kind) for kind in (Outcome.BREACH, Outcome.UNDETERMINED, Outcome.LEAD)]
        made = (formula_free(f"{result.report.name}.pdf"), written.sha256, written.pages) if written else ("", "", "")
        writer.writerow([*(safe_cell(text) for text in texts), *counts, len(part.problems), silent, *made])
    return out.getvalue()


def sums(files: Mapping[str, str]) -> str:
    """Name → SHA-256, as `sha256sum -c` reads them."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))
