"""What can go wrong with us or with the command, as against problems (in a filing) and findings (of the law)."""

from __future__ import annotations


class AuditError(Exception):
    """The audit could not be made. `mistakes` are whole sentences, one line each, naming the file."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class CannotRead(AuditError):
    """A file cannot be read at all: no heading, broken letters, a required column missing."""


class NoReports(CannotRead):
    """Tables, but none of the reports that are to be checked."""


class TwoReadings(CannotRead):
    """All amounts or days of a table can be read in two ways, and it was not stated in which."""


class BadYaml(AuditError):
    """A YAML file that people write cannot be read; every line names the file, and line and column where they are known."""


class BadRulebook(AuditError):
    """A rule file says something that cannot be meant; every line names file, line and column."""


class BadUsage(AuditError):
    """The command asks for what cannot be done: something is not there, is not allowed, or cannot be used as it is."""


class MissingLibrary(AuditError):
    """A system library is not installed; the line says which command installs it."""


_LONGEST = 200


def first_line(error: BaseException) -> str:
    """What a library says is wrong, in one line; the name of the error where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:_LONGEST]
