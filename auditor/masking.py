"""What of a person's id and of a hostile name may be shown on a screen or in a report."""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 3
LONGEST_NAME = 160
"""Letters of a name in a sentence or a table: a longer one would push out what is said of it."""
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_SIGN = "\N{REPLACEMENT CHARACTER}"
_TWELVE = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_SPACED = re.compile(r"(?<![0-9])([0-9]{6})[ \u00a0\ufffd-]([0-9]{6})(?![0-9])")
_LONG_DIGITS = re.compile(r"[0-9](?:[^0-9]?[0-9]){5,}")
_ID_COLUMNS = frozenset({"counterparty_id", "person_id", "candidate_id", "vendor_id", "iin"})


def is_personal(identifier: str) -> bool:
    """An IIN: the fifth digit is the tens of a day (0–3); a BIN has 4, 5 or 6 there (spec: LED-008)."""
    return len(identifier) == 12 and identifier.isdigit() and identifier[4] not in "456"


def masked(identifier: str | None) -> str:
    """An IIN by its last four digits (its first six are a birth date); a BIN whole."""
    if identifier is None:
        return ""
    return f"••••••••{identifier[-4:]}" if is_personal(identifier) else identifier


def mask_within(text: str) -> str:
    """The same for every twelve-digit run inside a sentence."""
    return _TWELVE.sub(lambda found: masked(found.group()), text)


def mask_anywhere(text: str) -> str:
    """The same, and for an id that is written in two halves."""
    return mask_within(_SPACED.sub(_mask_spaced, text))


def mask_cell(column: str | None, text: str) -> str:
    """A text about a cell as filed: in a column of ids only the end of any number, for a mistyped IIN still tells a birth date."""
    if column not in _ID_COLUMNS:
        return text
    return _LONG_DIGITS.sub(lambda found: "•" * 4 + re.sub("[^0-9]", "", found.group())[-4:], text)


def _mask_spaced(found: re.Match[str]) -> str:
    whole = found[1] + found[2]
    return masked(whole) if is_personal(whole) else found.group()


def harmless(text: str) -> str:
    """Text without control and format characters (escape sequences, bidi overrides, surrogates), each shown as U+FFFD; and one
    U+FFFD for the marks that stand on no letter or are more than a letter has, which would cover the lines above."""
    if text.isascii() and text.isprintable():
        return text
    said = []
    marks = MOST_MARKS  # a mark at the beginning would stand on what is said before
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in _HIDDEN or marks == MOST_MARKS + 1:
            said.append(_SIGN)
        elif marks <= MOST_MARKS:
            said.append(letter)
    return "".join(said)


def shortened(text: str, limit: int) -> str:
    """At most `limit` letters; the last is "…" where something was cut off."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
