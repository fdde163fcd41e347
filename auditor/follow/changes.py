"""Two versions of an audit → what is new, changed, resolved, and which lines and totals moved. Nothing is read or audited here.

A finding is known by its key. One that is gone is only resolved where the newer audit could have found it: the same contestant is in
it, and the rule was assessed. Otherwise nobody knows, and it is told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from auditor.errors import CannotRead
from auditor.follow.line_changes import LineChanges, line_changes
from auditor.model.audit import FiledLine
from auditor.model.coverage import GAPS
from auditor.model.finding import SAID, Outcome, Severity
from auditor.wording import refusal

Record = Mapping[str, Any]


class Change(StrEnum):
    """What became of a finding."""

    NEW = "new"
    NEWLY_ASSESSED = "newly_assessed"
    CHANGED = "changed"
    RESOLVED = "resolved"
    NO_LONGER_ASSESSED = "no_longer_assessed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Version:
    """One side: its name, its document (`audit-findings/1`), and its lines where it was audited from a filing."""

    name: str
    document: Record
    lines: Sequence[FiledLine] | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """One finding through both versions; `what` are the fields that differ; `worse` whether somebody has to look at it."""

    change: Change
    worse: bool
    old: Record | None
    new: Record | None
    what: Sequence[str] = ()

    @property
    def latest(self) -> Record:
        """The finding as the newest version that has it tells it."""
        one = self.new or self.old
        assert one is not None
        return one


@dataclass(frozen=True, slots=True)
class MovedTotal:
    """A contestant's sum under a rule; None where that version has no such sum."""

    contestant_id: str
    rule: str
    old: Decimal | None
    new: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """New less old."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs. `silenced` and `voiced` are rules assessed before and not now, and now and not before, with the
    reason of the version that does not assess them; `notes` name what besides the filing differs (as_of, rulebook, asked,
    overrides), so that nobody takes it for a change of the filing. `lines` is None where there were none to compare."""

    old: Version
    new: Version
    findings: Sequence[Followed]
    lines: LineChanges | None
    totals: Sequence[MovedTotal]
    silenced: Sequence[tuple[str, str | None]]
    voiced: Sequence[tuple[str, str | None]]
    problems: tuple[int, int]
    notes: Sequence[str]
    masked: bool

    def of(self, change: Change) -> list[Followed]:
        """The findings that this became of."""
        return [one for one in self.findings if one.change is change]

    @property
    def worse(self) -> bool:
        """Whether there is something to look at: a finding new, worse or no longer assessed, a rule lost, more problems."""
        return any(one.worse for one in self.findings) or bool(self.silenced) or self.problems[1] > self.problems[0]


_OUTCOMES = (Outcome.LEAD, Outcome.UNDETERMINED, Outcome.BREACH)
_NOTED = ("as_of", "rulebook", "asked", "overrides")


def compared(old: Version, new: Version) -> Changes:
    """Hold a newer version against an older one. Raises CannotRead where their keys do not speak of the same things."""
    _must_be_comparable(old, new)
    before, now = _assessed(old.document), _assessed(new.document)
    both = old.lines is not None and new.lines is not None
    return Changes(
        old=old,
        new=new,
        findings=_findings(old.document, new.document),
        lines=line_changes(old.lines or (), new.lines or ()) if both else None,
        totals=_totals(old.document, new.document),
        silenced=[(rule, _reason(new.document, rule)) for rule in sorted(before - now)],
        voiced=[(rule, _reason(old.document, rule)) for rule in sorted(now - before)],
        problems=(len(old.document["problems"]), len(new.document["problems"])),
        notes=[name for name in _NOTED if old.document[name] != new.document[name]],
        masked=new.document["ids"] == "masked",
    )


def _must_be_comparable(old: Version, new: Version) -> None:
    elections = [side.document["election"] for side in (old, new)]
    if elections[0] != elections[1]:
        raise CannotRead(refusal("usage.diff_elections", old=old.name, of_old=elections[0], new=new.name, of_new=elections[1]))
    ids = [side.document["ids"] for side in (old, new)]
    if ids[0] != ids[1]:
        raise CannotRead(refusal("usage.diff_ids", old=old.name, in_old=ids[0], new=new.name, in_new=ids[1]))
    for side in (old, new):
        keys = [one["key"] for one in side.document["findings"]]
        if len(set(keys)) < len(keys):
            raise CannotRead(refusal("usage.diff_key_twice", path=side.name))


