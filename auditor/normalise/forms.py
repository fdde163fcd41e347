"""The accepted forms of a cell, as Polars expressions over text. A cell is matched against its form before it is cast:
Polars would read `10.505` as 10.50 and `1e3` as 1000.00 without a word.

`read` returns the typed value (null where it cannot be read), and `unread` says where a filled cell could not be read; `read_plain` reads
only the one form that a program writes, at less cost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache

import polars as pl

from auditor.amounts import GROUPS, MOST_DIGITS, amount_pattern
from auditor.read.instructions import Forms
from auditor.read.text_table import NOT_CALCULATED
from auditor.tables import OF_MONEY, Cell, Column

MONEY = pl.Decimal(38, 2)
SHARE = pl.Decimal(38, 18)
TYPES: dict[Cell, pl.DataType] = {
    Cell.TEXT: pl.String(),
    Cell.CODE: pl.String(),
    Cell.IDENTIFIER: pl.String(),
    Cell.IBAN: pl.String(),
    Cell.DATE: pl.Date(),
    **dict.fromkeys(OF_MONEY, MONEY),
    Cell.NUMBER: SHARE,
    Cell.WHOLE: pl.Int64(),
}

AMOUNT = f"^{amount_pattern()}$"
NUMBER = r"^[0-9]{1,20}(?:[.,][0-9]+)?$"
_PLAIN_MONEY = rf"^[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{1,2}})?$"
_PLAIN_NUMBER = r"^[0-9]{1,20}(?:\.[0-9]{1,18})?$"
_PLAIN_WHOLE = r"^[0-9]{1,9}$"
_DASHES = "^[-\u2010-\u2015\u2212]+$"  # as an id of hyphens alone, an account of dashes alone is empty
_PLAIN_IBAN = "^[A-Z]{2}[0-9]{2}[A-Z0-9]+$"  # with digits, for NONE and UNKNOWN say nothing
# Polars knows a year 0, which no calendar has, and whose days Python cannot hold.
FIRST_DAY = date(1, 1, 1)
_FIRST_USUAL, _USUAL_DAYS = date(1950, 1, 1), 36_525
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DOTS = r"^[0-9]{2}\.[0-9]{2}\.[0-9]{4}$"
_TWELVE = r"^[0-9]{12}$"
# What a spreadsheet shows where a formula gave no value: no name, and no other text.
SHEET_ERRORS = (
    NOT_CALCULATED,
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#Н/Д",
    "#ССЫЛКА!",
    "#ЗНАЧ!",
    "#ДЕЛ/0!",
    "#ИМЯ?",
    "#ПУСТО!",
    "#ЧИСЛО!",
)
_IBAN = r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"
PLAIN = Forms()
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def trimmed(name: str) -> pl.Expr:
    """The cell without white space at its ends; null where nothing is left."""
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text)


def read(
    column: Column,
    codes: Sequence[str],
    currency: Sequence[str],
    *,
    strict_ids: bool,
    nothing: Sequence[str] = (),
    words: Mapping[str, str] | None = None,
    forms: Forms = PLAIN,
    text: pl.Expr | None = None,
) -> pl.Expr:
    """The typed value of a column from its trimmed text (`text`, if not that of the column itself). An id or an account that is one of the
    words `nothing`, in lower case, says nothing.

    The plain form comes first; rarer forms are tried on the cells that are left, which costs nothing where there are none.
    """
    text = pl.col(column.name) if text is None else text
    match column.cell:
        case Cell.CODE:
            plain = text.is_in(list(codes))
            lower = pl.when(~plain).then(text).str.to_lowercase()
            code = pl.when(plain).then(text).when(lower.is_in(list(codes))).then(lower)
            if not words:
                return code
            # "Пожертвование" and "қайырмалдық" are words for `donation`; the election's form says which.
            bare = lower.str.replace_all("ё", "е", literal=True).str.replace_all(r"[\s_.\-]+", "")
            return code.otherwise(bare.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String))
        case Cell.DATE:
            iso = text.str.contains(_ISO)
            dots = pl.when(~iso).then(text)
            dots = pl.when(dots.str.contains(_DOTS)).then(dots)
            days = [pl.when(iso).then(text).str.to_date("%Y-%m-%d", strict=False), dots.str.to_date("%d.%m.%Y", strict=False)]
            day = pl.coalesce(*days, *([_in_order(text, forms.date_order)] if forms.date_order is not None else []))
            return pl.when(day >= FIRST_DAY).then(day)
        case Cell.AMOUNT | Cell.MONEY | Cell.SIGNED_MONEY:
            value = _money(text, [*currency, *forms.currency], forms, signed=column.cell is Cell.SIGNED_MONEY)
            return pl.when(value > 0).then(value) if column.cell is Cell.AMOUNT else value
        case Cell.NUMBER | Cell.WHOLE:
            return _number(text, whole=column.cell is Cell.WHOLE)
        case Cell.IDENTIFIER:
            plain = text.str.contains(_TWELVE)
            bare = pl.when(~plain).then(text).str.replace_all(r"[\s\-\u2010\u2011]", "")
            value = pl.when(plain).then(text).when(bare.str.contains(_TWELVE)).then(bare)
            if strict_ids:
                return value
            # In the register an id that is no id counts as written; a cell of hyphens alone is empty everywhere.
            return value.when((bare != "") & ~text.is_in(SHEET_ERRORS) & ~text.str.to_lowercase().is_in(list(nothing))).then(text)
        case Cell.IBAN:
            iban = text.str.replace_all(r"\s", "").str.to_uppercase()
            says_nothing = iban.str.to_lowercase().is_in([word.replace(" ", "") for word in nothing])
            return pl.when(~iban.str.contains(_DASHES) & ~says_nothing).then(iban)
        case _:
            return pl.when(~text.is_in(SHEET_ERRORS)).then(text)


@lru_cache(maxsize=512)  # asked of every table
def read_plain(column: Column, codes: tuple[str, ...], *, coded: bool = False) -> tuple[pl.Expr, pl.Expr]:
    """The typed value of a cell from its untrimmed text (a category, where it is `coded`), and whether the text has the one form that a
    program writes: in any other the value means nothing.

    Most cells of a large file are written so, and this costs half of `read`, or less for a category.
    """
    text = pl.col(column.name)
    if coded and column.cell is Cell.DATE:
        day = _day_of_category(text)
        return day, day.is_not_null()
    match column.cell:
        case Cell.CODE:
            return text, text.is_in(list(codes))
        case Cell.DATE:
            day = text.str.to_date("%Y-%m-%d", strict=False)
            return day, text.str.contains(_ISO) & day.is_not_null() & (day >= FIRST_DAY)
        case Cell.AMOUNT | Cell.MONEY | Cell.SIGNED_MONEY:
            value = text.cast(MONEY, strict=False)
            plain = text.str.contains(_PLAIN_MONEY) & value.is_not_null()
            return value, plain & (value > 0) if column.cell is Cell.AMOUNT else plain
        case Cell.NUMBER | Cell.WHOLE:
            value = text.cast(TYPES[column.cell], strict=False)
            return value, text.str.contains(_PLAIN_NUMBER if column.cell is Cell.NUMBER else _PLAIN_WHOLE)
        case Cell.IDENTIFIER:
            return text, text.str.contains(_TWELVE)
        case Cell.IBAN:
            return text, text.cast(pl.String).str.contains(_PLAIN_IBAN)
        case Cell.TEXT:
            letters = text.cast(pl.String)
            trimmed_already = letters.str.strip_chars().str.len_bytes() == letters.str.len_bytes()
            return text, trimmed_already & (letters != "") & ~letters.str.starts_with("#") & (letters != NOT_CALCULATED)


def _day_of_category(text: pl.Expr) -> pl.Expr:
    """The date of a category in the form 2023-03-19; null for any other, and for days long ago or far away. Each different text is looked
    up once among the days of a century, instead of being parsed in every record."""
    since = text.cast(_usual_days(), strict=False).to_physical().cast(pl.Int32) + (_FIRST_USUAL - date(1970, 1, 1)).days
    return since.cast(pl.Date)


@cache
def _usual_days() -> pl.Enum:
    return pl.Enum([(_FIRST_USUAL + timedelta(n)).isoformat() for n in range(_USUAL_DAYS)])


def unread(column: Column, text: pl.Expr, value: pl.Expr) -> pl.Expr | None:
    """Where a filled cell could not be read; None where every text can. The check digits of IBANs are looked at apart (`iban_agrees`)."""
    if column.name == "description":  # no rule looks at what a line was for
        return None
    if column.cell is Cell.IBAN:
        return value.is_null() & ~text.str.replace_all(r"\s", "").str.contains(_DASHES).fill_null(value=True)
    if column.cell is Cell.IDENTIFIER:
        hyphens = text.str.contains(r"^[\s\-\u2010\u2011]*$")
        return text.is_not_null() & ~value.str.contains(_TWELVE).fill_null(value=False) & ~hyphens.fill_null(value=False)
    return text.is_not_null() & value.is_null()


def _money(text: pl.Expr, currency: Sequence[str], forms: Forms, *, signed: bool) -> pl.Expr:
    sign, mark = "-?" if signed else "", forms.decimal_mark
    decimals = "" if mark == "," else r"(?:\.[0-9]{1,2})?"
    plain = text.str.contains(rf"^{sign}[0-9]{{1,{MOST_DIGITS}}}{decimals}$")
    words = "|".join(re.escape(word) for word in currency)
    other = pl.when(~plain).then(text).str.replace(rf"(?i)\s*(?:{words})$", "")
    if forms.currency:  # a sign before the amount is read only where it was stated
        other = other.str.replace(rf"(?i)^(?:{'|'.join(re.escape(word) for word in forms.currency)})\s*", "")
    other = pl.when(other.str.contains(f"^{sign}{amount_pattern(mark)}$")).then(other)
    other = other.str.replace_all(f"[{GROUPS[mark]}]", "").str.replace(",", ".", literal=True)
    return pl.when(plain).then(text).otherwise(other).cast(MONEY, strict=False)


_NUMBERED = {
    "dmy": r"^(?P<d>[0-9]{1,2})[/\-](?P<m>[0-9]{1,2})[/\-](?P<y>[0-9]{4})$",
    "mdy": r"^(?P<m>[0-9]{1,2})[/\-](?P<d>[0-9]{1,2})[/\-](?P<y>[0-9]{4})$",
    "ymd": r"^(?P<y>[0-9]{4})[/.](?P<m>[0-9]{1,2})[/.](?P<d>[0-9]{1,2})$",
}


def _in_order(text: pl.Expr, order: str) -> pl.Expr:
    """A date of three numbers whose order was stated; one that does not exist is none."""
    parts = text.str.extract_groups(_NUMBERED[order]).struct
    iso = pl.concat_str(parts.field("y"), parts.field("m").str.zfill(2), parts.field("d").str.zfill(2), separator="-")
    return iso.str.to_date("%Y-%m-%d", strict=False)


def negative(text: pl.Expr, currency: Sequence[str]) -> tuple[pl.Expr, pl.Expr]:
    """Whether an amount is written as less than nothing (a minus, or in brackets), and its text without that."""
    sign = "|".join(re.escape(word) for word in currency) or "[^\\s\\S]"
    minus = rf"(?i)^((?:{sign})?\s*)[-\u2212\u2013]\s*"
    brackets = r"^\((.*)\)$"
    below = text.str.contains(minus) | text.str.contains(brackets)
    return below.fill_null(value=False), text.str.replace(minus, "${1}").str.replace(brackets, "${1}")


def _number(text: pl.Expr, *, whole: bool) -> pl.Expr:
    form = r"^[0-9]{1,9}(?:[.,]0+)?$" if whole else NUMBER
    plain = pl.when(text.str.contains(form)).then(text).str.replace(",", ".", literal=True)
    # Beyond 18 decimals the rest is cut, never rounded up to a threshold.
    cut = plain.str.replace(r"(\.[0-9]{18})[0-9]+$", "${1}").cast(SHARE, strict=False)
    return cut.cast(pl.Int64, strict=False) if whole else cut


def iban_agrees(iban: pl.Expr) -> pl.Expr:
    """ISO 13616: the first four characters moved to the end, letters as two digits, the remainder by 97 is 1."""
    formed = pl.when(iban.str.contains(_IBAN)).then(iban)
    digits = (formed.str.slice(4) + formed.str.slice(0, 4)).str.replace_many(list(_LETTERS), [str(n) for n in range(10, 36)])
    # 34 characters give at most 68 digits: 36 first, then their remainder before the other 32, both inside 128 bits.
    first = digits.str.slice(0, 36).cast(pl.Int128, strict=False) % 97
    rest = (first.cast(pl.String) + digits.str.slice(36)).cast(pl.Int128, strict=False) % 97
    return (rest == 1).fill_null(value=False)


def iban_surely_agrees(iban: pl.Expr, country: str) -> pl.Expr:
    """The same for accounts of this country with 16 digits after the check digits, which is most of them, at a third of the work; false
    for all others, whether they agree or not."""
    letters = "".join(str(_LETTERS.find(letter) + 10) for letter in country)
    digits, check = (iban.str.slice(start, length).cast(pl.Int64, strict=False) for start, length in ((4, 16), (2, 2)))
    rest = (digits % 97 * 10**6 + int(letters) * 100 + check) % 97
    formed = iban.str.starts_with(country) & (iban.str.len_bytes() == 20) & iban.str.slice(2).str.contains("^[0-9]+$")
    return (formed & (rest == 1)).fill_null(value=False)
