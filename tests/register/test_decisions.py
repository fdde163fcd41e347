"""Decisions: appended, four eyes by the database itself, reopened when the finding changes."""

import unicodedata
from decimal import Decimal

import pytest
from history import AT, OF, answer, begin, decide, find, key, record, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from auditor.errors import BadUsage
from auditor.model.finding import Finding, Outcome, Severity
from auditor.register import decisions
from auditor.register.checkup import checkup, tail
from auditor.register.schema import decision
from auditor.render.data import finding as rendered


@pytest.fixture
def found(home):
    """A register with two findings."""
    with home.engine.begin() as connection:
        begin(connection, "SM-1")
    record(home, answer(told(key(1)), told(key(2))))
    return home


def directly(home, **values):
    """By SQL, as somebody would who goes round the program; the number of the row."""
    row = {"election": OF, "key": key(1), "by": "A", "code": None, "reason": "because", "at": AT, "about": "0" * 64} | values
    row = {"person": decisions.person(row["by"]) if row["by"] is not None else None} | row
    with home.engine.begin() as connection:
        return connection.execute(insert(decision).values(**row)).inserted_primary_key[0]


def test_accepted_then_signed_by_another(found):
    assert find(found, key(1)).state == "open"
    assert decide(found, key(1), "accept", "A").state == "accepted"
    assert decide(found, key(1), "sign", "B").state == "signed"
    assert find(found, key(2)).state == "open"


@pytest.mark.parametrize("again", ["Айгүл Сапарова", "айгүл сапарова", "  Айгүл   Сапарова ", "АЙГҮЛ САПАРОВА"])
def test_nobody_signs_what_they_decided(found, again):
    decide(found, key(1), "accept", "Айгүл Сапарова")
    with pytest.raises(BadUsage, match="another person"):
        decide(found, key(1), "sign", again)
    with pytest.raises(BadUsage, match="another person"):
        decide(found, key(1), "sign", unicodedata.normalize("NFD", again))


def test_the_database_refuses_a_signature_of_the_same_person(found):
    number = directly(found, kind="accept")
    for by in ("A", "a"):
        with pytest.raises(IntegrityError):
            directly(found, kind="sign", by=by, signs=number, signs_person="a")
    assert directly(found, kind="sign", by="B", signs=number, signs_person="a")


def test_the_database_refuses_a_signature_that_names_another_decider(found):
    """Else who decided would sign as if somebody else had decided."""
    number = directly(found, kind="accept")
    with pytest.raises(IntegrityError):
        directly(found, kind="sign", by="A", signs=number, signs_person="c")


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "sign"},
        {"kind": "sign", "signs_person": "b"},
        {"kind": "sign", "signs": 404, "signs_person": "b"},
        {"kind": "accept", "signs": 1, "signs_person": "b"},
        {"kind": "dismiss"},
        {"kind": "dismiss", "code": "duplicate", "reason": ""},
        {"kind": "forget"},
        {"kind": "accept", "key": "nothing"},
        {"kind": "accept", "by": None},
    ],
)
def test_the_database_refuses_what_is_no_decision(found, values):
    with pytest.raises(IntegrityError):
        directly(found, **values)


def test_the_database_refuses_a_signature_under_another_finding_and_a_second_one(found):
    number = directly(found, kind="accept")
    with pytest.raises(IntegrityError):
        directly(found, kind="sign", by="B", signs=number, signs_person="a", key=key(2))
    directly(found, kind="sign", by="B", signs=number, signs_person="a")
    with pytest.raises(IntegrityError):
        directly(found, kind="sign", by="C", signs=number, signs_person="a")


def test_a_dismissal_needs_a_code_and_a_reason(found):
    for code, reason in ((None, "because"), ("whim", "because"), ("duplicate", ""), ("duplicate", "  ")):
        with pytest.raises(BadUsage, match="--code"):
            decide(found, key(1), "dismiss", "A", reason, code)
    assert decide(found, key(1), "dismiss", "A", "it is the same payment", "duplicate").state == "dismissed"


def test_a_note_needs_a_reason_and_decides_nothing(found):
    with pytest.raises(BadUsage):
        decide(found, key(1), "note", "A", " ")
    assert decide(found, key(1), "note", "A").state == "open"
    with pytest.raises(BadUsage, match="no decision to sign"):
        decide(found, key(1), "sign", "B")


def test_somebody_decides(found):
    with pytest.raises(BadUsage, match="--by"):
        decide(found, key(1), "accept", " \t ")


def test_a_changed_finding_is_open_again_and_cannot_be_signed(found):
    decide(found, key(1), "accept", "A")
    decide(found, key(1), "sign", "B")
    record(found, answer(told(key(1), measured="11.00"), told(key(2))))
    assert find(found, key(1)).state == "reopened"
    with pytest.raises(BadUsage, match="no decision to sign"):
        decide(found, key(1), "sign", "C")
    assert decide(found, key(1), "accept", "A").state == "accepted"
    assert decide(found, key(1), "sign", "B").state == "signed"
    record(found, answer(told(key(1)), told(key(2))))
    assert find(found, key(1)).state == "reopened"


def test_a_finding_that_only_moved_keeps_its_decision(found):
    decide(found, key(1), "accept", "A")
    record(found, answer(told(key(1), message="in another row") | {"rows": [9]}, told(key(2))))
    assert find(found, key(1)).state == "accepted"


