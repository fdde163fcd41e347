"""Standard output and error as every command needs them, whatever they lead to: a terminal, a pipe that closes, a full disk, nothing."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
from contextlib import suppress
from typing import Any

_OUT = 1
_WIDEST_SCREEN = 140


class _Pipe(io.FileIO):
    """Standard output of which the reader may go away (`| head`): that is no failure, and changes no exit status."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            if error.errno != (errno.EINVAL if os.name == "nt" else errno.EPIPE):  # so Windows calls a closed pipe
                raise
            _drop()
            return len(data)


def prepare() -> None:
    """Give the command streams that can be written to. What is no terminal gets UTF-8, whatever the locale is: a document has the same
    bytes on every machine. With PYTHONUNBUFFERED what a full disk does not take is lost without a word; a buffer tells."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started us
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    if not _is_real():
        return
    out = sys.stdout
    out.flush()
    if out.isatty():
        if isinstance(out, io.TextIOWrapper):
            out.reconfigure(errors="backslashreplace")  # a letter that the terminal has not is no failure of the program
    else:
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(_Pipe(_OUT, "w", closefd=False)), "utf-8", "surrogateescape", newline="")


def finish() -> None:
    """Write what is still in the buffer. Raises OSError where it cannot be."""
    sys.stdout.flush()


def to_nowhere() -> None:
    """Write what is still in the buffer, or where that cannot be, send it nowhere: Python would complain of it at the end."""
    with suppress(OSError):
        sys.stdout.flush()
    _drop()


def _drop() -> None:
    if _is_real():
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _OUT)
        os.close(nowhere)


def _is_real() -> bool:
    """Whether what is printed goes to standard output, and not to who calls the command from Python."""
    try:
        return sys.stdout.fileno() == _OUT
    except (AttributeError, OSError):
        return False


def screen_width() -> int:
    """The columns of the terminal that a text may fill; long lines are hard to read."""
    return min(shutil.get_terminal_size((100, 24)).columns, _WIDEST_SCREEN)
