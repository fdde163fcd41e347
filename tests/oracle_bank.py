"""BNK-001..003: the books against the bank's own record of the campaign accounts."""

from dataclasses import dataclass
from datetime import date

from oracle_books import Case
from oracle_cells import amount_of, balance_of, code, date_of, iban_of, money_text, text, written_id
from oracle_filing import Line, records
from oracle_needs import Needs, all_of
from oracle_sums import finding, rows_of, total

INTO_THE_FUND = ("own_funds", "donation", "expenditure_refund")
OUT_OF_THE_FUND = ("expenditure", "donation_refund", "budget_transfer")
DAYS_APART = 2


@dataclass(frozen=True)
class Movement:
    """A row of `statement`."""

    row: int
    account: str
    day: date
    direction: str
    amount: int
    id: str | None
    opening_balance: int | None
    closing_balance: int | None


def read_statement(case: Case) -> list[Movement]:
    """ "a record without a readable required cell … is a problem and is left out"."""
    movements = []
    for number, row in records("statement", case.tables, case.columns):
        account, day = iban_of(text(row, "fund_account")), date_of(text(row, "date"))
        direction, amount = code(row, "direction", ("in", "out")), amount_of(text(row, "amount"))
        if account is None or day is None or direction is None or amount is None:
            continue
        movements.append(
            Movement(
                row=number,
                account=account,
                day=day,
                direction=direction,
                amount=amount,
                id=written_id(text(row, "counterparty_id")),
                opening_balance=balance_of(text(row, "opening_balance")),
                closing_balance=balance_of(text(row, "closing_balance")),
            )
        )
    return movements


def by_day_and_row(line: Line | Movement) -> tuple[date, int]:
    return (line.day, line.row)


def of_account(statement: list[Movement], account: str | None) -> list[Movement]:
    """The account's movements, "by date, then row"."""
    return sorted((movement for movement in statement if movement.account == account), key=by_day_and_row)


def owners(case: Case, statement: list[Movement]) -> dict[str, str | None]:
    """ "A statement account belongs to the contestant that has it in `contestants`, otherwise to the one whose lines use it, otherwise to
    nobody (contestant_id null)".

    Reading: of several that have it, the one with the first row in `contestants`; of several whose books' lines (of any kind) use it,
    the one with the line of the lowest row.
    """
    registered = sorted((books.record for books in case.books if books.record), key=lambda record: record.row)
    lines = sorted((line for books in case.books for line in books.lines), key=lambda line: line.row)
    found: dict[str, str | None] = {}
    for account in {movement.account for movement in statement}:
        having = [record.contestant_id for record in registered if record.fund_account == account]
        using = [line.contestant_id for line in lines if line.fund_account == account]
        found[account] = (having + using + [None])[0]
    return found


# ------------------------------------------------------------------------------------------------------------------ matching


def takes_part(line: Line) -> bool:
    """ "a line of the books (own_funds, donation, expenditure, their refunds, budget_transfer; not in kind)"."""
    return line.kind in INTO_THE_FUND + OUT_OF_THE_FUND and line.payment_method != "in_kind"


def direction_of(line: Line) -> str:
    return "in" if line.kind in INTO_THE_FUND else "out"


def agree(line: Line, movement: Movement) -> bool:
    """ "same fund_account, direction and amount, at most 2 days apart, same counterparty_id where both have one"."""
    return (
        line.fund_account == movement.account
        and direction_of(line) == movement.direction
        and line.amount == movement.amount
        and abs((line.day - movement.day).days) <= DAYS_APART
        and (line.id is None or movement.id is None or line.id == movement.id)
    )


def matched(partners: dict[int, list[int]]) -> set[int]:
    """Those of the keys that a matching with the most pairs takes, earlier ones first; `partners` are whom each could be matched with.

    One after the other looks for a partner along an augmenting path (Kuhn). Who has a partner keeps one, who finds none at his turn will
    never find one, so the answer is the first, in the given order, of all the sets that a largest matching can take.
    """
    partner_of: dict[int, int] = {}
    taken_by: dict[int, int] = {}
    for one in partners:
        asked_by: dict[int, int] = {}  # partner: who would take it
        queue = [one]
        free = None
        while queue and free is None:
            asking = queue.pop(0)
            for partner in partners[asking]:
                if partner not in asked_by:
                    asked_by[partner] = asking
                    if partner in taken_by:
                        queue.append(taken_by[partner])
                    elif free is None:
                        free = partner
        while free is not None:  # everybody on the path leaves the partner he has for the one he found
            asking = asked_by[free]
            left = partner_of.get(asking)
            partner_of[asking], taken_by[free] = free, asking
            free = left
    return set(partner_of)


