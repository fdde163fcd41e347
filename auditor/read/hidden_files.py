"""Files of a folder or an archive that people do not see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

# What an office program locks while a person works on it.
_LOCKED = (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".doc", ".docx", ".odt", ".rtf")
# Hidden folders in which programs keep what nobody has filed.
_OF_PROGRAMS = (".git", ".venv", ".Trash-1000", ".cache", "__MACOSX", "lost+found")


def is_hidden(parts: Sequence[str]) -> bool:
    """Whether a path leads to one: hidden files, the locks of office programs, what a file system or an archive keeps for itself."""
    return any(part.startswith((".", "~$")) or part in _OF_PROGRAMS for part in parts)


def is_hidden_table(parts: Sequence[str], suffixes: Sequence[str]) -> bool:
    """Whether it is named like a table, with one of these endings, and is no lock and no copy that a system keeps: then it is not read,
    and said to be there."""
    suffix = PurePath(parts[-1]).suffix.lower()
    lock = parts[-1].startswith("~$") and suffix in _LOCKED  # no program locks a text so
    kept = lock or parts[-1].startswith(("._", ".~lock.")) or any(part in _OF_PROGRAMS for part in parts[:-1])
    return suffix in suffixes and not kept
