"""A contestant: the reports that count, the sums they give, the money through the fund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """A contestant's sum under a rule with a limit, kept ones too; `of` says what it is the sum of (`spending`), if the rule does;
    `title` is that of the limit."""

    rule: str
    measured: Decimal
    limit: Decimal
    of: str | None = None
    title: str | None = None

    @property
    def room(self) -> Decimal:
        """What is left before the limit; negative over it."""
        return self.limit - self.measured


@dataclass(frozen=True, slots=True)
class Movement:
    """What a fund received (own funds and donations) and spent (less what suppliers paid back) on one day."""

    date: date
    received: Decimal
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Flows:
    """The money through one fund by the lines that could be read: `receipts` by source and `spending` by category (None where it is
    not said), the largest first; what was `returned` to donors and went `to_budget`; `movements` in order of days; how many `lines`
    the reports that count have, and how many of them were `unread`. Receipts are before returns, spending is after refunds by
    suppliers."""

    receipts: Sequence[tuple[str | None, Decimal]] = ()
    spending: Sequence[tuple[str | None, Decimal]] = ()
    returned: Decimal = Decimal("0.00")
    to_budget: Decimal = Decimal("0.00")
    movements: Sequence[Movement] = ()
    lines: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Contestant:
    """One contestant with the reports that count and the sums they give. `other_finals` are final reports of another period than the one
    that counts: not superseded, and yet none of their lines is in the books; `interims` the interim ones that stand beside the books.
    `flows` only where they were asked for; `files`, the file and sheet of every table that has a record of this contestant, there and
    in an audit of some contestants. `registered`: False where there is a register and it does not have this one."""

    contestant_id: str
    name: str | None
    contest: str | None
    district: str | None
    commission: str | None
    books: Sequence[str]
    superseded: Sequence[str]
    totals: Sequence[Total]
    flows: Flows | None = None
    files: Sequence[tuple[str, str | None]] = ()
    other_finals: Sequence[str] = ()
    interims: Sequence[str] = ()
    registered: bool = True

    @property
    def is_silent(self) -> bool:
        """Whether no report is here at all, superseded or not: sums of nothing are kept, and yet nothing was seen."""
        return not self.books and not self.superseded
