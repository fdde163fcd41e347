"""What the headings, words and labels of a rulebook must keep: names that exist, no heading of two columns, no label left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from auditor.closest import closest
from auditor.languages import LANGUAGES
from auditor.rulebook.models import StatedVocabulary, closed_lists, word_key
from auditor.rulebook.parts import Text
from auditor.tables import TABLES, heading_key
from auditor.wording import refusal
from auditor.yaml_files.faults import Faults
from auditor.yaml_files.source import Path_

Fold = Callable[[str], str]
Named = Mapping[str, Mapping[str, Any]]

# What is said where no label is given at all, and where one is left out.
_OF_COLUMNS = ("lint.column_labels", "lint.column_label")
_OF_CODES = ("lint.code_labels", "lint.code_label")


def form(faults: Faults, vocabulary: StatedVocabulary, named: Named) -> None:
    """The headings and labels of columns, and the words and labels of codes."""
    tables = {table: [column.name for column in columns] for table, columns in TABLES.items()}
    lists = closed_lists(vocabulary)
    for part in ("headings", "labels"):
        _exist(faults, part, named[part], tables, "lint.no_table", "lint.no_column")
    for part in ("words", "code_labels"):
        _exist(faults, part, named[part], lists, "lint.no_list", "lint.never")
    for part, known, said in (("labels", tables, _OF_COLUMNS), ("code_labels", lists, _OF_CODES)):
        if named[part]:
            _whole(faults, part, named[part], known, said)
    _apart(faults, ("headings", "labels"), named, tables, heading_key)
    _apart(faults, ("words", "code_labels"), named, lists, word_key)


def _exist(faults: Faults, part: str, given: Named, known: Mapping[str, Iterable[str]], no_key: str, no_name: str) -> None:
    for key, names in given.items():
        if key not in known:
            faults.at(part, key, (), refusal(no_key, near=closest(key, known), name=repr(key)))
            continue
        for name in names:
            if name not in known[key]:
                faults.at(part, key, (name,), refusal(no_name, near=closest(name, known[key]), of=key, name=repr(name)))


def _whole(faults: Faults, part: str, given: Named, known: Mapping[str, Iterable[str]], said: tuple[str, str]) -> None:
    """Who labels one column (or code) labels them all: a form in two languages would puzzle whoever fills it in."""
    for key, names in known.items():
        if key not in given:
            faults.at(part, "", (), refusal(said[0], of=key))
            continue
        for name in names:
            if name not in given[key]:
                faults.at(part, key, (), refusal(said[1], name=repr(name), of=key))


def _apart(faults: Faults, parts: tuple[str, str], named: Named, known: Mapping[str, Iterable[str]], fold: Fold) -> None:
    """Nothing that is read as one column (or code) may be read as another of the same table (or list)."""
    for key, names in known.items():
        owner = {fold(name): name for name in names}
        for part in parts:
            for name, at, text in _texts(named[part].get(key, {})):
                if name not in names:
                    continue  # said by _exist
                if not fold(text) or "\n" in text:
                    faults.at(part, key, at, refusal("lint.no_word_of_cell", text=repr(text)))
                elif owner.setdefault(fold(text), name) != name:
                    faults.at(part, key, at, refusal("lint.read_as_two", text=repr(text), other=owner[fold(text)], of=key, name=name))


def _texts(given: Mapping[str, Any]) -> Iterator[tuple[str, Path_, str]]:
    """Each text with the name that it stands for, and its place."""
    for name, several in given.items():
        if isinstance(several, Text):
            yield from ((name, (name, lang), several.in_(lang)) for lang in LANGUAGES)
        else:
            yield from ((name, (name, n), text) for n, text in enumerate(several))
