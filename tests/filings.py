"""Random filings, made from the contract: few contestants and donors, sums near the limits, and every kind of bad cell."""

import csv

from hypothesis import strategies as st

from auditor.tables import CONTESTANTS, FILINGS, KINDS, REPORTS

CONTESTANT_IDS = ["PL-1", "SM-1", "SM-2"]
DONORS = [
    ("900101300017", "Сейітқали Ұлжан"),
    ("010228600010", "Ким Аглая"),
    ("230140000021", "ТОО «Ромашка»"),
    ("230150000014", "Foreign Ltd"),
    ("", 'ТОО "Ромашка"'),
    ("", "тоо  ромашка"),
    ("10228600010", "Ким Аглая"),
    ("123", "Қысқа Нөмір"),
    ("", ""),
    ("---", "Сызықша"),
]
TYPES = [
    "individual",
    "organisation",
    "political_party",
    "contestant",
    "state_body",
    "charity",
    "religious_organisation",
    "foreign",
    "foreign_owned",
    "anonymous",
    "",
    "Individual",
    "martian",
]
AMOUNTS = [
    "7000000.00",
    "7000000.01",
    "3500000",
    "3499999.99",
    "3 500 000,01",
    "1000000.5",
    "35000000",
    "14000000",
    "14000000.01",
    "49000000,00",
    "49000000.01",
    "450000",
    "300000.01",
    "200000",
    "1050000",
    "525000",
    "0.01",
    "350000000",
    "700000000",
    "700 000 000,01",
    "1050000000",
    "500 тг",
    "1.000,50",
    "",
    "0",
    "-5",
    "7 528 43,00",
]
DAYS = ["2023-02-17", "2023-02-18", "20.02.2023", "2023-03-01", "2023-03-17", "18.03.2023", "2023-02-30", ""]
IBANS = ["KZ31601A000000000001", "KZ04601A000000000002", "KZ86125KZT5004100100", "kz31 601a 0000 0000 0001", "KZ123456789012345678", ""]
CATEGORIES = [
    "television",
    "radio",
    "periodicals",
    "public_events",
    "printed_materials",
    "transport",
    "gifts",
    "charity",
    "other",
    "",
    "Rockets",
]


def mostly(good, bad, weight=12):
    return st.sampled_from([good] * weight + [bad]) if not isinstance(good, list) else st.sampled_from(good * weight + [bad])


@st.composite
def line(draw):
    donor = draw(st.sampled_from(DONORS))
    cid = draw(mostly(CONTESTANT_IDS, ""))
    contest = "party_list" if cid.startswith("PL") else "single_mandate"
    kind = draw(st.sampled_from(["donation"] * 8 + ["donation_refund"] * 2 + ["expenditure"] * 3 + list(KINDS) + ["gift", ""]))
    interim = draw(st.sampled_from([None, None, None, 1, 2]))
    report = draw(st.sampled_from(["", f"{cid}-F", f"{cid}-F2"])) if interim is None else draw(st.sampled_from(["", f"{cid}-I{interim}"]))
    period = ("2023-02-18", "2023-03-19") if interim is None else [("2023-02-18", "2023-02-28"), ("2023-03-01", "2023-03-15")][interim - 1]
    return {
        "contestant_id": cid,
        "contest": draw(mostly(contest, draw(st.sampled_from(["", "single_mandate", "party_list", "both"])), 30)),
        "contestant_name": "Үміткер",
        "report_id": report,
        "report_type": draw(mostly("final" if interim is None else "interim", draw(st.sampled_from(["", "draft"])), 40)),
        "period_start": period[0],
        "period_end": period[1],
        "received_on": draw(st.sampled_from(["", "2023-03-30", "2023-04-02"])) if report.endswith("F2") else "2023-03-30",
        "date": draw(mostly(DAYS[:6], draw(st.sampled_from(DAYS[6:])), 6)),
        "kind": kind,
        "amount": draw(mostly(AMOUNTS[:22], draw(st.sampled_from(AMOUNTS[22:])), 2)),
        "counterparty_type": draw(st.sampled_from(["individual"] * 8 + TYPES)),
        "counterparty_name": donor[1],
        "counterparty_id": donor[0],
        "fund_account": draw(st.sampled_from(IBANS)),
        "payment_method": draw(st.sampled_from(["bank_transfer"] * 5 + ["cash", "in_kind", "barter", ""])),
        "funding_source": draw(st.sampled_from(["own_resources", "annual_public_funding", ""])),
        "category": draw(st.sampled_from(CATEGORIES)),
        "contract_no": draw(st.sampled_from(["Д-1", "Д-2", ""])),
        "invoice_no": draw(st.sampled_from(["С-1", "С-2", ""])),
    }


