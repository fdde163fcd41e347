"""`make bench`: what an audit costs beside a plain Polars scan, and beside DuckDB running the same statements.

All processes of one run read the same file. CPU is user + system, and the part of the system is shown beside; peak is the largest resident
size of the process. The plain scan asks the system for 6 GB of memory: on a virtual machine whose host takes back what is not used, that
costs it two or three times as much at one time as at another. So it is measured before, between and after, and the median is the base.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SAMPLE = ROOT / "sample_data" / "majilis-2023" / "reports.csv"
PLAIN = "import polars, sys; polars.scan_csv(sys.argv[1]).collect()"
IMPORTS = "import polars, pandera.polars"
# What is judged from other tables, or is a lead: DuckDB has no part in some of it.
NOT_ABOUT_SUMS = ("LED", "RPT", "BNK", "REG", "EXP-005", "EXP-006")


class Used(NamedTuple):
    """What one process took: CPU s, those of them in the system, wall s, and peak MB."""

    cpu: float
    system: float
    wall: float
    peak: float


def measure(*command: str) -> Used:
    """One process; its output goes to nowhere."""
    before = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - before
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: {process.stderr.read().decode() if process.stderr else ''}")
    return Used(used.ru_utime + used.ru_stime, used.ru_stime, wall, used.ru_maxrss / 1024)


def median(runs: list[Used]) -> Used:
    """The run with the median CPU time."""
    return sorted(runs)[len(runs) // 2]


def show(name: str, used: Used, base: Used | None = None) -> None:
    ratio = f"   {used.cpu / base.cpu:5.2f} × CPU" if base else ""
    print(f"  {name:<44} {used.cpu:8.2f} CPU s ({used.system:5.2f}) {used.wall:8.2f} s {used.peak:8.0f} MB{ratio}", flush=True)


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
    plains = [measure(sys.executable, "-c", PLAIN, str(ledger))]
    taken: list[tuple[str, Used, Used]] = []
    for name, left_out in (("rules about sums", NOT_ABOUT_SUMS), ("all rules", ())):
        ignored = [word for prefix in left_out for word in ("--ignore", prefix)]
        command = (sys.executable, "-m", "auditor.cli.main", "check", str(ledger), "--format", "json", "--as-of", "2023-04-15", *ignored)
        ours = measure(*command)
        plains.append(measure(sys.executable, "-c", PLAIN, str(ledger)))
        taken.append((name, ours, measure(sys.executable, str(HERE / "on_duckdb.py"), str(ledger), *left_out)))
    plain = median(plains)
    for one in plains:
        show("polars.scan_csv(...).collect()", one, plain)
    for name, ours, duck in taken:
        show(f"audit check --format json, {name}", ours, plain)
        show("their statements on DuckDB, from the text", duck, plain)
        ratios = {"cpu_to_plain": round(ours.cpu / plain.cpu, 2), "cpu_to_duckdb": round(ours.cpu / duck.cpu, 2)}
        print(json.dumps({"rows": rows, "rules": name, **ratios, "peak_mb": round(ours.peak)}), flush=True)


def main() -> None:
    small()
    for rows in [int(word) for word in sys.argv[1:]] or [1_000_000, 10_000_000]:
        with tempfile.TemporaryDirectory(prefix="audit-bench-") as folder:
            large(rows, Path(folder))


if __name__ == "__main__":
    main()
