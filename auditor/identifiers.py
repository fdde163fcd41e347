"""Who is meant: the check digit of an IIN or BIN, leading zeros that a spreadsheet ate, and the key of a name."""

from __future__ import annotations

import functools
import operator
import re
import unicodedata
from collections.abc import Sequence

import polars as pl

QUOTES = "\u0022\u0027\u0060\u00ab\u00bb\u00b4\u2018-\u201f\u2032\u2033\u2039\u203a\u02bb\u02bc"
"""Quotation marks and apostrophes that two spellings of one name may differ in (filing format, "Who is the same donor")."""
_QUOTE = re.compile(f"[{QUOTES}]")
_SPACE = re.compile(r"[^\S\x1c-\x1f]+")  # those of Unicode, as Polars has them
_FIRST = tuple(range(1, 12))
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_IGNORED = re.compile(r"[\s\-\u2010\u2011]")


def key_of_name(name: str) -> str:
    """The key of a donor or vendor without an id: quotation marks removed, NFKC, lower case, one space, none at the ends; empty where
    nothing is left."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", _QUOTE.sub("", name)).lower()).strip(" ")


def bare_account(account: str) -> str:
    """The number of an account as it is compared: without blanks of any kind, in capitals."""
    return "".join(account.split()).upper()


def check_digit_agrees(identifier: str) -> bool:
    """Whether a number of twelve digits could have been issued (filing format, "Values that are not in their list")."""
    digits = [int(digit) for digit in identifier]
    for weights in (_FIRST, _SECOND):
        rest = sum(d * w for d, w in zip(digits, weights, strict=False)) % 11
        if rest != 10:
            return rest == digits[11]
    return False


def check_digits_agree(identifiers: pl.Expr) -> pl.Expr:
    """The same of a whole column of numbers with twelve digits."""
    return identifiers.map_batches(_agree, return_dtype=pl.Boolean(), is_elementwise=True)


def _agree(identifiers: pl.Series) -> pl.Series:
    # Three digits at a time are looked up in what they weigh: of millions of numbers no digit has to be worked out.
    number = identifiers.cast(pl.Int64)
    threes = [(number // 1000**at % 1000).cast(pl.UInt32) for at in (3, 2, 1, 0)]
    first, second = (
        functools.reduce(operator.add, (weighed.gather(three) for weighed, three in zip(weights, threes, strict=True))) % 11
        for weights in _weights_of_threes()
    )
    last = number % 10
    return (first == last) | ((first == 10) & (second == last))  # a rest of 10 is no digit


@functools.cache
def _weights_of_threes() -> list[list[pl.Series]]:
    """For the first and the second weights, and for each three digits of a number, what 000 to 999 weigh there."""

    def weighed(weights: Sequence[int]) -> pl.Series:
        return pl.Series([sum(int(digit) * weight for digit, weight in zip(f"{three:03d}", weights, strict=True)) for three in range(1000)])

    return [[weighed((*weights, 0)[at : at + 3]) for at in (0, 3, 6, 9)] for weights in (_FIRST, _SECOND)]


def with_leading_zeros(cell: str) -> str | None:
    """A cell of 9 to 11 digits as the twelve-digit number it was, where the check digit then agrees."""
    bare = _IGNORED.sub("", cell)
    if not re.fullmatch(r"[0-9]{9,11}", bare):
        return None
    restored = bare.zfill(12)
    return restored if check_digit_agrees(restored) else None
