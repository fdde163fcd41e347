"""Pairs of donors whose names are worth comparing, among a million: by blocks, and not each with each.

Donors are put into blocks: those with the same folded words, and those with the same words but one. In a block of the second kind the
remaining words may be one letter apart, unless both are words that many donors bear (and neither more than a hundred times as many as
the other), or one has a digit: those are two names, and no slip. Whoever cannot pass the cap with everybody of its blocks is not
looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

import polars as pl

# A word this long may have a slip of one letter; shorter ones are too often another word.
LONG_ENOUGH = 5
_MOST_WORDS = 5
# A word that so many donors bear is a name of its own, unless the other is borne by more than so many times as many: among a million
# donors the same slip in a common name is made by several.
BORNE, TIMES = 10, 100
_DIGITS = 12
# So many words at a time are spelt out without each of their letters.
_AT_ONCE = 250_000


def pairs_of(read: pl.DataFrame, cap: Decimal, letters: int) -> pl.DataFrame:
    """one and other of the donors that may be one: with the same words, where one has no id or the ids are a slip apart; or with the
    same words but `word` and `other_word`, a letter apart. `read` is n, net, identifier and words of each reading."""
    words, stems, at = pl.col("words"), pl.col("stems"), pl.col("at")
    read = read.with_row_index("reading").with_columns(words.list.eval(_stem(pl.element())).alias("stems"))
    parts = [read.select("reading", "n", "net", stems.list.join(" ").alias("block"), pl.lit(None, dtype=pl.Int8).alias("at"))]
    several = read.filter((words.list.len() > 1) & (words.list.len() <= _MOST_WORDS))
    for left_out in range(_MOST_WORDS if letters else 0):
        others = pl.concat_list(stems.list.head(left_out), stems.list.slice(left_out + 1)).list.join(" ")
        block = pl.format("{} {}", words.list.len(), others).alias("block")
        longer = several.filter(words.list.len() > left_out)
        parts.append(longer.select("reading", "n", "net", block, pl.lit(left_out, dtype=pl.Int8).alias("at")))
    rows = _in_reach(pl.concat(parts), cap).join(read.select("reading", "identifier", "words"), on="reading")
    rows = rows.select("n", "identifier", "block", words.list.get(at).alias("word"))
    if rows.is_empty():
        return _each_with_each(rows, rows, "block")
    same, but_one = rows.filter(pl.col("word").is_null()), rows.filter(pl.col("word").is_not_null())
    with_id = same.filter(pl.col("identifier").is_not_null())
    keys = _slips_of_digits(pl.col("identifier").cast(pl.Int64, strict=False))
    digits = pl.concat([with_id.lazy().select("n", "block", "word", key) for key in keys]).collect()
    found = (
        _each_with_each(same.filter(pl.col("identifier").is_null()), same, "block"),
        _each_with_each(digits, digits, "block", "key"),
        _a_letter_apart(but_one, read.select("n", stems.alias("form"))),
    )
    return pl.concat(found).unique()


def _in_reach(rows: pl.DataFrame, cap: Decimal) -> pl.DataFrame:
    """The rows of blocks in which somebody, with everybody of all its blocks, passes the cap."""
    blocks = rows.group_by("block").agg(pl.col("net").sum().alias("together"), pl.len().alias("rows")).filter(pl.col("rows") > 1)
    shared = rows.join(blocks.select("block", "together"), on="block")
    reach = shared.group_by("n").agg((pl.col("together") - pl.col("net")).sum() + pl.col("net").first())
    centres = shared.join(reach.filter(pl.col("together") > cap), on="n", how="semi")
    return shared.join(centres.select("block").unique(), on="block", how="semi")


def _a_letter_apart(rows: pl.DataFrame, borne: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows of one block whose words share all but a letter, and one of whose words is rare. Another number is no slip: school 5
    is not school 6."""
    word, form, bearers = pl.col("word"), pl.col("form"), pl.col("bearers")
    rows = rows.filter(~word.str.contains("[0-9]"))
    rows = rows.select("n", "block", "word", _stem(word).alias("form"))
    rows = rows.join(borne.explode("form").unique().group_by("form").agg(pl.len().alias("bearers")), on="form")
    rows = rows.with_columns(rare=_rare(bearers, bearers.max().over("block")))
    rows = rows.filter(pl.col("rare").any().over("block") & (form.n_unique().over("block") > 1))
    letters = rows.with_columns(word.str.replace(r".*\|", "").alias("form"))
    forms = pl.concat([rows, letters.filter(form != _stem(word))]).filter(form.str.len_chars() >= LONG_ENOUGH - 1)
    most = forms.select(form.str.len_chars().max()).item() or 0
    # Some blocks at a time: the keys of all at once would be many times the rows.
    found: list[pl.DataFrame] = []
    times = len(forms) // _AT_ONCE + 1
    for time in range(times):
        some = forms.filter(pl.col("block").hash() % times == time).lazy()
        keys = [some.filter(there).select("n", "block", "word", "bearers", "rare", key) for there, key in _slips_of_letters(form, most)]
        slips = pl.concat(keys).collect()
        pairs = _each_with_each(slips.filter("rare"), slips, "block", "key", where=_rare(bearers, pl.col("bearers_other")))
        found.append(pairs.filter(_stem(word) != _stem(pl.col("other_word"))).unique())
    return pl.concat(found)


def _rare(bearers: pl.Expr, of_other: pl.Expr) -> pl.Expr:
    """Whether a word is perhaps a slip in another, which this many bear."""
    return (bearers < BORNE) | (bearers * TIMES < of_other)


def _stem(word: pl.Expr) -> pl.Expr:
    return word.str.replace(r"\|.*", "")


def _slips_of_digits(number: pl.Expr) -> Iterator[pl.Expr]:
    """Keys that two numbers share where one digit differs, or two neighbours are swapped."""
    digits = [number // 10**at % 10 for at in range(_DIGITS)]
    for at, digit in enumerate(digits):
        yield ((number - digit * 10**at) * 32 + at).alias("key")
    for at, (digit, next_digit) in enumerate(pairwise(digits)):
        rest = number - digit * 10**at - next_digit * 10 ** (at + 1)
        larger, smaller = pl.max_horizontal(digit, next_digit), pl.min_horizontal(digit, next_digit)
        yield ((rest + larger * 10 ** (at + 1) + smaller * 10**at) * 32 + _DIGITS + at).alias("key")


def _slips_of_letters(form: pl.Expr, most: int) -> Iterator[tuple[pl.Expr, pl.Expr]]:
    """Keys that two words share where they are a slip apart: the word, and the word without each of its letters."""
    yield pl.lit(value=True), form.alias("key")
    for at in range(most):
        yield form.str.len_chars() > at, (form.str.head(at) + form.str.slice(at + 1)).alias("key")


def _each_with_each(some: pl.DataFrame, others: pl.DataFrame, *same: str, where: pl.Expr | None = None) -> pl.DataFrame:
    pairs = some.join(others, on=same, suffix="_other").filter(pl.col("n") != pl.col("n_other"))
    pairs = pairs if where is None else pairs.filter(where)
    return pairs.select(one="n", other="n_other", word="word", other_word="word_other")
