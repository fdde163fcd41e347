"""What a line on a terminal is made of: inert texts of some width, in columns, headed, broken and coloured."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.masking import harmless, safe, shortened
from auditor.wording import Words

MOST_NAME = 60
MOST_TEXT = 600
MOST_IDS = 12
_STYLE = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "green": "32"}


Indented = Iterator[tuple[str, int]]
"""Texts, each with the number of blanks before it."""


def lines_of(texts: Indented, width: int) -> str:
    """Texts below one another in lines no wider than `width`, what a line leaves two blanks further in; nothing in them commands the
    terminal."""
    lines: list[str] = []
    for text, indent in texts:
        space = " " * indent
        lines += textwrap.wrap(safe(text), width, initial_indent=space, subsequent_indent=space + "  ", break_on_hyphens=False) or [""]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Terminal:
    """A screen of so many columns, in one language. Colour never says more than the words do."""

    words: Words
    columns: int
    color: bool

    def say(self, key: str, **values: object) -> str:
        """A sentence of the screen."""
        return self.words(f"screen.{key}", **values)

    def heading(self, text: str, style: str) -> Iterator[str]:
        """The first line of a block, below an empty one."""
        yield ""
        yield from self.wrapped(text, "", "  ", style=style)

    def labelled(self, label: str, text: str) -> Iterator[str]:
        """A text behind what it is about."""
        yield from self.wrapped(text, f"  {fit(label, 12)} ", " " * 15)

    def wrapped(self, text: str, first: str, rest: str | None = None, style: str = "") -> Iterator[str]:
        """A text over as many lines as it needs: the first begins with `first`, the others with `rest`."""
        following = first if rest is None else rest
        broken = textwrap.wrap(harmless(text), self.columns, initial_indent=first, subsequent_indent=following, break_on_hyphens=False)
        for line in broken or [first.rstrip()]:
            shown = line.replace(_UNBROKEN, " ")
            yield self.styled(shown, style) if style else shown

    def styled(self, text: str, style: str) -> str:
        """A text in a style, where the terminal has colours."""
        return f"\033[{_STYLE[style]}m{text}\033[0m" if self.color else text


_UNBROKEN = "\u00a0"


def unbroken(text: str) -> str:
    """A few words that stay on one line: a number and what it counts."""
    return text.replace(" ", _UNBROKEN)


# White space but the narrow no-break space, which holds the digits of an amount together.
_SPACES = re.compile(r"[^\S\u202f]+")


def on_screen(text: str | None, limit: int = MOST_NAME) -> str:
    """A text from a filing as it may stand on a screen: inert, without an IIN, on one line and not longer than what is said of it."""
    looked_at = (text or "")[: limit * 20].rstrip("0123456789") if len(text or "") > limit * 20 else text or ""
    return shortened(_SPACES.sub(" ", safe(looked_at)).strip(), limit)


def tail(text: str, wide: int) -> str:
    """The file's own name and its row where the whole path is too long; of that the beginning, which tells whose it is, and the end."""
    own = text if width(text) <= wide else text.rsplit("/", 1)[-1]
    first = wide * 2 // 5
    return own if width(own) <= wide else f"{own[:first]}…{own[-(wide - first - 1) :]}"


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, wide: int, *, right: bool = False) -> str:
    """A text in exactly so many columns, cut or filled."""
    if width(text) > wide:
        kept = text[: max(wide - 1, 0)]
        while width(kept) > wide - 1 and kept:
            kept = kept[:-1]
        text = kept + "…" if wide else ""
    space = " " * (wide - width(text))
    return space + text if right else text + space
