"""Zip archives: their files as if they lay in a folder, within limits that are checked before anything is unpacked."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from auditor.errors import CannotRead

MOST_FILES = 10_000
MOST_BYTES = 2_000_000_000
MOST_TIMES = 200


def members(data: bytes, name: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Name inside the archive and bytes of each file with one of these endings, in order of name.

    Raises CannotRead for links, names that lead out of the archive, encrypted files, archives in archives, and too much of anything.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise CannotRead(f"{name}: it cannot be opened as a zip archive ({error}).") from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES:
            raise CannotRead(f"{name}: {len(entries):,} files are more than an archive may have ({MOST_FILES:,}).")
        size = sum(entry.file_size for entry in entries)
        if size > MOST_BYTES or size > MOST_TIMES * max(len(data), 100_000):
            raise CannotRead(
                f"{name}: it would unpack to {size:,} bytes; an archive may have {MOST_BYTES:,} and {MOST_TIMES} times its size."
            )
        for entry in sorted(entries, key=lambda one: one.filename):
            path = PurePosixPath(entry.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or (len(path.parts[0]) > 1 and path.parts[0][1] == ":"):
                raise CannotRead(f"{name}: the name {entry.filename!r} leads out of the archive.")
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise CannotRead(f"{name}: {entry.filename!r} is a link; an archive may have files only.")
            if path.name.startswith((".", "~$")) or "__MACOSX" in path.parts:
                continue
            if path.suffix.lower() == ".zip":
                raise CannotRead(f"{name}: {entry.filename!r} is an archive in the archive; unpack it first.")
            if path.suffix.lower() not in suffixes:
                continue
            try:
                yield str(path), archive.read(entry)
            # zipfile says so of a password, of a wrong size or sum, of an unknown method, and of a broken stream.
            except (RuntimeError, zipfile.BadZipFile, NotImplementedError, OSError, EOFError, zlib.error) as error:
                raise CannotRead(f"{name}: {entry.filename!r} cannot be unpacked ({error}).") from error
