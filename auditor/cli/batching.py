"""`audit report --each contestant`: the folder, the bar, what is said in the end, and the exit status."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from auditor.cli.publishing import Reduce
    from auditor.model.audit import Audit
    from auditor.publish.batch import Outcome
    from auditor.render.style import Style
    from auditor.wording import Words

FAILED = 2


def each_contestant(
    paths: tuple[str, ...],
    given: dict[str, Any],
    out: Path,
    workers: int,
    kind: str,
    reduce: Reduce,
    *,
    book: bool,
    style_folder: Path | None,
) -> int:
    """Write one document of this kind for each contestant into the folder `out`; 2 where one of them failed, else 0."""
    from auditor.cli.output import style_of, write
    from auditor.cli.running import run
    from auditor.errors import BadUsage
    from auditor.publish import batch, lists
    from auditor.render.pdf import require_libraries
    from auditor.render.split import about_nobody

    _usable(out, (batch.MANIFEST, batch.INDEX, batch.SUMS, batch.BOOK))
    require_libraries()  # say what is missing before an hour of checking, not after it
    style = style_of(style_folder, given["lang"], drawn=True)
    audit, words = run(paths, given, flows=True)
    whole = reduce(audit, words)
    if not audit.contestants:
        raise BadUsage(f"{', '.join(paths)}: {words('batch.nobody')}")
    out.mkdir(exist_ok=True)
    before = batch.manifest(out)
    reports = batch.planned(audit, style, kind, lambda part: reduce(part, words))
    bar = Bar(len(reports))
    outcomes: list[Outcome] = []
    try:
        for outcome in batch.run(reports, out, audit.lang, style, workers, write):
            outcomes.append(outcome)
            bar.at(len(outcomes))
    finally:
        bar.finish()
    done = sorted((one for one in outcomes if one.failed is None), key=lambda one: one.report.contestant_id)
    failed = sorted((one for one in outcomes if one.failed is not None), key=lambda one: one.report.name)
    files = {f"{one.report.name}.pdf": one.written.sha256 for one in done if one.written is not None}
    if book and not failed:
        made = _volume(whole, words, done, out, style)
        write(out / batch.BOOK, made)
        files[batch.BOOK] = hashlib.sha256(made).hexdigest()
    index = lists.index(outcomes).encode()
    write(out / batch.INDEX, index)
    files[batch.INDEX] = hashlib.sha256(index).hexdigest()
    write(out / batch.SUMS, lists.sums(files))

    left = [f"{name}.pdf" for name in sorted(set(before) - {report.name for report in reports})]
    if batch.BOOK not in files and (out / batch.BOOK).is_file():
        left.append(batch.BOOK)  # a volume of other reports than these
    _tell(out, words, outcomes, failed, left, about_nobody(whole))
    if batch.BOOK in files:
        click.echo(f"{out / batch.BOOK}")
    elif book:
        click.echo(words("batch.book_missing", file=out / batch.BOOK), err=True)
    return FAILED if failed else 0


def _usable(out: Path, names: tuple[str, ...]) -> None:
    """Raise BadUsage, before anything is audited, where `out` is no folder or the lists cannot be written there."""
    from auditor.cli.output import writable
    from auditor.errors import BadUsage

    if not out.is_dir() and (out.exists() or out.suffix.lower() in (".pdf", ".html")):
        raise BadUsage(f"{out}: this is a file; with --each name a folder.")
    if not out.parent.is_dir():
        raise BadUsage(f"{out}: the folder {out.parent} does not exist.")
    for name in names if out.is_dir() else ():
        writable(out / name)


def _tell(out: Path, words: Words, outcomes: list[Outcome], failed: list[Outcome], left: list[str], nobodys: int) -> None:
    """What was drawn, what was not, and what the reader must know; one line for each failure on standard error."""
    from auditor.masking import safe
    from auditor.publish import batch

    drawn = sum(one.drawn for one in outcomes)
    click.echo(f"{out}  {words('batch.written', n=drawn, count=words.count(drawn))}")
    if unchanged := len(outcomes) - drawn - len(failed):
        click.echo(words("batch.unchanged", n=unchanged, count=words.count(unchanged)))
    click.echo(f"{out / batch.INDEX}\n{out / batch.SUMS}")
    if nobodys:
        click.echo(words("batch.about_nobody", n=nobodys, count=words.count(nobodys)))
    if left:
        click.echo(words("batch.left_over", names=", ".join(left)))
    for one in failed:
        said = words("batch.failed", file=out / f"{one.report.name}.pdf", reason=one.failed)
        click.echo(safe(said), err=True)


def _volume(audit: Audit, words: Words, done: list[Outcome], out: Path, style: Style) -> bytes:
    from auditor.render.book import Chapter, volume

    chapters = []
    for one in done:
        assert one.written is not None  # it is done
        whose = one.report.part.contestants[0]
        chapters.append(Chapter(whose.contestant_id, whose.name, one.report.name, out / f"{one.report.name}.pdf", one.written.pages))
    return volume(audit, words, chapters, style)


class Bar:
    """How many are done, on standard error, and only where that is a terminal."""

    WIDTH = 24

    def __init__(self, every: int) -> None:
        self._on = sys.stderr.isatty()
        self._every = every
        self.at(0)

    def at(self, done: int) -> None:
        """So many are done."""
        if self._on:
            full = done * self.WIDTH // self._every
            click.echo(f"\r\033[K{'█' * full}{'░' * (self.WIDTH - full)} {done} / {self._every}", nl=False, err=True)

    def finish(self) -> None:
        """Remove the bar."""
        if self._on:
            click.echo("\r\033[K", nl=False, err=True)
