"""What was given on the command line → the tables to read: files, folders, the tables that lie beside a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import CannotRead
from auditor.model import Problem
from auditor.read.formats import ARCHIVE, SUFFIXES, tables_of
from auditor.read.headings import Headings, LacksColumns
from auditor.read.text import TextTable
from auditor.read.workbook import SUFFIXES as WORKBOOKS
from auditor.tables import TABLES

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file to read: where it is, how it is named in every answer, and which table it must be, if that is known."""

    path: Path
    name: str
    table: str | None
    optional: bool


@dataclass(frozen=True)
class Received:
    """The tables read, the problems of tables that had to be left aside, and the files of a folder that are no tables."""

    tables: Sequence[TextTable]
    problems: Sequence[Problem]
    passed_over: Sequence[str]


def receive(
    paths: Sequence[str], named: Mapping[str, str], headings: Headings, say: Callable[..., str], encoding: str | None = None
) -> Received:
    """Read everything that was given; `encoding` is that of the texts among it.

    Raises CannotRead with a line for each file that cannot be read.
    """
    candidates = _candidates(paths, named)
    tables: list[TextTable] = []
    problems: list[Problem] = []
    passed_over: list[str] = []
    mistakes: list[str] = []
    for candidate in candidates:
        data = sys.stdin.buffer.read() if candidate.name == STANDARD_INPUT else None
        try:
            found, others = tables_of(candidate.path, candidate.name, headings, candidate.table, say, data, encoding)
        except LacksColumns as lacks:
            if lacks.table == "reports":
                mistakes.extend(lacks.mistakes)
                continue
            for column in lacks.names:
                sentence = say("check.table_without_column", file=candidate.name, table=lacks.table, column=column)
                problems.append(Problem("INP-014", candidate.name, None, 1, column, None, sentence))
            continue
        except CannotRead as error:
            mistakes.extend(error.mistakes)
            continue
        tables += found
        if found or candidate.optional:
            passed_over += others
        else:
            mistakes.append(f"{candidate.name}, row 1: the heading is of no table that the audit knows ({', '.join(TABLES)}).")
    if not mistakes and not any(table.table == "reports" for table in tables):
        given = ", ".join(paths)
        mistakes.append(f"{given}: there is no table reports (with contestant_id, contest, date, kind and amount).")
    if mistakes:
        raise CannotRead(*mistakes)
    return Received(tables, problems, passed_over)


def _candidates(paths: Sequence[str], named: Mapping[str, str]) -> list[Candidate]:
    found: dict[Path, Candidate] = {}

    def add(path: Path, name: str, table: str | None, *, optional: bool = False) -> None:
        name = os.fsencode(name).decode("utf-8", errors="replace")  # a name need not be text; what is written down must be
        found.setdefault(path.resolve() if name != STANDARD_INPUT else Path(name), Candidate(path, name, table, optional))

    for table, given in named.items():
        _must_be_file(given)
        add(Path(given), given, table)
    files = [path for path in paths if path == STANDARD_INPUT or not Path(path).is_dir()]
    for given in files:
        if given == STANDARD_INPUT:
            add(Path(given), given, "reports")
            continue
        _must_be_file(given)
        stem = Path(given).stem.lower()
        # One file alone is the reports; of several, each is what its name or its heading says.
        several = Path(given).suffix.lower() in (*WORKBOOKS, ARCHIVE)  # it may hold other tables too
        alone = len(paths) == 1 and not several
        add(Path(given), given, "reports" if alone else stem if stem in TABLES and not several else None)
    for given in files:
        if given != STANDARD_INPUT:
            for beside in _beside(Path(given), named):
                add(beside, str(Path(given).parent / beside.name) if Path(given).parent != Path() else beside.name, beside.stem.lower())
    for given in paths:
        if given != STANDARD_INPUT and Path(given).is_dir():
            _folder(Path(given), add)
    return list(found.values())


def _beside(path: Path, named: Mapping[str, str]) -> list[Path]:
    """The other tables that lie in the same folder under their own names."""
    others = [table for table in TABLES if table != "reports" and table not in named]
    return [file for table in others for suffix in SUFFIXES if (file := path.parent / f"{table}{suffix}").is_file()]


def _folder(folder: Path, add: Callable[..., None]) -> None:
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith((".", "~$")) or path.suffix.lower() not in SUFFIXES:
            continue
        stem = path.stem.lower()
        add(path, str(path.relative_to(folder)), stem if stem in TABLES else None, optional=stem not in TABLES)


def _must_be_file(given: str) -> None:
    path = Path(given)
    if path.is_dir():
        raise CannotRead(f"{given}: this is a folder; a table is a file.")
    if not path.exists():
        near = [other.name for other in path.parent.glob("*") if other.suffix.lower() in SUFFIXES] if path.parent.is_dir() else []
        hint = f" In that folder: {', '.join(sorted(near)[:6])}." if near else ""
        raise CannotRead(f"{given}: there is no such file.{hint}")
