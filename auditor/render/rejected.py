"""The records that could not be used, as a table to send back: where each stands, why, and its cells in the file's own columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from auditor.languages import CSV_SEPARATOR
from auditor.model.input import Rejected
from auditor.render.data import formula_free
from auditor.wording import Words

# "-500" is a number and stays one; everything else that begins like a formula is made harmless.
_NUMBER = re.compile(r"[-+]?[0-9][0-9\s.,]*")


def as_csv(rejected: Sequence[Rejected], words: Words) -> str:
    """One row for each record, as the spreadsheets of the language open it. Files with the same headings share their columns; other
    headings follow to the right."""
    headings: list[tuple[str, int]] = []
    for one in rejected:
        headings += [name for name in dict.fromkeys(_named(one)) if name not in headings]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=CSV_SEPARATOR[words.lang], lineterminator="\n")
    own = [words(f"screen.rejected_{name}") for name in ("file", "sheet", "row", "reason")]
    writer.writerow([*own, *(formula_free(name) for name, _ in headings)])
    for one in rejected:
        cells = dict(zip(_named(one), one.cells, strict=False))
        place = [formula_free(one.file), formula_free(one.sheet), str(one.row), formula_free(" · ".join(one.reasons))]
        writer.writerow([*place, *(_harmless(cells.get(name, "")) for name in headings)])
    return f"\ufeff{out.getvalue()}"  # the mark by which they know that it is UTF-8


def _named(one: Rejected) -> list[tuple[str, int]]:
    """Each cell of a record by its heading and which one of that heading it is; cells beyond the headings have none."""
    names = [*one.heading, *[""] * (len(one.cells) - len(one.heading))]
    seen: dict[str, int] = {}
    named = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        named.append((name, seen[name]))
    return named


def _harmless(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else formula_free(cell)
