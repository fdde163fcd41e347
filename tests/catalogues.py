"""The sentences as their files have them, read by Babel, which the program itself does without."""

import re
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from auditor.resources import folder

FOLDER = folder("reports") / "wording"
NOT_WORDS = re.compile(
    r"\{[^{}]*\}|--[a-z-]+(?: json)?|[a-z]+_[a-z_]+|\b[A-Z]{3}-[0-9]{3}\b|findings\.json|evidence\.csv|audit verify|NAME=VALUE|sha256|SHA-256"
    r"|^audit [^\t\n]*\t|emblem\.(?:svg|png)|pip install|\b(?:text|json|csv|xlsx|html|pdf|reports|contestants|filings|candidates|statement)\b",
    re.MULTILINE,
)
GROUPED = re.compile(r"(?<=[0-9])[, \u00a0\u202f](?=[0-9]{3}(?![0-9]))")
ASCII_SENTENCE = re.compile(r"(?:\b[A-Za-z]+\b[ ,.;:]+){3,}\b[A-Za-z]+\b")


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


def english_in(text):
    match = ASCII_SENTENCE.search(NOT_WORDS.sub("·", text))
    return match.group() if match else None
