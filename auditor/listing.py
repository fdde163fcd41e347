"""The first of several texts in one line."""

from __future__ import annotations

from collections.abc import Sequence


def listed(texts: Sequence[str], most: int, between: str = ", ") -> str:
    """At most so many of the texts, and "…" where there are more."""
    return between.join(texts[:most]) + (" …" if len(texts) > most else "")
