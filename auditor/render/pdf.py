"""The report as a PDF: PDF/A-3a and PDF/UA-1 in one file, the same bytes each time. The only module that speaks
to WeasyPrint."""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from auditor.errors import AuditError, CannotRead, MissingLibrary, first_line
from auditor.model.audit import Audit
from auditor.render import kinds
from auditor.render.attachments import Attached, attachments
from auditor.render.emblem import MEDIA
from auditor.render.stationery import FONTS, Enclosed
from auditor.render.style import Style, shipped
from auditor.render.stylesheet import EMBLEM_URL
from auditor.resources import folder
from auditor.wording import Words, refusal

INSTALL = "apt-get install -y --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0"
# harfbuzz-subset is optional for WeasyPrint but not for us: without it files are slower to write and their bytes differ.
LIBRARIES = {
    "gobject-2.0": "libgobject-2.0.so.0",
    "pango-1.0": "libpango-1.0.so.0",
    "harfbuzz": "libharfbuzz.so.0",
    "harfbuzz-subset": "libharfbuzz-subset.so.0",
    "fontconfig": "libfontconfig.so.1",
    "pangoft2-1.0": "libpangoft2-1.0.so.0",
}

# The forms of numbers are kept elsewhere once they have been read, and are refused the second time.
_NOT_NEEDED = re.compile(r"^::(?:foot)?note-.*$|@counter-style [^{]*\{[^}]*\}", re.MULTILINE)

# WeasyPrint writes one variant; PDF/UA-1 needs its own mark, and PDF/A a description of that mark.
_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def write(audit: Audit, words: Words, kind: str = kinds.FINDINGS, style: Style | None = None) -> bytes:
    """A document of an audit as the bytes of a PDF, in the shipped style or in that of a commission."""
    style = style or shipped(words.lang)
    files = attachments(audit, words) if kind in kinds.WITH_DATA else ()
    page = kinds.PAGES[kind](audit, words, style, [Enclosed(one.name, one.description, one.sha256) for one in files])
    return typeset(page, style, files, audit.as_of)


