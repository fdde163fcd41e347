"""Where in a text the twelve digits of an id may stand that are not written as one number: in halves, in groups, one by one, or with
something unseen between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

ID_DIGITS = 12
UNSEEN = "\N{REPLACEMENT CHARACTER}"
"""What stands for a letter that nobody sees."""

# Digits are those of any script: what a person reads as an id is one.
_DIGITS = re.compile(r"\d+")
_UNSEEN_BETWEEN = re.compile(rf"(?<!\d)\d(?:{UNSEEN}*\d){{{ID_DIGITS - 1}}}(?!\d)")
# Between the halves of an id people put almost anything; between more groups white space (a page shows one) or one sign. What is parted
# by commas is a list, but for thousands as English parts them.
_BETWEEN_HALVES = re.compile(r"\s{1,99}|[\W_]{1,8}")
_BETWEEN_GROUPS = re.compile(r"\s{1,99}|\s?[-./·_\u2010-\u2015\u2212]\s?")
_HALVES, _THOUSANDS = (6, 6), (3, 3, 3, 3)
_DATE_LAST, _DATE_FIRST = (2, 2, 4), (4, 2, 2)
# Behind an amount: decimals, or its currency.
_OF_AN_AMOUNT = re.compile(r"[.,]\d|[\s)]{0,2}(?:тг|тенге|теңге|KZT|₸)", re.IGNORECASE)


def replaced(text: str, hidden: Callable[[str, str | None], str | None]) -> str:
    """The text with `hidden(digits, gap)` in place of what may be an id; as it was where that is None. `gap` is what stands between two
    halves, "" for what nobody sees, None for other groups."""
    if sum(map(str.isdecimal, text)) < ID_DIGITS:
        return text
    if UNSEEN in text:
        text = _UNSEEN_BETWEEN.sub(lambda found: hidden(_decimal(found.group()), "") or found.group(), text)
    groups = [found.span() for found in _DIGITS.finditer(text)]
    parts, at, n = [], 0, 0
    while n < len(groups):
        last = _last_of_an_id(text, groups, n)
        instead = None
        if last is not None:
            begin, end = groups[n][0], groups[last][1]
            in_halves = last == n + 1 and groups[n][1] - begin == _HALVES[0]  # a day and a number are two groups too: "20230301 1234"
            gap = text[groups[n][1] : groups[last][0]] if in_halves else None
            instead = hidden(_decimal(text[begin:end]), gap)
        if last is None or instead is None:
            n += 1
            continue
        parts += [text[at:begin], instead]
        at, n = end, last + 1
    return "".join((*parts, text[at:]))


def _last_of_an_id(text: str, groups: Sequence[tuple[int, int]], first: int) -> int | None:
    """The last of the groups from the `first` on that are twelve digits in a form in which ids are written; None where they are not."""
    sizes, gaps = [groups[first][1] - groups[first][0]], []
    last = first
    while sum(sizes) < ID_DIGITS and last + 1 < len(groups):
        gap = text[groups[last][1] : groups[last + 1][0]]
        if not _BETWEEN_HALVES.fullmatch(gap):
            return None
        last += 1
        gaps.append(" " if gap.isspace() else gap)
        sizes.append(groups[last][1] - groups[last][0])
    if sum(sizes) != ID_DIGITS or not gaps:
        return None
    form = tuple(sizes)
    if form == _HALVES:
        return None if gaps != [" "] and _OF_AN_AMOUNT.match(text, groups[last][1]) else last
    if not _is_form(form, gaps) or _OF_AN_AMOUNT.match(text, groups[last][1]):
        return None
    return None if len(set(form)) == 1 and _goes_on(text, groups, first, last, gaps[-1]) else last


def _is_form(form: tuple[int, ...], gaps: Sequence[str]) -> bool:
    """Whether an id is written in groups of these sizes, with these gaps: evenly, or parted behind the date of birth or its century."""
    if form == _THOUSANDS and set(gaps) == {","}:
        return True
    if not all(map(_BETWEEN_GROUPS.fullmatch, gaps)):
        return False
    if len(set(form)) == 1:  # in pairs the signs tell days from ids: "23.02.18 10 00 00"
        return len(set(gaps)) == 1 or (form[0] != 2 and all(len(gap) == 1 for gap in gaps))
    ends = {sum(form[:n]) for n in range(1, len(form))}
    dated = form[-3:] == _DATE_LAST or form[:3] == _DATE_FIRST
    return len(set(gaps)) == 1 and (_HALVES[0] in ends or form == (8, 4)) and not dated


def _goes_on(text: str, groups: Sequence[tuple[int, int]], first: int, last: int, gap: str) -> bool:
    """Whether one more group of this size stands behind, or before single digits: those are a list, or an amount."""
    size = groups[first][1] - groups[first][0]

    def alike(one: int, other: int) -> bool:
        between = text[groups[one][1] : groups[other][0]]
        same = (" " if between.isspace() else between) == gap
        return same and all(groups[n][1] - groups[n][0] == size for n in (one, other))

    behind = last + 1 < len(groups) and alike(last, last + 1)
    return behind or (size == 1 and first > 0 and alike(first - 1, first))


def _decimal(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
