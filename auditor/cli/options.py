"""Options that several commands share."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.language import lang_option
from auditor.read.choices import DELIMITERS, ENCODINGS, MARKS, ORDERS
from auditor.tables import TABLES
from auditor.wording import refusal
from auditor.written_day import day_of

F = TypeVar("F", bound=Callable[..., Any])
TABLE_OPTION = "table_"
"""What the name of an option that names a table begins with, as a command gets it."""


def _stack(*options: Callable[[F], F]) -> Callable[[F], F]:
    def apply(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return apply


class Day(click.ParamType["date"]):
    """A day as 2023-04-15 or 15.04.2023."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        if isinstance(value, date):
            return value
        try:
            return day_of(value)
        except ValueError:
            self.fail(refusal("usage.day_form", value=repr(value)), param, ctx)


def several(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The words of all uses of an option, of which one may name several: `DON,SRC-003`."""
    between = [part.split() for words in given for part in words.split(",")]
    if [] in between:
        raise click.BadParameter(refusal("usage.word_missing"), context, option)
    return tuple(one for part in between for one in part)


def _once(context: click.Context, option: click.Parameter, given: tuple[Any, ...]) -> Any:
    """The one file of a table: of two, one would be lost without a word."""
    if len(given) > 1:
        raise click.BadParameter(refusal("usage.given_twice"), context, option)
    return given[0] if given else None


def rulebook_option(help_key: str = "help.rulebook") -> Callable[[F], F]:
    """The law that a command goes by."""
    return click.option("--rulebook", default="kz/majilis-2023", show_default=True, metavar="NAME", help=help_key)


paths_argument = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_LAW: tuple[Callable[[F], F], ...] = (
    click.option("--as-of", type=Day(), help="help.as_of"),
    click.option("--set", "overrides", multiple=True, metavar="NAME=VALUE", help="help.set"),
    rulebook_option(),
)
_RULES: tuple[Callable[[F], F], ...] = (
    click.option(
        "--select",
        multiple=True,
        callback=several,
        metavar="RULE",
        help="help.select",
    ),
    click.option(
        "--ignore",
        multiple=True,
        callback=several,
        metavar="RULE",
        help="help.ignore",
    ),
)
_WHOSE_AND_HOW: tuple[Callable[[F], F], ...] = (
    click.option("--contestant", "contestants", multiple=True, metavar="ID", help="help.contestant"),
    click.option("--district", "districts", multiple=True, metavar="N", help="help.district"),
    click.option("--commission", "commissions", multiple=True, metavar="NAME", help="help.commission"),
    click.option(
        "--encoding",
        type=click.Choice(ENCODINGS),
        help="help.encoding",
    ),
    click.option("--delimiter", type=click.Choice([*DELIMITERS]), help="help.delimiter"),
    click.option("--decimal-mark", type=click.Choice([*MARKS]), help="help.decimal_mark"),
    click.option("--date-order", type=click.Choice(ORDERS), help="help.date_order"),
    click.option("--sheet", metavar="NAME", help="help.sheet"),
    click.option("--heading-row", type=click.IntRange(1, 9999), metavar="N", help="help.heading_row"),
    click.option(
        "--mapping",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="help.mapping",
    ),
    click.option("--strict-input", is_flag=True, help="help.strict_input"),
)


def _tables(*names: str) -> tuple[Callable[[F], F], ...]:
    return tuple(
        click.option(
            f"--{table.replace('_', '-')}",
            f"{TABLE_OPTION}{table}",
            multiple=True,
            callback=_once,
            metavar="FILE",
            help=f"help.{table}",
        )
        for table in names
    )


scope_options: Callable[[F], F] = _stack(
    *_LAW, *_RULES, *_WHOSE_AND_HOW, lang_option, *_tables(*(table for table in TABLES if table != "reports"))
)
register_options: Callable[[F], F] = _stack(*_LAW, *_WHOSE_AND_HOW, lang_option, *_tables("contestants", "filings"))


def _nothing() -> None:
    """What has the shared options and no others."""


def again(command: str, paths: tuple[str, ...], *more: str) -> str:
    """A command for the same audit: with all options of this one that were given and that both have."""
    context = click.get_current_context()
    shared = {name for option in click.command(scope_options(_nothing)).params for name in option.opts}
    said: list[str] = []
    for option in context.command.params:
        name = next((one for one in option.opts if one in shared), None)
        source = context.get_parameter_source(option.name or "")
        value = context.params.get(option.name or "")
        # The language may stand before the command.
        if name is None or (source is not click.core.ParameterSource.COMMANDLINE and (name != "--lang" or value is None)):
            continue
        if value is True:
            said.append(name)
        else:
            said += [word for one in (value if isinstance(value, tuple) else (value,)) for word in (name, str(one))]
    if any(path.startswith("-") and path != "-" for path in paths):
        return f"{command} {shlex.join([*said, *more, '--', *paths])}"
    return f"{command} {shlex.join([*paths, *said, *more])}"
