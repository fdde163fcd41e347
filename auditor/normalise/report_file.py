"""The lines of one file of `reports`: typed once, each with its donor's key, whose money it is, and whether it can be read."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl
import polars.selectors as cs

from auditor.errors import CannotRead, first_line
from auditor.model import problem_codes
from auditor.model.input import LeftOut, Problem
from auditor.name_keys import name_key
from auditor.normalise.odd_rows import Flagged, examine
from auditor.normalise.table import BAD, Complete, TypedPlainly, bad_ibans, typed, typed_plainly, typed_records
from auditor.normalise.unsaid_donors import donors_unsaid, unsaid
from auditor.read.text_table import TextTable
from auditor.rulebook.models import Vocabulary
from auditor.tables import FINAL
from auditor.wording import Say

# Read and checked like all cells, and looked at by no rule: not worth their place on disk.
NOT_NEEDED = ("description", "quantity")
# The first records tell whether a file is written plainly; above this share of odd ones nothing is gained by trying.
_PROBE, _MOST_ODD_SHARE = 10_000, 0.2
_REQUIRED_BESIDE_AMOUNT = ("contestant_id", "report_type", "date", "kind")
# Codes that nearly every rule compares with words of the law: as categories that costs a fraction. As text they are asked for in SQL
# (`rulebook.sql.letters`), and joined by never.
_CATEGORIES = ("kind", "counterparty_type", "payment_method")
# Compressed, the lines would take an eighth of the filing on disk and not a third, and every writing and reading a tenth more time.
COMPRESSION: Final = "uncompressed"


@dataclass(frozen=True)
class Part:
    """The lines of one file. `coded` are the same, with what repeats as categories where the file has them: to group by those costs a third
    of grouping by text. `whole` tells that `scan` is one table, in memory or in a file on disk, and no plan over several. `rows` counts the
    records: the `read` ones, those that could not be (`unread_rows`) and those left out. `dropped` are rows that are no records: empty
    ones, and what was left out here; none of them is readable. `typeless` tells that there is no column report_type. `restored`: by row and
    column the ids that got their zeros back. From the row `other_heading` on the columns are others."""

    number: int
    scan: pl.LazyFrame
    coded: pl.LazyFrame
    whole: bool
    rows: int
    read: int
    unread_rows: Sequence[int]
    columns: frozenset[str]
    typeless: bool
    problems: Sequence[Problem]
    left_out: Sequence[LeftOut]
    dropped: Sequence[int]
    restored: Mapping[int, Mapping[str, str]]
    notes: Sequence[str]
    other_heading: int | None


def derive(frame: pl.LazyFrame, person_of: Mapping[str, str]) -> pl.LazyFrame:
    """Add `donor` (the id, else the name's key) and `giver` (`contestant` for the contestant's own money, else `donor`)."""
    kind, ident = pl.col("kind"), pl.col("counterparty_id")
    own = pl.col("counterparty_type") == "contestant"
    if person_of:
        # Few ids are a candidate's at all; only for those is it asked whose.
        some = ident.is_in(list(set(person_of.values())))
        pair = pl.when(some).then(pl.col("contestant_id").cast(pl.String)) + "\x1f" + pl.when(some).then(ident)
        pairs = [f"{cid}\x1f{person}" for cid, person in person_of.items()]
        own = own.fill_null(value=False) | pair.is_in(pairs).fill_null(value=False)
    gives = kind.is_in(["donation", "donation_refund"]) | kind.is_null()
    return frame.with_columns(
        pl.coalesce(ident, name_key(pl.when(ident.is_null()).then(pl.col("counterparty_name")))).alias("donor"),
        pl.when(gives).then(pl.when(own).then(pl.lit("contestant")).otherwise(pl.lit("donor"))).alias("giver"),
    )


def read_lines(
    source: TextTable,
    number: int,
    vocabulary: Vocabulary,
    contest_of: Mapping[str, str | None],
    person_of: Mapping[str, str],
    work: Path | None,
    say: Say,
) -> Part:
    """Type one file of `reports` into Parquet in the folder `work`, or into memory without one, and say what is wrong with its cells."""
    also_required = () if _is_typeless(source) else ("report_type",)
    completed = _completing(source, contest_of, person_of)
    try:
        written, coded, whole = _written(source, number, vocabulary, completed, also_required, work)
    except pl.exceptions.ComputeError as error:
        raise CannotRead(say("read.system", where=source.file, error=first_line(error))) from error
    odd, counted = pl.collect_all([_odd(written, source, vocabulary), _counts(written)])
    seen = examine(source, odd["row"].to_list(), vocabulary, say, _excused_by(contest_of), also_required)
    if seen.other_heading is not None:
        written, whole = _without_moved_cells(written, source, seen), False
        coded = written
        counted = _counts(written).collect()
    total, unread = counted.row(0)
    left_out = sorted((*source.left_out, *seen.left_out), key=lambda out: out.row)
    dropped = [*seen.empty_rows, *(out.row for out in seen.left_out)]
    rows = total - len(seen.empty_rows) + len(source.left_out)
    problems = [*source.problems, *seen.problems, *donors_unsaid(source, odd, seen, dropped, vocabulary, say)]
    if rows == 0:
        problems.append(source.problem(problem_codes.NO_ROWS, 1, say("check.no_rows", file=source.named(say))))
    return Part(
        number=number,
        scan=written,
        coded=coded,
        whole=whole,
        rows=rows,
        read=total - len(unread),
        unread_rows=sorted({*unread} - {*dropped}),
        columns=frozenset(source.columns),
        typeless=_is_typeless(source),
        problems=_with_owner(problems, written),
        left_out=left_out,
        dropped=dropped,
        restored=seen.restored,
        notes=seen.notes,
        other_heading=seen.other_heading,
    )


def _is_typeless(source: TextTable) -> bool:
    return "report_type" not in source.columns


def _completing(source: TextTable, contest_of: Mapping[str, str | None], person_of: Mapping[str, str]) -> Complete:
    """What gives a typed table what the books need beyond the cells. Of records that are written plainly everything required is there."""
    registered = [cid for cid, contest in contest_of.items() if contest is not None]

    def completed(frame: pl.LazyFrame, *, plain: bool) -> pl.LazyFrame:
        if _is_typeless(source):  # "absent column: all lines are of one final report"
            frame = frame.with_columns(pl.lit(FINAL).alias("report_type"))
        frame = derive(frame, person_of)
        whole = pl.col("ragged").is_null()
        if plain:
            return frame.with_columns(whole.alias("readable"), pl.lit(value=False).alias("lacks_only_amount")).drop(NOT_NEEDED)
        # The contest is settled with the books; here it only matters that somebody knows it.
        unsaid = pl.when(pl.col("contest").is_null()).then(pl.col("contestant_id"))
        known = pl.col("contest").is_not_null() | unsaid.is_in(registered).fill_null(value=False)
        whole = whole & known & pl.all_horizontal(pl.col(c).is_not_null() for c in _REQUIRED_BESIDE_AMOUNT)
        amount = pl.col("amount")
        return frame.with_columns(
            (whole & amount.is_not_null()).alias("readable"), (whole & amount.is_null()).alias("lacks_only_amount")
        ).drop(NOT_NEEDED)

    return completed


def _odd(written: pl.LazyFrame, source: TextTable, vocabulary: Vocabulary) -> pl.LazyFrame:
    """The records to look at cell by cell: row, contestant_id, and what `unsaid` says of their donors (`type_unsaid`, `odd_name`)."""
    type_unsaid, odd_name = unsaid(source, vocabulary)
    odd = pl.col(BAD) | pl.col("ragged").is_not_null() | type_unsaid | odd_name.is_not_null()
    for name, wrong in bad_ibans(written, "reports", source.columns).items():
        odd = odd | pl.col(name).is_in(wrong)
    return written.filter(odd.fill_null(value=False)).select(
        "row", type_unsaid.alias("type_unsaid"), "contestant_id", odd_name.alias("odd_name")
    )


def _counts(written: pl.LazyFrame) -> pl.LazyFrame:
    """One record: how many lines there are, and the rows of those that could not be read."""
    return written.select(pl.len(), pl.col("row").filter(~pl.col("readable")).implode())


def _without_moved_cells(written: pl.LazyFrame, source: TextTable, seen: Flagged) -> pl.LazyFrame:
    """The lines; below another heading a cell of another column is no evidence, and makes no contestant and no donor."""
    below = pl.col("row") > seen.other_heading
    moved = {*source.columns} - {*NOT_NEEDED} - seen.in_place
    moved |= {"donor"} if moved & {"counterparty_id", "counterparty_name"} else set()
    return written.with_columns(
        *(pl.when(~below).then(name).alias(name) for name in sorted(moved)),
        pl.when(~below | pl.col("giver").is_null()).then("giver").otherwise(pl.lit("donor")).alias("giver"),
        *((pl.col(name) & ~below).alias(name) for name in ("readable", "lacks_only_amount")),
    )


def _written(
    source: TextTable, number: int, vocabulary: Vocabulary, completed: Complete, also_required: Sequence[str], work: Path | None
) -> tuple[pl.LazyFrame, pl.LazyFrame, bool]:
    """The typed lines, in memory or in files; the same with categories, where there are any; and whether they are one table."""
    if work is None:
        held = typed_records(source, number, vocabulary, completed, also_required, NOT_NEEDED).lazy()
        return held, held, True
    table = typed(source, number, vocabulary, also_required)
    plainly = typed_plainly(source, number, vocabulary, also_required, NOT_NEEDED) if source.streamed else None
    return _on_disk(table, plainly, completed, work / f"lines-{number}.parquet")


def _excused_by(contest_of: Mapping[str, str | None]) -> Callable[[str, Mapping[str, str | None]], bool]:
    """A contest that is not filed is no problem where the register knows it."""

    def excused(name: str, cells: Mapping[str, str | None]) -> bool:
        if name != "contest" or (cells["contest"] or "").strip():
            return False
        return contest_of.get((cells["contestant_id"] or "").strip()) is not None

    return excused


def _on_disk(table: pl.LazyFrame, plainly: TypedPlainly | None, completed: Complete, path: Path) -> tuple[pl.LazyFrame, pl.LazyFrame, bool]:
    """Type the table into Parquet: its typed lines, the same with categories, and whether the one file at `path` holds them.

    A streamed table is typed plainly first, and then only its odd records fully.
    """
    if plainly is not None:
        probe = plainly.frame.head(_PROBE).collect()
        if probe.filter(plainly.odd()).height <= probe.height * _MOST_ODD_SHARE:
            written = _sunk(completed(plainly.frame, plain=True), path)
            odd = plainly.odd()
            rows = written.filter(odd).select("row").collect(engine="streaming")
            if rows.is_empty():
                return written, pl.scan_parquet(path), True
            rest = path.with_suffix(".odd.parquet")
            others = _sunk(completed(table.join(rows.lazy(), on="row", how="semi"), plain=False), rest)
            both = pl.concat([written.filter(~odd), others.cast(written.collect_schema())])
            return both, both, False
    written = _sunk(completed(table, plain=False), path)
    return written, written, True


def in_text(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Lines whose codes are text: each file has categories of its own, and a contract knows of none."""
    return lines.with_columns(cs.categorical().cast(pl.String))


