"""Zip archives: their files as if they lay in a folder, within limits that are checked before anything is unpacked."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from auditor.errors import CannotRead
from auditor.read.hidden_files import is_hidden
from auditor.wording import Say

MOST_FILES = 10_000
MOST_BYTES = 2_000_000_000
MOST_TIMES = 200
_LONGEST_NAME = 200
_IS_UTF8 = 0x800  # the flag of a name in UTF-8; without it zipfile reads one as of the first PCs (cp437)
_HAS_PASSWORD = 0x1
# What zipfile says of a wrong size, place or sum, of an unknown method, and of a broken stream or name.
BROKEN = (
    RuntimeError,
    zipfile.BadZipFile,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    LookupError,
    struct.error,
    zlib.error,
)


def members(
    data: bytes, name: str, suffixes: tuple[str, ...], say: Say, perhaps: tuple[str, ...] = ()
) -> Iterator[tuple[str, bytes | None]]:
    """Name inside the archive and bytes of each file, in order of name; None for the bytes of one that is hidden or has none of these
    endings, or one of which only `perhaps` a table is expected and that cannot be unpacked.

    Raises CannotRead for links, names that lead out of the archive, encrypted files, archives in archives, and too much of anything.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise CannotRead(say("read.no_zip", where=name, error=error)) from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
        if len(entries) > MOST_FILES:
            raise CannotRead(say("read.zip_files", where=name, files=f"{len(entries):,}", most=f"{MOST_FILES:,}"))
        size = sum(entry.file_size for entry in entries)
        if size > MOST_BYTES or size > MOST_TIMES * max(len(data), 100_000):
            raise CannotRead(say("read.zip_size", where=name, size=f"{size:,}", most=f"{MOST_BYTES:,}", times=MOST_TIMES))
        if twice := next((name for name, times in Counter(map(_name_in_archive, entries)).items() if times > 1), None):
            raise CannotRead(say("read.zip_twice", where=name, inner=twice[:_LONGEST_NAME]))
        if not entries:
            raise CannotRead(say("read.zip_empty", where=name))
        for entry in sorted(entries, key=lambda one: one.filename):
            filename = _name_of(entry)
            path = _path_of(entry)
            shown = _on_one_line(filename)[:_LONGEST_NAME]  # a name may hold the end of a line
            if not path.parts or path.is_absolute() or ".." in path.parts or (len(path.parts[0]) > 1 and path.parts[0][1] == ":"):
                raise CannotRead(say("read.zip_out", where=name, inner=shown))
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise CannotRead(say("read.zip_link", where=name, inner=shown))
            if is_hidden(path.parts):
                yield _name_in_archive(entry), None
                continue
            if path.suffix.lower() == ".zip":
                raise CannotRead(say("read.zip_in_zip", where=name, inner=shown))
            if path.suffix.lower() not in suffixes:
                yield _name_in_archive(entry), None
                continue
            needless = path.suffix.lower() in perhaps
            if entry.flag_bits & _HAS_PASSWORD and not needless:
                raise CannotRead(say("read.zip_password", where=name, inner=shown))
            try:
                yield _name_in_archive(entry), archive.read(entry)
            except BROKEN as error:
                if not needless:
                    raise CannotRead(say("read.zip_broken", where=name, inner=shown, error=error)) from error
                yield _name_in_archive(entry), None


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name of a file: what Windows packs here names it in the code page of its console, and says so nowhere."""
    if entry.flag_bits & _IS_UTF8 or entry.filename.isascii():
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return entry.filename


def _path_of(entry: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(_name_of(entry).replace("\\", "/"))


def _name_in_archive(entry: zipfile.ZipInfo) -> str:
    """By what the file is known in everything that is said of it, so that no two may share it."""
    return _on_one_line(str(_path_of(entry)))


def _on_one_line(name: str) -> str:
    return re.sub(r"[\r\n\t\v\f\x1c-\x1f\x85\u2028\u2029]+", " ", name)
