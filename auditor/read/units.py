"""In what the amounts of a table are: nobody may read thousands, or dollars, as tenge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from auditor.errors import CannotRead
from auditor.read.headings import Matched
from auditor.read.instructions import Instructions
from auditor.read.looks import TENGE
from auditor.tables import OF_MONEY, columns

# "в тысячах тенге", ", тыс. тенге", "(мың теңге)", "in thousands of tenge": a unit that stands alone or after a sign. Not "не в тысячах",
# "мың теңгемен емес", nor a limit of "сорок девять миллионов тенге".
_MULTIPLES = re.compile(
    r"(?:^|[(:,;–—]|(?<!не )\bв\b|(?<!not )\bin\b|\bизм\w*\.?)\s*"
    r"(?:тыс\w*|млн|миллион\w*|мың|thousands?|millions?)\.?\s*(?:of\s+)?" + TENGE + r"(?!\w*\s+емес)",
    re.IGNORECASE,
)
# "Суммы в долларах США", at the end of a title of amounts, or alone; and what the heading of an amount may not say. A price may be for a
# thousand of something.
_CURRENCY = re.compile(r"\b(?:в|in)\s+(?:us\s+)?(?:доллар\w*|dollars?|евро|euros?|рубл\w*|rou?bles?)(?:\s+США)?\s*[).]?$", re.IGNORECASE)
_OF_AMOUNTS = re.compile(r"сумм|amount|сома|показател|данн|отч[её]т|report", re.IGNORECASE)
_OTHER_CURRENCY = re.compile(r"(?<![a-zа-яё])(?:usd|eur|rub|долл|евро|руб(?!рик))|[$€₽£]", re.IGNORECASE)
_MULTIPLE = re.compile(r"(?<![a-zа-яё])(?:тыс|млн|млрд|миллион|мың|thousand|million)", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:не|not|no|без|емес)\b", re.IGNORECASE)
_PRICE = "unit_price"
_LONGEST_TITLE, _SHOWN_OF_TITLE = 1_000, 120
_SIGNS_BESIDE = 2  # brackets and the like, where nothing but a unit is written
# A column of a currency or a unit for each amount. What says neither tenge nor another currency is no currency: a heading that stands
# there once more, the number of the column, a signature.
_CURRENCY_COLUMN = re.compile(
    r"(?:код\s+)?валют\w*(?:\s+(?:сч[её]та|операции|плат[её]жа|документа|суммы|перевода))?|валюта\s+коды|ақша\s+бірлігі|currency(?:\s+code)?|ccy",
    re.IGNORECASE,
)
_UNIT_COLUMN = re.compile(r"ед\w*\.?\s*изм\w*\.?|unit(?:s|\s+of\s+measure)?|өлшем\s+бірлігі", re.IGNORECASE)
_SAYS_TENGE = re.compile(TENGE, re.IGNORECASE)
_ISO_4217 = re.compile(
    r"(?:USD|EUR|RU[BR]|GBP|CHF|CNY|CZK|PLN|TRY|KGS|UZS|TJS|TMT|AZN|GEL|AMD|BYN|UAH|AED|JPY|KRW|INR|840|978|643|810|826|156|417|860)\.?",
    re.IGNORECASE,
)
# A note tells in what all the amounts are; a sum in words has thousands too ("Всего: сто тысяч тенге").
_NOTE = re.compile(
    r"\b(?:в|in)\s+(?:тыс|млн|миллион|thousand|million)\w*\.?\s*(?:of\s+)?" + TENGE + r"|\b(?:мың|млн|миллион)\s+теңгемен", re.IGNORECASE
)
NOTES_BELOW = 20
"""So many records at the end of a table are looked at for a note."""


def must_be_tenge(
    titles: Iterable[Sequence[str]],
    heading: Sequence[str],
    matched: Matched,
    at: int,
    where: str,
    instructions: Instructions,
    sheet: str = "",
) -> None:
    """Raise CannotRead where the rows above the heading of a table with amounts, a cell beside the headings, the heading of the amounts
    itself (row `at`), or the name of the sheet says that they are thousands, millions, or of another currency than one that was
    stated: nobody may read them as tenge."""
    money = _money_of(matched)
    if not money:
        return
    amounts = [
        (name, heading[place][:_LONGEST_TITLE]) for name, place in matched.positions.items() if name in money and place < len(heading)
    ]
    stated = bool(instructions.stated.forms.currency)
    said = [(at, text) for name, text in amounts if _is_of_another_unit(name, text, stated=stated)]
    for row, cells in [*enumerate(titles, start=1), (at, [sheet])]:
        said += [(row, cell) for cell in cells if _unit_in(cell, stated=stated)]
    # Another column may be in another unit: of the other headings only one that is nothing but a unit is said of the amounts.
    said += [(at, cell) for cell in heading if (unit := _unit_in(cell, stated=stated)) and len(unit) >= len(cell.strip()) - _SIGNS_BESIDE]
    for row, text in said[:1]:
        raise CannotRead(_not_in_tenge(row, text, where, instructions))


def _money_of(matched: Matched) -> set[str]:
    return {name for name, column in columns(matched.table).items() if column.cell in OF_MONEY}


def _not_in_tenge(row: int, text: str, where: str, instructions: Instructions) -> str:
    return instructions.say("read.not_in_tenge", where=where, row=row, text=" ".join(text.split())[:_SHOWN_OF_TITLE])


def _is_of_another_unit(name: str, heading: str, *, stated: bool) -> bool:
    """Whether the heading of an amount says another unit; a currency does not count where one was `stated`."""
    multiple = name != _PRICE and _MULTIPLE.search(heading)
    currency = not stated and _OTHER_CURRENCY.search(heading)
    return bool(multiple or currency) and not _DENIED.search(heading)


def _unit_in(text: str, *, stated: bool) -> str:
    """What of a title says another unit than tenge; a currency does not count where one was `stated`."""
    title = text[:_LONGEST_TITLE].strip()
    if (found := _MULTIPLES.search(title)) is not None:
        return found.group()
    found = None if stated else _CURRENCY.search(title)
    alone = found is not None and len(found.group()) >= len(title) - _SIGNS_BESIDE
    return found.group() if found is not None and (alone or _OF_AMOUNTS.search(title)) and not _DENIED.search(title) else ""


def notes_below(records: Iterable[tuple[int, Sequence[str]]], where: str, instructions: Instructions) -> None:
    """Raise CannotRead where a record with a single cell, a note below the table, says another unit."""
    stated = bool(instructions.stated.forms.currency)
    for row, cells in records:
        (text, *others) = [cell for cell in cells if cell.strip()] or [""]
        if not others and says_another_unit(text, stated=stated):
            raise CannotRead(_not_in_tenge(row, text, where, instructions))


def says_another_unit(note: str, *, stated: bool) -> bool:
    """Whether a note below a table says that its amounts are thousands, millions, or of another currency (unless one was `stated`)."""
    text = note[:_LONGEST_TITLE].strip()
    alone = _MULTIPLES.fullmatch(text) is not None
    return (alone or _NOTE.search(text) is not None or (_MULTIPLES.search(text) is None and bool(_unit_in(text, stated=stated)))) and not (
        _DENIED.search(text)
    )


def unit_columns(heading: Sequence[str], matched: Matched) -> list[int]:
    """The columns, from 0, that are none of the table's and tell in what each of its amounts is."""
    if not _money_of(matched):
        return []
    taken = {*matched.positions.values(), *matched.left_by}
    texts = ((at, cell.replace("_", " ").strip()) for at, cell in enumerate(heading) if at not in taken and len(cell) <= _LONGEST_TITLE)
    return [at for at, text in texts if _CURRENCY_COLUMN.fullmatch(text) or _UNIT_COLUMN.fullmatch(text)]


def must_say_tenge(cells: Iterable[tuple[int, str]], heading: str, where: str, instructions: Instructions) -> None:
    """Raise CannotRead where a cell of such a column (its row, and what it says) says another currency than tenge, or than one that was
    stated, or a multiple."""
    # Whoever wrote a mapping of a foreign file has looked at its columns.
    stated = bool(instructions.stated.forms.currency) or instructions.stated.mapping is not None
    is_currency = not stated and _CURRENCY_COLUMN.fullmatch(heading.replace("_", " ").strip()) is not None
    for row, cell in cells:
        text = cell[:_LONGEST_TITLE].strip()
        other = is_currency and not _SAYS_TENGE.search(text) and (_ISO_4217.fullmatch(text) or _OTHER_CURRENCY.search(text))
        if other or _unit_in(text, stated=stated):
            raise CannotRead(_not_in_tenge(row, f"{heading}: {text}", where, instructions))
