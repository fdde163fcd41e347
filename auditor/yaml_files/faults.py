"""The mistakes of YAML files, all at once, each with file, line, column and the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from auditor.closest import closest
from auditor.errors import AuditError
from auditor.languages import LANGUAGES
from auditor.wording import Refusal, refusal
from auditor.yaml_files.source import Path_, Source, Tree

# By pydantic's name for what is wrong with a value: the sentence that tells what is expected.
_EXPECTED = {
    **dict.fromkeys(("literal_error", "enum"), "yaml.one_of"),
    **dict.fromkeys(("int_type", "int_parsing", "float_type", "float_parsing", "decimal_type", "decimal_parsing"), "yaml.number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "yaml.yes_or_no"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), "yaml.day"),
    **dict.fromkeys(("tuple_type", "list_type"), "yaml.list"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "yaml.keys"),
    "string_type": "yaml.text",
    "string_too_short": "yaml.filled",
    "string_pattern_mismatch": "yaml.form",
    "too_short": "yaml.too_few",
    "greater_than": "yaml.more_than",
    "greater_than_equal": "yaml.at_least",
    "less_than_equal": "yaml.at_most",
}


class Faults:
    """All mistakes at once, each with its place."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self._places: dict[tuple[str, str], list[tuple[Source, Path_]]] = {}

    def add(self, source: Source, path: Path_, said: Refusal) -> None:
        """One mistake at a path of a file."""
        self.mistakes.append(source.mistake(path, said))

    def extend(self, sentences: Iterable[str]) -> None:
        """Mistakes that carry their place already."""
        self.mistakes.extend(sentences)

    def remember(self, part: str, key: str, source: Source, path: Path_) -> None:
        """Where a named thing stands, or a part of it, for mistakes found later."""
        self._places.setdefault((part, key), []).append((source, path))

    def at(self, part: str, key: str, path: Path_, said: Refusal) -> None:
        """One mistake inside a named thing; of several files that add to it in the last that has that place."""
        there = self._places[part, key]
        source, base = next((one for one in reversed(there) if one[1] + path in one[0].places), there[-1])
        self.add(source, base + path, said)

    def invalid(self, source: Source, error: ValidationError, models: Sequence[type[BaseModel]]) -> None:
        """pydantic's errors as our sentences. `models` have the keys that stand anywhere in such a file."""
        details = error.errors(include_url=False)
        for detail in details:
            path, node = _walk(source, detail["loc"])
            kind, last = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
            if kind == "too_short" and any(
                other["loc"][: len(detail["loc"])] == detail["loc"] and other is not detail for other in details
            ):
                continue  # what was wrong inside the list has been said
            if kind == "union_tag_invalid":
                tag = str(detail.get("ctx", {}).get("tag"))
                known = str(detail.get("ctx", {}).get("expected_tags", "")).replace("'", "").split(", ")
                said = refusal("yaml.no_kind_of_check", near=closest(tag, known), tag=repr(tag), known=", ".join(known))
                self.add(source, (*path, "kind"), said)
            elif kind == "union_tag_not_found":
                self.add(source, path, refusal("yaml.no_key", key=detail["ctx"]["discriminator"]))
            elif kind == "extra_forbidden":
                known = sorted({name.rstrip("_") for model in models for name in model.model_fields} - {last})  # it may be a key elsewhere
                self.add(source, path, refusal("yaml.unknown_key", near=closest(last, known), key=repr(last)))
            elif kind == "missing":
                said = refusal("yaml.no_translation" if last in LANGUAGES else "yaml.no_key", key=repr(last))
                self.add(source, path[:-1] if path and path[-1] == last else path, said)
            else:
                self.add(source, path, _of_value(detail, node))

    def raise_if_any(self, error: type[AuditError]) -> None:
        """Raise `error` with every mistake, each once."""
        if self.mistakes:
            raise error(*dict.fromkeys(self.mistakes))


def _of_value(detail: ErrorDetails, node: Tree) -> Refusal:
    """What is said of a value: by our own checks, in our words for pydantic's, or in its own for what hardly ever happens."""
    given = detail.get("ctx", {})
    known = [word.strip("' ") for word in str(given["expected"]).replace(" or ", ", ").split(",")] if "expected" in given else []
    if isinstance(own := given.get("error"), ValueError) and isinstance(own.args[0], Refusal):
        expected: object = own.args[0]
    elif (key := _EXPECTED.get(detail["type"])) is not None:
        expected = refusal(key, **{**{name: value for name, value in given.items() if name != "error"}, "known": ", ".join(known)})
    else:
        expected = refusal("yaml.library", message=detail["msg"])
    shown = repr(node) if isinstance(node, str) else refusal("yaml.this")
    return refusal("yaml.of_value", near=closest(str(node), known), value=shown, said=expected)


def _walk(source: Source, loc: tuple[str | int, ...]) -> tuple[Path_, Any]:
    """The part of pydantic's location that exists in the file (it also names union tags, which the file does not)."""
    node: Any = source.tree
    path: Path_ = ()
    for n, step in enumerate(loc):
        if n and loc[n - 1] == "check":
            continue  # pydantic names the kind of check here, which may also be the name of a key
        inside = (isinstance(node, dict) and step in node) or (isinstance(node, list) and isinstance(step, int) and step < len(node))
        if inside:
            node = node[step]
            path = (*path, step)
    return path, node
