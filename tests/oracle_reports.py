"""RPT-001..011: were the reports filed, published and added up; do they agree with each other and with their periods."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from oracle_books import Books, Calendar, Case, Report
from oracle_cells import money_text, without_case_or_space
from oracle_filing import STATED_TOTALS, Filing, Line
from oracle_needs import Needs, all_of
from oracle_sums import finding, rows_of, total

FILED_WITHIN = 3  # days after the results were published
FINAL_PUBLISHED_WITHIN = 5  # days after the results were established
INTERIM_PUBLISHED_WITHIN = 5  # days after the last day of the period (assumed)


@dataclass(frozen=True)
class Late:
    """A filing with the days that it is late."""

    filing: Filing
    days: int


def first_filing(books: Books, report: Report) -> Report:
    """ "Whether a report was late, or published late, goes by its first filing, the one received first with its own published_on,
    superseded or not." The same order decides as for what is superseded: without received_on before any that has one, and so on."""
    same = [other for other in books.reports if (other.report_type, other.period) == (report.report_type, report.period)]
    return min(same, key=Report.rank)


def first_is_known(books: Books, report: Report) -> bool:
    """Reading: where one of several filings of a report does not say when it was received, nobody knows which was first, and nobody is
    accused of having published that one late."""
    same = [other for other in books.reports if (other.report_type, other.period) == (report.report_type, report.period)]
    return len(same) == 1 or all(other.received_on is not None for other in same)


def final_report(books: Books) -> Report | None:
    """Reading: of several final reports with different periods "the final report" is the one that is the books, "received last"."""
    return books.reports_of_the_books[0] if books.has_final else None


def rows_in_filings(*filings: Filing) -> list[tuple[str, int]]:
    return [("filings", filing.row) for filing in filings]


def may_have(books: Books, report_type: str, begins: date | None = None, ends: date | None = None) -> bool:
    """Whether a line that could not be read may be all that there is of such a report: it names none that is known, and its type is
    this one or unreadable too. Nobody is accused of a missing report that may lie there unread. Without an id it is of "the one report of
    that contestant, type and period", where there is one. With days: whether that report may answer for them."""

    def is_of_a_known(line: Line) -> bool:
        known = "report_type" not in line.lacks and line.report_id is None and None not in line.period
        return known and any((report.report_type, report.period) == (line.report_type, line.period) for report in books.reports)

    loose = [line for line in books.loose if not is_of_a_known(line)]
    return any(
        ("report_type" in line.lacks or (line.report_type or "final") == report_type) and (begins is None or may_cover(line, begins, ends))
        for line in loose
    )


def may_cover(told: Line | Report, begins: date, ends: date) -> bool:
    """A period that is not known may cover these days."""
    start, end = told.period
    return (start is None or start <= begins) and (end is None or end >= ends)


# ------------------------------------------------------------------------------------------------------ late and missing ones


def rpt_001(books: Books, calendar: Calendar) -> list[dict]:
    """ "the final report was received later than 3 days after the results were published; measured = days after publication".

    Reading: every contestant with a final report, whatever its status. A first filing that `filings` does not have, or without
    received_on (neither there nor on its lines), is not assessed.
    """
    final = final_report(books)
    first = first_filing(books, final) if final else None
    if first is None or first.filing is None or first.received_on is None:
        return []
    days = (first.received_on - calendar.results_published).days
    if days <= FILED_WITHIN:
        return []
    rows = rows_in_filings(first.filing)
    return [finding("RPT-001", books, measured=days, limit=FILED_WITHIN, excess=days - FILED_WITHIN, rows=rows)]


def rpt_002(books: Books, calendar: Calendar) -> list[dict]:
    """ "a registered contestant has no final report, and that deadline has passed on the day of the audit"; rows: "an empty list".

    Reading: a report is there by a readable line or by its row in `filings`.
    """
    deadline = calendar.results_published + timedelta(days=FILED_WITHIN)
    if not books.is_registered or books.has_final or deadline >= calendar.as_of or may_have(books, "final"):
        return []
    return [finding("RPT-002", books)]


