"""The banks' exchange file (`1CClientBankExchange`, in its Kazakh and its Russian dialect) → the table `statement`, cells as text."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import polars as pl

from auditor.listing import listed
from auditor.model.input import Assumed, ReadAs, how_known
from auditor.read.exchange_letters import agrees, decoded, encoding_of
from auditor.read.exchange_movements import Own, StatementRow, movements_of
from auditor.read.exchange_sections import Exchange, sections
from auditor.read.exchange_totals import Control, amount_of, control, day_of
from auditor.read.text_table import BLANK, RAGGED, ROW, AsFiled, TextTable
from auditor.tables import columns
from auditor.wording import Say

_MOST_NAMED = 5


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
    read_as = encoding_of(data, name, say, encoding)
    text = decoded(data, read_as, name, say)
    file = sections(text, name, say)
    own = Own.of(file)
    movements, arrivals = movements_of(file, own)
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


def _amounts(movements: Sequence[StatementRow]) -> dict[tuple[str, str], list[Decimal]]:
    found: dict[tuple[str, str], list[Decimal]] = {}
    for movement in movements:
        amount = amount_of(movement.cells["amount"])
        if amount is not None and movement.direction is not None:
            found.setdefault((movement.account, movement.direction), []).append(amount)
    return found


def _frame(movements: Sequence[StatementRow], balances: Mapping[str, tuple[str | None, str | None]]) -> pl.DataFrame:
    by_account: dict[str, list[StatementRow]] = {}
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


def _notes(file: Exchange, own: Own, checked: Control, read_as: str, arrivals: int, after: int, say: Say) -> list[str]:
    notes: list[str] = []
    stated = (file.header.get("кодировка") or "").strip()
    if stated and not agrees(stated, read_as):
        notes.append(say("read.exchange_other_letters", stated=stated[:40], encoding=read_as))
    if arrivals:
        notes.append(say("read.exchange_transfers", n=arrivals, row=after))
    unchecked = [*checked.unchecked, *(account for account in own.accounts if account not in own.sections)]
    if unchecked:
        notes.append(say("read.exchange_no_totals", accounts=listed(unchecked, _MOST_NAMED)))
    return notes
