"""The guides show what the program does: their screens are its answers, their commands can be given, their words are on the screen."""

import re
import shlex
from pathlib import Path

import click
import pytest

from auditor.cli.main import cli
from auditor.wording import load

ROOT = Path(__file__).parent.parent
GUIDES = {"en": "README.md", "ru": "README.ru.md", "kk": "README.kk.md"}
LANGS = pytest.mark.parametrize("lang", GUIDES)
LEFT_OUT = "…"


def text(lang):
    return (ROOT / GUIDES[lang]).read_text(encoding="utf-8")


def screen(lang):
    """The command, and the lines that it is shown to print."""
    shown = re.search(r"^    \$ audit (.*)\n\n((?:    .*\n|\n)+)", text(lang), re.MULTILINE)
    return shlex.split(shown[1]), [line[4:] for line in shown[2].rstrip().splitlines()]


@LANGS
def test_the_screen_is_what_the_command_prints(lang, run, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    args, lines = screen(lang)
    _, printed, _ = run(*args, width=100)
    there = iter(printed.replace("\u202f", " ").splitlines())
    for line in lines:
        if line.strip() not in ("", LEFT_OUT):
            assert any(line == one for one in there), line  # in this order


def commands(lang):
    """Every command in an indented block, as words: without its comment, and of several that stand beside one another the first."""
    for line in re.findall(r"^    (?:runuser .* -- \S*?/)?(?:\$ )?(audit .*)$", text(lang), re.MULTILINE):
        first = re.split(r"\s+#\s|\s\|\s|\s&&\s|\s<\s", line)[0]
        yield shlex.split(first.replace(LEFT_OUT, ""))[1:]


@LANGS
def test_every_command_and_option_is_there(lang):
    found = list(commands(lang))
    assert len(found) > 10
    for words in found:
        command, rest = cli, list(words)
        while isinstance(command, click.Group) and rest:
            name = rest.pop(0)
            assert name in command.commands, words
            command = command.commands[name]
        options = {name for one in command.params if isinstance(one, click.Option) for name in (*one.opts, *one.secondary_opts)}
        assert {word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"} <= options, words


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_the_words_of_the_guide_are_those_of_the_screen(lang):
    words = load(lang)
    told = re.findall(r"\*\*([А-ЯЁӘҒҚҢӨҰҮҺІ ]{6,})\*\*", text(lang))
    outcomes = [words(f"common.outcome_{outcome}").upper() for outcome in ("breach", "undetermined", "lead")]
    sections = [words.sentence(key, 5).partition("   ")[0] for key in ("screen.unread", "screen.not_assessed")]
    assert told == [*outcomes, *sections]


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_the_guides_in_kazakh_and_russian_say_the_same(lang):
    """As many headings, commands, rows of tables and words in bold; and every table and exit status of the contract."""
    marks = r"^## |^    \S|^\| |\*\*|^- "
    assert len(re.findall(marks, text("ru"), re.MULTILINE)) == len(re.findall(marks, text("kk"), re.MULTILINE))
    for name in ("reports", "contestants", "filings", "candidates", "price_lists", "statement"):
        assert f"| `{name}` |" in text(lang)
    for status in range(4):
        assert f"| {status} |" in text(lang)


def test_the_program_in_python_prints_what_the_command_prints(run, capsys):
    program = re.search("```python\n(.*?)```", text("en"), re.DOTALL)[1]
    asked = ["check", "sample_data/majilis-2023", "--as-of", "2023-04-15", "--set", "results_published=2023-03-29", "--format", "json"]
    by_command = run(*asked, "--lang", "en", "--fail-on", "never")[1]
    exec(program, {})
    assert capsys.readouterr().out.strip() == by_command.strip()
