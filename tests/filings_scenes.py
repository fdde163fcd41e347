"""Scenes for random filings: what one rule is about, played near its limit, on top of a plain campaign.

A scene adds moves of money to a campaign (and prices, and lines of the bank); filings_whole makes reports and a statement of them.
"""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

import filings
from hypothesis import strategies as st

# ------------------------------------------------------------------------------------------------------------ ids and days


def check_digit(eleven):
    """The twelfth digit of an IIN or BIN, None where the number was never issued."""
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        digit = sum(int(d) * w for d, w in zip(eleven, weights, strict=True)) % 11
        if digit < 10:
            return str(digit)
    return None


def valid_id(seven, serial):
    """The first valid number from this serial on."""
    while (digit := check_digit(f"{seven}{serial:04}")) is None:
        serial += 1
    return f"{seven}{serial:04}{digit}"


def wrong_id(right):
    """The same number with another check digit."""
    return right[:11] + str((int(right[11]) + 1) % 10)


def iban(bank, number):
    """A Kazakh IBAN with its check digits."""
    bban = f"{bank}W{number:012}"
    digits = "".join(str(int(c, 36)) for c in f"{bban}KZ00")
    return f"KZ{98 - int(digits) % 97:02}{bban}"


PEOPLE = [
    (valid_id("8503154", 10), "Ахметова Айгүл"),
    (valid_id("7011023", 20), "Ким Аглая"),
    (valid_id("0102286", 30), "Сейітқали Ұлжан"),
    (valid_id("9007303", 40), "Иванов Пётр"),
    (valid_id("6512314", 50), "Петрова Ольга"),
    (valid_id("7709093", 60), "Қасым Ерлан"),
]
FIRMS = [
    (valid_id("2301400", 1), "ТОО «Ромашка»"),
    (valid_id("1506400", 2), 'АО "Дала"'),
    (valid_id("9912410", 3), "ИП Баспа"),
    (valid_id("2005600", 4), "Филиал «Шет»"),
]
OUTLETS = [
    (valid_id("1001400", 11), "ТОО «Телеарна»"),
    (valid_id("1102400", 12), "Газета «Дала таңы»"),
    (valid_id("7205054", 13), "ИП Блогер"),
]
NON_RESIDENT = (valid_id("2301500", 5), "Foreign Ltd")
SM_PEOPLE = {"SM-1": valid_id("7504043", 70), "SM-2": valid_id("8008084", 80)}

ACCOUNTS = {"PL-1": iban("601", 1), "SM-1": iban("601", 2), "SM-2": iban("601", 3)}
SECOND, ELSEWHERE, NOBODYS = iban("601", 4), iban("125", 5), iban("601", 6)
DONOR_ACCOUNTS = [iban("722", 7), iban("998", 8)]

FIRST_DAY = date(2023, 2, 18)
LAST_USUAL_DAY = 27  # 17 March
CAPS = {"individual": 7_000_000_00, "organisation": 35_000_000_00, "political_party": 35_000_000_00}
MEDIA = ("television", "radio", "periodicals", "online", "social_media")


def iso(offset):
    """The day so many days after the campaign's first."""
    return (FIRST_DAY + timedelta(offset)).isoformat()


@cache
def among(*options):
    """One of these; the first is the plainest."""
    return st.sampled_from(options)


@cache
def upto(last):
    """0 to this, both included."""
    return st.integers(0, last)


@cache
def weighted(plain, *others):
    """One of these, the first so many times likelier: `weighted(("same", 6), "other")`."""
    value, weight = plain
    return st.sampled_from((value,) * weight + others)


# ---------------------------------------------------------------------------------------------------- campaigns and moves


@dataclass
class Move:
    """Money that moved, before anybody reported it."""

    day: int
    kind: str
    amount: int  # tiyn
    cells: dict
    banked: bool = True  # the statement is made from it; otherwise its scene writes the statement's lines itself

    def change(self, **cells):
        return replace(self, cells=self.cells | cells)


@dataclass
class Campaign:
    """One contestant's money."""

    cid: str
    account: str
    moves: list = field(default_factory=list)

    @property
    def contest(self):
        return "party_list" if self.cid.startswith("PL") else "single_mandate"

    def give(self, donor, amount, offset, kind="donation", giver="individual", banked=True, **cells):
        """A donation, or another move with the same facts."""
        digits, name = donor
        facts = {"counterparty_id": digits, "counterparty_name": name, "counterparty_type": giver}
        facts |= {"fund_account": self.account, "payment_method": "bank_transfer"}
        self.moves.append(Move(offset, kind, amount, facts | cells, banked))

    def spend(self, vendor, amount, offset, category="transport", kind="expenditure", **cells):
        """An expenditure, or another move with a firm."""
        self.give(vendor, amount, offset, kind=kind, giver="organisation", category=category, **cells)


