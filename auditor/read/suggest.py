"""A first mapping file for a foreign table: what its headings and cells tell, and in comments what a person has to say."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from auditor.amounts import SPACES
from auditor.errors import CannotRead
from auditor.masking import mask_anywhere, shortened
from auditor.read.choices import DELIMITERS
from auditor.read.heading_row import TITLE_ROWS
from auditor.read.headings import match, nearest
from auditor.read.instructions import Instructions
from auditor.read.looks import DAY
from auditor.read.preview import Preview
from auditor.tables import Cell, Column, columns
from auditor.wording import Say

_DAY = re.compile(rf"{DAY}(?:[ T].*)?")
_MARKED_DAY = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-][0-9]{4}")
_AMOUNT = re.compile(rf"\(?[^\w(]{{0,3}}\s*[-\u2212]?\s*[0-9][0-9.,'’{SPACES}]*\)?\s*[^\W\d]{{0,5}}[^\w]{{0,2}}")
_MOST_WORDS = 40
_DELIMITER_WORDS = {sign: word for word, sign in DELIMITERS.items()}
_ALIKE = 0.8
CodesOf = Callable[[Column], tuple[Sequence[str], Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The text of a mapping file, and the required columns that nothing in the file tells."""

    text: str
    missing: Sequence[str]


def suggestion(
    seen: Preview,
    table: str,
    name: str,
    instructions: Instructions,
    codes_of: CodesOf,
    fold: Callable[[str], str],
    currency: Collection[str],
) -> Suggestion:
    """What is suggested for a file whose first rows are `seen`. `codes_of` gives a column's codes and the known words for them;
    `currency` are the signs that may stand behind any amount."""
    at, heading = _heading(seen.rows, table, instructions)
    body = [row for row in seen.rows[at:] if any(cell.strip() for cell in row)]
    by_heading, nearly = _by_heading(heading, table, instructions) if heading is not None else ({}, set())
    by_cells = _by_cells(body, table, by_heading)
    found = by_heading | by_cells
    say = instructions.say
    lines = [f"# {say('map.made_for', file=_one_line(name))}", f"table: {table}"]
    lines += _layout(seen, at, heading)
    lines += _forms(body, table, found, currency, say)
    lines.append("columns:" if found else "columns: {}")
    for column in columns(table).values():
        if column.name in found:
            guess = "by_cells" if column.name in by_cells else "nearly" if column.name in nearly else None
            lines.append(f"  {column.name}: {_place(found[column.name], heading)}" + (f"  # {say(f'map.{guess}')}" if guess else ""))
    missing = [column.name for column in columns(table).values() if column.required and column.name not in found]
    lines += _to_say(missing, table, codes_of, say)
    lines += _words(body, table, found, codes_of, fold, say)
    unused = [n for n in range(max((len(row) for row in body), default=0)) if n not in found.values()]
    if unused:
        lines.append(f"# {say('map.unused')}")
        lines += [f"#   {_place(n, heading)}: {_examples(body, n)}" for n in unused]
    return Suggestion("\n".join(lines) + "\n", missing)


def _heading(rows: Sequence[Sequence[str]], table: str, instructions: Instructions) -> tuple[int, Sequence[str] | None]:
    """The row of the heading and its cells: the stated one, the one with most known names, else the first that has no number or
    day in it. Row 0 and None where the table begins with its records."""
    if instructions.stated.heading_row is not None:
        at = instructions.stated.heading_row
        return at, rows[at - 1] if 0 < at <= len(rows) else None
    known = []
    for at, row in enumerate(rows[:TITLE_ROWS], start=1):
        try:
            known.append((len(match(table, row, instructions, "", at).positions), -at))
        except CannotRead:
            known.append((0, -at))
    most, at = max(known, default=(0, 0))
    if most >= 2:
        return -at, rows[-at - 1]
    for at, row in enumerate(rows[:TITLE_ROWS], start=1):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) >= 2:
            return (0, None) if any(_is_day(cell) or _is_amount(cell) for cell in filled) else (at, row)
    return 0, None


def _is_day(cell: str) -> bool:
    return _DAY.fullmatch(cell.strip()) is not None


