"""`audit inbox`: what arrives is taken in, checked, recorded, reported and told, by one command that can be called at any time."""

from __future__ import annotations

import errno
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.help import Group
from auditor.cli.registering import moment, now_option, opened, register_at, words_for
from auditor.cli.statuses import FINE, FOUND
from auditor.errors import AuditError, BadUsage
from auditor.wording import Words, in_words, refusal

if TYPE_CHECKING:
    from auditor.inbox.work import Summary
    from auditor.register.home import Home


@click.group(cls=Group)
def inbox() -> None:
    """Take in what arrives: one pass at a time, for a timer or by hand."""


@inbox.command()
@register_at
@now_option
@click.option("--recheck", is_flag=True, help="help.recheck")
@click.option("--pdf/--no-pdf", default=True, show_default=True, help="help.pdf")
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", default=2, show_default=True, help="help.drawing")
@click.option("--quiet", is_flag=True, help="help.quiet")
def run(home: Path, database: str | None, now: str | None, recheck: bool, pdf: bool, workers: int, quiet: bool) -> int:
    """Do everything that there is to do, once."""
    summary, words = _pass(opened(home, database), now, recheck=recheck, pdf=pdf, workers=workers)
    if summary is None:
        if not quiet or recheck:
            click.echo(words("inbox.busy"))
        return FINE
    needs = bool(summary.quarantined or summary.failed)
    if needs or not quiet:
        _tell(summary, words)
    return FOUND if needs else FINE


@inbox.command()
@register_at
@click.option("--every", type=click.IntRange(1, 86_400), metavar="N", default=600, show_default=True, help="help.every")
@click.option("--pdf/--no-pdf", default=True, help="help.as_in_run")
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", default=2, help="help.as_in_run")
@click.option("--passes", type=click.IntRange(1), metavar="N", default=None, hidden=True)
def watch(home: Path, database: str | None, every: int, pdf: bool, workers: int, passes: int | None) -> int:
    """Make a pass whenever something changes in the inbox, and at least every so many seconds."""
    from watchfiles import watch as changes

    from auditor.masking import safe

    register = opened(home, database)

    def go_through(*, first: bool) -> None:
        try:
            summary, words = _pass(register, None, recheck=False, pdf=pdf, workers=workers)
        except AuditError as error:
            if first:  # the register cannot be used as it is
                raise
            # A database that is away for a while, say: the next pass goes on where this one was.
            for mistake in error.mistakes:
                click.echo(safe(in_words(mistake, words_for(home))), err=True)
        except OSError as error:
            if first and error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            # A disk that is full, say.
            click.echo(safe(f"{error.filename or register.folder}: {error.strerror or error}"), err=True)
        else:
            if summary is not None and (summary.taken or summary.quarantined or summary.failed):
                _tell(summary, words)

    go_through(first=True)
    made = 1
    # A change only wakes: the scan decides what has arrived, for no system tells when a file was closed.
    for _ in changes(register.inbox, rust_timeout=every * 1000, yield_on_timeout=True, raise_interrupt=False):
        if passes is not None and made >= passes:
            break
        go_through(first=False)
        made += 1
    return FINE


@inbox.command()
@register_at
def status(home: Path, database: str | None) -> int:
    """Say what is in the register, what waits, and what is in quarantine."""
    from auditor.inbox.status import status as told

    for line in told(opened(home, database), words_for(home)):
        click.echo(line)
    return FINE


@inbox.command()
@register_at
@now_option
@click.argument("number", type=int)
@click.option("--by", required=True, metavar="NAME", help="help.by_asks")
def retry(home: Path, database: str | None, now: str | None, number: int, by: str) -> int:
    """Take file NUMBER out of quarantine: the next pass reads it again."""
    from auditor.inbox.by_hand import retry as again
    from auditor.register.home import alone

    register = opened(home, database)
    with alone(register, wait=True) as ours:  # a pass that is under way may be about to move the file
        if not ours:
            raise BadUsage(refusal("usage.register_busy"))
        click.echo(again(register, number, moment(now), by))
    return FINE


