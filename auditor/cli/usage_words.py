"""What cannot be meant by a command line, as click found it, in the language that was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from auditor.cli.language import language_of
from auditor.wording import Refusal, Words, load

_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")


def usage(error: click.ClickException, arguments: Sequence[str]) -> str:
    """What is wrong with the command, in one line with the command that helps. `arguments` are those of the process."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    words = load(language_of(context, arguments))
    said = " ".join(_said(error, words).split())
    return said if context is None else f"{said} {words('usage.see', command=f'{context.command_path} --help')}"


def _said(error: click.ClickException, words: Words) -> str:
    match error:
        case click.NoSuchOption():
            return _perhaps(words("usage.no_option", name=error.option_name), error.possibilities, words)
        case click.exceptions.NoSuchCommand():
            return _perhaps(words("usage.no_command", name=error.command_name), error.possibilities, words)
        case click.MissingParameter(param=click.Parameter() as lacking):
            said = words("usage.missing", name=lacking.get_error_hint(error.ctx))
            choices = _choices(lacking)
            return f"{said.rstrip('.')}; {words('usage.choices', choices=choices)}" if choices else said
        case click.BadOptionUsage() if error.message.endswith("requires an argument."):
            return words("usage.needs_value", name=error.option_name)
        case click.BadParameter(param=click.Parameter() as given):
            return words("usage.bad_value", name=given.get_error_hint(error.ctx), said=_value(error, given, words))
        case click.UsageError(message=Refusal() as said):
            return said.in_(words)
        case _:
            return error.format_message()


def _value(error: click.BadParameter, given: click.Parameter, words: Words) -> str:
    if isinstance(error.message, Refusal):
        return error.message.in_(words)
    if choices := _choices(given):
        quoted = _QUOTED.match(error.message)  # click keeps the value in its sentence alone
        return words("usage.not_one_of", value=quoted[0], choices=choices) if quoted else words("usage.choices", choices=choices)
    if isinstance(given.type, click.Path) and error.message.endswith("does not exist.") and (quoted := _QUOTED.search(error.message)):
        return words("usage.not_there", path=quoted[0])
    if isinstance(given.type, click.IntRange) and None not in (given.type.min, given.type.max):
        return words("usage.between", low=given.type.min, high=given.type.max)
    return error.message


def _choices(asked: click.Parameter) -> str:
    return ", ".join(map(str, asked.type.choices)) if isinstance(asked.type, click.Choice) else ""


def _perhaps(said: str, possibilities: Sequence[str] | None, words: Words) -> str:
    return words("usage.perhaps", said=said, word=repr(possibilities[0])) if possibilities else said
