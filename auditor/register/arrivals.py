"""Files that arrived: each is recorded once, with the contestants that it is of and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from auditor.masking import safe
from auditor.register import log
from auditor.register.database import key_of
from auditor.register.schema import State, arrival, contestant, election, filing, original, own_table

OWN = ("contestants", "candidates", "price_lists", "filings")
"""The commission's own tables."""
_CHANNEL = "inbox"  # the only way so far by which a file comes
_LONGEST, _ENDING = 240, 20
"""Bytes of a file name and of its ending; file systems take 255."""


@dataclass(frozen=True)
class Arrival:
    """A file as it arrived. `whose` are the contestants that it is of, with the version of their filings that it is."""

    id: int
    name: str
    sha256: str
    arrived_at: str
    state: State
    same_as: int | None
    reason: str | None
    attempts: int
    whose: Mapping[str, int]

    @property
    def label(self) -> str:
        """Its name in reports: no two files have the same."""
        return f"{self.id:06}-{self.name}"

    @property
    def file_name(self) -> str:
        """Its name in a folder: short enough to stand there with more behind it, and ending as it did."""
        plain = self.label.replace("/", "_")
        if len(plain.encode()) <= _LONGEST:
            return plain
        stem, dot, ending = plain.rpartition(".")
        if len(ending.encode()) > _ENDING:
            stem, dot, ending = plain, "", ""
        return stem.encode()[: _LONGEST - len(f"{dot}{ending}".encode())].decode(errors="ignore") + dot + ending


def begin(connection: Connection, name: str, rulebook: str) -> None:
    """See to it that the election is in the register."""
    if connection.execute(select(election.c.id).where(election.c.id == name)).first() is None:
        connection.execute(election.insert().values(id=name, rulebook=rulebook))


def keep(connection: Connection, sha256: str, size: int, at: str) -> None:
    """Record an original that is in the store."""
    if connection.execute(select(original.c.sha256).where(original.c.sha256 == sha256)).first() is None:
        connection.execute(original.insert().values(sha256=sha256, bytes=size, first_at=at))


def receive(connection: Connection, election_id: str, *, name: str, mark: str, sha256: str, size: int, at: str, who: str) -> Arrival:
    """Record a file that is in the store. The same file of the inbox (the same `mark`) is recorded once; a copy of bytes that
    arrived before is a new arrival that says so."""
    known = connection.execute(select(arrival.c.id).where(arrival.c.election == election_id, arrival.c.mark == mark)).first()
    if known is not None:
        return one(connection, int(known.id))
    keep(connection, sha256, size, at)
    alike = (arrival.c.election == election_id) & (arrival.c.sha256 == sha256) & (arrival.c.state != "quarantined")
    earlier = connection.execute(select(func.min(arrival.c.id)).where(alike)).scalar()
    made = connection.execute(
        arrival.insert().values(
            election=election_id, name=name, sha256=sha256, mark=mark, arrived_at=at, channel=_CHANNEL, state="stored", same_as=earlier
        )
    )
    number = key_of(made)
    log.append(connection, at, who, "arrived", {"arrival": number, "name": safe(name), "sha256": sha256, "bytes": size, "same_as": earlier})
    return one(connection, number)


def one(connection: Connection, number: int) -> Arrival:
    """An arrival by its number."""
    return _read(connection, arrival.c.id == number)[0]


def in_state(connection: Connection, election_id: str, *states: State) -> list[Arrival]:
    """The arrivals in these states, in the order in which they came."""
    return _read(connection, (arrival.c.election == election_id) & arrival.c.state.in_(states))


def _read(connection: Connection, which: object) -> list[Arrival]:
    rows = connection.execute(select(arrival).where(which).order_by(arrival.c.id)).all()  # type: ignore[arg-type]
    whose: dict[int, dict[str, int]] = {}
    numbers = [row.id for row in rows]
    for some in (numbers[n : n + 500] for n in range(0, len(numbers), 500)):
        for row in connection.execute(select(filing).where(filing.c.arrival.in_(some)).order_by(filing.c.contestant_id)):
            whose.setdefault(row.arrival, {})[row.contestant_id] = row.version
    return [_arrival(row, whose.get(row.id, {})) for row in rows]


def _arrival(row: Row[Any], whose: Mapping[str, int]) -> Arrival:
    return Arrival(
        row.id, row.name, row.sha256, row.arrived_at, row.state, same_as=row.same_as, reason=row.reason, attempts=row.attempts, whose=whose
    )


def copied(connection: Connection, election_id: str, number: int, sha256: str) -> int | None:
    """The earlier arrival of the same bytes that still stands: that could be read, and after which nobody whose it is filed
    anything. None where there is none, and then the bytes count as new."""
    alike = (
        (arrival.c.election == election_id) & (arrival.c.sha256 == sha256) & (arrival.c.state != "quarantined") & (arrival.c.id < number)
    )
    earlier = connection.execute(select(func.max(arrival.c.id)).where(alike, arrival.c.id.in_(select(filing.c.arrival)))).scalar()
    if earlier is None or not _is_last(connection, election_id, int(earlier)):
        return None
    connection.execute(update(arrival).where(arrival.c.id == number).values(same_as=earlier))
    return int(earlier)


def _is_last(connection: Connection, election_id: str, number: int) -> bool:
    newest = select(func.max(filing.c.version)).where(filing.c.election == election_id).group_by(filing.c.contestant_id)
    for row in connection.execute(select(filing).where(filing.c.arrival == number)):
        if connection.execute(newest.where(filing.c.contestant_id == row.contestant_id)).scalar() != row.version:
            return False
    return True


