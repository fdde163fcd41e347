"""LED-001..008, LED-010 and LED-011: "what an auditor should look at; never counted as a breach"."""

from collections.abc import Iterable
from decimal import Decimal

from oracle_books import Books, Case, for_each_contestant
from oracle_cells import check_digit_agrees, money_text
from oracle_filing import Line
from oracle_needs import DONOR_NEEDS, ID_OR_NAME, Needs, all_of
from oracle_sums import DONATION_CAPS, SPENDING_CAPS, finding, rows_of, spending_sum, total

WINDOW_DAYS = 7
NEAR_THE_CAP, NEAR_PER_CENT = 3, 90
SAME_AMOUNT_DONORS = 5
SHARED_ACCOUNT_DONORS = 3
BENFORD_FROM, BENFORD_DEVIATION = 300, Decimal("0.015")
SPENDING_PER_CENT = 90


def lead(
    rule: str,
    books: Books | None,
    lines: Iterable[Line],
    *,
    subject: str | None = None,
    measured: str | int | None = None,
    limit: str | int | None = None,
    excess: str | int | None = None,
) -> dict:
    """ "Leads have severity `minor`"."""
    return finding(
        rule, books, subject=subject, outcome="lead", severity="minor", measured=measured, limit=limit, excess=excess, rows=rows_of(lines)
    )


def sum_over_cap(rule: str, books: Books | None, lines: list[Line], *, donor: str, net: int, cap: int) -> dict:
    return lead(rule, books, lines, subject=donor, measured=money_text(net), limit=money_text(cap), excess=money_text(net - cap))


def group(lines: Iterable[Line], attribute: str) -> dict:
    """The lines by one of their facts, those without it left out."""
    groups: dict = {}
    for line in lines:
        if getattr(line, attribute) is not None:
            groups.setdefault(getattr(line, attribute), []).append(line)
    return groups


def capped_donations(books: Books, rule: str) -> dict[str, list[Line]]:
    """By donor, the donations that the cap of DON-001 or DON-002 is about. "A donation by the contestant … is own funds, here, under
    FND-001…004 and in LED-001 and LED-006"; a donor of any other type has no cap."""
    types, _ = DONATION_CAPS[rule]
    return group((line for line in books.of_kind("donation") if line.type in types and not books.is_by_contestant(line)), "key")


# ------------------------------------------------------------------------------------------------------------ sums and caps


def structured(donations: list[Line], cap: int) -> list[Line]:
    """The donations of one donor that belong to "two or more donations … at most 7 days apart, each at or under the cap, together over
    it; or three or more, at any time, from 90 % to 100 % of the cap"."""
    within_cap = [line for line in donations if line.amount <= cap]
    found: set[Line] = set()
    for first in within_cap:
        window = [line for line in within_cap if 0 <= (line.day - first.day).days <= WINDOW_DAYS]
        if total(window) > cap:
            found.update(window)
    near_the_cap = [line for line in within_cap if line.amount * 100 >= cap * NEAR_PER_CENT]
    if len(near_the_cap) >= NEAR_THE_CAP:
        found.update(near_the_cap)
    return list(found)


def led_001(books: Books) -> list[dict]:
    """Structuring: "two or more donations of one donor to one contestant at most 7 days apart …"; sum / cap; subject the donor.

    Reading: everything given within some 7 days apart is one group, so a line counts where its first and last day are at most 7 days
    apart and the sum of all lines of those days that are within the cap is over it. One lead for the donor: rows are the lines of all
    its groups, `measured` is their sum, refunds are not deducted. Of a donor filed under two types each type is looked at by itself, and
    the lead is of DON-001's cap where both have one.
    """
    leads: dict[str, dict] = {}
    for rule, (_, cap) in DONATION_CAPS.items():
        for donor, donations in capped_donations(books, rule).items():
            lines = structured(donations, cap)
            if lines and donor not in leads:
                leads[donor] = sum_over_cap("LED-001", books, lines, donor=donor, net=total(lines), cap=cap)
    return list(leads.values())