# --- findings ---


def _findings(old: Record, new: Record) -> list[Followed]:
    earlier, later = ({one["key"]: one for one in document["findings"]} for document in (old, new))
    could_before, could_now = _could_tell(old, new), _could_tell(new, old)
    made = []
    for key in {**later, **earlier}:
        before, now = earlier.get(key), later.get(key)
        if before is None:
            assert now is not None
            change = Change.NEW if could_before(now) else Change.NEWLY_ASSESSED
            made.append(Followed(change, worse=True, old=None, new=now))
        elif now is None:
            resolved = could_now(before)
            made.append(Followed(Change.RESOLVED if resolved else Change.NO_LONGER_ASSESSED, worse=not resolved, old=before, new=None))
        else:
            what = [name for name in SAID if before[name] != now[name]]
            if len(before["rows"]) != len(now["rows"]):
                what.append("rows")
            change = Change.CHANGED if what else Change.UNCHANGED
            made.append(Followed(change, worse=bool(what) and not _better(before, now), old=before, new=now, what=what))
    order = list(Change)
    return sorted(made, key=lambda one: (order.index(one.change), one.latest["contestant_id"] or "", one.latest["rule"], one.latest["key"]))


def _could_tell(document: Record, other: Record) -> Callable[[Record], bool]:
    """Whether this audit would have a finding of the `other` if it were there."""
    assessed = _assessed(document)
    contestants, of_other = ({one["contestant_id"] for one in side["contestants"]} for side in (document, other))
    silent = {(one["rule"], each["contestant_id"]) for one in document["coverage"] for gap in GAPS for each in one.get(gap, ())}
    of_somebody = {rule for rule, _ in silent}

    def could(finding: Record) -> bool:
        rule, cid = finding["rule"], finding["contestant_id"]
        if cid is None:  # what is nobody's alone may be hidden in the lines of anybody, and of those who are not here any more
            return rule in assessed and rule not in of_somebody and of_other <= contestants
        return rule in assessed and cid in contestants and (rule, cid) not in silent

    return could


def _better(old: Record, new: Record) -> bool:
    """Whether a changed finding weighs less, and in nothing more. Where that cannot be told, it does not: what was a breach and is
    undetermined may be one still."""
    if new["outcome"] == Outcome.UNDETERMINED != old["outcome"]:
        return False
    steps = [
        _step(_OUTCOMES.index(old["outcome"]), _OUTCOMES.index(new["outcome"])),
        _step(Severity(old["severity"]).weight, Severity(new["severity"]).weight),
        _step(not old["remedied"], not new["remedied"]),
    ]
    if old["excess"] is not None and new["excess"] is not None:
        steps.append(_step(abs(Decimal(str(old["excess"]))), abs(Decimal(str(new["excess"])))))
    else:
        steps.append(_step(len(old["rows"]), len(new["rows"])))
    return min(steps) < 0 and max(steps) <= 0


def _step(old: Any, new: Any) -> int:
    return int(new > old) - int(new < old)


# --- rules and totals ---


def _assessed(document: Record) -> set[str]:
    return {one["rule"] for one in document["coverage"] if one["status"] == "assessed"}


def _reason(document: Record, rule: str) -> str | None:
    """Why a rule was not assessed; None where it was not asked for or not in force."""
    return next((one["reason"] for one in document["coverage"] if one["rule"] == rule), None)


def _totals(old: Record, new: Record) -> list[MovedTotal]:
    earlier, later = (
        {(who["contestant_id"], one["rule"]): Decimal(one["measured"]) for who in document["contestants"] for one in who["totals"]}
        for document in (old, new)
    )
    moved = [MovedTotal(*at, earlier.get(at), later.get(at)) for at in sorted({**earlier, **later})]
    return [one for one in moved if one.old != one.new]
