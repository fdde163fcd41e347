"""An emblem: a PNG or an SVG that is a drawing and nothing else."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from auditor.errors import CannotRead
from auditor.wording import Refusal, refusal

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
    "text": "style.svg_text",
    "image": "style.svg_image",
    "script": "style.svg_script",
    "foreignObject": "style.svg_page",
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
            self._refuse(refusal("style.svg_outside", what="<style>"))

    def _refuse(self, said: Refusal) -> None:
        raise CannotRead(refusal("style.at", file=self._name, line=self._parser.CurrentLineNumber, said=said))

    def _doctype(self, *_declared: Any) -> None:
        self._refuse(refusal("style.svg_doctype"))

    def _instruction(self, target: str, _data: str) -> None:
        self._refuse(refusal("style.svg_outside", what=f"<?{target[:40]}?>"))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self._count += 1
        if self._count == 1:
            self._root(space, local, attributes)
        if self._count > MOST_ELEMENTS:
            self._refuse(refusal("style.svg_many", most=f"{MOST_ELEMENTS:,}"))
        if space == _XHTML or (space in (_SVG, "") and local not in _SHAPES):
            why = refusal(_WHY_NOT.get(local, "style.svg_shapes"))
            self._refuse(refusal("style.svg_element", element=f"<{local[:40]}>", why=why))
        if local == "use" and any(each in ("symbol", "pattern", "mask", "clipPath", "defs", "g") for each in self._open[1:]):
            self._refuse(refusal("style.svg_use"))
        self._open.append(local if space == _SVG else "")
        for key, value in attributes.items():
            self._attribute(key, value)

    def _root(self, space: str, local: str, attributes: dict[str, str]) -> None:
        if (space, local) != (_SVG, "svg"):
            self._refuse(refusal("style.svg_none"))
        if "viewBox" not in attributes and not {"width", "height"} <= attributes.keys():
            self._refuse(refusal("style.svg_size"))

    def _attribute(self, key: str, value: str) -> None:
        space, _, local = key.rpartition(" ")
        if space in ("", _SVG) and local.lower().startswith("on"):
            self._refuse(refusal("style.svg_program", what=f"{local[:40]}="))
        if (space in ("", _XLINK) and local == "href") and not value.strip().startswith("#"):
            self._refuse(refusal("style.svg_outside", what=f"{local}={value[:60]!r}"))
        if _ADDRESS.search(value) or (local == "style" and ("\\" in value or "@" in value)):
            self._refuse(refusal("style.svg_outside", what=f"{local[:40]}={value[:60]!r}"))

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, said: str) -> None:
        if self._open and self._open[-1] == "style":
            self._styles.append(said)
