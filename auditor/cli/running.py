"""From the options of a command to one audit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from auditor.cli.given import law_of, scope_of, stated, tables_of, today
from auditor.cli.language import language
from auditor.cli.progress import Progress
from auditor.wording import Words
from auditor.wording import load as words_of

if TYPE_CHECKING:
    from auditor.model.audit import Audit
    from auditor.rulebook.load import Rulebook
    from auditor.workflow import Request


def asked(
    paths: tuple[str, ...], given: dict[str, Any], *, for_report: bool = False, lines: bool = False
) -> tuple[Request, Rulebook, Words, Progress]:
    """What the shared options ask for, the law and the words to answer in, and the bar to be finished."""
    from auditor.workflow import Request

    words = words_of(language(given["lang"]))
    rulebook = law_of(given)
    as_of: date = given["as_of"] or today()
    request = Request(
        paths,
        as_of,
        tables_of(given),
        select=given["select"],
        ignore=given["ignore"],
        scope=scope_of(given),
        stated=stated(given),
        rejected=given.get("rejected") is not None,
        for_report=for_report,
        lines=lines,
    )
    return request, rulebook, words, Progress(words)


def run(paths: tuple[str, ...], given: dict[str, Any], *, for_report: bool = False, lines: bool = False) -> tuple[Audit, Words]:
    """Make the audit that the shared options ask for; with the flows of each fund where a report is to be drawn, and with
    its lines where they are to be compared."""
    from auditor.workflow import audit

    request, rulebook, words, progress = asked(paths, given, for_report=for_report, lines=lines)
    try:
        return audit(request, rulebook, words, progress.step), words
    finally:
        progress.finish()
