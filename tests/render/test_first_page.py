"""What the first page and the lists of a report count, and how they call what is not determined."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from auditor.model.finding import Outcome, Severity
from auditor.normalise.scope import Scope
from auditor.render.html import page
from auditor.rulebook.load import load
from auditor.wording import load as words_of
from auditor.workflow import Request, audit

SAMPLE = Path(__file__).parents[2] / "sample_data" / "majilis-2023"
LAW = load("kz/majilis-2023")


def made_of(lang, *contestants):
    return audit(Request([str(SAMPLE)], date(2023, 4, 15), scope=Scope(contestants)), LAW, words_of(lang))


def text_of(made, lang):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", "", page(made, words_of(lang)), flags=re.S)))


@pytest.fixture(scope="module")
def whole():
    made = made_of("en")
    return made, text_of(made, "en")


def test_the_breaches_by_weight_are_all_breaches(whole):
    made, shown = whole
    told = re.search(r"Critical: (\d+); major: (\d+); minor: (\d+); put right since: (\d+)\.", shown)
    *weights, remedied = map(int, told.groups())
    breaches = [one for one in made.findings if one.outcome is Outcome.BREACH]
    assert weights == [sum(one.severity is severity for one in breaches) for severity in Severity]
    assert sum(weights) == len(breaches)
    assert remedied == sum(one.remedied for one in breaches)
    others = sum(one.respondent != "contestant" for one in breaches)
    assert f"not for the contestant: {others}." in shown
    assert shown.count("To answer: ") >= others  # in the list, and at each finding


def test_what_is_not_determined_is_not_called_a_breach_by_its_title(whole):
    made, shown = whole
    undetermined = [one for one in made.findings if one.outcome is Outcome.UNDETERMINED]
    assert undetermined
    for one in undetermined:
        assert f"Not determined: “{one.title}”" in shown
    assert shown.count("Not determined: “") == 2 * len(undetermined)  # in the list and above the finding


def test_findings_that_are_no_breaches_are_counted_apart(whole):
    made, _ = whole
    rows = re.findall(r'<tr[^>]*>\s*<td><span class="name">.*?</tr>', page(made, words_of("en")), flags=re.S)
    counted = [tuple(map(int, re.findall(r'<td class="figure">(\d+)</td>', row)[-2:])) for row in rows]
    expected = [
        (
            sum(f.contestant_id == one.contestant_id and f.outcome is Outcome.BREACH for f in made.findings),
            sum(f.contestant_id == one.contestant_id and f.outcome is not Outcome.BREACH for f in made.findings),
        )
        for one in made.contestants
    ]
    assert counted == expected


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "Apply to nobody here: 6."), ("ru", "Ни к кому здесь не относятся: 6."), ("kk", "Мұнда ешкімге қолданылмайды: 6.")],
)
def test_rules_that_apply_to_nobody_are_not_called_assessed(lang, said):
    made = made_of(lang, "SM-06-03")
    assert sum(one.subjects == 0 for one in made.coverage) - sum(one.reason is not None for one in made.coverage) == 6
    shown = text_of(made, lang)
    assert said in shown
    assert "SM-06-03 · " in page(made, words_of(lang)).partition('data-foot="')[2][:20]


def test_the_first_page_of_one_contestant_counts_the_lines_of_that_one(whole):
    made, shown = whole
    assert f"{made.rows:,} rows of reports".replace(",", " ") in shown
    alone = audit(Request([str(SAMPLE)], date(2023, 4, 15), scope=Scope(("SM-02-01",)), for_report=True), LAW, words_of("en"))
    with (SAMPLE / "reports.csv").open(encoding="utf-8") as filed:
        lines = sum(line["report_id"] in alone.contestants[0].books for line in csv.DictReader(filed))
    assert f" {lines} rows of reports" in text_of(alone, "en") and 1 < lines < made.rows


def test_a_report_to_print_has_lines_to_sign_and_a_page_has_none(whole):
    made, shown = whole
    assert "Audited by" in shown and "Name and office · signature · date" in shown
    assert "Audited by" not in page(made, words_of("en"), on_screen=True)
