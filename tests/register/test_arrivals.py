"""Arrivals: each file of the inbox once, copies say so, versions numbered by contestant."""

import pytest
from history import AT, OF, begin, receive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from auditor.register import arrivals, log
from auditor.register.schema import arrival, filing, original


def test_the_same_mark_is_recorded_once(home):
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
        first = receive(home, connection, "a.csv", b"one", mark="a.csv 3 1")
        rows = log.head(connection)
        again = receive(home, connection, "a.csv", b"one", mark="a.csv 3 1")
        assert (again, log.head(connection)) == (first, rows)
        assert len(connection.execute(select(arrival)).all()) == 1


def test_two_transactions_cannot_record_one_mark_twice(home):
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
        first = receive(home, connection, "a.csv", b"one")
    values = {"election": OF, "name": "a.csv", "sha256": first.sha256, "mark": "a.csv", "arrived_at": AT, "channel": "x", "state": "stored"}
    with pytest.raises(IntegrityError), home.engine.begin() as connection:
        connection.execute(arrival.insert().values(**values))


def test_a_copy_says_of_what_and_the_bytes_are_kept_once(home):
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
        made = [receive(home, connection, f"{n}.csv", b"one") for n in range(3)]
        other = receive(home, connection, "other.csv", b"two")
        assert [one.same_as for one in made] == [None, made[0].id, made[0].id]
        assert other.same_as is None
        assert len(connection.execute(select(original)).all()) == 2
    assert len(list(home.store.all())) == 2


def test_a_copy_of_what_is_in_quarantine_is_looked_at_anew(home):
    with home.engine.begin() as connection:
        begin(connection)
        first = receive(home, connection, "1.csv", b"one")
        arrivals.becomes(connection, first.id, "quarantined", AT, "a test", "cannot be read")
        assert receive(home, connection, "2.csv", b"one").same_as is None


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(filed=st.lists(st.sets(st.sampled_from(["SM-1", "SM-2", "SM-3"]), min_size=1), min_size=1, max_size=6), data=st.data())
def test_versions_are_numbered_by_contestant_in_order_of_arrival(home, filed, data):
    with home.engine.connect() as connection, connection.begin() as transaction:
        begin(connection, "SM-1", "SM-2", "SM-3")
        expected: dict[str, int] = {}
        for n, contestants in enumerate(filed):
            one = receive(home, connection, f"{n}.csv", f"{n}".encode())
            arrivals.belongs_to(connection, OF, one.id, sorted(contestants), None)
            if data.draw(st.booleans()):  # a pass that was killed and tells again
                arrivals.belongs_to(connection, OF, one.id, sorted(contestants), None)
            for cid in contestants:
                expected[cid] = expected.get(cid, 0) + 1
            assert arrivals.one(connection, one.id).whose == {cid: expected[cid] for cid in contestants}
        found = {cid: [one.name for one in each] for cid, each in arrivals.filed(connection, OF).items()}
        assert found == {
            cid: [f"{n}.csv" for n, contestants in enumerate(filed) if cid in contestants]
            for cid in ("SM-1", "SM-2", "SM-3")
            if cid in expected
        }
        for cid in ("SM-1", "SM-2", "SM-3"):
            alone = {name: [one.name for one in each] for name, each in arrivals.filed(connection, OF, cid).items()}
            assert alone == ({cid: found[cid]} if cid in found else {})
        transaction.rollback()


def test_only_one_filing_can_have_a_number(home):
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
        one, two = receive(home, connection, "1.csv", b"1"), receive(home, connection, "2.csv", b"2")
        arrivals.belongs_to(connection, OF, one.id, ["SM-1"], None)
    with pytest.raises(IntegrityError), home.engine.begin() as connection:
        connection.execute(filing.insert().values(election=OF, contestant_id="SM-1", version=1, arrival=two.id))


def test_a_filing_of_nobody_is_refused(home):
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
        one = receive(home, connection, "1.csv", b"1")
    with pytest.raises(IntegrityError), home.engine.begin() as connection:
        arrivals.belongs_to(connection, OF, one.id, ["SM-404"], None)


def test_states_are_those_of_the_schema(home):
    with home.engine.begin() as connection:
        begin(connection)
        one = receive(home, connection, "1.csv", b"1")
    with pytest.raises(IntegrityError), home.engine.begin() as connection:
        arrivals.becomes(connection, one.id, "lost", AT, "a test")


@pytest.mark.parametrize("name", ["отчёт \u2028\u0085.csv", "'; DROP TABLE log; --.csv", "\x1b[31m.csv", "%s {0} :name.csv", "a" * 255])
def test_a_hostile_name_is_kept_as_it_is(home, name):
    with home.engine.begin() as connection:
        begin(connection)
        receive(home, connection, name, b"1")
        assert [one.name for one in arrivals.in_state(connection, OF, "stored")] == [name]


def test_out_of_quarantine(home):
    with home.engine.begin() as connection:
        begin(connection)
        one = receive(home, connection, "1.csv", b"1")
        assert [arrivals.attempt(connection, one.id) for _ in range(3)] == [1, 2, 3]
        arrivals.becomes(connection, one.id, "quarantined", AT, "a test", "why")
        assert [(each.id, mark) for each, mark in arrivals.to_move(connection, OF)] == [(one.id, "1.csv")]
        arrivals.again(connection, one.id, AT, "a test")
        now = arrivals.one(connection, one.id)
        assert (now.state, now.attempts, now.reason) == ("stored", 0, None)
        assert arrivals.to_move(connection, OF) == []
