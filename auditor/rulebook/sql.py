"""The closed parts that statements are put together from: columns of the contract, quoted literals, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from auditor.rulebook.kinds_of_sums import Limit, Measured
from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import Rule
from auditor.rulebook.narrow import Found, Narrow, Over
from auditor.rulebook.parts import Condition, Kind, Lines, Reference, facts_of
from auditor.tables import DOCUMENT, Cell, columns

_DOCUMENT = f"COALESCE({', '.join(f'b.{name}' for name in DOCUMENT)}) AS document"
PLACE = f"b.file, b.row, b.date, b.kind, b.amount, b.counterparty_name, b.counterparty_id, {_DOCUMENT}"
NO_EFFECT = "CAST(NULL AS DECIMAL(38, 2))"
NOTHING = "CAST(NULL AS INT)"
OF_REGISTER = "register_"
REGISTER = " LEFT JOIN contestants AS c ON b.contestant_id = c.contestant_id"


def letters(table: str, column: str) -> str:
    """A column whose letters are looked at. A code of the books may be a category, which has none until it is text."""
    cell = f"{table}.{column}"
    known = columns("reports") if table == "b" else {}
    return f"CAST({cell} AS VARCHAR)" if column in known and known[column].cell is Cell.CODE else cell


class UnknownDay(Exception):
    """The rule needs a day of the calendar that nobody has given."""

    def __init__(self, event: str) -> None:
        super().__init__(event)
        self.event = event


@dataclass(frozen=True, slots=True)
class Query:
    """A statement to run, and the lines of the books that it cannot do without; all of them where nothing is said. `behind` is given for
    the lines behind what was found: of those lines only the ones of whom it was found."""

    sql: str
    narrow: Narrow | None = None
    behind: Found | None = None


@dataclass(frozen=True, slots=True)
class RuleSql:
    """The SQL of one rule: `lines` (a WITH clause), `sums` over them, and how a line belongs to a finding.

    `until_day`: the rows behind a finding end with the day found, as those of a running balance do. `of_donors`: the subject of a line is
    its donor's key. `narrow`: the lines of the books that it cannot do without."""

    lines: str
    sums: str
    until_day: bool = False
    of_donors: bool = False
    narrow: Narrow | None = None

    @property
    def query(self) -> Query:
        """The whole statement, to be run."""
        return Query(self.sql, self.narrow)

    @property
    def sql(self) -> str:
        """The whole statement: one row for each sum that the rule has to judge."""
        return f"WITH lines AS (\n{self.lines}\n)\n{self.sums}" if self.lines else self.sums

    @property
    def script(self) -> str:
        """The statement and, where it is about lines, the one for the rows behind what was found; to be run by hand."""
        if not self.lines:
            return f"{self.sql};"
        return f"{self.sql};\n\n-- The rows behind what was found (found: contestant_id, subject, variant, day):\n{self.evidence('found')};"

    def evidence_of(self, found: str) -> Query:
        """The statement for the lines behind what was found, to be run."""
        column, key = ("donor", "subject") if self.of_donors else ("contestant_id", "contestant_id")
        return Query(self.evidence(found), self.narrow, Found(found, column, key))

    def evidence(self, found: str) -> str:
        """The lines behind what was found; `found` is a table of contestant_id, subject and variant, and of day with `until_day`."""
        # Not a condition of the join: Polars would hold each line against everything found.
        until = "\nWHERE l.date <= f.day" if self.until_day else ""
        return (
            f"WITH lines AS (\n{self.lines}\n)\nSELECT l.* FROM lines AS l JOIN {found} AS f\n"
            f"  ON l.contestant_id = f.contestant_id AND l.subject = f.subject AND l.variant = f.variant{until}"
        )


def caps(amounts: Sequence[Decimal]) -> str:
    """The limit of a variant, where several rules are put into one statement."""
    return f"CASE variant {' '.join(f'WHEN {variant} THEN {literal(amount)}' for variant, amount in enumerate(amounts))} END"


