"""What a register has to be told once: the law, the language, facts of the election, and who is told what. A file in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from auditor.errors import BadUsage
from auditor.languages import Language
from auditor.wording import refusal
from auditor.yaml_files.validated import Strict, validated

FILE = "register.yaml"
Filled = Annotated[str, StringConstraints(min_length=1)]
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]


class Mail(Strict):
    """By which server e-mails go. The password, if there is one, lies in a file of its own."""

    host: Filled
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    user: Filled | None = None
    password_file: Filled | None = None
    sender: Address

    @model_validator(mode="after")
    def _keeps_its_password(self) -> Mail:
        if (self.user is None) != (self.password_file is None):
            raise ValueError(refusal("inbox.user_and_password"))
        if self.user is not None and self.tls == "none" and self.host not in _OWN_MACHINE:
            raise ValueError(refusal("inbox.password_open"))
        return self


class Webhook(Strict):
    """Where a JSON message goes after each pass, signed with HMAC-SHA256 over time and body under the secret in the file."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    secret_file: Filled


class Settings(Strict):
    """Everything that register.yaml may say."""

    rulebook: Filled = "kz/majilis-2023"
    lang: Language = "ru"
    set: dict[str, Filled] = Field(default_factory=dict)
    settle_seconds: Annotated[float, Field(ge=0, le=3600)] = 2.0
    commission: tuple[Address, ...] = ()
    contestants: dict[str, Address] = Field(default_factory=dict)
    languages: dict[str, Language] = Field(default_factory=dict)
    mail: Mail | None = None
    webhook: Webhook | None = None

    @model_validator(mode="after")
    def _can_be_sent(self) -> Settings:
        if (self.commission or self.contestants) and self.mail is None:
            raise ValueError(refusal("inbox.no_mail_server"))
        return self


def load(folder: Path) -> Settings:
    """The settings of a register; the defaults where it has none. Raises BadUsage with file, line and column of each mistake."""
    path = folder / FILE
    return validated(path, Settings, BadUsage, (Mail, Webhook)) if path.exists() else Settings()
