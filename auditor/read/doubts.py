"""What is said of files and sheets that are perhaps not what they were taken for, or hold nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auditor.errors import CannotRead
from auditor.listing import listed
from auditor.model import problem_codes
from auditor.model.input import Problem
from auditor.read.candidates import Candidate
from auditor.read.headings import LackingTable
from auditor.read.instructions import Instructions
from auditor.read.preview import preview
from auditor.read.text_table import ROW, FileContents, TextTable
from auditor.read.unknown import UnknownTable, unknown_table
from auditor.tables import TABLES, heading_key
from auditor.wording import Say

_MOST_NAMED = 4
# A file that is no table of ours is looked at whole; a larger one is only named.
_LARGEST_SEEN = 20_000_000
# Rows of a table that was told by its heading alone; a year or a number of signatures is no amount there.
_LOOKED_AT, _SMALL = 20, re.compile("[0-9]{1,4}")


def without_columns(lacks: LackingTable, say: Say) -> Iterator[Problem]:
    """A problem for each required column that a table of the commission's lacks."""
    where = lacks.file if lacks.sheet is None else say("read.where_sheet", file=lacks.file, sheet=lacks.sheet)
    for column, near in lacks.nearest_of.items():
        sentence = say("check.table_without_column", file=where, table=lacks.table, column=column)
        hint = f" {say('check.nearest_heading', heading=near)}" if near is not None else ""
        yield Problem(problem_codes.WRONG_TABLE, lacks.file, lacks.sheet, lacks.row, column, None, sentence + hint)


def nothing_in(candidate: Candidate, seen: FileContents, say: Say) -> str:
    """That a file is no table, or that none of its sheets is the one that was wanted of it."""
    if candidate.table is not None and (seen.tables or any(other != candidate.name for other in seen.others)):
        return say("read.no_sheet_of_table", where=candidate.name, table=candidate.table)
    return say("read.no_table", where=candidate.name, tables=", ".join(TABLES))


def no_reports(given: Sequence[str], problems: Sequence[Problem], instructions: Instructions) -> str:
    """That no table of reports is there; and where tables stand that may be meant to be one, with what helps."""
    say = instructions.say
    sentence = say("read.no_reports", where=", ".join(given))
    others = dict.fromkeys((one.file, one.sheet) for one in problems if one.code == problem_codes.WRONG_TABLE)
    if not others or instructions.stated.mapping is not None:
        return sentence
    named = [file if sheet is None else say("read.where_sheet", file=file, sheet=sheet) for file, sheet in others]
    return " ".join((sentence, say("read.with_other_headings", places=listed(named, _MOST_NAMED, "; ")), say("read.other_headings")))


def perhaps_lines(table: TextTable, candidate: Candidate, say: Say) -> Problem | None:
    """A register that was told by its heading alone, and has days and amounts in columns that nobody knows: perhaps it is a report."""
    named = candidate.table if table.sheet is None else table.sheet.strip().lower()
    if table.table in ("reports", "statement", named) or candidate.named or table.as_filed is None or table.streamed:
        return None
    taken = {heading_key(name) for name in (*table.columns, *table.aliases.values())}
    places = [place for place, cell in enumerate(table.as_filed.heading) if heading_key(cell) not in taken]
    numbers = table.frame.select(ROW).head(_LOOKED_AT).collect()[ROW].to_list()
    rows = table.as_filed.rows(numbers)
    beside = [
        [cell for place in places if place < len(rows[number]) and not _SMALL.fullmatch(cell := rows[number][place].strip())]
        for number in numbers
    ]
    seems = unknown_table(table.file, table.sheet, beside)
    if seems is None:
        return None
    row = numbers[seems.row - 1]
    sentence = say("check.perhaps_lines", file=table.named(say), row=row, table=table.table)
    return table.problem(problem_codes.WRONG_TABLE, row, sentence)


def named_otherwise(table: TextTable, candidate: Candidate, say: Say) -> Problem | None:
    """That a file or sheet named after another table holds the lines of reports."""
    named = table.sheet.strip().lower() if table.sheet is not None and table.sheet.strip().lower() in TABLES else candidate.table
    if table.table != "reports" or named in (None, "reports"):
        return None
    return table.problem(problem_codes.WRONG_TABLE, 1, say("check.named_otherwise", file=table.named(say), table=named))


def seeming(candidate: Candidate, found: FileContents, instructions: Instructions) -> Iterator[UnknownTable]:
    """What a text file that is no table of ours seems to be."""
    if found.others != [candidate.name] or candidate.path.stat().st_size > _LARGEST_SEEN:
        return
    try:
        seems = unknown_table(candidate.name, None, preview(candidate.path, candidate.name, instructions).rows)
    except CannotRead:
        return
    if seems is not None:
        yield seems


def of_nothing(table: TextTable, say: Say) -> Problem:
    """That a table has a heading and no records."""
    return table.problem(problem_codes.NO_ROWS, 1, say("check.no_rows", file=table.named(say)))


def of_unknown(seems: UnknownTable, say: Say) -> Problem:
    """That something looks like a table of days and amounts, and is none that is known."""
    where = seems.file if seems.sheet is None else say("read.where_sheet", file=seems.file, sheet=seems.sheet)
    sentence = say("check.unknown_table", file=where, row=seems.row)
    return Problem(problem_codes.WRONG_TABLE, seems.file, seems.sheet, seems.row, None, None, sentence)
