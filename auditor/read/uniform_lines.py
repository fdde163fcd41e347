"""Whether a large CSV file is written as a program writes it: one record on each line, all as wide as the first."""

from __future__ import annotations

import csv
from collections.abc import Sequence

import polars as pl

from auditor.read.heading_row import delimiter_of, quotes_in_order

# Where more lines than one in so many have quotes, looking at each of them costs more than a parser; some cost nothing.
_FEW_QUOTED, _SOME = 20, 50


class Regular:
    """Fed with a file piece by piece, each of whole lines. `records` is the number of lines so far, where each has the `width` of the
    first one, is UTF-8, and has quotes only around whole cells; None once any line may be otherwise, for a slower look to say."""

    def __init__(self, first: bytes) -> None:
        line = first.decode("utf-8-sig", errors="replace").rstrip("\r\n")
        self.delimiter = delimiter_of(line)
        well = '"' not in line or quotes_in_order(line, self.delimiter)
        self.width = _width(line, self.delimiter) if well and line else 0
        self.records: int | None = 0 if self.width > 1 else None
        self._mark = self.delimiter.encode()
        self._others = bytes(sorted(set(range(256)) - {*self._mark, *b"\n"}))
        self._line = self._mark * (self.width - 1) + b"\n"
        self._lines = self._line

    def of(self, delimiter: str, width: int) -> int | None:
        """The number of lines, if each has so many cells between these delimiters; None if any may be otherwise."""
        return self.records if (delimiter, width) == (self.delimiter, self.width) else None

    def feed(self, piece: bytes) -> None:
        """Look at the next lines; the last one of a file may lack its end."""
        if self.records is None:
            return
        plain, quoted = _by_quotes(piece)
        # What stands between two quotes is a cell's.
        parts = _ended(b"".join(quoted)).split(b'"')
        outside, inside = parts[::2], parts[1::2]
        marks = b"".join([_ended(some).translate(None, self._others) for some in (*plain, b"".join(outside))])
        lines, odd = divmod(len(marks), len(self._line))
        if len(self._lines) < len(marks):
            self._lines = self._line * (2 * lines)
        alike = (
            not odd
            and self._lines.startswith(marks)
            and len(quoted) <= _SOME + lines // _FEW_QUOTED
            and self._whole_cells(outside, inside)
            and _is_utf8(piece)
        )
        self.records = self.records + lines if alike else None

    def _whole_cells(self, outside: Sequence[bytes], inside: Sequence[bytes]) -> bool:
        """Whether quotes stand only around whole cells, each in one line. Between two quotes that stand for one there is nothing; anything
        else outside begins and ends where a cell does. A quote that is left open takes the end of its line inside."""
        begins, ends = {part[:1] for part in outside[1:]}, {part[-1:] for part in outside[:-1]}
        return (
            len(outside) == len(inside) + 1
            and begins <= {b"", self._mark, b"\n", b"\r"}  # of a CR without LF the whole file is read otherwise
            and ends <= {b"", self._mark, b"\n"}
            and b"\n" not in b"".join(inside)
        )


def _width(line: str, delimiter: str) -> int:
    """The number of cells; 0 where it is no single record (a line of UTF-16 looks so, or one that ends in CR), for a slower look."""
    try:
        return len(next(csv.reader([line], delimiter=delimiter)))
    except csv.Error:
        return 0


def _ended(lines: bytes) -> bytes:
    """The same lines; the last one of a file may lack its end."""
    return lines if not lines or lines.endswith(b"\n") else lines + b"\n"


def _by_quotes(piece: bytes) -> tuple[list[bytes], list[bytes]]:
    """The lines without quotes, as many together as follow on one another, and one by one those with any."""
    plain: list[bytes] = []
    quoted: list[bytes] = []
    done = 0
    while (at := piece.find(b'"', done)) >= 0:
        start = piece.rfind(b"\n", done, at) + 1 or done
        plain.append(piece[done:start])
        done = piece.find(b"\n", at) + 1 or len(piece)
        quoted.append(piece[start:done])
    plain.append(piece[done:])
    return plain, quoted


def _is_utf8(piece: bytes) -> bool:
    try:
        pl.Series([piece], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True
