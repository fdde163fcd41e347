"""The documents of an exchange file of the banks as movements on its own accounts: which account, which way, how much, with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.identifiers import bare_account
from auditor.read.exchange_sections import Exchange, Section
from auditor.read.exchange_totals import amount_of
from auditor.tables import columns

_OTHER = {"in": "out", "out": "in"}
_SIDES = {"out": "плательщик", "in": "получатель"}  # whose account it is that the money leaves or reaches
_SUMS = {"out": ("суммарасход",), "in": ("суммаприход", "суммадоход")}
_BOOKED = {"out": "датасписано", "in": "датапоступило"}


@dataclass(frozen=True)
class Own:
    """The accounts that the file is a statement of, as filed, by their number without blanks; and their sections."""

    accounts: Mapping[str, str]
    sections: Mapping[str, Sequence[Section]]

    @classmethod
    def of(cls, file: Exchange) -> Own:
        """The accounts that the header of the file names, and those of its account sections."""
        accounts: dict[str, str] = {}
        for filed in file.named:
            accounts.setdefault(_bare(filed), filed)
        only = next(iter(accounts), "") if len(accounts) == 1 else ""
        found: dict[str, list[Section]] = {}
        for section in file.accounts:
            filed = section.first("расчсчет") or only
            accounts.setdefault(_bare(filed), filed)
            found.setdefault(_bare(filed), []).append(section)
        accounts.pop("", None)
        return cls(accounts, found)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row of the table."""

    row: int
    account: str
    direction: str | None
    cells: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class _Side:
    account: str | None
    name: str | None
    identifier: str | None
    kbe: str | None

    @classmethod
    def of(cls, document: Section, side: str) -> _Side:
        def first(*keys: str) -> str | None:
            return document.first(*(side + key for key in keys))

        # Плательщик1 is the name alone where Плательщик also has the tax number in it.
        identifier = first("бин_иин", "бин", "иин", "инн")
        return cls(first("иик", "счет", "расчсчет"), first("наименование", "1", ""), identifier, first("кбе"))


_Sides = Mapping[str, _Side]


def _bare(account: str | None) -> str:
    return bare_account(account or "")


def movements_of(file: Exchange, own: Own) -> tuple[list[StatementRow], int]:
    """The rows of all documents, and how many of them are arrivals of transfers between two accounts of the file."""
    movements: list[StatementRow] = []
    arrivals: list[tuple[Section, _Sides]] = []
    for row, document in enumerate(file.documents, start=2):
        sides = {way: _Side.of(document, side) for way, side in _SIDES.items()}
        directions = _directions(document, sides, own)
        movements.append(_movement(row, document, sides, directions[0], own))
        if len(directions) > 1:
            arrivals.append((document, sides))
    after = len(file.documents) + 2
    movements += [_movement(row, document, sides, "in", own) for row, (document, sides) in enumerate(arrivals, start=after)]
    return movements, len(arrivals)


def _directions(document: Section, sides: _Sides, own: Own) -> Sequence[str | None]:
    account = {way: _bare(side.account) for way, side in sides.items()}
    tells = (
        [way for way in _SIDES if _filled_sum(document, way)],
        [way for way in _SIDES if account[way] in own.accounts],
        [way for way in _SIDES if document.first(_BOOKED[way])],
        [way for way in _SIDES if account[way] in own.sections],
    )
    for ways in tells:
        if len(ways) == 1:
            return ways
    both = all(account[way] and account[way] in own.sections for way in _SIDES) and account["in"] != account["out"]
    return ("out", "in") if both else (None,)


def _filled_sum(document: Section, direction: str) -> str | None:
    """СуммаРасход or СуммаПриход. Some banks write both, and 0 for the one that is not."""
    filed = document.first(*_SUMS[direction])
    return None if amount_of(filed) == 0 else filed


def _movement(row: int, document: Section, sides: _Sides, direction: str | None, own: Own) -> StatementRow:
    account, other = _accounts(sides, direction, own)
    booked = [_BOOKED[direction]] if direction is not None else []
    cells: dict[str, str | None] = dict.fromkeys(columns("statement"))
    cells |= {
        "fund_account": account,
        "date": document.first("датаоперации", *booked, "датавалютирования", "датадокумента", "дата"),
        "direction": direction,
        "amount": _amount(document, direction),
        "counterparty_name": other.name,
        "counterparty_id": other.identifier,
        "counterparty_account": other.account,
        "kbe": other.kbe,
        "reference": document.first("номердокумента", "номер"),
        "description": document.first("назначениеплатежа") or _lines_of_purpose(document),
    }
    return StatementRow(row, _bare(account), direction, cells)


def _accounts(sides: _Sides, direction: str | None, own: Own) -> tuple[str | None, _Side]:
    """The own account of a movement as filed, and the other side."""
    only = next(iter(own.accounts.values())) if len(own.accounts) == 1 else None
    if direction is None:
        return only, _Side(None, None, None, None)
    ours, theirs = sides[direction], sides[_OTHER[direction]]
    if own.accounts and _bare(ours.account) not in own.accounts and only is not None:
        # The bank wrote its own account, or none, on the side of its client.
        return only, ours if _bare(theirs.account) == _bare(only) else theirs
    return ours.account, theirs


def _amount(document: Section, direction: str | None) -> str | None:
    ways = [direction] if direction is not None else list(_SIDES)
    sums = next((filed for way in ways if (filed := _filled_sum(document, way)) is not None), None)
    amount = sums or document.first("сумма", *_SUMS["out"], *_SUMS["in"])
    currency = (document.first("валюта") or "").strip()
    if amount is None or currency.upper() in ("", "KZT", "398"):
        return amount
    return f"{amount.strip()} {currency}"


def _lines_of_purpose(document: Section) -> str | None:
    lines = [line.strip() for n in range(1, 10) if (line := document.first(f"назначениеплатежа{n}")) is not None]
    return " ".join(lines) or None
