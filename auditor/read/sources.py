"""The files to read → their tables, with what is wrong with files that are no tables, or seem to be others."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from auditor.errors import CannotRead, NoReports, TwoReadings
from auditor.model import problem_codes
from auditor.model.input import Assumed, Problem
from auditor.read.candidates import STANDARD_INPUT, Candidate
from auditor.read.doubts import named_otherwise, no_reports, nothing_in, of_nothing, of_unknown, perhaps_lines, seeming, without_columns
from auditor.read.formats import MOST_HELD, may_hold_several, tables_of
from auditor.read.headings import LackingTable
from auditor.read.instructions import Instructions, Stated
from auditor.read.letters import is_utf8
from auditor.read.text_table import FileContents, TextTable
from auditor.tables import TABLES
from auditor.wording import Say, told_system_error

_RECEIVED_ON = "received_on"


@dataclass(frozen=True)
class Received:
    """The tables read, the problems of tables that had to be left aside, of which kinds those are (`set_aside`), and the files of a
    folder that are no tables."""

    tables: Sequence[TextTable]
    problems: Sequence[Problem]
    set_aside: frozenset[str]
    passed_over: Sequence[str]


def receive(files: Sequence[Candidate], given: Sequence[str], instructions: Instructions, *, reports: bool = True) -> Received:
    """Read the files found in what was given; there must be `reports` among them, unless only the commission's tables are wanted.

    Raises CannotRead with a line for each file that cannot be read.
    """
    read = _Read(instructions, {candidate.table for candidate in files if candidate.named})
    for candidate in files:
        read.add(candidate)
    tables, copies = _twice(read.tables, instructions.say)
    problems = [*read.problems, *copies]
    if read.mistakes:
        raise CannotRead(*read.mistakes[:-1], f"{read.mistakes[-1]}{read.without_refused()}")
    if reports and not any(table.table == "reports" for table in tables):
        raise NoReports(no_reports(given, problems, instructions))
    if instructions.stated.sheet is not None and all(table.sheet is None for table in tables):
        raise CannotRead(instructions.say("read.no_workbook_here", sheet=instructions.stated.sheet))
    return Received(tables, problems, frozenset(read.set_aside), read.passed_over)


class _Read:
    """What the files read so far gave: their tables, and why a file gave none. `instead` are the tables that options name: other tables of
    their kind, wherever they stand, are not taken up."""

    def __init__(self, instructions: Instructions, instead: Set[str | None]) -> None:
        self.tables: list[TextTable] = []
        self.problems: list[Problem] = []
        self.set_aside: set[str] = set()
        self.mistakes: list[str] = []
        self._refused: list[Candidate] = []
        # By file and place in it, for one may be given, and be named for another of its tables too.
        self._passed_over: dict[tuple[Path, str], str] = {}
        self._read: set[tuple[Path, str]] = set()
        self._instructions, self._instead = instructions, instead

    def add(self, candidate: Candidate) -> None:
        """Read one more file."""
        try:
            data = _read_once(candidate, self._instructions.say)
            if data is not None and not (candidate.named or candidate.beside) and may_hold_several(candidate.name, data):
                candidate = replace(candidate, table=None)  # what comes by standard input shows only now that it may hold others too
            seen = _without(_tables_of(candidate, data, self._instructions), candidate)
        except CannotRead as error:
            if candidate.table in self._instead and not candidate.named:
                self._pass_over(candidate, [candidate.name])  # another one was named in its place
            else:
                self._refuse(candidate, error.mistakes)
            return
        say = self._instructions.say
        found = _of(seen, {candidate.table}) if candidate.named else _of(seen, {*TABLES} - self._instead)
        for table in found.tables:
            self.tables.append(_dated(table, candidate))
            self._read.add(_key(candidate, _place(table)))
            self.problems += [told for told in (perhaps_lines(table, candidate, say), named_otherwise(table, candidate, say)) if told]
        self.problems += [told for lacks in found.lacking for told in without_columns(lacks, say)]
        self.set_aside |= {lacks.table for lacks in found.lacking}
        there = found if candidate.named else seen
        if not (there.tables or there.lacking or candidate.optional):
            self._refuse(candidate, [nothing_in(candidate, seen, say)])
            return
        self._pass_over(candidate, [*found.others, *map(_place, found.lacking)])
        seems = seeming(candidate, found, self._instructions) if data is None else ()
        self.problems += [*(of_nothing(one, say) for one in found.empty), *(of_unknown(one, say) for one in (*found.unknown, *seems))]

    @property
    def passed_over(self) -> Sequence[str]:
        """Files, and tables in files, that were not read, by name."""
        return [place for key, place in self._passed_over.items() if key not in self._read]

    def _pass_over(self, candidate: Candidate, places: Sequence[str]) -> None:
        self._passed_over |= {_key(candidate, place): place for place in places}

    def _refuse(self, candidate: Candidate, mistakes: Sequence[str]) -> None:
        self.mistakes += mistakes
        self._refused.append(candidate)

    def without_refused(self) -> str:
        """How to audit the other reports meanwhile, if there are any and leaving the refused files out is a way to."""
        readable = len({table.file for table in self.tables if table.table == "reports"})
        # The commission's tables are read with whatever lies beside them.
        if not readable or any(one.beside or one.table not in (None, "reports") for one in self._refused):
            return ""
        return f" {self._instructions.say('read.others_can_be', n=readable, count=readable)}"


def _tables_of(candidate: Candidate, data: bytes | None, instructions: Instructions) -> FileContents:
    """The tables of one file. What was stated is said of what was given: of a table beside it only where that cannot be read without."""
    if not candidate.beside:
        return tables_of(candidate.path, candidate.name, instructions, candidate.table, data, whole=candidate.whole)
    how = _beside_the_given(candidate.path, instructions)
    try:
        return tables_of(candidate.path, candidate.name, how, candidate.table, data, whole=candidate.whole)
    except TwoReadings:
        stated = replace(how.stated, forms=instructions.stated.forms)
        return tables_of(candidate.path, candidate.name, replace(how, stated=stated), candidate.table, data, whole=candidate.whole)


def _without(found: FileContents, candidate: Candidate) -> FileContents:
    """What was found, but for the tables of a file that were to be left aside."""
    if not candidate.aside:
        return found
    aside = {_place(table) for table in found.tables if _key(candidate, _place(table))[1] in candidate.aside}
    wanted = [table for table in found.tables if _place(table) not in aside]
    return found._replace(tables=wanted, others=[*found.others, *sorted(aside)])


def _of(found: FileContents, wanted: Set[str | None]) -> FileContents:
    """What was found, but for the tables that are not wanted: others were named in their place, or the file for another one."""
    left = [_place(table) for table in found.tables if table.table not in wanted]
    return found._replace(
        tables=[table for table in found.tables if table.table in wanted],
        others=[*found.others, *left],
        lacking=[lacks for lacks in found.lacking if lacks.table in wanted],
        empty=[table for table in found.empty if table.table in wanted],
    )


def _key(candidate: Candidate, place: str) -> tuple[Path, str]:
    return candidate.path.resolve(), place.removeprefix(candidate.name)


def _place(table: TextTable | LackingTable) -> str:
    """How a table is named among what was passed over."""
    return table.file if table.sheet is None else f"{table.file}, {table.sheet}"


def _twice(tables: Sequence[TextTable], say: Say) -> tuple[list[TextTable], list[Problem]]:
    """The tables, with those marked that are copies of others, and a problem for each: nobody sends one line twice on purpose, and yet
    every line of them counts."""
    problems: list[Problem] = []
    copies: list[TextTable] = []
    first: dict[tuple[object, ...], TextTable] = {}
    alike = Counter((one.table, one.rows, frozenset(one.columns)) for one in tables)
    for table in sorted(tables, key=lambda one: (one.file, one.sheet or "")):
        if table.table not in ("reports", "statement"):
            continue
        keys: list[tuple[object, ...]] = [(table.table, table.sha256, table.sheet)]
        if alike[table.table, table.rows, frozenset(table.columns)] > 1 and not table.streamed and table.rows:
            keys.append((table.table, table.cells_sha256()))
        before = next((first[key] for key in keys if key in first), None)
        if before is not None:
            sentence = say("check.same_bytes", file=table.named(say), other=before.named(say))
            problems.append(table.problem(problem_codes.DOUBTFUL_FILE, 1, sentence))
            copies.append(table)
        for key in keys:
            first.setdefault(key, table)
    marked = [replace(table, is_copy=True) if any(table is copy for copy in copies) else table for table in tables]
    return marked, problems


def _dated(table: TextTable, candidate: Candidate) -> TextTable:
    """A file that came by itself is a filing by itself, and its lines came with it, unless they say when their report was received."""
    received_on = candidate.received_on
    if received_on is None or table.table != "reports":
        return table
    if _RECEIVED_ON in table.columns:
        return replace(table, own_filing=candidate.name)
    return replace(
        table,
        own_filing=candidate.name,
        frame=table.frame.with_columns(pl.lit(received_on.isoformat()).alias(_RECEIVED_ON)),
        coded=None,
        columns=[*table.columns, _RECEIVED_ON],
        assumed=[*table.assumed, Assumed(_RECEIVED_ON, received_on.isoformat(), "stated")],
    )


def _beside_the_given(path: Path, instructions: Instructions) -> Instructions:
    """A code page that was stated still helps where a table beside is no UTF-8; the rest was not said of it, and settles at most what
    the table leaves open (`_tables_of`)."""
    encoding = None if instructions.stated.encoding is None or not path.is_file() or is_utf8(path, None) else instructions.stated.encoding
    return replace(instructions, stated=Stated(encoding=encoding, strict=instructions.stated.strict))


def _read_once(candidate: Candidate, say: Say) -> bytes | None:
    """What came by standard input, or from the file that was kept of it, or by a pipe that has a name: it cannot be read a second time.
    None for a file."""
    path = candidate.path
    if candidate.name == STANDARD_INPUT:
        if path != Path(STANDARD_INPUT):
            return path.read_bytes()
        data = sys.stdin.buffer.read(MOST_HELD + 1)
    elif path.is_file() or not path.exists():
        return None
    else:
        try:
            with path.open("rb") as pipe:
                data = pipe.read(MOST_HELD + 1)
        except OSError as error:
            raise CannotRead(say("read.system", where=candidate.name, error=told_system_error(error, say))) from error
    if len(data) > MOST_HELD:
        raise CannotRead(say("read.too_many_bytes", where=candidate.name, size=f">{MOST_HELD:,}", most=f"{MOST_HELD:,}"))
    return data
