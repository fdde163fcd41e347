"""What detection costs: a CSV of a million rows read with everything told by the file against everything stated, and a workbook of
100,000 rows against polars.read_excel. Each measurement is a process of its own, in turns; CPU seconds and peak memory.

    python tests/benchmarks/reading.py [ROUNDS]
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CSV_ROWS, XLSX_ROWS = 1_000_000, 100_000
HEADING = ["contestant_id", "contest", "date", "kind", "amount", "counterparty_type", "counterparty_name", "counterparty_id", "description"]


def rows(count):
    r = random.Random(1)
    for n in range(count):
        day = f"2023-03-{r.randrange(1, 20):02}"
        yield [f"SM-{n % 400:03}", "single_mandate", day, "donation", f"{r.randrange(1, 9_000_000)}.{r.randrange(100):02}", "individual", f"Даритель {n % 50_000}", f"{n % 10**12:012}", "по договору"]  # fmt: skip


def make(folder):
    import xlsxwriter

    with (folder / "reports.csv").open("w", encoding="utf-8") as out:
        out.write(",".join(HEADING) + "\n")
        out.writelines(",".join(row) + "\n" for row in rows(CSV_ROWS))
    book = xlsxwriter.Workbook(str(folder / "reports.xlsx"), {"constant_memory": True})
    sheet = book.add_worksheet("reports")
    sheet.write_row(0, 0, HEADING)
    for at, row in enumerate(rows(XLSX_ROWS), start=1):
        for n, cell in enumerate(row):
            if n == 4:
                sheet.write_number(at, n, float(cell))
            else:
                sheet.write_string(at, n, cell)
    book.close()


def measured(way, folder):
    """In a process of its own: read one file one way."""
    import polars as pl

    from auditor import wording
    from auditor.read.formats import tables_of
    from auditor.read.instructions import Forms, Instructions, Stated
    from auditor.rulebook.load import load

    name = "reports.xlsx" if "xlsx" in way else "reports.csv"
    path, law = Path(folder) / name, load("kz/majilis-2023")
    stated = (
        Stated(encoding="utf-8", delimiter=",", heading_row=1, forms=Forms(decimal_mark=".", date_order="ymd"))
        if way == "csv, stated"
        else Stated()
    )
    import fastexcel  # noqa: F401 - imported before the clock, as polars does

    begun, wall = time.process_time(), time.monotonic()
    if way == "xlsx, polars.read_excel":
        height = pl.read_excel(path, engine="calamine", infer_schema_length=0).height
    else:
        (table,), *_ = tables_of(path, name, Instructions(law.headings, wording.load("en"), stated), "reports")
        height = table.frame.select(pl.all().count()).collect(engine="streaming").height and table.rows
    told = {
        "cpu": time.process_time() - begun,
        "wall": time.monotonic() - wall,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rows": height,
    }
    print(json.dumps(told))


def main(rounds=3):
    ways = ["csv, stated", "csv, told by the file", "xlsx, polars.read_excel", "xlsx, ours"]
    best = {}
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        for _ in range(rounds):
            for way in ways:
                done = subprocess.run([sys.executable, __file__, "--", way, folder], capture_output=True, text=True, check=True)
                told = json.loads(done.stdout)
                best[way] = min(best.get(way, told), told, key=lambda one: one["cpu"])
    for way in ways:
        print(
            f"{way:<26} {best[way]['rows']:>9,} rows  {best[way]['cpu']:6.2f} CPU s  {best[way]['wall']:6.2f} s  {best[way]['mb']:7.0f} MB"
        )
    print(
        f"detection: {best[ways[1]]['cpu'] / best[ways[0]]['cpu']:.2f} x (asked 1.3) · workbook: {best[ways[3]]['cpu'] / best[ways[2]]['cpu']:.2f} x (asked under 2)"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--"]:
        measured(*sys.argv[2:])
    else:
        main(*map(int, sys.argv[1:]))
