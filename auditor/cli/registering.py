"""The options of commands on a register, and opening it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.errors import BadUsage

if TYPE_CHECKING:
    from auditor.register.home import Home

F = TypeVar("F", bound=Callable[..., Any])


def register_at(command: F) -> F:
    """Where the register is."""
    command = click.option(
        "--database", envvar="AUDIT_DATABASE", metavar="URL", help="PostgreSQL instead of the folder's SQLite file; or AUDIT_DATABASE."
    )(command)
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        default="register",
        envvar="AUDIT_HOME",
        show_default=True,
        help="The folder of the register; or AUDIT_HOME.",
    )(command)


def register_for(what: str) -> Callable[[F], F]:
    """Where the register is, for a command that needs it only for `what`."""

    def apply(command: F) -> F:
        command = click.option("--database", envvar="AUDIT_DATABASE", metavar="URL", help="The register's PostgreSQL; or AUDIT_DATABASE.")(
            command
        )
        return click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            envvar="AUDIT_HOME",
            metavar="FOLDER",
            help=f"For {what}: the folder of the register; or AUDIT_HOME.",
        )(command)

    return apply


def now_option(command: F) -> F:
    """The time, which tests and repeated runs give."""
    return click.option("--now", metavar="TIME", help="The time to go by, such as 2023-03-16T09:12:00+06:00; now if not given.")(command)


def moment(given: str | None) -> datetime:
    """The time to go by. Raises BadUsage for one without its zone."""
    from auditor.wording import refusal

    if given is None:
        return datetime.now(UTC)
    try:
        told = datetime.fromisoformat(given)
    except ValueError as error:
        raise BadUsage(refusal("usage.now_form", given=given)) from error
    if told.tzinfo is None:
        raise BadUsage(refusal("usage.now_zone", given=given))
    return told


def opened(home: Path, database: str | None) -> Home:
    """The register, with the tables of this program; closed when the command ends."""
    from auditor.register.home import open_

    return closing(open_(home, database))


def closing(register: Home) -> Home:
    """The register, whose connections are given back when the command ends."""
    click.get_current_context().call_on_close(register.engine.dispose)
    return register
