"""The sentences as their files have them, read by Babel, which the program itself does without."""

from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from auditor.resources import folder

FOLDER = folder("reports") / "wording"


def file(lang: str, suffix: str = ".po"):
    return (FOLDER / lang / "LC_MESSAGES" / "audit").with_suffix(suffix)


@cache
def catalogue(lang: str) -> Catalog:
    with file(lang).open("rb") as written:
        return read_po(written, abort_invalid=True)


@cache
def sentences(lang: str) -> dict[str, tuple[str, ...]]:
    """The forms of each sentence by its key: one, or as many as the language has plurals."""
    found = {}
    for message in catalogue(lang):
        if message.id:
            key = message.context or (message.id if isinstance(message.id, str) else message.id[0])
            assert key not in found, key
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found
