"""The banks' exchange file (`1CClientBankExchange`, in its Kazakh and its Russian dialect) → the table `statement`, cells as text."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl

from auditor.errors import CannotRead
from auditor.identifiers import bare_account
from auditor.model.input import Assumed, ReadAs, how_known
from auditor.read.exchange_sections import Exchange, Section, sections
from auditor.read.exchange_totals import Control, amount_of, control, day_of
from auditor.read.letters import code_page
from auditor.read.text import BLANK, RAGGED, ROW, AsFiled, TextTable
from auditor.tables import columns
from auditor.wording import Say

HEAD = 256
SUFFIXES = (".txt", ".1c")
_MARK = "1CClientBankExchange"
_WINDOWS = ("cp1251", "kz1048", "ptcp154")
# Keys that stand at the top of every such file. The letters in which they can be read are those of the file.
_KEYS = re.compile(
    r"(?:^|[\r\n])[ \t]*(?:версияформата|кодировка|отправитель|получатель|дата\w+|время\w+|расчсчет|секция\w+|конецфайла)"
    r"[ \t]*(?:[=\r\n]|$)"
)
_STRUCTURE = ("секция", "конец")
_TOP = 65_536
_OTHER = {"in": "out", "out": "in"}
_SIDES = {"out": "плательщик", "in": "получатель"}  # whose account it is that the money leaves or reaches
_SUMS = {"out": ("суммарасход",), "in": ("суммаприход", "суммадоход")}
_BOOKED = {"out": "датасписано", "in": "датапоступило"}


def is_exchange(head: bytes) -> bool:
    """Whether the first bytes of a file are those of an exchange file, in whatever letters."""
    text = head[:HEAD].decode(_wide(head) or "latin-1", errors="ignore")
    first = re.split(r"[\r\n]", text.removeprefix("\ufeff").removeprefix("ï»¿"), maxsplit=1)[0]
    return first.strip().casefold() == _MARK.casefold()


def is_exchange_file(path: Path) -> bool:
    """The same of a file on disk; one that cannot be opened is left to who reads it."""
    try:
        with path.open("rb") as source:
            return is_exchange(source.read(HEAD))
    except OSError:
        return False


def read(data: bytes, name: str, say: Say, encoding: str | None = None) -> TextTable:
    """The movements on the accounts of the file. Like NDJSON it counts as if it had a heading: the first document is row 2.

    An own account is one that the header or an account section names as `РасчСчет`. Of a document the first of these tells the
    direction: the one of СуммаРасход and СуммаПриход that is filled and not zero; the one side (payer: out, payee: in) whose account
    is an own one; the one of ДатаСписано and ДатаПоступило that is filled; the one side whose account has a section. Where both
    sides are accounts with a section and nothing else tells, the document is a transfer between them: two movements, for the
    totals of both sections count it. The document's own row is then the payment out, and the arrivals have the rows after that of
    the last document, so that no two movements have one row and every document keeps its own. Otherwise the direction is
    empty, which is a problem of that row.

    The date is the first that is filled of ДатаОперации, ДатаСписано or ДатаПоступило, ДатаВалютирования, ДатаДокумента, Дата. An
    amount in another currency keeps its currency, so that it is no amount. The first opening balance of an account stands on its
    earliest row, the last closing balance on its latest, by day and row. `encoding` is what the auditor says of the letters; it
    counts where the keys of the file do not tell.

    Raises CannotRead for a file without its end, and for one whose letters or lines cannot be told. Totals that do not agree are
    problems of the table.
    """
    read_as = _encoding(data, name, say, encoding)
    text = _decoded(data, read_as, name, say)
    if not _KEYS.search(text[:_TOP].casefold()):
        raise CannotRead(say("read.exchange_no_keys", file=name, encoding=read_as))
    file = sections(text, name, say)
    own = _Own.of(file)
    movements, arrivals = _movements(file, own)
    checked = control(own.sections, _amounts(movements), name, say)
    notes = _notes(file, own, checked, read_as, arrivals, len(file.documents) + 2, say)
    frame = _frame(movements, checked.balances)
    names = list(columns("statement"))

    def as_filed(rows: Collection[int]) -> Mapping[int, Sequence[str]]:
        wanted = frame.filter(pl.col(ROW).is_in(list(rows))).select(ROW, *names)
        return {row: [cell or "" for cell in cells] for row, *cells in wanted.iter_rows()}

    digest = hashlib.sha256(data).hexdigest()
    return TextTable(
        table="statement",
        file=name,
        sheet=None,
        sha256=digest,
        rows=frame.height,
        columns=names,
        frame=frame.lazy(),
        read_as=ReadAs(read_as, "=", sure=True),
        problems=checked.problems,
        notes=notes,
        assumed=[Assumed("encoding", read_as, how_known(stated=encoding is not None, sure=True))],
        as_filed=AsFiled(names, as_filed),
    )


# --- letters ---


def _wide(data: bytes) -> str | None:
    """The UTF-16 that a text is in, by its mark or by the NUL beside its first character."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return {b"1\0": "utf-16-le", b"\x001": "utf-16-be"}.get(data[:2])


