"""CSV and TSV → text cells with row numbers. A large clean file is streamed by Polars; anything odd is parsed exactly."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from auditor.errors import CannotRead
from auditor.model import ReadAs
from auditor.read.headings import Headings, LacksColumns, Matched, match, missing, missing_sentence, recognise
from auditor.read.text import BLANK, RAGGED, ROW, TextTable

DELIMITERS = ",;\t"
# Below this size the exact parser is as quick as starting the streaming one.
STREAM_FROM_BYTES = 4_000_000
LARGEST_CELL = 1_000_000
_CHUNK = 1 << 20
_MOST_ODD = 200_000
CODE_PAGES = ("cp1251", "kz1048", "ptcp154", "cp866")
# Letters that Kazakh and Russian texts are written with, besides ASCII; a code page that gives others was guessed wrongly.
_LETTERS = frozenset("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяӘҒҚҢӨҰҮҺІәғқңөұүһі")
_KAZAKH = frozenset("ӘҒҚҢӨҰҮҺәғқңөұүһ")
_SIGNS = frozenset("№«»–—„“”‘’‚…•§°±·\u00a0₸€©®™¬\u00ad")


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over the bytes: what they are by SHA-256, and what would mislead a quick parser."""

    sha256: str
    size: int
    head: bytes
    has_nul: bool
    has_quote: bool
    has_bare_cr: bool


def scan(source: BinaryIO) -> Scan:
    """Read all bytes once, a megabyte at a time."""
    digest = hashlib.sha256()
    size, head, last = 0, b"", b""
    nul = quote = bare_cr = False
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        head = head or chunk[:65536]
        size += len(chunk)
        nul = nul or b"\0" in chunk
        quote = quote or b'"' in chunk
        if not bare_cr and (b"\r" in chunk or last == b"\r"):
            joined = last + chunk if last == b"\r" else chunk
            bare_cr = joined.count(b"\r") != joined.count(b"\r\n") + joined.endswith(b"\r")
        last = chunk[-1:]
    return Scan(digest.hexdigest(), size, head, nul, quote, bare_cr or last == b"\r")


def read(
    path: Path, name: str, headings: Headings, table: str | None = None, data: bytes | None = None, encoding: str | None = None
) -> TextTable | None:
    """One file as the table that it holds (or as `table`). None where its heading is of no table of ours. `encoding` is what the
    auditor says; without it the letters tell.

    Raises CannotRead, in one line that names the file, for everything that cannot be read at all.
    """
    seen = scan(io.BytesIO(data)) if data is not None else _scan_path(path, name)
    if seen.size == 0:
        raise CannotRead(f"{name}: the file is empty; expected a heading and a row for each movement.")
    encoding, sure = (encoding, True) if encoding is not None else _encoding(seen, path, data, name)
    if seen.has_nul and not encoding.startswith("utf-16"):
        raise CannotRead(f"{name}: the file has NUL bytes, so it is not text; save it as CSV in UTF-8.")
    large = seen.size >= STREAM_FROM_BYTES and encoding == "utf-8" and not seen.has_bare_cr and data is None
    if large:
        try:
            return _streamed(path, name, headings, table, seen)
        except _NeedsExactParser:
            pass
        except pl.exceptions.ComputeError:
            encoding, sure = _code_page(path, None, name) if not _is_utf8(path, None) else (encoding, sure)
    raw = data if data is not None else path.read_bytes()
    return _exact(_decoded(raw, encoding, name), name, headings, table, seen.sha256, ReadAs(encoding, "", sure))


def _scan_path(path: Path, name: str) -> Scan:
    try:
        with path.open("rb") as source:
            return scan(source)
    except OSError as error:
        raise CannotRead(f"{name}: {error.strerror or error}.") from error


# --- letters ---


def _encoding(seen: Scan, path: Path, data: bytes | None, name: str) -> tuple[str, bool]:
    if seen.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", True
    if seen.size >= STREAM_FROM_BYTES and data is None:
        # Polars refuses a broken letter itself, so a large file that begins well is not decoded twice.
        if _is_utf8(path, seen.head[: seen.head.rfind(b"\n") + 1]):
            return "utf-8", True
    elif _is_utf8(path, data):
        return "utf-8", True
    return _code_page(path, data, name)


def _code_page(path: Path, data: bytes | None, name: str) -> tuple[str, bool]:
    raw = data if data is not None else path.read_bytes()
    broken = _first_broken(raw)
    if _has_utf8_letters(raw):
        raise CannotRead(
            f"{name}: byte {broken + 1} (row about {raw[:broken].count(10) + 1}) is not UTF-8 though the rest is; ask for the file again."
        )
    readings: dict[str, str] = {}
    for page in CODE_PAGES:
        try:
            text = raw.decode(page)
        except UnicodeDecodeError:
            continue
        # The Windows code pages share the Russian letters: without a Kazakh one nobody can tell them apart, and nothing depends on it.
        if {character for character in text if character > "\x7f"} <= _LETTERS | _SIGNS and _like_words(text):
            readings.setdefault(text, page)
    if len(readings) > 1:
        shown = " or ".join(f"{page}: {_sample(text)!r}" for text, page in readings.items())
        raise CannotRead(
            f"{name}: the letters can be read in two ways ({shown}); say which with --encoding {next(iter(readings.values()))}."
        )
    if readings:
        return next(iter(readings.values())), True
    letters = {character for character in raw.decode("kz1048", errors="replace") if character > "\x7f"}
    odd = " ".join(sorted(letters - _LETTERS - _SIGNS)[:8])
    raise CannotRead(
        f"{name}: the letters make no sense in UTF-8 or in a code page of Kazakhstan ({odd}); save the file as UTF-8, or give --encoding."
    )


