"""The tables beside the books of the sample election of make_majilis_2023.py: candidates, price lists, the bank's statement."""

from datetime import date, timedelta

from majilis_2023_books import LISTED_PRICES, money, sex_of, words_of

CANDIDATE_COLUMNS = words_of("candidate_id name contestant_id position sex born_on disability resident_since registered_on")
PRICE_COLUMNS = words_of("vendor_id vendor_name medium filed_with filed_on unit unit_price")
STATEMENT_COLUMNS = words_of(
    "fund_account date direction amount counterparty_name counterparty_id counterparty_account kbe reference description "
    "opening_balance closing_balance"
)

# --- Candidates -----------------------------------------------------------------------------------------------------

# On each list: women, men under 29, men with a disability. All others are men of 29 and more.
QUOTAS = {
    "PL-01": (13, 2, 1),  # 16 and the one under 25; 12 of 40 are needed
    "PL-02": (6, 1, 1),  # with the two young men of `special_people` 10 of 32: exactly what is needed
    "PL-03": (4, 2, 1),  # REG-001: 7 of 25, 8 are needed
}


def candidate_rows(contestants, rng):
    """The lists in their order, then the candidates of the districts."""
    for contestant in contestants:
        if contestant.is_party:
            yield from list_rows(contestant, rng, contestants)
        else:
            yield candidate_row(contestant, contestant.itself, born_of(contestant.itself))


def born_of(person):
    """The day of birth in the IIN of one born before 2000."""
    number = person["id"]
    return date(1900 + int(number[:2]), int(number[2:4]), int(number[4:6]))


def candidate_row(contestant, person, born, **cells):
    """One candidate: resident since birth and without a disability, where `cells` do not say otherwise."""
    return {
        "candidate_id": person["id"],
        "name": person["name"],
        "contestant_id": contestant.row["contestant_id"],
        "sex": sex_of(person["name"]),
        "born_on": born,
        "disability": "no",
        "resident_since": born,
        "registered_on": contestant.row["registered_on"],
        **cells,
    }


def list_rows(contestant, rng, contestants):
    """A party's list: who the quota counts, who is special, and as many men as its size still needs."""
    women, young, disabled = QUOTAS[contestant.row["contestant_id"]]
    rows = special_people(contestant, contestants)
    rows += [row_of_somebody(contestant, rng, "f") for _ in range(women)]
    rows += [row_of_somebody(contestant, rng, "m", young=True) for _ in range(young)]
    rows += [row_of_somebody(contestant, rng, "m", disability="yes") for _ in range(disabled)]
    rows += [row_of_somebody(contestant, rng, "m") for _ in range(int(contestant.row["list_size"]) - len(rows))]
    rng.shuffle(rows)
    for position, row in enumerate(rows, start=1):
        yield {**row, "position": str(position)}


def row_of_somebody(contestant, rng, sex, young=False, **cells):
    """An invented person of 29 to 72, or of 25 to 28; one in eight came from abroad long ago."""
    first, days = (date(1994, 6, 1), 1_300) if young else (date(1951, 1, 1), 15_500)
    born = first + timedelta(days=rng.randrange(days))
    if rng.random() < 0.125:
        cells.setdefault("resident_since", born + timedelta(days=rng.randrange(1_000, 5_000)))
    return candidate_row(contestant, contestant.register.person(sex, born), born, **cells)


def special_people(contestant, contestants):
    """The planted ones, and those who are just within a rule."""

    def man(year, month, day, **cells):
        born = date(year, month, day)
        return candidate_row(contestant, contestant.register.person("m", born), born, **cells)

    if contestant.row["contestant_id"] == "PL-01":
        return [
            man(1998, 3, 20),  # REG-003: 25 on the day after the election
            man(1971, 8, 2, resident_since=date(2013, 3, 20)),  # REG-004: ten years on the day after
        ]
    if contestant.row["contestant_id"] == "PL-02":
        return [
            man(1998, 3, 19),  # REG-003 kept: 25 on the day; the quota counts him
            man(1994, 3, 20),  # still 28: the quota counts him
            man(1994, 3, 19),  # 29 on the day: it does not
            man(1968, 5, 7, resident_since=date(2013, 3, 19)),  # REG-004 kept: ten years on the day
        ]
    other = next(one for one in contestants if one.row["contestant_id"] == "SM-06-01")
    return [candidate_row(contestant, other.itself, born_of(other.itself))]  # REG-002: he stands in district 6 too


