"""The folder of a batch: a report for each contestant, the volume of them all, the index, and the SHA-256 of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.model.audit import Audit
from auditor.publish import batch, lists
from auditor.publish.batch import BOOK, INDEX, SUMS, Planned, Result, Write
from auditor.render.book import Chapter, volume
from auditor.render.style import Style
from auditor.wording import Words


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of every report, whether there is a volume, and `left_over`: files of an earlier run that are none of this one."""

    results: Sequence[Result]
    has_book: bool
    left_over: Sequence[str]

    @property
    def failed(self) -> list[Result]:
        """The reports that could not be made."""
        return sorted((one for one in self.results if one.failed is not None), key=lambda one: one.report.name)

    @property
    def drawn(self) -> int:
        """How many reports were drawn."""
        return sum(one.drawn for one in self.results)

    @property
    def unchanged(self) -> int:
        """How many stood there already."""
        return len(self.results) - self.drawn - len(self.failed)


def fill(
    out: Path,
    reports: list[Planned],
    whole: Audit,
    words: Words,
    style: Style,
    *,
    workers: int,
    book: bool,
    write: Write,
    step: Callable[[int], None],
) -> Filled:
    """Write what has to be written into the folder `out`; `step` hears how many reports are done. A volume is made where none of them
    failed, for one without some of its reports would not say so."""
    left_over = [file for files in batch.others(out, batch.manifest(out), reports).values() for file in files]
    results: list[Result] = []
    for result in batch.run(reports, out, whole.lang, style, workers, write):
        results.append(result)
        step(len(results))
    done = sorted((one for one in results if one.failed is None), key=lambda one: one.report.contestant_id)
    files = {f"{one.report.name}.pdf": one.written.sha256 for one in done if one.written is not None}

    def put(name: str, content: bytes) -> None:
        write(out / name, content)
        files[name] = hashlib.sha256(content).hexdigest()

    if book and len(done) == len(results):
        put(BOOK, volume(whole, words, [_chapter(one, out) for one in done], style))
    put(INDEX, lists.index(results).encode())
    write(out / SUMS, lists.sums(files).encode())
    if BOOK not in files and (out / BOOK).is_file():
        left_over.append(BOOK)  # a volume of other reports than these
    return Filled(results, BOOK in files, left_over)


def _chapter(one: Result, out: Path) -> Chapter:
    assert one.written is not None  # it is done
    whose = one.report.part.contestants[0]
    return Chapter(whose.contestant_id, whose.name, one.report.name, out / f"{one.report.name}.pdf", one.written.pages)
