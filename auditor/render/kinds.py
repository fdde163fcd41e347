"""The kinds of document that are made of an audit, and the page of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.model import Audit
from auditor.render import html, letters
from auditor.wording import Words

FINDINGS, PUBLIC, RECEIPT, RETURN_NOTE = "findings", "public", "receipt", "return-note"
PAGES: Mapping[str, Callable[[Audit, Words], str]] = {
    FINDINGS: html.page,
    PUBLIC: html.page,
    RECEIPT: letters.receipt,
    RETURN_NOTE: letters.return_note,
}
KINDS = tuple(PAGES)
WITH_DATA = frozenset((FINDINGS, PUBLIC))
"""Those that carry the findings as data. A letter has none: what it is about must not tell more than it says."""
