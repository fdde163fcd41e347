"""Another election, other caps, other donors, another calendar: rule files only, no Python."""

import json
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from command import command as plain_command

from auditor.cases import load_cases, missing_cases, run_case
from auditor.rulebook.load import load
from auditor.wording import load as words_of
from auditor.workflow import Request, audit

ROOT = Path(__file__).parent.parent
ATLANTIS = ROOT / "tests" / "rulebook" / "atlantis"
COUNCIL = ATLANTIS / "council-2031"
RULEBOOK = load(COUNCIL)
EN = words_of("en")
KZ = load("kz/majilis-2023")
CASES = load_cases(RULEBOOK)
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,category\n"


@pytest.fixture
def audited(tmp_path):
    def run(lines, rulebook=RULEBOOK, lang="en", heading=HEADING, **tables):
        (tmp_path / "reports.csv").write_text(heading + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        for table, text in tables.items():
            (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
        return audit(Request([str(tmp_path / "reports.csv")], date(2031, 7, 15)), rulebook, words_of(lang))

    return run


def told(made):
    return [(f.rule, str(f.outcome), f.subject, str(f.measured), [line.place.row for line in f.lines]) for f in made.findings]


def found(made, rule):
    return [one[1:] for one in told(made) if one[0] == rule]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule} {case.name}" for case in CASES])
def test_case(case):
    assert run_case(RULEBOOK, case, EN) == []


def test_a_case_that_expects_something_else_fails():
    kept, over = (next(case for case in CASES if (case.rule, case.shows) == ("GIV-001", shows)) for shows in ("kept", "tiyn_over"))
    assert run_case(RULEBOOK, kept.model_copy(update={"expect": "not_assessed"}), EN) == ["expected not assessed, found 0"]
    assert run_case(RULEBOOK, over.model_copy(update={"expect": "kept"}), EN) == ["expected 0 findings, found breach 1250.01"]


def test_the_first_rule_has_every_case_and_lint_names_what_others_lack():
    missing = missing_cases(RULEBOOK, EN)
    assert not [line for line in missing if line.startswith("GIV-001")]
    assert "GIV-002: no case shows undetermined" in missing


def test_it_has_every_kind_of_check_and_shares_nothing_with_kz():
    checks = {rule.check.kind for rule in RULEBOOK.rules}
    assert checks == {"limit", "forbidden", "was_over", "balance", "fee", "days_between", "same_document"}
    limits = {(rule.check.per, rule.check.measure) for rule in RULEBOOK.rules if rule.check.kind == "limit"}
    assert limits == {("donor", "amount"), ("contestant", "amount"), ("contestant", "count"), ("donor", "count")}
    assert not set(RULEBOOK.parameters) & set(KZ.parameters)
    assert not set(RULEBOOK.events) & set(KZ.events)
    assert not set(RULEBOOK.legal_basis) & set(KZ.legal_basis)
    assert set(RULEBOOK.vocabulary.counterparty_type) & set(KZ.vocabulary.counterparty_type) == {"contestant", "anonymous"}
    assert not {rule.id for rule in RULEBOOK.rules} & {rule.id for rule in KZ.rules}


def test_the_program_knows_no_word_of_either_vocabulary_but_the_contestant():
    """Only `contestant` has a meaning of its own (whose money it is); every other code is the rulebook's."""
    program = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "auditor").rglob("*.py"))
    quoted = set(re.findall(r"""["']([a-z_]+)["']""", program))
    codes = {"counterparty_type", "category", "payment_method", "funding_source"}
    for book in (RULEBOOK, KZ):
        words = {word for part in codes for word in getattr(book.vocabulary, part)}
        assert quoted & words - {"other"} == {"contestant"}


def test_the_values_are_those_of_the_day_of_its_election():
    assert RULEBOOK.value("day_wage") == Decimal("12.50")
    assert RULEBOOK.value("gift_cap_citizen") == Decimal("1250.00")
    assert RULEBOOK.election.id == "atlantis-council-2031"
    assert "PUR-008" not in {rule.id for rule in RULEBOOK.rules}  # it ended the day before


