"""The commission's own tables, taken into the register."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from auditor.errors import BadUsage, CannotRead
from auditor.inbox.settings import Settings
from auditor.masking import LONGEST_NAME, told_safely
from auditor.model.input import Problem
from auditor.normalise.contract import Contract
from auditor.normalise.other_tables import gather
from auditor.read.candidates import Candidate
from auditor.read.instructions import Instructions
from auditor.read.sources import receive
from auditor.register import arrivals
from auditor.register.database import reaching
from auditor.register.home import Home
from auditor.rulebook.load import load
from auditor.wording import load as words_of
from auditor.wording import refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """A table that the register now has, the file that it came from, how many of its rows can be used, and what is wrong with it."""

    table: str
    file: str
    rows: int
    problems: Sequence[str]


def take(home: Home, settings: Settings, files: Sequence[Path], now: datetime, who: str) -> list[Taken]:
    """Read and keep them. Raises CannotRead where one cannot be read, lacks a column, or has no row that can be used, and BadUsage where
    one is no table of the commission, and then none is taken."""
    rulebook, words = load(settings.rulebook), words_of(settings.lang)
    instructions = Instructions.of(rulebook, words)
    contract = Contract.of(rulebook.vocabulary)
    read: list[_Own] = []
    for file in files:
        before = _sha256(file)
        stem = file.stem.lower()
        candidate = Candidate(file, file.name, stem if stem in arrivals.OWN else None, optional=False)
        received = receive([candidate], [file.name], instructions, reports=False)
        found = received.tables
        if received.set_aside or not found:  # a table that lacks a column is set aside in a check; here it would be missed for good
            raise CannotRead(*map(_told, received.problems))
        for table in found:
            if table.table not in arrivals.OWN or len(found) > 1:
                raise BadUsage(refusal("usage.own_tables", path=file, tables=", ".join(arrivals.OWN)))
            if other := next((one.file for one in read if one.table == table.table), None):
                raise BadUsage(refusal("usage.own_twice", one=other, other=file, table=table.table))
            typed = gather(table.table, [(0, table)], rulebook.vocabulary, words, contract.violations)
            assert typed is not None  # it was read
            told = [_told(problem) for problem in (*received.problems, *typed.problems)]
            if typed.frame.is_empty():  # in the place of a table that is there it would be no table at all
                raise CannotRead(*told, words("inbox.own_without_rows", path=file, table=table.table))
            read.append(_Own(table.table, file, before, typed.frame, told))
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    election = rulebook.election.id
    with reaching(home.engine) as connection:
        arrivals.begin(connection, election, settings.rulebook)
        for one in read:
            content = one.file.read_bytes()
            if hashlib.sha256(content).hexdigest() != one.sha256:
                raise BadUsage(refusal("usage.own_changed", path=one.file))
            sha256 = home.store.put(content)
            arrivals.set_table(connection, election, table=one.table, file=one.file.name, sha256=sha256, size=len(content), at=at, who=who)
            if one.table == "contestants":
                arrivals.set_contestants(connection, election, _people(one.frame))
    return [Taken(one.table, one.file.name, one.frame.height, one.problems) for one in read]


def _told(problem: Problem) -> str:
    """What is wrong, without the whole id of anybody."""
    return told_safely(problem.column, problem.message, problem.file, problem.row, LONGEST_NAME)


@dataclass(frozen=True, slots=True)
class _Own:
    """A table of the commission as it was read, with the hash of the file that it stood in: the rows that can be used, and what is said of
    the others."""

    table: str
    file: Path
    sha256: str
    frame: pl.DataFrame
    problems: Sequence[str]


def _sha256(file: Path) -> str:
    """Of the file as it is; of one that cannot be read it is said when its tables are asked for."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _people(contestants: pl.DataFrame) -> list[Mapping[str, str | None]]:
    """What the register knows of each contestant: of one who stands twice the first row, as in every check."""
    rows = contestants.unique("contestant_id", keep="first", maintain_order=True).select("contestant_id", *_KEPT)
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in rows.iter_rows(named=True)]


_KEPT = ("name", "contest", "district", "commission", "person_id", "fund_account")
