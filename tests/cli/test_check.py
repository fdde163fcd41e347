"""The command as people run it: exit statuses, formats, files, scope."""

import io
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from command import command

from auditor.rulebook.load import load

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023"
HEADING = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id\n"
KEPT = "SM-1,single_mandate,2023-03-01,donation,7000000.00,individual,900101300017\n"
OVER = "SM-1,single_mandate,2023-03-01,donation,7000000.01,individual,900101300017\n"


def audit(*args, cwd=ROOT, data=None, **env):
    if not env.keys() & {"PYTHONHASHSEED", "POLARS_MAX_THREADS"}:
        return command(*args, cwd=cwd, data=data, **env)
    return subprocess.run(
        [sys.executable, "-m", "auditor.cli.main", *map(str, args)],
        cwd=cwd,
        input=data,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **env},
        timeout=120,
        check=False,
    )


def text(done):
    return done.stdout.decode()


@pytest.fixture
def filing(tmp_path):
    def write(*lines, name="reports.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEADING + "".join(lines), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("lines", "options", "status"),
    [
        ([KEPT], [], 0),
        ([OVER], [], 1),
        ([OVER], ["--fail-on", "never"], 0),
        ([OVER], ["--fail-on", "lead"], 0),
        ([OVER], ["--fail-on", "breach"], 1),
        ([OVER], ["--fail-on", "lead, breach"], 1),
        ([OVER], ["--fail-on", "lead,problem"], 0),
        ([KEPT], ["--require-complete"], 3),
        ([OVER], ["--require-complete"], 3),
        ([KEPT], ["--select", "DON", "--require-complete"], 0),
        ([KEPT], ["--contestant", "SM-1", "--select", "DON,LED-006", "--require-complete"], 0),  # the others were left out on purpose
        ([OVER], ["--ignore", "DON", "--ignore", "FND-005"], 0),
        ([KEPT.replace("7000000.00", "1e6")], [], 1),
        ([KEPT.replace("7000000.00", "1e6")], ["--fail-on", "breach"], 0),
        ([KEPT], ["--select", "DON-9"], 2),
        ([KEPT], ["--set", "results_publshed=2023-03-29"], 2),
        ([KEPT], ["--set", "results_published=soon"], 2),
        ([KEPT], ["--as-of", "yesterday"], 2),
        ([KEPT], ["--rulebook", "kz/majilis-2032"], 2),
        ([KEPT], ["--contestant", "SM-2"], 2),
        ([KEPT], ["--output", "pdf"], 2),
        ([KEPT], ["--output", "json=/nowhere/at/all.json"], 2),
        ([KEPT], ["--no-such-option"], 2),
    ],
)
def test_exit_status(filing, lines, options, status):
    done = audit("check", filing(*lines), "--as-of", "2023-04-15", *options)
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    if status == 2:
        assert done.stdout == b""
        assert done.stderr.strip()


@pytest.mark.parametrize(
    ("option", "near"), [("results_publshed=2023-03-29", "results_published"), ("donation_cap_indvidual=1.00", "donation_cap_individual")]
)
def test_a_misspelt_setting_names_the_nearest(filing, option, near):
    assert f"Did you mean '{near}'" in audit("check", filing(KEPT), "--set", option).stderr.decode()


def test_a_parameter_can_be_set_and_is_told(filing):
    done = audit("check", filing(KEPT), "--set", "donation_cap_individual=6999999.99", "--format", "json", "--select", "DON-001")
    made = json.loads(done.stdout)
    assert made["overrides"] == {"donation_cap_individual": "6999999.99"}
    assert [(one["limit"], one["excess"]) for one in made["findings"]] == [("6999999.99", "0.01")]


def test_a_whole_amount_may_be_set_and_every_wrong_setting_is_told(filing):
    done = audit("check", filing(KEPT), "--set", "donation_cap_individual=6999999", "--format", "json")
    assert json.loads(done.stdout)["overrides"] == {"donation_cap_individual": "6999999.00"}
    wrong = ("x=1", "donation_cap_individual=much", "results_published=soon")
    done = audit("check", filing(KEPT), *(word for one in wrong for word in ("--set", one)))
    assert (done.returncode, [line.partition(b":")[0] for line in done.stderr.splitlines()]) == (
        2,
        [b"--set x", b"--set donation_cap_individual", b"--set results_published"],
    )


def test_a_file_that_is_not_there_and_a_folder_without_tables(tmp_path):
    assert audit("check", tmp_path / "none.csv").returncode == 2
    done = audit("check", tmp_path)
    assert done.returncode == 2
    assert b"there is no table reports" in done.stderr


def test_standard_input():
    done = audit("check", "-", "--format", "json", data=(HEADING + OVER).encode())
    assert done.returncode == 1
    assert json.loads(done.stdout)["inputs"][0]["file"] == "-"