# --- a small filing ---

FILING = [
    "Kelp,single_mandate,2031-05-02,own_funds,10000.00,,,",
    "Kelp,single_mandate,2031-05-02,donation,1250.00,citizen,Nereus,",
    "Kelp,single_mandate,2031-05-03,donation,1250.01,citizen,Doris,",
    "Kelp,single_mandate,2031-05-03,donation,5000.00,guild,Netmakers,",
    "Kelp,single_mandate,2031-05-04,donation,0.01,guild,Netmakers,",
    "Kelp,single_mandate,2031-05-05,donation,77.00,pirate_crew,Crew of the Kraken,",
    "Kelp,single_mandate,2031-06-10,expenditure,100.00,guild,Herald & Sons,heralds",
    "Kelp,single_mandate,2031-06-11,expenditure,100.00,guild,Herald & Sons,heralds",
    "Coral,party_list,2031-05-02,own_funds,20000.01,,,",
    "Coral,party_list,2031-05-03,expenditure,20000.00,guild,Ferry,ferries",
    "Summa,,,,20000.00,,,",
]


def test_a_filing_is_kept_at_the_caps_and_breaks_them_a_hundredth_over(audited):
    made = audited(FILING)
    assert told(made) == [
        ("GIV-001", "breach", "doris", "1250.01", [4]),
        ("GIV-002", "breach", "netmakers", "5000.01", [5, 6]),
        ("GIV-005", "breach", "crew of the kraken", "77.00", [7]),
        ("PUR-003", "undetermined", None, "100.00", [9]),
    ]
    assert not made.problems
    assert [left.row for one in made.inputs for left in one.left_out] == [12]
    assert {one.contestant_id: [(t.rule, str(t.measured), str(t.room)) for t in one.totals] for one in made.contestants} == {
        "Coral": [("PUR-001", "20000.00", "0.00")],
        "Kelp": [("PUR-001", "200.00", "19800.00")],
    }
    assert made.election == "atlantis-council-2031"


def test_a_hundredth_more_and_the_kept_ones_are_broken(audited):
    more = [line.replace("1250.00,citizen", "1250.01,citizen").replace("expenditure,20000.00", "expenditure,20000.01") for line in FILING]
    assert found(audited(more), "GIV-001") == [("breach", "doris", "1250.01", [4]), ("breach", "nereus", "1250.01", [3])]
    assert found(audited(more), "PUR-001") == [("breach", None, "20000.01", [11])]


@pytest.mark.parametrize(
    ("lang", "message", "title"),
    [
        ("en", "Giver Doris: 1\u202f250.01 guilders; the cap is 1\u202f250.00; over by 0.01.", "A citizen gave more than the cap"),
        ("ru", "Даритель Doris: 1\u202f250,01 гульденов; предел — 1\u202f250,00; превышение — 0,01.", "Гражданин дал больше предела"),
        ("kk", "Беруші Doris: 1\u202f250,01 гульден; шегі — 1\u202f250,00; артығы — 0,01.", "Азамат шектен артық берген"),
    ],
)
def test_it_speaks_its_own_words_in_three_languages(audited, lang, message, title):
    finding = audited(FILING, lang=lang).findings[0]
    assert (finding.message, finding.title) == (message, title)


def test_days_of_the_register_and_the_pledge(audited):
    register = (
        "contestant_id,contest,name,status,registered_on,account_opened_on,vote_share,list_size\n"
        "Kelp,single_mandate,Kelp,registered,2031-04-20,2031-04-22,9,\n"
        "Coral,party_list,Coral,registered,2031-04-20,2031-04-20,10,4\n"
    )
    lines = [*FILING[:-1], "Coral,party_list,2031-04-18,deposit,250.00,,,"]
    made = audited(lines, contestants=register)
    assert found(made, "ENT-001") == [("breach", None, "0.00", [])]
    assert found(made, "ENT-002") == [("breach", None, "2", [2])]
    assert {f.contestant_id for f in made.findings if f.rule.startswith("ENT")} == {"Kelp"}


