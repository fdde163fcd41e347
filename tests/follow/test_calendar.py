"""What is due when, and what of it is there on a day: the seed's own case, the days at the edge, and the calendar file read back."""

import csv
import json
import re
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.cli.main import main
from auditor.follow.calendar import calendar
from auditor.render.ics import as_ics, folded_lines
from auditor.rulebook.load import load as load_rulebook
from auditor.wording import load

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "majilis-2023"
BOOK = load_rulebook("kz/majilis-2023")
MANY = 442
UNKNOWN = {"en": "DAY NOT KNOWN", "ru": "ДЕНЬ НЕИЗВЕСТЕН", "kk": "КҮНІ БЕЛГІСІЗ"}


@pytest.fixture
def run(audit_command):
    return lambda *args, width=120: audit_command("calendar", *args, width=width)


@pytest.fixture
def register(tmp_path):
    """A register of contestants C-001 … and of their filings (contestant, type, period, received, published)."""

    def write(filings=(), number=MANY, published=True, contestants=()):
        people = contestants or [(f"C-{n:03}", "2023-02-14", "registered", "2023-02-14") for n in range(1, number + 1)]
        with (tmp_path / "contestants.csv").open("w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["contestant_id", "contest", "name", "registered_on", "status", "status_on"])
            rows.writerows((cid, "single_mandate", f"Name {cid}", *facts) for cid, *facts in people)
        with (tmp_path / "filings.csv").open("w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(
                [
                    "report_id",
                    "contestant_id",
                    "report_type",
                    "period_start",
                    "period_end",
                    "received_on",
                    *(["published_on"] if published else []),
                ]
            )
            rows.writerows([f"R-{n}", *(filing if published else filing[:-1])] for n, filing in enumerate(filings, 1))
        return tmp_path

    return write


def first(cid, received, published=""):
    return (cid, "interim", "2023-02-18", "2023-02-28", received, published)


def final(cid, received, published=""):
    return (cid, "final", "2023-02-18", "2023-03-31", received, published)


def told(run, folder, day, *options):
    """The standings of the register on a day, by obligation."""
    status, out, err = run("status", folder, "--as-of", day, "--format", "json", *options)
    assert out, err
    made = json.loads(out)
    by_id = {one["obligation"]: one for one in made["standings"]}
    assert status == (1 if any(one["missing"] for one in by_id.values()) else 0)
    return made, by_id


def numbers(one):
    return {name: len(one[name]) for name in ("done", "late", "missing", "open", "unclear") if one[name]}


# --- the observer's sentence ---


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "0 of the 442 contestants registered on that day have an interim report published; first due 28 Feb 2023, to be published by 5 Mar 2023"),
        ("ru", "Промежуточный отчёт опубликован у 0 участников (на этот день зарегистрировано: 442); первый срок подачи 28.02.2023, опубликования 05.03.2023"),
        ("kk", "Сол күнгі жағдай бойынша тіркелген 442 қатысушының ішінен 0 қатысушының аралық есебі жарияланған; алғашқы тапсыру мерзімі 28.02.2023, жариялау мерзімі 05.03.2023"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("width", [80, 120])
def test_on_1_march_nothing_is_published_by_442_contestants(run, register, lang, said, width):
    status, out, _ = run("status", register(), "--as-of", "2023-03-01", "--lang", lang, width=width)
    assert status == 1
    assert said in " ".join(out.split())
    assert load(lang)("common.confidence_assumed") in out.split(said[-12:])[-1]
    assert UNKNOWN[lang] in out
    assert "--set results_published=" in out
    assert all(len(line) <= width for line in out.splitlines())


@pytest.mark.parametrize(("number", "word"), [(1, "has an"), (2, "have an"), (21, "have an")])
def test_the_number_of_those_published_agrees_with_its_verb(run, register, number, word):
    folder = register([first(f"C-{n:03}", "2023-03-01", "2023-03-01") for n in range(1, number + 1)])
    _, out, _ = run("status", folder, "--as-of", "2023-03-01", "--lang", "en")
    assert f"{number} of the 442 contestants registered on that day {word} interim report published" in out


@pytest.mark.parametrize(("number", "word"), [(1, "участника"), (2, "участников"), (5, "участников"), (21, "участника")])
def test_in_russian_too(run, register, number, word):
    folder = register([first(f"C-{n:03}", "2023-03-01", "2023-03-01") for n in range(1, number + 1)])
    assert f"опубликован у {number} {word} " in run("status", folder, "--as-of", "2023-03-01", "--lang", "ru")[1]


def test_without_a_column_for_it_nobody_says_that_nothing_is_published(run, register):
    folder = register([first("C-001", "2023-03-01")], published=False)
    made, by_id = told(run, folder, "2023-03-06")
    assert made["interim_published"] is None
    assert numbers(by_id["interim-1-published"]) == {"unclear": 1}
    assert "cannot be told" in run("status", folder, "--as-of", "2023-03-06", "--lang", "en")[1]


# --- the day itself and the day after ---


def test_a_period_is_open_on_its_last_day_and_missing_on_the_next(run, register):
    folder = register(number=3)
    assert numbers(told(run, folder, "2023-02-28")[1]["interim-1-submitted"]) == {"open": 3}
    assert numbers(told(run, folder, "2023-03-01")[1]["interim-1-submitted"]) == {"missing": 3}


def test_publication_is_open_on_its_last_day_and_missing_on_the_next(run, register):
    folder = register([first("C-001", "2023-03-01")], number=3)
    assert numbers(told(run, folder, "2023-03-05")[1]["interim-1-published"]) == {"open": 1}
    assert numbers(told(run, folder, "2023-03-06")[1]["interim-1-published"]) == {"missing": 1}


@pytest.mark.parametrize(("published", "stands"), [("2023-03-05", {"done": 1}), ("2023-03-06", {"done": 1, "late": 1})])
def test_published_on_the_last_day_and_the_day_after(run, register, published, stands):
    folder = register([first("C-001", "2023-03-01", published)], number=1)
    assert numbers(told(run, folder, "2023-03-10")[1]["interim-1-published"]) == stands


@pytest.mark.parametrize(
    ("received", "stands"),
    [("2023-04-01", {"done": 1}), ("2023-04-02", {"done": 1, "late": 1}), ("2023-04-05", {"missing": 1}), ("", {"unclear": 1})],
)
def test_a_final_report_against_the_day_that_was_set(run, register, received, stands):
    folder = register([final("C-001", received)], number=1)
    assert numbers(told(run, folder, "2023-04-04", "--set", "results_published=2023-03-29")[1]["final-submitted"]) == stands


def test_without_that_day_nobody_is_late_or_missing(run, register):
    one = told(run, register([final("C-001", "2023-05-01")], number=2), "2023-06-01")[1]["final-submitted"]
    assert numbers(one) == {"done": 1, "unclear": 1}


def test_what_came_later_is_not_known_on_that_day(run, register):
    folder = register([first("C-001", "2023-03-02", "2023-03-04")], number=1)
    made, by_id = told(run, folder, "2023-03-01")
    assert (numbers(by_id["interim-1-submitted"]), made["interim_published"]) == ({"missing": 1}, [])
    assert told(run, folder, "2023-03-03")[0]["interim_published"] == []
    assert told(run, folder, "2023-03-04")[0]["interim_published"] == ["C-001"]


def test_a_resubmission_does_not_make_a_late_publication_timely(run, register):
    folder = register([first("C-001", "2023-03-01", "2023-03-09"), first("C-001", "2023-03-02", "2023-03-03")], number=1)
    assert numbers(told(run, folder, "2023-03-10")[1]["interim-1-published"]) == {"done": 1, "late": 1}


def test_who_is_registered_on_that_day(run, register):
    people = [
        ("IN", "2023-02-14", "registered", ""),
        ("TODAY", "2023-03-01", "registered", ""),
        ("LATER", "2023-03-02", "registered", ""),
        ("OUT", "2023-02-14", "withdrawn", "2023-03-01"),
        ("OUT-LATER", "2023-02-14", "withdrawn", "2023-03-02"),
        ("UNDATED", "", "registered", ""),
    ]
    made, _ = told(run, register(contestants=people), "2023-03-01")
    assert made["registered"] == ["IN", "OUT-LATER", "TODAY", "UNDATED"]
    assert made["undated"] == ["UNDATED"]


@pytest.mark.parametrize("day", ["2023-03-01", "2023-03-20", "2023-04-06", "2023-04-15"])
def test_missing_and_late_are_those_of_the_rules(run, register, capsys, day, monkeypatch):
    """`audit check` on the same day names the same contestants: the calendar has no second opinion."""
    options = ("--as-of", day, "--set", "results_published=2023-03-29")
    _, by_id = told(run, SAMPLE, day, "--set", "results_published=2023-03-29")
    monkeypatch.setattr(sys, "argv", ["audit", "check", str(SAMPLE), *options, "--select", "RPT", "--format", "json"])
    with pytest.raises(SystemExit):
        main()
    found = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["outcome"] == "breach"]
    registered = set(json.loads(run("status", SAMPLE, *options, "--format", "json")[1])["registered"])
    missing = {(one["contestant_id"]) for one in found if one["rule"] == "RPT-002" and one["contestant_id"] in registered}
    # The rule takes reports that came after the day of the audit for filed; the calendar knows only what had arrived.
    assert missing <= set(by_id["final-submitted"]["missing"])
    if day == "2023-04-15":
        assert missing == set(by_id["final-submitted"]["missing"])
        late = {one["contestant_id"] for one in found if one["rule"] == "RPT-001"} & registered
        assert late == set(by_id["final-submitted"]["late"])
        gone = {(one["contestant_id"], one["subject"]) for one in found if one["rule"] == "RPT-003"}
        ours = {
            (cid, one["obligation"])
            for one in by_id.values()
            if one["obligation"].startswith("interim") and "submitted" in one["obligation"]
            for cid in one["missing"]
        }
        assert len(ours) == len({pair for pair in gone if pair[0] in registered})


