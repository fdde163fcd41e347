"""One pass over the inbox. Each step is one transaction and can be done again: a pass that was killed is finished by the next."""

from __future__ import annotations

import errno
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from auditor.almaty import day_in_almaty
from auditor.errors import AuditError
from auditor.inbox import notices
from auditor.inbox.checking import Books, answers, checked
from auditor.inbox.history import dated, days
from auditor.inbox.scan import Seen, look, settled
from auditor.inbox.settings import Settings
from auditor.inbox.whose import whose
from auditor.inbox.writing import Writing, whole
from auditor.masking import harmless, mask_anywhere, shortened
from auditor.model.audit import Audit
from auditor.read.instructions import Instructions
from auditor.register import arrivals, runs
from auditor.register.arrivals import Arrival
from auditor.register.database import Connection, again
from auditor.register.home import Home
from auditor.rulebook.load import Rulebook, load
from auditor.wording import Words
from auditor.wording import load as words_of

WHO = "audit inbox"
ATTEMPTS = 3
"""How often reading a file, or checking it with others, and then checking it alone, may end the program."""
_MACHINE = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EACCES))
AT_ONCE = 50
"""Contestants who are audited again at once, where only their reports are missing."""
PAUSES = (0.2, 1.0, 3.0, 10.0, 30.0)
"""Seconds to wait for a database that is locked or was lost, before the pass gives up; the next one goes on where it was."""
T = TypeVar("T")


@dataclass
class Summary:
    """What a pass did."""

    taken: int = 0
    copies: int = 0
    checked: list[str] = field(default_factory=list)
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    done: int = 0
    waiting: list[str] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    sent: int = 0
    unsent: int = 0


