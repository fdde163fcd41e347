"""The reports themselves: in time, adding up, agreeing with each other."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from auditor.model.unread import UnreadLine
from auditor.rulebook.parts import Kind, Word


class FinalWithin(Kind):
    """The final report was received, or published, within some days of an event; measured in days after the event."""

    beside_books: ClassVar[bool] = True

    kind: Literal["final_within"]
    day: Literal["received_on", "published_on"]
    event: Word
    days: Word
    counting: Word

    @property
    def unit(self) -> str:
        """Days after the event."""
        return "days"


class FinalMissing(Kind):
    """No final report, though its deadline (some days after an event) has passed."""

    beside_books: ClassVar[bool] = True

    kind: Literal["final_missing"]
    event: Word
    days: Word
    counting: Word


class InterimMissing(Kind):
    """No interim report covers a reporting period that has ended."""

    beside_books: ClassVar[bool] = True

    kind: Literal["interim_missing"]

    @property
    def about_a_day(self) -> bool:
        """The last day of the period."""
        return True


class InterimPublished(Kind):
    """An interim report is published within some days after its period; measured in days after that."""

    beside_books: ClassVar[bool] = True

    kind: Literal["interim_published"]
    days: Word
    counting: Word

    @property
    def unit(self) -> str:
        """Days after the last one."""
        return "days"


class StatedTotals(Kind):
    """The totals on the face of a report are the sums of its lines of these kinds."""

    beside_books: ClassVar[bool] = True

    kind: Literal["stated_totals"]
    totals: dict[Word, tuple[Word, ...]] = Field(min_length=1)

    def could_be_about(self, line: UnreadLine) -> bool:
        """A line of any kind may be one of the report's."""
        return True

    @property
    def about_a_figure(self) -> bool:
        """The total that differs."""
        return True


class FaceBalance(Kind):
    """On the face of a report, these less those make a third."""

    beside_books: ClassVar[bool] = True

    kind: Literal["face_balance"]
    plus: tuple[Word, ...] = Field(min_length=1)
    minus: tuple[Word, ...] = ()
    makes: Word


class BalanceCarried(Kind):
    """An interim report begins with what the one before ended with."""

    beside_books: ClassVar[bool] = True

    kind: Literal["balance_carried"]
    opening: Word
    closing: Word


class NotInFinal(Kind):
    """A line of an interim report stands in the final report too."""

    skips_unread_lines: ClassVar[bool] = True
    of_all_reports: ClassVar[bool] = True

    kind: Literal["not_in_final"]

    def looked_at(self) -> frozenset[str]:
        """Whose a line is: with another key it is another line."""
        return frozenset(("counterparty_id",))


class OutsidePeriod(Kind):
    """A line is dated inside its report's period, but for some kinds."""

    beside_books: ClassVar[bool] = True
    skips_unread_lines: ClassVar[bool] = True
    of_all_reports: ClassVar[bool] = True

    kind: Literal["outside_period"]
    besides: tuple[Word, ...] = ()


class SubmittedElsewhere(Kind):
    """A report was submitted to the commission that the register names."""

    beside_books: ClassVar[bool] = True

    kind: Literal["submitted_elsewhere"]
