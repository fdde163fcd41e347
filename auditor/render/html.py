"""An audit as one HTML page, the source of the PDF. Nothing from a filing reaches it but through `Shown.text`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from auditor.masking import harmless, is_personal, mask_within, masked
from auditor.model import Audit, Confidence, Contestant, Coverage, Finding, Input, Line, Outcome, Problem, Status, Total
from auditor.render import figures
from auditor.resources import folder
from auditor.wording import Words

DRAWN = 60
PROBLEMS = 200
IDS = 12
ROWS = 40
_HEAD, _AROUND, _TAIL = 20, 5, 10
_SPENDING = "spending"
_COLUMNS = ("row", "file", "date", "name", "identifier", "document", "kind", "amount", "running")

UNKNOWN = "□"
# The letters that the shipped fonts have. PDF/A and PDF/UA forbid empty glyphs, and no other font may be fallen back on.
_NO_GLYPH = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u0148\u014a-\u017f\u0300-\u0304\u0306-\u0308\u030c\u0400-\u0479\u0480-\u049d\u04a0-\u04ff"
    "\u2000-\u200a\u2010-\u2027\u202f-\u2055\u20a0-\u20af\u20b1-\u20b5\u20b8-\u20ba\u20bc-\u20bf\u2116\u2190-\u2193\u2212"
    "\u2264\u2265\u25a0\u25a1\u25b2\u25b3\u25cb\u25cf\u2713]"
)
_SPACED_ID = re.compile(r"(?<![0-9])([0-9]{6})[ \u00a0\ufffd-]([0-9]{6})(?![0-9])")
_LONG_DIGITS = re.compile(r"[0-9](?:[^0-9]?[0-9]){5,}")
_ID_COLUMNS = frozenset({"counterparty_id", "person_id", "candidate_id", "vendor_id", "iin"})


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row of evidence, or (without cells) the gap where rows are not printed."""

    cells: Sequence[str] = ()
    over: bool = False
    crossing: bool = False
    skipped: int = 0
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The table of a finding: only columns that hold something; the file above it where all rows share one."""

    columns: Sequence[str]
    rows: Sequence[Row]
    file: str | None
    all: int
    left: int
    any_over: bool


@dataclass(frozen=True, slots=True)
class Spending:
    """A contestant's spending against its limit; `share` is None where there is no total."""

    contestant: Contestant
    total: Total | None
    share: Decimal | None
    findings: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Coverage of one rule with what the table adds to it: leads, and who could not be assessed, by reason."""

    coverage: Coverage
    status: str
    leads: int
    groups: Sequence[tuple[str, Sequence[str], int]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a template may call: texts made harmless, numbers in words of the language."""

    words: Words
    currency: str

    def text(self, value: object, limit: int = 600) -> str:
        """A text from data: no control characters, no whole IIN, at most `limit` letters."""
        plain = unicodedata.normalize("NFC", "" if value is None else str(value))
        plain = mask_within(_SPACED_ID.sub(_mask_spaced, harmless(plain)))
        plain = _NO_GLYPH.sub(UNKNOWN, plain).strip()
        return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"

    def name(self, value: object) -> str:
        """A name in a table, short enough not to break it."""
        return self.text(value, 160) or "–"

    def number(self, key: str, number: int, **values: object) -> str:
        """A sentence of the report with a counted word in its plural form."""
        return self.words(f"report.{key}", n=number, count=self.words.count(number), **values)

    def money(self, value: Decimal | int | None) -> str:
        """Money with its currency; a plain number where it counts days, lines or people."""
        said = self.words.measure(value)
        return self.words("report.money", sum=said, currency=self.currency) if isinstance(value, Decimal) else said

    def code(self, group: str, code: str | None) -> str:
        """A code of a closed list in words; one that the list does not know, as filed."""
        key = f"report.{group}_{code}"
        return self.words(key) if code and key in self.words else self.text(code, 60)

    def problem_value(self, problem: Problem) -> str:
        """The cell as filed; in a column of ids only its end, for a mistyped IIN still tells a birth date."""
        return self.text(self._guarded(problem, problem.value or ""), 160) or "–"

    def problem_message(self, problem: Problem) -> str:
        """The message, with the same ids hidden in it."""
        return self.text(self._guarded(problem, problem.message), 400)

    @staticmethod
    def _guarded(problem: Problem, text: str) -> str:
        if problem.column not in _ID_COLUMNS:
            return text
        return _LONG_DIGITS.sub(lambda found: "•" * 4 + re.sub("[^0-9]", "", found.group())[-4:], text)


