"""Drawn figures of the report: bars as SVG without any text of their own, so that no font can change them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from markupsafe import Markup, escape

_WIDTH = Decimal(240)
_TOP, _HEIGHT = 4, 12
_NAVY, _RED, _TRACK, _EDGE, _INK = "#10305a", "#b3161b", "#e6ebf3", "#9aa7bd", "#0b1626"
_WIDEST = Decimal("1.5")  # a bar further over than this ends in an arrow; else one outlier would flatten all others
_NARROWEST = Decimal("1.1")  # room to the right of the tick, so that it reads as a limit and not as the end


def scale(shares: Iterable[Decimal]) -> Decimal:
    """The share of the limit at the right edge: one scale for all bars of a chart, so that they can be compared."""
    return min(_WIDEST, max([_NARROWEST, *shares]))


def bar(share: Decimal, full: Decimal, title: str) -> Markup:
    """Spending as a share of its limit: navy up to the limit, hatched red over it, a tick at the limit."""
    tick = _x(Decimal(1), full)
    end = _x(min(share, full), full)
    parts = [_box(Decimal(0), _WIDTH, _TRACK, stroke=True), _box(Decimal(0), min(end, tick), _NAVY)]
    if share > 1:
        parts.append(_box(tick, end, _RED))
        parts.append(_hatch(tick, end))
    if share > full:
        parts.append(f'<path d="M{_WIDTH - 9},{_TOP} L{_WIDTH},{_TOP + _HEIGHT // 2} L{_WIDTH - 9},{_TOP + _HEIGHT} Z" fill="{_INK}"/>')
    parts.append(f'<path d="M{tick},0 V{2 * _TOP + _HEIGHT}" stroke="{_INK}" stroke-width="2.2" fill="none"/>')
    # Every svg needs a title child: PDF/UA takes the alternative text from it and ignores aria-label.
    return Markup(  # noqa: S704 - numbers and colours of ours; the title is escaped
        f'<svg class="bar" viewBox="0 0 {_WIDTH} {2 * _TOP + _HEIGHT}" role="img"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _x(share: Decimal, full: Decimal) -> Decimal:
    return (max(share, Decimal(0)) / full * _WIDTH).quantize(Decimal("0.01"))


def _box(start: Decimal, end: Decimal, colour: str, *, stroke: bool = False) -> str:
    edge = f' stroke="{_EDGE}" stroke-width="0.8"' if stroke else ""
    return f'<rect x="{start}" y="{_TOP}" width="{max(end - start, Decimal(0))}" height="{_HEIGHT}" fill="{colour}"{edge}/>'


def _hatch(start: Decimal, end: Decimal) -> str:
    """White strokes over the red part: it differs from the navy on a grey printer too."""
    strokes = []
    x = start + 3
    while x + 5 < end:
        strokes.append(f"M{x},{_TOP + _HEIGHT} L{x + 5},{_TOP}")
        x += 6
    return f'<path d="{" ".join(strokes)}" stroke="#ffffff" stroke-width="1.3" fill="none"/>' if strokes else ""
