"""Pieces of a drawing as SVG: boxes, hatching, lines, and texts that fit into their place."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from markupsafe import Markup, escape

Number = Decimal | int
NAVY, RED, TRACK, EDGE, INK, GREY, PAPER = "#10305a", "#b3161b", "#e6ebf3", "#9aa7bd", "#0b1626", "#46566f", "#ffffff"
# The only family that a PDF has. Text in an svg does not take it from the page around.
FONT = "Inter, sans-serif"
_PITCH = Decimal(3)
# How wide a letter is at most, in hundredths of the size: enough to say that a text fits without asking the font.
_ADVANCES = (
    (20, "\u202f"),
    (30, " \u00a0ijlIіїІЇ"),
    (40, "!',.:;()[]/\\`frt·‘’|"),
    (50, "1гтғ-–^_{}"),
    (55, '"*s?“”'),
    (60, "7JFLacekvxyzГҒавекзлсухчьэяёқүұә•"),
    (67, "023568PEЁЕbdghnopquбийопрцдңһөъ«»"),
    (72, "49BRSTZ$&+<=>~КБЗРВТУЬЯ−₸≤≥ҮҰҺЧ"),
    (80, "ACDGHKUVXYNOQАЛНПСХЭфИЙОЦмыӘӨҚҢ"),
    (86, "wДЪжшюФ"),
    (96, "щ↑↓✓■□○●Mm→М…"),
    (110, "%@—WШЫЩЖЮ▲△№"),
)
_ADVANCE = {letter: width for width, letters in _ADVANCES for letter in letters}
_WIDEST = 180


def width_of(said: str, size: Number) -> Decimal:
    """How wide a text is at most."""
    return Decimal(sum(_ADVANCE.get(letter, _WIDEST) for letter in said)) * size / 100


def at(value: Number) -> str:
    """A coordinate: two decimals, and none where there are none."""
    return f"{round(Decimal(value), 2).normalize():f}"


def label(x: Number, y: Number, said: str, size: Number, width: Number, *, end: bool = False, bold: bool = False) -> str:
    """A text from `x` (or up to it, with `end`), cut where it is wider than `width`; cut ones carry the whole text as their title."""
    cut = said
    while cut and width_of(cut, size) > width:
        cut = cut.removesuffix("…")[:-1].rstrip() + "…" if cut != "…" else ""
    drawn = _text(x, y, cut, Decimal(size), end=end, bold=bold)
    return drawn if cut == said else f"<g><title>{escape(said)}</title>{drawn}</g>"


def figure(x: Number, y: Number, said: str, size: Number, width: Number, *, end: bool = True, bold: bool = False) -> str:
    """A number, in smaller letters where it is wider than `width`: a number that is cut can be misread."""
    wide = width_of(said, size)
    return _text(x, y, said, size * Decimal(width) / wide if wide > width else Decimal(size), end=end, bold=bold)


def _text(x: Number, y: Number, said: str, size: Decimal, *, end: bool, bold: bool) -> str:
    anchor = ' text-anchor="end"' if end else ""
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{at(x)}" y="{at(y)}" font-size="{at(size)}"{anchor}{weight}>{escape(said)}</text>'


def box(left: Number, right: Number, top: Number, height: Number, fill: str, stroke: str | None = None) -> str:
    """A rectangle; nothing of it where it would end before it begins."""
    edge = f' stroke="{stroke}" stroke-width="0.8"' if stroke else ""
    return f'<rect x="{at(left)}" y="{at(top)}" width="{at(max(right - left, Decimal(0)))}" height="{at(height)}" fill="{fill}"{edge}/>'


def line(path: str, stroke: str, width: Number | str, dash: str | None = None) -> str:
    """A line without anything filled."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width}"{dashed}/>'


def over(left: Decimal, right: Decimal, top: Decimal, height: Number) -> str:
    """What is over a limit: red with white strokes, so that it differs on a grey printer too."""
    if right <= left or height <= 0:
        return ""
    bottom = top + height
    strokes = []
    # The strokes are parts of lines over the whole drawing: boxes beside one another are hatched as one.
    along = (left + top) // _PITCH * _PITCH + _PITCH
    while along < right + bottom:
        start, end = max(left, along - bottom), min(right, along - top)
        if start < end:
            strokes.append(f"M{at(start)},{at(along - start)} L{at(end)},{at(along - end)}")
        along += _PITCH
    return box(left, right, top, height, RED) + (line(" ".join(strokes), PAPER, "1.1") if strokes else "")


def against_limit(left: Decimal, width: Decimal, top: Decimal, height: Number, share: Decimal, full: Decimal) -> str:
    """A bar of a sum as a share of its limit, `full` being the share at the right edge; with an upright line at the limit."""

    def x(value: Decimal) -> Decimal:
        return left + min(max(value, Decimal(0)), full) / full * width

    limit = x(Decimal(1))
    right, middle, bottom, beyond = left + width, top + Decimal(height) / 2, top + height, Decimal(height) / 3
    parts = [box(left, right, top, height, TRACK, EDGE), box(left, min(x(share), limit), top, height, NAVY)]
    parts.append(over(limit, x(share), top, height))
    if share > full:
        parts.append(f'<path d="M{at(right - 7)},{at(top)} L{at(right)},{at(middle)} L{at(right - 7)},{at(bottom)} Z" fill="{INK}"/>')
    parts.append(line(f"M{at(limit)},{at(top - beyond)} V{at(bottom + beyond)}", INK, "1.8"))
    return "".join(parts)


def drawing(
    width: Number, height: Number, title: str, description: str, parts: Iterable[str], kind: str, *, scaled: bool = False
) -> Markup:
    """The whole drawing, one unit being a point, or, `scaled`, as large as the style says: with a size of its own WeasyPrint would
    draw it so large whatever the style says. A reader of the PDF is told the title only, so it has to say all there is."""
    size = "" if scaled else f' width="{at(width)}pt" height="{at(height)}pt"'
    return Markup(  # noqa: S704 - numbers and colours of ours; every text is escaped
        f'<svg class="{kind}" viewBox="0 0 {at(width)} {at(height)}"{size} role="img"'
        f' font-family="{FONT}" fill="{INK}"><title>{escape(title)}</title>'
        + (f"<desc>{escape(description)}</desc>" if description else "")
        + f"{''.join(parts)}</svg>"
    )
