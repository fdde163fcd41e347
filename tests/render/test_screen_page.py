"""The HTML report: one file that asks nothing of a network, runs nothing, and holds what the PDF holds."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import hostile
import pytest
from test_hostile import everywhere
from test_pdf import audit, breach, finding, line

from auditor.render.attachments import attachments
from auditor.render.html import page
from auditor.render.screen_page import POLICY, as_html
from auditor.render.style import load as load_style
from auditor.wording import LANGUAGES, load

EXAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "style-example"
VOID = {"meta", "img", "br", "col", "link"}


class Seen(HTMLParser):
    """Elements with their attributes in order, those open around each table, and the texts of styles."""

    def __init__(self, made: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.around: list[list[str]] = []
        self.styles: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(made)
        self.close()
        assert not self._open, "an element is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.elements.append((tag, told))
        if tag == "table":
            self.around.append([kind for _, kind in self._open])
        if tag not in VOID and not (self._open and any(each == "svg" for each, _ in self._open) and tag != "svg"):
            self._open.append((tag, told.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self.styles.append(data)


def of_kind(seen: Seen, tag: str) -> list[dict[str, str]]:
    return [told for each, told in seen.elements if each == tag]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_is_inside_and_nothing_runs(lang: str) -> None:
    made = as_html(audit(breach(), lang=lang), load(lang), style=load_style(EXAMPLE, lang))
    seen = Seen(made)
    (policy,) = [told["content"] for told in of_kind(seen, "meta") if told.get("http-equiv") == "Content-Security-Policy"]
    assert policy == POLICY == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    assert [tag for tag, _ in seen.elements].index("meta") < [tag for tag, _ in seen.elements].index("style")
    assert not of_kind(seen, "script") and not of_kind(seen, "link")
    for tag, told in seen.elements:
        assert not [name for name in told if name.startswith("on") or name == "style"], tag
        for name in ("src", "href"):
            assert told.get(name, "#").startswith(("#", "data:")), told
    styles = re.sub(r"/\*.*?\*/", "", "".join(seen.styles), flags=re.DOTALL)
    assert "asset:" not in re.sub(r"/\*.*?\*/", "", made, flags=re.DOTALL) and "@import" not in styles
    assert all(address.startswith("data:") for address in re.findall(r"url\(([^)]*)\)", styles))
    assert styles.count("data:font/ttf") == 3 and of_kind(seen, "img")[0]["src"].startswith("data:image/svg+xml;base64,")
    assert of_kind(seen, "html")[0]["lang"] == lang and any(told.get("name") == "viewport" for told in of_kind(seen, "meta"))


def test_each_table_has_a_box_of_its_own_to_be_moved_in() -> None:
    several = [replace(breach(), key=str(number)) for number in range(7)]
    seen = Seen(as_html(audit(*several), load("en")))
    assert len(seen.around) >= 9 and all(around[-1] == "scroll" for around in seen.around)
    boxes = [told for told in of_kind(seen, "div") if told.get("class") == "scroll"]
    assert all(told["role"] == "region" and told["tabindex"] == "0" and told["aria-label"] for told in boxes)


def test_the_attachments_of_the_pdf_can_be_kept_from_the_page() -> None:
    given = audit(breach())
    seen = Seen(as_html(given, load("en")))
    kept = {told["download"]: told["href"] for told in of_kind(seen, "a") if "download" in told}
    assert {name: base64.b64decode(address.partition("base64,")[2]) for name, address in kept.items()} == {
        one.name: one.content for one in attachments(given, load("en"))
    }


def test_no_page_has_a_number_on_a_screen() -> None:
    several = [replace(breach(), key=str(number)) for number in range(7)]
    made = as_html(audit(*several), load("en"))
    assert '<a href="#F-007" title="F-007">F-007</a>' in made and ">Page</th>" not in made
    assert ">Page</th>" in page(audit(*several), load("en"))


def test_a_hostile_name_adds_no_element() -> None:
    plain = {(tag, *told) for tag, told in Seen(as_html(audit(finding([line(12, "1", name="A")])), load("kk"))).elements}
    markup = (
        "".join(hostile.name(case, 9)[:120] for case in hostile.NAMES) + "<table></table></style><script>1</script><!--unknown--></head>"
    )
    given = audit(finding([line(12, "1", name=markup)], message=markup, title=markup))
    assert {(tag, *told) for tag, told in Seen(as_html(given, load("kk"))).elements} <= plain
    assert not of_kind(Seen(as_html(everywhere(9), load("kk"))), "script")
