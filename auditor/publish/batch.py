"""One report for each contestant: what has to be drawn, drawing it in several processes, and what stands in the folder after."""

from __future__ import annotations

import gc
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from auditor.model.audit import Audit
from auditor.publish.fingerprint import fingerprint
from auditor.publish.names import file_names
from auditor.publish.workers import each_done
from auditor.render import kinds
from auditor.render.split import only
from auditor.render.style import Style

MANIFEST, INDEX, SUMS, BOOK = "manifest.json", "index.csv", "SHA256SUMS", "book.pdf"
FORMAT = "audit-batch/1"
_OURS = tuple(Path(name).stem for name in (MANIFEST, INDEX, SUMS, BOOK))
Write = Callable[[Path, bytes], None]


@dataclass(frozen=True)
class Written:
    """What the manifest says of one report: what it was made from, and the bytes that were made (SHA-256), with their pages."""

    made_from: str
    sha256: str
    json_sha256: str
    pages: int


@dataclass(frozen=True)
class Planned:
    """One contestant's report: his part of the audit and the name of its files without suffix."""

    part: Audit
    name: str
    made_from: str
    kind: str = kinds.FINDINGS

    @property
    def contestant_id(self) -> str:
        """Whose it is."""
        return self.part.contestants[0].contestant_id

    @property
    def size(self) -> int:
        """Roughly how long it takes to draw: rows of evidence, and a block of text for each finding."""
        return sum(8 + len(finding.lines) for finding in self.part.findings) + len(self.part.problems) + len(self.part.inputs)


@dataclass(frozen=True)
class Result:
    """What came of one report: written, unchanged, or in words why it failed."""

    report: Planned
    written: Written | None
    drawn: bool
    failed: str | None = None


def planned(audit: Audit, style: Style, kind: str = kinds.FINDINGS, reduce: Callable[[Audit], Audit] = lambda part: part) -> list[Planned]:
    """A document of this kind for each contestant, in order of ids as they are told. `reduce` is done to each part by itself, so that it
    says of its files and findings what it would say if it were asked for alone."""
    parts = sorted(
        (reduce(only(audit, one.contestant_id)) for one in audit.contestants), key=lambda part: part.contestants[0].contestant_id
    )
    met: Counter[str] = Counter()
    told = []
    for part in parts:  # two ids may be told alike
        cid = part.contestants[0].contestant_id
        met[cid] += 1
        told.append(cid if met[cid] == 1 else f"{cid} ({met[cid]})")
    names = file_names(told, _OURS)
    return [Planned(part, names[cid], fingerprint(part, style, kind), kind) for part, cid in zip(parts, told, strict=True)]


def run(reports: list[Planned], folder: Path, lang: str, style: Style, workers: int, write: Write) -> Iterator[Result]:
    """Draw what is not there yet, the longest first; yield each result as soon as it is known, the unchanged ones first.

    The manifest is written after each, so that a run that was stopped is continued by the next. A report that fails is no longer
    in it; reports that are none of these stay in it while their files exist.
    """
    known = manifest(folder)
    kind = next((report.kind for report in reports), kinds.FINDINGS)
    kept = {name: known[name] for name in others(folder, known, reports)}
    wanted = []
    for report in reports:
        before = known.get(report.name)
        if before is not None and before.made_from == report.made_from and _stands(folder, report.name, before):
            kept[report.name] = before
            yield Result(report, before, drawn=False)
        else:
            wanted.append(report)
    wanted.sort(key=lambda report: (-report.size, report.name))
    _record(folder, kind, kept, write)
    for done in each_done(_draw, [(report.part, lang, report.kind, style) for report in wanted], workers, _begin):
        report = wanted[done.task]
        if done.result is None:
            yield Result(report, None, drawn=False, failed=done.failed)
            continue
        pdf, told, pages = done.result
        try:
            write(folder / f"{report.name}.pdf", pdf)
            if told:
                write(folder / f"{report.name}.json", told)
        except OSError as error:
            yield Result(report, None, drawn=False, failed=str(error.strerror or error))
            continue
        kept[report.name] = Written(report.made_from, _sha256(pdf), _sha256(told) if told else "", pages)
        _record(folder, kind, kept, write)
        yield Result(report, kept[report.name], drawn=True)


def others(folder: Path, known: Mapping[str, Written], reports: Sequence[Planned]) -> dict[str, list[str]]:
    """The reports of an earlier run that are none of these, each with the files of it that are still there."""
    names = sorted(known.keys() - {report.name for report in reports})
    files = {name: [file for file in (f"{name}.pdf", f"{name}.json") if (folder / file).is_file()] for name in names}
    return {name: there for name, there in files.items() if there}


def manifest(folder: Path) -> dict[str, Written]:
    """What an earlier run wrote there, by name; nothing where there is no manifest of ours that can be read."""
    try:
        return {name: Written(**one) for name, one in _manifest_as_read(folder)["reports"].items()}
    except (KeyError, TypeError, AttributeError):
        return {}


def kind_in(folder: Path) -> str | None:
    """The kind of the documents that an earlier run wrote there; None where none did, or it did not say so yet."""
    return _manifest_as_read(folder).get("kind")


def _manifest_as_read(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and told.get("format") == FORMAT else {}


def _record(folder: Path, kind: str, kept: dict[str, Written], write: Write) -> None:
    told: dict[str, Any] = {"format": FORMAT, "kind": kind, "reports": {name: asdict(kept[name]) for name in sorted(kept)}}
    write(folder / MANIFEST, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode())


def _stands(folder: Path, name: str, written: Written) -> bool:
    try:
        return _sha256((folder / f"{name}.pdf").read_bytes()) == written.sha256 and (
            not written.json_sha256 or _sha256((folder / f"{name}.json").read_bytes()) == written.json_sha256
        )
    except OSError:
        return False


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _begin() -> None:
    """In each new process: what is loaded stays, and the collector no longer walks through it."""
    import weasyprint  # noqa: F401

    gc.collect()
    gc.freeze()
    gc.disable()


def _draw(task: tuple[Audit, str, str, Style]) -> tuple[bytes, bytes, int]:
    """The document, the findings as data (nothing beside a letter), and the number of its pages."""
    import io

    import pikepdf

    from auditor.render.data import as_json
    from auditor.render.pdf import write
    from auditor.wording import load

    audit, lang, kind, style = task
    made = write(audit, load(lang), kind, style)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pages = len(pdf.pages)
    told = as_json(audit).encode() if kind in kinds.WITH_DATA else b""
    gc.collect()
    return made, told, pages
