"""How things stood with one version of what a contestant filed: everything up to it, audited by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from auditor.errors import BadUsage
from auditor.inbox.checking import OnFile, checked
from auditor.inbox.settings import Settings
from auditor.model.audit import Audit
from auditor.register import arrivals
from auditor.register.database import reaching
from auditor.register.home import Home
from auditor.rulebook.load import load
from auditor.wording import load as words_of
from auditor.wording import refusal

SIGN = "@"


def with_version(home: Home, settings: Settings, named: str, as_of: date, overrides: Mapping[str, str], lang: str) -> Audit:
    """The audit of ID@VERSION: what this contestant had filed when this version came. Raises BadUsage where there is none such."""
    cid, _, number = named.rpartition(SIGN)
    rulebook = load(settings.rulebook).with_overrides({**settings.set, **overrides})
    election = rulebook.election.id
    with reaching(home.engine) as connection:
        filed = arrivals.filed(connection, election, cid).get(cid, [])
        own = arrivals.own_tables(connection, election)
    if not (number.isascii() and number.isdigit()) or not 1 <= int(number) <= len(filed):
        raise BadUsage(refusal("usage.version", named=named, n=len(filed), cid=cid or "SM-01"))
    books = OnFile({cid: filed[: int(number)]}, own, rulebook, lang)
    made = checked(home, books, [cid], as_of, words_of(lang), lines=True)
    return replace(made, contestants=[one for one in made.contestants if one.contestant_id == cid])
