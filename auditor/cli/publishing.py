"""From the options about publication to what is done to an audit before it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import BadUsage
from auditor.wording import Words, refusal

if TYPE_CHECKING:
    from auditor.model.audit import Audit
    from auditor.reduce.reduced import Reduction

    Reduce = Callable[[Audit, Words], Audit]


def reducing(kind: str, profile: Path | None, secret_file: Path | None) -> Reduce:
    """What makes an audit fit for this kind of document. Raises BadUsage, before anything is audited, where a public one lacks the
    election's secret or another kind is given a profile."""
    if kind != "public":
        if profile is not None:
            raise BadUsage(refusal("usage.profile_of_public"))
        return lambda audit, words: audit
    if secret_file is None:
        raise BadUsage(refusal("usage.secret_needed"))
    return keyed(profile, secret_file)


def then(first: Reduce, second: Reduce) -> Reduce:
    """Both, one after the other."""
    return lambda audit, words: second(first(audit, words), words)


def remembering(home: Path | None, database: str | None, since: date | None, *, signed_only: bool) -> Reduce:
    """What adds to an audit what the register knows of its findings. Raises BadUsage where that is asked for without a register."""
    if since is None and not signed_only:
        return lambda audit, words: audit
    if home is None:
        raise BadUsage(refusal("usage.register_needed"))
    from auditor.cli.registering import opened
    from auditor.inbox import history, reviewing
    from auditor.inbox.settings import load

    register, settings = opened(home, database), load(home)
    days = history.found_on(register, settings)
    signed = reviewing.signed(register, settings) if signed_only else None

    def remembered(audit: Audit, words: Words) -> Audit:
        audit = history.dated(audit, days, since)
        return audit if signed is None else history.only_signed(audit, signed, words)

    return remembered


def keyed(profile: Path | None, secret_file: Path) -> Reduction:
    """The reduction by a profile and a secret."""
    from auditor.reduce import profile as profiles
    from auditor.reduce import secret as secrets
    from auditor.reduce.reduced import Reduction

    return Reduction(profiles.load(profile), secrets.load(secret_file))
