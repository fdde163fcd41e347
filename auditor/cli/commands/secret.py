"""`audit secret`: the secret of an election, of which the keys in published reports are made."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli.statuses import FINE


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def secret(file: Path) -> int:
    """Make the secret of an election in FILE.

    With it `audit report --kind public` tells persons by keys: the same person has the same key in all reports of the election, and
    nobody without the secret can find out who it is. Keep a copy in a safe; whoever has it can try out ids.
    """
    from auditor.reduce.secret import new

    new(file)
    click.echo(f"{file}")
    return FINE
