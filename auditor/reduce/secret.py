"""Keys in place of persons: HMAC-SHA256 under a secret of the election, so that nobody finds an id by trying all of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from auditor.errors import BadUsage
from auditor.wording import refusal, system_error

SHORTEST = 32
_LONGEST = 4096
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Secret:
    """The secret of one election. It is neither shown nor hashed anywhere but in keys."""

    value: bytes = field(repr=False)

    def key(self, *parts: str | None) -> str:
        """Twelve letters and digits (60 bits) for these parts, in three groups: the same in every report made with this secret."""
        told = _SEPARATOR.join("" if part is None else "=" + part for part in parts)
        digest = hmac.new(self.value, told.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        letters = base64.b32encode(digest).decode().lower()
        return "-".join((letters[:4], letters[4:8], letters[8:12]))


def load(path: Path) -> Secret:
    """The secret in a file, without the white space at its ends. Raises BadUsage where it is not there, too short, or readable by
    other users of the machine."""
    try:
        with path.open("rb") as file:
            value = file.read(_LONGEST + 1).strip()
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise BadUsage(refusal("usage.secret_unreadable", path=path, error=system_error(error))) from error
    if os.name == "posix" and mode & 0o077:
        raise BadUsage(refusal("usage.secret_open", path=path))
    if not SHORTEST <= len(value) <= _LONGEST:
        raise BadUsage(refusal("usage.secret_length", path=path, low=SHORTEST, high=_LONGEST, has=len(value)))
    return Secret(value)


def new(path: Path) -> None:
    """Write a new secret (256 bits, base64) that only its owner can read. Raises BadUsage where the file is already there: with
    another secret every key of the election would change."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadUsage(refusal("usage.secret_there", path=path)) from error
    except OSError as error:
        raise BadUsage(refusal("usage.not_written", path=path, error=system_error(error))) from error
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(32)) + b"\n")
