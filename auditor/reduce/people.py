"""Who stands in a cell: an organisation, which is named, or a person, who is told by a key."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditor.identifiers import check_digit_agrees, key_of_name
from auditor.masking import could_be_personal, harmless, is_personal
from auditor.model.contestant import Contestant
from auditor.model.finding import Line
from auditor.reduce.profile import Profile
from auditor.reduce.secret import Secret
from auditor.tables import KINDS, columns
from auditor.wording import Words
from auditor.written_ids import replaced

MOST_INITIALS = 4
_BIRTH_DATE = 6
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KINDS = frozenset((*KINDS, "in", "out"))
_FIGURES = frozenset(columns("filings"))
# However an id is written: in halves, with points or dashes, in digits of another script; and a mistyped one still tells a birth
# date. So any run of nine digits or more is looked at, whatever stands between them.
_DIGITS = re.compile(r"\d(?:(?:\s{4,99}|[\W_]{0,3})\d){8,}")
_DAYS = re.compile(r"(?<![0-9])(?:20[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{2}\.[0-9]{2}\.20[0-9]{2})(?![0-9])")
_MONEY = re.compile(r"[0-9]{1,3}(?:\u202f[0-9]{3})+(?:[.,][0-9]{2})?|[0-9]+[.][0-9]{2}")
_ACCOUNT = re.compile(r"\b[A-Z]{2}[0-9]{2}[0-9A-Z•]{9,}\b")
# A report is known by an id like SM-03-02-F2, or by type and period. People write into an id what they like.
_REPORT = re.compile(r"(?:interim|final)(?: 20[0-9]{2}-[0-9]{2}-[0-9]{2}(?:/20[0-9]{2}-[0-9]{2}-[0-9]{2})?)?")
_REPORT_ID = re.compile(r"(?=[^0-9]*[0-9])[A-Za-z]{0,3}[0-9]{0,4}(?:[-_./ ][A-Za-z]{0,3}[0-9]{0,4}){0,5}")
_MOST_DIGITS = 7
# A birth date, and the end of an id by which people are told elsewhere.
_OF_A_PERSON = re.compile(r"[0-9]{2}[-_./ ][0-9]{2}[-_./ ](?:[0-9]{2}){1,2}|(?!(?:19|20)[0-9]{2}$)[0-9]{4}")
_SOLE_TRADER = re.compile(r"\W*(?:ИП|ЖК|жеке\s+кәсіпкер\w*|индивидуальн\w+\s+предпринимател\w+|individual\s+entrepreneur)\b", re.IGNORECASE)
_SHORTEST_ID = 9  # without the zeros that it begins with


@dataclass(frozen=True, slots=True)
class People:
    """Names and ids as the profile lets them be published, under the election's secret."""

    profile: Profile
    secret: Secret
    election: str
    words: Words

    def key(self, who: str) -> str:
        """The key of a person by an id, or by a name where there is no id."""
        return self.secret.key("person", self.election, key_of_name(who))

    def text(self, value: str) -> str:
        """A text in which every number that could be a person's id is its key and an account is told by its end; money, days and
        BIN stay."""
        told = _DIGITS.sub(self._number, _ACCOUNT.sub(lambda found: f"{found.group()[:2]}…{found.group()[-4:]}", value))
        return replaced(told, lambda digits, gap: None if is_organisation(_ascii(digits)) else self.key(_ascii(digits)))

    def contestant(self, one: Contestant) -> str:
        """The id of a contestant. Where the register does not have him it may be a donor in the wrong column: what does not look like a
        plain id is told by a key."""
        return self.text(one.contestant_id) if one.registered else self.unknown_contestant(one.contestant_id)

    def unknown_contestant(self, contestant_id: str) -> str:
        """The same of one of whom no register tells."""
        return self.text(contestant_id) if _REPORT_ID.fullmatch(contestant_id) else self.key(contestant_id)

    def report(self, name: str) -> str:
        """The id of a report, or what it is known by. One that is not short and plain is told by a key."""
        plain = _REPORT_ID.fullmatch(name) is not None and sum(letter.isdigit() for letter in name) <= _MOST_DIGITS
        plain = plain and not _OF_A_PERSON.fullmatch(name)
        return name if plain or _REPORT.fullmatch(name) else self.key(name)

    def subject(
        self, value: str, known: frozenset[str], lines: Sequence[Line] = (), doubtful: Callable[[Line], bool] = lambda line: False
    ) -> str:
        """Whom or what a finding is about: a BIN, a day or what is `known` (a report) stays, with what a key tells of the rest. Of `lines`
        those of the donor or vendor tell whether it is a person, who is told by a key whatever the id is."""
        if value in known:
            return self.report(value)
        first, space, rest = value.partition(" ")
        theirs = [line for line in lines if line.identifier in (value, first)]
        if any(doubtful(line) or self._is_person(line) for line in theirs):
            return self.key(value) if value == theirs[0].identifier else f"{self.key(first)} {self.key(rest)}"
        named = [line for line in lines if line.identifier is None and line.name is not None and key_of_name(line.name) == value]
        if named and not any(doubtful(line) or self._is_person(line) for line in named):
            return self.text(named[0].name or "")
        if _DAY.fullmatch(value) or is_organisation(value):
            return value
        if _ACCOUNT.fullmatch(value):
            return self.text(value)
        if space and is_organisation(first):
            return f"{first} {self.key(rest)}"
        report, space, figure = value.rpartition(" ")
        if space and report in known and figure in _FIGURES:
            return f"{self.report(report)} {figure}"
        return self.key(value)

    def line(self, line: Line, *, doubtful: bool) -> Line:
        """A row of evidence with nothing but what the profile names; what stands `instead` of it is as it was. `doubtful`: an id was
        given that could not be used, so that nobody knows whose it is."""
        allowed = self.profile.says.columns
        person = doubtful or self._is_person(line)
        who = line.identifier or line.name
        identifier = line.identifier
        if person and who is not None:
            identifier = self.key(who)
        name = line.name
        if name is not None:
            name = self._name(name, line.party) if person else self.text(name)
        document = self.text(line.document) if line.document is not None else None
        return Line(
            place=line.place,
            date=line.date if "date" in allowed else None,
            kind=line.kind if "kind" in allowed and line.kind in _KINDS else None,
            name=name if "name" in allowed else None,
            identifier=identifier if "identifier" in allowed else None,
            document=document if "document" in allowed else None,
            amount=line.amount if "amount" in allowed else None,
            effect=line.effect if "amount" in allowed else None,
            running=line.running if "running" in allowed else None,
            instead=line.instead,
            party=line.party,
        )

    def _is_person(self, line: Line) -> bool:
        """Whoever is not known to be an organisation."""
        if line.party in self.profile.says.persons:
            return True
        if line.identifier is not None:
            return not is_organisation(line.identifier)
        return line.party not in self.profile.says.organisations or self._is_sole_trader(line.name)

    def _is_sole_trader(self, name: str | None) -> bool:
        """Whether what is filed as an organisation is one person in business, by what the name begins with or an id of a person in it."""
        return name is not None and (_SOLE_TRADER.match(name) is not None or self.text(name) != name)

    def _name(self, name: str, party: str | None) -> str:
        if self.profile.says.names_of_persons == "full":
            return self.text(name)
        if self.profile.says.names_of_persons == "initials":
            letters = [word[0].upper() for word in harmless(name).split() if word[0].isalpha()]
            return " ".join(f"{letter}." for letter in letters[:MOST_INITIALS]) or self.words("public.person")
        return self.words("public.person" if party in self.profile.says.persons else "public.name_withheld")

    def _number(self, found: re.Match[str]) -> str:
        run = found.group()
        digits = _ascii(_DAYS.sub("", run))
        if len(digits) < _BIRTH_DATE or is_organisation(run) or (_MONEY.fullmatch(run) and not _may_be_id(run)):
            return run
        return self.key(digits)


def _ascii(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())


def is_id_of_a_person(digits: str) -> bool:
    """An IIN that could have been issued: a day of birth, a digit of its century, and a check digit that agrees."""
    return could_be_personal(digits) and check_digit_agrees(digits)


def is_organisation(identifier: str) -> bool:
    """A BIN that could have been issued: twelve digits, the fifth 4, 5 or 6, and a check digit that agrees."""
    if len(identifier) != 12 or not identifier.isascii() or not identifier.isdigit():
        return False
    return not is_personal(identifier) and check_digit_agrees(identifier)


def _may_be_id(money: str) -> bool:
    """Whether what is written as an amount may be an id that somebody wrote so: a spreadsheet shows 900101300017 as 900101300017.00, or in
    groups. No sentence of ours has as much money without groups, nor with them so much as twelve digits."""
    whole = re.split("[.,]", money)[0]
    digits = whole.replace("\u202f", "")
    return len(digits) >= _SHORTEST_ID if whole == digits else could_be_personal(digits)
