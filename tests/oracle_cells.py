"""How the oracle reads a cell: text, codes, money, dates, numbers, ids, IBANs and names, each from the words of filing-format.md.

Money is kept as whole tiyn (1/100 KZT) in Python integers, so every sum is exact.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

Row = dict[str, str]


def tenge(whole: int) -> int:
    """Tenge as tiyn."""
    return whole * 100


def text(row: Row, column: str) -> str | None:
    """ "Cells are trimmed"; an empty or missing cell is None."""
    return (row.get(column) or "").strip() or None


def code(row: Row, column: str, allowed: tuple[str, ...]) -> str | None:
    """ "codes … are compared without regard to case"; a value outside its closed list is treated as empty."""
    value = (text(row, column) or "").lower()
    return value if value in allowed else None


GROUP_SPACES = " \u00a0\u2009\u202f"
MONEY = re.compile(
    rf"(?P<whole>[0-9]+|[0-9]{{1,3}}(?:[{GROUP_SPACES}][0-9]{{3}})+)(?:[.,](?P<part>[0-9]{{1,2}}))?[{GROUP_SPACES}]*(?:KZT|тг|тенге|₸)?",
    re.IGNORECASE,
)


def money_of(cell: str | None) -> int | None:
    """ "Read: `7000000`, `7000000.5`, `7000000,50`, `7 000 000,00` (groups of three …), and a trailing `KZT`, `тг`, `тенге` or `₸`.
    Everything else … is a problem"."""
    match = MONEY.fullmatch(cell or "")
    if match is None:
        return None
    whole = "".join(c for c in match["whole"] if c not in GROUP_SPACES)
    return int(whole) * 100 + int((match["part"] or "").ljust(2, "0"))


def amount_of(cell: str | None) -> int | None:
    """ "only `amount` must be more than zero"."""
    return money_of(cell) or None


def balance_of(cell: str | None) -> int | None:
    """ "Only opening_balance and closing_balance may have a leading minus"."""
    cell = cell or ""
    if not cell.startswith("-"):
        return money_of(cell)
    tiyn = money_of(cell[1:])
    return None if tiyn is None else -tiyn


def money_text(tiyn: int) -> str:
    """ "money is a string with two decimals"."""
    whole, part = divmod(abs(tiyn), 100)
    return f"{'-' if tiyn < 0 else ''}{whole}.{part:02d}"


def date_of(cell: str | None) -> date | None:
    """ "Dates are `2023-02-18`, `18.02.2023` … `02/18/2023` and impossible dates are a problem."."""
    cell = cell or ""
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", cell):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", cell):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def number_of(cell: str | None) -> Decimal | None:
    """ "Shares and quantities are plain numbers with a point or a comma and any number of decimals; one that cannot be read …
    counts as empty."."""
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", cell or "") is None:
        return None
    return Decimal(cell.replace(",", "."))


def whole_number_of(cell: str | None) -> int | None:
    """list_size: "whole number"."""
    number = number_of(cell)
    return int(number) if number is not None and number == int(number) else None


def check_digit_agrees(digits: str) -> bool:
    """ "the sum of digit × weight modulo 11 with weights 1…11; if that is 10, with weights 3,4,5,6,7,8,9,10,11,1,2; if it is 10
    again the number was never issued"."""
    first = sum(int(d) * w for d, w in zip(digits[:11], (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), strict=True)) % 11
    if first != 10:
        return first == int(digits[11])
    second = sum(int(d) * w for d, w in zip(digits[:11], (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), strict=True)) % 11
    return second != 10 and second == int(digits[11])


def id_digits(cell: str | None) -> str | None:
    """ "Spaces and hyphens in a counterparty_id are ignored; one of 9 to 11 digits that becomes valid with leading zeros is read so …;
    a cell of hyphens alone is empty; any other that has not 12 digits is a problem and is treated as empty."."""
    bare = re.sub(r"[\s\-\u2010\u2011]", "", cell or "")
    if re.fullmatch(r"[0-9]{12}", bare):
        return bare
    if re.fullmatch(r"[0-9]{9,11}", bare) and check_digit_agrees(bare.zfill(12)):
        return bare.zfill(12)
    return None


def written_id(cell: str | None) -> str | None:
    """ "In the other tables ids are read the same way but count as written": one without 12 digits stays the text that it is."""
    if not re.sub(r"[\s\-\u2010\u2011]", "", cell or ""):
        return None  # "a cell of hyphens alone is empty"
    return id_digits(cell) or cell


def iban_of(cell: str | None) -> str | None:
    """ "An IBAN (spaces ignored) whose check digits fail is a problem, and counts as written." Dashes alone are read as in an id: empty."""
    bare = re.sub(r"\s", "", cell or "").upper()
    return None if re.fullmatch(r"[-\u2010-\u2015\u2212]*", bare) else bare


QUOTES = set("\u0022\u0027\u0060\u00ab\u00bb\u00b4\u2032\u2033\u2039\u203a\u02bb\u02bc") | {chr(c) for c in range(0x2018, 0x2020)}
WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def name_key(name: str | None) -> str | None:
    """ "quotation marks and apostrophes removed …, then Unicode NFKC, lower case, runs of Unicode white space as one space, none at
    the ends"."""
    bare = "".join(c for c in name or "" if c not in QUOTES)
    return re.sub(f"[{WHITE_SPACE}]+", " ", unicodedata.normalize("NFKC", bare).lower()).strip(" ") or None


def without_case_or_space(name: str) -> str:
    """ "case and white space ignored"."""
    return re.sub(f"[{WHITE_SPACE}]+", "", name).lower()
