"""`audit check`: the verdict."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.given import tables_of
from auditor.cli.help import Command
from auditor.cli.options import again, paths_argument, scope_options, several
from auditor.cli.statuses import FINE, FOUND, INCOMPLETE
from auditor.cli.streams import screen_width
from auditor.errors import BadUsage
from auditor.wording import refusal

if TYPE_CHECKING:
    from auditor.model.audit import Audit

_DEFAULT_FAILURES = ("breach", "undetermined", "problem")
_FAILURES = (*_DEFAULT_FAILURES, "lead", "never")


def _failures(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """What counts as a failure. Raises BadParameter for another word, and for `never` beside any."""
    words = several(context, option, given)
    for word in words:
        if word not in _FAILURES:
            raise click.BadParameter(refusal("usage.not_one_of", value=repr(word), choices=", ".join(_FAILURES)), context, option)
    if "never" in words and {*words} != {"never"}:
        raise click.BadParameter(refusal("usage.never_alone"), context, option)
    return words


def _out(context: click.Context, option: click.Parameter, given: Path | None) -> None:
    """Other commands write their one file so; this one writes several forms."""
    from auditor.cli.output import FORMATS

    if given is not None:
        form = given.suffix.lower().lstrip(".").replace("txt", "text")
        wanted = form if form in FORMATS else "FORMAT"
        raise click.UsageError(refusal("usage.no_short_output", option=f"--output {wanted}={given}"), context)


@click.command(cls=Command)
@paths_argument
@scope_options
@click.option("--format", "form", type=click.Choice(["text", "json", "csv", "xlsx"]), default="text", show_default=True, help="help.format")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT=FILE", help="help.output")
@click.option(
    "--fail-on",
    multiple=True,
    callback=_failures,
    metavar=f"[{'|'.join(_FAILURES)}]",
    help="help.fail_on",
)
@click.option("-o", "out", type=click.Path(path_type=Path), callback=_out, hidden=True, expose_value=False)
@click.option("--rejected", type=click.Path(path_type=Path), metavar="FILE", help="help.rejected")
@click.option("--require-complete", is_flag=True, help="help.require_complete")
def check(
    paths: tuple[str, ...], form: str, outputs: tuple[str, ...], fail_on: tuple[str, ...], require_complete: bool, **given: Any
) -> int:
    """Check reports and the tables beside them."""
    from auditor.cli.output import DRAWN, echo, not_over_inputs, rendered, targets, write_all
    from auditor.cli.running import run

    if form == "xlsx" and sys.stdout.isatty():
        raise BadUsage(refusal("usage.workbook_to_a_file"))
    rejected: Path | None = given["rejected"]
    files = targets(outputs, rejected)
    audit, words = run(paths, given, for_report=any(wanted in DRAWN for wanted, _ in files))
    not_over_inputs([path for _, path in files] + ([rejected] if rejected is not None else []), paths, audit)
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = screen_width()
    named = (*paths, *tables_of(given).values())
    once_only = any(path == "-" or not (Path(path).is_file() or Path(path).is_dir()) for path in named)
    following = "" if once_only else again("audit report", paths, "-o", "findings.pdf")
    shown = rendered(audit, words, form, width=width, color=color, following=following)
    written = [(path, rendered(audit, words, wanted, following=following)) for wanted, path in files]
    if rejected is not None:
        from auditor.render.rejected import as_csv

        written.append((rejected, as_csv(audit.rejected, words)))
    write_all(written)
    echo(shown, color=color and form == "text")
    return exit_status(audit, fail_on or _DEFAULT_FAILURES, complete=require_complete)


def exit_status(audit: Audit, fail_on: tuple[str, ...], *, complete: bool) -> int:
    """The exit status of the contract; 3 goes before 1."""
    from auditor.model.coverage import Status
    from auditor.model.finding import Outcome

    # That others were left out was asked for.
    silent = any(gap.reason is not None for one in audit.coverage for gap in one.silent_about)
    if complete and (silent or any(one.status is Status.NOT_ASSESSED for one in audit.coverage)):
        return INCOMPLETE
    if "never" in fail_on:
        return FINE
    found = {str(outcome) for outcome in Outcome if audit.count(outcome)} | ({"problem"} if audit.problems else set())
    return FOUND if found & set(fail_on) else FINE
