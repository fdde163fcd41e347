"""People of a list who share an id, and a list that is longer than what is here: REG-001 says that it is not sure."""

from answers import findings, silent

REPORTS = ["contestant_id,contest,date,kind,amount", "PL-1,party_list,2023-02-20,own_funds,1"]
PEOPLE = "candidate_id,name,contestant_id,sex,born_on,disability"
ANNA = "900101300017,Anna,PL-1,f,1980-01-01,no"


def reg_001(told, *people, size=""):
    register = ["contestant_id,contest,name,list_size", f"PL-1,party_list,List,{size}"]
    return told({"reports": REPORTS, "contestants": register, "candidates": [PEOPLE, *people]}, "REG-001")


def contradicted(made):
    return [(one["row"], one["column"]) for one in made["problems"] if one["code"] == "INP-012"]


def test_one_id_of_several_names_is_one_person_and_told(told):
    made = reg_001(told, ANNA, *(f"900101300017,Man {n},PL-1,m,1970-01-01,no" for n in (1, 2)))
    assert findings(made) == []
    assert silent(made, "REG-001", "unread_for")["PL-1"].endswith("each counted as one person: 1")
    assert contradicted(made) == [(row, column) for row in (3, 4) for column in ("born_on", "name", "sex")]
    assert 'born_on "1970-01-01" is not what stands there ("1980-01-01")' in made["problems"][0]["message"]


def test_somebody_who_stands_twice_and_alike_is_nothing_to_tell(told):
    made = reg_001(told, ANNA, ANNA.replace("Anna", "ANNA"), ANNA.replace("f,1980-01-01,no", ",,"), size=1)
    assert (findings(made), made["problems"], silent(made, "REG-001", "unread_for")) == ([], [], {})


def test_a_list_of_another_size_than_the_register_says_is_told_and_beside_a_breach_too(told):
    men = [f"9001013000{n:02},Man {n},PL-1,m,1970-01-01,no" for n in range(20, 24)]
    said = "by the register there are 11 people on the list, in the table candidates {}"
    kept = reg_001(told, ANNA, size=11)
    assert (findings(kept), silent(kept, "REG-001", "unread_for")) == ([], {"PL-1": said.format(1)})
    broken = reg_001(told, *men, size=11)
    assert findings(broken) == [("REG-001", "breach", "PL-1", 0)]
    assert silent(broken, "REG-001", "partly_not_assessed_for") == {"PL-1": said.format(4)}


def test_one_id_of_two_names_on_a_list_and_in_a_district_is_told_beside_the_finding(told):
    register = ["contestant_id,contest,name", "PL-1,party_list,List", "SM-1,single_mandate,One"]
    made = told({"reports": REPORTS, "contestants": register, "candidates": [PEOPLE, ANNA, ANNA.replace("Anna,PL", "Inna,SM")]}, "REG-002")
    assert len(findings(made)) == 2
    assert contradicted(made) == [(3, "name")]
    assert set(silent(made, "REG-002", "unread_for")) == {"PL-1", "SM-1"}


def test_one_name_of_two_days_of_birth_is_in_doubt_too(told):
    made = reg_001(told, ANNA, ANNA.replace("1980", "1991"))
    assert set(silent(made, "REG-001", "unread_for")) == {"PL-1"}
    made = reg_001(told, ANNA, ANNA.replace(",no", ",yes"))
    assert silent(made, "REG-001", "unread_for") == {}


def test_another_size_of_which_the_answer_is_the_same_is_nothing_to_tell(told):
    women = [f"9001013000{n:02},Anna {n},PL-1,f,1980-01-01,no" for n in range(20, 23)]
    man = "900101300040,Man,PL-1,m,1970-01-01,no"
    for size in (3, 5, 10):
        made = reg_001(told, *women, man, size=size)
        assert (findings(made), silent(made, "REG-001", "unread_for")) == ([], {})
    assert set(silent(reg_001(told, *women, man, size=11), "REG-001", "unread_for")) == {"PL-1"}
    men = [man.replace("00040", f"000{n}") for n in range(50, 59)]
    broken = reg_001(told, *men, size=9)
    assert (len(findings(broken)), silent(broken, "REG-001", "partly_not_assessed_for")) == (1, {})
    fewer = reg_001(told, *men, women[0], size=3)  # of three one does
    assert (len(findings(fewer)), set(silent(fewer, "REG-001", "partly_not_assessed_for"))) == (1, {"PL-1"})
