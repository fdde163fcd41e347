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
from auditor.normalise.prepared import Prepared
from auditor.normalise.reports import Report
from auditor.rulebook.load import Rulebook
from auditor.tables import FINAL
from auditor.wording import Words


def case_of(prepared: Prepared, rulebook: Rulebook, as_of: date, words: Words, *, whole: bool) -> Case:
    """What the rules are asked about. `whole`: of everybody, and not of some contestants only."""
    files = [(source.file, source.sheet) for source in prepared.files]
    people = prepared.candidates.iter_rows(named=True) if prepared.candidates is not None else ()
    return Case(
        rulebook=rulebook,
        facts=facts_of(prepared, rulebook, words.lang),
        as_of=as_of,
        say=words,
        reports=_reports(prepared),
        report_lines=prepared.report_lines,
        strays=prepared.strays,
        candidates=[(prepared.files[row["file"]].place(row["row"]), row) for row in people],
        statement=prepared.statement,
        prices_in_part=prepared.prices_in_part,
        left_out_records=prepared.left_out_records,
        books=prepared.books,
        all_books=prepared.all_books,
        files=files,
        whole=whole,
    )


def facts_of(prepared: Prepared, rulebook: Rulebook, lang: str) -> Facts:
    """What is known of the contestants, and which tables and columns are there."""

    def label_of(table: str, column: str) -> str:
        label = rulebook.told_column(table, column, lang)
        return label if label == column else f"{label} ({column})"

    register = {row["contestant_id"]: row for row in prepared.contestants.iter_rows(named=True)}
    finals = frozenset(report.contestant_id for report in prepared.reports.all if report.report_type == FINAL)
    return Facts(
        contest_of=prepared.contest_of,
        contests=prepared.contests,
        register=register,
        present=prepared.present,
        columns=prepared.columns,
        files_of_books=prepared.files_of_books,
        with_final=finals,
        without_report=prepared.contest_of.keys() - {report.contestant_id for report in prepared.reports.all},
        perhaps_final={cid for cid, strays in prepared.strays.items() if any(one.may_be(FINAL) for one in strays)} - finals,
        perhaps_superseded={
            cid: (cut(counts.label), cut(other.label)) for cid, (counts, other) in prepared.reports.of_unknown_order().items()
        },
        counted_twice={cid: cut(file) for cid, file in prepared.counted_twice.items()},
        empty_books=prepared.reports.empty_books(),
        not_read=replace(prepared.not_read, cells=_with_empty_codes(prepared, rulebook)),
        told=label_of,
    )


def _with_empty_codes(prepared: Prepared, rulebook: Rulebook) -> dict[str, Mapping[UnreadCell, int]]:
    unread, empty = prepared.not_read.cells, empty_codes(prepared, rulebook.rules)
    return {cid: {**unread.get(cid, {}), **empty.get(cid, {})} for cid in unread.keys() | empty.keys()}


def _reports(prepared: Prepared) -> dict[str, list[FiledReport]]:
    """Every report of each contestant, each with its first filing."""
    made: dict[Report, FiledReport] = {}

    def as_filed(report: Report, first: FiledReport | None) -> FiledReport:
        filed = report.filed
        place = prepared.files[filed.place[0]].place(filed.place[1]) if filed is not None else None
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
            stands=prepared.reports.stands(report),
            counts=prepared.reports.counts(report),
            may_have_unread_line=report in prepared.reports_with_unread,
            first=first,
            first_known=prepared.reports.first_is_known(report),
        )

    by_contestant: dict[str, list[FiledReport]] = {}
    for report in prepared.reports.all:
        first = prepared.reports.first(report)
        if first not in made:
            made[first] = as_filed(first, None)
        one = made[report] if report is first else as_filed(report, made[first])
        by_contestant.setdefault(report.contestant_id, []).append(one)
    return by_contestant
