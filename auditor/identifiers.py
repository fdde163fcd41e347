"""IIN and BIN: the check digit, and leading zeros that a spreadsheet ate."""

from __future__ import annotations

import re

import polars as pl

_FIRST = tuple(range(1, 12))
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_IGNORED = re.compile(r"[\s\-\u2010\u2011]")


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
    number = identifiers.cast(pl.Int64)
    digits = [(number // 10 ** (11 - n)) % 10 for n in range(12)]
    first, second = (
        pl.sum_horizontal(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11 for weights in (_FIRST, _SECOND)
    )
    return pl.when(first != 10).then(first == digits[11]).otherwise((second != 10) & (second == digits[11]))


def with_leading_zeros(cell: str) -> str | None:
    """A cell of 9 to 11 digits as the twelve-digit number it was, where the check digit then agrees."""
    bare = _IGNORED.sub("", cell)
    if not re.fullmatch(r"[0-9]{9,11}", bare):
        return None
    restored = bare.zfill(12)
    return restored if check_digit_agrees(restored) else None
