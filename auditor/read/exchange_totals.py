"""The controls of the banks' exchange file: its totals against its documents, its balances against its totals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext

from auditor import written_day
from auditor.amounts import SPACES, amount_pattern
from auditor.model import problem_codes
from auditor.model.input import Problem, cut
from auditor.read.exchange_sections import Section
from auditor.wording import Say

_MONEY = re.compile(f"-?{amount_pattern()}")
_OPENING, _IN, _OUT, _CLOSING = "начальныйостаток", "всегопоступило", "всегосписано", "конечныйостаток"
_COLUMNS = {_OPENING: "opening_balance", _CLOSING: "closing_balance", _IN: "amount", _OUT: "amount"}
_WRITTEN = {_OPENING: "НачальныйОстаток", _CLOSING: "КонечныйОстаток", _IN: "ВсегоПоступило", _OUT: "ВсегоСписано"}
_WIDE = Context(prec=80)  # sums of amounts of 28 digits stay exact


@dataclass(frozen=True)
class Control:
    """What the account sections came to: problems, the first opening and last closing balance of each account as filed, and the
    accounts whose documents nothing could be held against."""

    problems: Sequence[Problem]
    balances: Mapping[str, tuple[str | None, str | None]]
    unchecked: Sequence[str]


def amount_of(text: str | None) -> Decimal | None:
    """An amount as banks write it (`1000.5`, `-1000,50`, `1 000.50`); None for anything else."""
    plain = (text or "").strip()
    if not _MONEY.fullmatch(plain):
        return None
    return Decimal(re.sub(f"[{SPACES}]", "", plain).replace(",", "."))


def day_of(text: str | None) -> date | None:
    """A day as dd.mm.yyyy or yyyy-mm-dd; None for anything else."""
    try:
        return written_day.day_of((text or "").strip())
    except ValueError:
        return None


def control(
    accounts: Mapping[str, Sequence[Section]], amounts: Mapping[tuple[str, str], Sequence[Decimal]], name: str, say: Say
) -> Control:
    """Hold each account's sections against the `amounts` of its documents, by account and direction.

    Each section must add up by itself, follow on the one before it, and all totals of an account must be those of its documents.
    What does not agree is a problem of row 1 (INP-015): it is the file that is not whole. A total or balance that cannot be read is
    a problem too (INP-001).
    """
    problems: list[Problem] = []
    balances: dict[str, tuple[str | None, str | None]] = {}
    unchecked: list[str] = []
    with localcontext(_WIDE):
        for account, parts in accounts.items():
            checked = _Account(account, _in_order(parts), name, say)
            problems += checked.problems
            problems += checked.not_adding_up()
            problems += checked.not_following()
            whole = True
            for direction, key in (("in", _IN), ("out", _OUT)):
                stated = checked.total(key)
                if stated is None:
                    whole = False
                else:
                    problems += checked.not_of_documents(direction, key, stated, sum(amounts.get((account, direction), ()), Decimal(0)))
            if not whole:
                unchecked.append(account)
            balances[account] = checked.balances
    return Control(problems, balances, unchecked)


def _in_order(parts: Sequence[Section]) -> Sequence[Section]:
    """By their first days, where all of them have one; else as they stand."""
    days = [day_of(part.first("датаначала")) for part in parts]
    known = [day for day in days if day is not None]
    if len(known) < len(parts):
        return parts
    return [part for _, part in sorted(zip(known, parts, strict=True), key=lambda one: one[0])]


class _Account:
    """The sections of one account in order, with their figures."""

    def __init__(self, account: str, parts: Sequence[Section], name: str, say: Say) -> None:
        self._account, self._parts, self._name, self._say = account, parts, name, say
        self._figures = [{key: amount_of(part.first(key)) for key in _COLUMNS} for part in parts]
        self.problems = [
            self._problem(problem_codes.AMOUNT, "unreadable", part, key, text, value=text)
            for part, figures in zip(parts, self._figures, strict=True)
            for key in _COLUMNS
            if (text := part.first(key)) is not None and figures[key] is None
        ]

    @property
    def balances(self) -> tuple[str | None, str | None]:
        """The first opening and the last closing balance as filed. One that cannot be read is a problem already and left out."""
        opening, closing = self._figures[0][_OPENING], self._figures[-1][_CLOSING]
        return (
            self._parts[0].first(_OPENING) if opening is not None else None,
            self._parts[-1].first(_CLOSING) if closing is not None else None,
        )

    def total(self, key: str) -> Decimal | None:
        """The sum of one total over all sections; None where one lacks it."""
        figures = [one for each in self._figures if (one := each[key]) is not None]
        return sum(figures, Decimal(0)) if len(figures) == len(self._parts) else None

    def not_adding_up(self) -> list[Problem]:
        """Sections whose opening balance and totals do not give their closing balance."""
        found: list[Problem] = []
        for part, figures in zip(self._parts, self._figures, strict=True):
            opening, into, out, closing = (figures[key] for key in (_OPENING, _IN, _OUT, _CLOSING))
            if opening is None or into is None or out is None or closing is None or opening + into - out == closing:
                continue
            said = {"opening": opening, "into": into, "out": out, "closing": closing, "made": opening + into - out}
            shown = {key: f"{value:.2f}" for key, value in said.items()}
            found.append(self._problem(problem_codes.DOUBTFUL_FILE, "not_adding_up", part, _CLOSING, part.first(_CLOSING), **shown))
        return found

    def not_following(self) -> list[Problem]:
        """Sections that do not begin with what the one before them ended with."""
        found: list[Problem] = []
        for number, part in enumerate(self._parts[1:], start=1):
            before, opening = self._figures[number - 1][_CLOSING], self._figures[number][_OPENING]
            if before is not None and opening is not None and before != opening:
                shown = {"opening": f"{opening:.2f}", "closing": f"{before:.2f}", "before": self._parts[number - 1].line}
                found.append(self._problem(problem_codes.DOUBTFUL_FILE, "not_following", part, _OPENING, part.first(_OPENING), **shown))
        return found

    def not_of_documents(self, direction: str, key: str, stated: Decimal, added: Decimal) -> list[Problem]:
        """A total that is not that of the documents."""
        if stated == added:
            return []
        value = self._parts[0].first(key) if len(self._parts) == 1 else f"{stated:.2f}"
        shown = {"stated": f"{stated:.2f}", "added": f"{added:.2f}", "difference": f"{abs(stated - added):.2f}"}
        return [self._problem(problem_codes.DOUBTFUL_FILE, f"total_{direction}", self._parts[0], key, value, **shown)]

    def _problem(self, code: str, what: str, part: Section, key: str, filed: str | None, **shown: object) -> Problem:
        shown = {name: cut(value) if isinstance(value, str) else value for name, value in shown.items()}
        where = {"file": self._name, "account": cut(self._account), "line": part.line, "key": _WRITTEN[key]}
        message = self._say(f"read.exchange_{what}", **where, **shown)
        return Problem(code, self._name, None, 1, _COLUMNS[key], None if filed is None else cut(filed.strip()), message)
