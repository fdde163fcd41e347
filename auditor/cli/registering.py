"""The options of commands on a register, and opening it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.cli.language import ANSWERED_IN
from auditor.errors import BadUsage
from auditor.wording import Words, refusal
from auditor.wording import load as words_of

if TYPE_CHECKING:
    from auditor.register.home import Home

F = TypeVar("F", bound=Callable[..., Any])


def register_at(command: F) -> F:
    """Where the register is."""
    command = click.option("--database", envvar="AUDIT_DATABASE", metavar="URL", help="help.database")(command)
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        default="register",
        envvar="AUDIT_HOME",
        metavar="FOLDER",
        show_default=True,
        help="help.home",
    )(command)


def register_for(help_key: str) -> Callable[[F], F]:
    """Where the register is, for a command that does not always need it; the key's text says for what it does."""

    def apply(command: F) -> F:
        command = click.option("--database", envvar="AUDIT_DATABASE", metavar="URL", help="help.database")(command)
        return click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            envvar="AUDIT_HOME",
            metavar="FOLDER",
            help=help_key,
        )(command)

    return apply


def now_option(command: F) -> F:
    """The time, which tests and repeated runs give."""
    return click.option("--now", metavar="TIME", help="help.now")(command)


def moment(given: str | None) -> datetime:
    """The time to go by. Raises BadUsage for one without its zone."""
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


def words_for(home: Path) -> Words:
    """The language that was asked for, else that of the register; English where its settings cannot be read, for they are none of its
    contents."""
    from auditor.inbox.settings import load

    try:
        return words_of(click.get_current_context().meta.get(ANSWERED_IN) or load(home).lang)
    except BadUsage:
        return words_of("en")
