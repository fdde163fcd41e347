"""What could not be assessed, on a terminal: for whom, why, and which rules left out what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.model.coverage import Coverage, Status
from auditor.render.terminal import MOST_IDS, MOST_TEXT, Terminal, on_screen


def not_assessed(coverage: Sequence[Coverage], absent: Sequence[str], on: Terminal) -> Iterator[str]:
    """The rules that were not assessed, and what was left out. `absent` are the tables of which nothing came: how one of them that a
    rule needs is given is said below that rule."""
    whole = [one for one in coverage if one.status is Status.NOT_ASSESSED]
    partly = [one for one in coverage if one.silent_about]
    yield from _left_out(coverage, on)
    if not whole and not partly:
        yield from on.heading(on.say("all_assessed", n=len(coverage)), "green")
        return
    yield from on.heading(on.say("not_assessed", n=len(whole) + len(partly)), "yellow")
    helped, missing = _to_help(whole, absent)
    for reason, rules in _by_reason(whole):
        yield from on.wrapped(f"{', '.join(one.rule for one in rules)}: {reason}", "  ", "    ")
        if helped in rules:
            yield from on.wrapped(on.say("missing_table", option=missing.replace("_", "-"), table=missing), "    ", "      ")
    for one in partly:
        for reason, ids in _people(one):
            told = {"rule": one.rule, "n": len(ids), "reason": on_screen(reason, MOST_TEXT), "ids": _named(ids, on)}
            yield from on.wrapped(on.say("not_for", **told), "  ", "    ")


def _to_help(whole: Sequence[Coverage], absent: Sequence[str]) -> tuple[Coverage | None, str]:
    """The rule below whose reason it is said how a missing table is given, and the table: one that lacks nothing else goes before."""
    fewest_first = sorted(whole, key=lambda one: len(one.lacks))
    return next(((one, table) for one in fewest_first for table in one.lacks if table in absent), (None, ""))


def _left_out(coverage: Sequence[Coverage], on: Terminal) -> Iterator[str]:
    """What could not be read, and which rules say nothing of it."""
    rules: dict[tuple[str, str], list[str]] = {}
    for one in coverage:
        for gap in one.unread_for:
            rules.setdefault((gap.contestant_id, gap.why), []).append(one.rule)
    if rules:
        yield from on.heading(on.say("unread", n=len({cid for cid, _ in rules})), "yellow")
    alike: dict[tuple[str, str], list[str]] = {}
    for (cid, reason), codes in rules.items():
        alike.setdefault((reason, ", ".join(codes)), []).append(cid)
    for (reason, named), ids in list(alike.items())[:MOST_IDS]:
        told = {"id": _named(ids, on), "reason": on_screen(reason, MOST_TEXT), "rules": named}
        yield from on.wrapped(on.say("unread_by", **told), "  ", "    ")
    if len(alike) > MOST_IDS:
        yield "  " + on.say("and_more", n=len(alike) - MOST_IDS)


def _named(ids: Sequence[str], on: Terminal) -> str:
    """The first of the contestants, and how many more there are."""
    more = f" {on.say('and_more', n=len(ids) - MOST_IDS)}" if len(ids) > MOST_IDS else ""
    return ", ".join(on_screen(cid, 40) for cid in ids[:MOST_IDS]) + more


def _by_reason(coverage: Sequence[Coverage]) -> list[tuple[str, list[Coverage]]]:
    reasons: dict[str, list[Coverage]] = {}
    for one in coverage:
        reasons.setdefault(one.reason or "", []).append(one)
    return list(reasons.items())


def _people(one: Coverage) -> list[tuple[str, list[str]]]:
    reasons: dict[str, list[str]] = {}
    for gap in one.silent_about:
        reasons.setdefault(gap.why, []).append(gap.contestant_id)
    return list(reasons.items())