def _is_amount(cell: str) -> bool:
    return _AMOUNT.fullmatch(cell.strip()) is not None and not _is_day(cell)


def _by_heading(heading: Sequence[str], table: str, instructions: Instructions) -> tuple[dict[str, int], set[str]]:
    """Columns that the heading names, and which of them it names only nearly."""
    try:
        found = dict(match(table, heading, instructions, "").positions)
    except CannotRead:  # a name stands twice: neither is meant
        found = {}
    nearly = set()
    for name in columns(table):
        free = [cell for n, cell in enumerate(heading) if cell.strip() and n not in found.values() and heading.count(cell) == 1]
        if name not in found and (near := nearest(name, table, free, instructions.headings, _ALIKE)) is not None:
            found[name] = list(heading).index(near)
            nearly.add(name)
    return found, nearly


def _by_cells(body: Sequence[Sequence[str]], table: str, known: Mapping[str, int]) -> dict[str, int]:
    """The date and the amount, if no heading tells: the first column of nothing but days, and the numbers with the most different
    values."""
    wanted = [name for name in ("date", "amount") if name in columns(table) and name not in known]
    width = max((len(row) for row in body), default=0)
    found: dict[str, int] = {}
    cells = {n: [row[n] for row in body if n < len(row) and row[n].strip()] for n in range(width) if n not in known.values()}
    if "date" in wanted:
        days = [n for n, texts in cells.items() if texts and sum(map(_is_day, texts)) >= 0.9 * len(texts)]
        found.update({"date": max(days, key=lambda n: (len(cells[n]), -n))} if days else {})
    if "amount" in wanted:
        sums = [n for n, texts in cells.items() if texts and sum(map(_is_amount, texts)) >= 0.9 * len(texts) and n not in found.values()]
        sums = [n for n in sums if not all(_like_an_id(text) for text in cells[n])]
        found.update({"amount": max(sums, key=lambda n: (_money_like(cells[n]), -n))} if sums else {})
    return found


def _like_an_id(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) >= 9 or re.fullmatch(r"(?:19|20)[0-9]{2}", text.strip()) is not None


def _money_like(texts: Sequence[str]) -> tuple[bool, int]:
    """Money is often round and seldom short; a number that counts rows is never the same twice."""
    different = set(texts)
    counts_rows = len(different) == len(texts) > 10 and not any(re.search(r"[.,]", text) for text in texts)
    digits = [int(number) for text in texts if (number := re.sub(r"\D", "", text))]
    return (not counts_rows, sum(number >= 20 and number % 5 == 0 for number in digits))


def _layout(seen: Preview, at: int, heading: Sequence[str] | None) -> list[str]:
    lines = []
    if seen.encoding is not None and seen.encoding != "utf-8":
        lines.append(f"encoding: {seen.encoding}" + ("" if seen.sure else "  # ?"))
    if seen.delimiter is not None:
        lines.append(f"delimiter: {_DELIMITER_WORDS[seen.delimiter]}")
    if seen.sheet is not None:
        lines.append(f"sheet: {_quoted(seen.sheet)}")
    if heading is None:
        lines.append("heading_row: none")
    elif at != 1:
        lines.append(f"heading_row: {at}")
    return lines


