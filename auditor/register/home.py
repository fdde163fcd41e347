"""The folder of a register: its database, the originals, and the folders through which files come and go."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from auditor.errors import BadUsage
from auditor.register import database
from auditor.register.store import Store
from auditor.wording import refusal, system_error

INBOX, DONE, QUARANTINE, REPORTS, STORE, LOCK = "inbox", "done", "quarantine", "reports", "store", ".lock"

# What was filed names persons by their ids: whoever else may read a folder, or put files into the inbox, is for its owner to say.
_OURS = 0o700


@dataclass(frozen=True)
class Home:
    """An opened register."""

    folder: Path
    engine: Engine

    @property
    def store(self) -> Store:
        """The originals."""
        return Store(self.folder / STORE)

    @property
    def inbox(self) -> Path:
        """Where files arrive."""
        return self.folder / INBOX

    @property
    def done(self) -> Path:
        """Where they lie when everything about them has been done."""
        return self.folder / DONE

    @property
    def quarantine(self) -> Path:
        """Where they lie when a person has to look at them."""
        return self.folder / QUARANTINE

    @property
    def reports(self) -> Path:
        """What was written about contestants."""
        return self.folder / REPORTS


def make(folder: Path, url: str | None) -> Home:
    """The register in a folder, made where it is not there yet; its tables may have to be renewed. Raises BadUsage where it cannot
    be made."""
    try:
        folder.mkdir(mode=_OURS, parents=True, exist_ok=True)
        for name in (INBOX, DONE, QUARANTINE, REPORTS, STORE):
            (folder / name).mkdir(mode=_OURS, exist_ok=True)
        if url is None and not (file := database.file_of(folder)).exists():
            file.touch(mode=0o600)
    except OSError as error:
        raise BadUsage(refusal("usage.folder_not_made", path=error.filename, error=system_error(error))) from error
    return Home(folder, database.connect(url or database.url_of(folder)))


def open_(folder: Path, url: str | None) -> Home:
    """The register in a folder. Raises BadUsage where there is none, or where its tables are not those of this program."""
    if not (folder / INBOX).is_dir():
        raise BadUsage(refusal("usage.no_register", folder=folder))
    home = make(folder, url)
    try:
        database.require_newest(home.engine)
    except BaseException:
        home.engine.dispose()
        raise
    return home


@contextmanager
def alone(home: Home, *, wait: bool = False) -> Iterator[bool]:
    """Whether no other pass is at work on this register; with `wait`, one of this machine is waited for. The lock ends with the
    process, however that ends."""
    with (home.folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if not database.is_postgresql(home.engine):
            yield True
            return
        with database.only_one(home.engine) as held:
            yield held
