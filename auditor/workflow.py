"""read → normalise → check → findings: one audit, or one reconciliation with a bank's statement."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from auditor.assembly.case import case_of, facts_of
from auditor.assembly.contestants import contestants_of, files_of_others, places_of, totals_of
from auditor.assembly.rejected import rejected_of
from auditor.assembly.sql_told import with_sql
from auditor.check.assess import assess
from auditor.check.counterparty_types import with_parties
from auditor.check.engine import Engine, PolarsEngine
from auditor.check.flows import flows
from auditor.check.reconciliation import reconciliation
from auditor.closest import closest
from auditor.errors import BadUsage
from auditor.findings import findings
from auditor.model.audit import AppliedRulebook, Asked, Audit
from auditor.model.input import besides
from auditor.model.reconciliation import Pairing
from auditor.normalise.prepare import prepare
from auditor.normalise.prepared import Prepared, is_small
from auditor.normalise.scope import Scope
from auditor.read.candidates import Candidate, candidates
from auditor.read.instructions import Instructions, Stated
from auditor.read.possible_tables import others_in
from auditor.read.sources import Received, receive
from auditor.rulebook.kinds_of_facts import NotInStatement
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.wording import Words, refusal

Step = Callable[[str], None]
MakeEngine = Callable[[Prepared], Engine]


@dataclass(frozen=True)
class Request:
    """What to audit and how; the day is an argument, nothing below asks the clock. `paths`: files, folders and workbooks; `tables`: files
    for tables that are named, by table. `select` and `ignore`: ids of rules or what ids begin with, in any case; an empty `select` is every
    rule. `scope`: whom to audit; `stated`: how the files are written, where they do not tell. `rejected`: keep the records that could not
    be read, as filed. `for_report`: with what a document tells besides: the flows of each fund, what each counterparty is, the rules' SQL,
    and the files that name each contestant; `lines`: keep the lines themselves, to hold them against another version."""

    paths: Sequence[str]
    as_of: date
    tables: Mapping[str, str] = field(default_factory=dict)
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    scope: Scope = field(default_factory=Scope)
    stated: Stated = field(default_factory=Stated)
    rejected: bool = False
    for_report: bool = False
    lines: bool = False
    files: Sequence[Candidate] | None = None
    """What to read instead of `paths` and `tables`, under names that need not be those on disk."""

    @property
    def asked(self) -> Asked:
        """What of it another run has to ask for again."""
        scope = self.scope
        return Asked(self.select, self.ignore, scope.contestants, scope.districts, scope.commissions, asdict(self.stated))


def audit(
    request: Request, rulebook: Rulebook, words: Words, step: Step = lambda name: None, make_engine: MakeEngine | None = None
) -> Audit:
    """Audit one filing. `step` is told what begins, for a progress bar; `make_engine` lets another engine run the rules.

    Raises CannotRead for a file that cannot be read at all (NoReports where there are none), BadUsage for a rule that there is not, and
    AuditError for what else stops an audit; the `mistakes` of each are whole sentences.

    While it runs it sets the engine of Polars for the whole process: two audits go into two processes, not into two threads."""
    rules = chosen_rules(rulebook, request.select, request.ignore, words)
    with _opened(request, rulebook, words, step) as (received, prepared):
        step("check")
        engine = make_engine(prepared) if make_engine is not None else PolarsEngine(prepared.books, prepared.tables)
        case = case_of(prepared, rulebook, request.as_of, words, whole=request.scope.is_everyone)
        assessment = assess(case, rules, engine, places_of(prepared), words.lang)
        step("report")
        made = findings(rulebook, assessment.found, words)
        files = prepared.files_of() if request.for_report or not request.scope.is_everyone else {}
        of_others = files_of_others(prepared, files)
        problems = besides((*received.problems, *prepared.problems), {*of_others}, {*prepared.contest_of})
        problems.sort(key=lambda p: (p.file, p.sheet or "", p.row, p.column or "", p.code))
        rejected = rejected_of(prepared, problems) if request.rejected else ()
        if request.for_report:
            made = with_parties(made, prepared.books, [(source.file, source.sheet) for source in prepared.files])
        coverage = with_sql(rulebook, assessment.coverage) if request.for_report else assessment.coverage
        through = flows(prepared.books) if request.for_report else {}
        lines = prepared.report_lines.filed(prepared.contest_of) if request.lines else None
    return Audit(
        election=rulebook.election.id,
        as_of=request.as_of,
        lang=words.lang,
        currency=rulebook.election.currency.in_(words.lang),
        rulebook=AppliedRulebook(rulebook.election.id, rulebook.election.title.in_(words.lang), rulebook.election.version, rulebook.sha256),
        inputs=prepared.inputs,
        overrides=rulebook.overrides,
        rows=prepared.rows,
        contestants=contestants_of(prepared, totals_of(rulebook, rules, assessment.totals, words.lang), through, files),
        coverage=coverage,
        findings=made,
        problems=problems,
        passed_over=(*received.passed_over, *_others(request, rulebook, words)),
        rejected=rejected,
        asked=request.asked,
        lines=lines,
        of_others=of_others,
    )


def reconcile(
    request: Request, rulebook: Rulebook, words: Words, step: Step = lambda name: None, note: Step = lambda text: None
) -> list[Pairing]:
    """The books of one filing against the bank's statement. `note` is told how many records could not be read. Raises BadUsage where
    there is no statement, or no rule to match by."""
    rule, check = next(((rule, rule.check) for rule in rulebook.rules if isinstance(rule.check, NotInStatement)), (None, None))
    if rule is None or check is None:
        raise BadUsage(refusal("usage.no_matching_rule", election=rulebook.election.id))
    with _opened(request, rulebook, words, step) as (_, prepared):
        if missing := facts_of(prepared, rulebook, words.lang).missing(rule, words):
            raise BadUsage(f"{', '.join(request.paths)}: {missing}.")
        if unread := sum(one.unread for one in prepared.inputs if one.table in ("reports", "statement")):
            note(words("screen.pairs_unread", n=unread))
        step("check")
        return reconciliation(case_of(prepared, rulebook, request.as_of, words, whole=request.scope.is_everyone), rule, check)


@contextmanager
def _opened(request: Request, rulebook: Rulebook, words: Words, step: Step) -> Iterator[tuple[Received, Prepared]]:
    """What was received, and what was prepared of it. While this is open its temporary files are there, if it has any, and Polars works in
    memory where it is small and streams where it is large."""
    step("read")
    instructions = Instructions.of(rulebook, words, request.stated)
    files = candidates(request.paths, request.tables, instructions) if request.files is None else request.files
    received = receive(files, request.paths, instructions)
    step("normalise")
    if is_small(received.tables):
        with pl.Config(engine_affinity="in-memory"):
            yield received, prepare(received.tables, rulebook.vocabulary, None, words, request.scope, received.set_aside)
        return
    with tempfile.TemporaryDirectory(prefix="audit-") as work, pl.Config(engine_affinity="streaming"):
        yield received, prepare(received.tables, rulebook.vocabulary, Path(work), words, request.scope, received.set_aside)
        gc.collect(0)  # scans of the temporary files must be gone before the files are


def chosen_rules(rulebook: Rulebook, select: Sequence[str], ignore: Sequence[str], words: Words) -> list[Rule]:
    """The rules by id or prefix. Raises BadUsage, with a line for each, for prefixes that fit no rule."""
    unknown = [prefix for prefix in (*select, *ignore) if not any(rule.id.startswith(prefix.upper()) for rule in rulebook.rules)]
    if unknown:
        raise BadUsage(*(_of_no_rule(prefix, rulebook, words) for prefix in dict.fromkeys(unknown)))
    wanted = tuple(prefix.upper() for prefix in select) or ("",)
    not_wanted = tuple(prefix.upper() for prefix in ignore)
    chosen = [rule for rule in rulebook.rules if rule.id.startswith(wanted) and not (not_wanted and rule.id.startswith(not_wanted))]
    if not chosen:
        raise BadUsage(f"--ignore {', '.join(ignore)}: {words('rules.none_left')}")
    return chosen


def _of_no_rule(prefix: str, rulebook: Rulebook, words: Words) -> str:
    if prefix.upper() in rulebook.ended:
        return words("usage.rule_not_in_force", code=prefix.upper(), day=rulebook.election.day)
    return f"{prefix}: {words('rules.none_of_this_id')}{_meant(prefix, [rule.id for rule in rulebook.rules], words)}"


def _meant(prefix: str, ids: Sequence[str], words: Words) -> str:
    """The id, or the letters that several begin with, which was probably meant."""
    known = [*dict.fromkeys(code.partition("-")[0] for code in ids), *ids]
    near = closest(prefix.upper(), known)
    return f" {words('check.did_you_mean', word=near)}" if near is not None else ""


def _others(request: Request, rulebook: Rulebook, words: Words) -> list[str]:
    """What else lies in the folders that were given."""
    instructions = Instructions.of(rulebook, words, request.stated)
    folders = [Path(path) for path in request.paths if Path(path).is_dir()] if request.files is None else []
    return [name for folder in folders for name in others_in(folder, instructions)]


__all__ = ["Request", "Scope", "audit", "chosen_rules", "reconcile"]