def unmatched(case: Case, statement: list[Movement]) -> tuple[set[int], set[int]]:
    """The rows of `reports` and of `statement` that are left over. "Each line matches once, and the matching is one with the most pairs;
    where equal lines compete, those with the earlier date and lower row are matched first." "All book lines take part in the matching".

    On each side the lines that are matched are chosen in order of date and row. One largest matching takes both choices at once
    (Mendelsohn and Dulmage), so each side can be asked by itself.
    """
    lines = sorted((line for books in case.books for line in books.lines if takes_part(line)), key=by_day_and_row)
    movements = sorted(statement, key=by_day_and_row)
    alike: dict[tuple, list[Movement]] = {}  # only so that not every line is held against every movement
    for movement in movements:
        alike.setdefault((movement.account, movement.direction, movement.amount), []).append(movement)
    of_line: dict[int, list[int]] = {line.row: [] for line in lines}
    of_movement: dict[int, list[int]] = {movement.row: [] for movement in movements}
    for line in lines:
        for movement in alike.get((line.fund_account, direction_of(line), line.amount), []):
            if agree(line, movement):
                of_line[line.row].append(movement.row)
                of_movement[movement.row].append(line.row)
    return set(of_line) - matched(of_line), set(of_movement) - matched(of_movement)


# --------------------------------------------------------------------------------------------------------------------- rules


def bnk_001(case: Case) -> list[dict]:
    """ "a line of the books … with no matching line in `statement`". "Assessed for contestants with at least one statement line"; "one
    without a match that is dated before its account's first or after its last statement line counts as not assessed instead of BNK-001,
    and one through an account without any statement is a breach".

    Reading: a line that names no account has no matching line, and none whose dates could excuse it: a breach ("an empty fund_account
    breaks neither ACC-001 nor ACC-002" is said of these two alone). A line without a readable amount is left out.
    """
    statement = read_statement(case)
    owner = owners(case, statement)
    left, _ = unmatched(case, statement)

    def is_outside_the_statement(line: Line) -> bool:
        days = [movement.day for movement in statement if movement.account == line.fund_account]
        return bool(days) and not min(days) <= line.day <= max(days)

    findings = []
    for books in case.books:
        if books.contestant_id not in owner.values():
            continue
        found = [line for line in books.lines if line.row in left and not is_outside_the_statement(line)]
        if found:
            measured = money_text(total(found))
            findings.append(finding("BNK-001", books, measured=measured, limit="0.00", excess=measured, rows=rows_of(found)))
    return findings


def bnk_002(case: Case) -> list[dict]:
    """ "a statement line with no matching line in the books"; rows: "the statement's rows". One finding for each contestant, and one for
    all the accounts that are nobody's."""
    statement = read_statement(case)
    owner = owners(case, statement)
    _, left = unmatched(case, statement)
    findings = []
    for books in [*case.books, None]:
        contestant_id = books.contestant_id if books else None
        found = [movement for movement in statement if movement.row in left and owner[movement.account] == contestant_id]
        if found:
            measured = money_text(sum(movement.amount for movement in found))
            rows = [("statement", movement.row) for movement in found]
            findings.append(finding("BNK-002", books, measured=measured, limit="0.00", excess=measured, rows=rows))
    return findings


def bnk_003(case: Case) -> list[dict]:
    """ "closing_balance of the account's last row (by date, then row) − (opening_balance of its first + in − out) is not 0; subject = the
    account"; "closing − computed / 0"; rows: "all rows of that account".

    Reading: `measured` is the difference and `limit` 0.00. One of the two balances empty: not assessed for that account.
    """
    statement = read_statement(case)
    findings = []
    for account, contestant_id in owners(case, statement).items():
        movements = of_account(statement, account)
        opening, closing = movements[0].opening_balance, movements[-1].closing_balance
        if opening is None or closing is None:
            continue
        change = sum(movement.amount if movement.direction == "in" else -movement.amount for movement in movements)
        difference = money_text(closing - (opening + change))
        if difference != "0.00":
            books = next((books for books in case.books if books.contestant_id == contestant_id), None)
            rows = [("statement", movement.row) for movement in movements]
            findings.append(finding("BNK-003", books, subject=account, measured=difference, limit="0.00", excess=difference, rows=rows))
    return findings


RULES = {"BNK-001": bnk_001, "BNK-002": bnk_002, "BNK-003": bnk_003}
# "BNK: `statement`", and the columns without which there is nothing to hold against each other.
NEEDS: dict[str, Needs] = {
    "BNK-001": [*all_of("statement", "fund_account"), *all_of("reports", "fund_account")],
    "BNK-002": [*all_of("statement", "fund_account"), *all_of("reports", "fund_account")],
    "BNK-003": all_of("statement", "opening_balance", "closing_balance"),
}
