"""Random filings of all six tables, small and dense: a plain campaign, scenes on top of it, and what was filed about it.

The moves of a campaign (filings_scenes) are told by its reports (interim and final, superseded, late, added up wrongly, contradicting
each other) and by the bank's statement (shifted, without ids, with lines missing); beside them stand the register, the people and the
price lists. The form is that of `filings.tables()`, so `filings.write` and `filings.for_oracle` take it as it is.
"""

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta

from filings_scenes import (
    ACCOUNTS,
    ELSEWHERE,
    FIRMS,
    LAST_USUAL_DAY,
    NOBODYS,
    OFTEN,
    PEOPLE,
    SCENES,
    SECOND,
    SM_PEOPLE,
    Campaign,
    World,
    among,
    bank_line,
    iso,
    plain_moves,
    upto,
    valid_id,
    weighted,
)
from hypothesis import strategies as st

from auditor.tables import TABLES

COMMISSIONS = {"PL-1": "ЦИК", "SM-1": "ОИК № 1", "SM-2": "ОИК № 2"}
CANDIDATE_IDS = [valid_id(f"{year}0110{3 + year % 2}", 100 + year) for year in range(60, 74)]
PERIODS = (("2023-02-18", "2023-02-28"), ("2023-03-01", "2023-03-15"), ("2023-03-16", "2023-03-31"))
OVERLAPPING = (("2023-02-18", "2023-03-15"), ("2023-02-25", "2023-03-15"))
OTHER_PERIODS = (
    PERIODS[:2],
    PERIODS[:1],
    (PERIODS[0], PERIODS[2]),
    (OVERLAPPING[0], PERIODS[2]),
    (PERIODS[0], ("2023-03-01", "2023-03-31")),
    (PERIODS[0], ("2023-03-01", "2023-03-14"), PERIODS[2]),
    (PERIODS[0], OVERLAPPING[0], PERIODS[2]),
    (PERIODS[0], OVERLAPPING[1], PERIODS[2]),
)
FINAL_PERIODS = (("2023-02-18", "2023-03-31"), ("2023-02-18", "2023-03-19"))
INCOME = ("own_funds", "donation", "expenditure_refund")
OUTGO = ("expenditure", "donation_refund", "budget_transfer")


