"""Were the reports received and published in time, and are they there at all? Days are counted as the rulebook says."""

from __future__ import annotations

from datetime import date

from auditor.check.case import Case, FiledReport, row_alone
from auditor.check.verdicts import Judged, Reasons, Verdict, breach, joined
from auditor.counted_days import days_after, is_late, last_day, may_cover
from auditor.model.finding import Line
from auditor.rulebook.kinds_of_reports import FinalMissing, FinalWithin, InterimPublished
from auditor.rulebook.models import Rule
from auditor.tables import FINAL, INTERIM


def final_within(case: Case, rule: Rule, check: FinalWithin) -> Judged:
    """Final reports that were received, or published, more than some days after an event."""
    event = case.rulebook.known_day(check.event)
    limit, counting = case.rulebook.whole(check.days), case.rulebook.word(check.counting)
    verdicts: list[Verdict] = []
    silent, without = Reasons(), list[str]()
    for cid in case.facts.subjects(rule):
        final = final_report(case, cid)
        if final is None:
            without.append(cid)
            if case.may_have(cid, FINAL):
                silent.add(cid, case.say("check.unread_report"))
            continue
        first = final.first_filing
        if check.day == "published_on" and not final.first_known:
            silent.add(cid, case.lacks(first, "received_on"))
            continue
        if check.day == "published_on" and "published_on" in first.unread_columns:
            silent.add(cid, case.lacks(first, "published_on"))
            continue
        if first.place is None:
            silent.add(cid, case.say("check.not_in_filings"))
            continue
        day = first.published_on or case.as_of if check.day == "published_on" else first.received_on
        if day is None:
            silent.add(cid, case.lacks(first, "received_on"))
            continue
        if is_late(event, limit, day, counting):
            told = row_alone(first.place, facts={check.event: event, check.day: getattr(first, check.day)})
            verdicts.append(breach(rule, cid, None, days_after(event, day, counting), limit, [told]))
    return Judged(verdicts, silent=silent.told(), unread=case.perhaps_filed(without))


def final_missing(case: Case, rule: Rule, check: FinalMissing) -> Judged:
    """No final report, though its deadline has passed."""
    due = last_day(case.rulebook.known_day(check.event), case.rulebook.whole(check.days), case.rulebook.word(check.counting))
    if due >= case.as_of:
        return Judged([])
    missing = [cid for cid in case.facts.subjects(rule) if final_report(case, cid) is None]
    silent = {cid: case.say("check.unread_report") for cid in missing if case.may_have(cid, FINAL)}
    verdicts = [breach(rule, cid, None, None, None, []) for cid in missing if cid not in silent]
    return Judged(verdicts, silent=silent, unread=case.perhaps_filed(missing))


def interim_missing(case: Case, rule: Rule) -> Judged:
    """A reporting period that has ended, and no interim report that covers it. One of unknown period may be the one."""
    verdicts: list[Verdict] = []
    silent, before = Reasons(), dict[str, list[date]]()
    for cid in case.facts.subjects(rule):
        interim = [report for report in case.reports.get(cid, ()) if report.report_type == INTERIM]
        for period in case.rulebook.election.reporting_periods:
            if period.to >= case.as_of:
                continue
            covering = [report for report in interim if may_cover(report.period, period.from_, period.to)]
            if not covering and any(may_cover(stray, period.from_, period.to) for stray in case.stray_periods(cid, INTERIM)):
                silent.add(cid, case.say("check.unread_report"))
            elif not covering:
                verdicts.append(breach(rule, cid, period.to.isoformat(), None, None, []))
                if (registered := case.facts.fact(cid, "registered_on")) is not None and registered > period.to:
                    before.setdefault(cid, []).append(period.to)
            elif all(None in report.period for report in covering):
                silent.add(cid, case.say("check.period_unknown"))
    missing = [verdict.contestant_id for verdict in verdicts if verdict.contestant_id is not None]
    not_yet = {cid: case.say("check.registered_after", ends=", ".join(map(case.say.day, sorted(days)))) for cid, days in before.items()}
    return Judged(verdicts, silent=silent.told(), unread=joined(case.perhaps_filed(missing), not_yet))


def interim_published(case: Case, rule: Rule, check: InterimPublished) -> Judged:
    """An interim report published later than some days after its period; measured by the latest of them."""
    allowed, counting = case.rulebook.whole(check.days), case.rulebook.word(check.counting)
    verdicts: list[Verdict] = []
    silent = Reasons()
    for cid in case.facts.subjects(rule):
        late: list[tuple[int, Line]] = []
        if case.may_have(cid, INTERIM):
            silent.add(cid, case.say("check.unread_report"))
        for report in case.reports.get(cid, ()):
            if report.report_type != INTERIM or not report.stands:
                continue
            first = report.first_filing
            if first.place is None or first.period[1] is None:
                silent.add(cid, case.say("check.not_in_filings"))
                continue
            if not report.first_known:
                silent.add(cid, case.lacks(first, "received_on"))
                continue
            if "published_on" in first.unread_columns:
                silent.add(cid, case.lacks(first, "published_on"))
                continue
            days = days_after(last_day(first.period[1], allowed, counting), first.published_on or case.as_of, counting)
            if days > 0:
                late.append((days, row_alone(first.place, facts={"period_end": first.period[1], "published_on": first.published_on})))
        if late:
            most = max(days for days, _ in late)
            verdicts.append(breach(rule, cid, None, most, 0, [line for _, line in late]))
    without = [cid for cid in case.facts.subjects(rule) if not case.reports.get(cid)]
    return Judged(verdicts, silent=silent.told(), unread=case.perhaps_filed(without))


def final_report(case: Case, cid: str) -> FiledReport | None:
    """The final report that is the books."""
    return next((report for report in case.reports.get(cid, ()) if report.report_type == FINAL and report.counts), None)
