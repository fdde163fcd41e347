"""The charts of a fund: as long as the amounts, a mark for what is over a limit, nothing of a filing alive, every figure in words."""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
import zlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from auditor.model.audit import AppliedRulebook, Audit
from auditor.model.contestant import Contestant, Flows, Movement, Total
from auditor.model.finding import Finding, Outcome, Severity
from auditor.render import charts as module
from auditor.render import drawing, html, pdf, timeline
from auditor.render.charts import charts
from auditor.render.drawing import EDGE, INK, NAVY, PAPER, RED
from auditor.render.shown import Shown
from auditor.render.stationery import FONTS
from auditor.resources import folder
from auditor.wording import LANGUAGES, load

SVG = "{http://www.w3.org/2000/svg}"
START = date(2023, 2, 18)
LIMIT = Decimal("1000.00")


def shown(lang: str = "en") -> Shown:
    return Shown(load(lang), "KZT")


def total(
    measured: str, limit: Decimal = LIMIT, *, rule: str = "EXP-001", of: str | None = "spending", title: str = "Spending limit"
) -> Total:
    return Total(rule, Decimal(measured), limit, of, title)


def days(*moved: tuple[int, str, str]) -> tuple[Movement, ...]:
    return tuple(Movement(START + timedelta(days=number), Decimal(received), Decimal(spent)) for number, received, spent in moved)


FULL = Flows(
    receipts=(("individual", Decimal("600.00")), ("own_funds", Decimal("300.00")), (None, Decimal("100.00"))),
    spending=(("television", Decimal("900.00")), ("staff", Decimal("300.00"))),
    returned=Decimal("50.00"),
    to_budget=Decimal("25.00"),
    movements=days((0, "300", "0"), (3, "700", "800"), (9, "0", "500"), (10, "0", "-100")),
)


def fund(flows: Flows | None = FULL, *totals: Total, **changed: object) -> Contestant:
    given = {
        "contestant_id": "SM-1",
        "name": "Әділ",
        "contest": None,
        "district": None,
        "commission": None,
        "books": ("R",),
        "superseded": (),
    }
    spent = sum((day.spent for day in flows.movements), Decimal(0)) if flows is not None else Decimal("1200.00")
    return Contestant(**{**given, **changed}, totals=totals or (total(str(spent)),), flows=flows)  # type: ignore[arg-type]


def parsed(svg: str) -> ElementTree.Element:
    """The drawing as XML; parsing fails where it is not well-formed."""
    return ElementTree.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def rects(svg: str, fill: str) -> list[tuple[Decimal, Decimal]]:
    """Left edge and width of every box of a colour, in the order in which they are drawn."""
    return [(Decimal(r.get("x")), Decimal(r.get("width"))) for r in parsed(svg).iter(f"{SVG}rect") if r.get("fill") == fill]


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in parsed(svg).iter(f"{SVG}text")]


def title(svg: str) -> str:
    said = parsed(svg).find(f"{SVG}title")
    assert said is not None and said.text
    return said.text.replace("\u202f", " ")


def made(contestant: Contestant, lang: str = "en", undetermined: tuple[str, ...] = ()) -> list[str]:
    return [chart.drawing for chart in charts(contestant, undetermined, shown(lang))]


# --- sums against their limits ---


def test_a_bar_is_as_long_as_its_share_of_the_limit_and_the_limit_stands_at_the_limit():
    limits = made(fund(FULL, total("500.00"), total("250.00", rule="FND-003", of=None), total("1000.00", rule="FND-004", of=None)))[0]
    widths = [width for _, width in rects(limits, NAVY)]
    assert widths == [widths[2] / 2, widths[2] / 4, widths[2]]
    strokes = [p.get("d") for p in parsed(limits).iter(f"{SVG}path") if p.get("stroke") == INK]
    assert [Decimal(re.match(r"M([0-9.]+),", d)[1]) for d in strokes] == [widths[2]] * 3  # type: ignore[index,arg-type]
    assert not rects(limits, RED) and "▲" not in "".join(texts(limits))


