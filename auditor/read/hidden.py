"""Rows and columns of a sheet that people do not see, by a filter or by hand: they are read like any others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^<>]*\bhidden=[\"'](?:1|true)[\"'])[^<>]*[^<>/]>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b(?=[^<>]*\bhidden=[\"'](?:1|true)[\"'])[^<>]*>")
_FIRST, _LAST = (re.compile(rb"\b" + name + rb"=[\"']([0-9]{1,5})[\"']") for name in (b"min", b"max"))


class Hidden(NamedTuple):
    """How many rows that have cells are hidden in a sheet, and from which to which column (from 1) columns are."""

    rows: int
    ranges: Sequence[tuple[int, int]]

    def columns(self, before: int, width: int) -> int:
        """How many of the `width` columns after the first `before` are hidden: a sheet has thousands, and those beside a table often
        are."""
        covered, end = 0, before
        for first, last in sorted(self.ranges):
            begin, stop = max(first, end + 1), min(last, before + width)
            if stop >= begin:
                covered, end = covered + stop - begin + 1, stop
        return covered


def hidden_in(sheet: bytes) -> Hidden:
    """What is hidden, by the XML of an XLSX sheet."""
    if b"hidden=" not in sheet:  # hardly any large sheet has it, and the patterns take a second for half a million rows
        return Hidden(0, ())
    ends = ((_FIRST.search(told), _LAST.search(told)) for told in _COLUMN.findall(sheet))
    ranges = [(int(first[1]), int(last[1])) for first, last in ends if first is not None and last is not None]
    return Hidden(sum(1 for _ in _ROW.finditer(sheet)), ranges)
