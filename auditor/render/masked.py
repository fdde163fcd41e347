"""The document of an audit as a report may carry it: ids of persons by their last four digits, and no hash of one."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from auditor.masking import mask_anywhere, mask_cell, mask_told

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
    met: Counter[str] = Counter()
    for finding in shown["findings"]:
        who = json.dumps([told["election"], finding["rule"], finding["contestant_id"], finding["subject"]])
        met[who] += 1
        finding["key"] = f"{finding['rule']}-{hashlib.sha256(who.encode()).hexdigest()[:12]}{'' if met[who] == 1 else f'-{met[who]}'}"
    return shown


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
