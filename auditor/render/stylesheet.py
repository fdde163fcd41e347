"""A commission's CSS, looked at before it is used: what would fetch something, bring a font, or have no effect is told with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tinycss2
from tinycss2 import color4

from auditor.wording import Refusal, refusal

EMBLEM_URL = "asset:emblem"
MOST_BYTES = 100_000
_FETCHING = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "element", "paint"})
_AT_RULES = frozenset({"page", "media"})
_WHY_NOT = {
    "import": "style.css_import",
    "font-face": "style.css_fonts",
}
_UNITS = frozenset({"pt", "mm", "cm", "in", "px", "pc", "q", "em", "rem"})
_SAME_FONT = ("inter", "inherit")
Fault = tuple[int, Refusal]


def properties(text: str) -> dict[str, list[Any]]:
    """The custom properties that a stylesheet sets, each with the tokens of its value."""
    return {one.name: one.value for one in _declarations(_rules(text)) if one.name.startswith("--")}


def used(text: str) -> set[str]:
    """The custom properties that a stylesheet asks for with var()."""
    return {name for name, _ in _asked_for(_rules(text))}


def faults(text: str, known: Mapping[str, list[Any]], *, emblem: bool) -> list[Fault]:
    """What is wrong with a commission's stylesheet: line and sentence, in order of lines; nothing where it can be used.

    `known` are the custom properties of the shipped style with their values, which tell what each has to be; `emblem` says whether
    there is an emblem that url() may mean.
    """
    if "</" in text:  # it stands within the HTML report, and would end the stylesheet there
        return [(text[: text.index("</")].count("\n") + 1, refusal("style.css_end"))]
    nodes = _rules(text)
    found: list[Fault] = []
    for node in nodes:
        if node.type == "at-rule" and node.lower_at_keyword not in _AT_RULES:
            why = refusal(_WHY_NOT.get(node.lower_at_keyword, "style.css_at_rules"))
            found.append((node.source_line, refusal("style.css_of", what=f"@{node.at_keyword}", said=why)))
    for token in _every(nodes):
        if token.type == "error":
            found.append((token.source_line, refusal("style.css_unread", error=token.message)))
        elif _fetches(token) and not (emblem and _address(token) == EMBLEM_URL):
            key = "style.css_address" if emblem else "style.css_address_of_emblem"
            found.append((token.source_line, refusal(key, what=_written(token), allowed=f"url({EMBLEM_URL})")))
    own = properties(text)
    asked = list(_asked_for(nodes))
    for one in _declarations(nodes):
        if one.name.startswith("--"):
            found += _custom(one, known, {name for name, _ in asked})
        elif one.lower_name == "font" or (one.lower_name == "font-family" and not _shipped_font(one.value)):
            found.append((one.source_line, refusal("style.css_font", what=one.name)))
    found += [(line, refusal("style.css_unset", name=name)) for name, line in asked if name not in known and name not in own]
    return sorted(set(found))


def _rules(text: str) -> list[Any]:
    return list(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))


def _declarations(nodes: Iterable[Any]) -> Iterator[Any]:
    """The declarations of all rules, those in @media and in the margin boxes of @page too."""
    for node in nodes:
        if node.type == "declaration":
            yield node
        elif node.type in ("qualified-rule", "at-rule") and node.content is not None:
            yield from _declarations(tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True))


def _every(nodes: Iterable[Any]) -> Iterator[Any]:
    """All tokens, however deep; and what a block holds that is no declaration, as an error."""
    for node in nodes:
        yield node
        for name in ("prelude", "content", "arguments", "value"):
            inside = getattr(node, name, None)
            if isinstance(inside, list):
                yield from _every(inside)
        if node.type in ("qualified-rule", "at-rule") and node.content is not None:
            parsed = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            yield from (each for each in parsed if each.type == "error")


def _asked_for(nodes: Iterable[Any]) -> Iterator[tuple[str, int]]:
    for token in _every(nodes):
        if token.type == "function" and token.lower_name == "var":
            name = next((each.value for each in token.arguments if each.type == "ident"), "")
            yield name, token.source_line


def _custom(one: Any, known: Mapping[str, list[Any]], asked: set[str]) -> Iterator[Fault]:
    if one.name not in known:
        if one.name not in asked:
            yield one.source_line, refusal("style.css_no_property", name=one.name)
    elif _kind(known[one.name]) not in (None, _kind(one.value)) and not _is_var(one.value):
        key = "style.css_colour" if _kind(known[one.name]) == "colour" else "style.css_length"
        yield one.source_line, refusal(key, name=one.name, value=repr(tinycss2.serialize(one.value).strip()[:60]))


def _kind(value: list[Any]) -> str | None:
    said = [token for token in value if token.type not in ("whitespace", "comment")]
    if len(said) != 1:
        return None
    if said[0].type == "dimension":
        return "length" if said[0].lower_unit in _UNITS and said[0].value > 0 else None
    return "colour" if color4.parse_color(said[0]) is not None else None


def _is_var(value: list[Any]) -> bool:
    said = [token for token in value if token.type not in ("whitespace", "comment")]
    return len(said) == 1 and said[0].type == "function" and said[0].lower_name == "var"


def _shipped_font(value: list[Any]) -> bool:
    said = [token for token in value if token.type not in ("whitespace", "comment")]
    return len(said) == 1 and said[0].type in ("ident", "string") and said[0].value.lower() in _SAME_FONT


def _fetches(token: Any) -> bool:
    return token.type == "url" or (token.type == "function" and token.lower_name in _FETCHING)


def _address(token: Any) -> str | None:
    if token.type == "url":
        return str(token.value)
    strings = [each.value for each in token.arguments if each.type == "string"]
    return str(strings[0]) if token.lower_name == "url" and len(strings) == 1 else None


def _written(token: Any) -> str:
    return str(tinycss2.serialize([token]))[:80]