def test_what_is_over_is_red_hatched_begins_at_the_limit_and_has_a_sign():
    limits = made(fund(FULL, total("1200.00")))[0]
    ((_, kept),), ((start, over),) = rects(limits, NAVY), rects(limits, RED)
    assert start == kept and abs(over / kept - Decimal("0.2")) < Decimal("0.001")
    assert any(p.get("stroke") == PAPER for p in parsed(limits).iter(f"{SVG}path"))
    assert "▲ 120.0\u202f%" in texts(limits) and "over the limit" in title(limits)


@pytest.mark.parametrize(("measured", "sign"), [("1000.00", False), ("1000.01", True), ("999.99", False)])
def test_exactly_the_limit_is_not_over_it(measured: str, sign: bool) -> None:
    limits = made(fund(FULL, total(measured)))[0]
    assert ("▲" in "".join(texts(limits))) == sign == ("over the limit" in title(limits))


def test_far_over_ends_in_an_arrow_within_the_drawing():
    limits = made(fund(FULL, total("99999.00")))[0]
    assert sum(" Z" in (p.get("d") or "") for p in parsed(limits).iter(f"{SVG}path")) == 1
    assert all(left + width <= module.WIDTH for left, width in [*rects(limits, RED), *rects(limits, NAVY)])


def test_what_nobody_can_tell_is_not_shown_as_kept():
    limits = made(fund(FULL, total("500.00")), undetermined=("EXP-001",))[0]
    assert "undetermined · 50.0\u202f%" in texts(limits) and "undetermined, 50.0 %" in title(limits)


def test_a_sum_of_nothing_is_left_out_but_not_spending():
    limits = made(fund(FULL, total("0.00", rule="SUB-001", of=None, title="Subsidy"), total("0.00")))[0]
    assert "Spending limit" in texts(limits) and "Subsidy" not in texts(limits)


# --- receipts and spending ---


@pytest.mark.parametrize("chart", [2, 3])
def test_bars_are_proportional_to_the_amounts(chart: int) -> None:
    amounts = [amount for _, amount in (FULL.receipts if chart == 2 else FULL.spending)]
    widths = [width for _, width in rects(made(fund())[chart], NAVY)]
    assert [round(width / widths[0], 2) for width in widths] == [round(amount / amounts[0], 2) for amount in amounts]


def test_what_was_returned_is_white_and_has_no_share():
    receipts = made(fund())[2]
    assert len(rects(receipts, PAPER)) == 2
    assert [said for said in texts(receipts) if "%" in said] == ["60.0\u202f%", "30.0\u202f%", "10.0\u202f%"]
    assert "Receipts by source: 1 000.00" in title(receipts) and "returned to donors 50.00;" in title(receipts)


def test_a_category_that_was_all_paid_back_has_no_bar_and_no_share():
    spending = made(fund(Flows(spending=(("radio", Decimal("10.00")), ("staff", Decimal("-4.00"))))))[1]
    assert [width > 0 for _, width in rects(spending, NAVY)] == [True, False]
    assert "staff −4.00" in title(spending) and "staff −4.00 (" not in title(spending)


def test_many_categories_are_drawn_as_few_and_all_are_said():
    spending = Flows(spending=tuple((f"code{n}", Decimal(100 - n)) for n in range(20)))
    (_, drawn) = made(fund(spending))
    assert len(rects(drawn, NAVY)) == module.ROWS - 1 and len(rects(drawn, EDGE)) == 1 and "13 more" in texts(drawn)
    assert all(f"code{n} " in title(drawn) for n in range(20))
    rest = sum(Decimal(100 - n) for n in range(7, 20))
    assert f"{rest}.00" in [said.replace("\u202f", "") for said in texts(drawn)]


# --- day by day ---


def ends(path: str) -> list[Decimal]:
    return [Decimal(y) for y in re.findall(r"V([0-9.]+)", path)]


