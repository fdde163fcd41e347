"""What calamine leaves empty: the cells of an XLSX sheet whose formula gave an error (#N/A, #REF!). They are read as they are shown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

import polars as pl

from auditor.read.archive import BROKEN

_MARK = re.compile(rb"""\bt=["']e["']""")
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def with_errors(cells: pl.DataFrame, data: bytes, sheet: str) -> pl.DataFrame:
    """The cells of a sheet as calamine gave them, its first row being the sheet's first row, with the errors in their places."""
    found = _errors(data, sheet)
    if not found:
        return cells
    first = min(column for _, column, _ in found)
    errors = [(row, column, text) for row, column, text in found if text is not None]
    for position in {column - first for _, column, _ in errors}:
        if position >= cells.width:
            continue
        values = cells.to_series(position).to_list()
        for row, column, text in errors:
            if column - first == position and row < len(values) and values[row] is None:
                values[row] = text
        cells = cells.with_columns(pl.Series(cells.columns[position], values, dtype=pl.String))
    return cells


def _errors(data: bytes, sheet: str) -> list[tuple[int, int, str | None]]:
    """Row and column (from 0) of the filled cells of a sheet that has errors, with the text of those; nothing of any other sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = _part_of(archive, sheet)
            content = archive.read(part) if part is not None else b""
        return list(_cells(content)) if _MARK.search(content) else []
    except (*BROKEN, KeyError, expat.ExpatError):
        return []  # no XLSX, or one that calamine reads otherwise


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file in the workbook that holds a sheet."""
    relation = next((a.get("r:id") for tag, a in _tags(archive.read(_WORKBOOK)) if tag == "sheet" and a.get("name") == sheet), None)
    targets = (a["Target"] for tag, a in _tags(archive.read(_RELATIONS)) if tag == "Relationship" and a.get("Id") == relation)
    target = next(targets, None) if relation is not None else None
    if target is None:
        return None
    return target.removeprefix("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _tags(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(content, True)  # noqa: FBT003 - the whole text at once, as expat calls it
    return iter(found)


def _cells(content: bytes) -> Iterator[tuple[int, int, str | None]]:
    """Row, column and, where it is an error, text of each cell that has a value."""
    found: list[tuple[int, int, str | None]] = []
    now: dict[str, Any] = {"cell": None, "error": False, "value": None}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            now.update(cell=attributes.get("r"), error=attributes.get("t") == "e", value=None)
        elif tag in ("v", "t") and now["cell"] is not None:
            now["value"] = ""

    def text(some: str) -> None:
        if now["value"] is not None and now["error"]:
            now["value"] += some

    def end(tag: str) -> None:
        if tag == "c" and now["cell"] is not None and now["value"] is not None:
            column, row = _place(now["cell"])
            found.append((row, column, now["value"] if now["error"] else None))
        if tag == "c":
            now.update(cell=None, value=None)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, text, end
    parser.Parse(content, True)  # noqa: FBT003 - the whole text at once, as expat calls it
    return iter(found)


def _place(reference: str) -> tuple[int, int]:
    """Column and row, from 0, of a cell such as "AB12"."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, int(reference[len(letters) :]) - 1
