"""How files are to be read: the election's headings, the words to answer in, and what the auditor states of himself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.languages import LANGUAGES
from auditor.read.choices import Mark, Order
from auditor.tables import heading_key
from auditor.wording import Say

if TYPE_CHECKING:
    from auditor.rulebook.load import Rulebook

Headings = Mapping[str, Mapping[str, Sequence[str]]]
NO_HEADING = 0


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Records that are no lines of a report: those whose cell begins with one of the texts. `column` is a heading or a number."""

    column: str | int
    begins: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """What a mapping file says of a foreign table: which of its columns is which of ours, and what it does not say itself.

    `columns` gives each of our columns the heading or the number (from 1) of theirs, or None where they have none.
    """

    name: str
    table: str
    columns: Mapping[str, str | int | None] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    leave_out: tuple[LeaveOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Forms:
    """How cells are written where it is otherwise than the filing format says. Stated, never guessed.

    `words` are more words for the codes of a column, `negative` the kind that a line of a kind becomes where its amount is negative.
    """

    decimal_mark: Mark | None = None
    date_order: Order | None = None
    currency: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    negative: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the auditor says of the files, by options or in a mapping file; what is not said, the files have to tell."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    heading_row: int | None = None
    forms: Forms = field(default_factory=Forms)
    mapping: ForeignTable | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Instructions:
    """Everything that reading a file depends on besides its bytes."""

    headings: Headings
    say: Say
    stated: Stated = field(default_factory=Stated)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """How the form of the election calls a column, by table, where that is another language than that of the column's name."""
    form: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """The headings of the election's own form, by table and column, in every language; as headings are compared."""
    is_total: Callable[[str], bool] = lambda _: False
    """Whether a text is a word for a total, or begins with one."""

    @classmethod
    def of(cls, rulebook: Rulebook, say: Say, stated: Stated | None = None) -> Instructions:
        """What the rulebook of an election says, in the language of the answers."""
        told = {
            table: {name: rulebook.told_column(table, name, say.lang) for name in names}
            for table, names in (rulebook.labels.items() if say.lang != "en" else ())
        }
        form = {
            table: {name: frozenset(heading_key(label.in_(lang)) for lang in LANGUAGES) for name, label in labels.items()}
            for table, labels in rulebook.labels.items()
        }
        return cls(rulebook.headings, say, stated or Stated(), told, form, rulebook.vocabulary.is_total)
