"""What a fund received and spent, added up from day to day, with the spending limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, groupby

from markupsafe import Markup

from auditor.model.contestant import Movement
from auditor.render.drawing import EDGE, GREY, INK, NAVY, PAPER, RED, TRACK, at, box, drawing, figure, line, over, width_of
from auditor.render.shown import Shown

TOP, HEIGHT, LEFT = Decimal(17), Decimal(66), Decimal(44)
FLOOR = TOP + HEIGHT
_BELOW = 12
# A limit further up than this would press the curves flat; it is then only named.
_FAR = 4
# One line with a wrong year would press the campaign into one day: what is more days than this from the middle one stands at the edge.
_REACH = 183
_SIZE, _DASH = Decimal("5.8"), "3 1.5"


class Sums:
    """The running sums at the end of every day from the first to the last; `early` and `late`: some are drawn at the edge."""

    def __init__(self, movements: Sequence[Movement]) -> None:
        days = [movement.date for movement in movements]
        middle = days[len(days) // 2].toordinal()
        first, last = max(days[0].toordinal(), middle - _REACH), min(days[-1].toordinal(), middle + _REACH)
        self.first, self.last = date.fromordinal(first), date.fromordinal(last)
        self.early, self.late = days[0] < self.first, days[-1] > self.last
        more = [(Decimal("0.00"), Decimal("0.00"))] * (last - first + 1)
        for each in movements:
            number = min(max(each.date.toordinal(), first), last) - first
            more[number] = more[number][0] + each.received, more[number][1] + each.spent
        self.received = list(accumulate(received for received, _ in more))
        self.spent = list(accumulate(spent for _, spent in more))

    def over_since(self, limit: Decimal) -> int | None:
        """The number of the first day that ended with more spent than the limit."""
        return next((number for number, spent in enumerate(self.spent) if spent > limit), None)

    def day(self, number: int, shown: Shown) -> str:
        """A day in words; with a sign where what was before the first or after the last is drawn there too."""
        said = shown.words.day(date.fromordinal(self.first.toordinal() + number))
        if number == 0 and self.early:
            return f"≤ {said}"
        return f"≥ {said}" if number == len(self.spent) - 1 and self.late else said


@dataclass(frozen=True, slots=True)
class Plane:
    """Where a day and a sum lie: days in columns of one width from LEFT to `width`, sums from nothing to `full`."""

    width: Decimal
    days: int
    full: Decimal

    def x(self, number: int) -> Decimal:
        """The left edge of a day's column."""
        return LEFT + (self.width - LEFT) / self.days * number

    def y(self, value: Decimal) -> Decimal:
        """The height of a sum; one below nothing lies on the floor."""
        return FLOOR - max(value, Decimal(0)) / self.full * HEIGHT

    def steps(self, values: Sequence[Decimal]) -> str:
        """A path from the floor that is level for as long as the sum stays and upright where it changes."""
        return f"M{at(LEFT)},{at(FLOOR)}" + "".join(f" V{at(self.y(value))} H{at(self.x(end))}" for _, end, value in _runs(values))


