"""Of one file of several of a table that lacks a required column nothing is known: no rule that goes by the table is silent about it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli.main import cli

SAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "majilis-2023"
TABLES = {"price_lists": ("vendor_id", ("EXP-005", "EXP-006")), "candidates": ("candidate_id", ("REG",)), "statement": ("date", ("BNK",))}


def told(folder, rules):
    """The findings, by rule and contestant, and those of whom the rule says that it does not know all."""
    options = [word for rule in rules for word in ("--select", rule)]
    run = CliRunner().invoke(cli, ["check", str(folder), "--as-of", "2023-06-01", "--format", "json", "--fail-on", "never", *options])
    assert run.exit_code == 0, run.output
    answer = json.loads(run.stdout)
    doubted = {
        (cover["rule"], one["contestant_id"])
        for cover in answer["coverage"]
        for reasons in ("not_assessed_for", "partly_not_assessed_for", "unread_for")
        for one in cover[reasons]
    }
    return {(one["rule"], one["contestant_id"]) for one in answer["findings"]}, doubted, answer


@pytest.mark.parametrize("table", TABLES)
def test_what_a_file_that_was_set_aside_may_have_told_is_found_or_said_to_be_unknown(table, tmp_path):
    column, rules = TABLES[table]
    shutil.copytree(SAMPLE, tmp_path / "in", ignore=shutil.ignore_patterns("expected", "*.py", "*.md"))
    before, _, _ = told(tmp_path / "in", rules)
    heading, *lines = (tmp_path / "in" / f"{table}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    other = tmp_path / "in" / "other"
    other.mkdir()
    hung = set()
    for at in range(0, len(lines), max(1, len(lines) // 8)):
        part = lines[at : at + max(1, len(lines) // 8)]
        rest = [line for line in lines if line not in part]
        (tmp_path / "in" / f"{table}.csv").write_text(heading + "".join(rest), encoding="utf-8")
        (other / f"{table}.csv").write_text(heading.replace(column, "x", 1) + "".join(part), encoding="utf-8")
        after, doubted, answer = told(tmp_path / "in", rules)
        assert [one["code"] for one in answer["problems"]].count("INP-014") == 1
        hung |= before ^ after
        assert {one for one in before - after if one not in doubted and one[1] is not None} == set()
        # What is found now, and was not before, may follow from the records that are missing.
        assert {one for one in after - before if one not in doubted and one[1] is not None} == set()
    assert hung  # some findings did hang on those records
