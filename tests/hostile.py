"""A filing with one text in every place where a filing's text reaches the output, beside a contestant whose name is plain."""

import csv
from collections.abc import Sequence
from pathlib import Path

from auditor.tables import TABLES

PLAIN = {"contestant_id": "ZZ-2", "name": "Жай Есім", "donor": "Ак Кайрат"}
LONG = {
    "10,000 characters without a space": "Ұ" * 10_000,
    "100,000 characters without a space": "Wj" * 50_000,
}
NAMES = {
    "image": "<img src=http://127.0.0.1:{port}/x>",
    "image closing the cell": "\"'></td></tr></table><img src='http://127.0.0.1:{port}/x'>",
    "style": "<style>*{{display:none}}</style>",
    "imported style": "<style>@import url(http://127.0.0.1:{port}/x);</style>",
    "style attribute": '" style="display:none;background:url(http://127.0.0.1:{port}/x)',
    "address in CSS": "url(http://127.0.0.1:{port}/x); content: url('http://127.0.0.1:{port}/x')",
    "comment": "<!-- everything after this",
    "character data": "]]><![CDATA[",
    "expression": "{{{{ 7*7 }}}}",
    "raw block": "{{% raw %}} {{# note #}}",
    "places of a sentence": "{{0}} {{name}} {{measured.__class__}} %s",
    "link to a file": '<a href="file:///etc/passwd">x</a>',
    "attachment": "<link rel=attachment href=file:///etc/passwd><base href=http://127.0.0.1:{port}/>",
    "script": "javascript:alert(1)",
    "script element": "<script src=http://127.0.0.1:{port}/x></script>",
    "picture in SVG": "</title></svg><svg><image href='http://127.0.0.1:{port}/x' /></svg>",
    "entities": "&lt;b&gt; &#60;img&#62; &amp;",
    "the page's own mark": "<!--unknown-->",
    "embedding": "abc\u202ab\u202bc\u202cd\u202de\u202efed",
    "isolates": "abc\u2066b\u2067c\u2068d\u2069ed",
    "zero width": "Aй\u200bг\u200cе\u200dр\u2060и\ufeffм\u00adна\u034f",
    "combining tower": "За" + "\u0301" * 400 + "льго" + "\u0336\u0489" * 200,
    "only marks": "\u0300" * 50,
    "controls": "a\x01\x02\x07\x08\x0b\x0c\x1c\x7f\x85\x9bb",
    "escape sequences": "\x1b[2J\x1b[31mred\x1b]0;title\x07\x9b5m\x1bP1\x1b\\",
    "line breaks": "first\nsecond\r\nthird\tfourth\u2028fifth\u2029sixth",
    "right to left": "שלום العربية نص",
    "wide": "王力宏" * 60,
    "other planes": "\U0001d400\U0001f600\U000e0041\ue000\ufffe\U0010ffff",
    "formula": "=HYPERLINK(\"http://127.0.0.1:{port}/x\")",
    "formula after a separator": "x;=1+1;y",
    "formula on a second line": "x\n=1+1",
    "sum": "@SUM(1+1)*cmd|' /C calc'!A0",
    **LONG,
}  # fmt: skip
"""Names by what they try; `{port}` is where a listener waits, other braces are doubled."""


def name(case: str, port: int) -> str:
    """The hostile text itself."""
    text = NAMES[case]
    return text if case in LONG else text.format(port=port)


