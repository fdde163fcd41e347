"""Text tables → the books of every contestant, typed and on disk, with every problem met on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from auditor.model import Input, Problem
from auditor.normalise.contract import Contract
from auditor.normalise.lines import Lines, Part, derive, read_lines
from auditor.normalise.register import Register, filings_of, gather
from auditor.normalise.reports import Filed, Group, Reports, settle
from auditor.normalise.scope import Scope
from auditor.normalise.table import BAD, FILE, Say, cut
from auditor.read.text import TextTable
from auditor.rulebook.models import Vocabulary
from auditor.tables import TABLES

# What the books no longer need, once it is settled which lines count and whose they are.
_SETTLED = (BAD, "ragged", "contestant_name", "district", "contest_filed", "received_on", "counterparty_account")


@dataclass(frozen=True)
class Filing:
    """Everything that the rules look at. `books` are the lines that count, `files` the names behind the file numbers."""

    books: pl.LazyFrame
    books_path: Path
    contestants: pl.DataFrame
    registered: frozenset[str]
    contest_of: Mapping[str, str | None]
    name_of: Mapping[str, str | None]
    reports: Reports
    files: Sequence[TextTable]
    present: Mapping[str, frozenset[str]]
    lacking: Mapping[str, frozenset[str]]
    inputs: Sequence[Input]
    problems: Sequence[Problem]

    @property
    def rows(self) -> int:
        """The records of `reports`."""
        return sum(one.rows for one in self.inputs if one.table == "reports")


def prepare(sources: Sequence[TextTable], vocabulary: Vocabulary, work: Path, say: Say, scope: Scope) -> Filing:
    """Normalise all tables. `scope` tells which contestants the audit is restricted to."""
    contract = Contract(vocabulary)
    numbered = list(enumerate(sorted(sources, key=lambda s: (s.table != "reports", s.file, s.sheet or ""))))
    registers = {
        table: gather(table, [(n, s) for n, s in numbered if s.table == table], vocabulary, say, contract.violations)
        for table in TABLES
        if table != "reports"
    }
    contestants = registers["contestants"]
    register = _Facts.of(contestants)
    filings = filings_of(registers["filings"])
    parts = [read_lines(s, n, vocabulary, register.contest, register.person, work, say) for n, s in numbered if s.table == "reports"]
    lines = Lines.of(parts)
    problems = [problem for part in parts for problem in part.problems]
    groups, contests = _groups(lines, register.contest)
    filings, unknown = _of_known(filings, {*register.contest, *lines.contestants()}, dict(numbered), say)
    problems += unknown
    reports = settle(filings, groups)
    problems += _contradictions(lines, groups, reports, register.contest, contests, dict(numbered), say)
    books = _Books(lines, reports, register, contests, work).build()
    contract.guard("reports", pl.scan_parquet(books))
    everyone = {**register.contest, **{cid: contests.get(cid) for cid in lines.contestants()}}
    districts = lines.districts()
    inside = scope.chosen({cid: (register.district.get(cid) or districts.get(cid), register.commission.get(cid)) for cid in everyone})
    chosen = {cid: contest for cid, contest in everyone.items() if cid in inside}
    scan = pl.scan_parquet(books)
    if len(chosen) < len(everyone):
        scan = scan.filter(pl.col("contestant_id").is_in(list(chosen)))
    present = {table: found.present for table, found in registers.items() if found is not None}
    all_columns = frozenset().union(*(part.columns for part in parts))
    present["reports"] = all_columns
    inputs = _inputs(numbered, parts, registers)
    return Filing(
        books=scan,
        books_path=books,
        contestants=_facts_frame(contestants),
        registered=frozenset(register.contest),
        contest_of=dict(sorted(chosen.items())),
        name_of={**lines.names(chosen), **register.name},
        reports=reports,
        files=[source for _, source in numbered],
        present=present,
        lacking=lines.lacking(all_columns),
        inputs=inputs,
        problems=[
            problem
            for problem in (*problems, *(p for found in registers.values() if found is not None for p in found.problems))
            if problem.contestant_id is None or problem.contestant_id in inside or problem.contestant_id not in everyone
        ],
    )


@dataclass(frozen=True)
class _Facts:
    """What the register says of each contestant."""

    contest: Mapping[str, str | None]
    person: Mapping[str, str]
    name: Mapping[str, str | None]
    district: Mapping[str, str | None]
    commission: Mapping[str, str | None]

    @classmethod
    def of(cls, register: Register | None) -> _Facts:
        if register is None:
            return cls({}, {}, {}, {}, {})
        rows = register.frame.unique("contestant_id", keep="first", maintain_order=True)
        said = {
            name: dict(rows.select("contestant_id", name).iter_rows())
            for name in ("contest", "person_id", "name", "district", "commission")
        }
        people = {cid: person for cid, person in said["person_id"].items() if person is not None}
        return cls(said["contest"], people, said["name"], said["district"], said["commission"])


def _facts_frame(register: Register | None) -> pl.DataFrame:
    from auditor.normalise.forms import TYPES
    from auditor.tables import CONTESTANTS

    if register is None:
        return pl.DataFrame(schema={FILE: pl.Int32, "row": pl.Int64, **{c.name: TYPES[c.cell] for c in CONTESTANTS}})
    return register.frame.unique("contestant_id", keep="first", maintain_order=True)


def _groups(lines: Lines, registered: Mapping[str, str | None]) -> tuple[list[Group], dict[str, str]]:
    """What the readable lines say of their reports, and the contest of each contestant that the register does not know."""
    table = (
        lines.scan.filter("readable")
        .group_by(FILE, "contestant_id", "report_id", "report_type", "period_start", "period_end", "received_on")
        .agg(pl.col("row").min().alias("first"), pl.col("row").max().alias("last"))
        .sort(FILE, "first")
        .collect(engine="streaming")
    )
    groups: list[Group] = []
    contests = lines.contests() | {cid: contest for cid, contest in registered.items() if contest is not None}
    for file, cid, rid, kind, start, end, received, first, last in table.iter_rows():
        groups.append(Group(file, cid, rid, kind, (start, end), received, (file, first), (file, last), file in lines.typeless))
    return groups, contests


def _of_known(filings: Sequence[Filed], known: Set[str], sources: Mapping[int, TextTable], say: Say) -> tuple[list[Filed], list[Problem]]:
    """The filings of contestants that are known elsewhere; a record of any other is a problem and left out."""
    kept: list[Filed] = []
    problems: list[Problem] = []
    for filed in filings:
        if filed.contestant_id in known:
            kept.append(filed)
            continue
        file, row = filed.order
        source = sources[file]
        sentence = say("check.unknown_contestant", file=source.file, row=row, value=cut(filed.contestant_id))
        problems.append(Problem("INP-011", source.file, source.sheet, row, "contestant_id", cut(filed.contestant_id), sentence))
    return kept, problems


def _contradictions(
    lines: Lines,
    groups: Sequence[Group],
    reports: Reports,
    registered: Mapping[str, str | None],
    contests: Mapping[str, str],
    sources: Mapping[int, TextTable],
    say: Say,
) -> list[Problem]:
    """Lines that say otherwise than the register of contestants or the register of filings."""
    wrong: list[dict[str, object]] = []
    for group in groups:
        report = reports.of_group[group]
        if report.filed is None:
            continue
        filed = report.filed
        said: dict[str, tuple[object, object]] = {
            "period_start": (group.period[0], filed.period[0]),
            "period_end": (group.period[1], filed.period[1]),
            "received_on": (group.received_on, filed.received_on),
        }
        if not group.typeless:
            said["report_type"] = (group.report_type, filed.report_type)
        for column, (theirs, ours) in said.items():
            if theirs is not None and ours is not None and theirs != ours:
                wrong.append(
                    {
                        FILE: group.file,
                        "contestant_id": group.contestant_id,
                        "report_id": group.report_id,
                        "column": column,
                        "value": str(theirs),
                        "expected": str(ours),
                    }
                )
    problems: list[Problem] = []
    if wrong:
        texts = dict.fromkeys(("contestant_id", "report_id", "column", "value", "expected"), pl.String())
        table = pl.LazyFrame(wrong, schema={FILE: pl.Int32(), **texts}).unique(maintain_order=True)
        for column in ("report_type", "period_start", "period_end", "received_on"):
            said_here = table.filter(pl.col("column") == column)
            hits = (
                lines.scan.filter("readable")
                .select(FILE, "row", "contestant_id", "report_id", pl.col(column).cast(pl.String).alias("value"))
                .join(said_here, on=[FILE, "contestant_id", "report_id", "value"], how="inner", nulls_equal=True)
                .select(FILE, "row", "contestant_id", "value", "expected")
                .collect(engine="streaming")
            )
            for file, row, cid, value, expected in hits.iter_rows():
                source = sources[file]
                sentence = say("check.contradicts_filing", file=source.file, row=row, column=column, value=value, expected=expected)
                problems.append(Problem("INP-012", source.file, source.sheet, row, column, value, sentence, cid))
    odd = lines.contest_conflicts(contests)
    for file, row, cid, contest in odd:
        key = "check.contest_differs" if registered.get(cid) else "check.contest_varies"
        source = sources[file]
        sentence = say(key, file=source.file, row=row, value=contest, expected=contests[cid])
        problems.append(Problem("INP-013", source.file, source.sheet, row, "contest", contest, sentence, cid))
    return problems


class _Books:
    """Of all lines, those that count, each with its contestant's contest and whose money it is."""

    def __init__(self, lines: Lines, reports: Reports, register: _Facts, contests: Mapping[str, str], work: Path) -> None:
        self.lines, self.reports, self.register, self.contests, self.work = lines, reports, register, contests, work

    def build(self) -> Path:
        """Write the books. The lines themselves serve where all of them count as they are."""
        frame = self.lines.scan
        left = [group for group, report in self.reports.of_group.items() if not self.reports.counts(report)]
        if left:
            frame = self._without(frame, left)
        unreadable = self._unreadable()
        if unreadable is not None:
            frame = frame.join(unreadable, on=[FILE, "row"], how="left")
            counted = pl.coalesce("counted", pl.col("readable"))
            frame = (
                frame.filter(counted).with_columns(pl.coalesce("contestant_id", "owner").alias("contestant_id")).drop("counted", "owner")
            )
        own = self._own_keys()
        changed = bool(left) or unreadable is not None or own is not None or self.lines.restored or self.lines.needs_contest(self.contests)
        if not changed and self.lines.path is not None:
            return self.lines.path
        if self.lines.restored:
            frame = derive(
                frame.join(self.lines.restored_frame(), on=[FILE, "row"], how="left")
                .with_columns(pl.coalesce("restored", "counterparty_id").alias("counterparty_id"))
                .drop("restored"),
                self.register.person,
            )
        if self.lines.needs_contest(self.contests):
            types = {"contestant_id": pl.String, "settled": pl.String}
            contest = pl.LazyFrame({"contestant_id": list(self.contests), "settled": list(self.contests.values())}, schema=types)
            frame = frame.join(contest, on="contestant_id", how="left").with_columns(pl.col("settled").alias("contest")).drop("settled")
        if own is not None:
            mine = (pl.col("kind") == "donation_refund") & pl.col("counterparty_type").is_null() & pl.col("own").fill_null(value=False)
            frame = (
                frame.join(own, on=["contestant_id", "donor"], how="left")
                .with_columns(pl.when(mine).then(pl.lit("contestant")).otherwise(pl.col("giver")).alias("giver"))
                .drop("own")
            )
        path = self.work / "books.parquet"
        frame.drop(_SETTLED, strict=False).sink_parquet(path, compression="lz4", statistics=False, maintain_order=False)
        return path

    def _without(self, frame: pl.LazyFrame, left: Sequence[Group]) -> pl.LazyFrame:
        ids = {(g.contestant_id, g.report_id) for g in left}
        counted = {(g.contestant_id, g.report_id) for g, report in self.reports.of_group.items() if self.reports.counts(report)}
        names = {report_id for _, report_id in ids}
        if None not in names and not names & {report_id for _, report_id in counted}:
            # The usual case: the id alone tells the lines of a report that does not count.
            return frame.filter(~pl.col("report_id").is_in(list(names)).fill_null(value=False) | ~pl.col("readable"))
        keys = [FILE, "contestant_id", "report_id", "report_type", "period_start", "period_end", "received_on"]
        rows = [(g.file, g.contestant_id, g.report_id, g.report_type, *g.period, g.received_on) for g in left]
        types = {FILE: pl.Int32, "contestant_id": pl.String, "report_id": pl.String, "report_type": pl.String}
        types |= {"period_start": pl.Date, "period_end": pl.Date, "received_on": pl.Date}
        excluded = pl.LazyFrame(rows, schema=types, orient="row").unique().with_columns(pl.lit(value=True).alias("excluded"))
        joined = frame.join(excluded, on=keys, how="left", nulls_equal=True)
        return joined.filter(pl.col("excluded").is_null() | ~pl.col("readable")).drop("excluded")

    def _unreadable(self) -> pl.LazyFrame | None:
        """A line that could not be read belongs to the report of its report_id, without one to its contestant's books."""
        found = self.lines.unreadable()
        if found.is_empty():
            return None
        rows: list[tuple[int, int, bool, str | None]] = []
        for file, row, cid, rid, typeless in found.iter_rows():
            # In a file without report types an id is known only where `filings` has it.
            known = [r for r in self.reports.known(rid) if r.filed is not None or not typeless] if rid is not None else []
            own = [report for report in known if cid is None or report.contestant_id == cid]
            if cid is None:
                owners = {report.contestant_id for report in known}
                owner = owners.pop() if len(owners) == 1 else None
                rows.append((file, row, owner is not None and self.reports.counts(own[0]), owner))
            else:
                rows.append((file, row, self.reports.counts(own[0]) if own else True, cid))
        return pl.LazyFrame(rows, schema={FILE: pl.Int32, "row": pl.Int64, "counted": pl.Boolean, "owner": pl.String}, orient="row")

    def _own_keys(self) -> pl.LazyFrame | None:
        """Donors whose money is the contestant's own: a refund that does not say whose it is goes by the key."""
        own = self.lines.scan.filter(
            pl.col("readable"), pl.col("kind") == "donation", pl.col("giver") == "contestant", pl.col("donor").is_not_null()
        )
        refund = self.lines.scan.filter(
            pl.col("kind") == "donation_refund", pl.col("counterparty_type").is_null(), pl.col("donor").is_not_null()
        )
        keys, refunds = pl.collect_all([own.select("contestant_id", "donor").unique(), refund.select(pl.len())], engine="streaming")
        if keys.is_empty() or refunds.item() == 0:
            return None
        return keys.lazy().with_columns(pl.lit(value=True).alias("own"))


def _inputs(numbered: Sequence[tuple[int, TextTable]], parts: Sequence[Part], registers: Mapping[str, Register | None]) -> list[Input]:
    by_number = {part.number: part for part in parts}
    inputs = []
    for number, source in numbered:
        if source.table == "reports":
            part = by_number[number]
            rows, left, notes = part.rows, part.left_out, part.notes
        else:
            register = registers[source.table]
            assert register is not None  # a table with a source was gathered
            rows, left, notes = register.rows[number], register.left_out[number], register.notes[number]
        inputs.append(
            Input(
                source.table,
                source.file,
                source.sheet,
                source.sha256,
                rows,
                source.read_as,
                dict(source.aliases),
                tuple(left),
                (*source.notes, *notes),
            )
        )
    return inputs
