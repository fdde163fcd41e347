"""Text tables → the books of every contestant, typed, with every problem met on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from auditor.model.input import Input, Problem
from auditor.model.place import Place
from auditor.normalise import price_lists
from auditor.normalise.books import Books, Unreadable
from auditor.normalise.cell_problems import cut
from auditor.normalise.contract import Contract
from auditor.normalise.contradictions import contradictions, otherwise_typed
from auditor.normalise.copies import near_copies
from auditor.normalise.forms import TYPES
from auditor.normalise.lines import Lines
from auditor.normalise.lookalikes import lookalikes, versions_alike
from auditor.normalise.part import Part, read_lines
from auditor.normalise.register import Register, RegisterFacts, filings_of, gather, in_unusable, unread_facts, unusable_filings
from auditor.normalise.register_contradictions import in_the_registers
from auditor.normalise.report_lines import ReportLines
from auditor.normalise.reports import Filed, Group, Reports
from auditor.normalise.scope import Scope
from auditor.normalise.settling import settle
from auditor.normalise.table import FILE
from auditor.read.instructions import Say
from auditor.read.text import TextTable
from auditor.rulebook.models import Vocabulary
from auditor.tables import TABLES

HELD_ROWS = 200_000
"""Up to this many lines a filing is held in memory; a larger one lies on disk and is streamed."""


@dataclass(frozen=True)
class Filing:
    """Everything that the rules look at. `books` are the lines that count of those who are audited, `all_books` of everybody, `files` the
    names behind the file numbers, `columns` what the files of `reports` have, and `files_of_books` those in which lines of each contestant
    count.

    `unread` are the reports (by `id`) with a line that could not be read, or that may have one; `unread_candidates_of` and
    `unread_accounts` the contestants and accounts named by records of `candidates` and `statement` that could not be used; `strays` the
    types of report that lines which could not be read name where the report itself is not known."""

    books: pl.LazyFrame
    all_books: pl.LazyFrame
    contestants: pl.DataFrame
    candidates: pl.DataFrame | None
    statement: pl.DataFrame
    vendors: pl.DataFrame
    prices: pl.DataFrame
    doubtful_prices: frozenset[tuple[str, str | None, Decimal | None]]
    unread_candidates_of: frozenset[str | None]
    unread_accounts: frozenset[str | None]
    report_lines: ReportLines
    unread: frozenset[int]
    unread_lines: Mapping[str, Sequence[tuple[str | None, bool, bool]]]
    unread_facts: frozenset[tuple[str, str]]
    strays: Mapping[str, frozenset[str | None]]
    registered: frozenset[str]
    contest_of: Mapping[str, str | None]
    name_of: Mapping[str, str | None]
    reports: Reports
    files: Sequence[TextTable]
    present: Mapping[str, frozenset[str]]
    columns: Mapping[int, frozenset[str]]
    files_of_books: Mapping[str, frozenset[int]]
    inputs: Sequence[Input]
    problems: Sequence[Problem]
    unread_rows: Mapping[int, Sequence[int]]

    def place(self, table: str, file: int, row: int) -> Place:
        """A row of a table by the number of its file."""
        return Place(table, self.files[file].file, self.files[file].sheet, row)

    def files_of(self) -> dict[str, list[tuple[str, str | None]]]:
        """File and sheet of the tables that have a record of each contestant; those of a statement or a price list name nobody."""
        found = set(self.report_lines.files_of())
        for table in (self.contestants, self.candidates):
            if table is not None:
                found |= set(table.select("contestant_id", FILE).rows())
        found |= {(report.contestant_id, report.filed.order[0]) for report in self.reports.all if report.filed is not None}
        by_contestant: dict[str, list[tuple[str, str | None]]] = {}
        for cid, number in sorted(found):
            by_contestant.setdefault(cid, []).append((self.files[number].file, self.files[number].sheet))
        return by_contestant

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The small tables that SQL may join the books to."""
        return {"contestants": self.contestants, "vendors": self.vendors, "prices": self.prices}

    @property
    def rows(self) -> int:
        """The records of `reports`."""
        return sum(one.rows for one in self.inputs if one.table == "reports")


def is_small(sources: Sequence[TextTable]) -> bool:
    """Whether all lines can be held in memory. A query over Parquet on disk costs eight times one over a small table in memory, and
    an audit asks dozens."""
    lines = [source for source in sources if source.table == "reports"]
    return sum(source.rows for source in lines) <= HELD_ROWS and not any(source.streamed for source in lines)


