"""A slow, plain reference implementation of some of the rules, for property tests against the engine.

Written from filing-format.md, rule-catalogue.md and output.md alone; it shares no code with the project, on purpose.
Sentences of these documents are quoted in the docstrings. Money is kept as whole tiyn (1/100 KZT) in Python integers, so every
sum is exact. Rules: DON-001..003, SRC-001..007, FND-001..005, EXP-001..004, SUB-001..009, DEP-001..003, ACC-001..005.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Row = dict[str, str]
Tables = dict[str, list[tuple[int, Row]]]
Columns = dict[str, list[str]]

RAGGED = "__ragged__"

# ---------------------------------------------------------------------------------------------------------------- parameters

REQUIRED = {
    "reports": ("contestant_id", "contest", "date", "kind", "amount"),
    "contestants": ("contestant_id", "contest", "name"),
    "filings": ("report_id", "contestant_id", "report_type", "period_start", "period_end"),
}
CONTESTS = ("party_list", "single_mandate")
REPORT_TYPES = ("interim", "final")
KINDS = (
    "own_funds", "donation", "expenditure", "expenditure_refund", "donation_refund", "budget_transfer", "subsidy", "deposit",
    "deposit_refund",
)  # fmt: skip
COUNTERPARTY_TYPES = (
    "individual", "organisation", "political_party", "contestant", "state_body", "state_funded_organisation", "local_government",
    "charity", "religious_organisation", "foreign", "foreign_owned", "anonymous",
)  # fmt: skip
PAYMENT_METHODS = ("bank_transfer", "cash", "card", "in_kind")
FUNDING_SOURCES = ("own_resources", "annual_public_funding")
CATEGORIES = (
    "television", "radio", "periodicals", "online", "social_media", "outdoor", "printed_materials", "public_events", "transport",
    "premises", "staff", "polling", "other_services", "gifts", "charity", "other",
)  # fmt: skip
STATUSES = ("registered", "withdrawn", "deregistered")
YES_NO = ("yes", "no")


def tenge(whole: int) -> int:
    """Tenge as tiyn."""
    return whole * 100


DONATION_CAPS = {  # rule: (types it is about, cap)
    "DON-001": (("individual",), tenge(7_000_000)),
    "DON-002": (("organisation", "political_party"), tenge(35_000_000)),
}
OWN_CAPS = {"party_list": ("FND-001", tenge(350_000_000)), "single_mandate": ("FND-003", tenge(14_000_000))}
ALL_DONATIONS_CAPS = {"party_list": ("FND-002", tenge(700_000_000)), "single_mandate": ("FND-004", tenge(35_000_000))}
SPENDING_CAPS = {"single_mandate": ("EXP-001", tenge(49_000_000)), "party_list": ("EXP-002", tenge(1_050_000_000))}
SUBSIDY_CAPS = {
    "SUB-001": (("television", "radio", "periodicals"), tenge(450_000)),
    "SUB-002": (("public_events", "printed_materials"), tenge(300_000)),
    "SUB-003": (("transport",), tenge(200_000)),
}
SUBSIDISED = tuple(category for categories, _ in SUBSIDY_CAPS.values() for category in categories)
DEPOSIT = tenge(1_050_000)
CAMPAIGN_BEGINS, CAMPAIGN_ENDS = date(2023, 2, 18), date(2023, 3, 17)
FUND_KINDS = ("own_funds", "donation", "expenditure", "donation_refund", "expenditure_refund")

# "Critical: … Major: … Minor: the rest."
CRITICAL = {"SRC-001", "SRC-002", "SRC-003", "SRC-004", "SRC-005", "SRC-007", "EXP-004"}
MAJOR = {
    "DON-001", "DON-002", "SRC-006", "FND-001", "FND-002", "FND-003", "FND-004", "EXP-001", "EXP-002", "EXP-003", "SUB-001", "SUB-002",
    "SUB-003", "SUB-004", "SUB-005", "SUB-007", "SUB-009", "DEP-001", "DEP-002", "DEP-003", "ACC-001", "ACC-002", "ACC-003",
}  # fmt: skip


def severity_of(rule: str) -> str:
    """The rule's own severity."""
    return "critical" if rule in CRITICAL else "major" if rule in MAJOR else "minor"


# --------------------------------------------------------------------------------------------------------------------- cells


def text(row: Row, column: str) -> str | None:
    """ "Cells are trimmed"; an empty or missing cell is None."""
    return (row.get(column) or "").strip() or None


def code(row: Row, column: str, allowed: tuple[str, ...]) -> str | None:
    """ "codes … are compared without regard to case"; a value outside its closed list is treated as empty."""
    value = (text(row, column) or "").lower()
    return value if value in allowed else None


GROUP_SPACES = " \u00a0\u2009\u202f"
MONEY = re.compile(
    rf"(?P<whole>[0-9]+|[0-9]{{1,3}}(?:[{GROUP_SPACES}][0-9]{{3}})+)(?:[.,](?P<part>[0-9]{{1,2}}))?[{GROUP_SPACES}]*(?:KZT|тг|тенге|₸)?",
    re.IGNORECASE,
)


def amount_of(cell: str | None) -> int | None:
    """ "Read: `7000000`, `7000000.5`, `7000000,50`, `7 000 000,00` (groups of three …), and a trailing `KZT`, `тг`, `тенге` or `₸`.
    Everything else … is a problem"; "`amount` must be more than zero"."""
    match = MONEY.fullmatch(cell or "")
    if match is None:
        return None
    whole = "".join(c for c in match["whole"] if c not in GROUP_SPACES)
    tiyn = int(whole) * 100 + int((match["part"] or "").ljust(2, "0"))
    return tiyn if tiyn > 0 else None


def money_text(tiyn: int) -> str:
    """ "money is a string with two decimals"."""
    whole, part = divmod(abs(tiyn), 100)
    return f"{'-' if tiyn < 0 else ''}{whole}.{part:02d}"


def date_of(cell: str | None) -> date | None:
    """ "Dates are `2023-02-18`, `18.02.2023` … `02/18/2023` and impossible dates are a problem."."""
    cell = cell or ""
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", cell):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", cell):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def number_of(cell: str | None) -> Decimal | None:
    """ "Shares and quantities are plain numbers with a point or a comma and any number of decimals; one that cannot be read …
    counts as empty."."""
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", cell or "") is None:
        return None
    return Decimal(cell.replace(",", "."))


