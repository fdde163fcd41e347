"""The words that rule files are made of: texts, references, conditions, lines of the books. Unknown keys are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from auditor.model.unread import UnreadCell, UnreadLine
from auditor.wording import refusal
from auditor.yaml_files.validated import Strict

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-[0-9]{3}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Lower = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, to_lower=True)]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Contest = Literal["party_list", "single_mandate"]
Per = Literal["contestant", "donor"]
_TYPE = "counterparty_type"
# What every row of evidence shows; whose a line is follows from the others of these.
_IN_EVERY_ROW = ("contestant_id", "kind", "date", "amount", "counterparty_name", "counterparty_id", "donor", "giver")

GIVER, OWN = "giver", "contestant"
"""The column of the books that says whose money a donation is, and what it says of the contestant's own."""


class Kind(Strict):
    """A kind of check, and what is true of every rule of it."""

    is_lead: ClassVar[bool] = False
    """It never finds a breach."""
    beside_books: ClassVar[bool] = False
    """It looks at the commission's registers, or at each report by itself, so that it does not matter whether the books have lines."""
    across_funds: ClassVar[bool] = False
    """It holds the funds of several contestants together: an audit of some of them does not see what it looks for."""
    of_known_donors: ClassVar[bool] = False
    """Where it measures for each donor it skips lines without a donor: a cap needs somebody to hold it against."""
    only_raised: ClassVar[bool] = False
    """A line beside can only make larger what it found, unless it is a refund."""

    skips_unread_lines: ClassVar[bool] = False
    """It looks at lines of the books, and a line that could not be read is none of them: such a line may hide what it looks for."""

    goes_by_limits_per: ClassVar[Per | None] = None
    """Whether the limits of other rules that it goes by have to be held for each donor, or for each contestant."""

    of_all_reports: ClassVar[bool] = False
    """It looks at the lines of all reports that stand, and not of the books alone."""

    def omits(self, line: UnreadLine) -> bool:
        """Whether a line that could not be read may be one of those it looks for, and is not told of as one."""
        return self._is_of_its_kinds(line)

    def could_be_about(self, line: UnreadLine) -> bool:
        """Whether a line of nobody may be one of those it looks for: such a line makes nobody's sum undetermined."""
        return self.skips_unread_lines and self._is_of_its_kinds(line)

    def _is_of_its_kinds(self, line: UnreadLine) -> bool:
        kinds = {known for _, _, lines in self.sides() for known in lines.kinds}
        return line.kind is None or not kinds or line.kind in kinds

    def speaks_of(self) -> tuple[str, ...]:
        """The rules whose lines it looks at."""
        return ()

    def hidden_by(self, cell: UnreadCell) -> bool:
        """Whether it may pass over a line, find it or count it for another, because this cell of it could not be read. Where it does not
        say which lines it looks at, it looks at all.

        Whose money a line of `less` returns follows from the donations under the same key and not from its own type (`Books`), so that the
        type of such a line does not matter. Keys that both the contestant and others gave under are the exception, told of elsewhere."""
        return self.skips_unread_lines and not self.speaks_of() and self._hidden_by(cell)

    def hidden_in(self, other: Kind, cell: UnreadCell) -> bool:
        """The same of a line that one of the rules it speaks of would look at."""
        return self.skips_unread_lines and other._hidden_by(cell)

    def _hidden_by(self, cell: UnreadCell) -> bool:
        every = list(self.sides())
        if cell.empty:
            return any(cell.kind in lines.kinds and lines.passes_over_empty(cell.column) for _, _, lines in every)
        sides = [lines for name, _, lines in every if not (name == "less" and cell.column == _TYPE)]
        found_anyway = cell.column == _TYPE and not cell.has_donor and "donor" in self.looked_at()
        return not found_anyway and (not every or any(cell.kind is None or cell.kind in lines.kinds for lines in sides))

    def looked_at(self) -> frozenset[str]:
        """The columns of lines that it goes by; whose a line is follows from the type and the id of the counterparty."""
        asked = {column for _, _, lines in self.sides() for condition in lines.where for column in condition.tested()}
        if "giver" in asked:
            asked |= {_TYPE, "counterparty_id"}
        return frozenset(asked | ({"counterparty_id", "counterparty_name"} if "donor" in asked else set()))

    def sides(self) -> Iterator[tuple[str, int, Lines]]:
        """The lines of the books that it speaks of, each with the key that names it and its place there."""
        for name, value in self.__dict__.items():
            if isinstance(value, tuple):
                yield from ((name, n, one) for n, one in enumerate(value) if isinstance(one, Lines))

    def facts_told(self) -> list[str]:
        """The columns of `contestants` that it compares with each other: told in the row of the register that is its evidence."""
        return []

    def cells_told(self) -> list[str]:
        """The columns of `reports` that make a line one of its rows: told under that row, beside the cells that every row shows."""
        return []

    def register_told(self) -> list[str]:
        """The columns of `contestants` by which a line is one of its rows: told under that row."""
        return []

    def told_if_given(self) -> list[str]:
        """Those of `register_told` that some contestants cannot have: nothing is said of an empty one."""
        return []

    def deducted(self) -> list[str]:
        """The kinds of lines that make smaller what it found."""
        return []

    @property
    def unit(self) -> str | None:
        """What it counts, where it measures no money: days, years, people or lines."""
        return None

    @property
    def about_a_figure(self) -> bool:
        """Whether the subject of its findings is a report and a column of its face."""
        return False

    @property
    def about_a_day(self) -> bool:
        """Whether the subject of its findings is a day, or a day and an amount, and no id or name."""
        return False


