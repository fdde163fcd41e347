"""One contestant's part of an audit of many: the same facts, restricted; nothing is judged again."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from auditor.model.audit import Audit
from auditor.model.coverage import Coverage, Gap, Status
from auditor.model.finding import Finding, Outcome
from auditor.model.input import Input, Problem, besides


def only(audit: Audit, contestant_id: str) -> Audit:
    """The audit restricted to one contestant, as `--contestant ID` would give it. Raises KeyError for one who is not in it.

    A problem in a record that names nobody is of those who are named in its file, and of everyone where nobody is. A table stays unless
    all its records are known to be other contestants'; `rows` are those of the tables that stay. A finding about no one contestant is left
    out.
    """
    one = next((each for each in audit.contestants if each.contestant_id == contestant_id), None)
    if one is None:
        raise KeyError(contestant_id)
    known = {each.contestant_id for each in audit.contestants}
    findings = [finding for finding in audit.findings if finding.contestant_id == contestant_id]
    named = {(line.place.file, line.place.sheet) for finding in findings for line in finding.lines}
    others = ({place for each in audit.contestants for place in each.files} | set(audit.of_others)) - set(one.files) - named
    problems = [
        problem
        for problem in besides(audit.problems, others, known)
        if problem.contestant_id == contestant_id or problem.contestant_id not in known
    ]
    inputs = _without(audit.inputs, others, problems)
    return replace(
        audit,
        inputs=inputs,
        rows=sum(each.rows for each in inputs if each.table == "reports"),
        contestants=[one],
        coverage=[_coverage(each, contestant_id, findings, of_all=not audit.asked.is_of_some) for each in audit.coverage],
        findings=findings,
        problems=problems,
        asked=replace(audit.asked, contestants=(contestant_id,), districts=(), commissions=()),
        of_others=(),
    )


def of_those_asked_for(audit: Audit) -> Audit:
    """The audit without the files in which nobody is named whom it is about: a letter to a contestant is not about them."""
    known, others = {each.contestant_id for each in audit.contestants}, set(audit.of_others)
    problems = besides(audit.problems, others, known)
    return replace(audit, inputs=_without(audit.inputs, others, problems), problems=problems, of_others=())


def about_nobody(audit: Audit) -> int:
    """How many findings are about no one contestant, and so are in no contestant's part."""
    return sum(1 for finding in audit.findings if finding.contestant_id is None)


def _without(inputs: Sequence[Input], others: Set[tuple[str, str | None]], problems: Sequence[Problem]) -> list[Input]:
    """The inputs but those of others; one with a problem stays, for it may be anyone's."""
    left = others - {(problem.file, problem.sheet) for problem in problems}
    return [each for each in inputs if (each.file, each.sheet) not in left]


def _coverage(whole: Coverage, contestant_id: str, findings: Sequence[Finding], *, of_all: bool) -> Coverage:
    if whole.status is Status.NOT_ASSESSED:
        return replace(whole, about=tuple(cid for cid in whole.about if cid == contestant_id))
    if contestant_id not in whole.about:
        nobody = Coverage(whole.rule, whole.title, whole.status, 0, 0, 0, 0, whole.reason)
        return replace(nobody, lead=whole.lead, sql=whole.sql, alone=whole.alone)
    outcomes = {finding.outcome for finding in findings if finding.rule == whole.rule}
    partly, silent, unread = (
        tuple(gap for gap in gaps if gap.contestant_id == contestant_id)
        for gaps in (whole.partly_not_assessed_for, whole.not_assessed_for, whole.unread_for)
    )
    if whole.alone is not None and of_all:  # of an audit of some it is said already
        missed = "; ".join(filter(None, (gap.reason for gap in (*silent, *partly))))
        gap = Gap(contestant_id, missed or None, whole.alone)
        silent, partly = ((), (gap,)) if outcomes else ((gap,), ())
    breaches = int(Outcome.BREACH in outcomes)
    undetermined = int(Outcome.UNDETERMINED in outcomes and not breaches)
    kept = 1 - breaches - undetermined - int(Outcome.LEAD in outcomes) - len(silent)
    return replace(
        whole,
        subjects=1,
        kept=kept,
        breaches=breaches,
        undetermined=undetermined,
        not_assessed_for=silent,
        partly_not_assessed_for=partly,
        unread_for=() if silent else unread,
        about=(contestant_id,),
    )