# --- what is asked for ---


def test_due_holds_both_ends(run, register):
    folder = register(number=2)
    for day, days, there in (("2023-03-15", 0, True), ("2023-03-14", 1, True), ("2023-03-13", 1, False), ("2023-03-16", 3, False)):
        _, out, _ = run("due", folder, "--as-of", day, "--days", days, "--lang", "en")
        assert ("15 Mar 2023  interim report 1 Mar 2023 – 15 Mar 2023: submission" in out) is there, (day, days)
        assert UNKNOWN["en"] in out


def test_show_names_the_days_their_confidence_and_the_commission(run):
    status, out, _ = run("show", "--as-of", "2023-03-01", "--lang", "en")
    assert status == 0
    flat = " ".join(out.split())
    assert re.search(r"27 Mar 2023 Results established basis: [^()]+\(found\)", flat)
    assert "1 Apr 2023 final report: publication · commission · RPT-004" in flat
    assert flat.index("DAY NOT KNOWN Results published") < flat.index("EVENTS")
    _, out, _ = run("show", "--as-of", "2023-03-01", "--lang", "en", "--set", "results_published=2023-03-29")
    assert "DAY NOT KNOWN" not in out
    assert "1 Apr 2023  final report: submission · contestant · RPT-001, RPT-002" in out


