"""What reading gives: every cell as text with its row number, and what was assumed on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from auditor.model.input import Assumed, LeftOut, Problem, ReadAs
from auditor.model.place import Place
from auditor.read.headings import LackingTable
from auditor.read.instructions import Forms
from auditor.read.unknown import UnknownTable
from auditor.wording import Say

# What Unicode calls white space, as Polars does; Python's own strip takes four more control characters for it.
WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
ROW, RAGGED, BLANK, LEFT_BY = "__row__", "__ragged__", "__blank__", "__left_by__"
BROKEN_QUOTES, ABOVE_HEADING = -1, -2
"""What stands in `__ragged__` for a record whose cells are not too many or too few, and yet not those of the heading."""
NOT_CALCULATED = "=…"
"""What stands for a formula without its result, as a program writes it that does not calculate; people see a value when they open it."""


@dataclass(frozen=True, slots=True)
class AsFiled:
    """The file's own columns: their headings, and the cells of some of its rows by row number."""

    heading: Sequence[str]
    rows: Callable[[Collection[int]], Mapping[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Coded:
    """A large table once more, with these of its columns as categories: the few different values in them are then looked at once, and not
    in each record. It goes where the table's frame is changed."""

    frame: pl.LazyFrame
    columns: frozenset[str]


class FileContents(NamedTuple):
    """What a file holds: tables, what in it is no table of ours, the tables (none of them `reports`) that lack a required column and
    are left aside, what of the others looks like a table, and the sheets of a form that nobody filled in."""

    tables: list[TextTable]
    others: list[str]
    lacking: list[LackingTable]
    unknown: Sequence[UnknownTable] = ()
    empty: Sequence[TextTable] = ()


@dataclass(frozen=True)
class TextTable:
    """One table of one file, every cell as text.

    `frame`: the columns `columns` (an empty cell is null) and `__row__`, as a spreadsheet counts; `__blank__`, whether the row is empty and
    hence no record (a cell in a column that is not ours makes it one); `__ragged__`, null for a well-formed record, else the number of its
    cells, BROKEN_QUOTES or ABOVE_HEADING. `rows` counts all records, those in `left_out` too, which are not in `frame`. `streamed`: it may
    be too large to hold. `own_filing`: the filing that it came in by itself; a later one takes the place of the reports in it. `constants`
    are the columns that a mapping fills. `is_copy`: another table that is read too has the same records. `by_form`: the columns whose
    heading is that of the election's own form."""

    table: str
    file: str
    sheet: str | None
    sha256: str
    rows: int
    columns: Sequence[str]
    frame: pl.LazyFrame
    read_as: ReadAs | None
    aliases: Mapping[str, str] = field(default_factory=dict)
    streamed: bool = False
    problems: Sequence[Problem] = ()
    notes: Sequence[str] = ()
    left_out: Sequence[LeftOut] = ()
    assumed: Sequence[Assumed] = ()
    forms: Forms = field(default_factory=Forms)
    as_filed: AsFiled | None = None
    own_filing: str | None = None
    constants: frozenset[str] = frozenset()
    coded: Coded | None = None
    is_copy: bool = False
    by_form: frozenset[str] = frozenset()

    @property
    def heading_row(self) -> int:
        """The row in which its heading stands, or ends."""
        return next((int(one.value) for one in self.assumed if one.what == "heading_row"), 1)

    def named(self, say: Say) -> str:
        """How a message names the whole table: its file, and its sheet where there is one."""
        return self.file if self.sheet is None else say("read.where_sheet", file=self.file, sheet=self.sheet)

    def place(self, row: int) -> Place:
        """One of its rows."""
        return Place(self.table, self.file, self.sheet, row)

    def problem(
        self,
        code: str,
        row: int,
        message: str,
        *,
        column: str | None = None,
        value: str | None = None,
        contestant_id: str | None = None,
    ) -> Problem:
        """What is wrong with a row of it, or with one cell of that; of the whole table at the first row."""
        return Problem(code, self.file, self.sheet, row, column, value, message, contestant_id)

    def cells_sha256(self) -> str:
        """The same for every table with the same records, whatever the format of its file and their order."""
        cells = self.frame.select(pl.col(name).str.strip_chars() for name in sorted(self.columns)).sort(pl.all()).collect()
        return hashlib.sha256(cells.write_csv().encode()).hexdigest()

    def has_the_cells_of(self, other: TextTable) -> bool:
        """Whether the other one is a copy, perhaps in another format."""
        if self.rows != other.rows or {*self.columns} != {*other.columns} or self.streamed or other.streamed:
            return (self.sha256, self.sheet) == (other.sha256, other.sheet)
        return self.cells_sha256() == other.cells_sha256()
