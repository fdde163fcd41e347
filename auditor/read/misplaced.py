"""Records that stand where none should, and cells beside the headings.

Above the heading there are titles. A record there means that the sheet was sorted with its heading, or that another heading, above it, is
misspelt. In a cell of several lines a record means that a quotation mark was opened in one record and closed in another. Either way it is a
line that cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from auditor.amounts import SPACES
from auditor.read.heading_row import Heading
from auditor.read.headings import Matched
from auditor.read.looks import DAY, TENGE
from auditor.tables import OF_MONEY, Cell, columns
from auditor.wording import Say

_LEAST_FILLED = 3
# Where a quotation mark swallowed records, the next line is one already; a cell may have a million line ends.
_MOST_LINES = 1_000
# More than is read below a heading: it has only to be seen that a day and an amount are meant. A workbook's day may be a number.
_DAY = re.compile(rf"{DAY}(?:[ T][0-9:.]+)?|[3-9][0-9]{{4}}(?:\.0+)?")
_FIGURES = re.compile(rf"[0-9][0-9{SPACES}]*(?:[.,][0-9]+)?\s*{TENGE}?", re.IGNORECASE)
_FORMS = {Cell.DATE: _DAY, **dict.fromkeys(OF_MONEY, _FIGURES)}


def is_like_a_record(cells: Sequence[str], matched: Matched) -> bool:
    """Whether the cells of a row look like a record of the table: where a day or an amount is required there is one, and somebody or
    something they belong to. A table that requires neither has to have all its cells."""
    by_name, places = columns(matched.table), matched.positions
    filled = [at for at in places.values() if at < len(cells) and cells[at].strip()]
    if len(filled) < _LEAST_FILLED:
        return False
    required = [name for name in by_name if name in places and by_name[name].required]
    formed = [name for name in required if by_name[name].cell in _FORMS]
    if not formed:
        return len(filled) == len(places)
    first = required[0]  # whose it is; a contest or a kind may be missing, as in a line below the heading
    return places[first] in filled and all(
        places[name] in filled and _FORMS[by_name[name].cell].fullmatch(cells[places[name]].strip()) for name in formed
    )


def swallowed_by(record: Sequence[str], delimiter: str, matched: Matched) -> list[list[str]]:
    """What looks like other records in the cells of several lines."""
    least = _LEAST_FILLED - 1
    return [
        cells
        for cell in record
        if "\n" in cell or "\r" in cell
        for line in cell.splitlines()[1 : _MOST_LINES + 1]
        if line.count(delimiter) >= least and is_like_a_record(cells := line.split(delimiter), matched)
    ]


def of_others(record: Sequence[str], swallowed: Sequence[Sequence[str]], delimiter: str, matched: Matched) -> str | None:
    """A contestant of swallowed lines of `reports` who is not that of the record: the line that could not be read would be told of the
    wrong one, and the sums of the other as if nothing were missing."""
    at, contest = (matched.positions.get(name, len(record)) for name in ("contestant_id", "contest"))
    if matched.table != "reports" or at >= len(record):
        return None
    own = next(iter(record[at].splitlines()), "").split(delimiter)[0].strip().casefold()  # the quotation mark may be opened here
    codes = columns("reports")["contest"].codes
    lines = [one for one in swallowed if max(at, contest) < len(one) and one[contest].strip().lower() in codes]
    return next((one[at].strip() for one in lines if one[at].strip().casefold() not in ("", own)), None)


def without_swallowed(record: Sequence[str], matched: Matched) -> list[str]:
    """A record without the cell that holds others, which is no name and no purpose, without those behind it, which are the last one's,
    and without its kind: the others may be of any."""
    kind = matched.positions.get("kind")
    first = next((at for at, cell in enumerate(record) if "\n" in cell or "\r" in cell), len(record))
    return ["" if at == kind or at >= first else cell for at, cell in enumerate(record)]


def notes_of(heading: Heading, unread: int, say: Say) -> list[str]:
    """What is said of a table whose heading is not its first row, and of filled cells beside the headings, which were not read."""
    notes = [say("check.heading_row", row=heading.row)] if heading.row > 1 and not heading.in_two_rows else []
    notes += [say("check.heading_rows", first=heading.row - 1, then=heading.row)] if heading.in_two_rows else []
    return [*notes, say("check.unnamed_cells", n=unread)] if unread else notes


def unnamed(heading: Sequence[str], matched: Matched) -> list[int]:
    """The columns, from 0, that have no heading and are none of the table's."""
    taken = {*matched.positions.values(), *matched.left_by}
    return [at for at, cell in enumerate(heading) if not cell.strip() and at not in taken]