def tables(*hostile: str) -> dict[str, list[dict[str, str]]]:
    """The tables of a filing: each hostile text wherever a text may stand, then everything again under a plain name."""
    made: dict[str, list[dict[str, str]]] = {
        "reports": [],
        "contestants": [],
        "filings": [],
        "candidates": [],
        "price_lists": [],
        "statement": [],
    }
    for own, person, donor, account in (
        *((text, text, text, "KZ86125KZT5004100100") for text in hostile),
        (PLAIN["contestant_id"], PLAIN["name"], PLAIN["donor"], "KZ04125KZT1001300336"),
    ):
        other = own if own in hostile else "Ромашка"
        made["contestants"].append(
            {
                "contestant_id": own, "contest": "single_mandate", "name": person, "nominated_by": other, "district": other, "commission": other,
                "registered_on": "2023-02-18", "fund_account": account, "elected": "no",
            }
        )  # fmt: skip
        report = {"contestant_id": own, "report_id": f"{own[:50]}-F", "report_type": "final", "period_start": "2023-02-18", "period_end": "2023-03-19", "received_on": "2023-03-24"}  # fmt: skip
        made["filings"].append({**report, "submitted_to": other, "total_receipts": "1", "donations": other, "closing_balance": "5"})
        base = {
            **report, "contest": "single_mandate", "contestant_name": person, "district": other, "counterparty_name": donor, "description": other,
            "contract_no": other, "invoice_no": other, "payment_method": "bank_transfer", "counterparty_account": other,
        }  # fmt: skip
        lines = [
            {"date": "2023-02-20", "kind": "donation", "amount": "6000000", "counterparty_type": "individual"},
            {"date": "2023-02-21", "kind": "donation", "amount": "6000000", "counterparty_type": "individual"},
            {"date": "2023-02-22", "kind": "donation", "amount": "100000", "counterparty_type": "foreign"},
            {"date": "2023-02-23", "kind": "donation", "amount": other, "counterparty_type": other, "counterparty_id": other},
            {"date": "2023-02-24", "kind": other, "amount": "5000", "counterparty_type": "individual"},
            {"date": "2023-03-01", "kind": "expenditure", "amount": "60000000", "category": "television"},
            {"date": "2023-03-01", "kind": "expenditure", "amount": "60000000", "category": "television"},
            {"date": "2023-03-02", "kind": "expenditure", "amount": "900000", "category": "gifts", "payment_method": "cash"},
            {"date": other, "kind": "expenditure", "amount": "1", "category": other, "payment_method": other},
        ]
        made["reports"] += [base | line for line in lines]
        made["candidates"].append(
            {"candidate_id": "900101300017" if own in hostile else "910202300016", "name": person, "contestant_id": own, "sex": other}
        )
        made["price_lists"].append(
            {
                "vendor_id": "150340012345",
                "vendor_name": other,
                "medium": "television",
                "filed_with": other,
                "unit": other,
                "unit_price": "1",
            }
        )
        made["statement"].append(
            {
                "fund_account": account,
                "date": "2023-02-20",
                "direction": "in",
                "amount": "6000000",
                "counterparty_name": donor,
                "reference": other,
                "description": other,
            }
        )
    return made


def write(folder: Path, *hostile: str, named: bool = False) -> Path:
    """The filing as a folder of CSV, with a column called by each hostile text. Where files are `named`, the reports of each are in a file
    whose name is that text as far as it can be."""
    made = tables(*hostile)
    reports = made.pop("reports") if named else []
    for table, rows in made.items():
        _write(folder / f"{table}.csv", table, rows, hostile)
    for text in hostile if named else ():
        file = folder / f"{file_stem(text)}.csv"
        assert not file.exists()
        whose = (text, PLAIN["contestant_id"]) if text is hostile[0] else (text,)
        _write(file, "reports", [row for row in reports if row["contestant_id"] in whose], [text])
    return folder


def _write(path: Path, table: str, rows: list[dict[str, str]], hostile: Sequence[str]) -> None:
    columns = [column.name for column in TABLES[table]]
    strange = [text for text in hostile if text.strip().lower() not in (*columns, "")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*columns, *strange], restval="")
        writer.writeheader()
        writer.writerows(row | dict.fromkeys(strange, "x") for row in rows)


def file_stem(hostile: str) -> str:
    """The hostile text as far as it can be the name of a file."""
    return (
        hostile.replace("/", "\u2215").replace("\0", "").encode("utf-8", "surrogateescape")[:200].decode("utf-8", "ignore").strip(" .")
        or "x"
    )
