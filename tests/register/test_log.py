"""The log: a chain that never forks, in which time never goes back, and in which every change is found."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from history import AT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from auditor.register import database, log
from auditor.register.checkup import checkup
from auditor.register.home import open_
from auditor.register.schema import log as log_table


def append(home, n, at=AT):
    with home.engine.begin() as connection:
        return log.append(connection, at, "a test", "happened", {"n": n})


def rows_of(home):
    with home.engine.begin() as connection:
        return connection.execute(select(log_table).order_by(log_table.c.n)).mappings().all()


def test_two_who_write_at_once_never_fork_the_chain(home, register):
    """Two threads with an engine each: two connections, as two programs have."""

    def write(who):
        mine = open_(register.folder, register.url)
        try:
            for n in range(15):
                append(mine, f"{who}-{n}")
        finally:
            mine.engine.dispose()

    with ThreadPoolExecutor(2) as both:
        list(both.map(write, ("a", "b")))
    written = rows_of(home)
    assert [row["n"] for row in written] == list(range(1, 31))
    assert {json.loads(row["details"])["n"] for row in written} == {f"{who}-{n}" for who in "ab" for n in range(15)}
    assert checkup(home).faults == []


def test_the_hash_is_what_the_documentation_says(home):
    """Made here anew from the cells, so that somebody else can."""
    append(home, 1)
    append(home, 2)
    previous = "0" * 64
    for row in rows_of(home):
        cells = [row["n"], row["at"], row["who"], row["what"], row["details"], previous]
        previous = hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()
        assert row["hash"] == previous
    assert checkup(home).head == previous


@pytest.mark.parametrize("number", [1, 2, 4])
@pytest.mark.parametrize("column", [column.name for column in log_table.c])
def test_any_cell_that_was_changed_is_found(home, unprotected, column, number):
    for n in range(4):
        append(home, n)
    assert checkup(home).faults == []
    value = 77 if column == "n" else "f" * 64 if column in ("previous", "hash") else '{"n": 5}' if column == "details" else "other"
    unprotected("log", f"UPDATE log SET {column} = :value WHERE n = :n", value=value, n=number)
    assert checkup(home).faults


def test_a_changed_row_with_a_hash_made_to_fit_breaks_the_row_after(home, unprotected):
    for n in range(4):
        append(home, n)
    row = dict(rows_of(home)[1]) | {"who": "nobody"}
    unprotected("log", "UPDATE log SET who = 'nobody', hash = :hash WHERE n = 2", hash=log.hash_of(row))
    assert checkup(home).faults == ["log: row 3 does not fit its hash or the row before"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_row_is_found(home, unprotected, number):
    for n in range(4):
        append(home, n)
    unprotected("log", "DELETE FROM log WHERE n = :n", n=number)
    assert checkup(home).faults == [f"log: row {number + 1} does not fit its hash or the row before"]


def test_what_is_cut_off_at_the_end_shows_in_number_and_last_hash(home, unprotected):
    """The chain alone cannot tell; who kept an earlier last hash can."""
    kept = [append(home, n) for n in range(4)]
    unprotected("log", "DELETE FROM log WHERE n = 4")
    found = checkup(home)
    assert (found.faults, found.rows, found.head) == ([], 3, kept[2])
    assert found.head != kept[3]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(clocks=st.lists(st.integers(0, 59), min_size=1, max_size=6))
def test_time_in_the_log_never_goes_back(home, clocks):
    before = len(rows_of(home))
    given_ = [f"2023-03-16T09:{minute:02}:00+00:00" for minute in clocks]
    for n, at in enumerate(given_):
        append(home, n, at)
    written = rows_of(home)
    assert [row["at"] for row in written] == sorted(row["at"] for row in written)
    for row, clock in zip(written[before:], given_, strict=True):
        assert json.loads(row["details"]).get("clock", row["at"]) == clock
    assert checkup(home).faults == []


def test_a_transaction_that_fails_leaves_no_row(home):
    append(home, 1)

    class Stopped(Exception):
        pass

    with pytest.raises(Stopped), home.engine.begin() as connection:
        log.append(connection, AT, "a test", "happened", {})
        raise Stopped
    append(home, 2)
    assert [row["n"] for row in rows_of(home)] == [1, 2]
    assert checkup(home).faults == []


def test_check_of_the_command_line_says_each_fault_and_status_1(home, register, unprotected, run):
    for n in range(3):
        append(home, n)
    status, said, _ = run("db", "check", *register.options)
    assert (status, said.splitlines()[-1]) == (0, "цело")
    unprotected("log", "UPDATE log SET who = 'nobody' WHERE n = 2")
    status, said, error = run("db", "check", *register.options)
    assert (status, error, said.splitlines()[-1]) == (1, "", "неисправностей: 1")
    assert "журнал: строка 2 не соответствует" in said


@pytest.mark.parametrize("details", ["no JSON", "[]", '"x"', "null"])
def test_a_changed_row_is_shown_and_found(home, register, unprotected, run, details):
    append(home, 1)
    unprotected("log", "UPDATE log SET what = 'accept', details = :details", details=details)
    assert run("db", "log", *register.options)[0] == 0
    assert run("db", "check", *register.options)[0] == 1


def test_the_lock_of_a_pass_is_held_by_one(home, register):
    from auditor.register.home import alone

    other = open_(register.folder, register.url)
    with alone(home) as first, alone(other) as second:
        assert (first, second) == (True, False)
    with alone(other) as then:
        assert then
    if database.is_postgresql(home.engine):  # another machine has another folder, and the same database
        from dataclasses import replace

        there = replace(other, folder=register.folder / "done")
        with alone(home), alone(there) as second:
            assert not second
    other.engine.dispose()
