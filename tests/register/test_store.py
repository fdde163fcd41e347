"""Originals: kept once, read-only, never given out changed, whole under their name or not there."""

import hashlib
import os
import signal
import subprocess
import sys

import pytest
from history import begin, fill, receive
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import CannotRead
from auditor.register.checkup import checkup
from auditor.register.store import Store


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@settings(max_examples=20, deadline=None)
@given(contents=st.lists(st.binary(max_size=40), max_size=6))
def test_what_is_put_is_got_and_is_there_once(tmp_path_factory, contents):
    store = Store(tmp_path_factory.mktemp("store"))
    names = [store.put(content) for content in contents]
    assert [store.get(name) for name in names] == contents
    assert names == [hashlib.sha256(content).hexdigest() for content in contents]
    assert list(store.all()) == sorted(set(names))
    assert len(files(store.folder)) == len(set(contents))


def test_a_file_is_read_only_and_is_not_written_again(tmp_path):
    store = Store(tmp_path)
    path = store.path(store.put(b"content"))
    before = path.stat()
    assert before.st_mode & 0o777 == 0o400
    store.put(b"content")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("bytes_", [b"", b"CONTENT", b"content ", b"conten"])
def test_changed_bytes_are_never_given_out(tmp_path, bytes_):
    store = Store(tmp_path)
    name = store.put(b"content")
    store.path(name).chmod(0o644)
    store.path(name).write_bytes(bytes_)
    with pytest.raises(CannotRead, match="changed"):
        store.get(name)
    assert store.put(b"content") == name  # the bytes in hand take the place of what is none of them any more
    assert store.get(name) == b"content"


def test_missing_bytes_are_said_in_one_line(tmp_path):
    with pytest.raises(CannotRead, match="not in the store") as said:
        Store(tmp_path).get("0" * 64)
    assert len(said.value.mistakes) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from auditor.register import store
def stop(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "before the rename":
    Path.replace = stop
elif sys.argv[2] == "before the bytes are on the disk":
    os.fsync = stop
else:
    store._on_disk = stop
store.Store(Path(sys.argv[1])).put(b"x" * 100_000)
"""


@pytest.mark.parametrize("when", ["before the bytes are on the disk", "before the rename", "after the rename"])
def test_a_kill_leaves_no_half_file_under_the_name(tmp_path, when):
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), when], check=False)
    assert done.returncode == -signal.SIGKILL
    store = Store(tmp_path)
    content = b"x" * 100_000
    there = list(store.all())
    assert there == ([hashlib.sha256(content).hexdigest()] if when == "after the rename" else [])
    assert len(files(tmp_path)) == 1  # whole, or a rest that nobody takes for an original
    assert store.get(store.put(content)) == content


def test_an_error_while_writing_leaves_nothing(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        Store(tmp_path).put(b"content")
    assert files(tmp_path) == []


@pytest.mark.parametrize("what", ["changed", "missing", "longer"])
def test_a_changed_or_missing_original_is_found(home, register, run, what):
    fill(home)
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
        sha256 = receive(home, connection, "new.csv", b"new").sha256
    path = home.store.path(sha256)
    path.chmod(0o644)
    if what == "missing":
        path.unlink()
    else:
        path.write_bytes(b"NEW" if what == "changed" else b"new and more")
    (fault,) = checkup(home).faults
    assert sha256[:12] in fault
    assert run("db", "check", *register.options)[0] == 1


def test_a_size_that_was_changed_in_the_table_is_found(home, unprotected):
    fill(home)
    unprotected("original", "UPDATE original SET bytes = bytes + 1")
    assert len(checkup(home).faults) == 2
