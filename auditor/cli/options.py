"""Options that several commands share, and what they stand for."""

from __future__ import annotations

import locale
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.almaty import day_in_almaty
from auditor.errors import BadUsage
from auditor.languages import LANGUAGES
from auditor.read.choices import DELIMITERS, ENCODINGS, MARKS, ORDERS
from auditor.tables import TABLES
from auditor.wording import refusal
from auditor.written_day import day_of

if TYPE_CHECKING:
    from auditor.normalise.scope import Scope
    from auditor.read.instructions import Stated
    from auditor.rulebook.load import Rulebook

F = TypeVar("F", bound=Callable[..., Any])
_TABLE = "table_"
_WIDEST = 140


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
ANSWERED_IN = "auditor.answered_in"
"""Where a command's context keeps the language that was asked for."""


def _answered_in(context: click.Context, option: click.Parameter, given: str | None) -> str | None:
    """The language, remembered for what is said of a mistake; of a command before which it stands, that one's."""
    if given is not None:
        context.meta[ANSWERED_IN] = given
    return context.meta.get(ANSWERED_IN)


lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    callback=_answered_in,
    is_eager=True,
    help="help.lang",
)


def _tables(*names: str) -> tuple[Callable[[F], F], ...]:
    return tuple(
        click.option(
            f"--{table.replace('_', '-')}",
            f"{_TABLE}{table}",
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


def language_of(context: click.Context | None, arguments: Sequence[str]) -> str:
    """The language of what is said of a command before it runs. `arguments` are those of the process: where they could not be parsed, or
    help was asked for first, click was not told the language."""
    asked = context.meta.get(ANSWERED_IN) if context is not None else None
    after = [following for option, following in pairwise(arguments) if option == "--lang"]
    joined = [option.partition("=")[2] for option in arguments if option.startswith("--lang=")]
    return language(asked or next((one for one in (*after, *joined) if one in LANGUAGES), None))


def language(given: str | None) -> str:
    """The language asked for, else that of the locale, else English."""
    if given:
        return given
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or (locale.getlocale()[0] or "")
    return named[:2].lower() if named[:2].lower() in LANGUAGES else "en"


def today() -> date:
    """Today in Almaty. What is audited gets its day as an argument; only commands ask the clock."""
    return day_in_almaty(datetime.now(UTC))


def overrides_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` pairs. Raises BadUsage for a pair without a sign."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name or not value:
            raise BadUsage(refusal("usage.set_form", pair=pair))
        if name in given:
            raise BadUsage(refusal("usage.set_twice", name=name))
        given[name] = value
    return given


def law_of(given: dict[str, Any]) -> Rulebook:
    """The law to apply, with what was set by hand."""
    from auditor.rulebook.load import load

    return load(given["rulebook"]).with_overrides(overrides_of(given["overrides"]))


def tables_of(given: dict[str, Any]) -> dict[str, str]:
    """The files of the tables that are named by an option of their own."""
    return {name.removeprefix(_TABLE): path for name, path in given.items() if name.startswith(_TABLE) and path}


def scope_of(given: dict[str, Any]) -> Scope:
    """The contestants that the audit is restricted to."""
    from auditor.normalise.scope import Scope

    return Scope(given["contestants"], given["districts"], given["commissions"])


def screen_width() -> int:
    """The columns of the terminal that a text may fill; long lines are hard to read."""
    return min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)


def stated(given: dict[str, Any]) -> Stated:
    """What the options say of the files; they go before what the mapping file says."""
    from dataclasses import replace

    from auditor.read.instructions import Stated

    base = Stated()
    if given["mapping"] is not None:
        from auditor.read.mapping import load

        base = load(given["mapping"])
    mark = MARKS[given["decimal_mark"]] if given["decimal_mark"] else base.forms.decimal_mark
    forms = replace(base.forms, decimal_mark=mark, date_order=given["date_order"] or base.forms.date_order)
    return replace(
        base,
        encoding=given["encoding"] or base.encoding,
        delimiter=DELIMITERS[given["delimiter"]] if given["delimiter"] else base.delimiter,
        sheet=given["sheet"] or base.sheet,
        heading_row=given["heading_row"] or base.heading_row,
        forms=forms,
        strict=given["strict_input"],
    )


class Progress:
    """A bar on standard error, from the second second on, and only where that is a terminal."""

    STEPS = ("read", "normalise", "check", "report")

    def __init__(self) -> None:
        import threading
        import time

        self._on = sys.stderr.isatty()
        self._step = 0
        self._begun = time.monotonic()
        self._done = threading.Event()
        self._drawing = threading.Thread(target=self._draw, daemon=True)
        if self._on:
            self._drawing.start()

    def step(self, name: str) -> None:
        """Say which step begins."""
        self._step = self.STEPS.index(name)

    def finish(self) -> None:
        """Remove the bar."""
        self._done.set()
        if self._on:
            self._drawing.join()  # or it may draw once more
            click.echo("\r\033[K", nl=False, err=True)

    def _draw(self) -> None:
        import time

        while not self._done.wait(0.2):
            seconds = time.monotonic() - self._begun
            if seconds > 1:
                bar = "█" * (self._step * 6 + 3) + "░" * (24 - self._step * 6 - 3)
                click.echo(f"\r\033[K{bar} {self.STEPS[self._step]}  {seconds:.0f} s", nl=False, err=True)
