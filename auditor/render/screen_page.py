"""The report as one HTML file for a browser: everything in it, nothing asked of a network."""

from __future__ import annotations

from base64 import b64encode

from markupsafe import escape

from auditor.model.audit import Audit
from auditor.render import kinds
from auditor.render.attachments import attachments
from auditor.render.emblem import MEDIA
from auditor.render.stationery import FONTS, Enclosed
from auditor.render.style import Style, shipped
from auditor.render.stylesheet import EMBLEM_URL
from auditor.resources import folder
from auditor.wording import Words

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""What the browser may load for this page: what stands in it."""
_SCREEN = "screen.css"
_CHARSET = '<meta charset="utf-8">\n'


def as_html(audit: Audit, words: Words, kind: str = kinds.FINDINGS, style: Style | None = None) -> str:
    """The document with its styles, fonts, emblem and attachments inside. No script is in it, and its policy lets none run."""
    style = style or shipped(words.lang)
    given = attachments(audit, words) if kind in kinds.WITH_DATA else ()
    files = [Enclosed(one.name, one.description, one.sha256, _address(one.media, one.content)) for one in given]
    made = kinds.PAGES[kind](audit, words, style, files, on_screen=True)
    home = folder("reports") / "style"
    sheets = [(home / "report.css").read_text(encoding="utf-8"), *(one.text for one in style.sheets)]
    sheets.append((home / _SCREEN).read_text(encoding="utf-8"))
    addresses = {f"asset:{name}": _address("font/ttf", (folder("reports") / "fonts" / name).read_bytes()) for name in FONTS}
    if style.emblem is not None:
        addresses[EMBLEM_URL] = _address(MEDIA[style.emblem.kind], style.emblem.content)
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        + "".join(f"<style>\n{_resolved(sheet, addresses)}</style>\n" for sheet in sheets)
    )
    # Whatever a filing says is escaped: a "<" in the page is one of the templates.
    made = _with(made, _CHARSET, f"{_CHARSET}{head}")
    if style.emblem is not None:
        made = _with(made, f'src="{EMBLEM_URL}"', f'src="{addresses[EMBLEM_URL]}"')
    box = f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(words("report.table_label"))}">'
    return made.replace("<table", f"{box}<table").replace("</table>", "</table></div>")


def _with(page: str, place: str, text: str) -> str:
    """The page with the text in that one place; a template without it would lose the policy, or all styles, without a word."""
    if page.count(place) != 1:
        raise ValueError(f"the page has not one place {place!r}")
    return page.replace(place, text)


def _address(media: str, content: bytes) -> str:
    return f"data:{media};base64,{b64encode(content).decode()}"


def _resolved(sheet: str, addresses: dict[str, str]) -> str:
    for name, address in addresses.items():
        sheet = sheet.replace(f"url({name})", f"url({address})").replace(f'url("{name}")', f"url({address})")
    return sheet
