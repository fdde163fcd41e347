"""A bank reconciliation as a screen, CSV or JSON: one row a pair, both sides beside each other."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal

from auditor.masking import masked, safe, shortened
from auditor.model.reconciliation import Pairing, Side
from auditor.render.data import exact, formula_free
from auditor.wording import Words

STATUSES = ("matched", "near", "books", "statement")
_COLUMNS = ("status", "account", "contestant_id", "direction", "differs")
_SIDE = ("file", "row", "date", "amount", "name", "id")


def as_rows(pairings: Sequence[Pairing]) -> Iterator[dict[str, str | int | None]]:
    """Flat rows with plain values; the columns of each side begin with `books_` and `statement_`."""
    for one in pairings:
        yield {
            "status": one.status,
            "account": one.account,
            "contestant_id": one.contestant_id,
            "direction": one.direction,
            "differs": " ".join(one.why),
            **_side("books", one.books),
            **_side("statement", one.statement),
        }


def as_csv(pairings: Sequence[Pairing]) -> str:
    """One pair a row, for a spreadsheet; texts that would run as a formula are made harmless."""
    out = io.StringIO()
    columns = [*_COLUMNS, *(f"{side}_{name}" for side in ("books", "statement") for name in _SIDE)]
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in as_rows(pairings):
        writer.writerow({name: value if name.endswith(("_amount", "_row")) else formula_free(value) for name, value in row.items()})
    return out.getvalue()


def as_json(pairings: Sequence[Pairing]) -> str:
    """One object with the counts and the rows."""
    counts = {status: sum(one.status == status for one in pairings) for status in STATUSES}
    rows = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in as_rows(pairings))
    return f'{{\n  "format": "bank-reconciliation/1",\n  "counts": {json.dumps(counts)},\n  "rows": [\n    {rows}\n  ]\n}}\n'


def as_text(pairings: Sequence[Pairing], words: Words, *, width: int) -> str:
    """What is not matched, account by account, near matches with what differs; then the counts."""
    labels = {side: words(f"screen.pair_{side}") for side in ("books", "statement")}
    wide = max(map(len, labels.values()))
    lines: list[str] = []
    account: str | None = ""
    for one in (pairing for pairing in pairings if pairing.status != "matched"):
        if one.account != account:
            account = one.account
            lines += ["", shortened(f"{safe(account or '–')}  {safe(one.contestant_id or '–')}", width)]
        for label, side in (("books", one.books), ("statement", one.statement)):
            if side is not None:
                lines.append(_line(f"{labels[label]:<{wide}}", one, side, words, width))
        if one.status == "near":
            lines.append("      " + words("screen.pair_near", why=", ".join(words(f"screen.differs_{why}") for why in one.why) or "–"))
    counts = " · ".join(f"{words(f'screen.pairs_{status}')}: {_count(pairings, status, words)}" for status in STATUSES)
    broken = textwrap.wrap(counts, width, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join([*lines, "", *broken]).lstrip("\n") + "\n"


def _count(pairings: Sequence[Pairing], status: str, words: Words) -> str:
    chosen = [one for one in pairings if one.status == status]
    total = sum((side.amount for one in chosen if (side := one.books or one.statement) is not None), Decimal("0.00"))
    return f"{words.count(len(chosen))} ({words.money(total)})"


def _line(label: str, one: Pairing, side: Side, words: Words, width: int) -> str:
    sign = "+" if one.direction == "in" else "\u2212"
    name = safe(side.name or "") or masked(side.identifier) or "–"
    place = f"{safe(side.place.file)}:{side.place.row}"
    return shortened(f"  {label}  {words.day(side.date):<11}  {sign}{words.money(side.amount):>18}  {place}  {name}", width)


def _side(label: str, side: Side | None) -> dict[str, str | int | None]:
    if side is None:
        return dict.fromkeys((f"{label}_{name}" for name in _SIDE), None)
    values = (side.place.file, side.place.row, side.date.isoformat(), exact(side.amount), side.name, side.identifier)
    return {f"{label}_{name}": value for name, value in zip(_SIDE, values, strict=True)}
