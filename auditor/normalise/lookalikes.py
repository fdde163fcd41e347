"""Ids of contestants, and of versions of a report, that differ only in what a person does not see or does not mind: they are two, and
probably one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from auditor.model import problem_codes
from auditor.model.input import Problem, cut
from auditor.normalise.lines import AllLines
from auditor.normalise.reports import Group, Report, Reports, versions_of
from auditor.read.text_table import TextTable
from auditor.wording import Say

# Capital letters of the Cyrillic alphabet that look like a Latin one.
_ALIKE = str.maketrans("АВЕКМНОРСТУХІҺЅЈԚԜ", "ABEKMHOPCTYXIHSJQW")
# Cyrillic capitals and the Latin one of their sound, for an id that was typed with the Russian keyboard.
_SOUNDS = str.maketrans("АБВГДЕЗИЙКЛМНОПРСТУФХІҚҒҢӨҰҮҺӘ", "ABVGDEZIJKLMNOPRSTUFHIQGNOUUHA")
# What parts the pieces of an id, or stands at an end of it; a point between digits is part of a number.
_PARTS = re.compile(r"(?:[\s_/\\\-\u2010-\u2015\u2212]|(?<![0-9])\.|\.(?![0-9]))+")
_BEFORE_NUMBER = re.compile("(?<=[^0-9-])-(?=[0-9])")
_ZEROS = re.compile("(?<![0-9.,])0+(?=[0-9])")


def lookalikes(lines: AllLines, registered: Collection[str], sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """A problem for each contestant of the lines whose id looks like another's, at the first row that has it. Of two, the one that the
    register has is right; without a register the one that comes first. Two that it has are two."""
    places = lines.first_rows()
    problems: list[Problem] = []
    right: dict[tuple[str, str], str] = {}
    for cid in registered:
        for key, _ in _keys(cid):
            right.setdefault(key, cid)
    for cid, (file, row) in sorted(places.items(), key=lambda pair: pair[1]):
        expected = next((right[alike] for _, alike in _keys(cid) if alike in right), cid)
        if cid == expected:
            for key, _ in _keys(cid):
                right.setdefault(key, cid)
        if cid == expected or cid in registered:
            continue
        source = sources[file]
        sentence = say("check.contestants_alike", file=source.named(say), row=row, value=cut(cid), expected=cut(expected))
        problems.append(
            source.problem(problem_codes.CONTRADICTION, row, sentence, column="contestant_id", value=cut(cid), contestant_id=expected)
        )
    return problems


def versions_alike(groups: Sequence[Group], reports: Reports, sources: Mapping[int, TextTable], say: Say) -> list[Problem]:
    """A problem for each version of a report whose id looks like that of another one, at its first row: of two that are one, one takes the
    place of the other, and its lines count no more. What `filings` has is right, else what comes first."""
    first: dict[Report, tuple[int, int]] = {}
    for group in groups:
        report = reports.of_group[group]
        first[report] = min(first.get(report, group.first), group.first)
    problems: list[Problem] = []
    for versions in versions_of([report for report in reports.all if report.report_id is not None and report.own_filing is None]).values():
        right: dict[tuple[str, str], Report] = {}
        for report in sorted(versions, key=lambda one: (one.filed is None, first.get(one, one.filed.place if one.filed else (0, 0)))):
            assert report.report_id is not None
            expected = next((right[alike] for _, alike in _keys(report.report_id) if alike in right), report)
            for key, _ in _keys(report.report_id):
                right.setdefault(key, expected)
            if expected is report or report.filed is not None or expected.report_id == report.report_id or report not in first:
                continue
            file, row = first[report]
            source, value = sources[file], cut(report.report_id)
            sentence = say("check.versions_alike", file=source.named(say), row=row, value=value, expected=cut(expected.label))
            problems.append(
                source.problem(
                    problem_codes.CONTRADICTION, row, sentence, column="report_id", value=value, contestant_id=report.contestant_id
                )
            )
    return problems


def _keys(cid: str) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """The keys under which an id is found, each with the one that it is looked for with. Ids are alike by their look; by their sound only
    where the one is Latin and the other Cyrillic, for within an alphabet В is no Б."""
    pieces = _pieces(cid)
    look = ("look", _ZEROS.sub("", pieces.translate(_ALIKE)))
    alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in pieces if letter.isalpha()}
    keys = [(look, look)]
    if alphabets == {"LATIN"}:
        keys.append((("latin", _ZEROS.sub("", pieces)), ("cyrillic", _ZEROS.sub("", pieces))))
    elif alphabets == {"CYRILLIC"}:
        sound = _ZEROS.sub("", pieces.translate(_SOUNDS))
        keys.append((("cyrillic", sound), ("latin", sound)))
    return keys


def _pieces(cid: str) -> str:
    """An id as people read it: without case, what is invisible, and what parts its pieces."""
    visible = "".join(sign for sign in unicodedata.normalize("NFKC", cid) if unicodedata.category(sign) not in ("Cf", "Cc", "Mn"))
    return _BEFORE_NUMBER.sub("", _PARTS.sub("-", visible).strip("-")).upper()
