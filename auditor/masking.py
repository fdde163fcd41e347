"""What of a person's id and of a hostile name may be shown on a screen or in a report."""

from __future__ import annotations

import re
import unicodedata

from auditor.tables import ID_COLUMNS
from auditor.written_ids import UNSEEN, replaced

BIN_DIGITS = ("4", "5", "6")
"""What the fifth digit of a BIN may be (rule catalogue, LED-008)."""
MOST_MARKS = 3
_SHORTEST = 9  # digits of an id without the zeros it begins with
LONGEST_NAME = 160
"""Letters of a name in a sentence or a table: a longer one would push out what is said of it."""
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_USUAL_GAPS = ("", "-", UNSEEN)
# Most texts have nothing but letters of these alphabets and signs of print, of which none is hidden and none a mark.
_PLAIN = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u202f-\u205e\u20a0-\u20bf]*")
_TWELVE = re.compile(r"(?<!\d)\d{12}(?!\d)")
# Twelve digits, or what has the form of an IBAN (ISO 13616), which may end in as many.
_ACCOUNT_OR_TWELVE = re.compile(r"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b|(?<!\d)\d{12}(?!\d)")
_BIRTH = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-6]")
# In a column of ids: with white space, signs within one quotation, or any one letter between its digits.
_LONG_DIGITS = re.compile(r"\d(?:(?:\s{9,99}|(?:[^\w\"«»]|_){0,8}|[^\W\d_])\d){5,}")


def is_personal(identifier: str) -> bool:
    """An IIN: the fifth digit is the tens of a day (0–3); a BIN has another there."""
    return len(identifier) == 12 and identifier.isdecimal() and str(unicodedata.decimal(identifier[4])) not in BIN_DIGITS


def could_be_personal(digits: str) -> bool:
    """An IIN that begins with a day of birth and a digit of its century, as every one does that was issued."""
    return is_personal(digits) and _BIRTH.match("".join(str(unicodedata.decimal(digit)) for digit in digits)) is not None


def masked(identifier: str | None) -> str:
    """An IIN by its last four digits (its first six are a birth date), also one whose first zeros a spreadsheet ate; a BIN whole."""
    if identifier is None:
        return ""
    lost_zeros = identifier.isdecimal() and _SHORTEST <= len(identifier) < 12 and could_be_personal(identifier.zfill(12))
    return f"••••••••{identifier[-4:]}" if is_personal(identifier) or lost_zeros else identifier


def mask_within(text: str) -> str:
    """The same for every twelve-digit run inside a sentence; an account number, which is told by its check digits, stays whole."""
    return _ACCOUNT_OR_TWELVE.sub(_mask_run, text)


def safe(text: str) -> str:
    """A text of a filing, or one that may hold one, as it may stand on a screen, in a mail or in a log: without what commands a terminal,
    and with no id of a person. Ids are looked for in what is shown, for an id with an invisible letter in it is read as one."""
    return mask_anywhere(harmless(text))


def mask_anywhere(text: str) -> str:
    """The same as mask_within, and for an id that is written in two halves, in groups, or with invisible letters in it."""
    return mask_within(replaced(text, _mask_written))


def _mask_run(found: re.Match[str]) -> str:
    run = found.group()
    if not run[0].isalpha():
        return masked(run)
    digits = "".join(str(int(letter, 36)) for letter in run[4:] + run[:4])
    return run if int(digits) % 97 == 1 else _TWELVE.sub(lambda inside: masked(inside.group()), run)


def mask_cell(column: str | None, text: str) -> str:
    """A text about a cell as filed: in a column of ids only the end of any number, for a mistyped IIN still tells a birth date."""
    if column not in ID_COLUMNS:
        return text
    return _LONG_DIGITS.sub(lambda found: "•" * 4 + "".join(filter(str.isdecimal, found.group()))[-4:], text)


def mask_told(column: str | None, message: str, file: str, row: int) -> str:
    """A sentence about a cell, which may quote others of its column, with the same ids hidden. It begins with the file and the row, and
    these stay: without them the cell is not found."""
    begins = message.find(str(row), len(file)) if message.startswith(file) else -1
    place = begins + len(str(row)) if begins >= 0 else 0
    return message[:place] + mask_cell(column, message[place:])


def told_safely(column: str | None, message: str, file: str, row: int, longest: int) -> str:
    """The same as it may stand before anybody's eyes; of a long name of the file its end."""
    named = safe(file)
    return safe(mask_told(column, message, file, row)).replace(named, end_of(named, longest))


def _mask_written(digits: str, gap: str | None) -> str | None:
    """An id by its end. In halves with a usual gap it is one whatever its digits; in groups, or with another gap, it may be no id."""
    usual = gap is not None and gap.strip() in _USUAL_GAPS
    return masked(digits) if could_be_personal(digits) or (usual and is_personal(digits)) else None


def harmless(text: str) -> str:
    """Text without control and format characters (escape sequences, bidi overrides, surrogates), each shown as U+FFFD; and one
    U+FFFD for the marks that stand on no letter or are more than a letter has, which would cover the lines above."""
    if _PLAIN.fullmatch(text):
        return text
    said = []
    marks = MOST_MARKS  # a mark at the beginning would stand on what is said before
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in _HIDDEN or marks == MOST_MARKS + 1:
            said.append(UNSEEN)
        elif marks <= MOST_MARKS:
            said.append(letter)
    return "".join(said)


def end_of(path: str, limit: int) -> str:
    """At most `limit` letters of a path: its end, which has the file's own name; the first is "…" where something was cut off."""
    return path if len(path) <= limit else "…" + path[1 - limit :]


def shortened(text: str, limit: int) -> str:
    """At most `limit` letters; the last is "…" where something was cut off."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
