"""The lines of all reports that stand, whether they are in the books or not: held against their period and the final report."""

from __future__ import annotations

from collections.abc import Container, Sequence
from decimal import Decimal

import polars as pl

from auditor.model.audit import FiledLine
from auditor.model.finding import Line, line_of
from auditor.normalise.counterparts import paired
from auditor.normalise.groups import GROUP, TYPES, frame_of
from auditor.normalise.reports import Group, Report, Reports
from auditor.normalise.table import FILE
from auditor.read.text_table import TextTable
from auditor.tables import DOCUMENT, FINAL, INTERIM

_SAME = ("contestant_id", "date", "kind", "amount", "donor")
_SHOWN = (
    FILE,
    "row",
    "contestant_id",
    "date",
    "kind",
    "amount",
    "donor",
    "counterparty_name",
    "counterparty_id",
    pl.coalesce(DOCUMENT).alias("document"),
)
_CONTENT = (
    "date",
    "kind",
    "amount",
    "counterparty_type",
    "counterparty_name",
    "counterparty_id",
    "counterparty_account",
    "fund_account",
    "payment_method",
    "funding_source",
    "category",
    "contract_no",
    "invoice_no",
    "unit_price",
)


class LinesOfReports:
    """Answers questions about lines and their reports. `scan` are all lines, typed and readable or not."""

    def __init__(self, scan: pl.LazyFrame, reports: Reports, files: Sequence[TextTable]) -> None:
        self._all, self._readable, self._reports, self._files = scan, scan.filter("readable"), reports, files

    def outside_period(self, besides: Sequence[str]) -> dict[str, list[Line]]:
        """By contestant, the lines dated outside the period of their report, but for the kinds `besides`."""
        chosen = []
        for group, report in self._standing():
            days = [span for kind, span in group.days.items() if kind not in besides]
            start, end = report.period
            if any((start is not None and first < start) or (end is not None and last > end) for first, last in days):
                chosen.append((group, start, end))
        if not chosen:
            return {}
        types = {**TYPES, "starts": pl.Date(), "ends": pl.Date()}
        periods = pl.LazyFrame([(*group.key, start, end) for group, start, end in chosen], schema=types, orient="row").unique()
        found = (
            self._readable.filter(~pl.col("kind").is_in(list(besides)))
            .join(periods, on=list(GROUP), how="inner", nulls_equal=True)
            .filter((pl.col("date") < pl.col("starts")) | (pl.col("date") > pl.col("ends")))
        )
        shown = found.select(*_SHOWN, period_start="starts", period_end="ends")
        return self._lines(shown.collect(), facts=("period_start", "period_end"))

    def files_of(self) -> list[tuple[str, int]]:
        """Every contestant with the number of every file in which a line names it, readable or not."""
        named = self._all.filter(pl.col("contestant_id").is_not_null()).select("contestant_id", FILE).unique()
        return sorted(named.collect().rows())

    def filed(self, contestants: Container[str]) -> list[FiledLine]:
        """The readable lines of these contestants' reports, file by file; without description and quantity, which nothing keeps."""
        types = {**TYPES, "report": pl.String()}
        rows = [(*group.key, " ".join(_words(report))) for group, report in self._standing() if report.contestant_id in contestants]
        reports = pl.LazyFrame(rows, schema=types, orient="row").unique()
        found = self._readable.join(reports, on=list(GROUP), how="inner", nulls_equal=True)
        lines = []
        for row in found.select(FILE, "row", "contestant_id", "report", *_CONTENT).collect().sort(FILE, "row").rows():
            content = {name: _cell(value) for name, value in zip(_CONTENT, row[4:], strict=True) if value is not None}
            lines.append(FiledLine(self._files[row[0]].place(row[1]), row[2], row[3], content))
        return lines

    def numbers(self) -> pl.DataFrame:
        """Which report each combination of file, contestant_id, report_id, report_type, period_start and period_end is of: `report`."""
        number = {report: n for n, report in enumerate(self._reports.all)}
        rows = [(*group.key, number[report]) for group, report in self._reports.of_group.items()]
        return pl.DataFrame(rows, schema={**TYPES, "report": pl.Int32}, orient="row").drop("received_on").unique(maintain_order=True)

    def not_in_final(self) -> dict[str, list[Line]]:
        """By contestant, the lines of interim reports that the final report does not answer for, each with the line of the final
        report that probably stands in its place."""
        final = {r.contestant_id for r in self._reports.all if self._reports.counts(r) and r.report_type == FINAL}
        standing = [(group, report) for group, report in self._standing() if report.contestant_id in final]
        interim = [group for group, report in standing if report.report_type == INTERIM]
        if not interim:
            return {}
        whose = {group.contestant_id for group in interim}
        answers = self._of([group for group, report in standing if self._reports.counts(report) and group.contestant_id in whose])
        asked = self._of(interim).select(FILE, "row", *_SAME).collect().sort(FILE, "row")
        counted = answers.join(asked.lazy().select(_SAME).unique(), on=list(_SAME), how="semi", nulls_equal=True)
        there = counted.group_by(_SAME).agg(pl.len().alias("there")).collect()
        missing = (
            asked.with_columns(pl.int_range(pl.len()).over(_SAME).alias("nth"))
            .join(there, on=list(_SAME), how="left", nulls_equal=True)
            .filter(pl.col("nth") >= pl.col("there").fill_null(0))
        )
        if missing.is_empty():
            return {}
        others = answers.join(missing.lazy().select("contestant_id", "kind").unique(), on=["contestant_id", "kind"], how="semi")
        others = others.join(asked.lazy().select(_SAME).unique(), on=list(_SAME), how="anti", nulls_equal=True)
        near = others.filter(pl.col("donor").is_in(missing["donor"].implode()) | pl.col("date").is_in(missing["date"].implode()))
        # What a line shows besides is asked only of the few that are missing.
        shown = self._readable.filter(pl.col("row").is_in(missing["row"].implode())).join(missing.lazy(), on=[FILE, "row"], how="semi")
        return paired(self._lines(shown.select(_SHOWN).collect()), self._lines(near.select(_SHOWN).collect()))

    def _standing(self) -> list[tuple[Group, Report]]:
        return [(group, report) for group, report in self._reports.of_group.items() if self._reports.stands(report)]

    def _of(self, groups: Sequence[Group]) -> pl.LazyFrame:
        # A filter is put into the reading of the file; the join is not.
        whose, types = {group.contestant_id for group in groups}, {group.report_type for group in groups}
        theirs = pl.col("contestant_id").is_in(whose) & pl.col("report_type").is_in(types)
        return self._readable.filter(theirs).join(frame_of(groups), on=list(GROUP), how="semi", nulls_equal=True)

    def _lines(self, found: pl.DataFrame, facts: Sequence[str] = ()) -> dict[str, list[Line]]:
        lines: dict[str, list[Line]] = {}
        for row in found.sort("date", FILE, "row").iter_rows(named=True):
            place = self._files[row[FILE]].place(row["row"])
            lines.setdefault(row["contestant_id"], []).append(line_of(place, row, facts=[(name, row[name]) for name in facts]))
        return lines


def _words(report: Report) -> list[str]:
    """What a report is known by in every version: its type and its period. An id may be given anew."""
    return [report.report_type, *("–" if day is None else day.isoformat() for day in report.period)]


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
