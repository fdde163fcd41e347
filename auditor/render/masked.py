"""The document of an audit as a report may carry it: ids of persons by their last four digits, and no hash of one."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.masking import mask_anywhere, mask_cell, mask_told
from auditor.model.audit import Audit

# Digests, money and days are no texts in which an id can stand, and twelve digits of them must stay as they are.
_AS_THEY_ARE = frozenset({"format", "election", "as_of", "rulebook", "overrides", "sha256", "measured", "limit", "excess", "room", "date"})


def masked_document(told: Mapping[str, Any]) -> dict[str, Any]:
    """The same document with every personal id shown by its last four digits.

    A finding's `key` is a plain hash of the id that it is about, from which the id can be found by trying; here it is one of what
    is shown, with a number where two persons look alike.
    """
    shown: dict[str, Any] = {key: _masked(key, value) for key, value in told.items()}
    shown["ids"] = "masked"
    for one in shown["problems"]:
        one["value"] = one["value"] and mask_cell(one["column"], one["value"])
        one["message"] = mask_told(one["column"], one["message"], one["file"], one["row"])
    about = [(finding["rule"], finding["contestant_id"], finding["subject"]) for finding in shown["findings"]]
    for finding, key in zip(shown["findings"], _keys(told["election"], about), strict=True):
        finding["key"] = key
    return shown


def keys_shown(audit: Audit) -> Sequence[str]:
    """The key of each finding as it stands in the files that a report carries."""
    if audit.published:
        return [finding.key for finding in audit.findings]
    about = [(one.rule, _masked_or_none(one.contestant_id), _masked_or_none(one.subject)) for one in audit.findings]
    return list(_keys(audit.election, about))


def _keys(election: str, about: Iterable[tuple[str, str | None, str | None]]) -> Iterator[str]:
    """The keys of findings by their rule, and by whom and what they are about as it is shown."""
    met: Counter[str] = Counter()
    for rule, cid, subject in about:
        who = json.dumps([election, rule, cid, subject])
        met[who] += 1
        yield f"{rule}-{hashlib.sha256(who.encode()).hexdigest()[:12]}{'' if met[who] == 1 else f'-{met[who]}'}"


def _masked_or_none(text: str | None) -> str | None:
    return None if text is None else masked_text(text)


def masked_text(text: str) -> str:
    """One text of the document, as the masked one has it."""
    return mask_anywhere(text)


def _masked(key: str, value: Any) -> Any:
    if key in _AS_THEY_ARE:
        return value
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, list):
        return [_masked(key, one) for one in value]
    if isinstance(value, dict):
        return {name: _masked(name, one) for name, one in value.items()}
    return value
