"""A large clean CSV streamed by Polars, once its structure has been looked through; anything odd is for the exact parser."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from auditor.errors import CannotRead
from auditor.model.input import Assumed, ReadAs, how_known
from auditor.read.cells import LARGEST_CELL, heading_of, lines_of
from auditor.read.heading_row import Heading, delimiter_of, quotes_in_order
from auditor.read.headings import Matched
from auditor.read.instructions import Instructions
from auditor.read.misplaced import notes_of, unnamed
from auditor.read.text_table import BLANK, RAGGED, ROW, WHITE, AsFiled, Coded, TextTable
from auditor.read.uniform_lines import Regular
from auditor.read.units import NOTES_BELOW, must_be_tenge, must_say_tenge, notes_below, says_another_unit, unit_columns
from auditor.tables import TABLES

_MOST_ODD = 200_000
_TAIL = 1 << 16
_PROBE, _FEW_DIFFERENT = 10_000, 0.1


class NeedsExactParser(Exception):
    """The file has something that Polars would read otherwise than the filing format says."""


def streamed(
    path: Path, name: str, instructions: Instructions, table: str | None, head: bytes, sha256: str, regular: Regular | None, *, quoted: bool
) -> TextTable | None:
    """The table of a UTF-8 file, scanned and not held. Raises NeedsExactParser for what Polars would read otherwise."""
    text = head.decode("utf-8", errors="ignore").removeprefix("\ufeff")
    lines = lines_of(text)[:-1]  # the last one may be cut
    first = lines[0].rstrip("\r\n") if lines else ""
    if not lines or ('"' in first and not quotes_in_order(first, delimiter_of(first))):
        raise NeedsExactParser
    found = _in_first_line(lines, name, instructions, table)
    if found is None:
        return None
    delimiter, in_first = found
    matched = in_first.matched
    if matched.left_by:
        raise NeedsExactParser
    heading = in_first.cells
    must_be_tenge((), heading, matched, 1, name, instructions)
    _must_note_tenge(path, delimiter, name, instructions)
    known = regular.of(delimiter, len(heading)) if regular is not None else None
    records, ragged = (known - 1, {}) if known is not None else _structure(path, delimiter, len(heading), quoted=quoted)
    file = _File(path, delimiter, [f"column_{n}" for n in range(len(heading))], matched, ragged)
    for place in unit_columns(heading, matched):
        must_say_tenge(file.different(place), heading[place], name, instructions)
    frame, coded = file.records({}), None
    beside = unnamed(heading, matched)
    unread = file.filled(beside) if beside else 0
    if matched.table == "reports":
        repeated = _repeated(frame, list(matched.positions))
        coded = Coded(file.records({column: pl.Categorical(pl.Categories.random("audit")) for column in repeated}), repeated)

    def as_filed(rows: Collection[int]) -> Mapping[int, Sequence[str]]:
        csv.field_size_limit(LARGEST_CELL)
        wanted = pl.scan_lines(path).with_row_index("row", offset=1).filter(pl.col("row").is_in(list(rows))).collect(engine="streaming")
        return {row: next(csv.reader([line.rstrip("\r")], delimiter=delimiter)) for row, line in wanted.iter_rows()}

    stated = instructions.stated
    return TextTable(
        table=matched.table,
        file=name,
        sheet=None,
        sha256=sha256,
        rows=records,
        columns=list(matched.positions),
        frame=frame,
        read_as=ReadAs("utf-8", delimiter, sure=True),
        aliases=matched.aliases,
        streamed=True,
        notes=notes_of(in_first, unread, instructions.say),
        assumed=[
            Assumed("encoding", "utf-8", how_known(stated=stated.encoding is not None, sure=True)),
            Assumed("delimiter", delimiter, how_known(stated=stated.delimiter is not None, sure=True)),
            Assumed("heading_row", "1", how_known(stated=stated.heading_row is not None, sure=True)),
        ],
        as_filed=AsFiled(heading, as_filed),
        coded=coded,
    )


@dataclass(frozen=True, slots=True)
class _File:
    """A file to scan: its columns by position as `labels`, those that are ours, and the rows with more or fewer cells."""

    path: Path
    delimiter: str
    labels: Sequence[str]
    matched: Matched
    ragged: Mapping[int, int]

    def records(self, types: Mapping[str, pl.DataType]) -> pl.LazyFrame:
        """Our columns with row numbers, as text but for the `types` by column. An empty cell is null here."""
        labels = self.labels
        # Worked out only where a row is looked at.
        blank = pl.all_horizontal((pl.col(label).cast(pl.String).str.strip_chars() == "").fill_null(value=True) for label in labels)
        ours = [pl.col(labels[at]).alias(column) for column, at in self.matched.positions.items()]
        frame = self._scan({labels[self.matched.positions[column]]: of for column, of in types.items()}, ROW)
        frame = frame.select(pl.col(ROW).cast(pl.Int64), blank.alias(BLANK), *ours)
        if not self.ragged:
            return frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(RAGGED))
        counts = {ROW: list(self.ragged), RAGGED: list(self.ragged.values())}
        beside = pl.LazyFrame(counts, schema={ROW: pl.Int64, RAGGED: pl.Int64})
        return frame.join(beside, on=ROW, how="left", maintain_order="left")

    def different(self, place: int) -> list[tuple[int, str]]:
        """The different texts of the column at this position, each with its first row."""
        text = pl.col(self.labels[place]).str.strip_chars()
        first = self._scan({}, ROW).filter(text != "").group_by(text.alias("text")).agg(pl.col(ROW).min()).sort(ROW)
        return list(first.select(ROW, "text").collect(engine="streaming").iter_rows())

    def filled(self, places: Sequence[int]) -> int:
        """How many cells at these positions are filled."""
        filled = pl.sum_horizontal((pl.col(self.labels[place]).str.strip_chars() != "").sum() for place in places)
        return int(self._scan({}).select(filled).collect(engine="streaming").item())

    def _scan(self, types: Mapping[str, pl.DataType], row: str | None = None) -> pl.LazyFrame:
        return pl.scan_csv(
            self.path,
            has_header=False,
            skip_lines=1,
            separator=self.delimiter,
            schema={label: types.get(label, pl.String()) for label in self.labels},
            row_index_name=row,
            row_index_offset=2,
            extra_columns="ignore",  # which records have more cells was found out before, and is said
            missing_columns="insert",
        )


def _must_note_tenge(path: Path, delimiter: str, name: str, instructions: Instructions) -> None:
    """Raise CannotRead where one of the last lines is a note that says another unit."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL, 0))
        last = file.read().decode("utf-8", errors="ignore").splitlines()[-NOTES_BELOW:]
    stated = bool(instructions.stated.forms.currency)
    # In the file its row is looked for only once it is known to be such a note.
    notes = [line for line in last if says_another_unit(line.strip(f'{delimiter}" \t\r'), stated=stated)]
    if notes:
        there = pl.scan_lines(path).with_row_index("row", offset=1).filter(pl.col("line").str.strip_suffix("\r").is_in(notes))
        rows = there.collect(engine="streaming").iter_rows()
        notes_below(((row, next(csv.reader([line.rstrip("\r")], delimiter=delimiter))) for row, line in rows), name, instructions)


