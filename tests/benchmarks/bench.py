"""`make bench`: what an audit costs beside a plain Polars scan, and beside DuckDB running the same statements.

All processes of one run read the same file. CPU is user + system; peak is the largest resident size of the process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023" / "reports.csv"
PLAIN = "import polars, sys; polars.scan_csv(sys.argv[1]).collect()"
IMPORTS = "import polars, pandera.polars"
# What is judged from other tables, or is a lead: DuckDB has no part in some of it.
NOT_ABOUT_SUMS = ("LED", "RPT", "BNK", "REG", "EXP-005", "EXP-006")


def measure(*command: str) -> tuple[float, float, float]:
    """CPU s, wall s and peak MB of one process; its output goes to nowhere."""
    before = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - before
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: {process.stderr.read().decode() if process.stderr else ''}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def median(runs: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """The run with the median CPU time."""
    return sorted(runs)[len(runs) // 2]


def show(name: str, figures: tuple[float, float, float], base: tuple[float, float, float] | None = None) -> None:
    cpu, wall, peak = figures
    ratio = f"   {cpu / base[0]:5.2f} × CPU" if base else ""
    print(f"  {name:<44} {cpu:8.2f} CPU s {wall:8.2f} s {peak:8.0f} MB{ratio}", flush=True)


def small() -> None:
    print("Sample (median of 7)")
    audit = [sys.executable, "-m", "auditor.cli.main"]
    imports = median([measure(sys.executable, "-c", IMPORTS) for _ in range(7)])
    show(f'python -c "{IMPORTS}"', imports)
    show("audit check sample --format json", median([measure(*audit, "check", str(SAMPLE), "--format", "json") for _ in range(7)]), imports)
    show("audit --help", median([measure(*audit, "--help") for _ in range(7)]), imports)


def large(rows: int, folder: Path) -> None:
    subprocess.run([sys.executable, str(HERE / "make_ledger.py"), str(rows), str(folder)], check=True, stdout=subprocess.DEVNULL)
    ledger = folder / "reports.csv"
    print(f"{rows:,} rows, {ledger.stat().st_size / 1e9:.2f} GB")
    measure(sys.executable, "-c", PLAIN, str(ledger))  # the file is in the page cache for everyone
    plain = measure(sys.executable, "-c", PLAIN, str(ledger))
    show("polars.scan_csv(...).collect()", plain)
    for name, left_out in (("rules about sums", NOT_ABOUT_SUMS), ("all rules", ())):
        ignored = [word for prefix in left_out for word in ("--ignore", prefix)]
        command = (sys.executable, "-m", "auditor.cli.main", "check", str(ledger), "--format", "json", "--as-of", "2023-04-15", *ignored)
        ours = measure(*command)
        show(f"audit check --format json, {name}", ours, plain)
        duck = measure(sys.executable, str(HERE / "on_duckdb.py"), str(ledger), *left_out)
        show("their statements on DuckDB, from the text", duck, plain)
        print(
            json.dumps(
                {
                    "rows": rows,
                    "rules": name,
                    "cpu_to_plain": round(ours[0] / plain[0], 2),
                    "cpu_to_duckdb": round(ours[0] / duck[0], 2),
                    "peak_mb": round(ours[2]),
                }
            ),
            flush=True,
        )


def main() -> None:
    small()
    for rows in [int(word) for word in sys.argv[1:]] or [1_000_000, 10_000_000]:
        with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
            large(rows, Path(folder))


if __name__ == "__main__":
    main()
