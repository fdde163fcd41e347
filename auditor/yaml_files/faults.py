"""The mistakes of YAML files, all at once, each with file, line, column and the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from auditor.closest import closest
from auditor.errors import AuditError
from auditor.languages import LANGUAGES
from auditor.yaml_files.source import Path_, Source


class Faults:
    """All mistakes at once, each with its place."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []
        self._places: dict[tuple[str, str], list[tuple[Source, Path_]]] = {}

    def add(self, source: Source, path: Path_, sentence: str) -> None:
        """One mistake at a path of a file."""
        self.mistakes.append(f"{source.where(path)}: {sentence}")

    def extend(self, sentences: Iterable[str]) -> None:
        """Mistakes that carry their place already."""
        self.mistakes.extend(sentences)

    def remember(self, part: str, key: str, source: Source, path: Path_) -> None:
        """Where a named thing stands, or a part of it, for mistakes found later."""
        self._places.setdefault((part, key), []).append((source, path))

    def at(self, part: str, key: str, path: Path_, sentence: str) -> None:
        """One mistake inside a named thing; of several files that add to it in the last that has that place."""
        there = self._places[part, key]
        source, base = next((one for one in reversed(there) if one[1] + path in one[0].places), there[-1])
        self.add(source, base + path, sentence)

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
                self.add(source, (*path, "kind"), f"{tag!r} is no kind of check; known: {', '.join(known)}.{nearest(tag, known)}")
            elif kind == "extra_forbidden":
                known = sorted({name.rstrip("_") for model in models for name in model.model_fields} - {last})  # it may be a key elsewhere
                self.add(source, path, f"{last!r} is not known here.{nearest(last, known)}")
            elif kind == "missing":
                what = "the translation" if last in LANGUAGES else "the key"
                self.add(source, path[:-1] if path and path[-1] == last else path, f"{what} {last!r} is missing.")
            else:
                message = detail["msg"].removeprefix("Value error, ")
                expected = detail.get("ctx", {}).get("expected")
                options = [word.strip("' ") for word in str(expected).replace(" or ", ", ").split(",")] if expected else []
                shown = repr(node) if isinstance(node, str) else "this"
                self.add(source, path, f"{shown}: {message}.{nearest(str(node), options)}")

    def raise_if_any(self, error: type[AuditError]) -> None:
        """Raise `error` with every mistake, each once."""
        if self.mistakes:
            raise error(*dict.fromkeys(self.mistakes))


def nearest(word: str, known: Iterable[str]) -> str:
    """ " Did you mean …?", or nothing."""
    close = closest(word, known)
    return f" Did you mean {close!r}?" if close is not None else ""


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
