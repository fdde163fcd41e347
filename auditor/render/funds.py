"""Each contestant's spending against its limit, and the charts of its fund; of many contestants those nearest to a limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from auditor.model.audit import Audit
from auditor.model.contestant import Contestant, Total
from auditor.model.finding import Outcome
from auditor.render import spending_scale
from auditor.render.charts import Chart, charts, drawn_totals
from auditor.render.shown import Shown

DRAWN = 60
"""How many contestants have a bar or charts of their own."""
_SPENDING = "spending"


@dataclass(frozen=True, slots=True)
class Spending:
    """A contestant's spending against its limit, and how many findings are breaches, and how many are not; `share` is None where there is
    no total, or no report that it would be of; `undetermined` says that whether it is over cannot be told."""

    contestant: Contestant
    total: Total | None
    share: Decimal | None
    breaches: int
    others: int
    undetermined: bool = False


def spending_bars(audit: Audit, shown: Shown) -> dict[str, object]:
    """The bars: all contestants in order, or past sixty those nearest to their limit, and the others as a list."""
    breaches, others = (
        Counter(one.contestant_id for one in audit.findings if (one.outcome is Outcome.BREACH) is breach) for breach in (True, False)
    )
    undetermined = {(one.contestant_id, one.rule) for one in audit.findings if one.outcome is Outcome.UNDETERMINED}
    every = [_spent(one, breaches[one.contestant_id], others[one.contestant_id], undetermined) for one in audit.contestants]
    drawn = every
    if len(every) > DRAWN:
        drawn = sorted((each for each in every if each.share is not None), key=lambda each: -(each.share or 0))[:DRAWN]
    ids = {each.contestant.contestant_id for each in drawn}
    full = spending_scale.scale(each.share for each in drawn if each.share is not None)
    return {
        "drawn": [(each, _bar(each, full, shown)) for each in drawn],
        "all": len(every),
        "listed": [each for each in every if each.contestant.contestant_id not in ids],
        "columns": [shown.amount_column("amount", (shown.words.money(amount) for amount in amounts)) for amounts in _sums(every)],
    }


def _sums(every: Sequence[Spending]) -> tuple[list[Decimal], list[Decimal]]:
    """What was spent, and its limits."""
    totals = [each.total for each in every if each.total is not None]
    return [total.measured for total in totals], [total.limit for total in totals]


def _spent(contestant: Contestant, breaches: int, others: int, undetermined: Collection[tuple[str | None, str]]) -> Spending:
    total = next((total for total in contestant.totals if total.of == _SPENDING and not contestant.is_silent), None)
    share = total.measured / total.limit if total and total.limit > 0 else None
    open_ = total is not None and (contestant.contestant_id, total.rule) in undetermined
    return Spending(contestant, total, share, breaches, others, open_)


def _bar(spending: Spending, full: Decimal, shown: Shown) -> Markup | None:
    if spending.share is None or spending.total is None:
        return None
    title = shown.words(
        "report.bar_title",
        name=shown.contestant(spending.contestant.name),
        measured=shown.money(spending.total.measured),
        limit=shown.money(spending.total.limit),
        percent=shown.words.percent(spending.share * 100),
    )
    return spending_scale.bar(spending.share, full, title)


def fund_charts(audit: Audit, shown: Shown) -> dict[str, object]:
    """The charts of every contestant who has any; past sixty those whom a finding is about and those nearest to a limit."""
    undetermined: dict[str | None, set[str]] = {}
    respondents = set()
    for finding in audit.findings:
        if finding.outcome is Outcome.UNDETERMINED:
            undetermined.setdefault(finding.contestant_id, set()).add(finding.rule)
        if finding.outcome is not Outcome.LEAD:
            respondents.add(finding.contestant_id)
    every = [one for one in audit.contestants if one.flows is not None]
    chosen = every
    if len(every) > DRAWN:
        chosen = sorted(every, key=lambda one: (one.contestant_id not in respondents, -_nearest(one)))[:DRAWN]
        chosen.sort(key=lambda one: one.contestant_id)
    drawn: list[tuple[Contestant, Sequence[Chart]]] = []
    for one in chosen:
        if made := charts(one, undetermined.get(one.contestant_id, ()), shown):
            drawn.append((one, made))
    return {"drawn": drawn, "all": len(every)}


def _nearest(contestant: Contestant) -> Decimal:
    """The largest share of a limit that the contestant has used up."""
    return max((total.measured / total.limit for total in drawn_totals(contestant.totals)), default=Decimal(0))
