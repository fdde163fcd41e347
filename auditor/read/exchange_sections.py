"""The lines of the banks' exchange file → its header, its accounts and its documents, each with the keys as filed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from auditor.errors import CannotRead
from auditor.wording import Say

LONGEST_LINE = 1_000_000
MOST_LINES = 10_000_000
END_OF_FILE = "КонецФайла"
_ENDS = {"секциярасчсчет": "КонецРасчСчет", "секциядокумент": "КонецДокумента"}
_CUT = {"": "read.exchange_cut", "секциярасчсчет": "read.exchange_cut_account", "секциядокумент": "read.exchange_cut_document"}
_KEY = re.compile(r"\s*\w+\s*")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between the beginning of a section and its end. `line` is where it begins; keys are folded, values as filed.
    A value that went on in the next lines, and the different values of a key that stands several times, are joined by line feeds."""

    line: int
    values: Mapping[str, str] = field(default_factory=dict)

    def first(self, *keys: str) -> str | None:
        """The value of the first of these keys that is filled."""
        return next((value for key in keys if (value := self.values.get(key, "")).strip()), None)


class _Values:
    """The values of one section while it is read. They are joined once, at its end: there may be millions of lines."""

    def __init__(self) -> None:
        self.last = ""
        self._lines: dict[str, list[str]] = {}
        self._met: dict[str, set[str]] = {}

    def add(self, key: str, value: str) -> None:
        """A `key=value`; a value that was met before says nothing new. Of two different values nobody can tell which one is meant: an
        amount, a date or an account of two lines is then a problem of its cell."""
        self.last = key
        met = self._met.setdefault(key, set())
        if not met:
            self._lines[key] = [value]
        elif value.strip() and value.strip() not in met:
            self._lines[key].append(value)
        met |= {value.strip()} - {""}

    def go_on(self, line: str) -> None:
        """A line that goes on with the value before it."""
        self._lines[self.last].append(line)
        self._met[self.last] |= {line.strip()} - {""}

    def joined(self) -> dict[str, str]:
        """Every key with its value, whose lines are joined by line feeds."""
        return {key: "\n".join(lines) for key, lines in self._lines.items()}


@dataclass(frozen=True)
class Exchange:
    """One file: the accounts that its header names, its account sections, and its documents, in their order."""

    header: Mapping[str, str]
    named: Sequence[str]
    accounts: Sequence[Section]
    documents: Sequence[Section]


def exchange_key(key: str) -> str:
    """A key without what banks write differently: case, blanks at its ends, ё/е."""
    return key.strip().casefold().replace("ё", "е")


def sections(text: str, name: str, say: Say) -> Exchange:
    """The parts of a file. Raises CannotRead for a file that ends before its end, and for lines that belong to no part of it.

    Inside a document a line that is no `key=value` goes on with the value before it: banks let line breaks through in the purpose
    of a payment. Anywhere else such a line means that the file was damaged.
    """
    lines = _lines(text, name, say)
    header, named = _Values(), list[str]()
    parts: dict[str, list[Section]] = {kind: [] for kind in _ENDS}
    kind, begun, values = "", 0, _Values()
    ended = False
    for number, line in enumerate(lines, start=1):
        if number == 1 or not line.strip():
            continue
        written, equals, value = line.partition("=")
        key = exchange_key(written)
        if ended:
            raise CannotRead(say("read.exchange_after_end", file=name, line=number, text=_quoted(line), end=END_OF_FILE))
        if key in _ENDS:
            if kind:
                raise CannotRead(
                    say("read.exchange_not_closed", file=name, line=number, begin=written.strip(), end=_ENDS[kind], first=begun)
                )
            kind, begun, values = key, number, _Values()
        elif kind and key == exchange_key(_ENDS[kind]):
            parts[kind].append(Section(begun, values.joined()))
            kind = ""
        elif not kind and key == exchange_key(END_OF_FILE):
            ended = True
        elif kind and equals and _KEY.fullmatch(written):
            values.add(key, value)
        elif kind == "секциядокумент" and values.last and key != exchange_key(END_OF_FILE):
            values.go_on(line)
        elif not kind and equals and not parts["секциядокумент"]:
            header.add(key, value)
            if key == "расчсчет" and value.strip():
                named.append(value)
        elif key == exchange_key(END_OF_FILE) or not any(later.strip() for later in lines[number:]):
            break
        else:
            raise CannotRead(say("read.exchange_stray", file=name, line=number, text=_quoted(line)))
    if not ended:
        at = max((number for number, line in enumerate(lines, start=1) if line.strip()), default=1)
        raise CannotRead(say(_CUT[kind], file=name, line=at, end=_ENDS.get(kind, END_OF_FILE), begun=begun))
    return Exchange(header.joined(), named, parts["секциярасчсчет"], parts["секциядокумент"])


def _lines(text: str, name: str, say: Say) -> list[str]:
    if max(text.count("\n"), text.count("\r")) > MOST_LINES:
        raise CannotRead(say("read.exchange_many_lines", file=name, most=f"{MOST_LINES:,}"))
    # Files of DOS end with U+001A.
    lines = re.split(r"\r\n|\r|\n", text.rstrip("\x1a\r\n"))
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise CannotRead(say("read.exchange_long_line", file=name, line=number, most=f"{LONGEST_LINE:,}"))
    return lines


def _quoted(line: str) -> str:
    text = line.strip()
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