def whole_number_of(cell: str | None) -> int | None:
    """list_size: "whole number"."""
    number = number_of(cell)
    return int(number) if number is not None and number == int(number) else None


def check_digit_agrees(digits: str) -> bool:
    """ "the sum of digit × weight modulo 11 with weights 1…11; if that is 10, with weights 3,4,5,6,7,8,9,10,11,1,2; if it is 10
    again the number was never issued"."""
    first = sum(int(d) * w for d, w in zip(digits[:11], (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), strict=True)) % 11
    if first != 10:
        return first == int(digits[11])
    second = sum(int(d) * w for d, w in zip(digits[:11], (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), strict=True)) % 11
    return second != 10 and second == int(digits[11])


def id_digits(cell: str | None) -> str | None:
    """ "Spaces and hyphens in a counterparty_id are ignored; one of 9 to 11 digits that becomes valid with leading zeros is read so …;
    a cell of hyphens alone is empty; any other that has not 12 digits is a problem and is treated as empty."."""
    bare = re.sub(r"[\s\-\u2010\u2011]", "", cell or "")
    if re.fullmatch(r"[0-9]{12}", bare):
        return bare
    if re.fullmatch(r"[0-9]{9,11}", bare) and check_digit_agrees(bare.zfill(12)):
        return bare.zfill(12)
    return None


def iban_of(cell: str | None) -> str | None:
    """ "An IBAN (spaces ignored) whose check digits fail is a problem, and counts as written."."""
    return re.sub(r"\s", "", cell or "").upper() or None


QUOTES = set("\u0022\u0027\u0060\u00ab\u00bb\u00b4\u2032\u2033\u2039\u203a\u02bb\u02bc") | {chr(c) for c in range(0x2018, 0x2020)}
WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def name_key(name: str | None) -> str | None:
    """ "quotation marks and apostrophes removed …, then Unicode NFKC, lower case, runs of Unicode white space as one space, none at
    the ends"."""
    bare = "".join(c for c in name or "" if c not in QUOTES)
    return re.sub(f"[{WHITE_SPACE}]+", " ", unicodedata.normalize("NFKC", bare).lower()).strip(" ") or None


# --------------------------------------------------------------------------------------------------------- lines and registers


@dataclass(frozen=True)
class Line:
    """A row of `reports`; `lacks` names what made it unreadable (empty: it could be read)."""

    row: int
    contestant_id: str | None
    contest: str | None
    report_id: str | None
    report_type: str | None
    period: tuple[date | None, date | None]
    received_on: date | None
    day: date | None
    kind: str | None
    amount: int | None
    type: str | None
    id: str | None
    key: str | None
    fund_account: str | None
    payment_method: str | None
    funding_source: str | None
    category: str | None
    contract_no: str | None
    invoice_no: str | None
    lacks: frozenset[str]

    @property
    def readable(self) -> bool:
        return not self.lacks

    @property
    def lacks_only_an_amount(self) -> bool:
        return self.lacks == {"amount"}


@dataclass(frozen=True)
class Contestant:
    """A row of `contestants`."""

    row: int
    contestant_id: str
    contest: str
    status: str | None
    registered_on: date | None
    fund_account: str | None
    account_opened_on: date | None
    list_size: int | None
    last_vote_share: Decimal | None
    vote_share: Decimal | None
    elected: str | None
    person_id: str | None


@dataclass(frozen=True)
class Filing:
    """A row of `filings`."""

    row: int
    report_id: str
    contestant_id: str
    report_type: str
    period: tuple[date, date]
    received_on: date | None


@dataclass
class Report:
    """A report: what was filed at one time by one contestant."""

    contestant_id: str
    report_type: str
    period: tuple[date | None, date | None]
    received_on: date | None = None
    filings_row: int = 0
    lines: list[Line] = field(default_factory=list)

    def rank(self) -> tuple:
        """ "the one received last counts … Same day: the one whose last line has the higher row number (without lines: the higher row
        in `filings`)". Without received_on: before any that has one."""
        last_row = max((line.row for line in self.lines), default=0)
        return (self.received_on is not None, self.received_on or date.min, last_row, self.filings_row)


def has_table(table: str, tables: Tables, columns: Columns) -> bool:
    """ "Another table without one of its own [required columns] … is treated as missing."."""
    return table in tables and all(column in columns.get(table, []) for column in REQUIRED[table])


def is_empty_row(row: Row) -> bool:
    """ "empty rows are skipped"."""
    return all(not (value or "").strip() for column, value in row.items() if column != RAGGED)


def is_total_line(row: Row) -> bool:
    """ "A total line ("Итого", "Барлығы", "Всего" in a text cell and no kind) is left out with a note."."""
    if text(row, "kind") is not None:
        return False
    return any(re.match(r"\s*(итого|барлығы|всего)\b", value or "", re.IGNORECASE) for column, value in row.items() if column != RAGGED)


def records(table: str, tables: Tables, columns: Columns) -> list[tuple[int, Row]]:
    """The rows of a table other than `reports` that can be used: not empty, not ragged, in the order of the file."""
    if not has_table(table, tables, columns):
        return []
    return [(number, row) for number, row in sorted(tables[table], key=lambda item: item[0]) if not is_empty_row(row) and RAGGED not in row]


def read_register(tables: Tables, columns: Columns) -> dict[str, Contestant]:
    """ "a record without a readable required cell … is a problem and is left out". Of several rows of one contestant: the first."""
    register: dict[str, Contestant] = {}
    for number, row in records("contestants", tables, columns):
        contestant_id, contest, name = text(row, "contestant_id"), code(row, "contest", CONTESTS), text(row, "name")
        if contestant_id is None or contest is None or name is None or contestant_id in register:
            continue
        register[contestant_id] = Contestant(
            row=number,
            contestant_id=contestant_id,
            contest=contest,
            status=code(row, "status", STATUSES),
            registered_on=date_of(text(row, "registered_on")),
            fund_account=iban_of(text(row, "fund_account")),
            account_opened_on=date_of(text(row, "account_opened_on")),
            list_size=whole_number_of(text(row, "list_size")),
            last_vote_share=number_of(text(row, "last_vote_share")),
            vote_share=number_of(text(row, "vote_share")),
            elected=code(row, "elected", YES_NO),
            # "In the other tables ids are read the same way but count as written": one without 12 digits equals no counterparty_id.
            person_id=id_digits(text(row, "person_id")),
        )
    return register


