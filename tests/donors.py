"""Donors for the tests of LED-009: people with names of the Kazakh and Russian lists of mimesis, and second spellings of them.

Names are drawn as they are borne, a few by many. Among the people are families, twins with ids of one day, and homonyms.
"""

import random
from collections import deque
from dataclasses import dataclass, replace
from itertools import accumulate

import polars as pl
from mimesis import Gender, Locale, Person
from rapidfuzz.distance import OSA

from auditor.name_keys import name_key

PEOPLE, PLANTED, FAMILIES, HOMONYMS, TWINS = 4000, 120, 200, 60, 60
LOCALES = {"kk": Locale.KK, "ru": Locale.RU}


# --------------------------------------------------------------------------------------------------------------------- people


@dataclass(frozen=True)
class Human:
    """A person: the parts of the name, the id, and how it is written in a report."""

    number: int
    locale: str
    man: bool
    surname: str
    first: str
    father: str | None
    iin: str
    has_id: bool = False
    name: str = ""

    @property
    def patronymic(self):
        return None if self.father is None else patronymic(self.father, self.man, self.locale)

    @property
    def key(self):
        """What tells donors of the books apart: the id, else the name without quotes, capitals and more than one space."""
        return self.iin if self.has_id else " ".join(self.name.lower().replace('"', "").replace("«", "").replace("»", "").split())

    @property
    def words(self):
        return [word for word in (self.surname, self.first, self.patronymic) if word]


def patronymic(father, man, locale):
    if locale == "kk":
        return father + ("ұлы" if man else "қызы")
    if man:
        return father
    return father[:-2] + ("инична" if father.endswith(("мич", "ьич", "кич")) else "на")


def woman_of(surname):
    if surname.endswith(("ов", "ев", "ёв", "ин")):
        return surname + "а"
    return surname[:-2] + "ая" if surname.endswith(("ский", "цкий")) else surname


def iin_of(eleven):
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        digit = sum(int(d) * w for d, w in zip(eleven, weights, strict=True)) % 11
        if digit < 10:
            return eleven + str(digit)
    return None


def iin(rng, man, taken):
    while True:
        year, century = rng.choice([(rng.randint(40, 99), 3), (rng.randint(0, 4), 5)])
        made = iin_of(f"{year:02}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{century + (not man)}{rng.randint(0, 9999):04}")
        if made and made not in taken:
            taken.add(made)
            return made


def next_iin(of, taken):
    """The next number of the same day: the eleventh digit does not enter the check digit as a rule, so ids of twins are a digit apart."""
    for step in range(1, 10):
        made = iin_of(of[:10] + str((int(of[10]) + step) % 10))
        if made and made not in taken and OSA.distance(of, made) == 1:
            taken.add(made)
            return made
    return None


class Population:
    """Different people of one locale: strangers; brothers and sisters with their father; homonyms, and twins, with an id each.

    `taken` are ids, `keys` what tells donors of the books apart; `plantable` those who may get a second spelling: all but the homonyms
    and the twins.
    """

    def __init__(self, locale, seed, taken, keys, people=PEOPLE):
        self.locale, self.rng, self.humans, self.taken, self.keys = locale, random.Random(f"{locale} {seed}"), [], taken, keys
        lists = Person(LOCALES[locale], seed=seed)
        self.drawn = {
            (part, man): self.borne(draw, Gender.MALE if man else Gender.FEMALE)
            for part, draw in (("surname", lists.surname), ("first", lists.first_name), ("patronymic", lists.patronymic))
            for man in (True, False)
        }
        for _ in range(FAMILIES):
            self.family()
        related = len(self.humans)
        for _ in range(TWINS):
            man = self.rng.random() < 0.5
            one = self.add(man, self.surname(man), self.first(man), self.father(), has_id=True)
            other = next(first for first in iter(lambda: self.first(man), None) if first != one.first)
            self.add(man, one.surname, other, one.father, has_id=True, number=next_iin(one.iin, self.taken))
        for _ in range(HOMONYMS):
            one = self.stranger(has_id=True)
            self.add(one.man, one.surname, one.first, one.father, has_id=True)
        settled = len(self.humans)
        while len(self.humans) < people:
            self.stranger()
        self.plantable = [*self.humans[:related], *self.humans[settled:]]

    def borne(self, draw, gender):
        """The names of a list and how often each is borne: a few by many, as in life; the most common by 3 to 4 in 100."""
        names = sorted({draw(gender) or "" for _ in range(12_000)})
        self.rng.shuffle(names)
        return names, list(accumulate(1 / (rank + 8) for rank in range(len(names))))

    def pick(self, part, man):
        names, weights = self.drawn[part, man]
        return self.rng.choices(names, cum_weights=weights)[0]

    def surname(self, man):
        double = self.locale == "ru" and self.rng.random() < 0.08
        return "-".join(self.pick("surname", man) for _ in range(2 if double else 1))

    def first(self, man):
        return self.pick("first", man)

    def father(self):
        return self.first(True) if self.locale == "kk" else self.pick("patronymic", True)

    def stranger(self, **more):
        man = self.rng.random() < 0.5
        father = self.father() if self.rng.random() < 0.9 else None
        return self.add(man, self.surname(man), self.first(man), father, **more)

    def family(self):
        surname, father = self.surname(True), self.father()
        if self.locale == "kk":
            self.add(True, surname, father, self.father())
        for _ in range(self.rng.choice((2, 3))):
            man = self.rng.random() < 0.5
            self.add(man, surname if man else woman_of(surname), self.first(man), father)

    def add(self, man, surname, first, father, has_id=None, number=None):
        if has_id is None:
            has_id = self.rng.random() < 0.5
        human = Human(len(self.humans), self.locale, man, surname, first, father, number or iin(self.rng, man, self.taken), has_id)
        human = replace(human, name=" ".join(human.words))
        if human.key in self.keys:  # the same full name without an id is one donor of the books, not two
            return self.add(man, surname, self.first(man), father)
        self.keys.add(human.key)
        self.humans.append(human)
        return human


