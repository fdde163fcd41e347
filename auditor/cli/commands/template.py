"""`audit template`: an empty form to be filled in."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.help import Command
from auditor.cli.language import lang_option, language
from auditor.cli.options import rulebook_option
from auditor.errors import BadUsage
from auditor.tables import TABLES
from auditor.wording import load as words_of
from auditor.wording import refusal

FORMATS = ("xlsx", "csv")


@click.command(cls=Command)
@click.argument("table", type=click.Choice([*TABLES, "all"]), metavar="TABLE")
@lang_option
@click.option("--format", "form", type=click.Choice(FORMATS), help="help.form_format")
@click.option("-o", "--out", "out", metavar="FILE", type=click.Path(path_type=Path), help="help.form_out")
@rulebook_option()
@click.option("--force", is_flag=True, help="help.form_force")
def template(table: str, lang: str | None, form: str | None, out: Path | None, rulebook: str, force: bool) -> None:
    """Write an empty form of TABLE that `audit check` reads back, with drop-down lists for codes."""
    from auditor.cli.output import write
    from auditor.render.template import as_csv, as_workbook
    from auditor.rulebook.labels import forms
    from auditor.rulebook.load import load

    form, out = _target(table, form, out, force=force)
    law = load(rulebook)
    words = words_of(language(lang))
    made = forms(law, list(TABLES) if table == "all" else [table], words.lang)
    content = as_csv(made[0], words) if form == "csv" else as_workbook(made, words, law.election.title.in_(words.lang))
    write(out, content)
    click.echo(words("screen.form_written", file=out, count=words.count(sum(len(one.fields) for one in made))))


def _target(table: str, form: str | None, out: Path | None, *, force: bool) -> tuple[str, Path]:
    """The format and the file. Raises BadUsage where they disagree, or where something would be lost."""
    from auditor.cli.output import writable

    named = out.suffix.lower().lstrip(".") if out is not None else None
    if named is not None and named not in FORMATS:
        raise BadUsage(refusal("usage.form_name", path=out))
    if named is not None and form is not None and named != form:
        raise BadUsage(refusal("usage.form_two", path=out, named=named, form=form))
    form = form or named or "xlsx"
    if table == "all" and form == "csv":
        raise BadUsage(refusal("usage.form_all"))
    out = writable(out or Path(f"{'filing' if table == 'all' else table}.{form}"))
    if out.exists() and not force:
        raise BadUsage(refusal("usage.file_there", path=out))
    return form, out
