"""Passes over the inbox that are killed at random moments, and whether every file was then dealt with once, as without the kills.

python tests/faults.py [KILLS [FILINGS [SEED [DATABASE URL]]]]     make faults KILLS=200 FILINGS=1000

With a URL the database must be empty; the passes that nothing disturbs always go by SQLite.
"""

import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from auditor.inbox import commission_tables
from auditor.inbox.settings import load as settings_of
from auditor.register import arrivals, database
from auditor.register.checkup import checkup
from auditor.register.home import Home, make
from auditor.register.schema import arrival, filing, finding, outbox, result

ROOT = Path(__file__).parent.parent
NOW = "2023-03-25T12:00:00+06:00"
ELECTION = "kz-majilis-2023"
HEADING = "contestant_id,contest,report_id,report_type,period_start,period_end,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
DONORS = ("900101300017", "850202400017", "780214301002")
SETTINGS = """\
lang: en
settle_seconds: 0
commission: [commission@example.org]
contestants: {SM-0001: first@example.org, SM-0002: second@example.org}
mail: {host: 127.0.0.1, port: 1, sender: audit@example.org}
"""
BROKEN = (
    b"",
    bytes(range(256)) * 4,
    b"PK\x03\x04 no archive",
    b"contestant_id,contest\nSM-0001,single_mandate\n",
    HEADING.encode() + "SM-9999,single_mandate,R,final,2023-02-18,2023-03-19,2023-03-01,donation,5,individual,,Донор\n".encode(),
)


@dataclass(frozen=True)
class Dropped:
    """A file for the inbox, and of what kind it is."""

    name: str
    content: bytes
    kind: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Kills:
    """How often a pass was killed, how often it came to its end first, and what had been done when it was killed."""

    killed: int = 0
    ended: int = 0
    caught: Counter = field(default_factory=Counter)


def report(cid: str, version: int, chance: random.Random) -> bytes:
    """A small final report; some gifts are above the cap, in some versions, and some lines cannot be read."""
    gifts = [
        (chance.choice(("5000000", "7000000.01", "8000000", "1200000.50", "x")), chance.choice(DONORS)) for _ in range(chance.randint(1, 4))
    ]
    said = [
        f"{cid},single_mandate,R{version},final,2023-02-18,2023-03-19,2023-03-{n:02},donation,{amount},individual,{donor},Донор {donor[-2:]}"
        for n, (amount, donor) in enumerate(gifts, 1)
    ]
    return (HEADING + "\n".join(said) + "\n").encode()


def filings(number: int, seed: int) -> list[Dropped]:
    """So many files, in the order in which they are dropped: first reports, later versions, copies of what was dropped, broken ones."""
    chance = random.Random(seed)
    files: list[Dropped] = []
    versions: dict[str, int] = {}
    for n in range(number):
        kind = chance.choices(("first", "version", "copy", "broken"), (60, 18, 12, 10))[0] if versions else "first"
        if kind == "copy":
            content = chance.choice(files).content
        elif kind == "broken":
            content = chance.choice(BROKEN)
        else:
            cid = f"SM-{len(versions) + 1:04}" if kind == "first" else chance.choice(sorted(versions))
            versions[cid] = versions.get(cid, 0) + 1
            content = report(cid, versions[cid], chance)
        files.append(Dropped(f"{n:05}{'.xlsx' if content[:2] == b'PK' else '.csv'}", content, kind))
    return files


def register(folder: Path, contestants: int, url: str | None = None) -> Home:
    """An empty register that knows so many contestants."""
    home = make(folder, url)
    database.upgrade(home.engine)
    (folder / "register.yaml").write_text(SETTINGS, encoding="utf-8")
    people = folder.parent / f"{folder.name}-people" / "contestants.csv"
    people.parent.mkdir()
    rows = [f"SM-{n:04},single_mandate,Кандидат {n},2023-02-14,registered" for n in range(1, contestants + 1)]
    people.write_text("contestant_id,contest,name,registered_on,status\n" + "\n".join(rows) + "\n", encoding="utf-8")
    from datetime import datetime

    commission_tables.take(home, settings_of(folder), [people], datetime.fromisoformat(NOW), "faults")
    return home


def drop(home: Home, one: Dropped) -> None:
    """Put a file into the inbox, whole at once, as a careful sender does."""
    coming = home.inbox / f".{one.name}.part"
    coming.write_bytes(one.content)
    coming.replace(home.inbox / one.name)


