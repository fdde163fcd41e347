"""Foreign tables: a first mapping file for one, and what its first rows are read as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from auditor.normalise.table import typed
from auditor.read.formats import tables_of
from auditor.read.instructions import Instructions, Stated
from auditor.read.mapping import load
from auditor.read.preview import preview
from auditor.read.suggest import Suggestion, suggestion
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import codes_of, word_key
from auditor.tables import Column
from auditor.wording import Words


def suggested(file: Path, table: str, law: Rulebook, words: Words, stated: Stated) -> Suggestion:
    """A first mapping file. Raises CannotRead for a file that cannot be read at all."""

    def codes(column: Column) -> tuple[Sequence[str], Mapping[str, str]]:
        known = law.vocabulary.codes_in_words(column.closed_list)
        return (codes_of(column, law.vocabulary) if column.codes or column.vocabulary else ()), known

    instructions = Instructions.of(law, words, stated)
    return suggestion(
        preview(file, str(file), instructions), table, str(file), instructions, codes, word_key, law.vocabulary.currency_words
    )


def first_rows(file: Path, mapping: Path, law: Rulebook, words: Words, most: int) -> list[list[tuple[str, object, str | None]]]:
    """The first records as a mapping file makes them: of each filled cell the column, its value (None where it cannot be read) and
    its text; the first triple is the row number."""
    stated = load(mapping)
    assert stated.mapping is not None  # that is what a mapping file gives
    tables, *_ = tables_of(file, str(file), Instructions.of(law, words, stated), stated.mapping.table)
    if not tables:
        return []
    source = tables[0]
    texts = source.frame.head(most).collect()
    values = typed(source, 0, law.vocabulary).head(most).collect()
    records = []
    for text, value in zip(texts.iter_rows(named=True), values.iter_rows(named=True), strict=True):
        filled = [(name, value[name], text[name]) for name in source.columns if (text[name] or "").strip()]
        records.append([(words("map.row"), value["row"], None), *filled])
    return records