def test_days_are_counted_as_the_parameter_says(run):
    _, out, _ = run("show", "--as-of", "2023-03-01", "--lang", "en", "--set", "day_counting=working")
    assert "3 Apr 2023  final report: publication" in out


def test_what_cannot_be_told_is_exit_2(run, tmp_path, register):
    assert run("status", "--as-of", "2023-03-01")[0] == 2
    (register() / "filings.csv").unlink()
    status, out, err = run("status", tmp_path, "--as-of", "2023-03-01", "--lang", "en")
    assert (status, out) == (2, "")
    assert "there is no table filings" in err
    assert run("show", "--set", "no_such=2023-03-01")[0] == 2


def test_one_file_brings_the_other_beside_it(run, register):
    folder = register(number=5)
    assert len(told(run, folder / "filings.csv", "2023-03-01")[0]["registered"]) == 5
    assert len(told(run, folder / "contestants.csv", "2023-03-01")[0]["registered"]) == 5


def test_one_contestant_only(run, register):
    made, _ = told(run, register(number=5), "2023-03-01", "--contestant", "C-002")
    assert made["registered"] == ["C-002"]


# --- the calendar file ---


def parsed(data):
    """The components of an iCalendar file, read line by line as RFC 5545 says."""
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    unfolded = data.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]
    assert (unfolded[0], unfolded[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    components, current = [], None
    for line in unfolded[1:-1]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            assert current is None
            current = {"kind": value}
        elif name == "END":
            assert current["kind"] == value
            components.append(current)
            current = None
        elif current is not None:
            assert name not in current
            current[name] = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
    return components


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_the_calendar_file_read_back(run, tmp_path, lang):
    out = tmp_path / "election.ics"
    assert run("show", "--as-of", "2023-03-01", "--lang", lang, "--ics", out)[0] == 0
    made = parsed(out.read_bytes())
    assert len({one["UID"] for one in made}) == len(made)
    assert {one["DTSTAMP"] for one in made} == {"20230301T000000Z"}
    known = calendar(BOOK, date(2023, 3, 1), lang)
    days = sorted([event.day for event in known.events if event.day] + [one.due for one in known.obligations if one.due])
    events = [one for one in made if one["kind"] == "VEVENT"]
    assert sorted(date.fromisoformat(one["DTSTART;VALUE=DATE"]) for one in events) == days
    assert all(
        date.fromisoformat(one["DTEND;VALUE=DATE"]) - date.fromisoformat(one["DTSTART;VALUE=DATE"]) == timedelta(1) for one in events
    )
    (unknown,) = [one for one in made if one["kind"] == "VTODO"]
    assert "--set results_published=" in unknown["DESCRIPTION"]
    assert "DTSTART;VALUE=DATE" not in unknown


def test_an_entry_keeps_its_uid_when_its_day_and_language_change():
    def uids(book, day, lang):
        return {one["UID"] for one in parsed(as_ics(calendar(book, day, lang), load(lang)))}

    before = uids(BOOK, date(2023, 3, 1), "en")
    assert before == uids(BOOK, date(2023, 3, 2), "kk")
    settled = BOOK.with_overrides({"results_published": "2023-03-29"})
    assert uids(settled, date(2023, 3, 1), "en") - before == {"kz-majilis-2023-final-submitted@campaign-finance-auditor"}


def test_an_entry_of_the_last_day_that_there_is_has_no_day_after_it():
    (one,) = parsed(as_ics(replace(calendar(BOOK, date(2023, 3, 1), "en"), events=[], obligations=[last_day()]), load("en")))
    assert one["DTSTART;VALUE=DATE"] == "99991231" and "DTEND;VALUE=DATE" not in one


def last_day():
    some = next(one for one in calendar(BOOK, date(2023, 3, 1), "en").obligations if one.due)
    return replace(some, due=date.max)


@settings(max_examples=300)
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_a_folded_line_unfolds_to_itself(text):
    data = folded_lines(text).encode("utf-8")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    for line in data.split(b"\r\n"):
        line.decode("utf-8")  # no letter is cut in two
    assert data.replace(b"\r\n ", b"").decode("utf-8") == text + "\r\n"


def test_a_day_until_which_a_report_is_received_is_due_without_a_rule_about_missing_ones():
    law = BOOK.with_overrides({"results_published": "2023-03-29"})

    def submitted(book):
        return [
            (one.id, one.rules, one.due)
            for one in calendar(book, date(2023, 4, 15), "en").obligations
            if one.duty == "submitted" and one.report == "final"
        ]

    late_alone = replace(law, rules=tuple(rule for rule in law.rules if rule.id != "RPT-002"))
    neither = replace(law, rules=tuple(rule for rule in late_alone.rules if rule.id != "RPT-001"))
    ((name, rules, due),) = submitted(law)
    assert rules == ["RPT-001", "RPT-002"]
    assert submitted(late_alone) == [(name, ["RPT-001"], due)]
    assert submitted(neither) == []


def test_of_whom_nobody_can_tell_is_unclear_and_not_missing_as_in_a_check(run, register):
    """No status in the register; a row of `filings` that cannot be read and may be the report, or may not."""
    people = [(f"C-{n}", "2023-02-14", "" if n == 1 else "registered", "") for n in (1, 2, 3, 4)]
    filed = [
        ("C-2", "interim", "2023-02-18", "2O23-02-28", "2023-03-01", ""),
        ("C-3", "final", "2023-02-18", "2O23-02-28", "2023-03-01", ""),
    ]
    folder = register(filed, contestants=people)
    _, by_id = told(run, folder, "2023-03-05")
    one = by_id["interim-1-submitted"]
    assert (one["missing"], one["unclear"]) == (["C-3", "C-4"], ["C-1", "C-2"])
    _, by_id = told(run, folder, "2023-04-20", "--set", "results_published=2023-03-29")
    one = by_id["final-submitted"]
    assert (one["missing"], one["unclear"]) == (["C-2", "C-4"], ["C-1", "C-3"])


def test_in_a_register_without_the_column_status_everybody_is_registered(run, register):
    folder = register([first("C-1", "2023-02-27")], contestants=[(f"C-{n}", "2023-02-14", "registered", "") for n in (1, 2)])
    path = folder / "contestants.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(",".join(row[:4]) + "\n" for row in rows), encoding="utf-8")
    assert told(run, folder, "2023-03-05")[1]["interim-1-submitted"]["missing"] == ["C-2"]
