"""The forms that a published document must have to be repeated, or to be held against another version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from auditor.languages import Language
from auditor.read.choices import ENCODINGS
from auditor.read.instructions import Stated
from auditor.tables import TABLES

Name = Annotated[str, Field(max_length=4096)]
Word = Annotated[str, Field(max_length=200)]


_STATED = TypeAdapter(Stated)


class _Form(BaseModel):
    """Strict: a number is not a text. Other keys are compared, not needed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class PublishedLaw(_Form):
    """Which law was applied."""

    version: Word
    sha256: Word


class Source(_Form):
    """One table that was read."""

    table: Word
    file: Name
    sheet: Name | None
    sha256: Word

    @field_validator("table")
    @classmethod
    def _known(cls, table: str) -> str:
        if table not in TABLES:
            raise ValueError(f"{table[:60]!r} is no table of the audit")
        return table


class Wanted(_Form):
    """What was asked for besides the files."""

    select: list[Word]
    ignore: list[Word]
    contestants: list[Name]
    districts: list[Name]
    commissions: list[Name]
    stated: Stated

    @field_validator("stated", mode="plain")
    @classmethod
    def _known(cls, told: object) -> Stated:
        stated = _STATED.validate_python(told)
        if stated.encoding not in (None, *ENCODINGS):
            raise ValueError(f"{stated.encoding!r} is no encoding that is read")
        return stated


class _OfRule(_Form):
    rule: str


class _Contestant(_Form):
    contestant_id: str
    totals: list[_OfRule]


class _Finding(_Form):
    rule: str
    contestant_id: str | None
    subject: str | None


class _Problem(_Form):
    code: str
    file: Name
    sheet: str | None
    row: int
    column: str | None


class Told(_Form):
    """What an audit-findings/1 document must have to be repeated and compared."""

    election: Word
    as_of: Word
    lang: Language
    ids: Literal["whole", "masked", "keyed"]
    rulebook: PublishedLaw
    inputs: list[Source]
    overrides: dict[Word, Word]
    asked: Wanted
    summary: dict[str, Any]
    coverage: list[_OfRule]
    contestants: list[_Contestant]
    findings: list[_Finding]
    problems: list[_Problem]
    passed_over: list[str] = Field(default_factory=list)


_Money = Annotated[str, Field(pattern=r"^-?[0-9]{1,40}\.[0-9]{2}$")]
_Measure = _Money | int | None


class _Total(_Form):
    rule: str
    measured: _Money


class _WithTotals(_Form):
    contestant_id: str
    totals: list[_Total]


class _Silent(_Form):
    contestant_id: str


class _Answer(_Form):
    rule: str
    status: Literal["assessed", "not_assessed"]
    reason: str | None
    not_assessed_for: list[_Silent]
    partly_not_assessed_for: list[_Silent] = []
    unread_for: list[_Silent] = []


class _Whole(_Form):
    key: Word
    rule: str
    outcome: Literal["breach", "undetermined", "lead"]
    severity: Literal["critical", "major", "minor"]
    remedied: bool
    contestant_id: str | None
    measured: _Measure
    limit: _Measure
    excess: _Measure
    rows: list[Any]
    message: str


class Followable(_Form):
    """What a document must have to be held against another version."""

    coverage: list[_Answer]
    contestants: list[_WithTotals]
    findings: list[_Whole]
