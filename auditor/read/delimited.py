"""CSV and TSV → text cells with row numbers. A large clean file is streamed by Polars; anything odd is parsed exactly."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from auditor.errors import CannotRead
from auditor.model.input import Assumed, ReadAs, how_known
from auditor.read.cells import heading_of, lines_of, records
from auditor.read.heading_row import Heading
from auditor.read.headings import Matched
from auditor.read.instructions import NO_HEADING, Instructions
from auditor.read.letters import code_page, decoded, encoding_of, is_utf8, tells_utf8
from auditor.read.misplaced import is_like_a_record, notes_of, of_others, swallowed_by, unnamed, without_swallowed
from auditor.read.streaming import NeedsExactParser, streamed
from auditor.read.text_table import ABOVE_HEADING, BLANK, BROKEN_QUOTES, LEFT_BY, RAGGED, ROW, WHITE, AsFiled, TextTable
from auditor.read.uniform_lines import Regular
from auditor.read.units import NOTES_BELOW, must_be_tenge, must_say_tenge, notes_below, unit_columns
from auditor.wording import Say, told_system_error

# Below this size the exact parser is as quick as starting the streaming one.
STREAM_FROM_BYTES = 4_000_000
_CHUNK = 1 << 18
# What other files begin with, whatever their name ends in.
_NO_TEXTS = {
    b"%PDF-": "PDF",
    b"PK\x03\x04": "ZIP, XLSX, DOCX, ODS",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "XLS, DOC",
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7Z",
    b"\x1f\x8b": "GZIP",
    b"PAR1": "Parquet",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"SQLite format 3\0": "SQLite",
}
# The exact parser holds every cell: 13 bytes of memory for each byte of the file.
_MOST_TAKEN_APART = 500_000_000


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over the bytes: what they are by SHA-256, what would mislead a quick parser, and whether all lines of a large file are
    alike."""

    sha256: str
    size: int
    head: bytes
    _: KW_ONLY
    has_nul: bool
    has_quote: bool
    has_bare_cr: bool
    has_long_line: bool
    regular: Regular | None


