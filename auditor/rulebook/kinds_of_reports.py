"""The reports themselves: in time, adding up, agreeing with each other."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from auditor.rulebook.parts import Strict, Word


class FinalWithin(Strict):
    """The final report was received, or published, within some days of an event; measured in days after the event."""

    kind: Literal["final_within"]
    day: Literal["received_on", "published_on"]
    event: Word
    days: Word
    counting: Word


class FinalMissing(Strict):
    """No final report, though its deadline (some days after an event) has passed."""

    kind: Literal["final_missing"]
    event: Word
    days: Word
    counting: Word


class InterimMissing(Strict):
    """No interim report covers a reporting period that has ended."""

    kind: Literal["interim_missing"]


class InterimPublished(Strict):
    """An interim report is published within some days after its period; measured in days after that."""

    kind: Literal["interim_published"]
    days: Word
    counting: Word


class StatedTotals(Strict):
    """The totals on the face of a report are the sums of its lines of these kinds."""

    kind: Literal["stated_totals"]
    totals: dict[Word, tuple[Word, ...]] = Field(min_length=1)


class FaceBalance(Strict):
    """On the face of a report, these less those make a third."""

    kind: Literal["face_balance"]
    plus: tuple[Word, ...] = Field(min_length=1)
    minus: tuple[Word, ...] = ()
    makes: Word


class BalanceCarried(Strict):
    """An interim report begins with what the one before ended with."""

    kind: Literal["balance_carried"]
    opening: Word
    closing: Word


class NotInFinal(Strict):
    """A line of an interim report stands in the final report too."""

    kind: Literal["not_in_final"]


class OutsidePeriod(Strict):
    """A line is dated inside its report's period, but for some kinds."""

    kind: Literal["outside_period"]
    besides: tuple[Word, ...] = ()


class SubmittedElsewhere(Strict):
    """A report was submitted to the commission that the register names."""

    kind: Literal["submitted_elsewhere"]