def rpt_003(books: Books, calendar: Calendar) -> list[dict]:
    """ "a registered contestant has no interim report for a reporting period that has ended; subject = the period's last day"; "an interim
    report whose period covers the period that has ended".

    Reading: superseded reports count too. A report that does not say when its period begins or ends may be the one, so it is not held
    against the contestant. Periods before registration are asked for as well.
    """

    if not books.is_registered:
        return []
    filed = [report for report in books.reports if report.report_type == "interim"]
    return [
        finding("RPT-003", books, subject=ends.isoformat())
        for begins, ends in calendar.interim_periods
        if ends < calendar.as_of
        and not any(may_cover(report, begins, ends) for report in filed)
        and not may_have(books, "interim", begins, ends)  # where one that is missing may lie unread
    ]


def rpt_004(books: Books, calendar: Calendar) -> list[dict]:
    """ "the final report was not published within 5 days of the establishment of results …; measured = days, to the day of the audit if it
    was never published".

    Reading: a contestant without a final report has nothing to publish. A published_on that cannot be read is empty.
    """
    final = final_report(books)
    filing = first_filing(books, final).filing if final else None
    if filing is None or not first_is_known(books, final):
        return []
    days = ((filing.published_on or calendar.as_of) - calendar.results_established).days
    if days <= FINAL_PUBLISHED_WITHIN:
        return []
    rows = rows_in_filings(filing)
    return [finding("RPT-004", books, measured=days, limit=FINAL_PUBLISHED_WITHIN, excess=days - FINAL_PUBLISHED_WITHIN, rows=rows)]


def rpt_011(books: Books, calendar: Calendar) -> list[dict]:
    """ "an interim report was published later than 5 days … after the last day of its period, or is not published and that day has passed;
    one finding per contestant; measured = days after that date, of several the most"; days / 0.

    Reading: "that date" is the fifth day after the period; rows are of all the reports that are late, not only of the latest.
    """
    late = []
    for report in books.not_superseded:
        filing = first_filing(books, report).filing
        if report.report_type == "interim" and filing is not None and first_is_known(books, report):
            last_day = filing.period[1] + timedelta(days=INTERIM_PUBLISHED_WITHIN)
            late.append(Late(filing, ((filing.published_on or calendar.as_of) - last_day).days))
    late = [one for one in late if one.days > 0]
    if not late:
        return []
    most = max(one.days for one in late)
    return [finding("RPT-011", books, measured=most, limit=0, excess=most, rows=rows_in_filings(*(one.filing for one in late)))]


# ------------------------------------------------------------------------------------------------------------- stated totals


def summed(report: Report) -> dict[str, int]:
    """ "own_funds = own_funds lines; donations = donation lines before refunds; total_receipts = own_funds + donation +
    expenditure_refund; total_spent = expenditure + donation_refund + budget_transfer; subsidy and deposit lines enter none"."""

    def of_kind(*kinds: str) -> int:
        return total(line for line in report.lines if line.readable and line.kind in kinds)

    return {
        "own_funds": of_kind("own_funds"),
        "donations": of_kind("donation"),
        "total_receipts": of_kind("own_funds", "donation", "expenditure_refund"),
        "total_spent": of_kind("expenditure", "donation_refund", "budget_transfer"),
    }


