"""What `--help` says, in the language asked for: texts of the catalogue, laid out by click.

An option's `help` is a key of the catalogue; a command's text stands under the words of its path, `help.calendar_due`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby

import click

from auditor.cli.language import language_of
from auditor.wording import Words, load

_WIDEST_TERM = 44
_MANY = 12
"""From so many options on they stand under headings."""
_SECTIONS = {
    "help.section_law": ("as_of", "overrides", "rulebook", "select", "ignore"),
    "help.section_whose": ("contestants", "districts", "commissions"),
    "help.section_tables": ("table_contestants", "table_filings", "table_candidates", "table_price_lists", "table_statement"),
    "help.section_reading": (
        "encoding",
        "delimiter",
        "decimal_mark",
        "date_order",
        "sheet",
        "heading_row",
        "mapping",
        "strict_input",
    ),
}
"""Options that commands share, by name; the others are a command's own and come first."""
_ANYWHERE = ("lang", "_click_default_help")
"""Options of every command, after its own."""


class Command(click.Command):
    """A command whose help is said in the language asked for."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that shows how the command is written."""
        words = _words(ctx)
        marks = {"[OPTIONS]": "help.options_mark", "COMMAND [ARGS]...": "help.command_mark"}
        pieces = [words(marks[piece]) if piece in marks else piece for piece in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), f"{words('help.usage')} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does. A line with a tab is a row of two columns."""
        formatter.write_paragraph()
        with formatter.indentation():
            for number, paragraph in enumerate(_text(ctx).split("\n\n")):
                if number:
                    formatter.write_paragraph()
                _write(paragraph, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options: a command's own, then those that it shares with others, by what they are about."""
        words = _words(ctx)
        options = [option for option in self.get_params(ctx) if isinstance(option, click.Option) and not option.hidden]
        for heading, several in _by_section(options):
            with formatter.section(words(heading)):
                formatter.write_dl([(option.get_help_spec(ctx), _option_help(option, ctx, words)) for option in several])


class Group(Command, click.Group):
    """Commands below one word; what is declared below it speaks the language asked for too."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands with their first sentence."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, each with the first paragraph of its text, whole."""
        with formatter.section(_words(ctx)("help.commands")):
            formatter.write_dl([(name, _text(ctx, name).split("\n\n")[0]) for name in self.list_commands(ctx)])


def key_of(path: Iterable[str]) -> str:
    """The key of a command's text. `path` are its words without the program's name."""
    return f"help.{'_'.join(path) or 'audit'}"


def _text(ctx: click.Context, *below: str) -> str:
    path: list[str] = []
    at = ctx
    while at.parent is not None:
        path.insert(0, at.info_name or "")
        at = at.parent
    return _words(ctx)(key_of((*path, *below)))


def _words(ctx: click.Context) -> Words:
    # Help is asked for before the other options of a command are looked at.
    return load(language_of(ctx, sys.argv[1:]))


def _write(paragraph: str, formatter: click.HelpFormatter) -> None:
    for in_columns, lines in groupby(paragraph.split("\n"), lambda line: "\t" in line):
        if in_columns:
            formatter.write_dl([(term, says) for term, _, says in (line.partition("\t") for line in lines)], col_max=_WIDEST_TERM)
        else:
            formatter.write_text(" ".join(lines))


def _by_section(options: list[click.Option]) -> Iterator[tuple[str, list[click.Option]]]:
    if len(options) < _MANY:
        yield "help.options", options
        return
    shared = {name: heading for heading, names in _SECTIONS.items() for name in names}
    own = [option for option in options if option.name not in shared]
    yield "help.options", sorted(own, key=lambda option: _ANYWHERE.index(option.name) if option.name in _ANYWHERE else -1)
    for heading in _SECTIONS:
        if of_this := [option for option in options if shared.get(option.name or "") == heading]:
            yield heading, of_this


def _option_help(option: click.Option, ctx: click.Context, words: Words) -> str:
    if option is ctx.command.get_help_option(ctx):
        return words("help.help")
    more = option.get_help_extra(ctx)
    beside = [words("help.default", value=more["default"])] if "default" in more else []
    if isinstance(option.type, click.IntRange):
        low, high = option.type.min, option.type.max
        beside.append(words("help.between", low=low, high=words.count(high)) if high is not None else words("help.at_least", low=low))
    if option.required:
        beside.append(words("help.required"))
    said = words(option.help) if option.help else ""
    return f"{said}  [{'; '.join(beside)}]" if beside else said