def test_forty_two_files_in_a_folder_with_the_register_among_them(tmp_path):
    for n in range(42):
        folder = tmp_path / f"okrug-{n % 5}"
        folder.mkdir(exist_ok=True)
        line = (OVER if n == 7 else KEPT).replace("SM-1", f"SM-{n:02d}")
        (folder / f"кандидат {n:02d}.csv").write_text(HEADING + line, encoding="utf-8")
    register = "contestant_id,contest,name,district\n" + "".join(f"SM-{n:02d},single_mandate,Кандидат {n},{n % 5}\n" for n in range(43))
    (tmp_path / "contestants.csv").write_text(register, encoding="utf-8")
    made = json.loads(audit("check", tmp_path, "--format", "json", "--select", "DON-001").stdout)
    assert made["summary"] | {"problems": 0} == {"contestants": 43, "rows": 42, "breaches": 1, "undetermined": 0, "leads": 0, "problems": 0}
    assert made["findings"][0]["rows"] == [{"table": "reports", "file": "okrug-2/кандидат 07.csv", "sheet": None, "row": 2}]
    one = json.loads(audit("check", tmp_path, "--format", "json", "--district", "3").stdout)
    assert [c["contestant_id"] for c in one["contestants"]] == ["SM-03", "SM-08", "SM-13", "SM-18", "SM-23", "SM-28", "SM-33", "SM-38"]
    assert [f for f in one["findings"] if f["outcome"] != "lead"] == []


def test_one_file_of_a_folder_that_cannot_be_read_stops_the_audit_and_is_named(tmp_path):
    (tmp_path / "a.csv").write_text(HEADING + KEPT, encoding="utf-8")
    (tmp_path / "b.csv").write_text(HEADING.replace("amount", "sum total") + KEPT, encoding="utf-8")
    done = audit("check", tmp_path)
    assert done.returncode == 2
    assert b"b.csv, row 1: the required column amount" in done.stderr
    assert done.stderr.rstrip().endswith(b"The reports in 1 other file can be read; to audit them meanwhile, name only that.")
    assert audit("check", tmp_path / "a.csv").returncode == 0
    assert b"meanwhile" not in audit("check", tmp_path / "b.csv").stderr


def test_outputs_are_written_beside_what_is_printed(filing, tmp_path):
    path = filing(OVER)
    done = audit("check", path, "--output", f"json={tmp_path / 'f.json'}", "--output", f"csv={tmp_path / 'f.csv'}", "--as-of", "2023-04-15")
    assert done.returncode == 1
    assert json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))["findings"][0]["rule"] == "DON-001"
    assert (tmp_path / "f.csv").read_text(encoding="utf-8").startswith("key,rule,outcome")


def test_formulas_are_harmless_in_csv(filing, tmp_path):
    path = filing("=cmd|calc,single_mandate,2023-03-01,donation,7000000.01,individual,900101300017\n")
    assert "'=cmd|calc" in text(audit("check", path, "--format", "csv"))


def test_two_runs_give_the_same_bytes():
    first, second = (
        audit("check", SAMPLE / "reports.csv", "--format", "json", "--as-of", "2023-04-15", PYTHONHASHSEED=seed, POLARS_MAX_THREADS=n)
        for seed, n in (("1", "1"), ("2", "2"))
    )
    assert first.stdout == second.stdout


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
@pytest.mark.parametrize("width", ["80", "120"])
def test_the_screen_fits_and_masks_people(lang, width):
    done = audit("check", SAMPLE / "reports.csv", "--lang", lang, "--as-of", "2023-04-15", COLUMNS=width)
    shown = text(done)
    *lines, following = shown.splitlines()
    assert max(len(line) for line in lines) <= int(width)
    assert (
        f"audit report {SAMPLE / 'reports.csv'} --as-of 2023-04-15 --lang {lang} -o findings.pdf" in following
    )  # not broken: to be copied
    people = {line.split(",")[14] for line in (SAMPLE / "reports.csv").read_text(encoding="utf-8").splitlines()[1:]}
    for number in people:
        if len(number) == 12 and number[4] in "0123":
            assert number not in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("name", ['a b\'s "q".csv', "-dash.csv", "отчёт $HOME.csv"])