@st.composite
def contestant(draw, cid):
    return {
        "contestant_id": cid,
        "contest": "party_list" if cid.startswith("PL") else "single_mandate",
        "name": f"Участник {cid}",
        "registered_on": draw(st.sampled_from(["2023-02-16", "2023-02-20", ""])),
        "status": draw(st.sampled_from(["registered"] * 4 + ["withdrawn", "", "gone"])),
        "fund_account": draw(st.sampled_from(IBANS)),
        "account_opened_on": draw(st.sampled_from(["2023-02-15", "2023-02-19", "2023-02-25", ""])),
        "list_size": draw(st.sampled_from(["", "1", "10", "ten"])) if cid.startswith("PL") else "",
        "last_vote_share": draw(st.sampled_from(["", "0.99", "1", "2,99", "3", "4.999999999999999999", "5", "x"])),
        "vote_share": draw(st.sampled_from(["", "4.99", "5", "12"])),
        "elected": draw(st.sampled_from(["", "yes", "no"])),
        "person_id": draw(st.sampled_from(["", "900101300017"])) if cid.startswith("SM") else "",
    }


@st.composite
def filing(draw, cid):
    final = draw(st.booleans())
    rid = draw(st.sampled_from([f"{cid}-F", f"{cid}-F2"])) if final else draw(st.sampled_from([f"{cid}-I1", f"{cid}-I2"]))
    period = ("2023-02-18", "2023-03-19") if final else ("2023-02-18", "2023-02-28") if rid.endswith("1") else ("2023-03-01", "2023-03-15")
    return {
        "report_id": rid,
        "contestant_id": cid,
        "report_type": "final" if final else "interim",
        "period_start": period[0],
        "period_end": period[1],
        "received_on": draw(st.sampled_from(["2023-03-30", "2023-04-01", ""])),
    }


@st.composite
def tables(draw):
    """Tables as lists of rows, some columns dropped, some tables absent, ragged records and total lines among the rest."""
    made = {"reports": draw(st.lists(line(), min_size=1, max_size=25))}
    if draw(st.integers(0, 3)):
        made["contestants"] = [draw(contestant(cid)) for cid in CONTESTANT_IDS if draw(st.integers(0, 4))]
    if draw(st.integers(0, 2)) == 0:
        rows = [draw(filing(cid)) for cid in CONTESTANT_IDS for _ in range(draw(st.integers(0, 2)))]
        made["filings"] = list({row["report_id"]: row for row in rows}.values())
    columns = {
        "reports": [c.name for c in REPORTS if c.name in made["reports"][0]],
        "contestants": [c.name for c in CONTESTANTS if c.name in contestant_columns()],
        "filings": [
            c.name for c in FILINGS if c.name in ("report_id", "contestant_id", "report_type", "period_start", "period_end", "received_on")
        ],
    }
    required = {c.name for table in (REPORTS, CONTESTANTS, FILINGS) for c in table if c.required}
    for table in made:
        for name in list(columns[table]):
            keep = name in required if table != "reports" or name not in ("report_type", "period_start", "period_end") else False
            if not keep and draw(st.integers(0, 40)) == 0:
                columns[table].remove(name)
    odd = {
        n: draw(st.sampled_from(["short", "long", "total", "empty"])) for n in range(len(made["reports"])) if draw(st.integers(0, 50)) == 0
    }
    return made, {table: columns[table] for table in made}, odd


def contestant_columns():
    return (
        "contestant_id",
        "contest",
        "name",
        "registered_on",
        "status",
        "fund_account",
        "account_opened_on",
        "list_size",
        "last_vote_share",
        "vote_share",
        "elected",
        "person_id",
    )


def as_records(rows, columns, odd=()):
    """The records as they stand in the file."""
    records = []
    for n, row in enumerate(rows):
        cells = [row[name] for name in columns]
        what = odd.get(n) if odd else None
        if what == "short":
            cells = cells[:-2]
        elif what == "long":
            cells = [*cells, "extra"]
        elif what == "total":
            cells = ["" for _ in cells]
            cells[columns.index("amount")] = "100.00"
            cells[0] = "Итого"
        elif what == "empty":
            cells = ["" for _ in cells]
        records.append(cells)
    return records


def write(folder, made, columns, odd):
    for table, rows in made.items():
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(columns[table])
            writer.writerows(as_records(rows, columns[table], odd if table == "reports" else {}))


def for_oracle(made, columns, odd):
    """The same as the oracle takes it: (row, cells), ragged records marked, empty rows left out."""
    given = {}
    for table, rows in made.items():
        given[table] = []
        for n, cells in enumerate(as_records(rows, columns[table], odd if table == "reports" else {}), start=2):
            if not any(cell.strip() for cell in cells):
                continue
            row = dict(zip(columns[table], cells))
            if len(cells) != len(columns[table]):
                row = {name: row.get(name, "") for name in columns[table]} | {"__ragged__": "1"}
            given[table].append((n, row))
    return given
