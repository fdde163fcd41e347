"""Passes over the inbox: 442 filings of 500 lines when all, one and none are new; then with 50,000 filings in the register.

python tests/benchmarks/inbox.py [FILINGS [LINES [REGISTERED [DATABASE URL]]]]

Reports are written as JSON, for drawing PDFs is measured by reports.py. With a URL the database must be empty.
"""

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from auditor.inbox import commission_tables, one_pass
from auditor.inbox.recording import books_of
from auditor.inbox.settings import Settings
from auditor.inbox.work import Work
from auditor.inbox.writing import Writing
from auditor.register import arrivals, database, runs
from auditor.register.home import make
from auditor.register.runs import Answer

NOW = datetime(2023, 3, 16, 6, tzinfo=UTC)
ELECTION = "kz-majilis-2023"
HEADING = "contestant_id,contest,report_id,report_type,period_start,period_end,date,kind,amount,counterparty_type,counterparty_name\n"


def filing(cid: str, version: int, lines: int) -> str:
    said = [
        f"{cid},single_mandate,{cid}-I1,interim,2023-02-18,2023-03-15,2023-03-{n % 15 + 1:02},donation,{10_000 + n + version}.00,individual,Донор {n}"
        for n in range(lines)
    ]
    return HEADING + "\n".join(said) + "\n"


def measured(home, settings, name: str) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    made = one_pass.run(Work(home, settings, NOW, lambda seconds: None, Writing(home.reports, pdf=False)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert not made.failed, made.failed[:1]
    assert not made.quarantined, made.quarantined[:1]
    print(f"{name}: {cpu:.2f} CPU s, {wall:.2f} s; taken in {made.taken}, checked {len(made.checked)}")


def register(home, settings, filings: int) -> None:
    """So many filings of other contestants, four each, checked before and unchanged."""
    content = b"an older filing, which nobody reads again"
    sha256, at = home.store.put(content), NOW.isoformat(timespec="seconds")
    whose = [f"OLD-{n // 4:05}" for n in range(filings)]
    with home.engine.begin() as connection:
        arrivals.set_contestants(connection, ELECTION, [{"contestant_id": cid} for cid in dict.fromkeys(whose)])
    for start in range(0, filings, 2000):
        with home.engine.begin() as connection:
            for n in range(start, min(start + 2000, filings)):
                one = arrivals.receive(connection, ELECTION, f"old-{n}.csv", f"old {n}", sha256, len(content), at, "benchmark", "benchmark")
                arrivals.belongs_to(connection, ELECTION, one.id, [whose[n]], None)
                arrivals.becomes(connection, one.id, "done", at, "benchmark")
                arrivals.moved(connection, one.id)
    books = books_of(Work(home, settings, NOW, lambda seconds: None, Writing(home.reports, pdf=False)))
    with home.engine.begin() as connection:
        answers = [Answer(cid, books.made_from(cid), [], frozenset(), 0) for cid in dict.fromkeys(whose)]
        runs.record(connection, ELECTION, at, books.law(NOW.date()), answers, "benchmark")


def main(filings: int, lines: int, registered: int, url: str | None) -> None:
    settings = Settings(lang="ru", settle_seconds=0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = make(folder / "home", url)
        database.upgrade(home.engine)
        print(f"{home.engine.dialect.name}, {filings} filings of {lines} lines")
        ids = [f"SM-{n:03}" for n in range(filings)]
        people = folder / "contestants.csv"
        people.write_text(
            "contestant_id,contest,name\n" + "".join(f"{cid},single_mandate,Кандидат {cid}\n" for cid in ids), encoding="utf-8"
        )
        commission_tables.take(home, settings, [people], NOW, "benchmark")
        for cid in ids:
            (home.inbox / f"{cid}.csv").write_text(filing(cid, 1, lines), encoding="utf-8")
        measured(home, settings, "all new")
        measured(home, settings, "none new")
        (home.inbox / "SM-000-2.csv").write_text(filing("SM-000", 2, lines), encoding="utf-8")
        measured(home, settings, "one new")
        extra = registered - filings
        if extra > 0:
            begun = time.perf_counter()
            register(home, settings, extra)
            print(f"{registered:,} filings in the register, put there in {time.perf_counter() - begun:.0f} s")
            measured(home, settings, "none new")
            (home.inbox / "SM-000-3.csv").write_text(filing("SM-000", 3, lines), encoding="utf-8")
            measured(home, settings, "one new")
        print(f"largest {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    given = sys.argv[1:]
    numbers = [int(text.replace(",", "")) for text in given[:3]]
    main(*(numbers + [442, 500, 50_000][len(numbers) :]), given[3] if len(given) > 3 else None)
