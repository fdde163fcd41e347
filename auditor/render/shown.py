"""What a page may show: texts from data made harmless, ids hidden, numbers in words of the language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from auditor.masking import LONGEST_NAME, end_of, mask_cell, safe, shortened, told_safely
from auditor.model.finding import Finding, Outcome
from auditor.model.input import Problem
from auditor.wording import GROUP, Words

UNKNOWN = "□"
# The letters that the shipped fonts have. PDF/A and PDF/UA forbid empty glyphs, and no other font may be fallen back on.
_NO_GLYPH = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u0148\u014a-\u017f\u0300-\u0304\u0306-\u0308\u030c\u0400-\u0479\u0480-\u049d\u04a0-\u04ff"
    "\u2000-\u200a\u2010-\u2027\u202f-\u2055\u20a0-\u20af\u20b1-\u20b5\u20b8-\u20ba\u20bc-\u20bf\u2116\u2190-\u2193\u2212"
    "\u2264\u2265\u25a0\u25a1\u25b2\u25b3\u25cb\u25cf\u2713]"
)
_LOOKED_AT = 20_000
_NAMED_IN_A_SENTENCE = 80
# The last sentence, or what stands after the last semicolon, where it tells an option and quotes nothing: what is quoted was filed.
_ADVICE = re.compile(r"(?:(?<=[.;])|^)[^.;\"«»“”„]*?(?<=\s)--[a-z][a-z-]+\b[^\"«»“”„]*$")
_GROUPS = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
_UNIT = re.compile(r"(?<=[0-9]) (?=[^\W\d_])")
# So many letters of an amount a column holds, and the classes of those that hold more.
_USUAL_AMOUNT, _WIDER = 15, (18, 22, 27, 38)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a template may call: texts made harmless, numbers in words of the language."""

    words: Words
    currency: str

    def text(self, value: object, limit: int = 600) -> str:
        """A text from data: no control characters, no whole IIN, at most `limit` letters."""
        whole = "" if value is None else str(value)
        # A cell may have a million letters. What is cut here is far behind what is shown, and no id is cut in two.
        some = whole if len(whole) <= _LOOKED_AT else whole[:_LOOKED_AT].rstrip("0123456789 \u00a0-") + "…"
        plain = safe(unicodedata.normalize("NFC", some))
        return shortened(_NO_GLYPH.sub(UNKNOWN, plain).strip(), limit)

    def file(self, name: str, limit: int) -> str:
        """The path of a file, of a long one its end."""
        return end_of(self.text(name, _LOOKED_AT), limit)

    def sentence(self, value: object) -> str:
        """A sentence of the law or of a finding; a number in it does not break over two lines, nor from what it counts, for one that
        does can be misread."""
        return self.unbroken(self.text(value, 800))

    @staticmethod
    def unbroken(sentence: str) -> str:
        """A sentence of our own of which the same is true."""
        return _UNIT.sub("\u00a0", _GROUPS.sub(GROUP, sentence))

    def name(self, value: object) -> str:
        """A name in a table, short enough not to break it."""
        return self.text(value, LONGEST_NAME) or "–"

    def contestant(self, name: str | None) -> str:
        """The name of a contestant; that none was given, where there is none."""
        return self.text(name, LONGEST_NAME) or self.words("report.name_not_given")

    def number(self, key: str, number: int, **values: object) -> str:
        """A sentence of the report with a counted word in its plural form."""
        return self.words(f"report.{key}", n=number, count=self.words.count(number), **values)

    def measure(self, value: Decimal | int | None, unit: str | None) -> str:
        """Money with its currency; another number with what it counts (`Finding.unit`)."""
        if unit is None or value is None or isinstance(value, Decimal):
            return self.money(value)
        return self.words(f"report.unit_{unit}", n=abs(value), count=self.words.measure(value))

    def money(self, value: Decimal | int | None) -> str:
        """Money with its currency; a plain number where no money is meant."""
        said = self.words.measure(value)
        return self.words("report.money", sum=said, currency=self.currency) if isinstance(value, Decimal) else said

    def apart(self, finding: Finding) -> str:
        """By how much, in a column of such figures."""
        if finding.excess is None or finding.outcome is Outcome.UNDETERMINED or (finding.outcome is Outcome.LEAD and not finding.excess):
            return "–"
        apart = -finding.excess if finding.excess < 0 else finding.excess
        return self.measure(apart, finding.unit) if finding.unit else self.words.measure(apart)

    def row_column(self, largest: int) -> str:
        """The class of a column of row numbers: wider where they are longer, for a number that breaks over two lines can be misread."""
        digits = len(str(largest))
        return "row" if digits <= 5 else "row of-six" if digits == 6 else "row of-eight"

    def amount_column(self, name: str, amounts: Iterable[str]) -> str:
        """The class of a column of amounts: wider where they are longer, as that of row numbers."""
        longest = max(map(len, amounts), default=0)
        if longest <= _USUAL_AMOUNT:
            return name
        return f"{name} of-{next((letters for letters in _WIDER if longest <= letters), _WIDER[-1])}"

    def code(self, group: str, code: str | None) -> str:
        """A code of a closed list in words; one that the list does not know, as filed."""
        key = f"report.{group}_{code}"
        return self.words(key) if code and key in self.words else self.text(code, 60)

    def problem_value(self, problem: Problem) -> str:
        """The cell as filed; in a column of ids only its end."""
        return self.text(mask_cell(problem.column, problem.value or ""), 160) or "–"

    def title(self, finding: Finding, limit: int) -> str:
        """The title of a finding, which names the breach; where nobody can tell whether there is one, that comes first."""
        title = self.text(finding.title, limit)
        return self.words("report.title_undetermined", title=title) if finding.outcome is Outcome.UNDETERMINED else title

    def without_advice(self, text: str) -> str:
        """A text without the sentences that tell how to run the program: whoever gets a letter may never see it."""
        return _ADVICE.sub("", text).rstrip("; ") or text

    def problem_message(self, problem: Problem) -> str:
        """The message, with the same ids hidden in it."""
        return self.text(told_safely(problem.column, problem.message, problem.file, problem.row, _NAMED_IN_A_SENTENCE), 600)
