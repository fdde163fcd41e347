"""Rows below the heading that are no records: total lines, the heading once more, the row that numbers the columns, signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from auditor.read.looks import TENGE
from auditor.read.text_table import RAGGED, ROW, TextTable
from auditor.rulebook.models import Vocabulary
from auditor.tables import OF_MONEY, Cell, Column, heading_key

# So many cells of a record at least must be headings for it to be a heading.
_LEAST_HEADINGS = 3
_SUMS = (*OF_MONEY, Cell.NUMBER, Cell.WHOLE)
# A signature has an office, a line to sign on and a name.
_MOST_WORDS = 4
_FIGURES, _LONGEST_FIGURES = re.compile(rf"[0-9][0-9\s.,:/\-]*{TENGE}?", re.IGNORECASE), 60
_COLUMN_NUMBER = re.compile("[1-9][0-9]?")


def total_word(cells: Mapping[str, object], names: Sequence[str], by_name: Mapping[str, Column], vocabulary: Vocabulary) -> str | None:
    """The word that makes a record a total line: in a text cell by itself, or at its beginning, where there is no kind."""
    has_kinds = "kind" in names
    if has_kinds and str(cells["kind"] or "").strip():
        return None
    # Other tables have no kinds: there a line that only begins with the word lacks something that is required.
    lacking = any(by_name[name].required and not str(cells[name] or "").strip() for name in names)
    for name in names:
        text = str(cells[name] or "").strip()
        more = " " in text.rstrip(":./;, ")
        # A name or a purpose may begin with the word too ("Всего хорошего"), of a line of some contestant and day that lost its kind.
        of_a_line = name != "contestant_id" and all(str(cells.get(need) or "").strip() for need in ("contestant_id", "date"))
        if vocabulary.is_total(text) and (not more or (not of_a_line if has_kinds else lacking)):
            return text
    return None


def total_words_beside(records: pl.DataFrame, by_name: Mapping[str, Column], source: TextTable, vocabulary: Vocabulary) -> dict[int, str]:
    """Row and word of the records of which nothing but sums stands in our columns, and a total word in another: that of the number of the
    line, say, in which forms have it."""
    others = [pl.col(name) for name, column in by_name.items() if name in source.columns and column.cell not in _SUMS]
    sums_alone = pl.all_horizontal((cell.str.strip_chars() == "").fill_null(value=True) for cell in others)
    rows = records.filter(sums_alone)[ROW].to_list()
    if not rows or source.as_filed is None:
        return {}
    found: dict[int, str] = {}
    for row, cells in source.as_filed.rows(rows).items():
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        if vocabulary.is_total(first):
            found[row] = first
    return found


def words_beside(records: pl.DataFrame, names: Sequence[str], source: TextTable) -> dict[int, str]:
    """Row and words of the records of which nothing stands in our columns and a few words in others: a signature below the table, a note.
    Figures and days may be a line that was moved."""
    nothing = pl.all_horizontal((pl.col(name).str.strip_chars() == "").fill_null(value=True) for name in names)
    rows = records.filter(pl.col(RAGGED).is_null() & nothing)[ROW].to_list() if names else []
    if not rows or source.as_filed is None:
        return {}
    found: dict[int, str] = {}
    for row, cells in source.as_filed.rows(rows).items():
        words = [cell.strip() for cell in cells if cell.strip()]
        if words and len(words) <= _MOST_WORDS and not any(map(_is_figures, words)):
            found[row] = " ".join(words)
    return found


def _is_figures(cell: str) -> bool:
    return len(cell) <= _LONGEST_FIGURES and _FIGURES.fullmatch(cell) is not None


def are_column_numbers(cells: Mapping[str, object], names: Sequence[str]) -> bool:
    """Whether a record is the row of printed forms that numbers the columns: each cell another small whole number."""
    said = {str(cells[name] or "").strip() for name in names}
    return len(said) == len(names) > _LEAST_HEADINGS and all(_COLUMN_NUMBER.fullmatch(text) for text in said)


def still_in_place(cells: Mapping[str, object], names: Sequence[str], source: TextTable) -> frozenset[str]:
    """The columns that another heading has where they are. Whose the lines are is lost only where the heading of another column stands
    there: it may have a name of its own for that column."""
    said = {name: heading_key(str(cells[name] or "")) for name in names}
    others = set().union(*(_headings_of(name, source) for name in names if name != "contestant_id"))
    same = {name for name in names if said[name] in _headings_of(name, source)}
    return frozenset(same | ({"contestant_id"} if said.get("contestant_id", "") not in others else set()))


def _headings_of(name: str, source: TextTable) -> set[str]:
    return {heading_key(name), heading_key(source.aliases.get(name, name))}


def heading_again(cells: Mapping[str, object], names: Sequence[str], source: TextTable) -> bool | None:
    """Whether a record is the heading once more (true), or one with these columns elsewhere (false); None where it is no heading."""
    said = [heading_key(str(cells[name] or "")) for name in names]
    headings = [_headings_of(name, source) for name in names]
    least = max(_LEAST_HEADINGS, (len(names) + 1) // 2)
    if sum(any(one in known for known in headings) for one in said) < least:
        return None
    return all(one in known or not one for one, known in zip(said, headings, strict=True))
