"""What is known of records that are left out: of whom, and of what, they may have told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftOutRecords:
    """Of the tables that are not the reports. None stands for what a record does not say: it may be of anybody."""

    candidates_of: frozenset[str | None]
    """The contestants of records of `candidates` that could not be read, or whose person could not; None also where one is known
    nowhere else."""
    people: frozenset[str | None]
    """The people in records of `candidates` that could not be read, or that name a contestant who is known nowhere else."""
    accounts: frozenset[str | None]
    """The accounts of records of `statement` that could not be read, or not whole."""
    filing_of_nobody: bool
    """Whether a record of `filings` names no contestant who is known."""
    price: bool
    """Whether a record of a price list could not be read, or whose it is."""