def _encoding(data: bytes, name: str, say: Say, said: str | None) -> str:
    """The letters in which the keys can be read; `Кодировка=` is itself such a key, so that it can only agree.

    The Windows code pages have the same letters for the keys: there the auditor tells, or else the values.
    """
    if (wide := _wide(data)) is not None:
        return wide
    head = data[:_TOP]
    page = next((page for page in ("utf-8", "cp1251", "cp866") if _KEYS.search(head.decode(page, errors="replace").casefold())), said)
    if page is None:
        raise CannotRead(say("read.exchange_no_keys", file=name, encoding=", ".join(("utf-8", *_WINDOWS, "cp866"))))
    if page != "cp1251":
        return page
    if said in _WINDOWS:
        return said
    # The keys have capitals in the middle of words, which elsewhere are the mark of a wrong code page.
    lines = re.split(rb"[\r\n]+", data)
    values = [line.partition(b"=")[2] if b"=" in line else line for line in lines if not _is_structure(line)]
    return code_page(Path(name), b"\n".join(values), name, say, _WINDOWS)[0]


def _is_structure(line: bytes) -> bool:
    return line.lstrip()[:6].decode("cp1251", errors="replace").casefold().startswith(_STRUCTURE)


def _decoded(data: bytes, encoding: str, name: str, say: Say) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CannotRead(say("read.exchange_broken_letters", file=name, byte=error.start + 1, encoding=encoding)) from error
    if "\0" in text:
        raise CannotRead(say("read.exchange_nul", file=name))
    return text.removeprefix("\ufeff")


# --- documents ---


@dataclass(frozen=True)
class _Own:
    """The accounts that the file is a statement of, as filed, by their number without blanks; and their sections."""

    accounts: Mapping[str, str]
    sections: Mapping[str, Sequence[Section]]

    @classmethod
    def of(cls, file: Exchange) -> _Own:
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
class _Movement:
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


def _movements(file: Exchange, own: _Own) -> tuple[list[_Movement], int]:
    """The rows of all documents, and how many of them are arrivals of transfers between two accounts of the file."""
    movements: list[_Movement] = []
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


def _directions(document: Section, sides: _Sides, own: _Own) -> Sequence[str | None]:
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


def _movement(row: int, document: Section, sides: _Sides, direction: str | None, own: _Own) -> _Movement:
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
    return _Movement(row, _bare(account), direction, cells)


def _accounts(sides: _Sides, direction: str | None, own: _Own) -> tuple[str | None, _Side]:
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


# --- the table ---


def _amounts(movements: Sequence[_Movement]) -> dict[tuple[str, str], list[Decimal]]:
    found: dict[tuple[str, str], list[Decimal]] = {}
    for movement in movements:
        amount = amount_of(movement.cells["amount"])
        if amount is not None and movement.direction is not None:
            found.setdefault((movement.account, movement.direction), []).append(amount)
    return found


def _frame(movements: Sequence[_Movement], balances: Mapping[str, tuple[str | None, str | None]]) -> pl.DataFrame:
    by_account: dict[str, list[_Movement]] = {}
    for movement in movements:
        by_account.setdefault(movement.account, []).append(movement)
    for account, (opening, closing) in balances.items():
        rows = by_account.get(account, [])
        # A row without a day that can be read has no place in the order, and is left out later.
        dated = [(day, movement.row, movement) for movement in rows if (day := day_of(movement.cells["date"])) is not None]
        if not rows:
            continue
        first, last = (min(dated)[2], max(dated)[2]) if dated else (rows[0], rows[-1])
        first.cells["opening_balance"], last.cells["closing_balance"] = opening, closing
    names = list(columns("statement"))
    frame = pl.DataFrame({name: [movement.cells[name] for movement in movements] for name in names}, schema=dict.fromkeys(names, pl.String))
    numbers = pl.Series(ROW, [movement.row for movement in movements], dtype=pl.Int64)
    return frame.with_columns(numbers, pl.lit(None, dtype=pl.Int64).alias(RAGGED), pl.lit(value=False).alias(BLANK))


def _notes(file: Exchange, own: _Own, checked: Control, read_as: str, arrivals: int, after: int, say: Say) -> list[str]:
    notes: list[str] = []
    stated = (file.header.get("кодировка") or "").strip()
    if stated and not _agrees(stated, read_as):
        notes.append(say("read.exchange_other_letters", stated=stated[:40], encoding=read_as))
    if arrivals:
        notes.append(say("read.exchange_transfers", n=arrivals, row=after))
    unchecked = [*checked.unchecked, *(account for account in own.accounts if account not in own.sections)]
    if unchecked:
        shown = ", ".join(unchecked[:5]) + (" …" if len(unchecked) > 5 else "")
        notes.append(say("read.exchange_no_totals", accounts=shown))
    return notes


def _agrees(stated: str, read_as: str) -> bool:
    word = stated.casefold().replace("-", "")
    if "utf" in word:
        return read_as.startswith("utf")
    return read_as == "cp866" if word.startswith("dos") or "866" in word else read_as in _WINDOWS
