"""A column that nobody reads is said, with the column that it may be: what a rule lacks may stand there under another name."""

from datetime import date

import polars as pl
import pytest

from auditor import wording
from auditor.read import delimited
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

LAW = load("kz/majilis-2023")
HEADING = ["contestant_id", "contest", "date", "kind", "amount", "ИИН / БИН плательщика", "Ф.И.О. донора", "№ п/п", "counterparty_nam"]
LINE = ["SM-1", "single_mandate", "2023-03-01", "donation", "5000", "000101300017", "Пётр", "1", "Пётр"]


def notes(path, lang="ru", **stated):
    (one,) = audit(Request([str(path)], date(2023, 4, 15), **stated), LAW, wording.load(lang)).inputs
    return list(one.notes)


def as_text(*lines):
    return "\n".join(",".join(line) for line in lines) + "\n"


@pytest.mark.parametrize(("suffix", "streamed"), [(".csv", False), (".csv", True), (".xlsx", False), (".parquet", False)])
def test_unknown_headings_are_named_with_what_they_may_be(tmp_path, monkeypatch, suffix, streamed):
    path = tmp_path / f"reports{suffix}"
    monkeypatch.setattr(delimited, "STREAM_FROM_BYTES", 1 if streamed else 10**9)
    if suffix == ".csv":
        path.write_text(as_text(HEADING, LINE), encoding="utf-8")
    else:
        frame = pl.DataFrame([LINE], schema=HEADING, orient="row")
        frame.write_excel(path, "reports") if suffix == ".xlsx" else frame.write_parquet(path)
    (note,) = notes(path)
    assert "«ИИН / БИН плательщика» (возможно, counterparty_id)" in note
    assert "«counterparty_nam» (возможно, counterparty_name)" in note
    assert "«№ п/п»" in note
    assert "«№ п/п» (" not in note
    assert "«Ф.И.О. донора»" in note


def test_a_column_that_is_there_is_not_offered_again(tmp_path):
    heading = [*HEADING[:5], "ИИН", "ИИН донора"]
    (tmp_path / "reports.csv").write_text(as_text(heading, LINE[:7]), encoding="utf-8")
    (note,) = notes(tmp_path / "reports.csv", "en")
    assert "“ИИН донора”;" in note


def test_nothing_is_said_where_every_heading_is_known(tmp_path):
    (tmp_path / "reports.csv").write_text(as_text(HEADING[:5], LINE[:5]), encoding="utf-8")
    assert notes(tmp_path / "reports.csv") == []


def test_many_are_cut_short_and_a_long_one_too(tmp_path):
    more = ["Ж" * 500, *(f"столбец {n}" for n in range(30))]
    (tmp_path / "reports.csv").write_text(as_text([*HEADING[:5], *more], [*LINE[:5], *more]), encoding="utf-8")
    (note,) = notes(tmp_path / "reports.csv")
    assert "…; " in note
    assert len(note) < 600
