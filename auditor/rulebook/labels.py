"""The election's own labels of columns and codes: read like its other headings and words, and written on empty forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from auditor.languages import LANGUAGES
from auditor.rulebook.models import codes_of
from auditor.rulebook.parts import Text
from auditor.tables import TABLES, Cell, Column, Form, FormField

if TYPE_CHECKING:
    from auditor.rulebook.load import Rulebook

Several = Mapping[str, Mapping[str, tuple[str, ...]]]
Labels = Mapping[str, Mapping[str, Text]]


def with_labels(given: Several, labels: Labels, fold: Callable[[str], str]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Headings or words with the labels that are not among them yet; what folds to the name itself needs no entry."""
    made = {key: dict(names) for key, names in given.items()}
    for key, names in labels.items():
        for name, label in names.items():
            several = made.setdefault(key, {}).get(name, ())
            known = {name.lower(), *(fold(one) for one in several)}
            for lang in reversed(LANGUAGES):  # of names that a column has by its label alone the Kazakh one is the last
                text = label.in_(lang)
                if fold(text) not in known and text.lower() not in known:
                    several = (*several, text)
                    known.add(fold(text))
            made[key][name] = several
    return made


def forms(rulebook: Rulebook, tables: Sequence[str], lang: str) -> list[Form]:
    """The empty forms of these tables in one language; canonical names where the rulebook has no labels."""
    return [Form(table, tuple(_field(rulebook, table, column, lang) for column in TABLES[table])) for table in tables]


def _field(rulebook: Rulebook, table: str, column: Column, lang: str) -> FormField:
    codes = codes_of(column, rulebook.vocabulary) if column.cell is Cell.CODE else ()
    of_codes = rulebook.vocabulary.code_labels.get(column.closed_list, {})
    heading = _in(rulebook.labels.get(table, {}), column.name, lang)
    return FormField(column, heading, tuple(_in(of_codes, code, lang) for code in codes))


def _in(labels: Mapping[str, Text], name: str, lang: str) -> str:
    return labels[name].in_(lang) if name in labels else name