@dataclass
class Pass:
    """A pass with everything that it depends on: the time is given, and so is the way of waiting. `step` is told what was just done."""

    home: Home
    settings: Settings
    now: datetime
    sleep: Callable[[float], None]
    writing: Writing
    step: Callable[[str], None] = lambda name: None

    def __post_init__(self) -> None:
        self.rulebook: Rulebook = load(self.settings.rulebook).with_overrides(dict(self.settings.set))
        self.words: Words = words_of(self.settings.lang)
        self.election = self.rulebook.election.id
        self.at = self.now.astimezone(UTC).isoformat(timespec="seconds")
        self.summary = Summary()
        self._made: list[tuple[list[str], Audit]] = []
        self._begun: set[int] = set()

    def run(self, *, recheck: bool = False) -> Summary:
        """Take in, tell whose, check, record, report, move, notify. Raises BadUsage for a database and OSError for a disk that cannot
        be used: what was done stays done, and the next pass goes on."""
        self.home.store.sweep()
        self._in_one(lambda connection: arrivals.begin(connection, self.election, self.settings.rulebook))
        self._take_in()
        self._tell_whose()
        self._check(recheck=recheck)
        self._report()
        self._move()
        self.summary.sent, self.summary.unsent = notices.send(self.home, self.settings, self.now, self._in_one)
        self.step("sent")
        return self.summary

    def _in_one(self, work: Callable[[Connection], T]) -> T:
        """One transaction, tried again where the database was locked or lost for a moment."""

        def whole() -> T:
            with self.home.engine.begin() as connection:
                return work(connection)

        return again(whole, PAUSES, self.sleep)

    def _take_in(self) -> None:
        files, self.summary.waiting = settled(self.home.inbox, self.settings.settle_seconds, self.sleep)
        for seen in files:
            try:
                content = seen.path.read_bytes()
            except FileNotFoundError:
                continue  # taken away again
            except OSError:
                self.summary.waiting.append(seen.name)  # it may not be read
                continue
            if len(content) != seen.size:
                self.summary.waiting.append(seen.name)
                continue
            sha256 = self.home.store.put(content)
            self.step("stored")
            self._receive(seen, sha256, len(content))
            self.step("arrived")

    def _receive(self, seen: Seen, sha256: str, size: int) -> None:
        made = self._in_one(lambda c: arrivals.receive(c, self.election, seen.name, seen.mark, sha256, size, self.at, "inbox", WHO))
        if made.state == "stored" and made.attempts == 0:
            self.summary.taken += 1
            self.summary.copies += made.same_as is not None

    def _tell_whose(self) -> None:
        known = self._in_one(lambda connection: arrivals.contestants(connection, self.election))
        asked = Instructions(self.rulebook.headings, self.words)
        for one in self._in_one(lambda connection: arrivals.in_state(connection, self.election, "stored")):
            if one.whose and one.attempts:
                continue  # an earlier pass has told; where nobody has tried, somebody asked to have it told anew
            begun = self._in_one(lambda connection, one=one: arrivals.attempt(connection, one.id))  # type: ignore[misc]
            self.step("begun")
            if begun > ATTEMPTS:
                self._quarantine(one, self.words("inbox.ends_the_program", n=ATTEMPTS, count=ATTEMPTS))
                continue
            if self._in_one(lambda connection, one=one: self._copy(connection, one)):  # type: ignore[misc]
                self.step("copied")
                continue
            try:
                with _named(self.home, one) as path:
                    found = whose(path, one.name, known, asked, self.words)
            except AuditError as error:
                self._quarantine(one, _plain("; ".join(error.mistakes)))
                continue
            except Exception as error:  # whatever it is, it must not stop the other files
                if _of_the_machine(error):
                    raise
                self._quarantine(one, self.words("inbox.program_error", error=type(error).__name__))
                self.summary.failed.append(f"{one.name}: {type(error).__name__}")
                continue
            if not found.contestants:
                self._quarantine(one, found.said or "")
                continue
            self._in_one(
                lambda connection, one=one, found=found: arrivals.belongs_to(  # type: ignore[misc]
                    connection, self.election, one.id, found.contestants, found.said
                )
            )
            if found.said is not None:  # lines of somebody whom the register does not know: a person has to look
                self.summary.failed.append(f"{one.name}: {found.said}")
            self.step("told")

    def _copy(self, connection: Connection, one: Arrival) -> bool:
        """A copy of what stands is no new version: it is done, and says so. One of what was replaced since brings it back."""
        earlier = arrivals.copied(connection, self.election, one.id, one.sha256)
        if earlier is None:
            return False
        reason = self.words("inbox.copy", number=earlier)
        arrivals.becomes(connection, one.id, "done", self.at, WHO, reason)
        return True

    def _quarantine(self, one: Arrival, reason: str) -> None:
        def work(connection: Connection) -> None:
            arrivals.becomes(connection, one.id, "quarantined", self.at, WHO, shortened(reason, 2000))
            notices.about_quarantine(connection, self.settings, self.words, one, self.at)

        self._in_one(work)
        self.summary.quarantined.append((one.name, reason))
        self.step("quarantined")

    def _check(self, *, recheck: bool) -> None:
        """Check every contestant of whom there is something new: a file, another law, another table of the commission."""
        books = self._books()
        before = self._in_one(lambda connection: runs.made_from(connection, self.election))
        changed = [cid for cid in books.filed if recheck or before.get(cid) != books.made_from(cid)]
        alone = [cid for cid in changed if any(one.state == "stored" and one.attempts >= ATTEMPTS for one in books.filed[cid])]
        together = [cid for cid in changed if cid not in set(alone)]
        if together:
            self._begin_check(books, together)
            self._check_these(books, together)
        for cid in alone:  # checking a file of theirs with others ended the program, perhaps
            if self._begin_check(books, [cid]):
                self._check_these(books, [cid])
        fresh = self._in_one(lambda connection: arrivals.in_state(connection, self.election, "stored"))
        for one in fresh:
            if one.whose:  # nothing of it changed the answer, or the answer was recorded by a pass that was then stopped
                self._in_one(lambda connection, one=one: arrivals.becomes(connection, one.id, "checked", self.at, WHO))  # type: ignore[misc]
                self.step("passed")

    def _books(self) -> Books:
        def read(connection: Connection) -> Books:
            filed = arrivals.filed(connection, self.election)
            return Books(filed, arrivals.own_tables(connection, self.election), self.rulebook, self.words.lang)

        return self._in_one(read)

    def _begin_check(self, books: Books, contestants: Sequence[str]) -> bool:
        """Count that a check of their new files begins; whether it may. Files that ended the program too often are quarantined."""
        new = {one.id: one for cid in contestants for one in books.filed[cid] if one.state == "stored" and one.id not in self._begun}
        self._begun |= new.keys()
        begun = self._in_one(lambda connection: {number: arrivals.attempt(connection, number) for number in new})
        ending = [one for number, one in new.items() if begun[number] > 2 * ATTEMPTS]
        for one in ending:
            self._quarantine(one, self.words("inbox.ends_the_program", n=2 * ATTEMPTS, count=2 * ATTEMPTS))
        return not ending

    def _check_these(self, books: Books, changed: Sequence[str]) -> None:
        """One audit for all of them; where it cannot be made, one for each half, until it is known whose files stop it."""
        try:
            made = checked(self.home, books, changed, day_in_almaty(self.now), self.words)
            given = answers(made, books, changed)
        except Exception as error:  # one filing must not stop the others
            if _of_the_machine(error):
                raise
            if len(changed) > 1:
                half = len(changed) // 2
                self._check_these(books, changed[:half])
                self._check_these(books, changed[half:])
                return
            said = "; ".join(error.mistakes) if isinstance(error, AuditError) else type(error).__name__
            self.summary.failed.append(f"{changed[0]}: {_plain(said)}")
            for one in self._in_one(lambda connection: arrivals.in_state(connection, self.election, "stored")):
                if set(one.whose) == {changed[0]}:  # a file of others too has to stay: what is known of them rests on it
                    self._quarantine(one, self.words("inbox.cannot_check", reason=_plain(said)))
            return
        self._say_what_was_replaced(made)
        self.step("audited")
        self.writing.due_are({*self.writing.due(), *changed})

        def record(connection: Connection) -> dict[str, list[str]]:
            changes = runs.record(connection, self.election, self.at, books.law(made.as_of), given, WHO)
            for one in arrivals.in_state(connection, self.election, "stored"):
                if one.whose and set(one.whose) <= set(changed):
                    arrivals.becomes(connection, one.id, "checked", self.at, WHO)
            filed = {cid: books.filed[cid][-1].id for cid in changed}
            notices.about_check(connection, self.settings, self.words, given, filed, changes, self.at)
            return changes

        for what, keys in self._in_one(record).items():
            self.summary.changes[what] = self.summary.changes.get(what, 0) + len(keys)
        self.summary.checked += changed
        self._made.append((list(changed), made))
        self.step("recorded")

    def _say_what_was_replaced(self, made: Audit) -> None:
        """Two files that came together and hold the same report may be its two parts, of which the first counts no more."""
        fresh = Counter(cid for one in self._in_one(lambda c: arrivals.in_state(c, self.election, "stored")) for cid in one.whose)
        for one in made.contestants:
            if one.superseded and fresh[one.contestant_id] > 1:
                reports = ", ".join(one.superseded)
                self.summary.failed.append(self.words("inbox.two_of_one_pass", id=one.contestant_id, reports=reports))

    def _report(self) -> None:
        """Write the reports of those who were checked, and a receipt for each of their files. What a pass that was stopped left
        unwritten, this one writes, few at once, so that one that is stopped too has done some of it."""
        files = self._in_one(lambda connection: arrivals.in_state(connection, self.election, "checked"))
        unwritten = {*self.writing.due(), *(cid for one in files for cid in one.whose)}
        for some, made in self._made:
            self._write_about(some, made, files)
            unwritten -= set(some)
            files = self._done(files, unwritten)
        books = self._books() if unwritten else None
        left = sorted(cid for cid in unwritten if books is not None and cid in books.filed)
        for some in (left[n : n + AT_ONCE] for n in range(0, len(left), AT_ONCE)):
            assert books is not None  # someone is left
            self._write_about(some, checked(self.home, books, some, day_in_almaty(self.now), self.words), files)
            unwritten -= set(some)
            files = self._done(files, unwritten)
        self._done(files, ())
        self.writing.due_are(())

    def _done(self, files: Sequence[Arrival], unwritten: Collection[str]) -> list[Arrival]:
        """Those files are done whose contestants all have their reports; the others."""
        finished = [one for one in files if not set(one.whose) & set(unwritten)]

        def work(connection: Connection) -> None:
            for one in finished:
                arrivals.becomes(connection, one.id, "done", self.at, WHO)

        if finished:
            self._in_one(work)
        for _ in finished:
            self.summary.done += 1
            self.step("done")
        if self.writing.due():
            self.writing.due_are(unwritten)
        gone = {one.id for one in finished}
        return [one for one in files if one.id not in gone]

    def _write_about(self, contestants: Sequence[str], made: Audit, files: Sequence[Arrival]) -> None:
        made = dated(made, self._in_one(lambda connection: days(connection, self.election)), None)
        self.summary.failed += self.writing.reports(made, self.words)
        self.step("reported")
        self.writing.receipts(made, [one for one in files if set(one.whose) & set(contestants)], self.words)

    def _move(self) -> None:
        """What is done with leaves the inbox; a note beside it says what became of it."""
        finished = self._in_one(lambda connection: arrivals.to_move(connection, self.election))
        lying = {seen.mark: seen for seen in look(self.home.inbox)} if finished else {}
        for one, mark in finished:
            folder = self.home.done if one.state == "done" else self.home.quarantine
            target = folder / one.file_name
            seen = lying.get(mark)
            note = self.words(f"inbox.note_{one.state}", name=_plain(one.name), sha256=one.sha256, reason=_plain(one.reason or "–"))
            whole(target.with_name(f"{target.name}.txt"), f"{note}\n".encode())
            if seen is not None and _is_still(seen):
                try:
                    seen.path.replace(target)
                except OSError:  # on another disk
                    whole(target, self.home.store.get(one.sha256))
                    seen.path.unlink(missing_ok=True)
            elif not target.exists():
                whole(target, self.home.store.get(one.sha256))  # the file was taken away; the original is there
            self.step("moved")
            self._in_one(lambda connection, one=one: arrivals.moved(connection, one.id))  # type: ignore[misc]


@contextmanager
def _named(home: Home, one: Arrival) -> Iterator[Path]:
    """An original under a name that ends as the file's did."""
    home.store.get(one.sha256)  # what has been changed in the store is never read
    with tempfile.TemporaryDirectory(prefix="audit-inbox-") as folder:
        path = Path(folder) / one.file_name
        path.symlink_to(home.store.path(one.sha256).absolute())
        yield path


def _is_still(seen: Seen) -> bool:
    """Whether it is still that very file, and not a new one of the same name."""
    try:
        stat = seen.path.lstat()
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (seen.size, seen.changed)


def _of_the_machine(error: Exception) -> bool:
    """Whether it says nothing of a file: a disk that is full, say."""
    return isinstance(error, OSError) and error.errno in _MACHINE


def _plain(text: str) -> str:
    return harmless(mask_anywhere(text.replace("\n", " ")))
