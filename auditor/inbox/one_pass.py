"""One pass over the inbox. Each step is one transaction and can be done again: a pass that was killed is finished by the next."""

from __future__ import annotations

from auditor.inbox import notices
from auditor.inbox.delivering import move, report
from auditor.inbox.recording import check
from auditor.inbox.taking import take_in, tell_whose
from auditor.inbox.work import Summary, Work
from auditor.register import arrivals


def run(work: Work, *, recheck: bool = False) -> Summary:
    """Take in, tell whose, check, record, report, move, notify. Raises BadUsage for a database and OSError for a disk that cannot
    be used: what was done stays done, and the next pass goes on."""
    work.home.store.sweep()
    work.in_one(arrivals.begin, work.election, work.settings.rulebook)
    take_in(work)
    tell_whose(work)
    report(work, check(work, recheck=recheck))
    move(work)
    work.summary.sent, work.summary.unsent = notices.send(work.home, work.settings, work.now, work.in_one)
    work.step("sent")
    return work.summary