# --- its own vocabulary ---


@pytest.mark.parametrize(
    ("column", "code", "own", "line"),
    [
        ("counterparty_type", "individual", "citizen", "K,single_mandate,2031-05-02,donation,1.00,{},N,"),
        ("counterparty_type", "political_party", "pirate_crew", "K,single_mandate,2031-05-02,donation,1.00,{},N,"),
        ("category", "television", "heralds", "K,single_mandate,2031-05-02,expenditure,1.00,guild,N,{}"),
        ("category", "gifts", "bribes", "K,single_mandate,2031-05-02,expenditure,1.00,guild,N,{}"),
        ("kind", "gift", "donation", "K,single_mandate,2031-05-02,{},1.00,guild,N,"),
    ],
)
def test_a_code_of_another_law_is_a_problem(audited, column, code, own, line):
    (problem,) = audited([line.format(code)]).problems
    assert (problem.code, problem.row, problem.column, problem.value) == ("INP-004", 2, column, code)
    assert own in problem.message
    assert not audited([line.format(own)]).problems


def test_a_code_of_atlantis_is_a_problem_in_kazakhstan(audited):
    (problem,) = audited(["K,single_mandate,2023-03-02,donation,1.00,pirate_crew,N,"], KZ).problems
    assert (problem.code, problem.column, problem.value) == ("INP-004", "counterparty_type", "pirate_crew")
    assert "individual" in problem.message and "citizen" not in problem.message


def test_a_donor_of_unknown_kind_leaves_only_that_donor_open(audited):
    made = audited(
        ["K,single_mandate,2031-05-02,donation,1250.00,citizen,Nereus,", "K,single_mandate,2031-05-02,donation,0.01,individual,Nereus,"]
    )
    assert found(made, "GIV-001") == [("undetermined", "nereus", "1250.00", [3])]


@pytest.mark.parametrize(
    ("cell", "rulebook", "read"),
    [
        ("12.50 guilders", RULEBOOK, True),
        ("12.50ƒ", RULEBOOK, True),
        ("12.50 тенге", RULEBOOK, False),
        ("12.50 guilders", KZ, False),
        ("12.50 тенге", KZ, True),
    ],
)
def test_the_currency_after_an_amount_is_the_laws(audited, cell, rulebook, read):
    assert bool(audited([f"K,single_mandate,2031-05-02,own_funds,{cell},,,"], rulebook).problems) is not read


def test_headings_are_the_elections(audited):
    heading = "Amphora,contest,date,kind,Guilders,counterparty_type,Giver\n"
    made = audited(["K,single_mandate,2031-05-02,donation,1250.01,citizen,Nereus"], heading=heading)
    assert found(made, "GIV-001") == [("breach", "nereus", "1250.01", [2])]
    assert made.inputs[0].aliases == {"contestant_id": "Amphora", "amount": "Guilders", "counterparty_name": "Giver"}


# --- its own calendar ---


@pytest.mark.parametrize(
    ("day", "here", "there"),
    [
        ("2031-04-30", True, True),
        ("2031-05-01", False, True),
        ("2031-06-10", False, True),
        ("2031-06-11", True, True),
        ("2023-02-17", True, True),
        ("2023-02-18", True, False),
        ("2023-03-17", True, False),
    ],
)
def test_the_campaign_window_is_its_own(audited, day, here, there):
    line = [f"K,single_mandate,{day},expenditure,1.00,,,"]
    assert bool(found(audited(line), "PUR-003")) is here
    assert bool(found(audited(line, KZ), "EXP-003")) is there


