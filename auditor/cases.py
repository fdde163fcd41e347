"""The cases beside the rules: small filings in sentences a lawyer can read, each with what its rule must say."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError, model_validator

from auditor.closest import closest
from auditor.errors import BadRulebook, BadYaml
from auditor.model.audit import Audit
from auditor.model.coverage import Status
from auditor.model.finding import Finding, Outcome
from auditor.rulebook.kinds_of_sums import Balance, DaysBetween, Fee, Forbidden, Limit, SameDocument, WasOver
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.tables import TABLES, columns, heading_key
from auditor.wording import Words, refusal
from auditor.workflow import Request, audit
from auditor.yaml_files import source
from auditor.yaml_files.faults import Faults
from auditor.yaml_files.validated import Strict

Shows = Literal["kept", "at_limit", "tiyn_over", "split", "refunded", "breach", "undetermined", "lead"]
Figure = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]{2})?$")]
Table = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
CONTESTANT = "C-1"
# What a case must expect that is said to show this; a sum that is split or paid back may come to either.
_EXPECTED_OF = {
    "kept": ("kept",),
    "at_limit": ("kept",),
    "tiyn_over": (Outcome.BREACH,),
    "breach": (Outcome.BREACH,),
    "undetermined": (Outcome.UNDETERMINED, "not_assessed"),
    "lead": (Outcome.LEAD,),
}


class Expected(Strict):
    """One finding of the case's rule: what is left out is not compared."""

    outcome: Outcome
    measured: Figure | None = None
    excess: Figure | None = None
    subject: str | None = None
    severity: str | None = None
    remedied: bool | None = None
    rows: tuple[int, ...] | None = None
    crossing: int | None = None


