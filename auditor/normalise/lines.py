"""The lines of all files of `reports` together: who and what they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from auditor.model import problem_codes
from auditor.normalise.report_file import NOT_NEEDED, Part, derive, in_text
from auditor.normalise.reports import Unread
from auditor.normalise.table import FILE
from auditor.tables import TABLES


@dataclass(frozen=True)
class AllLines:
    """The lines of all files together."""

    parts: Sequence[Part]
    scan: pl.LazyFrame
    typeless: frozenset[int]
    restored: bool

    @classmethod
    def of(cls, parts: Sequence[Part]) -> AllLines:
        """All parts as one table, without the rows that are no data."""
        scans = []
        for part in parts:
            scan = part.scan if len(parts) == 1 else in_text(part.scan)
            if part.dropped:
                scan = scan.join(pl.LazyFrame({"row": part.dropped}, schema={"row": pl.Int64}), on="row", how="anti")
            scans.append(scan)
        return cls(parts, pl.concat(scans), frozenset(p.number for p in parts if p.typeless), any(p.restored for p in parts))

    @property
    def whole(self) -> bool:
        """Whether all lines are one table, of which nothing is left out."""
        return len(self.parts) == 1 and self.parts[0].whole and not self.parts[0].dropped

    @property
    def coded(self) -> pl.LazyFrame:
        """The same lines, with what repeats as categories where they have any: for what groups by it, and joins by nothing."""
        return self.parts[0].coded if self.whole else self.scan

    def contestants(self) -> list[str]:
        """Every contestant that a line names."""
        return sorted({cid for cid, *_ in self._contests if cid is not None})

    def names(self, chosen: Iterable[str]) -> dict[str, str | None]:
        """The first name that the lines give each contestant."""
        return {cid: self._first["contestant_name"].get(cid) for cid in {*chosen}.intersection(self.contestants())}

    def districts(self) -> dict[str, str]:
        """The first district that the lines give each contestant, if they give any."""
        return self._first["district"]

    def contests(self) -> dict[str, str]:
        """The first contest that the lines give each contestant, lines that cannot be read for another reason too."""
        return self._first["contest"]

    def first_rows(self) -> dict[str, tuple[int, int]]:
        """File and row of the first line that names each contestant."""
        first: dict[str, tuple[int, int]] = {}
        for cid, _, file, row in self._contests:
            if cid is not None:
                first.setdefault(cid, (file, row))
        return first

    @cached_property
    def _contests(self) -> Sequence[tuple[str | None, str | None, int, int]]:
        """Every contestant (nobody too) with every contest (none too) that its lines name in a file, and the file and row of the first one
        that does; in order of these."""
        found = self.coded.group_by("contestant_id", "contest", FILE).agg(pl.col("row").min()).collect()
        return sorted(found.rows(), key=lambda one: one[2:])

    @cached_property
    def _first(self) -> dict[str, dict[str, str]]:
        """By column (name, district, contest) what the first line that says anything says of each contestant."""
        # The few different values first, each with the first row that has it; then the first of those.
        somebodys = pl.col("contestant_id").is_not_null()
        different = {
            name: self.coded.filter(somebodys & pl.col(name).is_not_null()).group_by("contestant_id", name, FILE).agg(pl.col("row").min())
            for name in ("contestant_name", "district")
            if any(name in part.columns for part in self.parts)
        }
        found = dict(zip(different, pl.collect_all(different.values()), strict=True)) if different else {}
        ordered = {name: values.sort(FILE, "row").select("contestant_id", name).rows() for name, values in found.items()}
        ordered["contest"] = [(cid, contest) for cid, contest, *_ in self._contests if cid is not None and contest is not None]
        first: dict[str, dict[str, str]] = {name: {} for name in ("contestant_name", "district", "contest")}
        for name, values in ordered.items():
            for cid, value in values:
                first[name].setdefault(cid, value)
        return first

    def unreadable(self) -> list[Unread]:
        """The lines that could not be read."""
        if not any(part.unread_rows for part in self.parts):
            return []
        columns = ("contestant_id", "report_id", "report_type", "period_start", "period_end", "received_on", "kind", "lacks_only_amount")
        of_records = ((part.number, told) for part in self.parts for told in part.problems if told.code == problem_codes.RECORD)
        ragged = {(number, told.row) for number, told in of_records}
        moved = {part.number: part.other_heading for part in self.parts if part.other_heading is not None}
        rows = self.scan.filter(~pl.col("readable")).select(FILE, "row", *columns).sort(FILE, "row").collect().iter_rows()
        return [
            Unread(
                file=file,
                row=row,
                contestant_id=cid,
                report_id=rid,
                report_type=report_type,
                typeless=file in self.typeless,
                period=(start, end),
                received_on=received,
                kind=kind,
                only_amount=only_amount,
                ragged=(file, row) in ragged or row > moved.get(file, row),
            )
            for file, row, cid, rid, report_type, start, end, received, kind, only_amount in rows
        ]

    def names_alone(self, known: Iterable[str]) -> frozenset[str]:
        """What stands where contestants do, besides those `known`, in lines in which nothing else but a name could be read: a signature, a
        word below the table."""
        unread = self.scan.filter(~pl.col("readable") & pl.col("contestant_id").is_not_null() & ~pl.col("contestant_id").is_in(list(known)))
        # A report_type that is absent is the final report's.
        passed_over = ("contestant_id", "report_type", "counterparty_name", *NOT_NEEDED)
        said = [c.name for c in TABLES["reports"] if c.name not in passed_over]
        something = pl.any_horizontal(pl.col(said).is_not_null()).any()
        found = unread.group_by("contestant_id").agg(something.alias("something")).collect()
        return frozenset(found.filter(~pl.col("something"))["contestant_id"].to_list())

    def contest_conflicts(self, contests: Mapping[str, str]) -> list[tuple[int, int, str, str]]:
        """file, row, contestant and contest of the lines that name another contest than their contestant has."""
        if all(None in (contest, settled) or contest == settled for contest, settled in self._beside(contests)):
            return []
        odd = pl.col("contest") != pl.col("contestant_id").replace_strict(dict(contests), default=None, return_dtype=pl.String)
        return self.scan.filter(odd).select(FILE, "row", "contestant_id", "contest").sort(FILE, "row").collect().rows()

    def needs_contest(self, contests: Mapping[str, str]) -> bool:
        """Whether any line's own contest is not what its contestant's is, or the lines lie in several files."""
        if len(self.parts) > 1 or any(part.dropped for part in self.parts):
            return True
        return any(contest != settled for contest, settled in self._beside(contests))

    def _beside(self, contests: Mapping[str, str]) -> Iterator[tuple[str | None, str | None]]:
        """Each contest that lines name (none too), and the one that their contestant has; of lines of nobody, none."""
        return ((contest, contests.get(cid) if cid is not None else None) for cid, contest, *_ in self._contests)

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
