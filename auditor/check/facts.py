"""Whom a rule is about, and what of the filing it needs: who can be judged, and who cannot and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from auditor.model.unread import NotRead, UnreadCell
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.rulebook.needs import Need
from auditor.rulebook.parts import GIVER
from auditor.wording import Say


@dataclass(frozen=True)
class Facts:
    """Who the contestants are, what is known of them, and what the tables have. Mappings are by contestant where nothing else is said."""

    contest_of: Mapping[str, str | None]
    """The contestants who are audited, in order, with their contest."""
    contests: Mapping[str, str | None]
    """The contest of everybody, those outside the audit too."""
    register: Mapping[str, Mapping[str, Any]]
    """What `contestants` says of everybody."""
    present: Mapping[str, frozenset[str]]
    """The columns that are there, by table."""
    columns: Mapping[int, frozenset[str]]
    """The columns that each file of `reports` has, by its number."""
    files_of_books: Mapping[str, frozenset[int]]
    """The numbers of the files with lines that count."""
    with_final: frozenset[str]
    """The contestants with a final report, superseded or not."""
    without_report: Set[str]
    """The contestants of whom no report is here."""
    perhaps_final: Set[str]
    """The contestants without a final report of whom one may be there that could not be read."""
    counted_twice: Mapping[str, str]
    """By contestant a file whose lines, or most of them, stand in another file too."""
    perhaps_superseded: Mapping[str, tuple[str, str]]
    """A report that counts and one that does not, where it may be the other way round."""
    empty_books: Mapping[str, str]
    """The reports that count, should have lines here and have none."""
    not_read: NotRead
    told: Callable[[str, str], str]
    """How a column of a table is called in the language of the audit."""

    def fact(self, contestant_id: str, name: str) -> Any:
        """What the register says; None where it says nothing."""
        return self.register.get(contestant_id, {}).get(name)

    def lacks(self, rule: Rule) -> tuple[Need | str, ...]:
        """What the rule needs and nothing has: a table of which nothing came (of several of which one is enough, the first), or columns
        that no table of theirs has."""
        lacking: list[Need | str] = []
        for need in rule.needed:
            tables = [table for table, _ in need.options]
            if not any(table in self.present for table in tables):
                lacking.append(tables[0])
            elif not any(column in self.present.get(table, ()) for table, column in need.options):
                lacking.append(need)
        return tuple(dict.fromkeys(lacking))

    def missing(self, rule: Rule, say: Say) -> str | None:
        """Why the rule cannot be applied at all, in words; None where it can."""
        missing: list[str] = []
        named: set[str] = set()
        for one in self.lacks(rule):
            if isinstance(one, str):
                missing.append(say("check.needs_table", table=one))
                continue
            # The table is named where it is not plain: of several, or where another table lacks a column of that name too.
            plain = len({table for table, _ in one.options}) == 1 and one.options[0][1] not in named
            named |= {column for _, column in one.options}
            missing.append(say("check.needs_columns", names=one.names(say, self.told if plain else "{}.{}".format)))
        return "; ".join(missing) or None

    def not_assessed_for(self, rule: Rule, say: Say) -> dict[str, str]:
        """The contestants of whom this rule can say nothing, each with the reason."""
        reasons: dict[str, str] = {}
        for cid, contest in self.contest_of.items():
            if rule.applies_to is not None and contest is None:
                reasons[cid] = say("check.contest_unknown")
                continue
            if rule.applies_to is not None and contest != rule.applies_to:
                continue
            for need in rule.needed:
                reason = self._without(cid, need, say)
                if reason is not None:
                    reasons[cid] = reason
                    break
        if rule.status is not None:
            reasons = {cid: why for cid, why in reasons.items() if self.fact(cid, "status") in (None, rule.status)}
        return reasons

    def not_seen(self, rule: Rule, say: Say) -> dict[str, str]:
        """Why this rule may have missed something, by contestant: one of the files with their books lacks a column that it needs, or a
        report that counts has no lines here. What it finds is told all the same; that it finds nothing does not mean that it is kept."""
        partly: dict[str, str] = {}
        for need in rule.needed:
            without, why = self._files_without(need), say("check.column_not_in_all", names=need.names(say, self.told))
            partly = {cid: why for cid, files in self.files_of_books.items() if files & without} | partly
        if rule.check.beside_books:
            return partly
        without_lines = {cid: say("check.books_without_lines", report=report) for cid, report in self.empty_books.items()}
        return partly | without_lines

    def unread(self, rule: Rule, others: Sequence[Rule], broken_by: Set[str], say: Say) -> dict[str, str]:
        """What this rule left out or took to be empty because it could not be read, by contestant, several reasons joined by "; ". What it
        says of such a contestant holds for the rest of the lines. Of whom no report is here, a rule about the books is kept, and nothing
        was read.

        `others` are the rules that it speaks of; `broken_by` the contestants of whom it found a breach. Where no unread line can undo that
        breach, no sum is undetermined for it; but the line is not in the sum, and that is said."""
        found: dict[str, list[str]] = {}
        for cid, reason in chain(
            self._of_reports(rule, say),
            self._of_lines(rule, broken_by, say),
            self._of_lines_of_nobody(rule, say),
            self._of_cells(rule, others, say),
            self._of_register(rule, say),
        ):
            found.setdefault(cid, []).append(reason)
        return {cid: "; ".join(reasons) for cid, reasons in found.items()}

    def _of_reports(self, rule: Rule, say: Say) -> Iterator[tuple[str, str]]:
        """Whose books may be others than those that were looked at: of reports that are not here, or of which nobody knows which counts."""
        if rule.check.beside_books:
            return
        yield from ((cid, say("check.no_report")) for cid in sorted(self.without_report))
        yield from ((cid, say("check.perhaps_final")) for cid in sorted(self.perhaps_final))
        for cid, (counts, other) in self.perhaps_superseded.items():
            yield cid, say("check.which_is_last", report=counts, other=other)
        yield from ((cid, say("check.counted_twice", file=file)) for cid, file in self.counted_twice.items())

    def _of_lines(self, rule: Rule, broken_by: Set[str], say: Say) -> Iterator[tuple[str, str]]:
        """Whose lines could not be read and are left out."""
        check = rule.check
        for cid, lines in self.not_read.lines.items() if check.skips_unread_lines else ():
            asked = [line for line in lines if line.in_books or check.of_all_reports]
            if number := sum(check.omits(line) or (cid in broken_by and check.could_be_about(line)) for line in asked):
                yield cid, say("check.lines_left_out", n=number)

    def _of_lines_of_nobody(self, rule: Rule, say: Say) -> Iterator[tuple[str, str]]:
        """Whose the lines may be of which nobody can say whose they are."""
        for cid, perhaps in self.not_read.lines_perhaps.items():
            if number := sum(times for line, times in perhaps.items() if rule.check.could_be_about(line)):
                yield cid, say("check.lines_of_nobody", n=number)

    def _of_cells(self, rule: Rule, others: Sequence[Rule], say: Say) -> Iterator[tuple[str, str]]:
        """In whose lines there is a cell that could not be read, so that the rule may pass over some, or find or group them otherwise."""
        needed = {column for need in rule.needed for table, column in need.options if table == "reports"}
        # Whose type a rule needs to know it tests, and does not ask of the other lines that it looks at.
        looked_at = rule.check.looked_at() | needed - {"counterparty_type"}
        beside = [(other.check, other.check.looked_at()) for other in others]

        @cache  # many contestants have such a cell
        def hides(cell: UnreadCell) -> bool:
            # A line that could not be read either is told of as a line by the rules that leave it out.
            left_out = cell.line is not None and rule.check.omits(cell.line)
            own = cell.column in looked_at and rule.check.hidden_by(cell)
            return not left_out and (own or any(cell.column in columns and rule.check.hidden_in(other, cell) for other, columns in beside))

        for cid, cells in self.not_read.cells.items():
            found: dict[tuple[str, bool], int] = {}
            for cell, number in cells.items():
                if hides(cell):
                    found[cell.column, cell.as_written] = found.get((cell.column, cell.as_written), 0) + number
            for (column, as_written), number in sorted(found.items()):
                key = "check.cells_as_written" if as_written else "check.cells_unread"
                yield cid, say(key, n=number, column=self.told("reports", column))

    def _of_register(self, rule: Rule, say: Say) -> Iterator[tuple[str, str]]:
        """Of whom a fact of the register that the rule goes by is filled in and could not be read."""
        asked_for = {column: need.may_be_empty for need in rule.needed for table, column in need.options if table == "contestants"}
        compared = {*rule.check.register_told(), *(("person_id",) if GIVER in rule.check.looked_at() else ())} - asked_for.keys()
        for cid, column in sorted(self.not_read.facts):
            # What has to be there and is not makes the rule silent; an account with wrong check digits is there, as written.
            decides = column in asked_for and (asked_for[column] or self.fact(cid, column) is not None)
            if decides or column in compared:
                yield cid, say("check.unread_in", column=self.told("contestants", column), table="contestants")

    def unfit_files(self, rule: Rule) -> frozenset[int]:
        """The files of `reports` that lack what the rule needs: what seems to be found in a line of theirs says nothing."""
        return frozenset().union(*(self._files_without(need) for need in rule.needed))

    def subjects(self, rule: Rule) -> list[str]:
        """The contestants that this rule is about, those of whom it can say nothing too."""
        return [
            cid
            for cid, contest in self.contest_of.items()
            if (rule.applies_to is None or contest in (None, rule.applies_to))
            and (rule.status is None or self.fact(cid, "status") in (None, rule.status))
        ]

    def _files_without(self, need: Need) -> frozenset[int]:
        """The files of `reports` that have none of these columns; none where another table may have them."""
        if any(table != "reports" for table, _ in need.options):
            return frozenset()
        return frozenset(number for number, has in self.columns.items() if not any(column in has for _, column in need.options))

    def _without(self, cid: str, need: Need, say: Say) -> str | None:
        table = need.options[0][0]
        if any(other != table for other, _ in need.options):
            return None
        if table == "reports":
            files = self.files_of_books.get(cid, frozenset())
            lacks = files and files <= self._files_without(need)
            return say("check.column_not_filed", names=need.names(say, self.told)) if lacks else None
        if table != "contestants":
            return None
        if cid not in self.register:
            return say("check.not_registered")
        if not need.may_be_empty and all(self.fact(cid, column) is None for _, column in need.options):
            unread = [column for _, column in need.options if (cid, column) in self.not_read.facts]
            if not unread:
                return say("check.fact_empty", names=need.names(say, self.told))
            return say("check.unread_in", column=", ".join(self.told(table, column) for column in unread), table=table)
        return None


def unknown_day(rulebook: Rulebook, event: str, lang: str, say: Say) -> str:
    """Why a rule cannot be applied whose day nobody has given, and the one fact that would settle it."""
    return say("check.needs_event", title=rulebook.events[event].title.in_(lang), name=event, day=rulebook.election.day)
