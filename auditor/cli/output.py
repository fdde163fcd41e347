"""Formats, and writing them to files that are either whole or not there."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.errors import BadUsage
from auditor.masking import harmless
from auditor.wording import Words, refusal

if TYPE_CHECKING:
    from auditor.model.audit import Audit
    from auditor.render.style import Style

FORMATS = ("text", "json", "csv", "xlsx", "pdf", "html")
_LONGEST_NAME = 60
DRAWN = frozenset(("pdf", "html"))  # with charts of each fund


def style_of(given: Path | None, lang: str | None, *, drawn: bool) -> Style:
    """The commission's style in a folder, or the shipped one. Raises AuditError, before anything is audited, where it cannot be used.

    `drawn` in a PDF, WeasyPrint has to understand all of it; for a browser a folder's style is held against it too where it is there.
    """
    from auditor.cli.language import language
    from auditor.render.style import load

    style = load(given, language(lang))
    if drawn or given is not None:
        from auditor.render.pdf import missing, require_drawable

        if drawn or not missing():
            require_drawable(style)
    return style


def rendered(
    audit: Audit,
    words: Words,
    form: str,
    *,
    width: int = 100,
    color: bool = False,
    following: str = "",
    kind: str = "findings",
    style: Style | None = None,
) -> str | bytes:
    """The audit in one format; `kind` and `style` for those that are drawn."""
    if form == "json":
        from auditor.render.data import as_json

        return as_json(audit)
    if form == "csv":
        from auditor.render.data import as_csv

        return as_csv(audit)
    if form == "xlsx":
        from auditor.render.workbook import as_xlsx

        return as_xlsx(audit, words)
    if form == "pdf":
        from auditor.render.pdf import write

        return write(audit, words, kind, style)
    if form == "html":
        from auditor.render.screen_page import as_html

        return as_html(audit, words, kind, style)
    from auditor.render.text import screen

    return screen(audit, words, width=width, color=color, following=following)


def targets(given: tuple[str, ...], rejected: Path | None = None) -> list[tuple[str, Path]]:
    """`FORMAT=FILE` pairs; `rejected` is written besides. Raises BadUsage before anything is audited."""
    pairs = []
    for one in given:
        form, sign, name = one.partition("=")
        if not sign or form not in FORMATS or not name:
            raise BadUsage(refusal("usage.output_form", pair=one, formats=", ".join(FORMATS)))
        pairs.append((form, writable(Path(name))))
    named = [path for _, path in pairs] + ([writable(rejected)] if rejected is not None else [])
    if twice := next((path for n, path in enumerate(named) if any(path.resolve() == other.resolve() for other in named[:n])), None):
        raise BadUsage(refusal("usage.output_twice", path=twice))
    return pairs


def writable(path: Path) -> Path:
    """A file that can be written. Raises BadUsage where its folder does not exist or it is a folder itself."""
    if path.is_dir():
        raise BadUsage(refusal("usage.is_folder", path=path))
    if not path.parent.is_dir():
        raise BadUsage(refusal("usage.no_folder", path=path, folder=path.parent))
    return path


def not_over_inputs(written: Sequence[Path], given: Sequence[str], audit: Audit) -> None:
    """Raise BadUsage, before anything is written, where a file would be written over one that was read: given, in a folder or beside."""
    folders = [Path(), *(Path(path) for path in given if Path(path).is_dir())]
    read = [*map(Path, given), *(folder / one.file for one in audit.inputs for folder in folders)]
    for path in written:
        if path.is_file() and any(one.is_file() and path.samefile(one) for one in read):
            raise BadUsage(refusal("usage.input_lost", path=path))


def not_over_given(path: Path, given: Sequence[str]) -> None:
    """The same before anything is read: for a file that was given, or a table in a given folder or beside a given file."""
    from auditor.tables import TABLES

    if not path.is_file():
        return
    folders = [Path(one) if Path(one).is_dir() else Path(one).parent for one in given]
    is_table = path.stem.lower() in TABLES and any(path.parent.samefile(folder) for folder in folders if folder.is_dir())
    if is_table or any(Path(one).is_file() and path.samefile(one) for one in given):
        raise BadUsage(refusal("usage.input_lost", path=path))


def write(path: Path, content: str | bytes) -> None:
    """Write a file in one step: a reader sees the old one or the whole new one."""
    write_all([(path, content)])


def echo(shown: str | bytes, *, color: bool = False) -> None:
    """Print an answer. On a terminal nothing in it commands the terminal, whatever the format; elsewhere it is written as it is."""
    if isinstance(shown, str) and sys.stdout.isatty() and not color:
        shown = "".join(harmless(line.rstrip("\r\n")) + "\n" for line in shown.splitlines(keepends=True))
    click.echo(shown, nl=False, color=color or not sys.stdout.isatty())  # click takes out of a text what would colour a terminal


def write_all(files: Sequence[tuple[Path, str | bytes]]) -> None:
    """Write several files: all of them, or none where one cannot be. A link is followed; what goes to a device or a
    pipe has to be taken before any file is put in its place."""
    whole: list[tuple[Path, Path]] = []
    streams: list[tuple[Path, bytes]] = []
    try:
        for path, content in files:
            data = content.encode("utf-8") if isinstance(content, str) else content
            try:
                target = path.resolve()
                if path.exists() and not path.is_file():
                    streams.append((path, data))
                    continue
                handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:_LONGEST_NAME]}.")
                whole.append((Path(name), target))
                with os.fdopen(handle, "wb") as out:
                    out.write(data)
                Path(name).chmod(0o666 & ~_umask())
            except OSError as error:  # it may name a file that nobody asked for
                raise OSError(error.errno, error.strerror, str(path)) from error
        for path, data in streams:
            _stream(path, data)
        for made, target in whole:
            made.replace(target)
    finally:
        for made, _ in whole:
            made.unlink(missing_ok=True)


def _stream(path: Path, data: bytes) -> None:
    try:
        with path.open("wb") as stream:
            stream.write(data)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