# -------------------------------------------------------------------------------------------------------------- transformations

NEAREST_RUSSIAN = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
PASSPORT = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
PASSPORT |= {"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"}
# The alphabet of 2021 for what Kazakh has; what only Russian names have as it is usually added to it.
KAZAKH_LATIN = PASSPORT | {
    "ә": "ä", "ғ": "ğ", "ж": "j", "й": "i", "и": "i", "қ": "q", "ң": "ñ", "ө": "ö", "ұ": "ū", "ү": "ü", "х": "h", "ш": "ş", "ы": "y",
    "і": "ı", "щ": "şş", "ё": "io", "ъ": "",
}  # fmt: skip
EVERYDAY = PASSPORT | {"ё": "yo", "й": "y", "ю": "yu", "я": "ya", "ъ": "", "щ": "sch"}
WITH_J = PASSPORT | {"ё": "jo", "й": "j", "ю": "ju", "я": "ja", "ъ": "", "х": "h"}


def in_letters(word, table):
    made = []
    for letter in word:
        latin = table.get(letter.lower(), letter)
        if letter.isupper() and latin:
            latin = {"i": "İ", "ı": "I"}.get(latin[0], latin[0].upper()) + latin[1:] if table is KAZAKH_LATIN else latin.capitalize()
        made.append(latin)
    return "".join(made)


def cyrillic(words):
    return any("а" <= letter <= "я" or letter in "ёәғқңөұүһі" for word in words for letter in word.lower())


def latin_by(table):
    return lambda rng, words: [in_letters(word, table) for word in words] if cyrillic(words) else words


def russian_letters(rng, words):
    return [word.translate(NEAREST_RUSSIAN) for word in words]


def everyday_latin(rng, words):
    table = EVERYDAY | ({"ж": "j"} if rng.random() < 0.5 else {}) | ({"х": "h"} if rng.random() < 0.5 else {})
    table |= {"е": "ye"} if rng.random() < 0.2 else {}
    return [in_letters(word, table) for word in words] if cyrillic(words) else words


def other_order(rng, words):
    if len(words) < 3:
        return words[1:] + words[:1]
    surname, first, *father = words
    return rng.choice(([first, *father, surname], [first, surname, *father], [*father, first, surname], [*father, surname, first]))


ENDINGS = (
    ("ұлы", ("ович", "uly", "ūly", "улы")),
    ("улы", ("ович",)),
    ("қызы", ("овна", "qyzy", "kyzy", "кызы")),
    ("кызы", ("овна",)),
    ("uly", ("ovich",)),
    ("ūly", ("ovich",)),
    ("kyzy", ("ovna",)),
    ("qyzy", ("ovna",)),
    ("ович", ("ұлы", "ulı")),
    ("евич", ("ұлы",)),
    ("овна", ("қызы", "kyzy")),
    ("евна", ("қызы",)),
)


def other_ending(rng, words):
    """-ұлы for -ович and back, in the letters of the ending: a Latin ending makes the word Latin."""
    made = list(words)
    for n, word in enumerate(words):
        for ending, others in ENDINGS:
            if n != len(words) - 1 or not word.endswith(ending) or len(word) < len(ending) + 2:
                continue
            stem, other = word[: -len(ending)], rng.choice(others)
            if other[0] in "ұқ" and stem[-1] in "аеиоуьэюя" and ending in ("евич", "евна"):
                stem = stem[:-1] + "ий" if stem[-1] == "ь" else stem + "й"
            if other in ("ович", "овна"):
                stem = stem.translate(NEAREST_RUSSIAN)
                if stem[-1] in "йиаеуыя":
                    stem, other = stem[:-1] if stem[-1] == "й" else stem, "е" + other[1:]
            elif other[0] in "uūqk":
                stem = in_letters(stem, KAZAKH_LATIN if other[0] in "ūq" else PASSPORT)
            made[n] = stem + other
            return made
    return made


