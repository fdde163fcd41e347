"""All kinds of check that a rule may ask for. The numbers of the law are parameters, named in a check and never written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from auditor.rulebook.kinds_of_facts import (
    FullYears,
    NotInBooks,
    NotInStatement,
    Quota,
    StandsTwice,
    StatementBalance,
    UnlistedPrice,
    UnlistedVendor,
)
from auditor.rulebook.kinds_of_leads import (
    AcrossFunds,
    DonorIsVendor,
    FirstDigits,
    ImpossibleId,
    ManyDonors,
    NearLimit,
    ProbablySame,
    RepeatedLines,
    Structuring,
    TwoNames,
)
from auditor.rulebook.kinds_of_reports import (
    BalanceCarried,
    FaceBalance,
    FinalMissing,
    FinalWithin,
    InterimMissing,
    InterimPublished,
    NotInFinal,
    OutsidePeriod,
    StatedTotals,
    SubmittedElsewhere,
)
from auditor.rulebook.kinds_of_sums import Balance, DaysBetween, Fee, Forbidden, Limit, SameDocument, WasOver

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
# The kinds that look at the commission's registers and at each report by itself, so that it does not matter to them whether the books
# have lines.
BESIDE_BOOKS = frozenset(
    (
        "days_between",
        "final_within",
        "final_missing",
        "interim_missing",
        "interim_published",
        "stated_totals",
        "face_balance",
        "balance_carried",
        "outside_period",
        "submitted_elsewhere",
        "statement_balance",
        "quota",
        "stands_twice",
        "full_years",
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