def _like_words(text: str) -> bool:
    """Whether capitals stand where words have them: in a wrong code page "Иванов" becomes "йБЮМНБ"."""
    letters = sum(letter > "\x7f" for letter in text)
    return len(re.findall("[а-яёәғқңөұүһі][А-ЯЁӘҒҚҢӨҰҮҺІ]", text)) * 8 <= letters


def _sample(text: str) -> str:
    """The first word with a letter beyond ASCII."""
    return next((word[:20] for word in re.split(r"[\s,;\"]+", text) if any(letter > "\x7f" for letter in word)), "")


def _is_utf8(path: Path, data: bytes | None) -> bool:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    source: BinaryIO = io.BytesIO(data) if data is not None else path.open("rb")
    with source:
        try:
            while chunk := source.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _first_broken(raw: bytes) -> int:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(raw)


def _has_utf8_letters(raw: bytes) -> bool:
    """Cyrillic in UTF-8 is D0/D1/D2/D3 and a continuation byte, over and over; in a code page that pair is a rare accident."""
    pairs = len(re.findall(rb"[\xd0-\xd3][\x80-\xbf]", raw))
    return pairs * 2 > sum(byte >= 0x80 for byte in raw) // 2


def _decoded(raw: bytes, encoding: str, name: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise CannotRead(f"{name}: byte {error.start + 1} is not {encoding}; ask for the file again.") from error
    if "\0" in text:
        raise CannotRead(f"{name}: the file has NUL characters, so it is not a table; save it as CSV in UTF-8.")
    return text.removeprefix("\ufeff")


# --- the exact parser ---


def _delimiter(heading: str) -> str:
    return max(DELIMITERS, key=lambda d: (heading.count(d), -DELIMITERS.index(d)))


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[list[str], bool]]:
    """The records of a text, each with whether its quotes are in order. A quote that never closes stops the reading."""
    csv.field_size_limit(LARGEST_CELL)
    source = list(io.StringIO(text, newline=""))  # ends of line are LF, CRLF or CR, and nothing else that Unicode knows
    reader = csv.reader(source, delimiter=delimiter, strict=False)
    before = 0
    row = 0
    while True:
        row += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CannotRead(f"{name}, row {row}: {error}; a cell has at most {LARGEST_CELL:,} characters.") from error
        raw = "".join(source[before : reader.line_num])
        before = reader.line_num
        if raw.count('"') % 2 and reader.line_num >= len(source) and _never_closed(raw, delimiter):
            raise CannotRead(f"{name}, row {row}: a quotation mark is opened and never closed, so the rows after it cannot be told apart.")
        yield record, '"' not in raw or _quotes_in_order(raw, delimiter)


def _well_formed(delimiter: str) -> re.Pattern[str]:
    cell = rf'(?:"(?:[^"]|"")*"|[^"{delimiter}\r\n][^{delimiter}\r\n]*|)'
    return re.compile(rf"{cell}(?:{delimiter}{cell})*(?:\r\n|\r|\n)?")


def _quotes_in_order(raw: str, delimiter: str) -> bool:
    return _well_formed(delimiter).fullmatch(raw) is not None


def _never_closed(raw: str, delimiter: str) -> bool:
    return re.search(rf'(?:^|{delimiter})"(?:[^"]|"")*$', raw) is not None


def _exact(text: str, name: str, headings: Headings, table: str | None, sha256: str, read_as: ReadAs) -> TextTable | None:
    first = text[: re.search(r"[\r\n]|$", text).start()]  # type: ignore[union-attr]  # `$` always matches
    delimiter = _delimiter(first)
    records = _records(text, delimiter, name)
    heading, _ = next(records, ([], True))
    matched = _matched(heading, headings, table, name)
    if matched is None:
        return None
    width = len(heading)
    cells: list[list[str]] = []
    rows: list[int] = []
    ragged: list[int | None] = []
    for row, (record, in_order) in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue  # an empty row is no record, but it is counted in the numbering
        rows.append(row)
        ragged.append(None if len(record) == width and in_order else len(record) if len(record) != width else -1)
        cells.append(record)
    names = list(matched.positions)
    frame = pl.DataFrame(
        {name: [(record[at] or None) if at < len(record) else None for record in cells] for name, at in matched.positions.items()},
        schema=dict.fromkeys(names, pl.String),
    ).with_columns(pl.Series(ROW, rows, dtype=pl.Int64), pl.Series(RAGGED, ragged, dtype=pl.Int64), pl.lit(value=False).alias(BLANK))
    return TextTable(
        matched.table,
        name,
        None,
        sha256,
        len(rows),
        names,
        frame.lazy(),
        ReadAs(read_as.encoding, delimiter, read_as.sure),
        matched.aliases,
        any(value is not None for value in ragged),
    )