def prepare(sources: Sequence[TextTable], vocabulary: Vocabulary, work: Path | None, say: Say, scope: Scope) -> Filing:
    """Normalise all tables. `scope` tells which contestants the audit is restricted to; the lines are put into files in the folder
    `work`, or held in memory without one."""
    contract = Contract.of(vocabulary)
    numbered = list(enumerate(sorted(sources, key=lambda s: (s.table != "reports", s.file, s.sheet or ""))))
    registers = {
        table: gather(table, [(n, s) for n, s in numbered if s.table == table], vocabulary, say, contract.violations)
        for table in TABLES
        if table != "reports"
    }
    contestants = registers["contestants"]
    register = RegisterFacts.of(contestants)
    filings = filings_of(registers["filings"])
    parts = [read_lines(s, n, vocabulary, register.contest, register.person, work, say) for n, s in numbered if s.table == "reports"]
    lines = Lines.of(parts)
    problems = [problem for part in parts for problem in part.problems]
    groups, contests = _groups(lines, register.contest)
    known = {*register.contest, *lines.contestants()}
    filings, unknown = _of_known(filings, known)
    candidates, nobodys = _candidates_of_known(registers["candidates"], known)
    strangers = [*unknown, *nobodys]
    problems += [_unknown_contestant(cid, (file, row), dict(numbered), say) for cid, file, row in strangers]
    unread = lines.unreadable()
    reports = settle(filings, groups, unread, _alone(numbered))
    unreadable = Unreadable.of(unread, reports)
    repaired = lines.repaired(register.person)
    problems += lookalikes(lines, register.contest, dict(numbered), say)
    problems += versions_alike(groups, reports, dict(numbered), say)
    problems += in_the_registers(contestants, filings, dict(numbered), say)
    problems += contradictions(lines, groups, reports, filings, register.contest, contests, dict(numbered), say)
    scan = Books(lines, repaired, reports, unreadable, register, contests, work).build()
    contract.guard("reports", scan)
    heard_of = {*register.contest, *(group.contestant_id for group in groups), *(filed.contestant_id for filed in filings)}
    nobody = lines.names_alone(heard_of)
    everyone = {**register.contest, **{cid: contests.get(cid) for cid in lines.contestants() if cid not in nobody}}
    districts = lines.districts()
    of = {cid: (register.district.get(cid) or districts.get(cid), register.commission.get(cid)) for cid in everyone}
    inside = scope.chosen(of, say)
    chosen = {cid: contest for cid, contest in everyone.items() if cid in inside}
    all_books = scan
    if len(chosen) < len(everyone):
        scan = scan.filter(pl.col("contestant_id").is_in(list(chosen)))
    present = {table: found.present for table, found in registers.items() if found is not None}
    all_columns = frozenset().union(*(part.columns for part in parts))
    present["reports"] = all_columns
    counted = {(group.file, group.contestant_id) for group, report in reports.of_group.items() if reports.counts(report)}
    problems += near_copies(all_books, counted, dict(numbered), say)
    counted |= {(file, owner) for file, _, owner, _, counts in unreadable.lines if counts and owner is not None}
    inputs, unread_rows = _inputs(numbered, parts, registers, strangers)
    return Filing(
        books=scan,
        all_books=all_books,
        contestants=_frame(contestants, "contestants").unique("contestant_id", keep="first", maintain_order=True),
        candidates=candidates,
        statement=_frame(registers["statement"], "statement"),
        vendors=price_lists.vendors(registers["price_lists"]),
        prices=price_lists.prices(registers["price_lists"]),
        doubtful_prices=price_lists.doubtful(registers["price_lists"]),
        unread_candidates_of=in_unusable(registers["candidates"], "contestant_id"),
        unread_accounts=in_unusable(registers["statement"], "fund_account"),
        report_lines=ReportLines(repaired, reports, [source for _, source in numbered]),
        unread=unreadable.reports(reports),
        unread_lines=unreadable.of_contestants(unread, reports),
        unread_facts=unread_facts(contestants),
        strays=_merged(unreadable.strays(unread, reports), unusable_filings(registers["filings"]), otherwise_typed(reports)),
        registered=frozenset(register.contest),
        contest_of=dict(sorted(chosen.items())),
        name_of={**lines.names(chosen), **register.name},
        reports=reports,
        files=[source for _, source in numbered],
        present=present,
        columns={part.number: part.columns for part in parts},
        files_of_books=_by_owner(counted),
        inputs=inputs,
        problems=[
            problem
            for problem in (*problems, *(p for found in registers.values() if found is not None for p in found.problems))
            if problem.contestant_id is None or problem.contestant_id in inside or problem.contestant_id not in everyone
        ],
        unread_rows=unread_rows,
    )


def _by_owner(counted: Iterable[tuple[int, str]]) -> dict[str, frozenset[int]]:
    """The files in which lines of each contestant count."""
    files: dict[str, set[int]] = {}
    for file, cid in counted:
        files.setdefault(cid, set()).add(file)
    return {cid: frozenset(numbers) for cid, numbers in files.items()}


