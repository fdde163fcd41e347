"""`audit diff`: what changed between two versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.help import Command
from auditor.cli.language import language
from auditor.cli.options import scope_options
from auditor.cli.registering import register_for
from auditor.cli.statuses import FINE, FOUND
from auditor.cli.streams import screen_width
from auditor.wording import load as words_of

if TYPE_CHECKING:
    from auditor.follow.changes import Version
    from auditor.model.audit import Audit


@click.command(cls=Command)
@click.argument("old")
@click.argument("new")
@scope_options
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True, help="help.format")
@register_for("help.home_for_versions")
@click.option("-o", "--out", "out", metavar="FILE", type=click.Path(path_type=Path), help="help.out")
def diff(old: str, new: str, form: str, home: Path | None, database: str | None, out: Path | None, **given: Any) -> int:
    """Say what changed from OLD to NEW."""
    from auditor.cli.output import echo, not_over_given, writable, write
    from auditor.follow.changes import compared
    from auditor.render.changes import as_text
    from auditor.render.changes_data import as_csv, as_json

    if out is not None:
        not_over_given(writable(out), (old, new))
    lines = not any(_is_document(name) for name in (old, new))
    changes = compared(*(_version(name, given, home, database, lines=lines) for name in (old, new)))
    width = screen_width()
    words = words_of(language(given["lang"]))
    shown = as_json(changes) if form == "json" else as_csv(changes) if form == "csv" else as_text(changes, words, width=width)
    if out is not None:
        write(out, shown)
    else:
        echo(shown)
    return FOUND if changes.worse else FINE


def _version(name: str, given: dict[str, Any], home: Path | None, database: str | None, *, lines: bool) -> Version:
    from auditor.follow.changes import Version

    if _is_document(name):
        from auditor.verify.published import to_follow

        return Version(name, to_follow(Path(name)))
    from auditor.render.data import document, written

    if home is not None and "@" in name and not Path(name).exists():
        audit = _registered(name, given, home, database)
    else:
        from auditor.cli.running import run

        audit, _ = run((name,), given, lines=lines)
    return Version(name, json.loads(written(document(audit))), audit.lines)


def _registered(name: str, given: dict[str, Any], home: Path, database: str | None) -> Audit:
    from auditor.cli.given import overrides_of, today
    from auditor.cli.registering import opened
    from auditor.inbox.settings import load
    from auditor.inbox.versions import with_version

    overrides = overrides_of(given["overrides"])
    return with_version(opened(home, database), load(home), name, given["as_of"] or today(), overrides, language(given["lang"]))


def _is_document(name: str) -> bool:
    """A PDF or JSON by its first bytes, whatever it is called; everything else is a filing, one of records in JSON too."""
    path = Path(name)
    if path.suffix.lower() in (".json", ".pdf"):
        return True
    if not path.is_file() or path.suffix.lower() in (".ndjson", ".jsonl"):
        return False
    with path.open("rb") as file:
        head = file.read(1024)
    return b"%PDF-" in head or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
