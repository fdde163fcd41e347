"""Whether the register is as it was written: its log, its originals, its database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from auditor.errors import CannotRead
from auditor.register import decisions, log
from auditor.register.database import is_postgresql, reaching
from auditor.register.home import Home
from auditor.register.schema import log as log_table
from auditor.register.schema import original
from auditor.wording import Refusal, refusal


@dataclass(frozen=True)
class Checkup:
    """What was found: a sentence for each fault; rows and last hash of the log; how many originals."""

    faults: Sequence[Refusal | str]
    rows: int
    head: str
    originals: int


def checkup(home: Home) -> Checkup:
    """Look at everything that can be looked at. A chain shows a change only up to its end: keep the last hash elsewhere."""
    faults: list[Refusal | str] = []
    with reaching(home.engine) as connection:
        faults += [refusal("db.log_broken", n=n) for n in log.faults(connection)]
        faults += [refusal("db.decision_changed", n=n) for n in decisions.faults(connection)]
        rows, head = log.head(connection)
        known = {row.sha256: row.bytes for row in connection.execute(select(original))}
        if not is_postgresql(home.engine):
            said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check").all()]
            faults += [refusal("db.database_says", said=each) for each in said if each != "ok"]
            loose = connection.execute(text("PRAGMA foreign_key_check")).all()
            faults += [refusal("db.refers_to_nothing", table=row[0], row=row[1], other=row[2]) for row in loose]
    for sha256, size in sorted(known.items()):
        try:
            found = len(home.store.get(sha256))
        except CannotRead as error:
            faults.extend(error.mistakes)
            continue
        if found != size:
            faults.append(refusal("db.original_size", sha256=sha256[:12], found=f"{found:,}", recorded=f"{size:,}"))
    return Checkup(faults, rows, head, len(known))


def tail(home: Home, last: int) -> list[dict[str, Any]]:
    """The last rows of the log, oldest first."""
    with reaching(home.engine) as connection:
        rows = connection.execute(select(log_table).order_by(log_table.c.n.desc()).limit(last)).mappings().all()
    return [{**row, "details": _details(row["details"])} for row in reversed(rows)]


def _details(written: str) -> dict[str, Any]:
    try:
        told = json.loads(written)
    except ValueError:  # somebody changed the row, as `checkup` says; it is shown all the same
        told = written
    return told if isinstance(told, dict) else {"?": told}
