"""The inbox: which of its files have arrived whole."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LARGEST = 512 * 1024 * 1024
"""Bytes of a file that is taken; a larger one is no filing, and reading it could end the program."""
_COMING = (".part", ".tmp", ".crdownload", ".filepart", ".partial")


@dataclass(frozen=True)
class Seen:
    """A file of the inbox: its name below the inbox, its size, when it was last changed, when it was put there, as far as its file
    system tells: the last change of its name or rights too (both in nanoseconds), and the number that the file system knows it by."""

    path: Path
    name: str
    size: int
    changed: int
    put: int
    inode: int

    @property
    def mark(self) -> str:
        """Which file it was: another one of the same name has another size or time."""
        return f"{self.name}|{self.size}|{self.changed}"

    def read(self) -> bytes | None:
        """Its bytes; None where it has changed, or something else stands there by now: whoever may write into the inbox may put a link
        to what only the pass may read in its place. Raises OSError where it cannot be read."""
        try:
            handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOENT, errno.ENOTDIR):
                return None
            raise
        with open(handle, "rb") as file:  # noqa: PTH123
            if not self.is_still(os.fstat(handle)):
                return None
            content = file.read(self.size + 1)
            return content if self.is_still(os.fstat(handle)) and len(content) == self.size else None

    def is_still(self, there: os.stat_result) -> bool:
        """Whether what stands there now is that very file."""
        same = (there.st_ino, there.st_size, there.st_mtime_ns) == (self.inode, self.size, self.changed)
        return same and stat.S_ISREG(there.st_mode)


def settled(inbox: Path, seconds: float, sleep: Callable[[float], None]) -> tuple[list[Seen], list[str]]:
    """The files that did not change for so many seconds, and the names of those that did, or that are not taken: what is no file,
    files that are too large, and those whose name says that they are still coming."""
    first = look(inbox)
    if first and seconds > 0:
        sleep(seconds)
        second = {one.mark for one in look(inbox)}
    else:
        second = {one.mark for one in first}
    taken = [one for one in first if one.mark in second and one.size <= LARGEST and not one.name.lower().endswith(_COMING)]
    names = {one.name for one in taken}
    waiting = sorted({one.name for one in first} - names | _no_files(inbox))
    return taken, waiting


def is_passed_over(name: str) -> bool:
    """Whether it is the name of a hidden file, or of one that an office program has while a person works."""
    return name.startswith((".", "~$"))


def look(inbox: Path) -> list[Seen]:
    """The files in the inbox and its folders, but for hidden ones, in the order in which they came: a later one may correct an earlier."""
    found = []
    for path in sorted(inbox.rglob("*")):
        name = _name(path, inbox)
        if any(map(is_passed_over, name.split("/"))):
            continue
        try:
            there = path.lstat()
        except OSError:
            continue  # it has just gone
        if stat.S_ISREG(there.st_mode):
            found.append(Seen(path, name, there.st_size, there.st_mtime_ns, there.st_ctime_ns, there.st_ino))
    return sorted(found, key=lambda one: (one.put, one.name))


def _name(path: Path, inbox: Path) -> str:
    # A name need not be text; what is written down must be.
    return os.fsencode(path.relative_to(inbox).as_posix()).decode("utf-8", errors="backslashreplace")


def _no_files(inbox: Path) -> set[str]:
    """Links, pipes and the like."""
    return {_name(path, inbox) for path in inbox.rglob("*") if path.is_symlink() or not (path.is_file() or path.is_dir())}
