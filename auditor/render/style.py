"""What a commission brings to its reports: a stylesheet, an emblem and its name, each of which may be absent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from auditor.errors import BadUsage, BadYaml, CannotRead
from auditor.languages import LANGUAGES
from auditor.render import emblem, stylesheet
from auditor.render.emblem import Emblem
from auditor.resources import folder
from auditor.wording import refusal, system_error
from auditor.yaml_files.source import read_bytes

CSS, NAME = "commission.css", "commission.yaml"
MOST_LINES, LONGEST_LINE = 4, 160
_MOST_FAULTS = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """A stylesheet of a commission with the name of its file, by which mistakes in it are told."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Style:
    """Stylesheets in the order in which they are loaded after report.css, the emblem, and the name in the language of the report, a
    text for each line."""

    sheets: Sequence[Sheet]
    emblem: Emblem | None = None
    name: Sequence[str] = ()
    emblem_file: str = ""

    @property
    def sha256(self) -> str:
        """Of all that a report takes from it; the names of the files do not count."""
        picture = (self.emblem.kind.encode(), self.emblem.content) if self.emblem else ()
        parts = [*(sheet.text.encode() for sheet in self.sheets), b"", *picture, b"", *(line.encode() for line in self.name)]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@cache
def shipped(lang: str) -> Style:
    """The style of `reports/style`, which a commission may also change in place."""
    return load(None, lang)


def load(given: Path | None, lang: str) -> Style:
    """The style of a folder, over the shipped one; None is the shipped one alone.

    Raises BadUsage where there is no such folder, and CannotRead, in lines that name the file, for whatever in it cannot be used.
    """
    home = folder("reports") / "style"
    if given is not None and not given.is_dir():
        raise BadUsage(refusal("usage.no_style", path=given))
    own = given if given is not None and given.resolve() != home.resolve() else home
    picture = _emblem(own)
    sheets = [Sheet(str(home / CSS), _read(home / CSS))]
    if own is not home and (own / CSS).exists():
        sheets.append(Sheet(str(own / CSS), _read(own / CSS)))
    elif own is not home and picture is None and not (own / NAME).exists():
        raise BadUsage(refusal("usage.style_empty", path=given, css=CSS, name=NAME))
    _must_be_whole(sheets[0], _read(home / "report.css"))
    for sheet in sheets:
        _must_be_good(sheet, sheets[0], emblem=picture is not None)
    return Style(tuple(sheets), picture, _name(own / NAME, lang), str(own / f"emblem.{picture.kind}") if picture else "")


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CannotRead(refusal("usage.system", where=path, error=system_error(error))) from error
    if len(data) > stylesheet.MOST_BYTES:
        raise CannotRead(refusal("usage.style_large", path=path, size=f"{len(data):,}", most=f"{stylesheet.MOST_BYTES:,}"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CannotRead(refusal("usage.not_utf8", path=path, byte=error.start)) from error


def _must_be_whole(shipped_one: Sheet, report: str) -> None:
    """A default that was deleted from the shipped file would leave its texts without colour or size."""
    if lacking := sorted(stylesheet.used(report) - stylesheet.properties(shipped_one.text).keys()):
        raise CannotRead(refusal("usage.style_unset", path=shipped_one.file, names=", ".join(lacking)))


def _must_be_good(sheet: Sheet, shipped_one: Sheet, *, emblem: bool) -> None:
    known = stylesheet.properties(shipped_one.text)
    if found := stylesheet.faults(sheet.text, known, emblem=emblem):
        lines = [refusal("style.at", file=sheet.file, line=line, said=said) for line, said in found[:_MOST_FAULTS]]
        if len(found) > _MOST_FAULTS:
            lines.append(refusal("usage.and_more", path=sheet.file, n=len(found) - _MOST_FAULTS))
        raise CannotRead(*lines)


def _emblem(own: Path) -> Emblem | None:
    found = sorted(path for path in own.iterdir() if path.stem.lower() == "emblem" and not path.name.startswith("."))
    if not found:
        return None
    if len(found) > 1:
        raise CannotRead(refusal("usage.emblem_twice", path=own, names=", ".join(path.name for path in found)))
    (path,) = found
    kind = path.suffix.removeprefix(".")
    if path.stem != "emblem" or kind not in emblem.MEDIA:
        raise CannotRead(refusal("usage.emblem_name", path=path))
    try:
        return emblem.checked(str(path), kind, path.read_bytes())
    except OSError as error:
        raise CannotRead(refusal("usage.system", where=path, error=system_error(error))) from error


def _name(path: Path, lang: str) -> tuple[str, ...]:
    """The lines of the commission's name in one language; none where the folder says no name."""
    if not path.exists():
        return ()
    try:
        told = read_bytes(_read(path).encode(), str(path)).tree
    except BadYaml as error:
        raise CannotRead(*error.mistakes) from error
    names = {key: said for key, said in told.items() if key in LANGUAGES and isinstance(said, str)}
    if len(names) < len(told):
        raise CannotRead(refusal("usage.name_form", path=path))
    if lang not in names:
        raise CannotRead(refusal("usage.name_missing", path=path, lang=lang))
    lines = tuple(line.strip() for line in names[lang].splitlines() if line.strip())
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise CannotRead(refusal("usage.name_long", path=path, lang=lang, lines=MOST_LINES, letters=LONGEST_LINE))
    return lines