def later(day, days):
    """A day so many days after another, both as text."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def money(tiyn, style="plain"):
    """An amount as a contestant may write it."""
    sign, (whole, part) = "-" if tiyn < 0 else "", divmod(abs(tiyn), 100)
    if style == "spaced":
        return f"{sign}{whole:,}".replace(",", " ") + f",{part:02}"
    if style == "short" and part == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{part:02}"


# ---------------------------------------------------------------------------------------------------------------- reports


@dataclass
class Filed:
    """A report as it was filed once."""

    report_id: str
    type: str
    period: tuple
    received: str
    moves: list
    has_face: bool = True  # it may stand in `filings`
    counts: bool = True  # it is, as far as the generator means it, not superseded


def reports_of(draw, campaign):
    """What the contestant filed: interim reports, a final one, both or nothing; some of it twice, some of it contradicting."""
    shape = draw(among("both", "both", "both", "both", "final", "final", "interims", "interims", "nothing"))
    interims, finals = [], []
    if shape in ("both", "interims"):
        periods = draw(weighted((PERIODS, 10), *OTHER_PERIODS))
        left = list(campaign.moves)
        for n, (start, end) in enumerate(periods, start=1):
            within = [move for move in left if start <= iso(move.day) <= end]
            left = [move for move in left if move not in within]
            interims.append(Filed(f"{campaign.cid}-I{n}", "interim", (start, end), later(end, 2), within))
        interims[-1].moves += [move for move in left if not PERIODS[0][0] <= iso(move.day) <= PERIODS[-1][1]]
    if shape in ("both", "final"):
        received = draw(weighted(("2023-04-01", 2), "2023-03-30", "2023-03-30", "2023-04-02", ""))
        finals = [Filed(f"{campaign.cid}-F", "final", draw(among(*FINAL_PERIODS)), received, list(campaign.moves))]
    if interims and finals:
        for _ in range(draw(among(0, 0, 1, 2))):
            contradict(draw, interims, finals[0])
    if finals and draw(upto(14)) == 14:
        finals.append(
            replace(finals[0], report_id=f"{campaign.cid}-F2", period=("2023-02-18", "2023-03-17"), received="2023-03-25", counts=False)
        )
    filed = interims + finals
    for _ in range(draw(among(0, 0, 0, 1, 2)) if filed else 0):
        file_again(draw, filed)
    return filed


def contradict(draw, interims, final):
    """One line that the interim reports and the final one do not tell alike, or tell alike but for what does not matter."""
    what = draw(among("left_out", "amount", "day", "kind", "counterparty_id", "name", "contract_no", "twice", "moved", "only_final"))
    report = draw(among(*range(len(interims))))
    moves = interims[report].moves
    if not moves:
        return
    at = draw(upto(len(moves) - 1))
    move = moves[at]
    there = final.moves.index(move) if move in final.moves else None
    if what == "twice":
        moves.append(move)
    elif what == "moved":
        interims[(report + 1) % len(interims)].moves.append(moves.pop(at))
    elif what == "only_final":
        moves.pop(at)
    elif there is not None and what == "left_out":
        final.moves.pop(there)
    elif there is not None:
        final.moves[there] = {
            "amount": replace(move, amount=move.amount + draw(among(1, 50_000_00))),
            "day": replace(move, day=move.day + 1),
            "kind": replace(move, kind="expenditure" if move.kind == "donation" else "donation"),
            "counterparty_id": move.change(counterparty_id=draw(among("", PEOPLE[1][0]))),
            "name": move.change(counterparty_name=move.cells["counterparty_name"].upper()),
            "contract_no": move.change(contract_no="Н-1", invoice_no=""),
        }[what]


def file_again(draw, filed):
    """Another version of a report: received later, the same day, earlier or nobody knows when."""
    first = filed[draw(upto(len(filed) - 1))]
    when = draw(among("later", "same", "earlier", "unknown"))
    shift = {"later": 2, "same": 0, "earlier": -3}.get(when)
    received = later(first.received, shift) if first.received and shift is not None else ""
    moves = list(first.moves)
    what = draw(among("same", "shorter", "amount", "outside", "empty"))
    if what == "shorter" and moves:
        moves.pop()
    elif what == "amount" and moves:
        moves[-1] = replace(moves[-1], amount=moves[-1].amount + 1_000_000_00)
    elif what == "outside" and moves:
        moves[0] = replace(moves[0], day=draw(among(-2, 45)))
    elif what == "empty":
        moves = []
    again = replace(first, report_id=f"{first.report_id}{'bcd'[len(filed) % 3]}", received=received, moves=moves)
    if any(again.report_id == other.report_id for other in filed):
        return
    first.counts, again.counts = (False, True) if when in ("later", "same") else (True, False)
    filed.append(again)


def line_of(filed, campaign, move, manner):
    """A row of `reports`."""
    period = manner.get("period", filed.period)
    return {column.name: "" for column in TABLES["reports"]} | {
        "contestant_id": campaign.cid,
        "contest": campaign.contest,
        "contestant_name": f"Участник {campaign.cid}",
        "report_id": manner.get("report_id", filed.report_id),
        "report_type": filed.type,
        "period_start": period[0],
        "period_end": period[1],
        "received_on": manner.get("received_on", filed.received),
        "date": iso(move.day),
        "kind": move.kind,
        "amount": money(move.amount, manner["style"]),
        **move.cells,
    }


def lines_of(draw, filed, campaign):
    """The lines of a report; its face may have to say what they do not."""
    manner = {"style": draw(among("plain", "short", "spaced"))}
    what = draw(weighted(("plain", 14), "no id", "no period", "no start", "no end", "not received", "otherwise", "first silent"))
    start, end = filed.period
    if what in ("no start", "no end", "no period", "first silent") and draw(upto(2)):
        filed.has_face = False
        if draw(upto(1)):
            start, end = later(start, 6), later(end, -6)
    manner |= {
        "plain": {},
        "no id": {"report_id": ""},
        "no period": {"period": ("", "")},
        "no start": {"period": ("", end)},
        "no end": {"period": (start, "")},
        "not received": {"received_on": ""},
        "first silent": {"period": (start, end)},
        "otherwise": {"received_on": "2023-04-04", "period": (PERIODS[0][0], end)},
    }[what]
    lines = [line_of(filed, campaign, move, manner) for move in filed.moves]
    if what == "first silent" and lines:
        lines[0] |= {"period_start": "", "period_end": "", "received_on": ""}
    return lines


SPOILT = (
    ("amount", ("", "1.000,50", "0", "500 тг")),
    ("date", ("2023-02-30", "", "18.03.2023")),
    ("kind", ("gift", "")),
    ("counterparty_type", ("martian", "", "Individual")),
    ("counterparty_id", ("123", "---", "")),
    ("report_type", ("draft",)),
    ("contest", ("",)),
    ("contestant_id", ("", "XX-9")),
    ("report_id", ("", "?")),
    ("unit_price", ("1.000,50",)),
)


def spoil(draw, lines):
    """Cells that nobody can read, or that read otherwise."""
    for _ in range(draw(weighted((0, 4), 1, 2)) if lines else 0):
        line = lines[draw(upto(len(lines) - 1))]
        name, values = draw(among(*SPOILT))
        line[name] = draw(among(*values))
        if name == "contestant_id" and draw(upto(1)):
            line["contest"] = ""  # nobody's line by itself, and by the id of its report that of a contestant whose contest it lacks
        if draw(upto(3)) == 3:
            line["report_id"] = ""


# ---------------------------------------------------------------------------------------------------------------- filings


def sum_of(moves, *kinds):
    return sum(move.amount for move in moves if move.kind in kinds)


def faces(draw, campaign, filed):
    """The rows of `filings`: totals and balances as the contestant states them, one or another of them wrong."""
    rows, balance = [], 0
    careful = draw(among(True, True, False))
    if draw(upto(9)) == 9:
        return []
    for report in filed:
        receipts, spent = sum_of(report.moves, *INCOME), sum_of(report.moves, *OUTGO)
        follows = report.type == "interim" and report.period not in OVERLAPPING
        opening = balance if follows else 0
        closing = opening + receipts - spent
        if follows and report.counts:
            balance = closing
        if not report.has_face or draw(upto(11)) == 11:
            continue
        due = later(report.period[1], 5) if report.type == "interim" else "2023-04-01"
        row = {
            "report_id": report.report_id,
            "contestant_id": campaign.cid,
            "report_type": report.type,
            "period_start": report.period[0],
            "period_end": report.period[1],
            "received_on": report.received,
            "submitted_to": COMMISSIONS[campaign.cid],
            "published_on": due if careful else draw(among(due, due, later(due, -4), later(due, 1), later(due, 3), "", "")),
            "opening_balance": money(opening),
            "own_funds": money(sum_of(report.moves, "own_funds")),
            "donations": money(sum_of(report.moves, "donation")),
            "total_receipts": money(receipts),
            "total_spent": money(spent),
            "closing_balance": money(closing),
        }
        if not careful:
            misstate(draw, row)
        rows.append(row)
    return rows


def misstate(draw, row):
    """A face with something wrong, empty or written otherwise."""
    name = draw(
        among("closing_balance", "opening_balance", "own_funds", "donations", "total_receipts", "total_spent", "submitted_to", None)
    )
    if name is None:
        return
    if name == "submitted_to":
        row[name] = draw(among(f" {row[name].lower()} ", row[name].replace(" ", ""), "Маслихат", "ОИК № 3", ""))
        return
    tiyn = round(float(row[name]) * 100)
    row[name] = draw(among(money(tiyn + 1), money(max(0, tiyn - 1)), "", money(tiyn, "spaced"), "x", money(tiyn + 5_000_00)))
    if name.endswith("_balance") and draw(upto(3)) == 3:
        row[name] = f"-{row[name]}"


# -------------------------------------------------------------------------------------------------------------- statement


def statement(draw, world, books):
    """The bank's record of the books: as they are within two days and ids, or with lines missing, doubled, changed or too late."""
    careful = draw(among(True, True, False))
    lines = []
    for move in books:
        account, direction = move.cells["fund_account"], "in" if move.kind in INCOME else "out"
        if not account or move.kind not in INCOME + OUTGO or move.cells["payment_method"] == "in_kind" or not move.banked:
            continue
        line = bank_line(account, move.day, direction, move.amount, move.cells["counterparty_id"])
        line |= {"counterparty_name": move.cells["counterparty_name"], "counterparty_account": move.cells.get("counterparty_account", "")}
        what = draw(among("same", "same", "same", "same", "shifted", "no id"))
        if not careful and draw(upto(3)) == 3:
            what = draw(among("missing", "late", "other id", "amount", "direction", "twice", "account", "bad id"))
        if what == "shifted":
            line["date"] = iso(move.day + draw(among(1, 2, -1, -2)))
        elif what == "late":
            line["date"] = iso(move.day + draw(among(3, -3, 4)))
        elif what in ("no id", "other id", "bad id"):
            line["counterparty_id"] = {"no id": "", "other id": PEOPLE[5][0], "bad id": "123"}[what]
        elif what == "amount":
            line["amount"] += 1
        elif what == "direction":
            line["direction"] = "out" if direction == "in" else "in"
        elif what == "account":
            line["fund_account"] = draw(among(SECOND, NOBODYS, account.lower()))
        lines += [] if what == "missing" else [line, dict(line)] if what == "twice" else [line]
    lines += [dict(line) for line in world.bank]
    if not careful and draw(upto(2)) == 0:
        account = draw(among(NOBODYS, SECOND, ELSEWHERE, *[campaign.account for campaign in world.campaigns]))
        lines.append(bank_line(account, draw(upto(30)), draw(among("in", "out")), draw(among(777_00, 1))))
    return balanced(draw, ordered(draw, lines, plain=lambda line: line["date"]), careful)


