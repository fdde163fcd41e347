"""Words, numbers and dates in Kazakh, Russian and English. The sentences lie in `reports/wording/<lang>/*.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import cache

import yaml

from auditor.errors import BadUsage
from auditor.resources import folder

LANGUAGES = ("kk", "ru", "en")
GROUP = "\u202f"  # narrow no-break space: a number never breaks over two lines
_MINUS = "\u2212"
_WIDE = Context(prec=80)  # an amount may have 26 digits, and a limit may be a tiyn
_MARK = {"en": ".", "ru": ",", "kk": ","}


class Words:
    """The catalogue of one language; asking for a sentence that is not in it is an error of ours, not an empty string."""

    def __init__(self, lang: str, sentences: Mapping[str, str]) -> None:
        self.lang = lang
        self._sentences = sentences

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence `key` with its values; `n` chooses between `key` and its plural forms `key|one`, `key|few`."""
        if "n" in values:
            form = _plural(self.lang, int(str(values["n"])))
            key = f"{key}|{form}" if f"{key}|{form}" in self._sentences else key
        return self._sentences[key].format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def money(self, amount: Decimal) -> str:
        """7 000 000.00 with grouped digits; always two decimals, for a tiyn can decide."""
        whole, tiyn = f"{abs(amount):.2f}".split(".")
        return f"{_MINUS if amount < 0 else ''}{self.count(int(whole))}{_MARK[self.lang]}{tiyn}"

    def count(self, number: int) -> str:
        """A whole number with grouped digits."""
        return f"{number:,}".replace(",", GROUP).replace("-", _MINUS)

    def measure(self, value: Decimal | int | None) -> str:
        """Money, a count, or a dash where there is neither."""
        if value is None:
            return "–"
        return self.money(value) if isinstance(value, Decimal) else self.count(value)

    def percent(self, share: Decimal) -> str:
        """One decimal and the sign. What is a little over or under 100 % never reads as 100 %."""
        rounded = share.quantize(Decimal("0.1"), ROUND_HALF_UP, _WIDE)
        if rounded == 100 and share != 100:
            rounded = share.quantize(Decimal("0.1"), ROUND_CEILING if share > 100 else ROUND_FLOOR, _WIDE)
        rounded = rounded if rounded else Decimal("0.0")  # no minus before nothing
        return f"{rounded}".replace(".", _MARK[self.lang]).replace("-", _MINUS) + f"{GROUP}%"

    def day(self, day: date) -> str:
        """18.02.2023 in Kazakh and Russian; 18 Feb 2023 in English, where 03/04 would have two readings."""
        if self.lang == "en":
            return f"{day.day} {self('common.months').split()[day.month - 1]} {day.year}"
        return f"{day:%d.%m.%Y}"


def _plural(lang: str, number: int) -> str:
    """CLDR plural category of a whole number (cardinal rules of en, kk and ru)."""
    if lang in ("en", "kk"):
        return "one" if number == 1 else "other"
    if number % 10 == 1 and number % 100 != 11:
        return "one"
    return "few" if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else "many"


@cache
def load(lang: str) -> Words:
    """The words of one language, from every file of its folder; keys are `file.key`."""
    if lang not in LANGUAGES:
        raise BadUsage(f"There is no language {lang!r}; choose one of {', '.join(LANGUAGES)}.")
    sentences: dict[str, str] = {}
    for path in sorted((folder("reports") / "wording" / lang).glob("*.yaml")):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        sentences.update({f"{path.stem}.{key}": str(text) for key, text in loaded.items()})
    return Words(lang, sentences)
