"""What of a published document agrees, as a screen or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from auditor.model.verification import Compared, Difference, Verification
from auditor.render.terminal import Indented, lines_of
from auditor.wording import Words

FORMAT = "audit-verification/1"
MOST = 40  # differences shown of one part
LONGEST = 160


def as_json(made: Verification) -> str:
    """Everything, ids as the published document has them."""
    told = {"format": FORMAT, "agrees": made.agrees, **asdict(made)}
    for key in ("renamed", "changed"):
        told[key] = [{"published": published, "given": given} for published, given in told[key]]
    # A lone surrogate of a hostile document is no text that can be written; its escape is.
    return json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace").decode() + "\n"


def as_text(made: Verification, words: Words, *, width: int) -> str:
    """Part by part "agrees" or each difference, the verdict last; ids by their last four digits."""
    return lines_of(_lines(made, words), width)


def _lines(made: Verification, words: Words) -> Indented:
    def say(key: str, **values: object) -> str:
        return words(f"verify.{key}", **values)

    yield say("what", file=made.file, election=made.election, day=words.day(date.fromisoformat(made.as_of)), rulebook=made.rulebook), 0
    for published, given in made.renamed:
        yield say("renamed", published=published, given=given), 2
    for published, given in made.changed:
        yield say("changed", published=published, given=given), 2
    for name in made.read_with:
        yield say("read_with", file=name), 2
    for name in made.left_aside:
        yield say("left_aside", file=name), 2
    for part in made.parts:
        yield from _part(part, words)
    number = sum(len(part.differences) for part in made.parts)
    yield say("agrees") if made.agrees else say("differs", n=number), 0
    if made.masked:
        yield say("masked"), 0
    if made.is_pdf:
        yield say("attached_only"), 0


def _part(part: Compared, words: Words) -> Indented:
    name = words(f"verify.part_{part.part}")
    if not part.differences:
        yield words("verify.part_agrees", part=name, count=words.count(part.count)), 2
        return
    yield words("verify.part_differs", part=name, n=len(part.differences)), 2
    for one in part.differences[:MOST]:
        yield _difference(one, words), 4
    if len(part.differences) > MOST:
        yield words("verify.more", n=len(part.differences) - MOST), 4


def _difference(one: Difference, words: Words) -> str:
    about = " ".join(name for name in (one.rule, one.contestant_id) if name)
    values = {"published": _value(one.published, words), "recomputed": _value(one.recomputed, words)}
    return words("verify.difference", what=f"{about} · {one.what}" if about else one.what, **values)


def _value(value: object, words: Words) -> str:
    if value is None:
        return words("verify.nothing")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
