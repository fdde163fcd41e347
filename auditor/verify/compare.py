"""Two documents, part by part: every value that differs, with its rule and its contestant."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from auditor.model.verification import Compared, Difference

Record = Mapping[str, Any]
# What makes a record the same one in both documents.
_RECORDS: Mapping[str, tuple[str, ...]] = {
    "inputs": ("table", "file", "sheet"),
    "coverage": ("rule",),
    "contestants": ("contestant_id",),
    "findings": ("rule", "contestant_id", "subject"),
    "problems": ("code", "file", "sheet", "row", "column"),
}
# What else lay in the folder then is no input, and need not be given again.
_BESIDE = "passed_over"
_OBJECTS = ("rulebook", "asked", "overrides", "summary")
_ORDER = ("document", "rulebook", "asked", "overrides", "inputs", "summary", "coverage", "contestants", "findings", "problems")


def compared(published: Record, recomputed: Record) -> list[Compared]:
    """All parts in the order in which they are told. Keys that only one document has are differences too."""
    parts = {name: _records(name, key, published[name], recomputed[name]) for name, key in _RECORDS.items()}
    parts |= {
        name: Compared(name, len(recomputed[name]), list(_object("", published[name], recomputed[name], _whole))) for name in _OBJECTS
    }
    rest = {*published, *recomputed} - {*_RECORDS, *_OBJECTS, _BESIDE}
    theirs, ours = ({key: one[key] for key in sorted(rest) if key in one} for one in (published, recomputed))
    parts["document"] = Compared("document", len(rest), list(_object("", theirs, ours, _whole)))
    return [parts[name] for name in _ORDER]


def _records(part: str, key: Sequence[str], published: Sequence[Record], recomputed: Sequence[Record]) -> Compared:
    theirs, ours = _by_identity(key, published), _by_identity(key, recomputed)
    differences: list[Difference] = []
    for identity, one in theirs.items():
        about = _about(one)
        if identity in ours:
            differences += _object("", one, ours[identity], about)
        else:
            differences.append(about(_named(part, one), _brief(part, one), None))
    differences += [_about(one)(_named(part, one), None, _brief(part, one)) for identity, one in ours.items() if identity not in theirs]
    if not differences and list(theirs) != list(ours):
        differences.append(_whole("order", [at[0] for at in theirs], [at[0] for at in ours]))
    return Compared(part, len(ours), differences)


def _by_identity(key: Sequence[str], records: Sequence[Record]) -> dict[tuple[str, int], Record]:
    """Records by what they are about; those about the same are numbered, since with masked ids two persons may look alike."""
    met: Counter[str] = Counter()
    made = {}
    for one in records:
        identity = _text([one[name] for name in key])
        made[identity, met[identity]] = one
        met[identity] += 1
    return made


Tell = Callable[[str, object, object], Difference]


def _about(one: Record) -> Tell:
    return lambda what, published, recomputed: Difference(one.get("rule"), one.get("contestant_id"), what, published, recomputed)


def _whole(what: str, published: object, recomputed: object) -> Difference:
    return Difference(None, None, what, published, recomputed)


def _object(path: str, published: Record, recomputed: Record, tell: Tell) -> Iterator[Difference]:
    for key in {**recomputed, **published}:
        yield from _value(f"{path}.{key}" if path else key, published.get(key, _NOTHING), recomputed.get(key, _NOTHING), tell)


def _value(path: str, published: Any, recomputed: Any, tell: Tell) -> Iterator[Difference]:
    if isinstance(published, dict) and isinstance(recomputed, dict):
        yield from _object(path, published, recomputed, tell)
    elif path == "totals" and isinstance(published, list):
        theirs, ours = ({_text([one["rule"], n]): one for n, one in enumerate(several)} for several in (published, recomputed))
        yield from _totals(theirs, ours, tell)
    elif isinstance(published, list) and isinstance(recomputed, list) and len(published) == len(recomputed):
        for n, (one, other) in enumerate(zip(published, recomputed, strict=True)):
            yield from _value(f"{path}[{n}]", one, other, tell)
    elif _text(published) != _text(recomputed):
        if isinstance(published, list) and isinstance(recomputed, list):
            path, published, recomputed = f"{path}: number", len(published), len(recomputed)
        yield tell(path, _shown(published), _shown(recomputed))


def _totals(published: Mapping[str, Record], recomputed: Mapping[str, Record], tell: Tell) -> Iterator[Difference]:
    """A contestant's sums, each told with its rule."""
    for key in {**recomputed, **published}:
        one, other = published.get(key), recomputed.get(key)
        rule = (one or other or {})["rule"]

        def told(what: str, published: object, recomputed: object, rule: str = rule) -> Difference:
            return replace(tell(what, published, recomputed), rule=rule)

        if one is None or other is None:
            yield told("totals", one and one.get("measured"), other and other["measured"])
        else:
            yield from _object("totals", one, other, told)


def _named(part: str, one: Record) -> str:
    """What a record that only one document has is called."""
    match part:
        case "findings":
            return f"finding {one.get('key')}"
        case "problems":
            return f"{one['code']} {one['file']}:{one['row']} {one['column'] or ''}".rstrip()
        case "inputs":
            return f"{one['table']} {one['file']}"
    return part


def _brief(part: str, one: Record) -> object:
    """A word of it, enough to know it by."""
    return one.get({"findings": "message", "problems": "message", "inputs": "sha256", "contestants": "name"}.get(part, "status"), "")


class _Nothing:
    """Where a document has no such key; null is a value."""


_NOTHING = _Nothing()


def _shown(value: Any) -> object:
    return None if isinstance(value, _Nothing) else "null" if value is None else value


def _text(value: Any) -> str:
    """A value as JSON: 1, 1.0 and true are three values there, and one in Python."""
    return "" if isinstance(value, _Nothing) else json.dumps(value, ensure_ascii=False, sort_keys=True)
