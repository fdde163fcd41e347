"""What a report depends on, as one hash: where it is the same, the same report would be written again."""

from __future__ import annotations

import ctypes
import hashlib
import json
import platform
from collections.abc import Set
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from auditor.model.audit import Audit
from auditor.render.style import Style
from auditor.resources import folder

_LIBRARIES = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "pyphen", "fonttools", "jinja2", "markupsafe", "pikepdf")
_TEXT = (("libpango-1.0.so.0", "pango_version_string"), ("libharfbuzz.so.0", "hb_version_string"))


def fingerprint(audit: Audit, style: Style, kind: str = "findings") -> str:
    """SHA-256 of everything that a report is made from: its part of the audit (with language, day, rulebook and overrides), the
    commission's style, the program with its templates, wordings and fonts, and the libraries that draw it."""
    told = json.dumps(audit, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(f"{program_digest()}\n{style.sha256}\n{kind}\n{told}".encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    # Field by field as it is written: `asdict` copies the whole first, which takes three times as long.
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    # The order of a set is another one in every process.
    return sorted(map(str, value)) if isinstance(value, Set) else str(value)


@cache
def program_digest() -> str:
    """SHA-256 of the program's own files, with all that its pages are made of, and the versions of what it draws with."""
    of_pages = _files(folder("reports"), None)
    return hashlib.sha256("\n".join((platform.python_version(), *_versions(), code_digest(), of_pages)).encode()).hexdigest()


@cache
def code_digest() -> str:
    """SHA-256 of what the answers come from: the program's code and its sentences."""
    texts = _files(folder("reports") / "wording", ".mo")
    return hashlib.sha256(f"{_files(Path(__file__).parent.parent, '.py')}\n{texts}".encode()).hexdigest()


def _files(root: Path, suffix: str | None) -> str:
    seen = hashlib.sha256()
    for file in sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix()):
        if file.is_file() and suffix in (None, file.suffix):
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            seen.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return seen.hexdigest()


def _versions() -> list[str]:
    said = []
    for name in _LIBRARIES:
        try:
            said.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            said.append(name)
    for library, function in _TEXT:
        try:
            ask = getattr(ctypes.CDLL(library), function)
        except (OSError, AttributeError):
            said.append(library)
            continue
        ask.restype = ctypes.c_char_p
        said.append(f"{library} {ask().decode()}")
    return said
