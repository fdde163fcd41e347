"""The kinds of document that are made of an audit, and the page of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from auditor.model.audit import Audit
from auditor.render import html, letters
from auditor.render.stationery import Enclosed
from auditor.render.style import Style
from auditor.wording import Words


class Page(Protocol):
    """The page of a document as HTML, in a style, with the files that go with it; `on_screen` where no page has a number."""

    def __call__(
        self, audit: Audit, words: Words, style: Style | None = None, attached: Sequence[Enclosed] = (), *, on_screen: bool = False
    ) -> str:
        """Make it."""


FINDINGS, PUBLIC, RECEIPT, RETURN_NOTE = "findings", "public", "receipt", "return-note"
PAGES: Mapping[str, Page] = {
    FINDINGS: html.page,
    PUBLIC: html.page,
    RECEIPT: letters.receipt,
    RETURN_NOTE: letters.return_note,
}
WITH_DATA = frozenset((FINDINGS, PUBLIC))
"""Those that carry the findings as data. A letter has none: what it is about must not tell more than it says."""
