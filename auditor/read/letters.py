"""In which letters a text is stored: told by its bytes, or asked."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from auditor.errors import CannotRead

_CHUNK = 1 << 20
CODE_PAGES = ("cp1251", "kz1048", "ptcp154", "cp866")
# Letters that Kazakh and Russian texts are written with, besides ASCII; a code page that gives others was guessed wrongly.
_LETTERS = frozenset("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяӘҒҚҢӨҰҮҺІәғқңөұүһі")
_SIGNS = frozenset("№«»–—„“”‘’‚…•§°±·\u00a0₸€©®™¬\u00ad")


def encoding_of(head: bytes, path: Path, data: bytes | None, name: str, *, streamed: bool) -> tuple[str, bool]:
    """The encoding, and whether the bytes themselves say so. A file to be streamed is looked at by its `head` alone."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", True
    if streamed:
        # Polars refuses a broken letter itself, so a large file that begins well is not decoded twice.
        if is_utf8(path, head[: head.rfind(b"\n") + 1]):
            return "utf-8", True
    elif is_utf8(path, data):
        return "utf-8", True
    return code_page(path, data, name)


def code_page(path: Path, data: bytes | None, name: str, pages: Sequence[str] = CODE_PAGES) -> tuple[str, bool]:
    """The one of these code pages in which the letters make words. Raises CannotRead where none does, or where several do."""
    raw = data if data is not None else path.read_bytes()
    broken = _first_broken(raw)
    if _has_utf8_letters(raw):
        raise CannotRead(
            f"{name}: byte {broken + 1} (row about {raw[:broken].count(10) + 1}) is not UTF-8 though the rest is; ask for the file again."
        )
    readings: dict[str, str] = {}
    for page in pages:
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


def is_utf8(path: Path, data: bytes | None) -> bool:
    """Whether all of it is UTF-8, read a megabyte at a time."""
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


def decoded(raw: bytes, encoding: str, name: str) -> str:
    """The text without its byte order mark. Raises CannotRead for a byte that the encoding does not have."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise CannotRead(f"{name}: byte {error.start + 1} is not {encoding}; ask for the file again.") from error
    if "\0" in text:
        raise CannotRead(f"{name}: the file has NUL characters, so it is not a table; save it as CSV in UTF-8.")
    return text.removeprefix("\ufeff")
