"""EXP-005 and EXP-006: advertising bought from outlets that published their prices, and from others."""

from dataclasses import dataclass

from oracle_books import Books, Case
from oracle_cells import money_of, money_text, name_key, text, written_id
from oracle_filing import Line, records
from oracle_needs import ID_OR_NAME, Needs, all_of
from oracle_sums import finding, rows_of, total

ADVERTISEMENTS = ("television", "radio", "periodicals", "online", "social_media")


@dataclass(frozen=True)
class Price:
    """A row of `price_lists`."""

    vendor_id: str
    vendor_name: str | None
    medium: str | None
    unit_price: int | None


def read_prices(case: Case) -> list[Price]:
    """ "ids are read the same way but count as written, and a record without a readable required cell … is left out"."""
    prices = []
    for _, row in records("price_lists", case.tables, case.columns):
        vendor_id = written_id(text(row, "vendor_id"))
        if vendor_id is None:
            continue
        # "codes … are compared without regard to case"
        medium = (text(row, "medium") or "").lower() or None
        prices.append(Price(vendor_id, name_key(text(row, "vendor_name")), medium, money_of(text(row, "unit_price"))))
    return prices


def of_vendor(line: Line, prices: list[Price]) -> list[Price]:
    """ "by id, without one by name": a line with an id is not looked for by its name. Without a name either: nobody's."""
    if line.id is not None:
        return [price for price in prices if price.vendor_id == line.id]
    return [price for price in prices if line.name is not None and price.vendor_name == line.name]


def by_vendor(lines: list[Line]) -> dict[str | None, list[Line]]:
    vendors: dict[str | None, list[Line]] = {}
    for line in lines:
        vendors.setdefault(line.key, []).append(line)
    return vendors


def bought(books: Books) -> list[Line]:
    """ "expenditure or subsidy". Reading: a party's subsidy claim too; that it is "SUB-004 alone" is said of the SUB rules."""
    return books.of_kind("expenditure", "subsidy")


def exp_005(case: Case) -> list[dict]:
    """ "an advertisement … bought from a vendor that is not in `price_lists` for any medium …; one finding per contestant and vendor";
    sum / 0.

    Reading: a line with neither id nor name was bought from nobody in the lists: these are one finding with subject null, as in SRC.
    Refunds are not deducted (no vendor is named in "sum" but the purchases), and a line without a readable amount is left out.
    """
    prices = read_prices(case)
    findings = []
    for books in case.books:
        unlisted = [line for line in bought(books) if line.category in ADVERTISEMENTS and not of_vendor(line, prices)]
        for vendor, lines in by_vendor(unlisted).items():
            measured = money_text(total(lines))
            findings.append(
                finding("EXP-005", books, subject=vendor, measured=measured, limit="0.00", excess=measured, rows=rows_of(lines))
            )
    return findings


def exp_006(case: Case) -> list[dict]:
    """ "unit_price (expenditure or subsidy) equals none of that vendor's listed prices for that medium (medium = category); one finding
    per contestant and vendor, for the first such line by date and row; limit = the lowest listed price".

    Reading: a vendor that lists no price for the medium has none to differ from, so the line is not compared. Whatever the category:
    a price that is listed is compared. The lowest price is of that line's medium; rows: that line.
    """
    prices = read_prices(case)

    def listed(line: Line) -> list[int]:
        return [
            price.unit_price
            for price in of_vendor(line, prices)
            if price.unit_price is not None and price.medium is not None and price.medium == line.category
        ]

    findings = []
    for books in case.books:
        others = [line for line in bought(books) if line.unit_price is not None and listed(line) and line.unit_price not in listed(line)]
        for vendor, lines in by_vendor(others).items():
            first = min(lines, key=lambda line: (line.day, line.row))
            lowest = min(listed(first))
            findings.append(
                finding(
                    "EXP-006",
                    books,
                    subject=vendor,
                    measured=money_text(first.unit_price),
                    limit=money_text(lowest),
                    excess=money_text(first.unit_price - lowest),
                    rows=rows_of([first]),
                )
            )
    return findings


RULES = {"EXP-005": exp_005, "EXP-006": exp_006}
# "EXP-005, EXP-006: category, `price_lists`, and counterparty_id or counterparty_name; EXP-006 unit_price"
NEEDS: dict[str, Needs] = {
    "EXP-005": [*all_of("reports", "category"), *all_of("price_lists", "vendor_id"), ID_OR_NAME],
    "EXP-006": [*all_of("reports", "category", "unit_price"), *all_of("price_lists", "medium", "unit_price"), ID_OR_NAME],
}
