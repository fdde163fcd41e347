"""The files given → the inputs of a published document, known by their content; each is read under the name published there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from auditor.errors import BadUsage, CannotRead
from auditor.model import problem_codes
from auditor.read import archive, plain_text
from auditor.read.candidates import STANDARD_INPUT, Candidate, candidates
from auditor.read.formats import ARCHIVE, LOOKED_INTO
from auditor.read.instructions import Instructions
from auditor.render.masked import masked_text
from auditor.tables import TABLES
from auditor.verify.published import PublishedDocument
from auditor.wording import Refusal, Say, refusal, system_error


@dataclass(frozen=True)
class MatchedInputs:
    """What to read, and what to say of it: names as (published, given). `left_aside` are the other files given."""

    files: Sequence[Candidate]
    renamed: Sequence[tuple[str, str]]
    changed: Sequence[tuple[str, str]]
    left_aside: Sequence[Candidate]


@dataclass(frozen=True)
class _Wanted:
    """One published file: its name, the digests of what was read from it, and its table where it has one only."""

    name: str
    digests: frozenset[str]
    table: str | None


def matched(published: PublishedDocument, paths: Sequence[str], instructions: Instructions) -> MatchedInputs:
    """Find every published input among the files given: by content, else by name, else the only one left.

    Raises CannotRead naming the inputs for which there is no file.
    """
    if STANDARD_INPUT in paths:
        raise BadUsage(refusal("usage.verify_stdin"))
    given = candidates(paths, {}, instructions)
    digests = [_digests(one, instructions.say) for one in given]
    taken: dict[int, int] = {}  # which file stands for which wanted one
    wanted = _wanted(published)
    for n, one in enumerate(wanted):
        fits = [at for at, has in enumerate(digests) if one.digests and one.digests <= has]
        # Of files with the same content, the one of that name, then one not taken yet.
        fits.sort(key=lambda at: (_base(given[at].name) != _base(one.name), at in taken.values()))
        if fits:
            taken[n] = fits[0]
    by_content = set(taken)
    changed = []
    for n, one in enumerate(wanted):
        if n not in taken:
            free = [at for at in range(len(given)) if at not in taken.values()]
            left = [m for m in range(len(wanted)) if m not in taken]
            by_name = [at for at in free if masked_text(_base(given[at].name)) == masked_text(_base(one.name))]
            if len(by_name) == 1 or (len(free) == len(left) == 1):
                taken[n] = (by_name or free)[0]
                if one.digests:
                    changed.append((one.name, given[taken[n]].name))
    if missing := [one for n, one in enumerate(wanted) if n not in taken]:
        raise CannotRead(*(_missing(one, published.name) for one in missing))
    left_aside = [one for at, one in enumerate(given) if at not in taken.values()]
    if published.told.ids == "keyed":  # it is held against one reduced from these files anew, under their own names
        return MatchedInputs(_under_own_names(wanted, given, taken, published), (), changed, left_aside)
    files = [_as_published(one, given[taken[n]], published) for n, one in enumerate(wanted)]
    renamed = [
        (one.name, given[taken[n]].name)
        for n, one in enumerate(wanted)
        if n in by_content and _base(one.name) != _base(given[taken[n]].name) and masked_text(given[taken[n]].name) != one.name
    ]
    return MatchedInputs(files, renamed, changed, left_aside)


def _under_own_names(
    wanted: Sequence[_Wanted], given: Sequence[Candidate], taken: dict[int, int], published: PublishedDocument
) -> list[Candidate]:
    """Each file once, in the order given; with its table where only one of the published ones is in it."""
    files = []
    for at, one in enumerate(given):
        here = [wanted[n] for n, file in taken.items() if file == at]
        if here:
            alone = len(here) == 1 and one.path.suffix.lower() != ARCHIVE
            aside = frozenset[str]().union(*(_aside(each, published) for each in here))
            files.append(replace(one, table=here[0].table if alone else one.table, optional=False, aside=aside))
    return files


def _aside(one: _Wanted, published: PublishedDocument) -> frozenset[str]:
    """Places in a file that were passed over, for it was named for another of its tables."""
    return frozenset(place.removeprefix(one.name) for place in published.told.passed_over if place.startswith(one.name)) - {""}


def _wanted(published: PublishedDocument) -> list[_Wanted]:
    """The published files: the tables of a workbook or an archive are one file."""
    tables: dict[str, list[tuple[str, str]]] = {}
    for one in published.told.inputs:
        tables.setdefault(_archive_of(one.file) or one.file, []).append((one.table, one.sha256))
    files = []
    for name, several in tables.items():
        named = {table for table, _ in several}
        packed = PurePath(name).suffix.lower() == ARCHIVE
        files.append(_Wanted(name, frozenset(sha256 for _, sha256 in several), named.pop() if len(named) == 1 and not packed else None))
    # A table that lacked a column was left aside; only its problem names it.
    for problem in published.told.problems:
        if problem.code == problem_codes.WRONG_TABLE and problem.file not in tables:
            tables[problem.file] = []
            stem = PurePath(problem.file).stem.lower()
            files.append(_Wanted(problem.file, frozenset(), stem if stem in TABLES else None))
    return files


def _archive_of(name: str) -> str | None:
    """The archive in which a file lay, by its name `archive.zip/inside.csv`."""
    for parent in reversed(PurePath(name).parents):
        if parent.suffix.lower() == ARCHIVE:
            return str(parent)
    return None


def _digests(one: Candidate, say: Say) -> frozenset[str]:
    """The SHA-256 of a file, and of the files in it where it is an archive."""
    try:
        if one.path.suffix.lower() == ARCHIVE:
            inside = archive.members(one.path.read_bytes(), one.name, LOOKED_INTO, say, plain_text.SUFFIXES)
            return frozenset(hashlib.sha256(content).hexdigest() for _, content in inside if content is not None)
        with one.path.open("rb") as file:
            return frozenset({hashlib.file_digest(file, "sha256").hexdigest()})
    except OSError as error:
        raise CannotRead(refusal("usage.system", where=one.name, error=system_error(error))) from error


def _as_published(one: _Wanted, given: Candidate, published: PublishedDocument) -> Candidate:
    """The file under its published name, which stands in places and sentences; under its own where that name is masked."""
    own = published.told.ids == "masked" and masked_text(given.name) == one.name
    return replace(given, name=given.name if own else one.name, table=one.table, optional=False, aside=_aside(one, published))


def _missing(one: _Wanted, name: str) -> Refusal:
    if not one.digests:
        return refusal("verify.input_missing", file=name, input=one.name)
    return refusal("verify.input_missing_sha256", file=name, input=one.name, sha256=min(one.digests)[:12])


def _base(name: str) -> str:
    return Path(name).name
