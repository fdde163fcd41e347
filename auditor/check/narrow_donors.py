"""Which donors a statement cannot do without: what each sort of statement asks of a donor's lines, so that all are asked in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from auditor.check.leads import is_of_organisation
from auditor.check.slips import in_reach
from auditor.identifiers import check_digits_agree
from auditor.rulebook.narrow import Alike, Both, DoubtfulId, Over

_DONOR, _AMOUNT, _KIND, _READABLE = pl.col("donor"), pl.col("amount"), pl.col("kind"), pl.col("readable")


@dataclass(frozen=True, slots=True)
class Donors:
    """A selection of donors. `lines`: which lines of a donor are looked at; `columns`: what is worked out from these lines, one value for
    each donor; `chosen`: picks the donors, from a table with these columns and `donor`."""

    lines: pl.Expr
    columns: Sequence[pl.Expr]
    chosen: Callable[[pl.DataFrame], pl.DataFrame]


def donors_of(narrow: Over | Both | DoubtfulId | Alike, prefix: str) -> Donors:
    """Those that `narrow` means. `prefix` stands before the names of its columns, so that several can share a table."""
    match narrow:
        case Over():
            return _over(narrow, prefix)
        case Both():
            return _both(narrow, prefix)
        case DoubtfulId():
            return _doubtful_ids(narrow, prefix)
        case Alike():
            return _alike(narrow, prefix)


def _over(narrow: Over, prefix: str) -> Donors:
    moved, doubt = f"{prefix}moved", f"{prefix}in_doubt"
    lines = _KIND.is_in(narrow.kinds).fill_null(value=False) | ~_READABLE
    in_doubt = ~_READABLE | pl.col("counterparty_type").is_null()
    columns = [pl.when(lines).then(_AMOUNT).sum().alias(moved), (lines & in_doubt).any().alias(doubt)]
    return Donors(lines, columns, lambda donors: donors.filter((pl.col(moved) > narrow.amount) | pl.col(doubt)))


def _both(narrow: Both, prefix: str) -> Donors:
    one, other = f"{prefix}one", f"{prefix}other"
    columns = [_KIND.is_in(narrow.one).any().alias(one), _KIND.is_in(narrow.other).any().alias(other)]
    return Donors(_KIND.is_in([*narrow.one, *narrow.other]), columns, lambda donors: donors.filter(pl.col(one) & pl.col(other)))


def _doubtful_ids(narrow: DoubtfulId, prefix: str) -> Donors:
    has_id, person = f"{prefix}has_id", f"{prefix}person"
    lines = pl.col("counterparty_id").is_not_null()
    of_people = lines & pl.col("counterparty_type").is_in(narrow.people)
    columns = [lines.any().alias(has_id), of_people.any().alias(person)]
    return Donors(
        lines,
        columns,
        lambda donors: donors.filter(has_id).filter(~check_digits_agree(_DONOR) | (is_of_organisation(_DONOR) & pl.col(person))),
    )


def _alike(narrow: Alike, prefix: str) -> Donors:
    net, has_id = f"{prefix}net", f"{prefix}has_id"
    lines = _READABLE & _KIND.is_in(narrow.over.kinds)
    columns = [
        pl.when(lines).then(_AMOUNT).sum().alias(net),
        (lines & pl.col("counterparty_id").is_not_null()).any().alias(has_id),
    ]
    identifier = pl.when(has_id).then(_DONOR)

    def chosen(donors: pl.DataFrame) -> pl.DataFrame:
        giving = donors.filter(pl.col(net) > 0)
        return in_reach(giving.select("donor", pl.col(net).alias("net"), identifier.alias("identifier")), narrow.over.amount)

    return Donors(lines, columns, chosen)