def test_the_next_command_is_the_same_audit_again(name, tmp_path):
    (tmp_path / name).write_text("contestant_id,contest,date,kind,amount\nA,single_mandate,01/02/2023,own_funds,5\n", encoding="utf-8")
    options = ("--date-order", "dmy", "--select", "FND", "--select", "EXP", "--lang", "en", "--as-of", "2023-04-15")
    done = audit("check", *options, "--", name, cwd=tmp_path)
    following = text(done).splitlines()[-1].partition("next:")[2]
    assert shlex.split(following)[:2] == ["audit", "report"]
    given = shlex.split(following)[2:]
    again = audit("report", *(word.replace(".pdf", ".html") for word in given), cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    told = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert (told["asked"]["select"], told["asked"]["stated"]["forms"]["date_order"], told["as_of"]) == (["FND", "EXP"], "dmy", "2023-04-15")


def test_part_of_an_audit_is_not_told_as_the_whole(tmp_path, run):
    row = "contestant_id,contest,district,date,kind,amount\nA,single_mandate,4,2023-03-01,own_funds,5\n"
    (tmp_path / "r.csv").write_text(row, encoding="utf-8")
    shown = run("check", tmp_path / "r.csv", "--lang", "en", "--select", "FND-003", "--contestant", "A")[1]
    assert "asked        only the rules FND-003; only contestant A" in shown
    assert "Of what was asked everything was assessed" in shown and "1 rules kept by all" not in shown
    assert "asked        only district 4" in run("check", tmp_path / "r.csv", "--lang", "en", "--district", "4")[1]
    status, _, err = run("check", tmp_path / "r.csv", "--select", "DON", "--ignore", "DON")
    assert (status, "no rule is left" in err) == (2, True)


def test_rules_that_apply_to_nobody_are_not_kept_by_all(tmp_path, run):
    (tmp_path / "r.csv").write_text("contestant_id,contest,date,kind,amount\n", encoding="utf-8")
    shown = " ".join(run("check", tmp_path / "r.csv", "--lang", "en")[1].split())
    assert "0 rules kept by all" in shown and "apply to nobody" in shown


def test_the_numbers_of_the_verdict_add_up():
    shown = text(audit("check", SAMPLE / "reports.csv", "--lang", "en", "--as-of", "2023-04-15"))
    made = json.loads(audit("check", SAMPLE / "reports.csv", "--format", "json", "--as-of", "2023-04-15").stdout)
    verdict = next(line for line in shown.splitlines() if "breaches ·" in line)
    assert f"{made['summary']['breaches']} breaches" in verdict
    assert shown.count("  ▸ ") == len(made["findings"])
    for one in made["coverage"]:
        leads = {f["contestant_id"] for f in made["findings"] if f["rule"] == one["rule"] and f["outcome"] == "lead"} - {None}
        assert one["kept"] + one["breaches"] + one["undetermined"] + len(one["not_assessed_for"]) + len(leads) == one["subjects"]


def test_colour_only_on_a_terminal_and_never_with_no_color(filing):
    path = filing(OVER)
    for env, colored in (({}, True), ({"NO_COLOR": "1"}, False)):
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "auditor.cli.main", "check", str(path)],
            stdout=slave,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, **env},
        )
        os.close(slave)
        shown = b""
        try:
            while chunk := os.read(master, 65536):
                shown += chunk
        except OSError:  # the terminal is gone when the process ends
            pass
        process.wait(60)
        os.close(master)
        assert (b"\x1b[" in shown) is colored


def test_escape_sequences_of_a_filing_do_not_reach_the_terminal(filing):
    path = filing(OVER.replace("SM-1", "SM\x1b[2J\u202e1"))
    shown = text(audit("check", path))
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_help_loads_neither_polars_nor_pandera_and_a_check_no_weasyprint(filing):
    code = "import sys\nfrom auditor.cli.main import cli\ntry:\n    cli({args!r}, standalone_mode=False)\nexcept SystemExit: pass\nprint(sorted({{'polars', 'pandera', 'weasyprint', 'hypothesis'}} & set(sys.modules)), file=sys.stderr)"
    for args, loaded in ((["--help"], "[]"), (["check", str(filing(KEPT))], "['pandera', 'polars']")):
        done = subprocess.run([sys.executable, "-c", code.format(args=args)], capture_output=True, cwd=ROOT, timeout=60, check=False)
        assert done.stderr.decode().strip().splitlines()[-1] == loaded


@pytest.mark.parametrize("args", [["list"], ["show", "DON-001"], ["sql", "don-001"], ["lint"], ["test", "DON-001"]])
def test_rules_commands(args):
    done = audit("rules", *args)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert done.stdout


def test_one_option_may_name_several_rules():
    done = audit(
        "check",
        "sample_data/majilis-2023",
        "--as-of",
        "2023-04-15",
        "--select",
        "DON-001, SRC",
        "--ignore",
        "SRC-001 SRC-002",
        "--format",
        "json",
    )
    rules = {one["rule"] for one in json.loads(done.stdout)["coverage"]}
    assert rules == {"DON-001", *(f"SRC-00{n}" for n in range(3, 8))}
    wrong = audit("check", "sample_data/majilis-2023", "--select", "DON-001,")
    assert wrong.returncode == 2 and not wrong.stdout and b"between the commas" in wrong.stderr


def test_an_unknown_rule_names_the_nearest():
    done = audit("rules", "show", "DON-01")
    assert done.returncode == 2
    assert b"Did you mean" in done.stderr


@pytest.mark.parametrize("pair", ["day_counting=lunar", "letters_apart=5"])
def test_a_parameter_of_few_values_takes_no_other(pair):
    done = audit("check", SAMPLE / "reports.csv", "--set", pair)
    assert done.returncode == 2
    assert "is not one of" in done.stderr.decode()


def test_show_tells_every_number_of_a_rule():
    shown = re.sub("\n +", " ", text(audit("rules", "show", "LED-009", "--lang", "en")))
    for number in (
        "(letters_apart): 1",
        "(donation_cap_individual): 7\u202f000\u202f000.00",
        "(donation_cap_organisation): 35\u202f000\u202f000.00",
    ):
        assert number in shown