def read_line(number: int, row: Row, register: dict[str, Contestant], columns: Columns) -> Line:
    """ "A line without a readable contestant_id, contest (unless the register knows it), report_type (where the column is there), date,
    kind or amount *could not be read*". "Otherwise the line counts, with that cell treated as empty."."""
    contestant_id = text(row, "contestant_id")
    contest = code(row, "contest", CONTESTS)
    report_type = code(row, "report_type", REPORT_TYPES)
    day = date_of(text(row, "date"))
    kind = code(row, "kind", KINDS)
    amount = amount_of(text(row, "amount"))
    digits = id_digits(text(row, "counterparty_id"))

    lacks = set()
    if contestant_id is None:
        lacks.add("contestant_id")
    if contest is None and contestant_id not in register:
        lacks.add("contest")
    if report_type is None and "report_type" in columns["reports"]:
        lacks.add("report_type")
    if day is None:
        lacks.add("date")
    if kind is None:
        lacks.add("kind")
    if amount is None:
        lacks.add("amount")
    if RAGGED in row:  # "A record with the wrong number of cells lacks more than an amount."
        lacks.add("cells")

    return Line(
        row=number,
        contestant_id=contestant_id,
        contest=contest,
        report_id=text(row, "report_id"),
        report_type=report_type,
        period=(date_of(text(row, "period_start")), date_of(text(row, "period_end"))),
        received_on=date_of(text(row, "received_on")),
        day=day,
        kind=kind,
        amount=amount,
        type=code(row, "counterparty_type", COUNTERPARTY_TYPES),
        id=digits,
        key=digits or name_key(text(row, "counterparty_name")),
        fund_account=iban_of(text(row, "fund_account")),
        payment_method=code(row, "payment_method", PAYMENT_METHODS),
        funding_source=code(row, "funding_source", FUNDING_SOURCES),
        category=code(row, "category", CATEGORIES),
        contract_no=text(row, "contract_no"),
        invoice_no=text(row, "invoice_no"),
        lacks=frozenset(lacks),
    )


def read_lines(tables: Tables, columns: Columns, register: dict[str, Contestant]) -> list[Line]:
    """All lines of `reports` in the order of the file; "`reports` without one of its required columns cannot be read"."""
    if not has_table("reports", tables, columns):
        raise ValueError("reports lacks a required column")
    rows = sorted(tables["reports"], key=lambda item: item[0])
    return [read_line(number, row, register, columns) for number, row in rows if not is_empty_row(row) and not is_total_line(row)]


def read_filings(tables: Tables, columns: Columns, known: set[str]) -> list[Filing]:
    """ "a record without a readable required cell, or of a contestant known nowhere else, is a problem and is left out"."""
    filings = []
    for number, row in records("filings", tables, columns):
        report_id, contestant_id = text(row, "report_id"), text(row, "contestant_id")
        report_type = code(row, "report_type", REPORT_TYPES)
        start, end = date_of(text(row, "period_start")), date_of(text(row, "period_end"))
        if report_id is None or report_type is None or start is None or end is None or contestant_id not in known:
            continue
        filings.append(Filing(number, report_id, contestant_id, report_type, (start, end), date_of(text(row, "received_on"))))
    return filings


# --------------------------------------------------------------------------------------------------------------------- books


def assign_to_reports(lines: list[Line], filings: list[Filing], columns: Columns) -> tuple[list[Report], dict[str, list[Line]]]:
    """Every line to its report. Also returns, by contestant, the unreadable lines that belong to no report but to the books.

    "the report that this line was filed in; where absent, the one report of that contestant, type and period". "absent column
    [report_type]: all lines are of one final report". "Where `filings` has a report_id, its type, period and dates count".
    """
    with_type = "report_type" in columns["reports"]
    by_id: dict[str, Filing] = {}
    reports: dict[tuple, Report] = {}  # (contestant, report_id), or (contestant, None, type, period), or (contestant, None)
    for filing in filings:
        by_id.setdefault(filing.report_id, filing)
        reports.setdefault(
            (filing.contestant_id, filing.report_id),
            Report(filing.contestant_id, filing.report_type, filing.period, filing.received_on, filing.row),
        )

    readable = [line for line in lines if line.readable]

    def names_its_report(line: Line) -> bool:
        return line.report_id is not None and (with_type or line.report_id in by_id)

    named = [line for line in readable if names_its_report(line)]
    unnamed = [line for line in readable if not names_its_report(line)]
    where: dict[tuple[str, str], Report] = {}  # (contestant, report_id) -> report, for every report_id that is known

    for line in named:
        report = reports.get((line.contestant_id, line.report_id))
        if report is None:
            filing = by_id.get(line.report_id)
            report = Report(line.contestant_id, filing.report_type, filing.period, filing.received_on) if filing else None
            report = report or Report(line.contestant_id, line.report_type, line.period)
            reports[line.contestant_id, line.report_id] = report
        if report.filings_row == 0 and line.report_id not in by_id:
            # What no filing states is what the lines state: of each fact the first.
            start, end = report.period
            report.period = (start or line.period[0], end or line.period[1])
        report.received_on = report.received_on or line.received_on
        report.lines.append(line)
    where.update(reports)

    joined: list[tuple[Report, Line]] = []
    for line in unnamed:
        candidates = [
            report
            for report in where.values()
            if report.contestant_id == line.contestant_id
            and ((report.report_type, report.period) == (line.report_type, line.period) if with_type else report.report_type == "final")
        ]
        if candidates:
            joined.append((max(candidates, key=Report.rank), line))
            continue
        if with_type:
            key = (line.contestant_id, None, line.report_type, line.period)
        else:
            key = (line.contestant_id, None)
        if key not in reports:
            reports[key] = Report(line.contestant_id, line.report_type if with_type else "final", line.period)
        report = reports[key]
        report.received_on = report.received_on or line.received_on
        joined.append((report, line))
    for report, line in joined:
        report.lines.append(line)
        if line.report_id is not None:
            where.setdefault((line.contestant_id, line.report_id), report)

    # "it belongs to the report of its report_id, without one to the books of its contestant"
    owner: dict[str, str] = {filing.report_id: filing.contestant_id for filing in reversed(filings)}
    for line in readable:
        if line.report_id is not None:
            owner.setdefault(line.report_id, line.contestant_id)
    loose: dict[str, list[Line]] = {}
    for line in lines:
        if line.readable:
            continue
        contestant_id = line.contestant_id or owner.get(line.report_id)
        report = where.get((contestant_id, line.report_id))
        if report is not None:
            report.lines.append(line)
        elif contestant_id is not None:
            loose.setdefault(contestant_id, []).append(line)
    return list(reports.values()), loose


