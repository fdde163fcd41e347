"""Everything that some contestants filed, checked together as one audit; each contestant's answer for the register."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from auditor.almaty import day_in_almaty
from auditor.model.audit import Audit
from auditor.publish.fingerprint import code_digest
from auditor.read.candidates import Candidate
from auditor.register.arrivals import Arrival
from auditor.register.home import Home
from auditor.register.runs import Answer, AppliedLaw
from auditor.render.data import document
from auditor.render.split import only
from auditor.rulebook.load import Rulebook
from auditor.wording import Words
from auditor.workflow import Request, Scope, audit


@dataclass(frozen=True)
class OnFile:
    """What is checked: each contestant's arrivals in order of versions, and the commission's own tables (file and SHA-256)."""

    filed: Mapping[str, Sequence[Arrival]]
    own: Mapping[str, tuple[str, str]]
    rulebook: Rulebook
    lang: str

    def made_from(self, contestant_id: str) -> str:
        """SHA-256 of everything that the answer on a contestant depends on, but for the day."""
        told = {
            "program": [program_label(), code_digest()],
            "law": self.rulebook.sha256,
            "overrides": dict(self.rulebook.overrides),
            "lang": self.lang,
            "own": {table: sha256 for table, (_, sha256) in self.own.items()},
            "filed": [[one.id, one.sha256] for one in self.filed[contestant_id]],
        }
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def law(self, as_of: date) -> AppliedLaw:
        """By what a run is made."""
        election = self.rulebook.election
        asked = json.dumps({"overrides": dict(self.rulebook.overrides)}, ensure_ascii=False, sort_keys=True)
        return AppliedLaw(as_of.isoformat(), election.version, self.rulebook.sha256, program_label(), asked)


@cache
def program_label() -> str:
    """Name and version of this program and of the engine under it."""
    return f"audit {version('campaign-finance-auditor')}, polars {version('polars')}"


def checked(home: Home, books: OnFile, contestants: Sequence[str], as_of: date, words: Words, *, lines: bool = False) -> Audit:
    """The audit of everything that these contestants filed; with the lines themselves where they are to be compared. Raises AuditError
    where it cannot be made."""
    with _files(home, books, contestants) as files:
        request = Request([one.name for one in files], as_of, scope=Scope(tuple(contestants)), for_report=True, lines=lines, files=files)
        return audit(request, books.rulebook, words)


def has_report(made: Audit, contestant_id: str) -> bool:
    """Whether any file has a line of a report of this contestant."""
    reports = {(one.file, one.sheet) for one in made.inputs if one.table == "reports"}
    return any(not reports.isdisjoint(one.files) for one in made.contestants if one.contestant_id == contestant_id)


def answers(made: Audit, books: OnFile, contestants: Sequence[str]) -> list[Answer]:
    """What the audit says of each of them."""
    given = []
    for cid in contestants:
        part = only(made, cid)
        assessed = frozenset(one.rule for one in part.coverage if one.tells_all_of(cid))
        given.append(Answer(cid, books.made_from(cid), document(part)["findings"], assessed, len(part.problems)))
    return given


@contextmanager
def _files(home: Home, books: OnFile, contestants: Sequence[str]) -> Iterator[list[Candidate]]:
    """The originals under their own names, for a reader that looks at how a name ends."""
    with tempfile.TemporaryDirectory(prefix="audit-inbox-") as name:
        folder = Path(name)
        files: dict[str, Candidate] = {}
        for table, (file, sha256) in books.own.items():
            named = file if file not in files else f"{table} {file}"
            files[named] = Candidate(_linked(home, folder / table, file, sha256), named, table, optional=False, beside=True)
        for cid in contestants:
            for one in books.filed[cid]:
                received = day_in_almaty(datetime.fromisoformat(one.arrived_at))
                files[one.label] = Candidate(
                    _linked(home, folder, one.file_name, one.sha256), one.label, None, optional=False, received_on=received
                )
        yield list(files.values())


def _linked(home: Home, folder: Path, name: str, sha256: str) -> Path:
    home.store.get(sha256)  # what has been changed in the store is never checked
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.symlink_to(home.store.path(sha256).absolute())
    return path
