"""`audit verify`: a published document held against its inputs."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.help import Command
from auditor.cli.language import lang_option, language
from auditor.cli.progress import Progress
from auditor.cli.statuses import FINE, FOUND
from auditor.cli.streams import screen_width
from auditor.wording import load as words_of


@click.command(cls=Command)
@click.argument("published", type=click.Path(path_type=Path))
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--rulebook", metavar="NAME", help="help.verify_rulebook")
@lang_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="help.format")
@click.option("--profile", type=click.Path(path_type=Path), metavar="FILE", help="help.verify_profile")
@click.option(
    "--secret-file",
    type=click.Path(path_type=Path),
    envvar="AUDIT_SECRET_FILE",
    metavar="FILE",
    help="help.verify_secret_file",
)
def verify(
    published: Path,
    inputs: tuple[str, ...],
    rulebook: str | None,
    lang: str | None,
    form: str,
    profile: Path | None,
    secret_file: Path | None,
) -> int:
    """Repeat a published audit and say what agrees."""
    from auditor.cli.publishing import keyed
    from auditor.render.verification import as_json, as_text
    from auditor.verify.repeat import verify as repeated

    words = words_of(language(lang))
    progress = Progress(words)
    try:
        reduction = keyed(profile, secret_file) if secret_file is not None else None
        made = repeated(published, inputs, rulebook, progress.step, reduction)
    finally:
        progress.finish()
    width = screen_width()
    click.echo(as_json(made) if form == "json" else as_text(made, words, width=width), nl=False)
    return FINE if made.agrees else FOUND
