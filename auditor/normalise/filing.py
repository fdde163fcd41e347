"""Everything that the rules look at, as it was made of the text tables (by `prepare`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from auditor.model.input import Input, Problem
from auditor.model.place import Place
from auditor.model.unread_line import UnreadLine
from auditor.normalise.report_lines import ReportLines
from auditor.normalise.reports import Report, Reports
from auditor.normalise.table import FILE
from auditor.read.text import TextTable
from auditor.tables import HELD_ROWS


@dataclass(frozen=True)
class Filing:
    """Everything that the rules look at. `books` are the lines that count of those who are audited, `all_books` of everybody, `files` the
    names behind the file numbers, `columns` what the files of `reports` have, and `files_of_books` those in which lines of each contestant
    count.

    `unread` are the reports with a line that could not be read, or that may have one; `unread_candidates_of` and
    `unread_accounts` the contestants and accounts named by records of `candidates` and `statement` that could not be used;
    `unread_cells` the number of lines of each contestant with a cell that counts as empty because it could not be read, by column, kind and
    whether the line has a donor; `unread_prices`: a record of a price list could not be used; `strays` the types of report that lines which
    could not be read name where the report itself is not known."""

    books: pl.LazyFrame
    all_books: pl.LazyFrame
    contestants: pl.DataFrame
    candidates: pl.DataFrame | None
    statement: pl.DataFrame
    vendors: pl.DataFrame
    prices: pl.DataFrame
    doubtful_prices: frozenset[tuple[str, str | None, Decimal | None]]
    unread_candidates_of: frozenset[str | None]
    unread_accounts: frozenset[str | None]
    report_lines: ReportLines
    unread: frozenset[Report]
    unread_lines: Mapping[str, Sequence[UnreadLine]]
    unread_cells: Mapping[str, Mapping[tuple[str, str, bool], int]]
    unread_prices: bool
    unread_facts: frozenset[tuple[str, str]]
    strays: Mapping[str, frozenset[str | None]]
    registered: frozenset[str]
    contest_of: Mapping[str, str | None]
    name_of: Mapping[str, str | None]
    reports: Reports
    files: Sequence[TextTable]
    present: Mapping[str, frozenset[str]]
    columns: Mapping[int, frozenset[str]]
    files_of_books: Mapping[str, frozenset[int]]
    inputs: Sequence[Input]
    problems: Sequence[Problem]
    unread_rows: Mapping[int, Sequence[int]]

    def place(self, table: str, file: int, row: int) -> Place:
        """A row of a table by the number of its file."""
        return Place(table, self.files[file].file, self.files[file].sheet, row)

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
        found |= {(report.contestant_id, report.filed.order[0]) for report in self.reports.all if report.filed is not None}
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
