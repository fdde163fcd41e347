"""The XML inside an XLSX workbook, of which calamine gives values only: where a sheet's part is, and its tags one by one."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Sequence
from string import ascii_letters
from xml.parsers import expat

_RELATIONS = "xl/_rels/workbook.xml.rels"
WORKBOOK = "xl/workbook.xml"
_ROW_BEGINS, _ROW_ENDS = b"<row", b"</row>"
_MOST_ROWS = 1_048_576  # of a sheet; a file that was made to be slow may say that there are more
NOWHERE = 1 << 20  # beyond the last column that a sheet can have
# Some programs leave bytes behind the last tag, when all has been told.
_BEHIND = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_NUMBERED = re.compile(rb"""<row\b[^<>]*\br=["'][0-9]""")


def content_of(archive: zipfile.ZipFile, part: str) -> bytes:
    """The bytes of a part by its name, in which neither capitals matter nor the way in which slashes lean: some programs write
    `xl\\Styles.xml`. Raises KeyError where there is none."""
    name = _name_of(archive, part)
    if name is None:
        raise KeyError(part)
    return archive.read(name)


def has_part(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether there is a part of this name."""
    return _name_of(archive, part) is not None


def _name_of(archive: zipfile.ZipFile, part: str) -> str | None:
    wanted = part.lower()
    return next((name for name in archive.namelist() if name.replace("\\", "/").lower() == wanted), None)


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
    """Read XML, telling of each tag without its prefix. Raises ExpatError for what is no XML, or not whole."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content.rstrip(b"\0"), True)  # noqa: FBT003 - the whole text at once, as expat calls it
    except expat.ExpatError as error:
        if error.code != _BEHIND:
            raise


def rows_with(content: bytes, words: Sequence[bytes]) -> bytes | None:
    """The XML of a sheet with those of its rows alone that have one of the words in them, and with what stands around the rows. None where
    the rows cannot be told apart so, or one that is left does not say which it is."""
    if content.count(_ROW_ENDS) > _MOST_ROWS or b"<!" in content:  # in a comment anything may stand
        return None
    *rows, below = content.split(_ROW_ENDS)
    if not rows:
        return None
    kept: list[bytes] = []
    for row in rows:
        at = row.rfind(_ROW_BEGINS)
        if at < 0:
            return None
        if any(word in row for word in words):
            if _NUMBERED.match(row, at) is None:
                return None
            kept.append(row[at:] + _ROW_ENDS)
    return b"".join((rows[0][: rows[0].find(_ROW_BEGINS)], *kept, below))


def row_of(reference: str) -> int:
    """The row, from 0, of a cell such as "AB12"."""
    return int(reference.lstrip(ascii_letters)) - 1


def column_of(reference: str) -> int:
    """The column, from 0, of a cell such as "AB12"."""
    column = 0
    for letter in reference.rstrip("0123456789").upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