def _merged(*strays: Mapping[str, frozenset[str | None]]) -> dict[str, frozenset[str | None]]:
    """By contestant what any of them says."""
    return {cid: frozenset().union(*(one.get(cid, frozenset()) for one in strays)) for cid in sorted(set().union(*strays))}


def _frame(register: Register | None, table: str) -> pl.DataFrame:
    """The records of a table; none of the right types where there is no such table."""
    if register is not None:
        return register.frame
    return pl.DataFrame(schema={FILE: pl.Int32, "row": pl.Int64, **{column.name: TYPES[column.cell] for column in TABLES[table]}})


def _groups(lines: Lines, registered: Mapping[str, str | None]) -> tuple[list[Group], dict[str, str]]:
    """What the readable lines say of their reports, and the contest of each contestant that the register does not know."""
    said = (FILE, "contestant_id", "report_id", "report_type", "period_start", "period_end", "received_on")
    table = (
        lines.scan.filter("readable")
        .group_by(*said, "kind")
        .agg(
            pl.col("row").min().alias("first"),
            pl.col("row").max().alias("last"),
            pl.col("amount").sum(),
            pl.col("date").min().alias("from"),
            pl.col("date").max().alias("to"),
        )
        .sort(FILE, "first")
        .collect()
    )
    by_report: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in table.iter_rows():
        by_report.setdefault(row[: len(said)], []).append(row[len(said) :])
    groups: list[Group] = []
    contests = lines.contests() | {cid: contest for cid, contest in registered.items() if contest is not None}
    for (file, cid, rid, report_type, start, end, received), kinds in by_report.items():
        first, last = min(row[1] for row in kinds), max(row[2] for row in kinds)
        sums = {kind: amount for kind, _, _, amount, _, _ in kinds}
        days = {kind: (begin, until) for kind, _, _, _, begin, until in kinds}
        typeless = file in lines.typeless
        groups.append(Group(file, cid, rid, report_type, (start, end), received, (file, first), (file, last), typeless, sums, days))
    return groups, contests


def _candidates_of_known(register: Register | None, known: Set[str]) -> tuple[pl.DataFrame | None, list[tuple[str, int, int]]]:
    """The candidates of contestants that are known elsewhere, and contestant, file and row of the records of any other."""
    if register is None:
        return None, []
    inside = pl.col("contestant_id").is_in(list(known))
    return register.frame.filter(inside), register.frame.filter(~inside).select("contestant_id", FILE, "row").rows()


def _alone(numbered: Sequence[tuple[int, TextTable]]) -> dict[int, int]:
    """Each table that came in a filing by itself, with the number of the first table of that filing."""
    first: dict[str, int] = {}
    return {number: first.setdefault(source.alone, number) for number, source in numbered if source.alone is not None}


def _of_known(filings: Sequence[Filed], known: Set[str]) -> tuple[list[Filed], list[tuple[str, int, int]]]:
    """The filings of contestants that are known elsewhere, and contestant, file and row of the records of any other."""
    kept = [filed for filed in filings if filed.contestant_id in known]
    return kept, [(filed.contestant_id, *filed.order) for filed in filings if filed.contestant_id not in known]


def _unknown_contestant(cid: str, where: tuple[int, int], sources: Mapping[int, TextTable], say: Say) -> Problem:
    file, row = where
    source = sources[file]
    sentence = say("check.unknown_contestant", file=source.named(say), row=row, value=cut(cid))
    return Problem("INP-011", source.file, source.sheet, row, "contestant_id", cut(cid), sentence)


def _inputs(
    numbered: Sequence[tuple[int, TextTable]],
    parts: Sequence[Part],
    registers: Mapping[str, Register | None],
    strangers: Sequence[tuple[str, int, int]],
) -> tuple[list[Input], dict[int, list[int]]]:
    """Each table as it came in, and the rows of each that could not be used."""
    by_number = {part.number: part for part in parts}
    inputs: list[Input] = []
    unused: dict[int, list[int]] = {}
    for number, source in numbered:
        if source.table == "reports":
            part = by_number[number]
            rows, read, left, notes = part.rows, part.read, part.left_out, part.notes
            unused[number] = list(part.unread)
        else:
            register = registers[source.table]
            assert register is not None  # a table with a source was gathered
            rows, left, notes = register.rows[number], register.left_out[number], register.notes[number]
            unknown = [row for _, file, row in strangers if file == number]
            read = register.frame.filter(pl.col(FILE) == number).height - len(unknown)
            unused[number] = sorted((*register.unread[number], *unknown))
        inputs.append(
            Input(
                source.table,
                source.file,
                source.sheet,
                source.sha256,
                rows,
                read,
                len(unused[number]),
                source.read_as,
                tuple(source.assumed),
                dict(source.aliases),
                tuple(left),
                (*source.notes, *notes),
            )
        )
    return inputs, unused