def not_superseded(reports: Iterable[Report]) -> list[Report]:
    """ "Where a report of the same contestant, type and period was filed more than once, the one received last counts and the earlier
    ones are superseded"."""
    groups: dict[tuple, list[Report]] = {}
    for report in reports:
        groups.setdefault((report.contestant_id, report.report_type, report.period), []).append(report)
    return [max(group, key=Report.rank) for group in groups.values()]


def lines_of_the_books(reports: list[Report]) -> list[Line]:
    """ "If the contestant has a final report, its lines are the books … Otherwise the books are the lines of all its interim reports
    together. Of several final reports with different periods, the one received last."."""
    counted = not_superseded(reports)
    finals = [report for report in counted if report.report_type == "final"]
    if finals:
        return max(finals, key=Report.rank).lines
    return [line for report in counted for line in report.lines]


@dataclass
class Books:
    """What the rules look at for one contestant."""

    contestant_id: str
    contest: str | None
    record: Contestant | None
    has_final: bool
    lines: list[Line]  # readable, by row
    unreadable: list[Line]  # by row

    @property
    def person_id(self) -> str | None:
        return self.record.person_id if self.record else None

    def of_kind(self, *kinds: str) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds]

    def is_by_contestant(self, line: Line) -> bool:
        """ "`counterparty_type` `contestant`, or counterparty_id = person_id"."""
        return line.type == "contestant" or (line.id is not None and line.id == self.person_id)

    def is_own_refund(self, line: Line) -> bool:
        """ "a refund of it lowers own funds": the refund of a donation by the contestant."""
        own_keys = {other.key for other in self.of_kind("donation") if self.is_by_contestant(other)} - {None}
        return self.is_by_contestant(line) or (line.type is None and line.key in own_keys)

    def is_own_money(self, line: Line) -> bool:
        """A line of the contestant's own money, as against a donor's."""
        if line.kind == "own_funds":
            return True
        return self.is_own_refund(line) if line.kind == "donation_refund" else self.is_by_contestant(line)


def read_books(tables: Tables, columns: Columns) -> list[Books]:
    """ "The contestants are those of `contestants` and of `reports` together."."""
    register = read_register(tables, columns)
    lines = read_lines(tables, columns, register)
    known = set(register) | {line.contestant_id for line in lines if line.contestant_id is not None}
    reports, loose = assign_to_reports(lines, read_filings(tables, columns, known), columns)

    all_books = []
    for contestant_id in sorted(known):
        own = [report for report in reports if report.contestant_id == contestant_id]
        record = register.get(contestant_id)
        contests = [line.contest for line in lines if line.contest is not None and line.contestant_id == contestant_id]
        in_books = sorted(lines_of_the_books(own) + loose.get(contestant_id, []), key=lambda line: line.row)
        all_books.append(
            Books(
                contestant_id=contestant_id,
                contest=record.contest if record else (contests or [None])[0],
                record=record,
                has_final=any(report.report_type == "final" for report in own),
                lines=[line for line in in_books if line.readable],
                unreadable=[line for line in in_books if not line.readable],
            )
        )
    return all_books


# ------------------------------------------------------------------------------------------------------------------ findings


def finding(
    rule: str,
    books: Books,
    *,
    subject: str | None = None,
    outcome: str = "breach",
    severity: str | None = None,
    remedied: bool = False,
    measured: str | int | None,
    limit: str | int | None,
    excess: str | int | None,
    rows: Iterable[tuple[str, int]],
    crossing: int | None = None,
) -> dict:
    return {
        "rule": rule,
        "outcome": outcome,
        "severity": severity or severity_of(rule),
        "remedied": remedied,
        "contestant_id": books.contestant_id,
        "subject": subject,
        "measured": measured,
        "limit": limit,
        "excess": excess,
        "rows": sorted(rows),
        "crossing": crossing,
    }


def rows_of(lines: Iterable[Line]) -> list[tuple[str, int]]:
    return [("reports", line.row) for line in lines]


def total(lines: Iterable[Line]) -> int:
    return sum(line.amount for line in lines)


# ------------------------------------------------------------------------------------------------------- sums with a limit


@dataclass
class Sum:
    """A sum with a limit: the lines added, the lines taken off, and the lines that could not be read and might do either."""

    rule: str
    limit: int
    subject: str | None = None
    plus: list[Line] = field(default_factory=list)
    minus: list[Line] = field(default_factory=list)
    could_raise: list[Line] = field(default_factory=list)
    could_lower: list[Line] = field(default_factory=list)
    could_do_either: list[Line] = field(default_factory=list)

    def lines(self) -> list[Line]:
        return self.plus + self.minus

    def net(self) -> int:
        return total(self.plus) - total(self.minus)

    def moves(self) -> list[tuple[Line, int]]:
        """Every line with what it adds, "in order of date and then of row"."""
        moves = [(line, line.amount) for line in self.plus] + [(line, -line.amount) for line in self.minus]
        return sorted(moves, key=lambda move: (move[0].day, move[0].row))


def crossing_row(the_sum: Sum) -> int | None:
    """ "the line at which the running net total, in order of date and then of row, first went over"."""
    running = 0
    for line, change in the_sum.moves():
        running += change
        if running > the_sum.limit:
            return line.row
    return None


