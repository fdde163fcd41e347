"""Names of people and firms folded together: Kazakh, Russian and Latin spellings of one name give the same few letters.

The letters kept are a reduced Latin alphabet: what Kazakh Cyrillic, Russian Cyrillic and the Latin spellings in use tell apart
differently is one letter here. A folded name is for comparing only; it is never shown.
"""

from __future__ import annotations

import polars as pl

# Letters and groups of letters, longest first: of two that begin at the same place the first one counts.
_GROUPS = {
    "shch": "S",
    "сч": "S",
    "дж": "j",
    "dzh": "j",
    "кс": "ks",
    "sh": "S",
    "ch": "C",
    "zh": "j",
    "kh": "h",
    "gh": "g",
    "ts": "ts",
    "ya": "a",
    "ja": "a",
    "yu": "u",
    "ju": "u",
    "yo": "e",
    "jo": "e",
    "ye": "e",
    "je": "e",
    "x": "ks",
}
_CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "э": "e", "ж": "j", "з": "z", "и": "i",
    "й": "i", "і": "i", "ы": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "C", "ш": "S", "щ": "S", "ъ": "",
    "ь": "", "ю": "u", "я": "a",
}  # fmt: skip
_LATIN = {
    "ä": "a", "á": "a", "â": "a", "ç": "C", "ë": "e", "é": "e", "ğ": "g", "ǵ": "g", "ġ": "g", "ı": "i", "í": "i", "ï": "i", "î": "i",
    "y": "i", "ý": "i", "ñ": "n", "ń": "n", "ŋ": "n", "ö": "o", "ó": "o", "ô": "o", "q": "k", "c": "k", "ş": "S", "š": "S", "ž": "j",
    "č": "C", "ü": "u", "ū": "u", "ú": "u", "û": "u", "ŭ": "u", "w": "u", "'": "", "’": "", "ʼ": "",
}  # fmt: skip
_FOLD = {**_GROUPS, **_CYRILLIC, **_LATIN}
# After folding: -ович, -евич, -ич, -овна, -евна, -ична; -ұлы, -қызы. The stem of the father's name is what they stand on.
_PATRONYMIC = r"^(.{3,}?)(?:i?(?:ovi|evi|i)C|i?(?:ovna|evna)|iniCna|iCna|uli|kizi)$"
_ALONE = ("uli", "kizi", "ogli")
# What firms are: written before or after the name, or left out.
_FORMS = ("too", "tov", "ip", "ao", "jSs", "jss", "llp", "llk", "jk", "jauapkerSiligi", "oo")


def tokens(name: pl.Expr) -> pl.Expr:
    """The folded words of a name, sorted: order, letters, patronymic endings and doubled letters no longer matter."""
    lower = name.str.normalize("NFKC").str.to_lowercase()
    letters = lower.str.replace_many(list(_FOLD), list(_FOLD.values()), leftmost=True)
    plain = letters.str.replace_all("[^a-zSC0-9]+", " ")
    # "ия", "iya", "ia" and "я" are written for one another; so are й and и, and doubled letters are often single.
    joined = plain.str.replace_all("i+([aeou])", "${1}")
    for letter in "abdefgijklmnoprstuvzSC":
        joined = joined.str.replace_all(f"{letter}{{2,}}", letter)
    words = joined.str.strip_chars().str.split(" ")
    stems = words.list.eval(pl.element().str.replace(_PATRONYMIC, "${1}"))
    kept = stems.list.eval(pl.element().filter((pl.element() != "") & ~pl.element().is_in([*_ALONE, *_FORMS])))
    return kept.list.sort()
