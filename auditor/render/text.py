"""The verdict on a terminal: what was assumed first, then findings with their rows, what was not assessed, the verdict last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from auditor.masking import end_of, harmless, told_safely
from auditor.model import problem_codes
from auditor.model.audit import Audit
from auditor.model.coverage import Status
from auditor.model.finding import Outcome
from auditor.model.input import Problem
from auditor.render.problems import some_of_each
from auditor.render.sources_read import asked_for, told
from auditor.render.terminal import MOST_IDS, MOST_NAME, MOST_TEXT, Terminal, fit, on_screen, unbroken, width
from auditor.render.text_coverage import not_assessed
from auditor.render.text_findings import Findings
from auditor.tables import TABLES
from auditor.wording import Words

MOST_PROBLEMS = 20
MOST_FILES = 40
_NARROWEST = 60
_MOST_LIMITS = 15


def screen(audit: Audit, words: Words, *, width: int = 100, color: bool = False, following: str = "") -> str:
    """The whole screen. Colour never says more than the words do. `following` is the command that may be given next."""
    return "\n".join(_Screen(audit, Terminal(words, max(width, _NARROWEST), color=color), following).lines()) + "\n"


class _Screen:
    def __init__(self, audit: Audit, on: Terminal, following: str) -> None:
        self.audit, self.on, self.words, self.following = audit, on, on.words, following

    def lines(self) -> Iterator[str]:
        yield ""
        yield from self.assumed()
        yield from self.problems()
        yield from self.findings()
        yield from not_assessed(self.audit.coverage, self._absent(), self.on)
        yield from self.limits()
        yield from self.verdict()

    # --- what was assumed ---

    def assumed(self) -> Iterator[str]:
        for table, sentence in told(self.audit.inputs, self.words, on_screen):
            yield from self.on.labelled(table, sentence)
        if several := self.audit.passed_over:
            names = " · ".join(end_of(on_screen(name, MOST_TEXT), MOST_NAME) for name in several[:MOST_IDS])
            rest = " " + self.on.say("and_more", n=len(several) - MOST_IDS) if len(several) > MOST_IDS else ""
            yield from self.on.labelled("", self.on.say("passed_over", n=len(several), files=names + rest))
        book = self.audit.rulebook
        rules = self.on.say("rulebook", id=book.election, version=book.version, rules=len(self.audit.coverage), sha256=book.sha256[:12])
        yield from self.on.labelled(self.on.say("law"), rules)
        yield from self.on.labelled(self.on.say("as_of"), self.words.day(self.audit.as_of))
        if asked := asked_for(self.audit, self.words, on_screen):
            yield from self.on.labelled(self.on.say("asked"), asked)
        for name, value in self.audit.overrides.items():
            yield from self.on.labelled("", self.on.say("override", name=name, value=value))
        later = [one for one in self.audit.contestants if one.superseded]
        for who in later[:MOST_IDS]:
            books, old = on_screen(", ".join(who.books), MOST_TEXT), on_screen(", ".join(who.superseded), MOST_TEXT)
            yield from self.on.labelled("", self.on.say("superseded", id=on_screen(who.contestant_id), books=books, old=old))
        finals = [one for one in self.audit.contestants if one.other_finals]
        for who in finals[:MOST_IDS]:
            books, others = on_screen(", ".join(who.books), MOST_TEXT), on_screen(", ".join(who.other_finals), MOST_TEXT)
            yield from self.on.labelled("", self.on.say("other_finals", id=on_screen(who.contestant_id), books=books, others=others))
        if (more := len(finals) - MOST_IDS) > 0:
            yield from self.on.labelled("", self.on.say("and_more", n=more))
        if nothing := [on_screen(one.contestant_id, 40) for one in self.audit.silent_contestants]:
            rest = f" {self.on.say('and_more', n=len(nothing) - MOST_IDS)}" if len(nothing) > MOST_IDS else ""
            yield from self.on.labelled("", self.on.say("nothing_filed", ids=", ".join(nothing[:MOST_IDS]) + rest))

    def _absent(self) -> list[str]:
        # One that came and lacks a column counts as missing too, and its file is not to be given again.
        lacking = any(one.code == problem_codes.WRONG_TABLE for one in self.audit.problems)
        return [] if lacking else [table for table in TABLES if all(one.table != table for one in self.audit.inputs)]

    # --- problems and findings ---

    def problems(self) -> Iterator[str]:
        if not self.audit.problems:
            return
        yield from self.on.heading(self.on.say("problems", n=len(self.audit.problems)), "yellow")
        shown = some_of_each(self.audit.problems, MOST_PROBLEMS)
        for problem in shown:
            yield from self.on.wrapped(self.problem(problem), "  ", "    ")
        if more := Counter(problem.code for problem in self.audit.problems) - Counter(problem.code for problem in shown):
            codes = ", ".join(f"{code}: {self.words.count(number)}" for code, number in sorted(more.items()))
            yield from self.on.wrapped(self.on.say("problems_more", n=more.total(), codes=codes), "  ")
            named = {problem.file for problem in shown}
            others = list(dict.fromkeys(problem.file for problem in self.audit.problems if problem.file not in named))
            if others:
                files = ", ".join(end_of(on_screen(name, MOST_TEXT), MOST_NAME) for name in others[:MOST_FILES])
                rest = f" {self.on.say('and_more', n=len(others) - MOST_FILES)}" if len(others) > MOST_FILES else ""
                yield from self.on.wrapped(self.on.say("problems_in", files=files + rest), "  ")

    @staticmethod
    def problem(problem: Problem) -> str:
        message = told_safely(problem.column, problem.message, problem.file, problem.row, MOST_NAME * 2)
        return f"{problem.code}  {on_screen(message, MOST_TEXT)}"

    def findings(self) -> Iterator[str]:
        heaviest: dict[tuple[str, Outcome], int] = {}
        for f in self.audit.findings:
            heaviest[f.rule, f.outcome] = max(heaviest.get((f.rule, f.outcome), 0), f.severity.weight)
        ordered = sorted(
            self.audit.findings,
            key=lambda f: (f.outcome is Outcome.LEAD, -heaviest[f.rule, f.outcome], f.rule, f.outcome, -f.severity.weight),
        )
        shown = Findings(self.audit, self.on)
        for (rule, outcome), group in groupby(ordered, key=lambda f: (f.rule, f.outcome)):
            several = list(group)
            word = self.words(f"common.outcome_{outcome}").upper()
            style = "red" if outcome is Outcome.BREACH else "yellow"
            many = unbroken(self.on.say("findings_of", n=len(several)))
            yield from self.on.heading(f"{word}   {rule}   {several[0].title}   {many}", style)
            for finding in several:
                yield from shown.finding(finding)

    # --- spending ---

    def limits(self) -> Iterator[str]:
        """Spending against its limit, the contestants nearest to it first."""
        filed = [one for one in self.audit.contestants if not one.is_silent]
        spending = [(one, total) for one in filed for total in one.totals if total.of == "spending" and total.limit]
        if not spending:
            return
        spending.sort(key=lambda pair: (-(pair[1].measured / pair[1].limit), pair[0].contestant_id))
        yield from self.on.heading(self.on.say("spending"), "bold")
        wide = max(width(self.words.money(total.measured)) for _, total in spending[:_MOST_LIMITS])
        label = min(max(width(on_screen(one.contestant_id)) for one, _ in spending[:_MOST_LIMITS]), 24)
        open_ = {(one.contestant_id, one.rule) for one in self.audit.findings if one.outcome is Outcome.UNDETERMINED}
        for one, total in spending[:_MOST_LIMITS]:
            share = total.measured * 100 / total.limit
            filled = min(int(share / 5), 20)
            bar = "█" * filled + "░" * (20 - filled) + ("▌" if share > 100 else " ")
            money = fit(self.words.money(total.measured), wide, right=True)
            doubt = f"  {self.words('common.outcome_undetermined')}" if (one.contestant_id, total.rule) in open_ else ""
            shown = f"  {fit(on_screen(one.contestant_id), label)}  {money}  {fit(self.words.percent(share), 8, right=True)}  {bar}{doubt}"
            yield shown.rstrip()
        if len(spending) > _MOST_LIMITS:
            yield "  " + self.on.say("and_more", n=len(spending) - _MOST_LIMITS)

    # --- the verdict ---

    def verdict(self) -> Iterator[str]:
        audit, coverage = self.audit, self.audit.coverage
        found = {finding.rule for finding in audit.findings}
        assessed = [one for one in coverage if one.is_whole and one.kept == one.subjects and one.rule not in found]
        kept = sum(1 for one in assessed if one.subjects)
        idle = len(assessed) - kept
        silent = sum(1 for one in coverage if one.status is Status.NOT_ASSESSED)
        # As they are listed above: of whom something could not be assessed, and then those that only left out what could not be read.
        partly = sum(1 for one in coverage if one.silent_about)
        unread = sum(1 for one in coverage if one.unread_for and not one.silent_about)
        counts = (
            self.on.say("breaches", n=audit.count(Outcome.BREACH)),
            self.on.say("undetermined", n=audit.count(Outcome.UNDETERMINED)),
            self.on.say("leads", n=audit.count(Outcome.LEAD)),
            self.on.say("problem_count", n=len(audit.problems)),
            self.on.say("rules_kept", n=kept),
            *((self.on.say("rules_of_nobody", n=idle),) if idle else ()),
            self.on.say("rules_silent", n=silent),
            *((self.on.say("rules_partly", n=partly),) if partly else ()),
            *((self.on.say("rules_unread", n=unread),) if unread else ()),
        )
        yield from self.on.heading(" · ".join(map(unbroken, counts)), "bold")
        if not audit.findings and not audit.problems:
            whole = "asked" if audit.asked.is_part else "whole"
            yield from self.on.wrapped(
                self.on.say(f"nothing_found_{whole if not silent and not partly and not unread else 'partly'}"), "  "
            )
        yield from self.on.wrapped(self.on.say("commission_decides"), "  ")
        if self.following:
            # Never broken, however long, so that it can be copied.
            yield "  " + self.on.say("next", command=harmless(self.following))
