"""A bank reconciliation: lines of the books beside those of the bank's statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from auditor.model.place import Place


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a bank reconciliation: a line of the books, or of the bank's statement."""

    place: Place
    date: date
    amount: Decimal
    name: str | None
    identifier: str | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """One row of a bank reconciliation. `status` is matched, near, books or statement; `why` says what differs in a near match:
    amount, date, id; or account, where the books do not say it."""

    status: str
    account: str | None
    direction: str
    contestant_id: str | None
    books: Side | None
    statement: Side | None
    why: tuple[str, ...] = ()
