"""Words, numbers and dates in Kazakh, Russian and English.

The sentences are gettext catalogues, `reports/wording/<lang>/LC_MESSAGES/audit.po`: the English one has them by key, the others translate
the English under that key. What is read here is the .mo beside each, which `make wording` makes of it.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Protocol, TypeVar

from auditor.errors import BadUsage
from auditor.languages import LANGUAGES
from auditor.resources import folder

GROUP = "\u202f"  # narrow no-break space: a number never breaks over two lines
_MINUS = "\u2212"
_WIDE = Context(prec=80)  # an amount may have 26 digits, and a limit may be a tiyn
T = TypeVar("T")
_MARK = {"en": ".", "ru": ",", "kk": ","}


class Say(Protocol):
    """What says a sentence: the words of one language, for whoever need not know that they are a catalogue."""

    @property
    def lang(self) -> str:
        """The language."""
        ...

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence of this key with its values."""
        ...

    def day(self, day: date) -> str:
        """The day as that language writes it."""
        ...


class Words:
    """The catalogue of one language; asking for a sentence that is not in it is an error of ours, not an empty string."""

    def __init__(self, lang: str, english: NullTranslations, translated: NullTranslations) -> None:
        self.lang = lang
        self._english = english
        self._translated = translated

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence `key` (`part.name`) with its values; where it has plural forms, `n` chooses between them."""
        return self.sentence(key, int(str(values["n"])) if "n" in values else None).format(**values)

    def sentence(self, key: str, n: int | None = None) -> str:
        """The sentence `key` with its placeholders, in the form for `n`. Raises KeyError where there is none."""
        if n is not None:
            one, more = (self._english.ngettext(key, key, number) for number in (1, 2))
            if one != key:
                return self._translated.npgettext(key, one, more, n)
        said = self._english.gettext(key)
        if said == key:
            raise KeyError(key)
        return self._translated.pgettext(key, said)

    def __contains__(self, key: str) -> bool:
        return {self._english.gettext(key), self._english.ngettext(key, key, 1)} != {key}

    def money(self, amount: Decimal) -> str:
        """7 000 000.00 with grouped digits; always two decimals, for a tiyn can decide."""
        whole, tiyn = f"{abs(amount):.2f}".split(".")
        return f"{_MINUS if amount < 0 else ''}{self.count(int(whole))}{_MARK[self.lang]}{tiyn}"

    def count(self, number: int) -> str:
        """A whole number with grouped digits."""
        return f"{number:,}".replace(",", GROUP).replace("-", _MINUS)

    def number(self, value: Decimal | int) -> str:
        """A number of the law with grouped digits; decimals only where it is not whole, as they are written."""
        if value == int(value):
            return self.count(int(value))
        whole, _, decimals = f"{value:f}".partition(".")
        return f"{self.count(int(whole))}{_MARK[self.lang]}{decimals}"

    def measure(self, value: Decimal | int | None) -> str:
        """Money, a count, or a dash where there is neither."""
        if value is None:
            return "–"
        return self.money(value) if isinstance(value, Decimal) else self.count(value)

    def percent(self, share: Decimal) -> str:
        """One decimal and the sign. What is a little over or under 100 %, or over nothing, says so."""
        rounded = share.quantize(Decimal("0.1"), ROUND_HALF_UP, _WIDE)
        sign = ""
        if rounded == 100 and share != 100:
            sign, rounded = (">" if share > 100 else "<") + GROUP, Decimal(100)
        elif not rounded and share > 0:
            sign, rounded = "<" + GROUP, Decimal("0.1")
        whole, tenth = f"{abs(rounded):f}".partition(".")[::2]
        minus = _MINUS if rounded < 0 else ""  # none before nothing
        return f"{sign}{minus}{self.count(int(whole))}{_MARK[self.lang] + tenth if tenth else ''}{GROUP}%"

    def day(self, day: date) -> str:
        """18.02.2023 in Kazakh and Russian; 18 Feb 2023 in English, where 03/04 would have two readings."""
        if self.lang == "en":
            return f"{day.day} {self('common.months').split()[day.month - 1]} {day.year}"
        return f"{day:%d.%m.%Y}"


class Refusal(str):
    """A sentence in English that whoever knows the language of the command can say in it; values may be such sentences too."""

    __slots__ = ("key", "values")
    key: str
    values: Mapping[str, object]

    def in_(self, words: Words) -> str:
        """The same in the language of `words`."""
        return words(self.key, **{name: in_words(value, words) for name, value in self.values.items()})


def in_words(said: T, words: Words) -> T | str:
    """What was said, in the language of `words` if it is known in it."""
    return said.in_(words) if isinstance(said, Refusal) else said


def refusal(key: str, /, near: str | None = None, **values: object) -> Refusal:
    """What is said of a mistake in a command, and what was probably meant. It is made where no language is known."""
    said = Refusal(load("en")(key, **values))
    said.key, said.values = key, values
    return said if near is None else refusal("usage.perhaps", said=said, word=repr(near))


_SYSTEM = {
    errno.ENOENT: "usage.os_missing",
    errno.ENOTDIR: "usage.os_missing",
    errno.EACCES: "usage.os_denied",
    errno.EPERM: "usage.os_denied",
    errno.EISDIR: "usage.os_folder",
    errno.ENOSPC: "usage.os_full",
    errno.EROFS: "usage.os_read_only",
}


def system_error(error: OSError) -> Refusal | str:
    """What the system says is wrong with a file; of what it does not often say, its own words."""
    return refusal(_SYSTEM[error.errno]) if error.errno in _SYSTEM else error.strerror or str(error)


def told_system_error(error: OSError, say: Say) -> str:
    """The same where the language is known."""
    return say(_SYSTEM[error.errno]) if error.errno in _SYSTEM else error.strerror or str(error)


@cache
def load(lang: str) -> Words:
    """The words of one language: kk, ru or en. Raises BadUsage for another one."""
    if lang not in LANGUAGES:
        raise BadUsage(f"There is no language {lang!r}; choose one of {', '.join(LANGUAGES)}.")
    english = _catalogue("en")
    return Words(lang, english, NullTranslations() if lang == "en" else _catalogue(lang))


@cache
def _catalogue(lang: str) -> GNUTranslations:
    with (folder("reports") / "wording" / lang / "LC_MESSAGES" / "audit.mo").open("rb") as compiled:
        return GNUTranslations(compiled)
