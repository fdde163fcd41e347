"""The tables of the filing format: their columns, in the contract's own names. What pandera guards is built from this."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

HELD_ROWS = 200_000
"""Up to this many lines a filing is held in memory at every stage; a larger one lies on disk and is streamed."""


class Cell(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    AMOUNT = "amount"  # money, and more than nothing
    MONEY = "money"
    SIGNED_MONEY = "signed_money"
    NUMBER = "number"
    WHOLE = "whole"
    DATE = "date"
    IDENTIFIER = "identifier"
    IBAN = "iban"
    CODE = "code"


OF_MONEY = (Cell.AMOUNT, Cell.MONEY, Cell.SIGNED_MONEY)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is read, whether the table can be read without it, and its closed list if it has one."""

    name: str
    cell: Cell = Cell.TEXT
    required: bool = False
    codes: tuple[str, ...] = ()
    vocabulary: str | None = None

    @property
    def closed_list(self) -> str:
        """The name of the closed list of a code column, under which its words are given."""
        return self.vocabulary or self.name

    @property
    def repeats(self) -> bool:
        """Whether a large table of many contestants is expected to have few different values in this column."""
        return self.cell in (Cell.CODE, Cell.DATE) or self.name in _REPEATED


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of an empty form: a column of a table with its heading in one language, and the words that its cells are chosen from."""

    column: Column
    heading: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """An empty table to be filled in, in one language."""

    table: str
    fields: tuple[FormField, ...]


_REPEATED = ("contestant_id", "contestant_name", "district", "report_id", "fund_account")
CONTESTS = ("party_list", "single_mandate")
KINDS = (
    "own_funds",
    "donation",
    "expenditure",
    "expenditure_refund",
    "donation_refund",
    "budget_transfer",
    "subsidy",
    "deposit",
    "deposit_refund",
)
INTERIM, FINAL = "interim", "final"
REPORT_TYPES = (INTERIM, FINAL)
_YES_NO = ("yes", "no")


def _code(name: str, *codes: str, required: bool = False) -> Column:
    return Column(name, Cell.CODE, required, codes)


def _words(name: str, vocabulary: str | None = None) -> Column:
    """A code whose closed list is the vocabulary of the rulebook: another election may have other kinds of donors."""
    return Column(name, Cell.CODE, vocabulary=vocabulary or name)


REPORTS = (
    Column("contestant_id", required=True),
    _code("contest", *CONTESTS, required=True),
    Column("contestant_name"),
    Column("district"),
    Column("report_id"),
    _code("report_type", *REPORT_TYPES),
    Column("period_start", Cell.DATE),
    Column("period_end", Cell.DATE),
    Column("received_on", Cell.DATE),
    Column("date", Cell.DATE, required=True),
    _code("kind", *KINDS, required=True),
    Column("amount", Cell.AMOUNT, required=True),
    _words("counterparty_type"),
    Column("counterparty_name"),
    Column("counterparty_id", Cell.IDENTIFIER),
    Column("counterparty_account", Cell.IBAN),
    Column("fund_account", Cell.IBAN),
    _words("payment_method"),
    _words("funding_source"),
    _words("category"),
    Column("description"),
    Column("contract_no"),
    Column("invoice_no"),
    Column("quantity", Cell.NUMBER),
    Column("unit_price", Cell.MONEY),
)
CONTESTANTS = (
    Column("contestant_id", required=True),
    _code("contest", *CONTESTS, required=True),
    Column("name", required=True),
    _code("nominated_by", "party", "public_association", "self"),
    Column("district"),
    Column("commission"),
    Column("registered_on", Cell.DATE),
    _code("status", "registered", "withdrawn", "deregistered"),
    Column("status_on", Cell.DATE),
    Column("fund_account", Cell.IBAN),
    Column("account_opened_on", Cell.DATE),
    Column("list_size", Cell.WHOLE),
    Column("last_vote_share", Cell.NUMBER),
    Column("vote_share", Cell.NUMBER),
    _code("elected", *_YES_NO),
    Column("person_id", Cell.IDENTIFIER),
)
FILINGS = (
    Column("report_id", required=True),
    Column("contestant_id", required=True),
    _code("report_type", *REPORT_TYPES, required=True),
    Column("period_start", Cell.DATE, required=True),
    Column("period_end", Cell.DATE, required=True),
    Column("received_on", Cell.DATE),
    Column("submitted_to"),
    Column("published_on", Cell.DATE),
    Column("opening_balance", Cell.SIGNED_MONEY),
    Column("own_funds", Cell.MONEY),
    Column("donations", Cell.MONEY),
    Column("total_receipts", Cell.MONEY),
    Column("total_spent", Cell.MONEY),
    Column("closing_balance", Cell.SIGNED_MONEY),
)
CANDIDATES = (
    Column("candidate_id", Cell.IDENTIFIER, required=True),
    Column("name", required=True),
    Column("contestant_id", required=True),
    Column("position"),
    _code("sex", "f", "m"),
    Column("born_on", Cell.DATE),
    _code("disability", *_YES_NO),
    Column("resident_since", Cell.DATE),
    Column("registered_on", Cell.DATE),
)
PRICE_LISTS = (
    Column("vendor_id", Cell.IDENTIFIER, required=True),
    Column("vendor_name"),
    _words("medium", "category"),
    Column("filed_with"),
    Column("filed_on", Cell.DATE),
    Column("unit"),
    Column("unit_price", Cell.MONEY),
)
STATEMENT = (
    Column("fund_account", Cell.IBAN, required=True),
    Column("date", Cell.DATE, required=True),
    _code("direction", "in", "out", required=True),
    Column("amount", Cell.AMOUNT, required=True),
    Column("counterparty_name"),
    Column("counterparty_id", Cell.IDENTIFIER),
    Column("counterparty_account", Cell.IBAN),
    Column("kbe"),
    Column("reference"),
    Column("description"),
    Column("opening_balance", Cell.SIGNED_MONEY),
    Column("closing_balance", Cell.SIGNED_MONEY),
)
TABLES: Mapping[str, tuple[Column, ...]] = {
    "reports": REPORTS,
    "contestants": CONTESTANTS,
    "filings": FILINGS,
    "candidates": CANDIDATES,
    "price_lists": PRICE_LISTS,
    "statement": STATEMENT,
}

# Columns of the books that rules may name besides those of `reports`: who gave (the contestant's own money or a donor's),
# and the donor's key.
DERIVED = ("giver", "donor")
GIVERS = ("contestant", "donor")
DOCUMENT = ("invoice_no", "contract_no")
"""What a line is known by outside the books: the first of these that it has."""

# Sheets that `audit template` adds for whoever fills in a workbook: how to, by language, and the lists behind its drop-downs.
# The reader looks into them as into any sheet; that there is no table in them it does not say.
GUIDES: Mapping[str, str] = {"en": "Guide", "ru": "Инструкция", "kk": "Нұсқаулық"}
CHOICES = "choices"

_LONGEST_NAME = 100
_BY_NAME = {table: MappingProxyType({column.name: column for column in several}) for table, several in TABLES.items()}


def columns(table: str) -> Mapping[str, Column]:
    """The columns of a table by name."""
    return _BY_NAME[table]


ID_COLUMNS = frozenset(column.name for table in TABLES.values() for column in table if column.cell is Cell.IDENTIFIER)
"""The columns with ids of persons or organisations, of all tables."""


def heading_key(heading: str) -> str:
    """A heading without what people write differently: case, spaces, underscores, dots, commas, ё/е."""
    # Every file is held against the same few hundred names; a cell that is no heading may be long.
    return _folded_once(heading) if len(heading) <= _LONGEST_NAME else _folded(heading)


def _folded(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).casefold().replace("ё", "е")
    # Where files were joined, a byte order mark stands before the second heading.
    return re.sub(r"[\s_.,:;\ufeff]+", "", text)


_folded_once = lru_cache(maxsize=4096)(_folded)
