"""What was filed, as the oracle takes it: the tables, the lines of `reports`, the register and the faces of the reports."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oracle_cells import (
    Row,
    amount_of,
    balance_of,
    code,
    date_of,
    iban_of,
    id_digits,
    money_of,
    name_key,
    number_of,
    text,
    whole_number_of,
)

Tables = dict[str, list[tuple[int, Row]]]
Columns = dict[str, list[str]]

RAGGED = "__ragged__"

REQUIRED = {
    "reports": ("contestant_id", "contest", "date", "kind", "amount"),
    "contestants": ("contestant_id", "contest", "name"),
    "filings": ("report_id", "contestant_id", "report_type", "period_start", "period_end"),
    "candidates": ("candidate_id", "name", "contestant_id"),
    "price_lists": ("vendor_id",),
    "statement": ("fund_account", "date", "direction", "amount"),
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
STATED_TOTALS = ("own_funds", "donations", "total_receipts", "total_spent")


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
    name: str | None  # the counterparty's, as a donor's key is made of it
    key: str | None
    counterparty_account: str | None
    fund_account: str | None
    payment_method: str | None
    funding_source: str | None
    category: str | None
    contract_no: str | None
    invoice_no: str | None
    unit_price: int | None
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
    commission: str | None


@dataclass(frozen=True)
class Filing:
    """A row of `filings`: "the face of each report"."""

    row: int
    report_id: str
    contestant_id: str
    report_type: str
    period: tuple[date, date]
    received_on: date | None
    submitted_to: str | None
    published_on: date | None
    opening_balance: int | None
    closing_balance: int | None
    totals: dict[str, int]  # those that are stated and can be read


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
            commission=text(row, "commission"),
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
    name = name_key(text(row, "counterparty_name"))

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
        name=name,
        key=digits or name,
        counterparty_account=iban_of(text(row, "counterparty_account")),
        fund_account=iban_of(text(row, "fund_account")),
        payment_method=code(row, "payment_method", PAYMENT_METHODS),
        funding_source=code(row, "funding_source", FUNDING_SOURCES),
        category=code(row, "category", CATEGORIES),
        contract_no=text(row, "contract_no"),
        invoice_no=text(row, "invoice_no"),
        unit_price=money_of(text(row, "unit_price")),
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
        stated = {name: money_of(text(row, name)) for name in STATED_TOTALS}
        filings.append(
            Filing(
                row=number,
                report_id=report_id,
                contestant_id=contestant_id,
                report_type=report_type,
                period=(start, end),
                received_on=date_of(text(row, "received_on")),
                submitted_to=text(row, "submitted_to"),
                published_on=date_of(text(row, "published_on")),
                opening_balance=balance_of(text(row, "opening_balance")),
                closing_balance=balance_of(text(row, "closing_balance")),
                totals={name: tiyn for name, tiyn in stated.items() if tiyn is not None},
            )
        )
    return filings
