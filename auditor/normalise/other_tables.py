"""Every table but the reports (the commission's registers, price lists, the bank's statement): typed, collected, and what is wrong with
their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from auditor.model import problem_codes
from auditor.model.input import LeftOut, Problem, cut
from auditor.model.stray import Stray
from auditor.normalise.odd_rows import examine
from auditor.normalise.reports import Filed
from auditor.normalise.table import BAD, FILE, bad_ibans, typed_records
from auditor.read.text_table import ROW, TextTable
from auditor.rulebook.models import Vocabulary
from auditor.tables import FILINGS, OF_MONEY, columns
from auditor.wording import Say

Check = Callable[[str, pl.DataFrame], Sequence[tuple[int, str, str]]]
"""The contract of a typed table: row, column and value of what it does not allow."""

# What a number of the register can be; anything else is a problem and counts as empty.
RANGES: Mapping[str, tuple[Decimal, Decimal]] = {
    "last_vote_share": (Decimal(0), Decimal(100)),
    "vote_share": (Decimal(0), Decimal(100)),
    "list_size": (Decimal(1), Decimal(10_000)),
}


@dataclass(frozen=True)
class OtherTable:
    """One table that is not the reports: its records, one frame for all its files, and the columns that it has. `unread_rows` are those of
    each file that could not be used, `unusable` what could be read of these; `illegible` are the filled cells that could not be read, by
    file, row and column."""

    frame: pl.DataFrame
    present: frozenset[str]
    problems: Sequence[Problem]
    left_out: Mapping[int, Sequence[LeftOut]]
    rows: Mapping[int, int]
    unread_rows: Mapping[int, Sequence[int]]
    notes: Mapping[int, Sequence[str]]
    unusable: pl.DataFrame
    illegible: frozenset[tuple[int, int, str]]


def gather(table: str, sources: Sequence[tuple[int, TextTable]], vocabulary: Vocabulary, say: Say, check: Check) -> OtherTable | None:
    """All files of one table. None where there is no such file. `check` is the contract of the typed table."""
    if not sources:
        return None
    files = {number: _OneFile.of(table, number, source, vocabulary, say, check) for number, source in sources}
    return OtherTable(
        frame=pl.concat([file.frame for file in files.values()]),
        present=frozenset().union(*(source.columns for _, source in sources)),
        problems=[problem for file in files.values() for problem in file.problems],
        left_out={number: file.left_out for number, file in files.items()},
        rows={number: file.rows for number, file in files.items()},
        unread_rows={number: file.unusable["row"].to_list() for number, file in files.items()},
        notes={number: file.notes for number, file in files.items()},
        unusable=pl.concat([file.unusable for file in files.values()]),
        illegible=frozenset((number, row, column) for number, file in files.items() for row, column in file.illegible),
    )


@dataclass(frozen=True, slots=True)
class _OneFile:
    """What one file gives a table: the records that can be used and those that cannot, the problems, and of the filled cells that could
    not be read row and column."""

    frame: pl.DataFrame
    unusable: pl.DataFrame
    rows: int
    problems: Sequence[Problem]
    left_out: Sequence[LeftOut]
    notes: Sequence[str]
    illegible: Set[tuple[int, str]]

    @classmethod
    def of(cls, table: str, number: int, source: TextTable, vocabulary: Vocabulary, say: Say, check: Check) -> _OneFile:
        frame = typed_records(source, number, vocabulary)
        seen = examine(source, _odd(frame, table, source), vocabulary, say, lambda name, cells: False)
        rows = frame.height - len(seen.empty_rows) + len(source.left_out)
        dropped = [*seen.empty_rows, *(out.row for out in seen.left_out)]
        required = [column.name for column in columns(table).values() if column.required]
        usable = pl.col("ragged").is_null() & pl.all_horizontal(pl.col(required).is_not_null())
        if seen.other_heading is not None:
            usable &= pl.col("row") < seen.other_heading
        records = frame.filter(~pl.col("row").is_in(dropped))
        good, out_of_range = _within(_restored(records.filter(usable), seen.restored), table, source, say, check)
        none = [source.problem(problem_codes.NO_ROWS, 1, say("check.no_rows", file=source.named(say)))] if rows == 0 else []
        illegible = {(told.row, told.column) for told in seen.problems if told.column is not None and told.value}
        return cls(
            frame=good.drop(BAD, "ragged"),
            unusable=records.filter(~usable),
            rows=rows,
            problems=[*source.problems, *seen.problems, *none, *out_of_range],
            left_out=[*source.left_out, *seen.left_out],
            notes=seen.notes,
            illegible=illegible | {(told.row, told.column) for told in out_of_range if told.column is not None},
        )


def _odd(frame: pl.DataFrame, table: str, source: TextTable) -> list[int]:
    """The rows with anything that has to be looked at cell by cell."""
    odd = pl.col(BAD) | pl.col("ragged").is_not_null()
    for name, wrong in bad_ibans(frame.lazy(), table, source.columns).items():
        odd = odd | pl.col(name).is_in(wrong)
    return frame.filter(odd.fill_null(value=False))["row"].to_list()


def _restored(frame: pl.DataFrame, restored: Mapping[int, Mapping[str, str]]) -> pl.DataFrame:
    """With the ids whose leading zeros were put back."""
    by_column: dict[str, dict[int, str]] = {}
    for row, fixed in restored.items():
        for name, value in fixed.items():
            by_column.setdefault(name, {})[row] = value
    return frame.with_columns(
        pl.col("row").replace_strict(values, default=pl.col(name), return_dtype=pl.String).alias(name) for name, values in by_column.items()
    )


def _within(frame: pl.DataFrame, table: str, source: TextTable, say: Say, check: Check) -> tuple[pl.DataFrame, list[Problem]]:
    """Without the numbers that cannot be, each of which is a problem."""
    problems: list[Problem] = []
    beyond: dict[str, list[int]] = {}
    for row, name, _ in check(table, frame):
        beyond.setdefault(name, []).append(row)
    for name, rows in beyond.items():
        low, high = RANGES[name]
        filed = dict(source.frame.filter(pl.col(ROW).is_in(rows)).select(ROW, name).collect().iter_rows())
        for row in rows:
            value = cut(filed[row])
            sentence = say("check.out_of_range", file=source.named(say), row=row, column=name, value=value, expected=f"{low}–{high}")
            problems.append(source.problem(problem_codes.OUT_OF_RANGE, row, sentence, column=name, value=value))
        frame = frame.with_columns(pl.when(~pl.col("row").is_in(rows)).then(name).alias(name))
    return frame, problems


def filings_of(filings: OtherTable | None) -> list[Filed]:
    """The rows of `filings` that can be used."""
    if filings is None:
        return []
    unread = _illegible_by_row(filings)
    return [
        Filed(
            report_id=row["report_id"],
            contestant_id=row["contestant_id"],
            report_type=row["report_type"],
            period=(row["period_start"], row["period_end"]),
            received_on=row["received_on"],
            place=(row[FILE], row["row"]),
            published_on=row["published_on"],
            submitted_to=row["submitted_to"],
            face={column.name: row[column.name] for column in FILINGS if column.cell in OF_MONEY},
            unread_columns=unread.get((row[FILE], row["row"]), frozenset()),
        )
        for row in filings.frame.iter_rows(named=True)
    ]


def _illegible_by_row(filings: OtherTable) -> dict[tuple[int, int], frozenset[str]]:
    found: dict[tuple[int, int], frozenset[str]] = {}
    for file, row, column in filings.illegible:
        found[file, row] = found.get((file, row), frozenset()) | {column}
    return found


def unusable_filings(filings: OtherTable | None) -> dict[str, frozenset[Stray]]:
    """By contestant the reports (their types, none where that cannot be read either) of the rows of `filings` that could not be used."""
    found: dict[str, frozenset[Stray]] = {}
    if filings is not None:
        told = pl.when(pl.col("ragged").is_null()).then("report_type")  # of a record with too few cells nobody knows which cell it is
        for cid, report_type in filings.unusable.select("contestant_id", told).iter_rows():
            if cid is not None:
                found[cid] = found.get(cid, frozenset()) | {Stray(report_type)}
    return found


def unread_facts(contestants: OtherTable | None) -> frozenset[tuple[str, str]]:
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
    def of(cls, contestants: OtherTable | None) -> RegisterFacts:
        """The facts that lines are held against; of a contestant that stands twice those of the first row."""
        if contestants is None:
            return cls({}, {}, {}, {}, {})
        rows = contestants.frame.unique("contestant_id", keep="first", maintain_order=True)
        said = {
            name: dict(rows.select("contestant_id", name).iter_rows())
            for name in ("contest", "person_id", "name", "district", "commission")
        }
        people = {cid: person for cid, person in said["person_id"].items() if person is not None}
        return cls(said["contest"], people, said["name"], said["district"], said["commission"])
