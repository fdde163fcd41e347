"""Of all lines, those that count: the books of every contestant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from auditor.normalise.groups import GROUP, frame_of
from auditor.normalise.lines import AllLines
from auditor.normalise.other_tables import RegisterFacts
from auditor.normalise.report_file import COMPRESSION
from auditor.normalise.reports import Group, Reports
from auditor.normalise.table import BAD, FILE
from auditor.normalise.unreadable import Unreadable

# What the books no longer need, once it is settled which lines count and whose they are.
_SETTLED = (BAD, "ragged", "contestant_name", "district", "received_on")


class Books:
    """Of all lines, those that count, each with its contestant's contest and whose money it is."""

    def __init__(
        self,
        lines: AllLines,
        repaired: pl.LazyFrame,
        reports: Reports,
        unreadable: Unreadable,
        register: RegisterFacts,
        contests: Mapping[str, str],
        work: Path | None,
    ) -> None:
        self.lines, self.repaired, self.reports, self.unreadable = lines, repaired, reports, unreadable
        self.register, self.contests, self.work = register, contests, work

    def build(self) -> pl.LazyFrame:
        """The books, as Parquet in the folder `work`, or in memory without one. The lines themselves serve where all of them count as
        they are."""
        frame = self.repaired
        left = [group for group, report in self.reports.of_group.items() if not self.reports.counts(report)]
        names = self._only_theirs(left)
        if names is not None:
            # The usual case: the id alone tells the lines of a report that does not count.
            frame = frame.filter(~pl.col("report_id").is_in(names).fill_null(value=False) | ~pl.col("readable"))
        elif left:
            frame = self._without(frame, left)
        unreadable = self.unreadable.frame()
        if unreadable is not None:
            frame = frame.join(unreadable, on=[FILE, "row"], how="left")
            counted = pl.coalesce("counted", pl.col("readable"))
            frame = frame.filter(counted).with_columns(self._giver_of_adopted())
            frame = frame.with_columns(pl.coalesce("contestant_id", "owner").alias("contestant_id")).drop("counted", "owner")
        own = self._givers_of_refunds(frame)
        # A line that names nobody, and is somebody's by the id of its report, may lack the contest of that one.
        adopted = any(one.line.contestant_id is None and one.owner is not None for one in self.unreadable.lines)
        contests = adopted or self.lines.needs_contest(self.contests)
        changed = unreadable is not None or own is not None or self.lines.restored or contests
        if not changed and not left and self.lines.whole:
            return self.lines.scan
        frame = self._with_contests(frame) if contests else frame
        frame = _with_givers_of_refunds(frame, own) if own is not None else frame
        frame = frame.drop(_SETTLED, strict=False)
        if self.work is None:
            return frame.collect().lazy()
        if not changed and self.lines.whole and names is not None:
            return frame  # leaving lines out in each query costs less than writing all the others again
        path = self.work / "books.parquet"
        frame.sink_parquet(path, compression=COMPRESSION, statistics=False, maintain_order=False)
        return pl.scan_parquet(path)

    def _with_contests(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Each line with the contest of its contestant, whatever it says of it itself."""
        types = {"contestant_id": pl.String, "settled": pl.String}
        contest = pl.LazyFrame({"contestant_id": list(self.contests), "settled": list(self.contests.values())}, schema=types)
        return frame.join(contest, on="contestant_id", how="left").with_columns(pl.col("settled").alias("contest")).drop("settled")

    def _giver_of_adopted(self) -> pl.Expr:
        """Whose money it is in the lines that name no contestant, and are the `owner`'s by the id of their report."""
        giver, people = pl.col("giver"), self.register.person
        if not people:
            return giver
        person = pl.col("owner").replace_strict(list(people), list(people.values()), default=None, return_dtype=pl.String)
        own = pl.col("contestant_id").is_null() & giver.is_not_null() & (pl.col("counterparty_id") == person)
        return pl.when(own).then(pl.lit("contestant")).otherwise(giver).alias("giver")

    def _only_theirs(self, left: Sequence[Group]) -> list[str] | None:
        """The ids of the reports that do not count, where they all have one and none is that of a report that counts."""
        names = {group.report_id for group in left if group.report_id is not None}
        counted = {group.report_id for group, report in self.reports.of_group.items() if self.reports.counts(report)}
        return sorted(names) if names and all(group.report_id for group in left) and not names & counted else None

    def _without(self, frame: pl.LazyFrame, left: Sequence[Group]) -> pl.LazyFrame:
        excluded = frame_of(left).with_columns(pl.lit(value=True).alias("excluded"))
        joined = frame.join(excluded, on=list(GROUP), how="left", nulls_equal=True)
        return joined.filter(pl.col("excluded").is_null() | ~pl.col("readable")).drop("excluded")

    def _givers_of_refunds(self, books: pl.LazyFrame) -> pl.LazyFrame | None:
        """contestant_id, donor, and `whose` donations there are under that key: the `contestant`'s own, or a `donor`'s; only of keys with a
        refund, or a line of unknown kind, that says otherwise. Under a key of both a refund is what it says of itself. None where there
        is no such line. Whose a donation is does not depend on the rest of its line, if its type can be read."""
        unread = {one.line.kind for one in self.unreadable.lines}
        if not unread & {"donation_refund", None} and not any("donation_refund" in group.sums for group in self.reports.of_group):
            return None
        key = ["contestant_id", "donor"]
        somebodys = books.filter(pl.col("donor").is_not_null())
        certain = pl.col("readable") | pl.col("counterparty_type").is_not_null()
        donations = somebodys.filter(certain & (pl.col("kind") == "donation"))
        refunds = somebodys.filter((pl.col("kind") == "donation_refund") | pl.col("kind").is_null())
        own, returned = pl.collect_all(
            [donations.filter(pl.col("giver") == "contestant").select(key).unique(), refunds.select(*key, "giver").unique()]
        )
        mine = pl.col("giver") == "contestant"
        odd = pl.concat([returned.filter(~mine).join(own, on=key, how="semi"), returned.filter(mine).join(own, on=key, how="anti")]).select(
            key
        )
        if odd.is_empty():
            return None
        gave = donations.filter(pl.col("donor").is_in(odd["donor"].unique().implode())).group_by(key).agg(pl.col("giver").unique())
        of_one = gave.filter(pl.col("giver").list.len() == 1).select(*key, pl.col("giver").list.first().alias("whose"))
        return of_one.join(odd.unique().lazy(), on=key, how="semi").collect().lazy()


def _with_givers_of_refunds(frame: pl.LazyFrame, own: pl.LazyFrame) -> pl.LazyFrame:
    """Each refund is of whose money the donations under its key are (`own`: contestant_id, donor, whose)."""
    refund = (pl.col("kind") == "donation_refund").fill_null(value=False)
    return (
        frame.join(own, on=["contestant_id", "donor"], how="left")
        .with_columns(
            pl.when(pl.col("kind").is_null() & (pl.col("whose") == "donor"))
            .then(None)  # a refund under that key would be the donor's, whatever the line says of who it is
            .when(refund & pl.col("whose").is_not_null())
            .then("whose")
            .otherwise("giver")
            .alias("giver")
        )
        .drop("whose")
    )