@dataclass
class World:
    """What the scenes of an example add to."""

    campaigns: list
    prices: list = field(default_factory=list)
    bank: list = field(default_factory=list)
    lines: list = field(default_factory=list)  # of `reports`, as filings.line() makes them


def bank_line(account, offset, direction, amount, digits=""):
    """A line of the bank's statement; its amount in tiyn until the statement is written."""
    return {"fund_account": account, "date": iso(offset), "direction": direction, "amount": amount, "counterparty_id": digits}


def plain_moves(draw, campaign):
    """A campaign that nobody would look at twice."""
    for n in range(draw(upto(4))):
        offset = draw(upto(LAST_USUAL_DAY))
        what = draw(among("donation", "own_funds", "expenditure", "expenditure", "organisation", "refund", "other"))
        if what == "donation":
            campaign.give(draw(among(*PEOPLE[:3])), draw(among(100_000_00, 250_000_50, 1_000_000_00)) + n, offset)
        elif what == "organisation":
            campaign.give(draw(among(*FIRMS[:2])), 2_000_000_00 + n, offset, giver=draw(among("organisation", "political_party")))
        elif what == "own_funds":
            campaign.give(("", ""), 5_000_000_00 + n, offset, kind="own_funds", giver="contestant", funding_source="own_resources")
        elif what == "expenditure":
            contract, invoice = draw(among(("Д-1", "С-1"), ("Д-2", "С-2"), ("", "")))
            category = draw(among("transport", "premises", "printed_materials", "staff"))
            campaign.spend(FIRMS[2], 50_000_00 + n, offset, category, contract_no=contract, invoice_no=invoice)
        elif what == "refund":
            campaign.spend(FIRMS[2], 10_000_00 + n, offset, "", kind="expenditure_refund")
        else:
            kind = draw(among("budget_transfer", "donation_refund", "deposit", "deposit_refund", "subsidy"))
            donor, giver = (PEOPLE[0], "individual") if kind == "donation_refund" else (FIRMS[2], "organisation")
            campaign.give(donor, 30_000_00 + n, offset, kind=kind, giver=giver, category="transport" if kind == "subsidy" else "")


# ------------------------------------------------------------------------------------------------------------ scenes: leads


