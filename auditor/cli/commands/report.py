"""`audit report`: the findings as a document."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from auditor.cli.help import Command
from auditor.cli.options import Day, paths_argument, scope_options
from auditor.cli.registering import register_for
from auditor.cli.statuses import FINE
from auditor.errors import BadUsage
from auditor.wording import refusal


@click.command(cls=Command)
@paths_argument
@scope_options
@click.option("-o", "--out", "out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="help.report_out")
@click.option("--each", type=click.Choice(["contestant"]), help="help.each")
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", default=2, show_default=True, help="help.workers")
@click.option("--book", is_flag=True, help="help.book")
@click.option("--style", type=click.Path(path_type=Path), metavar="FOLDER", help="help.style")
@click.option(
    "--kind",
    type=click.Choice(["findings", "public", "receipt", "return-note"]),
    default="findings",
    show_default=True,
    help="help.kind",
)
@click.option("--profile", type=click.Path(path_type=Path), metavar="FILE", help="help.profile")
@click.option(
    "--secret-file",
    type=click.Path(path_type=Path),
    envvar="AUDIT_SECRET_FILE",
    metavar="FILE",
    help="help.secret_file",
)
@click.option("--since", type=Day(), help="help.since")
@click.option("--signed-only", is_flag=True, help="help.signed_only")
@register_for("help.home_for_history")
def report(
    paths: tuple[str, ...],
    out: Path,
    each: str | None,
    workers: int,
    book: bool,
    kind: str,
    profile: Path | None,
    secret_file: Path | None,
    style: Path | None,
    since: date | None,
    signed_only: bool,
    home: Path | None,
    database: str | None,
    **given: Any,
) -> int:
    """Write a report of the findings, or a letter to the contestant; findings as data beside it."""
    from auditor.cli.publishing import reducing, remembering, then

    remember = remembering(home, database, since, signed_only=signed_only)
    reduce = then(remember, reducing(kind, profile, secret_file))
    if each is not None:
        from auditor.cli.batching import each_contestant

        return each_contestant(paths, given, out, workers, kind, reduce, book=book, style_folder=style)
    from auditor.cli.output import not_over_inputs, rendered, style_of, writable, write_all
    from auditor.cli.running import run
    from auditor.render.data import ids_in
    from auditor.render.kinds import PUBLIC, WITH_DATA
    from auditor.render.split import of_those_asked_for

    if book:
        raise BadUsage(refusal("usage.book_of_each"))
    form = out.suffix.lower().lstrip(".")
    if form not in ("pdf", "html"):
        raise BadUsage(refusal("usage.pdf_or_html", path=out))
    writable(out)
    data = out.with_name("findings.json")
    if kind in WITH_DATA:
        writable(data)
        if (there := ids_in(data)) is not None and (there == "keyed") != (kind == PUBLIC):  # whole ids would lie beside what is published
            raise BadUsage(refusal("usage.other_findings", path=data))
    if form == "pdf":
        from auditor.render.pdf import require_libraries

        require_libraries()  # say what is missing before an hour of checking, not after it
    styled = style_of(style, given["lang"], drawn=form == "pdf")
    audit, words = run(paths, given, for_report=True)
    not_over_inputs([out], paths, audit)
    if kind not in WITH_DATA:
        audit = of_those_asked_for(audit)
    audit = reduce(audit, words)
    content = rendered(audit, words, form, kind=kind, style=styled)
    beside = [(data, rendered(audit, words, "json"))] if kind in WITH_DATA else []
    write_all([(out, content), *beside])
    click.echo(words("screen.bytes_written", file=out, count=words.count(len(content))))
    for file, _ in beside:
        click.echo(f"{file}")
    return FINE