def end_of_day_sums(the_sum: Sum) -> list[tuple[date, int]]:
    """The net sum at the end of every day on which it moved."""
    moves = the_sum.moves()
    days = sorted({line.day for line, _ in moves})
    return [(day, sum(change for line, change in moves if line.day <= day)) for day in days]


def judge_sum(books: Books, the_sum: Sum) -> list[dict]:
    """ "More than X": exactly X is kept. "a line that could only raise the sum makes a sum at or under the limit undetermined; one that
    could only lower it … makes a sum over the limit undetermined; one of unknown kind makes either undetermined."."""
    net = the_sum.net()
    is_over = net > the_sum.limit
    doubtful = (the_sum.could_lower if is_over else the_sum.could_raise) + the_sum.could_do_either
    if doubtful:
        return [
            finding(
                the_sum.rule,
                books,
                subject=the_sum.subject,
                outcome="undetermined",
                severity="major",
                measured=money_text(net),
                limit=money_text(the_sum.limit),
                excess=None,
                rows=rows_of(doubtful),
            )
        ]
    if is_over:
        return [
            finding(
                the_sum.rule,
                books,
                subject=the_sum.subject,
                measured=money_text(net),
                limit=money_text(the_sum.limit),
                excess=money_text(net - the_sum.limit),
                rows=rows_of(the_sum.lines()),
                crossing=crossing_row(the_sum),
            )
        ]
    return []


def donor_sums(books: Books, rule: str) -> list[Sum]:
    """DON-001, DON-002: "the donations of one … to one contestant, less what was refunded to that donor". "A donor filed under two types
    is summed by each rule for its own type, less all refunds to that donor." One sum for every donor that any line names."""
    types, cap = DONATION_CAPS[rule]
    sums: dict[str, Sum] = {}
    for line in books.lines + books.unreadable:
        # "Lines with neither name nor id belong to no donor: no cap applies to them"; own money is "not a donation" here.
        if line.key is None or line.kind not in ("donation", "donation_refund", None) or books.is_own_money(line):
            continue
        the_sum = sums.setdefault(line.key, Sum(rule, cap, line.key))
        might_be_of_type = line.type in types or line.type is None
        if line.kind == "donation_refund":
            (the_sum.minus if line.readable else the_sum.could_lower).append(line)
        elif line.kind == "donation" and line.readable and line.type in types:
            the_sum.plus.append(line)
        elif line.kind == "donation" and might_be_of_type:
            # Unreadable, or "An empty or unknown counterparty_type of a donation … counts as one that could only raise DON-001 and
            # DON-002 of that donor (`measured` is the sum without it)".
            the_sum.could_raise.append(line)
        elif line.kind is None and might_be_of_type:
            the_sum.could_do_either.append(line)
    return list(sums.values())


def fund_sum(books: Books, rule: str, cap: int, own: bool) -> Sum:
    """FND-001…004: "own funds = own_funds lines and donations by the contestant; the rest are donations"."""
    the_sum = Sum(rule, cap)
    for line in books.lines + books.unreadable:
        if line.kind is None:
            the_sum.could_do_either.append(line)
        elif line.kind in ("own_funds", "donation", "donation_refund") and books.is_own_money(line) == own:
            if line.kind == "donation_refund":
                (the_sum.minus if line.readable else the_sum.could_lower).append(line)
            else:
                (the_sum.plus if line.readable else the_sum.could_raise).append(line)
    return the_sum


def spending_sum(books: Books, rule: str, cap: int) -> Sum:
    """ "Spending = expenditure − expenditure_refund of the books."."""
    the_sum = Sum(rule, cap)
    for line in books.lines + books.unreadable:
        if line.kind is None:
            the_sum.could_do_either.append(line)
        elif line.kind == "expenditure":
            (the_sum.plus if line.readable else the_sum.could_raise).append(line)
        elif line.kind == "expenditure_refund":
            (the_sum.minus if line.readable else the_sum.could_lower).append(line)
    return the_sum


def subsidy_sum(books: Books, rule: str) -> Sum:
    """SUB-001…003: claims of the rule's categories."""
    categories, cap = SUBSIDY_CAPS[rule]
    the_sum = Sum(rule, cap)
    for line in books.lines + books.unreadable:
        if line.kind is None:
            the_sum.could_do_either.append(line)
        elif line.kind == "subsidy" and line.category in categories:
            (the_sum.plus if line.readable else the_sum.could_raise).append(line)
    return the_sum


def contestant_sums(books: Books) -> list[Sum]:
    """The sums with a limit that apply to the contestant as a whole."""
    if books.contest is None:
        return []
    own_rule, own_cap = OWN_CAPS[books.contest]
    donations_rule, donations_cap = ALL_DONATIONS_CAPS[books.contest]
    spending_rule, spending_cap = SPENDING_CAPS[books.contest]
    sums = [
        fund_sum(books, own_rule, own_cap, own=True),
        fund_sum(books, donations_rule, donations_cap, own=False),
        spending_sum(books, spending_rule, spending_cap),
    ]
    if books.contest == "single_mandate":  # "a party's claim is SUB-004 alone"
        sums += [subsidy_sum(books, rule) for rule in SUBSIDY_CAPS]
    return sums


def don_003(books: Books) -> list[dict]:
    """ "the donor was over the cap of DON-001 or DON-002 at the end of some day, but is not over it now, because money went back (minor,
    `remedied: true`)"; measured: "highest net sum at the end of a day (the first such day)"; rows: "all the lines up to and including
    that day". A donor filed under two types: one finding, the cap of DON-001 first."""
    found: dict[str, dict] = {}
    for rule in DONATION_CAPS:
        for the_sum in donor_sums(books, rule):
            days = end_of_day_sums(the_sum)
            highest = max((net for _, net in days), default=0)
            if highest <= the_sum.limit or the_sum.net() > the_sum.limit or the_sum.subject in found:
                continue
            first_day = min(day for day, net in days if net == highest)
            found[the_sum.subject] = finding(
                "DON-003",
                books,
                subject=the_sum.subject,
                remedied=True,
                measured=money_text(highest),
                limit=money_text(the_sum.limit),
                excess=money_text(highest - the_sum.limit),
                rows=rows_of(line for line in the_sum.lines() if line.day <= first_day),
                crossing=crossing_row(the_sum),
            )
    return list(found.values())


