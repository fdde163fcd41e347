"""A filing → the case that the rules judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from auditor.assembly.empty_codes import empty_codes
from auditor.check.case import Case, FiledReport
from auditor.check.facts import Facts
from auditor.model.input import cut
from auditor.model.unread import UnreadCell
from auditor.normalise.filing import Filing
from auditor.normalise.reports import Report
from auditor.rulebook.load import Rulebook
from auditor.tables import FINAL
from auditor.wording import Words


def case_of(filing: Filing, rulebook: Rulebook, as_of: date, words: Words, *, whole: bool) -> Case:
    """What the rules are asked about. `whole`: of everybody, and not of some contestants only."""
    files = [(source.file, source.sheet) for source in filing.files]
    people = filing.candidates.iter_rows(named=True) if filing.candidates is not None else ()
    return Case(
        rulebook=rulebook,
        facts=facts_of(filing, rulebook, words.lang),
        as_of=as_of,
        say=words,
        reports=_reports(filing),
        report_lines=filing.report_lines,
        strays=filing.strays,
        candidates=[(filing.files[row["file"]].place(row["row"]), row) for row in people],
        statement=filing.statement,
        prices_in_part=filing.prices_in_part,
        left_out_records=filing.left_out_records,
        books=filing.books,
        all_books=filing.all_books,
        files=files,
        whole=whole,
    )


def facts_of(filing: Filing, rulebook: Rulebook, lang: str) -> Facts:
    """What is known of the contestants, and which tables and columns are there."""

    def label_of(table: str, column: str) -> str:
        label = rulebook.told_column(table, column, lang)
        return label if label == column else f"{label} ({column})"

    register = {row["contestant_id"]: row for row in filing.contestants.iter_rows(named=True)}
    finals = frozenset(report.contestant_id for report in filing.reports.all if report.report_type == FINAL)
    return Facts(
        contest_of=filing.contest_of,
        register=register,
        present=filing.present,
        columns=filing.columns,
        files_of_books=filing.files_of_books,
        with_final=finals,
        without_report=filing.contest_of.keys() - {report.contestant_id for report in filing.reports.all},
        perhaps_final={cid for cid, types in filing.strays.items() if types & {FINAL, None}} - finals,
        perhaps_superseded={
            cid: (cut(counts.label), cut(other.label)) for cid, (counts, other) in filing.reports.of_unknown_order().items()
        },
        counted_twice={cid: cut(file) for cid, file in filing.counted_twice.items()},
        empty_books=filing.reports.empty_books(),
        not_read=replace(filing.not_read, cells=_with_empty_codes(filing, rulebook)),
        told=label_of,
    )


def _with_empty_codes(filing: Filing, rulebook: Rulebook) -> dict[str, Mapping[UnreadCell, int]]:
    unread, empty = filing.not_read.cells, empty_codes(filing, rulebook.rules)
    return {cid: {**unread.get(cid, {}), **empty.get(cid, {})} for cid in unread.keys() | empty.keys()}


def _reports(filing: Filing) -> dict[str, list[FiledReport]]:
    """Every report of each contestant, each with its first filing."""
    made: dict[Report, FiledReport] = {}

    def as_filed(report: Report, first: FiledReport | None) -> FiledReport:
        filed = report.filed
        place = filing.files[filed.place[0]].place(filed.place[1]) if filed is not None else None
        return FiledReport(
            contestant_id=report.contestant_id,
            report_id=report.report_id,
            report_type=report.report_type,
            period=report.period,
            received_on=report.received_on,
            published_on=filed.published_on if filed is not None else None,
            unread_columns=filed.unread_columns if filed is not None else frozenset(),
            submitted_to=filed.submitted_to if filed is not None else None,
            face=filed.face if filed is not None else {},
            sums=report.sums,
            place=place,
            stands=filing.reports.stands(report),
            counts=filing.reports.counts(report),
            may_have_unread_line=report in filing.reports_with_unread,
            first=first,
            first_known=filing.reports.first_is_known(report),
        )

    by_contestant: dict[str, list[FiledReport]] = {}
    for report in filing.reports.all:
        first = filing.reports.first(report)
        if first not in made:
            made[first] = as_filed(first, None)
        one = made[report] if report is first else as_filed(report, made[first])
        by_contestant.setdefault(report.contestant_id, []).append(one)
    return by_contestant
