"""Sums of lines held against limits, lines that may not be there, deposits and days of the register."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from auditor.model.unread import UnreadCell, UnreadLine
from auditor.rulebook.parts import GIVER, Code, Condition, Contest, Kind, Lines, Per, Word, asks_for_own_money, facts_of, tested_by


class Measured(Kind):
    """A sum or a number of lines for each contestant or donor, less others."""

    only_raised: ClassVar[bool] = True
    skips_unread_lines: ClassVar[bool] = True

    per: Per = "contestant"
    measure: Literal["amount", "count"] = "amount"
    less: tuple[Lines, ...] = ()

    def deducted(self) -> list[str]:
        """The kinds of lines that make the sum smaller."""
        return sorted({kind for lines in self.less for kind in lines.kinds})

    @property
    def unit(self) -> str | None:
        """Lines, where they are counted."""
        return "lines" if self.measure == "count" else None


class Limit(Measured):
    """What is measured is held against a parameter. Exactly the limit is kept."""

    of_known_donors: ClassVar[bool] = True

    kind: Literal["limit"]
    adds: tuple[Lines, ...] = Field(min_length=1)
    limit: Word

    def omits(self, line: UnreadLine) -> bool:
        """A line that could not be read may decide a sum, which is then undetermined, and is not left out. It is where lines are counted,
        and where a ragged one, whose cells may stand in other columns, may not meet the conditions of the rule."""
        if self.measure == "count":
            return super().omits(line)
        nobodys = line.kind is None and self.per == "donor"  # a donor's sum, and nobody knows whose
        return line.ragged and (nobodys or any(line.kind in side.kinds and bool(side.where) for _, _, side in self.sides()))

    def hidden_by(self, cell: UnreadCell) -> bool:
        """A donation of which it is not said what gave it is held against the limit as one that could raise a donor's sum."""
        told = self.per == "donor" and cell.column == "counterparty_type"
        return not told and super().hidden_by(cell)

    def cells_told(self) -> list[str]:
        """What is added up; what the counterparty is need not be said of each row, but that a gift is the contestant's own money."""
        cells = [column for column in tested_by(self.adds) if column != "counterparty_type"]
        return [*cells, GIVER] if asks_for_own_money(self.adds) else cells


class Forbidden(Measured):
    """Lines that may not be there."""

    kind: Literal["forbidden"]
    lines: tuple[Lines, ...] = Field(min_length=1)
    amount_missing: Literal["counts", "left_out"] = "counts"
    outcome: Literal["breach", "undetermined"] = "breach"
    breach_if: tuple[Condition, ...] = ()
    kept_if: tuple[Condition, ...] = ()

    def cells_told(self) -> list[str]:
        """What may not be."""
        return tested_by(self.lines)

    def register_told(self) -> list[str]:
        """What the cells are held against, and what settles whether the lines may be there."""
        of_lines = facts_of(condition for lines in self.lines for condition in lines.where)
        settles = (column for condition in (*self.breach_if, *self.kept_if) for column in condition.tested())
        return list(dict.fromkeys((*of_lines, *settles)))

    def told_if_given(self) -> list[str]:
        """What the cells are held against: an empty fact makes no line one of its rows."""
        return facts_of(condition for lines in self.lines for condition in lines.where)

    def omits(self, line: UnreadLine) -> bool:
        """A line that lacks an amount only is among the rows, but where the rule leaves it out, or where it would be deducted."""
        is_row = line.lacks_only_amount and self.amount_missing == "counts" and any(line.kind in lines.kinds for lines in self.lines)
        return super().omits(line) and not is_row


class WasOver(Kind):
    """Over the limit of another rule at the end of some day, and not over it now."""

    of_known_donors: ClassVar[bool] = True
    skips_unread_lines: ClassVar[bool] = True

    kind: Literal["was_over"]
    rules: tuple[Code, ...] = Field(min_length=1)

    def speaks_of(self) -> tuple[str, ...]:
        """The rules with the limit."""
        return self.rules


class Balance(Kind):
    """The lowest balance at the end of a day, which may not be under zero."""

    skips_unread_lines: ClassVar[bool] = True

    kind: Literal["balance"]
    adds: tuple[Lines, ...] = Field(min_length=1)
    less: tuple[Lines, ...] = Field(min_length=1)


class Fee(Kind):
    """Money paid against a fee for each candidate, reduced by a schedule over a fact of the register."""

    kind: Literal["fee"]
    lines: tuple[Lines, ...] = Field(min_length=1)
    fee: Word
    schedule: Word
    by: Word
    times: dict[Contest, Word] = Field(default_factory=dict)

    def register_told(self) -> list[str]:
        """What the fee is reduced by, and what it is multiplied with."""
        return [self.by, *self.told_if_given()]

    def told_if_given(self) -> list[str]:
        """What it is multiplied with, in the contests that have it."""
        return list(dict.fromkeys(self.times.values()))


class DaysBetween(Kind):
    """One day of the register may not come before another."""

    beside_books: ClassVar[bool] = True

    kind: Literal["days_between"]
    first: Word
    then: Word

    def facts_told(self) -> list[str]:
        """The two days."""
        return [self.first, self.then]

    @property
    def unit(self) -> str:
        """Days from the one to the other."""
        return "days"


class SameDocument(Kind):
    """The same document stands behind lines of both sides; `claimed` is what is measured."""

    only_raised: ClassVar[bool] = True
    skips_unread_lines: ClassVar[bool] = True

    kind: Literal["same_document"]
    columns: tuple[Word, ...] = Field(min_length=1)
    paid: tuple[Lines, ...] = Field(min_length=1)
    claimed: tuple[Lines, ...] = Field(min_length=1)
