"""Reports and receipts are written, and the files that are done with leave the inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from auditor.almaty import day_in_almaty
from auditor.errors import NoReports
from auditor.inbox.checking import OnFile, checked
from auditor.inbox.history import dated, days
from auditor.inbox.recording import Made, books_of
from auditor.inbox.scan import Seen, look
from auditor.inbox.work import WHO, Work, loggable, of_the_machine
from auditor.inbox.writing import whole
from auditor.model.audit import Audit
from auditor.register import arrivals
from auditor.register.arrivals import Arrival
from auditor.register.database import Connection

AT_ONCE = 50
"""Contestants who are audited again at once, where only their reports are missing."""


def report(work: Work, every: Made) -> None:
    """Write the reports of those who were checked, and a receipt for each of their files. What a pass that was stopped left
    unwritten, this one writes, few at once, so that one that is stopped too has done some of it. Of whom that cannot be done now, the
    next pass tries again, and their files wait."""
    files = work.in_state("checked")
    unwritten = {*work.writing.due(), *(cid for one in files for cid in one.whose)}
    for some, made in every:
        _write_about(work, some, made, files)
        unwritten -= set(some)
        files = _done(work, files, unwritten)
    books = books_of(work) if unwritten else None
    again: set[str] = set()
    left = sorted(cid for cid in unwritten if books is not None and cid in books.filed)
    for some in (left[n : n + AT_ONCE] for n in range(0, len(left), AT_ONCE)):
        assert books is not None  # someone is left
        failed: set[str] = set()
        for contestants, made in _checked_again(work, books, some, failed):
            _write_about(work, contestants, made, files)
        again |= failed
        unwritten -= set(some) - failed
        files = _done(work, files, unwritten)
    _done(work, files, again)
    work.writing.due_are(again)


def _checked_again(work: Work, books: OnFile, some: Sequence[str], failed: set[str]) -> Iterator[tuple[Sequence[str], Audit]]:
    """One audit for all of them; where it cannot be made, one for each half: who cannot be checked is told, added to `failed`, and stops
    nobody."""
    try:
        made = checked(work.home, books, some, day_in_almaty(work.now), work.words)
    except NoReports:
        return  # of whom a bank's statement is all that has come
    except Exception as error:
        if of_the_machine(error):
            raise
        if len(some) == 1:
            work.not_checked(some[0], error)
            failed.add(some[0])
            return
        half = len(some) // 2
        yield from _checked_again(work, books, some[:half], failed)
        yield from _checked_again(work, books, some[half:], failed)
    else:
        yield some, made


def _done(work: Work, files: Sequence[Arrival], unwritten: Collection[str]) -> list[Arrival]:
    """Those files are done whose contestants all have their reports; the others."""
    finished = [one for one in files if not set(one.whose) & set(unwritten)]

    def do(connection: Connection) -> None:
        for one in finished:
            arrivals.becomes(connection, one.id, "done", work.at, WHO)

    if finished:
        work.in_one(do)
    for _ in finished:
        work.summary.done += 1
        work.step("done")
    if work.writing.due():
        work.writing.due_are(unwritten)
    gone = {one.id for one in finished}
    return [one for one in files if one.id not in gone]


def _write_about(work: Work, contestants: Sequence[str], made: Audit, files: Sequence[Arrival]) -> None:
    made = dated(made, work.in_one(days, work.election), None)
    work.summary.failed += work.writing.reports(made, work.words)
    work.step("reported")
    work.writing.receipts(made, [one for one in files if set(one.whose) & set(contestants)], work.words)


def move(work: Work) -> None:
    """What is done with leaves the inbox; a note beside it says what became of it."""
    finished = work.in_one(arrivals.to_move, work.election)
    lying = {seen.mark: seen for seen in look(work.home.inbox)} if finished else {}
    for one, mark in finished:
        folder = work.home.done if one.state == "done" else work.home.quarantine
        target = folder / one.file_name
        seen = lying.get(mark)
        reason = loggable(one.reason) if one.reason else work.words("inbox.checked") if one.state == "done" else "–"
        note = work.words(f"inbox.note_{one.state}", name=loggable(one.name), sha256=one.sha256, reason=reason)
        whole(target.with_name(f"{target.name}.txt"), f"{note}\n".encode())
        if seen is not None and _is_still(seen):
            try:
                seen.path.replace(target)
            except OSError:  # on another disk
                whole(target, work.home.store.get(one.sha256))
                try:
                    seen.path.unlink(missing_ok=True)
                except OSError:  # in a folder of somebody else's: it stays, known as taken, and the next pass tries again
                    continue
        elif not target.exists():
            whole(target, work.home.store.get(one.sha256))  # the file was taken away; the original is there
        work.step("moved")
        work.in_one(arrivals.moved, one.id)


def _is_still(seen: Seen) -> bool:
    """Whether it is still that very file, and not a new one of the same name."""
    try:
        return seen.is_still(seen.path.lstat())
    except OSError:
        return False
