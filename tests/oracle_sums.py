"""Findings, and sums with a limit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from oracle_books import Books
from oracle_cells import money_text, tenge
from oracle_filing import Line

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

# "Critical: … Major: … Minor: the rest."
CRITICAL = {"SRC-001", "SRC-002", "SRC-003", "SRC-004", "SRC-005", "SRC-007", "EXP-004"}
MAJOR = {
    "DON-001", "DON-002", "SRC-006", "FND-001", "FND-002", "FND-003", "FND-004", "EXP-001", "EXP-002", "EXP-003", "SUB-001", "SUB-002",
    "SUB-003", "SUB-004", "SUB-005", "SUB-007", "SUB-009", "DEP-001", "DEP-002", "DEP-003", "ACC-001", "ACC-002", "ACC-003", "BNK-001",
    "BNK-002", "RPT-001", "RPT-002", "REG-001", "REG-002", "REG-003", "REG-004",
}  # fmt: skip


def severity_of(rule: str) -> str:
    """The rule's own severity."""
    return "critical" if rule in CRITICAL else "major" if rule in MAJOR else "minor"


def finding(
    rule: str,
    books: Books | None,
    *,
    subject: str | None = None,
    outcome: str = "breach",
    severity: str | None = None,
    remedied: bool = False,
    measured: str | int | None = None,
    limit: str | int | None = None,
    excess: str | int | None = None,
    rows: Iterable[tuple[str, int]] = (),
    crossing: int | None = None,
) -> dict:
    """A finding about a contestant; without books it is about nobody, or about several (contestant_id null)."""
    return {
        "rule": rule,
        "outcome": outcome,
        "severity": severity or severity_of(rule),
        "remedied": remedied,
        "contestant_id": books.contestant_id if books else None,
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
        elif line.kind is None:
            # "the caps of that line's own donor": as a donation it would be of its type, as a refund it counts whatever its type.
            (the_sum.could_do_either if might_be_of_type else the_sum.could_lower).append(line)
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
