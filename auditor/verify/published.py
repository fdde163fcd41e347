"""A published findings.json, or the one attached to a published PDF → what of it is needed to repeat the audit.

The file comes from anywhere: everything in it is checked for its form before it is used, and no name in it is ever opened.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from auditor.errors import CannotRead, first_line
from auditor.languages import Language
from auditor.read.instructions import ENCODINGS, Stated
from auditor.render.data import FORMAT
from auditor.tables import TABLES

ATTACHED = "findings.json"
MOST_BYTES = 600_000_000
_DEEPEST = 12
_MOST_MISTAKES = 5

Name = Annotated[str, Field(max_length=4096)]
Word = Annotated[str, Field(max_length=200)]


_STATED = TypeAdapter(Stated)


class _Form(BaseModel):
    """Strict: a number is not a text. Other keys are compared, not needed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Law(_Form):
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


class _Coverage(_Form):
    rule: str


class _Contestant(_Form):
    contestant_id: str
    totals: list[_Coverage]


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
    rulebook: Law
    inputs: list[Source]
    overrides: dict[Word, Word]
    asked: Wanted
    summary: dict[str, Any]
    coverage: list[_Coverage]
    contestants: list[_Contestant]
    findings: list[_Finding]
    problems: list[_Problem]


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


class _Followable(_Form):
    """What a document must have to be held against another version."""

    coverage: list[_Answer]
    contestants: list[_WithTotals]
    findings: list[_Whole]


@dataclass(frozen=True)
class Published:
    """A published document: its JSON as it stands, the parts needed to repeat it, and whether a PDF carried it."""

    name: str
    document: Mapping[str, Any]
    told: Told
    as_of: date
    is_pdf: bool


def read(path: Path) -> Published:
    """Read a PDF or a JSON file. Raises CannotRead, in lines that name the file, for whatever cannot be compared."""
    name = str(path)
    data = _bytes(path)
    is_pdf = b"%PDF-" in data[:1024]
    document = _parsed(_attached(data, name) if is_pdf else data, name)
    if document.get("format") != FORMAT:
        said = document.get("format")
        named = f"is of the format {said[:60]!r}" if isinstance(said, str) else "does not say its format"
        raise CannotRead(f"{name}: it {named}; this program compares {FORMAT}.")
    try:
        told = Told.model_validate(document)
        as_of = date.fromisoformat(told.as_of)
    except ValidationError as error:
        raise CannotRead(*_mistakes(error, name)) from error
    except ValueError as error:
        raise CannotRead(f"{name}, as_of: {told.as_of[:60]!r} is not a day such as 2023-04-15.") from error
    return Published(name, document, told, as_of, is_pdf)


def to_follow(path: Path) -> Mapping[str, Any]:
    """The document of a PDF or a JSON file, with all that a comparison with another version needs. Raises CannotRead."""
    published = read(path)
    try:
        _Followable.model_validate(published.document)
    except ValidationError as error:
        raise CannotRead(*_mistakes(error, published.name)) from error
    return published.document


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CannotRead(f"{path}: it is larger than a published document may be ({MOST_BYTES:,} bytes).")
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{path}: {error.strerror or error}.") from error


def _attached(data: bytes, name: str) -> bytes:
    """The bytes of the one findings.json that a PDF has attached; nothing in the PDF is repaired to find it."""
    import pikepdf

    try:
        with pikepdf.Pdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            found = [one for one in pdf.attachments.values() if one.filename == ATTACHED]
            if len(found) != 1:
                raise CannotRead(f"{name}: {len(found) or 'no'} {ATTACHED} attached to this PDF; expected one.")
            return _unpacked(found[0].get_file().obj, name)
    except pikepdf.PasswordError as error:
        raise CannotRead(f"{name}: the PDF needs a password.") from error
    # pikepdf says by these that a file is cut off, or that an object in it is not what it must be.
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise CannotRead(f"{name}: it cannot be read as a PDF ({first_line(error)}).") from error


def _unpacked(stream: Any, name: str) -> bytes:
    """The bytes of a stream, unpacked here so that a small file cannot fill the memory."""
    filters = str(stream.get("/Filter", ""))
    raw: bytes = stream.read_raw_bytes()
    if not filters:
        return raw
    if filters != "/FlateDecode" or "/DecodeParms" in stream:
        raise CannotRead(f"{name}: the attached {ATTACHED} is packed in a way that is not read here ({filters[:60]}).")
    opened = zlib.decompressobj()
    try:
        content = opened.decompress(raw, MOST_BYTES)
    except zlib.error as error:
        raise CannotRead(f"{name}: the attached {ATTACHED} cannot be unpacked ({error}).") from error
    if opened.unconsumed_tail or not opened.eof:
        raise CannotRead(f"{name}: the attached {ATTACHED} is cut off or larger than {MOST_BYTES:,} bytes.")
    return content


def _parsed(data: bytes, name: str) -> Mapping[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
    except UnicodeDecodeError as error:
        raise CannotRead(f"{name}: it is neither a PDF nor JSON in UTF-8.") from error
    except RecursionError as error:
        raise CannotRead(f"{name}: it is nested too deeply to be an audit's findings.") from error
    except ValueError as error:  # of JSON, of a key that stands twice, of a number too long to be one
        raise CannotRead(f"{name}: it cannot be read as JSON ({first_line(error)}).") from error
    if not isinstance(document, dict):
        raise CannotRead(f"{name}: it is JSON, but not an audit's findings ({FORMAT}).")
    _must_be_shallow(document, name)
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different: of two with one name, another reader might show the other one."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in names if names.count(key) > 1)[:60]!r} stands twice in one object")
    return made


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is not a number of JSON")


def _must_be_shallow(document: dict[str, Any], name: str) -> None:
    level: list[Any] = [document]
    for _ in range(_DEEPEST):
        level = [one for outer in level for one in (outer.values() if isinstance(outer, dict) else outer) if isinstance(one, (dict, list))]
        if not level:
            return
    raise CannotRead(f"{name}: it is nested too deeply to be an audit's findings.")


def _mistakes(error: ValidationError, name: str) -> list[str]:
    several = error.errors(include_url=False, include_context=False, include_input=False)
    lines = []
    for one in several[:_MOST_MISTAKES]:
        where = ".".join(str(part)[:60] for part in one["loc"])
        if one["type"] == "missing":
            lines.append(f"{name}, {where}: it is missing, so the audit cannot be repeated; was it written by an earlier version?")
        else:
            lines.append(f"{name}, {where}: {one['msg'].removeprefix('Value error, ')[:200]}.")
    if len(several) > _MOST_MISTAKES:
        lines.append(f"{name}: and {len(several) - _MOST_MISTAKES} more.")
    return lines
