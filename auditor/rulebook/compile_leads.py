"""Leads → SQL statements of the same shape as those of the other rules."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from auditor.rulebook.compile import SumCompiler
from auditor.rulebook.kinds import LeadCheck
from auditor.rulebook.kinds_of_leads import (
    AcrossFunds,
    DonorIsVendor,
    FirstDigits,
    ImpossibleId,
    ManyDonors,
    NearLimit,
    ProbablySame,
    Structuring,
)
from auditor.rulebook.narrow import Alike, Both, DoubtfulId, Narrow, Over, Repeated, Shared
from auditor.rulebook.sql import NO_EFFECT, NOTHING, PLACE, REGISTER, Parts, RuleSql, caps, kinds, literal

# The first digit that is not 0 of an amount, as a text.
_FIRST_DIGIT = "SUBSTR(LTRIM(REPLACE(CAST(amount AS VARCHAR), '.', ''), '0'), 1, 1)"
_DONATION = f"b.readable AND {kinds(('donation',))} AND b.donor IS NOT NULL"


class LeadCompiler(Parts):
    """Statements of leads."""

    def statement(self, check: LeadCheck | ProbablySame) -> RuleSql:
        """The rule's statement."""
        match check:
            case Structuring():
                return self._structuring(check)
            case ManyDonors():
                return self._many_donors(check)
            case AcrossFunds():
                return self._across_funds(check.rules)
            case ProbablySame():
                return self._donors(check.rules)
            case DonorIsVendor():
                return self._donor_is_vendor(check)
            case ImpossibleId():
                return self._impossible_id(check)
            case FirstDigits():
                return self._first_digits(check)
            case NearLimit():
                return self._near_limit(check)

    # --- donors and caps ---

    def _structuring(self, check: Structuring) -> RuleSql:
        near, times = self.book.exact(check.near), self.book.whole(check.times)
        parts, chosen, least, kinds_added = [], [], [], []
        for variant, code in enumerate(check.rules):
            rule, other, cap = self.book.limit_of(code)
            where = f"b.readable AND {self.any(other.adds)} AND b.amount <= {literal(cap)}"
            parts.append(SumCompiler(self.book, rule, self.rule).select(other, variant, "b.amount", NOTHING, NOTHING, where))
            from_ = (cap * near / 100).quantize(Decimal("0.0001"))
            many = f"COUNT(CASE WHEN effect >= {literal(from_)} THEN 1 END) >= {times}"
            kinds_added += [kind for side in other.adds for kind in side.kinds]
            least += [cap, from_ * times - Decimal("0.01")]
            chosen.append(f"(variant = {variant} AND (SUM(effect) > {literal(cap)} OR {many}))")
        sums = (
            "SELECT l.contestant_id, l.subject, l.variant, l.file, l.row, l.date, l.effect FROM lines AS l\n"
            "JOIN (SELECT contestant_id, subject, variant FROM lines GROUP BY contestant_id, subject, variant\n"
            f"  HAVING {' OR '.join(chosen)}) AS s\n"
            "  ON l.contestant_id = s.contestant_id AND l.subject = s.subject AND l.variant = s.variant"
        )
        return RuleSql("\nUNION ALL\n".join(parts), sums, of_donors=True, narrow=Over(tuple(dict.fromkeys(kinds_added)), min(least)))

    def _funds(self, codes: Iterable[str]) -> tuple[str, str]:
        """The lines of a cap in all funds together, each with its fund; and the cap by variant."""
        parts, amounts = [], []
        for variant, code in enumerate(codes):
            rule, check, amount = self.book.limit_of(code)
            of_rule = SumCompiler(self.book, rule, self.rule)
            adds, less = self.any(check.adds), self.any(check.less)
            minus = f" WHEN {less} THEN -b.amount" if check.less else ""
            where = " AND ".join(("b.readable AND b.donor IS NOT NULL", *of_rule.whom(), f"(({adds}) OR ({less}))"))
            parts.append(
                f"SELECT '' AS contestant_id, b.donor AS subject, {variant} AS variant, {PLACE}, b.contestant_id AS fund,\n"
                f"  CASE WHEN {adds} THEN b.amount{minus} END AS effect\n"
                f"FROM books AS b{REGISTER if of_rule.needs_register(check) else ''} WHERE {where}"
            )
            amounts.append(amount)
        return "\nUNION ALL\n".join(parts), caps(amounts)

    def _across_funds(self, codes: Iterable[str]) -> RuleSql:
        lines, cap = self._funds(codes)
        sums = (
            "SELECT contestant_id, subject, variant, SUM(net) AS measured, SUM(gives) AS funds\n"
            "FROM (SELECT contestant_id, subject, variant, fund, SUM(effect) AS net, MAX(CASE WHEN effect > 0 THEN 1 ELSE 0 END) AS gives\n"
            "  FROM lines GROUP BY contestant_id, subject, variant, fund) AS funds\n"
            f"GROUP BY contestant_id, subject, variant HAVING SUM(net) > {cap} AND SUM(gives) > 1"
        )
        return RuleSql(lines, sums, of_donors=True, narrow=self.over([self.book.limit_of(code).check for code in codes]))

    def _donors(self, codes: Iterable[str]) -> RuleSql:
        """Every donor of every fund with its sums by name: which of them are probably one is found out outside SQL."""
        lines, _ = self._funds(codes)
        sums = (
            "SELECT subject, variant, fund, counterparty_name AS name, SUM(effect) AS net, MIN(counterparty_id) AS identifier\n"
            "FROM lines GROUP BY subject, variant, fund, counterparty_name"
        )
        over = self.over([self.book.limit_of(code).check for code in codes])
        return RuleSql(lines, sums, of_donors=True, narrow=Alike(over) if over is not None else None)

    def _many_donors(self, check: ManyDonors) -> RuleSql:
        least = self.book.whole(check.donors)
        if check.alike == "counterparty_account":
            columns: tuple[str, ...] = ("counterparty_account",)
            subject, there = "b.counterparty_account", " AND b.counterparty_account IS NOT NULL"
        else:
            columns = ("date", "amount")
            subject, there = "CAST(b.date AS VARCHAR) || ' ' || CAST(b.amount AS VARCHAR)", ""
        shared = ", ".join(("contestant_id", *columns))
        on = " AND ".join(f"b.{column} = g.{column}" for column in ("contestant_id", *columns))
        lines = (
            f"SELECT b.contestant_id, {subject} AS subject, 0 AS variant, {PLACE}, {NO_EFFECT} AS effect, b.donor\n"
            f"FROM books AS b JOIN (SELECT {shared} FROM books AS b WHERE {_DONATION}{there}\n"
            f"  GROUP BY {shared} HAVING COUNT(*) >= {least}) AS g ON {on}\n"
            f"WHERE {_DONATION}{there}"
        )
        sums = (
            "SELECT contestant_id, subject, variant, COUNT(DISTINCT donor) AS donors\n"
            f"FROM lines GROUP BY contestant_id, subject, variant HAVING COUNT(DISTINCT donor) >= {least}"
        )
        narrow: Narrow | None = None
        if least > 1:
            by_account = check.alike == "counterparty_account"
            narrow = Shared("donation", check.alike) if by_account else Repeated("donation", ("contestant_id", *columns), least)
        return RuleSql(lines, sums, narrow=narrow)

    def _donor_is_vendor(self, check: DonorIsVendor) -> RuleSql:
        given, paid = self.any(check.given), self.any(check.paid)
        lines = self.select(
            check,
            0,
            NO_EFFECT,
            f"CASE WHEN {given} THEN 1 END",
            f"CASE WHEN {paid} THEN 1 END",
            f"b.readable AND b.donor IS NOT NULL AND (({given}) OR ({paid}))",
            names=("given", "paid"),
            subject="b.donor",
        )
        sums = (
            "SELECT contestant_id, subject, variant FROM lines\n"
            "GROUP BY contestant_id, subject, variant HAVING COUNT(given) > 0 AND COUNT(paid) > 0"
        )
        one, other = (tuple(kind for side in sides for kind in side.kinds) for sides in (check.given, check.paid))
        return RuleSql(lines, sums, of_donors=True, narrow=Both(one, other))

    # --- numbers ---

    def _impossible_id(self, check: ImpossibleId) -> RuleSql:
        people = ", ".join(literal(word) for word in check.people)
        person = f"CASE WHEN b.counterparty_type IN ({people}) THEN 1 END"
        where = "b.readable AND b.counterparty_id IS NOT NULL"
        lines = self.select(check, 0, NO_EFFECT, person, NOTHING, where, names=("person", "unused"), subject="b.counterparty_id")
        sums = "SELECT contestant_id, subject, variant, COUNT(person) AS people FROM lines GROUP BY contestant_id, subject, variant"
        return RuleSql(lines, sums, of_donors=True, narrow=DoubtfulId(check.people))

    def _first_digits(self, check: FirstDigits) -> RuleSql:
        lines = self.select(check, 0, NO_EFFECT, NOTHING, NOTHING, f"b.readable AND {self.any(check.lines)}")
        sums = (
            f"SELECT contestant_id, subject, variant, {_FIRST_DIGIT} AS digit, COUNT(*) AS lines\n"
            f"FROM lines GROUP BY contestant_id, subject, variant, {_FIRST_DIGIT}"
        )
        return RuleSql(lines, sums)

    def _near_limit(self, check: NearLimit) -> RuleSql:
        parts = []
        for variant, code in enumerate(check.rules):
            other, limit, _ = self.book.limit_of(code)
            parts.append(SumCompiler(self.book, other, self.rule).limit_lines(limit, variant))
        sums = "SELECT contestant_id, subject, variant, SUM(effect) AS measured FROM lines GROUP BY contestant_id, subject, variant"
        return RuleSql("\nUNION ALL\n".join(parts), sums)
