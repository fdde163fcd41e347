"""A slow, plain reference implementation of the rules, for property tests against the engine.

Written from filing-format.md, rule-catalogue.md and output.md alone; it shares no code with the project, on purpose.
Sentences of these documents are quoted in the docstrings. Where they leave a choice, the reading that is taken says so ("Reading:").
Money is kept as whole tiyn (1/100 KZT) in Python integers, so every sum is exact.

Here: DON-003, SRC-001..007, FND-005, EXP-003, EXP-004, SUB-004..009, DEP-001..003, ACC-001..005, and the interface.
oracle_sums: DON-001, DON-002, FND-001..004, EXP-001, EXP-002, SUB-001..003 · oracle_vendors: EXP-005, EXP-006 ·
oracle_bank: BNK-001..003 · oracle_reports: RPT-001..011 · oracle_registration: REG-001..004 · oracle_leads: LED-001..008, LED-010,
LED-011 (LED-009, names that are probably one donor, has no oracle).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import oracle_bank
import oracle_leads
import oracle_registration
import oracle_reports
import oracle_vendors
from oracle_books import Books, Calendar, Case, for_each_contestant, read_books
from oracle_cells import money_text, tenge
from oracle_filing import Columns, Line, Tables, has_table
from oracle_needs import DONOR_NEEDS, Needs
from oracle_sums import (
    DONATION_CAPS,
    SUBSIDY_CAPS,
    Sum,
    contestant_sums,
    crossing_row,
    donor_sums,
    end_of_day_sums,
    finding,
    judge_sum,
    rows_of,
    total,
)

SUBSIDISED = tuple(category for categories, _ in SUBSIDY_CAPS.values() for category in categories)
DEPOSIT = tenge(1_050_000)
CAMPAIGN_BEGINS, CAMPAIGN_ENDS = date(2023, 2, 18), date(2023, 3, 17)
FUND_KINDS = ("own_funds", "donation", "expenditure", "donation_refund", "expenditure_refund")


def don_003(books: Books) -> list[dict]:
    """ "the donor was over the cap of DON-001 or DON-002 at the end of some day, but is not over it now, because money went back (minor,
    `remedied: true`)"; measured: "highest net sum at the end of a day (the first such day)"; rows: "all the lines up to and including
    that day". A donor filed under two types: one finding, of the highest sum of both."""
    found: dict[str, list[tuple[Decimal, date, dict]]] = {}
    for rule in DONATION_CAPS:
        for the_sum in donor_sums(books, rule):
            days = end_of_day_sums(the_sum)
            highest = max((net for _, net in days), default=0)
            if highest <= the_sum.limit or the_sum.net() > the_sum.limit:
                continue
            first_day = min(day for day, net in days if net == highest)
            one = finding(
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
            found.setdefault(the_sum.subject, []).append((-highest, first_day, one))
    return [min(several, key=lambda each: each[:2])[2] for several in found.values()]


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


def deposit_tenths(last_vote_share: Decimal | None) -> int:
    """ "the share by last_vote_share is 0 from 5 %, 0.5 from 3 % to under 5 %, 0.7 from 1 % to under 3 %, else 1", in tenths."""
    if last_vote_share is None or last_vote_share < 1:
        return 10
    return 7 if last_vote_share < 3 else 5 if last_vote_share < 5 else 0


def dep_001(books: Books) -> list[dict]:
    """ "deposits paid are less than required = 1,050,000 × candidates (list_size, or 1) × share … Undetermined instead where the
    contestant has no final report, a deposit line (or one of unknown kind) could not be read, or a party list whose share is not 0 has
    no list_size"."""
    if not books.is_registered:
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
    if not undetermined and books.lacks_lines:
        return []  # Reading: not assessed, like the other sums; a deposit may stand in the lines that are not here.
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
    if not books.is_registered or books.record.registered_on is None:
        return []
    late = [line for line in books.of_kind("deposit") if line.day > books.record.registered_on]
    return forbidden("DEP-002", books, late)


def dep_003(books: Books) -> list[dict]:
    """ "a deposit is refunded to a contestant that is not elected (`no`) and has a vote_share under 5 %; kept where elected or 5 % and
    more; otherwise undetermined, also where both are empty"."""
    refunds = books.of_kind("deposit_refund")
    if not books.is_registered or not refunds:
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


# ------------------------------------------------------------------------------------------- the rules, and what they need


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

NEEDS: dict[str, Needs] = {
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


# ----------------------------------------------------------------------------------------------------------------- interface

AS_OF = Calendar().as_of
FIRST_RULES = tuple(RULES)  # those that look at the books of one contestant, and what an old call of audit() answers
OTHER_MODULES = (oracle_bank, oracle_leads, oracle_registration, oracle_reports, oracle_vendors)
ALL_RULES: dict[str, Callable[[Case], list[dict]]] = {rule: for_each_contestant(check) for rule, check in RULES.items()}
for module in OTHER_MODULES:
    ALL_RULES |= module.RULES
    NEEDS |= module.NEEDS


def calendar_of(as_of: date, overrides: dict[str, date] | None) -> Calendar:
    """The election file's days with those that are given instead, such as `results_published`."""
    return replace(Calendar(as_of=as_of), **(overrides or {}))


def not_assessed(tables: Tables, columns: Columns, overrides: dict[str, date] | None = None) -> set[str]:
    """ "each rule that needs [a missing table or optional column] is listed as `not_assessed`"; "RPT-001 and RPT-002 are `not_assessed`
    until [the day the results were published] is given"."""

    def present(table: str, column: str) -> bool:
        return has_table(table, tables, columns) and column in columns[table]

    lacking = {rule for rule, needs in NEEDS.items() if not all(any(present(*one) for one in choice) for choice in needs)}
    published = calendar_of(AS_OF, overrides).results_published
    return lacking | ({"RPT-001", "RPT-002"} if published is None else set())


def audit(
    tables: Tables,
    columns: Columns,
    *,
    rules: Iterable[str] = FIRST_RULES,
    as_of: date = AS_OF,
    overrides: dict[str, date] | None = None,
) -> list[dict]:
    """All findings under the rules; "Findings are ordered by contestant, rule, subject (code points, null first)"."""
    case = Case(read_books(tables, columns), tables, columns, calendar_of(as_of, overrides))
    asked = set(rules) & set(ALL_RULES) - not_assessed(tables, columns, overrides)
    findings = [found for rule in asked for found in ALL_RULES[rule](case)]
    return sorted(findings, key=lambda f: (null_first(f["contestant_id"]), f["rule"], null_first(f["subject"])))


def null_first(value: str | None) -> tuple[bool, str]:
    """How text is ordered, "code points, null first"."""
    return (value is not None, value or "")


def totals(tables: Tables, columns: Columns) -> dict[tuple[str, str], str]:
    """ "a contestant's sums under FND-001…004, EXP-001, EXP-002, SUB-001…003 that apply to it, kept ones too"."""
    skipped = not_assessed(tables, columns)
    return {
        (books.contestant_id, the_sum.rule): money_text(the_sum.net())
        for books in read_books(tables, columns)
        for the_sum in contestant_sums(books)
        if the_sum.rule not in skipped
    }
