"""Amounts that could be the id of a person, which somebody filed in the wrong column: every sum would tell it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from auditor.errors import BadUsage
from auditor.masking import could_be_personal
from auditor.model.audit import Audit
from auditor.model.contestant import Contestant
from auditor.model.finding import Finding, Measure
from auditor.reduce.people import is_id_of_a_person
from auditor.wording import refusal

# Ten milliards: no sum of a fund comes near it; an id has at least so many digits without its first zeros, but of those born in 2000.
_SURELY_NO_SUM, _SHORTEST = 11, 9
_OF_THIS_CENTURY = ("5", "6")  # the seventh digit


def refuse(audit: Audit) -> None:
    """Raise BadUsage where an amount that would be published could be the id of a person, with its row where there is one."""
    for finding in audit.findings:
        _refuse_finding(finding)
    for contestant in audit.contestants:
        if any(_tells_id(amount) for amount in _sums_of(contestant)):
            raise BadUsage(refusal("usage.id_as_sum", contestant=contestant.contestant_id))


def _refuse_finding(finding: Finding) -> None:
    for line in (each for own in finding.lines for each in (own, own.instead) if each is not None):
        if _tells_id(line.amount, filed=True) or _tells_id(line.effect) or _tells_id(line.running):
            raise BadUsage(refusal("usage.id_as_amount", file=line.place.file, row=line.place.row))
    if any(_tells_id(amount) for amount in (finding.measured, finding.limit, finding.excess)):
        if finding.lines:
            place = finding.lines[0].place
            raise BadUsage(refusal("usage.id_as_amount", file=place.file, row=place.row))
        raise BadUsage(refusal("usage.id_as_sum", contestant=finding.contestant_id or "–"))


def _sums_of(contestant: Contestant) -> Iterator[Decimal]:
    yield from (total.measured for total in contestant.totals)
    if (flows := contestant.flows) is not None:
        yield from (amount for _, amount in (*flows.receipts, *flows.spending))
        yield from (flows.returned, flows.to_budget)
        yield from (amount for one in flows.movements for amount in (one.received, one.spent))


def _tells_id(amount: Measure, *, filed: bool = False) -> bool:
    """Whether an amount begins as an id does, with a day of birth. A shorter one, which as a sum is an ordinary one, is looked at only
    where it was `filed` as it is, and then its check digit has to agree."""
    digits = f"{int(abs(amount))}" if isinstance(amount, Decimal) else ""
    whole = digits.zfill(12)
    if whole.startswith("0") and whole[6] not in _OF_THIS_CENTURY:
        return False
    if len(digits) >= _SURELY_NO_SUM:
        return could_be_personal(whole)
    is_round = whole[7:11] == "0000"  # the number of an id within its day is none
    return filed and len(digits) >= _SHORTEST and not is_round and is_id_of_a_person(whole)