def led_006(case: Case) -> list[dict]:
    """ "one donor's donations to several contestants, less refunds, are together over the cap"; sum / cap; "contestant_id null".

    Reading: by type as in LED-001, one lead for a donor, DON-001's cap first. Refunds are all donation_refund lines with the donor's key
    (but those of a contestant's own money), to whichever contestant; rows: the donations and the refunds.
    """
    leads: dict[str, dict] = {}
    for rule, (_, cap) in DONATION_CAPS.items():
        given = [capped_donations(books, rule) for books in case.books]
        for donor in {donor for donations in given for donor in donations}:
            donations = [line for by_donor in given for line in by_donor.get(donor, [])]
            refunds = [
                line
                for books in case.books
                for line in books.of_kind("donation_refund")
                if line.key == donor and not books.is_own_money(line)
            ]
            net = total(donations) - total(refunds)
            if len({line.contestant_id for line in donations}) > 1 and net > cap and donor not in leads:
                leads[donor] = sum_over_cap("LED-006", None, donations + refunds, donor=donor, net=net, cap=cap)
    return list(leads.values())


def led_011(books: Books) -> list[dict]:
    """ "spending over 90 % of the limit, and not over it"; spending / limit; rows: the expenditures and their refunds."""
    if books.contest is None:
        return []
    spending = spending_sum(books, *SPENDING_CAPS[books.contest])
    net, limit = spending.net(), spending.limit
    if not limit * SPENDING_PER_CENT < net * 100 <= limit * 100:
        return []
    excess = money_text(net - limit)
    return [lead("LED-011", books, spending.lines(), measured=money_text(net), limit=money_text(limit), excess=excess)]


# -------------------------------------------------------------------------------------------------- donors who act together


def enough_donors(rule: str, books: Books, lines: list[Line], *, subject: str, threshold: int) -> list[dict]:
    """ "number of donors / threshold". Reading: `excess` is 0 where there are just enough of them."""
    donors = len({line.key for line in lines})
    if donors < threshold:
        return []
    return [lead(rule, books, lines, subject=subject, measured=donors, limit=threshold, excess=donors - threshold)]


def donations_of_somebody(books: Books) -> list[Line]:
    """ "Lines with neither name nor id belong to no donor"; a donation by the contestant "for all other rules … stays a donation"."""
    return [line for line in books.of_kind("donation") if line.key is not None]


def led_002(books: Books) -> list[dict]:
    """ "five or more donors give one contestant the same amount on the same day"; subject "date and amount, as `2023-03-04 99999.00`".
    Donors of every type; somebody who gives it twice is one donor with two rows."""
    same: dict[str, list[Line]] = {}
    for line in donations_of_somebody(books):
        same.setdefault(f"{line.day.isoformat()} {money_text(line.amount)}", []).append(line)
    return [
        found
        for subject, lines in same.items()
        for found in enough_donors("LED-002", books, lines, subject=subject, threshold=SAME_AMOUNT_DONORS)
    ]


def led_003(books: Books) -> list[dict]:
    """ "three or more donors to one contestant share a counterparty_account"; subject the account; rows: their donations from it."""
    return [
        found
        for account, lines in group(donations_of_somebody(books), "counterparty_account").items()
        for found in enough_donors("LED-003", books, lines, subject=account, threshold=SHARED_ACCOUNT_DONORS)
    ]


# ------------------------------------------------------------------------------------------------- lines, names and numbers


def led_004(books: Books) -> list[dict]:
    """ "two lines of one report are the same in date, kind, amount, counterparty, contract_no and invoice_no; one lead per contestant".

    Reading: the reports that are the books; the counterparty by its key; empty equals empty. Rows: all the lines that have an equal.
    """
    found = []
    for report in books.reports_of_the_books:
        same: dict[tuple, list[Line]] = {}
        for line in report.lines:
            if line.readable:
                what = (line.day, line.kind, line.amount, line.key, line.contract_no, line.invoice_no)
                same.setdefault(what, []).append(line)
        found += [line for lines in same.values() if len(lines) > 1 for line in lines]
    return [lead("LED-004", books, found)] if found else []


