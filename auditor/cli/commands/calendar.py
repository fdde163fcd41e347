"""`audit calendar`: what is due when, from whom, and what of it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.cli.given import law_of, scope_of, stated, tables_of, today
from auditor.cli.help import Group
from auditor.cli.language import language
from auditor.cli.options import register_options
from auditor.cli.statuses import FINE, FOUND
from auditor.cli.streams import screen_width
from auditor.errors import BadUsage
from auditor.wording import Words, refusal
from auditor.wording import load as words_of

if TYPE_CHECKING:
    from auditor.follow.obligations import Calendar, Standings

F = TypeVar("F", bound=Callable[..., Any])

_paths = click.argument("paths", nargs=-1, metavar="[PATH]...")
_format = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="help.format")
_ics = click.option("--ics", type=click.Path(path_type=Path), metavar="FILE", help="help.ics")


def _shared(command: F) -> F:
    for option in (_ics, _format, register_options, _paths):
        command = option(command)
    return command


@click.group(cls=Group)
def calendar() -> None:
    """What is due when, from whom, and what of it is there."""


@calendar.command()
@_shared
def show(paths: tuple[str, ...], form: str, ics: Path | None, **given: Any) -> int:
    """Every event and obligation, with its day, its basis and how sure it is."""
    from auditor.render.calendar import shown

    made, status, words = _made(paths, given, ics)
    _print(form, made, status, lambda width: shown(made, status, words, width=width))
    return FINE


@calendar.command()
@click.option("--days", type=click.IntRange(0, 3660), metavar="N", default=14, show_default=True, help="help.days")
@_shared
def due(paths: tuple[str, ...], form: str, ics: Path | None, days: int, **given: Any) -> int:
    """What falls due within some days, the day itself and the last one inside."""
    from auditor.render.calendar import due as falls_due

    made, status, words = _made(paths, given, ics)
    _print(form, made, status, lambda width: falls_due(made, status, words, days=days, width=width))
    return FINE


@calendar.command()
@_shared
def status(paths: tuple[str, ...], form: str, ics: Path | None, **given: Any) -> int:
    """What is filed, late, missing and published, by obligation."""
    from auditor.render.calendar import standing

    made, found, words = _made(paths, given, ics)
    if found is None:
        raise BadUsage(refusal("usage.calendar_tables"))
    _print(form, made, found, lambda width: standing(found, words, width=width))
    return FOUND if any(one.missing for one in found.standings) else FINE


def _made(paths: tuple[str, ...], given: dict[str, Any], ics: Path | None) -> tuple[Calendar, Standings | None, Words]:
    from auditor.cli.output import not_over_given, writable, write
    from auditor.follow.calendar import calendar as calendar_of

    if ics is not None:
        not_over_given(writable(ics), [*paths, *tables_of(given).values()])
    words = words_of(language(given["lang"]))
    rulebook = law_of(given)
    made = calendar_of(rulebook, given["as_of"] or today(), words.lang)
    tables = tables_of(given)
    found = None
    if paths or tables:
        from auditor.follow.standings import read
        from auditor.follow.standings import status as status_of

        found = status_of(made, read(paths, tables, stated(given), scope_of(given), rulebook, words))
    if ics is not None:
        from auditor.render.ics import as_ics

        write(ics, as_ics(made, words))
    return made, found, words


def _print(form: str, made: Calendar, found: Standings | None, text: Callable[[int], str]) -> None:
    from auditor.render.calendar import as_json

    width = screen_width()
    click.echo(as_json(made, found) if form == "json" else text(width), nl=False)