def test_a_day_that_nobody_knows_is_asked_for_by_its_name(audited):
    (silent,) = [one for one in audited(FILING).coverage if one.rule == "PUR-007"]
    assert (str(silent.status), silent.reason) == (
        "not_assessed",
        'needs the day "Shells counted"; give it with --set shells_counted=YYYY-MM-DD or in the election file',
    )
    made = audited(FILING, RULEBOOK.with_overrides({"shells_counted": "2031-06-10"}))
    assert found(made, "PUR-007") == [("breach", None, "100.00", [9])]


# --- one more rule ---

NEW = """
parameters:
  ferry_limit:
    unit: money
    title: {en: Limit on ferries, ru: Предел на паромы, kk: Паром шегі}
    values: [{from: "2031-01-01", value: "19999.99", source: custom, confidence: assumed}]
rules:
  - id: FER-001
    title: {en: Too much for ferries, ru: Слишком много на паромы, kk: Паромға тым көп}
    criteria: {en: Ferries cost less., ru: Паромы дешевле., kk: Паром арзанырақ.}
    message: purse_over
    action: ask_archon
    severity: minor
    applies_to: party_list
    law: [{source: custom, confidence: assumed}]
    needs: [reports.category]
    in_force: {from: "2031-01-01"}
    check:
      kind: limit
      adds: [{kinds: [expenditure], where: [{column: category, in: [ferries]}]}]
      limit: ferry_limit
"""


def test_one_more_rule_file_gives_one_more_finding(audited, tmp_path):
    before = audited(FILING)
    shutil.copytree(ATLANTIS, tmp_path / "atlantis")
    copy = tmp_path / "atlantis" / "council-2031"
    assert load(copy).sha256 == RULEBOOK.sha256
    (copy / "ferries.yaml").write_text(NEW, encoding="utf-8")
    book = load(copy)
    after = audited(FILING, book)
    assert [one for one in told(after) if one not in told(before)] == [("FER-001", "breach", None, "20000.00", [11])]
    assert [one for one in told(before) if one not in told(after)] == []
    assert after.findings[0].message == "The purse: 20\u202f000.00 guilders; the limit is 19\u202f999.99; over by 0.01."
    assert {one.rule for one in after.coverage} - {one.rule for one in before.coverage} == {"FER-001"}
    assert book.sha256 != RULEBOOK.sha256
    assert [line for line in missing_cases(book, EN) if line.startswith("FER-001")] == [
        f"FER-001: no case shows {what}" for what in ("kept", "at_limit", "tiyn_over", "split", "undetermined")
    ]


def test_a_rule_by_the_cap_of_another_is_about_whom_that_one_is_about(audited, tmp_path):
    """Each kind of race may have a cap of its own; whoever was over the cap of the other one was over none."""
    shutil.copytree(ATLANTIS, tmp_path / "atlantis")
    copy = tmp_path / "atlantis" / "council-2031"
    gifts = (copy / "gifts.yaml").read_text(encoding="utf-8")
    first, rest = gifts.split("    needs:", 1)
    (copy / "gifts.yaml").write_text(f"{first}    applies_to: single_mandate\n    needs:{rest}", encoding="utf-8")
    there_and_back = [("donation", "1300.00"), ("donation_refund", "100.00")]
    lines = [
        f"{cid},{contest},2031-05-{day:02},{kind},{amount},citizen,G1,"
        for cid, contest in (("K", "single_mandate"), ("L", "party_list"))
        for day, (kind, amount) in enumerate(there_and_back, start=10)
    ]
    assert [(one.contestant_id, one.rule) for one in audited(lines).findings] == [("K", "GIV-004"), ("L", "GIV-004")]
    assert [(one.contestant_id, one.rule) for one in audited(lines, load(copy)).findings] == [("K", "GIV-004")]


def test_a_shared_file_of_the_country_reaches_its_elections(tmp_path):
    shutil.copytree(ATLANTIS, tmp_path / "atlantis")
    (tmp_path / "atlantis" / "ferries.yaml").write_text(NEW, encoding="utf-8")
    assert load(tmp_path / "atlantis" / "council-2031").rule("fer-001").id == "FER-001"


