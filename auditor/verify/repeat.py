"""published document + inputs + law → audit again → what agrees."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.errors import BadUsage, CannotRead
from auditor.model.audit import Audit
from auditor.model.verification import Compared, Verification
from auditor.read.candidates import Candidate
from auditor.read.instructions import Instructions
from auditor.reduce.reduced import Reduction
from auditor.render.data import document
from auditor.render.masked import masked_document, masked_text
from auditor.render.split import only
from auditor.rulebook.load import Rulebook, load, of_election
from auditor.verify.compare import compared
from auditor.verify.inputs import matched
from auditor.verify.published import PublishedDocument, read
from auditor.wording import Words, refusal
from auditor.wording import load as words_of
from auditor.workflow import Request, Scope, audit


@dataclass(frozen=True)
class _Repeated:
    """What of a document agrees, and the files given that were read beside its own, or not at all."""

    parts: Sequence[Compared]
    read_with: Sequence[Candidate]
    left_aside: Sequence[Candidate]


@dataclass(frozen=True)
class _Repetition:
    """A published document, and all that it takes to make it again."""

    published: PublishedDocument
    law: Rulebook
    words: Words
    step: Callable[[str], None]
    reduction: Reduction | None

    def of(self, request: Request, others: Sequence[Candidate]) -> _Repeated:
        """The document as made again from its own files, or from them and the `others` given. Raises CannotRead where neither can be, with
        what is wrong with all of them."""
        try:
            own = _Repeated(self._compared(audit(request, self.law, self.words, self.step)), (), others)
        except CannotRead:
            with_others = self._with_others(request, others)
            if with_others is None:
                raise
            return with_others
        if _agree(own.parts):
            return own
        try:
            with_others = self._with_others(request, others)
        except CannotRead:
            return own
        return with_others if with_others is not None and _agree(with_others.parts) else own

    def _with_others(self, request: Request, others: Sequence[Candidate]) -> _Repeated | None:
        """A contestant's part of an audit of many (`--each`) does not list the tables of the others, which were read with it. None for any
        other document, and where it tells of no such contestant. Raises CannotRead."""
        asked = self.published.told.asked
        if len(asked.contestants) != 1 or asked.districts or asked.commissions:
            return None
        files = [*(request.files or ()), *others]
        whole = audit(replace(request, scope=Scope(), for_report=True, files=files), self.law, self.words, self.step)
        ids = [one.contestant_id for one in whole.contestants if request.scope.told_as(one.contestant_id) == asked.contestants[0]]
        parts = self._compared(only(whole, ids[0])) if len(ids) == 1 else []
        return _Repeated(parts, others, ()) if parts else None

    def _compared(self, made: Audit) -> list[Compared]:
        ids = self.published.told.ids
        if ids == "keyed":
            assert self.reduction is not None  # it was asked for
            made = self.reduction(made, self.words)
        again = document(made)
        if ids == "masked":
            again = masked_document(again)
        return compared(self.published.document, json.loads(json.dumps(again, ensure_ascii=False)))


def verify(
    path: Path,
    inputs: Sequence[str],
    rulebook: str | None = None,
    step: Callable[[str], None] = lambda name: None,
    reduction: Reduction | None = None,
) -> Verification:
    """Repeat the audit that a published document tells of, and hold both against each other.

    `rulebook` is a name or a folder; without it the shipped law of the election must be the one that was applied.
    `reduction` is that by which it was published, where persons are told by keys. Raises AuditError where the document, its law,
    its inputs, or the keys cannot be had.
    """
    published = read(path)
    told = published.told
    if told.ids == "keyed" and reduction is None:
        raise BadUsage(refusal("usage.verify_secret", file=published.name))
    law, words = _law(published, rulebook), words_of(told.lang)
    files = matched(published, inputs, Instructions.of(law, words, told.asked.stated))
    law = law.with_overrides(told.overrides)
    request = _request(published, inputs, files.files, _told_as(published, reduction, words))
    repeated = _Repetition(published, law, words, step, reduction).of(request, files.left_aside)
    return Verification(
        file=published.name,
        election=told.election,
        as_of=told.as_of,
        rulebook=f"{law.election.version} · {law.sha256[:12]}…",
        masked=told.ids == "masked",
        renamed=files.renamed,
        changed=files.changed,
        left_aside=[one.name for one in repeated.left_aside],
        read_with=[one.name for one in repeated.read_with],
        parts=repeated.parts,
        is_pdf=published.is_pdf,
    )


def _request(published: PublishedDocument, inputs: Sequence[str], files: Sequence[Candidate], told_as: Callable[[str], str]) -> Request:
    """What the document was asked for, of these files."""
    asked = published.told.asked
    return Request(
        inputs,
        published.as_of,
        select=asked.select,
        ignore=asked.ignore,
        scope=Scope(tuple(asked.contestants), tuple(asked.districts), tuple(asked.commissions), told_as),
        stated=asked.stated,
        files=files,
    )


def _agree(parts: Sequence[Compared]) -> bool:
    return bool(parts) and not any(part.differences for part in parts)


def _told_as(published: PublishedDocument, reduction: Reduction | None, words: Words) -> Callable[[str], str]:
    """How the document writes the id of a contestant, or the name of a district, that it was asked for."""
    if published.told.ids == "masked":
        return masked_text
    if reduction is not None and published.told.ids == "keyed":
        return lambda text: reduction.text(text, published.told.election, words)
    return str


def _law(published: PublishedDocument, rulebook: str | None) -> Rulebook:
    """The law that was applied, or another one where the auditor asks for it by name: then what differs is told."""
    told = published.told
    law = of_election(told.election) if rulebook is None else load(rulebook)
    if law is None:
        raise BadUsage(refusal("usage.verify_no_law", file=published.name, election=told.election))
    if law.election.id != told.election:
        raise BadUsage(
            refusal("usage.verify_other_law", file=published.name, election=told.election, rulebook=rulebook, other=law.election.id)
        )
    if rulebook is None and (law.election.version, law.sha256) != (told.rulebook.version, told.rulebook.sha256):
        raise BadUsage(
            refusal(
                "usage.verify_other_version",
                file=published.name,
                version=told.rulebook.version,
                sha=told.rulebook.sha256[:12],
                installed=law.election.version,
                installed_sha=law.sha256[:12],
            )
        )
    return law