# --- Price lists ----------------------------------------------------------------------------------------------------

# Outlets that filed their prices and that nobody in the sample used: medium, unit, price in tenge.
UNUSED_OUTLETS = {
    "ТОО «Телеканал Глобус на шкафу»": [("television", "секунд эфира", 14_000)],
    "«Таңғы шай радиосы» ЖШС": [("radio", "бір секунд", 1_200), ("online", "баннер, тәулік", 30_000)],
    "ТОО «Вестник Кудыкиной горы»": [("periodicals", "кв. сантиметр", 650), ("online", "баннер, сутки", 22_000)],
}


def price_rows(register):
    """What the outlets filed with the Central Election Commission before the campaign."""
    listed = [(register.vendors[medium], medium, unit, price) for medium, prices in LISTED_PRICES.items() for unit, price in prices]
    for name, prices in UNUSED_OUTLETS.items():
        vendor = register.named(name)
        listed += [(vendor, medium, unit, price * 100) for medium, unit, price in prices]
    filed_on = {vendor["id"]: date(2023, 1, 24) + timedelta(days=number % 6) for number, (vendor, *_) in enumerate(listed)}
    for vendor, medium, unit, price in listed:
        yield {
            "vendor_id": vendor["id"],
            "vendor_name": vendor["name"],
            "medium": medium,
            "filed_with": "CEC",
            "filed_on": filed_on[vendor["id"]],
            "unit": unit,
            "unit_price": money(price),
        }


# --- The bank's statement -------------------------------------------------------------------------------------------

DESIGNATED_BANK = "601"
NOT_SENT = ("PL-01", "PL-03", "SM-05-02")  # the bank has not sent these accounts
MONEY_IN = ("own_funds", "donation", "expenditure_refund")
MONEY_OUT = ("expenditure", "donation_refund", "budget_transfer")
# Residents by sector of the economy, as a payment order has them.
SECTORS = {"individual": "19", "state_body": "11", "local_government": "12", "state_funded_organisation": "16", "charity": "18"}


def statement_rows(contestants, rng):
    """The rows of all accounts at the designated bank, account by account, each with the balance before and after it."""
    for contestant in contestants:
        if contestant.row["contestant_id"] in NOT_SENT:
            continue
        entries = [entry for line in contestant.lines if (entry := entry_of(contestant, line, rng))]
        for account in sorted({entry["fund_account"] for entry in entries}, key=lambda one: one != contestant.row["fund_account"]):
            yield from with_balances(contestant, account, [entry for entry in entries if entry["fund_account"] == account])


def entry_of(contestant, line, rng):
    """What the bank shows of a line of the books. Money comes in within a day and goes out within two, so no balance is below that
    of the books."""
    account = line["fund_account"]
    if line["kind"] not in MONEY_IN + MONEY_OUT or account[4:7] != DESIGNATED_BANK or line.get("bank", {}) is None:
        return None
    comes_in = line["kind"] in MONEY_IN
    day = line["date"] + timedelta(days=rng.choice([0, 0, 1] if comes_in else [1, 1, 2]))
    entry = {
        "fund_account": account,
        "date": max(day, date.fromisoformat(contestant.row["account_opened_on"])),
        "direction": "in" if comes_in else "out",
        **{column: line.get(column, "") for column in STATEMENT_COLUMNS[3:7]},
        "kbe": sector_of(contestant if comes_in else None, line),
        "description": line.get("description", ""),
    }
    entry.update(line.get("bank", {}))
    return entry


def sector_of(beneficiary, line):
    """The beneficiary's code: the contestant's own, or that of whoever is paid."""
    if beneficiary:
        return "18" if beneficiary.is_party else "19"
    return SECTORS.get(line.get("counterparty_type"), "17")


def with_balances(contestant, account, entries):
    """The entries of one account in order. Fees that the bank took without a row lower the balance after their day."""
    entries.sort(key=lambda entry: (entry["date"], entry["direction"]))
    fees = list(contestant.fees_without_a_row) if account == contestant.row["fund_account"] else []
    balance = 0
    for number, entry in enumerate(entries, start=1):
        while fees and entry["date"] > fees[0][0]:
            balance -= fees.pop(0)[1]
        before = balance
        balance += entry["amount"] if entry["direction"] == "in" else -entry["amount"]
        yield {
            **entry,
            "amount": money(entry["amount"]),
            "reference": f"{account[-4:]}-{number:04d}",
            "opening_balance": money(before),
            "closing_balance": money(balance),
        }
