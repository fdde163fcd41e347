"""The log: each row holds the hash of the row before, so that nothing in it is changed unseen by whoever kept an earlier hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, text

from auditor.register.schema import log

FIRST = "0" * 64


def append(connection: Connection, at: str, who: str, what: str, details: Mapping[str, Any]) -> str:
    """Write a row; its hash. `at` is UTC; where it is before the last row's, the last row's is taken: time in the log never goes back,
    and what the clock said stands in the details."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE log IN EXCLUSIVE MODE"))  # else two rows could follow the same one
    last = connection.execute(select(log).order_by(log.c.n.desc()).limit(1)).first()
    told: dict[str, Any] = dict(details)
    if last is not None and at < last.at:
        told["clock"], at = at, last.at
    row = {
        "n": 1 if last is None else last.n + 1,
        "at": at,
        "who": who,
        "what": what,
        "details": json.dumps(told, ensure_ascii=False, sort_keys=True),
        "previous": FIRST if last is None else last.hash,
    }
    row["hash"] = hash_of(row)
    connection.execute(log.insert().values(**row))
    return str(row["hash"])


def hash_of(row: Mapping[str, Any]) -> str:
    """The hash of a row: SHA-256 over its cells and the hash of the row before."""
    told = json.dumps([row[name] for name in ("n", "at", "who", "what", "details", "previous")], ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def faults(connection: Connection) -> list[int]:
    """The numbers of the rows that do not fit the row before or their own hash; none in a log that nobody touched."""
    wrong = []
    previous, expected = FIRST, 1
    for row in connection.execute(select(log).order_by(log.c.n)).mappings():
        if row["n"] != expected or row["previous"] != previous or hash_of(dict(row)) != row["hash"]:
            wrong.append(int(row["n"]))
        previous, expected = row["hash"], row["n"] + 1
    return wrong


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last row: what to write down elsewhere."""
    last = connection.execute(select(log.c.n, log.c.hash).order_by(log.c.n.desc()).limit(1)).first()
    return (0, FIRST) if last is None else (int(last.n), str(last.hash))
