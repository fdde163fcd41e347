"""`audit report --each contestant`: the folder, the bar, what is said in the end, and the exit status."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.statuses import FAILED, FINE
from auditor.errors import BadUsage
from auditor.wording import Words, in_words, refusal

if TYPE_CHECKING:
    from auditor.cli.publishing import Reduce
    from auditor.publish.folder import Filled


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
    from auditor.cli.output import not_over_inputs, style_of, write
    from auditor.cli.running import run
    from auditor.publish import batch
    from auditor.publish.folder import fill
    from auditor.render.kinds import WITH_DATA
    from auditor.render.pdf import require_libraries
    from auditor.render.split import about_nobody

    lists = (batch.MANIFEST, batch.INDEX, batch.SUMS, batch.BOOK)
    _usable(out, lists)
    if any(out.is_dir() and Path(path).is_dir() and out.samefile(path) for path in paths):
        raise BadUsage(refusal("usage.among_inputs", path=out))
    if (there := batch.kind_in(out)) not in (None, kind):  # one would take the place of the other, under the same name
        raise BadUsage(refusal("usage.other_kind", path=out, there=there, kind=kind))
    require_libraries()  # say what is missing before an hour of checking, not after it
    style = style_of(style_folder, given["lang"], drawn=True)
    audit, words = run(paths, given, for_report=True)
    whole = reduce(audit, words)
    if not audit.contestants:
        raise BadUsage(f"{', '.join(paths)}: {words('batch.nobody')}")
    out.mkdir(exist_ok=True)
    reports = batch.planned(audit, style, kind, lambda part: reduce(part, words))
    names = (*lists, *(f"{one.name}{suffix}" for one in reports for suffix in (".pdf", ".json")))
    not_over_inputs([out / name for name in names], paths, audit)
    if not (out / batch.MANIFEST).exists() and (others := [out / name for name in names if (out / name).is_file()]):
        raise BadUsage(refusal("usage.in_the_way", path=others[0]))  # a contestant's own scan, say
    bar = ProgressBar(len(reports))
    try:
        filled = fill(out, reports, whole, words, style, workers=workers, book=book, write=write, step=bar.at)
    finally:
        bar.finish()
    _tell(out, words, filled, about_nobody(whole) if kind in WITH_DATA else 0)
    if filled.has_book:
        click.echo(f"{out / batch.BOOK}")
    elif book:
        click.echo(words("batch.book_missing", file=out / batch.BOOK), err=True)
    return FAILED if filled.failed else FINE


def _usable(out: Path, names: tuple[str, ...]) -> None:
    """Raise BadUsage, before anything is audited, where `out` is no folder or the lists cannot be written there."""
    from auditor.cli.output import writable

    if not out.is_dir() and (out.exists() or out.suffix.lower() in (".pdf", ".html")):
        raise BadUsage(refusal("usage.each_in_a_folder", path=out))
    if not out.parent.is_dir():
        raise BadUsage(refusal("usage.no_folder", path=out, folder=out.parent))
    for name in names if out.is_dir() else ():
        writable(out / name)


def _tell(out: Path, words: Words, filled: Filled, nobodys: int) -> None:
    """What was drawn, what was not, and what the reader must know; one line for each failure on standard error."""
    from auditor.masking import safe
    from auditor.publish import batch

    click.echo(f"{out}  {words('batch.written', n=filled.drawn, count=words.count(filled.drawn))}")
    if filled.unchanged:
        click.echo(words("batch.unchanged", n=filled.unchanged, count=words.count(filled.unchanged)))
    click.echo(f"{out / batch.INDEX}\n{out / batch.SUMS}")
    if nobodys:
        click.echo(words("batch.about_nobody", n=nobodys, count=words.count(nobodys)))
    if filled.left_over:
        click.echo(words("batch.left_over", names=", ".join(filled.left_over)))
    for one in filled.failed:
        said = words("batch.failed", file=out / f"{one.report.name}.pdf", reason=in_words(one.failed, words) if one.failed else "")
        click.echo(safe(said), err=True)


class ProgressBar:
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
