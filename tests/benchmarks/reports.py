"""Reports of all contestants: CPU per page and memory, beside WeasyPrint on the same pages with tables as it lays them out by default.

python tests/benchmarks/reports.py [REPORTS [BASELINE REPORTS]]
"""

import re
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import date
from multiprocessing import active_children
from pathlib import Path
from threading import Event, Thread

from auditor import wording
from auditor.publish import batch
from auditor.render.style import shipped
from auditor.rulebook.load import load
from auditor.workflow import Request, audit

DONORS, GIFTS = 12, 30
DEFAULT_TABLES = """
table { table-layout: auto !important; border-collapse: collapse !important }
td, th { white-space: normal !important; overflow: visible !important }
"""


def ledger(folder: Path, reports: int) -> None:
    """Contestants with twelve donors each who went over the cap in thirty gifts: about fifteen pages a report."""
    lines = ["contestant_id,contest,report_type,date,kind,amount,counterparty_type,counterparty_id,counterparty_name"]
    for n in range(reports):
        for donor in range(DONORS):
            name = f"Жұлдызтауов Әлібек Қайсарұлы {donor}"
            lines += [
                f"SM-{n:03},single_mandate,final,2023-03-{gift % 17 + 1:02},donation,{240000 + gift}.0{donor % 10},individual,,{name}"
                for gift in range(GIFTS)
            ]
    (folder / "reports.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def made(folder: Path):
    request = Request([str(folder)], date(2023, 4, 15), select=["DON", "SRC", "FND", "EXP"], for_report=True)
    return audit(request, load("kz/majilis-2023"), wording.load("kk"))


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


class Largest(Thread):
    """The most memory that any worker held, in MB. What the system says of ended processes counts the parent's memory before they began."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb, self.over = 0, Event()

    def run(self) -> None:
        while not self.over.wait(0.25):
            for process in active_children():
                with suppress(OSError):  # it has just ended
                    held = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text(encoding="ascii"))
                    self.mb = max(self.mb, int(held[1]) // 1024 if held else 0)


def ours(reports: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name), Path(name) / "out"
        out.mkdir()
        ledger(folder, reports)
        begun = time.perf_counter()
        whole = made(folder)
        checked = time.perf_counter() - begun
        style = shipped("kk")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        largest = Largest()
        largest.start()
        begun = time.perf_counter()
        outcomes = list(batch.run(batch.planned(whole, style), out, "kk", style, 2, write))
        wall = time.perf_counter() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        largest.over.set()
        assert not [one for one in outcomes if one.failed], "every report is drawn"
        pages = sum(one.written.pages for one in outcomes)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"audit of {reports} contestants {checked:.1f} s")
        print(f"ours: {reports} reports, {pages:,} pages, {wall:.0f} s wall, {cpu:.0f} CPU s, {cpu / pages * 1000:.0f} CPU ms a page, "
              f"largest worker {largest.mb} MB")  # fmt: skip
        begun = time.perf_counter()
        assert not any(one.drawn for one in batch.run(batch.planned(whole, style), out, "kk", style, 2, write))
        print(f"again, nothing changed: {time.perf_counter() - begun:.1f} s")


def baseline(reports: int) -> None:
    """WeasyPrint alone, one process, the same pages and standard, tables as it lays them out where nobody says otherwise."""
    from weasyprint import HTML

    from auditor.render import html, pdf
    from auditor.render.split import only

    pdf._page_type = lambda: HTML

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger(folder, reports)
        whole = made(folder)
        words, style = wording.load("kk"), shipped("kk")
        used = pages = 0.0
        for one in whole.contestants:
            part = only(whole, one.contestant_id)
            page = re.sub(r"<col(?:group)?[^>]*>|</colgroup>", "", html.page(part, words, style))
            page = page.replace("</head>", f"<style>{DEFAULT_TABLES}</style></head>")
            begun = time.process_time()
            content = pdf.typeset(page, style)
            used += time.process_time() - begun
            import io

            import pikepdf

            with pikepdf.open(io.BytesIO(content)) as opened:
                pages += len(opened.pages)
        print(f"tables by default: {reports} reports, {pages:.0f} pages, {used / pages * 1000:.0f} CPU ms a page, "
              f"{used / reports:.2f} CPU s a report")  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["baseline"]:
        baseline(int(sys.argv[2]))
    else:
        number = int(sys.argv[1]) if len(sys.argv) > 1 else 442
        ours(number)
        subprocess.run([sys.executable, __file__, "baseline", sys.argv[2] if len(sys.argv) > 2 else "8"], check=True)
