"""A mapping file: what the auditor says of a foreign table, as data. Made by `audit map suggest`, read and changed by people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from auditor.errors import CannotRead
from auditor.read.choices import DELIMITERS, MARKS, Delimiter, Encoding, MarkWord, Order
from auditor.read.instructions import NO_HEADING, ForeignTable, Forms, LeaveOut, Stated
from auditor.rulebook.models import word_key
from auditor.tables import KINDS, Cell, columns
from auditor.wording import refusal
from auditor.yaml_files.validated import Strict, validated

Filled = Annotated[str, StringConstraints(min_length=1)]


class LeaveOutRecords(Strict):
    """Records that are no lines of a report, such as sums of small donations, and why they are left out."""

    column: Filled
    begins: tuple[Filled, ...] = Field(min_length=1)
    reason: Filled


class MappingFile(Strict):
    """Everything that a mapping file may say."""

    table: Literal["reports", "contestants", "filings", "candidates", "price_lists", "statement"] = "reports"
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    sheet: Filled | None = None
    heading_row: Annotated[str, StringConstraints(pattern="^(?:none|[1-9][0-9]{0,3})$")] | None = None
    decimal_mark: MarkWord | None = None
    date_order: Order | None = None
    currency: tuple[Filled, ...] = ()
    columns: dict[str, Filled | None] = Field(default_factory=dict)
    constants: dict[str, Filled] = Field(default_factory=dict)
    words: dict[str, dict[str, tuple[Filled, ...]]] = Field(default_factory=dict)
    negative: dict[str, str] = Field(default_factory=dict)
    leave_out: tuple[LeaveOutRecords, ...] = ()

    @field_validator("negative")
    @classmethod
    def _kinds(cls, negative: dict[str, str]) -> dict[str, str]:
        for kind in (*negative, *negative.values()):
            if kind not in KINDS:
                raise ValueError(refusal("mapping.no_kind", kind=repr(kind), known=", ".join(KINDS)))
        return negative

    @model_validator(mode="after")
    def _known_columns(self) -> MappingFile:
        known = columns(self.table)
        for part in (self.columns, self.constants, self.words):
            for name in part:
                if name not in known:
                    raise ValueError(refusal("mapping.no_column", name=repr(name), table=self.table, known=", ".join(known)))
        for name in self.words:
            if known[name].cell is not Cell.CODE:
                raise ValueError(refusal("mapping.no_list", name=repr(name)))
        for name in self.constants:
            if self.columns.get(name) is not None:
                raise ValueError(refusal("mapping.twice", name=repr(name)))
        return self


def load(path: Path) -> Stated:
    """What a mapping file states. Raises CannotRead with a line for each mistake: file, line, column, and what is known there."""
    if not path.is_file():
        raise CannotRead(refusal("usage.no_file", path=path))
    said = validated(path, MappingFile, CannotRead, (LeaveOutRecords,))
    foreign = ForeignTable(
        path.name,
        said.table,
        {name: _place(theirs) for name, theirs in said.columns.items()},
        said.constants,
        tuple(LeaveOut(_place(out.column) or "", out.begins, out.reason) for out in said.leave_out),
    )
    forms = Forms(
        decimal_mark=MARKS[said.decimal_mark] if said.decimal_mark else None,
        date_order=said.date_order,
        currency=said.currency,
        words={name: {word_key(word): code for code, several in codes.items() for word in several} for name, codes in said.words.items()},
        negative=said.negative,
    )
    return Stated(
        encoding=said.encoding,
        delimiter=DELIMITERS[said.delimiter] if said.delimiter else None,
        sheet=said.sheet,
        heading_row=None if said.heading_row is None else NO_HEADING if said.heading_row == "none" else int(said.heading_row),
        forms=forms,
        mapping=foreign,
    )


def _place(theirs: str | None) -> str | int | None:
    return int(theirs) if theirs is not None and theirs.isascii() and theirs.isdigit() else theirs