def led_005(books: Books) -> list[dict]:
    """ "one counterparty_id with different names, or one name with different ids, or with and without one"; subject "the id or name".

    Reading: within the books of one contestant, lines of every kind; names as in a donor's key. One lead for each such id (rows: its
    lines that have a name) and one for each such name (rows: all its lines).
    """
    leads = []
    for digits, lines in group(books.lines, "id").items():
        named = [line for line in lines if line.name is not None]
        if len({line.name for line in named}) > 1:
            leads.append(lead("LED-005", books, named, subject=digits))
    for name, lines in group(books.lines, "name").items():
        if len({line.id for line in lines}) > 1:
            leads.append(lead("LED-005", books, lines, subject=name))
    return leads


def led_007(books: Books) -> list[dict]:
    """ "a vendor of the contestant is also its donor"; subject the donor; rows: its donations and the expenditures paid to it.

    Reading: a vendor is who was paid by an expenditure (a subsidy is not the contestant's money); a donor is of any type.
    """
    vendors = group(books.of_kind("expenditure"), "key")
    donors = group(books.of_kind("donation"), "key")
    return [lead("LED-007", books, donors[key] + vendors[key], subject=key) for key in donors if key in vendors]


def led_008(books: Books) -> list[dict]:
    """ "counterparty_id fails the check digit, or is a BIN (fifth digit 4, 5 or 6) for an individual"; subject the id.

    Reading: lines of every kind in the books. Rows: all lines of an id that fails; of one that is a BIN those filed as an individual's.
    """
    found = [line for line in books.lines if line.id is not None and (not check_digit_agrees(line.id) or is_bin_of_individual(line))]
    return [lead("LED-008", books, lines, subject=digits) for digits, lines in group(found, "id").items()]


def is_bin_of_individual(line: Line) -> bool:
    return line.type == "individual" and line.id[4] in "456"


def led_010(books: Books) -> list[dict]:
    """ "the first digits of 300 or more expenditures of the books depart from Benford's law: mean absolute deviation of the nine shares
    over 0.015; rows: all of them". The first digit is the first that is not 0, of 0.05 the 5."""
    lines = books.of_kind("expenditure")
    if len(lines) < BENFORD_FROM:
        return []
    digits = [str(line.amount)[0] for line in lines]
    shares = {digit: Decimal(digits.count(str(digit))) / len(lines) for digit in range(1, 10)}
    deviation = sum(abs(shares[digit] - (1 + Decimal(1) / digit).log10()) for digit in shares) / 9
    return [lead("LED-010", books, lines)] if deviation > BENFORD_DEVIATION else []


RULES = {
    "LED-001": for_each_contestant(led_001),
    "LED-002": for_each_contestant(led_002),
    "LED-003": for_each_contestant(led_003),
    "LED-004": for_each_contestant(led_004),
    "LED-005": for_each_contestant(led_005),
    "LED-006": led_006,
    "LED-007": for_each_contestant(led_007),
    "LED-008": for_each_contestant(led_008),
    "LED-010": for_each_contestant(led_010),
    "LED-011": for_each_contestant(led_011),
}
# "LED-001, 002, 005…009: as DON; LED-003 counterparty_account", and who the donor is or what an id is held against.
NEEDS: dict[str, Needs] = {
    **{rule: DONOR_NEEDS for rule in ("LED-001", "LED-002", "LED-006", "LED-007")},
    "LED-003": [*all_of("reports", "counterparty_account"), ID_OR_NAME],
    "LED-005": [*DONOR_NEEDS, *all_of("reports", "counterparty_id", "counterparty_name")],
    "LED-008": [*DONOR_NEEDS, *all_of("reports", "counterparty_id")],
}
