"""A small invented register: files, findings, a decision and its signature, a notice."""

import hashlib

from auditor.register import arrivals, decisions, outbox, runs
from auditor.register.runs import Answer, AppliedLaw

OF = "kz-majilis-2023"
AT = "2023-03-16T09:12:00+00:00"
LAW = AppliedLaw("2023-03-16", "1", "0" * 64, "audit", "{}")


def told(key, rule="DON-001", outcome="breach", measured="10.00", message="a finding", contestant="SM-1"):
    """A finding as in findings.json, as much of it as the register reads."""
    return {
        "key": key,
        "rule": rule,
        "outcome": outcome,
        "severity": "high",
        "measured": measured,
        "limit": "5.00",
        "excess": None,
        "remedied": None,
        "subject": {"kind": "contestant", "id": contestant},
        "message": message,
    }


def answer(*findings, contestant="SM-1", assessed=("DON-001", "DON-002"), made_from="x"):
    return Answer(contestant, made_from, findings, frozenset(assessed), 0)


def key(n):
    """An invented key as long as a real one."""
    return hashlib.sha256(str(n).encode()).hexdigest()[:16]


def begin(connection, *contestants):
    arrivals.begin(connection, OF, "kz/majilis-2023")
    known = arrivals.contestants(connection, OF)
    arrivals.set_contestants(
        connection, OF, [{"contestant_id": cid, "name": f"Candidate {cid}"} for cid in contestants if cid not in known]
    )


def receive(home, connection, name, content, mark=None, at=AT):
    """Keep the bytes and record their arrival."""
    return arrivals.receive(
        connection,
        OF,
        name=name,
        mark=mark or name,
        sha256=home.store.put(content),
        size=len(content),
        at=at,
        who="a test",
    )


def find(home, begins):
    with home.engine.begin() as connection:
        return decisions.find(connection, OF, begins)


def decide(home, begins, kind, by, reason="because", code=None, at=AT):
    with home.engine.begin() as connection:
        found = decisions.find(connection, OF, begins)
        decisions.decide(connection, OF, found, kind=kind, by=by, reason=reason, code=code, at=at)
        return decisions.find(connection, OF, begins)


def record(home, *answers, at=AT):
    with home.engine.begin() as connection:
        return runs.record(connection, OF, at, LAW, answers, "a test").changes


def fill(home):
    """At least one row in every table."""
    with home.engine.begin() as connection:
        begin(connection, "SM-1", "SM-2")
        first = receive(home, connection, "one.csv", b"one")
        receive(home, connection, "two.csv", b"one", mark="two")
        arrivals.belongs_to(connection, OF, first.id, ["SM-1", "SM-2"], None)
        content = b"contestant_id\nSM-1\n"
        given = {"sha256": home.store.put(content), "size": len(content), "at": AT, "who": "a test"}
        arrivals.set_table(connection, OF, table="contestants", file="contestants.csv", **given)
        to = {"channel": "mail", "recipient": "someone@example.kz"}
        outbox.queue(connection, occasion="an occasion", **to, subject="subject", body="body", at=AT)
    record(home, answer(told(key(1)), told(key(2), rule="DON-002")), answer(told(key(3), contestant="SM-2"), contestant="SM-2"))
    decide(home, key(1), "accept", "Айгүл Сапарова")
    decide(home, key(1), "sign", "Ерлан Қасымов")
