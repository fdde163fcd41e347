"""Reports and receipts beside the register. Written whole or not at all; what is there and unchanged is not written again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from auditor.model import Audit
from auditor.publish import batch
from auditor.publish.names import file_names
from auditor.register.arrivals import Arrival
from auditor.render import kinds
from auditor.render.data import as_json
from auditor.render.split import only
from auditor.render.style import shipped
from auditor.wording import Words

RECEIPTS = "receipts"


class Writing:
    """Where reports go, and whether as PDF; without it the findings as data and receipts as HTML."""

    def __init__(self, folder: Path, *, pdf: bool, workers: int = 2) -> None:
        self._folder = folder
        self._pdf = pdf
        self._workers = workers

    def reports(self, made: Audit, words: Words) -> list[str]:
        """A report for each contestant of the audit; those that failed, with the reason."""
        self._folder.mkdir(exist_ok=True)
        if self._pdf:
            style = shipped(words.lang)
            planned = batch.planned(made, style)
            done = batch.run(planned, self._folder, words.lang, style, self._workers, _whole, keep_others=True)
            return [f"{one.report.name}: {one.failed}" for one in done if one.failed is not None]
        names = file_names(one.contestant_id for one in made.contestants)
        for cid, name in names.items():
            _whole(self._folder / f"{name}.json", as_json(only(made, cid)).encode())
        return []

    def receipts(self, made: Audit, files: Sequence[Arrival], words: Words) -> None:
        """A receipt for each of these files: what was received, with its hash."""
        folder = self._folder / RECEIPTS
        folder.mkdir(exist_ok=True)
        names = file_names(one.label for one in files)
        for one in files:
            part = of_file(made, one)
            if self._pdf:
                from auditor.render.pdf import write

                _whole(folder / f"{names[one.label]}.pdf", write(part, words, kinds.RECEIPT))
            else:
                _whole(folder / f"{names[one.label]}.html", kinds.PAGES[kinds.RECEIPT](part, words).encode())


def of_file(made: Audit, one: Arrival) -> Audit:
    """The part of an audit that is about one file: those whose it is, and it as the only input."""
    from dataclasses import replace

    return replace(
        made,
        inputs=[each for each in made.inputs if each.sha256 == one.sha256 or each.file.startswith(f"{one.label}/")],
        contestants=[each for each in made.contestants if each.contestant_id in one.whose],
    )


def _whole(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
