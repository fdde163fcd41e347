"""Libraries in Rust panic on some broken files: they print a report of their own and raise what is no Exception. Here it becomes one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from auditor.errors import first_line


class Panicked(Exception):
    """A library gave up on a broken file."""


@contextmanager
def contained() -> Iterator[None]:
    """Raise Panicked for a panic, and keep what the library prints of it from the screen: nothing that any thread of the process prints
    on standard error is seen meanwhile."""
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    kept = os.dup(2)
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 2)
        os.close(silent)
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Panicked(first_line(error)) from error
    finally:
        os.dup2(kept, 2)
        os.close(kept)