def balanced(draw, lines, careful):
    """The lines written out, with the balances of each account: right, off by a tiyn or empty."""
    for account in sorted({line["fund_account"].upper() for line in lines}):
        own = sorted((line for line in lines if line["fund_account"].upper() == account), key=lambda line: line["date"])
        balance = opening = draw(among(0, 100_000_00))
        for line in own:
            line["opening_balance"] = money(balance)
            balance += line["amount"] if line["direction"] == "in" else -line["amount"]
            line["closing_balance"] = money(balance)
        what = "right" if careful else draw(among("right", "off", "opening", "empty", "between", "negative"))
        if what == "off":
            own[-1]["closing_balance"] = money(balance + draw(among(1, -1, 100_00)))
        elif what == "opening":
            own[0]["opening_balance"] = money(opening + 1)
        elif what == "empty":
            own[draw(among(0, -1))] |= {"opening_balance": "", "closing_balance": "x"}
        elif what == "between":
            for line in own[1:]:
                line["opening_balance"] = ""
        elif what == "negative":
            own[0]["opening_balance"], own[-1]["closing_balance"] = money(opening - 500_00), money(balance - 500_00)
    written = [{column.name: "" for column in TABLES["statement"]} | line | {"amount": money(line["amount"])} for line in lines]
    if written and draw(upto(11)) == 11:
        line = written[draw(upto(len(written) - 1))]
        name, value = draw(among(("amount", "0"), ("date", "2023-02-30"), ("direction", "IN"), ("direction", "up"), ("fund_account", "")))
        line[name] = value
    return written


