"""In which letters a text is stored: told by its bytes, or asked."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from auditor.errors import CannotRead
from auditor.wording import Say

_CHUNK = 1 << 20
CODE_PAGES = ("cp1251", "kz1048", "ptcp154", "cp866")
# Letters that Kazakh and Russian texts are written with, besides ASCII; a code page that gives others was guessed wrongly.
_LETTERS = frozenset("АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяӘҒҚҢӨҰҮҺІәғқңөұүһі")
_KAZAKH = frozenset("ӘҒҚҢӨҰҮҺІәғқңөұүһі")
# The bytes of the others (Ғ, Ө, Ұ, Ү) are letters of Ukrainian or Belarusian in other code pages, and І is theirs too.
_KAZAKH_ALONE = frozenset("ӘҚҢҺәқңһ")
_GROUPED = re.compile(r"(?<![^\s;,\"])[0-9]{1,3}(?:[^\W\d_][0-9]{3})+(?![0-9])")
_ENOUGH = 3  # so many Kazakh letters are no accident
_ASCII = bytes(range(0x80))
_SIGNS = frozenset("№«»–—„“”‘’‚…•§°±·\u00a0₸€©®™¬\u00ad")


def encoding_of(head: bytes, path: Path, data: bytes | None, name: str, say: Say, *, streamed: bool) -> tuple[str, bool]:
    """The encoding, and whether the bytes themselves say so. A file to be streamed is looked at by its `head` alone."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", True
    if streamed:
        # Polars refuses a broken letter itself, so a large file that begins well is not decoded twice.
        if is_utf8(path, head[: head.rfind(b"\n") + 1]):
            return "utf-8", True
    elif is_utf8(path, data):
        return "utf-8", True
    return code_page(path, data, name, say)


def tells_utf8(path: Path, data: bytes | None) -> bool:
    """Whether the bytes say by themselves that they are UTF-8: they are, and have letters that are none in another encoding."""
    with _opened(path, data) as source:
        beyond_ascii = any(not chunk.isascii() for chunk in iter(lambda: source.read(_CHUNK), b""))
    return beyond_ascii and is_utf8(path, data)


def code_page(path: Path, data: bytes | None, name: str, say: Say, pages: Sequence[str] = CODE_PAGES) -> tuple[str, bool]:
    """The one of these code pages in which the letters make words, and whether Kazakh letters prove it.

    Raises CannotRead where none does, or where several do."""
    raw = data if data is not None else path.read_bytes()
    broken = _first_broken(raw)
    if _has_utf8_letters(raw):
        raise CannotRead(say("read.broken_utf8", where=name, byte=broken + 1, row=raw[:broken].count(10) + 1))
    readings: dict[str, str] = {}
    for page in pages:
        try:
            text = raw.decode(page)
        except UnicodeDecodeError:
            continue
        # The Windows code pages share the Russian letters: without a Kazakh one nobody can tell them apart, and nothing depends on it.
        if {character for character in set(text) if character > "\x7f"} <= _LETTERS | _SIGNS and _like_words(text):
            readings.setdefault(text, page)
    if len(readings) > 1:
        readings = {text: page for text, page in readings.items() if not _only_parts_amounts(text)} or readings
    if len(readings) > 1:
        shown = f" {say('read.or')} ".join(f"{page}: {_sample(text)}" for text, page in readings.items())
        raise CannotRead(say("read.two_letters", where=name, shown=shown, encoding=next(iter(readings.values()))))
    if readings:
        text, page = next(iter(readings.items()))
        return page, sum(text.count(letter) for letter in _KAZAKH) >= _ENOUGH and not _KAZAKH_ALONE.isdisjoint(text)
    letters = {character for character in set(raw.decode("kz1048", errors="replace")) if character > "\x7f"}
    odd = " ".join(sorted(letters - _LETTERS - _SIGNS or letters)[:8])  # none is odd by itself where they make no words
    raise CannotRead(say("read.no_letters", where=name, odd=odd))


def _like_words(text: str) -> bool:
    """Whether letters stand where words have them: in a wrong code page "Иванов" becomes "йБЮМНБ", and "Müller" "Mьller"."""
    letters = len(text) - len(text.encode("ascii", errors="ignore"))
    odd = len(re.findall("[а-яёәғқңөұүһі][А-ЯЁӘҒҚҢӨҰҮҺІ]", text)) * 8
    mixed = len(re.findall("[A-Za-z][а-яёәғқңөұүһі]|[а-яёәғқңөұүһі][A-Za-z]", text)) * 4
    return odd <= letters and mixed <= letters


def _only_parts_amounts(text: str) -> bool:
    """Whether all that is beyond ASCII is one letter that parts the groups of amounts: "7а000а000" is "7 000 000" in another code page."""
    letters = {letter for letter in text if letter > "\x7f"}
    return len(letters) == 1 and letters <= _LETTERS and letters.isdisjoint(_GROUPED.sub("", text))


def _sample(text: str) -> str:
    """The first word with a letter beyond ASCII."""
    return next((word[:20] for word in re.split(r"[\s,;\"]+", text) if any(letter > "\x7f" for letter in word)), "")


def is_utf8(path: Path, data: bytes | None) -> bool:
    """Whether all of it is UTF-8, read a megabyte at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _opened(path, data) as source:
        try:
            while chunk := source.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _opened(path: Path, data: bytes | None) -> BinaryIO:
    return io.BytesIO(data) if data is not None else path.open("rb")


def _first_broken(raw: bytes) -> int:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(raw)


def _has_utf8_letters(raw: bytes) -> bool:
    """Cyrillic in UTF-8 is D0/D1/D2/D3 and a continuation byte, over and over; in a code page that pair is a rare accident."""
    pairs = len(re.findall(rb"[\xd0-\xd3][\x80-\xbf]", raw))
    return pairs * 2 > len(raw.translate(None, _ASCII)) // 2


def decoded(raw: bytes, encoding: str, name: str, say: Say) -> str:
    """The text without its byte order mark. Raises CannotRead for a byte that the encoding does not have."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise CannotRead(say("read.not_encoding", where=name, byte=error.start + 1, encoding=encoding)) from error
    if "\0" in text:
        raise CannotRead(say("read.nul", where=name))
    return text.removeprefix("\ufeff")
