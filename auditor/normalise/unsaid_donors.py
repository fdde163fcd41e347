"""Donations that do not say what their donor is, name nobody, or name somebody in letters that were lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from auditor.model import problem_codes
from auditor.model.input import Problem, cut
from auditor.normalise.odd_rows import Flagged
from auditor.read.text_table import TextTable
from auditor.rulebook.models import Vocabulary, told_codes
from auditor.tables import columns
from auditor.wording import Say

# Letters that nobody sees (the fillers of Hangul) are none here.
_LETTER = r"[\p{L}\p{N}--[\x{115F}\x{1160}\x{3164}\x{FFA0}]]"
# What other programs put in the place of a letter that they could not write; and UTF-8 that was read as Windows-1251 or Latin-1, or
# Windows-1251 that was read as Latin-1, and written again.
_CONTINUED = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈ¤Ґ¦§Ё©Є«¬®Ї°±ґµ¶·ё№є»јЅѕї"
_AS_LATIN = (
    r"(?:[ÐÑ][\x{80}-\x{BF}\x{2010}-\x{203A}\x{20AC}\x{2122}\x{152}-\x{17E}\x{192}\x{2C6}\x{2DC}]){3}|(?:^|\s)[À-ÖØ-öø-ÿ]{4,}(?:\s|$)"
)
_LOST = rf"\x{{FFFD}}|\?\?|\p{{L}}\?\p{{L}}|(?:^|\s)\?\p{{L}}|(?:[РС][{_CONTINUED}\x{{A0}}\x{{AD}}]){{3}}|{_AS_LATIN}"


def unsaid(source: TextTable, vocabulary: Vocabulary) -> tuple[pl.Expr, pl.Expr]:
    """Of typed lines: whether it is a donation that does not say what its donor is; and the donor's name where there is no id, and the name
    says nothing (a dash, say) or has lost letters, though donors of its type have names."""
    is_donation, kind_of = pl.col("kind") == "donation", pl.col("counterparty_type")
    without = is_donation & kind_of.is_null() & pl.col("ragged").is_null()
    type_unsaid = without if "counterparty_type" in source.columns else pl.lit(value=False)
    named = ~kind_of.is_in(list(vocabulary.unnamed_types)).fill_null(value=False)
    name = pl.when(is_donation & named & pl.col("counterparty_id").is_null()).then("counterparty_name")
    says_nothing = pl.col("donor").is_in(list(vocabulary.nothing_words)) | ~name.str.contains(_LETTER)
    return type_unsaid, pl.when(says_nothing | name.str.contains(_LOST)).then(name)


def donors_unsaid(
    source: TextTable, odd: pl.DataFrame, seen: Flagged, dropped: Sequence[int], vocabulary: Vocabulary, say: Say
) -> list[Problem]:
    """A problem for each such donation without a type, and for each contestant and such name, as far as nothing else was said of the cell.
    `odd`: row, contestant_id, `type_unsaid` and `odd_name` as `unsaid` has them."""
    if odd.is_empty():
        return []
    below = [row for row in odd["row"] if seen.other_heading is not None and row >= seen.other_heading]
    told = {problem.row for problem in (*source.problems, *seen.problems) if problem.column == "counterparty_type"}
    without_type = {*odd.filter("type_unsaid")["row"]} - {*below} - {*dropped} - told
    named = odd.filter(pl.col("odd_name").is_not_null(), ~pl.col("row").is_in([*dropped, *seen.restored, *below]))
    lost = pl.col("odd_name").str.contains(_LOST) & pl.col("odd_name").str.contains(r"\p{L}|\?\?|\x{FFFD}")
    missing = [_type_missing(source, row, vocabulary, say) for row in sorted(without_type)]
    return [*missing, *_nobody_named(source, named.filter(~lost), say), *_letters_lost(source, named.filter(lost), say)]


def _type_missing(source: TextTable, row: int, vocabulary: Vocabulary, say: Say) -> Problem:
    codes = ", ".join(told_codes(columns("reports")["counterparty_type"], vocabulary, say.lang).values())
    sentence = say("check.giver_missing", file=source.named(say), row=row, codes=codes)
    return source.problem(problem_codes.EMPTY, row, sentence, column="counterparty_type", value="")


def _nobody_named(source: TextTable, lines: pl.DataFrame, say: Say) -> Iterator[Problem]:
    """A problem for each contestant and each name that says nothing, at its first row."""
    alike = lines.group_by("contestant_id", "odd_name").agg(pl.col("row").min(), pl.len().alias("times")).sort("row", "odd_name")
    for cid, name, row, times in alike.iter_rows():
        sentence = say("check.nobody_named", file=source.named(say), row=row, value=cut(name), n=times)
        yield source.problem(problem_codes.EMPTY, row, sentence, column="counterparty_name", value=cut(name), contestant_id=cid)


def _letters_lost(source: TextTable, lines: pl.DataFrame, say: Say) -> Iterator[Problem]:
    """A problem for each contestant with such names, for a whole file is written so, at the first row."""
    first = lines.sort("row").group_by("contestant_id", maintain_order=True).agg("row", "odd_name")
    for cid, rows, names in first.iter_rows():
        sentence = say("check.letters_lost", file=source.named(say), row=rows[0], value=cut(names[0]), n=len(rows))
        yield source.problem(problem_codes.EMPTY, rows[0], sentence, column="counterparty_name", value=cut(names[0]), contestant_id=cid)
