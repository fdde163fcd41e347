"""The lines of a large filing that a statement cannot do without, found with one cheap pass each before the statement is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from auditor.check.narrow_donors import donors_of
from auditor.check.repeated import number_of, often
from auditor.rulebook.narrow import Alike, Both, DoubtfulId, Few, Found, Narrow, Over, Repeated, Shared
from auditor.rulebook.sql import REGISTER

# So many lines are held in memory; where more are needed, nothing is gained by putting them apart.
_MOST_HELD = 300_000
_N = TypeVar("_N")
_DONOR, _KIND = pl.col("donor"), pl.col("kind")


class Narrowing:
    """Tables of fewer lines in the place of `books`; what several statements ask for is found once and kept."""

    def __init__(self, books: pl.LazyFrame, register: pl.LazyFrame) -> None:
        self._books, self._register = books, register
        self._kept: dict[object, pl.LazyFrame] = {}
        self._given: dict[Narrow | None, pl.LazyFrame] = {}

    def together(self, asked: Sequence[Narrow | None]) -> list[pl.LazyFrame]:
        """The lines for each of the statements that are run together: all lines where nothing else is said. They are known afterwards, for
        what is found by these statements (`behind`)."""
        over = [narrow for narrow in asked if isinstance(narrow, Over)]
        few = sorted({narrow for narrow in asked if isinstance(narrow, Few)}, key=lambda narrow: narrow.where)
        # Statements of these two sorts share one table: that of the lowest limit, and of the lines that any of them needs.
        least = Over(tuple(sorted({kind for one in over for kind in one.kinds})), min(one.amount for one in over)) if over else None
        by_donor = [narrow for narrow in asked if isinstance(narrow, Both | DoubtfulId | Alike)]
        self._by_donor([*([least] if least is not None else []), *dict.fromkeys(by_donor)])
        lines = [self._lines(narrow, least, few) for narrow in asked]
        self._given.update(zip(asked, lines, strict=True))
        return lines

    def _lines(self, narrow: Narrow | None, least: Over | None, few: Sequence[Few]) -> pl.LazyFrame:
        match narrow:
            case Over() if least is not None:
                return self._kept[least]
            case Both() | DoubtfulId() | Alike():
                return self._kept[narrow]
            case Shared():
                return self._held(narrow, self._shared)
            case Repeated():
                return self._held(narrow, self._repeated)
            case Few():
                return self._held(tuple(few), self._few)
            case _:
                return self._books

    def behind(self, found: Found, table: pl.DataFrame, narrow: Narrow | None) -> pl.LazyFrame:
        """The lines behind what a statement found, among those that it was given; under no name stand those that belong to nobody."""
        who = pl.col(found.column).fill_null("")
        return self._given.get(narrow, self._books).filter(who.is_in(table[found.key].unique().implode()))

    def _by_donor(self, asked: Sequence[Over | Both | DoubtfulId | Alike]) -> None:
        """Find the lines of the donors that each of these means, from one table of all donors."""
        new = [(narrow, donors_of(narrow, f"{n} ")) for n, narrow in enumerate(asked) if narrow not in self._kept]
        if not new:
            return
        lines = pl.any_horizontal(*(donors.lines for _, donors in new))
        columns = [column for _, donors in new for column in donors.columns]
        table = self._books.filter(_DONOR.is_not_null() & lines).group_by("donor").agg(columns).collect(engine="streaming")
        chosen = {narrow: donors.chosen(table)["donor"] for narrow, donors in new}
        # Fetched in one go, for nearly all that a pass costs is to look for them.
        of_all = self._in_memory(self._of(self._books, pl.concat(chosen.values())))
        for narrow, its in chosen.items():
            if of_all is not None:
                self._kept[narrow] = self._of(of_all, its)
            else:
                self._keep(narrow, self._of(self._books, its))

    @staticmethod
    def _of(lines: pl.LazyFrame, donors: pl.Series) -> pl.LazyFrame:
        return lines.filter(_DONOR.is_in(donors.implode()))

    def _held(self, narrow: _N, find: Callable[[_N], pl.LazyFrame]) -> pl.LazyFrame:
        """The lines found, once for all that ask."""
        if narrow not in self._kept:
            self._keep(narrow, find(narrow))
        return self._kept[narrow]

    def _keep(self, narrow: object, found: pl.LazyFrame) -> None:
        """Hold these lines in memory; all lines where they are too many for that."""
        held = self._in_memory(found)
        self._kept[narrow] = self._books if held is None else held

    @staticmethod
    def _in_memory(found: pl.LazyFrame) -> pl.LazyFrame | None:
        """These lines; None where they are too many."""
        some = found.head(_MOST_HELD + 1).collect(engine="streaming")
        return some.lazy() if some.height <= _MOST_HELD else None

    def _among(self, number: pl.Expr, chosen: pl.Series) -> pl.LazyFrame:
        """The lines with one of these numbers. A filter is put into the reading of the file, so that few cells are made; a join is not."""
        return self._books.filter(number.is_in(chosen.implode())) if len(chosen) else self._books.clear()

    def _shared(self, narrow: Shared) -> pl.LazyFrame:
        # By numbers, which are quicker to group than texts; two texts of one number do no harm.
        value, number = pl.col(narrow.column), _DONOR.hash()
        given = self._books.filter((narrow.kind == _KIND) & value.is_not_null())
        several = given.group_by(value.hash().alias("value")).agg(number.min().alias("one"), number.max().alias("other"))
        chosen = several.filter(pl.col("one") != pl.col("other")).collect(engine="streaming")["value"]
        return self._among(value.hash(), chosen)

    def _repeated(self, narrow: Repeated) -> pl.LazyFrame:
        of_kind, number = self._books.filter(narrow.kind == _KIND), number_of(narrow.columns)
        return of_kind.filter(number.is_in(often(of_kind, number, narrow.times).implode()))

    def _few(self, together: tuple[Few, ...]) -> pl.LazyFrame:
        """The lines of several such statements in one pass: first which they are, for a join with all columns would cost more."""
        register = REGISTER if any(few.register for few in together) else ""
        met = " OR ".join(f"({few.where})" for few in together)
        context = pl.SQLContext({"books": self._books, "contestants": self._register}, eager=False)
        # A row of another file with the same number does no harm: the statement tells it apart.
        which = context.execute(f"SELECT b.row FROM books AS b{register} WHERE {met}")
        return self._among(pl.col("row"), which.head(_MOST_HELD + 1).collect(engine="streaming")["row"])
