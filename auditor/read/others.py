"""What lies in a folder of filings and is not looked at: it is named, so that nobody takes it for audited."""

from __future__ import annotations

import os
from pathlib import Path

from auditor.read import exchange
from auditor.read.formats import SUFFIXES

# What this program writes beside its reports; each has the findings as JSON next to it.
_OF_OURS = (".pdf", ".html", ".json")
_BESIDE_MANY, _LIST_OF_MANY = ("SHA256SUMS", "book.pdf"), "manifest.json"
# What explains the filings, or says how to read them.
_NO_FILING = (".md", ".yaml", ".yml")
_MARK, _LOOKED_AT = b'"format": "audit-', 200


def may_be_table(path: Path) -> bool:
    """Whether a file is read as a table, by its ending. Of the texts in a folder only the banks' exchange files are tables."""
    suffix = path.suffix.lower()
    return suffix in SUFFIXES or (suffix in exchange.SUFFIXES and exchange.is_exchange_file(path))


def others_in(folder: Path) -> list[str]:
    """The files of a folder, by their paths in it, that no table is looked for in; folders and links that cannot be followed; all but
    hidden ones, our own reports, and what explains the filings."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        if path.name.startswith((".", "~$")):
            continue
        if path.is_file():
            looked_at = may_be_table(path) or path.suffix.lower() in _NO_FILING or _is_ours(path)
        else:
            looked_at = path.is_dir() and not path.is_symlink() and os.access(path, os.R_OK | os.X_OK)
        if not looked_at:
            found.append(os.fsencode(path.relative_to(folder)).decode("utf-8", errors="replace"))
    return found


def _is_ours(path: Path) -> bool:
    """A document of this program, or a report with one beside it."""
    if path.name in _BESIDE_MANY and _begins_as_ours(path.parent / _LIST_OF_MANY):
        return True
    if path.suffix.lower() not in _OF_OURS:
        return False
    documents = {path.with_suffix(".json"), path.parent / "findings.json"}
    return any(_begins_as_ours(one) for one in documents)


def _begins_as_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _MARK in file.read(_LOOKED_AT)
    except OSError:
        return False
