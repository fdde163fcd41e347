"""What is wrong with a command is said in the language that was asked for, in one line."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from auditor.wording import LANGUAGES, load, refusal

KYRILLIC = re.compile("[а-яёәғқңөұүһі]{4}")
SAMPLE = "sample_data/majilis-2023/reports.csv"
WRONG = {
    "set_form": ["--set", "x"],
    "set_twice": ["--set", "results_published=2023-03-29", "--set", "results_published=2023-03-30"],
    "set_unknown": ["--set", "results_publishd=2023-03-29"],
    "set_value": ["--set", "results_published=29.03.23"],
    "set_choice": ["--set", "day_counting=lunar"],
    "set_no_day": ["--set", "campaign_start=2023-03-18"],
    "no_rulebook": ["--rulebook", "kz/nowhere"],
    "output_form": ["--output", "x"],
    "is_folder": ["--output", "csv=."],
    "no_folder": ["--output", "csv=/nowhere/a.csv"],
    "no_file": ["--mapping", "nowhere.yaml"],
}


def is_whole(said, lang, key):
    """Whether every word of a sentence is there, around what it says of this command."""
    return all(text.strip() in said for text in re.split(r"\{[a-z]+\}", load(lang).sentence(key)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", WRONG)
def test_it_is_one_line_in_that_language(key, lang, run):
    status, out, err = run("check", SAMPLE, *WRONG[key], "--lang", lang)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert (KYRILLIC.search(err) is None) is (lang == "en")
    assert is_whole(err, lang, f"usage.{key}")


def _in_english(file):
    """Where a refusal is written out in the program: its line, and the words."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
            for part in (one for given in node.args for one in (given.values if isinstance(given, ast.JoinedStr) else [given])):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.search("[a-z]{4}", part.value):
                    yield node.lineno, part.value


REFUSALS = ("BadUsage", "BadYaml", "BadRulebook", "CannotRead", "MissingLibrary", "NoReports", "TwoReadings")


# Options, and what is said where there is no language to say it in.
UNSAID = ("--ignore ", "There is no language ", "; choose one of ")


def test_no_refusal_is_written_out_in_the_program():
    files = sorted(Path("auditor").rglob("*.py"))
    assert len(files) > 250
    assert [f"{file}:{line}: {words}" for file in files for line, words in _in_english(file) if words not in UNSAID] == []


def test_a_folder_beside_the_filings_does_not_take_the_place_of_the_law(tmp_path, monkeypatch, run):
    filing, rules = Path(SAMPLE).resolve(), Path("rules").resolve()
    shutil.copytree(rules / "kz", tmp_path / "kz")
    monkeypatch.chdir(tmp_path)
    for given in ([], ["--rulebook", "kz/majilis-2023"]):
        status, out, err = run("check", filing, *given, "--lang", "en")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "Write ./kz/majilis-2023 for the folder" in err
    assert run("check", filing, "--rulebook", "./kz/majilis-2023", "--fail-on", "never")[0] == 0
    # Seen from the folder that it lies in, it is the shipped one.
    monkeypatch.chdir(rules)
    assert run("check", filing, "--rulebook", "kz/majilis-2023", "--fail-on", "never")[0] == 0


USAGE = {
    "missing": ["check"],
    "no_option": ["check", SAMPLE, "--frob"],
    "perhaps": ["check", SAMPLE, "--formt", "json"],
    "no_command": ["inspect", SAMPLE],
    "day_form": ["check", SAMPLE, "--as-of", "15.04.23"],
    "not_one_of": ["check", SAMPLE, "--format", "yaml"],
    "never_alone": ["check", SAMPLE, "--fail-on", "never,lead"],
    "word_missing": ["check", SAMPLE, "--select", "DON,,SRC"],
    "given_twice": ["check", SAMPLE, "--contestants", "a", "--contestants", "b"],
    "choices": ["template"],
    "not_there": ["inbox", "add", "nowhere.csv", "--home", "."],
    "needs_value": ["check", SAMPLE, "--encoding"],
    "between": ["report", SAMPLE, "-o", "x.pdf", "--workers", "0"],
    "form_all": ["template", "all", "--format", "csv"],
    "calendar_tables": ["calendar", "status"],
    "secret_needed": ["report", SAMPLE, "-o", "x.pdf", "--kind", "public"],
    "published_folder": ["verify", "tests", SAMPLE],
    "no_register": ["review", "list", "--home", "nowhere"],
}
NO_LANGUAGE = ("inbox", "review")  # it is the register's; what is wrong with the command is said in that of the locale


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", USAGE)
def test_what_cannot_be_parsed_is_said_in_that_language_too(key, lang, run, monkeypatch):
    monkeypatch.setenv("LC_ALL", f"{lang}_KZ.UTF-8")
    monkeypatch.setenv("AUDIT_SECRET_FILE", "")
    given = (
        USAGE[key]
        if USAGE[key][0] in NO_LANGUAGE
        else ["check", SAMPLE, "--lang", lang, "--encoding"]
        if key == "needs_value"
        else [*USAGE[key], "--lang", lang]
    )
    status, out, err = run(*given)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert (KYRILLIC.search(err) is None) is (lang == "en")
    assert is_whole(err, lang, f"usage.{key}")


