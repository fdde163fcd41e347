"""How far a sheet reaches. A reader of workbooks makes room for the whole rectangle of its cells, so one stray cell in a far corner can ask
for more memory than there is, which ends the program."""

from __future__ import annotations

import re

from auditor.read.sheet_xml import column_of

MOST_PLACES = 28_000_000  # as many rows as a sheet may have, of 26 columns
_FULL = 50  # a rectangle of which less than one place in so many is filled is a stray cell's
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\br=["']([0-9]{1,9})["']""")
# A cell that is only styled ends with its tag, and takes no room.
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\br=["']([A-Z]{1,4})([0-9]{1,9})["'][^<>]*(?<!/)>""")
# Beyond column Z a reference has two letters or more. Begins with a letter, not with a boundary: that is found ten times as fast.
_FAR = re.compile(rb"""r=["'][A-Z]{2}""")


def stray_cell(sheet: bytes) -> str | None:
    """The cell for whose sake the rectangle of this XML is far larger than what is filled; None where there is none. Cells without a
    reference follow one another and cannot lie far away."""
    if not _FAR.search(sheet) and _last_row(sheet) * 26 <= MOST_PLACES:
        return None
    cells = rows = columns = 0
    corner = ""
    for found in _CELL.finditer(sheet):
        cells += 1
        column, row = column_of(found[1].decode()) + 1, int(found[2])
        if column > columns or row > rows:
            rows, columns = max(row, rows), max(column, columns)
            corner = (found[1] + found[2]).decode()
    return corner if rows * columns > MOST_PLACES and cells * _FULL < rows * columns else None


def _last_row(sheet: bytes) -> int:
    return max((int(found[1]) for found in _ROW.finditer(sheet, max(len(sheet) - 200_000, 0))), default=0)
