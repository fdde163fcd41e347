"""Reports and receipts beside the register. Written whole or not at all; what is there and unchanged is not written again."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.model.audit import Audit
from auditor.publish import batch
from auditor.publish.names import file_names
from auditor.register.arrivals import Arrival
from auditor.render import kinds
from auditor.render.data import as_json
from auditor.render.split import only
from auditor.render.style import shipped
from auditor.wording import Words, in_words

RECEIPTS = "receipts"
_DUE = ".due"


class Writing:
    """Where reports go, and whether as PDF; without it the findings as data and receipts as HTML."""

    def __init__(self, folder: Path, *, pdf: bool, workers: int = 2) -> None:
        self._folder = folder
        self._pdf = pdf
        self._workers = workers

    def due_are(self, contestants: Collection[str]) -> None:
        """Note whose reports have to be written: a pass that is stopped before it wrote them leaves that to the next."""
        if contestants:
            self._folder.mkdir(exist_ok=True)
            whole(self._folder / _DUE, json.dumps(sorted(contestants), ensure_ascii=False).encode())
        else:
            (self._folder / _DUE).unlink(missing_ok=True)

    def due(self) -> list[str]:
        """Whose reports were to be written."""
        file = self._folder / _DUE
        return [str(cid) for cid in json.loads(file.read_bytes())] if file.exists() else []

    def reports(self, made: Audit, words: Words) -> list[str]:
        """A report for each contestant of the audit; those that failed, with the reason."""
        self._folder.mkdir(exist_ok=True)
        if self._pdf:
            style = shipped(words.lang)
            planned = batch.planned(made, style)
            done = batch.run(planned, self._folder, words.lang, style, self._workers, whole)
            return [f"{one.report.name}: {in_words(one.failed, words)}" for one in done if one.failed is not None]
        names = file_names(one.contestant_id for one in made.contestants)
        for cid, name in names.items():
            whole(self._folder / f"{name}.json", as_json(only(made, cid)).encode())
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

                whole(folder / f"{names[one.label]}.pdf", write(part, words, kinds.RECEIPT))
            else:
                whole(folder / f"{names[one.label]}.html", kinds.PAGES[kinds.RECEIPT](part, words).encode())


def of_file(made: Audit, one: Arrival) -> Audit:
    """The part of an audit that is about one file: those whose it is, and it as the only input. Which of their reports count is left
    out, for that depends on what else had come by the time of the pass, and the receipt of a file is the same whenever it is made."""
    return replace(
        made,
        inputs=[each for each in made.inputs if each.file == one.label or each.file.startswith(f"{one.label}/")],
        contestants=[
            replace(each, books=[], superseded=[], other_finals=[], interims=[])
            for each in made.contestants
            if each.contestant_id in one.whose
        ],
    )


def whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
