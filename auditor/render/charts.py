"""The charts of one contestant: sums against their limits, receipts by source, spending by category, and both over time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from auditor.model.contestant import Contestant, Flows, Total
from auditor.render.drawing import EDGE, NAVY, PAPER, against_limit, box, drawing, figure, label, width_of
from auditor.render.shown import Shown
from auditor.render.spending_scale import scale
from auditor.render.timeline import timeline

WIDTH = Decimal(249)  # 88 mm: two side by side on A4
ROWS = 8  # bars of one chart; the smallest beyond them are drawn as one
_LABEL, _BAR, _SHARE = Decimal(94), Decimal(60), Decimal(29)
_SIZE = Decimal("6.2")


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with what stands over it."""

    caption: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a sum, in words. `outside` is not part of the whole: it is drawn white and has no share. `several` sums in one are pale,
    for they may be longer than each of the bars above."""

    said: str
    amount: Decimal
    outside: bool = False
    several: bool = False

    @property
    def fill(self) -> str:
        """Its colour; the three differ in lightness."""
        return PAPER if self.outside else EDGE if self.several else NAVY


def charts(contestant: Contestant, undetermined: Collection[str], shown: Shown) -> Sequence[Chart]:
    """The charts of a contestant that have something to show. `undetermined` are the rules of which nobody can tell for this one."""
    flows = contestant.flows or Flows()
    name = shown.name(contestant.name or contestant.contestant_id)
    made = [_limits(contestant.totals, undetermined, name, shown)] if contestant.flows else []
    # A rule that counts less than all spending, or more, has a limit for that, and none for the curve.
    spent = sum(movement.spent for movement in flows.movements)
    limit = next((total.limit for total in contestant.totals if total.of == "spending" and total.measured == spent), None)
    if len(flows.movements) > 1:  # one day is no course of things
        caption = shown.words("charts.over_time")
        made.append(Chart(caption, timeline(WIDTH, flows.movements, limit, f"{name}. {caption}", shown)))
    receipts = [Bar(code_said("source", code, shown), amount) for code, amount in flows.receipts]
    for key, amount in (("returned", flows.returned), ("to_budget", flows.to_budget)):
        if amount:
            receipts.append(Bar(shown.words(f"charts.{key}"), amount, outside=True))
    made.append(_bars("receipts", receipts, name, shown))
    made.append(_bars("spending", [Bar(code_said("category", code, shown), amount) for code, amount in flows.spending], name, shown))
    return [chart for chart in made if chart is not None]


def code_said(group: str, code: str | None, shown: Shown) -> str:
    """A source or category in words; one that the words do not know, as filed."""
    key = f"charts.{group}_{code}"
    if code is None:
        return shown.words("charts.not_stated")
    return shown.words(key) if key in shown.words else shown.text(code, 60)


def drawn_totals(totals: Sequence[Total]) -> Sequence[Total]:
    """The sums that are drawn: spending always, others where there is any; spending first."""
    some = [total for total in totals if total.limit > 0 and (total.measured or total.of == "spending")]
    return sorted(some, key=lambda total: (total.of != "spending", total.rule))


def _limits(totals: Sequence[Total], undetermined: Collection[str], name: str, shown: Shown) -> Chart | None:
    drawn = drawn_totals(totals)
    if not drawn:
        return None
    words = shown.words
    full = scale(total.measured / total.limit for total in drawn)
    pitch = 20 if len(drawn) <= 4 else 17
    parts, rows = [], []
    for number, total in enumerate(drawn):
        top, share = Decimal(pitch * number), total.measured / total.limit
        said, percent = shown.text(total.title or total.rule, 120), words.percent(share * 100)
        sums = words("charts.of_limit", measured=words.money(total.measured), limit=words.money(total.limit))
        mark = "▲ " if share > 1 else ""
        state = f"{words('charts.over')}, " if share > 1 else ""
        if total.rule in undetermined:
            mark, state = f"{words('charts.undetermined')} · {mark}", f"{words('charts.undetermined')}, {state}"
        told = f"{mark}{percent}"
        room = WIDTH - min(width_of(told, _SIZE), WIDTH / 2)
        parts.append(label(0, top + 6, said, _SIZE, room - 5))
        parts.append(figure(WIDTH, top + 6, told, _SIZE, WIDTH / 2, bold=True))
        parts.append(against_limit(Decimal(0), Decimal(132), top + Decimal("9.5"), 5, share, full))
        parts.append(figure(WIDTH, top + Decimal("14.2"), sums, Decimal("5.8"), Decimal(113)))
        rows.append(f"{said}: {sums}, {state}{percent}")
    caption = words("charts.limits")
    title = f"{name}. {caption}: {'; '.join(rows)}"
    return Chart(caption, drawing(WIDTH, pitch * len(drawn) + 1, title, words("charts.limits_key"), parts, "chart"))


def _bars(key: str, bars: Sequence[Bar], name: str, shown: Shown) -> Chart | None:
    """Bars of amounts on one scale, with their share of the whole."""
    if not bars:
        return None
    words = shown.words
    whole = sum((bar.amount for bar in bars if not bar.outside), Decimal("0.00"))
    drawn = _few(bars, shown)
    longest = max(abs(bar.amount) for bar in drawn) or Decimal(1)
    parts = []
    for number, bar in enumerate(drawn):
        top = Decimal("10.5") * number
        end = _LABEL + max(bar.amount, Decimal(0)) / longest * _BAR
        parts.append(label(0, top + 7, bar.said, _SIZE, _LABEL - 3))
        parts.append(box(_LABEL, end, top + 2, 6, bar.fill, EDGE if bar.outside else None))
        parts.append(figure(WIDTH - _SHARE, top + 7, words.money(bar.amount), Decimal("5.8"), WIDTH - _SHARE - _LABEL - _BAR - 3))
        if share := _share(bar, whole, shown):
            parts.append(figure(WIDTH, top + 7, share, Decimal("5.8"), _SHARE - 2))
    caption = words(f"charts.{key}", sum=words.money(whole))
    rows = [f"{bar.said} {words.money(bar.amount)}" + (f" ({share})" if (share := _share(bar, whole, shown)) else "") for bar in bars]
    title = f"{name}. {caption}: {'; '.join(rows)}"
    return Chart(caption, drawing(WIDTH, Decimal("10.5") * len(drawn) + 1, title, words(f"charts.{key}_key"), parts, "chart"))


def _share(bar: Bar, whole: Decimal, shown: Shown) -> str:
    return "" if bar.outside or whole <= 0 or bar.amount < 0 else shown.words.percent(bar.amount / whole * 100)


def _few(bars: Sequence[Bar], shown: Shown) -> Sequence[Bar]:
    """At most ROWS bars: the smallest ones of the whole as one."""
    outside = [bar for bar in bars if bar.outside]
    inside = [bar for bar in bars if not bar.outside]
    kept = ROWS - len(outside)
    if len(inside) <= kept:
        return bars
    rest = inside[kept - 1 :]
    together = sum((bar.amount for bar in rest), Decimal("0.00"))
    one = Bar(shown.words("charts.others", count=shown.words.count(len(rest))), together, several=True)
    return [*inside[: kept - 1], one, *outside]
