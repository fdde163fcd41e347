"""Purchases held against the price lists → SQL statements of the same shape as those of the other rules."""

from __future__ import annotations

from auditor.rulebook.kinds import PriceCheck
from auditor.rulebook.kinds_of_facts import UnlistedPrice, UnlistedVendor
from auditor.rulebook.sql import NO_EFFECT, PLACE, Parts, RuleSql


class PriceCompiler(Parts):
    """Statements about outlets and their prices."""

    def statement(self, check: PriceCheck) -> RuleSql:
        """The rule's statement."""
        match check:
            case UnlistedVendor():
                return self._unlisted_vendor(check)
            case UnlistedPrice():
                return self._unlisted_price(check)

    def _unlisted_vendor(self, check: UnlistedVendor) -> RuleSql:
        lines = (
            f"SELECT b.contestant_id, COALESCE(b.donor, '') AS subject, 0 AS variant, {PLACE}, b.amount AS effect\n"
            "FROM books AS b LEFT JOIN vendors AS v ON b.donor = v.vendor\n"
            f"WHERE b.readable AND {self.any(check.lines)} AND v.known IS NULL"
        )
        sums = (
            "SELECT contestant_id, subject, variant, SUM(effect) AS measured, COUNT(effect) AS hits\n"
            "FROM lines GROUP BY contestant_id, subject, variant"
        )
        return RuleSql(lines, sums)

    def _unlisted_price(self, check: UnlistedPrice) -> RuleSql:
        lines = (
            f"SELECT b.contestant_id, b.donor AS subject, 0 AS variant, {PLACE}, {NO_EFFECT} AS effect, p.lowest,\n"
            f"  b.category AS medium{self.told()}\n"
            "FROM books AS b JOIN vendors AS v ON b.donor = v.vendor\n"
            "  LEFT JOIN (SELECT vendor, medium, MIN(unit_price) AS lowest, MAX(known) AS known FROM prices GROUP BY vendor, medium) AS p\n"
            "  ON b.donor = p.vendor AND b.category = p.medium\n"
            "  LEFT JOIN prices AS q ON b.donor = q.vendor AND b.category = q.medium AND b.unit_price = q.unit_price\n"
            f"WHERE b.readable AND {self.any(check.lines)} AND b.unit_price IS NOT NULL AND b.category IS NOT NULL AND q.known IS NULL\n"
            "  AND (p.known IS NOT NULL OR v.of_any_medium)"
        )
        return RuleSql(lines, "SELECT contestant_id, subject, variant, file, row, date, unit_price, lowest, medium FROM lines")
