"""Ids of contestants that differ only in what a person does not see or does not mind: they are two contestants, and probably one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from auditor.model.input import Problem
from auditor.normalise.cell_problems import cut
from auditor.normalise.lines import Lines
from auditor.read.instructions import Say
from auditor.read.text import TextTable

# Capital letters of the Cyrillic alphabet that look like a Latin one.
_ALIKE = str.maketrans("АВЕКМНОРСТУХІҺЅЈԚԜ", "ABEKMHOPCTYXIHSJQW")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_ZEROS = re.compile("(?<![0-9.,])0+(?=[0-9])")


def lookalikes(lines: Lines, registered: Collection[str], sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """A problem for each contestant of the lines whose id looks like another's, at the first row that has it. Of two, the one that the
    register has is right; without a register the one that comes first. Two that it has are two."""
    places = lines.first_rows()
    problems: list[Problem] = []
    right: dict[str, str] = {}
    for cid in registered:
        right.setdefault(_folded(cid), cid)
    for cid, (file, row) in sorted(places.items(), key=lambda pair: pair[1]):
        expected = right.setdefault(_folded(cid), cid)
        if cid == expected or cid in registered:
            continue
        source = sources[file]
        sentence = say("check.contestants_alike", file=source.named(say), row=row, value=cut(cid), expected=cut(expected))
        problems.append(Problem("INP-012", source.file, source.sheet, row, "contestant_id", cut(cid), sentence, expected))
    return problems


def _folded(cid: str) -> str:
    """An id as people read it: without case, spaces, what is invisible, the alphabet of its letters, the kind of its dashes, and zeros
    before a number."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", cid))
    seen = "".join(letter for letter in text if not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Cc", "Mn"))
    return _ZEROS.sub("", seen.upper().translate(_ALIKE))
