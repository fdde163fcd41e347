"""published document + inputs + law → audit again → what agrees."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
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
from auditor.verify.published import Published, read
from auditor.wording import Words
from auditor.wording import load as words_of
from auditor.workflow import Request, Scope, audit


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
        raise BadUsage(
            f"{published.name}: persons are told by keys, so that it can be made again only with the secret of the election; give it with "
            "--secret-file FILE, and the profile with --profile FILE where it is not the shipped one."
        )
    law = _law(published, rulebook)
    asked, words = told.asked, words_of(told.lang)
    files = matched(published, inputs, Instructions.of(law, words, asked.stated))
    request = Request(
        inputs,
        published.as_of,
        select=asked.select,
        ignore=asked.ignore,
        scope=Scope(tuple(asked.contestants), tuple(asked.districts), tuple(asked.commissions), _told_as(published, reduction, words)),
        stated=asked.stated,
        files=files.files,
    )
    of_one = len(asked.contestants) == 1 and not (asked.districts or asked.commissions)
    law, masked = law.with_overrides(told.overrides), told.ids == "masked"

    def parts_of(made: Audit) -> list[Compared]:
        if told.ids == "keyed":
            assert reduction is not None  # it was asked for
            made = reduction(made, words)
        again = document(made)
        return compared(published.document, json.loads(json.dumps(masked_document(again) if masked else again, ensure_ascii=False)))

    left_aside: Sequence[Candidate] = files.left_aside
    parts: list[Compared] | None = None
    unreadable: CannotRead | None = None
    try:
        parts = parts_of(audit(request, law, words, step))
    except CannotRead as error:
        if not of_one:
            raise
        unreadable = error
    read_with: Sequence[Candidate] = ()
    if of_one and not (parts and _agree(parts)):
        # A contestant's part of an audit of many (`--each`) does not list the tables of the others, which were read with it.
        try:
            whole = audit(replace(request, scope=Scope(), flows=True, files=[*files.files, *left_aside]), law, words, step)
        except CannotRead:
            if parts is None:
                raise
        else:
            of = [one.contestant_id for one in whole.contestants if request.scope.told_as(one.contestant_id) == asked.contestants[0]]
            of_all = parts_of(only(whole, of[0])) if len(of) == 1 else None
            if of_all and (parts is None or _agree(of_all)):
                parts, read_with, left_aside = of_all, left_aside, ()
    if parts is None:
        assert unreadable is not None
        raise unreadable
    return Verification(
        file=published.name,
        election=told.election,
        as_of=told.as_of,
        rulebook=f"{law.election.version} · {law.sha256[:12]}…",
        masked=masked,
        renamed=files.renamed,
        changed=files.changed,
        left_aside=[one.name for one in left_aside],
        read_with=[one.name for one in read_with],
        parts=parts,
        is_pdf=published.is_pdf,
    )


def _agree(parts: Sequence[Compared]) -> bool:
    return not any(part.differences for part in parts)


def _told_as(published: Published, reduction: Reduction | None, words: Words) -> Callable[[str], str]:
    """How the document writes the id of a contestant, or the name of a district, that it was asked for."""
    if published.told.ids == "masked":
        return masked_text
    if reduction is not None and published.told.ids == "keyed":
        return lambda text: reduction.text(text, published.told.election, words)
    return str


def _law(published: Published, rulebook: str | None) -> Rulebook:
    """The law that was applied, or another one where the auditor asks for it by name: then what differs is told."""
    told = published.told
    law = of_election(told.election) if rulebook is None else load(rulebook)
    if law is None:
        raise BadUsage(f"{published.name}: no rulebook of the election {told.election} is shipped; give its folder with --rulebook FOLDER.")
    if law.election.id != told.election:
        raise BadUsage(f"{published.name}: it is of the election {told.election}, and {rulebook} is the law of {law.election.id}.")
    if rulebook is None and (law.election.version, law.sha256) != (told.rulebook.version, told.rulebook.sha256):
        raise BadUsage(
            f"{published.name}: it was made by rulebook {told.rulebook.version} (SHA-256 {told.rulebook.sha256[:12]}…), and "
            f"{law.election.version} (SHA-256 {law.sha256[:12]}…) is installed; give the folder of that version with --rulebook FOLDER."
        )
    return law
