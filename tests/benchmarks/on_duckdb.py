"""The statements of all rules on DuckDB, after it has read the same CSV as text and typed it with the same strictness."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from auditor.normalise.forms import AMOUNT
from auditor.rulebook.load import load
from auditor.rulebook.sql_of_rule import compile_rule
from auditor.tables import CONTESTANTS, REPORTS, Cell


def typed(column: str, cell: Cell, codes: tuple[str, ...]) -> str:
    text = f"nullif(trim({column}), '')"
    if cell is Cell.MONEY:
        bare = rf"regexp_replace({text}, '(?i)\s*(?:kzt|тг|тенге|₸)$', '')"
        plain = (
            f"CASE WHEN regexp_matches({bare}, '{AMOUNT}') THEN replace(regexp_replace({bare}, '[  \u2009\u202f]', '', 'g'), ',', '.') END"
        )
        return f"TRY_CAST({plain} AS DECIMAL(38, 2))"
    if cell is Cell.DATE:
        iso = rf"CASE WHEN regexp_matches({text}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$') THEN TRY_CAST({text} AS DATE) END"
        dots = rf"CASE WHEN regexp_matches({text}, '^[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{4}}$') THEN TRY_STRPTIME({text}, '%d.%m.%Y')::DATE END"
        return f"COALESCE({iso}, {dots})"
    if cell is Cell.IDENTIFIER:
        bare = rf"regexp_replace({text}, '[\s-]', '', 'g')"
        return f"CASE WHEN regexp_matches({bare}, '^[0-9]{{12}}$') THEN {bare} END"
    if cell is Cell.IBAN:
        return rf"upper(regexp_replace({text}, '\s', '', 'g'))"
    if cell is Cell.CODE:
        return f"CASE WHEN lower({text}) IN ({', '.join(repr(code) for code in codes)}) THEN lower({text}) END"
    return f"TRY_CAST({text} AS DECIMAL(38, 18))" if cell is Cell.NUMBER else f"TRY_CAST({text} AS BIGINT)" if cell is Cell.WHOLE else text


def main() -> None:
    """`on_duckdb.py LEDGER [PREFIX …]`: the rules whose ids begin so are left out."""
    ledger, left_out = Path(sys.argv[1]), tuple(sys.argv[2:])
    rulebook = load("kz/majilis-2023")
    con = duckdb.connect()
    con.execute("SET threads = 2")

    def table(name: str, path: Path, columns) -> None:
        given = con.execute("SELECT * FROM read_csv(?, all_varchar = true, header = true) LIMIT 0", [str(path)]).description or []
        present = {column[0] for column in given}
        values = []
        for column in columns:
            codes = column.codes or (getattr(rulebook.vocabulary, column.vocabulary) if column.vocabulary else ())
            kind = {Cell.MONEY: "DECIMAL(38, 2)", Cell.DATE: "DATE", Cell.WHOLE: "BIGINT", Cell.NUMBER: "DECIMAL(38, 18)"}.get(
                column.cell, "VARCHAR"
            )
            value = typed(column.name, column.cell, codes) if column.name in present else f"CAST(NULL AS {kind})"
            values.append(f"{value} AS {column.name}")
        con.execute(
            f"CREATE TABLE {name} AS SELECT 0 AS file, row_number() OVER () + 1 AS row, {', '.join(values)} "
            f"FROM read_csv('{path}', all_varchar = true, header = true, quote = '\"', escape = '\"', strict_mode = true)"
        )

    table("lines", ledger, REPORTS)
    table("contestants", ledger.parent / "contestants.csv", CONTESTANTS)
    key = "lower(nfc_normalize(regexp_replace(l.counterparty_name, '[\"''`«»“”„]', '', 'g')))"
    con.execute(
        "CREATE TABLE books AS SELECT l.*, "
        f"COALESCE(l.counterparty_id, trim(regexp_replace({key}, '\\s+', ' ', 'g'))) AS donor, "
        "CASE WHEN l.kind IN ('donation', 'donation_refund') OR l.kind IS NULL THEN "
        "CASE WHEN l.counterparty_type = 'contestant' OR l.counterparty_id = c.person_id THEN 'contestant' ELSE 'donor' END END AS giver, "
        "(l.contest IS NOT NULL AND l.date IS NOT NULL AND l.kind IS NOT NULL AND l.amount IS NOT NULL) AS readable, "
        "(l.date IS NOT NULL AND l.kind IS NOT NULL AND l.amount IS NULL) AS lacks_only_amount "
        "FROM lines l LEFT JOIN contestants c USING (contestant_id) "
        "WHERE l.report_type = 'final' OR l.contestant_id NOT IN (SELECT contestant_id FROM lines WHERE report_type = 'final')"
    )
    for rule in rulebook.rules:
        if left_out and rule.id.startswith(left_out):
            continue
        statement = compile_rule(rulebook, rule)
        if statement is not None and rule.check.kind not in ("unlisted_vendor", "unlisted_price"):  # there are no price lists
            print(rule.id, len(con.execute(statement.sql).fetchall()))


if __name__ == "__main__":
    main()
