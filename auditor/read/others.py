"""What lies in a folder of filings and is not looked at: it is named, so that nobody takes it for audited."""

from __future__ import annotations

import os
from pathlib import Path

from auditor.read import exchange
from auditor.read.formats import SUFFIXES

# What this program writes: documents, reports that have a document of the same name beside them, and what lies beside many reports.
_DOCUMENT, _REPORTS = ".json", (".pdf", ".html")
_BESIDE_MANY, _LIST_OF_MANY = ("SHA256SUMS", "book.pdf"), "manifest.json"
_DOCUMENT_BEGINS, _LOOKED_AT = b'"format": "audit-', 200
# What explains the filings, or says how to read them.
_EXPLAINS = (".md", ".yaml", ".yml")


def may_be_table(path: Path) -> bool:
    """Whether a file is read as a table, by its ending. Of the texts in a folder only the banks' exchange files are tables."""
    suffix = path.suffix.lower()
    return suffix in SUFFIXES or (suffix in exchange.SUFFIXES and exchange.is_exchange_file(path))


def others_in(folder: Path) -> list[str]:
    """The files of a folder, by their paths in it, that no table is looked for in; folders and links that cannot be followed; all but
    hidden ones, our own reports, and what explains the filings."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        if any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts):
            continue
        if path.is_file():
            looked_at = may_be_table(path) or path.suffix.lower() in _EXPLAINS or _is_ours(path)
        else:
            looked_at = path.is_dir() and not path.is_symlink() and os.access(path, os.R_OK | os.X_OK)
        if not looked_at:
            found.append(os.fsencode(path.relative_to(folder)).decode("utf-8", errors="replace"))
    return found


def _is_ours(path: Path) -> bool:
    """Whether this program wrote it."""
    suffix = path.suffix.lower()
    if path.name in _BESIDE_MANY:
        return _is_document(path.parent / _LIST_OF_MANY)
    return _is_document(path) if suffix == _DOCUMENT else suffix in _REPORTS and _is_document(path.with_suffix(_DOCUMENT))


def _is_document(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return _DOCUMENT_BEGINS in file.read(_LOOKED_AT)
    except OSError:
        return False