def test_the_curves_rise_by_what_was_moved_and_the_limit_lies_at_its_sum():
    over_time = made(fund())[1]
    paths = {
        p.get("stroke"): p.get("d") or ""
        for p in parsed(over_time).iter(f"{SVG}path")
        if p.get("fill") == "none" and "V" in (p.get("d") or "")
    }
    floor = timeline.FLOOR
    spent = [floor - y for y in ends(paths[NAVY])]
    assert [round(height / spent[2] * 1300) for height in spent] == [0, 800, 1300, 1200]
    received = [floor - y for y in ends(paths[drawing.GREY])]
    assert [round(height / spent[2] * 1300) for height in received] == [300, 1000]
    (limit,) = [p.get("d") for p in parsed(over_time).iter(f"{SVG}path") if p.get("stroke-width") == "1.2"]
    assert round((floor - Decimal(re.search(",([0-9.]+) H", limit)[1])) / spent[2] * 1300) == 1000  # type: ignore[index,arg-type]


def test_the_first_day_over_the_limit_is_marked_and_hatched():
    over_time = made(fund())[1]
    assert any("▲ 27 Feb 2023" in said for said in texts(over_time))
    assert "first over the limit on 27 Feb 2023" in title(over_time)
    column = (module.WIDTH - timeline.LEFT) / 11
    assert [round((left - timeline.LEFT) / column) for left, _ in rects(over_time, RED)] == [9, 10]


def test_a_day_that_ended_at_the_limit_is_not_over_it():
    over_time = made(fund(Flows(movements=days((0, "0", "1000"), (1, "5", "0")))))[1]
    assert not rects(over_time, RED) and "▲" not in "".join(texts(over_time))


def test_the_limit_of_a_rule_that_counts_other_lines_is_none_of_the_curve():
    """A rulebook may leave lines out of the sum that it limits: what is drawn as over the limit would be kept."""
    over_time = made(fund(FULL, total("900.00")))[1]
    assert not rects(over_time, RED) and "▲" not in "".join(texts(over_time)) and "limit" not in title(over_time)


def test_one_day_is_no_course_of_things():
    assert len(made(fund(Flows(movements=days((0, "5", "5")))))) + 1 == len(made(fund(Flows(movements=days((0, "5", "5"), (1, "5", "5"))))))


@pytest.mark.parametrize(("received", "drawn"), [("250", True), ("249", False)])
def test_a_limit_more_than_four_times_as_high_is_named_and_not_drawn(received: str, drawn: bool) -> None:
    over_time = made(fund(Flows(movements=days((0, received, "5"), (4, "0", "5")))))[1]
    assert f"{'' if drawn else '↑ '}spending limit 1\u202f000.00" in texts(over_time)
    assert len([p for p in parsed(over_time).iter(f"{SVG}path") if p.get("stroke-width") == "1.2"]) == drawn


def test_a_line_of_another_century_does_not_press_the_campaign_flat():
    moved = (
        Movement(date(1923, 2, 18), Decimal(1), Decimal(1)),
        *days((0, "1", "1"), (20, "1", "1")),
        Movement(date(9999, 12, 31), Decimal(1), Decimal(1)),
    )
    sums = timeline.Sums(moved)
    assert len(sums.spent) <= 2 * 183 + 1 and (sums.received[0], sums.received[-1]) == (1, 4)
    said = texts(made(fund(Flows(movements=moved)))[1])
    assert any(each.startswith("≤ ") for each in said) and any(each.startswith("≥ ") for each in said)


