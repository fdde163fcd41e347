"""`audit secret`: the secret of an election, of which the keys in published reports are made."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.help import Command
from auditor.cli.statuses import FINE


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
def secret(file: Path) -> int:
    """Make the secret of an election in FILE."""
    from auditor.reduce.secret import new

    new(file)
    click.echo(f"{file}")
    return FINE