SOFT = (("ья", "ия"), ("ия", "ья"), ("ьев", "иев"), ("иев", "ьев"), ("ье", "ие"))
DOUBLE = "бдзклмнпрстф"


def small_spelling(rng, words):
    """ё or е, й or и, a doubled letter or a single one, a soft sign or и, a hyphen or a space inside a name."""
    line = " ".join(words)
    ways = [made for made in (line.replace("ё", "е").replace("Ё", "Е"), line.replace("й", "и"), line.replace("э", "е")) if made != line]
    ways += [line.replace(one, other, 1) for one, other in SOFT if one in line]
    ways += [line.replace(letter * 2, letter) for letter in DOUBLE if letter * 2 in line]
    ways += [line.replace(letter, letter * 2, 1) for letter in "лмнс" if f"{letter}о" in line and letter * 2 not in line]
    for ending in ("ұлы", "қызы", "улы", "uly"):
        if words[-1].endswith(ending) and len(words[-1]) > len(ending) + 2:
            ways += [f"{line[: -len(ending)]}{between}{ending}" for between in "- "]
    return rng.choice(ways).split(" ") if ways else words


COMPOUND = ("жан", "бек", "бай", "гүл", "хан", "нұр", "ғали", "рахман", "болат", "берді", "мұрат", "назар", "қожа", "мұхамбет")


def apart(rng, words):
    """A compound first name with a hyphen or as two words; a double surname as two words or one."""
    for n, word in enumerate(words):
        if "-" in word:
            return words[:n] + (word.split("-") if rng.random() < 0.5 else [word.replace("-", "").capitalize()]) + words[n + 1 :]
    for part in COMPOUND:
        for n, word in enumerate(words):
            if len(word) > len(part) + 2 and word.lower().endswith(part):
                joint = len(word) - len(part)
                second = word[joint:].capitalize() if rng.random() < 0.5 else word[joint:]
                return words[:n] + ([f"{word[:joint]}-{second}"] if rng.random() < 0.5 else [word[:joint], second]) + words[n + 1 :]
    return words


