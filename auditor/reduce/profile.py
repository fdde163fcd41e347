"""A profile: which personal data a published report carries. A file that a commission reads, and changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from auditor.errors import BadUsage
from auditor.resources import folder
from auditor.wording import refusal
from auditor.yaml_files.validated import Strict, validated

SHIPPED = "public"
Column = Literal["date", "kind", "name", "identifier", "document", "amount", "running"]
Names = Literal["withheld", "initials", "full"]


class ProfileFile(Strict):
    """Everything that a profile may say; what it does not name is not published."""

    columns: tuple[Column, ...]
    names_of_persons: Names
    persons: tuple[str, ...]
    organisations: tuple[str, ...]
    leads: bool
    file_names: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as read, with the SHA-256 of its file, by which a report says what it was reduced by."""

    name: str
    says: ProfileFile
    sha256: str


def load(path: Path | None) -> Profile:
    """The profile in a file, or the shipped one. Raises BadUsage with file, line and column of each mistake."""
    path = path or folder("reports") / "profiles" / f"{SHIPPED}.yaml"
    if not path.is_file():
        raise BadUsage(refusal("usage.no_profile", path=path))
    said = validated(path, ProfileFile, BadUsage)
    return Profile(path.stem, said, hashlib.sha256(path.read_bytes()).hexdigest())