def page(audit: Audit, words: Words) -> str:
    """The whole report as HTML in the language of `words`."""
    shown = Shown(words, audit.currency)
    html = (
        _templates()
        .get_template("report.html")
        .render(
            audit=audit,
            words=words,
            t=lambda key, **values: words(f"report.{key}", currency=audit.currency, **values),
            shown=shown,
            commission=_commission(audit.contestants),
            page_words=_page_words(words),
            statements=_statements(audit, shown),
            coverage_line=_coverage_line(audit, shown),
            counts={str(outcome): audit.count(outcome) for outcome in Outcome},
            assumptions=_assumptions(audit, shown),
            spending=_spending(audit, shown),
            reach=[_reach(c, audit) for c in audit.coverage],
            findings=_entries("F", [f for f in audit.findings if f.outcome is not Outcome.LEAD], audit, shown),
            leads=_entries("L", [f for f in audit.findings if f.outcome is Outcome.LEAD], audit, shown),
            reading=_reading,
            read_as=lambda each: _read_as(each, shown),
            problems=audit.problems[:PROBLEMS],
            severity=_colour,
            ids=IDS,
        )
    )
    return html.replace("<!--unknown-->", f"<li>{escape(words('report.no_glyph', sign=UNKNOWN))}</li>" if UNKNOWN in html else "")


def _entries(letter: str, findings: Sequence[Finding], audit: Audit, shown: Shown) -> list[tuple[object, ...]]:
    """Each finding with its number in the report, its contestant, evidence and effect."""
    return [
        (f"{letter}-{i:03}", finding, _contestant(audit, finding), _evidence(finding, shown), _effect(finding, audit, shown))
        for i, finding in enumerate(findings, 1)
    ]


@cache
def _templates() -> Environment:
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(folder("reports") / "templates"),
    )


def _mask_spaced(found: re.Match[str]) -> str:
    whole = found[1] + found[2]
    return masked(whole) if is_personal(whole) else found.group()


def _commission(contestants: Sequence[Contestant]) -> str | None:
    """The commission that oversees all of them, where it is one."""
    known = {contestant.commission for contestant in contestants}
    return known.pop() if len(known) == 1 else None


def _page_words(words: Words) -> Sequence[str]:
    """The words before, between and after the two page numbers: CSS puts in the numbers."""
    return re.split("<[xy]>", words("report.page", page="<x>", pages="<y>"))


def _statements(audit: Audit, shown: Shown) -> Sequence[str]:
    """What the audit says in sentences: never more than what could be assessed bears."""
    statuses = [_status(coverage) for coverage in audit.coverage]
    full = statuses.count("full")
    said = []
    breaches, undetermined = audit.count(Outcome.BREACH), audit.count(Outcome.UNDETERMINED)
    if not audit.coverage or not any(status != "none" for status in statuses):
        said.append(shown.words("report.none_assessed"))
    elif breaches:
        said.append(shown.number("breaches_found", breaches))
    elif full == len(statuses) and not undetermined and not audit.problems:
        said.append(shown.words("report.no_breach"))
    else:
        said.append(shown.words("report.no_breach_assessed"))
    if undetermined:
        said.append(shown.number("undetermined_found", undetermined))
    if audit.problems:
        said.append(shown.number("problems_found", len(audit.problems)))
    return said


def _coverage_line(audit: Audit, shown: Shown) -> str:
    """How much of the rulebook could be assessed; printed as large as the breaches."""
    statuses = [_status(coverage) for coverage in audit.coverage]
    counted = {status: shown.words.count(statuses.count(status)) for status in ("full", "part", "none")}
    return shown.words("report.coverage_found", all=shown.words.count(len(statuses)), **counted)


def _assumptions(audit: Audit, shown: Shown) -> Sequence[str]:
    """What the reader must know that no filing says: how files were read, what was left out, what was overridden."""
    said = []
    for each in audit.inputs[:8]:
        said.append(
            shown.number(
                "input_line", each.rows, file=shown.text(each.file, 80), table=shown.text(each.table, 40), how=_read_as(each, shown)
            )
        )
    if len(audit.inputs) > 8:
        said.append(shown.number("more_inputs", len(audit.inputs) - 8))
    if left := sum(len(each.left_out) for each in audit.inputs):
        said.append(shown.number("left_out_line", left))
    if superseded := sum(len(contestant.superseded) for contestant in audit.contestants):
        said.append(shown.number("superseded_line", superseded))
    if audit.overrides:
        said.append(shown.words("report.overrides_line", values=_overrides(audit, shown)))
    if assumed := sum(any(law.confidence is Confidence.ASSUMED for law in finding.law) for finding in audit.findings):
        said.append(shown.number("assumed_line", assumed))
    return said


