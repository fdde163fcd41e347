"""What the counterparty of each row of evidence is: a report that is published must know whose name it prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from auditor.model.finding import Finding, Line

_TABLE = "reports"


def with_parties(findings: Sequence[Finding], books: pl.LazyFrame, files: Sequence[tuple[str, str | None]]) -> list[Finding]:
    """The findings with the type of counterparty at each of their rows that is a line of the books. `files` are name and sheet by
    number."""
    number = {place: n for n, place in enumerate(files)}
    wanted = {
        (number[line.place.file, line.place.sheet], line.place.row) for one in findings for line in _all(one) if line.place.table == _TABLE
    }
    if not wanted:
        return list(findings)
    rows = pl.LazyFrame(sorted(wanted), schema={"file": pl.Int32, "row": pl.Int64}, orient="row")
    known = books.select(pl.col("file").cast(pl.Int32), pl.col("row").cast(pl.Int64), pl.col("counterparty_type").cast(pl.String))
    found = known.join(rows, on=["file", "row"], how="semi").collect()
    types = {(files[file], row): party for file, row, party in found.iter_rows()}

    def told(line: Line) -> Line:
        instead = told(line.instead) if line.instead is not None else None
        party = types.get(((line.place.file, line.place.sheet), line.place.row)) if line.place.table == _TABLE else None
        return replace(line, party=party, instead=instead)

    return [replace(one, lines=[told(line) for line in one.lines]) for one in findings]


def _all(finding: Finding) -> list[Line]:
    return [line for own in finding.lines for line in (own, own.instead) if line is not None]
