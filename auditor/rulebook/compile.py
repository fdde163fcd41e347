"""Rules that can be broken → SQL statements.

Every statement has the same shape. `lines` are the rows of the books that the rule looks at, each with its `effect` on the
sum; the last SELECT adds them up. The evidence of a finding is read from the very same `lines`, joined to what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from auditor.rulebook.kinds import SumCheck
from auditor.rulebook.kinds_of_sums import Balance, DaysBetween, Fee, Forbidden, Limit, SameDocument, WasOver
from auditor.rulebook.narrow import Few
from auditor.rulebook.parts import Lines
from auditor.rulebook.sql import NOTHING, Parts, RuleSql, caps, literal
from auditor.tables import Cell, columns

# Of a line that only lacks its amount nobody can say that the amount does not meet a condition.
_UNREAD = ("amount",)
_OF_UNKNOWN_KIND = "b.kind IS NULL"


def _either(tests: Iterable[str]) -> str:
    """The test that one of these is met."""
    return " OR ".join(f"({test})" for test in tests if test != "FALSE") or "FALSE"


class SumCompiler(Parts):
    """Statements of the kinds of check that are judged by sums."""

    def statement(self, check: SumCheck) -> RuleSql:
        """The rule's statement."""
        match check:
            case Limit():
                return self._limit(check)
            case Forbidden():
                return self._forbidden(check)
            case WasOver():
                return self._was_over(check)
            case Balance():
                return self._balance(check)
            case Fee():
                return self._fee(check)
            case DaysBetween():
                return self._days_between(check)
            case SameDocument():
                return self._same_document(check)

    # --- sums held against a limit ---

    def _limit(self, check: Limit) -> RuleSql:
        limit = literal(self.book.value(check.limit))
        lines = self.limit_lines(check, 0)
        having = f"\nHAVING SUM(effect) > {limit} OR COUNT(could_raise) > 0" if check.per == "donor" else ""
        sums = (
            "SELECT contestant_id, subject, variant, SUM(effect) AS measured,\n"
            "  COUNT(could_raise) AS raising, COUNT(could_lower) AS lowering\n"
            f"FROM lines GROUP BY contestant_id, subject, variant{having}"
        )
        of_donors = check.per == "donor"
        return RuleSql(lines, sums, of_donors=of_donors, narrow=self.over([check]) if of_donors else None)

    def limit_lines(self, check: Limit, variant: int) -> str:
        """The lines behind a sum with a limit; `variant` tells several limits of one statement apart."""
        adds, less = self.any(check.adds), self.any(check.less)
        if check.measure == "count":  # a line that cannot be read is left out of a count
            effect = f"CASE WHEN b.readable AND {adds} THEN 1 END"
            return self.select(check, variant, effect, NOTHING, NOTHING, f"b.readable AND {adds}")
        minus = f" WHEN b.readable AND {less} THEN -b.amount" if check.less else ""
        effect = f"CASE WHEN b.readable AND {adds} THEN b.amount{minus} END"
        raises, lowers = self._could_raise(check, adds), self._could_lower(check)
        could_raise, could_lower = (f"CASE WHEN {_either(tests)} THEN 1 END" for tests in (raises, lowers))
        # What lowers is looked for among all lines, read or not: those that are read lower the sum.
        touched = _either(dict.fromkeys((adds, *raises, lowers[1], self.any(check.less, doubtful=_UNREAD))))
        return self.select(check, variant, effect, could_raise, could_lower, touched)

    def _could_raise(self, check: Limit, adds: str) -> Sequence[str]:
        """Tests of a line of which nobody can say that it adds nothing: of one that could not be read, and of one of unknown kind."""
        if check.per != "donor":
            return f"NOT b.readable AND {self.any(check.adds, doubtful=_UNREAD)}", _OF_UNKNOWN_KIND
        # A line that does not say what its giver is could be of any kind of giver; one of unknown kind touches its own donor.
        maybe = self.any(check.adds, doubtful=("counterparty_type", "amount"))
        unread = f"(NOT b.readable OR b.counterparty_type IS NULL) AND {maybe} AND NOT (b.readable AND COALESCE({adds}, FALSE))"
        return unread, self._unknown_kind(check.adds)

    def _could_lower(self, check: Limit) -> Sequence[str]:
        """The same of a line of which nobody can say that it takes nothing off."""
        unread = f"NOT b.readable AND {self.any(check.less, doubtful=_UNREAD)}" if check.less else "FALSE"
        return unread, self._unknown_kind(check.less) if check.per == "donor" else _OF_UNKNOWN_KIND

    def _unknown_kind(self, sides: Sequence[Lines]) -> str:
        """Whether a line of unknown kind may be of one of these sides, as far as its other cells tell."""
        if not sides:
            return "FALSE"
        tests = [self.all(lines.where, doubtful=("counterparty_type", "giver")) for lines in sides]
        return f"b.kind IS NULL AND ({' OR '.join(tests)})"

    # --- lines that may not be there ---

    def _forbidden(self, check: Forbidden) -> RuleSql:
        hit, back = self.any(check.lines), self.any(check.less)
        may_hit = self.any(check.lines, doubtful=_UNREAD)
        if check.per == "donor" and check.less:
            back = f"({back}) AND b.donor IS NOT NULL"  # nobody's refund is nobody's
        one = "1" if check.measure == "count" else "b.amount"
        minus = f" WHEN b.readable AND {back} THEN -{one}" if check.less else ""
        effect = f"CASE WHEN b.readable AND {hit} THEN {one}{minus} END"
        missing = f"CASE WHEN b.lacks_only_amount AND {may_hit} THEN 1 END" if check.amount_missing == "counts" else NOTHING
        found = f"CASE WHEN b.readable AND {hit} THEN 1 END"
        touched = f"((b.readable OR b.lacks_only_amount) AND {may_hit})" + (f" OR (b.readable AND {back})" if check.less else "")
        settled = ""
        if check.breach_if or check.kept_if:
            breach, kept = self.all(check.breach_if, "c"), self.all(check.kept_if, "c")
            settled = f", CASE WHEN {kept} THEN 'kept' WHEN {breach} THEN 'breach' ELSE 'undetermined' END AS settled"
        lines = self.select(check, 0, effect, found, missing, touched, names=("hit", "without_amount"), more=settled)
        chosen = ", MIN(settled) AS settled" if settled else ""
        sums = (
            f"SELECT contestant_id, subject, variant, SUM(effect) AS measured, COUNT(hit) AS hits{chosen}\n"
            "FROM lines GROUP BY contestant_id, subject, variant\nHAVING COUNT(hit) > 0 OR COUNT(without_amount) > 0"
        )
        return RuleSql(lines, sums, of_donors=check.per == "donor", narrow=Few(touched, register=self.needs_register(check)))

    # --- running sums ---

    def _was_over(self, check: WasOver) -> RuleSql:
        limits = [self.book.limit_of(code) for code in check.rules]
        parts = [SumCompiler(self.book, other, self.rule).limit_lines(limit, variant) for variant, (other, limit, _) in enumerate(limits)]
        cap = caps([amount for _, _, amount in limits])
        sums = (
            "SELECT contestant_id, subject, variant, date, next_date, balance\nFROM (SELECT contestant_id, subject, variant, date,\n"
            "    LEAD(date) OVER (PARTITION BY contestant_id, subject, variant ORDER BY date) AS next_date,\n"
            "    SUM(net) OVER (PARTITION BY contestant_id, subject, variant ORDER BY date) AS balance,\n"
            "    SUM(net) OVER (PARTITION BY contestant_id, subject, variant) AS in_the_end\n"
            "  FROM (SELECT contestant_id, subject, variant, date, SUM(effect) AS net\n"
            "    FROM lines WHERE effect IS NOT NULL GROUP BY contestant_id, subject, variant, date) AS days) AS running\n"
            f"WHERE balance > {cap} AND in_the_end <= {cap}"
        )
        of_donors = all(limit.per == "donor" for _, limit, _ in limits)
        narrow = self.over([limit for _, limit, _ in limits]) if of_donors else None
        return RuleSql("\nUNION ALL\n".join(parts), sums, until_day=True, of_donors=of_donors, narrow=narrow)

    def _balance(self, check: Balance) -> RuleSql:
        adds, less = self.any(check.adds), self.any(check.less)
        effect = f"CASE WHEN {adds} THEN b.amount WHEN {less} THEN -b.amount END"
        lines = self.select(check, 0, effect, NOTHING, NOTHING, f"b.readable AND (({adds}) OR ({less}))")
        sums = (
            "SELECT contestant_id, subject, variant, date, balance\nFROM (SELECT contestant_id, subject, variant, date,\n"
            "    SUM(net) OVER (PARTITION BY contestant_id ORDER BY date) AS balance\n"
            "  FROM (SELECT contestant_id, subject, variant, date, SUM(effect) AS net\n"
            "    FROM lines GROUP BY contestant_id, subject, variant, date) AS days) AS running\n"
            f"WHERE balance < {literal(Decimal('0.00'))}"
        )
        return RuleSql(lines, sums, until_day=True)

    # --- the register ---

    def _fee(self, check: Fee) -> RuleSql:
        hit = self.any(check.lines)
        effect = f"CASE WHEN b.readable AND {hit} THEN b.amount END"
        doubtful = f"CASE WHEN (NOT b.readable AND {hit}) OR b.kind IS NULL THEN 1 END"
        lines = self.select(check, 0, effect, doubtful, NOTHING, f"({hit}) OR b.kind IS NULL")
        sums = (
            "SELECT contestant_id, subject, variant, SUM(effect) AS measured, COUNT(could_raise) AS raising\n"
            "FROM lines GROUP BY contestant_id, subject, variant"
        )
        return RuleSql(lines, sums)

    def _days_between(self, check: DaysBetween) -> RuleSql:
        return RuleSql(
            "",
            f"SELECT contestant_id, {check.first} AS first, {check.then} AS then_\nFROM contestants WHERE {check.then} < {check.first}",
        )

    def _says_something(self, column: str) -> str:
        """A cell that is filled, and a text not with a dash or with "without a number": two of those are not the same document."""
        said = f"b.{column} IS NOT NULL"
        nothing = ", ".join(literal(word) for word in self.book.vocabulary.nothing_words)
        return f"{said} AND LOWER(b.{column}) NOT IN ({nothing})" if nothing and columns("reports")[column].cell is Cell.TEXT else said

    def _same_document(self, check: SameDocument) -> RuleSql:
        paid, claimed = self.any(check.paid), self.any(check.claimed)
        subject = " || ' ' || ".join(f"b.{column}" for column in check.columns)
        present = " AND ".join(self._says_something(column) for column in check.columns)
        effect = f"CASE WHEN {claimed} THEN b.amount END"
        lines = self.select(
            check,
            0,
            effect,
            f"CASE WHEN {paid} THEN 1 END",
            f"CASE WHEN {claimed} THEN 1 END",
            f"b.readable AND {present} AND (({paid}) OR ({claimed}))",
            names=("paid", "claimed"),
            subject=subject,
        )
        sums = (
            "SELECT contestant_id, subject, variant, SUM(effect) AS measured\n"
            "FROM lines GROUP BY contestant_id, subject, variant\nHAVING COUNT(paid) > 0 AND COUNT(claimed) > 0"
        )
        return RuleSql(lines, sums)