# --- all of them ---


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_drawing_says_its_figures_in_the_language_of_the_report(lang: str) -> None:
    words = load(lang)
    drawn = charts(fund(), (), shown(lang))
    assert len(drawn) == 4
    for chart, amounts in zip(
        drawn, (["1200.00", "1000.00"], ["1000.00", "1200.00"], ["600.00", "50.00"], ["900.00", "300.00"]), strict=True
    ):
        said, root = title(chart.drawing), parsed(chart.drawing)
        assert said.startswith("Әділ. ") and chart.caption.replace("\u202f", " ") in said
        assert all(words.money(Decimal(amount)).replace("\u202f", " ") in said for amount in amounts)
        assert root.get("role") == "img" and "Inter" in root.get("font-family", "")
        assert len(root.findtext(f"{SVG}desc") or "") > 20
    assert words("charts.source_individual") in texts(drawn[2].drawing)
    assert words("charts.not_stated") in texts(drawn[2].drawing)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_beside_bars_fit_without_being_cut(lang: str) -> None:
    words = load(lang)
    from auditor.rulebook.load import load as rulebook

    vocabulary = rulebook("kz/majilis-2023").vocabulary
    groups = {"source": [*vocabulary.counterparty_type, "own_funds", *vocabulary.funding_source], "category": vocabulary.category}
    told = [words(f"charts.{group}_{code}") for group, codes in groups.items() for code in codes if code != "contestant"]
    for said in [*told, *(words(f"charts.{key}") for key in ("returned", "to_budget", "not_stated"))]:
        assert "…" not in drawing.label(0, 0, said, module._SIZE, module._LABEL - 3), said


def test_the_same_figures_give_the_same_bytes():
    assert made(fund()) == made(fund())


@pytest.mark.parametrize("flows", [None, Flows(), Flows(unread=3)])
def test_without_money_there_is_no_chart_but_that_of_the_limits(flows: Flows | None) -> None:
    assert len(made(fund(flows))) == (flows is not None)
    assert made(Contestant("X", None, None, None, None, (), (), (), flows)) == []


def test_a_hostile_name_code_or_title_is_text():
    bad = "<script>alert('x')</script>&\"]]>\u202e900101300017"
    flows = Flows(receipts=((bad, Decimal(5)),), spending=((bad, Decimal(5)),), movements=days((0, "5", "5")))
    for svg in made(fund(flows, total("5", title=bad), name=bad)):
        parsed(svg)
        assert "<script" not in svg and "900101300017" not in svg and "\u202e" not in svg


def test_huge_and_tiny_amounts_stay_inside():
    huge = Decimal("9" * 24 + ".99")
    flows = Flows(
        receipts=(("individual", huge),), spending=(("radio", Decimal("0.01")),), movements=(Movement(START, huge, Decimal("0.01")),)
    )
    for svg in made(fund(flows, total(str(huge), huge))):
        box = [Decimal(n) for n in parsed(svg).get("viewBox", "").split()]
        for each in parsed(svg).iter(f"{SVG}text"):
            wide = drawing.width_of(each.text or "", Decimal(each.get("font-size", "0")))
            left = Decimal(each.get("x", "0")) - (wide if each.get("text-anchor") else 0)
            assert left >= -1 and left + wide <= box[2] + 1 and 0 < Decimal(each.get("y", "0")) <= box[3]


def test_a_cut_label_keeps_the_whole_text_and_a_number_is_never_cut():
    cut = drawing.label(0, 0, "Ұ" * 80, 6, Decimal(90))
    assert f"<title>{'Ұ' * 80}</title>" in cut and 80 < cut.count("Ұ") < 105 and cut.count("…") == 1
    assert "1" * 80 in drawing.figure(0, 0, "1" * 80, 6, Decimal(20))


def test_no_letter_is_wider_than_it_is_taken_to_be():
    fonts = pytest.importorskip("fontTools.ttLib")
    for name in FONTS[:2]:
        font = fonts.TTFont(folder("reports") / "fonts" / name)
        advances, units = font["hmtx"], font["head"].unitsPerEm
        wider = {chr(code) for code, glyph in font.getBestCmap().items() if advances[glyph][0] / units > drawing.width_of(chr(code), 1)}
        assert not wider


# --- in the report ---


def audit(*contestants: Contestant, findings: tuple[Finding, ...] = (), lang: str = "en") -> Audit:
    rulebook = AppliedRulebook("e", "Election", "1", "ab" * 32)
    return Audit("e", START, lang, "KZT", rulebook, (), {}, 0, contestants, (), findings, ())


