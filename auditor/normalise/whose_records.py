"""Whose the records of all tables are, and of which report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import polars as pl

from auditor.model import problem_codes
from auditor.model.input import Problem, cut
from auditor.normalise.contradictions import contradictions
from auditor.normalise.groups import groups_of
from auditor.normalise.lines import AllLines
from auditor.normalise.lookalikes import lookalikes, versions_alike
from auditor.normalise.other_tables import OtherTable, RegisterFacts, filings_of
from auditor.normalise.register_contradictions import in_the_registers
from auditor.normalise.reports import Filed, Group, Reports, Unread
from auditor.normalise.settling import settle
from auditor.normalise.table import FILE
from auditor.normalise.unreadable import Unreadable
from auditor.read.text_table import TextTable
from auditor.wording import Say


@dataclass(frozen=True, slots=True)
class WhoseRecords:
    """Whose the records of all tables are, and of which report. `known` are the contestants of the register and of report lines;
    `strangers` are contestant, file and row of records of any other; `unread` are the report lines that could not be used."""

    known: Set[str]
    groups: Sequence[Group]
    contests: Mapping[str, str]
    filings: Sequence[Filed]
    candidates: pl.DataFrame | None
    strangers: Sequence[tuple[str, int, int]]
    unread: Sequence[Unread]
    reports: Reports
    unreadable: Unreadable

    @classmethod
    def of(
        cls, lines: AllLines, others: Mapping[str, OtherTable | None], register: RegisterFacts, numbered: Sequence[tuple[int, TextTable]]
    ) -> WhoseRecords:
        """As the lines of all files, the other tables and the register tell. `numbered` are all tables, each with its number."""
        groups = groups_of(lines)
        contests = lines.contests() | {cid: contest for cid, contest in register.contest.items() if contest is not None}
        known = {*register.contest, *lines.contestants()}
        filings, unknown = _of_known(filings_of(others["filings"]), known)
        candidates, nobodys = _candidates_of_known(others["candidates"], known)
        unread = lines.unreadable()
        reports = settle(filings, groups, unread, _own_filings(numbered))
        strangers = [*unknown, *nobodys]
        return cls(known, groups, contests, filings, candidates, strangers, unread, reports, Unreadable.of(unread, reports))

    def known_by_lines(self, register: RegisterFacts) -> set[str]:
        """The contestants of the registers, and those of lines that could be read."""
        return {*register.contest, *(group.contestant_id for group in self.groups), *(filed.contestant_id for filed in self.filings)}

    def problems(
        self, lines: AllLines, contestants: OtherTable | None, register: RegisterFacts, files: Mapping[int, TextTable], say: Say
    ) -> Iterator[Problem]:
        """What is wrong with records that are each right by themselves."""
        for cid, file, row in self.strangers:
            yield _unknown_contestant(cid, (file, row), files, say)
        yield from lookalikes(lines, register.contest, files, say)
        yield from versions_alike(self.groups, self.reports, files, say)
        yield from in_the_registers(contestants, self.candidates, self.filings, files, say)
        yield from contradictions(lines, self.groups, self.reports, self.filings, register.contest, self.contests, files, say)


def _candidates_of_known(candidates: OtherTable | None, known: Set[str]) -> tuple[pl.DataFrame | None, list[tuple[str, int, int]]]:
    """The candidates of contestants that are known elsewhere, and contestant, file and row of the records of any other."""
    if candidates is None:
        return None, []
    inside = pl.col("contestant_id").is_in(list(known))
    return candidates.frame.filter(inside), candidates.frame.filter(~inside).select("contestant_id", FILE, "row").rows()


def _own_filings(numbered: Sequence[tuple[int, TextTable]]) -> dict[int, int]:
    """Each table that came in a filing by itself, with the number of the first table of that filing."""
    first: dict[str, int] = {}
    return {number: first.setdefault(source.own_filing, number) for number, source in numbered if source.own_filing is not None}


def _of_known(filings: Sequence[Filed], known: Set[str]) -> tuple[list[Filed], list[tuple[str, int, int]]]:
    """The filings of contestants that are known elsewhere, and contestant, file and row of the records of any other."""
    kept = [filed for filed in filings if filed.contestant_id in known]
    return kept, [(filed.contestant_id, *filed.place) for filed in filings if filed.contestant_id not in known]


def _unknown_contestant(cid: str, where: tuple[int, int], sources: Mapping[int, TextTable], say: Say) -> Problem:
    file, row = where
    source = sources[file]
    sentence = say("check.unknown_contestant", file=source.named(say), row=row, value=cut(cid))
    return source.problem(problem_codes.UNKNOWN_CONTESTANT, row, sentence, column="contestant_id", value=cut(cid))