def test_the_report_says_which_version_counted(tmp_path):
    for lang, says in (
        ("en", "SM-03-02-F2 counts; superseded: SM-03-02-F1"),
        ("ru", "учитывается SM-03-02-F2"),
        ("kk", "SM-03-02-F2 есепке"),
    ):
        assert audit("report", SAMPLE, "-o", tmp_path / "f.html", "--lang", lang, "--as-of", "2023-04-15").returncode == 0
        assert says in (tmp_path / "f.html").read_text(encoding="utf-8")


def test_what_is_audited_is_not_written_over(tmp_path, run):
    ledger = tmp_path / "reports.csv"
    ledger.write_text("contestant_id,contest,date,kind,amount\nC-1,single_mandate,2023-03-01,own_funds,5\n", encoding="utf-8")
    before = ledger.read_bytes()
    for option in ("--output", "--rejected"):
        status, out, said = run("check", ledger, option, f"json={ledger}" if option == "--output" else ledger)
        assert (status, out) == (2, "")
        assert said.count("\n") == 1 and "Name another file" in said
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name\nC-1,single_mandate,A\n", encoding="utf-8")
    for given in (ledger, tmp_path):  # beside what was given, or in a folder
        assert run("check", given, "--output", f"csv={tmp_path / 'contestants.csv'}")[0] == 2
    assert run("check", tmp_path, "--output", f"json={ledger}")[0] == 2
    assert ledger.read_bytes() == before


def test_no_calendar_and_no_mapping_is_written_over_a_table_of_the_filing(tmp_path, run):
    for name in ("reports", "filings"):
        (tmp_path / f"{name}.csv").write_text(LEDGER, encoding="utf-8")
        status, _, said = run("calendar", "due", tmp_path, "--ics", tmp_path / f"{name}.csv")
        assert (status, "Name another file" in said) == (2, True)
        assert (tmp_path / f"{name}.csv").read_text(encoding="utf-8") == LEDGER
    assert run("map", "suggest", tmp_path / "reports.csv", "--force", "-o", tmp_path / "reports.csv")[0] == 2
    assert (tmp_path / "reports.csv").read_text(encoding="utf-8") == LEDGER


def test_of_several_outputs_all_are_written_or_none(tmp_path, run):
    ledger, there = tmp_path / "reports.csv", tmp_path / "there.json"
    ledger.write_text(LEDGER, encoding="utf-8")
    there.write_text("as before", encoding="utf-8")
    status, out, said = run("check", ledger, "--output", f"json={there}", "--output", "csv=/proc/none.csv")
    assert (status, out) == (2, "")
    assert said.startswith("/proc/none.csv: ")
    assert there.read_text(encoding="utf-8") == "as before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reports.csv", "there.json"]
    assert run("check", ledger, "--rejected", there, "--output", f"json={there}")[0] == 2


def test_a_link_is_followed_and_a_pipe_is_written_to(tmp_path, run):
    ledger, pipe = tmp_path / "reports.csv", tmp_path / "pipe"
    ledger.write_text(LEDGER, encoding="utf-8")
    (tmp_path / "real.json").write_text("", encoding="utf-8")
    (tmp_path / "link.json").symlink_to("real.json")
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert run("check", ledger, "--output", f"json={pipe}", "--output", f"json={tmp_path / 'link.json'}")[0] == 0
        told = reader.communicate(timeout=30)[0]
    assert pipe.is_fifo() and (tmp_path / "link.json").is_symlink()
    assert told == (tmp_path / "real.json").read_bytes() != b""


def test_every_file_that_is_not_there_is_named(tmp_path, run):
    status, _, said = run("check", tmp_path / "a.csv", tmp_path / "b.csv", "--contestants", tmp_path / "c.csv")
    assert status == 2
    assert [line.split(":")[0] for line in said.splitlines()] == [str(tmp_path / name) for name in ("c.csv", "a.csv", "b.csv")]


def test_a_heading_of_the_screen_counts_all_findings_of_its_rule(tmp_path, run):
    """Breaches and undetermined sums of one rule, of one severity, under two headings and no more."""
    lines = [f"C-{n},single_mandate,2023-03-01,donation,{8_000_000 if n % 2 else 'x'},individual,A" for n in range(6)]
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name"
    (tmp_path / "reports.csv").write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    out = run("check", tmp_path / "reports.csv", "--lang", "en", "--select", "DON-001")[1]
    headings = [line for line in out.splitlines() if line.startswith(("BREACH", "UNDETERMINED"))]
    assert [line.split()[-2:] for line in headings] == [["3", "findings"], ["3", "findings"]]


@pytest.mark.parametrize(
    ("lang", "period", "shared"), [("ru", "31.03.2023", "01.03.2023, 450 000,00"), ("en", "31 Mar 2023", "1 Mar 2023, 450 000.00")]
)
def test_what_a_finding_is_about_is_written_as_people_write_it(lang, period, shared, run):
    found = json.loads(
        run("check", str(ROOT / "sample_data/majilis-2023"), "--as-of", "2023-04-15", "--lang", lang, "--format", "json")[1]
    )["findings"]
    said = {one["rule"]: (one["subject"], one["message"].replace("\u202f", " ")) for one in found}
    assert said["RPT-003"][0] == "2023-03-31" and period in said["RPT-003"][1]
    assert said["LED-002"][0] == "2023-03-01 450000.00" and shared in said["LED-002"][1]


