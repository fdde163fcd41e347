"""What calamine leaves empty: the cells of an XLSX sheet whose formula gave an error (#N/A, #REF!). They are read as they are shown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from xml.parsers import expat

import polars as pl

from auditor.read.archive import BROKEN

_MARK = re.compile(rb"""\bt=["']e["']""")
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def with_errors(cells: pl.DataFrame, data: bytes, sheet: str) -> pl.DataFrame:
    """The cells of a sheet as calamine gave them, its first row being the sheet's first row, with the errors in their places."""
    found = _errors(data, sheet)
    by_column: dict[int, list[tuple[int, str]]] = {}
    for row, column, text in found.errors:
        by_column.setdefault(column - found.first_column, []).append((row, text))
    for position, errors in by_column.items():
        if position < cells.width:
            values = cells.to_series(position).to_list()
            for row, text in errors:
                if row < len(values) and values[row] is None:
                    values[row] = text
            cells = cells.with_columns(pl.Series(cells.columns[position], values, dtype=pl.String))
    return cells


@dataclass
class _Sheet:
    """What a pass over a sheet's XML finds: row, column (from 0) and text of the cells with an error, and the first column in which any
    cell has a value, for there calamine's cells begin. A cell need not say where it is; it then follows the one before."""

    errors: list[tuple[int, int, str]] = field(default_factory=list)
    first_column: int = 1 << 20
    row: int = -1
    column: int = -1
    is_error: bool = False
    value: str | None = None

    def read(self, content: bytes) -> _Sheet:
        """Look through the XML of one sheet."""
        _parse(content, self._start, self._end, self._text)
        return self

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif tag == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.is_error = attributes.get("t") == "e"
        elif tag in ("v", "t"):
            self.value = ""

    def _text(self, some: str) -> None:
        if self.value is not None:
            self.value += some

    def _end(self, tag: str) -> None:
        if tag in ("v", "t") and self.value:
            self.first_column = min(self.first_column, self.column)
            if self.is_error:
                self.errors.append((self.row, self.column, self.value))
        if tag in ("v", "t"):
            self.value = None


def _errors(data: bytes, sheet: str) -> _Sheet:
    """The errors of one sheet; none of what is no XLSX, or one that only calamine can read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = _part_of(archive, sheet)
            content = archive.read(part) if part is not None else b""
        return _Sheet().read(content) if _MARK.search(content) else _Sheet()
    except (*BROKEN, KeyError, ValueError, expat.ExpatError):
        return _Sheet()


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file in the workbook that holds a sheet."""
    named = [attributes for tag, attributes in _tags(archive.read(_WORKBOOK)) if tag == "sheet" and attributes.get("name") == sheet]
    relation = next((value for attributes in named for name, value in attributes.items() if name.endswith(":id")), None)
    for tag, attributes in _tags(archive.read(_RELATIONS)):
        if tag == "Relationship" and relation is not None and attributes.get("Id") == relation:
            target = attributes["Target"]
            return target.removeprefix("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
    return None


def _tags(content: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    _parse(content, lambda tag, attributes: found.append((tag, attributes)))
    return found


def _parse(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], object] = str,
    text: Callable[[str], object] = str,
) -> None:
    """Read XML, telling of each tag without its prefix."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = text
    parser.Parse(content, True)  # noqa: FBT003 - the whole text at once, as expat calls it


def _column(reference: str) -> int:
    """The column, from 0, of a cell such as "AB12"."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