def structuring(draw, world, campaign):
    """LED-001 (DON-001…003): at or under the cap, 0 to 8 days apart, together over it; three of 90 to 100 per cent."""
    giver = draw(among("individual", "individual", "organisation", "political_party"))
    donor, cap = draw(among(*(PEOPLE[3:5] if giver == "individual" else FIRMS[:2]))), CAPS[giver]
    start = draw(among(0, 3, 12))
    if draw(among("window", "near")) == "window":
        first = draw(among(cap // 2, cap, cap - 1, cap * 9 // 10, cap + 1))
        second = max(1, cap - first) + draw(among(1, 0, -1, 5_000_00))
        campaign.give(donor, first, start, giver=giver)
        campaign.give(donor, max(1, second), start + draw(among(0, 1, 6, 7, 8)), giver=giver)
        if draw(upto(2)) == 2:
            campaign.give(donor, draw(among(1, 2)), start + draw(among(0, 4, 7, 8, 14)), giver=giver)
    else:
        for n in range(draw(among(3, 2, 4))):
            amount = draw(weighted((cap * 9 // 10, 4), cap, cap - 1, cap * 9 // 10 - 1, cap * 9 // 10 - 1, cap + 1))
            campaign.give(donor, amount, min(LAST_USUAL_DAY, 8 * n + draw(among(0, 0, 1, 3))), giver=giver)
        if draw(upto(2)) == 2:
            campaign.give(donor, 1_000_00, draw(among(27, 4)), giver=giver)
    if draw(upto(3)) == 3:
        campaign.give(donor, draw(among(cap // 2, cap, 1)), LAST_USUAL_DAY, kind="donation_refund", giver=draw(among(giver, "")))
    if draw(upto(7)) == 7:
        campaign.give(donor, cap // 2, start, giver=draw(among("organisation", "individual", "foreign")))


def same_amount(draw, world, campaign):
    """LED-002: four or five donors, the same amount, the same day; one of them twice, or on another day, or without an id."""
    amount, offset = draw(among(99_999_00, 500_000_00)), draw(among(14, 3))
    for donor in [*PEOPLE[:3], FIRMS[0], *PEOPLE[3:]][: draw(among(5, 4, 6))]:
        what = draw(weighted(("same", 16), "twice", "day", "amount", "nobody", "nobody"))
        seen, giver = ("", "") if what == "nobody" else donor, "organisation" if donor in FIRMS else "individual"
        for _ in range(2 if what == "twice" else 1):
            campaign.give(seen, amount + (what == "amount"), offset + (what == "day"), giver=giver)


def shared_account(draw, world, campaign):
    """LED-003: two to four donors behind one account."""
    account = draw(among(*DONOR_ACCOUNTS))
    written = draw(among(account, f"{account[:4]} {account[4:8]} {account[8:]}", account.lower()))
    for n, donor in enumerate(PEOPLE[1 : 1 + draw(among(3, 2, 4))]):
        seen = draw(weighted((account, 12), written, written, ""))
        campaign.give(donor, 20_000_00 + n, draw(upto(LAST_USUAL_DAY)), counterparty_account=seen)
    if draw(upto(2)) == 2:
        campaign.give(PEOPLE[1], 30_000_00, 5, counterparty_account=account)


def repeated(draw, world, campaign):
    """LED-004: a line again, exactly or with one thing changed."""
    if not campaign.moves:
        campaign.spend(FIRMS[2], 70_000_00, 8, "staff", contract_no="Д-7", invoice_no="С-7")
    move = campaign.moves[draw(upto(len(campaign.moves) - 1))]
    what = draw(among("same", "same", "contract_no", "invoice_no", "amount", "day", "description", "name", "written", "counterparty_id"))
    again = deepcopy(move)
    if what in ("contract_no", "invoice_no", "description"):
        again.cells[what] = draw(among("Н-9", ""))
    elif what == "amount":
        again.amount += 1
    elif what == "day":
        again.day += 1
    elif what == "name":
        again.cells["counterparty_name"] = "Басқа Аты"
    elif what == "written":
        again.cells["counterparty_name"] = again.cells["counterparty_name"].upper()
    elif what == "counterparty_id":
        again.cells["counterparty_id"] = ""
    campaign.moves.append(again)


def odd_names(draw, world, campaign):
    """LED-005: one id with several names, one name with several ids, with and without one."""
    (digits, name), (other_id, other_name) = PEOPLE[4], PEOPLE[5]
    written = draw(among(name, name.upper(), f"  {name.replace(' ', '  ')}'"))
    pairs = {
        "names": [(digits, name), (digits, other_name)],
        "ids": [(digits, name), (other_id, written)],
        "without": [(digits, name), ("", written)],
        "spelling": [(digits, name), (digits, written)],
        "unnamed": [(digits, name), (digits, "")],
        "bad id": [(digits, name), ("123", written)],
    }
    second = draw(among("donation", "donation", "donation_refund", "expenditure"))
    for n, person in enumerate(pairs[draw(among(*pairs))]):
        campaign.give(person, 40_000_00 - n, draw(upto(LAST_USUAL_DAY)), kind=second if n else "donation")


def several_funds(draw, world, campaign):
    """LED-006: one donor to several contestants, together just over the cap, at it or under, less refunds."""
    giver = draw(among("individual", "individual", "organisation"))
    donor, cap = (PEOPLE[5] if giver == "individual" else FIRMS[1]), CAPS[giver]
    refund, over = draw(among(0, 0, 1, 1_000_000_00)), draw(among(1, 0, 2_000_000_00, cap // 2))
    others = [other for other in world.campaigns if other is not campaign]
    campaign.give(donor, cap - 1_000_000_00, draw(upto(LAST_USUAL_DAY)), giver=giver)
    for n, other in enumerate(others[: draw(among(1, 2))] or [campaign]):
        amount = 1_000_000_00 + over + refund if n == 0 else 1
        other.give(donor, amount, draw(upto(LAST_USUAL_DAY)), giver=draw(weighted((giver, 8), "contestant", "foreign")))
    if refund:
        taker = world.campaigns[draw(upto(len(world.campaigns) - 1))]
        taker.give(donor, refund + draw(upto(1)), LAST_USUAL_DAY, kind="donation_refund", giver=draw(among(giver, "")))


def vendor_is_donor(draw, world, campaign):
    """LED-007: paid and paying, by id or by name."""
    firm = FIRMS[draw(upto(1))]
    as_vendor = draw(among(firm, ("", firm[1]), (firm[0], "")))
    as_donor = draw(among(firm, firm, ("", firm[1].replace("«", '"').upper())))
    campaign.give(as_donor, 300_000_00, draw(upto(20)), giver=draw(among("organisation", "charity")))
    campaign.spend(as_vendor, 80_000_00, draw(upto(20)), "staff", kind=draw(among("expenditure", "expenditure", "subsidy")))


ODD_IDS = (
    ((wrong_id(PEOPLE[0][0]), "Асанов Асан"), "individual"),
    ((FIRMS[0][0], "Ромашкин Роман"), "individual"),
    (FIRMS[3], "individual"),
    ((wrong_id(FIRMS[0][0]), "ТОО Жаңа"), "organisation"),
    ((PEOPLE[2][0][1:], PEOPLE[2][1]), "individual"),  # its zero eaten
    ((PEOPLE[3][0][1:], PEOPLE[3][1]), "individual"),
    ((f"{PEOPLE[3][0][:6]} {PEOPLE[3][0][6:]}", PEOPLE[3][1]), "individual"),
    (NON_RESIDENT, "organisation"),
    (("000000000000", "Нөл"), "individual"),
)


def odd_ids(draw, world, campaign):
    """LED-008: a wrong check digit, a BIN for an individual, a zero eaten, a non-resident."""
    donor, giver = draw(among(*ODD_IDS))
    campaign.give(donor, 60_000_00, draw(upto(LAST_USUAL_DAY)), giver=giver, kind=draw(among("donation", "donation", "expenditure")))
    if draw(upto(2)) == 2:
        campaign.give(donor, 61_000_00, draw(upto(LAST_USUAL_DAY)), giver="organisation", kind=draw(among("donation", "expenditure")))


def near_the_limit(draw, world, campaign):
    """LED-011 (EXP-001, EXP-002): 90 per cent of the spending limit, a tiyn more, the limit, a tiyn more."""
    limit = 1_050_000_000_00 if campaign.contest == "party_list" else 49_000_000_00
    signs = {"expenditure": 1, "expenditure_refund": -1}
    missing = limit * 9 // 10 - sum(signs.get(move.kind, 0) * move.amount for move in campaign.moves)
    missing += draw(among(1, 0, 0, -1, limit // 20, limit // 10, limit // 10 + 1))
    refund = draw(among(0, 0, 700_00))
    if missing > 0:
        campaign.spend(FIRMS[2], missing + refund, 20, draw(among("staff", "transport")))
    if refund:
        campaign.spend(FIRMS[2], refund, 22, kind="expenditure_refund")


SPELLINGS = (
    ("Сейітқали Ұлжан", "Сейткали Улжан", "Ұлжан Сейітқали", "Seitkali Ulzhan"),
    ("Ахметова Айгүл", "Ахметова Айгуль", "Akhmetova Aigul", "Айгуль Ахметова"),
)


def one_name_spelt_variously(draw, world, campaign):
    """LED-009: names that are probably one donor, over and at the cap together."""
    for n, name in enumerate(draw(among(*SPELLINGS))[: draw(among(2, 3, 4))]):
        fund = world.campaigns[draw(upto(len(world.campaigns) - 1))]
        fund.give((draw(among("", "", PEOPLE[n][0])), name), draw(among(3_500_000_01, 3_500_000_00, 7_000_000_00)), 2 * n)


def own_money(draw, world, campaign):
    """The contestant as its own donor, by type or by person_id, at the cap of a donor and over it."""
    digits, giver = SM_PEOPLE.get(campaign.cid, SM_PEOPLE["SM-1"]), draw(among("individual", "individual", "contestant"))
    person = (digits, "Өзі Өз")
    funds = world.campaigns if draw(upto(1)) else [campaign]
    for n, fund in enumerate(funds):
        fund.give(person, draw(among(7_000_000_00, 4_000_000_00, 3_500_000_01)) - n, draw(upto(8)), giver=giver)
    if draw(upto(1)):
        amount = draw(among(1_000_000_00, 4_000_000_00))
        campaign.give(person, amount, 12, kind="donation_refund", giver=draw(among("individual", "contestant", "")))
    if draw(upto(2)) == 2:
        campaign.give(person, 3_500_000_00, 9, giver=draw(among("individual", "contestant")))


# --------------------------------------------------------------------------------------- scenes: outlets, accounts, the bank


def advertising(draw, world, campaign):
    """EXP-005 and EXP-006: an outlet by id or by name, listed or not, for this medium or another, at a listed price or not."""
    digits, name = draw(among(*OUTLETS))
    medium = draw(among(*MEDIA[:4]))
    written = name.upper().replace("«", '"').replace("»", '"')
    for n in range(draw(among(2, 1, 3))):
        known, unknown = (digits, name), (wrong_id(digits), name)
        vendor = draw(among(known, known, known, ("", name), (digits, ""), ("", written), unknown, ("", "Басқа арна")))
        price = draw(among("1000", "1000.01", "1 000,00", "900", "1100", "950", "", "abc"))
        category = draw(weighted((medium, 6), "social_media", "transport", "Rockets"))
        amount = draw(among(100_000_00, 45_000_00)) + n
        kind = draw(among("expenditure", "expenditure", "subsidy"))
        campaign.spend(vendor, amount, draw(upto(LAST_USUAL_DAY)), category, kind=kind, unit_price=price, quantity=draw(among("", "100")))
    listed = draw(weighted((digits, 9), "", "123", f" {digits[:6]}-{digits[6:]}"))
    for price in draw(among(("1000", "900"), ("900", "1 000"), ("1000.00",), ("1100", "x", "900"), ("",), (), ())):
        row = {"vendor_id": listed, "vendor_name": draw(among(name, name, written, "")), "unit": "секунд", "unit_price": price}
        world.prices.append(row | {"medium": draw(weighted((medium, 7), medium.upper(), medium.upper(), "radio", "", "Rockets"))})


def contested(draw, world, campaign):
    """BNK-001 and BNK-002: equal amounts on both sides, ids of one, the other or none, days so near that lines compete."""
    amount, start = draw(among(15_000_00, 500_000_00)), draw(among(10, 3))
    direction, kinds = draw(among(("in", ("donation", "donation", "own_funds")), ("out", ("expenditure", "donation_refund"))))
    for _ in range(draw(among(2, 3, 4))):
        donor = draw(among(PEOPLE[0], ("", PEOPLE[0][1]), PEOPLE[1]))
        campaign.give(donor, amount, start + draw(upto(4)), kind=draw(among(*kinds)), banked=False)
    for _ in range(draw(among(2, 3, 4))):
        digits = draw(among(PEOPLE[0][0], "", PEOPLE[1][0]))
        world.bank.append(bank_line(campaign.account, start + draw(upto(4)), direction, amount, digits))
    if draw(upto(1)):  # the statement reaches further than the contested days
        for offset in (start - 3, start + 9):
            world.bank.append(bank_line(campaign.account, offset, "in", 1_00 + offset))
            campaign.give(("", "Банк"), 1_00 + offset, offset, kind="own_funds", giver="contestant", banked=False)


ODD_CELLS = (
    ("fund_account", SECOND),
    ("fund_account", "last"),
    ("fund_account", ELSEWHERE),
    ("fund_account", ""),
    ("fund_account", "own"),
    ("payment_method", "in_kind"),
    ("payment_method", "cash"),
)


def odd_accounts(draw, world, campaign):
    """Money through another account, through none, in cash or in kind; some of it in a statement."""
    for n in range(draw(among(1, 2))):
        name, value = draw(among(*ODD_CELLS))
        value = {"own": campaign.account.lower(), "last": world.campaigns[-1].account}.get(value, value)
        donor, banked = PEOPLE[draw(upto(2))], draw(among(True, True, False))
        campaign.give(donor, 33_000_00 + n, draw(upto(LAST_USUAL_DAY)), banked=banked, **{name: value})
    if draw(upto(1)):
        account, amount = draw(among(NOBODYS, SECOND, campaign.account)), draw(among(33_000_00, 12_00))
        world.bank.append(bank_line(account, draw(upto(LAST_USUAL_DAY)), draw(among("in", "out")), amount))


def out_of_time(draw, world, campaign):
    """RPT-010 and EXP-003: days before the campaign, at its ends, after the reports' periods."""
    for n in range(draw(among(1, 2))):
        offset = draw(among(-1, 41, 42, 28, 29, 30, 0, 11))
        campaign.give(PEOPLE[n], 21_000_00 + n, offset, kind=draw(among("donation", "expenditure", "deposit", "deposit_refund")))


def any_lines(draw, world, campaign):
    """Lines of the old generator: bad cells, odd kinds, every limit."""
    world.lines += draw(st.lists(filings.line(), min_size=1, max_size=4))


SCENES = {
    scene.__name__: scene
    for scene in (
        structuring,
        same_amount,
        shared_account,
        repeated,
        odd_names,
        several_funds,
        vendor_is_donor,
        odd_ids,
        near_the_limit,
        one_name_spelt_variously,
        own_money,
        advertising,
        contested,
        odd_accounts,
        out_of_time,
        any_lines,
    )
}
RICH = "advertising advertising structuring contested odd_accounts odd_ids repeated several_funds shared_account own_money same_amount"
OFTEN = (*SCENES, *RICH.split(), "own_money", "near_the_limit")  # the scenes with more to them are played more often
