"""Where something stands in what was filed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One row of one table as a spreadsheet counts it (the heading is row 1)."""

    table: str
    file: str
    sheet: str | None
    row: int

    @property
    def table_shown(self) -> str:
        """The file, and the sheet where there is one, as they are written before a row."""
        return self.file if self.sheet is None else f"{self.file} [{self.sheet}]"

    @property
    def shown(self) -> str:
        """The whole place: reports.csv:12, filing.xlsx [reports]:12."""
        return f"{self.table_shown}:{self.row}"
