"""A PostgreSQL of its own for the tests: Debian's package, a free port of this machine, a folder that goes away."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

USER = "postgres"


class Server:
    """A running server, trusted by everybody on this machine; it does not wait for the disk."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="audit-pg-"))
        self._as = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
        if self._as:
            shutil.chown(self._folder, USER)
        self._data = self._folder / "data"
        self.port = _free_port()
        self._run("initdb", "-D", self._data, "--no-sync", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale", "C")
        self.start()
        self._names = 0

    def _run(self, program, *args):
        done = subprocess.run([*self._as, str(self._programs / program), *map(str, args)], capture_output=True, text=True, cwd=self._folder)  # noqa: PLW1510
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -h 127.0.0.1 -k {self._folder} -F -c max_connections=40 -c shared_buffers=16MB"
        self._run("pg_ctl", "-D", self._data, "-l", self._folder / "log", "-w", "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once, as a machine that fails."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def remove(self) -> None:
        """Stop it and remove everything."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def database(self) -> str:
        """The address of a new, empty database."""
        self._names += 1
        name = f"audit_{os.getpid()}_{self._names}"
        self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", USER, name)
        return self.url(name)

    def url(self, name: str) -> str:
        """The address of a database as --database takes it."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def dsn(self, name: str) -> str:
        """The address of a database as psycopg takes it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def do(self, statement: str) -> None:
        """One statement of SQL about the server."""
        import psycopg

        with psycopg.connect(self.dsn(USER), autocommit=True) as connection:
            connection.execute(statement)


def programs() -> Path | None:
    """Where Debian keeps the newest version, if one is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def server() -> Server | None:
    """A server for this process, stopped when it ends; None where PostgreSQL is not installed."""
    where = programs()
    if where is None:
        return None
    for _ in range(3):  # another process may take the port in between
        try:
            made = Server(where)
        except AssertionError:
            time.sleep(1)
            continue
        atexit.register(made.remove)
        return made
    raise RuntimeError("PostgreSQL is installed, and does not start")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