def rpt_005(books: Books, calendar: Calendar) -> list[dict]:
    """ "a stated total … differs from the sum of that report's lines; subject = report_id, a space, the total's column name"; stated /
    summed; "an empty cell is not compared"; "RPT-005 is not assessed for a report that has [a line that could not be read]".

    Reading: a line that could not be read and names no known report "belongs to the books of its contestant", so every report that is
    part of the books may have it. A report without any lines sums to 0.00. Lines without an id and without a whole period may be of any
    report of their type that they do not contradict, where several are; none of these is compared.
    """

    def may_be_of(lines: Report, report: Report) -> bool:
        alike = all(mine in (None, its) for mine, its in zip(lines.period, report.period, strict=True))
        nameless = lines.filing is None and None in lines.period and all(line.report_id is None for line in lines.lines)
        return nameless and alike and lines.report_type == report.report_type

    findings = []
    for report in books.not_superseded:
        may_have_loose_lines = bool(books.loose) and any(report is other for other in books.reports_of_the_books)
        told = (report.report_type, report.period)
        may_have_loose_lines |= None not in report.period and any(
            (line.report_type, line.period) == told for line in books.loose if line.report_id is None
        )
        if report.filing is None or any(may_be_of(other, report) for other in books.not_superseded):
            continue
        if may_have_loose_lines or any(not line.readable for line in report.lines):
            continue
        sums = summed(report)
        for name in STATED_TOTALS:
            stated = report.filing.totals.get(name)
            if stated is not None and stated != sums[name]:
                findings.append(
                    finding(
                        "RPT-005",
                        books,
                        subject=f"{report.filing.report_id} {name}",
                        measured=money_text(stated),
                        limit=money_text(sums[name]),
                        excess=money_text(stated - sums[name]),
                        rows=rows_in_filings(report.filing),
                    )
                )
    return findings


def rpt_006(books: Books, calendar: Calendar) -> list[dict]:
    """ "opening_balance + total_receipts − total_spent ≠ closing_balance; subject = report_id"; stated / computed. One of the four empty:
    not assessed for that report."""
    findings = []
    for filing in (report.filing for report in books.not_superseded if report.filing is not None):
        receipts, spent = filing.totals.get("total_receipts"), filing.totals.get("total_spent")
        if None in (filing.opening_balance, filing.closing_balance, receipts, spent):
            continue
        computed = filing.opening_balance + receipts - spent
        if filing.closing_balance != computed:
            findings.append(
                finding(
                    "RPT-006",
                    books,
                    subject=filing.report_id,
                    measured=money_text(filing.closing_balance),
                    limit=money_text(computed),
                    excess=money_text(filing.closing_balance - computed),
                    rows=rows_in_filings(filing),
                )
            )
    return findings


def rpt_007(books: Books, calendar: Calendar) -> list[dict]:
    """ "opening_balance of an interim report ≠ closing_balance of the one before; subject = report_id"; stated / expected; "the interim
    report before it that exists".

    Reading: the one before is, of those that began and ended before this one did, the one that ended last (of two, the one that began
    later); one that shares days with this one may be it. It counts where it stands in `reports` alone too, but then its balance is not known and
    nothing is compared. Rows: both.
    """
    interim = [report for report in books.not_superseded if report.report_type == "interim" and None not in report.period]
    findings = []
    for report in interim:
        before = [other for other in interim if other.period[0] < report.period[0] and other.period[1] < report.period[1]]
        if not before or report.filing is None:
            continue
        previous = max(before, key=lambda other: (other.period[1], other.period[0])).filing
        stated, expected = report.filing.opening_balance, previous.closing_balance if previous else None
        if stated is None or expected is None or stated == expected:
            continue
        findings.append(
            finding(
                "RPT-007",
                books,
                subject=report.filing.report_id,
                measured=money_text(stated),
                limit=money_text(expected),
                excess=money_text(stated - expected),
                rows=rows_in_filings(previous, report.filing),
            )
        )
    return findings


# ------------------------------------------------------------------------------------------------- lines and their reports


def rpt_008(books: Books, calendar: Calendar) -> list[dict]:
    """ "a line of an interim report (date, kind, amount, counterparty's key) does not stand in the final report; each line of the final
    report answers for one"; sum of such lines / 0.

    Reading: every kind of line, of every interim report that is not superseded, together: of equal lines the lower rows are answered for
    first. No key equals no key. Lines that could not be read are left out on both sides.
    """
    final = final_report(books)
    if final is None:
        return []
    answers = [(line.day, line.kind, line.amount, line.key) for line in final.lines if line.readable]
    interim = [line for report in books.not_superseded if report.report_type == "interim" for line in report.lines if line.readable]
    missing = []
    for line in sorted(interim, key=lambda line: line.row):
        what = (line.day, line.kind, line.amount, line.key)
        if what in answers:
            answers.remove(what)
        else:
            missing.append(line)
    if not missing:
        return []
    measured = money_text(total(missing))
    return [finding("RPT-008", books, measured=measured, limit="0.00", excess=measured, rows=rows_of(missing))]