# ------------------------------------------------------------------------------------------- the register, people and prices


def record_of(draw, campaign, accounts):
    """A row of `contestants`."""
    party = campaign.contest == "party_list"
    return {column.name: "" for column in TABLES["contestants"]} | {
        "contestant_id": campaign.cid,
        "contest": campaign.contest,
        "name": f"Участник {campaign.cid}",
        "commission": draw(weighted((COMMISSIONS[campaign.cid], 8), COMMISSIONS[campaign.cid].upper().replace(" ", "  "), "ТИК", "")),
        "registered_on": draw(among("2023-02-16", "2023-02-16", "2023-02-20", "")),
        "status": draw(weighted(("registered", 8), "withdrawn", "", "gone")),
        "fund_account": draw(weighted((campaign.account, 7), accounts[-1], "")),
        "account_opened_on": draw(among("2023-02-17", "2023-02-17", "2023-02-15", "2023-02-25", "")),
        "list_size": draw(among("1", "10", "")) if party else "",
        "last_vote_share": draw(among("5", "", "2,99")),
        "vote_share": draw(among("5", "4.99", "")),
        "elected": draw(among("yes", "no", "")),
        "person_id": draw(weighted((SM_PEOPLE[campaign.cid], 6), "")) if not party else "",
    }


COUNTED = ({"sex": "f"}, {"born_on": "1994-03-20"}, {"disability": "yes"}, {"sex": "F", "disability": "YES", "born_on": ""})
NOT_COUNTED = ({}, {"born_on": "1994-03-19"}, {}, {"sex": ""}, {"born_on": ""}, {"disability": ""}, {"sex": "x", "born_on": "1994-02-30"})
NEAR_AN_AGE = (
    {"born_on": "1998-03-20"},
    {"born_on": "1998-03-19"},
    {"born_on": "19.03.1998"},
    {"resident_since": "2013-03-20"},
    {"resident_since": "2013-03-19"},
    {"resident_since": ""},
    {"resident_since": "2012-02-29", "born_on": "1998-02-28"},
    {"candidate_id": "123", "born_on": "1998-03-20"},
    {"candidate_id": "", "resident_since": "2020-01-01"},
    {"name": "", "born_on": "1998-03-20"},
)


