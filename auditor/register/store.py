"""Original bytes, kept once under their SHA-256 and never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from auditor.errors import CannotRead
from auditor.wording import refusal, system_error


class Store:
    """A folder of originals: `ab/cd/<sha256>`, read-only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where an original is."""
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def put(self, content: bytes) -> str:
        """Keep the bytes; their SHA-256. What is there already stays as it is, unless it is no longer what its name says. When this
        returns they are on the disk."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        self._coming.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._coming, prefix=f"{os.getpid()}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o400)
            Path(name).replace(path)
            _on_disk(path.parent)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return sha256

    @property
    def _coming(self) -> Path:
        return self.folder / ".new"

    def sweep(self) -> None:
        """Remove what programs that were killed left half-written."""
        for path in self._coming.glob("*-*") if self._coming.is_dir() else ():
            number = path.name.partition("-")[0]
            if not number.isdigit() or int(number) == os.getpid() or not _runs(int(number)):
                path.unlink(missing_ok=True)

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises CannotRead where they are not there or not those any more."""
        try:
            content = self.path(sha256).read_bytes()
        except OSError as error:
            raise CannotRead(refusal("usage.original_missing", sha256=sha256[:12], error=system_error(error))) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CannotRead(refusal("usage.original_changed", sha256=sha256[:12]))
        return content

    def all(self) -> Iterator[str]:
        """The SHA-256 of every original, by the names of the files."""
        for path in sorted(self.folder.glob("??/??/*")):
            if not path.name.startswith("."):
                yield path.name


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's
    return True


def _on_disk(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
