"""`audit report`: the findings as a document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor.cli.options import paths_argument, scope_options


@click.command()
@paths_argument
@scope_options
@click.option("-o", "--out", "out", required=True, type=click.Path(path_type=Path), help="The file: .pdf or .html.")
def report(paths: tuple[str, ...], out: Path, **given: Any) -> int:
    """Write the findings report, and findings.json beside it."""
    from auditor.cli.output import rendered, writable, write
    from auditor.cli.running import run
    from auditor.errors import BadUsage

    form = out.suffix.lower().lstrip(".")
    if form not in ("pdf", "html"):
        raise BadUsage(f"{out}: name the file .pdf or .html, so that the format is known.")
    writable(out)
    if form == "pdf":
        from auditor.render.pdf import require_libraries

        require_libraries()  # say what is missing before an hour of checking, not after it
    audit, words = run(paths, given, flows=True)
    content = rendered(audit, words, form)
    write(out, content)
    beside = out.with_name("findings.json")
    write(beside, rendered(audit, words, "json"))
    click.echo(f"{out}  {len(content):,} bytes\n{beside}")
    return 0
