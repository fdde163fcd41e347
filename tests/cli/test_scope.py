"""Which contestants an audit is restricted to: every option narrows it, and of one option given twice either will do."""

import json

import pytest

SAMPLE = "sample_data/majilis-2023"


def asked_of(run, *options):
    status, out, err = run("check", SAMPLE, "--as-of", "2023-04-15", "--format", "json", "--lang", "en", "--select", "DEP", *options)
    return [one["contestant_id"] for one in json.loads(out)["contestants"]] if out else (status, err)


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (["--contestant", "SM-01-01"], ["SM-01-01"]),
        (["--contestant", "SM-01-01", "--contestant", "PL-01"], ["PL-01", "SM-01-01"]),
        (["--commission", "cec"], ["PL-01", "PL-02", "PL-03"]),
        (["--commission", "CEC", "--contestant", "PL-02"], ["PL-02"]),
        (["--commission", "CEC", "--contestant", "PL-02", "--contestant", "SM-01-01"], ["PL-02"]),
    ],
)
def test_options_narrow_one_another(run, options, chosen):
    assert asked_of(run, *options) == chosen


def test_a_district_and_its_commission_are_the_district(run):
    district = asked_of(run, "--district", "1")
    assert len(district) > 1
    everybody = asked_of(run)
    for cid in everybody:
        both = asked_of(run, "--district", "1", "--contestant", cid)
        assert both == [cid] if cid in district else (both[0] == 2 and "fits all of" in both[1])


def test_a_name_that_nobody_has_is_refused_whatever_else_is_asked(run):
    assert asked_of(run, "--commission", "CEC", "--district", "99") == (2, "--district 99: no contestant has it.\n")
    status, said = asked_of(run, "--contestant", "PL-1")
    assert status == 2 and "PL-01" in said
