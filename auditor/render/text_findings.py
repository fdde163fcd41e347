"""The findings on a terminal: each with its rows, the running total and the row that crossed the limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from auditor.masking import masked
from auditor.model.audit import Audit
from auditor.model.finding import Finding, Line, Outcome
from auditor.model.place import Place
from auditor.render.coverage_reasons import doubts_beside
from auditor.render.excerpts import SCREEN, kept_of, whose_key
from auditor.render.row_facts import facts_of, facts_of_all, who_instead
from auditor.render.terminal import MOST_TEXT, Terminal, fit, on_screen, tail, width

MOST_PLACE = 22
_INDENT, _SIGN = " " * 8, " ◂"
_LEAST_KIND, _LEAST_NAME = 10, 16


class Findings:
    """What of an audit's findings goes on a terminal."""

    def __init__(self, audit: Audit, on: Terminal) -> None:
        self.on, self.words = on, on.words
        self.names = {one.contestant_id: one.name for one in audit.contestants}
        self.doubts = doubts_beside(audit)
        self.many_files = len({(one.file, one.sheet) for one in audit.inputs if one.table == "reports"}) > 1

    def finding(self, one: Finding) -> Iterator[str]:
        """One finding: whose, what, where it crossed the limit, its rows, and what it rests on."""
        who = " ".join(filter(None, (on_screen(one.contestant_id), on_screen(self.names.get(one.contestant_id or "")))))
        who = who or self.words(whose_key(one))
        yield from self.on.wrapped(" · ".join((who, *self._marks(one), one.key)), "  ▸ ", "    ", style="bold")
        yield from self.on.wrapped(on_screen(one.message, MOST_TEXT), "      ")
        about = on_screen(one.said.get("subject", one.subject), MOST_TEXT)
        if one.subject is not None and about not in on_screen(one.message, MOST_TEXT):
            yield from self.on.wrapped(f"{self.words('report.about')}: {about}", "      ")
        if one.crossing is not None:
            day, place = self.words.day(one.crossing.date), one.crossing.place
            at = self.on.say("crossed_at", place=self.place(place), day=day)
            over = at if self.many_files else self.on.say("crossed", row=place.row, day=day)
            if one.remedied and one.last_day_over is not None:
                over += " " + self.on.say("until", day=self.words.day(one.last_day_over))
            yield from self.on.wrapped(over, "      ")
        yield from self.rows(one)
        if (doubt := self.doubts.get((one.rule, one.contestant_id))) is not None:
            yield from self.on.wrapped(self.on.say("found_beside", reason=on_screen(doubt, MOST_TEXT)), "      ", style="yellow")
        if one.reading is not None:
            yield from self.on.wrapped(one.reading, "      ", style="dim")

    def _marks(self, one: Finding) -> Iterator[str]:
        """How much it weighs, whether it was put right, and who has to answer where that is not the contestant."""
        if one.outcome is not Outcome.LEAD:
            yield self.words(f"common.severity_{one.severity}")
        if one.remedied:
            yield self.words("common.remedied")
        if one.respondent != "contestant":
            yield f"{self.words('report.respondent')}: {self.words(f'common.respondent_{one.respondent}')}"

    def rows(self, one: Finding) -> Iterator[str]:
        """The rows of a finding as a table as wide as the terminal, or each by itself where there is nothing but places."""
        kept = kept_of(one, SCREEN)
        shown = [one.lines[n] for n in kept]
        table = [self.row(line) for line in shown]
        if not any(cell for row in table for cell in row[1:]):
            for line, row in zip(shown, table, strict=True):
                yield from self.on.wrapped("  ".join(filter(None, (row[0], facts_of(line, self.words, on_screen)))), "      ", "        ")
            return
        files = {(line.place.table, line.place.table_shown) for line in shown}
        if len(files) == 1 and self.many_files and self._widths(table) is None:
            (file,) = files
            yield from self.on.wrapped(tail(on_screen(file[1], MOST_TEXT), self.on.columns - 10), "        ", style="dim")
            table = [(self.on.say("row", row=line.place.row), *row[1:]) for line, row in zip(shown, table, strict=True)]
        elif self._look_alike(shown):
            numbers = {name: n for n, name in enumerate(dict.fromkeys(line.place.table_shown for line in shown), 1)}
            for name, n in numbers.items():
                yield from self.on.wrapped(f"[{n}] {on_screen(name, MOST_TEXT)}", "        ", "            ", style="dim")
            table = [
                (f"[{numbers[line.place.table_shown]}] {self.on.say('row', row=line.place.row)}", *row[1:])
                for line, row in zip(shown, table, strict=True)
            ]
        widths = self._widths(table)
        if common := facts_of_all(one.lines, self.words, on_screen):
            yield from self.on.wrapped(self.words("report.in_every_row", facts=common), _INDENT, style="dim")
        for n, line, row, before in zip(kept, shown, table, (-1, *kept), strict=False):
            if n > before + 1:
                yield "        " + self.on.say("rows_between", n=n - before - 1)
            sign = _SIGN if one.crossing is not None and line.place == one.crossing.place else ""
            for text in self._one_line(row, widths, sign) if widths is not None else self._two_lines(row, sign):
                yield self.on.styled(text, "red") if sign else text
            if not common and (facts := facts_of(line, self.words, on_screen)):
                yield from self.on.wrapped(facts, "          ", style="dim")
            if line.instead is not None:
                yield from self.on.wrapped(self.instead(line, line.instead), "          → ", "            ", style="dim")

    def _widths(self, table: Sequence[tuple[str, ...]]) -> list[int] | None:
        """How wide the columns are, the kind and the name as much as there is room; None where there is none for them."""
        widths = [max((width(row[n]) for row in table), default=0) for n in range(6)]
        room = self.on.columns - len(_INDENT) - len(_SIGN) - sum(widths[n] + 2 for n in (0, 1, 4, 5) if widths[n])
        if room < min(_LEAST_KIND + _LEAST_NAME, widths[2] + widths[3] + 2):
            return None
        widths[3] = min(widths[3], max(room - widths[2] - 2, _LEAST_NAME))
        widths[2] = min(widths[2], max(room - widths[3] - 2, 0))
        return widths

    def _one_line(self, row: tuple[str, ...], widths: Sequence[int], sign: str) -> Iterator[str]:
        cells = [fit(row[at], widths[at], right=at in (4, 5)) for at in range(6) if widths[at]]
        yield (_INDENT + "  ".join(cells)).rstrip() + sign

    def _two_lines(self, row: tuple[str, ...], sign: str) -> Iterator[str]:
        """The place, the day and who; below them, at the right, the amounts."""
        wide = self.on.columns - len(_SIGN)
        yield fit(_INDENT + "  ".join(filter(None, row[:4])), wide).rstrip()
        yield fit("  ".join(filter(None, row[4:])), wide, right=True) + sign

    def instead(self, missing: Line, line: Line) -> str:
        """The line that probably stands in the place of one that is missing: in the final report, or in the bank's statement."""
        where = (
            self.on.say("row", row=line.place.row) if line.place.table == "reports" else f"{on_screen(line.place.file)}:{line.place.row}"
        )
        amount = "?" if line.amount is None else self.words.money(line.amount)
        day = self.words.day(line.date) if line.date else "–"
        name = who_instead(missing, line, self.words, on_screen)
        return self.on.say(f"instead_{line.place.table}", line=f"{where}  {day}  {amount}  {name}")

    def _look_alike(self, lines: Sequence[Line]) -> bool:
        """Whether names of different files would be shown alike, for what differs in them is cut out."""
        files = {line.place.table_shown for line in lines}
        return len({self.place(replace(lines[0].place, file=file, sheet=None, row=1)) for file in files}) < len(files)

    def place(self, place: Place) -> str:
        """The file and the row, of a long name its end."""
        return tail(f"{on_screen(place.table_shown, MOST_TEXT)}:{place.row}", max(MOST_PLACE, self.on.columns * 3 // 10))

    def row(self, line: Line) -> tuple[str, ...]:
        """Place, day, kind, name, amount and running total of a line."""
        place = self.place(line.place) if self.many_files or line.place.table != "reports" else self.on.say("row", row=line.place.row)
        amount = "" if line.amount is None else self.words.money(line.effect if isinstance(line.effect, Decimal) else line.amount)
        running = "" if line.running is None else self.words.measure(line.running)
        if line.kind is None and line.date is None and line.amount is None:
            return (place, "", "", on_screen(line.name), "", "")
        name = on_screen(line.name) or masked(line.identifier) or "–"
        day = self.words.day(line.date) if line.date else "–"
        return (place, day, self.kind(line.kind), name, amount or "?", f"= {running}" if running else "")

    def kind(self, code: str | None) -> str:
        """What a line is, in words."""
        key = f"report.kind_{code}"
        return self.words(key) if key in self.words else on_screen(code) or "–"
