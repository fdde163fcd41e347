"""The XML inside an XLSX workbook, of which calamine gives values only: where a sheet's part is, and its tags one by one."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from xml.parsers import expat

_RELATIONS = "xl/_rels/workbook.xml.rels"
WORKBOOK = "xl/workbook.xml"


def content_of(archive: zipfile.ZipFile, part: str) -> bytes:
    """The bytes of a part by its name, in which neither capitals matter nor the way in which slashes lean: some programs write
    `xl\\Styles.xml`. Raises KeyError where there is none."""
    wanted = part.lower()
    for name in archive.namelist():
        if name.replace("\\", "/").lower() == wanted:
            return archive.read(name)
    raise KeyError(part)


def part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of the part of the workbook that holds a sheet."""
    named = [attributes for tag, attributes in tags(content_of(archive, WORKBOOK)) if tag == "sheet" and attributes.get("name") == sheet]
    relation = next((value for attributes in named for name, value in attributes.items() if name.endswith(":id")), None)
    for tag, attributes in tags(content_of(archive, _RELATIONS)):
        if tag == "Relationship" and relation is not None and attributes.get("Id") == relation:
            target = attributes["Target"]
            return posixpath.normpath(posixpath.join("/xl", target)).removeprefix("/")
    return None


def tags(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every tag with its attributes, in order. Raises ExpatError for what is no XML."""
    found: list[tuple[str, dict[str, str]]] = []
    parse(content, lambda tag, attributes: found.append((tag, attributes)))
    return found


def parse(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], object] = str,
    text: Callable[[str], object] = str,
) -> None:
    """Read XML, telling of each tag without its prefix. Raises ExpatError for what is no XML."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = text
    parser.Parse(content, True)  # noqa: FBT003 - the whole text at once, as expat calls it


def column_of(reference: str) -> int:
    """The column, from 0, of a cell such as "AB12"."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
