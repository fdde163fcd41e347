"""The key of a donor or vendor without an id, for a whole column (`identifiers.key_of_name` is that of one name)."""

from __future__ import annotations

import polars as pl

from auditor.identifiers import QUOTES

# Letters, digits and signs that are their own NFKC form and no quotation marks, with single spaces between them.
_SIGNS = r"[!#-&(-_a-~\u0400-\u04ff]+"
_PLAIN_NAME = f"^{_SIGNS}(?: {_SIGNS})*$"
# Words of one capital and small letters, of alphabets in which the one is always the other's: such a name stands for its key.
_CAPITAL, _SMALL = "[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]", "[a-zа-яёәғқңөұүһі]"  # ours are written in these letters
_IN_TITLE_CASE = f"^{_CAPITAL}{_SMALL}*(?: {_CAPITAL}{_SMALL}*)*$"
# So few names of a piece of a file are looked up one by one, among so many that are remembered.
_FEW_NAMES, _MOST_KNOWN = 500, 100_000


def name_key(name: pl.Expr) -> pl.Expr:
    """The key of a donor or vendor without an id (`identifiers.key_of_name`), for a whole column."""
    known: dict[str, str | None] = {}

    def keys(names: pl.Series) -> pl.Series:
        filled = len(names) - names.null_count()
        if len(known) > _MOST_KNOWN:
            known.clear()
        if filled == 0:
            return names
        return _few_keys(names, known) if filled <= _FEW_NAMES else _many_keys(names)

    return name.map_batches(keys, return_dtype=pl.String(), is_elementwise=True)


def stands_for_its_key(name: pl.Expr) -> pl.Expr:
    """Whether a name is written so that no other name written so has its key: most names of people, whose key need not be worked out."""
    return name.str.contains(_IN_TITLE_CASE)


def standing_for(key: pl.Expr) -> pl.Expr:
    """The name that stands for a key, where one does; else the key itself."""
    name = key.str.to_titlecase()
    return pl.when(stands_for_its_key(name)).then(name).otherwise(key)


def _few_keys(names: pl.Series, known: dict[str, str | None]) -> pl.Series:
    """The keys of a column with few names, most of them `known` already. A large file comes in thousands of small pieces, and every
    operation on one costs more than the names in it."""
    texts = names.to_list()
    if new := [text for text in dict.fromkeys(texts) if text is not None and text not in known]:
        known.update(zip(new, _folded(pl.Series(new, dtype=pl.String)).to_list(), strict=True))
    return pl.Series(names.name, [None if text is None else known[text] for text in texts], dtype=pl.String)


def _many_keys(names: pl.Series) -> pl.Series:
    # Most names have nothing but letters, which only lower case changes.
    there = names.is_not_null()
    full = names.filter(there)
    plain = full.str.contains(_PLAIN_NAME)
    keys = pl.concat([full.filter(plain).str.to_lowercase(), _folded(full.filter(~plain))])
    # Put back by position: what `Series.scatter` makes of texts is counted wrongly by n_unique within groups (polars 2.1).
    among = pl.select(pl.when(plain).then(plain.cum_sum() - 1).otherwise(plain.sum() + (~plain).cum_sum() - 1)).to_series()
    position = pl.select(pl.when(there).then(there.cum_sum() - 1)).to_series()
    return keys.gather(among.gather(position)).alias(names.name)


def _folded(names: pl.Series) -> pl.Series:
    # Step by step: within one `select` each use of an expression would be worked out anew.
    name = pl.col("name")
    table = names.to_frame("name")
    table = table.with_columns(name.str.replace_all(f"[{QUOTES}]", "").str.normalize("NFKC").str.to_lowercase())
    table = table.with_columns(name.str.replace_all(r"\s+", " ").str.strip_chars(" "))
    return table.select(pl.when(name != "").then(name)).to_series()