def test_a_finding_that_comes_back_shows_its_history(found):
    decide(found, key(1), "accept", "A")
    record(found, answer(told(key(2))))
    assert not find(found, key(1)).is_open
    record(found, answer(told(key(1)), told(key(2))))
    now = find(found, key(1))
    assert [change for _, change in now.changes] == ["new", "resolved", "returned"]
    assert [made.kind for made in now.decisions] == ["accept"]


def test_a_later_decision_stands_above_and_takes_the_signature_away(found):
    decide(found, key(1), "accept", "A")
    decide(found, key(1), "sign", "B")
    with pytest.raises(BadUsage, match="signed already"):
        decide(found, key(1), "sign", "C")
    now = decide(found, key(1), "dismiss", "C", "see the receipt", "evidence")
    assert (now.state, now.signature, len(now.decisions)) == ("dismissed", None, 3)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=st.lists(st.tuples(st.sampled_from(["accept", "dismiss", "note", "sign"]), st.sampled_from("ABC")), max_size=8))
def test_every_signature_is_another_persons_and_under_the_standing_decision(found, made):
    with found.engine.connect() as connection, connection.begin() as transaction:
        accepted = refused = 0
        for kind, by in made:
            one = decisions.find(connection, OF, key(1))
            try:
                code = "evidence" if kind == "dismiss" else None
                decisions.decide(connection, OF, one, kind=kind, by=by, reason="because", code=code, at=AT)
                accepted += 1
            except BadUsage:
                refused += 1
                assert kind == "sign"
                assert one.standing is None or one.signature is not None or one.standing.by == by
        now = decisions.find(connection, OF, key(1))
        assert len(now.decisions) == accepted
        assert accepted + refused == len(made)
        standing = [each for each in now.decisions if each.kind in ("accept", "dismiss")]
        for each in now.decisions:
            if each.kind == "sign":
                signed = next(one for one in standing if one.id == each.signs)
                assert signed.by != each.by
                assert max(one.id for one in standing if one.id < each.id) == signed.id
        transaction.rollback()


def test_a_key_by_its_beginning(found):
    whole = key(1)
    assert find(found, whole).key == find(found, whole[:6]).key == find(found, whole[:8].upper()).key == whole
    for wrong, said in (
        (whole[:5], "6 letters"),
        ("%" * 6, "no finding"),
        ("______", "no finding"),
        (f"{whole}0", "no finding"),
        ("", "at least 6"),
    ):
        with pytest.raises(BadUsage, match=said):
            find(found, wrong)


def test_a_beginning_of_two_keys_is_refused_and_a_whole_key_is_not(found):
    record(found, answer(*(told(each) for each in ("abcdef", "abcdef0", "fedcba0", "fedcba1"))))
    with pytest.raises(BadUsage, match="several"):
        find(found, "fedcba")
    assert find(found, "abcdef").key == "abcdef"


def test_every_decision_is_in_the_log(found):
    decide(found, key(1), "accept", "A")
    decide(found, key(1), "sign", "B")
    last = tail(found, 2)
    assert [(row["who"], row["what"], row["details"]["finding"]) for row in last] == [("A", "accept", key(1)), ("B", "sign", key(1))]
    assert checkup(found).faults == []
    with found.engine.begin() as connection:
        assert len(connection.execute(select(decision)).all()) == 2


def test_what_a_decision_is_about_is_hashed_as_ever():
    """With another hash every finding that two people signed would be open again."""
    told = {
        "rule": "DON-001", "outcome": "breach", "severity": "major", "remedied": False, "measured": "7000000.01", "limit": "7000000.00",
        "excess": "0.01", "subject": "900101300017", "message": "is not part of it",
    }  # fmt: skip
    assert decisions.about(told) == "efedc1e4c80115730201a2033c6502b97065b768feb72116734afa93a4cb5e57"
    one = Finding(
        "k", "DON-001", Outcome.BREACH, Severity.MAJOR, False, "contestant", "SM-1", "900101300017",
        Decimal("7000000.01"), Decimal("7000000.00"), Decimal("0.01"), (), None, "", "", "", "", (),
    )  # fmt: skip
    assert decisions.about(rendered(one)) == "efedc1e4c80115730201a2033c6502b97065b768feb72116734afa93a4cb5e57"


@pytest.mark.parametrize("cell", ["reason", "by", "code", "kind", "at", "about"])
def test_a_decision_changed_behind_our_back_is_found(found, unprotected, cell):
    decide(found, key(1), "accept", "A")
    decide(found, key(2), "accept", "A")
    unprotected(
        "decision", f'UPDATE decision SET "{cell}" = :value WHERE key = :key', value="note" if cell == "kind" else "other", key=key(2)
    )
    (fault,) = checkup(found).faults
    assert fault.startswith("decision ")


def test_a_decision_removed_or_written_past_the_program_is_found(found, unprotected):
    decide(found, key(1), "accept", "A")
    unprotected("decision", "DELETE FROM decision")
    assert len(checkup(found).faults) == 1
    directly(found, kind="accept", key=key(2))
    assert len(checkup(found).faults) in (1, 2)  # SQLite gives the removed row's number again
