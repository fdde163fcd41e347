"""What `--help` says: of every command and option, in every language, on a terminal of 80 columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from catalogues import sentences
from click.testing import CliRunner

from auditor.cli.help import Command, Group, key_of
from auditor.cli.main import cli
from auditor.languages import LANGUAGES
from auditor.wording import load


def _commands(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _commands(below, *path, name)


COMMANDS = dict(_commands(cli))
PATHS = pytest.mark.parametrize("path", COMMANDS, ids=" ".join)


def _help(*args: str, lang: str, width: int = 80) -> str:
    shown = CliRunner().invoke(cli, [*args, "--help"], prog_name="audit", terminal_width=width, env={"LC_ALL": f"{lang}.UTF-8"})
    assert shown.exit_code == 0, shown.output
    return shown.output


@PATHS
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_says_what_it_does_and_what_its_options_are(path, lang):
    said = "".join(_help(*path, lang=lang).split())  # a line may end at a hyphen
    words, command = load(lang), COMMANDS[path]
    assert isinstance(command, Group if isinstance(command, click.Group) else Command)
    for sentence in re.split(r"[\n\t]+", words(key_of(path))):
        assert "".join(sentence.split()) in said
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help is not None and option.help in words
            assert option.opts[-1] in said
    assert "".join(words("help.help").split()) in said


@PATHS
@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_fits_a_terminal_of_80_columns(path, lang):
    too_long = [line for line in _help(*path, lang=lang).splitlines() if len(line) > 80]
    assert all(line.strip().startswith("--") for line in too_long)  # the choices of an option are not broken


@PATHS
@pytest.mark.parametrize("lang", ["kk", "ru"])
def test_what_click_says_of_itself_is_not_left_in_english(path, lang):
    said = _help(*path, lang=lang)
    assert not re.search(r"Usage:|OPTIONS|COMMAND|ARGS|Options:|Commands:|default:|required|Show |INTEGER|<=", said)


def test_the_language_can_be_asked_for_before_or_after_help_and_before_the_command():
    russian = load("ru")("help.usage")
    for args in (["check", "--lang", "ru", "--help"], ["--lang", "ru", "check", "-h"], ["--lang=ru", "--help"], ["--lang", "ru"]):
        shown = CliRunner().invoke(cli, args, prog_name="audit", env={"LC_ALL": "en"})
        assert russian in shown.output, args


def test_help_asked_for_first_is_in_the_language_that_follows(monkeypatch):
    monkeypatch.setattr("sys.argv", ["audit", "check", "--help", "--lang", "kk"])
    shown = CliRunner().invoke(cli, ["check", "--help", "--lang", "kk"], prog_name="audit", env={"LC_ALL": "en"})
    assert shown.output.startswith(load("kk")("help.usage"))


def test_a_language_before_the_command_is_that_of_its_answer():
    shown = CliRunner().invoke(cli, ["--lang", "ru", "rules", "list"], env={"LC_ALL": "en"})
    again = CliRunner().invoke(cli, ["rules", "list", "--lang", "ru"], env={"LC_ALL": "en"})
    assert shown.output == again.output
    other = CliRunner().invoke(cli, ["--lang", "ru", "rules", "list", "--lang", "kk"], env={"LC_ALL": "en"})
    assert other.output != shown.output


def test_the_next_command_has_the_language_wherever_it_stood(run):
    for args in (["--lang", "ru", "check"], ["check", "--lang", "ru"]):
        assert "--lang ru -o findings.pdf" in run(*args, "sample_data/majilis-2023", "--select", "DEP")[1]


def test_options_that_commands_share_stand_under_what_they_are_about():
    words, said = load("en"), _help("check", lang="en", width=120)
    parts = re.split(r"\n\n(?=\S)", said)
    whose = next(part for part in parts if part.startswith(words("help.section_whose")))
    assert [line.split()[0] for line in whose.splitlines()[1:]] == ["--contestant", "--district", "--commission"]
    own = next(part for part in parts if part.startswith(words("help.options")))
    assert own.index("--format") < own.index("--lang") < own.index("--help")


def test_no_text_of_help_is_of_an_option_or_a_command_that_is_gone():
    used = {key_of(path) for path in COMMANDS}
    used |= {option.help for command in COMMANDS.values() for option in command.params if isinstance(option, click.Option)}
    own = {"usage", "options_mark", "command_mark", "options", "commands", "default", "between", "at_least", "required", "help"}
    own |= {"section_law", "section_whose", "section_tables", "section_reading"}
    there = {key for key in sentences("en") if key.startswith("help.")}
    assert there - used - {f"help.{name}" for name in own} == set()