# ------------------------------------------------------------------------------------------- lines that should not be there


def lines_that_meet(books: Books, meets: Callable[[Line], bool]) -> list[Line]:
    """The readable lines that meet a condition, and those that do and lack only a readable amount."""
    return [line for line in books.lines if meets(line)] + [line for line in books.unreadable if line.lacks_only_an_amount and meets(line)]


def forbidden(
    rule: str, books: Books, found: list[Line], *, subject: str | None = None, refunds: Iterable[Line] = (), can_be_remedied: bool = False
) -> list[dict]:
    """ "a line that meets the condition and lacks only a readable amount enters the finding's rows with 0; if there is no other such line,
    the finding is `undetermined` with measured 0.00, limit 0.00, excess null, remedied false". With refunds (SRC): "less all refunds to
    that donor, not below 0.00"; "Where `measured` is 0.00 the finding stays, with `remedied: true` and severity minor."."""
    if not found:
        return []
    readable = [line for line in found if line.readable]
    if not readable:
        return [
            finding(rule, books, subject=subject, outcome="undetermined", measured="0.00", limit="0.00", excess=None, rows=rows_of(found))
        ]
    refunds = list(refunds)
    measured = max(0, total(readable) - total(refunds))
    remedied = can_be_remedied and measured == 0
    return [
        finding(
            rule,
            books,
            subject=subject,
            severity="minor" if remedied else None,
            remedied=remedied,
            measured=money_text(measured),
            limit="0.00",
            excess=money_text(measured),
            rows=rows_of(found + refunds),
        )
    ]


def says_non_resident(line: Line) -> bool:
    """ "a donor that is not an `individual` whose BIN says non-resident (fifth digit 5)"."""
    return line.type != "individual" and line.id is not None and line.id[4] == "5"


SOURCES: dict[str, Callable[[Line], bool]] = {
    "SRC-001": lambda line: line.type in ("state_body", "state_funded_organisation", "local_government"),
    "SRC-002": lambda line: line.type == "charity",
    "SRC-003": lambda line: line.type == "religious_organisation",
    "SRC-004": lambda line: line.type in ("foreign", "foreign_owned") or says_non_resident(line),
    "SRC-006": lambda line: line.payment_method == "in_kind",
}


def src_by_donor(books: Books, rule: str) -> list[dict]:
    """ "One finding per contestant and donor"; "the sum of the donor's donations that meet the condition less all refunds to that donor"."""
    donations = lines_that_meet(books, lambda line: line.kind == "donation" and SOURCES[rule](line))
    findings = []
    for key in {line.key for line in donations}:
        of_donor = [line for line in donations if line.key == key]
        refunds = [line for line in books.of_kind("donation_refund") if key is not None and line.key == key]
        findings += forbidden(rule, books, of_donor, subject=key, refunds=refunds, can_be_remedied=True)
    return findings


def is_anonymous(line: Line) -> bool:
    """ "`anonymous`, or neither name nor id is given"."""
    return line.type == "anonymous" or line.key is None


def src_005(books: Books) -> list[dict]:
    """ "one per contestant, subject null"; "the refunds are the donation_refund and budget_transfer lines that are themselves anonymous"."""
    donations = lines_that_meet(books, lambda line: line.kind == "donation" and is_anonymous(line))
    refunds = [line for line in books.of_kind("donation_refund", "budget_transfer") if is_anonymous(line)]
    return forbidden("SRC-005", books, donations, refunds=refunds, can_be_remedied=True)


def src_007(books: Books) -> list[dict]:
    """ "`party_list`: `own_funds` or an expenditure with `funding_source` `annual_public_funding`"."""
    if books.contest != "party_list":
        return []
    found = lines_that_meet(
        books, lambda line: line.kind in ("own_funds", "expenditure") and line.funding_source == "annual_public_funding"
    )
    return forbidden("SRC-007", books, found)


def exp_003(books: Books) -> list[dict]:
    """ "an expenditure dated before 18 Feb 2023 or after 17 Mar 2023 … the outcome is `undetermined` …; one finding per contestant;
    measured = their sum (refunds not deducted …), excess null". Not among the rules that lines without an amount enter."""
    found = [line for line in books.of_kind("expenditure") if not CAMPAIGN_BEGINS <= line.day <= CAMPAIGN_ENDS]
    if not found:
        return []
    measured = money_text(total(found))
    return [finding("EXP-003", books, outcome="undetermined", measured=measured, limit="0.00", excess=None, rows=rows_of(found))]


def exp_004(books: Books) -> list[dict]:
    """ "an expenditure of category `gifts` or `charity`" (refunds not deducted)."""
    found = lines_that_meet(books, lambda line: line.kind == "expenditure" and line.category in ("gifts", "charity"))
    return forbidden("EXP-004", books, found)


def fnd_005(books: Books) -> list[dict]:
    """ "at the end of some day the fund has paid out more than it had received …< 0 (in-kind lines left out: no money moved); reported
    once, for the day of the lowest balance (the first of them)"; rows: "all the lines up to and including that day"."""
    moved = [line for line in books.lines if line.payment_method != "in_kind"]
    balance = Sum(
        "FND-005",
        0,
        plus=[line for line in moved if line.kind in ("own_funds", "donation", "expenditure_refund")],
        minus=[line for line in moved if line.kind in ("expenditure", "donation_refund", "budget_transfer")],
    )
    days = end_of_day_sums(balance)
    lowest = min((net for _, net in days), default=0)
    if lowest >= 0:
        return []
    first_day = min(day for day, net in days if net == lowest)
    rows = rows_of(line for line in balance.lines() if line.day <= first_day)
    return [finding("FND-005", books, measured=money_text(lowest), limit="0.00", excess=money_text(lowest), rows=rows)]


# ------------------------------------------------------------------------------------------------------------ public subsidy


def sub_004(books: Books) -> list[dict]:
    """ "a `party_list` contestant claims a subsidy"."""
    if books.contest != "party_list":
        return []
    return forbidden("SUB-004", books, lines_that_meet(books, lambda line: line.kind == "subsidy"))