def typeset(page: str, style: Style, attached: Sequence[Attached] = (), day: date | None = None) -> bytes:
    """A page of ours as a PDF, with files attached and their day where they are given."""
    require_libraries()
    with _no_system_fonts(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No fonts configured", UserWarning)  # that is the intent
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014.icc", ResourceWarning)  # WeasyPrint 70 leaves its colour profile open
        return _render(page, style, attached, day)


def require_drawable(style: Style) -> None:
    """Raise CannotRead, naming the file, where WeasyPrint does not understand all of a style or cannot draw its emblem."""
    picture = f'<img class="emblem" src="{EMBLEM_URL}" alt="–">' if style.emblem else ""
    with _captured_warnings() as said:
        typeset(f'<html lang="en"><title>–</title><p>–</p>{picture}', style)
    if said:
        file = style.emblem_file if "load image" in said[0] else style.sheets[-1].file
        raise CannotRead(*(f"{file}: {each}" for each in said[:5]))


def require_libraries(libraries: Mapping[str, str] = LIBRARIES) -> None:
    """Stop with the one line that helps where a system library is missing; WeasyPrint itself would print a page of advice."""
    # The names are those of Linux; elsewhere the import itself tells.
    if sys.platform.startswith("linux") and (names := missing(libraries)):
        raise MissingLibrary(refusal("usage.pdf_libraries", names=", ".join(names), install=INSTALL))


def missing(libraries: Mapping[str, str] = LIBRARIES) -> list[str]:
    """The system libraries that a PDF needs and that are not there."""
    return [name for name, soname in libraries.items() if not _loads(soname) and not ctypes.util.find_library(name)]


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """A fontconfig that knows no font: the report looks the same whatever is installed."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="audit-fonts-") as folder_name:
        file = Path(folder_name) / "fonts.conf"
        file.write_text(f"<fontconfig><cachedir>{quote(folder_name)}</cachedir></fontconfig>\n", encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(file)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _captured_warnings() -> Iterator[list[str]]:
    """What WeasyPrint warns of meanwhile, instead of on standard error."""
    said: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger = logging.getLogger("weasyprint")
    before, propagate, level = logger.handlers[:], logger.propagate, logger.level
    logger.handlers[:], logger.propagate = [Kept(logging.WARNING)], False
    logger.setLevel(logging.WARNING)
    try:
        yield said
    finally:
        logger.handlers[:], logger.propagate = before, propagate
        logger.setLevel(level)


@cache
def _page_type() -> Any:
    """WeasyPrint's page without its marks of footnotes: it works out five of them for every element, and the reports have none.

    The file is the same, byte by byte (tests), for a seventh of the time less. Where a later version keeps its default style elsewhere,
    the page is WeasyPrint's own.
    """
    from weasyprint import CSS, HTML

    try:
        from weasyprint.html import UA

        defaults = [CSS(string=_NOT_NEEDED.sub("", UA))]
    except (ImportError, TypeError):
        return HTML

    class Page(HTML):  # type: ignore[misc]  # WeasyPrint has no types
        def _ua_stylesheets(self, *_forms: Any, **_more: Any) -> Any:  # the reports have no fields to fill in
            return defaults

    return Page


def _render(page: str, style: Style, attached: Sequence[Attached] = (), day: date | None = None) -> bytes:
    try:
        from weasyprint import CSS, Attachment
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:
        raise MissingLibrary(refusal("usage.pdf_weasyprint", error=first_line(error), install=INSTALL)) from error

    assets = {f"asset:{name}": ("font/ttf", (folder("reports") / "fonts" / name).read_bytes()) for name in FONTS}
    if style.emblem is not None:
        assets[EMBLEM_URL] = (MEDIA[style.emblem.kind], style.emblem.content)
    files = {f"attached:{one.name}": (one.media, one.content) for one in attached}

    class Only(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Nothing but what is given here is ever fetched: no file, no network, whatever a filing or a style says."""

        def __init__(self, given: Mapping[str, tuple[str, bytes]]) -> None:
            super().__init__(allowed_protocols={"asset", "attached"}, allow_redirects=False)
            self._given = given

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in self._given:
                media, content = self._given[url]
                return URLFetcherResponse(url, content, {"Content-Type": media})
            raise FatalURLFetchingError(f"The report asked for {url[:80]!r}, which is not part of it.")

    fetcher, fonts = Only(assets), FontConfiguration()
    # Undated they would have the time of now, and no two files would be the same.
    dated = datetime(day.year, day.month, day.day, tzinfo=UTC) if day is not None else None
    enclosed = [
        # By address and not as a text: the type of a text is guessed from its name, by what is installed.
        Attachment(
            url=f"attached:{one.name}",
            url_fetcher=Only(files),
            name=one.name,
            description=one.description,
            relationship=one.relationship,
            created=dated,
            modified=dated,
        )
        for one in attached
    ]
    report = (folder("reports") / "style" / "report.css").read_text(encoding="utf-8")
    try:
        sheets = [
            CSS(string=text, base_url="asset:", url_fetcher=fetcher, font_config=fonts)
            for text in (report, *(sheet.text for sheet in style.sheets))
        ]
        made: bytes = _page_type()(string=page, base_url="asset:", url_fetcher=fetcher).write_pdf(
            stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3a", finisher=_finish, attachments=enclosed
        )
    except FatalURLFetchingError as error:  # derives from BaseException: it would pass every other handler
        raise AuditError(str(error)) from error
    return made


def _finish(document: Any, pdf: Any) -> None:
    """What PDF/A-3a and PDF/UA-1 ask for together and WeasyPrint does not do."""
    _mark_accessible(document, pdf)
    for one in pdf.objects:
        if "Interpolate" in getattr(one, "extra", {}):
            one.extra["Interpolate"] = "false"  # PDF/A forbids that a reader smooths a picture


def _mark_accessible(_document: Any, pdf: Any) -> None:
    """Add the mark of PDF/UA-1 to the metadata that PDF/A-3a already has."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [part.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>") for part in metadata.stream]
