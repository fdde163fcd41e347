"""What came in: how it was read, and what of it could not be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Literal

_BEGUN_ID = re.compile(r"(?<!\d)(?<!\d[\s-])\d(?:[\s-]?\d){4,10}[\s-]?$")  # at the end of a text: more than a few of its twelve digits
_GOES_ON = re.compile(r"[\s-]?\d")
_LONGEST_VALUE = 200


def cut(value: str) -> str:
    """A cell as it is quoted in a problem: at most 200 characters and then "…"."""
    return value if len(value) <= _LONGEST_VALUE else cut_short(value, _LONGEST_VALUE)


def cut_short(value: str, most: int) -> str:
    """The beginning of a longer text and "…". It does not end within what may be an id of a person: what hides one looks for all of its
    digits."""
    kept = value[:most]
    if _GOES_ON.match(value, most) and (number := _BEGUN_ID.search(kept)) is not None:
        kept = kept[: number.start()]
    return kept + "…"


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell, record or file that cannot be read here. `value` is the cell as filed."""

    code: str
    file: str
    sheet: str | None
    row: int
    column: str | None
    value: str | None
    message: str
    contestant_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be used: why, and its cells under its file's own headings."""

    table: str
    file: str
    sheet: str | None
    row: int
    reasons: Sequence[str]
    heading: Sequence[str]
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is not data (a total line), with the reason in words."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReadAs:
    """What was assumed to read a file, and whether the file itself says so."""

    encoding: str
    delimiter: str
    sure: bool


How = Literal["stated", "sure", "likely"]
"""How something about a file is known: the auditor stated it, there is no other reading, or it is likely."""


def how_known(*, stated: bool, sure: bool) -> How:
    """How it is known; what was stated is stated, sure or not."""
    return "stated" if stated else "sure" if sure else "likely"


@dataclass(frozen=True, slots=True)
class Assumed:
    """One thing that was assumed to read a file. `what` is encoding, delimiter, decimal_mark, date_order, sheet, heading_row, mapping or
    received_on."""

    what: str
    value: str
    how: How


@dataclass(frozen=True, slots=True)
class Input:
    """One table as it came in, by the SHA-256 of its bytes. `rows` is `read` + `unread` + the records left out: nothing is lost. `aliases`
    are the headings of columns that are not called by their name, `by_form` those of them that the election's own form has."""

    table: str
    file: str
    sheet: str | None
    sha256: str
    rows: int
    read: int
    unread: int
    read_as: ReadAs | None
    assumed: Sequence[Assumed] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    left_out: Sequence[LeftOut] = ()
    notes: Sequence[str] = ()
    by_form: frozenset[str] = frozenset()

    @property
    def other_names(self) -> Mapping[str, str]:
        """The headings of columns that go by neither their name nor that of the form."""
        return {column: heading for column, heading in self.aliases.items() if column not in self.by_form}


def besides(problems: Sequence[Problem], others: Set[tuple[str, str | None]], known: Set[str]) -> list[Problem]:
    """The problems but those of records that name nobody who is `known`, in the files (and sheets) of others: those are theirs."""
    return [problem for problem in problems if problem.contestant_id in known or (problem.file, problem.sheet) not in others]