def _overrides(audit: Audit, shown: Shown) -> str:
    return "; ".join(f"{shown.text(name, 60)} = {shown.text(value, 60)}" for name, value in audit.overrides.items())


def _read_as(each: Input, shown: Shown) -> str:
    read_as = each.read_as
    if read_as is None:
        return shown.words("report.read_typed")
    delimiter = {"\t": shown.words("report.tab")}.get(read_as.delimiter, shown.text(read_as.delimiter, 5))
    return shown.words(
        "report.read_sure" if read_as.sure else "report.read_guess", encoding=shown.text(read_as.encoding, 30), delimiter=delimiter
    )


def _spending(audit: Audit, shown: Shown) -> dict[str, object]:
    """The bars: all contestants in order, or past sixty those nearest to their limit, and the others as a list."""
    counted: dict[str | None, int] = {}
    for finding in audit.findings:
        counted[finding.contestant_id] = counted.get(finding.contestant_id, 0) + 1
    every = [_spent(contestant, counted.get(contestant.contestant_id, 0)) for contestant in audit.contestants]
    drawn = every
    if len(every) > DRAWN:
        drawn = sorted((each for each in every if each.share is not None), key=lambda each: -(each.share or 0))[:DRAWN]
    ids = {each.contestant.contestant_id for each in drawn}
    full = figures.scale(each.share for each in drawn if each.share is not None)
    return {
        "drawn": [(each, _bar(each, full, shown)) for each in drawn],
        "all": len(every),
        "listed": [each for each in every if each.contestant.contestant_id not in ids],
    }


def _spent(contestant: Contestant, findings: int) -> Spending:
    total = next((total for total in contestant.totals if total.of == _SPENDING), None)
    share = total.measured / total.limit if total and total.limit > 0 else None
    return Spending(contestant, total, share, findings)


def _bar(spending: Spending, full: Decimal, shown: Shown) -> Markup | None:
    if spending.share is None or spending.total is None:
        return None
    title = shown.words(
        "report.bar_title",
        name=shown.name(spending.contestant.name),
        measured=shown.money(spending.total.measured),
        limit=shown.money(spending.total.limit),
        percent=shown.words.percent(spending.share * 100),
    )
    return figures.bar(spending.share, full, title)


def _status(coverage: Coverage) -> str:
    if coverage.status is Status.NOT_ASSESSED:
        return "none"
    return "part" if coverage.not_assessed_for else "full"


def _reach(coverage: Coverage, audit: Audit) -> Reach:
    leads = {finding.contestant_id for finding in audit.findings if finding.rule == coverage.rule and finding.outcome is Outcome.LEAD}
    grouped: dict[str, list[str]] = {}
    for contestant_id, reason in coverage.not_assessed_for:
        grouped.setdefault(reason, []).append(contestant_id)
    return Reach(coverage, _status(coverage), len(leads), [(reason, found[:IDS], len(found)) for reason, found in grouped.items()])


def _contestant(audit: Audit, finding: Finding) -> Contestant | None:
    return next((each for each in audit.contestants if each.contestant_id == finding.contestant_id), None)


def _colour(finding: Finding) -> str:
    """The class of a finding's rule and figures; the words beside it say the same."""
    return str(finding.outcome) if finding.outcome is not Outcome.BREACH else str(finding.severity)


def _reading(text: str, label: str) -> str:
    """The reading without the label that already stands before it."""
    rest = text.removeprefix(f"{label}: ")
    return rest[:1].upper() + rest[1:]


def _evidence(finding: Finding, shown: Shown) -> Evidence | None:
    """The rows to print: all of forty, else the first, those around the crossing and the last."""
    if not finding.lines:
        return None
    lines = finding.lines
    files = {(line.place.file, line.place.sheet) for line in lines}
    # A balance, or a sum that must be reached, has no row at which it went over: nothing is tinted there.
    limit = finding.limit if finding.crossing is not None and isinstance(finding.limit, Decimal) else None
    columns = [column for column in _COLUMNS if _holds(column, lines, several=len(files) > 1)]
    rows: list[Row] = []
    before = -1
    kept = _kept(finding)
    for index in kept:
        if index > before + 1:
            rows.append(Row(skipped=index - before - 1))
        line = lines[index]
        over = limit is not None and line.running is not None and line.running > limit
        crossing = finding.crossing is not None and line.place == finding.crossing.place
        rows.append(Row([_cell(column, line, shown) for column in columns], over, crossing, instead=_instead(line.instead, shown)))
        before = index
    return Evidence(
        columns,
        rows,
        _file(*files.pop(), shown) if len(files) == 1 else None,
        len(lines),
        len(lines) - len(kept),
        any(row.over for row in rows),
    )