class RuleCase(Strict):
    """A named filing and what its rule must say: `kept`, `not_assessed`, or findings."""

    rule: str
    name: str
    shows: Shows
    contest: Literal["party_list", "single_mandate"] = "single_mandate"
    as_of: date | None = None
    set: dict[str, str] = Field(default_factory=dict)
    reports: Table
    contestants: Table | None = None
    filings: Table | None = None
    candidates: Table | None = None
    price_lists: Table | None = None
    statement: Table | None = None
    expect: Literal["kept", "not_assessed"] | Annotated[tuple[Expected, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _shown(self) -> RuleCase:
        found = {self.expect} if isinstance(self.expect, str) else {one.outcome for one in self.expect}
        if self.shows in _EXPECTED_OF and not found & set(_EXPECTED_OF[self.shows]):
            raise ValueError(refusal("cases.expects", shows=self.shows, expected=" | ".join(_EXPECTED_OF[self.shows])))
        return self


class CaseFile(Strict):
    """The cases of one rule file, and the day of the audit of those that name no other."""

    as_of: date
    cases: tuple[RuleCase, ...]


def load_cases(rulebook: Rulebook) -> list[RuleCase]:
    """Every case of the rulebook. Raises BadRulebook for a case file that says what cannot be meant."""
    faults = Faults()
    cases: list[RuleCase] = []
    known = {rule.id for rule in rulebook.rules}
    for path in sorted(rulebook.path.glob("[!.]*.test.yaml")):
        try:
            read = source.read(path, str(path.relative_to(rulebook.path.parent)))
            file = CaseFile.model_validate(read.tree)
            for n, case in enumerate(file.cases):
                for table, cell in _unknown_columns(case, rulebook):
                    said = refusal("lint.no_column", near=closest(cell, columns(table)), of=table, name=repr(cell))
                    faults.add(read, ("cases", n, table), said)
                if case.rule in known:
                    cases.append(case.model_copy(update={"as_of": case.as_of or file.as_of}))
                elif case.rule not in rulebook.ended:
                    faults.add(read, ("cases", n, "rule"), refusal("lint.no_rule", near=closest(case.rule, known), code=repr(case.rule)))
        except BadYaml as error:
            faults.extend(error.mistakes)
        except ValidationError as error:
            faults.invalid(read, error, (CaseFile, RuleCase, Expected))
    faults.raise_if_any(BadRulebook)
    return cases


def _unknown_columns(case: RuleCase, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """The headings of the tables of a case that are no column of them, nor one of the words for a column."""
    for table in TABLES:
        words = rulebook.headings.get(table, {})
        known = {heading_key(word) for name in columns(table) for word in (name, *words.get(name, ()))}
        for heading in _table(getattr(case, table) or "")[:1]:
            yield from ((table, cell) for cell in heading if heading_key(cell) not in known)


def run_case(rulebook: Rulebook, case: RuleCase, words: Words) -> list[str]:
    """What the rule said otherwise than the case expects; nothing where they agree."""
    with tempfile.TemporaryDirectory(prefix="audit-case-") as folder:
        for table in TABLES:
            text = getattr(case, table)
            if text is not None:
                _write(Path(folder) / f"{table}.csv", table, _table(text), case)
        assert case.as_of is not None  # its file has a day
        request = Request([str(Path(folder) / "reports.csv")], case.as_of, select=[case.rule])
        made = audit(request, rulebook.with_overrides(case.set), words)
    return list(_differences(case, made, words))


def missing_cases(rulebook: Rulebook, words: Words) -> list[str]:
    """The rules that lack a case which their kind of check should have."""
    shown: dict[str, set[str]] = {}
    for case in load_cases(rulebook):
        shown.setdefault(case.rule, set()).add(case.shows)
    lacking = [(rule.id, what) for rule in rulebook.rules for what in wanted(rule) if what not in shown.get(rule.id, set())]
    return [words("cases.none_shows", rule=code, what=what) for code, what in lacking]


def wanted(rule: Rule) -> tuple[str, ...]:
    """What the cases of a rule must show."""
    check = rule.check
    refunds = ("refunded",) if isinstance(check, Limit | Forbidden) and check.less else ()
    if isinstance(check, Limit):
        return ("kept", "at_limit", "tiyn_over", "split", *refunds, "undetermined")
    if isinstance(check, Forbidden) and check.outcome == "undetermined":
        return ("kept", "undetermined")
    if isinstance(check, Balance):  # a line that cannot be read is left out of it
        return ("kept", "breach")
    if isinstance(check, Forbidden | WasOver | Fee | DaysBetween | SameDocument):
        return ("kept", "breach", *refunds, "undetermined")
    return ("kept", "lead") if check.is_lead else ("kept", "breach")


def _table(text: str) -> list[list[str]]:
    """Lines of cells between bars, the heading first."""
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.strip().splitlines() if line.strip()]


def _write(path: Path, table: str, rows: Sequence[list[str]], case: RuleCase) -> None:
    """Fill in what a case need not say: whose line it is, and the contest."""
    heading, *records = rows
    given: dict[str, str] = {"contestant_id": CONTESTANT} if "contestant_id" in columns(table) else {}
    if table in ("reports", "contestants"):
        given["contest"] = case.contest
    if table == "contestants":
        given["name"] = "A contestant"
    added = {name: value for name, value in given.items() if name not in heading}
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow([*added, *heading])
        writer.writerows([*added.values(), *record] for record in records)


def _differences(case: RuleCase, made: Audit, words: Words) -> Iterator[str]:
    status = next(one for one in made.coverage if one.rule == case.rule)
    silent = status.status is Status.NOT_ASSESSED or bool(status.not_assessed_for)
    if case.expect == "not_assessed":
        if not silent or made.findings:
            yield words("cases.assessed", found=_shown(made.findings))
        return
    if silent:
        yield words("cases.not_assessed", reason=status.reason or status.not_assessed_for)
        return
    expected = () if case.expect == "kept" else case.expect
    if len(made.findings) != len(expected):
        yield words("cases.other_findings", expected=len(expected), found=_shown(made.findings))
        return
    for one, wanted_one in zip(made.findings, expected, strict=True):
        for name, value in wanted_one.model_dump(exclude_none=True).items():
            found = _value(one, name)
            if found != (value if name not in ("measured", "excess") else _number(value)):
                yield words("cases.other_value", name=name, expected=value, found=found)


def _number(text: str) -> Decimal | int:
    return Decimal(text) if "." in text else int(text)


def _value(finding: Finding, name: str) -> object:
    if name == "rows":
        return tuple(sorted(line.place.row for line in finding.lines))
    if name == "crossing":
        return finding.crossing.place.row if finding.crossing else None
    value: object = getattr(finding, name)
    return str(value) if name == "severity" else value


def _shown(findings: Sequence[Finding]) -> str:
    return ", ".join(f"{f.outcome} {f.measured}" for f in findings) or "0"
