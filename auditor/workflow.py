"""read → normalise → check → findings, on one screen."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from auditor.check.assess import assess
from auditor.check.case import Case, FiledReport
from auditor.check.engine import Engine, PolarsEngine
from auditor.check.facts import Facts
from auditor.check.flows import flows
from auditor.check.parties import with_parties
from auditor.check.reconciliation import reconciliation
from auditor.errors import BadUsage
from auditor.findings import findings
from auditor.model.audit import AppliedRulebook, Asked, Audit
from auditor.model.contestant import Contestant, Flows, Total
from auditor.model.coverage import Coverage, Status
from auditor.model.input import Problem, Rejected
from auditor.model.place import Place
from auditor.model.reconciliation import Pairing
from auditor.normalise.filing import Filing, is_small, prepare
from auditor.normalise.forms import name_key
from auditor.normalise.reports import Report
from auditor.normalise.scope import Scope
from auditor.read.instructions import Instructions, Stated
from auditor.read.others import others_in
from auditor.read.sources import Candidate, Received, candidates, receive
from auditor.rulebook.describe import in_force
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.rulebook.statements import compile_rule
from auditor.wording import Words

Step = Callable[[str], None]
MakeEngine = Callable[[Filing], Engine]


@dataclass(frozen=True)
class Request:
    """What to audit and how; the day is an argument, nothing below asks the clock. `flows`: for a report, sum up each fund too, tell
    what each counterparty is, and write down the rules' SQL; `lines`: keep the lines themselves, to hold them against another
    version."""

    paths: Sequence[str]
    as_of: date
    tables: Mapping[str, str] = field(default_factory=dict)
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    scope: Scope = field(default_factory=Scope)
    stated: Stated = field(default_factory=Stated)
    rejected: bool = False
    flows: bool = False
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
    """Audit one filing. `step` is told what begins, for a progress bar; `make_engine` lets another engine run the rules."""
    rules = chosen_rules(rulebook, request.select, request.ignore)
    with _opened(request, rulebook, words, step) as (received, filing):
        step("check")
        engine = make_engine(filing) if make_engine is not None else PolarsEngine(filing.books, filing.tables)
        assessment = assess(_case(request, rulebook, filing, words), rules, engine, _places(filing), words.lang)
        step("report")
        made = findings(rulebook, assessment.found, words)
        problems = sorted((*received.problems, *filing.problems), key=lambda p: (p.file, p.sheet or "", p.row, p.column or "", p.code))
        rejected = _rejected(filing, problems) if request.rejected else ()
        if request.flows:
            made = with_parties(made, filing.books, [(source.file, source.sheet) for source in filing.files])
        coverage = _with_sql(rulebook, assessment.coverage) if request.flows else assessment.coverage
        through = flows(filing.books) if request.flows else {}
        files = filing.files_of() if request.flows else {}
        lines = filing.report_lines.filed(filing.contest_of) if request.lines else None
    return Audit(
        election=rulebook.election.id,
        as_of=request.as_of,
        lang=words.lang,
        currency=rulebook.election.currency.in_(words.lang),
        rulebook=AppliedRulebook(rulebook.election.id, rulebook.election.title.in_(words.lang), rulebook.election.version, rulebook.sha256),
        inputs=filing.inputs,
        overrides=rulebook.overrides,
        rows=filing.rows,
        contestants=_contestants(filing, _totals(rulebook, rules, assessment.totals, words.lang), through, files),
        coverage=coverage,
        findings=made,
        problems=problems,
        passed_over=(*received.passed_over, *_others(request)),
        rejected=rejected,
        asked=request.asked,
        lines=lines,
        of_others=_of_others(filing, files),
    )


def reconcile(request: Request, rulebook: Rulebook, words: Words, step: Step = lambda name: None) -> list[Pairing]:
    """The books of one filing against the bank's statement. Raises BadUsage where there is no statement, or no rule to match by."""
    rule = next((rule for rule in rulebook.rules if rule.check.kind == "not_in_statement"), None)
    if rule is None:
        raise BadUsage(f"{rulebook.election.id}: no rule of the rulebook holds the books against a bank's statement.")
    with _opened(request, rulebook, words, step) as (_, filing):
        if missing := _facts(filing).missing(rule, words):
            raise BadUsage(f"{', '.join(request.paths)}: {missing}.")
        step("check")
        return reconciliation(_case(request, rulebook, filing, words), rule)


