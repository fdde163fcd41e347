"""File names for contestants, whatever their ids are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from auditor.masking import mask_anywhere

LONGEST, _BYTES = 88, 180
"""Letters of a name without its suffix: with one it stays under a hundred, and in bytes under what file systems take."""
# Letters of Latin and Cyrillic only: among all letters there are some that nobody sees.
_UNSAFE = re.compile("[^A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u0481\u048a-\u052f.-]+")
_DEVICES = re.compile(r"(con|prn|aux|nul|conin|conout|(com|lpt)[0-9¹²³])(\..*)?$", re.IGNORECASE)


def file_names(ids: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """A name without suffix for each id, the same in every run with the same ids.

    Only Latin and Cyrillic letters, digits, `.`, `-` and `_`; none is hidden, begins like an option, is a Windows device, tells a
    personal id, or differs from another or from one of `taken` by its case alone. Ids that are good names as they are come first.
    """
    met = {_compared(name) for name in taken}
    chosen: dict[str, str] = {}
    wished = {cid: _wished(cid) for cid in ids}
    for cid in sorted(wished, key=lambda cid: (wished[cid] != cid, cid)):
        name, number = wished[cid], 1
        while _compared(name) in met:
            number += 1
            name = f"{wished[cid]}-{number}"
        met.add(_compared(name))
        chosen[cid] = name
    return chosen


def _wished(cid: str) -> str:
    plain = unicodedata.normalize("NFC", mask_anywhere(cid)).replace("•", "x")
    name = _UNSAFE.sub("_", plain).strip("._ ")
    name = name[:LONGEST].encode()[:_BYTES].decode(errors="ignore").rstrip("._ ")
    if not name:
        return "contestant"
    return f"_{name}" if name.startswith("-") or _DEVICES.match(name) else name


def _compared(name: str) -> str:
    """What two names have in common that some file system takes for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
