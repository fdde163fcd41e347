"""What the `needs` of a rule say: the columns without which nothing can be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """One need of a rule: any one of these columns; `may_be_empty` where an empty cell says something by itself."""

    options: tuple[tuple[str, str], ...]
    may_be_empty: bool

    @classmethod
    def parse(cls, text: str) -> Need:
        """`table.column`, several with `|`, and `?` where the cell may be empty."""
        parts = [part.strip() for part in text.split("|")]
        options = tuple((part.rstrip("?").partition(".")[0], part.rstrip("?").partition(".")[2]) for part in parts)
        return cls(options, all(part.endswith("?") for part in parts))

    def __str__(self) -> str:
        return " | ".join(".".join(option) for option in self.options)

    def names(self, say: Callable[..., str], told: Callable[[str, str], str]) -> str:
        """The columns in words, any of which is enough; `told` names one of a table."""
        return f" {say('check.or')} ".join(told(table, column) for table, column in self.options)