def rpt_009(books: Books, calendar: Calendar) -> list[dict]:
    """ "submitted_to differs from the contestant's `commission` in `contestants` (… case and white space ignored); one finding per
    contestant". White space is ignored wherever it stands. One of the two empty: not compared."""
    if books.record is None or books.record.commission is None:
        return []
    commission = without_case_or_space(books.record.commission)
    filings = [report.filing for report in books.not_superseded if report.filing is not None and report.filing.submitted_to is not None]
    elsewhere = [filing for filing in filings if without_case_or_space(filing.submitted_to) != commission]
    return [finding("RPT-009", books, rows=rows_in_filings(*elsewhere))] if elsewhere else []


def rpt_010(books: Books, calendar: Calendar) -> list[dict]:
    """ "a line dated outside its report's period (kinds deposit and deposit_refund left out)"; sum / 0.

    Reading: one finding per contestant, with the lines of every report that is not superseded, interim and final. Of a period of which
    one end is known, that end is compared.
    """
    found = []
    for report in books.not_superseded:
        start, end = report.period
        for line in report.lines:
            if line.readable and line.kind not in ("deposit", "deposit_refund"):
                if (start is not None and line.day < start) or (end is not None and line.day > end):
                    found.append(line)
    if not found:
        return []
    measured = money_text(total(found))
    return [finding("RPT-010", books, measured=measured, limit="0.00", excess=measured, rows=rows_of(found))]


def of_all(check: Callable[[Books, Calendar], list[dict]]) -> Callable[[Case], list[dict]]:
    """A rule about one contestant and the calendar, asked of all contestants."""
    return lambda case: [found for books in case.books for found in check(books, case.calendar)]


RULES = {
    "RPT-001": of_all(rpt_001),
    "RPT-002": of_all(rpt_002),
    "RPT-003": of_all(rpt_003),
    "RPT-004": of_all(rpt_004),
    "RPT-005": of_all(rpt_005),
    "RPT-006": of_all(rpt_006),
    "RPT-007": of_all(rpt_007),
    "RPT-008": of_all(rpt_008),
    "RPT-009": of_all(rpt_009),
    "RPT-010": of_all(rpt_010),
    "RPT-011": of_all(rpt_011),
}
# "RPT-001, 004…007, 009, 011: `filings` with the columns they name · RPT-002, 003: `contestants`, and RPT-003 report_type in `reports` or
# `filings` · RPT-008, 010: report_type; RPT-010 the period, in `reports` or `filings`". Registered contestants are told by `status`.
NEEDS: dict[str, Needs] = {
    "RPT-001": all_of("filings", "received_on"),
    "RPT-002": all_of("contestants", "status"),
    "RPT-003": [*all_of("contestants", "status"), [("reports", "report_type"), ("filings", "report_type")]],
    "RPT-004": all_of("filings", "published_on"),
    "RPT-005": all_of("filings", *STATED_TOTALS),
    "RPT-006": all_of("filings", "opening_balance", "total_receipts", "total_spent", "closing_balance"),
    "RPT-007": all_of("filings", "opening_balance", "closing_balance"),
    "RPT-008": all_of("reports", "report_type"),
    "RPT-009": [*all_of("filings", "submitted_to"), *all_of("contestants", "commission")],
    "RPT-010": [
        *all_of("reports", "report_type"),
        [("reports", "period_start"), ("filings", "period_start")],
        [("reports", "period_end"), ("filings", "period_end")],
    ],
    "RPT-011": all_of("filings", "published_on"),
}
