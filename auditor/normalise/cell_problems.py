"""What is said of a cell or a record that cannot be read, or contradicts another: file, row, column, the cell as filed, and what was
expected."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from auditor.closest import closest
from auditor.model import problem_codes
from auditor.model.input import Problem, cut
from auditor.normalise.forms import SHEET_ERRORS
from auditor.read.text_table import ABOVE_HEADING, BROKEN_QUOTES, NOT_CALCULATED, TextTable
from auditor.rulebook.models import Vocabulary, codes_of, told_codes, word_key
from auditor.tables import OF_MONEY, Cell, Column
from auditor.wording import Say

_GROUPED = {"point": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?"), "comma": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}")}
# Categories of what is not seen in a text, and what of them may stand in an amount or is named otherwise.
_NOT_SEEN, _SEEN, _MOST_SIGNS = ("Cf", "Cc", "Zs", "Zl", "Zp"), " \u00a0\u2009\u202f\t\r\n", 4
_SLASHED = re.compile(r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4}")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}")
_WHOLE_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}\.[0-9]{2}\.[0-9]{4}")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eEеЕ]\+?[0-9]+")
# "10.505" may be ten thousand: only where the digits cannot be a group is it said that they are decimals.
_MORE_DECIMALS = re.compile(r"-?(?:[0-9]{4,}[.,][0-9]{3,}|[0-9]+[.,][0-9]{4,})")
_DIGITS, _ID_DIGITS = re.compile(r"[0-9][0-9\s\-\u2010\u2011]*"), 12


def problem(source: TextTable, row: int, column: Column, value: str, vocabulary: Vocabulary, say: Say) -> Problem:
    """The problem of one cell."""
    heading = source.aliases.get(column.name, column.name)
    if not value.strip():
        shown = column.name if heading == column.name else say("check.column_of_heading", heading=heading, column=column.name)
        message = say("check.cell_empty", file=source.named(say), row=row, named=shown)
        return source.problem(problem_codes.EMPTY, row, message, column=column.name, value=cut(value))
    code, kind = _KINDS[column.cell]
    codes = told_codes(column, vocabulary, say.lang)
    expected = say(f"check.expected_{kind}", codes=", ".join(codes.values()))
    named = {"file": source.named(say), "row": row, "column": column.name, "value": cut(value), "expected": expected}
    message = say("check.cell_as_named", **named) if heading == column.name else say("check.cell", heading=heading, **named)
    if (near := _nearest(column, value, vocabulary)) is not None:
        message += " " + say("check.did_you_mean", word=codes[near])
    message += "".join(" " + hint for hint in _hints(source, column, value.strip(), vocabulary, say))
    # "7 000" with a space of another sort looks like what was expected.
    if signs := dict.fromkeys(f"U+{ord(sign):04X}" for sign in value if unicodedata.category(sign) in _NOT_SEEN and sign not in _SEEN):
        message += " " + say("check.not_seen", signs=", ".join([*signs][:_MOST_SIGNS]))
    return source.problem(code, row, message, column=column.name, value=cut(value))


def _nearest(column: Column, value: str, vocabulary: Vocabulary) -> str | None:
    """The code that was probably meant, by the codes themselves and by the words that people write for them."""
    known = {**vocabulary.codes_in_words(column.closed_list), **{word_key(code): code for code in codes_of(column, vocabulary)}}
    key = word_key(value.strip())
    if len({code for word, code in known.items() if word.startswith(key)}) > 1:
        return None  # "возврат" is the beginning of three kinds of money that goes back
    near = _most_like(key, tuple(known))
    return known[near] if near is not None else None


@lru_cache(maxsize=4096)  # the same mistake often stands in thousands of rows
def _most_like(value: str, words: tuple[str, ...]) -> str | None:
    return closest(value, words)


def _hints(source: TextTable, column: Column, value: str, vocabulary: Vocabulary, say: Say) -> Iterator[str]:
    """What often is the matter with a cell of this look, and what to do."""
    if value == NOT_CALCULATED:
        yield say("check.not_calculated")
    elif column.cell is Cell.DATE:
        if _SLASHED.match(value):
            yield say("check.date_order")
        elif _SHORT_YEAR.fullmatch(value):
            yield say("check.short_year")
        elif _WHOLE_DAY.fullmatch(value):
            yield say("check.no_such_day")
    elif column.cell in (*OF_MONEY, Cell.IDENTIFIER) and _SHORTENED.fullmatch(value):
        yield say("check.shortened")
    elif column.cell is Cell.IDENTIFIER and (digits := _DIGITS.fullmatch(value)) is not None:
        # On a screen only the end of it is shown, and who mistyped it could not count.
        if (n := sum(letter.isdigit() for letter in digits.group())) != _ID_DIGITS:
            yield say("check.digits_of_id", n=n)
    elif column.cell in OF_MONEY:
        if _MORE_DECIMALS.fullmatch(value):
            yield say("check.more_decimals")
        if source.forms.decimal_mark is None:
            yield from (say("check.decimal_mark", mark=mark) for mark, form in _GROUPED.items() if form.fullmatch(value))
    counts = column.cell is Cell.IBAN or (column.cell is Cell.IDENTIFIER and source.table != "reports")
    if counts and value not in SHEET_ERRORS and value.lower() not in vocabulary.nothing_words:
        yield say("check.counts_as_written")


_KINDS = {
    Cell.AMOUNT: (problem_codes.AMOUNT, "amount"),
    Cell.MONEY: (problem_codes.AMOUNT, "money"),
    Cell.SIGNED_MONEY: (problem_codes.AMOUNT, "signed"),
    Cell.TEXT: (problem_codes.EMPTY, "text"),
    Cell.DATE: (problem_codes.DAY, "date"),
    Cell.CODE: (problem_codes.NOT_IN_LIST, "code"),
    Cell.IDENTIFIER: (problem_codes.IDENTIFIER, "identifier"),
    Cell.IBAN: (problem_codes.IBAN, "iban"),
    Cell.NUMBER: (problem_codes.NUMBER, "number"),
    Cell.WHOLE: (problem_codes.NUMBER, "whole"),
}


def ragged(source: TextTable, row: int, cells: int, say: Say) -> Problem:
    """The problem of a record whose cells are not those of the heading: `cells` is what `__ragged__` says (`TextTable`)."""
    file = source.named(say)
    if cells == BROKEN_QUOTES:
        message = say("check.broken_quotes", file=file, row=row)
    elif cells == ABOVE_HEADING:
        message = say("check.above_heading", file=file, row=row, heading=source.heading_row)
    else:
        expected = len(source.as_filed.heading) if source.as_filed is not None else "?"
        message = say("check.ragged", file=file, row=row, cells=cells, expected=expected)
    return source.problem(problem_codes.RECORD, row, message)


def contradiction(
    where: tuple[TextTable, int], column: str, value: str, expected: str, cid: str, say: Say, key: str = "check.contradicts_filing"
) -> Problem:
    """A contradiction at one cell (INP-012): what stands there, and what counts or is expected."""
    source, row = where
    file = source.named(say)
    sentence = say(key, file=file, row=row, column=column, value=value, expected=expected)
    return source.problem(problem_codes.CONTRADICTION, row, sentence, column=column, value=value, contestant_id=cid)
