"""The language in which a command answers."""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence
from itertools import pairwise

import click

from auditor.languages import LANGUAGES

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
