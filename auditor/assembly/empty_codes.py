"""Cells of closed lists that a line leaves empty and by which a rule chooses its lines: nobody knows whether it would be one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import polars as pl

from auditor.model.unread import UnreadCell
from auditor.normalise.prepared import Prepared
from auditor.normalise.table import FILE
from auditor.rulebook.models import Rule
from auditor.tables import Cell, columns

_CODES = {name for name, column in columns("reports").items() if column.cell is Cell.CODE and not column.required}


def empty_codes(prepared: Prepared, rules: Iterable[Rule]) -> Mapping[str, Mapping[UnreadCell, int]]:
    """By contestant the number of lines of the books with such a cell, but for those that are told of as unread: a cell that could not be
    read, or the type of a donor, which has to be there. Of a file that does not have the column at all, the rules that need it are
    silent."""
    empty = {name: _empty(prepared, name, kinds) for name, kinds in sorted(_asked(rules).items())}
    unread = prepared.not_read.cells
    found: dict[str, Counter[UnreadCell]] = {}
    if not empty:
        return found
    line_too = ~pl.col("readable") & ~pl.col("lacks_only_amount")
    lines = prepared.books.filter(pl.any_horizontal(empty.values()))
    counts = lines.group_by("contestant_id", "kind", "lacks_only_amount", line_too.alias("line_too"))
    for cid, kind, amount_too, line_too, *numbers in counts.agg(**{name: one.sum() for name, one in empty.items()}).collect().iter_rows():
        for column, number in zip(empty, numbers, strict=True):
            cell = UnreadCell(column, kind, has_donor=True, amount_too=amount_too, line_too=line_too, empty=True)
            told = sum(n for one, n in unread.get(cid, {}).items() if one._replace(has_donor=True, empty=True) == cell)
            if number > told:
                found.setdefault(cid, Counter())[cell] += number - told
    return found


def _asked(rules: Iterable[Rule]) -> dict[str, set[str]]:
    """The closed lists that rules choose lines by, each with the kinds of line that it is asked of."""
    asked: dict[str, set[str]] = {}
    for rule in rules:
        for _, _, lines in rule.check.sides():
            for column in {column for condition in lines.where for column in condition.tested()} & _CODES:
                asked.setdefault(column, set()).update(lines.kinds)
    return asked


def _empty(prepared: Prepared, column: str, kinds: Iterable[str]) -> pl.Expr:
    files = [number for number, has in prepared.columns.items() if column in has]
    return pl.col(column).is_null() & pl.col("kind").is_in(sorted(kinds)) & pl.col(FILE).is_in(files)
