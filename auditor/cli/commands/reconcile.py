"""`audit reconcile`: the books against the bank's statement, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor.cli.help import Command
from auditor.cli.options import paths_argument, scope_options
from auditor.cli.statuses import FINE
from auditor.cli.streams import screen_width


@click.command(cls=Command)
@paths_argument
@scope_options
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True, help="help.format")
@click.option("-o", "--out", "out", metavar="FILE", type=click.Path(path_type=Path), help="help.out")
def reconcile(paths: tuple[str, ...], form: str, out: Path | None, **given: Any) -> int:
    """Match the books with the bank's statement: matched, in the report only, in the statement only, near matches."""
    from auditor.cli.output import echo, not_over_given, writable, write
    from auditor.cli.running import asked
    from auditor.render.pairings import as_csv, as_json, as_text
    from auditor.workflow import reconcile as reconciled

    if out is not None:
        not_over_given(writable(out), paths)
    request, rulebook, words, progress = asked(paths, given)
    notes: list[str] = []
    try:
        pairings = reconciled(request, rulebook, words, progress.step, notes.append)
    finally:
        progress.finish()
    for note in notes:
        click.echo(note, err=True)
    width = screen_width()
    shown = as_json(pairings) if form == "json" else as_csv(pairings) if form == "csv" else as_text(pairings, words, width=width)
    if out is not None:
        write(out, shown)
        click.echo(words("screen.rows_written", file=out, n=len(pairings), count=words.count(len(pairings))))
    else:
        echo(shown)
    return FINE