def sub_005(books: Books) -> list[dict]:
    """ "a claim in any other category, or none"."""
    if books.contest != "single_mandate":
        return []
    found = lines_that_meet(books, lambda line: line.kind == "subsidy" and line.category not in SUBSIDISED)
    return forbidden("SUB-005", books, found)


def counted(rule: str, books: Books, found: list[Line], limit: int) -> list[dict]:
    """A number of lines over a limit."""
    if len(found) <= limit:
        return []
    return [finding(rule, books, measured=len(found), limit=limit, excess=len(found) - limit, rows=rows_of(found))]


def sub_006(books: Books) -> list[dict]:
    """ "a claim without contract_no or without invoice_no; measured = number of such claims"."""
    if books.contest != "single_mandate":
        return []
    found = [line for line in books.of_kind("subsidy") if line.contract_no is None or line.invoice_no is None]
    return counted("SUB-006", books, found, 0)


def sub_007(books: Books) -> list[dict]:
    """ "a claim paid to the contestant … instead of the provider"."""
    if books.contest != "single_mandate":
        return []
    found = lines_that_meet(books, lambda line: line.kind == "subsidy" and books.is_by_contestant(line))
    return forbidden("SUB-007", books, found)


def sub_008(books: Books) -> list[dict]:
    """ "more than two claims for `periodicals`"."""
    if books.contest != "single_mandate":
        return []
    return counted("SUB-008", books, [line for line in books.of_kind("subsidy") if line.category == "periodicals"], 2)


def sub_009(books: Books) -> list[dict]:
    """ "the same invoice (counterparty_id and invoice_no) is both an expenditure of the fund and a subsidy claim; subject =
    counterparty_id, a space, invoice_no; measured = the claimed amount"; rows: "the claims and the expenditures"."""
    if books.contest != "single_mandate":
        return []
    findings = []
    invoices = {(line.id, line.invoice_no) for line in books.of_kind("subsidy") if line.id is not None and line.invoice_no is not None}
    for invoice in invoices:
        claims = [line for line in books.of_kind("subsidy") if (line.id, line.invoice_no) == invoice]
        payments = [line for line in books.of_kind("expenditure") if (line.id, line.invoice_no) == invoice]
        if payments:
            measured = money_text(total(claims))
            rows = rows_of(claims + payments)
            findings.append(
                finding("SUB-009", books, subject=" ".join(invoice), measured=measured, limit="0.00", excess=measured, rows=rows)
            )
    return findings


# ----------------------------------------------------------------------------------------------------------- election deposit


def is_registered(books: Books) -> bool:
    """ "needs `contestants`; status `registered`"."""
    return books.record is not None and books.record.status == "registered"


def deposit_tenths(last_vote_share: Decimal | None) -> int:
    """ "the share by last_vote_share is 0 from 5 %, 0.5 from 3 % to under 5 %, 0.7 from 1 % to under 3 %, else 1", in tenths."""
    if last_vote_share is None or last_vote_share < 1:
        return 10
    return 7 if last_vote_share < 3 else 5 if last_vote_share < 5 else 0


def dep_001(books: Books) -> list[dict]:
    """ "deposits paid are less than required = 1,050,000 × candidates (list_size, or 1) × share … Undetermined instead where the
    contestant has no final report, a deposit line (or one of unknown kind) could not be read, or a party list whose share is not 0 has
    no list_size"."""
    if not is_registered(books):
        return []
    tenths = deposit_tenths(books.record.last_vote_share)
    size_missing = books.contest == "party_list" and tenths != 0 and books.record.list_size is None
    candidates = 1 if books.record.list_size is None else books.record.list_size
    required = DEPOSIT * candidates * tenths // 10  # DEPOSIT is a multiple of 10: exact
    deposits = books.of_kind("deposit")
    paid = total(deposits)
    if not size_missing and paid >= required:
        return []
    unreadable = [line for line in books.unreadable if line.kind in ("deposit", None)]
    undetermined = size_missing or not books.has_final or bool(unreadable)
    return [
        finding(
            "DEP-001",
            books,
            outcome="undetermined" if undetermined else "breach",
            measured=money_text(paid),
            limit=None if size_missing else money_text(required),
            excess=None if undetermined else money_text(paid - required),
            rows=rows_of(deposits + unreadable),
        )
    ]


def dep_002(books: Books) -> list[dict]:
    """ "a deposit is dated after registered_on"."""
    if not is_registered(books) or books.record.registered_on is None:
        return []
    late = [line for line in books.of_kind("deposit") if line.day > books.record.registered_on]
    return forbidden("DEP-002", books, late)


def dep_003(books: Books) -> list[dict]:
    """ "a deposit is refunded to a contestant that is not elected (`no`) and has a vote_share under 5 %; kept where elected or 5 % and
    more; otherwise undetermined, also where both are empty"."""
    refunds = books.of_kind("deposit_refund")
    if not is_registered(books) or not refunds:
        return []
    elected, share = books.record.elected, books.record.vote_share
    if elected == "yes" or (share is not None and share >= 5):
        return []
    breach = elected == "no" and share is not None
    measured = money_text(total(refunds))
    return [
        finding(
            "DEP-003",
            books,
            outcome="breach" if breach else "undetermined",
            measured=measured,
            limit="0.00",
            excess=measured if breach else None,
            rows=rows_of(refunds),
        )
    ]


# ------------------------------------------------------------------------------------------------------------------ accounts


def is_at_designated_bank(iban: str) -> bool:
    """ "IBAN bank code 601": KZ, two check digits, three digits of the bank."""
    return iban[:2] == "KZ" and iban[4:7] == "601"


def acc_001(books: Books) -> list[dict]:
    """ "money of the fund (own_funds, donation, expenditure and their refunds) moves through a `fund_account` that is not at the
    designated bank"; "an empty fund_account breaks neither ACC-001 nor ACC-002"."""
    found = lines_that_meet(
        books, lambda line: line.kind in FUND_KINDS and line.fund_account is not None and not is_at_designated_bank(line.fund_account)
    )
    return forbidden("ACC-001", books, found)


