"""YAML with positions: every value is text, duplicate keys are refused, and each place knows its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from auditor.errors import BadYaml

Tree = Mapping[str, "Tree"] | Sequence["Tree"] | str | None
Path_ = tuple[str | int, ...]


# The C loader is 30 times faster; it composes the same nodes with the same marks.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """No value is taken for a number or a day, so what a plain value looks like is not asked; that took a third of the time."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: object) -> str:
        return "tag:yaml.org,2002:str"


_MOST_BYTES = 2_000_000
_DEEP, _DEEPEST = 400, 40
_NESTED = re.compile(r"(?:[-?:] +){4}|^ {120}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: its tree and where each key and value stands (line and column counted from 1)."""

    file: str
    tree: Mapping[str, Tree]
    places: Mapping[Path_, tuple[int, int]]

    def where(self, path: Path_) -> str:
        """`file, line L, column C` of the nearest place known for this path."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return f"{self.file}, line {line}, column {column}"


def read(path: Path, name: str) -> Source:
    """Read one file. Raises BadYaml for anything but plain mappings, lists and scalars with unique keys."""
    return read_bytes(bytes_of(path, name), name)


def bytes_of(path: Path, name: str) -> bytes:
    """The bytes of one file. Raises BadYaml for what is no file, or larger than such a file is."""
    if not path.is_file():
        raise BadYaml(f"{name}: this is no file, or a link to one that is not there.")
    with path.open("rb") as file:
        raw = file.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise BadYaml(f"{name}: it has more bytes than such a file has ({_MOST_BYTES:,}).")
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
        raise BadYaml(f"{name}: byte {error.start + 1} is not UTF-8; save the file as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise BadYaml(f"{name}{at}: not YAML: {error.problem or error.context}.") from error
    except yaml.reader.ReaderError as error:
        before = raw[: error.position].decode("utf-8", errors="ignore")  # the C loader counts bytes
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise BadYaml(f"{name}, line {line}, column {column}: a control character stands here; remove it.") from error
    except yaml.YAMLError as error:
        raise BadYaml(f"{name}: not YAML: {error}.") from error
    places: dict[Path_, tuple[int, int]] = {}
    mistakes: list[str] = []
    if node is None:
        raise BadYaml(f"{name}, line 1, column 1: the file is empty; remove it.")
    tree = _convert(node, (), places, mistakes, name, set())
    if mistakes:
        raise BadYaml(*mistakes)
    if not isinstance(tree, dict):
        raise BadYaml(f"{name}, line 1, column 1: this file is to be a mapping of keys to values.")
    return Source(name, tree, places)


def _not_too_deep(text: str, name: str) -> None:
    """Composing nested lists is recursive, in C too; a file that could be that deep is counted through first."""
    if text.count("[") + text.count("{") < _DEEP and _NESTED.search(text) is None:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            at = f", line {event.start_mark.line + 1}, column {event.start_mark.column + 1}" if event.start_mark else ""
            raise BadYaml(f"{name}{at}: lists lie in lists more than {_DEEPEST} deep; nothing needs that.")


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
        line, column = _mark(node)
        mistakes.append(f"{name}, line {line}, column {column}: an alias refers to itself or to this; write it out where it is meant.")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Tree] = {}
        for key_node, value_node in node.value:
            line, column = _mark(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                mistakes.append(f"{name}, line {line}, column {column}: a key must be a word.")
                continue
            if key in found:
                first = places[(*path, key)][0]
                mistakes.append(f"{name}, line {line}, column {column}: {key!r} stands here a second time (first in line {first}).")
                continue
            places[(*path, key)] = (line, column)
            found[key] = _convert(value_node, (*path, key), places, mistakes, name, seen)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_convert(item, (*path, n), places, mistakes, name, seen) for n, item in enumerate(node.value)]
    if not isinstance(node, yaml.ScalarNode):
        return None
    # Plain `~`, `null` and nothing at all mean "not known"; everything else stays the text that was written.
    return None if node.style in (None, "") and node.value in ("", "~", "null") else str(node.value)


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