def candidate(cid, digits, n, facts):
    """A row of `candidates`."""
    return {column.name: "" for column in TABLES["candidates"]} | {
        "candidate_id": digits,
        "name": f"Кандидат {n}",
        "contestant_id": cid,
        "position": str(n),
        "sex": "m",
        "born_on": "1980-05-05",
        "disability": "no",
        "resident_since": "1999-01-01",
        **facts,
    }


def facts_of(draw, *choices):
    """Some of a person's facts; the first are the plainest."""
    return choices[draw(upto(len(choices) - 1))]


def candidates(draw, campaigns):
    """Lists around the quota of 30 per cent, people at the ages and years that count, the same person on a list and in a district."""
    rows = []
    for campaign in campaigns:
        if campaign.contest == "single_mandate":
            facts = facts_of(draw, *[{}] * 9, *NEAR_AN_AGE[:7])
            digits = draw(weighted((SM_PEOPLE[campaign.cid], 5), CANDIDATE_IDS[0], CANDIDATE_IDS[1], SM_PEOPLE["SM-1"]))
            rows.append(candidate(campaign.cid, digits, 1, facts))
            continue
        size = draw(among(3, 1, 4, 7, 10))
        needed = -(-size * 3 // 10)
        counted = min(size, max(0, needed + draw(among(0, -1, 0, -1, 1))))
        plain = draw(among(True, True, False))  # only one fact each, all of them known
        people = []
        for n in range(size):
            facts = facts_of(draw, *COUNTED[:3]) if n < counted else facts_of(draw, *NOT_COUNTED[: 2 if plain else None])
            people.append(candidate(campaign.cid, CANDIDATE_IDS[n], n + 1, facts))
        for _ in range(draw(among(0, 0, 1, 2, 3))):
            people[draw(upto(size - 1))].update(facts_of(draw, *NEAR_AN_AGE))
        if draw(upto(3)) == 3:
            twin = dict(people[draw(upto(size - 1))])
            people.append(
                twin
                | facts_of(
                    draw,
                    *COUNTED,
                    *COUNTED,
                    *NOT_COUNTED[2:],
                    *NEAR_AN_AGE[:4],
                    {"born_on": "2001-01-01"},
                    {"resident_since": "2021-01-01"},
                )
            )
        rows += people
    if draw(upto(7)) == 7:
        rows.append(candidate("XX-9", draw(among(CANDIDATE_IDS[0], SM_PEOPLE["SM-1"])), 99, {}))
    return ordered(draw, rows)


def price_rows(draw, world):
    rows = [{column.name: "" for column in TABLES["price_lists"]} | row for row in world.prices]
    if not rows or draw(upto(3)) == 3:
        rows.append({column.name: "" for column in TABLES["price_lists"]} | {"vendor_id": FIRMS[2][0], "vendor_name": FIRMS[2][1]})
        rows[-1] |= {"medium": draw(among("transport", "television")), "unit_price": "5000"}
    return rows


# ----------------------------------------------------------------------------------------------------------------- tables


def ordered(draw, rows, plain=None):
    """Rows as they came (or in their plain order), turned round, or shuffled."""
    rows = sorted(rows, key=plain) if plain else list(rows)
    how = draw(among("plain", "plain", "plain", "reversed", "shuffled"))
    if how == "shuffled":
        places = draw(st.lists(upto(255), min_size=len(rows), max_size=len(rows)))
        return [row for _, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0])]
    return rows[::-1] if how == "reversed" else rows


OPTIONAL = [(table, column.name) for table, columns in TABLES.items() for column in columns if not column.required]
REQUIRED_ELSEWHERE = [
    (table, column.name) for table, columns in TABLES.items() for column in columns if column.required and table != "reports"
]
CIDS = tuple(ACCOUNTS)


