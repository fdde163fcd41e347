"""`audit`: parse, call one function, print, choose the exit status. Heavy imports wait until a command needs them."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

import click

from auditor.cli import streams
from auditor.cli.commands import calendar, check, db, diff, inbox, mapping, reconcile, report, review, rules, secret, template, verify
from auditor.cli.ending import Ended, tidily
from auditor.cli.help import Group
from auditor.cli.language import ANSWERED_IN, lang_option, language, language_of
from auditor.cli.statuses import FAILED
from auditor.errors import AuditError
from auditor.wording import in_words, load, told_system_error


class _Audit(Group):
    """Says what is wrong with a command in the language that was asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises what it raises, its mistakes in that language as far as they are known in it."""
        try:
            return super().invoke(ctx)
        except AuditError as error:
            error.mistakes = _in_language(error.mistakes, ctx.meta.get(ANSWERED_IN))
            raise


def _in_language(mistakes: tuple[str, ...], lang: str | None) -> tuple[str, ...]:
    words = load(language(lang))
    return tuple(in_words(one, words) for one in mistakes)


@click.group(cls=_Audit, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="campaign-finance-auditor", prog_name="audit", help="help.version")
@lang_option
def cli(lang: str | None) -> None:
    """Check campaign finance reports against the law, and say what could not be assessed."""


cli.add_command(calendar.calendar)
cli.add_command(check.check)
cli.add_command(db.db)
cli.add_command(diff.diff)
cli.add_command(inbox.inbox)
cli.add_command(mapping.mapping)
cli.add_command(reconcile.reconcile)
cli.add_command(report.report)
cli.add_command(review.review)
cli.add_command(rules.rules)
cli.add_command(secret.secret)
cli.add_command(template.template)
cli.add_command(verify.verify)


# With this in the environment a failure of the program is shown as Python shows it, to be mended.
_TRACEBACK = "AUDIT_TRACEBACK"


def _complain(said: str) -> None:
    """One line on standard error; it may quote a file, so nothing in it acts on the terminal or is a whole id."""
    from auditor.masking import safe

    with suppress(OSError):  # whether anybody hears it or not, the exit status is the same
        click.echo(safe(said), err=True)


def main() -> None:
    """The entry point: every mistake is one line, a failure of the program too, and the exit status is then 2."""
    streams.prepare()
    try:
        with tidily():
            status = cli(standalone_mode=False)
        streams.finish()
    except Ended as ended:
        ended.obey()
        status = 128 + ended.number
    except AuditError as error:
        for mistake in error.mistakes:
            _complain(mistake)
        status = FAILED
    except click.exceptions.Abort:
        click.echo(load(language_of(None, sys.argv[1:]))("usage.stopped"), err=True)
        status = 130
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        status = FAILED
    except click.ClickException as error:
        from auditor.cli.usage_words import usage

        _complain(usage(error, sys.argv[1:]))
        status = FAILED
    except OSError as error:
        streams.to_nowhere()

        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{told_system_error(error, load(language_of(None, sys.argv[1:])))}")
        status = FAILED
    except Exception as error:  # status 1 would say that a breach was found
        if os.environ.get(_TRACEBACK):
            raise
        # A library's message may quote the cells that it stumbled over.
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        _complain(load(language_of(None, sys.argv[1:]))("usage.program_failed", said=said, variable=_TRACEBACK))
        status = FAILED
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
