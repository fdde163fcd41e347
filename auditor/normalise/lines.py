"""The lines of `reports`: typed once, each with its donor's key, whose money it is, and whether it can be read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from auditor.errors import CannotRead
from auditor.model.input import LeftOut, Problem
from auditor.normalise.forms import name_key
from auditor.normalise.reports import Unread
from auditor.normalise.table import BAD, FILE, Say, Typed, TypedPlainly, bad_ibans, examine, typed, typed_plainly, whole_table
from auditor.read.text import TextTable
from auditor.rulebook.models import Vocabulary, codes_of
from auditor.tables import columns

# Read and checked like all cells, and looked at by no rule: not worth their place on disk.
_NOT_NEEDED = ("description", "quantity")
# The first records tell whether a file is written plainly; above this share of odd ones nothing is gained by trying.
_PROBE, _MOST_ODD_SHARE = 10_000, 0.2
_REQUIRED = ("contestant_id", "report_type", "date", "kind", "amount")


@dataclass(frozen=True)
class Part:
    """The lines of one file. `whole` tells that `scan` is one table, in memory or in a file on disk, and no plan over several. `rows`
    counts the records: the `read` ones, the `unread` ones (their rows) and those left out."""

    number: int
    source: TextTable
    scan: pl.LazyFrame
    whole: bool
    rows: int
    read: int
    unread: Sequence[int]
    columns: frozenset[str]
    typeless: bool
    problems: Sequence[Problem]
    left_out: Sequence[LeftOut]
    dropped: Sequence[int]
    restored: Mapping[int, Mapping[str, str]]
    notes: Sequence[str]


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
    typeless = "report_type" not in source.columns
    also_required = () if typeless else ("report_type",)
    registered = [cid for cid, contest in contest_of.items() if contest is not None]

    def completed(frame: pl.LazyFrame, *, plain: bool = False) -> pl.LazyFrame:
        """A typed table with what the books need beyond the cells. Of records that are written plainly everything required is there."""
        if typeless:  # "absent column: all lines are of one final report"
            frame = frame.with_columns(pl.lit("final").alias("report_type"))
        if plain:
            whole = pl.col("ragged").is_null()
            return (
                derive(frame, person_of)
                .with_columns(whole.alias("readable"), pl.lit(value=False).alias("lacks_only_amount"))
                .drop(_NOT_NEEDED)
            )
        # The contest is settled with the books; here it only matters that somebody knows it.
        unsaid = pl.when(pl.col("contest").is_null()).then(pl.col("contestant_id"))
        known = pl.col("contest").is_not_null() | unsaid.is_in(registered).fill_null(value=False)
        whole = pl.col("ragged").is_null() & known & pl.all_horizontal(pl.col(c).is_not_null() for c in _REQUIRED[:-1])
        frame = derive(frame, person_of).with_columns(
            (whole & pl.col("amount").is_not_null()).alias("readable"),
            (whole & pl.col("amount").is_null()).alias("lacks_only_amount"),
        )
        return frame.drop(_NOT_NEEDED)

    table = typed(source, number, vocabulary, also_required)
    try:
        if work is None:
            written, whole = completed(table.frame).collect().lazy(), True
        else:
            plainly = typed_plainly(source, number, vocabulary, also_required, _NOT_NEEDED)
            written, whole = _on_disk(table, plainly, completed, work / f"lines-{number}.parquet")
    except pl.exceptions.ComputeError as error:
        raise CannotRead(f"{source.file}: {error}") from error
    giver = (
        (pl.col("kind") == "donation") & pl.col("counterparty_type").is_null() & pl.col("ragged").is_null()
        if "counterparty_type" in source.columns
        else pl.lit(value=False)
    )
    odd = pl.col(BAD) | pl.col("ragged").is_not_null() | giver
    for name, wrong in bad_ibans(written, "reports", source.columns).items():
        odd = odd | pl.col(name).is_in(wrong)
    flagged, total, unread = pl.collect_all(
        [
            written.filter(odd.fill_null(value=False)).select("row", giver.alias("giver")),
            written.select(pl.len().alias("all"), pl.col("readable").sum()),
            written.filter(~pl.col("readable")).select("row"),
        ],
    )

    def excused(name: str, cells: Mapping[str, str | None]) -> bool:
        # A contest that is not filed is no problem where the register knows it.
        return (
            name == "contest"
            and not (cells["contest"] or "").strip()
            and contest_of.get((cells["contestant_id"] or "").strip()) is not None
        )

    seen = examine(table, flagged["row"].to_list(), vocabulary, say, excused)
    if seen.other_heading is not None:
        below = pl.col("row") > seen.other_heading
        # A cell of another column is no evidence, and makes no contestant and no donor.
        moved = {*source.columns} - {*_NOT_NEEDED} - seen.in_place
        moved |= {"donor"} if moved & {"counterparty_id", "counterparty_name"} else set()
        written = written.with_columns(
            *(pl.when(~below).then(name).alias(name) for name in sorted(moved)),
            pl.when(~below | pl.col("giver").is_null()).then("giver").otherwise(pl.lit("donor")).alias("giver"),
            *((pl.col(name) & ~below).alias(name) for name in ("readable", "lacks_only_amount")),
        )
        whole = False
        total, unread = pl.collect_all(
            [written.select(pl.len().alias("all"), pl.col("readable").sum()), written.filter(~pl.col("readable")).select("row")]
        )
    dropped = [*seen.empty_rows, *(out.row for out in seen.left_out)]
    problems = [*source.problems, *seen.problems]
    codes = ", ".join(codes_of(columns("reports")["counterparty_type"], vocabulary))
    told = {p.row for p in problems if p.column == "counterparty_type"}
    givers = flagged.filter(pl.col("giver") & (seen.other_heading is None or pl.col("row") < seen.other_heading))
    for row in sorted(set(givers["row"].to_list()) - set(dropped) - told):
        sentence = say("check.giver_missing", file=whole_table(source, say), row=row, codes=codes)
        problems.append(Problem("INP-002", source.file, source.sheet, row, "counterparty_type", "", sentence))
    left_out = sorted((*source.left_out, *seen.left_out), key=lambda out: out.row)
    rows = int(total["all"].item()) - len(seen.empty_rows) + len(source.left_out)
    if rows == len(left_out):
        problems.append(Problem("INP-010", source.file, source.sheet, 1, None, None, say("check.no_rows", file=whole_table(source, say))))
    problems = _with_owner(problems, written)
    return Part(
        number,
        source,
        written,
        whole,
        rows,
        int(total["readable"].item()),
        sorted(set(unread["row"].to_list()) - set(dropped)),
        frozenset(source.columns),
        typeless,
        problems,
        left_out,
        dropped,
        seen.restored,
        seen.notes,
    )


def _on_disk(table: Typed, plainly: TypedPlainly | None, completed: Callable[..., pl.LazyFrame], path: Path) -> tuple[pl.LazyFrame, bool]:
    """Type the table into Parquet: its typed lines, and whether the one file at `path` holds them.

    A streamed table is typed plainly first, and then only its odd records fully.
    """
    if table.source.streamed and plainly is not None:
        probe = plainly.frame.head(_PROBE).collect()
        if probe.filter(plainly.odd()).height <= probe.height * _MOST_ODD_SHARE:
            written = _sunk(completed(plainly.frame, plain=True), path)
            odd = plainly.odd()
            rows = written.filter(odd).select("row").collect(engine="streaming")
            if rows.is_empty():
                return written, True
            rest = path.with_suffix(".odd.parquet")
            others = _sunk(completed(table.frame.join(rows.lazy(), on="row", how="semi")), rest)
            return pl.concat([written.filter(~odd), others]), False
    return _sunk(completed(table.frame), path), True


def _sunk(frame: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    """Write the lines into Parquet. What was read as categories is read again as text: in the file both are the same."""
    types = {name: pl.String() if isinstance(kind, pl.Categorical) else kind for name, kind in frame.collect_schema().items()}
    said = io.BytesIO()
    pl.DataFrame(schema=types).write_parquet(said)
    said.seek(0)
    frame.sink_parquet(path, compression="lz4", statistics=False, maintain_order=False, metadata=pl.read_parquet_metadata(said))
    return pl.scan_parquet(path, schema=types, cast_options=pl.ScanCastOptions(categorical_to_string="allow"))


def _with_owner(problems: Sequence[Problem], written: pl.LazyFrame) -> list[Problem]:
    """Say whose line each problem is, so that an audit of one contestant shows the problems of that one."""
    rows = {problem.row for problem in problems}
    if not rows:
        return list(problems)
    found = written.filter(pl.col("row").is_in(list(rows))).select("row", "contestant_id").collect()
    owner = dict(found.iter_rows())
    return [
        Problem(p.code, p.file, p.sheet, p.row, p.column, p.value, p.message, owner.get(p.row)) if p.contestant_id is None else p
        for p in problems
    ]


@dataclass(frozen=True)
class Lines:
    """The lines of all files together."""

    parts: Sequence[Part]
    scan: pl.LazyFrame
    typeless: frozenset[int]
    restored: bool

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Lines:
        """All parts as one table, without the rows that are no data."""
        scans = []
        for part in parts:
            scan = part.scan
            if part.dropped:
                scan = scan.join(pl.LazyFrame({"row": part.dropped}, schema={"row": pl.Int64}), on="row", how="anti")
            scans.append(scan)
        return cls(parts, pl.concat(scans), frozenset(p.number for p in parts if p.typeless), any(p.restored for p in parts))

    @property
    def whole(self) -> bool:
        """Whether all lines are one table, of which nothing is left out."""
        return len(self.parts) == 1 and self.parts[0].whole and not self.parts[0].dropped

    def contestants(self) -> list[str]:
        """Every contestant that a line names."""
        return self._named["contestant_id"].to_list()

    def names(self, chosen: Iterable[str]) -> dict[str, str | None]:
        """The first name that the lines give each contestant."""
        wanted = set(chosen)
        return {cid: name for cid, name in self._named.select("contestant_id", "contestant_name").iter_rows() if cid in wanted}

    def districts(self) -> dict[str, str | None]:
        """The first district that the lines give each contestant."""
        return dict(self._named.select("contestant_id", "district").iter_rows())

    def contests(self) -> dict[str, str]:
        """The first contest that the lines give each contestant, lines that cannot be read for another reason too."""
        return {cid: contest for cid, contest in self._named.select("contestant_id", "contest").iter_rows() if contest is not None}

    def first_rows(self) -> dict[str, tuple[int, int]]:
        """File and row of the first line that names each contestant."""
        named = self._contests.filter(pl.col("contestant_id").is_not_null()).sort(FILE, "row").unique("contestant_id", keep="first")
        return {cid: (file, row) for cid, file, row in named.select("contestant_id", FILE, "row").iter_rows()}

    @cached_property
    def _contests(self) -> pl.DataFrame:
        """Every contestant (nobody too) with every contest (none too) that its lines name in a file, and the first row that does."""
        return self.scan.group_by("contestant_id", "contest", FILE).agg(pl.col("row").min()).collect()

    @cached_property
    def _named(self) -> pl.DataFrame:
        # The few different values first, each with the first row that has it; then the first of those.
        is_somebodys = pl.col("contestant_id").is_not_null()
        named = self.scan.filter(is_somebodys)
        different = {
            name: named.filter(pl.col(name).is_not_null()).group_by("contestant_id", name, FILE).agg(pl.col("row").min())
            for name in ("contestant_name", "district")
        }
        found = dict(zip(different, pl.collect_all(different.values()), strict=True))
        found["contest"] = self._contests.filter(is_somebodys & pl.col("contest").is_not_null())
        everyone = self._contests.filter(is_somebodys).select("contestant_id").unique()
        for name, values in found.items():
            first_each = values.sort(FILE, "row").unique("contestant_id", keep="first").select("contestant_id", name)
            everyone = everyone.join(first_each, on="contestant_id", how="left")
        return everyone.sort("contestant_id")

    def unreadable(self) -> list[Unread]:
        """The lines that could not be read."""
        columns = (FILE, "row", "contestant_id", "report_id", "report_type", "period_start", "period_end", "received_on")
        rows = self.scan.filter(~pl.col("readable")).select(columns).sort(FILE, "row").collect().iter_rows()
        return [
            Unread(file, row, cid, rid, kind, file in self.typeless, (start, end), received)
            for file, row, cid, rid, kind, start, end, received in rows
        ]

    def names_alone(self, known: Iterable[str]) -> frozenset[str]:
        """What stands where contestants do, besides those `known`, in lines of which not one has a contest, a day, a kind or an amount: a
        signature, a word below the table."""
        unread = self.scan.filter(~pl.col("readable") & pl.col("contestant_id").is_not_null() & ~pl.col("contestant_id").is_in(list(known)))
        something = pl.any_horizontal(pl.col("contest", "date", "kind", "amount").is_not_null()).any()
        found = unread.group_by("contestant_id").agg(something.alias("something")).collect()
        return frozenset(found.filter(~pl.col("something"))["contestant_id"].to_list())

    def contest_conflicts(self, contests: Mapping[str, str]) -> list[tuple[int, int, str, str]]:
        """file, row, contestant and contest of the lines that name another contest than their contestant has."""
        odd = pl.col("contest") != _settled(contests)
        if self._contests.filter(odd).is_empty():
            return []
        return self.scan.filter(odd).select(FILE, "row", "contestant_id", "contest").sort(FILE, "row").collect().rows()

    def needs_contest(self, contests: Mapping[str, str]) -> bool:
        """Whether any line's own contest is not what its contestant's is, or the lines lie in several files."""
        if len(self.parts) > 1 or any(part.dropped for part in self.parts):
            return True
        return not self._contests.filter(pl.col("contest").ne_missing(_settled(contests))).is_empty()

    def repaired(self, person_of: Mapping[str, str]) -> pl.LazyFrame:
        """All lines, with the ids whose leading zeros were put back."""
        if not self.restored:
            return self.scan
        ids = pl.coalesce("restored", "counterparty_id").alias("counterparty_id")
        return derive(self.scan.join(self._restored(), on=[FILE, "row"], how="left").with_columns(ids).drop("restored"), person_of)

    def _restored(self) -> pl.LazyFrame:
        rows = [
            (part.number, row, ids["counterparty_id"])
            for part in self.parts
            for row, ids in part.restored.items()
            if "counterparty_id" in ids
        ]
        return pl.LazyFrame(rows, schema={FILE: pl.Int32, "row": pl.Int64, "restored": pl.String}, orient="row")


def _settled(contests: Mapping[str, str]) -> pl.Expr:
    """The contest of each line's contestant; null where none is known."""
    if not contests:
        return pl.lit(None, dtype=pl.String)
    return pl.col("contestant_id").replace_strict(dict(contests), default=None, return_dtype=pl.String)
