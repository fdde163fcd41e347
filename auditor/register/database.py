"""Opening the register's database: SQLite in a file of the register's folder, or PostgreSQL by URL; the same tables in both."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, CursorResult, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from auditor.errors import BadUsage, first_line
from auditor.wording import refusal

__all__ = ["Connection"]  # those who work on the register name its transactions without naming the library
BUSY_SECONDS = 30.0
"""How long a transaction waits for another that holds what it needs."""
CONNECT_SECONDS = 10
MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset(("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs", "fuse.glusterfs", "ceph", "lustre"))
_LOCK = 4_203_119  # any number of our own, for the advisory lock of PostgreSQL
_NO_RIGHT = "42501"
# Classes of SQLSTATE and whole ones: connection lost, serialization, deadlock, too many connections, lock timeout, server going or coming.
_PASSING = ("08", "40001", "40P01", "53300", "55P03", "57P0")
# What SQLite says, and PostgreSQL's client where the server has said nothing: neither is translated.
_PASSING_WORDS = ("locked", "busy", "connection", "server closed")
T = TypeVar("T")


def file_of(home: Path) -> Path:
    """The SQLite database of a register's folder."""
    return home / "register.sqlite3"


def url_of(home: Path) -> URL:
    """Its address. A name may hold what would mean something in an address that is written out."""
    return URL.create("sqlite", database=str(file_of(home).absolute()))


def connect(url: str | URL) -> Engine:
    """An engine for the database, each of whose transactions is either whole or not there. Raises BadUsage for an address that is
    none, or a SQLite file on a network share, where its locks do not hold."""
    try:
        parsed = make_url(url)
        name = parsed.get_backend_name()
        if name not in ("sqlite", "postgresql"):
            raise BadUsage(refusal("usage.database_kind", name=name))
        if name == "postgresql":
            wait = {} if "connect_timeout" in parsed.query else {"connect_timeout": CONNECT_SECONDS}
            engine = create_engine(parsed, pool_pre_ping=True, connect_args=wait)
            _as_we_want_postgresql(engine)
        else:
            _not_on_a_network(Path(parsed.database or "."))
            engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})
            _as_we_want_sqlite(engine)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:  # ValueError: a port that is no number
        raise BadUsage(refusal("usage.database_address", error=first_line(error))) from error
    return engine


def _as_we_want_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _begin(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own transactions begin too late: two of ours could read the same state
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _immediate(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _as_we_want_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _wait_no_longer(connection: Any, _record: Any) -> None:
        connection.autocommit = True  # what is set within a transaction goes with it
        connection.execute(f"SET lock_timeout = {round(BUSY_SECONDS * 1000)}")  # else a transaction left open elsewhere stops us for ever
        connection.autocommit = False


def _not_on_a_network(file: Path) -> None:
    if not MOUNTS.exists():
        return
    folder = file.parent.resolve()
    best, kind = "", ""
    for line in MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
        _, where, this, *_ = line.split(" ")
        where = where.replace("\\040", " ")
        if folder.is_relative_to(where) and len(where) >= len(best):
            best, kind = where, this
    if kind in _NETWORK:
        raise BadUsage(refusal("usage.network_share", path=file, kind=kind))


def _alembic(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> tuple[str | None, str | None]:
    """Bring the tables to the newest version; the versions before and after. Raises BadUsage where they are newer than this program."""
    with reaching(engine) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        if before is not None and before not in _known():
            raise _too_new(before)
        command.upgrade(_alembic(connection), "head")
        return before, MigrationContext.configure(connection).get_current_revision()


@cache
def newest() -> str | None:
    """The version of the tables that this program works with."""
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def require_newest(engine: Engine) -> None:
    """Raise BadUsage where the tables are not there, older or newer than this program."""
    with reaching(engine) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == newest():
        return
    if found is None or found in _known():
        raise BadUsage(refusal("usage.register_tables"))
    raise _too_new(found)


def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions())


def _too_new(found: str) -> BadUsage:
    return BadUsage(refusal("usage.register_newer", found=found, known=newest()))


@contextmanager
def reaching(engine: Engine) -> Iterator[Connection]:
    """A transaction for a command of a person; BadUsage where the database cannot be reached, is locked, is no database, or may not
    be used."""
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise _cannot_use(error) from error
    except TypeError as error:  # an option in the address that the driver does not know
        raise BadUsage(refusal("usage.database_address", error=error)) from error
    try:
        with connection, connection.begin():
            yield connection
    except UnicodeEncodeError as error:  # bytes of a name or of the command line that are not UTF-8
        raise BadUsage(refusal("usage.database_utf8", text=repr(error.object))) from error
    except DBAPIError as error:
        raise _as_audit_error(error) from error


def _as_audit_error(error: DBAPIError) -> Exception:
    """In one line what keeps the database from being used; any other error is a mistake of ours, and stays what it is."""
    # The subclasses are for mistakes of ours, but for a right that PostgreSQL does not give us.
    of_the_database = type(error) in (OperationalError, DatabaseError) or getattr(error.orig, "sqlstate", None) == _NO_RIGHT
    return _cannot_use(error) if of_the_database or is_passing(error) else error


def _cannot_use(error: DBAPIError) -> BadUsage:
    return BadUsage(refusal("usage.database_useless", error=first_line(error.orig or error)))


def is_passing(error: DBAPIError) -> bool:
    """Whether the same may succeed in a moment: a database that is locked, or a connection that was lost."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:  # the sentence beside it is in the server's language
        return str(state).startswith(_PASSING)
    said = str(error.orig).lower()
    return any(words in said for words in _PASSING_WORDS)


def again(work: Callable[[], T], pauses: tuple[float, ...], sleep: Callable[[float], None]) -> T:
    """Do `work` (a whole transaction), and again after each pause in seconds where it failed for a passing reason. Raises BadUsage
    where the database cannot be used in the end: it stays locked, is gone, or its disk is full."""
    for pause in pauses:
        try:
            return work()
        except DBAPIError as error:
            if not is_passing(error):
                raise _as_audit_error(error) from error
        sleep(pause)
    try:
        return work()
    except DBAPIError as error:
        raise _as_audit_error(error) from error


def in_one(engine: Engine, do: Callable[[Connection], T], pauses: tuple[float, ...], sleep: Callable[[float], None]) -> T:
    """One transaction, tried again as `again` does. Raises BadUsage where the database cannot be used."""

    def whole() -> T:
        with engine.begin() as connection:
            return do(connection)

    return again(whole, pauses, sleep)


def key_of(made: CursorResult[Any]) -> int:
    """The number that the database gave to the row that was just written."""
    key = made.inserted_primary_key
    assert key is not None  # one row was written
    return int(key[0])


def is_postgresql(engine: Engine) -> bool:
    """Whether it is PostgreSQL; otherwise it is SQLite."""
    return engine.dialect.name == "postgresql"


@contextmanager
def only_one(engine: Engine) -> Iterator[bool]:
    """Whether this is the only pass at work on the register; a lock of PostgreSQL that goes with its connection. Raises BadUsage where
    the database cannot be used."""
    with ExitStack() as open_until_the_end:
        try:
            connection = open_until_the_end.enter_context(engine.connect())
            held = bool(connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": _LOCK}).scalar())
            connection.commit()  # the lock is the session's; an open transaction would only hold back the others' clean-up
        except DBAPIError as error:
            raise _as_audit_error(error) from error
        try:
            yield held
        finally:
            if held and not connection.invalidated:
                try:
                    connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _LOCK})
                    connection.commit()
                except DBAPIError:
                    pass  # the connection is gone, and the lock with it