# --- the command ---


def command(*args):
    done = plain_command(*args)
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return done


@pytest.fixture
def filed(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text(HEADING + "\n".join(FILING) + "\n", encoding="utf-8")
    return path


def test_the_command_takes_the_folder(filed):
    done = command("check", filed, "--rulebook", COUNCIL, "--as-of", "2031-07-15", "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    made = json.loads(done.stdout)
    assert made["election"] == "atlantis-council-2031"
    assert made["rulebook"] == {**made["rulebook"], "version": "0.1.0", "sha256": RULEBOOK.sha256}
    assert [one["rule"] for one in made["findings"]] == ["GIV-001", "GIV-002", "GIV-005", "PUR-003"]
    assert made["findings"][0]["law"] == [{"text": "Tablets of Atlantis, tablet II", "confidence": "stated"}]


def test_the_commands_of_the_rules():
    listed = command("rules", "list", "--rulebook", COUNCIL, "--lang", "en").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [rule.id for rule in RULEBOOK.rules]
    shown = command("rules", "show", "ENT-001", "--rulebook", COUNCIL, "--lang", "en").stdout
    assert "(pledge): 250.00 guilder = 20 × " in shown
    assert "(pledge_share): from 0: 1, from 10: 0.25, from 33.3: 0 (" in " ".join(shown.split())
    assert "b.counterparty_type IN ('temple', 'pirate_crew')" in command("rules", "sql", "GIV-005", "--rulebook", COUNCIL).stdout
    tested = command("rules", "test", "--rulebook", COUNCIL)
    assert (tested.returncode, tested.stdout) == (0, f"{len(CASES)} passed, 0 failed\n")


def html(filed, tmp_path, lang="en"):
    out = tmp_path / "findings.html"
    done = command("report", filed, "--rulebook", COUNCIL, "--as-of", "2031-07-15", "--lang", lang, "-o", out)
    assert done.returncode == 0, done.stderr
    return re.sub(r"<style.*?</style>", "", out.read_text(encoding="utf-8"), flags=re.S)


def test_the_report_tells_the_findings(filed, tmp_path):
    page = html(filed, tmp_path)
    assert "Election of the Council of Atlantis, 21 June 2031" in page
    assert "Giver Doris: 1\u202f250.01\u00a0guilders" in page


@pytest.mark.parametrize(("lang", "theirs", "ours"), [("en", "KZT", "guilder"), ("ru", "тенге", "гульден"), ("kk", "теңге", "гульден")])
def test_the_report_names_the_currency_of_the_election(filed, tmp_path, lang, theirs, ours):
    page = html(filed, tmp_path, lang)
    assert ours in page
    assert theirs not in page


@pytest.mark.parametrize(
    ("limit", "amount"),
    [
        ("0.00", "5.00"),
        ("0.01", "99999999999999999999999999.99"),
        ("0.01", "5.00"),
    ],
)
def test_any_limit_can_be_shown_on_the_screen(tmp_path, limit, amount):
    path = tmp_path / "reports.csv"
    path.write_text(f"contestant_id,contest,date,kind,amount\nS,single_mandate,2023-03-01,expenditure,{amount}\n")
    done = command("check", path, "--as-of", "2023-04-15", "--set", f"spending_limit_candidate={limit}")
    assert (done.returncode, done.stderr) == (1, "")


def test_the_report_draws_spending_against_its_limit(filed, tmp_path):
    page = html(filed, tmp_path)
    assert page.count('<svg class="bar"') == 2
    assert "no total" not in page


def test_the_screen_draws_spending_against_its_limit(filed):
    done = command("check", filed, "--rulebook", COUNCIL, "--as-of", "2031-07-15", "--lang", "en")
    assert "Spending against the limit" in done.stdout
