"""`audit rules`: read the law as the program does, and test it."""

from __future__ import annotations

import shutil
import textwrap

import click

from auditor.cli.help import Group
from auditor.cli.language import lang_option, language
from auditor.cli.options import rulebook_option
from auditor.cli.statuses import FINE, FOUND
from auditor.errors import BadUsage
from auditor.wording import load as words_of
from auditor.wording import refusal

_rulebook = rulebook_option()


@click.group(cls=Group)
def rules() -> None:
    """Read the law as the program does, and test it."""


@rules.command("list")
@_rulebook
@lang_option
def list_rules(rulebook: str, lang: str | None) -> None:
    """All rules in force: id, severity, confidence, title."""
    from auditor.rulebook.load import load

    words = words_of(language(lang))
    told = [
        (rule.id, words(f"common.weight_{rule.severity}"), words(f"common.confidence_{rule.confidence}"), rule.title.in_(words.lang))
        for rule in load(rulebook).rules
    ]
    severity, confidence = (max((len(one[column]) for one in told), default=0) for column in (1, 2))
    for code, weight, sure, title in told:
        click.echo(f"{code}  {weight:<{severity}}  {sure:<{confidence}}  {title}")


def _echo_wrapped(text: str, first: str, rest: str) -> None:
    """Print a text in lines no wider than the terminal, and than is read with ease."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    own = text[: len(text) - len(text.lstrip())]  # an indent of its own stays
    click.echo("\n".join(textwrap.wrap(text.strip(), width, initial_indent=first + own, subsequent_indent=rest, break_on_hyphens=False)))


@rules.command()
@click.argument("code")
@_rulebook
@lang_option
def show(code: str, rulebook: str, lang: str | None) -> None:
    """One rule: what it demands, by which law and how sure, what it needs, and its numbers."""
    from auditor.rulebook.describe import describe
    from auditor.rulebook.load import load

    law = load(rulebook)
    for line in describe(law, law.rule(code), words_of(language(lang))).splitlines():
        _echo_wrapped(line, "", "      ")


@rules.command()
@click.argument("code")
@_rulebook
@click.option("--dialect", metavar="NAME", help="help.dialect")
def sql(code: str, rulebook: str, dialect: str | None) -> None:
    """The rule's SQL, to repeat a finding on any database: over the tables books and contestants, and for price lists over vendors and
    prices."""
    from auditor.rulebook.load import load
    from auditor.rulebook.sql import UnknownDay
    from auditor.rulebook.sql_of_rule import compile_rule

    law = load(rulebook)
    try:
        statement = compile_rule(law, law.rule(code))
    except UnknownDay as missing:
        raise BadUsage(refusal("usage.sql_no_day", rule=law.rule(code).id, event=missing.event)) from missing
    if statement is None:
        click.echo(f"-- {law.rule(code).id} is not about sums of lines: it is checked without SQL.")
        return
    if dialect:
        from auditor.rulebook.dialects import transpiled

        click.echo(transpiled(statement.sql, dialect) + ";")
    else:
        click.echo(statement.script)


@rules.command()
@_rulebook
@lang_option
def matrix(rulebook: str, lang: str | None) -> None:
    """Which sentence of the law each rule tests, and which obligations no rule tests and why."""
    from auditor.rulebook.describe import matrix as sentences
    from auditor.rulebook.load import load

    words = words_of(language(lang))
    told = list(sentences(load(rulebook), words))
    indent = " " * (max((len(at) for at, *_ in told), default=0) + 2)
    for at, says, several, why in told:
        _echo_wrapped(says, at.ljust(len(indent)), indent)
        for rule in several:
            sure = words(f"common.confidence_{rule.confidence}")
            _echo_wrapped(f"{rule.id}  {rule.title.in_(words.lang)} ({sure})", indent, indent + " " * 9)
        if why is not None:
            label = "common.not_tested" if not several else "common.not_wholly_tested"
            _echo_wrapped(f"{words(label)}: {why}", indent, indent + "  ")


@rules.command()
@click.argument("codes", nargs=-1)
@_rulebook
@lang_option
def test(codes: tuple[str, ...], rulebook: str, lang: str | None) -> int:
    """Run the cases that lie beside the rules; all of them, or those of some rules."""
    from auditor.cases import load_cases, run_case
    from auditor.rulebook.load import load

    words, law = words_of(language(lang)), load(rulebook)
    for code in codes:
        law.rule(code)
    cases = [case for case in load_cases(law) if not codes or case.rule in {code.upper() for code in codes}]
    failed = 0
    for case in cases:
        differences = run_case(law, case, words)
        failed += bool(differences)
        for line in differences:
            click.echo(f"{case.rule}  {case.name}: {line}")
    click.echo(words("cases.passed", passed=len(cases) - failed, failed=failed))
    return FOUND if failed else FINE


@rules.command()
@_rulebook
@lang_option
def lint(rulebook: str, lang: str | None) -> int:
    """Check the rule files and that every rule has its cases."""
    from auditor.cases import missing_cases
    from auditor.rulebook.load import load

    words, law = words_of(language(lang)), load(rulebook)
    missing = missing_cases(law, words)
    for sentence in missing:
        click.echo(sentence)
    election, counted = law.election, {"rules": len(law.rules), "parameters": len(law.parameters), "missing": len(missing)}
    click.echo(words("cases.looked_through", election=election.id, version=election.version, **counted))
    return FOUND if missing else FINE
