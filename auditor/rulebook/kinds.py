"""The kinds of check that a rule may ask for. The numbers of the law are parameters, named here and never written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from auditor.rulebook.parts import Code, Condition, Contest, Lines, Per, Strict, Word


class Limit(Strict):
    """A sum or a number of lines for each contestant or donor, held against a parameter. Exactly the limit is kept."""

    kind: Literal["limit"]
    per: Per = "contestant"
    measure: Literal["amount", "count"] = "amount"
    adds: tuple[Lines, ...] = Field(min_length=1)
    less: tuple[Lines, ...] = ()
    limit: Word


class Forbidden(Strict):
    """Lines that may not be there."""

    kind: Literal["forbidden"]
    per: Per = "contestant"
    measure: Literal["amount", "count"] = "amount"
    lines: tuple[Lines, ...] = Field(min_length=1)
    less: tuple[Lines, ...] = ()
    amount_missing: Literal["counts", "left_out"] = "counts"
    outcome: Literal["breach", "undetermined"] = "breach"
    breach_if: tuple[Condition, ...] = ()
    kept_if: tuple[Condition, ...] = ()


class WasOver(Strict):
    """Over the limit of another rule at the end of some day, and not over it now."""

    kind: Literal["was_over"]
    rules: tuple[Code, ...] = Field(min_length=1)


class Balance(Strict):
    """The lowest balance at the end of a day, which may not be under zero."""

    kind: Literal["balance"]
    adds: tuple[Lines, ...] = Field(min_length=1)
    less: tuple[Lines, ...] = Field(min_length=1)


class Fee(Strict):
    """Money paid against a fee for each candidate, reduced by a schedule over a fact of the register."""

    kind: Literal["fee"]
    lines: tuple[Lines, ...] = Field(min_length=1)
    fee: Word
    schedule: Word
    by: Word
    times: dict[Contest, Word] = Field(default_factory=dict)


class DaysBetween(Strict):
    """One day of the register may not come before another."""

    kind: Literal["days_between"]
    first: Word
    then: Word


class SameDocument(Strict):
    """The same document stands behind lines of both sides; `claimed` is what is measured."""

    kind: Literal["same_document"]
    columns: tuple[Word, ...] = Field(min_length=1)
    paid: tuple[Lines, ...] = Field(min_length=1)
    claimed: tuple[Lines, ...] = Field(min_length=1)


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


class BankLines(Strict):
    """The lines of the books that the bank must know of: money in and money out; and how many days may lie between."""

    into: tuple[Lines, ...] = Field(min_length=1)
    out: tuple[Lines, ...] = Field(min_length=1)
    days_apart: Word


class NotInStatement(BankLines):
    """Each line of the books has its line in the bank's statement. Lines left over within so many days and per cent are offered as
    near matches."""

    kind: Literal["not_in_statement"]
    near_days: Word
    near_amount: Word


class NotInBooks(BankLines):
    """Each line of the bank's statement has its line in the books."""

    kind: Literal["not_in_books"]


class StatementBalance(Strict):
    """An account's statement adds up from its first opening to its last closing balance."""

    kind: Literal["statement_balance"]


class UnlistedVendor(Strict):
    """Bought from an outlet that filed no price list."""

    kind: Literal["unlisted_vendor"]
    lines: tuple[Lines, ...] = Field(min_length=1)


class UnlistedPrice(Strict):
    """Bought at a price that the outlet did not list for that medium."""

    kind: Literal["unlisted_price"]
    lines: tuple[Lines, ...] = Field(min_length=1)


class Quota(Strict):
    """On a list, people with one of these facts or under an age, each counted once, are at least a share of it."""

    kind: Literal["quota"]
    facts: dict[Word, Word] = Field(default_factory=dict)
    under_age: Word
    share: Word


class StandsTwice(Strict):
    """The same person stands for two contestants of different contests."""

    kind: Literal["stands_twice"]


class FullYears(Strict):
    """From a day of a candidate's life to election day lie at least so many years."""

    kind: Literal["full_years"]
    since: Word
    years: Word


class Structuring(Strict):
    """Lead: donations each within the cap of another rule that add up to more within some days, or that lie just under it."""

    kind: Literal["structuring"]
    rules: tuple[Code, ...] = Field(min_length=1)
    days: Word
    near: Word
    times: Word


class ManyDonors(Strict):
    """Lead: so many donors to one contestant share something: a day and an amount, or an account."""

    kind: Literal["many_donors"]
    alike: Literal["date_and_amount", "counterparty_account"]
    donors: Word


class RepeatedLines(Strict):
    """Lead: two lines of one report are the same in these columns and in their counterparty."""

    kind: Literal["repeated_lines"]
    columns: tuple[Word, ...] = Field(min_length=1)


class TwoNames(Strict):
    """Lead: one id with different names, or one name with different ids, or with and without one."""

    kind: Literal["two_names"]


class AcrossFunds(Strict):
    """Lead: one donor's donations to several contestants are together over the cap of another rule."""

    kind: Literal["across_funds"]
    rules: tuple[Code, ...] = Field(min_length=1)


class DonorIsVendor(Strict):
    """Lead: lines of both sides have the same counterparty."""

    kind: Literal["donor_is_vendor"]
    given: tuple[Lines, ...] = Field(min_length=1)
    paid: tuple[Lines, ...] = Field(min_length=1)


class ImpossibleId(Strict):
    """Lead: an id that fails its check digit, or that is an organisation's and stands with these types of counterparty."""

    kind: Literal["impossible_id"]
    people: tuple[Word, ...] = Field(min_length=1)


class FirstDigits(Strict):
    """Lead: the first digits of many lines depart from Benford's law."""

    kind: Literal["first_digits"]
    lines: tuple[Lines, ...] = Field(min_length=1)
    at_least: Word
    deviation: Word


class NearLimit(Strict):
    """Lead: a sum is over a share of the limit of another rule, and not over the limit."""

    kind: Literal["near_limit"]
    rules: tuple[Code, ...] = Field(min_length=1)
    share: Word


class ProbablySame(Strict):
    """Lead: donors whose names are probably one person's are together over the cap of another rule."""

    kind: Literal["probably_same"]
    rules: tuple[Code, ...] = Field(min_length=1)
    letters: Word


# The kinds that never find a breach.
LEADS = frozenset(
    (
        "structuring",
        "many_donors",
        "repeated_lines",
        "two_names",
        "across_funds",
        "donor_is_vendor",
        "impossible_id",
        "first_digits",
        "near_limit",
        "probably_same",
    )
)
Check = Annotated[
    Limit
    | Forbidden
    | WasOver
    | Balance
    | Fee
    | DaysBetween
    | SameDocument
    | FinalWithin
    | FinalMissing
    | InterimMissing
    | InterimPublished
    | StatedTotals
    | FaceBalance
    | BalanceCarried
    | NotInFinal
    | OutsidePeriod
    | SubmittedElsewhere
    | NotInStatement
    | NotInBooks
    | StatementBalance
    | UnlistedVendor
    | UnlistedPrice
    | Quota
    | StandsTwice
    | FullYears
    | Structuring
    | ManyDonors
    | RepeatedLines
    | TwoNames
    | AcrossFunds
    | DonorIsVendor
    | ImpossibleId
    | FirstDigits
    | NearLimit
    | ProbablySame,
    Field(discriminator="kind"),
]
