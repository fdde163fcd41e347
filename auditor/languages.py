"""The languages: everything that the program says, and everything that a rule says, is there in each of them."""

from typing import Literal, get_args

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CSV_SEPARATOR = {"kk": ";", "ru": ";", "en": ","}
"""What parts the cells of a CSV in the spreadsheets of people who use the language."""