def _sunk(frame: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    """Write the lines into Parquet. Categories are written as they are, but the file says of all columns except `_CATEGORIES` that they
    are text, so that scans of it give text."""
    types = {
        name: pl.String() if isinstance(kind, pl.Categorical) and name not in _CATEGORIES else kind
        for name, kind in frame.collect_schema().items()
    }
    empty_with_types = io.BytesIO()
    pl.DataFrame(schema=types).write_parquet(empty_with_types)
    empty_with_types.seek(0)
    frame.sink_parquet(
        path, compression=COMPRESSION, statistics=False, maintain_order=False, metadata=pl.read_parquet_metadata(empty_with_types)
    )
    return pl.scan_parquet(path, schema=types, cast_options=pl.ScanCastOptions(categorical_to_string="allow"))


def _with_owner(problems: Sequence[Problem], written: pl.LazyFrame) -> list[Problem]:
    """Say whose line each problem is, so that an audit of one contestant shows the problems of that one."""
    rows = {problem.row for problem in problems}
    if not rows:
        return list(problems)
    found = written.filter(pl.col("row").is_in(list(rows))).select("row", "contestant_id").collect()
    owner = dict(found.iter_rows())
    return [replace(problem, contestant_id=owner.get(problem.row)) if problem.contestant_id is None else problem for problem in problems]
