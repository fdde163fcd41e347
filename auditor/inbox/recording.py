"""Contestants of whom there is something new are checked, and the answers recorded with what they changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.almaty import day_in_almaty
from auditor.errors import NoReports
from auditor.inbox import notices
from auditor.inbox.checking import OnFile, answers, checked, has_report
from auditor.inbox.work import ATTEMPTS, WHO, Work, of_the_machine
from auditor.masking import safe
from auditor.model.audit import Audit
from auditor.register import arrivals, runs
from auditor.register.database import Connection

Made = Sequence[tuple[Sequence[str], Audit]]
"""Audits with the contestants whom each was made for."""


def books_of(work: Work) -> OnFile:
    """What there is to check: everything that was filed, and the commission's own tables."""

    def read(connection: Connection) -> OnFile:
        filed = arrivals.filed(connection, work.election)
        return OnFile(filed, arrivals.own_tables(connection, work.election), work.rulebook, work.words.lang)

    return work.in_one(read)


def check(work: Work, *, recheck: bool) -> Made:
    """Check every contestant of whom there is something new: a file, another law, another table of the commission."""
    books = books_of(work)
    before = work.in_one(runs.made_from, work.election)
    changed = [cid for cid in books.filed if recheck or before.get(cid) != books.made_from(cid)]
    alone = [cid for cid in changed if any(one.state == "stored" and one.attempts >= ATTEMPTS for one in books.filed[cid])]
    together = [cid for cid in changed if cid not in set(alone)]
    checks = _Checks(work, books)
    if together:
        checks.admit(together)  # counted; none of them has ended the program often enough to be kept from it
        checks.make(together)
    for cid in alone:  # checking a file of theirs with others ended the program, perhaps
        if checks.admit([cid]):
            checks.make([cid])
    for one in work.in_state("stored"):
        if one.whose:  # nothing of it changed the answer, or the answer was recorded by a pass that was then stopped
            work.in_one(arrivals.becomes, one.id, "checked", work.at, WHO)
            work.step("passed")
    return checks.made


class _Checks:
    """The checks of one pass: which of the new files they have begun with, and the audits that were `made`."""

    def __init__(self, work: Work, books: OnFile) -> None:
        self._work = work
        self._books = books
        self._begun: set[int] = set()
        self.made: list[tuple[Sequence[str], Audit]] = []

    def admit(self, contestants: Sequence[str]) -> bool:
        """Count that a check of their new files begins, and quarantine those that ended the program too often; whether there are none of
        these, so that the check may be made."""
        work, filed = self._work, self._books.filed
        new = {one.id: one for cid in contestants for one in filed[cid] if one.state == "stored" and one.id not in self._begun}
        self._begun |= new.keys()
        begun = work.in_one(lambda connection: {number: arrivals.attempt(connection, number) for number in new})
        ending = [one for number, one in new.items() if begun[number] > 2 * ATTEMPTS]
        for one in ending:
            work.quarantine(one, work.words("inbox.ends_the_program", n=2 * ATTEMPTS, count=2 * ATTEMPTS))
        return not ending

    def make(self, changed: Sequence[str]) -> None:
        """One audit for all of them; where it cannot be made, one for each half, until it is known whose files stop it."""
        try:
            made = checked(self._work.home, self._books, changed, day_in_almaty(self._work.now), self._work.words)
            given = answers(made, self._books, changed)
        except NoReports:
            self._wait(changed)
            return
        except Exception as error:  # one filing must not stop the others
            if of_the_machine(error):
                raise
            if len(changed) > 1:
                half = len(changed) // 2
                self.make(changed[:half])
                self.make(changed[half:])
                return
            self._cannot(changed[0], error)
            return
        if waiting := [cid for cid in changed if not has_report(made, cid)]:
            self._wait(waiting)
            self.make([cid for cid in changed if cid not in set(waiting)])
            return
        self._say_what_was_replaced(made)
        self._work.step("audited")
        self._work.writing.due_are({*self._work.writing.due(), *changed})
        self._record(changed, made, given)
        self.made.append((changed, made))
        self._work.step("recorded")

    def _wait(self, contestants: Sequence[str]) -> None:
        """A bank's statement that came before any report of these is kept, and looked at with the first one."""
        work = self._work
        for one in work.in_state("stored"):
            if one.whose and set(one.whose) <= set(contestants):
                said = " ".join(filter(None, (one.reason, work.words("inbox.no_report_yet"))))
                work.in_one(arrivals.becomes, one.id, "done", work.at, WHO, said)
                work.summary.done += 1
                work.step("done")

    def _cannot(self, contestant_id: str, error: Exception) -> None:
        work = self._work
        said = work.not_checked(contestant_id, error)
        for one in work.in_state("stored"):
            if set(one.whose) == {contestant_id}:  # a file of others too has to stay: what is known of them rests on it
                work.quarantine(one, work.words("inbox.cannot_check", reason=said))

    def _record(self, changed: Sequence[str], made: Audit, given: Sequence[runs.Answer]) -> None:
        """The answers, what they changed, that these files are checked, and the notices of it: all in one transaction."""
        work, books = self._work, self._books

        def do(connection: Connection) -> Mapping[str, Sequence[str]]:
            recorded = runs.record(connection, work.election, work.at, books.law(made.as_of), given, WHO)
            for one in arrivals.in_state(connection, work.election, "stored"):
                if one.whose and set(one.whose) <= set(changed):
                    arrivals.becomes(connection, one.id, "checked", work.at, WHO)
            newest: dict[str, int] = {cid: books.filed[cid][-1].id for cid in changed}
            notices.about_check(connection, work.settings, work.words, given, newest, recorded, work.at)
            return recorded.changes

        for what, keys in work.in_one(do).items():
            work.summary.changes[what] = work.summary.changes.get(what, 0) + len(keys)
        work.summary.checked += changed

    def _say_what_was_replaced(self, made: Audit) -> None:
        """Two files that came together and hold the same report may be its two parts, of which the first counts no more."""
        work = self._work
        fresh: dict[str, list[str]] = {}
        for arrival in sorted(work.in_state("stored"), key=lambda one: one.id):
            for cid in arrival.whose:
                fresh.setdefault(cid, []).append(safe(arrival.name))
        for one in made.contestants:
            files = fresh.get(one.contestant_id, [])
            if one.superseded and len(files) > 1:
                told = {"id": one.contestant_id, "files": ", ".join(files), "reports": ", ".join(one.superseded)}
                work.summary.failed.append(work.words("inbox.two_of_one_pass", **told))
