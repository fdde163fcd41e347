"""Lines that say the same of their report, as groups: found among all lines, and as a table to find their lines by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from auditor.normalise.lines import AllLines
from auditor.normalise.reports import Group
from auditor.normalise.table import FILE

TYPES: Mapping[str, pl.DataType] = {
    FILE: pl.Int32(),
    "contestant_id": pl.String(),
    "report_id": pl.String(),
    "report_type": pl.String(),
    "period_start": pl.Date(),
    "period_end": pl.Date(),
    "received_on": pl.Date(),
}
"""What the lines of a group have in common (`Group.key`), as columns."""
GROUP = tuple(TYPES)


def frame_of(groups: Iterable[Group]) -> pl.LazyFrame:
    """Each different key of these groups once."""
    return pl.LazyFrame([group.key for group in groups], schema=TYPES, orient="row").unique()


def groups_of(lines: AllLines) -> list[Group]:
    """What the readable lines say of their reports, in order of file and first row."""
    table = (
        lines.coded.filter("readable")
        .group_by(*GROUP, "kind")
        .agg(
            pl.col("row").min().alias("first"),
            pl.col("row").max().alias("last"),
            pl.col("amount").sum(),
            pl.col("date").min().alias("from"),
            pl.col("date").max().alias("to"),
        )
        .sort(FILE, "first")
        .collect()
    )
    by_report: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in table.iter_rows():
        by_report.setdefault(row[: len(GROUP)], []).append(row[len(GROUP) :])
    groups: list[Group] = []
    for (file, cid, rid, report_type, start, end, received), kinds in by_report.items():
        first, last = min(row[1] for row in kinds), max(row[2] for row in kinds)
        sums = {kind: amount for kind, _, _, amount, _, _ in kinds}
        days = {kind: (begin, until) for kind, _, _, _, begin, until in kinds}
        typeless = file in lines.typeless
        groups.append(
            Group(
                file=file,
                contestant_id=cid,
                report_id=rid,
                report_type=report_type,
                period=(start, end),
                received_on=received,
                first=(file, first),
                last=(file, last),
                typeless=typeless,
                sums=sums,
                days=days,
            )
        )
    return groups
