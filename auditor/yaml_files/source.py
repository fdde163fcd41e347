"""YAML with positions: every value is text, duplicate keys are refused, and each place knows its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from auditor.errors import BadYaml
from auditor.wording import Refusal, refusal

Tree = Mapping[str, "Tree"] | Sequence["Tree"] | str | None
Path_ = tuple[str | int, ...]


# The C loader is 30 times faster; it composes the same nodes with the same marks.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """No value is taken for a number or a day, so what a plain value looks like is not asked; that took a third of the time."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: object) -> str:
        return "tag:yaml.org,2002:str"


_MOST_BYTES = 2_000_000
_PROBLEMS = {
    "did not find expected key": "yaml.key_expected",
    "did not find expected <document start>": "yaml.key_expected",
    "could not find expected ':'": "yaml.colon_expected",
    "mapping values are not allowed in this context": "yaml.colon_unexpected",
    "did not find expected '-' indicator": "yaml.dash_expected",
    "block sequence entries are not allowed in this context": "yaml.dash_unexpected",
    "did not find expected ',' or ']'": "yaml.bracket_open",
    "did not find expected ',' or '}'": "yaml.brace_open",
    "did not find expected node content": "yaml.value_expected",
    "found a tab character that violates indentation": "yaml.tab",
    "found character that cannot start any token": "yaml.letter_unexpected",
    "found unexpected end of stream": "yaml.quote_open",
    "found undefined alias": "yaml.alias_unknown",
    "but found another document": "yaml.two_documents",
}
_DEEP, _DEEPEST = 400, 40
_NESTED = re.compile(r"(?:[-?:] +){4}|^ {120}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: its tree and where each key and value stands (line and column counted from 1)."""

    file: str
    tree: Mapping[str, Tree]
    places: Mapping[Path_, tuple[int, int]]

    def mistake(self, path: Path_, said: Refusal) -> Refusal:
        """What is said of a path, with file, line and column of the nearest place known for it."""
        while path and path not in self.places:
            path = path[:-1]
        return placed(self.file, self.places.get(path, (1, 1)), said)


def placed(file: str, at: tuple[int, int], said: Refusal) -> Refusal:
    """What is said of a place in a file: its line and column, counted from 1."""
    line, column = at
    return refusal("yaml.at", file=file, line=line, column=column, said=said)


def read(path: Path, name: str) -> Source:
    """Read one file. Raises BadYaml for anything but plain mappings, lists and scalars with unique keys."""
    return read_bytes(bytes_of(path, name), name)


def bytes_of(path: Path, name: str) -> bytes:
    """The bytes of one file. Raises BadYaml for what is no file, or larger than such a file is."""
    if not path.is_file():
        raise BadYaml(refusal("yaml.no_file", file=name))
    with path.open("rb") as file:
        raw = file.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise BadYaml(refusal("yaml.too_large", file=name, most=f"{_MOST_BYTES:,}"))
    return raw


@lru_cache(maxsize=64)  # one of two elections' files may change, and the others not
def read_bytes(raw: bytes, name: str) -> Source:
    """The same of what was read already."""
    try:
        text = raw.decode("utf-8")
        _not_too_deep(text, name)
        loader = _Loader(text)
        node = loader.get_single_node()
    except UnicodeDecodeError as error:
        raise BadYaml(refusal("yaml.not_utf8", file=name, byte=error.start + 1)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadYaml(placed(name, at, _no_yaml(error.problem or error.context or ""))) from error
    except yaml.reader.ReaderError as error:
        before = raw[: error.position].decode("utf-8", errors="ignore")  # the C loader counts bytes
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise BadYaml(placed(name, (line, column), refusal("yaml.control"))) from error
    except yaml.YAMLError as error:
        raise BadYaml(refusal("yaml.of_file", file=name, said=refusal("yaml.not_yaml", error=error))) from error
    places: dict[Path_, tuple[int, int]] = {}
    mistakes: list[str] = []
    if node is None:
        raise BadYaml(placed(name, (1, 1), refusal("yaml.empty")))
    tree = _convert(node, (), places, mistakes, name, set())
    if mistakes:
        raise BadYaml(*mistakes)
    if not isinstance(tree, dict):
        raise BadYaml(placed(name, (1, 1), refusal("yaml.no_mapping")))
    return Source(name, tree, places)


def _no_yaml(problem: str) -> Refusal:
    """What the parser says is wrong: in our words where people often meet it."""
    return refusal("yaml.not_yaml", error=refusal(_PROBLEMS[problem]) if problem in _PROBLEMS else problem)


def _not_too_deep(text: str, name: str) -> None:
    """Composing nested lists is recursive, in C too; a file that could be that deep is counted through first."""
    if text.count("[") + text.count("{") < _DEEP and _NESTED.search(text) is None:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise BadYaml(placed(name, _mark(event), refusal("yaml.too_deep", most=_DEEPEST)))


def _convert(
    node: yaml.Node,
    path: Path_,
    places: dict[Path_, tuple[int, int]],
    mistakes: list[str],
    name: str,
    seen: set[int],
) -> Tree:
    places.setdefault(path, _mark(node))
    if id(node) in seen and not isinstance(node, yaml.ScalarNode):
        # Written once and meant many times, an alias could also refer to itself or fill the memory.
        mistakes.append(placed(name, _mark(node), refusal("yaml.alias")))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Tree] = {}
        for key_node, value_node in node.value:
            at = _mark(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                mistakes.append(placed(name, at, refusal("yaml.key_no_word")))
                continue
            if key in found:
                first = places[(*path, key)][0]
                mistakes.append(placed(name, at, refusal("yaml.key_twice", key=repr(key), first=first)))
                continue
            places[(*path, key)] = at
            found[key] = _convert(value_node, (*path, key), places, mistakes, name, seen)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_convert(item, (*path, n), places, mistakes, name, seen) for n, item in enumerate(node.value)]
    if not isinstance(node, yaml.ScalarNode):
        return None
    # Plain `~`, `null` and nothing at all mean "not known"; everything else stays the text that was written.
    return None if node.style in (None, "") and node.value in ("", "~", "null") else str(node.value)


def _mark(marked: yaml.Node | yaml.Event) -> tuple[int, int]:
    mark = marked.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
