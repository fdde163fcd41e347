"""What a report states on its face against its lines, itself, the report before it, the register and the final report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from auditor.check.case import Case, FiledReport, row_alone
from auditor.check.verdicts import ZERO, Judged, Reasons, Verdict, breach, joined, of_lines
from auditor.model.finding import REGISTER_FACT, Line
from auditor.model.place import Place
from auditor.rulebook.kinds_of_reports import BalanceCarried, FaceBalance, OutsidePeriod, StatedTotals
from auditor.rulebook.models import Rule
from auditor.tables import INTERIM, REPORT_TYPES


def stated_totals(case: Case, rule: Rule, check: StatedTotals) -> Judged:
    """A stated total that differs from the sum of the report's lines. An empty cell is not compared; of somebody whose reports state none
    there is nothing to say."""
    verdicts: list[Verdict] = []
    silent = Reasons()
    compared: set[str] = set()
    empty = Reasons()
    unread = Reasons()
    for cid, report in _with_face(case, rule, silent):
        if report.may_have_unread_line:
            silent.add(cid, case.say("check.unread_line", report=report.report_id))
            continue
        if any(_may_be_of(other, report) for other in case.reports[cid]):
            silent.add(cid, case.say("check.lines_of_no_report", report=report.report_id))
            continue
        if all(report.face.get(column) is None for column in check.totals):
            empty.add(cid, case.lacks(report, *check.totals))
            continue
        compared.add(cid)
        if report.unread_columns & {*check.totals}:
            unread.add(cid, case.lacks(report, *check.totals))
        for column, kinds in check.totals.items():
            stated = report.face.get(column)
            summed = sum((report.sums.get(kind, ZERO) for kind in kinds), ZERO)
            if stated is not None and stated != summed:
                verdicts.append(_differs(rule, cid, f"{report.report_id} {column}", stated, summed, report, columns=[column]))
    silenced = {cid: why for cid, why in empty.told().items() if cid not in compared}
    return Judged(verdicts, silent=joined(silenced, silent.told()), unread=joined(unread.told(), _perhaps_more(case, rule)))


def _may_be_of(lines: FiledReport, report: FiledReport) -> bool:
    """Whether lines that give no report_id, and tell of their report too little to know which it is, may be of this one."""
    tells_no_report = lines.place is None and lines.report_id is None and None in lines.period
    alike = all(mine is None or mine == its for mine, its in zip(lines.period, report.period, strict=True))
    return tells_no_report and lines.stands and alike and lines.report_type == report.report_type


def face_balance(case: Case, rule: Rule, check: FaceBalance) -> Judged:
    """A closing balance that the other figures of the face do not make."""
    verdicts: list[Verdict] = []
    silent = Reasons()
    for cid, report in _with_face(case, rule, silent):
        named = (*check.plus, *check.minus, check.makes)
        cells = {name: report.face.get(name) for name in named}
        if empty := [name for name, value in cells.items() if value is None]:
            silent.add(cid, case.lacks(report, *empty))
            continue
        computed = sum((cells[name] or ZERO for name in check.plus), ZERO) - sum((cells[name] or ZERO for name in check.minus), ZERO)
        stated = cells[check.makes] or ZERO
        if stated != computed:
            verdicts.append(_differs(rule, cid, report.report_id, stated, computed, report, columns=named))
    return Judged(verdicts, silent=silent.told(), unread=_perhaps_more(case, rule))


def balance_carried(case: Case, rule: Rule, check: BalanceCarried) -> Judged:
    """An interim report that does not begin with what the one before ended with."""
    verdicts: list[Verdict] = []
    silent = Reasons()
    for cid in case.facts.subjects(rule):
        if case.may_have(cid, INTERIM):
            silent.add(cid, case.say("check.unread_report"))
        interim = [r for r in case.reports.get(cid, ()) if r.stands and r.report_type == INTERIM and None not in r.period]
        for report in interim:
            # Two that share a day, 18–28 February and 28 February – 15 March say, follow each other all the same.
            before = [other for other in interim if _begins_and_ends_before(other.period, report.period)]
            if not before:
                continue
            previous = max(before, key=lambda other: (other.period[1], other.period[0]))
            stated, expected = report.face.get(check.opening), previous.face.get(check.closing)
            if report.place is None or previous.place is None:
                silent.add(cid, case.say("check.not_in_filings"))
            elif stated is None:
                silent.add(cid, case.lacks(report, check.opening))
            elif expected is None:
                silent.add(cid, case.lacks(previous, check.closing))
            elif stated != expected:
                verdicts.append(
                    _differs(rule, cid, report.report_id, stated, expected, previous, report, columns=(check.closing, check.opening))
                )
    return Judged(verdicts, silent=silent.told())


def _begins_and_ends_before(one: Sequence[date | None], other: Sequence[date | None]) -> bool:
    return all(mine is not None and its is not None and mine < its for mine, its in zip(one, other, strict=True))


def submitted_elsewhere(case: Case, rule: Rule) -> Judged:
    """A report submitted to another commission than the register names; letter case and white space do not matter."""
    verdicts: list[Verdict] = []
    silent = Reasons()
    for cid in case.facts.subjects(rule):
        commission = case.facts.fact(cid, "commission")
        standing = [report for report in case.reports.get(cid, ()) if report.stands]
        faces = [report for report in standing if report.place is not None]
        given = [report for report in faces if report.submitted_to]
        if len(given) < len(faces):
            silent.add(cid, case.say("check.empty_in", column=case.facts.told("filings", "submitted_to"), table="filings"))
        if not standing:
            continue
        if len(faces) < len(standing):
            silent.add(cid, case.say("check.not_in_filings"))
        if commission is not None and not faces:
            continue
        if commission is None or not given:
            column, table = ("commission", "contestants") if commission is None else ("submitted_to", "filings")
            silent.add(cid, case.say("check.empty_in", column=case.facts.told(table, column), table=table))
            continue
        away = [report for report in given if _bare(report.submitted_to) != _bare(commission)]
        by_register = {f"{REGISTER_FACT}commission": commission}
        elsewhere = [row_alone(r.place, facts={"submitted_to": r.submitted_to, **by_register}) for r in away if r.place is not None]
        if elsewhere:
            verdicts.append(breach(rule, cid, None, None, None, elsewhere))
    return Judged(verdicts, silent=silent.told(), unread=_perhaps_more(case, rule))


def not_in_final(case: Case, rule: Rule) -> Judged:
    """Lines of interim reports that do not stand in the final report."""
    return _of_lines(rule, case.report_lines.not_in_final())


def outside_period(case: Case, rule: Rule, check: OutsidePeriod) -> Judged:
    """Lines dated outside the period of their report; where a report has no period, nobody can tell."""
    silent = {cid: case.say("check.period_unknown") for cid, report in _standing(case, rule) if None in report.period}
    return Judged(_of_lines(rule, case.report_lines.outside_period(check.besides)).verdicts, silent=silent)


def _of_lines(rule: Rule, found: Mapping[str, list[Line]]) -> Judged:
    return Judged([of_lines(rule, cid, lines) for cid, lines in found.items()])


def _standing(case: Case, rule: Rule) -> Iterator[tuple[str, FiledReport]]:
    return ((cid, report) for cid in case.facts.subjects(rule) for report in case.reports.get(cid, ()) if report.stands)


def _with_face(case: Case, rule: Rule, silent: Reasons) -> Iterator[tuple[str, FiledReport]]:
    """The reports that `filings` has; of any other nothing can be said."""
    for cid, report in _standing(case, rule):
        if report.place is not None:
            yield cid, report
        else:
            silent.add(cid, case.say("check.not_in_filings"))


def _perhaps_more(case: Case, rule: Rule) -> dict[str, str]:
    """Of whom there may be a report whose face is not seen: its row in `filings` could not be read, or names nobody who is known."""
    subjects = case.facts.subjects(rule)
    said = case.say("check.unread_report")
    unread = {cid: said for cid in subjects if any(case.may_have(cid, report_type) for report_type in REPORT_TYPES)}
    return joined(unread, case.perhaps_filed(cid for cid in subjects if not case.reports.get(cid)))


def _differs(
    rule: Rule, cid: str, subject: str | None, stated: Decimal, expected: Decimal, *reports: FiledReport, columns: Sequence[str]
) -> Verdict:
    faces: list[tuple[Place | None, dict[str, object]]] = []
    for report in reports:
        told: dict[str, object] = {name: report.face.get(name) for name in columns}
        # That no line of it came says more than that their sum is nothing.
        faces.append((report.place, told if report.sums else {**told, "lines": 0}))
    lines = [row_alone(place, facts=said) for place, said in faces if place is not None]
    return breach(rule, cid, subject, stated, expected, lines)


def _bare(text: str | None) -> str:
    return "".join((text or "").split()).casefold()