def start(home: Home, url: str | None = None) -> subprocess.Popen:
    """A pass in a process of its own."""
    command = [sys.executable, "-m", "auditor.cli.main", "inbox", "run", "--no-pdf", "--now", NOW, "--home", str(home.folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.Popen(
        command + (["--database", url] if url else []), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )


def to_the_end(home: Home, url: str | None = None) -> None:
    """A pass that nothing disturbs. Raises AssertionError for one that ends otherwise than a pass may."""
    process = start(home, url)
    said, wrong = process.communicate()
    assert process.returncode in (0, 1), (process.returncode, said, wrong)
    assert wrong == "", wrong


def where(home: Home) -> str:
    """What the register says of the work that was stopped."""
    with home.engine.begin() as connection:
        rows = connection.execute(select(arrival.c.id, arrival.c.state, arrival.c.moved, arrival.c.attempts)).all()
        told = {row[0] for row in connection.execute(select(filing.c.arrival))}
    if any(row.state == "checked" for row in rows):
        return "before reports were written"
    if any(row.state != "stored" and not row.moved for row in rows):
        return "before files were moved"
    waiting = [row for row in rows if row.state == "stored"]
    if any(row.attempts and row.id not in told for row in waiting):
        return "while a file was read"
    if any(row.id not in told for row in waiting):
        return "before files were read"
    if waiting:
        return "during the check"
    return "before files were taken in" if any(home.inbox.iterdir()) else "when nothing was left to do"


def finished(home: Home) -> int:
    """How many files are done with."""
    with home.engine.begin() as connection:
        return int(connection.execute(select(func.count()).where(arrival.c.state.in_(("done", "quarantined")))).scalar() or 0)


def disturbed(home: Home, files: list[Dropped], kills: int, seed: int, url: str | None = None) -> Kills:
    """Drop the files over time while passes are started and killed, then let passes come to their end."""
    chance = random.Random(seed)
    made, rest, done = Kills(), list(files), 0
    begun = time.monotonic()
    to_the_end(home, url)
    shortest = time.monotonic() - begun  # with nothing to do, on this machine as busy as it is
    longest = 2 * shortest
    while made.killed < kills:
        share = len(rest) / max(1, kills - made.killed)
        for _ in range(round(chance.uniform(0, 2 * share))):
            if rest:
                drop(home, rest.pop(0))
        begun = time.monotonic()
        process = start(home, url)
        until = begun + chance.uniform(0.3 * shortest, longest)
        while time.monotonic() < until and process.poll() is None:
            time.sleep(min(0.01, max(0.0, until - time.monotonic())))
            if rest and chance.random() < 0.002:
                drop(home, rest.pop(0))  # while the pass is at work
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            made.killed += 1
            made.caught[where(home)] += 1
            before, done = done, finished(home)
            # Killed too early again and again, a healthy file would be taken for one that ends the program.
            longest = min(longest * (1.02 if done > before else 1.3), 40 * shortest)
            continue
        said, wrong = process.communicate()
        assert process.returncode in (0, 1), (process.returncode, said, wrong)
        assert wrong == "", wrong
        made.ended += 1
        shortest = min(shortest, time.monotonic() - begun)  # the machine may be less busy by now
        longest = max(longest * 0.93, 1.3 * shortest)
    for one in rest:
        drop(home, one)
    to_the_end(home, url)
    return made


def wrong(home: Home, files: list[Dropped]) -> list[str]:
    """A sentence for everything that is not as it should be after all passes."""
    found: list[str] = []

    def must(good: object, sentence: str) -> None:
        if not good:
            found.append(sentence)

    with home.engine.begin() as connection:
        every = arrivals.in_state(connection, ELECTION, "stored", "checked", "done", "quarantined")
        queued = [row[0] for row in connection.execute(select(outbox.c.occasion))]
        versions = connection.execute(
            select(filing.c.contestant_id, func.count(), func.max(filing.c.version), func.min(filing.c.version)).group_by(
                filing.c.contestant_id
            )
        ).all()
    must(Counter(one.name for one in every) == Counter(one.name for one in files), "not every file is recorded exactly once")
    must({one.name: one.sha256 for one in every} == {one.name: one.sha256 for one in files}, "bytes are not those that were dropped")
    must(all(one.state in ("done", "quarantined") for one in every), "some files are neither done nor in quarantine")
    must(not any(path.is_file() for path in home.inbox.rglob("*")), "something is left in the inbox")
    lying = {folder: {path.name for path in folder.iterdir()} for folder in (home.done, home.quarantine)}
    expected = {home.done: set(), home.quarantine: set()}
    for one in every:
        folder = home.done if one.state == "done" else home.quarantine
        expected[folder] |= {one.label, f"{one.label}.txt"}
        content = (folder / one.label).read_bytes() if one.label in lying[folder] else b""
        must(hashlib.sha256(content).hexdigest() == one.sha256, f"{one.label}: the moved file has other bytes")
        note = folder / f"{one.label}.txt"
        must(note.exists() and one.sha256 in note.read_text(encoding="utf-8"), f"{one.label}: no whole note")
        must(hashlib.sha256(home.store.get(one.sha256)).hexdigest() == one.sha256, f"{one.label}: the original is not in the store")
    must(lying == expected, f"done/ and quarantine/ hold other files: {lying[home.done] ^ expected[home.done]}")
    must(set(home.store.all()) >= {one.sha256 for one in files}, "an original is missing in the store")
    for cid, count, last, first in versions:
        must((first, last) == (1, count), f"{cid}: versions {first} to {last} in {count} filings")
    must(len(queued) == len(set(queued)), "an occasion is twice in the outbox")
    for one in every:
        told = [occasion for occasion in queued if occasion.startswith(f"quarantined {one.id} ")]
        must(len(told) == (one.state == "quarantined"), f"{one.label}: {len(told)} notices of quarantine")
    must(not (faults := checkup(home).faults), f"audit db check: {faults}")
    left = [path for path in home.folder.rglob("*") if path.is_file() and re.search(r"^\.(?!lock$)|\.(new|tmp|part)$", path.name)]
    must(not left, f"temporary files are left: {left[:3]}")
    return found


def outcome(home: Home) -> dict[str, object]:
    """What passes leave behind, as far as it must not depend on when they were stopped."""
    with home.engine.begin() as connection:
        every = arrivals.in_state(connection, ELECTION, "stored", "checked", "done", "quarantined")
        open_ = connection.execute(select(finding.c.key, finding.c.told).where(finding.c.open == 1).order_by(finding.c.key)).all()
        last = select(result.c.contestant_id, func.max(result.c.run).label("run")).group_by(result.c.contestant_id).subquery()
        told = connection.execute(
            select(result.c.contestant_id, result.c.made_from, result.c.sha256, result.c.problems)
            .join(last, (last.c.run == result.c.run) & (last.c.contestant_id == result.c.contestant_id))
            .order_by(result.c.contestant_id)
        ).all()
    return {
        "arrivals": [(one.id, one.name, one.sha256, one.state, one.reason, dict(one.whose)) for one in every],
        "findings": [tuple(row) for row in open_],
        "answers": [tuple(row) for row in told],
        "reports": {
            path.relative_to(home.reports).as_posix(): path.read_bytes() for path in sorted(home.reports.rglob("*")) if path.is_file()
        },
        "done": sorted(path.name for path in home.done.iterdir()),
        "quarantine": sorted(path.name for path in home.quarantine.iterdir()),
    }


def differences(one: dict[str, object], other: dict[str, object]) -> list[str]:
    """What is not the same in two outcomes."""
    found = []
    for part in one:
        if one[part] == other[part]:
            continue
        if isinstance(one[part], dict):
            first, second = one[part], other[part]
            names = [name for name in sorted({*first, *second}) if first.get(name) != second.get(name)]
        else:
            names = [str(each)[:300] for each in one[part] if each not in other[part]] + [
                str(each)[:300] for each in other[part] if each not in one[part]
            ]
        found.append(f"{part}: {len(names)} differ, first {names[:2]}")
    return found


def main(kills: int, number: int, seed: int, url: str | None) -> int:
    files = filings(number, seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.monotonic()
        home = register(folder / "killed", number, url)
        made = disturbed(home, files, kills, seed, url)
        seconds = time.monotonic() - begun
        faults = wrong(home, files)
        ended = outcome(home)
        to_the_end(home, url)
        faults += [f"a pass with nothing to do: {what}" for what in differences(ended, outcome(home))]
        quiet = register(folder / "quiet", number)
        for one in files:
            drop(quiet, one)
        to_the_end(quiet)
        faults += [f"undisturbed: {fault}" for fault in wrong(quiet, files)]
        faults += differences(outcome(home), outcome(quiet))
        with home.engine.begin() as connection:
            counted = arrivals.counts(connection, ELECTION)
            open_ = connection.execute(select(func.count()).select_from(finding).where(finding.c.open == 1)).scalar()
    for fault in faults:
        print(fault)
    for at, times in made.caught.most_common():
        print(f"  killed {at}: {times}")
    print(
        f"{made.killed} kills over {len(files):,} filings ({', '.join(f'{n:,} {kind}' for kind, n in Counter(one.kind for one in files).items())}) "
        f"in {seconds:.0f} s, seed {seed}: done {counted.get('done', 0):,}, quarantined {counted.get('quarantined', 0):,}, "
        f"{open_:,} findings, {made.ended} passes ended by themselves; {len(faults) or 'no'} faults"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    given = sys.argv[1:]
    numbers = [int(text.replace(",", "")) for text in given[:3]]
    sys.exit(main(*(numbers + [200, 1000, 20230319][len(numbers) :]), given[3] if len(given) > 3 else None))
