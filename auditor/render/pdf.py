"""The report as a PDF: PDF/A-3a and PDF/UA-1 in one file, the same bytes each time. The only module that imports WeasyPrint."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from auditor.errors import AuditError, MissingLibrary
from auditor.model import Audit
from auditor.render import kinds
from auditor.render.data import document, written
from auditor.render.masked import masked_document
from auditor.resources import folder
from auditor.wording import Words

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
ATTACHED = "findings.json"
FONTS = ("Inter-Regular.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")
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


def write(audit: Audit, words: Words, kind: str = kinds.FINDINGS) -> bytes:
    """A document of an audit as the bytes of a PDF, with the findings as data attached where its kind has them."""
    return typeset(kinds.PAGES[kind](audit, words), (attached(audit), audit.as_of) if kind in kinds.WITH_DATA else None)


def attached(audit: Audit) -> str:
    """The findings as data as a report may carry them: with keys or the last digits in place of ids."""
    told = document(audit)
    return written(told if audit.published else masked_document(told))


def typeset(page: str, findings: tuple[str, date] | None = None) -> bytes:
    """A page of ours as a PDF, with the findings as data and their day attached where they are given."""
    require_libraries()
    with _no_system_fonts(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No fonts configured", UserWarning)  # that is the intent
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014.icc", ResourceWarning)  # WeasyPrint 70 leaves its colour profile open
        return _render(page, findings)


def require_libraries(libraries: Mapping[str, str] = LIBRARIES) -> None:
    """Stop with the one line that helps where a system library is missing; WeasyPrint itself would print a page of advice."""
    # The names are those of Linux; elsewhere the import itself tells.
    if sys.platform.startswith("linux") and (names := missing(libraries)):
        raise MissingLibrary(f"A PDF needs {', '.join(names)}, not installed here: {INSTALL}")


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


def _render(page: str, findings: tuple[str, date] | None = None) -> bytes:
    try:
        from weasyprint import CSS, HTML, Attachment
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:
        raise MissingLibrary(f"WeasyPrint does not load ({str(error).splitlines()[0]}): {INSTALL}") from error

    assets = {f"asset:{name}": (folder("reports") / "fonts" / name).read_bytes() for name in FONTS}

    class OnlyAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Nothing but the shipped fonts is ever fetched: no file, no network, whatever a filing says."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url in assets:
                return URLFetcherResponse(url, assets[url], {"Content-Type": "font/ttf"})
            raise FatalURLFetchingError(f"The report asked for {url[:80]!r}, which is not part of it.")

    fetcher = OnlyAssets(allowed_protocols={"asset"}, allow_redirects=False)
    fonts = FontConfiguration()
    attached = []
    if findings is not None:
        told, day = findings
        dated = datetime(day.year, day.month, day.day, tzinfo=UTC)  # else it is now, and no two files are the same
        attached = [Attachment(string=told, name=ATTACHED, description=ATTACHED, relationship="Data", created=dated, modified=dated)]
    style = (folder("reports") / "style" / "report.css").read_text(encoding="utf-8")
    try:
        css = CSS(string=style, base_url="asset:", url_fetcher=fetcher, font_config=fonts)
        made: bytes = HTML(string=page, base_url="asset:", url_fetcher=fetcher).write_pdf(
            stylesheets=[css], font_config=fonts, pdf_variant="pdf/a-3a", finisher=_mark_accessible, attachments=attached
        )
    except FatalURLFetchingError as error:  # derives from BaseException: it would pass every other handler
        raise AuditError(str(error)) from error
    return made


def _mark_accessible(_document: Any, pdf: Any) -> None:
    """Add the mark of PDF/UA-1 to the metadata that PDF/A-3a already has."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [part.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>") for part in metadata.stream]