@inbox.command()
@register_at
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE...")
def add(home: Path, database: str | None, files: tuple[Path, ...]) -> int:
    """Put copies of FILES into the inbox, each whole at once."""
    from auditor.inbox.by_hand import add as put
    from auditor.masking import safe

    for file in files:
        click.echo(safe(put(opened(home, database), file)))
    return FINE


@inbox.command()
@register_at
@now_option
@click.option("--dry-run", is_flag=True, help="help.dry_run")
def notices(home: Path, database: str | None, now: str | None, dry_run: bool) -> int:
    """Send the notices that wait."""
    from auditor.inbox.outgoing import deliver, waiting
    from auditor.inbox.settings import load
    from auditor.register.home import alone

    settings, words = load(home), words_for(home)
    register = opened(home, database)
    if dry_run:
        for line in waiting(register, words):
            click.echo(line)
        return FINE
    with alone(register) as ours:  # or a pass that is under way would send them too
        if not ours:
            click.echo(words("inbox.busy"))
            return FINE
        sent, unsent = deliver(register, settings, moment(now))
    click.echo(words("inbox.notices", sent=words.count(sent), unsent=words.count(unsent)))
    return FINE


@inbox.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def units(folder: Path) -> int:
    """Write systemd units into FOLDER, such as /etc/systemd/system: a pass every ten minutes, and every night a check of everybody, a
    backup, and a look through the register."""
    from auditor.cli.output import writable, write

    shipped = sorted((Path(__file__).parents[2] / "inbox" / "units").iterdir())
    for unit in shipped:
        if writable(folder / unit.name).exists():
            raise BadUsage(refusal("usage.unit_there", path=folder / unit.name))
    for unit in shipped:
        write(folder / unit.name, unit.read_bytes())
        click.echo(f"{folder / unit.name}")
    return FINE


def _pass(register: Home, now: str | None, *, recheck: bool, pdf: bool, workers: int) -> tuple[Summary | None, Words]:
    from auditor.inbox import one_pass
    from auditor.inbox.settings import load
    from auditor.inbox.work import Work
    from auditor.inbox.writing import Writing
    from auditor.register.home import alone

    settings = load(register.folder)
    if pdf:
        from auditor.render.pdf import require_libraries

        require_libraries()
    # What falls due is looked for once a day, and a pass that happens to be under way does not look for it.
    with alone(register, wait=recheck) as ours:
        if not ours:
            return None, words_for(register.folder)
        work = Work(register, settings, moment(now), time.sleep, Writing(register.reports, pdf=pdf, workers=workers))
        return one_pass.run(work, recheck=recheck), words_for(register.folder)


def _tell(summary: Summary, words: Words) -> None:
    from auditor.masking import safe, shortened

    width = shutil.get_terminal_size((100, 24)).columns * 3

    def say(text: str) -> None:
        click.echo(shortened(safe(text), width))

    counted = {"taken": summary.taken, "copies": summary.copies, "checked": len(summary.checked), "done": summary.done}
    counted |= {"quarantined": len(summary.quarantined), "waiting": len(summary.waiting)}
    say(words("inbox.summary", **{name: words.count(number) for name, number in counted.items()}))
    if summary.changes:
        say(words("inbox.findings", **{name: words.count(number) for name, number in summary.changes.items()}))
    if summary.sent or summary.unsent:
        say(words("inbox.notices", sent=words.count(summary.sent), unsent=words.count(summary.unsent)))
    for name, reason in summary.quarantined:
        say(words("inbox.quarantined", name=name, reason=reason))
    if summary.waiting:
        say(words("inbox.waiting", names=", ".join(summary.waiting)))
    for what in summary.failed:
        say(words("inbox.failed", what=what))
