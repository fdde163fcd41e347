"""`audit map suggest`: a first mapping file for a foreign table, and its first rows as understood."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from auditor.cli.help import Group
from auditor.cli.language import lang_option
from auditor.cli.options import rulebook_option
from auditor.cli.statuses import FINE
from auditor.errors import BadUsage
from auditor.read.choices import ENCODINGS
from auditor.tables import TABLES
from auditor.wording import Words, refusal
from auditor.wording import load as words_of

_SHOWN = 5
_WIDEST = 24


@click.group(name="map", cls=Group)
def mapping() -> None:
    """What the columns of foreign tables mean."""


@mapping.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path), help="help.mapping_out")
@click.option("--table", type=click.Choice(list(TABLES)), default="reports", show_default=True, help="help.mapping_table")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="help.mapping_encoding")
@click.option("--sheet", metavar="NAME", help="help.mapping_sheet")
@click.option("--heading-row", type=click.IntRange(0, 9999), metavar="N", help="help.mapping_heading_row")
@rulebook_option("help.mapping_rulebook")
@lang_option
@click.option("--force", is_flag=True, help="help.mapping_force")
def suggest(
    file: Path,
    out: Path | None,
    table: str,
    encoding: str | None,
    sheet: str | None,
    heading_row: int | None,
    rulebook: str,
    lang: str | None,
    *,
    force: bool,
) -> int:
    """Write a mapping file for FILE, as far as its headings and cells tell, and show its first rows as understood."""
    from auditor.cli.language import language
    from auditor.cli.output import not_over_given, writable, write
    from auditor.mapping_suggestions import first_rows, suggested
    from auditor.masking import harmless, safe
    from auditor.read.instructions import Stated
    from auditor.rulebook.load import load

    words, law = words_of(language(lang)), load(rulebook)
    target = writable(out if out is not None else Path(f"{file.name}.mapping.yaml"))
    not_over_given(target, [str(file)])
    if target.exists() and not force:
        raise BadUsage(refusal("usage.file_there", path=target))
    found = suggested(file, table, law, words, Stated(encoding=encoding, sheet=sheet, heading_row=heading_row))
    write(target, found.text)
    click.echo(harmless(f"{target}") + "\n")
    for line in found.text.splitlines():
        click.echo(f"  {safe(line)}")
    click.echo("")
    given = {"source": harmless(shlex.quote(str(file))), "file": harmless(shlex.quote(str(target)))}
    if found.missing:
        click.echo(words("map.still_missing", columns=", ".join(found.missing), **given))
        return FINE
    click.echo(words("map.understood"))
    for record in first_rows(file, target, law, words, _SHOWN):
        _show(record, words)
    click.echo(words("map.next", **given))
    return FINE


def _show(record: Sequence[tuple[str, object, str | None]], words: Words) -> None:
    """One record, a column a line, for 25 columns are no table on a screen."""
    from auditor.masking import safe, shortened

    for name, value, text in record:
        shown = f"{words('map.not_read')}: {text}" if value is None else str(value)
        click.echo(f"  {name:<{_WIDEST}} {shortened(safe(shown), 100)}")
    click.echo("")
