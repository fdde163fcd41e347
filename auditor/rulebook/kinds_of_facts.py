"""The bank, price lists and the people: facts outside the books."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from auditor.rulebook.parts import Kind, Lines, Word


class BankLines(Kind):
    """The lines of the books that the bank must know of: money in and money out; and how many days may lie between."""

    skips_unread_lines: ClassVar[bool] = True

    into: tuple[Lines, ...] = Field(min_length=1)
    out: tuple[Lines, ...] = Field(min_length=1)
    days_apart: Word

    def looked_at(self) -> frozenset[str]:
        """Whose a line is, too: one without an id goes with any."""
        return super().looked_at() | {"counterparty_id"}


class NotInStatement(BankLines):
    """Each line of the books has its line in the bank's statement. Lines left over within so many days and per cent are offered as
    near matches."""

    kind: Literal["not_in_statement"]
    near_days: Word
    near_amount: Word


class NotInBooks(BankLines):
    """Each line of the bank's statement has its line in the books."""

    kind: Literal["not_in_books"]


class StatementBalance(Kind):
    """An account's statement adds up from its first opening to its last closing balance."""

    beside_books: ClassVar[bool] = True

    kind: Literal["statement_balance"]


class UnlistedVendor(Kind):
    """Bought from an outlet that filed no price list."""

    skips_unread_lines: ClassVar[bool] = True

    kind: Literal["unlisted_vendor"]
    lines: tuple[Lines, ...] = Field(min_length=1)


class UnlistedPrice(Kind):
    """Bought at a price that the outlet did not list for that medium."""

    skips_unread_lines: ClassVar[bool] = True

    kind: Literal["unlisted_price"]
    lines: tuple[Lines, ...] = Field(min_length=1)

    def cells_told(self) -> list[str]:
        """The medium and the price."""
        return ["category", "unit_price"]


class Quota(Kind):
    """On a list, people with one of these facts or under an age, each counted once, are at least a share of it."""

    beside_books: ClassVar[bool] = True

    kind: Literal["quota"]
    facts: dict[Word, Word] = Field(default_factory=dict)
    under_age: Word
    share: Word

    @property
    def unit(self) -> str:
        """People on the list."""
        return "people"


class StandsTwice(Kind):
    """The same person stands for two contestants of different contests."""

    beside_books: ClassVar[bool] = True

    kind: Literal["stands_twice"]


class FullYears(Kind):
    """From a day of a candidate's life to election day lie at least so many years."""

    beside_books: ClassVar[bool] = True

    kind: Literal["full_years"]
    since: Word
    years: Word

    @property
    def unit(self) -> str:
        """Full years."""
        return "years"
