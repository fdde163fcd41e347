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
# Cyrillic capitals and the Latin one of their sound, for an id that was typed with the Russian keyboard.
_SOUNDS = str.maketrans("АБВГДЕЗИЙКЛМНОПРСТУФХІҚҒҢӨҰҮҺӘ", "ABVGDEZIJKLMNOPRSTUFHIQGNOUUHA")
# What parts the pieces of an id, or stands at an end of it; a point between digits is part of a number.
_PARTS = re.compile(r"(?:[\s_/\\\-\u2010-\u2015\u2212]|(?<![0-9])\.|\.(?![0-9]))+")
_BEFORE_NUMBER = re.compile("(?<=[^0-9-])-(?=[0-9])")
_ZEROS = re.compile("(?<![0-9.,])0+(?=[0-9])")


def lookalikes(lines: Lines, registered: Collection[str], sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """A problem for each contestant of the lines whose id looks like another's, at the first row that has it. Of two, the one that the
    register has is right; without a register the one that comes first. Two that it has are two."""
    places = lines.first_rows()
    problems: list[Problem] = []
    right: dict[str, str] = {}
    for cid in registered:
        for form in _forms(cid):
            right.setdefault(form, cid)
    for cid, (file, row) in sorted(places.items(), key=lambda pair: pair[1]):
        forms = _forms(cid)
        expected = next((right[form] for form in forms if form in right), cid)
        for form in forms:
            right.setdefault(form, expected)
        if cid == expected or cid in registered:
            continue
        source = sources[file]
        sentence = say("check.contestants_alike", file=source.named(say), row=row, value=cut(cid), expected=cut(expected))
        problems.append(Problem("INP-012", source.file, source.sheet, row, "contestant_id", cut(cid), sentence, expected))
    return problems


def _forms(cid: str) -> tuple[str, ...]:
    """An id as people read it: without case, what is invisible, the alphabet of its letters (by their look, then by their sound), what
    parts its pieces, and zeros before a number."""
    visible = "".join(sign for sign in unicodedata.normalize("NFKC", cid) if unicodedata.category(sign) not in ("Cf", "Cc", "Mn"))
    pieces = _BEFORE_NUMBER.sub("", _PARTS.sub("-", visible).strip("-")).upper()
    return tuple(dict.fromkeys(_ZEROS.sub("", pieces.translate(table)) for table in (_ALIKE, _SOUNDS)))
