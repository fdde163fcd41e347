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

SumCheck = Limit | Forbidden | WasOver | Balance | Fee | DaysBetween | SameDocument
"""Judged by the sums of their statement alone."""
LeadCheck = Structuring | ManyDonors | AcrossFunds | DonorIsVendor | ImpossibleId | FirstDigits | NearLimit
"""The leads that are judged by the sums of their statement. RepeatedLines and TwoNames have no statement: they are in `CaseCheck`."""
PriceCheck = UnlistedVendor | UnlistedPrice
"""Judged by the lines that their statement holds against the price lists."""
CaseCheck = (
    FinalWithin
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
    | Quota
    | StandsTwice
    | FullYears
    | RepeatedLines
    | TwoNames
)
"""Judged from the case itself (the face of a report, a bank's statement, a list of candidates): there is no statement."""
Check = Annotated[SumCheck | LeadCheck | ProbablySame | PriceCheck | CaseCheck, Field(discriminator="kind")]
"""All of them. A new kind belongs to one of the unions above (ProbablySame to none: the names in its sums are compared outside SQL);
mypy then names every place that has to know it."""
