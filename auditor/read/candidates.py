"""What was given on the command line → the files to read: files, folders, the tables that lie beside a file."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date
from pathlib import Path

from auditor.errors import CannotRead
from auditor.read import exchange_letters
from auditor.read.formats import SUFFIXES, may_hold_several
from auditor.read.hidden_files import is_hidden
from auditor.read.instructions import Instructions
from auditor.read.possible_tables import may_be_table
from auditor.tables import TABLES
from auditor.wording import Say, told_system_error

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file to read: where it is, how it is named in every answer, and which table it must be, if that is known. What the
    auditor states of the files is meant of those that he gave, not of a table that was found `beside` one or is the commission's.
    `received_on` is when it came by itself, as a filing of its own. A table that was `named` takes the place of all others of its kind.
    Of a workbook that is wanted `whole`, `table` is what its one sheet is taken for. `aside` are places in it, as they go on after its
    name, of tables that are not wanted."""

    path: Path
    name: str
    table: str | None
    _: KW_ONLY
    optional: bool
    beside: bool = False
    received_on: date | None = None
    named: bool = False
    whole: bool = False
    aside: frozenset[str] = frozenset()


def candidates(paths: Sequence[str], named: Mapping[str, str], instructions: Instructions) -> list[Candidate]:
    """The files to read for what was given: files, what lies beside them, and the tables of folders."""
    found: dict[tuple[Path, str | None], Candidate] = {}
    mapping = instructions.stated.mapping
    wanted = mapping.table if mapping is not None else "reports"

    def add(
        path: Path, name: str, table: str | None, *, optional: bool = False, beside: bool = False, named: bool = False, whole: bool = False
    ) -> None:
        one = Candidate(path, _text(name), table, optional=optional, beside=beside, named=named, whole=whole)
        # Of several tables in a file one may be named; the others are read where the file itself is given.
        only = table if named and may_hold_several(path.name) else None
        found.setdefault((path.resolve() if one.name != STANDARD_INPUT else Path(one.name), only), one)

    files = [path for path in paths if path == STANDARD_INPUT or not path or not Path(path).is_dir()]
    _must_be_files([*named.values(), *(path for path in files if path != STANDARD_INPUT)], instructions.say)
    for table, given in named.items():
        add(Path(given), given, table, beside=True, named=True)
    for given in files:
        if given == STANDARD_INPUT:
            add(Path(given), given, wanted)
            continue
        stem = Path(given).stem.lower()
        # One file alone is the reports; of several, each is what its name or its heading says.
        several = may_hold_several(given)
        alone = len(paths) == 1 and not several
        add(Path(given), given, wanted if alone else stem if stem in TABLES and not several else None)
    for given in files:
        if given != STANDARD_INPUT:
            for beside in _beside(Path(given), named):
                name = str(Path(given).parent / beside.name) if Path(given).parent != Path() else beside.name
                add(beside, name, beside.stem.lower(), beside=True)
    for given in paths:
        if given != STANDARD_INPUT and Path(given).is_dir():
            _folder(Path(given), add, wanted, instructions)
    # One that is named and lies in a folder that was given has one name; two folders may have a file of the same name, and a row must be
    # found again, so these are named by their folders too.
    names: dict[Path, str] = {}
    for (path, _), one in found.items():
        names.setdefault(path, one.name)
    times = Counter(names.values())
    return [replace(one, name=names[path] if times[names[path]] == 1 else _text(str(one.path))) for (path, _), one in found.items()]


def _text(name: str) -> str:
    """A name need not be text; what is written down must be."""
    return os.fsencode(name).decode("utf-8", errors="replace")


def _beside(path: Path, named: Mapping[str, str]) -> list[Path]:
    """The other tables that lie in the same folder under their own names."""
    others = [table for table in TABLES if table != "reports" and table not in named]
    suffixes = {"statement": (*SUFFIXES, *exchange_letters.SUFFIXES)}
    wanted = [f"{table}{suffix}" for table in others for suffix in suffixes.get(table, SUFFIXES)]
    try:
        inside = [*path.parent.iterdir()]
    except PermissionError:  # a folder that may be entered and not looked through
        inside = [path.parent / name for name in wanted]
    there: dict[str, Path] = {}
    for file in sorted(inside, key=lambda file: (file.name != file.name.lower(), file)):
        if file.is_file():
            there.setdefault(file.name.lower(), file)  # "Contestants.CSV" is the table too, where there is no other
    return [there[name] for name in wanted if name in there]


def _folder(folder: Path, add: Callable[..., None], wanted: str, instructions: Instructions) -> None:
    """Add the tables of a folder. Raises CannotRead where one inside it may not be opened: nobody knows what is there."""
    inside = [path for path in sorted(folder.rglob("*")) if not is_hidden(path.relative_to(folder).parts)]
    folders = [folder, *(path for path in inside if path.is_dir() and not path.is_symlink())]
    closed = [path for path in folders if not os.access(path, os.R_OK | os.X_OK)]
    if closed:
        denied = told_system_error(PermissionError(errno.EACCES, ""), instructions.say)
        raise CannotRead(*(instructions.say("read.system", where=_text(str(path)), error=denied) for path in closed))
    for path in inside:
        if not path.is_file() or not may_be_table(path, instructions):
            continue
        stem = path.stem.lower()
        table = stem if stem in TABLES else None
        # Every sheet of a folder's workbook is a part of it, unless one of those given was asked for.
        whole = instructions.stated.sheet is None
        add(path, str(path.relative_to(folder)), table, optional=table is None, beside=table not in (None, wanted), whole=whole)


def _must_be_files(given: Sequence[str], say: Say) -> None:
    """Raise CannotRead with a line for each of these that is none."""
    mistakes: list[str] = []
    for one in dict.fromkeys(given):
        try:
            _must_be_file(one, say)
        except CannotRead as error:
            mistakes += error.mistakes
    if mistakes:
        raise CannotRead(*mistakes)


def _must_be_file(given: str, say: Say) -> None:
    path = Path(given)
    if not given:  # a variable of a script that is not set; the working folder is not meant
        raise CannotRead(say("read.no_file", where="''"))
    if path.is_dir():
        raise CannotRead(say("read.is_folder", where=given))
    if not path.exists():
        near = [other.name for other in path.parent.glob("*") if other.suffix.lower() in SUFFIXES] if path.parent.is_dir() else []
        hint = say("read.in_that_folder", files=", ".join(sorted(near)[:6])) if near else ""
        raise CannotRead(" ".join(filter(None, (say("read.no_file", where=given), hint))))
