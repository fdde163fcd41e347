"""Cells that count as empty because they could not be read, and accounts that may be misspelt, in lines of the books, read or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from auditor.model.unread import UnreadCell
from auditor.normalise.report_file import Part
from auditor.normalise.table import FILE
from auditor.tables import Cell, columns

_ACCOUNTS = frozenset(name for name, column in columns("reports").items() if column.cell is Cell.IBAN)


def unread_cells(parts: Sequence[Part], books: pl.LazyFrame) -> Mapping[str, Mapping[UnreadCell, int]]:
    """By contestant the number of lines in the books with such a cell. A type that a donation lacks is told of too, for nobody knows what
    it would be."""
    there = books.collect_schema().names()
    cells = {(part.number, one.row, one.column) for part in parts for one in part.problems if one.column in there}
    if not cells:
        return {}
    rows = list({row for _, row, _ in cells})
    asked = sorted({column for _, _, column in cells})
    shown = [FILE, "row", *dict.fromkeys(("contestant_id", "kind", "donor", "readable", "lacks_only_amount", *asked))]
    lines = books.filter(pl.col("row").is_in(rows)).select(shown).collect()
    found: dict[str, Counter[UnreadCell]] = {}
    for line in lines.iter_rows(named=True):
        for column in asked:
            if (line[FILE], line["row"], column) not in cells or column == "amount":
                continue
            if (as_written := line[column] is not None) and column not in _ACCOUNTS:
                continue
            amount_too = line["lacks_only_amount"]
            line_too = not line["readable"] and not amount_too
            has_donor = line["donor"] is not None
            cell = UnreadCell(column, line["kind"], has_donor, amount_too=amount_too, line_too=line_too, as_written=as_written)
            found.setdefault(line["contestant_id"], Counter())[cell] += 1
    return found
