"""A published document held against what its inputs and its law give today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that a published document has and the recomputed one has not, or has otherwise.

    `what` is the place of the value (`measured`, `rows[2].row`); the values are those of the JSON, None where there is nothing."""

    rule: str | None
    contestant_id: str | None
    what: str
    published: object
    recomputed: object


@dataclass(frozen=True, slots=True)
class Compared:
    """One part of a document: how many records (or values) were held against each other, and what differs."""

    part: str
    count: int
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Verification:
    """A published document held against what its inputs and its law give today.

    `renamed` are inputs known by their content under another name (published, given); `changed` those that had to be taken by
    name because their content is another; `left_aside` files that the published audit did not have; `read_with` files that it does not
    list, since it is one contestant's part of an audit of many, and that were read with its own."""

    file: str
    election: str
    as_of: str
    rulebook: str
    masked: bool
    renamed: Sequence[tuple[str, str]]
    changed: Sequence[tuple[str, str]]
    left_aside: Sequence[str]
    read_with: Sequence[str]
    parts: Sequence[Compared]
    is_pdf: bool

    @property
    def agrees(self) -> bool:
        """Whether everything that was compared agrees."""
        return not any(part.differences for part in self.parts)
