"""What the headings, words and labels of a rulebook must keep: names that exist, no heading of two columns, no label left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from auditor.languages import LANGUAGES
from auditor.rulebook.models import StatedVocabulary, closed_lists, word_key
from auditor.rulebook.parts import Text
from auditor.tables import TABLES, heading_key
from auditor.yaml_files.faults import Faults, nearest
from auditor.yaml_files.source import Path_

Fold = Callable[[str], str]
Named = Mapping[str, Mapping[str, Any]]


def form(faults: Faults, vocabulary: StatedVocabulary, named: Named) -> None:
    """The headings and labels of columns, and the words and labels of codes."""
    tables = {table: [column.name for column in columns] for table, columns in TABLES.items()}
    lists = closed_lists(vocabulary)
    for part in ("headings", "labels"):
        _exist(faults, part, named[part], tables, "there is no table {!r}.", "{} has no column {!r}.")
    for part in ("words", "code_labels"):
        _exist(faults, part, named[part], lists, "no column {!r} has a closed list of codes.", "{} is never {!r}.")
    for part, known, what in (("labels", tables, "column"), ("code_labels", lists, "code")):
        if named[part]:
            _whole(faults, part, named[part], known, what)
    _apart(faults, ("headings", "labels"), named, tables, heading_key)
    _apart(faults, ("words", "code_labels"), named, lists, word_key)


def _exist(faults: Faults, part: str, given: Named, known: Mapping[str, Iterable[str]], no_key: str, no_name: str) -> None:
    for key, names in given.items():
        if key not in known:
            faults.at(part, key, (), no_key.format(key) + nearest(key, known))
            continue
        for name in names:
            if name not in known[key]:
                faults.at(part, key, (name,), no_name.format(key, name) + nearest(name, known[key]))


def _whole(faults: Faults, part: str, given: Named, known: Mapping[str, Iterable[str]], what: str) -> None:
    """Who labels one column (or code) labels them all: a form in two languages would puzzle whoever fills it in."""
    for key, names in known.items():
        if key not in given:
            faults.at(part, "", (), f"{key} has no labels; each {what} needs one.")
            continue
        for name in names:
            if name not in given[key]:
                faults.at(part, key, (), f"the {what} {name!r} of {key} has no label.")


def _apart(faults: Faults, parts: tuple[str, str], named: Named, known: Mapping[str, Iterable[str]], fold: Fold) -> None:
    """Nothing that is read as one column (or code) may be read as another of the same table (or list)."""
    for key, names in known.items():
        owner = {fold(name): name for name in names}
        for part in parts:
            for name, at, text in _texts(named[part].get(key, {})):
                if name not in names:
                    continue  # said by _exist
                if not fold(text) or "\n" in text:
                    faults.at(part, key, at, f"{text!r} is no word that a cell could hold: one line, with a letter or a digit.")
                elif owner.setdefault(fold(text), name) != name:
                    faults.at(part, key, at, f"{text!r} is read as {owner[fold(text)]} too; {key} has to tell {name} from it.")


def _texts(given: Mapping[str, Any]) -> Iterator[tuple[str, Path_, str]]:
    """Each text with the name that it stands for, and its place."""
    for name, several in given.items():
        if isinstance(several, Text):
            yield from ((name, (name, lang), several.in_(lang)) for lang in LANGUAGES)
        else:
            yield from ((name, (name, n), text) for n, text in enumerate(several))