def _matched(heading: Sequence[str], headings: Headings, table: str | None, name: str) -> Matched | None:
    if not any(cell.strip() for cell in heading):
        raise CannotRead(f"{name}, row 1: there is no heading.")
    table = table or recognise(heading, headings, name)
    if table is None:
        return None
    matched = match(table, heading, headings, name)
    if lacking := missing(matched):
        raise LacksColumns(table, lacking, missing_sentence(name, matched, lacking, heading, headings))
    return matched


# --- the streaming parser ---


class _NeedsExactParser(Exception):
    """The file has something that Polars would read otherwise than the filing format says."""


def _streamed(path: Path, name: str, headings: Headings, table: str | None, seen: Scan) -> TextTable | None:
    text = seen.head.decode("utf-8", errors="ignore").removeprefix("\ufeff")
    first = text.split("\n", 1)[0].rstrip("\r")
    delimiter = _delimiter(first)
    heading = next(csv.reader([first], delimiter=delimiter))
    if len(first) >= 60_000 or ('"' in first and not _quotes_in_order(first, delimiter)):
        raise _NeedsExactParser
    matched = _matched(heading, headings, table, name)
    if matched is None:
        return None
    records, ragged = _structure(path, delimiter, len(heading), quoted=seen.has_quote)
    labels = [f"column_{n}" for n in range(len(heading))]
    # Worked out only where a row is looked at. An empty cell is null here.
    blank = pl.all_horizontal((pl.col(label).str.strip_chars() == "").fill_null(value=True) for label in labels)
    frame = pl.scan_csv(
        path,
        has_header=False,
        skip_lines=1,
        separator=delimiter,
        schema=dict.fromkeys(labels, pl.String),
        row_index_name=ROW,
        row_index_offset=2,
        extra_columns="ignore",  # which records have more cells was found out above, and is said
        missing_columns="insert",
    ).select(
        pl.col(ROW).cast(pl.Int64), blank.alias(BLANK), *(pl.col(labels[at]).alias(column) for column, at in matched.positions.items())
    )
    if ragged:
        counts = pl.LazyFrame({ROW: list(ragged), RAGGED: list(ragged.values())}, schema={ROW: pl.Int64, RAGGED: pl.Int64})
        frame = frame.join(counts, on=ROW, how="left", maintain_order="left")
    else:
        frame = frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(RAGGED))
    return TextTable(
        matched.table,
        name,
        None,
        seen.sha256,
        records,
        list(matched.positions),
        frame,
        ReadAs("utf-8", delimiter, sure=True),
        matched.aliases,
        bool(ragged),
        streamed=True,
    )


def _structure(path: Path, delimiter: str, width: int, *, quoted: bool) -> tuple[int, dict[int, int]]:
    """The number of records, and the row numbers of those with more or fewer cells than the heading.

    Polars fills short records with nulls in silence, so the delimiters of every line are counted first. A line with quotes
    must be well formed by itself; a quoted cell with a line break in it, or a stray quote, is for the exact parser.
    """
    line = pl.col("line")
    cells = line.str.count_matches(delimiter, literal=True) + 1
    odd = cells != width
    asked = [pl.scan_lines(path).select(pl.len(), odd.sum().alias("odd"))]
    without_quotes = ~line.str.contains('"', literal=True)
    if quoted:
        cell = rf'(?:[^"{delimiter}]*|"(?:[^"]|"")*")'
        good = line.str.contains(rf"^{cell}(?:{delimiter}{cell}){{{width - 1}}}\r?$")
        asked.append(pl.scan_lines(path).filter(~without_quotes).select(odd.sum().alias("odd"), (~good).sum().alias("broken")))
    (counted, *in_quotes) = pl.collect_all(asked, engine="streaming")
    records, some = counted.row(0)
    excused, broken = in_quotes[0].row(0) if in_quotes else (0, 0)  # a delimiter inside quotes makes no cell
    if broken:
        raise _NeedsExactParser
    if some == excused:
        return records - 1, {}
    lines = pl.scan_lines(path).with_row_index("row", offset=1).filter(without_quotes & odd)
    suspects = lines.select("row", line.str.strip_suffix("\r"), cells.alias("cells")).head(_MOST_ODD + 1).collect(engine="streaming")
    if suspects.height > _MOST_ODD:
        raise _NeedsExactParser
    ragged: dict[int, int] = {}
    blank = 0
    for row, text, count in suspects.iter_rows():
        if text.replace(delimiter, "").strip() == "":
            blank += 1
            continue
        ragged[row] = count
    return records - 1 - blank, ragged