def _forms(body: Sequence[Sequence[str]], table: str, found: Mapping[str, int], currency: Collection[str], say: Say) -> list[str]:
    """Order of dates, decimal mark, sign of the currency, and what is below zero."""
    lines = []
    days = [pair for text in _cells(body, found.get("date")) if (pair := _MARKED_DAY.fullmatch(text.split(" ")[0]))]
    if days:
        first, second = any(int(day[1]) > 12 for day in days), any(int(day[2]) > 12 for day in days)
        order = "dmy" if first and not second else "mdy" if second and not first else None
        example = next((day[0] for day in days if int(day[1]) > 12 or int(day[2]) > 12), days[0][0])
        lines.append(f"date_order: {order}  # {example}" if order else f"# date_order: dmy  # {say('map.which_order', example=example)}")
    amounts = _cells(body, found.get("amount"))
    marks = {mark: sum(re.search(rf"[0-9]{re.escape(mark)}[0-9]{{1,2}}\D*$", text) is not None for text in amounts) for mark in ".,"}
    groups = [text for text in amounts if re.search(r"(?<![0-9])[0-9]{1,3}[.,'’][0-9]{3}(?![0-9])", text)]
    if groups and (marks["."] > 0) != (marks[","] > 0):
        lines.append(f"decimal_mark: {'point' if marks['.'] else 'comma'}  # {_example(groups[0])}")
    elif groups:
        lines.append(f"# decimal_mark: point  # {say('map.which_mark', example=_example(groups[0]))}")
    figures = [text for text in amounts if any(map(str.isdigit, text))]  # an amount in words has no currency to tell
    signs = Counter(
        sign for text in figures for sign in re.findall(r"[^\w\s.,'’()\-\u2212]|[^\W\d_]+", text) if sign.lower() not in currency
    )
    if signs:
        # "тыс" and "USD" stand where a currency does, and a person has to say what they are.
        shown = ", ".join(_quoted(sign) for sign, _ in signs.most_common(3))
        lines.append(f"# currency: [{shown}]  # {say('map.which_currency')}")
    below = sum(re.match(r"[^\w(]*[-\u2212]|\(", text) is not None for text in amounts)
    if below and table == "reports":
        lines += [
            f"# {say('map.below_zero', n=below)}",
            "# negative:",
            "#   donation: donation_refund",
            "#   expenditure: expenditure_refund",
        ]
    return lines


def _to_say(missing: Sequence[str], table: str, codes_of: CodesOf, say: Say) -> list[str]:
    if not missing:
        return []
    lines = [f"# {say('map.missing')}", "# constants:"]
    for name in missing:
        codes, _ = codes_of(columns(table)[name])
        lines.append(f"#   {name}: {'  # ' + say('map.one_of', codes=', '.join(codes)) if codes else '...'}")
    return lines


def _words(
    body: Sequence[Sequence[str]],
    table: str,
    found: Mapping[str, int],
    codes_of: CodesOf,
    fold: Callable[[str], str],
    say: Say,
) -> list[str]:
    """The words of code columns that are no code and no known word, each with how often it stands there."""
    lines: list[str] = []
    for name, at in found.items():
        column = columns(table)[name]
        if column.cell is not Cell.CODE:
            continue
        codes, words = codes_of(column)
        unknown = Counter(text for text in _cells(body, at) if text.lower() not in codes and fold(text) not in words)
        if unknown:
            lines += [f"#   {name}:  # {say('map.one_of', codes=', '.join(codes))}"]
            lines += [f"#     ...: [{_quoted(text)}]  # {say('map.times', n=count)}" for text, count in unknown.most_common(_MOST_WORDS)]
    return [f"# {say('map.words')}", "# words:", *lines] if lines else []


def _cells(body: Sequence[Sequence[str]], at: int | None) -> list[str]:
    return [row[at].strip() for row in body if at < len(row) and row[at].strip()] if at is not None else []


def _place(at: int, heading: Sequence[str] | None) -> str:
    unnamed = heading is None or at >= len(heading) or not heading[at].strip()
    return str(at + 1) if heading is None or unnamed or heading.count(heading[at]) > 1 else _quoted(heading[at].strip())


def _examples(body: Sequence[Sequence[str]], at: int) -> str:
    different = list(dict.fromkeys(_cells(body, at)))[:3]
    return " · ".join(map(_example, different)) or "–"


def _example(text: str) -> str:
    """A cell in a comment, which it cannot leave; it needs no whole id of a person, and the file may go from hand to hand."""
    return shortened(mask_anywhere(_one_line(text)), 40)


def _one_line(text: str) -> str:
    return "".join(letter for letter in re.sub(r"\s+", " ", text) if letter.isprintable())


def _quoted(text: str) -> str:
    """A YAML scalar: plain where nothing in it could be read otherwise, else in quotes (JSON's are YAML's)."""
    if re.fullmatch(r"[^\W\d_][\w ()./№-]*", text) and text == text.strip() and text.lower() != "null":
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())
