"""The rows of a table with a bad cell, one after another → problems, rows that are no data, and ids with their zeros put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from auditor.identifiers import with_leading_zeros
from auditor.model import problem_codes
from auditor.model.input import LeftOut, Problem, cut
from auditor.normalise.cell_problems import problem, ragged
from auditor.normalise.forms import trimmed
from auditor.normalise.not_records import are_column_numbers, heading_again, still_in_place, total_word, total_words_beside, words_beside
from auditor.normalise.table import given_in, wrong_cells
from auditor.read.text_table import BLANK, RAGGED, ROW, TextTable
from auditor.rulebook.models import Vocabulary
from auditor.tables import Cell, columns
from auditor.wording import Say

Cells = Mapping[str, str | None]


@dataclass(frozen=True)
class Flagged:
    """What the rows with a bad cell came to: problems, rows that are no data, and ids with their zeros put back. From the row
    `other_heading` on the columns are others, but for those `in_place`, and no row can be read."""

    problems: Sequence[Problem]
    left_out: Sequence[LeftOut]
    empty_rows: Sequence[int]
    restored: Mapping[int, Mapping[str, str]]
    notes: Sequence[str]
    other_heading: int | None = None
    in_place: frozenset[str] = frozenset()


def examine(
    source: TextTable,
    flagged: Sequence[int],
    vocabulary: Vocabulary,
    say: Say,
    excused: Callable[[str, Cells], bool],
    also_required: Sequence[str] = (),
) -> Flagged:
    """Say what is wrong with each flagged row of this file. `excused` tells which empty cells are no problem, because
    another table knows the value."""
    if not flagged:
        return Flagged((), (), (), {}, ())
    wanted = pl.LazyFrame({ROW: flagged}, schema={ROW: pl.Int64})
    text = source.frame.join(wanted, on=ROW, how="inner").sort(ROW).collect()
    filled = text.with_columns(trimmed(name).alias(name) for name in given_in(source))
    empty = text.filter(pl.col(BLANK) & pl.col(RAGGED).is_null())[ROW].to_list()
    text, filled = (frame.filter(~pl.col(ROW).is_in(empty)) if empty else frame for frame in (text, filled))
    wrong = wrong_cells(filled, source, vocabulary, also_required)
    own = [name for name in given_in(source) if name not in source.constants]
    total_words = total_words_beside(text, columns(source.table), source, vocabulary)
    look = _Look(source, vocabulary, say, total_words, words_beside(text, own, source))
    for cells, bad in zip(text.iter_rows(named=True), wrong.iter_rows(named=True), strict=True):
        wrong_here = [name for name, is_bad in bad.items() if is_bad and not excused(name, cells)]
        if not look.set_aside(cells, wrong_here):
            look.report_cells(cells, wrong_here)
    said = [say("check.zeros_restored", column=name, n=count) for name, count in look.notes.items()]
    return Flagged(look.problems, look.left_out, empty, look.restored, said, look.other_heading, look.in_place)


class _Look:
    """Takes in one row after another, in their order: what stands below a heading of other columns is no record of these."""

    def __init__(
        self, source: TextTable, vocabulary: Vocabulary, say: Say, total_words: Mapping[int, str], words: Mapping[int, str]
    ) -> None:
        self.problems: list[Problem] = []
        self.left_out: list[LeftOut] = []
        self.restored: dict[int, dict[str, str]] = {}
        self.notes: Counter[str] = Counter()
        self.other_heading: int | None = None
        self.in_place: frozenset[str] = frozenset()
        self._source, self._vocabulary, self._say, self._total_words, self._words = source, vocabulary, say, total_words, words
        self._columns, self._names = columns(source.table), given_in(source)

    def set_aside(self, cells: Mapping[str, Any], wrong: Sequence[str]) -> bool:
        """Say why a row is no record whose cells can be looked at, if it is none; whether that is so."""
        source, say, row = self._source, self._say, cells[ROW]
        # A record without a kind and with a total word is a total line, not a line that could not be read.
        if (word := total_word(cells, self._names, self._columns, self._vocabulary) or self._total_words.get(row)) is not None:
            self.left_out.append(LeftOut(row, say("check.total_line", word=word)))
        elif (again := heading_again(cells, self._names, source)) is not None:
            self.left_out.append(LeftOut(row, say("check.heading_again" if again else "check.heading_of_others")))
            if not again and self.other_heading is None:
                self.other_heading = row
                self.in_place = still_in_place(cells, self._names, source)
                self.problems.append(source.problem(problem_codes.RECORD, row, say("check.other_heading", file=source.named(say), row=row)))
        elif (words := self._words.get(row)) is not None:
            self.left_out.append(LeftOut(row, say("check.words_beside", text=cut(words))))
        elif self.other_heading is not None:
            pass  # what is wrong with them has been said once
        elif are_column_numbers(cells, self._names):
            self.left_out.append(LeftOut(row, say("check.column_numbers")))
        elif cells[RAGGED] is not None:
            self.problems.append(ragged(source, row, cells[RAGGED], say))  # which cell stands in which column nobody knows
            self._restore(cells, wrong)  # and yet its donor's sums are undetermined
        else:
            return False
        return True

    def report_cells(self, cells: Mapping[str, Any], wrong: Sequence[str]) -> None:
        """Say of these cells what is wrong with them; an id that lacks nothing but zeros before it gets them."""
        for name in self._restore(cells, wrong):
            self.problems.append(problem(self._source, cells[ROW], self._columns[name], cells[name] or "", self._vocabulary, self._say))

    def _restore(self, cells: Mapping[str, Any], wrong: Sequence[str]) -> list[str]:
        """Put the zeros back before the ids that lack nothing else; the cells that are wrong all the same."""
        row, left = cells[ROW], []
        for name in wrong:
            fixed = with_leading_zeros(cells[name] or "") if self._columns[name].cell is Cell.IDENTIFIER else None
            if fixed is None:
                left.append(name)
                continue
            self.restored.setdefault(row, {})[name] = fixed
            self.notes[name] += 1
        return left
