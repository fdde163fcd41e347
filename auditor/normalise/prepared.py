"""Everything that the rules look at, as `prepare` made it of the text tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from auditor.model.input import Input, Problem
from auditor.model.left_out_records import LeftOutRecords
from auditor.model.listed_price import PricesInPart
from auditor.model.stray import Stray
from auditor.model.unread import NotRead
from auditor.normalise.report_lines import LinesOfReports
from auditor.normalise.reports import Report, Reports
from auditor.normalise.table import FILE
from auditor.read.text_table import TextTable
from auditor.tables import HELD_ROWS


@dataclass(frozen=True)
class Prepared:
    """Everything that the rules look at, typed. Mappings are by contestant where nothing else is said."""

    books: pl.LazyFrame
    """The lines that count, of the contestants who are audited. Codes are text, or categories where the filing is large."""
    all_books: pl.LazyFrame
    """The same, of everybody."""
    contestants: pl.DataFrame
    candidates: pl.DataFrame | None
    """None where there is no such table."""
    statement: pl.DataFrame
    vendors: pl.DataFrame
    """The keys of everybody who filed a price list."""
    prices: pl.DataFrame
    prices_in_part: PricesInPart
    left_out_records: LeftOutRecords
    report_lines: LinesOfReports
    reports_with_unread: frozenset[Report]
    """The reports that have, or may have, a line that could not be read."""
    not_read: NotRead
    strays: Mapping[str, frozenset[Stray]]
    """By contestant what is named by lines and filings of no known report."""
    contest_of: Mapping[str, str | None]
    """The contestants who are audited, in order, with their contest."""
    contests: Mapping[str, str | None]
    """The contest of everybody."""
    name_of: Mapping[str, str | None]
    reports: Reports
    files: Sequence[TextTable]
    """The tables that were read; the number of one is its place here."""
    present: Mapping[str, frozenset[str]]
    """The columns that are there, by table."""
    columns: Mapping[int, frozenset[str]]
    """The columns that each file of `reports` has, by its number."""
    counted_twice: Mapping[str, str]
    """By contestant a file with lines of his that is a copy of another, or nearly one: whatever stands in both counts twice."""
    files_of_books: Mapping[str, frozenset[int]]
    """The numbers of the files with lines that count."""
    inputs: Sequence[Input]
    problems: Sequence[Problem]
    unread_rows: Mapping[int, Sequence[int]]
    """The rows that could not be used, by the number of their file."""

    def files_of(self) -> dict[str, list[tuple[str, str | None]]]:
        """File and sheet of the tables that have a record of each contestant: a statement of those who have its account, by the register or
        by their lines. A price list names nobody."""
        found = set(self.report_lines.files_of())
        accounts = self.statement.select(FILE, "fund_account").unique()
        whose = [self.contestants.lazy().select("contestant_id", "fund_account"), self.all_books.select("contestant_id", "fund_account")]
        used = pl.concat(whose).filter(pl.col("fund_account").is_in(accounts["fund_account"].implode())).unique().collect()
        found |= set(accounts.join(used, on="fund_account").select("contestant_id", FILE).rows())
        for table in (self.contestants, self.candidates):
            if table is not None:
                found |= set(table.select("contestant_id", FILE).rows())
        found |= {(report.contestant_id, report.filed.place[0]) for report in self.reports.all if report.filed is not None}
        by_contestant: dict[str, list[tuple[str, str | None]]] = {}
        for cid, number in sorted(found):
            by_contestant.setdefault(cid, []).append((self.files[number].file, self.files[number].sheet))
        return by_contestant

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The small tables that SQL may join the books to."""
        return {"contestants": self.contestants, "vendors": self.vendors, "prices": self.prices}

    @property
    def rows(self) -> int:
        """The records of `reports`."""
        return sum(one.rows for one in self.inputs if one.table == "reports")


def is_small(sources: Sequence[TextTable]) -> bool:
    """Whether all lines can be held in memory. A query over Parquet on disk costs eight times one over a small table in memory, and
    an audit asks dozens."""
    lines = [source for source in sources if source.table == "reports"]
    return sum(source.rows for source in lines) <= HELD_ROWS and not any(source.streamed for source in lines)
