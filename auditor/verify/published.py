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
from typing import Any

from pydantic import ValidationError

from auditor.errors import CannotRead, first_line
from auditor.render.data import FORMAT
from auditor.verify.published_forms import Followable, Told
from auditor.wording import refusal, system_error

ATTACHED = "findings.json"
MOST_BYTES = 600_000_000
_DEEPEST = 12
_MOST_MISTAKES = 5


@dataclass(frozen=True)
class PublishedDocument:
    """A published document: its JSON as it stands, the parts needed to repeat it, and whether a PDF carried it."""

    name: str
    document: Mapping[str, Any]
    told: Told
    as_of: date
    is_pdf: bool


def read(path: Path) -> PublishedDocument:
    """Read a PDF or a JSON file. Raises CannotRead, in lines that name the file, for whatever cannot be compared."""
    name = str(path)
    data = _bytes(path)
    is_pdf = b"%PDF-" in data[:1024]
    document = _parsed(_attached(data, name) if is_pdf else data, name)
    if document.get("format") != FORMAT:
        said = document.get("format")
        if isinstance(said, str):
            raise CannotRead(refusal("usage.published_format", path=name, found=repr(said[:60]), form=FORMAT))
        raise CannotRead(refusal("usage.published_no_format", path=name, form=FORMAT))
    try:
        told = Told.model_validate(document)
        as_of = date.fromisoformat(told.as_of)
    except ValidationError as error:
        raise CannotRead(*_mistakes(error, name)) from error
    except ValueError as error:
        raise CannotRead(refusal("usage.published_day", path=name, value=repr(told.as_of[:60]))) from error
    return PublishedDocument(name, document, told, as_of, is_pdf)


def to_follow(path: Path) -> Mapping[str, Any]:
    """The document of a PDF or a JSON file, with all that a comparison with another version needs. Raises CannotRead."""
    published = read(path)
    try:
        Followable.model_validate(published.document)
    except ValidationError as error:
        raise CannotRead(*_mistakes(error, published.name)) from error
    return published.document


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise CannotRead(refusal("usage.published_folder", path=path))
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CannotRead(refusal("usage.published_large", path=path, most=MOST_BYTES // 1_000_000))
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(refusal("usage.system", where=path, error=system_error(error))) from error


def _attached(data: bytes, name: str) -> bytes:
    """The bytes of the one findings.json that a PDF has attached; nothing in the PDF is repaired to find it."""
    import pikepdf

    try:
        with pikepdf.Pdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            found = [one for one in pdf.attachments.values() if one.filename == ATTACHED]
            if len(found) != 1:
                raise CannotRead(refusal("usage.published_attached", path=name, n=len(found), file=ATTACHED))
            return _unpacked(found[0].get_file().obj, name)
    except pikepdf.PasswordError as error:
        raise CannotRead(refusal("usage.published_password", path=name)) from error
    # pikepdf says by these that a file is cut off, or that an object in it is not what it must be.
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise CannotRead(refusal("usage.published_pdf", path=name, error=first_line(error))) from error


def _unpacked(stream: Any, name: str) -> bytes:
    """The bytes of a stream, unpacked here so that a small file cannot fill the memory."""
    filters = str(stream.get("/Filter", ""))
    raw: bytes = stream.read_raw_bytes()
    if not filters:
        return raw
    if filters != "/FlateDecode" or "/DecodeParms" in stream:
        raise CannotRead(refusal("usage.published_packed", path=name, file=ATTACHED, error=filters[:60]))
    opened = zlib.decompressobj()
    try:
        content = opened.decompress(raw, MOST_BYTES)
    except zlib.error as error:
        raise CannotRead(refusal("usage.published_unpacked", path=name, file=ATTACHED, error=error)) from error
    if opened.unconsumed_tail or not opened.eof:
        raise CannotRead(refusal("usage.published_cut", path=name, file=ATTACHED, most=f"{MOST_BYTES:,}"))
    return content


def _parsed(data: bytes, name: str) -> Mapping[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
    except UnicodeDecodeError as error:
        raise CannotRead(refusal("usage.published_neither", path=name)) from error
    except RecursionError as error:
        raise CannotRead(refusal("usage.published_deep", path=name)) from error
    except ValueError as error:  # of JSON, of a key that stands twice, of a number too long to be one
        raise CannotRead(refusal("usage.published_json", path=name, file=ATTACHED, error=first_line(error))) from error
    if not isinstance(document, dict):
        raise CannotRead(refusal("usage.published_other", path=name, form=FORMAT))
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
    raise CannotRead(refusal("usage.published_deep", path=name))


def _mistakes(error: ValidationError, name: str) -> list[str]:
    several = error.errors(include_url=False, include_context=False, include_input=False)
    lines: list[str] = []
    for one in several[:_MOST_MISTAKES]:
        where = ".".join(str(part)[:60] for part in one["loc"])
        if one["type"] == "missing":
            lines.append(refusal("usage.published_missing", path=name, where=where))
        else:
            lines.append(f"{name}, {where}: {one['msg'].removeprefix('Value error, ')[:200]}.")
    if len(several) > _MOST_MISTAKES:
        lines.append(refusal("usage.and_more", path=name, n=len(several) - _MOST_MISTAKES))
    return lines
