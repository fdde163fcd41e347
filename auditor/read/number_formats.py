"""The formats of a workbook's numbers by which people see something else than the number: per cent, another currency, thousands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.parsers import expat

from auditor.read.archive import BROKEN
from auditor.read.sheet_xml import content_of, has_part, tags

_STYLES = "xl/styles.xml"
# Its parts that tell of numbers. A conditional format (dxfs) has formats of its own, whose numbers may be those of others.
_PARTS = ("numFmts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
PER_CENT = "%"
"""The sign of those that show a hundred times the number."""
_PER_CENT_BUILT_IN = (9, 10)
# A format of numbers: a currency with a language in brackets, other brackets (colours, conditions), texts in quotes, escaped letters;
# and a blank as wide as a letter (_₽), or a letter that fills the cell (*-), of which nothing is shown beside the number.
_CURRENCY, _BRACKETS, _QUOTED, _ESCAPED = (re.compile(one) for one in (r"\[\$([^\]-]*)[^\]]*\]", r"\[[^\]]*\]", r'"([^"]*)"', r"\\(.)"))
_WIDTH = re.compile("[_*].")
# What a format may show: a sign, a code of three letters, a currency's name, or by how much the number is divided.
_FOREIGN = re.compile(
    r"[$€£¥₽₴₺₩₹₾₼₿]|\b(?!KZT|TNG)[A-Z]{3}\b|(?i:usd|eur|rub|долл|\bдол\b|\bу\.?\s?е\b|фунт|евро|руб|грн|манат|лари|юан|\b(?:сом|сум|лир[аы]?)\b|\bтыс|\bмлн|\bмлрд|(?<!\w)р\.?(?!\w))"
)
# The same between the signs of a format, where MMM is a month.
_IN_BARE = re.compile(r"[$€£¥₽₴₺₩₹₾₼₿]|USD|EUR|RUB|GBP|CNY|долл|руб|(?<![а-яё])р\.(?![а-яё])", re.IGNORECASE)
_TENGE = re.compile(r"KZT|TNG|₸|т[нң]?г|т[еі]нге|теңге|КЗТ|tenge|\btg\b|^т$", re.IGNORECASE)
# The number of a language at the end of a currency in brackets: that of Kazakh, whose currency was written Т before it was ₸.
_KAZAKH = re.compile(r"\[\$[^\]-]*-[0-9A-F]*43F[^\]]*\]", re.IGNORECASE)
# A comma behind the digits divides what is shown by a thousand, two by a million.
_DIVIDED = re.compile(r"[0#?],+(?![0#?,])")


def signs_of(data: bytes) -> Mapping[int, str] | None:
    """The styles of a workbook's cells, by their number, that show per cent or a currency that is not the tenge; none of what has no
    styles or is no XLSX. None where its styles cannot be read."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN:
        return {}
    with archive:
        try:
            return _signs(content_of(archive, _STYLES)) if has_part(archive, _STYLES) else {}
        except (*BROKEN, KeyError, expat.ExpatError):
            return None


def _signs(styles: bytes) -> dict[int, str]:
    formats = dict.fromkeys(_PER_CENT_BUILT_IN, PER_CENT)
    used: list[int] = []
    part = ""
    for tag, attributes in tags(styles):
        if tag in _PARTS:
            part = tag
        elif (tag, part) == ("numFmt", "numFmts") and (sign := _sign(attributes.get("formatCode", ""))) is not None:
            formats[int(attributes["numFmtId"])] = sign
        elif (tag, part) == ("xf", "cellXfs"):
            used.append(int(attributes.get("numFmtId") or "0"))
    return {number: formats[format_] for number, format_ in enumerate(used) if format_ in formats}


def _sign(code: str) -> str | None:
    """The sign that a format of numbers shows beside them; None where it is none, or the tenge's."""
    positive = _KAZAKH.sub("", code.split(";", maxsplit=1)[0])
    currencies: list[str] = [one.strip() for one in _CURRENCY.findall(positive)]
    texts = [*currencies, *_QUOTED.findall(positive), "".join(_ESCAPED.findall(positive))]
    bare = _WIDTH.sub("", _ESCAPED.sub("", _QUOTED.sub("", _BRACKETS.sub("", positive))))
    if PER_CENT in bare:
        return PER_CENT
    if other := next((one for one in currencies if one and not _TENGE.search(one)), None):
        return other
    shown = _FOREIGN.search(" ".join(texts)) or _IN_BARE.search(bare)
    if shown is None and _DIVIDED.search(bare) is not None:
        return bare.strip()
    return shown.group() if shown is not None else None