def scan(source: BinaryIO, *, large: bool = False) -> Scan:
    """Read all bytes once, some whole lines at a time."""
    digest = hashlib.sha256()
    size, head = 0, b""
    nul = quote = bare_cr = long_line = False
    regular: Regular | None = None
    while chunk := source.read(_CHUNK):
        # A large file is looked at by lines; one without line ends is none of those that are streamed.
        chunk += source.readline(_CHUNK)
        digest.update(chunk)
        if not head:
            head = chunk[:65536]
            regular = Regular(chunk[: chunk.find(b"\n") + 1]) if large else None
        size += len(chunk)
        long_line = long_line or b"\n" not in chunk
        nul = nul or b"\0" in chunk
        quote = quote or b'"' in chunk
        bare_cr = bare_cr or (b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n"))
        if regular is not None:
            regular.feed(chunk)
    return Scan(digest.hexdigest(), size, head, has_nul=nul, has_quote=quote, has_bare_cr=bare_cr, has_long_line=long_line, regular=regular)


def read(path: Path, name: str, instructions: Instructions, table: str | None = None, data: bytes | None = None) -> TextTable | None:
    """One file as the table that it holds (or as `table`). None where its heading is of no table of ours.

    Raises CannotRead, in one line that names the file, for everything that cannot be read at all.
    """
    say = instructions.say
    seen = scan(io.BytesIO(data)) if data is not None else _scan_path(path, name, say)
    _refuse_no_text(seen, name, say)
    to_stream = data is None and seen.size >= STREAM_FROM_BYTES and instructions.stated.heading_row in (None, 1)
    # A large file is taken in a piece at a time, or not at all: to guess its letters would be to hold all of it, several times.
    if not (to_stream and is_utf8(path, seen.head[: seen.head.rfind(b"\n") + 1])):
        _refuse_too_large(seen, name, say)
    letters, instructions = _letters(seen, path, data, name, instructions, streamed=to_stream)
    if seen.has_nul and not letters.value.startswith("utf-16"):
        raise CannotRead(say("read.nul", where=name))
    if to_stream and letters.value == "utf-8" and not seen.has_bare_cr and not seen.has_long_line:
        try:
            return streamed(path, name, instructions, table, seen.head, seen.sha256, seen.regular, quoted=seen.has_quote)
        except NeedsExactParser:
            pass
        except pl.exceptions.ComputeError:  # letters that are broken after the first ones
            _refuse_too_large(seen, name, say)
            if letters.how != "stated" and not is_utf8(path, None):
                encoding, sure = code_page(path, None, name, say)
                letters = Assumed("encoding", encoding, how_known(stated=False, sure=sure))
    _refuse_too_large(seen, name, say)

    def text() -> str:
        return decoded(data if data is not None else path.read_bytes(), letters.value, name, say)

    return _exact(text, name, instructions, table, seen.sha256, letters)


def _refuse_no_text(seen: Scan, name: str, say: Say) -> None:
    """Raise CannotRead for an empty file, and for what is a document of another program, whatever its name ends in."""
    if seen.size == 0:
        raise CannotRead(say("read.empty", where=name))
    kind = next((kind for begins, kind in _NO_TEXTS.items() if seen.head.startswith(begins)), None)
    if kind is not None and (kind == "PDF" or seen.has_nul):
        raise CannotRead(say("read.no_text", where=name, kind=kind))


def _refuse_too_large(seen: Scan, name: str, say: Say) -> None:
    """Raise CannotRead for a file that the exact parser could not hold."""
    if seen.size > _MOST_TAKEN_APART:
        raise CannotRead(say("read.too_large_to_take_apart", where=name, size=f"{seen.size:,}", most=f"{_MOST_TAKEN_APART:,}"))


def _letters(
    seen: Scan, path: Path, data: bytes | None, name: str, instructions: Instructions, *, streamed: bool
) -> tuple[Assumed, Instructions]:
    """How the file's letters are written; and the instructions, without an encoding that was stated of other files than this one."""
    stated = instructions.stated.encoding
    if stated not in (None, "utf-8", "utf-16") and tells_utf8(path, data):
        stated = None  # what was stated is said of the files that do not tell, in a folder of both
        instructions = replace(instructions, stated=replace(instructions.stated, encoding=None))
    if stated is not None:
        return Assumed("encoding", stated, how_known(stated=True, sure=True)), instructions
    encoding, sure = encoding_of(seen.head, path, data, name, instructions.say, streamed=streamed)
    return Assumed("encoding", encoding, how_known(stated=False, sure=sure)), instructions


def _scan_path(path: Path, name: str, say: Say) -> Scan:
    try:
        with path.open("rb") as source:
            return scan(source, large=path.stat().st_size >= STREAM_FROM_BYTES)
    except OSError as error:
        raise CannotRead(say("read.system", where=name, error=told_system_error(error, say))) from error


def _exact(
    text_of: Callable[[], str], name: str, instructions: Instructions, table: str | None, sha256: str, letters: Assumed
) -> TextTable | None:
    lines = lines_of(text_of())
    if not lines:  # nothing but a byte order mark
        raise CannotRead(instructions.say("read.empty", where=name))
    found = heading_of(lines, name, instructions, table)
    if found is None:
        return None
    delimiter, heading = found
    matched, at = heading.matched, heading.row
    must_be_tenge(([line] for line in lines[: max(at - 1, 0)]), heading.cells, matched, at, name, instructions)
    held = _Records.of(lines, delimiter, heading, name, instructions)
    numbered = list(zip(held.rows, held.cells, strict=True))
    notes_below(numbered[-NOTES_BELOW:], name, instructions)
    for place in unit_columns(heading.cells, matched):
        must_say_tenge(((row, record[place]) for row, record in numbered if place < len(record)), heading.cells[place], name, instructions)
    beside = unnamed(heading.cells, matched)
    unread = sum(bool(record[place].strip()) for record in held.cells for place in beside if place < len(record)) if beside else 0

    def as_filed(wanted: Collection[int]) -> Mapping[int, Sequence[str]]:
        chosen = set(wanted)
        again = enumerate(records(lines_of(text_of()), delimiter, name, instructions.say), start=1)
        return {row: record for row, (record, _) in again if row in chosen}

    stated = instructions.stated
    assumed = [letters, Assumed("delimiter", delimiter, how_known(stated=stated.delimiter is not None, sure=True))]
    if at != NO_HEADING:
        assumed.append(Assumed("heading_row", str(at), how_known(stated=stated.heading_row is not None, sure=at == 1)))
    return TextTable(
        table=matched.table,
        file=name,
        sheet=None,
        sha256=sha256,
        rows=len(held.rows),
        columns=list(matched.positions),
        frame=held.frame(matched).lazy(),
        read_as=ReadAs(letters.value, delimiter, letters.how != "likely"),
        aliases=matched.aliases,
        notes=notes_of(heading, unread, instructions.say),
        assumed=assumed,
        as_filed=AsFiled(heading.cells or [str(n) for n in range(1, held.width + 1)], as_filed),
    )


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of a file: their row numbers, their cells, and what is odd about each; `width` is how many cells one has."""

    rows: list[int]
    cells: list[list[str]]
    ragged: list[int | None]
    width: int

    @classmethod
    def of(cls, lines: Sequence[str], delimiter: str, heading: Heading, name: str, instructions: Instructions) -> _Records:
        """All below the heading, and those above it that look like a record. An empty row is no record, but it is counted in the
        numbering. Raises CannotRead where a record has the record of another contestant in a cell."""
        matched, at = heading.matched, heading.row
        made = cls([], [], [], width := len(heading.cells))
        for row, (record, in_order) in enumerate(records(lines, delimiter, name, instructions.say), start=1):
            if row == at or (row < at and not is_like_a_record(record, matched)) or not any(cell.strip(WHITE) for cell in record):
                continue
            width = width or len(record)
            swallowed = swallowed_by(record, delimiter, matched)
            if (other := of_others(record, swallowed, delimiter, matched)) is not None:
                raise CannotRead(instructions.say("read.swallowed", where=name, row=row, n=len(swallowed), contestant=other[:40]))
            odd = len(record) if len(record) != width else BROKEN_QUOTES if swallowed or not in_order else None
            made.rows.append(row)
            made.ragged.append(ABOVE_HEADING if row < at else odd)
            made.cells.append(without_swallowed(record, matched) if swallowed else record)
        return replace(made, width=width)

    def frame(self, matched: Matched) -> pl.DataFrame:
        """The cells of the columns that are ours, an empty one as null."""
        places = {**matched.positions, **{f"{LEFT_BY}{n}": position for n, position in enumerate(matched.left_by)}}
        return pl.DataFrame(
            {name: [(record[at] or None) if at < len(record) else None for record in self.cells] for name, at in places.items()},
            schema=dict.fromkeys(places, pl.String),
        ).with_columns(
            pl.Series(ROW, self.rows, dtype=pl.Int64), pl.Series(RAGGED, self.ragged, dtype=pl.Int64), pl.lit(value=False).alias(BLANK)
        )