def _kept(finding: Finding) -> Sequence[int]:
    count = len(finding.lines)
    if count <= ROWS:
        return range(count)
    place = finding.crossing.place if finding.crossing else None
    at = next((i for i, line in enumerate(finding.lines) if line.place == place), None)
    around: Iterable[int] = () if at is None else range(max(at - _AROUND, 0), min(at + _AROUND, count))
    tail = _TAIL if at is not None else ROWS - _HEAD
    return sorted({*range(_HEAD), *around, *range(count - tail, count)})


def _holds(column: str, lines: Sequence[Line], *, several: bool) -> bool:
    if column in ("row", "file"):
        return column == "row" or several
    return any(getattr(line, column) is not None for line in lines)


def _file(file: str, sheet: str | None, shown: Shown) -> str:
    return shown.text(file, 80) + (f" · {shown.text(sheet, 40)}" if sheet else "")


def _cell(column: str, line: Line, shown: Shown) -> str:
    words = shown.words
    match column:
        case "row":
            return words.count(line.place.row)
        case "file":
            return _file(line.place.file, line.place.sheet, shown)
        case "date":
            return words.day(line.date) if line.date else "–"
        case "kind":
            return shown.code("kind", line.kind) or "–"
        case "identifier":
            return shown.text(masked(line.identifier), 40) or "–"
        case "amount":
            # A refund lowers the sum: its amount is printed as it counts.
            lowers = line.amount is not None and line.effect is not None and line.effect == -line.amount
            return words.measure(line.effect if lowers else line.amount)
        case "running":
            return words.measure(line.running)
    return shown.name(getattr(line, column))


def _instead(line: Line | None, shown: Shown) -> str | None:
    """The line that probably stands in its place: in the final report, or in the bank's statement."""
    if line is None:
        return None
    cells = [shown.text(line.place.file, 60) + f", {shown.words('report.col_row')} {line.place.row}"]
    cells += [shown.words.day(line.date) if line.date else "–", shown.money(line.amount), shown.name(line.name or masked(line.identifier))]
    return shown.words(f"report.instead_{line.place.table}", line=" · ".join(cells))


def _effect(finding: Finding, audit: Audit, shown: Shown) -> tuple[str | None, Sequence[str]]:
    """What follows: the excess as the figure, then what it is measured by and since when."""
    said: list[str] = []
    figure = None
    if finding.outcome is Outcome.UNDETERMINED:
        figure = shown.words("common.outcome_undetermined")
        said.append(shown.words("report.effect_undetermined"))
    elif finding.excess is not None and finding.excess != 0:
        figure = shown.money(finding.excess if finding.excess > 0 else -finding.excess)
        share = _share(finding)
        if share is not None and finding.excess > 0:
            figure = shown.words("report.excess_share", excess=figure, percent=shown.words.percent(share))
        figure = shown.words("report.excess_over" if finding.excess > 0 else "report.excess_short", excess=figure)
    if finding.measured is not None:
        key = "measured_limit" if finding.limit is not None else "measured_only"
        key = f"{key}_readable" if finding.outcome is Outcome.UNDETERMINED else key
        said.append(shown.words(f"report.{key}", measured=shown.money(finding.measured), limit=shown.money(finding.limit)))
    if finding.crossing:
        place = finding.crossing.place
        said.append(
            shown.words(
                "report.first_over",
                day=shown.words.day(finding.crossing.date),
                row=shown.words.count(place.row),
                file=_file(place.file, place.sheet, shown),
            )
        )
    if finding.last_day_over:
        said.append(shown.words("report.last_over", day=shown.words.day(finding.last_day_over)))
    if finding.remedied:
        said.append(shown.words("report.effect_remedied"))
    elif finding.crossing and finding.outcome is Outcome.BREACH and figure:
        said.append(shown.words("report.not_remedied", day=shown.words.day(audit.as_of)))
    return figure, said


def _share(finding: Finding) -> Decimal | None:
    if not isinstance(finding.limit, Decimal) or not isinstance(finding.excess, Decimal) or finding.limit <= 0:
        return None
    return finding.excess / finding.limit * 100
