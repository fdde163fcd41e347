"""The verdict on a terminal: what was assumed first, then findings with their rows, what was not assessed, the verdict last."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from auditor.masking import end_of, harmless, mask_told, masked, safe, shortened
from auditor.model.audit import Audit
from auditor.model.coverage import Coverage, Status
from auditor.model.finding import Finding, Line, Outcome, Severity
from auditor.model.input import Problem
from auditor.model.place import Place
from auditor.render.excerpts import facts_of
from auditor.render.problems import some_of_each
from auditor.render.reach import unread_beside
from auditor.render.sources_read import asked_for, told
from auditor.wording import Words

MOST_ROWS = 12
MOST_PROBLEMS = 20
MOST_IDS = 12
MOST_FILES = 40
MOST_PLACE = 22
MOST_NAME = 60
MOST_TEXT = 600
_STYLE = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "green": "32"}
_ORDER = {Severity.CRITICAL: 0, Severity.MAJOR: 1, Severity.MINOR: 2}


def screen(audit: Audit, words: Words, *, width: int = 100, color: bool = False, following: str = "") -> str:
    """The whole screen. Colour never says more than the words do. `following` is the command that may be given next."""
    return "\n".join(_Screen(audit, words, max(width, 60), color=color, following=following).lines()) + "\n"


class _Screen:
    def __init__(self, audit: Audit, words: Words, width: int, *, color: bool, following: str) -> None:
        self.audit, self.words, self.width, self.color, self.following = audit, words, width, color, following
        self.names = {one.contestant_id: one.name for one in audit.contestants}
        self.unread = unread_beside(audit)
        self.many_files = len({(one.file, one.sheet) for one in audit.inputs if one.table == "reports"}) > 1

    def say(self, key: str, **values: object) -> str:
        return self.words(f"screen.{key}", **values)

    def lines(self) -> Iterator[str]:
        yield ""
        yield from self.assumed()
        yield from self.problems()
        yield from self.findings()
        yield from self.not_assessed()
        yield from self.limits()
        yield from self.verdict()

    # --- what was assumed ---

    def assumed(self) -> Iterator[str]:
        for table, sentence in told(self.audit.inputs, self.words, _plain):
            yield from self.labelled(table, sentence, "bold" if table else "")
        for name in self.audit.passed_over[:MOST_IDS]:
            yield from self.labelled("", self.say("passed_over", file=end_of(_plain(name, MOST_TEXT), MOST_NAME)))
        if (more := len(self.audit.passed_over) - MOST_IDS) > 0:
            yield from self.labelled("", self.say("and_more", n=more))
        book = self.audit.rulebook
        rules = self.say("rulebook", id=book.election, version=book.version, rules=len(self.audit.coverage), sha256=book.sha256[:12])
        yield from self.labelled(self.say("law"), rules, "bold")
        yield from self.labelled(self.say("as_of"), self.words.day(self.audit.as_of), "bold")
        if asked := asked_for(self.audit, self.words, _plain):
            yield from self.labelled(self.say("asked"), asked, "bold")
        for name, value in self.audit.overrides.items():
            yield from self.labelled("", self.say("override", name=name, value=value))
        later = [one for one in self.audit.contestants if one.superseded]
        for who in later[:MOST_IDS]:
            books, old = _plain(", ".join(who.books), MOST_TEXT), _plain(", ".join(who.superseded), MOST_TEXT)
            yield from self.labelled("", self.say("superseded", id=_plain(who.contestant_id), books=books, old=old))
        finals = [one for one in self.audit.contestants if one.other_finals]
        for who in finals[:MOST_IDS]:
            books, others = _plain(", ".join(who.books), MOST_TEXT), _plain(", ".join(who.other_finals), MOST_TEXT)
            yield from self.labelled("", self.say("other_finals", id=_plain(who.contestant_id), books=books, others=others))
        if (more := len(finals) - MOST_IDS) > 0:
            yield from self.labelled("", self.say("and_more", n=more))
        if nothing := [_plain(one.contestant_id, 40) for one in self.audit.silent_contestants]:
            rest = f" {self.say('and_more', n=len(nothing) - MOST_IDS)}" if len(nothing) > MOST_IDS else ""
            yield from self.labelled("", self.say("nothing_filed", ids=", ".join(nothing[:MOST_IDS]) + rest))

    # --- problems and findings ---

    def problems(self) -> Iterator[str]:
        if not self.audit.problems:
            return
        yield from self.heading(self.say("problems", n=len(self.audit.problems)), "yellow")
        shown = some_of_each(self.audit.problems, MOST_PROBLEMS)
        for problem in shown:
            yield from self.wrapped(self.problem(problem), "  ", "    ")
        if more := Counter(problem.code for problem in self.audit.problems) - Counter(problem.code for problem in shown):
            codes = ", ".join(f"{code}: {self.words.count(number)}" for code, number in sorted(more.items()))
            yield from self.wrapped(self.say("problems_more", n=more.total(), codes=codes), "  ")
            named = {problem.file for problem in shown}
            others = list(dict.fromkeys(problem.file for problem in self.audit.problems if problem.file not in named))
            if others:
                files = ", ".join(end_of(_plain(name, MOST_TEXT), MOST_NAME) for name in others[:MOST_FILES])
                rest = f" {self.say('and_more', n=len(others) - MOST_FILES)}" if len(others) > MOST_FILES else ""
                yield from self.wrapped(self.say("problems_in", files=files + rest), "  ")

    @staticmethod
    def problem(problem: Problem) -> str:
        message = mask_told(problem.column, problem.message, problem.file, problem.row)
        file = safe(problem.file)
        return f"{problem.code}  {_plain(safe(message).replace(file, end_of(file, MOST_NAME * 2)), MOST_TEXT)}"

    def findings(self) -> Iterator[str]:
        heaviest: dict[tuple[str, Outcome], int] = {}
        for f in self.audit.findings:
            heaviest[f.rule, f.outcome] = min(heaviest.get((f.rule, f.outcome), len(_ORDER)), _ORDER[f.severity])
        ordered = sorted(
            self.audit.findings,
            key=lambda f: (f.outcome is Outcome.LEAD, heaviest[f.rule, f.outcome], f.rule, f.outcome, _ORDER[f.severity]),
        )
        for (rule, outcome), group in groupby(ordered, key=lambda f: (f.rule, f.outcome)):
            several = list(group)
            word = self.words(f"common.outcome_{outcome}").upper()
            style = "red" if outcome is Outcome.BREACH else "yellow"
            yield from self.heading(f"{word}   {rule}   {several[0].title}   {self.say('findings_of', n=len(several))}", style)
            for finding in several:
                yield from self.finding(finding)

    def finding(self, one: Finding) -> Iterator[str]:
        who = " ".join(filter(None, (_plain(one.contestant_id), _plain(self.names.get(one.contestant_id or "")))))
        who = who or self.words("report.of_all_contestants")
        remark = f" · {self.words('common.remedied')}" if one.remedied else ""
        yield from self.wrapped(
            f"{who} · {self.words(f'common.severity_{one.severity}')}{remark} · {one.key}", "  ▸ ", "    ", style="bold"
        )
        yield from self.wrapped(_plain(one.message, MOST_TEXT), "      ")
        if one.crossing is not None:
            day, place = self.words.day(one.crossing.date), one.crossing.place
            at = self.say("crossed_at", place=self.place(place), day=day)
            over = at if self.many_files else self.say("crossed", row=place.row, day=day)
            if one.remedied and one.last_day_over is not None:
                over += " " + self.say("until", day=self.words.day(one.last_day_over))
            yield from self.wrapped(over, "      ")
        yield from self.rows(one)
        if (unread := self.unread.get((one.rule, one.contestant_id))) is not None:
            yield from self.wrapped(self.say("found_beside", reason=_plain(unread, MOST_TEXT)), "      ", style="yellow")
        if one.reading is not None:
            yield from self.wrapped(one.reading, "      ", style="dim")

    def rows(self, one: Finding) -> Iterator[str]:
        shown, hidden = _excerpt(one)
        table = [self.row(line) for line in shown]
        if not any(cell for row in table for cell in row[1:]):
            for line, row in zip(shown, table, strict=True):
                yield from self.wrapped("  ".join(filter(None, (row[0], facts_of(line, self.words, _plain)))), "      ", "        ")
            return
        widths = [max((_width(row[n]) for row in table), default=0) for n in range(6)]
        widths[2] = min(widths[2], max(self.width - 8 - sum(widths[n] for n in (0, 1, 4, 5)) - 2 * 4 - 2, 6))
        room = self.width - 8 - sum(widths[n] for n in (0, 1, 2, 4, 5)) - 2 * 5 - 2
        widths[3] = min(widths[3], max(room, 0)) if room >= 8 else 0
        before = None
        for line, row in zip(shown, table, strict=True):
            if before is not None and hidden and line is hidden[1]:
                yield "        " + self.say("rows_between", n=hidden[0])
            before = line
            cells = [_fit(row[n], widths[n], right=n in (4, 5)) for n in range(6) if widths[n]]
            sign = " ◂" if one.crossing is not None and line.place == one.crossing.place else ""
            text = ("        " + "  ".join(cells)).rstrip() + sign
            yield self.styled(text, "red") if sign else text
            if line.instead is not None:
                yield from self.wrapped(self.instead(line.instead), "          → ", "            ", style="dim")

    def instead(self, line: Line) -> str:
        """The line that probably stands in its place: in the final report, or in the bank's statement."""
        where = self.say("row", row=line.place.row) if line.place.table == "reports" else f"{_plain(line.place.file)}:{line.place.row}"
        amount = "?" if line.amount is None else self.words.money(line.amount)
        day = line.date.isoformat() if line.date else "–"
        name = _plain(line.name) or masked(line.identifier) or "–"
        return self.say(f"instead_{line.place.table}", line=f"{where}  {day}  {amount}  {name}")

    def place(self, place: Place) -> str:
        """The file and the row, of a long name its end."""
        return _tail(f"{_plain(place.table_shown, MOST_TEXT)}:{place.row}", max(MOST_PLACE, self.width * 3 // 10))

    def row(self, line: Line) -> tuple[str, ...]:
        place = self.place(line.place) if self.many_files or line.place.table != "reports" else self.say("row", row=line.place.row)
        amount = "" if line.amount is None else self.words.money(line.effect if isinstance(line.effect, Decimal) else line.amount)
        running = "" if line.running is None else self.words.measure(line.running)
        if line.kind is None and line.date is None and line.amount is None:
            return (place, "", "", _plain(line.name), "", "")
        name = _plain(line.name) or masked(line.identifier) or "–"
        day = line.date.isoformat() if line.date else "–"
        return (place, day, self.kind(line.kind), name, amount or "?", f"= {running}" if running else "")

    def kind(self, code: str | None) -> str:
        """What a line is, in words."""
        key = f"report.kind_{code}"
        return self.words(key) if key in self.words else _plain(code) or "–"

    # --- what was not assessed ---

    def not_assessed(self) -> Iterator[str]:
        whole = [one for one in self.audit.coverage if one.status is Status.NOT_ASSESSED]
        partly = [one for one in self.audit.coverage if one.silent_about]
        yield from self.left_out()
        if not whole and not partly:
            yield from self.heading(self.say("all_assessed", n=len(self.audit.coverage)), "green")
            return
        yield from self.heading(self.say("not_assessed", n=len(whole) + len(partly)), "yellow")
        for reason, rules in _by_reason(whole):
            yield from self.wrapped(f"{', '.join(rules)}: {reason}", "  ", "    ")
        for one in partly:
            for reason, ids in _people(one):
                named = ", ".join(_plain(cid, 40) for cid in ids[:MOST_IDS]) + (
                    f" {self.say('and_more', n=len(ids) - MOST_IDS)}" if len(ids) > MOST_IDS else ""
                )
                yield from self.wrapped(
                    self.say("not_for", rule=one.rule, n=len(ids), reason=_plain(reason, MOST_TEXT), ids=named), "  ", "    "
                )

    def left_out(self) -> Iterator[str]:
        """What could not be read, and which rules say nothing of it."""
        rules: dict[tuple[str, str], list[str]] = {}
        for one in self.audit.coverage:
            for who in one.unread_for:
                rules.setdefault(who, []).append(one.rule)
        if rules:
            yield from self.heading(self.say("unread", n=len({cid for cid, _ in rules})), "yellow")
        for (cid, reason), codes in list(rules.items())[:MOST_IDS]:
            told = {"id": _plain(cid, 40), "reason": _plain(reason, MOST_TEXT), "rules": ", ".join(codes)}
            yield from self.wrapped(self.say("unread_by", **told), "  ", "    ")
        if len(rules) > MOST_IDS:
            yield "  " + self.say("and_more", n=len(rules) - MOST_IDS)

    def limits(self) -> Iterator[str]:
        """Spending against its limit, the contestants nearest to it first."""
        spending = [(one, total) for one in self.audit.contestants for total in one.totals if total.of == "spending" and total.limit]
        if not spending:
            return
        spending.sort(key=lambda pair: (-(pair[1].measured / pair[1].limit), pair[0].contestant_id))
        yield from self.heading(self.say("spending"), "bold")
        wide = max(_width(self.words.money(total.measured)) for _, total in spending[:15])
        label = min(max(_width(_plain(one.contestant_id)) for one, _ in spending[:15]), 24)
        open_ = {(one.contestant_id, one.rule) for one in self.audit.findings if one.outcome is Outcome.UNDETERMINED}
        for one, total in spending[:15]:
            share = total.measured * 100 / total.limit
            filled = min(int(share / 5), 20)
            bar = "█" * filled + "░" * (20 - filled) + ("▌" if share > 100 else " ")
            money = _fit(self.words.money(total.measured), wide, right=True)
            doubt = f"  {self.words('common.outcome_undetermined')}" if (one.contestant_id, total.rule) in open_ else ""
            shown = f"  {_fit(_plain(one.contestant_id), label)}  {money}  {_fit(self.words.percent(share), 8, right=True)}  {bar}{doubt}"
            yield shown.rstrip()
        if len(spending) > 15:
            yield "  " + self.say("and_more", n=len(spending) - 15)

    # --- the verdict ---

    def verdict(self) -> Iterator[str]:
        audit, coverage = self.audit, self.audit.coverage
        found = {finding.rule for finding in audit.findings}
        assessed = [one for one in coverage if one.is_whole and one.kept == one.subjects and one.rule not in found]
        kept = sum(1 for one in assessed if one.subjects)
        idle = len(assessed) - kept
        silent = sum(1 for one in coverage if one.status is Status.NOT_ASSESSED)
        partly = sum(1 for one in coverage if one.status is Status.ASSESSED and not one.is_whole)
        yield from self.heading(
            " · ".join(
                (
                    self.say("breaches", n=audit.count(Outcome.BREACH)),
                    self.say("undetermined", n=audit.count(Outcome.UNDETERMINED)),
                    self.say("leads", n=audit.count(Outcome.LEAD)),
                    self.say("problem_count", n=len(audit.problems)),
                    self.say("rules_kept", n=kept),
                    *((self.say("rules_of_nobody", n=idle),) if idle else ()),
                    self.say("rules_silent", n=silent),
                    *((self.say("rules_partly", n=partly),) if partly else ()),
                )
            ),
            "bold",
        )
        if not audit.findings and not audit.problems:
            whole = "asked" if audit.asked.is_part else "whole"
            yield from self.wrapped(self.say(f"nothing_found_{whole if not silent and not partly else 'partly'}"), "  ")
        yield from self.wrapped(self.say("commission_decides"), "  ")
        if self.following:
            # Never broken, however long, so that it can be copied.
            yield "  " + self.say("next", command=harmless(self.following))

    # --- shape ---

    def heading(self, text: str, style: str) -> Iterator[str]:
        yield ""
        yield from self.wrapped(text, "", "  ", style=style)

    def labelled(self, label: str, text: str, style: str = "") -> Iterator[str]:
        yield from self.wrapped(text, f"  {_fit(label, 12)} ", " " * 15, head=style)

    def wrapped(self, text: str, first: str, rest: str | None = None, style: str = "", head: str = "") -> Iterator[str]:
        lines = textwrap.wrap(
            harmless(text), self.width, initial_indent=first, subsequent_indent=rest if rest is not None else first, break_on_hyphens=False
        ) or [first.rstrip()]
        for line in lines:
            yield self.styled(line, style) if style else line

    def styled(self, text: str, style: str) -> str:
        return f"\033[{_STYLE[style]}m{text}\033[0m" if self.color else text


def _excerpt(one: Finding) -> tuple[list[Line], tuple[int, Line] | None]:
    """The rows to show: all of a few; of many the first, those around the crossing, and the last. Which gap, and how wide."""
    lines = list(one.lines)
    if len(lines) <= MOST_ROWS:
        return lines, None
    at = next((n for n, line in enumerate(lines) if one.crossing is not None and line.place == one.crossing.place), len(lines) - 1)
    tail = list(range(max(at - 3, 3), min(at + 4, len(lines))))
    kept = sorted({0, 1, 2, *tail})
    gap = next((n for n in kept if n > 2), len(lines) - 1)
    hidden = len(lines) - len(kept)
    return [lines[n] for n in kept], (hidden, lines[gap])


def _by_reason(coverage: Sequence[Coverage]) -> list[tuple[str, list[str]]]:
    reasons: dict[str, list[str]] = {}
    for one in coverage:
        reasons.setdefault(one.reason or "", []).append(one.rule)
    return list(reasons.items())


def _people(one: Coverage) -> list[tuple[str, list[str]]]:
    reasons: dict[str, list[str]] = {}
    for cid, reason in one.silent_about:
        reasons.setdefault(reason, []).append(cid)
    return list(reasons.items())


# White space but the narrow no-break space, which holds the digits of an amount together.
_SPACES = re.compile(r"[^\S\u202f]+")


def _plain(text: str | None, limit: int = MOST_NAME) -> str:
    """A text from a filing as it may stand on a screen: inert, without an IIN, on one line and not longer than what is said of it."""
    looked_at = (text or "")[: limit * 20].rstrip("0123456789") if len(text or "") > limit * 20 else text or ""
    return shortened(_SPACES.sub(" ", safe(looked_at)).strip(), limit)


def _tail(text: str, width: int) -> str:
    """The file's own name and its row where the whole path is too long; of that the beginning, which tells whose it is, and the end."""
    own = text if _width(text) <= width else text.rsplit("/", 1)[-1]
    first = width * 2 // 5
    return own if _width(own) <= width else f"{own[:first]}…{own[-(width - first - 1) :]}"


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _fit(text: str, width: int, *, right: bool = False) -> str:
    if _width(text) > width:
        kept = text[: max(width - 1, 0)]
        while _width(kept) > width - 1 and kept:
            kept = kept[:-1]
        text = kept + "…" if width else ""
    space = " " * (width - _width(text))
    return space + text if right else text + space