def test_a_donor_named_like_a_day_is_a_name(tmp_path, run):
    filed = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n"
    (tmp_path / "reports.csv").write_text(filed + "SM-1,single_mandate,2023-03-01,donation,7000000.01,individual,2023-02-30\n")
    assert "2023-02-30" in run("check", str(tmp_path / "reports.csv"), "--select", "DON-001", "--lang", "ru")[1]


def test_the_last_day_over_a_cap_is_the_day_before_it_was_paid_back(tmp_path, run):
    rows = ["2023-03-01,donation,8000000", "2023-03-04,donation,1", "2023-03-10,donation_refund,1000001"]
    lines = ["contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id"]
    lines += [f"C-1,single_mandate,{row},individual,800101300016" for row in rows]
    (tmp_path / "reports.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    out = run("check", tmp_path / "reports.csv", "--lang", "en", "--select", "DON-003")[1]
    assert "1 Mar 2023. Last day over: 9 Mar 2023." in out


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_a_mistyped_id_is_hidden_in_whatever_is_said_of_it_and_the_file_and_row_are_not(tmp_path, run, lang):
    (tmp_path / "reports-20230415.csv").write_text(
        "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id\n"
        "S-1,single_mandate,2023-03-01,donation,5,individual,9001013000171\n",
        encoding="utf-8",
    )
    register = "contestant_id,contest,name,person_id\nS-1,single_mandate,A,9001013000171\nS-1,single_mandate,A,9001013000182\n"
    (tmp_path / "contestants.csv").write_text(register, encoding="utf-8")
    common = (tmp_path / "reports-20230415.csv", "--lang", lang, "--as-of", "2023-04-15")
    screen = run("check", *common)[1]
    run("report", *common, "-o", tmp_path / "f.html")
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    for shown in (screen, page):
        assert "9001013000" not in shown
        assert "••••0182" in shown
        assert "reports-20230415.csv, " in " ".join(shown.split())


@pytest.mark.parametrize(("lang", "word"), [("kk", "шығыс"), ("ru", "расход"), ("en", "expenditure")])
def test_what_a_line_is_stands_on_the_screen_in_words(tmp_path, run, lang, word):
    ledger = tmp_path / "reports.csv"
    ledger.write_text(
        "contestant_id,contest,date,kind,amount,category\nC-1,single_mandate,2023-03-01,expenditure,5,gifts\n", encoding="utf-8"
    )
    assert f"  {word}  " in run("check", ledger, "--lang", lang)[1]


@pytest.mark.parametrize("width", [60, 70, 80, 90, 100])
def test_an_amount_is_never_broken_over_two_lines(tmp_path, run, width):
    ledger = tmp_path / "reports.csv"
    ledger.write_text(
        "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id\n"
        "C-1,single_mandate,2023-03-01,donation,7000000.01,individual,A,800101300016\n",
        encoding="utf-8",
    )
    said = run("check", ledger, "--lang", "ru", width=width)[1]
    assert not re.search(r"[0-9]\n +[0-9]{3}[ \u202f]", said)
    assert "7\u202f000\u202f000,01" in said


LEDGER = "contestant_id,contest,date,kind,amount\nC-1,single_mandate,2023-03-01,own_funds,5\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--nonsense",),
        ("--lang", "xx"),
        ("--fail-on", "x"),
        ("--as-of", "2023-02-30"),
        ("--as-of", "20230415"),
        ("--as-of", "2023-W15-6"),
        ("--as-of", "30.02.2023"),
        ("--as-of", "4.15.2023"),
        ("--as-of", "15/04/2023"),
        ("--fail-on", "never,lead"),
        ("--fail-on", "never", "--fail-on", "lead"),
        ("--fail-on", "breach,"),
        ("-o", "x.json"),
        ("--select", "DON,,SRC"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path, run, wrong):
    (tmp_path / "reports.csv").write_text(LEDGER, encoding="utf-8")
    status, out, said = run("check", tmp_path / "reports.csv", *wrong)
    assert (status, out, said.count("\n")) == (2, "", 1)


def test_a_day_may_be_written_as_letters_there_write_it(tmp_path, run):
    (tmp_path / "reports.csv").write_text(LEDGER, encoding="utf-8")
    with_dots, iso = (run("check", tmp_path / "reports.csv", "--as-of", day, "--format", "json")[1] for day in ("03.04.2023", "2023-04-03"))
    assert with_dots == iso and json.loads(iso)["as_of"] == "2023-04-03"


