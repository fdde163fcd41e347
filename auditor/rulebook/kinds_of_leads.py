"""Signs that deserve a look. None of these kinds ever finds a breach."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from auditor.model.unread import UnreadCell
from auditor.rulebook.parts import Code, Lead, Lines, Per, Word


class Structuring(Lead):
    """Lead: donations each within the cap of another rule that add up to more within some days, or that lie just under it."""

    of_known_donors: ClassVar[bool] = True
    goes_by_limits_per: ClassVar[Per | None] = "donor"

    kind: Literal["structuring"]
    rules: tuple[Code, ...] = Field(min_length=1)
    days: Word
    near: Word
    times: Word

    def speaks_of(self) -> tuple[str, ...]:
        """The rules with the cap."""
        return self.rules


class ManyDonors(Lead):
    """Lead: so many donors to one contestant share something: a day and an amount, or an account."""

    kind: Literal["many_donors"]
    alike: Literal["date_and_amount", "counterparty_account"]
    donors: Word

    def hidden_by(self, cell: UnreadCell) -> bool:
        """It looks at donations alone."""
        return cell.kind == "donation" and super().hidden_by(cell)

    @property
    def about_a_day(self) -> bool:
        """The day and the amount that the donors share."""
        return self.alike == "date_and_amount"


class RepeatedLines(Lead):
    """Lead: two lines of one report are the same in these columns and in their counterparty."""

    kind: Literal["repeated_lines"]
    columns: tuple[Word, ...] = Field(min_length=1)

    def looked_at(self) -> frozenset[str]:
        """What is compared."""
        return frozenset((*self.columns, "counterparty_id", "counterparty_name"))


class TwoNames(Lead):
    """Lead: one id with different names, or one name with different ids, or with and without one."""

    kind: Literal["two_names"]


class AcrossFunds(Lead):
    """Lead: one donor's donations to several contestants are together over the cap of another rule."""

    across_funds: ClassVar[bool] = True
    goes_by_limits_per: ClassVar[Per | None] = "donor"

    kind: Literal["across_funds"]
    rules: tuple[Code, ...] = Field(min_length=1)

    def speaks_of(self) -> tuple[str, ...]:
        """The rules with the cap."""
        return self.rules


class DonorIsVendor(Lead):
    """Lead: lines of both sides have the same counterparty."""

    kind: Literal["donor_is_vendor"]
    given: tuple[Lines, ...] = Field(min_length=1)
    paid: tuple[Lines, ...] = Field(min_length=1)


class ImpossibleId(Lead):
    """Lead: an id that fails its check digit, or that is an organisation's and stands with these types of counterparty."""

    kind: Literal["impossible_id"]
    people: tuple[Word, ...] = Field(min_length=1)

    def looked_at(self) -> frozenset[str]:
        """The id, and whose it is said to be."""
        return frozenset(("counterparty_id", "counterparty_type"))


class FirstDigits(Lead):
    """Lead: the first digits of many lines depart from Benford's law."""

    kind: Literal["first_digits"]
    lines: tuple[Lines, ...] = Field(min_length=1)
    at_least: Word
    deviation: Word


class NearLimit(Lead):
    """Lead: a sum is over a share of the limit of another rule, and not over the limit."""

    goes_by_limits_per: ClassVar[Per | None] = "contestant"

    kind: Literal["near_limit"]
    rules: tuple[Code, ...] = Field(min_length=1)
    share: Word

    def speaks_of(self) -> tuple[str, ...]:
        """The rules with the limit."""
        return self.rules


class ProbablySame(Lead):
    """Lead: donors whose names are probably one person's are together over the cap of another rule."""

    across_funds: ClassVar[bool] = True
    goes_by_limits_per: ClassVar[Per | None] = "donor"

    kind: Literal["probably_same"]
    rules: tuple[Code, ...] = Field(min_length=1)
    letters: Word

    def speaks_of(self) -> tuple[str, ...]:
        """The rules with the cap."""
        return self.rules