def attempt(connection: Connection, number: int) -> int:
    """Count that work on an arrival begins; how often it began."""
    connection.execute(update(arrival).where(arrival.c.id == number).values(attempts=arrival.c.attempts + 1))
    return int(connection.execute(select(arrival.c.attempts).where(arrival.c.id == number)).scalar_one())


def belongs_to(connection: Connection, election_id: str, number: int, contestants: Sequence[str], reason: str | None) -> None:
    """Record whose an arrival is: the next version of what each of them filed."""
    for cid in contestants:
        there = select(filing.c.version).where(filing.c.arrival == number, filing.c.contestant_id == cid)
        if connection.execute(there).first() is None:
            last = connection.execute(
                select(func.max(filing.c.version)).where(filing.c.election == election_id, filing.c.contestant_id == cid)
            ).scalar()
            connection.execute(filing.insert().values(election=election_id, contestant_id=cid, version=(last or 0) + 1, arrival=number))
    # It could be read, and the count begins anew for the check.
    connection.execute(update(arrival).where(arrival.c.id == number).values(attempts=0, **({"reason": reason} if reason else {})))


def becomes(connection: Connection, number: int, state: State, at: str, who: str, reason: str | None = None) -> None:
    """Change the state of an arrival, with a row in the log."""
    values: dict[str, object] = {"state": state}
    if reason is not None:
        values["reason"] = reason
    connection.execute(update(arrival).where(arrival.c.id == number).values(**values))
    log.append(connection, at, who, state, {"arrival": number, **({"reason": reason} if reason else {})})


def moved(connection: Connection, number: int) -> None:
    """Record that the file has left the inbox. Its mark is free again: another one of the same name, size and time is a new file."""
    connection.execute(update(arrival).where(arrival.c.id == number).values(moved=1, mark=arrival.c.mark + f"|{number}"))


def to_move(connection: Connection, election_id: str) -> list[tuple[Arrival, str]]:
    """Arrivals that are done with and whose files may still lie in the inbox, with the mark of the file."""
    which = (arrival.c.election == election_id) & arrival.c.state.in_(("done", "quarantined")) & (arrival.c.moved == 0)
    marks = {row.id: row.mark for row in connection.execute(select(arrival.c.id, arrival.c.mark).where(which))}
    return [(each, marks[each.id]) for each in _read(connection, which)]


def again(connection: Connection, number: int, at: str, who: str) -> None:
    """Take an arrival out of quarantine: the next pass works on it again."""
    connection.execute(update(arrival).where(arrival.c.id == number).values(state="stored", attempts=0, reason=None, moved=0))
    log.append(connection, at, who, "retried", {"arrival": number})


def filed(connection: Connection, election_id: str, contestant_id: str | None = None) -> dict[str, list[Arrival]]:
    """What each contestant, or one of them, filed and that could be read, in order of versions; nobody who filed nothing is in it."""
    # One statement for everybody: a list of ids in it is compared row by row by a prepared plan of PostgreSQL.
    which = [filing.c.election == election_id, arrival.c.state != "quarantined"]
    if contestant_id is not None:
        which.append(filing.c.contestant_id == contestant_id)
    rows = connection.execute(
        select(filing.c.contestant_id, arrival)
        .join(arrival, arrival.c.id == filing.c.arrival)
        .where(*which)
        .order_by(filing.c.contestant_id, filing.c.version)
    )
    found: dict[str, list[Arrival]] = {}
    for row in rows:
        found.setdefault(row.contestant_id, []).append(_arrival(row, {}))
    return found


@dataclass(frozen=True)
class Known:
    """What the register knows of a contestant."""

    contestant_id: str
    person_id: str | None
    fund_account: str | None


def contestants(connection: Connection, election_id: str) -> dict[str, Known]:
    """Everybody in the register of the election, by id."""
    rows = connection.execute(select(contestant).where(contestant.c.election == election_id).order_by(contestant.c.contestant_id))
    return {row.contestant_id: Known(row.contestant_id, row.person_id, row.fund_account) for row in rows}


def set_table(connection: Connection, election_id: str, *, table: str, file: str, sha256: str, size: int, at: str, who: str) -> None:
    """Take one of the commission's own tables, in place of the one before."""
    keep(connection, sha256, size, at)
    connection.execute(own_table.delete().where(own_table.c.election == election_id, own_table.c.name == table))
    connection.execute(own_table.insert().values(election=election_id, name=table, sha256=sha256, file=file, at=at))
    log.append(connection, at, who, "table", {"table": table, "file": safe(file), "sha256": sha256})


def set_contestants(connection: Connection, election_id: str, rows: Sequence[Mapping[str, str | None]]) -> None:
    """Take the contestants of the commission's register. One who is no longer in the table stays, for what he filed does."""
    known = contestants(connection, election_id)
    for row in rows:
        cid = str(row["contestant_id"])
        values = {name: row.get(name) for name in ("name", "contest", "district", "commission", "person_id", "fund_account")}
        if cid in known:
            connection.execute(
                update(contestant).where(contestant.c.election == election_id, contestant.c.contestant_id == cid).values(**values)
            )
        else:
            connection.execute(contestant.insert().values(election=election_id, contestant_id=cid, **values))


def own_tables(connection: Connection, election_id: str) -> dict[str, tuple[str, str]]:
    """The commission's own tables: file and SHA-256 by table."""
    rows = connection.execute(select(own_table).where(own_table.c.election == election_id).order_by(own_table.c.name))
    return {row.name: (row.file, row.sha256) for row in rows}


def counts(connection: Connection, election_id: str) -> dict[str, int]:
    """How many arrivals there are, by state."""
    rows = connection.execute(select(arrival.c.state, func.count()).where(arrival.c.election == election_id).group_by(arrival.c.state))
    return {state: int(number) for state, number in rows}