def timeline(width: Decimal, movements: Sequence[Movement], limit: Decimal | None, title: str, shown: Shown) -> Markup:
    """The curves. `movements` are in order of days; `limit` is that of spending, None where there is none; `title` is completed here."""
    sums, words = Sums(movements), shown.words
    highest = max(*sums.received, *sums.spent, Decimal("0.01"))
    near = limit if limit is not None and limit <= highest * _FAR else None
    plane = Plane(width, len(sums.spent), max(highest, near or highest) * Decimal("1.12"))
    days = sums.day(0, shown), sums.day(len(sums.spent) - 1, shown)
    told = [
        words("charts.received", sum=words.money(sums.received[-1])),
        words("charts.spent", sum=words.money(sums.spent[-1])),
    ]
    parts = [*_grid(plane, shown), *_curves(plane, sums, limit), *_legend(width, told)]
    if limit is not None:
        told.append(words("charts.limit", sum=words.money(limit)))
        mark = ""
        since = sums.over_since(limit)
        if since is not None:
            day = sums.day(since, shown)
            told.append(words("charts.over_since", day=day))
            mark = f" · ▲ {day}"
            parts.append(_sign(min(plane.x(since) + (plane.x(1) - LEFT) / 2, width - 4)))
        if near is not None:
            parts.append(line(f"M{at(LEFT)},{at(plane.y(near))} H{at(width)}", INK, "1.2"))
        bottom = plane.y(near) - 2 if near is not None else TOP - 2
        said = f"{'' if near is not None else '↑ '}{told[2]}{mark}"
        room = width - LEFT - 4
        # A curve may go through its place, and the number has to be read.
        parts.append(box(LEFT + 1, LEFT + 3 + min(width_of(said, _SIZE), room), bottom - _SIZE, _SIZE + 1, PAPER))
        parts.append(figure(LEFT + 2, bottom, said, _SIZE, room, end=False))
    weeks = " ".join(f"M{at(plane.x(number))},{at(FLOOR)} v2" for number in range(0, plane.days, 7))
    parts.append(line(f"M{at(LEFT)},{at(FLOOR)} H{at(width)} {weeks}", INK, "0.7"))
    parts.append(figure(LEFT, FLOOR + 9, days[0], _SIZE, width / 4, end=False))
    if plane.days > 1:
        parts.append(figure(width, FLOOR + 9, days[1], _SIZE, width / 4))
    said = f"{title}. {words('charts.from_to', first=days[0], last=days[1])}: {'; '.join(told)}"
    return drawing(width, FLOOR + _BELOW, said, words("charts.over_time_key"), parts, "chart")


def _curves(plane: Plane, sums: Sums, limit: Decimal | None) -> Iterator[str]:
    """What was spent as an area, hatched over the limit, with a solid line; what was received as a dashed line."""
    kept = [value if limit is None else min(value, limit) for value in sums.spent]
    yield f'<path d="{plane.steps(kept)} V{at(FLOOR)} Z" fill="{TRACK}"/>'
    for start, end, value in _runs(sums.spent):
        if limit is not None and value > limit:
            yield over(plane.x(start), plane.x(end), plane.y(value), plane.y(limit) - plane.y(value))
    yield line(plane.steps(sums.received), GREY, "1.1", _DASH)
    yield line(plane.steps(sums.spent), NAVY, "1.6")


def _legend(width: Decimal, told: Sequence[str]) -> Iterator[str]:
    for said, left, stroke, thick, dash in ((told[0], Decimal(0), GREY, "1.1", _DASH), (told[1], width / 2, NAVY, "1.6", None)):
        yield line(f"M{at(left)},5 h13", stroke, thick, dash)
        yield figure(left + 16, 7, said, _SIZE, width / 2 - 20, end=False)


def _sign(middle: Decimal) -> str:
    """The ▲ that stands for "over the limit", on the floor."""
    return f'<path d="M{at(middle - 3)},{at(FLOOR - 1)} h6 l-3,-5.5 Z" fill="{RED}" stroke="{PAPER}" stroke-width="0.6"/>'


def _grid(plane: Plane, shown: Shown) -> Iterator[str]:
    """Lines at round amounts, some three of them, with whole numbers beside them."""
    rough = plane.full / 3
    power = Decimal(10) ** rough.adjusted()
    step = max(next(power * n for n in (1, 2, 5, 10) if power * n >= rough), Decimal(1))
    value = Decimal(0)
    while value <= plane.full:
        if value:
            yield line(f"M{at(LEFT)},{at(plane.y(value))} H{at(plane.width)}", EDGE, "0.4")
        yield figure(LEFT - 3, plane.y(value) + 2, shown.words.count(int(value)), Decimal("5.4"), LEFT - 3)
        value += step


def _runs(values: Sequence[Decimal]) -> Iterator[tuple[int, int, Decimal]]:
    """Days that ended with the same sum: the number of the first, that after the last, and the sum."""
    start = 0
    for value, same in groupby(values):
        end = start + len(list(same))
        yield start, end, value
        start = end
