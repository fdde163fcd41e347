"""Records where none should stand. Above the heading, where only titles are: the sheet was sorted with its heading, or has another one
there that is misspelt; nobody knows what stands in which column, so they are left out, and each of them is a problem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from auditor.model import LeftOut, Problem
from auditor.read.headings import Matched
from auditor.read.instructions import Say
from auditor.read.text import TextTable
from auditor.tables import Cell, columns

_LEAST_FILLED, _SHARE = 3, 2
_COUNTED = (Cell.DATE, Cell.MONEY, Cell.SIGNED_MONEY, Cell.NUMBER, Cell.WHOLE, Cell.IDENTIFIER, Cell.IBAN)
# Two digits at least: the columns of a form are numbered, often above the heading too.
_FIGURE = re.compile(r"[0-9].*[0-9]")


def like_records(rows: Sequence[Sequence[str]], matched: Matched) -> list[int]:
    """The numbers, from 1, of those rows that look like records of the table: half of its columns are filled, and there is a figure
    where a day, an amount or a number belongs."""
    by_name = columns(matched.table)
    counted = [at for name, at in matched.positions.items() if by_name[name].cell in _COUNTED]
    found: list[int] = []
    for number, cells in enumerate(rows, start=1):
        filled = [at for at in matched.positions.values() if at < len(cells) and cells[at].strip()]
        enough = len(filled) >= _LEAST_FILLED and len(filled) * _SHARE >= len(matched.positions)
        if enough and any(at < len(cells) and _FIGURE.search(cells[at]) for at in counted):
            found.append(number)
    return found


def unnamed(heading: Sequence[str], matched: Matched) -> list[int]:
    """The columns, from 0, that have no heading and are none of the table's."""
    taken = {*matched.positions.values(), *matched.left_by}
    return [at for at, cell in enumerate(heading) if not cell.strip() and at not in taken]


def without_those_above(table: TextTable, rows: Sequence[int], heading_row: int, say: Say) -> TextTable:
    """The table with these rows told as left out, and as problems."""
    if not rows:
        return table
    where = table.file if table.sheet is None else say("read.where_sheet", file=table.file, sheet=table.sheet)
    reason = say("check.above_heading_reason", heading=heading_row)
    told = [
        Problem("INP-008", table.file, table.sheet, row, None, None, say("check.above_heading", file=where, row=row, heading=heading_row))
        for row in rows
    ]
    left_out = [*(LeftOut(row, reason) for row in rows), *table.left_out]
    return replace(table, rows=table.rows + len(rows), left_out=left_out, problems=[*told, *table.problems])
