"""Two files in which most lines of a contestant are the same, though neither is a copy: a report and its correction, of which nothing
says that the one takes the place of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import polars as pl

from auditor.model.input import Problem
from auditor.normalise.table import FILE
from auditor.read.instructions import Say
from auditor.read.text import TextTable

# Below that two files may have a few equal instalments in common.
_LEAST = 3
_SAME = ["contestant_id", "date", "kind", "amount", "donor"]


def near_copies(books: pl.LazyFrame, counted: Collection[tuple[int, str]], sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """A problem for each two files of which the one has, of the lines of a contestant that count, at least half in common with the other.
    `counted` are the file and the contestant of the lines that count; copies are told where files are read."""
    files = Counter(cid for _, cid in counted)
    several = [cid for cid, number in files.items() if number > 1]
    if not several:
        return []
    lines = books.filter(pl.col("contestant_id").is_in(several) & pl.col("readable")).group_by(*_SAME, FILE).agg(pl.len().alias("n"))
    found = lines.collect(engine="streaming")
    pairs = found.join(found, on=_SAME, nulls_equal=True, suffix="_other").filter(pl.col(f"{FILE}_other") < pl.col(FILE))
    shared = pairs.group_by("contestant_id", FILE, f"{FILE}_other").agg(pl.min_horizontal("n", "n_other").sum().alias("shared"))
    whole = {(cid, file): n for cid, file, n in found.group_by("contestant_id", FILE).agg(pl.col("n").sum()).iter_rows()}
    problems: list[Problem] = []
    for cid, file, other, number in shared.sort("contestant_id", FILE, f"{FILE}_other").iter_rows():
        least = min(whole[cid, file], whole[cid, other])
        if number < _LEAST or number * 2 < least or sources[file].has_the_cells_of(sources[other]):
            continue
        sentence = say(
            "check.nearly_copy",
            file=sources[file].named(say),
            other=sources[other].named(say),
            contestant=cid,
            n=number,
            of=whole[cid, file],
            of_other=whole[cid, other],
        )
        problems.append(Problem("INP-015", sources[file].file, sources[file].sheet, 1, None, None, sentence, cid))
    return problems
