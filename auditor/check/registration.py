"""The people on the lists and in the districts: the quota, standing twice, age and residence on election day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from auditor.check.case import Case
from auditor.check.verdicts import Judged, Reasons, Verdict, breach, joined
from auditor.identifiers import key_of_name
from auditor.model.finding import Line
from auditor.model.input import cut
from auditor.model.place import Place
from auditor.rulebook.kinds_of_facts import FullYears, Quota
from auditor.rulebook.models import Rule

Row = tuple[Place, Mapping[str, Any]]


def full_years(since: date, until: date) -> int:
    """Whole years: the anniversary itself completes one; one born on 29 February has it on 1 March."""
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def quota(case: Case, rule: Rule, check: Quota) -> Judged:
    """People with one of the facts, or young, on each list; each counted once. Where an empty fact decides, nobody can tell."""
    day, age = case.rulebook.election.day, case.rulebook.whole(check.under_age)
    share = case.rulebook.exact(check.share)
    verdicts: list[Verdict] = []
    silent, unread = _not_seen(case, rule), _unread(case, rule)
    for cid, people in _lists(case, rule):
        counted: list[Row] = []
        undecided = 0
        for rows in people.values():
            found = next(((place, row) for place, row in rows if _counts(row, check, age, day)), None)
            if found is not None:
                counted.append(found)
            elif any(row[name] is None for _, row in rows for name in ("born_on", *check.facts)):
                undecided += 1
        needed = _needed(len(people), share)
        if needed - undecided <= len(counted) < needed:
            silent[cid] = case.say("check.facts_of_people_empty", n=undecided)
            continue
        doubt = _doubt_about(case, cid, people, len(counted), share)
        unread = joined(unread, doubt)
        if len(counted) >= needed:
            continue
        told = ("born_on", *check.facts)
        people_counted = [_person(place, row, told) for place, row in counted]
        verdicts.append(breach(rule, cid, None, len(counted), needed, people_counted))
        if case.left_out_records.candidates_of & {cid, None}:  # who is left out of the list may have been one of those that it needs
            silent[cid] = case.say("check.record_unread", table="candidates")
        silent = joined(silent, doubt)
    return Judged(verdicts, silent=silent, unread=unread)


def _needed(people: int, share: Decimal) -> int:
    return int((people * share / 100).to_integral_value(ROUND_CEILING))


def _doubt_about(case: Case, cid: str, people: Mapping[str, Sequence[Row]], counted: int, share: Decimal) -> dict[str, str]:
    """Why the answer for a list may be another: by the register it has another size, with which so many `counted` may do, or not; or an
    id stands for several people."""
    reasons = Reasons()
    size = case.facts.fact(cid, "list_size")
    if size is not None:
        kept, needed = counted >= _needed(len(people), share), _needed(size, share)
        absent = max(size - len(people), 0)  # of whom any may be one of those that are needed
        if (kept and counted < needed) or (not kept and counted + absent >= needed):
            reasons.add(cid, case.say("check.list_of_another_size", size=size, n=len(people)))
    if several := sum(map(_contradict, people.values())):
        reasons.add(cid, case.say("check.people_of_one_id", n=several))
    return reasons.told()


def _contradict(rows: Sequence[Row]) -> bool:
    """Whether rows of one id tell of different people: of other names, sex or day of birth."""
    names = {key_of_name(row["name"]) for _, row in rows}
    return len(names) > 1 or any(len({row[name] for _, row in rows} - {None}) > 1 for name in ("sex", "born_on"))


def stands_twice(case: Case, rule: Rule) -> Judged:
    """The same person on a list and in a district: one finding for each of the contestants."""
    by_person: dict[str, list[Row]] = {}
    for place, row in case.candidates:
        by_person.setdefault(row["candidate_id"], []).append((place, row))
    verdicts = []
    doubted: set[str] = set()
    for person, rows in by_person.items():
        stands_for = list(dict.fromkeys(row["contestant_id"] for _, row in rows))
        if len({case.contest(cid) for cid in stands_for} - {None}) > 1:
            lines = [_person(place, row) for place, row in rows]
            verdicts += [breach(rule, cid, person, None, None, lines) for cid in stands_for]
            if _contradict(rows):
                doubted.update(stands_for)
    told = dict.fromkeys(sorted(doubted), case.say("check.people_of_one_id", n=1))
    return Judged(verdicts, silent=_not_seen(case, rule), unread=joined(_perhaps_twice(case, rule), told))


def too_few_years(case: Case, rule: Rule, check: FullYears) -> Judged:
    """Candidates with fewer full years than needed since a day of their life; an empty day leaves it open."""
    day, limit = case.rulebook.election.day, case.rulebook.whole(check.years)
    verdicts: list[Verdict] = []
    silent = _not_seen(case, rule)
    for cid, people in _lists(case, rule):
        for person, rows in people.items():
            years = [(full_years(since, day), place, row) for place, row in rows if (since := row[check.since]) is not None]
            short = [one for one in years if one[0] < limit]
            if short:
                count, place, row = short[0]
                verdicts.append(breach(rule, cid, person, count, limit, [_person(place, row, (check.since,))]))
            elif not years:
                silent[cid] = case.say("check.none_readable_in", column=case.facts.told("candidates", check.since), table="candidates")
    return Judged(verdicts, silent=silent, unread=_unread(case, rule))


def _person(place: Place, row: Mapping[str, Any], told: Sequence[str] = ()) -> Line:
    """The row of one of the people: who it is, and the facts that count."""
    return Line(place, name=row["name"], identifier=row["candidate_id"], facts=tuple((name, row[name]) for name in told))


def _not_seen(case: Case, rule: Rule) -> dict[str, str]:
    """The contestants without any people in the table."""
    return {cid: case.say("check.no_candidates") for cid in case.facts.subjects(rule) if cid not in case.candidates_of}


def _unread(case: Case, rule: Rule) -> dict[str, str]:
    """The contestants with a record of the people that could not be used; everybody, where one does not say whose it is."""
    said = case.say("check.record_unread", table="candidates")
    return {cid: said for cid in case.facts.subjects(rule) if case.left_out_records.candidates_of & {cid, None}}


def _perhaps_twice(case: Case, rule: Rule) -> dict[str, str]:
    """Also the contestants of a person who stands in a record that was left out (of everybody, where one does not say who stands there),
    or who is by the register a contestant of whom the table of candidates has nothing."""
    left_out, said = case.left_out_records.people, case.say("check.record_left_out", table="candidates")
    in_doubt = {cid for cid, people in case.candidates_of.items() if left_out & {None, *(row["candidate_id"] for _, row in people)}}
    others: dict[str, list[str]] = {}
    for other, facts in case.facts.register.items():
        if facts["person_id"] and other not in case.candidates_of:
            others.setdefault(facts["person_id"], []).append(other)
    elsewhere = Reasons()
    for cid, people in case.candidates_of.items():
        for other in dict.fromkeys(other for _, row in people for other in others.get(row["candidate_id"], ())):
            if case.contest(other) not in (None, case.contest(cid)):
                elsewhere.add(cid, case.say("check.person_elsewhere", contestant=cut(other)))
    subjects = case.facts.subjects(rule)
    unread = {cid: said for cid in subjects if cid in in_doubt} | _unread(case, rule)
    return joined(unread, {cid: why for cid, why in elsewhere.told().items() if cid in subjects})


def _lists(case: Case, rule: Rule) -> Iterator[tuple[str, dict[str, list[Row]]]]:
    """Each contestant's people by their id; somebody may stand in the table twice."""
    for cid in case.facts.subjects(rule):
        people: dict[str, list[Row]] = {}
        for place, row in case.candidates_of.get(cid, ()):
            people.setdefault(row["candidate_id"], []).append((place, row))
        if people:
            yield cid, people


def _counts(row: Mapping[str, Any], check: Quota, age: int, day: date) -> bool:
    young = row["born_on"] is not None and full_years(row["born_on"], day) < age
    return young or any(row[name] == value for name, value in check.facts.items())
