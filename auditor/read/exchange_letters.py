"""What an exchange file of the banks is known by, and its letters, told by its keys: each bank writes others, and says so or not."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from auditor.errors import CannotRead
from auditor.read.letters import code_page
from auditor.wording import Say

SUFFIXES = (".txt", ".1c")
HEAD = 256
_MARK = "1CClientBankExchange"
_WINDOWS = ("cp1251", "kz1048", "ptcp154")
# Keys that stand at the top of every such file. The letters in which they can be read are those of the file.
_KEYS = re.compile(
    r"(?:^|[\r\n])[ \t]*(?:версияформата|кодировка|отправитель|получатель|дата\w+|время\w+|расчсчет|секция\w+|конецфайла)"
    r"[ \t]*(?:[=\r\n]|$)"
)
_STRUCTURE = ("секция", "конец")
_TOP = 65_536


def is_exchange(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an exchange file, in whatever letters."""
    text = head[:HEAD].decode(_wide(head) or "latin-1", errors="ignore")
    first = re.split(r"[\r\n]", text.removeprefix("\ufeff").removeprefix("ï»¿"), maxsplit=1)[0]
    return first.strip().casefold() == _MARK.casefold()


def is_exchange_file(path: Path) -> bool:
    """The same of a file on disk; one that cannot be opened is left to who reads it."""
    try:
        with path.open("rb") as source:
            return is_exchange(source.read(HEAD))
    except OSError:
        return False


def _wide(data: bytes) -> str | None:
    """The UTF-16 that a text is in, by its mark or by the NUL beside its first character."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return {b"1\0": "utf-16-le", b"\x001": "utf-16-be"}.get(data[:2])


def encoding_of(data: bytes, name: str, say: Say, said: str | None) -> str:
    """The letters in which the keys can be read; `Кодировка=` is itself such a key, so that it can only agree.

    The Windows code pages have the same letters for the keys: there the auditor tells, or else the values.
    """
    if (wide := _wide(data)) is not None:
        return wide
    head = data[:_TOP]
    page = next((page for page in ("utf-8", "cp1251", "cp866") if _KEYS.search(head.decode(page, errors="replace").casefold())), said)
    if page is None:
        raise CannotRead(say("read.exchange_no_keys", file=name, encoding=", ".join(("utf-8", *_WINDOWS, "cp866"))))
    if page != "cp1251":
        return page
    if said in _WINDOWS:
        return said
    # The keys have capitals in the middle of words, which elsewhere are the mark of a wrong code page.
    lines = re.split(rb"[\r\n]+", data)
    values = [line.partition(b"=")[2] if b"=" in line else line for line in lines if not _is_structure(line)]
    return code_page(Path(name), b"\n".join(values), name, say, _WINDOWS)[0]


def _is_structure(line: bytes) -> bool:
    return line.lstrip()[:6].decode("cp1251", errors="replace").casefold().startswith(_STRUCTURE)


def decoded(data: bytes, encoding: str, name: str, say: Say) -> str:
    """The text in these letters. Raises CannotRead where they are not its letters, as its keys cannot be read in them."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CannotRead(say("read.exchange_broken_letters", file=name, byte=error.start + 1, encoding=encoding)) from error
    if "\0" in text:
        raise CannotRead(say("read.exchange_nul", file=name))
    text = text.removeprefix("\ufeff")
    if not _KEYS.search(text[:_TOP].casefold()):
        raise CannotRead(say("read.exchange_no_keys", file=name, encoding=encoding))
    return text


def agrees(stated: str, read_as: str) -> bool:
    """Whether what `Кодировка=` states can be the letters that the file was read in."""
    word = stated.casefold().replace("-", "")
    if "utf" in word:
        return read_as.startswith("utf")
    return read_as == "cp866" if word.startswith("dos") or "866" in word else read_as in _WINDOWS
