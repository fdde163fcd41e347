"""Writes sample_data/broken/: small files, each with one thing wrong (or merely unusual). All names and numbers are invented.

Run it as `python sample_data/make_broken.py`. What each file shows is told in sample_data/broken/README.md.
"""

from pathlib import Path

from majilis_2023_books import check_digit

FOLDER = Path(__file__).resolve().parent / "broken"
COLUMNS = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_type", "counterparty_name", "counterparty_id", "description"]


def invented_id(number):
    """An IIN whose seventh digit 9 is given to nobody."""
    while True:
        digits = f"8001019{9000 + number}"
        if check_digit(digits):
            return digits + check_digit(digits)
        number += 500


def row(number, **cells):
    """A donation with nothing wrong, but for the cells given."""
    ordinary = {
        "contestant_id": "SM-07-01",
        "contest": "single_mandate",
        "date": f"2023-03-{number % 15 + 1:02d}",
        "kind": "donation",
        "amount": f"{number}0000.00",
        "counterparty_type": "individual",
        "counterparty_name": f"Даритель {number}",
        "counterparty_id": invented_id(number),
        "description": "Пожертвование",
    }
    return {**ordinary, **cells}


def quoted(cell):
    """A cell as CSV wants it."""
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',;"\n') else cell


def table(rows, columns=COLUMNS, separator=",", line_end="\n"):
    """The text of a CSV file."""
    lines = [columns, *([row[column] for column in columns] for row in rows)]
    return "".join(separator.join(quoted(cell) for cell in line) + line_end for line in lines)


def three_rows():
    """Rows with nothing wrong."""
    return [row(1), row(2), row(3)]


def missing_amount_column():
    """The heading says "ammount"."""
    return table(three_rows()).replace("amount", "ammount", 1)


def column_twice():
    """Two columns are called amount."""
    heading, *lines = table(three_rows()).splitlines()
    return "\n".join([heading + ",amount", *(line + ",1.00" for line in lines)]) + "\n"


def broken_utf8():
    """A byte in the second name was lost."""
    return table(three_rows()).encode().replace("Даритель 2".encode(), "Даритель 2".encode()[:-4] + b"\xd1 2")


def nul_bytes():
    """A NUL in a name, and a run of them where the disk had no data."""
    return table(three_rows()).encode().replace("Даритель 1".encode(), "Даритель".encode() + b"\x00" + b"1") + b"\x00" * 64


def open_quote():
    """The quote before the second name is never closed."""
    return table(three_rows()).replace("Даритель 2", '"Даритель 2')


def ragged():
    """Row 3 lacks its last three cells, row 4 has two too many; rows 2 and 5 are right."""
    lines = table([row(1), row(2), row(3), row(4)]).splitlines()
    lines[2] = ",".join(lines[2].split(",")[:-3])
    lines[3] += ",и ещё,и ещё"
    return "\n".join(lines) + "\n"


def unknown_codes():
    """One unknown code in each row; in row 7 the codes are right and merely in capitals."""
    return table(
        [
            row(1, contest="district"),
            row(2, kind="gift"),
            row(3, counterparty_type="person"),
            row(4, counterparty_id="12345"),
            row(5, counterparty_type=""),
            row(6, contest="SINGLE_MANDATE", kind="Donation", counterparty_type="Individual"),
        ]
    )


def bad_amounts():
    """Every accepted form of an amount, then every refused one; the description says which."""
    accepted = [
        *("7000000", "7000000.5", "7000000.50", "7000000,50", "7 000 000,00", "7 000 000.00"),
        *("7\u00a0000\u00a0000,00", "7\u2009000\u2009000,00", "7\u202f000\u202f000,00", "  7000000  "),
        *("7000000 KZT", "7000000 тг", "7000000,5 тенге", "7 000 000 ₸"),
    ]
    refused = ["1e6", "10.505", "7,000,000", "1.000,50", "7 528 43,00", "-5", "", "0.00", "семь миллионов", "70 00 000", "7000000 USD"]
    rows = [
        row(number, contest="party_list", contestant_id="PL-07", amount=amount, description="accepted")
        for number, amount in enumerate(accepted, 1)
    ]
    start = len(rows) + 1
    rows += [
        row(number, contest="party_list", contestant_id="PL-07", amount=amount, description="refused")
        for number, amount in enumerate(refused, start)
    ]
    return table(rows)


def bad_dates():
    """Two accepted forms of a date, then refused ones."""
    accepted, refused = (
        ["2023-02-18", "18.02.2023"],
        ["02/18/2023", "2023-02-30", "31.04.2023", "18.02.23", "2023-2-8", "18 февраля 2023", ""],
    )
    rows = [row(number, date=day, description="accepted") for number, day in enumerate(accepted, 1)]
    return table(rows + [row(number, date=day, description="refused") for number, day in enumerate(refused, len(rows) + 1)])


def semicolons_cp1251():
    """As a Russian Excel saves it: semicolons, decimal comma, grouped thousands, Windows-1251, CRLF."""
    rows = [
        row(1, date="18.02.2023", amount="7\u00a0000\u00a0000,00"),
        row(2, date="01.03.2023", amount="12500,50"),
        row(3, counterparty_name='ТОО "Ромашка; и Ко"'),
    ]
    return table(rows, separator=";", line_end="\r\n").encode("cp1251")


def line_break_in_quotes():
    """The description of row 2 goes over two lines; the next record is still row 3."""
    return table([row(1, description="Пожертвование\nна предвыборную кампанию"), row(2, amount="1.000,50"), row(3)])


FILES = {
    "empty.csv": lambda: "",
    "heading_only.csv": lambda: table([]),
    "missing_amount_column.csv": missing_amount_column,
    "column_twice.csv": column_twice,
    "broken_utf8.csv": broken_utf8,
    "nul_bytes.csv": nul_bytes,
    "open_quote.csv": open_quote,
    "ragged.csv": ragged,
    "unknown_codes.csv": unknown_codes,
    "bad_amounts.csv": bad_amounts,
    "bad_dates.csv": bad_dates,
    "cr_line_ends.csv": lambda: table(three_rows(), line_end="\r"),
    "semicolons_cp1251.csv": semicolons_cp1251,
    "line_break_in_quotes.csv": line_break_in_quotes,
}


def main():
    """Writes all files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        content = make()
        (FOLDER / name).write_bytes(content if isinstance(content, bytes) else content.encode())


if __name__ == "__main__":
    main()
