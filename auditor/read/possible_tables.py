"""What lies in a folder of filings and is not looked at: it is named, so that nobody takes it for audited."""

from __future__ import annotations

import os
from pathlib import Path

from auditor.read import exchange_letters, plain_text
from auditor.read.formats import SUFFIXES
from auditor.read.hidden_files import is_hidden, is_hidden_table
from auditor.read.instructions import Instructions

# What this program writes: documents, reports that have a document of the same name beside them, and what lies beside many reports.
_DOCUMENT, _REPORTS = ".json", (".pdf", ".html")
_BESIDE_MANY, _LIST_OF_MANY = ("SHA256SUMS", "book.pdf"), "manifest.json"
_DOCUMENT_BEGINS, _LOOKED_AT = b'"format": "audit-', 200
# What explains the filings, or says how to read them.
_EXPLAINS = (".md", ".yaml", ".yml")


def may_be_table(path: Path, instructions: Instructions) -> bool:
    """Whether a file of a folder is read as a table: by its ending, and of other texts by what they begin with."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES or (suffix in exchange_letters.SUFFIXES and exchange_letters.is_exchange_file(path)):
        return True
    return suffix in plain_text.SUFFIXES and plain_text.is_table_file(path, instructions)


def others_in(folder: Path, instructions: Instructions) -> list[str]:
    """The files of a folder, by their paths in it, that no table is looked for in; folders and links that cannot be followed; all but
    our own reports, what explains the filings, and of hidden ones those that are named like no table."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        if is_hidden(path.relative_to(folder).parts):
            if path.is_file() and is_hidden_table(path.relative_to(folder).parts, SUFFIXES):
                found.append(_name_within(path, folder))
            continue
        if path.is_file():
            looked_at = may_be_table(path, instructions) or path.suffix.lower() in _EXPLAINS or _is_ours(path)
        else:
            looked_at = path.is_dir() and not path.is_symlink() and os.access(path, os.R_OK | os.X_OK)
        if not looked_at:
            found.append(_name_within(path, folder))
    return found


def _name_within(path: Path, folder: Path) -> str:
    return os.fsencode(path.relative_to(folder)).decode("utf-8", errors="replace")


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
