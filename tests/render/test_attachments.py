"""What a report carries: every row of evidence, the SQL of its rules, and their dates; nobody's whole id in any of it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from deep import one_language
from test_pdf import IIN, attached, audit, breach, finding, line, needs_pango

from auditor.cli.commands.rules import sql as sql_command
from auditor.model.audit import Audit
from auditor.model.coverage import Status
from auditor.model.finding import Crossing
from auditor.render import pdf
from auditor.render.attachments import EVIDENCE, FINDINGS, RULES, attachments
from auditor.render.evidence import COLUMNS
from auditor.rulebook.load import load as rulebook
from auditor.wording import LANGUAGES, load
from auditor.workflow import Request
from auditor.workflow import audit as audited

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "majilis-2023"


@pytest.fixture(scope="module")
def sample() -> Audit:
    return audited(Request([str(SAMPLE)], date(2023, 4, 15), for_report=True), rulebook("kz/majilis-2023"), load("en"))


def files(given: Audit, lang: str = "en") -> dict[str, str]:
    return {one.name: one.content.decode() for one in attachments(given, load(lang))}


def rows(told: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told)))


def test_every_row_of_every_finding_is_there_under_the_key_of_findings_json(sample: Audit) -> None:
    made = files(sample)
    found = json.loads(made[FINDINGS])["findings"]
    expected = [(one["key"], place["table"], place["file"], str(place["row"])) for one in found for place in one["rows"]]
    told = rows(made[EVIDENCE])
    assert [(row["finding"], row["table"], row["file"], row["row"]) for row in told] == expected
    assert len(told) > 200 and max(sum(row["finding"] == one["key"] for row in told) for one in found) > 20
    crossings = {(one["key"], str(one["crossing"]["row"])) for one in found if one["crossing"]}
    assert {(row["finding"], row["row"]) for row in told if row["crossing"] == "yes"} == crossings
    by_key = {finding["key"]: one for finding, one in zip(found, sample.findings, strict=True)}
    for row in told:
        said = next(each for each in by_key[row["finding"]].lines if (each.place.file, each.place.row) == (row["file"], int(row["row"])))
        assert row["amount"] == ("" if said.amount is None else f"{said.amount:.2f}")
        assert row["date"] == (said.date.isoformat() if said.date else "")


def test_rows_that_are_not_printed_are_attached() -> None:
    many = [line(number, str(number * 10_000)) for number in range(2, 302)]
    told = rows(files(audit(finding(many, crossing=Crossing(many[140].place, date(2023, 2, 20)))))[EVIDENCE])
    assert [row["row"] for row in told] == [str(number) for number in range(2, 302)]
    assert [row["row"] for row in told if row["crossing"]] == ["142"]


def test_no_cell_runs_as_a_formula_and_no_id_is_whole() -> None:
    hostile = [
        "=1+1", "+1", "-1", "@x", "\t=1", "a;=1", "a\n=1", f"of {IIN}", f"{IIN[:6]} {IIN[6:]}", f"=of {IIN}",
    ]  # fmt: skip
    given = audit(
        *(
            finding([replace(line(12, "1", name=one), kind=one, document=one, place=replace(line(12, "1").place, file=one, sheet=one))])
            for one in hostile
        )
    )
    told = files(given)[EVIDENCE]
    assert "900101" not in told and "••••••••0017" in told
    for row in rows(told):
        for name in ("counterparty_name", "kind", "document", "file", "sheet", "counterparty_id"):
            assert not re.search(r"(^|[;\t\r\n])[=+\-@\t\r]", row[name]), (name, row[name])
    assert list(rows(told)[0]) == list(COLUMNS)


def test_the_sql_is_that_of_the_command_for_every_rule_that_was_assessed(sample: Audit) -> None:
    from click.testing import CliRunner

    told = files(sample)[RULES]
    for rule in sample.coverage:
        heading = f"-- {rule.rule} {rule.title}\n"
        assert (heading in told) is (rule.status is Status.ASSESSED), rule.rule
        if rule.status is Status.ASSESSED and rule.sql:
            said = CliRunner().invoke(sql_command, [rule.rule], standalone_mode=False).output
            mine = re.sub("^(-- [a-z_]+ = .*\n)+", "", told.split(heading)[1])
            assert mine.startswith(said), rule.rule
    assert sum(bool(rule.sql) for rule in sample.coverage) > 30
    assert sum(rule.sql == "" for rule in sample.coverage) == told.count(load("en")("report.no_sql")) > 3


def test_the_parameters_are_those_in_force() -> None:
    law = rulebook("kz/majilis-2023").with_overrides({"donation_cap_individual": "1234567.00"})
    made = audited(Request([str(SAMPLE)], date(2023, 4, 15), select=["DON-001"], for_report=True), law, load("en"))
    told = files(made)[RULES]
    assert "-- donation_cap_individual = 1234567.00 (KZT)\n" in told.split("-- DON-001 ")[1]


def test_without_the_flows_of_a_report_no_sql_is_asked_for() -> None:
    assert files(audit(breach())).keys() == {FINDINGS, EVIDENCE}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_title_of_several_lines_stays_a_comment(lang: str) -> None:
    rule = replace(audit().coverage[0], title="a\nDROP TABLE books;\u2028x", sql="SELECT 1;")
    told = files(audit(coverage=[rule]), lang)[RULES]
    assert all(one.startswith("--") or one in ("", "SELECT 1;") for one in told.splitlines())


@needs_pango
@one_language
def test_the_pdf_carries_them_dated_and_described_in_its_language(lang: str) -> None:
    rule = replace(audit().coverage[0], sql="SELECT 1;")
    given = audit(breach(), coverage=[rule], lang=lang)
    made = pdf.write(given, load(lang))
    assert {name: content.decode() for name, content in attached(made).items()} == files(given, lang)
    with pikepdf.open(io.BytesIO(made)) as opened:
        told = {str(one.UF): one for one in opened.Root.AF}
        assert {name: str(one.AFRelationship) for name, one in told.items()} == {FINDINGS: "/Data", EVIDENCE: "/Data", RULES: "/Supplement"}
        media = {name: str(one.EF.F.Subtype) for name, one in told.items()}
        assert media == {FINDINGS: "/application/json", EVIDENCE: "/text/csv", RULES: "/application/sql"}
        for name, one in told.items():
            assert str(one.Desc) == load(lang)(f"report.attached_{ {FINDINGS: 'findings', EVIDENCE: 'evidence', RULES: 'rules'}[name] }")
            assert str(one.EF.F.Params.CreationDate).startswith("D:20230415") and str(one.EF.F.Params.ModDate).startswith("D:20230415")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_how_files_were_read_and_what_came_of_their_rows(sample: Audit, lang: str) -> None:
    from auditor.render import html

    words = load(lang)
    page = html.page(replace(sample, lang=lang), words).replace("&#34;", '"')
    one = sample.inputs[0]
    rows = words("report.input_rows", n=one.rows, count=words.count(one.rows))
    counts = {"read": one.read, "unread": one.unread, "left": len(one.left_out)}
    assert words("screen.account", rows=rows, **{name: words.count(count) for name, count in counts.items()}) in page
    assert f"{words('read.what_encoding')} utf-8" in page and f"({words('read.how_sure')})" in page
    assert words("read.what_decimal_mark") in page and words("read.value_ymd") in page
