"""`audit db`: the register's database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from auditor.cli.help import Group
from auditor.cli.registering import closing, moment, now_option, opened, register_at, words_for
from auditor.cli.statuses import FINE, FOUND
from auditor.wording import in_words

_MOST_TOLD = 20
# A finding's key ends in a hash.
_HASHES = frozenset(("sha256", "about", "finding"))
"""Details of the log in which a run of twelve digits is nobody's id."""


@click.group(cls=Group)
def db() -> None:
    """The register of filings: make it, check it, keep a copy."""


@db.command()
@register_at
def upgrade(home: Path, database: str | None) -> int:
    """Make the register, or bring its tables to the version of this program."""
    from auditor.inbox.settings import FILE, Settings
    from auditor.register.database import upgrade as renew
    from auditor.register.home import make

    before, after = renew(closing(make(home, database)).engine)
    click.echo(f"{home}  {before or '–'} → {after}")
    if not (home / FILE).exists():
        click.echo(words_for(home)("db.no_settings", file=home / FILE, keys=", ".join(Settings.model_fields)))
    return FINE


@db.command()
@register_at
@now_option
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--by", default="audit db", show_default=True, metavar="NAME", help="help.by_gives")
def tables(home: Path, database: str | None, now: str | None, files: tuple[Path, ...], by: str) -> int:
    """Take the commission's own tables: contestants, candidates, price_lists, filings. Each replaces the one before."""
    from auditor.inbox.commission_tables import take
    from auditor.inbox.settings import load
    from auditor.masking import safe

    settings = load(home)
    for one in take(opened(home, database), settings, files, moment(now), by):
        click.echo(safe(f"{one.table}  {one.file}  {one.rows:,}"))
        for problem in one.problems[:_MOST_TOLD]:
            click.echo(safe(problem), err=True)
        if (more := len(one.problems) - _MOST_TOLD) > 0:
            click.echo(words_for(home)("db.more_problems", count=f"{more:,}"), err=True)
    return FINE


@db.command()
@register_at
def check(home: Path, database: str | None) -> int:
    """Check the log's chain, every original by its SHA-256, and the database itself."""
    from auditor.masking import harmless
    from auditor.register.checkup import checkup

    words = words_for(home)
    found = checkup(opened(home, database))
    for fault in found.faults:
        click.echo(harmless(in_words(fault, words)))
    click.echo(words("db.log_told", rows=f"{found.rows:,}", head=found.head, originals=f"{found.originals:,}"))
    click.echo(words("db.whole") if not found.faults else words("db.faults", count=len(found.faults)))
    return FOUND if found.faults else FINE


@db.command()
@register_at
@click.argument("file", type=click.Path(path_type=Path))
def backup(home: Path, database: str | None, file: Path) -> int:
    """Write a copy of the register, taken at one moment, into FILE (.zip): all tables, and every original."""
    from auditor.register.backup import write

    rows, originals = write(opened(home, database), file)
    click.echo(words_for(home)("db.copied", place=file, rows=f"{rows:,}", originals=f"{originals:,}"))
    return FINE


@db.command()
@register_at
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(home: Path, database: str | None, file: Path) -> int:
    """Make the register of a backup again, in an empty folder (and an empty database)."""
    from auditor.register.backup import read

    rows, originals = read(file, home, database)
    click.echo(words_for(home)("db.copied", place=home, rows=f"{rows:,}", originals=f"{originals:,}"))
    return FINE


@db.command()
@register_at
@click.option("--last", type=click.IntRange(1, 100_000), metavar="N", default=20, show_default=True, help="help.last")
def log(home: Path, database: str | None, last: int) -> int:
    """Print the end of the log."""
    from auditor.masking import harmless, safe
    from auditor.register.checkup import tail

    for row in tail(opened(home, database), last):
        told = {name: value if name in _HASHES or not isinstance(value, str) else safe(value) for name, value in row["details"].items()}
        details = json.dumps(told, ensure_ascii=False, sort_keys=True)
        click.echo(harmless(f"{row['n']:>6}  {row['at']}  {safe(row['who'])}  {row['what']}  {details}  {row['hash'][:12]}"))
    return FINE
