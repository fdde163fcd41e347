"""Why a rule says nothing of somebody, in words, with what is named in it (files, reports, contestants) as it is published."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from auditor.model.input import cut
from auditor.wording import Words

# The reasons that name a report, a file or a contestant, and where in the sentence. Only there is a name looked for: a report may be
# called "line".
_NAMING = {
    "check.unread_line": {"report": "reports"},
    "check.lines_of_no_report": {"report": "reports"},
    "check.books_without_lines": {"report": "reports"},
    "check.which_is_last": {"report": "reports", "other": "reports"},
    "check.counted_twice": {"file": "files"},
    "check.account_of_another": {"contestant": "contestants"},
    "check.account_of_several": {"contestants": "contestants"},
    "check.person_elsewhere": {"contestant": "contestants"},
}


ANYBODY = "contestants"


class PublishedReasons:
    """Sentences in the language of `words`. `names`: of each kind (`reports`, `files`, `contestants`) what is published under another name;
    the rest is as `text` tells it, and a contestant who is not among them as `unknown` does."""

    def __init__(
        self, words: Words, names: Mapping[str, Mapping[str, str]], text: Callable[[str], str], unknown: Callable[[str], str]
    ) -> None:
        self._text, self._unknown = text, unknown
        # A reason quotes the beginning of a very long name.
        self._told = {kind: {form: name for known, name in names[kind].items() for form in (known, cut(known)) if known} for kind in names}
        self._names = {kind: _any_of(told) for kind, told in self._told.items() if told}
        self._sentences = [
            (self._pattern(words.sentence(key), places), places)
            for key, places in _NAMING.items()
            if all(kind in self._names for kind in places.values())
        ]

    def told(self, reason: str) -> str:
        """The reason as it may be published; several are joined by "; "."""
        said, done = "", 0
        for start, end, kind in sorted(self._named_in(reason)):
            said += self._text(reason[done:start])
            said += self._named(reason[start:end], kind)
            done = end
        return said + self._text(reason[done:])

    def _named(self, names: str, kind: str) -> str:
        """Several names as they are published; of contestants also those that are not known, which may be a person's."""
        told = self._told[kind]
        if kind != ANYBODY:
            return re.sub(self._names[kind], lambda found: told[found.group()], names)
        some, more, _ = names.partition(" …")
        if some in told:
            return told[some] + more
        return ", ".join(told.get(name) or self._unknown(name) for name in some.split(", ")) + more

    def _named_in(self, reason: str) -> Iterator[tuple[int, int, str]]:
        """Where something is named."""
        for pattern, places in self._sentences:
            for found in pattern.finditer(reason):
                yield from ((*found.span(place), kind) for place, kind in places.items())

    def _pattern(self, sentence: str, places: Mapping[str, str]) -> re.Pattern[str]:
        """The sentence with any known names in its places; there may be several, and perhaps not all are named."""
        filled, met = "", set[str]()
        for n, part in enumerate(re.split(r"\{(\w+)\}", sentence)):
            if n % 2 == 0:
                filled += re.escape(part)
            else:
                # A contestant who is not judged here is not among those that are known.
                name = self._names[places[part]] if places[part] != ANYBODY else ".+?"
                begins = "(?:" if part in met else f"(?P<{part}>"
                filled += f"{begins}(?:{name})(?:, (?:{name}))*(?: …)?)"
                met.add(part)
        return re.compile(rf"(?<!\w){filled}(?!\w)")


def _any_of(names: Mapping[str, str]) -> str:
    """Any of these names, the longest first: one may begin with another."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
