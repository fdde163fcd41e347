"""A rule → one SQL statement, put together from closed parts: columns of the contract, quoted literals, parameters.

Every statement has the same shape. `lines` are the rows of the books that the rule looks at, each with its `effect` on the
sum; the last SELECT adds them up. The evidence of a finding is read from the very same `lines`, joined to what was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from auditor.rulebook.load import Rulebook
from auditor.rulebook.models import (
    Balance,
    Condition,
    DaysBetween,
    Fee,
    Forbidden,
    Limit,
    Lines,
    Reference,
    Rule,
    SameDocument,
    WasOver,
)

PLACE = "b.file, b.row, b.date, b.kind, b.amount, b.counterparty_name, b.counterparty_id, COALESCE(b.invoice_no, b.contract_no) AS document"
_REGISTER = " LEFT JOIN contestants AS c ON b.contestant_id = c.contestant_id"


class UnknownDay(Exception):
    """The rule needs a day of the calendar that nobody has given."""

    def __init__(self, event: str) -> None:
        super().__init__(event)
        self.event = event


@dataclass(frozen=True, slots=True)
class Statement:
    """The SQL of one rule: `lines` (a WITH clause), `sums` over them, and how a line belongs to a finding."""

    lines: str
    sums: str
    until_day: bool = False

    @property
    def sql(self) -> str:
        """The whole statement: one row for each sum that the rule has to judge."""
        return f"WITH lines AS (\n{self.lines}\n)\n{self.sums}" if self.lines else self.sums

    def evidence(self, found: str) -> str:
        """The lines behind what was found; `found` is a table of contestant_id, subject and, where it matters, day."""
        until = " AND l.date <= f.day" if self.until_day else ""
        return (
            f"WITH lines AS (\n{self.lines}\n)\nSELECT l.* FROM lines AS l JOIN {found} AS f\n"
            f"  ON l.contestant_id = f.contestant_id AND l.subject = f.subject AND l.variant = f.variant{until}"
        )


def compile_rule(rulebook: Rulebook, rule: Rule) -> Statement:
    """The statement of one rule. Raises UnknownDay where the calendar lacks a day that the rule needs."""
    return _Compiler(rulebook, rule).statement()


class _Compiler:
    def __init__(self, rulebook: Rulebook, rule: Rule) -> None:
        self.book, self.rule = rulebook, rule
        self.uses_register = rule.status is not None

    def statement(self) -> Statement:
        check = self.rule.check
        if isinstance(check, Limit):
            return self._limit(check)
        if isinstance(check, Forbidden):
            return self._forbidden(check)
        if isinstance(check, WasOver):
            return self._was_over(check)
        if isinstance(check, Balance):
            return self._balance(check)
        if isinstance(check, Fee):
            return self._fee(check)
        if isinstance(check, SameDocument):
            return self._same_document(check)
        return self._days_between(check)

    # --- sums held against a limit ---

    def _limit(self, check: Limit) -> Statement:
        limit = _literal(self.book.value(check.limit))
        lines = self._limit_lines(check, 0)
        having = f"\nHAVING SUM(effect) > {limit} OR COUNT(could_raise) > 0" if check.per == "donor" else ""
        sums = (
            "SELECT contestant_id, subject, variant, SUM(effect) AS measured,\n"
            "  COUNT(could_raise) AS raising, COUNT(could_lower) AS lowering\n"
            f"FROM lines GROUP BY contestant_id, subject, variant{having}"
        )
        return Statement(lines, sums)

    def _limit_lines(self, check: Limit, variant: int) -> str:
        adds, less = self._any(check.adds), self._any(check.less)
        if check.measure == "count":  # a line that cannot be read is left out of a count
            effect = f"CASE WHEN b.readable AND {adds} THEN 1 END"
            return self._select(check.per, variant, effect, "CAST(NULL AS INT)", "CAST(NULL AS INT)", f"b.readable AND {adds}")
        minus = f" WHEN b.readable AND {less} THEN -b.amount" if check.less else ""
        effect = f"CASE WHEN b.readable AND {adds} THEN b.amount{minus} END"
        if check.per == "donor":
            # A line that does not say what its giver is could be of any kind of giver; one of unknown kind touches its own donor.
            maybe = self._any(check.adds, doubtful=("counterparty_type",))
            unknown = self._unknown_kind(check.adds)
            raises = f"(NOT b.readable OR b.counterparty_type IS NULL) AND {maybe} AND NOT (b.readable AND COALESCE({adds}, FALSE))"
        else:
            unknown, raises = "b.kind IS NULL", f"NOT b.readable AND {adds}"
        lowers = f"NOT b.readable AND {less}" if check.less else "FALSE"
        could_raise = f"CASE WHEN ({raises}) OR ({unknown}) THEN 1 END"
        could_lower = f"CASE WHEN ({lowers}) OR ({unknown}) THEN 1 END"
        touched = f"({adds}) OR ({raises}) OR ({unknown})" + (f" OR ({less})" if check.less else "")
        return self._select(check.per, variant, effect, could_raise, could_lower, touched)

    def _unknown_kind(self, sides: Iterable[Lines]) -> str:
        tests = [self._all(lines.where, doubtful=("counterparty_type", "giver")) for lines in sides]
        return f"b.kind IS NULL AND ({' OR '.join(tests)})"

    # --- lines that may not be there ---

    def _forbidden(self, check: Forbidden) -> Statement:
        hit, back = self._any(check.lines), self._any(check.less)
        if check.per == "donor" and check.less:
            back = f"({back}) AND b.donor IS NOT NULL"  # nobody's refund is nobody's
        one = "1" if check.measure == "count" else "b.amount"
        minus = f" WHEN b.readable AND {back} THEN -{one}" if check.less else ""
        effect = f"CASE WHEN b.readable AND {hit} THEN {one}{minus} END"
        missing = f"CASE WHEN b.lacks_only_amount AND {hit} THEN 1 END" if check.amount_missing == "counts" else "CAST(NULL AS INT)"
        found = f"CASE WHEN b.readable AND {hit} THEN 1 END"
        touched = f"((b.readable OR b.lacks_only_amount) AND {hit})" + (f" OR (b.readable AND {back})" if check.less else "")
        settled = ""
        if check.breach_if or check.kept_if:
            breach, kept = self._all(check.breach_if, "c"), self._all(check.kept_if, "c")
            self.uses_register = True
            settled = f", CASE WHEN {kept} THEN 'kept' WHEN {breach} THEN 'breach' ELSE 'undetermined' END AS settled"
        lines = self._select(check.per, 0, effect, found, missing, touched, names=("hit", "without_amount"), more=settled)
        chosen = ", MIN(settled) AS settled" if settled else ""
        sums = (
            "SELECT contestant_id, subject, variant, SUM(effect) AS measured, COUNT(hit) AS hits,\n"
            f"  COUNT(without_amount) AS missing{chosen}\n"
            "FROM lines GROUP BY contestant_id, subject, variant\nHAVING COUNT(hit) > 0 OR COUNT(without_amount) > 0"
        )
        return Statement(lines, sums)

    # --- running sums ---

    def _was_over(self, check: WasOver) -> Statement:
        parts, limits = [], []
        for variant, code in enumerate(check.rules):
            other = self.book.rule(code)
            assert isinstance(other.check, Limit)  # lint: `rules` names rules of kind limit
            parts.append(self._limit_lines(other.check, variant))
            limits.append(f"WHEN {variant} THEN {_literal(self.book.value(other.check.limit))}")
        cap = f"CASE variant {' '.join(limits)} END"
        sums = (
            f"SELECT contestant_id, subject, variant, date, balance\nFROM (SELECT contestant_id, subject, variant, date,\n"
            f"    SUM(net) OVER (PARTITION BY contestant_id, subject, variant ORDER BY date) AS balance\n"
            f"  FROM (SELECT l.contestant_id, l.subject, l.variant, l.date, SUM(l.effect) AS net\n"
            f"    FROM lines AS l JOIN (SELECT contestant_id, subject, variant FROM lines GROUP BY contestant_id, subject, variant\n"
            f"      HAVING SUM(CASE WHEN effect > 0 THEN effect END) > {cap} AND SUM(effect) <= {cap}) AS s\n"
            f"      ON l.contestant_id = s.contestant_id AND l.subject = s.subject AND l.variant = s.variant\n"
            f"    WHERE l.effect IS NOT NULL GROUP BY l.contestant_id, l.subject, l.variant, l.date) AS days) AS running\n"
            f"WHERE balance > {cap}"
        )
        return Statement("\nUNION ALL\n".join(parts), sums, until_day=True)

    def _balance(self, check: Balance) -> Statement:
        adds, less = self._any(check.adds), self._any(check.less)
        effect = f"CASE WHEN {adds} THEN b.amount WHEN {less} THEN -b.amount END"
        lines = self._select("contestant", 0, effect, "CAST(NULL AS INT)", "CAST(NULL AS INT)", f"b.readable AND (({adds}) OR ({less}))")
        sums = (
            "SELECT contestant_id, subject, variant, date, balance\nFROM (SELECT contestant_id, subject, variant, date,\n"
            "    SUM(net) OVER (PARTITION BY contestant_id ORDER BY date) AS balance\n"
            "  FROM (SELECT contestant_id, subject, variant, date, SUM(effect) AS net\n"
            "    FROM lines GROUP BY contestant_id, subject, variant, date) AS days) AS running\n"
            f"WHERE balance < {_literal(Decimal('0.00'))}"
        )
        return Statement(lines, sums, until_day=True)

    # --- the register ---

    def _fee(self, check: Fee) -> Statement:
        hit = self._any(check.lines)
        effect = f"CASE WHEN b.readable AND {hit} THEN b.amount END"
        doubtful = f"CASE WHEN (NOT b.readable AND {hit}) OR b.kind IS NULL THEN 1 END"
        lines = self._select("contestant", 0, effect, doubtful, "CAST(NULL AS INT)", f"({hit}) OR b.kind IS NULL")
        sums = (
            "SELECT contestant_id, subject, variant, SUM(effect) AS measured, COUNT(could_raise) AS raising\n"
            "FROM lines GROUP BY contestant_id, subject, variant"
        )
        return Statement(lines, sums)

    def _days_between(self, check: DaysBetween) -> Statement:
        return Statement(
            "",
            f"SELECT contestant_id, {check.first} AS first, {check.then} AS then_, file, row\n"
            f"FROM contestants WHERE {check.then} < {check.first}",
        )

    def _same_document(self, check: SameDocument) -> Statement:
        paid, claimed = self._any(check.paid), self._any(check.claimed)
        subject = " || ' ' || ".join(f"b.{column}" for column in check.columns)
        present = " AND ".join(f"b.{column} IS NOT NULL" for column in check.columns)
        effect = f"CASE WHEN {claimed} THEN b.amount END"
        lines = self._select(
            "contestant",
            0,
            effect,
            f"CASE WHEN {paid} THEN 1 END",
            f"CASE WHEN {claimed} THEN 1 END",
            f"b.readable AND {present} AND (({paid}) OR ({claimed}))",
            names=("paid", "claimed"),
            subject=subject,
        )
        sums = (
            "SELECT contestant_id, subject, variant, SUM(effect) AS measured, COUNT(paid) AS paid, COUNT(claimed) AS claimed\n"
            "FROM lines GROUP BY contestant_id, subject, variant\nHAVING COUNT(paid) > 0 AND COUNT(claimed) > 0"
        )
        return Statement(lines, sums)

    # --- parts ---

    def _select(
        self,
        per: str,
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
        tests = [f"({where})"]
        if self.rule.applies_to is not None:
            tests.insert(0, f"b.contest = {_literal(self.rule.applies_to)}")
        if self.rule.status is not None:
            tests.insert(0, f"c.status = {_literal(self.rule.status)}")
        if per == "donor" and isinstance(self.rule.check, Limit | WasOver):
            tests.insert(0, "b.donor IS NOT NULL")
        where_all = "\n  AND ".join(tests)
        subject = subject or ("COALESCE(b.donor, '')" if per == "donor" else "''")
        return (
            f"SELECT b.contestant_id, {subject} AS subject, {variant} AS variant, {PLACE},\n"
            f"  {effect} AS effect,\n  {first} AS {names[0]},\n  {second} AS {names[1]}{more}\n"
            f"FROM books AS b{_REGISTER if self.uses_register else ''}\nWHERE {where_all}"
        )

    def _any(self, sides: Iterable[Lines], doubtful: tuple[str, ...] = ()) -> str:
        tests = [
            f"{_kinds(lines.kinds)} AND {self._all(lines.where, doubtful=doubtful)}" if lines.where else _kinds(lines.kinds)
            for lines in sides
        ]
        return f"({' OR '.join(tests)})" if tests else "FALSE"

    def _all(self, conditions: Iterable[Condition], table: str = "b", doubtful: tuple[str, ...] = ()) -> str:
        tests = [self._condition(condition, table, doubtful) for condition in conditions]
        return f"({' AND '.join(tests)})" if tests else "TRUE"

    def _condition(self, condition: Condition, table: str, doubtful: tuple[str, ...]) -> str:
        if condition.any_ is not None:
            return f"({' OR '.join(self._condition(c, table, doubtful) for c in condition.any_)})"
        if condition.all_ is not None:
            return self._all(condition.all_, table, doubtful)
        if condition.not_ is not None:
            return f"NOT COALESCE({self._condition(condition.not_, table, doubtful)}, FALSE)"
        cell = f"{table}.{condition.column}"
        if condition.part is not None:
            start, length = condition.part.split(":")
            cell = f"SUBSTR({cell}, {start}, {length})"
        test = self._test(cell, condition)
        # Where the cell is empty, the line could meet the condition: nobody can say that it does not.
        return f"COALESCE({test}, TRUE)" if condition.column in doubtful else test

    def _test(self, cell: str, condition: Condition) -> str:
        if condition.empty is not None:
            return f"{cell} IS {'' if condition.empty else 'NOT '}NULL"
        if condition.in_ is not None:
            return f"{cell} IN ({', '.join(_literal(word) for word in condition.in_)})"
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
            return _literal(value)
        if value.parameter is not None:
            return _literal(self.book.value(value.parameter))
        if value.event is not None:
            day = self.book.day(value.event)
            if day is None:
                raise UnknownDay(value.event)
            return _literal(day)
        self.uses_register = True
        return f"c.{value.fact}"


def _kinds(kinds: tuple[str, ...]) -> str:
    return f"b.kind = {_literal(kinds[0])}" if len(kinds) == 1 else f"b.kind IN ({', '.join(_literal(kind) for kind in kinds)})"


def _literal(value: Decimal | int | str | date) -> str:
    """A quoted literal. Money is cast from text: a bare 7000000.01 would be read as a binary float by some engines."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, Decimal):
        scale = max(2, -int(value.as_tuple().exponent))  # money has two places; a per cent may have more
        return f"CAST('{value}' AS DECIMAL(38, {scale}))"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"