@contextmanager
def _opened(request: Request, rulebook: Rulebook, words: Words, step: Step) -> Iterator[tuple[Received, Filing]]:
    """What was received, and the filing made of it. Its files on disk, if it has any, are there for as long as this is open, and what
    is asked of it meanwhile is asked of the engine that suits its size."""
    step("read")
    asked = Instructions(rulebook.headings, words, request.stated)
    files = candidates(request.paths, request.tables, asked) if request.files is None else request.files
    received = receive(files, request.paths, asked)
    step("normalise")
    if is_small(received.tables):
        with pl.Config(engine_affinity="in-memory"):
            yield received, prepare(received.tables, rulebook.vocabulary, None, words, request.scope)
        return
    with tempfile.TemporaryDirectory(prefix="audit-") as work, pl.Config(engine_affinity="streaming"):
        yield received, prepare(received.tables, rulebook.vocabulary, Path(work), words, request.scope)
        gc.collect(0)  # scans of the temporary files must be gone before the files are


def chosen_rules(rulebook: Rulebook, select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """The rules by id or prefix. Raises BadUsage for a prefix that fits no rule."""
    for prefix in (*select, *ignore):
        if not any(rule.id.startswith(prefix.upper()) for rule in rulebook.rules):
            raise BadUsage(f"{prefix}: no rule of the rulebook has this id or prefix.")
    wanted = tuple(prefix.upper() for prefix in select) or ("",)
    not_wanted = tuple(prefix.upper() for prefix in ignore)
    chosen = [rule for rule in rulebook.rules if rule.id.startswith(wanted) and not (not_wanted and rule.id.startswith(not_wanted))]
    if not chosen:
        raise BadUsage(f"--ignore {', '.join(ignore)}: no rule is left to check.")
    return chosen


def _others(request: Request) -> list[str]:
    """What else lies in the folders that were given."""
    folders = [Path(path) for path in request.paths if Path(path).is_dir()] if request.files is None else []
    return [name for folder in folders for name in others_in(folder)]


def _facts(filing: Filing) -> Facts:
    register = {row["contestant_id"]: row for row in filing.contestants.iter_rows(named=True)}
    finals = frozenset(report.contestant_id for report in filing.reports.all if report.report_type == "final")
    return Facts(
        filing.contest_of,
        register,
        filing.present,
        filing.columns,
        filing.files_of_books,
        finals,
        filing.reports.empty_books(),
        filing.names_alone,
    )


def _case(request: Request, rulebook: Rulebook, filing: Filing, words: Words) -> Case:
    files = [(source.file, source.sheet) for source in filing.files]
    people = filing.candidates.iter_rows(named=True) if filing.candidates is not None else ()
    return Case(
        rulebook=rulebook,
        facts=_facts(filing),
        as_of=request.as_of,
        say=words,
        reports=_reports(filing),
        report_lines=filing.report_lines,
        strays=filing.strays,
        candidates=[(filing.place("candidates", row["file"], row["row"]), row) for row in people],
        statement=filing.statement,
        doubtful_prices=filing.doubtful_prices,
        unread_candidates_of=filing.unread_candidates_of,
        unread_accounts=filing.unread_accounts,
        books=filing.books,
        all_books=filing.all_books,
        files=files,
        whole=request.scope == Scope(),
        name_key=name_key,
    )


def _reports(filing: Filing) -> dict[str, list[FiledReport]]:
    """Every report of each contestant, each with its first filing."""
    made: dict[int, FiledReport] = {}

    def told(report: Report, first: FiledReport | None) -> FiledReport:
        filed = report.filed
        place = filing.place("filings", *filed.order) if filed is not None else None
        return FiledReport(
            contestant_id=report.contestant_id,
            report_id=report.report_id,
            report_type=report.report_type,
            period=report.period,
            received_on=report.received_on,
            published_on=filed.published_on if filed is not None else None,
            published_unread=filed is not None and filed.published_unread,
            submitted_to=filed.submitted_to if filed is not None else None,
            face=filed.face if filed is not None else {},
            sums=report.sums,
            place=place,
            stands=filing.reports.stands(report),
            counts=filing.reports.counts(report),
            unread=id(report) in filing.unread,
            first=first,
        )

    by_contestant: dict[str, list[FiledReport]] = {}
    for report in filing.reports.all:
        first = filing.reports.first(report)
        if id(first) not in made:
            made[id(first)] = told(first, None)
        one = made[id(report)] if report is first else told(report, made[id(first)])
        by_contestant.setdefault(report.contestant_id, []).append(one)
    return by_contestant


def _rejected(filing: Filing, problems: Sequence[Problem]) -> list[Rejected]:
    """The records that could not be used, in their file's own columns, with every reason; those inside the scope of the audit."""
    reasons: dict[tuple[str, str | None, int], list[str]] = {}
    for problem in problems:
        reasons.setdefault((problem.file, problem.sheet, problem.row), []).append(problem.message)
    rejected = []
    for number, rows in filing.unread_rows.items():
        source = filing.files[number]
        known = [row for row in rows if (source.file, source.sheet, row) in reasons]
        if not known or source.as_filed is None:
            continue
        cells = source.as_filed.rows(known)
        for row in known:
            why = reasons[source.file, source.sheet, row]
            rejected.append(Rejected(source.table, source.file, source.sheet, row, why, source.as_filed.heading, cells[row]))
    return rejected


def _with_sql(rulebook: Rulebook, coverage: Sequence[Coverage]) -> list[Coverage]:
    """The statement of each rule that was assessed, under a comment for each of its parameters as it was in force."""

    def of(one: Coverage) -> str | None:
        if one.status is Status.NOT_ASSESSED:  # perhaps because the calendar lacks a day that the statement needs
            return None
        rule = rulebook.rule(one.rule)
        statement = compile_rule(rulebook, rule)
        if statement is None:
            return ""
        return "".join(f"-- {name} = {value} ({unit})\n" for name, value, unit in in_force(rulebook, rule)) + statement.script

    return [replace(one, sql=of(one)) for one in coverage]


def _places(filing: Filing) -> dict[str, Place]:
    rows = filing.contestants.select("contestant_id", "file", "row").rows()
    return {cid: Place("contestants", filing.files[file].file, filing.files[file].sheet, row) for cid, file, row in rows}


def _totals(rulebook: Rulebook, rules: Sequence[Rule], totals: Mapping[str, Mapping[str, Decimal]], lang: str) -> dict[str, list[Total]]:
    """Each contestant's sums under the rules with a limit in money, in order of the rules."""
    limits: dict[str, tuple[Decimal, str | None, str]] = {}
    for rule in rules:
        if rule.check.kind == "limit" and isinstance(value := rulebook.value(rule.check.limit), Decimal):
            limits[rule.id] = value, rule.total, rulebook.parameters[rule.check.limit].title.in_(lang)
    return {cid: [Total(code, measured, *limits[code]) for code, measured in sorted(sums.items())] for cid, sums in totals.items()}


def _of_others(filing: Filing, files: Mapping[str, Sequence[tuple[str, str | None]]]) -> tuple[tuple[str, str | None], ...]:
    """The files in which only those are named whom the audit is not about."""
    own = {place for cid in filing.contest_of for place in files.get(cid, ())}
    return tuple(sorted({place for places in files.values() for place in places} - own, key=lambda place: (place[0], place[1] or "")))


def _contestants(
    filing: Filing,
    totals: Mapping[str, Sequence[Total]],
    through: Mapping[str, Flows],
    files: Mapping[str, Sequence[tuple[str, str | None]]],
) -> list[Contestant]:
    facts = {row["contestant_id"]: row for row in filing.contestants.iter_rows(named=True)}
    by_contestant: dict[str, list[Report]] = {}
    for report in filing.reports.all:
        by_contestant.setdefault(report.contestant_id, []).append(report)
    made = []
    for cid, contest in filing.contest_of.items():
        own = by_contestant.get(cid, [])
        made.append(
            Contestant(
                contestant_id=cid,
                name=filing.name_of.get(cid),
                contest=contest,
                district=facts.get(cid, {}).get("district"),
                commission=facts.get(cid, {}).get("commission"),
                books=sorted(name for r in own if filing.reports.counts(r) for name in (r.names or [r.label])),
                superseded=sorted(r.label for r in own if id(r) in filing.reports.superseded),
                totals=totals.get(cid, []),
                flows=through.get(cid),
                files=files.get(cid, ()),
            )
        )
    return made


__all__ = ["Request", "Scope", "audit", "chosen_rules", "reconcile"]
