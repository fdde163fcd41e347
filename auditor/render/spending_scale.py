"""The bars of the summary: each contestant's spending against its limit, on one scale and without texts of their own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from markupsafe import Markup

from auditor.render.drawing import against_limit, drawing

_WIDTH, _TOP, _HEIGHT = Decimal(240), Decimal(4), 12
_WIDEST = Decimal("1.5")  # a bar further over than this ends in an arrow; else one outlier would flatten all others
_NARROWEST = Decimal("1.1")  # room to the right of the tick, so that it reads as a limit and not as the end


def scale(shares: Iterable[Decimal]) -> Decimal:
    """The share of the limit at the right edge: one scale for all bars of a chart, so that they can be compared."""
    return min(_WIDEST, max([_NARROWEST, *shares]))


def bar(share: Decimal, full: Decimal, title: str) -> Markup:
    """Spending as a share of its limit: navy up to the limit, hatched red over it, a tick at the limit."""
    return drawing(
        _WIDTH, 2 * _TOP + _HEIGHT, title, "", [against_limit(Decimal(0), _WIDTH, _TOP, _HEIGHT, share, full)], "bar", scaled=True
    )