class Parts:
    """The parts of one rule's statement, or of that of another rule (`judged`) which goes by this one's limit."""

    def __init__(self, rulebook: Rulebook, rule: Rule, judged: Rule | None = None) -> None:
        self.book, self.rule, self.judged = rulebook, rule, judged or rule

    def over(self, checks: Sequence[Limit]) -> Over | None:
        """The lines without which nobody is over any of these limits in money; None where one of them counts lines."""
        values = [self.book.value(check.limit) for check in checks if check.measure == "amount"]
        limits = [value for value in values if isinstance(value, Decimal)]
        kinds_added = tuple(dict.fromkeys(kind for check in checks for side in check.adds for kind in side.kinds))
        return Over(kinds_added, min(limits)) if limits and len(limits) == len(checks) else None

    def select(
        self,
        check: Kind,
        variant: int,
        effect: str,
        first: str,
        second: str,
        where: str,
        *,
        names: tuple[str, str] = ("could_raise", "could_lower"),
        more: str = "",
        subject: str | None = None,
    ) -> str:
        """The lines that `check` (the rule's own, or that of a rule which it names) looks at, with their effect on its sum and two marks of
        their own."""
        per = check.per if isinstance(check, Measured) else "contestant"
        known = ["b.donor IS NOT NULL"] if per == "donor" and self.rule.check.of_known_donors else []
        where_all = "\n  AND ".join([*known, *self.whom(), f"({where})"])
        told = self.told()
        subject = subject or ("COALESCE(b.donor, '')" if per == "donor" else "''")
        return (
            f"SELECT b.contestant_id, {subject} AS subject, {variant} AS variant, {PLACE},\n"
            f"  {effect} AS effect,\n  {first} AS {names[0]},\n  {second} AS {names[1]}{more}{told}\n"
            f"FROM books AS b{REGISTER if self.needs_register(check) else ''}\nWHERE {where_all}"
        )

    def whom(self) -> list[str]:
        """The tests of whom the rule is about: of contest and status, also those of the rule that goes by its limit."""
        rules = (self.rule,) if self.judged is self.rule else (self.rule, self.judged)
        status = [f"c.status = {literal(rule.status)}" for rule in rules if rule.status is not None]
        contest = [f"b.contest = {literal(rule.applies_to)}" for rule in rules if rule.applies_to is not None]
        return list(dict.fromkeys((*status, *contest)))

    def needs_register(self, check: Kind) -> bool:
        """Whether the lines of the check are told by a fact of the contestant, or the rule tells one beside them."""
        held = facts_of(condition for _, _, lines in check.sides() for condition in lines.where)
        by_status = self.rule.status is not None or self.judged.status is not None
        return by_status or bool(held) or bool(self.judged.check.register_told())

    def told(self) -> str:
        """The cells, and the facts of the register, that are told beside each row of evidence."""
        check = self.judged.check
        cells = [f"b.{column}" for column in check.cells_told()]
        cells += [f"c.{column} AS {OF_REGISTER}{column}" for column in check.register_told()]
        return "".join(f", {cell}" for cell in cells)

    def any(self, sides: Iterable[Lines], doubtful: tuple[str, ...] = ()) -> str:
        """Whether a line is of any of these; what a `doubtful` column does not say could be anything."""
        tests = [
            f"{kinds(lines.kinds)} AND {self.all(lines.where, doubtful=doubtful)}" if lines.where else kinds(lines.kinds) for lines in sides
        ]
        return f"({' OR '.join(tests)})" if tests else "FALSE"

    def all(self, conditions: Iterable[Condition], table: str = "b", doubtful: tuple[str, ...] = ()) -> str:
        """Whether all conditions are met."""
        tests = [self._condition(condition, table, doubtful) for condition in conditions]
        return f"({' AND '.join(tests)})" if tests else "TRUE"

    def _condition(self, condition: Condition, table: str, doubtful: tuple[str, ...], *, negated: bool = False) -> str:
        if condition.any_ is not None or condition.all_ is not None:
            inside = [self._condition(c, table, doubtful, negated=negated) for c in condition.any_ or condition.all_ or ()]
            return f"({(' OR ' if condition.any_ is not None else ' AND ').join(inside)})"
        if condition.not_ is not None:
            return f"NOT COALESCE({self._condition(condition.not_, table, doubtful, negated=not negated)}, FALSE)"
        cell = f"{table}.{condition.column}"
        if condition.part is not None and condition.column is not None:
            start, length = condition.part.split(":")
            cell = f"SUBSTR({letters(table, condition.column)}, {start}, {length})"
        test = self._test(cell, condition)
        # Where the cell is empty, the line could meet the whole condition: nobody can say that it does not.
        return f"COALESCE({test}, {'FALSE' if negated else 'TRUE'})" if condition.column in doubtful else test

    def _test(self, cell: str, condition: Condition) -> str:
        if condition.empty is not None:
            return f"{cell} IS {'' if condition.empty else 'NOT '}NULL"
        if condition.in_ is not None:
            return f"{cell} IN ({', '.join(literal(word) for word in condition.in_)})"
        for operator, value in (
            ("=", condition.is_),
            ("<>", condition.is_not),
            ("<", condition.before),
            (">", condition.after),
            ("<", condition.under),
            (">=", condition.at_least),
        ):
            if value is not None:
                return f"{cell} {operator} {self._value(value)}"
        raise AssertionError("a condition has a test")  # the model refuses any other

    def _value(self, value: str | Reference) -> str:
        if isinstance(value, str):
            return literal(value)
        if value.parameter is not None:
            return literal(self.book.value(value.parameter))
        if value.event is not None:
            day = self.book.day(value.event)
            if day is None:
                raise UnknownDay(value.event)
            return literal(day)
        return f"c.{value.fact}"


def kinds(words: tuple[str, ...]) -> str:
    """Whether a line is of one of these kinds."""
    return f"b.kind = {literal(words[0])}" if len(words) == 1 else f"b.kind IN ({', '.join(literal(word) for word in words)})"


def literal(value: Decimal | int | str | date) -> str:
    """A quoted literal. Money is cast from text: a bare 7000000.01 would be read as a binary float by some engines."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, Decimal):
        scale = max(2, -int(value.as_tuple().exponent))  # money has two places; a per cent may have more
        return f"CAST('{value}' AS DECIMAL(38, {scale}))"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"
