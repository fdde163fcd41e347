"""A PostgreSQL server of the tests' own, from Debian's package: on a free port of this machine, in a folder that goes with it.

`server` starts it once in each process of pytest; `anew(server)` gives a fresh database. Where it cannot be had the tests that need it
are skipped and say why; in CI they fail.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest

_PACKAGE = "apt-get install -y --no-install-recommends postgresql"
_numbers = count(1)


class CannotStart(Exception):
    """Says why there is no server."""


class Server:
    """A running server. `template` is a database whose copies are given out, once there is one."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries, self.folder = binaries, folder
        self.template = "template0"
        self.port = 0
        self._process = None
        self._as_postgres("initdb", "--no-sync", "--no-locale", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", folder / "data")

    def _command(self, *args):
        become = ("--reuid=postgres", "--regid=postgres", "--init-groups") if os.geteuid() == 0 else ()
        # However this process ends, the server is told to end too.
        return ["setpriv", *become, "--pdeathsig=INT", str(self._binaries / args[0]), *map(str, args[1:])]

    def _as_postgres(self, *args):
        done = subprocess.run(self._command(*args), capture_output=True, text=True, check=False, cwd=self.folder)
        if done.returncode:
            raise CannotStart(f"{args[0]}: {done.stderr.strip() or done.stdout.strip()}")

    def start(self, port=0):
        """Start, on this port or on a free one; return when it answers."""
        for _ in range(3):
            self.port = port or _free_port()
            options = {
                "listen_addresses": "127.0.0.1",
                "unix_socket_directories": "",
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "autovacuum": "off",
                "max_wal_size": "256MB",
                "shared_buffers": "16MB",
            }
            told = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
            with (self.folder / "log").open("a") as log:
                self._process = subprocess.Popen(
                    self._command("postgres", "-D", self.folder / "data", "-p", self.port, *told),
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                )
            if self._answers():
                return
            self.stop()
        raise CannotStart(f"postgres: {(self.folder / 'log').read_text()[-2000:]}")

    def _answers(self):
        import psycopg

        until = time.monotonic() + 30
        while time.monotonic() < until and self._process.poll() is None:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def stop(self, *, at_once=False):
        """Stop, and wait until it has; `at_once` as if it had crashed."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def restart(self, *, at_once=True):
        """As a machine does it in the middle of work: every connection is lost; the port stays."""
        self.stop(at_once=at_once)
        self.start(self.port)

    def dsn(self, database):
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def url(self, database):
        """As --database takes it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def do(self, statement, database="postgres"):
        import psycopg

        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def anew(server, template=None):
    """The name of a database of its own, a copy of `template`; dropped at the end, whoever is connected to it."""
    name = f"test_{next(_numbers)}"
    server.do(f"CREATE DATABASE {name} TEMPLATE {template or server.template}")
    try:
        yield name
    finally:
        server.do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def _binaries():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise CannotStart(f"PostgreSQL is not installed: {_PACKAGE}")
    if shutil.which("setpriv") is None:
        raise CannotStart("setpriv (of util-linux) is not installed")
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise CannotStart(f"psycopg is not installed: {error}") from error
    return found[-1].parent


@contextmanager
def running():
    """A server, stopped and its folder removed at the end. Raises CannotStart."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="audit-postgres-"))
    started = None
    try:
        if os.geteuid() == 0:
            who = pwd.getpwnam("postgres")
            os.chown(folder, who.pw_uid, who.pw_gid)
        started = Server(binaries, folder)
        started.start()
        yield started
    finally:
        if started is not None:
            started.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server():
    """The server of this process of pytest; where it cannot be had the test is skipped and says why, and in CI it fails."""
    with ExitStack() as stack:
        try:
            started = stack.enter_context(running())
        except CannotStart as error:
            said = f"NOT TESTED ON POSTGRESQL: {error}"
            if os.environ.get("CI"):
                pytest.fail(said)
            pytest.skip(said)
        yield started