def slip(rng, words):
    """One letter mistyped, left out, doubled or swapped with the next in one word of five letters or more."""
    long = [n for n, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long:
        return words
    n = rng.choice(long)
    word = words[n]
    letters = "абвгдежзиклмнопрстуфхцчшыья" if cyrillic([word]) else "abdefghiklmnoprstuvyz"
    at = rng.randrange(1, len(word))
    swaps = [i for i in range(len(word) - 1) if word[i].lower() != word[i + 1].lower()]
    match rng.choice(("mistyped", "omitted", "doubled", "swapped")):
        case "mistyped":
            made = word[:at] + rng.choice([letter for letter in letters if letter != word[at]]) + word[at + 1 :]
        case "omitted":
            made = word[:at] + word[at + 1 :]
        case "doubled":
            made = word[:at] + word[at] + word[at:]
        case _:
            i = rng.choice(swaps)
            made = (word[:i] + word[i + 1] + word[i] + word[i + 2 :]).lower()
            made = made.capitalize() if word[0].isupper() else made
    return [*words[:n], made, *words[n + 1 :]]


def dressed(rng, words):
    """Capitals, quotes, more spaces."""
    return rng.choice(
        (
            [word.upper() for word in words],
            [f"«{words[0]}»", *words[1:]],
            ['"' + words[0], *words[1:-1], words[-1] + '"'],
            [words[0].upper(), *words[1:]],
            ["", words[0] + " ", "\u00a0" + words[1], *words[2:], ""],
            [f"{words[0]},", *words[1:]],
        )
    )


LOOKALIKES = str.maketrans("аеорсухіАЕОРСХКМТНВІәөӘ", "aeopcyxiAEOPCXKMTHBIəɵƏ")


def lookalikes(rng, words):
    """Some letters typed in the other alphabet, where they look alike."""
    places = [(n, i) for n, word in enumerate(words) for i, letter in enumerate(word) if letter != letter.translate(LOOKALIKES)]
    made = [list(word) for word in words]
    for n, i in rng.sample(places, min(len(places), rng.randint(1, 3))):
        made[n][i] = made[n][i].translate(LOOKALIKES)
    return ["".join(word) for word in made]


def digit_wrong(rng, number):
    at = rng.randrange(12)
    return number[:at] + rng.choice([d for d in "0123456789" if d != number[at]]) + number[at + 1 :]


def digits_swapped(rng, number):
    at = rng.choice([n for n in range(11) if number[n] != number[n + 1]])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


NAMES = {
    "1 nearest Russian letters": russian_letters,
    "2 Latin as in passports": latin_by(PASSPORT),
    "3 Kazakh Latin of 2021": latin_by(KAZAKH_LATIN),
    "4 everyday Latin: yo ya, j or zh": everyday_latin,
    "5 Latin with ja ju, j for й": latin_by(WITH_J),
    "6 order of words": other_order,
    "7 ending of the patronymic": other_ending,
    "8 ё й ь, double letters, -ұлы apart": small_spelling,
    "9 compound name apart": apart,
    "10 one letter": slip,
    "11 capitals, quotes, spaces": dressed,
    "12 look-alike letters": lookalikes,
}
IDS = {"13 one digit of the id": digit_wrong, "14 two digits of the id swapped": digits_swapped}
BOTH = "15 two of 1 to 12"
BOTH_ID = "16 one of 1 to 9, and the id"
EVERY = (*NAMES, *IDS, BOTH, BOTH_ID)
# In this order two transformations of one name are done: a name that is Latin has no letters for those before.
LATIN = tuple(list(NAMES)[1:5])
IN_TURN = tuple(dict.fromkeys([*list(NAMES)[:1], *list(NAMES)[6:9], *LATIN, *NAMES]))


def changed(human, how, rng):
    """The words of a name after the transformation, None where it has nothing to change."""
    if how == BOTH:
        first, second = sorted(rng.sample(sorted(NAMES), 2), key=IN_TURN.index)
        if first in LATIN and (second in LATIN or second == list(NAMES)[11]):
            return None
        once = NAMES[first](rng, human.words)
        twice = NAMES[second](rng, once)
        return None if human.words in (once, twice) or once == twice else twice
    if how in IDS:
        return human.words
    if how == BOTH_ID:
        how = rng.choice(list(NAMES)[:9])
    made = NAMES[how](rng, human.words)
    return None if made == human.words else made


# ------------------------------------------------------------------------------------------------------------------------ pairs


def plant(population, how, wanted, free, rng):
    """Second spellings of people that have none yet: the pairs of one transformation. Two with one key would be one donor, no pair."""
    made, keys = [], population.keys
    for _ in range(len(free)):
        if len(made) == wanted:
            break
        before = human = free.popleft()
        words = changed(human, how, rng)
        if words is None:
            free.append(before)
            continue
        number, other = human.iin, human.has_id
        if how in IDS or how == BOTH_ID:
            while number in population.taken:
                number = (IDS.get(how) or rng.choice(list(IDS.values())))(rng, human.iin)
            population.taken.add(number)
            human, other = replace(human, has_id=True), True
        else:  # in two thirds one has an id; without ids two that differ in capitals only are one donor of the books
            with_id = rng.random() < 2 / 3 or how == list(NAMES)[10]
            human, other = (replace(human, has_id=with_id), False) if rng.random() < 0.5 else (replace(human, has_id=False), with_id)
        other = replace(human, name=" ".join(words), iin=number, has_id=other)
        if other.key == human.key or not keys.isdisjoint({human.key, other.key} - {before.key}):
            free.append(before)
            continue
        keys -= {before.key}
        keys |= {human.key, other.key}
        made.append((human, other))
    return made


def planted_among(seed, people=PEOPLE, planted=PLANTED):
    """Everybody of both locales in some order, and the pairs that are one person, with transformation and locale."""
    everybody, pairs, taken, keys = [], {}, set(), set()
    for locale in LOCALES:
        population = Population(locale, seed, taken, keys, people)
        rng = random.Random(f"pairs {locale} {seed}")
        free = deque(rng.sample(population.plantable, len(population.plantable)))
        standing = {human.number: human for human in population.humans}
        for how in EVERY:
            for human, other in plant(population, how, planted, free, rng):
                standing[human.number] = human
                everybody.append(other)
                pairs[human, other] = (how, locale)
        everybody += standing.values()
    random.Random(seed).shuffle(everybody)
    assert len({human.key for human in everybody}) == len(everybody)
    return everybody, pairs


def sums_of(humans, nets="4000000.00", funds="SM-1"):
    """What the statement of LED-009 gives for these donors: a sum and a fund for all, or one for each."""
    many = [[value] * len(humans) if isinstance(value, str) else value for value in (nets, funds)]
    rows = {"name": [h.name for h in humans], "identifier": [h.iin if h.has_id else None for h in humans], "net": many[0], "fund": many[1]}
    return pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String)).select(
        pl.coalesce("identifier", name_key(pl.col("name"))).alias("subject"),
        pl.lit(0, dtype=pl.Int32).alias("variant"),
        "fund",
        pl.col("net").cast(pl.Decimal(38, 2)),
        "name",
        "identifier",
    )
