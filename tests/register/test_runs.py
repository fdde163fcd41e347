"""How findings come, change, go and come back, held against a model that is told in ten lines."""

import pytest
from history import AT, LAW, OF, answer, begin, key, record, told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from auditor.register import runs
from auditor.register.schema import finding, finding_change, result, run

RULES = ("DON-001", "DON-002")
CONTESTANTS = ("SM-1", "SM-2")
KEYS = {key(f"{cid} {rule} {n}"): (cid, rule) for cid in CONTESTANTS for rule in RULES for n in range(2)}
DEEP = dict(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def begun(home):
    with home.engine.begin() as connection:
        begin(connection, *CONTESTANTS)
    return home


# One answer on one contestant: the rules that could be assessed, and what was measured in each finding that there is.
answers = st.fixed_dictionaries(
    {
        "assessed": st.sets(st.sampled_from(RULES)),
        "found": st.dictionaries(st.sampled_from(sorted(KEYS)), st.sampled_from(["1.00", "2.00"])),
    }
)
steps = st.dictionaries(st.sampled_from(CONTESTANTS), answers, min_size=1)


def step(model, cid, one):
    """What becomes of each finding, by the rules of the register said once more: the model is {key: (open, measured)}."""
    became = {}
    for each, measured in one["found"].items():
        if each not in model:
            became[each] = "new"
        elif not model[each][0]:
            became[each] = "returned"
        else:
            became[each] = "unchanged" if model[each][1] == measured else "changed"
        model[each] = (True, measured)
    for each, (is_open, measured) in list(model.items()):
        if KEYS[each][0] == cid and is_open and each not in one["found"] and KEYS[each][1] in one["assessed"]:
            became[each], model[each] = "resolved", (False, measured)
    return became


@settings(max_examples=25, **DEEP)
@given(history=st.lists(steps, min_size=1, max_size=6))
def test_findings_follow_the_model(begun, history):
    with begun.engine.connect() as connection, connection.begin() as transaction:
        model, told_of = {}, []
        for each in history:
            given_, expected = [], {}
            for cid, one in each.items():
                mine = one | {"found": {k: v for k, v in one["found"].items() if KEYS[k][0] == cid}}
                found = [told(k, KEYS[k][1], measured=v, contestant=cid) for k, v in mine["found"].items()]
                given_.append(answer(*found, contestant=cid, assessed=mine["assessed"]))
                expected |= step(model, cid, mine)
            changes = runs.record(connection, OF, AT, LAW, given_, "a test").changes
            assert {k: what for what, keys in changes.items() for k in keys} == expected
            assert sum(map(len, changes.values())) == len(expected)
            told_of += sorted((k, what) for k, what in expected.items() if what != "unchanged")
        rows = connection.execute(select(finding)).all()
        assert {row.key: bool(row.open) for row in rows} == {k: is_open for k, (is_open, _) in model.items()}
        written = connection.execute(select(finding_change).order_by(finding_change.c.run, finding_change.c.key)).all()
        assert sorted((row.key, row.change) for row in written) == sorted(told_of)
        assert set(runs.since(connection, OF)) == {k for k, (is_open, _) in model.items() if is_open}
        transaction.rollback()


def test_not_resolved_where_the_rule_was_not_assessed_for_the_contestant(begun):
    record(begun, answer(told(key(1))))
    assert record(begun, answer(assessed=["DON-002"]))["resolved"] == []
    assert record(begun, answer(contestant="SM-2"))["resolved"] == []
    assert record(begun, answer())["resolved"] == [key(1)]
    assert record(begun, answer())["resolved"] == []
    assert record(begun, answer(told(key(1))))["returned"] == [key(1)]


@pytest.mark.parametrize("what", ["outcome", "severity", "measured", "limit", "excess", "remedied"])
def test_what_makes_a_finding_another_one(begun, what):
    record(begun, answer(told(key(1))))
    assert record(begun, answer(told(key(1)) | {what: "other"}))["changed"] == [key(1)]


def test_other_rows_and_other_words_change_nothing(begun):
    record(begun, answer(told(key(1))))
    moved = told(key(1), message="the same in other words") | {"rows": [7]}
    assert record(begun, answer(moved))["unchanged"] == [key(1)]
    with begun.engine.begin() as connection:  # and what is shown is what was said last
        assert "other words" in connection.execute(select(finding.c.told)).scalar_one()


def test_a_run_counts_by_outcome_and_remembers_from_what_it_was_made(begun):
    found = [told(key(1)), told(key(2), outcome="undetermined"), told(key(3), outcome="lead"), told(key(4))]
    record(begun, answer(*found, made_from="first"))
    record(begun, answer(contestant="SM-2", made_from="other"))
    record(begun, answer(*found, made_from="second"))
    with begun.engine.begin() as connection:
        assert runs.made_from(connection, OF) == {"SM-1": "second", "SM-2": "other"}
        rows = connection.execute(select(result).order_by(result.c.run)).all()
        assert [(row.breaches, row.undetermined, row.leads) for row in rows] == [(2, 1, 1), (0, 0, 0), (2, 1, 1)]
        assert rows[0].sha256 == rows[2].sha256


def test_a_run_on_nobody_is_a_run(begun):
    assert record(begun) == {"new": [], "changed": [], "resolved": [], "returned": [], "unchanged": []}
    with begun.engine.begin() as connection:
        assert len(connection.execute(select(run)).all()) == 1
        assert connection.execute(select(result)).all() == []


def test_since_is_the_day_of_coming_or_coming_back(begun):
    days = [f"2023-03-{day}T09:00:00+00:00" for day in (16, 17, 18, 19)]
    record(begun, answer(told(key(1)), told(key(2))), at=days[0])
    record(begun, answer(told(key(2), measured="11.00")), at=days[1])
    record(begun, answer(told(key(1)), told(key(2), measured="11.00")), at=days[2])
    with begun.engine.begin() as connection:
        assert runs.since(connection, OF) == {key(1): days[2], key(2): days[0]}


def test_what_is_told_is_kept_letter_by_letter(begun):
    message = "\u2028 \u0085 ' \" \\ %s :x \x1b \x00 \U0001f600"
    record(begun, answer(told(key(1), message=message)))
    with begun.engine.begin() as connection:
        from auditor.register import decisions

        assert decisions.find(connection, OF, key(1)).told["message"] == message
