"""Every table but the reports (the commission's registers, price lists, the bank's statement): typed, collected, and what is wrong with
their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from auditor.model.input import LeftOut, Problem
from auditor.normalise.cell_problems import cut
from auditor.normalise.reports import Filed
from auditor.normalise.table import BAD, FILE, bad_ibans, examine, typed_records
from auditor.read.text import ROW, TextTable
from auditor.rulebook.models import Vocabulary
from auditor.tables import FILINGS, Cell, columns
from auditor.wording import Say

# What a number of the register can be; anything else is a problem and counts as empty.
RANGES: Mapping[str, tuple[Decimal, Decimal]] = {
    "last_vote_share": (Decimal(0), Decimal(100)),
    "vote_share": (Decimal(0), Decimal(100)),
    "list_size": (Decimal(1), Decimal(10_000)),
}


@dataclass(frozen=True)
class Register:
    """One table that is not the reports: its records, one frame for all its files, and the columns that it has. `unread` are the rows of
    each file that could not be used, `unusable` what could be read of these; `illegible` are the filled cells that could not be read, by
    file, row and column."""

    table: str
    frame: pl.DataFrame
    present: frozenset[str]
    problems: Sequence[Problem]
    left_out: Mapping[int, Sequence[LeftOut]]
    rows: Mapping[int, int]
    unread: Mapping[int, Sequence[int]]
    notes: Mapping[int, Sequence[str]]
    unusable: pl.DataFrame
    illegible: frozenset[tuple[int, int, str]]


def gather(
    table: str,
    sources: Sequence[tuple[int, TextTable]],
    vocabulary: Vocabulary,
    say: Say,
    check: Callable[[str, pl.DataFrame], Sequence[tuple[int, str, str]]],
) -> Register | None:
    """All files of one table. None where there is no such file. `check` is the contract of the typed table."""
    frames: list[pl.DataFrame] = []
    unusable: list[pl.DataFrame] = []
    illegible: set[tuple[int, int, str]] = set()
    problems: list[Problem] = []
    left_out: dict[int, Sequence[LeftOut]] = {}
    rows: dict[int, int] = {}
    unread: dict[int, Sequence[int]] = {}
    notes: dict[int, Sequence[str]] = {}
    present: set[str] = set()
    for number, source in sources:
        frame = typed_records(source, number, vocabulary)
        required = [column.name for column in columns(table).values() if column.required]
        odd = pl.col(BAD) | pl.col("ragged").is_not_null()
        for name, wrong in bad_ibans(frame.lazy(), table, source.columns).items():
            odd = odd | pl.col(name).is_in(wrong)
        flagged = frame.filter(odd.fill_null(value=False))["row"].to_list()
        seen = examine(source, flagged, vocabulary, say, lambda name, cells: False)
        problems += [*source.problems, *seen.problems]
        left_out[number], notes[number] = [*source.left_out, *seen.left_out], seen.notes
        rows[number] = frame.height - len(seen.empty_rows) + len(source.left_out)
        if rows[number] == 0:
            problems.append(source.problem("INP-010", 1, say("check.no_rows", file=source.named(say))))
        dropped = [*seen.empty_rows, *(out.row for out in seen.left_out)]
        whole = pl.col("ragged").is_null() & pl.all_horizontal(pl.col(required).is_not_null())
        if seen.other_heading is not None:
            whole &= pl.col("row") < seen.other_heading
        lost = frame.filter(~whole & ~pl.col("row").is_in(dropped))
        unread[number] = lost["row"].to_list()
        unusable.append(lost)
        illegible |= {(number, told.row, told.column) for told in seen.problems if told.column is not None and told.value}
        frame = frame.filter(whole & ~pl.col("row").is_in(dropped))
        for row, fixed in seen.restored.items():
            frame = frame.with_columns(
                pl.when(pl.col("row") == row).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in fixed.items()
            )
        for row, name, _ in check(table, frame):
            column = columns(table)[name]
            low, high = RANGES[name]
            value = source.frame.filter(pl.col(ROW) == row).select(name).collect().item()
            sentence = say("check.out_of_range", file=source.named(say), row=row, column=name, value=cut(value), expected=f"{low}–{high}")
            problems.append(source.problem("INP-009", row, sentence, column=column.name, value=cut(value)))
            illegible.add((number, row, name))
            frame = frame.with_columns(pl.when(pl.col("row") == row).then(None).otherwise(pl.col(name)).alias(name))
        frames.append(frame.drop(BAD, "ragged"))
        present |= set(source.columns)
    if not frames:
        return None
    return Register(
        table=table,
        frame=pl.concat(frames),
        present=frozenset(present),
        problems=problems,
        left_out=left_out,
        rows=rows,
        unread=unread,
        notes=notes,
        unusable=pl.concat(unusable),
        illegible=frozenset(illegible),
    )


def filings_of(register: Register | None) -> list[Filed]:
    """The rows of `filings` that can be used."""
    if register is None:
        return []
    unread = _illegible_by_row(register)
    return [
        Filed(
            report_id=row["report_id"],
            contestant_id=row["contestant_id"],
            report_type=row["report_type"],
            period=(row["period_start"], row["period_end"]),
            received_on=row["received_on"],
            order=(row[FILE], row["row"]),
            published_on=row["published_on"],
            submitted_to=row["submitted_to"],
            face={column.name: row[column.name] for column in FILINGS if column.cell in (Cell.MONEY, Cell.SIGNED_MONEY)},
            unread=unread.get((row[FILE], row["row"]), frozenset()),
        )
        for row in register.frame.iter_rows(named=True)
    ]


def _illegible_by_row(register: Register) -> dict[tuple[int, int], frozenset[str]]:
    found: dict[tuple[int, int], frozenset[str]] = {}
    for file, row, column in register.illegible:
        found[file, row] = found.get((file, row), frozenset()) | {column}
    return found


def unusable_filings(register: Register | None) -> dict[str, frozenset[str | None]]:
    """By contestant the types of report (none where that cannot be read either) of the rows of `filings` that could not be used."""
    found: dict[str, frozenset[str | None]] = {}
    if register is not None:
        told = pl.when(pl.col("ragged").is_null()).then("report_type")  # of a record with too few cells nobody knows which cell it is
        for cid, report_type in register.unusable.select("contestant_id", told).iter_rows():
            if cid is not None:
                found[cid] = found.get(cid, frozenset()) | {report_type}
    return found


def in_unusable(register: Register | None, column: str) -> frozenset[str | None]:
    """Whom, or what, the records of a table name in this column that could not be used; None for one that does not say."""
    return frozenset(register.unusable[column]) if register is not None else frozenset()


def unread_facts(contestants: Register | None) -> frozenset[tuple[str, str]]:
    """The contestants and columns of the register that are filled in and could not be read."""
    if contestants is None or not contestants.illegible:
        return frozenset()
    whose = {(file, row): cid for file, row, cid in contestants.frame.select(FILE, "row", "contestant_id").iter_rows()}
    return frozenset((whose[file, row], column) for file, row, column in contestants.illegible if (file, row) in whose)


@dataclass(frozen=True)
class RegisterFacts:
    """What the register says of each contestant."""

    contest: Mapping[str, str | None]
    person: Mapping[str, str]
    name: Mapping[str, str | None]
    district: Mapping[str, str | None]
    commission: Mapping[str, str | None]

    @classmethod
    def of(cls, register: Register | None) -> RegisterFacts:
        """The facts that lines are held against; of a contestant that stands twice those of the first row."""
        if register is None:
            return cls({}, {}, {}, {}, {})
        rows = register.frame.unique("contestant_id", keep="first", maintain_order=True)
        said = {
            name: dict(rows.select("contestant_id", name).iter_rows())
            for name in ("contest", "person_id", "name", "district", "commission")
        }
        people = {cid: person for cid, person in said["person_id"].items() if person is not None}
        return cls(said["contest"], people, said["name"], said["district"], said["commission"])
