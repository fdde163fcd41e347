"""Two files in which most lines of a contestant are the same, though neither is a copy: a report and its correction, of which nothing
says that the one takes the place of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import polars as pl

from auditor.model import problem_codes
from auditor.model.input import Problem, cut
from auditor.normalise.table import FILE
from auditor.read.text_table import TextTable
from auditor.wording import Say

# Below that two files may have a few equal instalments in common.
_LEAST = 3
_SAME = ["contestant_id", "date", "kind", "amount", "donor", "category", "contract_no", "invoice_no"]


def near_copies(books: pl.LazyFrame, counted: Collection[tuple[int, str]], sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """A problem for each file of which, of the lines of a contestant that count, at least half stand alike in one earlier file, or at least
    half of the earlier file's in it. `counted` are the file and the contestant of the lines that count; copies are told where files are
    read. Each line is held against the first file that has it, so that the cost grows with the lines and not with pairs of files."""
    files = Counter(cid for _, cid in counted)
    several = [cid for cid, number in files.items() if number > 1]
    if not several:
        return []
    named = pl.col("contestant_id").is_in(several) & pl.col("readable")
    lines = books.filter(named).group_by(*_SAME, FILE).agg(pl.len().alias("n")).collect(engine="streaming")
    whole = {(cid, file): n for cid, file, n in lines.group_by("contestant_id", FILE).agg(pl.col("n").sum()).iter_rows()}
    first = pl.struct(FILE, "n").sort_by(FILE).first().over(_SAME)
    shared = (
        lines.filter(pl.col("donor").is_not_null())
        .with_columns(first.struct.field(FILE).alias("other"), first.struct.field("n").alias("n_other"))
        .filter(pl.col(FILE) != pl.col("other"))
        .group_by("contestant_id", FILE, "other")
        .agg(pl.min_horizontal("n", "n_other").sum().alias("shared"))
        .sort("contestant_id", FILE, "shared", "other", descending=[False, False, True, False])
        .unique(["contestant_id", FILE], keep="first", maintain_order=True)
    )
    problems: list[Problem] = []
    for cid, file, other, number in shared.iter_rows():
        least = min(whole[cid, file], whole[cid, other])
        if number < _LEAST or number * 2 < least or sources[file].has_the_cells_of(sources[other]):
            continue
        where = {"file": sources[file].named(say), "other": sources[other].named(say), "contestant": cut(cid)}
        sentence = say("check.nearly_copy", **where, n=number, of=whole[cid, file], of_other=whole[cid, other])
        problems.append(sources[file].problem(problem_codes.DOUBTFUL_FILE, 1, sentence, contestant_id=cid))
    return problems
