"""`audit review`: what people decide about findings."""

from __future__ import annotations

import json
from pathlib import Path

import click

from auditor.cli.help import Group
from auditor.cli.registering import moment, now_option, opened, register_at, words_for
from auditor.cli.statuses import FINE
from auditor.model.dismissals import DISMISSALS

_BY = click.option("--by", required=True, metavar="NAME", help="help.by_decides")


@click.group(cls=Group)
def review() -> None:
    """Decide about findings of the register. Nothing that was decided is ever changed; a later decision stands above it."""


@review.command("list")
@register_at
@click.option("--contestant", metavar="ID", help="help.only_contestant")
@click.option("--rule", metavar="RULE", help="help.only_rule")
@click.option("--state", type=click.Choice(["open", "accepted", "dismissed", "signed", "reopened"]), help="help.only_state")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="help.format")
def list_(home: Path, database: str | None, contestant: str | None, rule: str | None, state: str | None, form: str) -> int:
    """List the findings with their history and the decisions."""
    from auditor.inbox.reviewing import as_data, as_lines, every
    from auditor.inbox.settings import load

    settings = load(home)
    found = [one for one in every(opened(home, database), settings, contestant, rule) if state is None or one.state == state]
    if form == "json":
        click.echo(json.dumps([as_data(one) for one in found], ensure_ascii=False, indent=1))
        return FINE
    for line in as_lines(found, words_for(home)):
        click.echo(line)
    return FINE


def _decide(
    kind: str, home: Path, database: str | None, key: str, *, now: str | None, by: str, reason: str, code: str | None = None
) -> int:
    from auditor.inbox.reviewing import decide
    from auditor.inbox.settings import load

    made = decide(opened(home, database), load(home), key, kind=kind, by=by, reason=reason, code=code, now=moment(now))
    click.echo(f"{made.key}  {made.state}")
    return FINE


@review.command()
@register_at
@now_option
@click.argument("key")
@_BY
@click.option("--reason", default="", metavar="TEXT", help="help.reason")
def accept(home: Path, database: str | None, now: str | None, key: str, by: str, reason: str) -> int:
    """Accept the finding KEY: the commission holds it to be so."""
    return _decide("accept", home, database, key, now=now, by=by, reason=reason)


@review.command()
@register_at
@now_option
@click.argument("key")
@_BY
@click.option(
    "--code",
    required=True,
    type=click.Choice(DISMISSALS),
    help="help.reason_code",
)
@click.option("--reason", required=True, metavar="TEXT", help="help.reason_sentence")
def dismiss(home: Path, database: str | None, now: str | None, key: str, by: str, code: str, reason: str) -> int:
    """Dismiss the finding KEY."""
    return _decide("dismiss", home, database, key, now=now, by=by, reason=reason, code=code)


@review.command()
@register_at
@now_option
@click.argument("key")
@click.option("--by", required=True, metavar="NAME", help="help.by_notes")
@click.option("--reason", required=True, metavar="TEXT", help="help.reason_note")
def note(home: Path, database: str | None, now: str | None, key: str, by: str, reason: str) -> int:
    """Note something about the finding KEY."""
    return _decide("note", home, database, key, now=now, by=by, reason=reason)


@review.command()
@register_at
@now_option
@click.argument("key")
@click.option("--by", required=True, metavar="NAME", help="help.by_signs")
@click.option("--reason", default="", metavar="TEXT", help="help.reason_sign")
def sign(home: Path, database: str | None, now: str | None, key: str, by: str, reason: str) -> int:
    """Sign the standing decision on the finding KEY; another person than who made it."""
    return _decide("sign", home, database, key, now=now, by=by, reason=reason)
