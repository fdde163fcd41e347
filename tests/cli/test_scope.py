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


def test_an_id_in_another_case_is_another_one_and_the_known_one_is_offered(run):
    status, said = asked_of(run, "--contestant", "pl-01")
    assert status == 2
    assert "PL-01" in said


LINES = "contestant_id,contest,report_id,date,kind,amount,fund_account\n"
ACCOUNTS = {"A": "KZ456010000000000001", "B": "KZ186010000000000002"}
REGISTER = "contestant_id,contest,name,elected,fund_account\n"
OF_B = {
    "contestants.csv": f"{REGISTER}A,single_mandate,AA,no,{ACCOUNTS['A']}\nB,single_mandate,BB,maybe,{ACCOUNTS['B']}\n",
    "filings.csv": "report_id,contestant_id,report_type,period_start,period_end,own_funds\n"
    'RA,A,final,2023-02-18,2023-03-28,5.00\nRB,B,final,2023-02-18,2023-03-28,"1.000,50"\n',
    "candidates.csv": "candidate_id,name,contestant_id,sex\n900101300017,X,A,f\n920101300014,Y,B,woman\n",
    "statement.csv": f"fund_account,date,direction,amount\n{ACCOUNTS['A']},2023-03-01,in,5\n{ACCOUNTS['B']},2023-03-01,in,x\n",
    "reports.csv": f"{LINES}A,single_mandate,RA,2023-03-01,own_funds,5,{ACCOUNTS['A']}\nB,single_mandate,RB,2023-03-01,own_funds,5,"
    f"{ACCOUNTS['B']}\n,single_mandate,RB,2023-03-01,own_funds,6,{ACCOUNTS['B']}\n",
}


@pytest.mark.parametrize(("table", "registered"), [*((table, True) for table in OF_B), ("statement.csv", False)])
def test_a_problem_in_a_record_of_another_is_not_of_those_asked_for(run, tmp_path, table, registered):
    """Though the file has records of both; an account is one's by the register, or by the lines that go through it."""
    plain = (
        f"{LINES}A,single_mandate,RA,2023-03-01,own_funds,5,{ACCOUNTS['A']}\nB,single_mandate,RB,2023-03-01,own_funds,5,{ACCOUNTS['B']}\n"
    )
    (tmp_path / "reports.csv").write_text(plain, encoding="utf-8")
    if registered:
        (tmp_path / "contestants.csv").write_text(OF_B["contestants.csv"].replace("maybe", "no"), encoding="utf-8")
    (tmp_path / table).write_text(OF_B[table], encoding="utf-8")

    def problems(cid):
        made = run("check", tmp_path, "--contestant", cid, "--select", "FND-003", "--format", "json", "--as-of", "2023-04-15")
        return made[0], [(one["file"], one["row"]) for one in json.loads(made[1])["problems"]]

    row = 4 if table == "reports.csv" else 3
    assert (problems("A"), problems("B")) == ((0, []), (1, [(table, row)]))


@pytest.mark.parametrize("registered", [True, False])
def test_a_person_who_stands_twice_is_found_whichever_of_both_is_asked_for(run, tmp_path, registered):
    """The contest of the other one is known from its lines, where there is no register."""
    contests = {"PL": "party_list", "SM": "single_mandate"}
    lines = "".join(f"{cid},{contest},R{cid},2023-03-01,own_funds,5,\n" for cid, contest in contests.items())
    (tmp_path / "reports.csv").write_text(LINES + lines, encoding="utf-8")
    (tmp_path / "candidates.csv").write_text("candidate_id,name,contestant_id\n750420595513,X,PL\n750420595513,X,SM\n", encoding="utf-8")
    if registered:
        register = "".join(f"{cid},{contest},N\n" for cid, contest in contests.items())
        (tmp_path / "contestants.csv").write_text(f"contestant_id,contest,name\n{register}", encoding="utf-8")
    for cid in contests:
        made = json.loads(run("check", tmp_path, "--contestant", cid, "--select", "REG-002", "--format", "json")[1])
        assert [(one["rule"], one["contestant_id"]) for one in made["findings"]] == [("REG-002", cid)]
