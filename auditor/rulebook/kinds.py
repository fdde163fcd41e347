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