def acc_002(books: Books) -> list[dict]:
    """ "the same through an account other than the contestant's in `contestants`"."""
    if books.record is None or books.record.fund_account is None:
        return []
    account = books.record.fund_account
    found = lines_that_meet(books, lambda line: line.kind in FUND_KINDS and line.fund_account not in (None, account))
    return forbidden("ACC-002", books, found)


def acc_003(books: Books) -> list[dict]:
    """ "a donation, own funds or an expenditure in `cash`"."""
    found = lines_that_meet(books, lambda line: line.kind in ("donation", "own_funds", "expenditure") and line.payment_method == "cash")
    return forbidden("ACC-003", books, found)


def acc_004(books: Books) -> list[dict]:
    """ "the account was opened before registration; measured = days"; rows: "the contestant's row in `contestants`"."""
    record = books.record
    if record is None or record.account_opened_on is None or record.registered_on is None:
        return []
    days = (record.registered_on - record.account_opened_on).days
    if days <= 0:
        return []
    return [finding("ACC-004", books, measured=days, limit=0, excess=days, rows=[("contestants", record.row)])]


def acc_005(books: Books) -> list[dict]:
    """ "money of the fund moved before the account was opened"."""
    if books.record is None or books.record.account_opened_on is None:
        return []
    opened = books.record.account_opened_on
    return forbidden("ACC-005", books, lines_that_meet(books, lambda line: line.kind in FUND_KINDS and line.day < opened))


# ----------------------------------------------------------------------------------------------------------------- interface


def by_sum(rule: str) -> Callable[[Books], list[dict]]:
    """The rules that are a sum of the contestant against a limit."""
    return lambda books: [f for the_sum in contestant_sums(books) if the_sum.rule == rule for f in judge_sum(books, the_sum)]


def by_donor_sum(rule: str) -> Callable[[Books], list[dict]]:
    """The rules that are a sum of the donor against a cap."""
    return lambda books: [f for the_sum in donor_sums(books, rule) for f in judge_sum(books, the_sum)]


def by_source(rule: str) -> Callable[[Books], list[dict]]:
    """The rules about the source of a donation."""
    return lambda books: src_by_donor(books, rule)


SUM_RULES = ("FND-001", "FND-002", "FND-003", "FND-004", "EXP-001", "EXP-002", "SUB-001", "SUB-002", "SUB-003")
RULES: dict[str, Callable[[Books], list[dict]]] = {
    **{rule: by_donor_sum(rule) for rule in DONATION_CAPS},
    **{rule: by_source(rule) for rule in SOURCES},
    **{rule: by_sum(rule) for rule in SUM_RULES},
    "DON-003": don_003,
    "SRC-005": src_005,
    "SRC-007": src_007,
    "FND-005": fnd_005,
    "EXP-003": exp_003,
    "EXP-004": exp_004,
    "SUB-004": sub_004,
    "SUB-005": sub_005,
    "SUB-006": sub_006,
    "SUB-007": sub_007,
    "SUB-008": sub_008,
    "SUB-009": sub_009,
    "DEP-001": dep_001,
    "DEP-002": dep_002,
    "DEP-003": dep_003,
    "ACC-001": acc_001,
    "ACC-002": acc_002,
    "ACC-003": acc_003,
    "ACC-004": acc_004,
    "ACC-005": acc_005,
}

# "Beyond the required columns of `reports`, a rule needs (all of them …)": each item is a list of (table, column) of which one is enough.
DONOR_NEEDS = [[("reports", "counterparty_type")], [("reports", "counterparty_id"), ("reports", "counterparty_name")]]
NEEDS: dict[str, list[list[tuple[str, str]]]] = {
    **{rule: DONOR_NEEDS for rule in ("DON-001", "DON-002", "DON-003", "SRC-001", "SRC-002", "SRC-003", "SRC-004", "SRC-005")},
    **{rule: [[("reports", "payment_method")]] for rule in ("SRC-006", "ACC-003")},
    "SRC-007": [[("reports", "funding_source")]],
    **{rule: [[("reports", "category")]] for rule in ("EXP-004", "SUB-001", "SUB-002", "SUB-003", "SUB-005", "SUB-008")},
    "SUB-006": [[("reports", "contract_no")], [("reports", "invoice_no")]],
    "SUB-007": [[("reports", "counterparty_type")]],
    "SUB-009": [[("reports", "counterparty_id")], [("reports", "invoice_no")]],
    "DEP-001": [[("contestants", "status")], [("contestants", "last_vote_share")]],
    "DEP-002": [[("contestants", "status")], [("contestants", "registered_on")]],
    "DEP-003": [[("contestants", "status")], [("contestants", "vote_share"), ("contestants", "elected")]],
    "ACC-001": [[("reports", "fund_account")]],
    "ACC-002": [[("contestants", "fund_account")], [("reports", "fund_account")]],
    "ACC-004": [[("contestants", "account_opened_on")], [("contestants", "registered_on")]],
    "ACC-005": [[("contestants", "account_opened_on")]],
}


def not_assessed(tables: Tables, columns: Columns) -> set[str]:
    """ "each rule that needs [a missing table or optional column] is listed as `not_assessed`"."""

    def present(table: str, column: str) -> bool:
        return has_table(table, tables, columns) and column in columns[table]

    return {rule for rule, needs in NEEDS.items() if not all(any(present(*one) for one in choice) for choice in needs)}


def audit(tables: Tables, columns: Columns) -> list[dict]:
    """All findings; "Findings are ordered by contestant, rule, subject (code points, null first)"."""
    skipped = not_assessed(tables, columns)
    findings = [
        found for books in read_books(tables, columns) for rule, check in RULES.items() if rule not in skipped for found in check(books)
    ]
    return sorted(findings, key=lambda f: (f["contestant_id"], f["rule"], f["subject"] is not None, f["subject"] or ""))


def totals(tables: Tables, columns: Columns) -> dict[tuple[str, str], str]:
    """ "a contestant's sums under FND-001…004, EXP-001, EXP-002, SUB-001…003 that apply to it, kept ones too"."""
    skipped = not_assessed(tables, columns)
    return {
        (books.contestant_id, the_sum.rule): money_text(the_sum.net())
        for books in read_books(tables, columns)
        for the_sum in contestant_sums(books)
        if the_sum.rule not in skipped
    }