def test_a_failure_of_the_program_is_not_taken_for_a_breach(tmp_path, run, monkeypatch):
    (tmp_path / "reports.csv").write_text(LEDGER, encoding="utf-8")
    monkeypatch.setattr("auditor.workflow.prepare", lambda *given: 1 / 0)
    status, out, said = run("check", tmp_path / "reports.csv")
    assert (status, out, said.count("\n")) == (2, "", 1)
    assert "ZeroDivisionError" in said

    def quoting(*given):
        raise ValueError("cannot convert\n900101300017")

    monkeypatch.setattr("auditor.workflow.prepare", quoting)
    said = run("check", tmp_path / "reports.csv")[2]
    assert "900101300017" not in said and "0017" in said and said.count("\n") == 1


def test_a_table_beside_may_be_named_in_capitals_and_the_plain_name_goes_first(tmp_path, run):
    (tmp_path / "reports.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "Contestants.CSV").write_text("contestant_id,contest,name\nC-1,single_mandate,In capitals\n", encoding="utf-8")
    assert "In capitals" in run("check", tmp_path / "reports.csv", "--format", "json")[1]
    (tmp_path / "contestants.csv").write_text("contestant_id,contest,name\nC-1,single_mandate,Plain\n", encoding="utf-8")
    assert "Plain" in run("check", tmp_path / "reports.csv", "--format", "json")[1]


def test_a_file_of_a_folder_that_is_no_table_is_named(tmp_path, run):
    (tmp_path / "a.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "b.csv").write_text("Когда;Сколько\n2023-03-01;5\n", encoding="utf-8")
    made = json.loads(run("check", tmp_path, "--format", "json")[1])
    assert made["passed_over"] == ["b.csv"] and not made["problems"]


def test_an_empty_path_is_not_the_working_folder(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(LEDGER, encoding="utf-8")
    status, out, err = run("check", "", "--lang", "en")
    assert (status, out) == (2, "") and err.startswith("'': there is no such file")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "zip"])
def test_what_looks_like_lines_under_unknown_headings_is_a_problem(tmp_path, run, kind):
    rows = [["Форма 3"], ["№", "Дата зачисления", "Кто", "ИИН", "Сколько"], ["1", "25.02.2023", "Асанов", "900101300017", "9 000 000,00"]]
    (tmp_path / "a.csv").write_text(LEDGER, encoding="utf-8")
    if kind == "csv":
        (tmp_path / "b.csv").write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
            sheet = book.add_worksheet("Л")
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    if kind == "zip":
        with zipfile.ZipFile(tmp_path / "c.zip", "w") as packed:
            packed.write(tmp_path / "b.xlsx", "b.xlsx")
        (tmp_path / "b.xlsx").unlink()
    status, out, _ = run("check", tmp_path, "--format", "json", "--as-of", "2023-04-15")
    (problem,) = json.loads(out)["problems"]
    name = {"csv": "b.csv", "xlsx": "b.xlsx", "zip": "c.zip/b.xlsx"}[kind]
    assert status == 1 and (problem["code"], problem["file"], problem["row"]) == ("INP-014", name, 3)
    assert json.loads(out)["passed_over"] == [name if kind == "csv" else f"{name}, Л"]


@pytest.mark.parametrize("row", ["2023-03-01;5", "2023-03-01;", ";5000", "2023;5000", "2023-03-01;900101300017", "2023-03-01;2023-03-02"])
def test_what_does_not_look_so_is_only_named(tmp_path, run, row):
    (tmp_path / "a.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "b.csv").write_text(f"Когда;Сколько\n{row}\n", encoding="utf-8")
    assert json.loads(run("check", tmp_path, "--format", "json")[1])["problems"] == []


@pytest.mark.parametrize(
    "args",
    [
        ("reconcile", "reports.csv", "--format", "csv", "-o", "reports.csv"),
        ("reconcile", "reports.csv", "--format", "csv", "-o", "statement.csv"),
        ("reconcile", ".", "--format", "csv", "-o", "Contestants.csv"),
        ("diff", "reports.csv", "reports.csv", "-o", "reports.csv"),
    ],
)
def test_what_was_given_is_not_written_over_by_other_commands(args, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = {}
    for name in ("reports.csv", "statement.csv", "Contestants.csv"):
        shutil.copy(SAMPLE / name.lower(), tmp_path / name)
        before[name] = (tmp_path / name).read_bytes()
    status, _, err = run(*args)
    assert (status, "would be lost" in err) == (2, True)
    assert all((tmp_path / name).read_bytes() == content for name, content in before.items())


def test_the_same_answer_may_be_written_twice(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("reports.csv", "statement.csv"):
        shutil.copy(SAMPLE / name, tmp_path / name)
    for _ in range(2):
        assert run("reconcile", "reports.csv", "--format", "csv", "-o", "pairs.csv")[0] == 0


HEAD = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name\n"


def test_with_several_files_every_row_is_named_with_its_file(tmp_path, run):
    for month, day in (("feb", "2023-02-20"), ("mar", "2023-03-02")):
        more = "" if month == "feb" else "SM-2,single_mandate,2023-03-02,donation,7000000.01,individual,B\n"
        content = f"{HEAD}SM-1,single_mandate,{day},donation,4000000,individual,A\n{more}"
        (tmp_path / f"{month}.csv").write_text(content, encoding="utf-8")
    _, out, _ = run("check", tmp_path, "--lang", "en", "--select", "DON-001")
    assert "First over at mar.csv:2, 2 Mar 2023." in out and "feb.csv:2" in out
    assert "First over at mar.csv:3, 2 Mar 2023." in out and "row 3" not in out


def test_what_cannot_be_determined_has_no_plain_bar(tmp_path, run):
    rows = ["expenditure,49000000.01", "expenditure_refund,x"]
    lines = [f"N-2,single_mandate,2023-03-1{n},{row},organisation,A\n" for n, row in enumerate(rows)]
    (tmp_path / "r.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    _, out, _ = run("check", tmp_path / "r.csv", "--lang", "en", "--select", "EXP-001")
    (bar,) = [line for line in out.splitlines() if line.startswith("  N-2") and "█" in line]
    assert bar.endswith("Undetermined")
    assert run("report", tmp_path / "r.csv", "--lang", "en", "--select", "EXP-001", "-o", tmp_path / "f.html")[0] == 0
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert 'class="over"' not in page.partition("</table>")[0] and '<span class="sub">Undetermined</span>' in page
    assert "Rules in this report: 1." in page


def test_after_standard_input_no_command_is_said_that_would_wait_for_it(monkeypatch, run):
    given = f"{HEAD}SM-1,single_mandate,2023-03-01,donation,1,individual,A\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    status, out, _ = run("check", "-", "--lang", "en", "--select", "DON-001")
    assert status == 0 and "audit report" not in out


def test_a_pipe_with_a_name_is_read_as_standard_input_is(tmp_path, run):
    """`audit check <(unpack …)`: it was taken for an empty file, for it was read twice."""
    given = f"{HEAD}SM-1,single_mandate,2023-03-01,donation,7000000.01,individual,A\n"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(given, encoding="utf-8"))
    writer.start()
    status, out, _ = run("check", pipe, "--lang", "en", "--select", "DON-001")
    writer.join()
    assert status == 1 and "DON-001" in out and "audit report" not in out


def test_a_report_is_not_written_where_what_goes_beside_it_cannot_be(tmp_path, run, filing):
    (tmp_path / "findings.json").mkdir()
    status, _, err = run("report", filing(KEPT), "-o", tmp_path / "f.html")
    assert (status, err.count("\n")) == (2, 1)
    assert not (tmp_path / "f.html").exists()


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_nothing_of_a_filing_commands_a_terminal_in_any_format(tmp_path, form):
    hostile = "SM\x1b[2J\x9b2J-1,single_mandate,2023-03-01,donation,7000000.01,individual,A\n"
    (tmp_path / "r.csv").write_text(HEAD + hostile, encoding="utf-8")
    parent, child = pty.openpty()
    command_line = [sys.executable, "-m", "auditor.cli.main", "check", str(tmp_path / "r.csv"), "--format", form]
    with subprocess.Popen(command_line, stdout=child, stderr=subprocess.DEVNULL, cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}):
        os.close(child)
        shown = b""
        try:
            while some := os.read(parent, 65536):
                shown += some
        except OSError:
            pass  # the end of a terminal
    os.close(parent)
    assert b"DON-001" in shown
    assert b"\x1b" not in shown and "\x9b" not in shown.decode("utf-8", "replace")


def test_of_whom_nothing_was_filed_is_said_beside_what_is_kept(tmp_path, run):
    """The auditor who forgot to copy one of the 42 files."""
    register = "contestant_id,contest,name\nK-1,single_mandate,A\nK-2,single_mandate,B\n"
    (tmp_path / "contestants.csv").write_text(register, encoding="utf-8")
    (tmp_path / "k1.csv").write_text(HEAD + "K-1,single_mandate,2023-03-01,donation,1,individual,A\n", encoding="utf-8")
    _, out, _ = run("check", tmp_path, "--lang", "en", "--select", "DON-001")
    assert "not one report is here of: K-2" in out
    assert run("report", tmp_path, "--lang", "en", "--select", "DON-001", "-o", tmp_path / "f.html")[0] == 0
    assert "not one report is here: 1 (K-2)" in (tmp_path / "f.html").read_text(encoding="utf-8")


def test_what_is_set_by_hand_is_a_day_or_changes_something(run, tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text(HEADING + KEPT, encoding="utf-8")
    _, out, _ = run("check", path, "--set", "results_published=29.03.2023", "--format", "json")
    assert json.loads(out)["overrides"] == {"results_published": "2023-03-29"}
    assert run("check", path, "--set", "results_published=20230329")[0] == 2
    status, _, err = run("check", path, "--set", "minimum_wage=60000.00")
    assert status == 2 and "donation_cap_individual" in err


@pytest.mark.parametrize(("crossing", "gaps"), [(2, 1), (20, 2), (38, 1)])
def test_rows_that_are_not_shown_are_counted_where_they_would_stand(filing, crossing, gaps):
    first = [KEPT.replace("7000000.00", f"{7_000_000 // crossing}.00")] * crossing
    rest = [KEPT.replace("7000000.00", "100.00")] * (40 - crossing)
    shown = text(audit("check", filing(*first, *rest), "--select", "DON-001", "--lang", "en"))
    at, hidden = 1, []
    for line in shown.splitlines():
        if line.startswith("        row "):
            at += 1
            assert int(line.split()[1]) == at
        elif line.startswith("        … "):
            hidden.append(int(line.split()[1]))
            at += hidden[-1]
    assert (at, len(hidden)) == (41, gaps)


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_at_80_columns_no_donor_is_lost_and_no_row_is_broken(tmp_path, lang):
    names = ["Каримова Зарина Маратовна", "Садыкова Айгуль Бауыржановна"]
    for n in (1, 2):
        lines = [KEPT.replace("7000000.00", "30000000.00").replace("\n", f",{name}\n") for name in names]
        text_of = HEADING.replace("\n", ",counterparty_name\n") + "".join(lines).replace("SM-1", f"SM-{n}")
        (tmp_path / f"0{n} Воробьёв.csv").write_text(text_of, encoding="utf-8")
    shown = text(audit("check", tmp_path, "--select", "DON-001,FND-004", "--lang", lang, COLUMNS="80"))
    assert (
        max(len(line) for line in shown.splitlines() if not line.startswith("  " + {"kk": "келесі", "ru": "далее", "en": "next"}[lang]))
        <= 80
    )
    assert all(shown.count(name) >= 4 for name in names)
    assert shown.count("60\u202f000\u202f000") >= 4


def test_how_a_missing_table_is_given_is_said_once(run, tmp_path):
    filing = tmp_path / "reports.csv"
    filing.write_text("contestant_id,contest,date,kind,amount\nSM-1,single_mandate,2023-03-01,own_funds,5\n", encoding="utf-8")
    said = " ".join(run("check", filing, "--as-of", "2023-04-15", "--lang", "en", "--select", "REG,EXP-005")[1].split())
    assert said.count("An empty form: audit template candidates") == said.count("An empty form") == 1
    assert "--candidates FILE" in said
    assert "An empty form" not in run("check", filing, "--as-of", "2023-04-15", "--lang", "en", "--select", "SUB-006")[1]
    said = " ".join(run("check", filing, "--as-of", "2023-04-15", "--lang", "en", "--select", "BNK-001")[1].split())
    assert said.count("An empty form") == 1 and "--statement FILE" in said  # the rule lacks a column too


@pytest.mark.parametrize(("delimiter", "status"), [("semicolon", 1), ("tab", 2), ("comma", 2)])
def test_the_cells_are_parted_by_what_was_stated(delimiter, status, tmp_path, run):
    file = tmp_path / "reports.csv"
    file.write_text((HEADING + OVER).replace(",", ";"), encoding="utf-8")
    assert run("check", file, "--delimiter", delimiter, "--select", "DON")[0] == status


def test_rows_of_files_whose_names_would_be_cut_alike_are_told_apart(tmp_path, run):
    heading = "contestant_id,contest,report_id,date,kind,amount,counterparty_type,counterparty_id\n"
    for name, report, amount in (("и её отчёт", "R1", 5_000_000), ("исправленный отчёт", "R2", 4_000_000)):
        line = f"SM-1,single_mandate,{report},2023-03-01,donation,{amount},individual,900101300017\n"
        (tmp_path / f"14-02 Иванова {name} за март.csv").write_text(heading + line, encoding="utf-8")
    _, out, _ = run("check", tmp_path, "--select", "DON-001", "--as-of", "2023-04-15", "--lang", "en", width=80)
    rows = [line.strip() for line in out.partition("BREACH")[2].splitlines()]
    assert "[1] 14-02 Иванова и её отчёт за март.csv" in rows
    assert "[2] 14-02 Иванова исправленный отчёт за март.csv" in rows
    assert [row[:9] for row in rows if row.startswith(("[1] row", "[2] row"))] == ["[1] row 2", "[2] row 2"]


def test_the_headings_of_the_form_are_not_told_as_other_names(tmp_path, run):
    """42 filled-in forms would say 42 times what each of their columns means."""
    line = {"contestant_id": "SM-1", "contest": "single_mandate", "date": "2023-03-01", "kind": "donation", "amount": "5"}
    labels = load("kz/majilis-2023").labels["reports"]
    for lang in ("kk", "ru"):
        heading = ",".join(f'"{labels[name].in_(lang)}"' for name in line)
        (tmp_path / f"{lang}.csv").write_text(f"{heading}\n{','.join(line.values())}\n", encoding="utf-8")
    other = heading.replace(labels["date"].ru, "Дата поступления")
    (tmp_path / "other.csv").write_text(f"{other}\n{','.join(line.values())}\n", encoding="utf-8")
    for lang in ("kk", "en"):
        _, out, _ = run("check", tmp_path, "--as-of", "2023-04-15", "--lang", lang, "--select", "DEP", width=300)
        assert [row.split(": ", 1)[1] for row in out.splitlines() if "→" in row] == ["Дата поступления → date"]