def test_a_sentence_inside_another_is_said_in_the_same_language():
    said = refusal("usage.set_value", name="x", value="y", expected=refusal("usage.set_day"))
    assert said == "--set x: y is not a day such as 2023-03-29 or 29.03.2023."
    assert said.in_(load("ru")) == "--set x: y не подходит; ожидается день вида 2023-03-29 или 29.03.2023."
    near = refusal("usage.no_rule", near="DON-001", code="DON-01")
    assert near == "There is no rule DON-01. Did you mean 'DON-001'?"
    assert near.in_(load("kk")) == "DON-01 ережесі жоқ. Мүмкін, 'DON-001' деген болар?"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_system_says_of_a_file_is_said_in_words(lang, run):
    for args in (["map", "suggest", "нет.csv"], ["verify", "нет.pdf", SAMPLE], ["--lang", lang, "secret", "/нет/secret"]):
        status, _, err = run(*args, *([] if args[0] == "--lang" else ["--lang", lang]))
        assert (status, err.count("\n")) == (2, 1)
        assert load(lang)("usage.os_missing") in err


def test_the_sql_of_a_rule_whose_day_nobody_knows_is_refused(run, tmp_path):
    shutil.copytree("rules/kz", tmp_path / "kz")
    election = tmp_path / "kz" / "majilis-2023" / "election.yaml"
    election.write_text(election.read_text(encoding="utf-8").replace('day: "2023-03-17"', "day:"), encoding="utf-8")
    for rule, statuses in (("EXP-003", 2), ("RPT-001", 0), ("EXP-001", 0)):
        status, _, err = run("rules", "sql", rule, "--rulebook", election.parent)
        assert status == statuses, rule
        assert ("campaign_end" in err) is (status == 2), rule


MAPPINGS = {
    "unknown_key": ("colums: {}\n", "'columns'"),
    "key_twice": ("table: reports\ntable: reports\n", "'table'"),
    "one_of": ("date_order: ddmm\n", "'ddmm'"),
    "filled": ('sheet: ""\n', "''"),
    "not_yaml": ("columns: {amount: x\n", "YAML"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", MAPPINGS)
def test_what_is_wrong_with_a_file_that_people_write_is_said_in_that_language(key, lang, tmp_path, run):
    text, shown = MAPPINGS[key]
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    status, out, err = run("check", SAMPLE, "--mapping", tmp_path / "m.yaml", "--lang", lang)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert (KYRILLIC.search(err) is None) is (lang == "en")
    assert "line" not in err or lang == "en"
    assert shown in err
    assert is_whole(err, lang, f"yaml.{key}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_cases_of_the_rules_are_told_in_that_language(lang, run):
    status, out, err = run("rules", "test", "SUB-009", "--lang", lang)
    assert (status, err) == (0, "")
    assert (KYRILLIC.search(out) is None) is (lang == "en")
    assert run("rules", "lint", "--lang", lang)[1].startswith("kz-majilis-2023 ")


STYLES = {
    "css_import": ("commission.css", '@import "x.css";\n'),
    "css_no_property": ("commission.css", ":root { --no-such: 1mm; }\n"),
    "css_length": ("commission.css", ":root { --size-title: red; }\n"),
    "svg_script": ("emblem.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script/></svg>'),
    "svg_doctype": ("emblem.svg", '<!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", STYLES)
def test_what_is_wrong_with_a_style_is_said_in_that_language(key, lang, tmp_path, run):
    file, text = STYLES[key]
    (tmp_path / file).write_text(text, encoding="utf-8")
    status, out, err = run("report", SAMPLE, "-o", tmp_path / "f.html", "--style", tmp_path, "--lang", lang)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert (KYRILLIC.search(err) is None) is (lang == "en")
    assert is_whole(err, lang, f"style.{key}")
