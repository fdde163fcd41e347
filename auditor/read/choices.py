"""What an auditor or a mapping file can state of how a file is written: closed lists, by the words for them."""

from collections.abc import Mapping
from typing import Literal, get_args

Encoding = Literal["utf-8", "utf-16", "cp1251", "kz1048", "ptcp154", "cp866", "cp1250", "cp1252"]
ENCODINGS: tuple[str, ...] = get_args(Encoding)
Delimiter = Literal["comma", "semicolon", "tab"]
DELIMITERS: Mapping[Delimiter, str] = {"comma": ",", "semicolon": ";", "tab": "\t"}
Mark = Literal[".", ","]
MarkWord = Literal["point", "comma"]
MARKS: Mapping[MarkWord, Mark] = {"point": ".", "comma": ","}
Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[str, ...] = get_args(Order)
