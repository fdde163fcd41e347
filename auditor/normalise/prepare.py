"""Text tables → the books of every contestant, typed, with every problem met on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from pathlib import Path, PurePath

import polars as pl

from auditor.model.input import Input, Problem
from auditor.model.stray import Stray
from auditor.model.unread import NotRead
from auditor.normalise import price_lists
from auditor.normalise.books import Books
from auditor.normalise.contract import Contract
from auditor.normalise.contradictions import otherwise_typed
from auditor.normalise.forms import TYPES
from auditor.normalise.left_out_records import left_out_records
from auditor.normalise.lines import AllLines
from auditor.normalise.near_copies import near_copies
from auditor.normalise.other_tables import OtherTable, RegisterFacts, gather, unread_facts, unusable_filings
from auditor.normalise.prepared import Prepared
from auditor.normalise.report_file import Part, read_lines
from auditor.normalise.report_lines import LinesOfReports
from auditor.normalise.scope import Scope
from auditor.normalise.table import FILE
from auditor.normalise.unread_cells import unread_cells
from auditor.normalise.whose_problems import with_owners
from auditor.normalise.whose_records import WhoseRecords
from auditor.read.text_table import TextTable
from auditor.rulebook.models import Vocabulary
from auditor.tables import TABLES
from auditor.wording import Say


def prepare(
    sources: Sequence[TextTable],
    vocabulary: Vocabulary,
    work: Path | None,
    say: Say,
    scope: Scope,
    set_aside: Set[str] = frozenset(),
) -> Prepared:
    """Normalise all tables. `scope` tells which contestants the audit is restricted to; the lines are put into files in the folder
    `work`, or held in memory without one. Of the tables `set_aside` a file could not be read as one."""
    # What each table says by itself.
    contract = Contract.of(vocabulary)
    numbered = list(enumerate(sorted(sources, key=_order)))
    files = dict(numbered)
    others = _others(numbered, vocabulary, contract, say)
    register = RegisterFacts.of(others["contestants"])
    parts = [read_lines(s, n, vocabulary, register.contest, register.person, work, say) for n, s in numbered if s.table == "reports"]
    lines = AllLines.of(parts)
    # What they say of one another: whose a record is, and of which report.
    settled = WhoseRecords.of(lines, others, register, numbered)
    reports, unreadable = settled.reports, settled.unreadable
    # The books, and who is audited.
    repaired = lines.repaired(register.person)
    all_books = Books(lines, repaired, reports, unreadable, register, settled.contests, work).build()
    # Of one table the books are lines as they are; a contest that was settled is from a table that has kept its own contract.
    contract.guard(lines.coded if lines.whole else all_books)
    everyone = _everyone(lines, register, settled.contests, settled.known_by_lines(register) if settled.unread else None)
    inside = scope.chosen(_where(everyone, lines, register), say)
    chosen = {cid: contest for cid, contest in everyone.items() if cid in inside}
    readable_in = {(group.file, group.contestant_id) for group, report in reports.of_group.items() if reports.counts(report)}
    files_of_books = _by_owner(readable_in | unreadable.in_books())
    alike = near_copies(all_books, readable_in, files, say)
    found = [
        *(problem for part in parts for problem in part.problems),
        *settled.problems(lines, others["contestants"], register, files, say),
        *alike,
        *(problem for table in others.values() if table is not None for problem in table.problems),
    ]
    problems = with_owners(found, others, unreadable, all_books, files)
    outside = everyone.keys() - inside
    inputs, unread_rows = _inputs(numbered, parts, others, settled.strangers)
    return Prepared(
        books=all_books if len(chosen) == len(everyone) else all_books.filter(pl.col("contestant_id").is_in(list(chosen))),
        all_books=all_books,
        contestants=_frame(others["contestants"], "contestants").unique("contestant_id", keep="first", maintain_order=True),
        candidates=settled.candidates,
        statement=_frame(others["statement"], "statement"),
        vendors=price_lists.vendors(others["price_lists"]),
        prices=price_lists.prices(others["price_lists"]),
        prices_in_part=price_lists.in_part(others["price_lists"]),
        left_out_records=left_out_records(others, settled.known, set_aside),
        report_lines=LinesOfReports(repaired, reports, [source for _, source in numbered]),
        reports_with_unread=unreadable.with_unread(),
        not_read=_not_read(settled, register, parts, all_books, files_of_books, others["contestants"]),
        strays=_merged(unreadable.strays(), unusable_filings(others["filings"]), otherwise_typed(reports)),
        contest_of=dict(sorted(chosen.items())),
        contests=everyone,
        name_of={**lines.names(chosen), **register.name},
        reports=reports,
        files=[source for _, source in numbered],
        present=_columns(others, parts),
        columns={part.number: part.columns for part in parts},
        files_of_books=files_of_books,
        counted_twice=_counted_twice(files_of_books, files, alike, say),
        inputs=inputs,
        problems=[problem for problem in problems if problem.contestant_id not in outside],
        unread_rows=unread_rows,
    )


def _not_read(
    settled: WhoseRecords,
    register: RegisterFacts,
    parts: Sequence[Part],
    all_books: pl.LazyFrame,
    files_of_books: Mapping[str, Set[int]],
    contestants: OtherTable | None,
) -> NotRead:
    """Of every contestant what could not be read: lines, lines of nobody that may be his, cells of lines, facts of the register."""
    named = register.contest.keys() | {group.contestant_id for group in settled.groups}
    return NotRead(
        lines=settled.unreadable.of_contestants(),
        lines_perhaps=settled.unreadable.perhaps_of(named, files_of_books, registered=bool(register.contest)),
        cells=unread_cells(parts, all_books),
        facts=unread_facts(contestants),
    )


def _counted_twice(
    files_of_books: Mapping[str, Set[int]], files: Mapping[int, TextTable], alike: Sequence[Problem], say: Say
) -> dict[str, str]:
    """By contestant a file whose lines stand in another one too: a copy of a table, or one that is nearly one (`alike`)."""
    copies = {cid: files[number].named(say) for cid, numbers in files_of_books.items() for number in numbers if files[number].is_copy}
    return {**copies, **{one.contestant_id: one.file for one in alike if one.contestant_id is not None}}


def _order(source: TextTable) -> tuple[bool, bool, str, str]:
    """The reports first. Of several tables of one kind, in which the first record counts, a file of that name goes before a sheet of
    another: what a contestant's workbook says of its contestant does not take the place of the commission's register."""
    of_another_name = source.table != "reports" and PurePath(source.file).stem.lower() != source.table
    return source.table != "reports", of_another_name, source.file, source.sheet or ""


def _others(
    numbered: Sequence[tuple[int, TextTable]], vocabulary: Vocabulary, contract: Contract, say: Say
) -> dict[str, OtherTable | None]:
    """Every table but that of the reports, from all its files; None where there is none."""
    return {
        table: gather(table, [(n, s) for n, s in numbered if s.table == table], vocabulary, say, contract.violations)
        for table in TABLES
        if table != "reports"
    }


def _everyone(
    lines: AllLines, register: RegisterFacts, contests: Mapping[str, str | None], known: Set[str] | None
) -> dict[str, str | None]:
    """The contestants with their contest: those of the register, and those of lines that tell of more than a name. Besides those `known`
    from lines that could be read, a name alone may stand where a contestant does; None: all lines could be read."""
    nobody = lines.names_alone(known) if known is not None else frozenset()
    return {**register.contest, **{cid: contests.get(cid) for cid in lines.contestants() if cid not in nobody}}


def _where(everyone: Iterable[str], lines: AllLines, register: RegisterFacts) -> dict[str, tuple[str | None, str | None]]:
    """District and commission of each contestant."""
    districts = lines.districts()
    return {cid: (register.district.get(cid) or districts.get(cid), register.commission.get(cid)) for cid in everyone}


def _columns(others: Mapping[str, OtherTable | None], parts: Sequence[Part]) -> dict[str, frozenset[str]]:
    """The columns that are there of each table that is."""
    present = {table: found.present for table, found in others.items() if found is not None}
    return {**present, "reports": frozenset().union(*(part.columns for part in parts))}


def _by_owner(counted: Iterable[tuple[int, str]]) -> dict[str, frozenset[int]]:
    """The files in which lines of each contestant count."""
    files: dict[str, set[int]] = {}
    for file, cid in counted:
        files.setdefault(cid, set()).add(file)
    return {cid: frozenset(numbers) for cid, numbers in files.items()}


def _merged(*strays: Mapping[str, frozenset[Stray]]) -> dict[str, frozenset[Stray]]:
    """By contestant what any of them says."""
    return {cid: frozenset().union(*(one.get(cid, frozenset()) for one in strays)) for cid in sorted(set().union(*strays))}


def _frame(found: OtherTable | None, table: str) -> pl.DataFrame:
    """The records of a table; none of the right types where there is no such table."""
    return found.frame if found is not None else _empty(table)


@cache
def _empty(table: str) -> pl.DataFrame:
    return pl.DataFrame(schema={FILE: pl.Int32, "row": pl.Int64, **{column.name: TYPES[column.cell] for column in TABLES[table]}})


def _inputs(
    numbered: Sequence[tuple[int, TextTable]],
    parts: Sequence[Part],
    others: Mapping[str, OtherTable | None],
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
            unused[number] = list(part.unread_rows)
        else:
            other = others[source.table]
            assert other is not None  # a table with a source was gathered
            rows, left, notes = other.rows[number], other.left_out[number], other.notes[number]
            unknown = [row for _, file, row in strangers if file == number]
            read = other.frame.filter(pl.col(FILE) == number).height - len(unknown)
            unused[number] = sorted((*other.unread_rows[number], *unknown))
        inputs.append(
            Input(
                table=source.table,
                file=source.file,
                sheet=source.sheet,
                sha256=source.sha256,
                rows=rows,
                read=read,
                unread=len(unused[number]),
                read_as=source.read_as,
                assumed=tuple(source.assumed),
                aliases=dict(source.aliases),
                left_out=tuple(left),
                notes=(*source.notes, *notes),
                by_form=source.by_form,
            )
        )
    return inputs, unused
