"""`audit report`: the findings as a document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor.cli.options import paths_argument, scope_options


@click.command()
@paths_argument
@scope_options
@click.option("-o", "--out", "out", required=True, type=click.Path(path_type=Path), help="The file: .pdf or .html; with --each a folder.")
@click.option("--each", type=click.Choice(["contestant"]), help="One PDF for each contestant, in the folder that -o names.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="With --each: processes that draw.")
@click.option("--book", is_flag=True, help="With --each: book.pdf too, all reports in one volume with contents and bookmarks.")
@click.option("--style", type=click.Path(path_type=Path), metavar="FOLDER", help="A commission's own commission.css, emblem and name.")
def report(paths: tuple[str, ...], out: Path, each: str | None, workers: int, book: bool, style: Path | None, **given: Any) -> int:
    """Write the findings report (.pdf to publish, .html for a browser), and findings.json beside it."""
    if each is not None:
        from auditor.cli.batching import each_contestant

        return each_contestant(paths, given, out, workers, book=book, style_folder=style)
    from auditor.cli.output import rendered, style_of, writable, write
    from auditor.cli.running import run
    from auditor.errors import BadUsage

    if book:
        raise BadUsage("--book: a volume is made of the reports of --each contestant; give that too.")
    form = out.suffix.lower().lstrip(".")
    if form not in ("pdf", "html"):
        raise BadUsage(f"{out}: name the file .pdf or .html, so that the format is known.")
    writable(out)
    if form == "pdf":
        from auditor.render.pdf import require_libraries

        require_libraries()  # say what is missing before an hour of checking, not after it
    styled = style_of(style, given["lang"], drawn=form == "pdf")
    audit, words = run(paths, given, flows=True)
    content = rendered(audit, words, form, style=styled)
    write(out, content)
    beside = out.with_name("findings.json")
    write(beside, rendered(audit, words, "json"))
    click.echo(f"{out}  {len(content):,} bytes\n{beside}")
    return 0
