"""What the commission's own tables say twice, or cannot mean: the register of contestants, the people, and the register of filings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from auditor.identifiers import key_of_name
from auditor.model import problem_codes
from auditor.model.input import Problem, cut
from auditor.normalise.cell_problems import contradiction
from auditor.normalise.other_tables import OtherTable
from auditor.normalise.reports import Filed, ends_before_it_begins
from auditor.normalise.table import FILE
from auditor.read.text_table import TextTable
from auditor.tables import columns
from auditor.wording import Say


def in_the_registers(
    contestants: OtherTable | None, candidates: pl.DataFrame | None, filings: Sequence[Filed], sources: Mapping[int, TextTable], say: Say
) -> list[Problem]:
    """Rows of `contestants`, `candidates` and `filings` that contradict an earlier row, or themselves."""
    return [
        *_registered_otherwise(contestants, sources, say),
        *_accounts_of_several(contestants, sources, say),
        *_people_otherwise(candidates, sources, say),
        *_filed_otherwise(filings, sources, say),
        *_backwards(filings, sources, say),
    ]


def _registered_otherwise(contestants: OtherTable | None, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Rows of `contestants` that tell of a contestant what an earlier row tells otherwise or not at all; the first row counts."""
    if contestants is None or not contestants.frame["contestant_id"].is_duplicated().any():
        return []
    problems: list[Problem] = []
    first: dict[str, dict[str, object]] = {}
    for record in contestants.frame.iter_rows(named=True):
        cid, source = record["contestant_id"], sources[record[FILE]]
        before = first.setdefault(cid, record)
        for column in columns("contestants"):
            if record[column] is None or record[column] == before[column]:
                continue
            value, expected = _as_written(record[column]), _as_written(before[column])
            where = {"file": source.named(say), "row": record["row"], "column": column}
            sentence = say("check.registered_twice", **where, contestant=cut(cid), value=cut(value), expected=cut(expected))
            problems.append(
                source.problem(problem_codes.CONTRADICTION, record["row"], sentence, column=column, value=cut(value), contestant_id=cid)
            )
    return problems


def _accounts_of_several(contestants: OtherTable | None, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Accounts that the register has for another contestant already; a statement of it counts as that of the first."""
    if contestants is None:
        return []
    problems: list[Problem] = []
    first: dict[str, str] = {}
    for file, row, cid, account in contestants.frame.select(FILE, "row", "contestant_id", "fund_account").iter_rows():
        if account is not None and (of := first.setdefault(account, cid)) != cid:
            problems.append(contradiction((sources[file], row), "fund_account", account, of, cid, say, "check.account_shared"))
    return problems


def _people_otherwise(candidates: pl.DataFrame | None, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Rows of `candidates` that tell of a person what an earlier row of the same id tells otherwise: perhaps they are two people."""
    if candidates is None:
        return []
    problems: list[Problem] = []
    first: dict[tuple[str, str], object] = {}
    for record in candidates.iter_rows(named=True):
        for column in _OF_PEOPLE:
            value = record[column]
            if value is None:
                continue
            before = first.setdefault((record["candidate_id"], column), value)
            same = key_of_name(str(value)) == key_of_name(str(before)) if column == "name" else value == before
            if not same:
                where = (sources[record[FILE]], record["row"])
                told = cut(str(value)), cut(str(before))
                problems.append(contradiction(where, column, *told, record["contestant_id"], say, "check.person_otherwise"))
    return problems


_OF_PEOPLE = ("name", "sex", "born_on", "disability")


def _as_written(value: object) -> str:
    """A value of the register as it was probably written; a share has 18 decimals here."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def _filed_otherwise(filings: Sequence[Filed], sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Rows of `filings` that tell another type or period of a report than an earlier row of the same id; the first counts."""
    problems: list[Problem] = []
    first: dict[tuple[str, str], Filed] = {}
    for filed in filings:
        before = first.setdefault((filed.contestant_id, filed.report_id), filed)
        said = {
            "report_type": (filed.report_type, before.report_type),
            "period_start": (filed.period[0], before.period[0]),
            "period_end": (filed.period[1], before.period[1]),
        }
        for column, (value, expected) in said.items():
            if value != expected:
                file, row = filed.place
                problems.append(contradiction((sources[file], row), column, str(value), str(expected), filed.contestant_id, say))
    return problems


def _backwards(filings: Sequence[Filed], sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """Reports whose period ends before it begins: no line can lie in it, and no period of the calendar be covered by it."""
    problems: list[Problem] = []
    for filed in filings:
        if ends_before_it_begins(filed.period):
            start, end = filed.period
            file, row = filed.place
            where, cid = (sources[file], row), filed.contestant_id
            problems.append(contradiction(where, "period_end", str(end), str(start), cid, say, "check.period_backwards"))
    return problems