@st.composite
def tables(draw):
    """All six tables, as `filings.tables()` gives its three: the rows, the columns of each table, and which records are odd."""
    cids = draw(among(CIDS, CIDS, CIDS[:2], CIDS[1:], CIDS[:1], CIDS[1:2]))
    world = World([Campaign(cid, ACCOUNTS[cid]) for cid in cids])
    for campaign in world.campaigns:
        plain_moves(draw, campaign)
    scenes = draw(st.lists(among(*OFTEN), min_size=1, max_size=7))
    for name in sorted(scenes, key=lambda name: name == "near_the_limit"):  # which looks at what the others have spent
        SCENES[name](draw, world, world.campaigns[draw(upto(len(cids) - 1))])

    lines, faced, books = [], [], []
    for campaign in world.campaigns:
        filed = reports_of(draw, campaign)
        for report in filed:
            lines += lines_of(draw, report, campaign)
        faced += faces(draw, campaign, filed)
        has_final = any(report.type == "final" for report in filed)
        books += [move for report in filed if report.counts and (report.type == "final" or not has_final) for move in report.moves]
    spoil(draw, lines)
    empty = {column.name: "" for column in TABLES["reports"]}
    lines = ordered(draw, lines + [empty | line for line in world.lines])

    made = {"reports": lines or [empty | {"contestant_id": cids[0], "contest": world.campaigns[0].contest}]}
    accounts = [campaign.account for campaign in world.campaigns]
    if draw(upto(7)) < 7:
        made["contestants"] = [record_of(draw, campaign, accounts) for campaign in world.campaigns if draw(upto(11)) < 11]
    if draw(upto(7)) < 7:
        made["filings"] = ordered(draw, faced)
    if draw(upto(3)) < 3:
        made["candidates"] = candidates(draw, world.campaigns)
    if draw(upto(7)) < 7:
        made["price_lists"] = price_rows(draw, world)
    if draw(upto(4)) < 4:
        made["statement"] = statement(draw, world, books)

    columns = {table: [column.name for column in TABLES[table]] for table in made}
    for _ in range(draw(weighted((0, 6), 1, 2))):
        table, name = draw(st.sampled_from(OPTIONAL) if draw(upto(5)) < 5 else st.sampled_from(REQUIRED_ELSEWHERE))
        if name in columns.get(table, []):
            columns[table].remove(name)
    odd = {}
    if draw(upto(9)) == 9:
        odd = {draw(upto(len(made["reports"]) - 1)): draw(among("short", "long", "total", "empty"))}
    return made, columns, odd


@st.composite
def many_expenditures(draw):
    """LED-010: some 300 expenditures whose first digits keep to Benford's law or depart from it, the mean deviation near 0.015."""
    number = draw(among(300, 299, 301, 320, 450))
    digits = [digit for digit in range(1, 10) for _ in range(round(number * math.log10(1 + 1 / digit)))]
    digits = (digits + [1] * number)[:number]
    source, target = draw(among(1, 2, 3)), draw(among(9, 5, 4))
    moved = draw(among(0, 17, 18, 19, 20, 21, 22, 23, 60)) * number // 300
    for _ in range(min(moved, digits.count(source))):
        digits[digits.index(source)] = target
    step, style = draw(among(1, 7, 11)), draw(among("plain", "short", "spaced"))
    campaign = Campaign("SM-1", ACCOUNTS["SM-1"])
    for n, digit in enumerate(digits):
        power = n * step % 8  # from 0.01 to 99,999.99
        campaign.spend(FIRMS[2], digit * 10**power + (n * 37 % 10**power), n % (LAST_USUAL_DAY + 1), "staff")
    for _ in range(draw(upto(2))):
        campaign.spend(FIRMS[2], 9_00, 5, draw(among("staff", "transport")), kind=draw(among("expenditure_refund", "subsidy", "donation")))
    filed = Filed("SM-1-F", "final", FINAL_PERIODS[0], "2023-03-30", campaign.moves)
    lines = [line_of(filed, campaign, move, {"style": style}) for move in campaign.moves]
    spoil(draw, lines)
    return {"reports": lines}, {"reports": [column.name for column in TABLES["reports"]]}, {}


def calendars():
    """The day of the audit, and what is given instead of the election file's days."""
    as_of = among(
        date(2023, 4, 15), date(2023, 4, 15), date(2023, 4, 1), date(2023, 4, 2), date(2023, 4, 6), date(2023, 3, 15), date(2023, 3, 16)
    )
    published = among(date(2023, 3, 29), None, date(2023, 3, 28), date(2023, 3, 30))
    return st.tuples(as_of, published).map(lambda days: (days[0], {"results_published": days[1]} if days[1] else {}))