def _repeated(frame: pl.LazyFrame, given: Collection[str]) -> frozenset[str]:
    """The columns of `reports` in which few different values are expected, and stand in the first records."""
    names = [column.name for column in TABLES["reports"] if column.repeats and column.name in given]
    different = frame.select(names).head(_PROBE).select(pl.all().n_unique()).collect().row(0, named=True)
    return frozenset(name for name, number in different.items() if number <= _PROBE * _FEW_DIFFERENT)


def _in_first_line(lines: Sequence[str], name: str, instructions: Instructions, table: str | None) -> tuple[str, Heading] | None:
    """The heading, if it is in the first line; None where it is nowhere in these lines. They end where they were cut, perhaps
    inside a quoted cell, so that whatever else is wrong with them is for the exact parser to say."""
    try:
        found = heading_of(lines[:1], name, instructions, table)
        found = heading_of(lines if found is None else lines[:2], name, instructions, table)  # it may go on in the second
    except CannotRead as error:
        raise NeedsExactParser from error
    if found is not None and found[1].row != 1:
        raise NeedsExactParser
    return found


def _structure(path: Path, delimiter: str, width: int, *, quoted: bool) -> tuple[int, dict[int, int]]:
    """The number of records, and the row numbers of those with more or fewer cells than the heading.

    Polars fills short records with nulls in silence, so the delimiters of every line are counted first. A line with quotes
    must be well formed by itself; a quoted cell with a line break in it, or a stray quote, is for the exact parser.
    """
    line = pl.col("line")
    cells = line.str.count_matches(delimiter, literal=True) + 1
    odd = cells != width
    counts = [pl.scan_lines(path).select(pl.len(), odd.sum().alias("odd"))]
    without_quotes = ~line.str.contains('"', literal=True)
    if quoted:
        cell = rf'(?:[^"{delimiter}]*|"(?:[^"]|"")*")'
        good = line.str.contains(rf"^{cell}(?:{delimiter}{cell}){{{width - 1}}}\r?$")
        counts.append(pl.scan_lines(path).filter(~without_quotes).select(odd.sum().alias("odd"), (~good).sum().alias("broken")))
    (counted, *in_quotes) = pl.collect_all(counts, engine="streaming")
    records, some = counted.row(0)
    excused, broken = in_quotes[0].row(0) if in_quotes else (0, 0)  # a delimiter inside quotes makes no cell
    if broken:
        raise NeedsExactParser
    if some == excused:
        return records - 1, {}
    lines = pl.scan_lines(path).with_row_index("row", offset=1).filter(without_quotes & odd)
    suspects = lines.select("row", line.str.strip_suffix("\r"), cells.alias("cells")).head(_MOST_ODD + 1).collect(engine="streaming")
    if suspects.height > _MOST_ODD:
        raise NeedsExactParser
    ragged: dict[int, int] = {}
    blank = 0
    for row, text, count in suspects.iter_rows():
        if text.replace(delimiter, "").strip(WHITE) == "":
            blank += 1
            continue
        ragged[row] = count
    return records - 1 - blank, ragged