class Lead(Kind):
    """A kind of check that says what an auditor should look at."""

    is_lead: ClassVar[bool] = True
    skips_unread_lines: ClassVar[bool] = True


class Text(Strict):
    """One text in the three languages; none may be left out."""

    en: Annotated[str, StringConstraints(min_length=1)]
    ru: Annotated[str, StringConstraints(min_length=1)]
    kk: Annotated[str, StringConstraints(min_length=1)]

    def in_(self, lang: str) -> str:
        """The text in that language."""
        return str(getattr(self, lang))


class Reference(Strict):
    """A value that stands elsewhere: a parameter, a day of the calendar, or a fact of the register."""

    parameter: Word | None = None
    event: Word | None = None
    fact: Word | None = None

    @model_validator(mode="after")
    def _one(self) -> Reference:
        if sum(value is not None for value in (self.parameter, self.event, self.fact)) != 1:
            raise ValueError(refusal("lint.one_reference"))
        return self


class Condition(Strict):
    """One test of one cell, or several tests together. A test of an empty cell is not met, except `empty`."""

    column: Word | None = None
    part: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}:[1-9][0-9]{0,2}$")] | None = None
    is_: str | Reference | None = Field(None, alias="is")
    in_: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(None, alias="in")
    is_not: str | Reference | None = None
    empty: bool | None = None
    before: Reference | None = None
    after: Reference | None = None
    under: Reference | None = None
    at_least: Reference | None = None
    any_: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = Field(None, alias="any")
    all_: Annotated[tuple[Condition, ...], Field(min_length=1)] | None = Field(None, alias="all")
    not_: Condition | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = ("is_", "in_", "is_not", "empty", "before", "after", "under", "at_least")
        given = sum(getattr(self, test) is not None for test in tests)
        groups = sum(group is not None for group in (self.any_, self.all_, self.not_))
        if (self.column is not None, given, groups) not in ((True, 1, 0), (False, 0, 1)):
            raise ValueError(refusal("lint.one_test", tests=", ".join(test.rstrip("_") for test in tests)))
        if self.part is not None and self.column is None:
            raise ValueError(refusal("lint.part_of_column"))
        return self

    def tested(self) -> Iterator[str]:
        """The columns that it tests."""
        if self.column is not None:
            yield self.column
        for inner in self._inner():
            yield from inner.tested()

    def of_empty(self, column: str) -> bool | None:
        """Whether it is met where this cell is empty, as far as that cell decides; None where it does not test it."""
        if self.column is not None:
            return bool(self.empty) if self.column == column else None
        said = [one for inner in self._inner() if (one := inner.of_empty(column)) is not None]
        if not said:
            return None
        if self.not_ is not None:
            return not said[0]
        return any(said) if self.any_ is not None else all(said)

    def facts(self) -> Iterator[str]:
        """The facts of the register that it holds a cell against."""
        values = (self.is_, self.is_not, self.before, self.after, self.under, self.at_least)
        yield from (value.fact for value in values if isinstance(value, Reference) and value.fact is not None)
        for inner in self._inner():
            yield from inner.facts()

    def met_on_every_day(self, day: Callable[[str], date | None]) -> Iterator[tuple[str, str]]:
        """The events, each with its `day`, of which it is met before the first and after the last, and the first is after the last."""
        before = [(one.column, one.before.event) for one in self.any_ or () if one.before is not None and one.before.event is not None]
        after = [(one.column, one.after.event) for one in self.any_ or () if one.after is not None and one.after.event is not None]
        for start, end in ((start, end) for column, start in before for other, end in after if column == other):
            first, last = day(start), day(end)
            if first is not None and last is not None and first > last:
                yield f"{start}={first}", f"{end}={last}"
        for inner in self._inner():
            yield from inner.met_on_every_day(day)

    def _inner(self) -> Iterator[Condition]:
        yield from (*(self.any_ or ()), *(self.all_ or ()), *((self.not_,) if self.not_ is not None else ()))


class Lines(Strict):
    """Which lines of the books: of these kinds, meeting all the conditions."""

    kinds: tuple[Word, ...] = Field(min_length=1)
    where: tuple[Condition, ...] = ()

    def passes_over_empty(self, column: str) -> bool:
        """Whether a line is none of these for having this cell empty."""
        return any(condition.of_empty(column) is False for condition in self.where)


def tested_by(sides: tuple[Lines, ...]) -> list[str]:
    """The columns that make a line one of these, but for those that every row of evidence shows."""
    asked = (column for lines in sides for condition in lines.where for column in condition.tested())
    return [column for column in dict.fromkeys(asked) if column not in _IN_EVERY_ROW]


def asks_for_own_money(sides: Iterable[Lines]) -> bool:
    """Whether some lines are told from others by being of the contestant's own money, which their cells may not show."""
    return any(one.column == GIVER and one.is_ == OWN for lines in sides for one in lines.where)


def facts_of(conditions: Iterable[Condition]) -> list[str]:
    """The facts of the register that these conditions hold a cell against."""
    return list(dict.fromkeys(fact for condition in conditions for fact in condition.facts()))
