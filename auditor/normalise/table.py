"""One text table → typed columns, and which of its cells are wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

import polars as pl

from auditor.normalise.forms import PLAIN, TYPES, iban_agrees, iban_surely_agrees, negative, read, read_plain, trimmed, unread
from auditor.read.text_table import RAGGED, ROW, TextTable
from auditor.rulebook.models import Vocabulary, codes_of
from auditor.tables import Cell, Column, columns

FILE = "file"
BAD = "__bad__"
_VALUE = "value of "
# Who is not known where the cells of a record stand in other columns than their own.
_WHO = ("counterparty_name", "counterparty_id")
_COUNTRY = re.compile(r"[A-Z]{2}")


def _value(column: Column, vocabulary: Vocabulary, source: TextTable) -> pl.Expr:
    """The typed value of a column from its trimmed text, as the filing format and what was stated of the file say."""
    forms = source.forms
    if forms.negative and column.name in ("kind", "amount") and {"kind", "amount"} <= set(source.columns):
        return _signed(column, vocabulary, source)
    return _unsigned(column, vocabulary, source)


def _unsigned(column: Column, vocabulary: Vocabulary, source: TextTable, text: pl.Expr | None = None) -> pl.Expr:
    forms, strict = source.forms, source.table == "reports"
    words = vocabulary.codes_in_words(column.closed_list)
    codes, currency = codes_of(column, vocabulary), vocabulary.currency_words
    nothing = vocabulary.nothing_words
    if forms == PLAIN and text is None:
        return _usual(column, codes, currency, tuple(words.items()), nothing, strict)
    words = {**words, **forms.words.get(column.name, {})}
    return read(column, codes, currency, strict_ids=strict, nothing=nothing, words=words, forms=forms, text=text)


@lru_cache(maxsize=512)  # asked of every table, and twice of one with a bad cell
def _usual(
    column: Column,
    codes: tuple[str, ...],
    currency: tuple[str, ...],
    words: tuple[tuple[str, str], ...],
    nothing: tuple[str, ...],
    strict: bool,  # noqa: FBT001 - part of the key
) -> pl.Expr:
    return read(column, codes, currency, strict_ids=strict, nothing=nothing, words=dict(words))


def _signed(column: Column, vocabulary: Vocabulary, source: TextTable) -> pl.Expr:
    """Kind and amount of a line whose amount may be negative: the mapping says what a negative line of a kind is. Of any other
    kind a negative amount stays what it is, one that cannot be read."""
    becomes, by_name = source.forms.negative, columns(source.table)
    kind = _unsigned(by_name["kind"], vocabulary, source)
    below, text = negative(pl.col("amount"), [*vocabulary.currency_words, *source.forms.currency])
    turned = kind.replace_strict(list(becomes), list(becomes.values()), default=None, return_dtype=pl.String)
    if column.name == "kind":
        return pl.when(below & turned.is_not_null()).then(turned).otherwise(kind)
    return pl.when(~below | turned.is_not_null()).then(_unsigned(column, vocabulary, source, pl.when(below).then(text).otherwise("amount")))


def typed(source: TextTable, number: int, vocabulary: Vocabulary, also_required: Sequence[str] = ()) -> pl.LazyFrame:
    """The table with every column of the contract, null where the file lacks it; `file` (its number), `row`, `ragged`, and `__bad__` where
    some cell could not be read or a required one is empty."""
    given = given_in(source)
    texts = source.frame.select(*_places(number), *(trimmed(name).alias(name) for name in given))
    checks = _checks(source, also_required)
    bad = pl.any_horizontal(*checks.values()) if checks else pl.lit(value=False)
    kept = [pl.col(_VALUE + name).alias(name) if name in given else _nothing(column) for name, column in columns(source.table).items()]
    if source.table == "reports" and {"counterparty_type", "counterparty_id"} <= checks.keys():
        moved = _donor_is_moved(checks)
        kept = [pl.when(~moved).then(one).alias(name) if (name := one.meta.output_name()) in _WHO else one for one in kept]
    return texts.with_columns(_values(source, vocabulary)).select(FILE, "row", "ragged", *kept, bad.alias(BAD))


def _donor_is_moved(checks: Mapping[str, pl.Expr]) -> pl.Expr:
    """Whether a record has a cell too many or too few, and what stands in the column of ids is none: who stands beside it is nobody's
    name."""
    no_id = checks["counterparty_id"] & (checks["counterparty_type"] | ~pl.col("counterparty_id").str.contains("[0-9]"))
    return ((pl.col("ragged") >= 0) & no_id).fill_null(value=False)


@cache
def _nothing(column: Column) -> pl.Expr:
    """What stands in a column that the file lacks."""
    return pl.lit(None, dtype=TYPES[column.cell]).alias(column.name)


def given_in(source: TextTable) -> list[str]:
    """The columns of its table that a file has."""
    return [name for name in columns(source.table) if name in source.columns]


def _values(source: TextTable, vocabulary: Vocabulary) -> list[pl.Expr]:
    """The typed value of each column that the file has, from its trimmed text."""
    by_name = columns(source.table)
    return [_value(by_name[name], vocabulary, source).alias(_VALUE + name) for name in given_in(source)]


def _checks(source: TextTable, also_required: Sequence[str]) -> dict[str, pl.Expr]:
    """Where a cell could not be read, or is empty though it is required, from its text and its value."""
    by_name = columns(source.table)
    checks: dict[str, pl.Expr] = {}
    for name in given_in(source):
        value = pl.col(_VALUE + name)
        bad = unread(by_name[name], pl.col(name), value)
        if by_name[name].required or name in also_required:
            checks[name] = value.is_null() if bad is None else value.is_null() | bad
        elif bad is not None:
            checks[name] = bad
    return checks


def wrong_cells(trimmed_texts: pl.DataFrame, source: TextTable, vocabulary: Vocabulary, also_required: Sequence[str]) -> pl.DataFrame:
    """Of each column that can be wrong, whether the cell is; of rows whose texts are trimmed."""
    checks = _all_checks(source, also_required)
    values = trimmed_texts.with_columns(_values(source, vocabulary))
    return values.select(check.fill_null(value=False).alias(name) for name, check in checks.items())


def _all_checks(source: TextTable, also_required: Sequence[str]) -> dict[str, pl.Expr]:
    """The same, and where an account number disagrees with its check digits, which is dear and asked of few rows."""
    by_name, checks = columns(source.table), _checks(source, also_required)
    for name in given_in(source):
        if by_name[name].cell is Cell.IBAN:
            value = pl.col(_VALUE + name)
            wrong = value.is_not_null() & ~iban_agrees(value)
            checks[name] = checks[name] | wrong if name in checks else wrong
    return checks


@dataclass(frozen=True)
class TypedPlainly:
    """A table typed at the least cost: right only for records whose cells all have their plain form.

    `frame` has `__bad__` for records with another cell, but for those in the columns of `categories`, which stay categories (dates apart).
    Of these each different text is held once against its form (`plain`) by `odd`, which knows only the texts that were met: collect the
    frame, or write it, before."""

    frame: pl.LazyFrame
    categories: Mapping[str, pl.Categories]
    plain: Mapping[str, pl.Expr]

    def odd(self) -> pl.Expr:
        """Which of the records read so far have a cell that is not in its plain form: they have to be typed by `typed`."""
        odd = pl.col(BAD)
        for name, texts in self.categories.items():
            met = texts.to_series().alias(name).to_frame()
            if others := met.filter(~self.plain[name])[name].to_list():
                odd = odd | pl.col(name).cast(pl.String).is_in(others).fill_null(value=False)
        return odd


def typed_plainly(
    source: TextTable, number: int, vocabulary: Vocabulary, also_required: Sequence[str] = (), not_needed: Sequence[str] = ()
) -> TypedPlainly | None:
    """Type a table plainly. None where something was stated of how the cells are written. Texts that are `not_needed` are left as they
    are."""
    if source.forms != PLAIN:
        return None
    by_name, given = columns(source.table), given_in(source)
    values: list[pl.Expr] = []
    odd: list[pl.Expr] = []
    frame, coded = source.frame, {}
    if source.coded is not None:
        frame = source.coded.frame
        coded = {name: kind.categories for name, kind in frame.collect_schema().items() if isinstance(kind, pl.Categorical)}
    forms: dict[str, pl.Expr] = {}
    for name in given:
        value, plain = read_plain(by_name[name], codes_of(by_name[name], vocabulary), coded=name in coded)
        values.append(value.alias(name))
        if by_name[name].cell is Cell.TEXT and name in not_needed:
            continue
        filled = pl.col(name).is_not_null()
        required = by_name[name].required or name in also_required
        if name in coded and by_name[name].cell is not Cell.DATE:
            forms[name] = plain
            if required:
                odd.append(~filled)
        else:
            odd.append(~filled | ~plain if required else filled & ~plain)
    lacking = [_nothing(column) for name, column in by_name.items() if name not in source.columns]
    bad = pl.any_horizontal(odd) if odd else pl.lit(value=False)
    cells = frame.select(*_places(number), *values, *lacking, bad.fill_null(value=False).alias(BAD))
    return TypedPlainly(cells.select(FILE, "row", "ragged", *by_name, BAD), {name: coded[name] for name in forms}, forms)


class Complete(Protocol):
    """What else is wanted of typed records than their cells."""

    def __call__(self, frame: pl.LazyFrame, *, plain: bool) -> pl.LazyFrame:
        """The records with it; `plain` where they were typed plainly, so that the answer means nothing for one that is `__bad__`."""
        ...


def typed_records(
    source: TextTable,
    number: int,
    vocabulary: Vocabulary,
    completed: Complete = lambda frame, *, plain: frame,
    also_required: Sequence[str] = (),
    not_needed: Sequence[str] = (),
) -> pl.DataFrame:
    """The records of a table that is held in memory, as `typed` types them; at less cost where each is written plainly, and then texts
    that are `not_needed` stay as they are. With one odd record the table is typed twice."""
    plainly = typed_plainly(source, number, vocabulary, also_required, not_needed) if source.coded is None else None
    if plainly is not None:
        records = completed(plainly.frame, plain=True).collect()
        if not records[BAD].any():
            return records
    return completed(typed(source, number, vocabulary, also_required), plain=False).collect()


def _places(number: int) -> tuple[pl.Expr, ...]:
    return pl.lit(number, dtype=pl.Int32).alias(FILE), pl.col(ROW).alias("row"), pl.col(RAGGED).alias("ragged")


def bad_ibans(frame: pl.LazyFrame, table: str, given: Sequence[str]) -> dict[str, list[str]]:
    """The account numbers whose check digits fail, by column; each different number that may be one is looked at once."""
    names = [name for name in given if name in columns(table) and columns(table)[name].cell is Cell.IBAN]
    if not names:
        return {}
    first = frame.select(pl.col(name).drop_nulls().first() for name in names).collect().row(0, named=True)
    asked = []
    for name in names:
        country = (first[name] or "")[:2]
        doubtful = ~iban_surely_agrees(pl.col(name), country) if _COUNTRY.fullmatch(country) else pl.lit(value=True)
        asked.append(frame.filter(pl.col(name).is_not_null() & doubtful).select(pl.col(name).unique()))
    different = pl.collect_all(asked)
    return {
        name: found for name, one in zip(names, different, strict=True) if (found := one.filter(~iban_agrees(pl.col(name)))[name].to_list())
    }