def report(*contestants: Contestant, findings: tuple[Finding, ...] = ()) -> str:
    return html.page(audit(*contestants, findings=findings), load("en"))


def finding(contestant_id: str) -> Finding:
    return Finding(
        "k",
        "EXP-001",
        Outcome.BREACH,
        Severity.MAJOR,
        False,
        "contestant",
        contestant_id,
        None,
        None,
        None,
        None,
        (),
        None,
        "t",
        "c",
        "m",
        "a",
        (),
    )


def test_a_report_of_one_contestant_has_its_charts_before_the_findings_one_of_several_after_them():
    one, two = fund(), fund(contestant_id="SM-2")
    said = load("en")
    heading, heading_of_one = said("charts.heading"), said("charts.heading_one")
    alone, both = report(one), report(one, two)
    assert alone.index(heading_of_one) < alone.index('class="findings"') and both.index(heading) > both.index('class="findings"')
    assert both.count('class="fund"') == 2 and both.count('<svg class="chart"') == 8


@pytest.mark.skipif(bool(pdf.missing()), reason="WeasyPrint's libraries are not installed")
def test_in_a_pdf_every_drawing_is_a_figure_with_its_words_and_has_the_shipped_fonts_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        written = pdf.write(audit(fund(), lang="kk"), load("kk"))
    assert not caplog.records and written == pdf.write(audit(fund(), lang="kk"), load("kk"))
    inside = written + b"".join(
        zlib.decompressobj().decompress(each)
        for each in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", written, re.DOTALL)
        if each[:1] == b"x"
    )
    figures = re.findall(rb"/S /Figure", inside)
    assert len(figures) == len(re.findall(rb"/Alt <feff", inside)) == 5  # one bar of the summary, four charts
    if shutil.which("pdffonts"):
        (tmp_path / "charts.pdf").write_bytes(written)
        fonts = subprocess.run(["pdffonts", str(tmp_path / "charts.pdf")], check=True, capture_output=True, text=True).stdout.splitlines()[
            2:
        ]
        assert fonts and all("+Inter" in font for font in fonts)


def test_without_flows_a_report_has_no_charts():
    page = report(fund(None))
    assert "<svg" in page and 'class="charts"' not in page


def test_what_could_not_be_read_is_said_under_the_charts():
    assert "2 lines could not be read" in report(fund(Flows(unread=2, movements=days((0, "1", "1")))))


def test_of_very_many_contestants_those_with_findings_are_drawn_and_those_nearest_to_a_limit():
    some = Flows(movements=days((0, "1", "1")))
    many = [fund(some, total(f"{number}.00"), contestant_id=f"SM-{number:03}") for number in range(1, 101)]
    page = report(*many, findings=(finding("SM-001"),))
    drawn = re.findall(r'<article class="fund">.*?(SM-[0-9]{3})', page, re.DOTALL)
    assert drawn == ["SM-001", *(f"SM-{number:03}" for number in range(42, 101))]
    assert "Charts of 60 of 100 contestants" in page


def test_colour_is_never_the_only_sign():
    """Dark and white strokes, a sign and a dashed line tell apart what colours tell apart."""
    over_time = made(fund())[1]
    dashed = [p for p in parsed(over_time).iter(f"{SVG}path") if p.get("stroke-dasharray")]
    assert len(dashed) == 2 and {EDGE} >= {p.get("stroke") for p in parsed(over_time).iter(f"{SVG}path") if p.get("stroke-width") == "0.4"}
    assert any(p.get("stroke") == PAPER and p.get("stroke-width") == "1.1" for p in parsed(over_time).iter(f"{SVG}path"))


def test_the_bars_of_the_summary_are_as_large_as_their_column():
    """With a size of its own a bar lay over the amounts beside it."""
    from auditor.render import spending_scale

    drawn = str(spending_scale.bar(Decimal("0.5"), Decimal("1.1"), "x"))
    assert re.match(r'<svg class="bar" viewBox="0 0 240 20" role="img"', drawn)
