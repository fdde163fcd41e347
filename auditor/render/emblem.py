"""An emblem: a PNG or an SVG that is a drawing and nothing else."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from auditor.errors import CannotRead
from auditor.wording import refusal

MOST_BYTES = {"svg": 500_000, "png": 1_000_000}
MOST_PIXELS = 4_000
"""Of a PNG, each way."""
MOST_ELEMENTS = 5_000
MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
_SVG, _XLINK, _XHTML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"
_SHAPES = frozenset({
    "svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "style", "path", "rect", "circle", "ellipse", "line", "polyline",
    "polygon", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern",
})  # fmt: skip
_ADDRESS = re.compile(r"url\s*\(\s*['\"]?\s*(?!#|['\"\s])", re.IGNORECASE)
_WHY_NOT = {
    "text": "draw its letters as paths, for a report has no fonts but its own",
    "image": "a drawing of lines and shapes needs no picture in it",
    "script": "an emblem is a drawing, not a program",
    "foreignObject": "an emblem is a drawing, not a page",
}


@dataclass(frozen=True, slots=True)
class Emblem:
    """A checked picture; `kind` is svg or png."""

    kind: str
    content: bytes


def checked(name: str, kind: str, content: bytes) -> Emblem:
    """The emblem of a file. Raises CannotRead, naming the file, where it is too large, damaged or more than a drawing."""
    if len(content) > MOST_BYTES[kind]:
        raise CannotRead(
            refusal("usage.emblem_large", path=name, size=f"{len(content):,}", most=f"{MOST_BYTES[kind]:,}", kind=kind.upper())
        )
    if kind == "png":
        _must_be_png(name, content)
    else:
        _Drawing(name).look(content)
    return Emblem(kind, content)


def _must_be_png(name: str, content: bytes) -> None:
    if len(content) < 33 or not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR":
        raise CannotRead(refusal("usage.emblem_png", path=name))
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise CannotRead(refusal("usage.emblem_pixels", path=name, width=f"{width:,}", height=f"{height:,}", most=f"{MOST_PIXELS:,}"))
    if not _is_whole(content):
        raise CannotRead(refusal("usage.emblem_cut", path=name))


def _is_whole(content: bytes) -> bool:
    """Whether each chunk of a PNG has its check sum, up to the last one, and its points can be unpacked; else a reader of the PDF
    would show nothing, or half of it, and not say why."""
    at, packed = 8, b""
    while at + 12 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        end = at + 8 + length
        if content[end : end + 4] != struct.pack(">I", zlib.crc32(content[at + 4 : end])):
            return False
        if content[at + 4 : at + 8] == b"IDAT":
            packed += content[at + 8 : end]
        if content[at + 4 : at + 8] == b"IEND":
            return _unpacks(packed)
        at = end + 4
    return False


def _unpacks(packed: bytes) -> bool:
    opened = zlib.decompressobj()
    try:
        opened.decompress(packed, MOST_PIXELS * (8 * MOST_PIXELS + 1))
    except zlib.error:
        return False
    return opened.eof


class _Drawing:
    """One look through an SVG. No entity is ever declared, so none can grow or fetch."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._open: list[str] = []
        self._count = 0
        self._styles: list[str] = []

    def look(self, content: bytes) -> None:
        try:
            self._parser.Parse(content, True)  # noqa: FBT003 - that is how expat is told that it is all
        except expat.ExpatError as error:
            raise CannotRead(refusal("usage.emblem_svg", path=self._name, error=error)) from error
        styles = "".join(self._styles)
        if "@" in styles or "\\" in styles or _ADDRESS.search(styles):
            self._refuse("its style asks for something outside the file")

    def _refuse(self, why: str) -> None:
        raise CannotRead(f"{self._name}, line {self._parser.CurrentLineNumber}: {why}.")

    def _doctype(self, *_declared: Any) -> None:
        self._refuse("a document type (<!DOCTYPE>) can bring in other files; save the emblem as plain SVG")

    def _instruction(self, target: str, _data: str) -> None:
        self._refuse(f"<?{target[:40]}?> asks for something outside the file")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._count += 1
        if self._count == 1:
            self._root(space, local, attributes)
        if self._count > MOST_ELEMENTS:
            self._refuse(f"it has more than {MOST_ELEMENTS:,} elements")
        if space == _XHTML or (space in (_SVG, "") and local not in _SHAPES):
            self._refuse(f"<{local[:40]}> cannot stand in an emblem: {_WHY_NOT.get(local, 'only shapes, gradients and titles can')}")
        if local == "use" and any(each in ("symbol", "pattern", "mask", "clipPath", "defs", "g") for each in self._open[1:]):
            self._refuse("<use> within what can be used again grows without end; draw the shape itself")
        self._open.append(local if space == _SVG else "")
        for key, value in attributes.items():
            self._attribute(key, value)

    def _root(self, space: str, local: str, attributes: dict[str, str]) -> None:
        if (space, local) != (_SVG, "svg"):
            self._refuse("this is XML, but not an SVG drawing")
        if "viewBox" not in attributes and not {"width", "height"} <= attributes.keys():
            self._refuse("<svg> says neither its viewBox nor its width and height, so nobody knows its proportions")

    def _attribute(self, key: str, value: str) -> None:
        space, _, local = key.rpartition(" ")
        if space in ("", _SVG) and local.lower().startswith("on"):
            self._refuse(f"{local[:40]}= runs a program; an emblem is a drawing")
        if (space in ("", _XLINK) and local == "href") and not value.strip().startswith("#"):
            self._refuse(f"{local}={value[:60]!r} asks for something outside the file")
        if _ADDRESS.search(value) or (local == "style" and ("\\" in value or "@" in value)):
            self._refuse(f"{local[:40]}={value[:60]!r} asks for something outside the file")

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, said: str) -> None:
        if self._open and self._open[-1] == "style":
            self._styles.append(said)
