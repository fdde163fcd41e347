"""The audit as an XLSX workbook, the auditor's own working file: ids whole, every row of evidence, amounts to the tiyn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from auditor.model.audit import Audit
from auditor.model.coverage import Coverage
from auditor.model.finding import Finding, Line, Outcome
from auditor.model.input import Input
from auditor.render.coverage_reasons import extent
from auditor.render.row_facts import facts_of
from auditor.render.sheets import SheetColumn, Sheets, Value
from auditor.wording import Words


def as_xlsx(audit: Audit, words: Words) -> bytes:
    """The sheets summary, findings, evidence, coverage, not assessed for, problems and contestants, in the language of `words`."""
    made = _Workbook(audit, words)
    with made.sheets:
        return made.written()


class _Workbook:
    def __init__(self, audit: Audit, words: Words) -> None:
        self.audit, self.words = audit, words
        self.sheets = Sheets(f"{words('report.title')} · {audit.rulebook.title}", audit.as_of)

    def written(self) -> bytes:
        first = self.sheets.add(self.say("sheet_summary"))
        findings, coverage = self.audit.findings, self.audit.coverage
        self.table("findings", _FINDINGS, map(self.finding, findings))
        self.table("evidence", _EVIDENCE, (self.line(one, line) for one in findings for line in one.lines))
        self.table("coverage", _COVERAGE, map(self.coverage, coverage))
        rest = [(one, gap, self.words("workbook.by_the_rest", reason=gap.why)) for one in coverage for gap in one.unread_for]
        open_for = [*((one, gap, gap.why) for one in coverage for gap in one.silent_about), *rest]
        self.table("not_assessed", _NOT_ASSESSED, ((one.rule, one.title, gap.contestant_id, why) for one, gap, why in open_for))
        self.table(
            "problems",
            _PROBLEMS,
            ((p.code, p.file, p.sheet, p.row, p.column, p.value, p.message) for p in self.audit.problems),
        )
        self.table("contestants", _CONTESTANTS, self.contestants())
        self.summary(first)  # last: it says what of the other sheets had to be cut
        return self.sheets.finished()

    def say(self, key: str, **values: object) -> str:
        return self.words(f"workbook.{key}", **values)

    def table(self, name: str, columns: Sequence[tuple[str, int, bool]], rows: Any) -> None:
        self.sheets.table(self.say(f"sheet_{name}"), self.columns(columns), rows)

    def columns(self, columns: Sequence[tuple[str, int, bool]]) -> list[SheetColumn]:
        return [SheetColumn(self.say(f"col_{key}", currency=self.audit.currency), width, wrapped) for key, width, wrapped in columns]

    def code(self, file: str, group: str, code: str | None) -> str | None:
        """A code of a closed list in words; one that the list does not know, as filed."""
        key = f"{file}.{group}_{code}"
        return self.words(key) if code is not None and key in self.words else code

    def finding(self, one: Finding) -> tuple[Value, ...]:
        crossing = one.crossing
        return (
            one.key,
            one.rule,
            one.title,
            self.code("common", "outcome", one.outcome),
            self.code("common", "weight", one.severity),
            self.say("yes" if one.remedied else "no"),
            self.code("common", "respondent", one.respondent),
            one.contestant_id,
            one.subject,
            one.measured,
            one.limit,
            one.excess,
            len(one.lines),
            " ".join(line.place.shown for line in one.lines) or None,
            crossing.place.shown if crossing else None,
            crossing.date if crossing else None,
            one.message,
            "; ".join(f"{law.text} ({self.code('common', 'confidence', law.confidence)})" for law in one.law),
            one.action,
        )

    def line(self, one: Finding, line: Line) -> tuple[Value, ...]:
        place = line.place
        first = one.crossing is not None and place == one.crossing.place
        return (
            one.key,
            one.rule,
            one.contestant_id,
            place.table,
            place.file,
            place.sheet,
            place.row,
            line.date,
            self.code("report", "kind", line.kind),
            line.name,
            line.identifier,
            line.document,
            line.amount,
            line.effect,
            line.running,
            self.say("first_over") if first else None,
            line.instead.place.shown if line.instead else None,
            facts_of(line, self.words, str) or None,
        )

    def coverage(self, one: Coverage) -> tuple[Value, ...]:
        found = (f for f in self.audit.findings if f.rule == one.rule and f.outcome is Outcome.LEAD)
        return (
            one.rule,
            one.title,
            self.words(f"report.status_{extent(one)}"),
            one.subjects,
            one.kept,
            one.breaches,
            one.undetermined,
            len({f.contestant_id for f in found}),
            len(one.not_assessed_for),
            one.reason,
        )

    def contestants(self) -> Iterator[tuple[Value, ...]]:
        """One row for each sum of a contestant; one without sums for a contestant who has none."""
        for one in self.audit.contestants:
            contest = self.code("report", "contest", one.contest)
            who = (
                one.contestant_id,
                one.name,
                contest,
                one.district,
                one.commission,
                ", ".join(one.books),
                ", ".join((*one.superseded, *one.other_finals)),
            )
            if not one.totals:
                yield *who, None, None, None, None
            for total in one.totals:
                yield *who, total.rule, total.measured, total.limit, total.room

    def summary(self, sheet: Any) -> None:
        pairs, inputs = self.columns((("item", 26, True), ("value", 70, True))), self.columns(_INPUTS)
        for n, width in enumerate((26, 70, *(width for _, width, _ in _INPUTS[2:]))):
            sheet.set_column(n, n, width)
        at = 0
        for label, value in self.facts():
            self.sheets.row(sheet, at, pairs, (label, value))
            at += 1
        at += 1
        self.sheets.heading(sheet, at, inputs)
        for one in self.audit.inputs:
            at += 1
            self.sheets.row(sheet, at, inputs, self.input(one))
        for note in self.notes():
            at += 1
            self.sheets.row(sheet, at + 1, pairs, (self.say("note"), note))

    def facts(self) -> Iterator[tuple[str, Value]]:
        audit = self.audit
        yield self.words("report.title"), audit.rulebook.title
        yield self.say("election"), audit.election
        yield self.say("as_of"), audit.as_of
        yield self.say("rulebook_version"), audit.rulebook.version
        yield self.say("rulebook_sha256"), audit.rulebook.sha256
        yield self.say("contestants"), len(audit.contestants)
        yield self.say("rows"), audit.rows
        for outcome, key in ((Outcome.BREACH, "breaches"), (Outcome.UNDETERMINED, "undetermined"), (Outcome.LEAD, "leads")):
            yield self.say(key), audit.count(outcome)
        yield self.say("problems"), len(audit.problems)
        for name, value in audit.overrides.items():
            yield self.say("override"), f"{name} = {value}"
        yield self.say("note"), self.words("report.decides")
        yield self.say("note"), self.say("whole_ids")

    def notes(self) -> Iterator[str]:
        if self.sheets.cut:
            yield self.say("cut", n=self.sheets.cut)
        if self.sheets.replaced:
            yield self.say("replaced", n=self.sheets.replaced)

    def input(self, one: Input) -> tuple[Value, ...]:
        how = one.read_as
        return (
            one.table,
            one.file,
            one.sheet,
            one.rows,
            f"{how.encoding} {how.delimiter!r}" if how else None,
            one.sha256,
            "; ".join(self.words("report.left_out_row", row=left.row, reason=left.reason) for left in one.left_out) or None,
            "; ".join(one.notes) or None,
        )


# Key of the heading, width of the column in characters, whether long texts are broken into lines.
_FINDINGS = (
    ("key", 23, False),
    ("rule", 10, False),
    ("title", 40, True),
    ("outcome", 14, False),
    ("severity", 14, False),
    ("remedied", 10, False),
    ("respondent", 14, False),
    ("contestant_id", 14, False),
    ("subject", 18, False),
    ("measured", 18, False),
    ("limit", 18, False),
    ("excess", 18, False),
    ("row_count", 8, False),
    ("rows", 30, False),
    ("crossing", 20, False),
    ("crossing_day", 12, False),
    ("message", 80, True),
    ("law", 50, True),
    ("action", 50, True),
)
_EVIDENCE = (
    ("key", 23, False),
    ("rule", 10, False),
    ("contestant_id", 14, False),
    ("table", 12, False),
    ("file", 24, False),
    ("sheet", 14, False),
    ("row", 8, False),
    ("date", 12, False),
    ("kind", 18, False),
    ("name", 36, False),
    ("identifier", 18, False),
    ("document", 18, False),
    ("amount", 18, False),
    ("effect", 18, False),
    ("running", 18, False),
    ("mark", 16, False),
    ("instead", 24, False),
    ("facts", 60, True),
)
_COVERAGE = (
    ("rule", 10, False),
    ("title", 50, True),
    ("status", 16, False),
    ("subjects", 12, False),
    ("kept", 12, False),
    ("breaches", 12, False),
    ("undetermined", 14, False),
    ("leads", 12, False),
    ("not_assessed", 14, False),
    ("reason", 60, True),
)
_NOT_ASSESSED = (("rule", 10, False), ("title", 50, True), ("contestant_id", 14, False), ("reason", 60, True))
_PROBLEMS = (
    ("code", 10, False),
    ("file", 24, False),
    ("sheet", 14, False),
    ("row", 8, False),
    ("column", 20, False),
    ("as_filed", 30, False),
    ("problem", 80, True),
)
_CONTESTANTS = (
    ("contestant_id", 14, False),
    ("contestant", 40, False),
    ("contest", 22, False),
    ("district", 12, False),
    ("commission", 40, False),
    ("books", 24, False),
    ("superseded", 24, False),
    ("rule", 10, False),
    ("measured", 18, False),
    ("limit", 18, False),
    ("room", 18, False),
)
_INPUTS = (
    ("table", 26, False),
    ("file", 70, False),
    ("sheet", 14, False),
    ("rows", 10, False),
    ("read_as", 16, False),
    ("sha256", 68, False),
    ("left_out", 50, True),
    ("notes", 60, True),
)
