"""Names of people and firms folded together: Kazakh, Russian and Latin spellings of one name give the same few letters.

The letters kept are a reduced Latin alphabet: what Kazakh Cyrillic, Russian Cyrillic and the Latin spellings in use tell apart
differently is one letter here. A folded name is for comparing only; it is never shown.
"""

from __future__ import annotations

import polars as pl

# Groups of letters: of two that begin at the same place the first counts. "сх" is "sh" in one Latin spelling and "skh" in another,
# so it is one letter with "ш"; "зх" and "кх" likewise.
_GROUPS = {
    "shch": "S", "sch": "S", "сч": "S", "skh": "S", "сх": "S", "сһ": "S", "sh": "S", "ch": "C",
    "дж": "j", "dzh": "j", "dj": "j", "zkh": "j", "зх": "j", "зһ": "j", "zh": "j",
    "kkh": "h", "кх": "h", "қх": "h", "qh": "h", "kh": "h", "gh": "g", "x": "ks",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "э": "e", "ж": "j", "з": "z", "и": "i",
    "й": "i", "і": "i", "ы": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "C", "ш": "S", "щ": "S", "ъ": "",
    "ь": "", "ю": "u", "я": "a",
}  # fmt: skip
_LATIN = {
    "ä": "a", "á": "a", "â": "a", "ə": "a", "ç": "C", "ë": "e", "é": "e", "ğ": "g", "ǵ": "g", "ġ": "g", "ı": "i", "í": "i", "ï": "i",
    "î": "i", "y": "i", "ý": "i", "ñ": "n", "ń": "n", "ŋ": "n", "ö": "o", "ó": "o", "ô": "o", "ɵ": "o", "q": "k", "c": "k", "ş": "S",
    "š": "S", "ž": "j", "č": "C", "ü": "u", "ū": "u", "ú": "u", "û": "u", "ŭ": "u", "w": "u",
}  # fmt: skip
_FOLD = {**_GROUPS, **_CYRILLIC, **_LATIN}
# Quotes and apostrophes, accents left alone by NFKC (as of "İ" in lower case), and what is not seen.
_NOTHING = r"""["'`´«»‘-‟′″‹›ʻʼ\p{M}\p{Cf}]"""
# Letters that look alike: typed in the other alphabet inside a Cyrillic word.
_ALIKE = dict(zip("ABCEHIKMOPTXYaceopxyihmtk", "АВСЕНІКМОРТХУасеорхуіһмтк", strict=True))
_CYRILLIC_ONLY = "[б-дж-нптф-я]|[ғқңөұүәһё]"

# -ұлы, -қызы, -ович, -евич, -ич, -овна, -евна, -ична, as folded, on the stem of the father's name. "ий" and "й" go: Юльевич, Юлийұлы.
_SON, _DAUGHTER = "uli|uulu|ogli|oglu|oviC|eviC|iC", "kizi|gizi|ovna|evna|iniCna|iCna"
_PATRONYMIC = f"^(.{{2,}}?)i*(?:{_SON}|{_DAUGHTER})$"
SON, DAUGHTER = f"..(?:{_SON})$", f"..(?:{_DAUGHTER})$"
_APART = r" +(uli|uulu|ogli|oglu|kizi|gizi)\b"
# What firms are: written before or after the name, or left out.
_FORMS = ("too", "tov", "ip", "ao", "jSs", "jss", "llp", "llk", "jk", "jauapkerSiligi", "oo", "")
_DOUBLE = [letter * 2 for letter in "abdefghijklmnoprstuvzSC"]
_MOST_WORDS = 5


def readings(names: pl.DataFrame) -> pl.DataFrame:
    """Of `n` and `name`: n and the words of each way to read the name, sorted, so that order no longer matters.

    A word is its stem (endings of patronymics and doubled letters gone), "|", and all its folded letters. Besides the plain way: Latin
    j as й (it is ж too); letters that look alike as the Cyrillic ones; and two words as one, where there are more than a name has.
    """
    name = pl.col("name")
    with_j = names.filter(name.str.contains("[Jj]")).with_columns(name.str.replace_all("[Jj]", "y"))
    mixed = names.filter(name.str.contains("[A-Za-z]") & name.str.contains("[а-яА-Я]"))
    mixed = mixed.with_columns(name.str.split(" ").list.eval(_in_cyrillic(pl.element())).list.join(" "))
    texts = pl.concat([names, with_j, mixed]).select("n", _letters(name).alias("text"))
    parts = pl.col("text").str.split(" ")
    more = (parts.list.len() > 3) | ((parts.list.len() == 3) & ~pl.col("text").str.contains(f"(?:{_SON}|{_DAUGHTER})\\b"))
    several = texts.filter(more & (parts.list.len() <= _MOST_WORDS)).with_columns(parts.alias("parts"))
    joined = [
        several.filter(pl.col("parts").list.len() > n + 1).select(
            "n",
            pl.concat_list(pl.col("parts").list.head(n), pl.col("parts").list.slice(n, 2).list.join(""), pl.col("parts").list.slice(n + 2))
            .list.join(" ")
            .alias("text"),
        )
        for n in range(_MOST_WORDS - 1)
    ]
    words = pl.concat([texts, *joined]).select("n", parts.list.eval(_word(pl.element())).list.drop_nulls().list.sort().alias("words"))
    return words.filter(pl.col("words").list.len() > 0)


def _letters(name: pl.Expr) -> pl.Expr:
    lower = name.str.normalize("NFKC").str.to_lowercase().str.replace_all(_NOTHING, "")
    letters = lower.str.replace_many(list(_FOLD), list(_FOLD.values()), leftmost=True).str.replace_all("[^a-zSC0-9]+", " ")
    return letters.str.strip_chars(" ").str.replace_all(_APART, "${1}")


def _in_cyrillic(word: pl.Expr) -> pl.Expr:
    return pl.when(word.str.contains(f"(?i){_CYRILLIC_ONLY}")).then(word.str.replace_many(_ALIKE)).otherwise(word)


def _word(letters: pl.Expr) -> pl.Expr:
    """The stem and all letters of a word; null for what a firm is. "ия", "iya", "ia" and "я", "ё" and "yo" are written for one another."""
    stem = letters.str.replace(_PATRONYMIC, "${1}~").str.replace_all("i+o", "e").str.replace_all("i+([aeu])", "${1}")
    for _ in range(2):
        stem = stem.str.replace_many(_DOUBLE, [double[0] for double in _DOUBLE])
    return pl.when(~letters.is_in(_FORMS)).then(pl.format("{}|{}", stem, letters))
