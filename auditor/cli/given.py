"""What the options of a command say of the audit that is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from auditor.almaty import day_in_almaty
from auditor.cli.options import TABLE_OPTION
from auditor.errors import BadUsage
from auditor.read.choices import DELIMITERS, MARKS
from auditor.wording import refusal

if TYPE_CHECKING:
    from auditor.normalise.scope import Scope
    from auditor.read.instructions import Stated
    from auditor.rulebook.load import Rulebook


def today() -> date:
    """Today in Almaty. What is audited gets its day as an argument; only commands ask the clock."""
    return day_in_almaty(datetime.now(UTC))


def overrides_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` pairs. Raises BadUsage for a pair without a sign."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not sign or not name or not value:
            raise BadUsage(refusal("usage.set_form", pair=pair))
        if name in given:
            raise BadUsage(refusal("usage.set_twice", name=name))
        given[name] = value
    return given


def law_of(given: dict[str, Any]) -> Rulebook:
    """The law to apply, with what was set by hand."""
    from auditor.rulebook.load import load

    return load(given["rulebook"]).with_overrides(overrides_of(given["overrides"]))


def tables_of(given: dict[str, Any]) -> dict[str, str]:
    """The files of the tables that are named by an option of their own."""
    return {name.removeprefix(TABLE_OPTION): path for name, path in given.items() if name.startswith(TABLE_OPTION) and path}


def scope_of(given: dict[str, Any]) -> Scope:
    """The contestants that the audit is restricted to."""
    from auditor.normalise.scope import Scope

    return Scope(given["contestants"], given["districts"], given["commissions"])


def stated(given: dict[str, Any]) -> Stated:
    """What the options say of the files; they go before what the mapping file says."""
    from auditor.read.instructions import Stated

    base = Stated()
    if given["mapping"] is not None:
        from auditor.read.mapping import load

        base = load(given["mapping"])
    mark = MARKS[given["decimal_mark"]] if given["decimal_mark"] else base.forms.decimal_mark
    forms = replace(base.forms, decimal_mark=mark, date_order=given["date_order"] or base.forms.date_order)
    return replace(
        base,
        encoding=given["encoding"] or base.encoding,
        delimiter=DELIMITERS[given["delimiter"]] if given["delimiter"] else base.delimiter,
        sheet=given["sheet"] or base.sheet,
        heading_row=given["heading_row"] or base.heading_row,
        forms=forms,
        strict=given["strict_input"],
    )
